"""How much of an answer's variance a factor explains alone, and how much with all that it plays together with.

The first-order index of a factor is the share of the variance of the means given its value; the total index the share
that stays when all but it is known (Sobol 1993; Homma and Saltelli 1996, doi:10.1016/0951-8320(96)00002-6). Runs that
share all but one factor are the same where that factor does nothing, and both its indices are then 0 to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import wilson
from standoff.analysis.spread.variance import Share, interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Indices:
    """What a factor explains alone, and with all that it plays together with, as shares of the variance."""

    first: Share
    total: Share


def first_indices(
    base: Floats, other: Floats, changed: Mapping[str, Floats], counts: Iterable[Floats], whole: float
) -> dict[str, Share]:
    """The first-order index of each factor, of answers (rows,) each.

    `base` and `other` have no factor in common; `changed` are the answers with all factors as in `base` and this one as
    in `other`. Covariance of `other` with what the factor changes, over the variance `whole` (Saltelli et al. 2010,
    Comput. Phys. Commun. 181:259, doi:10.1016/j.cpc.2009.09.018, table 2 b). `counts` says how often each bootstrap
    sample has each row: (samples, rows), for some samples after the others.
    """
    rows = len(base)
    origin = float(base.mean())
    products = {name: (other - origin) * (one - base) for name, one in changed.items()}
    moved = {name: one - base for name, one in changed.items()}
    again: dict[str, list[Floats]] = {name: [] for name in changed}
    for some in counts:
        middle = some @ (other - origin) / rows
        for name, product in products.items():
            again[name].append((some @ product / rows - middle * (some @ moved[name]) / rows) / whole)
    found = {}
    for name, product in products.items():
        value = float(product.mean() - (other - origin).mean() * moved[name].mean()) / whole
        found[name] = interval(value, np.concatenate(again[name]))
    return found


def indices_of_levels(levels: Floats, counts: Iterable[Floats], whole: float, *, share: bool) -> Indices:
    """The indices of a factor with as many values as `levels` has rows, each as likely: answers (values, rows).

    All else is shared within a column. Total: the mean variance within columns. First-order: the variance of the means
    over columns; their squared error, which makes means differ where they are equal, is taken off, as `variance.py`
    does for variants. With `share` answers are 0 or 1, and the interval of the total is Wilson's of the columns that
    differ.
    """
    values, columns = levels.shape
    within = levels.var(axis=0)
    away = levels - levels.mean(axis=0)
    first, totals = [], []
    for some in counts:
        first.append(_between(away, some, noise=2) / whole)
        totals.append(some @ within / columns / whole)
    value = float(_between(away, np.ones((1, columns)), noise=1)[0]) / whole
    mean = float(within.mean())
    total = interval(mean / whole, np.concatenate(totals))
    if share:
        differing = int(np.count_nonzero(within))
        known = wilson(differing, columns)
        # The variance of a column that differs; where none was seen, the largest that there can be.
        each = mean * columns / differing if differing else (values // 2) * (values - values // 2) / values**2
        total = Share(mean / whole, known.low * each / whole, known.high * each / whole)
    return Indices(interval(value, np.concatenate(first)), total)


def _between(away: Floats, samples: Floats, *, noise: int) -> Floats:
    """The variance of the values' means, less the error that `noise` says how often is in it: (samples,)."""
    columns = away.shape[1]
    means = samples @ away.T / columns
    errors = (samples @ (away**2).T / columns - means**2) / (columns - 1)
    return np.asarray((means**2 - noise * errors).mean(axis=1))
