"""The best answer in a class of policies: a search over the numbers that an actor can tune, by simulation.

First candidates that fill the bounds evenly (Latin hypercube: McKay, Beckman and Conover 1979), of which the better
half is kept again and again, with twice the runs (sequential halving: Karnin, Koren and Somekh 2013). Then a quadratic
surface through what lies near the best of them, whose top is the answer (Box and Wilson 1951, J. R. Stat. Soc. B 13:1):
near an optimum the differences between candidates are smaller than the luck of any one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.scenario import PolicyPlan
from standoff.strategy.runs import Move

Floats = NDArray[np.float64]
Search = Callable[[Sequence[Move], int], Floats]
"""What some moves yield on average in so many fresh runs with the same luck: (moves,)."""

CANDIDATES, FIRST_RUNS = 32, 64
"""Candidates at first, and the runs that each of them has; each halving doubles the runs."""
KEPT = 4
"""Candidates at which halving ends."""
SURFACE_RUNS = 1000
"""Runs of each point of the surface."""


def best_response(plan: PolicyPlan, search: Search, generator: np.random.Generator) -> tuple[Move, float]:
    """The best move of a policy that can be tuned, and what it yielded on the runs that found it (too much)."""
    names = list(plan.tunes)
    low, high = (np.array([plan.tunes[name][end] for name in names]) for end in (0, 1))

    def moves(points: Floats) -> list[Move]:
        tuned = low + points * (high - low)
        return [Move(plan.name, tuple(zip(names, map(float, point), strict=True))) for point in tuned]

    points, runs = _evenly(CANDIDATES, len(names), generator), FIRST_RUNS
    while len(points) > KEPT:
        order = np.argsort(-search(moves(points), runs), kind="stable")
        points, runs = points[order[: len(points) // 2]], 2 * runs
    centre, reach = points[0], np.maximum(np.ptp(points, axis=0), 0.15)
    # Twice: the second time around the top of the first surface, and nearer.
    for shrink in (1.0, 0.6):
        count = 4 + 3 * (len(names) + 1) * (len(names) + 2) // 2
        near = np.clip(centre + shrink * reach * (_evenly(count, len(names), generator) - 0.5) * 2, 0.0, 1.0)
        yields = search(moves(near), SURFACE_RUNS)
        centre = _top(near, yields)
    return moves(centre[None])[0], float(yields.max())


def _evenly(count: int, dimensions: int, generator: np.random.Generator) -> Floats:
    """Points of which each has a part of its own in every direction: (count, dimensions), from 0 to 1."""
    parts = np.stack([generator.permutation(count) for _ in range(dimensions)], axis=1)
    return np.asarray((parts + generator.random((count, dimensions))) / count)


def _top(points: Floats, values: Floats) -> Floats:
    """The highest point of the quadratic surface through some values, within the points; the best of them if none."""
    middle, scale = points.mean(axis=0), np.maximum(np.ptp(points, axis=0) / 2, 1e-9)
    near = (points - middle) / scale
    pairs = [(i, j) for i in range(near.shape[1]) for j in range(i, near.shape[1])]
    columns = np.column_stack([np.ones(len(near)), near, *(near[:, i] * near[:, j] for i, j in pairs)])
    fitted = np.linalg.lstsq(columns, values, rcond=None)[0]
    slope = fitted[1 : 1 + near.shape[1]]
    bend = np.zeros((near.shape[1], near.shape[1]))
    for (i, j), value in zip(pairs, fitted[1 + near.shape[1] :], strict=True):
        bend[i, j] += value
        bend[j, i] += value
    if np.linalg.eigvalsh(bend).max() >= 0:
        return np.asarray(points[int(np.argmax(columns @ fitted))])
    top = np.clip(np.linalg.solve(bend, -slope), near.min(axis=0), near.max(axis=0))
    return np.asarray(np.clip(middle + scale * top, 0.0, 1.0))
