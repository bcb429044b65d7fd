"""The verb that shows what was observed and which questions it resolves: records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson, Name, Variant
from standoff.numerals import many

if TYPE_CHECKING:
    from standoff.records import Event, Record

Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the events to a CSV file, in the format of all events."),
]
AGREES = {True: "[green]agrees[/green]", False: "[red]disagrees[/red]", None: ""}


def records(name: Name, csv: Csv = None, variant: Variant = None, as_json: AsJson = False) -> None:
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
    _print(made)


def _print(made: Record) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    events = new_table(f"{one_line(made.scenario)}: what was observed", ("date", "event", "evidence"), whole=("date",))
    for one in made.events:
        against = [f"against it: {at}" for at in one.contradicted_by]
        events.add_row(_days(one), _told(one), one_line(", ".join([*one.evidence, *against])))
    console.print(events)
    columns = ("question", "on the record", "by", "outcome given", "")
    table = new_table("Questions that the record resolves", columns, whole=("on the record", "outcome given", ""))
    for asked in made.questions:
        question = f"{one_line(asked.ask)} [dim]{one_line(asked.question)}[/dim]"
        by = asked.by if len(asked.by) <= 4 else (*asked.by[:4], f"… ({len(asked.by)} in all)")
        cells = (asked.answer, one_line(", ".join(by)), asked.outcome or "")
        table.add_row(question, *cells, AGREES[asked.agrees])
    console.print(table)
    if made.open:
        asks = "asks" if len(made.open) == 1 else "ask"
        console.print(
            f"The record does not resolve {many(len(made.open), 'other question')}, which {asks} about more than "
            f"events and who held what: {', '.join(made.open)}", style="dim", markup=False,
        )  # fmt: skip


def _days(one: Event) -> str:
    return one.at if one.until is None else f"{one.at} to\n{one.until}"


def _told(one: Event) -> str:
    from standoff.cli.layout import one_line

    times = f"{one.times} × " if one.times > 1 else ""
    about = f"\n[dim]{one_line(one.about)}[/dim]" if one.about is not None else ""
    return f"[bold]{one_line(one.name)}[/bold]  {times}{one_line(one.event)}{about}"
