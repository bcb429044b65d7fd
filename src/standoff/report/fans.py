"""Watched numbers through time: quantiles over the runs, or the share of runs in which a truth holds."""

from __future__ import annotations

from collections.abc import Iterable
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


def fan(values: NDArray[np.float32], observed: Curve | None = None) -> Fan:
    """The fan of a series ``(runs, times)``; `observed` are the least and the most that it was by the record."""
    truth = bool(np.all((values == 0) | (values == 1)))
    known = np.isfinite(values)
    return Fan(
        quantiles=None if truth else _quantiles(values, known),
        true_runs=np.sum(values == 1, axis=0).tolist() if truth else None,
        finite_runs=None if known.all() else np.sum(known, axis=0).tolist(),
        observed=None
        if observed is None
        else [_until_known(one, values.shape[1]) for one in (observed.least, observed.most)],
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


def movement(values: NDArray[np.float32]) -> float:
    """How far a series strays over runs and time: the mean spread of a run plus the spread of the means."""
    known = values[np.isfinite(values)]
    return float(np.std(known, dtype=np.float64)) if len(known) else 0.0


def ladder(watch: str, label: str, labels: tuple[str, ...], codes: NDArray[np.int16]) -> Ladder:
    """In how many runs a series of levels is at each of them; codes are ``(runs, times)`` positions in the labels."""
    runs = [np.sum(codes == code, axis=0).tolist() for code in range(len(labels))]
    return Ladder(watch=watch, label=label, rungs=list(labels), runs=runs)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
