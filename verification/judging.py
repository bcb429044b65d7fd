"""The suite's statistics and the verdict on a case.

For n runs of which a quantity at a time has the mean M, and the mean square deviation S^2 from the exact mean mu, the
suite's guide (Evans, Gillespie and Wilkinson 2008, Bioinformatics 24:285; the README of the stochastic cases) defines

    Z = sqrt(n) (M - mu) / sigma           to lie within -3..3
    Y = sqrt(n / 2) (S^2 / sigma^2 - 1)    to lie within -5..5, or what the settings of the case say

and says that a correct simulator will now and then leave the ranges: in a run of the original suite with n = 10,000,
two or three Z and five or six Y do. So the ranges alone are no verdict: they are reported, and each point outside is in
doubt, Y only if it also lies beyond WIDTHS of its own standard deviations, which is 1 for a normal quantity, and
w = sqrt((kurtosis - 1) / 2) in general (2 for an exponential quantity, 7 for the nearly extinct population of case
00003, where Y leaves -5..5 in 47 of 100 batches of exact draws). What is in doubt is looked at in a fresh batch of n
runs, and again, up to BATCHES in all. A case fails if some point is in doubt on the same side in every batch.

Chance does this to a point with the probability p_low^4 + p_high^4, where p is the chance of one side in one batch;
batches are independent, and over points these add up, whatever the dependence between points. For Z p is 0.00135, so
6.6e-12 at a point. For Y p was measured with exact draws at n = 10,000 for the heaviest laws of the suite: at most
0.003 on either side (exponential, Laplace, and the populations of 00003 at 20 to 50 days), so 1.6e-10 at a point. In
6,000 points, about what the public half of the suite has, that is a false alarm with a probability below 1e-6; were p
0.005, 8e-6.

A wrong model shifts Z by sqrt(n) times its error in standard deviations, in every batch: 6 such units fail it with
probability 0.99. Where the suite gives a mean and no deviation (the law has none), the mean square from the exact mean
stands for sigma^2; then Z of a symmetric law has tails no wider than exp(-z^2 / 2) (Efron 1969, JASA 64:1278). Where
sigma is 0 the value must be exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verification.simulate import Sums

Floats = NDArray[np.float64]
BATCHES = 4
WIDTHS = 3.0
_ROUNDED = 1e-4
"""The suite writes its numbers with five decimals: a deviation below this is none."""


@dataclass(frozen=True)
class Scores:
    """Z and Y of one batch, (outputs, times); not a number where the suite gives nothing to compare with.

    `width` is the standard deviation of Y, where that is more than 1.
    """

    z: Floats
    y: Floats
    width: Floats

    def outside(self, mean_limit: float, sd_limit: float) -> Floats:
        """For Z, then Y: -1 or 1 where a point lies below or above its range, 0 elsewhere."""
        found = np.zeros((2, *self.z.shape))
        for i, (scores, limit) in enumerate(((self.z, mean_limit), (self.y, sd_limit))):
            known = np.where(np.isnan(scores), 0.0, scores)
            found[i] = np.where(np.abs(known) < limit, 0.0, np.sign(known))
        return found

    def in_doubt(self, mean_limit: float, sd_limit: float) -> Floats:
        """As `outside`, without those Y that their own width explains."""
        found = self.outside(mean_limit, sd_limit)
        found[1] = np.where(np.abs(self.y) > WIDTHS * self.width, found[1], 0.0)
        return found


def centre_of(mean: Floats) -> Floats:
    """What deviations are taken from: the exact mean, or 0 where the suite gives none."""
    return np.where(np.isnan(mean), 0.0, mean)


@np.errstate(invalid="ignore", divide="ignore")
def scores_of(sums: Sums, mean: Floats, sd: Floats) -> Scores:
    """The suite's statistics of a batch whose deviations were taken from `centre_of(mean)`."""
    n = sums.runs
    gap, square = sums.first / n, sums.second / n
    square = np.where(np.isnan(mean), square - gap * gap, square)
    sigma = np.where(np.isnan(sd), np.sqrt(square), sd)
    exact = sigma < _ROUNDED
    safe = np.where(exact, 1.0, sigma)
    tolerance = _ROUNDED * np.maximum(1.0, np.abs(centre_of(mean)))
    off = np.where(np.abs(gap) <= tolerance, 0.0, np.copysign(math.inf, gap))
    z = np.where(exact, off, math.sqrt(n) * gap / safe)
    spread = np.where(np.sqrt(square) <= tolerance, 0.0, math.inf)
    y = np.where(exact, spread, math.sqrt(n / 2.0) * (square / safe**2 - 1.0))
    kurtosis = np.where(exact, 3.0, sums.fourth / n / np.where(exact | (square == 0.0), 1.0, square) ** 2)
    width = np.sqrt(np.maximum(1.0, (kurtosis - 1.0) / 2.0))
    return Scores(np.where(np.isnan(mean), np.nan, z), np.where(np.isnan(sd), np.nan, y), width)


@dataclass
class Judgement:
    """The first batch in the suite's own terms, and what further batches say of its points outside."""

    scores: Scores
    mean_limit: float
    sd_limit: float
    batches: int = 1

    def __post_init__(self) -> None:
        self.strict = self.scores.outside(self.mean_limit, self.sd_limit)
        self.doubtful = self.scores.in_doubt(self.mean_limit, self.sd_limit)

    def again(self, scores: Scores) -> None:
        """Take another batch into account: only points in doubt on the same side stay so."""
        self.batches += 1
        now = scores.in_doubt(self.mean_limit, self.sd_limit)
        self.doubtful = np.where(now == self.doubtful, self.doubtful, 0.0)

    @property
    def open(self) -> bool:
        """Whether some point is in doubt and may be looked at again."""
        return bool(self.doubtful.any()) and self.batches < BATCHES

    @property
    def passed(self) -> bool:
        """Whether no point is in doubt in every batch."""
        return not self.doubtful.any()

    def counts(self) -> dict[str, int]:
        """Of Z and Y: how many points there are, and how many lie inside in the first batch."""
        points = [int((~np.isnan(scores)).sum()) for scores in (self.scores.z, self.scores.y)]
        outside = [int((side != 0).sum()) for side in self.strict]
        return {
            "z_points": points[0], "z_inside": points[0] - outside[0],
            "y_points": points[1], "y_inside": points[1] - outside[1],
        }  # fmt: skip

    def worst(self) -> dict[str, float]:
        """The widest Z and Y of the first batch."""
        return {
            name: float(np.nanmax(np.abs(scores), initial=0.0))
            for name, scores in (("z_worst", self.scores.z), ("y_worst", self.scores.y))
        }
