"""Counter-based random streams: Philox4x32-10, keyed by seed, run and purpose.

Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11. Every number of
a stream is a pure function of its key and its position, so runs can be made in any order, anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.engine.library import log

_M0, _M1, _W0, _W1, _MASK = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85, 0xFFFFFFFF
_TO_UNIT = 1.0 / 9007199254740992.0

MOST_DRAWN = 1_000_000.0
"""The largest mean of a Poisson draw and the largest number of trials of a binomial one."""


def stream_key(seed: int, run: int, purpose: str) -> int:
    """The 64-bit key of the stream of a run for a purpose."""
    words = f"standoff/1/{seed}/{run}/{purpose}".encode()
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "little")


def stream_keys(seed: int, runs: Sequence[int], purposes: Sequence[str]) -> NDArray[np.uint64]:
    """The keys of the streams of many runs for many purposes, all runs of the first purpose first."""
    heads = [f"standoff/1/{seed}/{run}/".encode() for run in runs]
    tails = [purpose.encode() for purpose in purposes]
    keys = b"".join([hashlib.blake2b(head + tail, digest_size=8).digest() for tail in tails for head in heads])
    return np.frombuffer(keys, "<u8").astype(np.uint64)


def philox(key: int, counter: int) -> tuple[int, int]:
    """The two 64-bit words at a position of a stream."""
    c0, c1, c2, c3 = counter & _MASK, counter >> 32, 0, 0
    k0, k1 = key & _MASK, key >> 32
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    return (c1 << 32) | c0, (c3 << 32) | c2


def unit(word: int) -> float:
    """A word as a number in [0, 1)."""
    return (word >> 11) * _TO_UNIT


def words_at(key: np.uint64, counters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The first words at many positions of one stream."""
    return _words(np.full(len(counters), key, np.uint64), counters)[0]


class Stream:
    """A stream read from its start, in the plainest Python; the kernel reads the same numbers."""

    def __init__(self, key: int) -> None:
        self.key = key
        self.counter = 0
        self.spare: int | None = None
        self.broken = False

    def uniform(self) -> float:
        """The next number in [0, 1)."""
        if self.spare is not None:
            word, self.spare = self.spare, None
        else:
            word, self.spare = philox(self.key, self.counter)
            self.counter += 1
        return unit(word)

    def exponential(self, mean: float) -> float:
        """An exponential number; a mean below 0 breaks the stream."""
        if not 0.0 <= mean < np.inf:
            self.broken = True
            return 0.0
        return -mean * log(1.0 - self.uniform())

    def poisson(self, mean: float) -> float:
        """A Poisson number, by counting unit exponential gaps; a mean outside 0..1,000,000 breaks the stream."""
        if not 0.0 <= mean <= MOST_DRAWN:
            self.broken = True
            return 0.0
        count, reached = 0.0, -log(1.0 - self.uniform())
        while reached <= mean:
            count += 1.0
            reached -= log(1.0 - self.uniform())
        return count

    def binomial(self, trials: float, probability: float) -> float:
        """A binomial number, trial by trial; a negative or fractional number of trials breaks the stream."""
        sound = 0.0 <= trials <= MOST_DRAWN and trials == np.floor(trials) and 0.0 <= probability <= 1.0
        if not sound:
            self.broken = True
            return 0.0
        return float(sum(self.uniform() < probability for _ in range(int(trials))))

    def between(self, low: float, high: float) -> float:
        """A uniform number between two."""
        if not -np.inf < low <= high < np.inf:
            self.broken = True
            return 0.0
        return low + (high - low) * self.uniform()

    def chance(self, probability: float) -> float:
        """1 with a probability, else 0; a probability outside 0..1 breaks the stream."""
        if not 0.0 <= probability <= 1.0:
            self.broken = True
            return 0.0
        return float(self.uniform() < probability)


def uniforms(
    keys: NDArray[np.uint64], counters: int | NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two numbers at one position of many streams at once, or at a position of each."""
    first, second = _words(keys, np.broadcast_to(np.asarray(counters, dtype=np.uint64), keys.shape))
    eleven = np.uint64(11)
    return (first >> eleven).astype(np.float64) * _TO_UNIT, (second >> eleven).astype(np.float64) * _TO_UNIT


def _words(keys: NDArray[np.uint64], counters: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """As philox, for many streams."""
    mask, shift = np.uint64(_MASK), np.uint64(32)
    c0, c1 = counters & mask, counters >> shift
    c2, c3 = np.zeros(len(keys), np.uint64), np.zeros(len(keys), np.uint64)
    k0, k1 = keys & mask, keys >> shift
    for _ in range(10):
        p0, p1 = np.uint64(_M0) * c0, np.uint64(_M1) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & mask, (p0 >> shift) ^ c3 ^ k1, p0 & mask
        k0, k1 = (k0 + np.uint64(_W0)) & mask, (k1 + np.uint64(_W1)) & mask
    return (c1 << shift) | c0, (c3 << shift) | c2
