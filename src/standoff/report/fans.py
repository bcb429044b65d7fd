"""Watched numbers through time: quantiles over the runs, or the share of runs in which a truth holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble import SeriesEntry
from standoff.report.background import Curve
from standoff.report.frames import Fan, Ladder
from standoff.report.stage import Chart

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_OF_A_WATCH = 12
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Watched:
    """One numeric series: what readers call it, and how far it strays over runs and time."""

    series: SeriesEntry
    label: str
    unit: str
    movement: float


def chart(watched: Watched) -> Chart:
    """What the fan of a series is called, and its unit."""
    one = watched.series
    return Chart(watch=one.watch, index=list(one.index), label=watched.label, unit=watched.unit)


@dataclass(frozen=True, slots=True)
class Course:
    """A series over runs and time, which can be too long to be in memory as a whole.

    `by_runs` hands it over as ``(some runs, times)`` after another, `by_times` as ``(runs, some times)``.
    """

    by_runs: Callable[[], Iterable[NDArray[np.float32]]]
    by_times: Callable[[], Iterable[NDArray[np.float32]]]


def fan(course: Course, observed: Curve | None = None) -> Fan:
    """The fan of a series; `observed` are the least and the most that it was by the record."""
    truth, runs, known, true = True, 0, np.zeros(1, dtype=int), np.zeros(1, dtype=int)
    for values in course.by_runs():
        truth = truth and bool(np.all((values == 0) | (values == 1)))
        runs += len(values)
        known = known + np.count_nonzero(np.isfinite(values), axis=0)
        true = true + np.count_nonzero(values == 1, axis=0)
    quantiles: list[list[float | None]] = [[] for _ in LEVELS]
    for values in () if truth else course.by_times():
        for level, along in zip(quantiles, _quantiles(values, np.isfinite(values)), strict=True):
            level += along
    return Fan(
        quantiles=None if truth else quantiles,
        true_runs=true.tolist() if truth else None,
        finite_runs=None if np.all(known == runs) else known.tolist(),
        observed=None
        if observed is None
        else [_until_known(one, len(known)) for one in (observed.least, observed.most)],
        covered=None if observed is None else (observed.covered, observed.of),
    )


def _until_known(known: list[float], times: int) -> list[float | None]:
    return [*(_rounded(value) for value in known), *[None] * (times - len(known))]


def _quantiles(values: NDArray[np.float32], known: NDArray[np.bool_]) -> list[list[float | None]]:
    """The levels along time, over the runs in which the value is a finite number; None where it is one in no run."""
    if known.all() and len(values) == 1:
        # Of one run all levels are its value; numpy gives that as well, without the sign of a zero.
        return [[_rounded(v) for v in (values[0] + 0.0).tolist()]] * len(LEVELS)
    if known.all():
        # Sorted before, since numpy sorts whole rows in less time than it picks out a few of their values.
        by_time = np.sort(np.ascontiguousarray(values.T), axis=1)
        return [[_rounded(v) for v in row] for row in np.quantile(by_time, LEVELS, axis=1)]
    steps = [column[finite] for column, finite in zip(values.T, known.T, strict=True)]
    at = [np.quantile(some, LEVELS).tolist() if len(some) else None for some in steps]
    return [[None if found is None else _rounded(found[level]) for found in at] for level in range(len(LEVELS))]


def most_moved(watched: Iterable[Watched]) -> tuple[list[Watched], int]:
    """The series that are drawn, in the order of the manifest, and how many are left out.

    A watch over places or actors can have hundreds of columns; of each watch the ones that move most are drawn.
    """
    by_watch: dict[str, list[Watched]] = {}
    for one in watched:
        by_watch.setdefault(one.series.watch, []).append(one)
    drawn: list[Watched] = []
    left_out = 0
    for family in by_watch.values():
        most = sorted(range(len(family)), key=lambda i: (-family[i].movement, i))[:MOST_OF_A_WATCH]
        left_out += len(family) - len(most)
        drawn += [family[i] for i in sorted(most)]
    return drawn, left_out


def movement(course: Course) -> float:
    """How far a series strays over runs and time: the mean spread of a run plus the spread of the means."""
    parts = []
    for values in course.by_runs():
        known = values[np.isfinite(values)]
        if len(known):
            parts.append((len(known), np.mean(known, dtype=np.float64), np.var(known, dtype=np.float64)))
    if not parts:
        return 0.0
    sizes, means, spreads = np.array(parts).T
    mean = np.average(means, weights=sizes)
    return float(np.sqrt(np.average(spreads + (means - mean) ** 2, weights=sizes)))


def ladder(watch: str, label: str, labels: tuple[str, ...], course: Course) -> Ladder:
    """In how many runs a series of levels is at each of them; its values are positions in the labels."""
    runs = np.zeros((len(labels), 1), dtype=int)
    for codes in course.by_runs():
        runs = runs + np.array([np.count_nonzero(codes == code, axis=0) for code in range(len(labels))])
    return Ladder(watch=watch, label=label, rungs=list(labels), runs=runs.tolist())


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
