"""The verb that asks what an answer depends on, sense, and what it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from standoff.cli.deciders import print_deciders, split_by_deciders
from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import figure, many, percent_with_interval, with_interval, with_seed

if TYPE_CHECKING:
    from standoff.analysis import spread
    from standoff.scenario import Scenario

BASE = "base"
MOST_SHOWN = 3
"""How many parameters are shown for each question."""
BOXES = 20
"""How many times the runs of one parameter a box rests on."""


def sense(
    name: Name,
    runs: Annotated[
        int, whole(10, "Pairs of runs for each parameter; --deciders makes five times as many of each kind.")
    ] = 100,
    by: Annotated[
        Literal["parameter", "paragraph"], typer.Option(help="Redraw parameters one by one, or by source paragraph.")
    ] = "parameter",
    question: Annotated[list[str] | None, typer.Option(help="Show this question only; may be repeated.")] = None,
    variants: Annotated[
        bool, typer.Option("--variants", help="Treat the choice among the base case and all variants as uncertain too.")
    ] = False,
    among: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=WEIGHT]", help="Like --variants, but only these; 'base' is the base case; may be repeated."
        ),
    ] = None,
    boxes: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="Find the parameters that make it a yes, or a no; may be repeated."),
    ] = None,
    deciders: Annotated[
        bool, typer.Option("--deciders", help="Let each actor follow any of its policies; who decides is a factor too.")
    ] = False,
    into: Into = None,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
) -> None:
    """Show what the answers depend on: chance, parameters, variants."""
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff.scenario import load

        _check_together(
            variant=variant, several=variants or bool(among), deciders=deciders, other=bool(boxes) or by != "parameter"
        )
        scenario = load(name, variant=variant, settings=settings)
        check_into(into, scenario)
        _check_known(scenario, question or ())
        shown = not (as_json or quiet)
        show: Callable[[], None]
        if deciders:
            decided = split_by_deciders(scenario, runs=runs, seed=seed, jobs=jobs, on=on, shown=shown)
            text, show = decided.to_json(), partial(print_deciders, decided, question or ())
        else:
            several = list(_among(name, scenario, among or ([BASE, *scenario.document.variants] if variants else [])))
            made = _sensed(scenario, several, by, boxes, runs=runs, seed=seed, jobs=jobs, on=on, shown=shown)
            text = made.to_json()
            show = partial(_print, made, question or [one.question for one in made.questions])
        keep_in(into, "deciders.json" if deciders else "sense.json", text)
    if as_json:
        print_json(text)
    else:
        show()


def _check_together(*, variant: str | None, several: bool, deciders: bool, other: bool) -> None:
    from standoff.errors import UsageError

    if variant is not None and several:
        raise UsageError("--variant cannot be combined with --variants or --among")
    if deciders and (several or other):
        raise UsageError("--deciders cannot be combined with --variants, --among, --boxes or --by paragraph")


def _sensed(
    scenario: Scenario,
    several: Sequence[spread.Variant],
    by: Literal["parameter", "paragraph"],
    boxes: Sequence[str] | None,
    *,
    runs: int,
    seed: int,
    jobs: int | None,
    on: str | None,
    shown: bool,
) -> spread.Sensitivity:
    from standoff import analysis
    from standoff.cli.progress import progress

    with workers_of(on, jobs, scenario, *(one.scenario for one in several)) as workers:
        # Boxes first: a question that is not there is told of before the long work.
        with progress(f"{scenario.name}, boxes", BOXES * runs) if shown and boxes else nullcontext() as tell:
            find = partial(analysis.boxes, runs=BOXES * runs, seed=seed, progress=tell, **workers)
            found = find(scenario, boxes) if boxes else ()
        with progress(scenario.name, runs) if shown else nullcontext() as tell:
            made = analysis.sense(scenario, runs=runs, seed=seed, by=by, variants=several, progress=tell, **workers)
    return replace(made, boxes=found)


def _check_known(scenario: Scenario, questions: Sequence[str]) -> None:
    from standoff.errors import refusal

    known = [str(one.name) for one in scenario.resolved.questions]
    for wanted in questions:
        if wanted not in known:
            raise refusal(f"there is no question '{wanted}'", wanted, known, what="questions")


def _among(name: str, base: Scenario, wanted: Sequence[str]) -> Iterator[spread.Variant]:
    from standoff.analysis.spread import Variant as Among
    from standoff.scenario import load

    for text in wanted:
        one, equals, weight = (part.strip() for part in text.partition("="))
        try:
            share = float(weight) if equals else 1.0
        except ValueError:
            raise typer.BadParameter(f"'{text}' is not NAME=WEIGHT", param_hint="--among") from None
        scenario = base if one == BASE else load(name, variant=one, settings=base.settings)
        yield Among(one, scenario, share)


def _print(made: spread.Sensitivity, questions: Sequence[str]) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    pairs = f"{many(made.runs, 'pair of runs', 'pairs of runs')} for each {made.by}"
    head = f"{made.scenario}: {with_seed(pairs, 'coupled', made.seed)}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    shown = [one for one in made.questions if one.question in questions]
    columns = ["question", "mean", "chance", "parameters", "interplay", *(["structure"] if made.variants else [])]
    table = new_table("What the variance comes from", columns, right=columns[1:], whole=("question",))
    for one in shown:
        parts = (one.chance, one.parameters, one.interplay, one.structure)[: len(columns) - 2]
        table.add_row(*map(one_line, (one.question, figure(one.mean), *map(_shared, parts))))
    console.print(table)
    for one in shown:
        if one.note is not None:
            console.print(one_line(f"– {one.question}: {one.note}"), soft_wrap=True)
    console.print(
        "shares of the variance, 95% intervals; means are of five times as many runs (the answer to quote is that of "
        "standoff run)", style="dim",
    )  # fmt: skip
    table = new_table(f"The {made.by}s that matter most", ("question", made.by, "total index", "evidence"),
                      right=("total index",), whole=("question", made.by))  # fmt: skip
    for one in shown:
        mine = [index for index in made.indices if index.question == one.question and index.total.value > 0]
        for row, index in enumerate(mine[:MOST_SHOWN]):
            told_of = one.question if row == 0 else ""
            evidence = ", ".join(index.evidence) if made.by == "parameter" else ""
            table.add_row(*map(one_line, (told_of, index.name, _shared(index.total), evidence)))
    console.print(table)
    console.print("total indices overlap, so their sum can exceed 1; 95% intervals", style="dim")
    if made.variants:
        names = [one.name for one in made.variants]
        heads = [f"{one.name} (weight {one.share:.2g})" for one in made.variants]
        table = new_table("Mean answers by variant, 95% intervals", ("question", *heads), whole=("question",))
        for one in shown:
            means = {
                each.name: with_interval(each.mean, each.low, each.high, dash="–").replace(" (", "\n(")
                for each in one.variants
            }
            table.add_row(*map(one_line, (one.question, *(means.get(name, "not asked") for name in names))))
        console.print(table)
    for box in made.boxes:
        console.print(one_line(_box(box, made.seed)), soft_wrap=True)


def _box(box: spread.Box, seed: int) -> str:
    answer = "yes" if box.yes else "no"
    rate = f"{percent_with_interval(box.base_rate, box.base_low, box.base_high)} of "
    rate += with_seed(many(box.runs, "run"), "direct", seed)
    head = f"\nWhat makes {box.question} a {answer}, which it is in {rate}:"
    if not box.limits or box.density is None or box.coverage is None or box.mass is None:
        return f"{head} no box: no range of the parameters clearly has more of it"
    share, covered, size = (
        percent_with_interval(value, low or 0.0, high or 0.0)
        for value, low, high in (
            (box.density, box.density_low, box.density_high),
            (box.coverage, box.coverage_low, box.coverage_high),
            (box.mass, box.mass_low, box.mass_high),
        )
    )
    lines = [head]
    for limit in box.limits:
        low = f"{figure(limit.low)} ≤ " if limit.low is not None else ""
        high = f" ≤ {figure(limit.high)}" if limit.high is not None else ""
        unit = f" {limit.unit}" if limit.unit else ""
        lines.append(f"  {low}{limit.parameter}{high}{unit}   (by chance: {limit.quasi_p:.1g})")
    lines.append(f"  inside, {share} are {answer}; the box has {covered} of every {answer} and {size} of all runs")
    lines.append(f"  (measured on {box.held_out:,} held-out runs)")
    return "\n".join(lines)


def _shared(share: spread.Share | None) -> str:
    return "–" if share is None else with_interval(share.value, share.low, share.high, dash="–")
