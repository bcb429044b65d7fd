"""When groups of runs diverge: the first time at which one kind of event having come tells them apart.

At each time only those runs are compared whose outcome is still to come (a landmark: Anderson, Cain and Gelber 1983,
J. Clin. Oncol. 1:710). So the event is an early sign of the outcome and cannot be a consequence of it, and no run
counts as one without the event because its outcome came first. Every kind of event at every time is tested by Fisher's
exact test (Fisher 1935, J. R. Stat. Soc. 98:39, doi:10.2307/2342435), and all tests together err with at most
TOTAL_ERROR (Bonferroni): where the groups do not differ, at most so many of a hundred analyses find a divergence.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

TOTAL_ERROR = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Divergence:
    """The day at which groups of runs diverge, and the ground rule whose events tell them apart."""

    days: float
    ground_rule: int


def divergence(first: Floats, groups: NDArray[np.int64], outcome: Floats, grid: Floats) -> Divergence | None:
    """When groups diverge, or None. `first`: (runs, ground rules), the day of the first event of each, inf for none.

    `groups`: (runs,), from 0. With more than two groups each is held against the rest. `outcome`: (runs,), the day on
    which that came which the groups differ by; later than every time where it did not come.
    """
    labels = range(int(groups.max(initial=0)) + 1)
    sides = [groups == label for label in (labels if len(labels) > 2 else labels[1:])]
    kinds = np.flatnonzero(np.isfinite(first).any(axis=0))
    tests = len(sides) * len(kinds) * len(grid)
    if tests == 0:
        return None
    for day in grid.tolist():
        open_ = outcome > day
        came = first[np.ix_(open_, kinds)] <= day
        whole, runs = came.sum(axis=0), int(open_.sum())
        within = [side[open_] for side in sides]
        least = np.array([_fisher(came[side].sum(axis=0), int(side.sum()), whole, runs) for side in within])
        if least.min() <= TOTAL_ERROR / tests:
            return Divergence(day, int(kinds[int(least.min(axis=0).argmin())]))
    return None


def _fisher(hits: NDArray[np.int64], size: int, came: NDArray[np.int64], runs: int) -> Floats:
    """The two-sided p-value for each kind: `hits` of the `size` runs of a group, `came` of all `runs`, saw it."""
    known: dict[tuple[int, int], float] = {}
    tails = np.ones(len(hits))
    for i, pair in enumerate(zip(hits.tolist(), came.tolist(), strict=True)):
        if pair not in known:
            known[pair] = _two_sided(*pair, size, runs)
        tails[i] = known[pair]
    return tails


def _two_sided(hits: int, came: int, size: int, runs: int) -> float:
    low, high = max(0, came - (runs - size)), min(came, size)
    ways = np.array([_choose(size, n) + _choose(runs - size, came - n) for n in range(low, high + 1)])
    chances = np.exp(ways - _choose(runs, came))
    # Tables as unlikely as the one seen count, but for rounding.
    return min(1.0, float(chances[chances <= chances[hits - low] * (1 + 1e-9)].sum()))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
