"""How much an actor could gain by leaving a profile of mixed policies, and whether the profile is an equilibrium.

On the blocks that found an equilibrium its regret is zero by construction, whatever the truth is. So a `Candidate`
remembers which luck found it, and regret is measured on fresh blocks only: any overlap is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError
from standoff.strategy.bounds import Bounds, check_error, simultaneous
from standoff.strategy.payoffs import ROUNDING, Blocks, Floats, Luck, Mix, check_mix, profiles_needed, values_against

Standing = Literal["settled", "refuted", "not distinguishable"]

FIRST_LOOK = 100
"""How many fresh blocks the first look takes; each later look takes twice as many."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile of mixed policies that may be an equilibrium.

    `found_on` is the luck of the blocks it was worked out from, none for a profile that somebody named; `method` says
    how it was worked out.
    """

    mix: Mix
    found_on: tuple[Luck, ...] = ()
    method: str = "named"

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each actor the numbers of the policies that have a share."""
        return tuple(tuple(at for at, share in enumerate(own) if share > 0) for own in self.mix)

    @property
    def pure(self) -> bool:
        """Whether each actor has one policy."""
        return all(len(own) == 1 for own in self.support)


@dataclass(frozen=True, slots=True)
class Gain:
    """What an actor gains on average by changing to a policy, in the unit of its goal, while the others keep to theirs.

    `error` is the standard error over blocks. The bounds of all gains of a regret hold together: no gain is above its
    `high` with probability 1 - error, and none below its `low` with the same. `moved` is in how many blocks luck
    changed the difference between this policy and those that the actor had.
    """

    actor: str
    policy: str
    mean: float
    error: float
    low: float
    high: float
    moved: int


