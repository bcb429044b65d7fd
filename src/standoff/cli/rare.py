"""The verb that asks how likely a rare outcome is: rare."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import figure, many, with_seed

if TYPE_CHECKING:
    from standoff.analysis.rarity import Rare


def rare(
    name: Name,
    question: Annotated[str, typer.Option(help="The question to estimate.")],
    replicates: Annotated[
        int, whole(2, "Number of independent estimates; the answer is their mean.")
    ] = 10,
    particles: Annotated[int, whole(2, "Number of runs that each estimate carries at a time.")] = 200,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    into: Into = None,
    quiet: Quiet = False,
) -> None:
    """Estimate how likely a rare outcome is.

    Runs that come close to a yes are continued several times, each with a smaller weight.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        check_into(into, scenario)
        began = time.monotonic()
        shown = nullcontext() if as_json or quiet else progress(scenario.name, replicates)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = analysis.rare(
                scenario, question, replicates=replicates, particles=particles, seed=seed, progress=tell, **workers
            )
        seconds = time.monotonic() - began
        keep_in(into, "rare.json", made.to_json())
    if as_json:
        print_json(made.to_json())
    else:
        _print(made, seconds)


def _print(made: Rare, seconds: float) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    replicates = f"{many(made.replicates, 'replicate')} of {many(made.particles, 'particle')}"
    head = f"{made.scenario}: {with_seed(replicates, 'coupled', made.seed)}"
    plain = ""
    if made.runs_if_plain is not None:
        plain = f"; an equally narrow interval would take {figure(made.runs_if_plain)} plain runs"
    how = "declared" if made.declared else "taken from its condition"
    lines = (
        f"[bold]{one_line(head)}, {many(made.firings, 'firing')}, {seconds:.1f} s[/bold]",
        f"{one_line(made.ask)} [dim]{one_line(made.question)}[/dim]",
        f"probability {figure(made.estimate)}, 95% interval {figure(made.low)} to {figure(made.high)}{plain}",
        f"height, {how}: {one_line(made.importance)}",
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    columns = ("height above", "share that passes", "probability")
    table, reached = new_table("Levels passed", columns, right=columns), 1.0
    for one in made.levels:
        reached *= one.share
        table.add_row(figure(one.level), figure(one.share), figure(reached))
    if made.levels:
        console.print(table)
    advice = _advice(made)
    if advice:
        console.print(advice, soft_wrap=True)


def _advice(made: Rare) -> str:
    """What would make the estimate better, where it is poor."""
    from statistics import stdev

    if made.estimate < 0.1 and len(made.levels) < 2:
        return "There are few heights between no and yes, so splitting gains little; add `levels` to the question."
    remedy = "try more --particles, better `levels`, or parameters fixed by --set"
    if made.zero:
        return f"{made.zero} of {many(made.replicates, 'replicate')} never reached a yes; {remedy}."
    if stdev(made.estimates) > made.estimate:
        return f"The replicates vary by more than their mean, so the interval is rough; {remedy}."
    return ""
