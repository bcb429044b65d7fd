"""Games whose equilibria are known, with and without luck, for the tests of `strategy`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.strategy import Blocks

Floats = NDArray[np.float64]
V, C = 2.0, 6.0


def table(mine: list[list[float]], theirs: list[list[float]]) -> Floats:
    """A game of two actors from their two matrices: (policies, policies, 2)."""
    return np.stack([np.array(mine, dtype=float), np.array(theirs, dtype=float)], axis=-1)


HAWK_DOVE = table([[(V - C) / 2, V], [0, V / 2]], [[(V - C) / 2, 0], [V, V / 2]])
PRISONERS = table([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PENNIES = table([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SEXES = table([[3, 0], [0, 2]], [[2, 0], [0, 3]])
STAG = table([[4, 0], [3, 3]], [[4, 3], [0, 3]])


def blocks_of(payoff: Floats, *, seed: int = 0, first: int = 0) -> Blocks:
    """Blocks of payoffs with plain names: actors a, b, c … with policies 0, 1, 2 …, in this order."""
    names = tuple("abcdef"[: payoff.shape[-1]])
    policies = tuple(tuple(str(policy) for policy in range(count)) for count in payoff.shape[1:-1])
    return Blocks(names, policies, payoff, seed=seed, first=first)


def noisy(true: Floats, blocks: int, generator: np.random.Generator, *, first: int = 0, noise: float = 1.0) -> Blocks:
    """Blocks whose payoffs have independent normal noise on top of luck that a block's profiles share."""
    shared = generator.normal(0, 1, (blocks, *[1] * (true.ndim - 1), true.shape[-1]))
    return blocks_of(true + shared + generator.normal(0, noise, (blocks, *true.shape)), first=first)


def fights(blocks: int, generator: np.random.Generator, *, first: int = 0) -> Blocks:
    """Hawk and dove (V = 2, C = 6): chance decides who wins a fight and who takes the prize."""
    win = generator.random(blocks) < 0.5
    payoff = np.zeros((blocks, 2, 2, 2))
    payoff[:, 0, 0, 0], payoff[:, 0, 0, 1] = np.where(win, V, -C), np.where(win, -C, V)
    payoff[:, 0, 1], payoff[:, 1, 0] = [V, 0], [0, V]
    payoff[:, 1, 1, 0], payoff[:, 1, 1, 1] = np.where(win, V, 0), np.where(win, 0, V)
    return blocks_of(payoff + generator.normal(0, 1, (blocks, 1, 1, 2)), first=first)


def true_regret(true: Floats, mix: tuple[tuple[float, ...], ...]) -> float:
    """The regret of a mix in a game of two actors that is known exactly."""
    x, y = (np.array(own) for own in mix)
    mine, theirs = true[..., 0] @ y, x @ true[..., 1]
    return float(max(mine.max() - x @ mine, theirs.max() - theirs @ y))
