"""Which lever does well whatever the world is like: four criteria side by side, each with an interval.

A *lever* is a choice of one actor; a *world* is what it does not choose: a draw of the parameters, a variant, the
policies of others. Each world is run several times (replicates) under every lever. The largest of several noisy means
is too large on average (Smith and Winkler 2006, Manage. Sci. 52:311, doi:10.1287/mnsc.1050.0451), and no estimator of a
maximum is unbiased (van Hasselt 2013, arXiv 1302.7175). So worst worlds and best rivals are *cross-fitted*: picked on
one half of the replicates and valued on the other, then the other way round, and averaged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite, sqrt
from typing import Literal

import numpy as np

from standoff.analysis.answers import check_reach, student, wilson
from standoff.errors import UsageError, real_number
from standoff.strategy.bounds import largest_mean, simultaneous
from standoff.strategy.payoffs import ROUNDING, Floats

FEWEST_REPLICATES = 4
"""With fewer replicates there are no two halves with an error each."""
REPLICATES_THAT_TELL = 8
"""With fewer replicates intervals of worst worlds and regrets are wide, and what was seen does not bound them."""

Criterion = Literal["mean", "worst", "regret", "share"]


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Payoffs of an actor: `payoff` has the shape (levers, worlds, replicates), in the unit of its goal.

    Replicate r of a world has the same luck under every lever. `drawn` says that the worlds are independent draws of
    what is not known, with luck of their own, so that the intervals are those of all worlds that might be drawn; else
    these are all the worlds that are meant. Raises UsageError for another shape and for payoffs that are not finite.
    """

    levers: tuple[str, ...]
    worlds: tuple[str, ...]
    payoff: Floats
    drawn: bool = True

    def __post_init__(self) -> None:
        payoff = np.array(self.payoff, dtype=np.float64)
        if payoff.ndim != 3 or payoff.shape[:2] != (len(self.levers), len(self.worlds)) or not payoff.size:
            raise UsageError("payoffs must have the shape (levers, worlds, replicates), with one of each at least")
        if len(set(self.levers)) != len(self.levers) or len(set(self.worlds)) != len(self.worlds):
            raise UsageError("levers, and worlds, must have different names")
        if not np.isfinite(payoff).all():
            raise UsageError("a payoff is not a finite number")
        check_reach(payoff.ravel())
        payoff.setflags(write=False)
        object.__setattr__(self, "payoff", payoff)

    @property
    def replicates(self) -> int:
        """How often each world was run under each lever."""
        return int(self.payoff.shape[2])


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval; `plain` and `world` are explained where an estimate is cross-fitted."""

    value: float
    low: float
    high: float
    plain: float | None = None
    world: str | None = None


@dataclass(frozen=True, slots=True)
class LeverValue:
    """What a lever does, by each criterion, in the unit of the goal.

    `mean`: over worlds, which count alike. `worst`: in the world that is worst for it. `regret`: how much it falls
    short of the best lever in the world where it falls short most (Savage 1951). `share`: of the worlds, those in which
    it yields the threshold at least. Worst and regret are cross-fitted: on average the true worst is no higher than
    `value`, and the true regret no lower. `plain` is the estimate without cross-fitting, which errs the other way, and
    `world` the world it is in. None where there are too few replicates, or no threshold.
    """

    lever: str
    mean: Estimate
    worst: Estimate | None
    regret: Estimate | None
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class Best:
    """The lever that a criterion names, and whether it is clear: the others are worse beyond their errors."""

    criterion: Criterion
    lever: str
    clear: bool


@dataclass(frozen=True, slots=True)
class WeighedLevers:
    """All levers by all criteria, and the one that each criterion names."""

    values: tuple[LeverValue, ...]
    best: tuple[Best, ...]
    worlds: int
    replicates: int


def weigh_levers(trials: Trials, *, threshold: float | None = None, regret: bool = True) -> WeighedLevers:
    """Weigh levers by mean, worst world, minimax regret and the share of worlds above a threshold.

    Raises UsageError for minimax regret with fewer than four replicates: of one run in each world the largest
    difference is mostly luck. Without it (`regret=False`) one replicate does for means and shares, of two worlds that
    were drawn at least.
    """
    halves = trials.replicates >= FEWEST_REPLICATES
    if regret and not halves:
        raise UsageError(
            f"minimax regret needs {FEWEST_REPLICATES} replicates of each world at least, not {trials.replicates}: the "
            "largest of single differences is mostly luck; make more replicates of fewer worlds, or leave it out"
        )
    if _samples(trials).shape[1] < 2:
        more = "worlds that were drawn" if trials.drawn else "replicates"
        raise UsageError(f"nobody knows from one how much others differ: give two {more} at least")
    if threshold is not None and not isfinite(real_number(threshold, "the threshold")):
        raise UsageError(f"the threshold must be a number, in the unit of the goal, not {threshold!r}")
    values = tuple(
        LeverValue(
            lever,
            _mean(trials, at),
            _worst(trials, at) if halves else None,
            _regret(trials, at) if regret else None,
            None if threshold is None else _share(trials, at, threshold),
        )
        for at, lever in enumerate(trials.levers)
    )
    best = [_best_mean(trials, values)]
    if halves:
        best.append(_best("worst", [(one.lever, one.worst) for one in values], 1))
    if regret:
        best.append(_best("regret", [(one.lever, one.regret) for one in values], -1))
    if threshold is not None:
        best.append(_best("share", [(one.lever, one.share) for one in values], 1))
    return WeighedLevers(values, tuple(best), len(trials.worlds), trials.replicates)


def possible_values(weighed: WeighedLevers, trials: Trials) -> tuple[LeverValue, ...]:
    """What levers do, without what cannot be: cross-fitted estimates are right on average and may lie beyond it.

    No regret is below 0. Where there are eight replicates or more, no worst world lies beyond the payoffs that were
    seen of its lever: a mean is below all of eight as often as 1 in 256.
    """
    values = []
    for value, own in zip(weighed.values, trials.payoff, strict=True):
        worst = value.worst
        if worst is not None and trials.replicates >= REPLICATES_THAT_TELL:
            worst = _within(worst, float(own.min()), float(own.max()))
        regret = None if value.regret is None else _within(value.regret, 0.0, inf)
        values.append(replace(value, worst=worst, regret=regret))
    return tuple(values)


def _within(one: Estimate, least: float, most: float) -> Estimate:
    value, low, high = (min(max(number, least), most) for number in (one.value, one.low, one.high))
    return replace(one, value=value, low=low, high=high)


def _samples(trials: Trials) -> Floats:
    """Independent means of each lever: of worlds that were drawn, else of replicates over all worlds: (levers, n)."""
    return np.asarray(trials.payoff.mean(axis=2 if trials.drawn else 1))


def _mean(trials: Trials, lever: int) -> Estimate:
    own = _samples(trials)[lever]
    mean = float(own.mean())
    half = student(0.975, len(own) - 1) * float(own.std(ddof=1)) / sqrt(len(own))
    return Estimate(mean, mean - half, mean + half)


def _worst(trials: Trials, lever: int) -> Estimate:
    """Of the worlds, the one with the lowest mean."""
    own = trials.payoff[lever]
    means = own.mean(axis=1)
    at = int(means.argmin())
    value, low, high = largest_mean(-own)
    # The worst world is no better than all of them are on average, which is known from all replicates.
    pooled, replicates = own.mean(axis=0), trials.replicates
    average = float(pooled.mean()) + student(0.975, replicates - 1) * float(pooled.std(ddof=1)) / sqrt(replicates)
    return Estimate(-value, -high, max(-value, min(-low, average)), float(means[at]), trials.worlds[at])


def _regret(trials: Trials, lever: int) -> Estimate:
    """Of all levers in all worlds, the one that does most better than this one; itself does by 0."""
    short = trials.payoff - trials.payoff[lever]
    means = short.mean(axis=2)
    world = int(means.max(axis=0).argmax())
    value, low, high = largest_mean(short.reshape(-1, trials.replicates))
    return Estimate(value, low, high, float(means.max()), trials.worlds[world])


def _share(trials: Trials, lever: int, threshold: float) -> Estimate:
    """The share of worlds whose mean is the threshold at least; of single runs, where there is one in each world.

    The interval goes from the worlds that are above it beyond their errors to those that may be, and further by
    Wilson's interval where the worlds were drawn.
    """
    own, count, replicates = trials.payoff[lever], len(trials.worlds), trials.replicates
    means = own.mean(axis=1)
    half = np.zeros(count)
    if replicates > 1:
        # Each world at 95%, where there are many; all of them together, where these are all that are meant.
        level = 0.975 if trials.drawn else 1 - 0.025 / count
        half = student(level, replicates - 1) * own.std(axis=1, ddof=1) / sqrt(replicates)
    surely, perhaps = (int(np.count_nonzero(means + by >= threshold)) for by in (-half, half))
    low, high = surely / count, perhaps / count
    if trials.drawn:
        low, high = wilson(surely, count).low, wilson(perhaps, count).high
    return Estimate(float(np.count_nonzero(means >= threshold)) / count, low, high)


def _best_mean(trials: Trials, values: tuple[LeverValue, ...]) -> Best:
    """The lever with the highest mean; clear where it beats all others by the differences within their shared luck."""
    at = max(range(len(values)), key=lambda lever: values[lever].mean.value)
    samples = _samples(trials)
    others = np.delete(samples[at] - samples, at, axis=0).T
    if others.shape[1] == 0:
        return Best("mean", trials.levers[at], True)
    span = float(np.ptp(trials.payoff))
    moved = (np.abs(others - np.median(others, axis=0)) > ROUNDING * span).sum(axis=0)
    low = simultaneous(others, error=0.05, moved=moved, span=np.full(others.shape[1], span)).low
    return Best("mean", trials.levers[at], bool((low > 0).all()))


def _best(criterion: Criterion, estimates: list[tuple[str, Estimate | None]], sign: int) -> Best:
    """The lever whose estimate is largest (sign 1) or smallest (-1); clear where its interval is beyond all others."""
    known = {lever: one for lever, one in estimates if one is not None}
    lever = max(known, key=lambda name: sign * known[name].value)
    own = known.pop(lever)
    if sign > 0:
        clear = all(own.low > other.high for other in known.values())
    else:
        clear = all(own.high < other.low for other in known.values())
    return Best(criterion, lever, clear)
