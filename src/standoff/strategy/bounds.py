"""Bounds on many means at once, from blocks: what holds for all of them together at a stated error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, exp, lgamma, log, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import student
from standoff.errors import UsageError, real_number

Floats = NDArray[np.float64]

MOST_BY_BONFERRONI = 20
"""Up to how many means share the error in equal parts; for more, their joint law is resampled."""
FEW_MOVED = 30
"""Up to how many blocks that differ from the rest, and a fifth of all, Student's interval is not trusted alone."""
AT_ONCE = 4_000_000
"""The most counts of resampled blocks that are in memory together."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Means over blocks with their standard errors: all of `high` hold together at the stated error, and all of `low`.

    Each is of shape (means,). `reach` is how many standard errors the bounds are away where the sample is large.
    """

    mean: Floats
    error: Floats
    low: Floats
    high: Floats
    reach: float


def simultaneous(samples: Floats, *, error: float, moved: NDArray[np.int64], span: Floats, seed: int = 0) -> Bounds:
    """Bounds of the means of `samples`, of shape (blocks, means).

    With probability 1 - `error` no mean lies above its `high`, and with the same probability none lies below its `low`.
    Up to 20 means: Student's quantile at `error` divided by their number (Bonferroni). More: the largest of the
    studentised means in 2,000 bootstrap samples or more of the blocks, which knows how the means depend on one another
    (max-t; Romano and Wolf 2005, Econometrica 73:1237, doi:10.1111/j.1468-0262.2005.00615.x).

    Student's interval knows nothing of luck that the blocks hardly show. `moved` says in how many blocks luck changed
    what a mean is of; where these are few (FEW_MOVED), the bounds also allow for as many as the binomial law does
    (`most_of`), each as large as the largest that was seen, or as large as `span` where none was. So a policy that made
    no difference in 100 blocks is not known to make none. Both have the shape (means,).

    Raises UsageError for fewer than two blocks, and unless 0 < `error` < 1/2.
    """
    blocks, means = samples.shape
    if blocks < 2:
        raise UsageError("two blocks at least are needed to know how much luck changes")
    check_error(error)
    mean = samples.mean(axis=0)
    # Deviations first: the spread of equal numbers is 0 and not what rounding leaves of their mean.
    middle = np.median(samples, axis=0)
    own = (samples - middle).std(axis=0, ddof=1) / np.sqrt(blocks)
    by_student = student(1 - error / max(means, 1), blocks - 1)
    down = up = by_student
    often = moved > few_of(blocks)
    if np.count_nonzero(often) > MOST_BY_BONFERRONI:
        # Those that luck hardly moves keep their equal parts of the error; the rest have what is left in common.
        down, up = _max_t(samples[:, often], error * np.count_nonzero(often) / means, seed)
    low, high = mean - np.where(often, down, by_student) * own, mean + np.where(often, up, by_student) * own
    away = np.abs(samples - middle).max(axis=0)
    for at in np.flatnonzero(~often):
        unseen = most_of(int(moved[at]), blocks, error / means) * float(away[at] if moved[at] else span[at])
        low[at], high[at] = min(low[at], middle[at] - unseen), max(high[at], middle[at] + unseen)
    return Bounds(mean, own, low, high, max(down, up))


def check_error(error: float) -> None:
    """Raises UsageError for an error that is none: it must lie between 0 and 1/2."""
    if not 0 < real_number(error, "the error") < 0.5:
        raise UsageError(f"the error must lie between 0 and 0.5, not {error:g}")


def few_of(blocks: int) -> int:
    """Up to how many blocks that differ from the rest are few."""
    return min(FEW_MOVED, blocks // 5)


@cache
def most_of(seen: int, blocks: int, error: float) -> float:
    """The largest share of which no more than `seen` of so many blocks come with at least this probability.

    The upper end of Clopper and Pearson (1934, Biometrika 26:404, doi:10.1093/biomet/26.4.404), by halving.
    """
    if seen >= blocks:
        return 1.0
    ways = [lgamma(blocks + 1) - lgamma(k + 1) - lgamma(blocks - k + 1) for k in range(seen + 1)]
    low, high = seen / blocks, 1.0
    for _ in range(60):
        share = (low + high) / 2
        below = sum(exp(way + k * log(share) + (blocks - k) * log1p(-share)) for k, way in enumerate(ways))
        low, high = (share, high) if below > error else (low, share)
    return low


def _max_t(samples: Floats, error: float, seed: int) -> tuple[float, float]:
    """How many standard errors below and above all means together lie within, each at the error."""
    blocks = len(samples)
    centred = samples - samples.mean(axis=0)
    squares = centred**2
    generator = np.random.default_rng(seed)
    wanted = min(max(2000, ceil(20 / error)), 20_000)
    size = max(1, AT_ONCE // blocks)
    below, above = [], []
    for start in range(0, wanted, size):
        some = min(size, wanted - start)
        picked = generator.integers(0, blocks, (some, blocks)) + blocks * np.arange(some)[:, None]
        counts = np.bincount(picked.ravel(), minlength=some * blocks).reshape(some, blocks).astype(np.float64)
        means = counts @ centred / blocks
        spread = np.sqrt(np.maximum(counts @ squares / blocks - means**2, 0) / (blocks - 1))
        with np.errstate(invalid="ignore", divide="ignore"):
            t = np.where(spread > 0, means / spread, 0.0)
        below.append(t.max(axis=1))
        above.append((-t).max(axis=1))
    reach = [float(np.quantile(np.concatenate(one), 1 - error, method="higher")) for one in (below, above)]
    return reach[0], reach[1]


def largest_mean(rows: Floats) -> tuple[float, float, float]:
    """The largest of the true means of rows (rows, replicates), cross-fitted, with its 95% interval.

    Picked on each half of the replicates and valued on the other: the largest of noisy means is too large. The lower
    end is that of the cross-fitted value, which never lies above the largest mean but for luck. The upper end is the
    highest of all rows: no row's mean lies above its own, so neither does the largest, whichever it is (an
    intersection-union test; Berger 1982, Technometrics 24:295, doi:10.1080/00401706.1982.10487790).
    """
    values, errors, freedom = [], [], []
    for picks, valued in ((rows[:, ::2], rows[:, 1::2]), (rows[:, 1::2], rows[:, ::2])):
        own = valued[int(picks.mean(axis=1).argmax())]
        values.append(float(own.mean()))
        errors.append(float(own.var(ddof=1)) / len(own))
        freedom.append(len(own) - 1)
    value, replicates = sum(values) / 2, rows.shape[1]
    reach = student(0.975, replicates - 1) / sqrt(replicates)
    high = float((rows.mean(axis=1) + reach * rows.std(axis=1, ddof=1)).max())
    return value, value - student(0.975, min(freedom)) * sqrt(sum(errors)) / 2, max(value, high)
