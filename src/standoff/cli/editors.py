"""The verb that serves an editor: lsp."""

from __future__ import annotations

from standoff.cli.refusals import errors_reported


def lsp() -> None:
    """Serve an editor: faults as you type, meanings, names.

    It speaks the Language Server Protocol on standard input and output.
    """
    from standoff.errors import UsageError

    with errors_reported():
        try:
            from standoff.editor import serve
        except ImportError:
            raise UsageError("this needs the extra `editor`: pip install 'standoff[editor]'") from None
        serve()
