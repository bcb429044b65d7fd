"""The clocks of the coupled sampler: every ground rule has its own random numbers, named by what it is.

Common reaction paths (Rathinam, Sheppard and Khammash 2010) by the modified next reaction method (Anderson
2007): a ground rule fires when the integral of its rate has used up a unit exponential, drawn from a stream
whose key is made of seed, run, rule and binding. Another scenario that has the same ground rule has the same
numbers for it. Position n of a stream holds the n-th exponential and the number that thinning compares; what the
effects of the n-th firing draw lies elsewhere in the stream, so that effects never shift the clock.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from standoff.engine.library import log
from standoff.engine.streams import philox, stream_key, unit, words_at
from standoff.model import Model

EFFECTS_AT = 1 << 63
"""Where in a stream the draws of effects begin."""

CALLED_AT = 1 << 62
"""Added to EFFECTS_AT for what a rule draws that fires because it was called, by the number of the call."""

EFFECT_DRAWS = 24
"""The effects of one firing have 2 ** EFFECT_DRAWS positions to draw from."""

CALLS = CALLED_AT >> EFFECT_DRAWS
"""How many calls have numbers to draw from."""


def clock_names(model: Model) -> NDArray[np.uint64]:
    """A number for each ground rule, from the rule's name and its binding."""
    words = (f"{model.rules[k].name}/{model.binding(g)}" for g, k in enumerate(model.rule_of.tolist()))
    digests = (hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)


def clock_keys(names: NDArray[np.uint64], seed: int, run: int, branch: str = "") -> NDArray[np.uint64]:
    """The keys of all ground rules' streams in a run, or in a branch of it."""
    return words_at(np.uint64(branch_key(seed, run, branch)), names)


def branch_key(seed: int, run: int, branch: str = "") -> int:
    """The key of the stream that holds the keys of all ground rules, in a run or in a branch of it."""
    return stream_key(seed, run, f"coupled/{branch}" if branch else "coupled")


def called_at(number: int) -> int:
    """Where in its stream the draws of a rule begin that fires by the call of this number."""
    return EFFECTS_AT | CALLED_AT | (number << EFFECT_DRAWS)


class Clocks:
    """All clocks in plain Python; the kernel holds the same numbers."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self.keys: list[int] = keys.tolist()
        self.proposals = [0] * len(keys)
        self.left = [self._exponential(g) for g in range(len(keys))]
        self.rates = [0.0] * len(keys)
        self.since = [0.0] * len(keys)
        self.times = [math.inf] * len(keys)

    def _exponential(self, g: int) -> float:
        return -log(1.0 - unit(philox(self.keys[g], self.proposals[g])[0]))

    def next(self) -> tuple[float, int]:
        """When the next clock rings, and whose it is; the first declared of those that ring together."""
        if not self.times:
            return math.inf, -1
        time = min(self.times)
        return time, self.times.index(time)

    def put(self, g: int, rate: float, t: float) -> None:
        """Let a clock go at another rate from now on: what is left of its unit exponential stays."""
        if rate == self.rates[g]:
            return
        self.left[g] = max(self.left[g] - self.rates[g] * (t - self.since[g]), 0.0)
        self._start(g, rate, t)

    def _start(self, g: int, rate: float, t: float) -> None:
        self.since[g] = t
        self.rates[g] = rate
        self.times[g] = t + self.left[g] / rate if rate > 0.0 else math.inf

    def propose(self, g: int, t: float) -> float:
        """Let a clock that rings begin anew; gives the number that thinning compares."""
        accept = unit(philox(self.keys[g], self.proposals[g])[1])
        self.proposals[g] += 1
        self.left[g] = self._exponential(g)
        self._start(g, self.rates[g], t)
        return accept

    def effects_at(self, g: int) -> int:
        """Where the draws of this firing's effects begin."""
        return EFFECTS_AT | (self.proposals[g] << EFFECT_DRAWS)
