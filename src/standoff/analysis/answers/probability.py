"""What a number of runs says of a probability or of a quantile, and how far it can be off."""

from __future__ import annotations

from functools import cache
from math import cos, fsum, pi, sin, sqrt, tan
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble import FEWEST_FOR_A_MEDIAN
from standoff.errors import UsageError

Z_95 = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: 95% intervals reach so many standard errors."""


LARGEST = 1e150
"""The largest answer whose square, and the sum of many, is a number."""


class Interval(NamedTuple):
    """A 95% interval, both ends included."""

    low: float
    high: float


def check_reach(*answers: NDArray[np.float64]) -> None:
    """Raises UsageError for answers whose differences or squares no number could hold."""
    largest = max((float(np.abs(values).max()) for values in answers if len(values)), default=0.0)
    if largest > LARGEST:
        raise UsageError(f"an answer of {largest:g} is too large to take differences of; the limit is {LARGEST:g}")


def wilson(yes: float, runs: float) -> Interval:
    """The 95% interval of a probability after `yes` of `runs` runs.

    It also holds near 0 and 1, where yes/runs plus or minus its standard error does not (Wilson 1927,
    J. Am. Stat. Assoc. 22:209, doi:10.1080/01621459.1927.10502953).
    """
    if not 0 <= yes <= runs or runs == 0:
        raise ValueError(f"{yes} of {runs} runs is not a share")
    share, spread = yes / runs, Z_95**2 / runs
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * sqrt(share * (1 - share) / runs + spread / (4 * runs))
    # At the ends the formula gives 0 and 1 but for rounding.
    return Interval(0.0 if yes == 0 else middle - half, 1.0 if yes == runs else middle + half)


def quantile(values: NDArray[np.float64], share: float) -> float:
    """The value below or at which at least this share of sorted `values` lies; always one of the values."""
    return float(values[max(0, int(np.ceil(share * len(values))) - 1)])


def median_interval(values: NDArray[np.float64]) -> Interval | None:
    """The 95% interval of the median of sorted `values`, from their order alone; None where there are too few.

    The number of values below the true median is binomial with probability one half, so two of the ordered values
    enclose it (David and Nagaraja 2003, Order Statistics, section 7.1; ranks by the normal approximation).
    """
    count = len(values)
    if count < FEWEST_FOR_A_MEDIAN:
        return None
    half = Z_95 * sqrt(count) / 2
    low = max(0, int(np.floor(count / 2 - half)))
    high = min(count - 1, int(np.ceil(count / 2 + half)))
    return Interval(float(values[low]), float(values[high]))


def newcombe(yes: int, runs: int, other_yes: int, other_runs: int) -> Interval:
    """The 95% interval of a difference between two independent shares (Newcombe 1998, method 10).

    Stat. Med. 17:873, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    one, two = yes / runs, other_yes / other_runs
    mine, theirs = wilson(yes, runs), wilson(other_yes, other_runs)
    below = sqrt((one - mine.low) ** 2 + (theirs.high - two) ** 2)
    above = sqrt((mine.high - one) ** 2 + (two - theirs.low) ** 2)
    return Interval(one - two - below, one - two + above)


MOST_BY_HALVING = 2000
"""Up to how many degrees of freedom Student's t is summed term by term."""


@cache
def student(level: float, freedom: int) -> float:
    """A quantile (of at least 0.5) of Student's t, from its distribution for whole degrees of freedom by halving.

    Abramowitz and Stegun 1964, 26.7.3 and 26.7.4: the probability within -t to t, where tan(angle) = t / sqrt(n). For
    many degrees of freedom it is their series 26.7.5 around the normal quantile, which has all digits there.
    """
    if freedom > MOST_BY_HALVING:
        return _student_of_many(NormalDist().inv_cdf(level), freedom)

    def within(angle: float) -> float:
        if freedom % 2 == 0:
            total = term = 1.0
            for k in range(1, freedom // 2):
                term *= (2 * k - 1) / (2 * k) * cos(angle) ** 2
                total += term
            return sin(angle) * total
        total = 0.0
        term = cos(angle)
        for k in range(1, (freedom + 1) // 2):
            total += term
            term *= 2 * k / (2 * k + 1) * cos(angle) ** 2
        return 2 / pi * (angle + sin(angle) * total)

    low, high = 0.0, pi / 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < 2 * level - 1 else (low, middle)
    return sqrt(freedom) * tan(low)


def _student_of_many(z: float, n: int) -> float:
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return fsum(term / n**power for power, term in enumerate(terms))
