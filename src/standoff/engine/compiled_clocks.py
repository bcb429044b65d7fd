"""The clocks of the coupled sampler, compiled; `clocks.py` says the same in plain Python.

When they ring is kept in blocks of 2 ** shift with the soonest of each, and in blocks of blocks.
"""

from __future__ import annotations

import math

import numpy as np

from standoff.engine.compiled import Compiled, jit
from standoff.engine.draws import pair, unit

_U = np.uint64


@jit
def draw_keys(key: Compiled, names: Compiled) -> Compiled:
    """As clocks.clock_keys, for one stream's key."""
    keys = np.empty_like(names)
    for g in range(len(names)):
        keys[g] = pair(key, names[g])[0]
    return keys


@jit
def put_time(g: Compiled, time: Compiled, times: Compiled, soonest: Compiled, tops: Compiled, shift: Compiled) -> None:
    """Set when a clock rings, and the soonest of its block and of its block of blocks."""
    old = times[g]
    times[g] = time
    b = g >> shift
    if time < soonest[b]:
        least = time
    elif old == soonest[b]:
        least = math.inf
        for i in range(b << shift, (b + _U(1)) << shift):
            least = min(least, times[i])
    else:
        return
    before = soonest[b]
    soonest[b] = least
    c = b >> shift
    if least < tops[c]:
        tops[c] = least
    elif before == tops[c]:
        least = math.inf
        for i in range(c << shift, (c + _U(1)) << shift):
            least = min(least, soonest[i])
        tops[c] = least


@jit
def ring(times: Compiled, soonest: Compiled, tops: Compiled, shift: Compiled) -> Compiled:
    """The first of the clocks that ring soonest."""
    c: Compiled = _U(0)
    one = _U(1)
    for i in range(_U(len(tops))):
        if tops[i] < tops[c]:
            c = i
    b = c << shift
    while soonest[b] != tops[c]:
        b += one
    g = b << shift
    while times[g] != soonest[b]:
        g += one
    return g


@jit
def retime(
    g: Compiled, rate: Compiled, t: Compiled, rates: Compiled, left: Compiled, since: Compiled, times: Compiled,
    soonest: Compiled, tops: Compiled, shift: Compiled,
) -> None:  # fmt: skip
    """Let a clock go at another rate from now on: what is left of its unit exponential stays."""
    left[g] = max(left[g] - rates[g] * (t - since[g]), 0.0)
    since[g] = t
    rates[g] = rate
    put_time(g, t + left[g] / rate if rate > 0.0 else math.inf, times, soonest, tops, shift)


@jit
def start_clocks(
    t: Compiled, keys: Compiled, rates: Compiled, left: Compiled, times: Compiled, soonest: Compiled, tops: Compiled,
    shift: Compiled,
) -> None:  # fmt: skip
    """Set when every clock rings; one with less than nothing left draws its first unit exponential."""
    times[:] = math.inf
    soonest[:] = math.inf
    tops[:] = math.inf
    for g in range(_U(len(keys))):
        if left[g] < 0.0:
            left[g] = -math.log(1.0 - unit(pair(keys[g], _U(0))[0]))
        if rates[g] > 0.0:
            put_time(g, t + left[g] / rates[g], times, soonest, tops, shift)
