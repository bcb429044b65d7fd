"""Weights by performance on seed questions: the classical model (Cooke 1991, Experts in Uncertainty, chapter 12).

An expert's calibration is the probability with which somebody whose quantiles are right would do as badly or worse on
the seed questions; information is how narrow the answers are. The weight is their product, and nothing below a cut-off,
which is given or chosen so that the pooled answers to the seed questions score best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standoff.elicitation.steps import Scale, Steps, linear_pool
from standoff.errors import UsageError

FEW = 10
"""With fewer seed questions calibration says little (Cooke and Goossens 2008, doi 10.1016/j.ress.2007.03.005)."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed question as it was answered: the true value and every expert's distribution, on one range of a scale."""

    scale: Scale
    answer: float
    beliefs: Mapping[str, Steps]


@dataclass(frozen=True, slots=True)
class Score:
    """How an expert, or a pool, did: `hits` counts the true values below, between and above the quantiles."""

    hits: tuple[int, ...]
    calibration: float
    information: float

    @property
    def combined(self) -> float:
        """Calibration times information: the weight before the cut-off (Cooke 1991, equation 12.10)."""
        return self.calibration * self.information


@dataclass(frozen=True, slots=True)
class Performance:
    """What the seed questions say: each expert's score and weight, the cut-off, and the score of the pooled answers."""

    scores: Mapping[str, Score]
    weights: Mapping[str, float]
    cut_off: float
    pooled: Score
    seeds: int


def chi_square_tail(x: float, degrees: int) -> float:
    """The probability that a chi-square variable exceeds x; exact, by Abramowitz and Stegun 1964, 26.4.4 and 26.4.5."""
    half = x / 2.0
    if degrees % 2 == 0:
        return math.exp(-half) * math.fsum(half**i / math.factorial(i) for i in range(degrees // 2))
    terms = (half ** (i - 0.5) / math.gamma(i + 0.5) for i in range(1, (degrees - 1) // 2 + 1))
    return math.erfc(math.sqrt(half)) + math.exp(-half) * math.fsum(terms)


def calibration(hits: Sequence[int], expected: Sequence[float]) -> float:
    """The probability of doing no better by chance: 1 - F(2 N I(s, p)) with as many degrees as quantiles.

    I(s, p) = sum of s ln(s / p), s the shares of hits and p those expected (Cooke 1991, equations 8.2 and 12.7).
    """
    count = sum(hits)
    shares = [hit / count for hit in hits]
    surprise = math.fsum(s * math.log(s / p) for s, p in zip(shares, expected, strict=True) if s > 0.0)
    return chi_square_tail(2.0 * count * max(0.0, surprise), len(hits) - 1)


def score_of(beliefs: Sequence[Steps], seeds: Sequence[Seed], shares: Sequence[float]) -> Score:
    """How answers to the seed questions did, in their order; a true value on a quantile lies below it."""
    hits = [0] * (len(shares) + 1)
    for belief, seed in zip(beliefs, seeds, strict=True):
        place = seed.scale.up(seed.answer)
        # A quantile that came from interpolation may miss a value by its last digit.
        slack = 1e-12 * max(1.0, abs(place))
        hits[sum(place > belief.quantile(share) + slack for share in shares)] += 1
    expected = [upper - lower for lower, upper in zip((0.0, *shares), (*shares, 1.0), strict=True)]
    information = math.fsum(_reduced(one, shares).information() for one in beliefs) / len(beliefs)
    return Score(tuple(hits), calibration(hits, expected), information)


def _reduced(belief: Steps, shares: Sequence[float]) -> Steps:
    """A distribution by its quantiles alone, as those of experts are given."""
    places = [belief.quantile(share) for share in shares]
    return Steps.of(places, shares, Scale(log=False), (float(belief.ends[0]), float(belief.ends[-1])))


def performance(seeds: Sequence[Seed], shares: Sequence[float], *, cut_off: float | None = None) -> Performance:
    """Weights by performance; raises UsageError where nobody is above the cut-off.

    Without a cut-off the one is taken under which the pooled answers have the greatest combined score (Cooke 1991,
    section 12.4).
    """
    experts = list(seeds[0].beliefs)
    scores = {expert: score_of([seed.beliefs[expert] for seed in seeds], seeds, shares) for expert in experts}
    levels = sorted({score.calibration for score in scores.values()}) if cut_off is None else [cut_off]
    found: list[Performance] = []
    for level in levels:
        raw = {name: score.combined if score.calibration >= level else 0.0 for name, score in scores.items()}
        total = math.fsum(raw.values())
        if total <= 0.0:
            continue
        weights = {name: value / total for name, value in raw.items()}
        pooled = [linear_pool(list(seed.beliefs.values()), list(weights.values())) for seed in seeds]
        found.append(Performance(scores, weights, level, score_of(pooled, seeds, shares), len(seeds)))
    if not found:
        best = max(score.calibration for score in scores.values())
        hint = "take a lower cut-off, or equal weights"
        raise UsageError(f"no expert has a calibration above the cut-off; the best has {best:.2g}; {hint}")
    return max(found, key=lambda one: (one.pooled.combined, -one.cut_off))
