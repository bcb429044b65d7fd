"""Mechanisms knocked out, one at a time: how far that moves which answer, in pairs of runs with the same luck."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import student
from standoff.analysis.effects.differences import difference
from standoff.display import Display, Displayed
from standoff.engine import draw_parameters
from standoff.ensemble import Batch, Way, Where, answers_of
from standoff.errors import RunStopped, UsageError, naming, random_seed, refuse_unknown, whole_number
from standoff.model import ground, grounded
from standoff.scenario import KNOCKED_OUT, KnockOutPlan, Quantity, RuleGraph, check_scenario, knock_out_plans

if TYPE_CHECKING:
    from standoff.scenario import Scenario, resolved

Floats = NDArray[np.float64]

MATERIAL = 0.05
"""A mechanism that moves a probability by this much matters for it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How far an answer is moved where a mechanism is knocked out: its probability without minus with the mechanism.

    `low` to `high` is a 95% interval for all answers of the mechanism together. `distance` is how many rules lie
    between the mechanism and the answer, its own among them, None where there is no way; `own` says that the answer is
    the mechanism's own event: its rule is counted, or writes what is asked.
    """

    question: str
    ask: str
    base: float
    without: float
    difference: float
    low: float
    high: float
    changed: int
    distance: int | None
    own: bool

    @property
    def material(self) -> bool:
        """Whether it is moved by five points or more, and not by the luck of these runs."""
        return abs(self.difference) >= MATERIAL and not self.low <= 0.0 <= self.high


@dataclass(frozen=True, slots=True)
class KnockOut:
    """A mechanism that was knocked out: what never happened, or the parameters that were set, and what that moved.

    `shared` are the rules that carry other mechanisms too, which were knocked out with it. `flows` added nothing, and
    `ties` (such as `alliance[red, green]`) were not there at the start. `moved` has every answer,
    the one that is moved most first; it is empty where nothing could be knocked out.
    """

    mechanism: str
    rules: tuple[str, ...]
    shared: tuple[str, ...]
    off: dict[str, float]
    moved: tuple[Moved, ...]
    flows: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class KnockOuts(Displayed):
    """Mechanisms of a scenario, each knocked out; `forecasts` says that the answers are those with a forecast."""

    scenario: str
    seed: int
    runs: int
    forecasts: bool
    questions: int
    mechanisms: tuple[KnockOut, ...]

    def display(self) -> Display:
        """How many mechanisms matter, then each of them."""
        from standoff.analysis.effects.claims_display import knock_outs_display

        return knock_outs_display(self)

    def to_json(self) -> str:
        """The knock-outs as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "What carries a mechanism (rules, options of decisions, red lines, deals, injects, flows, ties with its id; or the "
    "parameters named under mechanisms) is switched off, and all else, random numbers included, is kept, in pairs of "
    "runs. Differences are of probabilities, without minus with the mechanism. Intervals cover Monte Carlo error for "
    "all answers of a mechanism together, 95%. A rule that carries two mechanisms is off where either is knocked out."
)


