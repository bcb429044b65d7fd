"""The verb that shows who would accept which deal: deals."""

from __future__ import annotations

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Folder
from standoff.cli.scenarios import All, AsJson


def deals(folder: Folder, as_json: AsJson = False, everything: All = False) -> None:
    """Show who would accept which deal, and when."""
    with errors_reported(as_json=as_json):
        from standoff import analysis

        made = analysis.deals(folder)
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(), everything=everything)
