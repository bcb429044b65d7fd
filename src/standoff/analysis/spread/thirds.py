"""What one uncertain number does to a yes: its share where the number is high beside that where it is low.

The runs of an ensemble draw numbers independently of each other, so the runs in which one of them is high differ from
those in which it is low by that number and by chance alone; numbers that are correlated show what the others of their
group do as well, and `beside` names these. No run is made for this. A number counts as clear
where Fisher's exact test says so after Holm's correction for having looked at all of them (Holm 1979, Scand. J. Stat.
6:65): in at most 5 of 100 ensembles in which no number matters is any called clear. The largest of several differences
is on average a little larger than it would be in new runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import newcombe

LEVEL = 0.05
"""How often any number at most is called clear where none matters."""

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Contrast:
    """In how many of the runs with a high and of those with a low value of a number it is yes.

    `low` is the largest value that counts as low, `high` the smallest that counts as high. `difference` is the share
    of yes among the high ones less that among the low ones, with its 95% interval (Newcombe).
    """

    name: str
    low: float
    high: float
    low_yes: int
    low_runs: int
    high_yes: int
    high_runs: int
    difference: float
    difference_low: float
    difference_high: float
    about: str = ""
    """What its author says of the number."""
    beside: tuple[str, ...] = ()
    """The numbers that are correlated with it, any of which may be what makes the difference."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """The clear ones among the numbers that were `tried`, those that move the share of yes most first."""

    tried: int
    clear: tuple[Contrast, ...]


def by_thirds(values: Mapping[str, Floats], yes: Truths) -> Contrasts:
    """Which numbers move the share of yes; `values` has what each run drew of each, `yes` what it answered.

    A number that is the same in all runs is not tried.
    """
    drawn = {name: of for name, of in values.items() if len(of) and of.min() < of.max()}
    found = [_contrast(name, of, yes) for name, of in drawn.items()]
    logs = log_factorials(len(yes))
    ps = [fisher(one.high_yes, one.high_runs, one.low_yes, one.low_runs, logs=logs) for one in found]
    clear: list[Contrast] = []
    # Holm: the smallest against the level shared by all, the next against that shared by all the others, and so on.
    for rank, at in enumerate(np.argsort(ps, kind="stable").tolist()):
        if ps[at] > LEVEL / (len(ps) - rank):
            break
        clear.append(found[at])
    clear.sort(key=lambda one: -abs(one.difference))
    return Contrasts(len(found), tuple(clear))


def _contrast(name: str, values: Floats, yes: Truths) -> Contrast:
    third, two_thirds = np.quantile(values, [1 / 3, 2 / 3], method="inverted_cdf")
    low, high = values <= third, values > two_thirds
    # Of a number with few values one may be more than a third of the runs: it is on one side only, or on none.
    if third == two_thirds and np.any(values < third):
        low = values < third
    if not np.any(high):
        high = values >= two_thirds
    low_yes, low_runs = int(np.count_nonzero(yes & low)), int(np.count_nonzero(low))
    high_yes, high_runs = int(np.count_nonzero(yes & high)), int(np.count_nonzero(high))
    around = newcombe(high_yes, high_runs, low_yes, low_runs)
    return Contrast(
        name=name,
        low=float(values[low].max()),
        high=float(values[high].min()),
        low_yes=low_yes,
        low_runs=low_runs,
        high_yes=high_yes,
        high_runs=high_runs,
        difference=high_yes / high_runs - low_yes / low_runs,
        difference_low=around.low,
        difference_high=around.high,
    )


def log_factorials(most: int) -> Floats:
    """The logarithm of n! for each n up to the most."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])


def fisher(yes: int, runs: int, other_yes: int, other_runs: int, *, logs: Floats) -> float:
    """The two-sided p of Fisher's exact test that two shares are one and the same.

    It adds up all tables with the same sums that are no likelier than this one (Fisher 1935, J. R. Stat. Soc. 98:39).
    `logs` are log factorials, at least up to the larger number of runs.
    """
    whole = yes + other_yes
    hits = np.arange(max(0, whole - other_runs), min(whole, runs) + 1)
    logged = -(logs[hits] + logs[runs - hits] + logs[whole - hits] + logs[other_runs - whole + hits])
    weights = np.exp(logged - logged.max())
    here = weights[yes - hits[0]]
    # Tables that are as likely as this one count as well, whatever the last bits say.
    return float(weights[weights <= here * (1 + 1e-7)].sum() / weights.sum())
