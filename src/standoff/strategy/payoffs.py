"""What each actor gains under each profile of policies, block by block: the data on which the empirical game rests.

A *block* is one run of every profile with the same random numbers and the same parameters. What two profiles differ in
within a block comes from the policies alone, so differences are known from far fewer runs than the payoffs themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import check_reach, student
from standoff.errors import UsageError
from standoff.strategy.bounds import few_of, most_of

Floats = NDArray[np.float64]
Mix = tuple[tuple[float, ...], ...]
"""For each actor, in order, the share of each of its policies; the shares of an actor add up to 1."""

ROUNDING = 1e-9
"""By how much the shares of a mix may fail to add up to 1, and payoffs, relative to their span, be off by rounding."""


class Luck(NamedTuple):
    """Which luck: runs `first` to `first + blocks - 1` of a random seed."""

    seed: int
    first: int
    blocks: int

    def overlaps(self, other: Luck) -> bool:
        """Whether any run belongs to both."""
        apart = self.first + self.blocks <= other.first or other.first + other.blocks <= self.first
        return self.seed == other.seed and not apart


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Payoffs of k actors in n blocks.

    `payoff` has the shape (n, policies of actor 1, …, policies of actor k, k); its last axis is whose payoff it is, on
    that actor's own scale and in its own unit. A profile that was not run in these blocks is NaN throughout. Block r is
    run `first + r` of the random seed `seed`. Raises UsageError for another shape, for a payoff that is not finite or
    is too large to take differences of, and for a profile that was run in some of the blocks only.
    """

    actors: tuple[str, ...]
    policies: tuple[tuple[str, ...], ...]
    payoff: Floats
    seed: int = 0
    first: int = 0

    def __post_init__(self) -> None:
        payoff = np.array(self.payoff, dtype=np.float64)
        shape = tuple(len(names) for names in self.policies)
        if len(self.actors) != len(self.policies) or not self.actors or 0 in shape:
            raise UsageError("a game needs actors, and a policy at least for each of them")
        if any(len(set(names)) != len(names) for names in (self.actors, *self.policies)):
            raise UsageError("actors, and the policies of an actor, must have different names")
        if payoff.shape[1:] != (*shape, len(self.actors)) or not len(payoff):
            raise UsageError(f"payoffs must have the shape (blocks, {', '.join(map(str, shape))}, {len(self.actors)})")
        absent = np.isnan(payoff).all(axis=(0, -1))
        if not np.isfinite(payoff[:, ~absent]).all():
            raise UsageError("a payoff is not a finite number, or a profile was run in some of the blocks only")
        check_reach(payoff[:, ~absent].ravel())
        payoff.setflags(write=False)
        object.__setattr__(self, "payoff", payoff)

    def __len__(self) -> int:
        return len(self.payoff)

    @property
    def luck(self) -> Luck:
        """Which luck these blocks have."""
        return Luck(self.seed, self.first, len(self))

    @property
    def complete(self) -> bool:
        """Whether every profile was run."""
        return not np.isnan(self.payoff).any()

    @property
    def mean(self) -> Floats:
        """The mean payoffs: (policies of actor 1, …, policies of actor k, k)."""
        return np.asarray(self.payoff.mean(axis=0))

    def part(self, start: int, stop: int) -> Blocks:
        """The blocks `start` to `stop - 1` of these; raises UsageError where there are none."""
        if not 0 <= start < stop <= len(self):
            raise UsageError(f"there are {len(self)} blocks, and none from {start} to {stop}")
        return replace(self, payoff=self.payoff[start:stop], first=self.first + start)


@dataclass(frozen=True, slots=True)
class MeanPayoff:
    """What an actor gains on average under a profile, with its 95% interval over blocks, in the unit of its goal."""

    profile: tuple[str, ...]
    actor: str
    mean: float
    low: float
    high: float
    blocks: int