@dataclass(frozen=True, slots=True)
class Regret:
    """The most that any actor gains by changing its policy, as fresh blocks say.

    `high` and `low` are bounds at `level` each: the regret is at most `high` but for this probability, and at least
    `low` but for the same. Where the actors' goals have different units, read the `gains` and not these maxima. They
    are those of all deviations; a profile that nobody can leave has none.
    """

    mean: float
    low: float
    high: float
    level: float
    blocks: int
    gains: tuple[Gain, ...]
    reach: float

    @property
    def largest(self) -> Gain | None:
        """The deviation that gains most on average."""
        return max(self.gains, key=lambda gain: gain.mean, default=None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate is an equilibrium within a tolerance: `tolerance` has that of each actor, in its own unit.

    *settled*: nobody gains more than the tolerance by leaving. *refuted*: somebody does, by `deviation`. Each is wrong
    with probability `regret.level` at most. *not distinguishable*: these blocks do not tell; `more` is about how many
    more it would take, None where they would never tell (a gain that equals the tolerance).
    """

    candidate: Candidate
    tolerance: tuple[float, ...]
    standing: Standing
    regret: Regret
    deviation: Gain | None
    more: int | None
    look: int = 1


def regret_of(candidate: Candidate, fresh: Blocks, *, error: float = 0.05, seed: int = 0) -> Regret:
    """The regret of a candidate, measured on fresh blocks.

    Of block r, the gain of actor i by policy a is U_i,r(a, others) - U_i,r(own mix, others), with the others' mixes as
    weights. Means, errors and bounds are those over blocks (`simultaneous`); a pure actor's own policy is no deviation.
    `fresh` needs the profiles of `profiles_needed(candidate.mix)` only. Raises UsageError for blocks that found the
    candidate, for fewer than two blocks, and where a profile that is needed was not run.
    """
    shape = tuple(len(names) for names in fresh.policies)
    mix = check_mix(candidate.mix, shape)
    for luck in candidate.found_on:
        if luck.overlaps(fresh.luck):
            raise UsageError(
                "regret is measured on fresh blocks: runs "
                f"{fresh.first} to {fresh.first + len(fresh) - 1} of seed {fresh.seed} found this candidate"
            )
    if np.isnan(fresh.payoff[:, profiles_needed(mix)]).any():
        raise UsageError("a profile that the regret depends on was not run in these blocks")
    samples, moved, whose = _deviations(candidate, fresh, mix)
    if not whose:
        return Regret(0.0, 0.0, 0.0, error, len(fresh), (), 0.0)
    span = np.array([_span_of(fresh.payoff[..., actor]) for actor, _ in whose])
    known = simultaneous(samples, error=error, moved=moved, span=span, seed=seed)
    gains = tuple(_gain(fresh, known, at, int(moved[at]), *whose[at]) for at in range(len(whose)))
    return Regret(
        mean=max(0.0, float(known.mean.max())),
        low=max(0.0, float(known.low.max())),
        high=max(0.0, float(known.high.max())),
        level=error,
        blocks=len(fresh),
        gains=gains,
        reach=known.reach,
    )


def judge(
    candidate: Candidate,
    fresh: Blocks,
    *,
    tolerance: float | Mapping[str, float],
    error: float = 0.05,
    look: int = 1,
) -> Verdict:
    """Whether a candidate is an equilibrium within the tolerance, by one look at fresh blocks.

    The tolerance is one number for all actors or one for each by name, since goals have units of their own. `error` is
    that of this look alone; for looks at blocks as they come use `settle`. Raises UsageError as `regret_of` does, and
    for a tolerance that is missing or not above 0.
    """
    wanted = _tolerances(fresh.actors, tolerance)
    within = tuple(wanted.values())
    known = regret_of(candidate, fresh, error=error)
    if all(gain.high <= wanted[gain.actor] for gain in known.gains):
        return Verdict(candidate, within, "settled", known, None, None, look)
    # In multiples of the tolerance: the units of two actors have nothing in common.
    best = max(known.gains, key=lambda gain: gain.low / wanted[gain.actor])
    if best.low > wanted[best.actor]:
        return Verdict(candidate, within, "refuted", known, best, None, look)
    return Verdict(candidate, within, "not distinguishable", known, None, _more(known, wanted), look)


def looks(*, most: int, first: int = FIRST_LOOK) -> Iterator[int]:
    """How many fresh blocks each look takes in all: `first`, twice as many, and so on, and `most` at last."""
    blocks = first
    while blocks < most:
        yield blocks
        blocks *= 2
    yield most


def error_of_look(error: float, look: int) -> float:
    """The part of an error that look 1, 2, … spends, so that any number of looks spends `error` at most."""
    return error / (look * (look + 1))


def settle(
    candidates: Sequence[Candidate],
    fresh: Callable[[int], Blocks],
    *,
    tolerance: float | Mapping[str, float],
    error: float = 0.05,
    most: int = 3200,
    first: int = FIRST_LOOK,
) -> tuple[Verdict, ...]:
    """Judge candidates on more and more fresh blocks until all are settled or refuted, or `most` blocks are used.

    `fresh(n)` gives the first n fresh blocks, with all profiles that the candidates need. The probability that any of
    the verdicts "settled" and "refuted" is wrong is at most `error`, over all candidates and looks together: each
    candidate has its part, and look j of it spends 1 / (j (j + 1)) of that. The verdicts come in the candidates' order.
    """
    # As it was given, before its parts are: a part of 2 may well pass.
    check_error(error)
    verdicts: dict[int, Verdict] = {}
    pending = list(range(len(candidates)))
    for look, blocks in enumerate(looks(most=most, first=first), start=1):
        if not pending:
            break
        part = fresh(blocks)
        spent = error_of_look(error / len(candidates), look)
        for at in pending:
            verdicts[at] = judge(candidates[at], part, tolerance=tolerance, error=spent, look=look)
        pending = [at for at in pending if verdicts[at].standing == "not distinguishable"]
    return tuple(verdicts[at] for at in range(len(candidates)))


def _deviations(
    candidate: Candidate, fresh: Blocks, mix: Mix
) -> tuple[Floats, NDArray[np.int64], list[tuple[int, int]]]:
    """The gain of each deviation in each block, in how many blocks luck moved it, and whose it is: (actor, policy)."""
    columns, moved, whose = [], [], []
    for actor, own in enumerate(candidate.support):
        values = values_against(fresh.payoff, mix, actor)
        held = values[:, list(own)] @ np.array([mix[actor][policy] for policy in own])
        by_policy = _moved(candidate, fresh, actor)
        for policy in range(len(mix[actor])):
            if own != (policy,):
                columns.append(values[:, policy] - held)
                moved.append(by_policy[policy])
                whose.append((actor, policy))
    samples = np.stack(columns, axis=1) if columns else np.empty((len(fresh), 0))
    return samples, np.array(moved, dtype=np.int64), whose


def _moved(candidate: Candidate, fresh: Blocks, actor: int) -> NDArray[np.int64]:
    """For each policy, in how many blocks luck changed what it yields beyond those of the support: (policies,).

    Profile by profile of the others and not in the mean over their mix: that may stay the same where all that it is
    made of moves.
    """
    own = fresh.payoff[..., actor]
    rounding = ROUNDING * _span_of(own)
    for other, held in enumerate(candidate.support):
        if other != actor:
            own = np.take(own, held, axis=1 + other)
    own = np.moveaxis(own, 1 + actor, 1).reshape(len(fresh), own.shape[1 + actor], -1)
    gained = own[:, :, None] - own[:, None, list(candidate.support[actor])]
    differing = (np.abs(gained - np.median(gained, axis=0)) > rounding).any(axis=(2, 3))
    return np.asarray(differing.sum(axis=0), dtype=np.int64)


def _span_of(payoff: Floats) -> float:
    return float(np.nanmax(payoff) - np.nanmin(payoff))


def _gain(fresh: Blocks, known: Bounds, at: int, moved: int, actor: int, policy: int) -> Gain:
    return Gain(
        actor=fresh.actors[actor],
        policy=fresh.policies[actor][policy],
        mean=float(known.mean[at]),
        error=float(known.error[at]),
        low=float(known.low[at]),
        high=float(known.high[at]),
        moved=moved,
    )


def _tolerances(actors: Sequence[str], tolerance: float | Mapping[str, float]) -> dict[str, float]:
    by_name = tolerance if isinstance(tolerance, Mapping) else dict.fromkeys(actors, tolerance)
    if set(by_name) != set(actors):
        raise UsageError(f"give a tolerance for each of {', '.join(actors)}, by name")
    for number in by_name.values():
        if not 0 < number < float("inf"):
            raise UsageError(f"a tolerance must be a number above 0, in the unit of the goal, not {number!r}")
    return {actor: float(by_name[actor]) for actor in actors}


def _more(known: Regret, wanted: Mapping[str, float]) -> int | None:
    """About how many more blocks it takes until the bounds clear the tolerance, as half-widths shrink by 1/√n.

    Where a gain lies above the tolerance, the one that is quickest to be sure of refutes; else the slowest decides.
    """
    beyond = [(gain, gain.mean - wanted[gain.actor]) for gain in known.gains]
    if any(excess > 0 for _, excess in beyond):
        times = min(((gain.mean - gain.low) / excess) ** 2 for gain, excess in beyond if excess > 0)
    elif any(excess == 0 for _, excess in beyond):
        return None
    else:
        times = max(((gain.high - gain.mean) / excess) ** 2 for gain, excess in beyond)
    return max(1, ceil(times * known.blocks) - known.blocks)
