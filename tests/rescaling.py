"""Time rescaling: in time measured by its own compensator, every point process is a Poisson process of rate one.

Meyer 1971 (several types at once: independent Poisson processes); Ogata 1988; Brown, Barbieri, Ventura, Kass and Frank
2002. Runs are laid end to end, each counted up to its last day: by the strong Markov property the whole is then one
Poisson process per type, so that the first n gaps are independent unit exponential numbers, exactly, for a fixed n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tests.memory_laws import Array, Law

Recorded = tuple[Array, NDArray[np.int64], dict[str, float]]
"""What a run leaves: days of events, their types as positions in the law's, and its parameters."""

LAGS = (1, 2, 3, 10)
WIDTHS = (1.0, 10.0)


def comparisons(types: int) -> int:
    """How many comparisons `complaints` makes."""
    return 2 + len(LAGS) + len(WIDTHS) + (0 if types == 1 else 3 * types)


@dataclass
class Rescaled:
    """Events in rescaled time: of all types together, of each type, and how often each type was due and was chosen."""

    law: Law
    pooled: list[Array] = field(default_factory=list)
    each: list[list[Array]] = field(default_factory=list)
    passed: Array | float = 0.0
    due: Array | float = 0.0
    chosen: Array | float = 0.0
    spread: Array | float = 0.0
    impossible: int = 0

    def add(self, recorded: Recorded) -> None:
        """Lay one run at the end."""
        time, kind, drawn = recorded
        decay = self.law.decay(drawn)
        after = self.law.memories(time, kind, decay)
        reached = np.cumsum(self.law.compensator(after, time, decay), axis=0)
        start = self.passed + np.zeros(len(self.each))
        self.pooled.append(start.sum() + reached[:-1].sum(axis=1))
        for k, times in enumerate(self.each):
            times.append(start[k] + reached[:-1, k][kind == k])
        self.passed = start + reached[-1]
        before = after[:-1] * np.exp(-np.outer(np.diff(time, prepend=0.0), decay))
        rates = self.law.rates(before, time)
        self.impossible += int((rates[np.arange(len(kind)), kind] <= 0.0).sum())
        with np.errstate(invalid="ignore"):
            share = rates / rates.sum(axis=1, keepdims=True)
        self.due += share.sum(axis=0)
        self.spread += (share * (1.0 - share)).sum(axis=0)
        self.chosen += np.bincount(kind, minlength=len(start))

    def stretched(self, by: float) -> Rescaled:
        """What it would be if all rates were higher by a factor."""
        each = [[by * time for time in times] for times in self.each]
        return replace(self, pooled=[by * time for time in self.pooled], each=each, passed=by * self.passed)

    def enough(self, events: int) -> bool:
        """Whether there are so many events, and a quarter of an even part of them of each type."""
        least = self.part(events)
        short = min(min(sum(map(len, times)) for times in self.each), float(np.min(self.passed)))
        return sum(map(len, self.pooled)) >= events and short >= least

    def part(self, events: int) -> int:
        """How many events of each type are looked at."""
        return events // (4 * len(self.each))


def rescaled(law: Law, runs: Iterable[Recorded], events: int) -> Rescaled:
    """Lay runs end to end until there are enough events."""
    found = Rescaled(law, each=[[] for _ in law.types])
    for recorded in runs:
        found.add(recorded)
        if found.enough(events):
            return found
    raise ValueError("there were too few runs")


def gaps(times: list[Array], number: int) -> Array:
    """The first so many times between events."""
    return np.diff(np.concatenate(times)[:number], prepend=0.0)


def farthest(sample: Array, cumulative: Callable[[Array], Array]) -> float:
    """The Kolmogorov-Smirnov distance of a sample from a continuous law."""
    u, n = np.sort(cumulative(sample)), len(sample)
    rank = np.arange(n)
    return float(max((u - rank / n).max(), ((rank + 1) / n - u).max()))


def too_far(n: int, level: float) -> float:
    """A distance that a right sample passes with at most this probability, at any n (Massart 1990)."""
    return math.sqrt(math.log(2.0 / level) / (2.0 * n))


def complaints(found: Rescaled, events: int, level: float) -> list[str]:
    """Every way in which the events contradict the law; `level` is the false-alarm probability of each comparison."""
    z = NormalDist().inv_cdf(1.0 - level / 2.0)
    wrong = []

    def hold(what: str, value: float, limit: float) -> None:
        if not abs(value) <= limit:
            wrong.append(f"{what}: {value:.4g}, at most {limit:.4g}")

    hold("events of a type whose rate was 0", found.impossible, 0)
    times = np.concatenate(found.pooled)[:events]
    waits = np.diff(times, prepend=0.0)
    hold("mean wait, in standard errors", (waits.mean() - 1.0) * math.sqrt(events), z)
    hold("distance from the exponential law", farthest(waits, lambda x: -np.expm1(-x)), too_far(events, level))
    centred = -np.expm1(-waits) - 0.5
    for lag in LAGS:
        along = float((centred[lag:] * centred[:-lag]).sum() * 12.0 / math.sqrt(events - lag))
        hold(f"correlation of waits {lag} apart, in standard errors", along, z)
    for width in WIDTHS:
        count = in_bins(times, width, int((events - 8 * math.sqrt(events)) / width)) - width
        excess = float((count**2 - width).sum() / math.sqrt(len(count) * (width + 2.0 * width**2)))
        hold(f"dispersion of counts in bins of {width:g}, in standard errors", excess, z)
    return wrong if len(found.each) == 1 else wrong + complaints_by_type(found, events, level)


def complaints_by_type(found: Rescaled, events: int, level: float) -> list[str]:
    """The same for each type by itself, for neighbours in the list of types, and for which type an event has."""
    z, part = NormalDist().inv_cdf(1.0 - level / 2.0), found.part(events)
    wrong = []
    binned = [in_bins(np.concatenate(times), 1.0, part) - 1.0 for times in found.each]
    for k, name in enumerate(found.law.types):
        distance = farthest(gaps(found.each[k], part), lambda x: -np.expm1(-x))
        if not distance <= too_far(part, level):
            wrong.append(f"{name}: distance from the exponential law {distance:.4g}")
        together = float((binned[k] * binned[k - 1]).sum() / math.sqrt(part))
        if not abs(together) <= z:
            wrong.append(f"{name}: goes with {found.law.types[k - 1]}, {together:.3g} standard errors")
        more = float((found.chosen[k] - found.due[k]) / math.sqrt(found.spread[k]))
        if not abs(more) <= z:
            wrong.append(f"{name}: chosen {found.chosen[k]:.0f} times, due {found.due[k]:.0f} ({more:.3g} errors)")
    return wrong


def in_bins(times: Array, width: float, bins: int) -> Array:
    """How many events fall in each of the first bins of rescaled time."""
    place = np.floor(times / width).astype(np.int64)
    return np.bincount(place[place < bins], minlength=bins).astype(np.float64)