def mean_payoffs(blocks: Blocks) -> tuple[MeanPayoff, ...]:
    """The mean of each payoff that was run, with Student's 95% interval: profile by profile, then actor by actor.

    Where few blocks differ from the rest, the interval also allows for as many as the binomial law does, within the
    payoffs that the actor was seen to have. Where none does it is one number, and says nothing of luck that comes in
    fewer than about 3 of all these blocks: a payoff that never varies looks the same.

    Each interval holds by itself. Two of them may overlap and the difference be certain all the same: the profiles of
    a block share their luck, so compare profiles by the differences within blocks. Of one block no interval is known,
    and it reaches from minus to plus infinity.
    """
    n = len(blocks)
    reach = student(0.975, n - 1) / sqrt(n) if n > 1 else float("inf")
    mean = blocks.mean
    spread = blocks.payoff.std(axis=0, ddof=1) if n > 1 else np.ones_like(mean)
    seen = [(float(np.nanmin(own)), float(np.nanmax(own))) for own in np.moveaxis(blocks.payoff, -1, 0)]
    rows = []
    for at in np.ndindex(mean.shape[:-1]):
        profile = tuple(names[policy] for names, policy in zip(blocks.policies, at, strict=True))
        for who, actor in enumerate(blocks.actors):
            middle, half = float(mean[at][who]), reach * float(spread[at][who])
            if isfinite(middle):
                low, high = _with_rare_luck(blocks.payoff[(slice(None), *at, who)], middle, half, seen[who])
                rows.append(MeanPayoff(profile, actor, middle, low, high, n))
    return tuple(rows)


def not_seen(runs: int) -> str:
    """In words, which luck so many runs do not show at 95%: the rule of three."""
    return f"and what comes in fewer than about 3 of {runs:,} runs may not be seen"


def _with_rare_luck(payoff: Floats, mean: float, half: float, seen: tuple[float, float]) -> tuple[float, float]:
    """The interval of a mean that Student's says to be so wide, as `mean_payoffs` explains."""
    least, most = seen
    usual = float(np.median(payoff))
    away = np.abs(payoff - usual)
    moved = int(np.count_nonzero(away > ROUNDING * (most - least)))
    low, high = mean - half, mean + half
    if 0 < moved <= few_of(len(payoff)):
        unseen = most_of(moved, len(payoff), 0.025) * float(away.max())
        low, high = min(low, max(usual - unseen, least)), max(high, min(usual + unseen, most))
    return low, high


def check_mix(mix: Sequence[Sequence[float]], shape: Sequence[int]) -> Mix:
    """The shares as a Mix; raises UsageError unless each actor has a share of 0 to 1 for each policy, 1 in all."""
    shares = tuple(tuple(float(share) for share in own) for own in mix)
    if tuple(len(own) for own in shares) != tuple(shape):
        raise UsageError(f"a mix must name a share for each of {tuple(shape)} policies")
    for own in shares:
        if not all(0 <= share <= 1 for share in own) or abs(sum(own) - 1) > ROUNDING:
            raise UsageError(f"the shares of an actor's policies must be 0 to 1 and add up to 1, not {own}")
    return shares


def profiles_needed(mix: Mix) -> NDArray[np.bool_]:
    """Which profiles the regret of a mix depends on: those in which one actor at most leaves its support.

    The shape is that of the policies. Fresh blocks need no other profiles; the rest of `payoff` may be NaN.
    """
    outside = np.zeros(tuple(len(own) for own in mix), dtype=np.int64)
    for actor, own in enumerate(mix):
        away = np.array([share == 0 for share in own], dtype=np.int64)
        outside += away.reshape([-1 if axis == actor else 1 for axis in range(len(mix))])
    return outside <= 1


def values_against(payoff: Floats, mix: Sequence[Floats | Sequence[float]], actor: int) -> Floats:
    """What each policy of an actor yields it while the others mix: (…, policies of the actor).

    `payoff` has the shape (…, policies of actor 1, …, policies of actor k, k), as in `Blocks` or as their mean.
    Profiles that have no weight may be NaN.
    """
    own = payoff[..., actor]
    leading = own.ndim - len(mix)
    # The last axes first: the positions of those before them stay.
    for other in reversed(range(len(mix))):
        if other != actor:
            shares = np.asarray(mix[other], dtype=np.float64)
            kept = np.flatnonzero(shares)
            taken = np.take(own, kept, axis=leading + other)
            own = np.tensordot(taken, shares[kept], axes=([leading + other], [0]))
    return np.asarray(own)


def pair_values(payoff: Floats, mix: Sequence[Floats], actor: int, other: int) -> Floats:
    """What each policy of an actor yields it against each of another's while the rest mix: (policies, policies)."""
    own = payoff[..., actor]
    for third in reversed(range(len(mix))):
        if third not in {actor, other}:
            own = np.tensordot(own, mix[third], axes=([third], [0]))
    return np.asarray(own if actor < other else own.T)
