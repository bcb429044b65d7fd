"""Paired differences between a base case and a what-if that share their random numbers, with intervals.

Run i of both draws for every ground rule from the same stream (common reaction paths, docs/engine.md), so
what the two runs differ in comes from the change and from what it sets off. The difference of a pair varies
far less than either run does, and its mean is known from far fewer runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import Z_95, Interval, check_reach, newcombe, student, wilson
from standoff.ensemble import FEWEST_SELECTED

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes in one number: its mean in the base case and in the what-if, and the mean paired difference.

    `base_around` and `variant_around` are the 95% Monte Carlo intervals of the two means, `low` to `high` that of the
    difference. `changed` is the number of runs in which the two
    differ. `runs_if_independent` is how many runs of each case independent seeds would have needed for an interval as
    narrow; None where no run differs.
    """

    base: float
    variant: float
    difference: float
    low: float
    high: float
    runs: int
    changed: int
    runs_if_independent: int | None
    base_around: Interval
    variant_around: Interval


class _Spread(NamedTuple):
    mean: float
    error: float


def difference(base: Floats, variant: Floats, *, same: bool, share: bool, reach: float | None = None) -> Difference:
    """The paired difference of one number over runs; both (runs,) in the order of the runs.

    `same` says that the two cases are one and the same in every run, and the difference is then exactly 0 without
    error. `share` says that the number is 0 or 1: the interval is then that of Agresti and Min (2005, Stat. Med.
    24:729, doi:10.1002/sim.1781), half a pair added to each cell of the table: it holds for few changed pairs too.
    Of a number it is Student's. `reach` gives another number of standard errors to both sides than 95% need.
    """
    runs = len(base)
    if runs == 0 or len(variant) != runs:
        raise ValueError(f"{runs} and {len(variant)} runs are not pairs")
    check_reach(base, variant)
    paired = variant - base
    means = float(base.mean()), float(variant.mean())
    around = interval_of(base, share=share), interval_of(variant, share=share)
    changed = int(np.count_nonzero(paired))
    if same:
        return Difference(*means, 0.0, 0.0, 0.0, runs, 0, None, *around)
    spread = _shares(paired) if share else _numbers(paired)
    if reach is None:
        reach = Z_95 if share or runs < 2 else student(0.975, runs - 1)
    half = reach * spread.error
    return Difference(
        base=means[0],
        variant=means[1],
        difference=float(paired.mean()),
        low=max(spread.mean - half, -1.0) if share else spread.mean - half,
        high=min(spread.mean + half, 1.0) if share else spread.mean + half,
        runs=runs,
        changed=changed,
        runs_if_independent=_independent(base, variant, paired),
        base_around=around[0],
        variant_around=around[1],
    )


def difference_among(
    base: Floats, variant: Floats, among: tuple[Truths, Truths], *, same: bool, share: bool
) -> Difference:
    """The difference of two means over the runs that a condition selects in each case; all are (runs,), in pairs.

    Each mean is a ratio of two sums over all runs, so the difference varies as the mean of the paired linear terms
    c'(y' - m')/p' - c(y - m)/p does (Cochran 1977, Sampling Techniques, section 6; c is whether a run is selected, p
    how often). Where fewer than 20 pairs tell the cases apart that is too little to go by, and the interval is that of
    two samples without pairs: Newcombe's of shares, Welch's of numbers.
    """
    check_reach(base, variant)
    ours, theirs = base[among[0]], variant[among[1]]
    means = float(ours.mean()), float(theirs.mean())
    around = interval_of(ours, share=share), interval_of(theirs, share=share)
    pairs = int((among[0] | among[1]).sum())
    if same:
        return Difference(*means, 0.0, 0.0, 0.0, pairs, 0, None, *around)
    terms = np.where(among[1], variant - means[1], 0.0) / among[1].mean()
    terms -= np.where(among[0], base - means[0], 0.0) / among[0].mean()
    apart = (among[0] != among[1]) | (among[0] & (base != variant))
    moved, changed = means[1] - means[0], int(apart.sum())
    if changed < FEWEST_SELECTED:
        low, high = _unpaired(ours, theirs, share=share)
    else:
        half = student(0.975, len(base) - 1) * float(terms.std(ddof=1)) / sqrt(len(base))
        low, high = moved - half, moved + half
    if share:
        low, high = max(low, -1.0), min(high, 1.0)
    return Difference(*means, moved, low, high, pairs, changed, None, *around)


def _unpaired(ours: Floats, theirs: Floats, *, share: bool) -> Interval:
    if share:
        return newcombe(int(theirs.sum()), len(theirs), int(ours.sum()), len(ours))
    moved = float(theirs.mean()) - float(ours.mean())
    half = Z_95 * sqrt(float(ours.var(ddof=1)) / len(ours) + float(theirs.var(ddof=1)) / len(theirs))
    return Interval(moved - half, moved + half)


def interval_of(values: Floats, *, share: bool) -> Interval:
    """The 95% interval of a mean over runs: Wilson's of a share, Student's of a number."""
    mean, runs = float(values.mean()), len(values)
    if share:
        return wilson(round(mean * runs), runs)
    half = student(0.975, runs - 1) * float(values.std(ddof=1)) / sqrt(runs) if runs > 1 else float("inf")
    return Interval(mean - half, mean + half)


def _numbers(paired: Floats) -> _Spread:
    runs = len(paired)
    return _Spread(float(paired.mean()), float(paired.std(ddof=1)) / sqrt(runs) if runs > 1 else float("inf"))


def _shares(paired: Floats) -> _Spread:
    runs = len(paired) + 2
    up, down = np.count_nonzero(paired > 0) + 0.5, np.count_nonzero(paired < 0) + 0.5
    return _Spread((up - down) / runs, sqrt(up + down - (up - down) ** 2 / runs) / runs)


def _independent(base: Floats, variant: Floats, paired: Floats) -> int | None:
    together = float(paired.var())
    if together == 0.0:
        return None
    pairs = len(paired) * ((float(base.var()) + float(variant.var())) / together)
    return round(pairs) if isfinite(pairs) else None
