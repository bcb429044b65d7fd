"""The verb that asks what an answer depends on: sense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from standoff.cli.deciders import split_by_deciders
from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import All, AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.errors import UsageError, each_of, refuse_unknown
from standoff.numerals import read_number

if TYPE_CHECKING:
    from standoff.analysis import spread
    from standoff.display import Display
    from standoff.scenario import Scenario

BASE = "base"
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
    everything: All = False,
) -> None:
    """Show what the answers depend on: chance, parameters, variants."""
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff.scenario import load_to_run

        _check_together(
            variant=variant, several=variants or bool(among), deciders=deciders, other=bool(boxes) or by != "parameter"
        )
        scenario = load_to_run(name, variant=variant, settings=settings)
        check_into(into, scenario)
        _check_known(scenario, question or ())
        shown = not (as_json or quiet)
        display: Callable[[Sequence[str]], Display]
        if deciders:
            decided = split_by_deciders(scenario, runs=runs, seed=seed, jobs=jobs, on=on, shown=shown)
            text, display = decided.to_json(), decided.display
        else:
            several = _among(name, scenario, among or ([BASE, *scenario.document.variants] if variants else []))
            made = _sensed(scenario, several, by, boxes, runs=runs, seed=seed, jobs=jobs, on=on, shown=shown)
            text, display = made.to_json(), made.display
        keep_in(into, "deciders.json" if deciders else "sense.json", text)
    from standoff.cli.layout import show

    print_json(text) if as_json else show(display(question or ()), everything=everything)


def _check_together(*, variant: str | None, several: bool, deciders: bool, other: bool) -> None:
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
    known = [str(one.name) for one in scenario.resolved.questions]
    refuse_unknown(questions, known, found="there is no question '{}'", what="questions")
    each_of(
        [one for one in scenario.resolved.questions if one.name in questions], lambda one: one.asked_in_all("sense")
    )


def _among(name: str, base: Scenario, wanted: Sequence[str]) -> list[spread.Variant]:
    from standoff.analysis.spread import Variant as Among
    from standoff.scenario import load_to_run

    def read(text: str) -> Among:
        one, equals, weight = (part.strip() for part in text.partition("="))
        share = read_number(weight) if equals else 1.0
        if share is None:
            raise UsageError(f"'{text}' is not NAME=WEIGHT")
        return Among(one, base if one == BASE else load_to_run(name, variant=one, settings=base.settings), share)

    return each_of(wanted, read)