def knock_out(
    scenario: Scenario,
    *,
    seed: int = 1,
    runs: int = 400,
    jobs: int = 1,
    executor: Executor | None = None,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> KnockOuts:
    """Knock out each mechanism of a scenario (those named in `only`, if any) in `runs` pairs of runs.

    Raises UsageError where there is no such mechanism, none at all, or nothing asked whose probability could be moved;
    Faults, and RunStopped.
    """
    check_scenario(scenario)
    seed, runs, where = random_seed(seed), whole_number(runs, "the number of runs"), Where(jobs, executor)
    if runs < 2:
        raise UsageError(f"a comparison needs at least 2 runs, not {runs}")
    form = knock_out_plans(scenario)
    plans = _wanted(scenario, form.each, only)
    asked, forecasts = _asked(scenario, form.resolved.questions)
    way = Way(ground(form.resolved), seed, "coupled")
    columns = {info.name: i for i, info in enumerate(way.model.parameters)}
    # Drawn from the priors of the scenario itself: some are wider here, to reach what switches mechanisms off.
    own, numbers = grounded(scenario), np.arange(runs)
    drawn = np.zeros((runs, len(columns)))
    drawn[:, [columns[info.name] for info in own.parameters]] = draw_parameters(own, seed=seed, runs=numbers)
    removing = [plan for plan in plans if plan.removes]
    sets = [drawn, *(_without(plan, drawn, columns) for plan in removing)]
    made = _answers(way, numbers, sets, [None, *removing], where, progress)
    base = next(made)
    graph = RuleGraph(scenario.resolved)
    moved = {plan.mechanism: _moved(graph, plan, asked, base, next(made)) for plan in removing}
    found = tuple(
        KnockOut(
            one.mechanism, one.rules, one.shared, one.values, moved.get(one.mechanism, ()), tuple(one.flows),
            tuple(f"{state}[{source}, {target}]" for state, source, target in one.ties),
        )
        for one in plans
    )  # fmt: skip
    return KnockOuts(scenario.name, seed, runs, forecasts, len(asked), found)


def _wanted(scenario: Scenario, plans: Sequence[KnockOutPlan], only: Sequence[str]) -> list[KnockOutPlan]:
    names = [plan.mechanism for plan in plans]
    if not names:
        raise UsageError(f"{scenario.name} names no mechanism; write under mechanism: which ones a rule carries")
    refuse_unknown(only, names, found="there is no mechanism '{}'", what="mechanisms")
    return [plan for plan in plans if not only or plan.mechanism in only]


def _asked(scenario: Scenario, questions: Sequence[resolved.Question]) -> tuple[dict[int, resolved.Question], bool]:
    """The questions whose probability can be moved, by number: those with a forecast, or all where none has one."""
    open_ = {i: one for i, one in enumerate(questions) if one.type != "number" and one.condition is None}
    if not open_:
        raise UsageError(f"{scenario.name} asks nothing that has a probability, which a mechanism could move")
    written = {str(name): question for name, question in scenario.document.questions.items()}
    with_forecast = {
        i: one for i, one in open_.items() if one.name in written and written[one.name].forecast is not None
    }
    return with_forecast or open_, bool(with_forecast)


def _without(plan: KnockOutPlan, drawn: Floats, columns: dict[str, int]) -> Floats:
    """The parameters of runs without a mechanism."""
    parameters = drawn.copy()
    parameters[:, columns[KNOCKED_OUT]] = plan.number if plan.switches else 0
    for name, value in plan.values.items():
        parameters[:, columns[name]] = value
    return parameters


def _answers(
    way: Way, numbers: NDArray[np.int64], sets: Sequence[Floats], plans: Sequence[KnockOutPlan | None], where: Where,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Floats]:  # fmt: skip
    """The answers, (runs, questions), for each set of parameters; a run that stops is told with its mechanism."""
    total, finished = len(sets) * len(numbers), 0

    def more(count: int) -> None:
        nonlocal finished
        finished += count
        if progress is not None:
            progress(finished, total)

    pending = list(plans)
    batches = (Batch(way, numbers, parameters) for parameters in sets)
    try:
        for answers in answers_of(way, batches, where, runs=total, made=more):
            pending.pop(0)
            yield answers
    except RunStopped:
        if pending[0] is None:
            raise
        with naming(f"without {pending[0].mechanism}"):
            raise


def _moved(
    graph: RuleGraph, plan: KnockOutPlan, asked: dict[int, resolved.Question], base: Floats, without: Floats
) -> tuple[Moved, ...]:
    reach = student(1.0 - 0.025 / len(asked), len(base) - 1)
    causes = [Quantity("firings", rule) for rule in (*plan.rules, *plan.flows.values())]
    causes += [Quantity("parameter", name) for name in plan.values]
    causes += [Quantity("state", state, tuple(frozenset((end,)) for end in ends)) for state, *ends in plan.ties]
    found = []
    for column, question in asked.items():
        pair = (_came(question, answers[:, column]) for answers in (base, without))
        paired = difference(*pair, same=False, share=True, reach=reach)
        way = graph.way(causes, graph.answer(question))
        distance = None if way is None else len(way)
        found.append(
            Moved(
                question.name, question.ask, paired.base, paired.variant, paired.difference, paired.low, paired.high,
                paired.changed, distance, distance is not None and distance <= 1,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: -abs(one.difference)))


def _came(question: resolved.Question, answers: Floats) -> Floats:
    """Whether each run says yes; of a date, whether it comes."""
    return (answers >= 0).astype(np.float64) if question.type == "date" else answers
