"""Random numbers as compiled code draws them; `streams.py` says the same in plain Python."""

from __future__ import annotations

import math
from collections.abc import Iterable
from threading import Lock

import numpy as np

from standoff.engine.compiled import Compiled, callback, carray, float64, jit, words
from standoff.engine.streams import MOST_DRAWN

KEY, COUNTER, SPARE, HAS_SPARE, BROKEN = range(5)
TO_UNIT = 1.0 / 9007199254740992.0


@jit
def pair(key: Compiled, counter: Compiled) -> Compiled:
    """The two words at a position of a stream, as streams.philox."""
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    c0, c1 = counter & mask, counter >> half
    c2, c3 = np.uint64(0), np.uint64(0)
    k0, k1 = key & mask, key >> half
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        n0, n2 = (p1 >> half) ^ c1 ^ k0, (p0 >> half) ^ c3 ^ k1
        c1, c3, c0, c2 = p1 & mask, p0 & mask, n0, n2
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & mask, (k1 + np.uint64(0xBB67AE85)) & mask
    return (c1 << half) | c0, (c3 << half) | c2


@jit
def unit(word: Compiled) -> Compiled:
    """A word as a number in [0, 1)."""
    return np.float64(word >> np.uint64(11)) * TO_UNIT


@jit
def next_uniform(s: Compiled) -> Compiled:
    """The next number of the stream s = (key, counter, spare word, has spare, broken)."""
    if s[HAS_SPARE] != np.uint64(0):
        s[HAS_SPARE] = np.uint64(0)
        return unit(s[SPARE])
    word, spare = pair(s[KEY], s[COUNTER])
    s[COUNTER] += np.uint64(1)
    s[SPARE], s[HAS_SPARE] = spare, np.uint64(1)
    return unit(word)


def uniform(stream: Compiled) -> Compiled:
    """A number in [0, 1)."""
    return next_uniform(carray(stream, 5))


def exponential(stream: Compiled, mean: Compiled) -> Compiled:
    """As Stream.exponential."""
    s = carray(stream, 5)
    if not (mean >= 0.0 and mean < math.inf):
        s[BROKEN] = np.uint64(1)
        return 0.0
    return -mean * math.log(1.0 - next_uniform(s))


def poisson(stream: Compiled, mean: Compiled) -> Compiled:
    """As Stream.poisson."""
    s = carray(stream, 5)
    if not (mean >= 0.0 and mean <= MOST_DRAWN):
        s[BROKEN] = np.uint64(1)
        return 0.0
    count, reached = 0.0, -math.log(1.0 - next_uniform(s))
    while reached <= mean:
        count += 1.0
        reached -= math.log(1.0 - next_uniform(s))
    return count


def binomial(stream: Compiled, trials: Compiled, probability: Compiled) -> Compiled:
    """As Stream.binomial."""
    s = carray(stream, 5)
    sound = trials >= 0.0 and trials <= MOST_DRAWN and trials == math.floor(trials)
    if not (sound and probability >= 0.0 and probability <= 1.0):
        s[BROKEN] = np.uint64(1)
        return 0.0
    count = 0.0
    for _ in range(int(trials)):
        if next_uniform(s) < probability:
            count += 1.0
    return count


def between(stream: Compiled, low: Compiled, high: Compiled) -> Compiled:
    """As Stream.between."""
    s = carray(stream, 5)
    if not (low > -math.inf and low <= high and high < math.inf):
        s[BROKEN] = np.uint64(1)
        return 0.0
    return low + (high - low) * next_uniform(s)


def chance(stream: Compiled, probability: Compiled) -> Compiled:
    """As Stream.chance."""
    s = carray(stream, 5)
    if not (probability >= 0.0 and probability <= 1.0):
        s[BROKEN] = np.uint64(1)
        return 0.0
    return 1.0 if next_uniform(s) < probability else 0.0


_ARGUMENTS: dict[str, tuple[Compiled, int]] = {
    "uniform": (uniform, 0),
    "exponential": (exponential, 1),
    "poisson": (poisson, 1),
    "binomial": (binomial, 2),
    "between": (between, 2),
    "chance": (chance, 1),
}
NAMES = tuple(_ARGUMENTS)


_compiled: dict[str, Compiled] = {}
_compiling = Lock()


def compiled_draw(name: str) -> Compiled:
    """A draw as a function that machine code can call; compiled, or fetched, when it is first asked for.

    It is made once and kept for good, since all programs of this process hold its address.
    """
    with _compiling:
        if name not in _compiled:
            function, arguments = _ARGUMENTS[name]
            _compiled[name] = callback(float64(words, *[float64] * arguments))(function)
        return _compiled[name]


def addresses(names: Iterable[str]) -> dict[str, int]:
    """Where draws lie in this process, by the name that compiled code calls them."""
    return {f"standoff_{name}": int(compiled_draw(name).address) for name in names}
