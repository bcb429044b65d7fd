"""Other ways to simulate what the engine simulates, in plain numpy, and how two samples of runs are compared."""

from __future__ import annotations

import math

import numpy as np

from tests.memory_laws import Array, Law


def clusters(base: float, jumps: Array, decay: Array, days: float, runs: int, rng: np.random.Generator) -> list[Array]:
    """Self-excitation as immigrants and their descendants: the days of all events of each run, in order."""
    owner = np.repeat(np.arange(runs), rng.poisson(base * days, runs))
    time = rng.uniform(0.0, days, len(owner))
    owners, times = [owner], [time]
    while len(owner):
        born_owner, born_time = [], []
        for jump, fade in zip(jumps.tolist(), decay.tolist(), strict=True):
            children = rng.poisson(jump / fade, len(owner))
            born_owner.append(np.repeat(owner, children))
            born_time.append(np.repeat(time, children) + rng.exponential(1.0 / fade, int(children.sum())))
        owner, time = np.concatenate(born_owner), np.concatenate(born_time)
        owner, time = owner[time < days], time[time < days]
        owners.append(owner)
        times.append(time)
    return by_run(np.concatenate(owners), np.concatenate(times), runs)


def thinned(law: Law, bound: float, days: float, runs: int, rng: np.random.Generator) -> list[Array]:
    """A law of one type and one memory, all runs at once, by proposals at one rate that no rate exceeds."""
    decay, jump = law.decay({})[0], law.add[0, 0]
    memory, now = np.full(runs, law.begin[0]), np.zeros(runs)
    owners, times = [], []
    while (now < days).any():
        wait = rng.exponential(1.0 / bound, runs)
        now = now + wait
        memory = memory * np.exp(-decay * wait)
        rate = law.rates(memory[:, None], now)[:, 0]
        happens = rng.uniform(0.0, bound, runs) < rate
        memory = memory + jump * happens
        owners.append(np.flatnonzero(happens & (now < days)))
        times.append(now[owners[-1]])
    return by_run(np.concatenate(owners), np.concatenate(times), runs)


def by_run(owner: Array, time: Array, runs: int) -> list[Array]:
    """Events of many runs, sorted into runs and by time."""
    order = np.lexsort((time, owner))
    return np.split(time[order], np.cumsum(np.bincount(owner.astype(np.int64), minlength=runs))[:-1])


def borel(ratio: float, most: int) -> Array:
    """The probabilities of 1, 2, … in all, in a branching process with Poisson children (Borel 1942)."""
    k = np.arange(1, most + 1)
    return np.exp(-ratio * k + (k - 1) * np.log(ratio * k) - np.array([math.lgamma(n + 1) for n in k.tolist()]))


def distance(one: Array, two: Array) -> float:
    """The largest difference of two samples' distribution functions."""
    at = np.concatenate([one, two])
    first = np.searchsorted(np.sort(one), at, side="right") / len(one)
    second = np.searchsorted(np.sort(two), at, side="right") / len(two)
    return float(np.abs(first - second).max())


def too_different(n: int, level: float) -> float:
    """A distance that two samples of n from one law pass with at most this probability (Wei and Dudley 2012).

    Their bound e * exp(-n D^2) holds at every n, for continuous laws and with room to spare for others.
    """
    return math.sqrt((1.0 - math.log(level)) / n)


def two_samples_differ(one: Array, two: Array, level: float) -> list[str]:
    """The columns of (runs, what) in which two samples differ; `level` is for all columns together."""
    assert one.shape == two.shape
    limit = too_different(len(one), level / one.shape[1])
    found = [distance(a, b) for a, b in zip(one.T, two.T, strict=True)]
    return [f"column {i}: distance {d:.4f}, at most {limit:.4f}" for i, d in enumerate(found) if not d <= limit]
