"""Verdicts on claims: one look at pairs of runs, and what the interval of the effect says of its sign and size.

Both come from two intervals at the error of the look: that of the effect, and that of how far it goes beyond the least
effect that would count. Whatever the effect is, a false verdict needs one side of the first or one side of the second
to miss: together no more than the error of the look.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import student
from standoff.analysis.effects.differences import Difference, difference
from standoff.scenario import Direction

Floats = NDArray[np.float64]
Verdict = Literal["holds", "weaker than claimed", "reversed", "not distinguishable"]

FIRST = 100
"""Pairs of runs at the first look; each further look has twice as many."""
LEAST_CHANGED = 10
"""Pairs that must differ before a claim is settled: with fewer, no interval from their spread can be trusted."""
SIGNS: dict[Direction, float] = {"rises": 1.0, "later": 1.0, "falls": -1.0, "sooner": -1.0}


class Least(NamedTuple):
    """The least effect that would count: an amount in the unit of the effect, or a share of what is without it."""

    amount: float
    of_base: bool = False

    def of(self, base: float) -> float:
        """How much that is where the mean without the cause is `base`."""
        return self.amount * abs(base) if self.of_base else self.amount


class Look(NamedTuple):
    """What one look at a claim shows: the effect, what that says now, and whether that is settled.

    `short` says that the effect is surely less than the least that would count, whatever its sign: it will not hold.
    """

    effect: Difference
    verdict: Verdict
    settled: bool
    short: bool = False


def looks_of(at_most: int) -> list[int]:
    """The numbers of pairs of runs after which a claim is tested."""
    looks = [FIRST]
    while looks[-1] * 2 < at_most:
        looks.append(looks[-1] * 2)
    return [*looks, at_most] if at_most > looks[-1] else looks


def judge(
    base: Floats, caused: Floats, direction: Direction, *, error: float, share: bool, same: bool = False,
    least: Least | None = None,
) -> Look:  # fmt: skip
    """One look at pairs of runs, (runs,) without and with the cause: the difference and what it says, at an error."""
    reach = student(1.0 - error / 2.0, len(base) - 1)
    effect = difference(base, caused, same=same, share=share, reach=reach)
    few = effect.changed < LEAST_CHANGED
    low, high = (0.0, 0.0) if least is None else _beyond(base, caused, SIGNS[direction], effect, least, reach=reach)
    # A mean over few differences may hang on one that is rare, and has not come yet; a probability cannot.
    short = high < 0.0 and (share or not few)
    if few or effect.low <= 0.0 <= effect.high:
        return Look(effect, "not distinguishable", settled=False, short=short)
    if np.sign(effect.low) != SIGNS[direction]:
        return Look(effect, "reversed", settled=True, short=short)
    # A size that the interval leaves open is not claimed; only more pairs can show it.
    holds = least is None or low >= 0.0
    return Look(effect, "holds" if holds else "weaker than claimed", settled=holds or short, short=short)


def _beyond(
    base: Floats, caused: Floats, sign: float, effect: Difference, least: Least, *, reach: float
) -> tuple[float, float]:
    """The interval of how far an effect goes beyond the least that would count, in the direction of the claim."""
    if not least.of_base:
        ends = sorted((sign * effect.low, sign * effect.high))
        return ends[0] - least.amount, ends[1] - least.amount
    # The base is uncertain as well, and known from the same pairs.
    wanted = least.amount * np.sign(base.mean()) * base
    beyond = difference(wanted, sign * (caused - base), same=False, share=False, reach=reach)
    return beyond.low, beyond.high
