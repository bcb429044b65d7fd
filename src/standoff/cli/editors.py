"""The verb that serves an editor: lsp."""

from __future__ import annotations

from standoff.cli.refusals import errors_reported


def lsp() -> None:
    """Help an editor while you write: faults, completion, meanings, new names (Language Server Protocol on stdio)."""
    from standoff.errors import UsageError

    with errors_reported():
        try:
            from standoff.editor import serve
        except ImportError:
            raise UsageError("this needs the extra `editor`: pip install 'standoff[editor]'") from None
        serve()
