"""The verb that shows what was observed and which questions it resolves: records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import All, AsJson, Name, Variant

Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the events to a CSV file, in the format of all events."),
]


def records(
    name: Name, csv: Csv = None, variant: Variant = None, as_json: AsJson = False, everything: All = False
) -> None:
    """Show what was observed and which questions it resolves."""
    with errors_reported(as_json=as_json):
        from standoff import records as room
        from standoff.ensemble import plain_text
        from standoff.errors import UsageError
        from standoff.scenario import load

        scenario = load(name, variant=variant)
        made = room.record(scenario)
        if csv is not None:
            try:
                plain_text(room.table(scenario)).write_csv(csv.absolute())
            except OSError as error:
                raise UsageError(f"cannot write '{csv}': {error.strerror or error}") from None
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(), everything=everything)
