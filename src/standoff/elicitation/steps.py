"""Distributions by their quantiles: steps of a background, their information, and pools of several of them.

Between two neighbouring quantiles all values are equally likely or, on a scale of logarithms, all orders of magnitude:
the distribution with these quantiles that adds least information to its background (Cooke 1991, Experts in
Uncertainty, chapter 8; `quantiles` and `logquantiles` of the language are the same). Its range is the intrinsic range
of the question: from the lowest to the highest value that anybody gave, and a tenth of that further at both ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OVERSHOOT = 0.1
"""How far the intrinsic range reaches beyond what was named, as a share of it (k of 10 % in the classical model)."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """The background on which values are spread evenly: values themselves, or their logarithms."""

    log: bool

    def up(self, value: float) -> float:
        """A value on the scale."""
        return math.log(value) if self.log else value

    def down(self, place: float) -> float:
        """The value at a place of the scale."""
        return math.exp(place) if self.log else place


def intrinsic_range(
    values: Sequence[float], scale: Scale, low: float | None = None, high: float | None = None
) -> tuple[float, float]:
    """The range of a question on its scale: what was named and a tenth more at both ends, within its bounds."""
    places = [scale.up(value) for value in values]
    first, last = min(places), max(places)
    further = OVERSHOOT * (last - first)
    first, last = first - further, last + further
    if low is not None and not (scale.log and low <= 0.0):
        first = max(first, scale.up(low))
    if high is not None:
        last = min(last, scale.up(high))
    return first, last


@dataclass(frozen=True)
class Steps:
    """A distribution that is even between its ends: `ends` on the scale, rising, and the probability of each step."""

    ends: Floats
    weights: Floats

    @classmethod
    def of(cls, values: Sequence[float], shares: Sequence[float], scale: Scale, within: tuple[float, float]) -> Steps:
        """The distribution with these quantiles at these shares (of 1), on a range of the scale."""
        ends = np.array([within[0], *map(scale.up, values), within[1]])
        return cls(ends, np.diff(np.array([0.0, *shares, 1.0])))

    def densities(self, knots: Floats) -> Floats:
        """Its density between neighbouring knots, among which are its own ends."""
        middle = (knots[:-1] + knots[1:]) / 2.0
        step = np.clip(np.searchsorted(self.ends, middle, side="right") - 1, 0, len(self.weights) - 1)
        return np.asarray(self.weights[step] / np.diff(self.ends)[step], dtype=np.float64)

    def quantile(self, share: float) -> float:
        """The place below which such a share lies."""
        below = np.concatenate([[0.0], np.cumsum(self.weights)]) / float(np.sum(self.weights))
        return float(np.interp(share, below, self.ends))

    def information(self) -> float:
        """How much more it says than its background does: sum of p ln(p / r) (Cooke 1991, equation 8.6)."""
        background = np.diff(self.ends) / (self.ends[-1] - self.ends[0])
        some = self.weights > 0.0
        return float(np.sum(self.weights[some] * np.log(self.weights[some] / background[some])))


def linear_pool(beliefs: Sequence[Steps], weights: Sequence[float]) -> Steps:
    """The weighted mean of distributions on one range (Stone 1961): each may be right, with its weight."""
    knots = _knots(beliefs)
    density = sum(w * one.densities(knots) for w, one in zip(weights, beliefs, strict=True))
    return _normalized(knots, np.asarray(density))


def logarithmic_pool(beliefs: Sequence[Steps], weights: Sequence[float]) -> Steps:
    """The weighted geometric mean of densities on one range (Genest and Zidek 1986, section 2): what all allow."""
    knots = _knots(beliefs)
    logs = sum(w * np.log(one.densities(knots)) for w, one in zip(weights, beliefs, strict=True) if w > 0.0)
    logs = np.asarray(logs)
    return _normalized(knots, np.exp(logs - np.max(logs)))


def _knots(beliefs: Sequence[Steps]) -> Floats:
    return np.unique(np.concatenate([one.ends for one in beliefs]))


def _normalized(knots: Floats, density: Floats) -> Steps:
    weights = density * np.diff(knots)
    return Steps(knots, weights / np.sum(weights))
