"""The laws behind conformance/exact: three exact solvers, and what each scenario's answers must be.

A law is one of three things. `Chain` is a finite Markov chain, solved by uniformisation (Jensen 1953) and, for the
time until it is absorbed, by linear equations (Norris 1997, theorem 3.5.3 and its second moment). `Affine` is a jump
process whose rates are affine in its state, so that the equations of its first two moments close (Dynkin's formula;
for Hawkes processes Dassios and Zhao 2013, doi 10.1214/ECP.v18-2717). The rest are closed forms, written out.

`tools/write_golden.py` writes what `answers()` says beside each scenario; tests compare the engine with those files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Answer = dict[str, str | float]


@dataclass(frozen=True)
class Law:
    """What is known exactly about one scenario."""

    process: str
    law: str
    source: str
    answers: list[Answer]
    chain: Chain | None = None


@dataclass(frozen=True)
class Chain:
    """A Markov chain on named states: rates per day from one state to another; it begins in the first state."""

    rates: Mapping[tuple[str, str], float]
    states: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        seen = dict.fromkeys(name for pair in self.rates for name in pair)
        object.__setattr__(self, "states", tuple(seen))

    @classmethod
    def explore(cls, begin: object, moves: Callable[..., Iterable[tuple[object, float]]]) -> Chain:
        """The chain of everything that can be reached from a state; `moves(state)` yields (next state, rate)."""
        rates: dict[tuple[str, str], float] = {}
        pending, known = [begin], {begin}
        while pending:
            here = pending.pop(0)
            for there, rate in moves(here):
                if rate > 0:
                    rates[name(here), name(there)] = rates.get((name(here), name(there)), 0.0) + rate
                    if there not in known:
                        known.add(there)
                        pending.append(there)
        return cls(rates)

    def generator(self) -> Array:
        """The matrix Q: ``(state, state) float64, per day``, rows summing to 0."""
        q = np.zeros((len(self.states), len(self.states)))
        for (here, there), rate in self.rates.items():
            q[self.states.index(here), self.states.index(there)] += rate
        return q - np.diag(q.sum(axis=1))

    def distribution(self, days: float) -> Array:
        """The probability of each state after some days, from the first state at day 0."""
        return transient(self.generator(), days)

    def moments(self, value: Callable[[str], float], days: float) -> tuple[float, float]:
        """Mean and variance of a value of the state after some days."""
        p, v = self.distribution(days), np.array([value(state) for state in self.states])
        mean = float(p @ v)
        return mean, float(p @ (v - mean) ** 2)

    def until(self, reached: Callable[[str], bool]) -> tuple[float, float]:
        """Mean and variance of the days until a state of the set is reached; it must be reached surely."""
        inside = [i for i, state in enumerate(self.states) if not reached(state)]
        q = self.generator()[np.ix_(inside, inside)]
        first = np.linalg.solve(q, -np.ones(len(inside)))
        second = np.linalg.solve(q, -2 * first)
        return float(first[0]), float(second[0] - first[0] ** 2)

    def stopped(self, reached: Callable[[str], bool]) -> Chain:
        """The same chain, held for ever in the states of the set: what `by` a date asks about."""
        return Chain({pair: 0.0 if reached(pair[0]) else rate for pair, rate in self.rates.items()})


def name(state: object) -> str:
    """A state's name: the parts of a tuple joined by commas."""
    return ",".join(map(str, state)) if isinstance(state, tuple) else str(state)


def part(index: int) -> Callable[[str], float]:
    """The value of a state that is one part of its name."""
    return lambda state: float(state.split(",")[index])


def transient(generator: Array, days: float) -> Array:
    """The distribution after some days from state 0, by uniformisation in steps that cannot underflow."""
    p = np.zeros(len(generator))
    p[0] = 1.0
    fastest = float(-generator.diagonal().min())
    steps = max(1, math.ceil(fastest * days / 20))
    jump = np.eye(len(generator)) + generator / fastest
    mean = fastest * days / steps
    for _ in range(steps):
        weight, term, total = math.exp(-mean), p, np.zeros_like(p)
        for k in range(1, 120):
            total = total + weight * term
            term, weight = term @ jump, weight * mean / k
        p = total
    return p


@dataclass(frozen=True)
class Affine:
    """A process whose state drifts by `-decay * state` and jumps by `by` at the rate `constant + linear @ state`.

    Each jump is (constant, linear, by). Exact first and second moments follow from linear equations.
    """

    begin: tuple[float, ...]
    decay: tuple[float, ...]
    jumps: tuple[tuple[float, tuple[float, ...], tuple[float, ...]], ...]

    def moments(self, days: float) -> tuple[Array, Array]:
        """Means (d,) and covariances (d, d) after some days."""
        d = len(self.begin)
        start = np.array(self.begin)
        x = np.concatenate([[1.0], start, np.outer(start, start).ravel()])
        matrix = np.column_stack([self.slope(unit) for unit in np.eye(len(x))])
        x = exponential(matrix * days) @ x
        mean, second = x[1 : d + 1], x[d + 1 :].reshape(d, d)
        return mean, second - np.outer(mean, mean)

    def slope(self, x: Array) -> Array:
        """Time derivative of (1, means, second moments), by Dynkin's formula; linear in `x`."""
        d = len(self.begin)
        one, mean, second = x[0], x[1 : d + 1], x[d + 1 :].reshape(d, d)
        drift = -np.diag(self.decay)
        d_mean = drift @ mean
        d_second = drift @ second + second @ drift.T
        for constant, linear, by in self.jumps:
            r, v = np.array(linear), np.array(by)
            rate = constant * one + r @ mean
            with_state = constant * mean + second @ r
            d_mean = d_mean + v * rate
            d_second = d_second + np.outer(with_state, v) + np.outer(v, with_state) + np.outer(v, v) * rate
        return np.concatenate([[0.0], d_mean, d_second.ravel()])


def exponential(matrix: Array) -> Array:
    """The exponential of a matrix by scaling and squaring (Moler and Van Loan 2003, method 3)."""
    squarings = max(0, math.ceil(math.log2(max(1e-300, float(np.abs(matrix).sum(axis=1).max())))) + 4)
    small = matrix / 2.0**squarings
    total = term = np.eye(len(matrix))
    for k in range(1, 20):
        term = term @ small / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def value(watch: str, days: float, mean: float, variance: float) -> Answer:
    """What a watched series is at a time."""
    return {"watch": watch, "at": days, "mean": float(mean), "variance": max(0.0, float(variance))}


def probability(question: str, p: float) -> Answer:
    """How likely a binary question is to be answered by yes."""
    return {"question": question, "mean": float(p), "variance": float(p * (1 - p))}


def poisson(watch: str, days: float, mean: float) -> Answer:
    """A series that is Poisson at a time."""
    return value(watch, days, mean, mean)


def poisson_weights(mean: float, size: int = 200) -> Array:
    """The probabilities of 0, 1, 2, … under a Poisson law."""
    k = np.arange(size)
    return np.exp(k * math.log(mean) - mean - np.array([math.lgamma(n + 1) for n in k]))


def half_life(days: float) -> float:
    """The rate of decay per day of a memory with a half-life."""
    return math.log(2) / days


def chance_of(chain: Chain, days: float, reached: Callable[[str], bool]) -> float:
    """The probability that a set of states has been visited by some day."""
    return chain.stopped(reached).moments(lambda state: float(reached(state)), days)[0]
