"""When it happens: the box of parameters in which the answer to a question is yes (or no) most clearly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import Interval, wilson
from standoff.analysis.spread.prim import Bounds, Floats, Truths, find, quasi_p
from standoff.ensemble import Ensemble, ParameterEntry, run_many
from standoff.errors import UsageError, refuse_unknown, whole_number
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from standoff.scenario import Scenario

POINTS = 300
"""Runs that are kept one by one, for a plot."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The lowest and highest value of a parameter in a box, None for no limit.

    `quasi_p` is the quasi-p-value of Bryant and Lempert (2010), from held-out runs: the probability of as many yes in
    the box if the restriction of this parameter did nothing.
    """

    parameter: str
    low: float | None
    high: float | None
    unit: str | None
    evidence: tuple[str, ...]
    quasi_p: float


@dataclass(frozen=True, slots=True)
class DrawnTogether:
    """A number that is correlated with one that a box limits, so that the box shifts it though it may not limit it.

    `rank` is their rank correlation (Spearman's) over all runs; `low` to `high` are the 5% and 95% quantiles of the
    other number in the held-out runs within the box, `all_low` to `all_high` those in all held-out runs.
    """

    parameter: str
    other: str
    rank: float
    low: float
    high: float
    all_low: float
    all_high: float


@dataclass(frozen=True, slots=True)
class BoxPoint:
    """One run: the parameters that the box limits, and whether the answer is yes (also in a box for no)."""

    values: dict[str, float]
    yes: bool


@dataclass(frozen=True, slots=True)
class Box:
    """Where a question's answer is yes (or, with `yes` false, no); `limits` is empty if no box is.

    `coverage` is the share of all such answers that lies in the box, `density` their share among the runs in it, `mass`
    the share of runs in it, `base_rate` their share among all runs. All but the base rate come from the `held_out`
    runs, which had no part in finding the box, and have 95% intervals. `together` are the numbers that are correlated
    with a limited one: which of them makes the answer, the box cannot tell.
    """

    question: str
    yes: bool
    runs: int
    held_out: int
    base_rate: float
    base_low: float
    base_high: float
    coverage: float | None = None
    coverage_low: float | None = None
    coverage_high: float | None = None
    density: float | None = None
    density_low: float | None = None
    density_high: float | None = None
    mass: float | None = None
    mass_low: float | None = None
    mass_high: float | None = None
    limits: tuple[Limit, ...] = ()
    together: tuple[DrawnTogether, ...] = ()
    points: tuple[BoxPoint, ...] = field(default=(), repr=False)


def boxes(
    scenario: Scenario,
    questions: Sequence[str],
    *,
    runs: int = 2000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Box, ...]:
    """For each question, a box of parameters for yes and one for no, from runs of their own.

    Half of the runs find candidates, a quarter chooses among them, a quarter measures. Raises UsageError for fewer than
    200 runs, for a question that is not there or asks for a number, and where no parameter has a prior.
    """
    check_scenario(scenario)
    runs = whole_number(runs, "the number of runs")
    if runs < 200:
        raise UsageError(f"boxes need at least 200 runs, not {runs}")
    names = [str(one.name) for one in scenario.resolved.questions if one.type != "number"]
    refuse_unknown(questions, names, found="there is no such question '{}'", what="questions of yes, no or a date")
    for one in scenario.resolved.questions:
        if one.name in questions:
            one.asked_in_all("boxes")
    ensemble = run_many(scenario, runs=runs, seed=seed, jobs=jobs, executor=executor, events="0", progress=progress)
    values = ensemble.parameters.to_numpy()[:, 1:]
    moving = np.flatnonzero(values.min(axis=0) < values.max(axis=0))
    if not len(moving):
        raise UsageError("no parameter of this scenario has a prior: there is no space to search for boxes")
    about = [ensemble.manifest.parameters[i] for i in moving]
    pairs: list[Box] = []
    for question in questions:
        answers = _said_yes(ensemble, question)
        pairs += [box_of(question, values[:, moving], answers == yes, about, yes=yes) for yes in (True, False)]
    return tuple(pairs)


def _said_yes(ensemble: Ensemble, question: str) -> Truths:
    for one, column in zip(ensemble.manifest.questions, ensemble.answers.columns[1:], strict=True):
        if one.id == question:
            answers = ensemble.answers[column].to_numpy()
            return np.asarray(answers >= 0 if one.type == "date" else answers > 0.5)
    raise ValueError(f"no answers to {question}")


def box_of(question: str, values: Floats, so: Truths, about: Sequence[ParameterEntry], *, yes: bool) -> Box:
    """The box in which an answer is `so`; `values` are the parameters of the runs, (runs, parameters)."""
    runs = len(values)
    finding, choosing, held = slice(runs // 2), slice(runs // 2, runs * 3 // 4), slice(runs * 3 // 4, runs)
    x, y = values[held], so[held]
    none = Box(question, yes, runs, len(x), float(so.mean()), *wilson(int(so.sum()), runs))
    bounds = find(values[finding], so[finding], values[choosing], so[choosing])
    inside = bounds.holds(x) if bounds is not None else np.zeros(len(x), dtype=np.bool_)
    hits, size, such = int(y[inside].sum()), int(inside.sum()), int(y.sum())
    if bounds is None or not such or not size or wilson(hits, size).low <= none.base_rate:
        return none
    coverage, density, mass = wilson(hits, such), wilson(hits, size), wilson(size, len(x))
    return Box(
        question, yes, runs, len(x), none.base_rate, none.base_low, none.base_high,
        *_with(hits / such, coverage), *_with(hits / size, density), *_with(size / len(x), mass),
        limits=_limits(bounds, x, y, about), together=tuple(_together(bounds, values, x[inside], x, about)),
        points=_points(bounds, x, y if yes else ~y, about),
    )  # fmt: skip


def _with(value: float, interval: Interval) -> tuple[float, float, float]:
    return value, interval.low, interval.high


def _limits(bounds: Bounds, x: Floats, y: Truths, about: Sequence[ParameterEntry]) -> tuple[Limit, ...]:
    chances = quasi_p(bounds, x, y)
    limits = []
    for i in bounds.restricted():
        ends = _finite(bounds.low[i]), _finite(bounds.high[i])
        limits.append(Limit(about[i].name, *ends, about[i].unit, about[i].evidence, chances[i]))
    return tuple(sorted(limits, key=lambda limit: limit.quasi_p))


def _together(
    bounds: Bounds, values: Floats, inside: Floats, held: Floats, about: Sequence[ParameterEntry]
) -> Iterator[DrawnTogether]:
    """What is drawn together with each limited parameter; `values`, `inside`, `held`: runs by parameters."""
    column = {entry.name: i for i, entry in enumerate(about)}
    for i in bounds.restricted():
        for other in about[i].correlated:
            # One that is fixed (`--set`) is not drawn.
            if other in column:
                beside = column[other]
                rank = _spearman(values[:, i], values[:, beside])
                within, everywhere = (np.quantile(some[:, beside], [0.05, 0.95]).tolist() for some in (inside, held))
                yield DrawnTogether(about[i].name, other, rank, *within, *everywhere)


def _spearman(one: Floats, other: Floats) -> float:
    """The rank correlation of two columns; values that are equal have the mean of their ranks."""

    def ranks(values: Floats) -> Floats:
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])

    return float(np.asarray(np.corrcoef(ranks(one), ranks(other)))[0, 1])


def _points(bounds: Bounds, x: Floats, yes: Truths, about: Sequence[ParameterEntry]) -> tuple[BoxPoint, ...]:
    columns = bounds.restricted()
    return tuple(
        BoxPoint({about[i].name: float(row[i]) for i in columns}, bool(answer))
        for row, answer in zip(x[:POINTS], yes[:POINTS], strict=True)
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
