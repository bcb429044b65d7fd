"""Which terms a bargaining solution singles out, of known surpluses: Nash, Kalai and Smorodinsky, egalitarian."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from standoff.strategy.payoffs import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Terms by number with their probabilities, none where there is no agreement, and what each party gains."""

    terms: tuple[tuple[int, float], ...]
    gains: Floats


def agreed(surplus: Floats, solution: str, weights: Floats, *, lotteries: bool) -> Agreement:
    """What is agreed on of surpluses (terms, parties): no party loses, and at least one gains, or there is no deal.

    With `lotteries`, of two parties, between any two terms: on a line between two points the best one is known exactly.
    """
    none = Agreement((), np.zeros(surplus.shape[1]))
    mixes: list[tuple[tuple[int, float], ...]] = [((at, 1.0),) for at in range(len(surplus))]
    if lotteries:
        ends = _ideal(surplus, lotteries=True)
        for first, second in combinations(range(len(surplus)), 2):
            mixes += [
                ((first, 1 - share), (second, share))
                for share in _best_between(surplus[first], surplus[second], solution, weights, ends)
                if 0 < share < 1
            ]
    gains = np.array([sum(share * surplus[at] for at, share in mix) for mix in mixes])
    good = (gains >= 0).all(axis=1) & (gains > 0).any(axis=1)
    if not good.any():
        return none
    open_to_all = np.flatnonzero(good)
    score = _score(gains[open_to_all], solution, weights, _ideal(surplus, lotteries=lotteries))
    # Of terms that are equal by the solution, those that somebody gains more by; then the first.
    best = open_to_all[np.lexsort((-gains[open_to_all].sum(axis=1), -score))[0]]
    return Agreement(mixes[best], gains[best])


def _score(gains: Floats, solution: str, weights: Floats, ideal: Floats) -> Floats:
    """What the solution makes largest, of gains (any, parties)."""
    if solution == "nash":
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.maximum(gains, 0)) @ weights)
    if solution == "kalai-smorodinsky":
        # A party that cannot gain by any terms asks for nothing.
        asks = ideal > 0
        return np.asarray((gains[:, asks] / ideal[asks]).min(axis=1)) if asks.any() else gains.sum(axis=1)
    return np.asarray(gains.min(axis=1))


def _ideal(surplus: Floats, *, lotteries: bool) -> Floats:
    """The most that each party can get of what leaves no other with a loss: (parties,)."""
    points = surplus
    if lotteries:
        between = [
            surplus[first] + share * (surplus[second] - surplus[first])
            for first, second in combinations(range(len(surplus)), 2)
            for share in _crossings(surplus[first], surplus[second])
        ]
        points = np.vstack([surplus, *between])
    # A lottery at which a party gains nothing is where it gains 0 but for rounding.
    good = (points >= -1e-12 * max(float(np.abs(surplus).max()), 1e-300)).all(axis=1)
    return points[good].max(axis=0) if good.any() else np.zeros(surplus.shape[1])


def _crossings(first: Floats, second: Floats) -> list[float]:
    """Where, on the way from one to the other, a party's surplus is 0."""
    change = second - first
    return [float(-first[who] / change[who]) for who in range(len(first)) if first[who] * second[who] < 0]


def _best_between(first: Floats, second: Floats, solution: str, weights: Floats, ideal: Floats) -> list[float]:
    """Where the solution's score may be largest on the way from one point to another, of two parties."""
    change = second - first
    if not change.all():
        return []
    if solution == "nash":
        # The derivative of w log(s + t d) + v log(r + t e) is 0.
        (s, r), (d, e), (w, v) = first, change, weights
        return [float(-(w * d * r + v * e * s) / (d * e * (w + v)))]
    scale = ideal if solution == "kalai-smorodinsky" else np.ones(2)
    if not (scale > 0).all():
        return []
    slope = change[0] / scale[0] - change[1] / scale[1]
    return [] if slope == 0 else [float((first[1] / scale[1] - first[0] / scale[0]) / slope)]
