"""Which policies a game can do without: those that are strictly dominated, and those that another stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from standoff.strategy.payoffs import Blocks, Floats

Kept = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A policy that was left out, and the policy because of which: it is always better, or hardly different.

    `once` are policies of others, each with its actor, that had been left out before: while they are there it is not
    so.
    """

    actor: str
    policy: str
    because: str
    dominated: bool
    once: tuple[tuple[str, str], ...] = ()


def reduced(blocks: Blocks, mean: Floats, alike: Floats) -> tuple[Floats, Kept, tuple[Dropped, ...]]:
    """The mean payoffs of the policies that are kept, their numbers for each actor, and what was left out.

    Policies go one by one until none can: what one actor leaves out may make a policy of another dominated.
    """
    kept = [list(range(len(names))) for names in blocks.policies]
    dropped: list[Dropped] = []
    while (next_one := _next(mean[np.ix_(*kept)], alike)) is not None:
        actor, policy, because, dominated = next_one
        numbers, names = kept[actor], blocks.policies[actor]
        pair = numbers[because], numbers[policy]
        needed = _needed(mean, kept, actor, pair, alike if not dominated else None)
        once = tuple((blocks.actors[other], blocks.policies[other][number]) for other, number in needed)
        dropped.append(Dropped(blocks.actors[actor], names[pair[1]], names[pair[0]], dominated, once))
        del numbers[policy]
    return mean[np.ix_(*kept)], tuple(map(tuple, kept)), tuple(dropped)


def spans(mean: Floats) -> Floats:
    """The span of each actor's payoffs, 1 where it always gains the same: (actors,)."""
    over = tuple(range(mean.ndim - 1))
    span = mean.max(axis=over) - mean.min(axis=over)
    return np.asarray(np.where(span > 0, span, 1.0))


def _next(mean: Floats, alike: Floats) -> tuple[int, int, int, bool] | None:
    """A policy to leave out: its actor, its number, because of which policy, and whether that one dominates it."""
    for actor in range(mean.ndim - 1):
        by_policy = np.moveaxis(mean, actor, 0)
        for policy, payoffs in enumerate(by_policy):
            for other, instead in enumerate(by_policy):
                if other != policy and _stands_for(instead, payoffs, actor, None):
                    return actor, policy, other, True
                if other < policy and _stands_for(instead, payoffs, actor, alike):
                    return actor, policy, other, False
    return None


def _stands_for(instead: Floats, payoffs: Floats, actor: int, alike: Floats | None) -> bool:
    """Whether a policy is always better for its actor than another one, or with `alike` hardly different for all."""
    if alike is None:
        return bool((instead[..., actor] > payoffs[..., actor]).all())
    return bool((np.abs(instead - payoffs) <= alike).all())


def _needed(
    mean: Floats, kept: Sequence[Sequence[int]], actor: int, pair: tuple[int, int], alike: Floats | None
) -> Iterator[tuple[int, int]]:
    """Which policies of others must be out for one policy of a pair to stand for the other: (actor, policy)."""
    there = [list(pair) if who == actor else list(own) for who, own in enumerate(kept)]
    for other, own in enumerate(kept):
        for number in range(mean.shape[other]) if other != actor else ():
            if number not in own:
                there[other].append(number)
                instead, payoffs = np.moveaxis(mean[np.ix_(*there)], actor, 0)
                if not _stands_for(instead, payoffs, actor, alike):
                    there[other].pop()
                    yield other, number
