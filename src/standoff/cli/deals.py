"""The verb that shows who would accept which deal: deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Folder
from standoff.cli.scenarios import AsJson
from standoff.numerals import many, percent_with_interval, plus_or_minus, signed, with_seed

if TYPE_CHECKING:
    from standoff.analysis.answers import Deals, Gain, Portion


def deals(folder: Folder, as_json: AsJson = False) -> None:
    """Show who would accept which deal, and when."""
    with errors_reported(as_json=as_json):
        from standoff import analysis

        made = analysis.deals(folder)
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _print(made: Deals) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    runs = with_seed(many(made.runs, "run"), made.sampler, made.seed)
    heading = f"{made.scenario}: who would accept what, in {runs}"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    for one in made.deals:
        dates = [day.isoformat() for day in one.dates]
        holds = "is" if len(one.after) == 1 else "are"
        after = f", once {' and '.join(one.after)} {holds} in force" if one.after else ""
        columns = ("gains by it", *dates, "median gain")
        table = new_table(f"{one.deal}{after}", columns, right=(*dates, "median gain"), whole=("gains by it",))
        for party in one.parties:
            name = one_line(party.name) if party.must_agree else f"{one_line(party.name)} [dim](not asked)[/dim]"
            first, last = party.gains[0], party.gains[-1]
            middle = f"{_number(first)} → {_number(last)}"
            table.add_row(name, *(_portion(gain.accepts) for gain in party.gains), middle)
        table.add_row("[bold]all that must agree[/bold]", *map(_portion, one.together), "")
        table.add_row("[bold]in force[/bold]", *map(_portion, one.in_force), "")
        console.print(table)
    console.print(
        "gains by it: share of the runs without the deal on that date, with its 95% interval; median gain: on the "
        "first and the last date, ± half its 95% interval, on the party's own scale", style="dim",
    )  # fmt: skip


def _portion(of: Portion) -> str:
    if of.share is None or of.low is None or of.high is None:
        return "-"
    return percent_with_interval(of.share, of.low, of.high)


def _number(gain: Gain) -> str:
    if gain.median is None:
        return "-"
    if gain.median_low is None or gain.median_high is None:
        return signed(gain.median)
    return plus_or_minus(gain.median, (gain.median_high - gain.median_low) / 2)
