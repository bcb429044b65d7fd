"""Which policies a game can do without: those that are strictly dominated, and those that another stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standoff.strategy.payoffs import Blocks, Floats

Kept = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A policy that was left out, and the policy because of which: it is always better, or hardly different."""

    actor: str
    policy: str
    because: str
    dominated: bool


def reduced(blocks: Blocks, mean: Floats, alike: Floats) -> tuple[Floats, Kept, tuple[Dropped, ...]]:
    """The mean payoffs of the policies that are kept, their numbers for each actor, and what was left out.

    Policies go one by one until none can: what one actor leaves out may make a policy of another dominated.
    """
    kept = [list(range(len(names))) for names in blocks.policies]
    dropped: list[Dropped] = []
    while (next_one := _next(mean[np.ix_(*kept)], alike)) is not None:
        actor, policy, because, dominated = next_one
        names = [blocks.policies[actor][number] for number in kept[actor]]
        dropped.append(Dropped(blocks.actors[actor], names[policy], names[because], dominated))
        del kept[actor][policy]
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
                if other != policy and (instead[..., actor] > payoffs[..., actor]).all():
                    return actor, policy, other, True
                if other < policy and (np.abs(instead - payoffs) <= alike).all():
                    return actor, policy, other, False
    return None
