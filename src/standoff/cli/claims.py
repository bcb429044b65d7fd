"""The verb that tests what the sources say causes what: claims."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import fraction, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import alike, many, with_interval, with_seed

if TYPE_CHECKING:
    from standoff.analysis.effects import ClaimFinding, Claims

FEW = 12
"""Up to this many claims are described in words; beyond it, only those that do not hold."""

MARKS = {
    "holds": "[green]holds[/green]",
    "reversed": "[bold red]reversed[/bold red]",
    "not distinguishable": "[dim]not distinguishable[/dim]",
}


def claims(
    name: Name,
    only: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Only these; all if none is named.")
    ] = None,
    runs: Annotated[int, whole(100, "Largest number of pairs of runs for each claim.")] = 1600,
    error: Annotated[float, fraction("P", "Probability that a claim without any effect gets a verdict.")] = 0.01,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
) -> None:
    """Test the claims of the sources against the model.

    Verdicts: holds (the effect goes the way the source says), reversed (it goes the other way), not distinguishable
    (not decided within --runs).
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        check_into(into, scenario)
        count = len(only or scenario.document.claims)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, count, of="claims")
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = analysis.try_claims(
                scenario, seed=seed, error=error, at_most=runs, only=only or (), progress=tell, **workers
            )
        keep_in(into, "claims.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _print(made: Claims) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    found = [str(one.verdict) for one in made.claims]
    counts = ", ".join(f"{found.count(verdict)} {verdict}" for verdict in MARKS)
    heading = f"{made.scenario}: of {many(len(found), 'claim')} {counts}"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    right = ("effect", "interval", "pairs")
    table = new_table("", ("claim", "mechanism", "verdict", *right, "unit"), right=right, whole=("claim", "verdict"))
    for one in made.claims:
        table.add_row(*_row(one))
    console.print(table)
    pairs = with_seed("pairs of runs", "coupled", made.seed)
    console.print(
        f"effect: of the cause alone, in {pairs}, which share their random numbers; where there is none, a verdict is "
        f"reached with probability {made.error:g} at most", style="dim",
    )  # fmt: skip
    few = len(made.claims) <= FEW
    for one in made.claims:
        if few or one.verdict != "holds":
            console.print(_told(one), soft_wrap=True)


def _row(one: ClaimFinding) -> list[str]:
    from standoff.cli.layout import one_line

    effect, *ends = alike(one.effect, one.low, one.high, plus=True)
    numbers = (effect, " to ".join(ends), f"{one.runs:,}")
    return [one_line(one.id), one_line(" ".join(one.mechanism)), MARKS[one.verdict], *numbers, one_line(one.unit or "")]


def _told(one: ClaimFinding) -> str:
    """A claim in words: what the source says, how it was tested, and what selection says."""
    from standoff.cli.layout import one_line

    hedge = f' ("{one.hedge}")' if one.hedge else ""
    evidence = f" [{', '.join(one.evidence)}]" if one.evidence else ""
    lines = [
        f"\n[bold]{one_line(one.id)}[/bold] {MARKS[one.verdict]}: {one_line(one.says + hedge + evidence)}",
        f"  cause: {one_line(one.cause)}",
        f"  effect: {one_line(one.expect)}",
    ]
    if one.against:
        lines.append(f"  against: {one_line(', '.join(one.against))}")
    if one.selection is not None:
        lines.append(f"  {one_line(_selected(one))}")
    return "\n".join(lines)


def _selected(one: ClaimFinding) -> str:
    found = one.selection
    if found is None:
        return ""
    counts = f"{many(found.with_runs, 'run')} with it, {found.without_runs:,} without"
    low, high = found.low, found.high
    if found.effect is None or low is None or high is None:
        return f"given {found.given}: too few runs to select from ({counts})"
    return (
        f"given {found.given}: by selection {with_interval(found.effect, low, high, plus=True)} "
        f"({counts}), by intervention {with_interval(one.effect, one.low, one.high, plus=True)}"
    )
