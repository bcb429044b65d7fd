"""The event loop, compiled once for all scenarios; `reference.py` says the same in plain Python.

It walks tables and calls the functions that `native.py` compiled for a scenario by their addresses.
Everything the loop calls stands in this one file: numba's cache watches only the file of the cached
function, so a callee elsewhere could go stale without notice.

Next event: direct method (Gillespie 1977) over sums in blocks of 2**shift (leaves, blocks, blocks of
blocks); every change adds its difference to the sums, and the sums are made anew from the leaves every
16,384 proposals and whenever the total has fallen a thousandfold, so rounding cannot build up. Decaying
rates: thinning (Lewis and Shedler 1979) under the bounds of `standoff.model.bounds`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import cfunc, njit, types
from numba.extending import intrinsic

# numba's decorators and the arrays they take are untyped.
Compiled = Any
_intrinsic: Compiled = intrinsic
carray: Compiled = numba.carray  # type: ignore[attr-defined]

DONE, NEEDS_SPACE = 0, 1
T, TOTAL, PEAK, VALUE = range(4)
OUT, CONTEXT, DEPENDENT_ROWS, EVERY_ROW = range(4)
FIRED, REJECTED, POSITIVE, ARMED, NEXT_GRID, NEXT_TIMED, SINCE, INSTANT, EVENTS, FAULT_RULE = range(10)
RATE, TRIGGER, TIMED = 0, 1, 2
REBUILD_EVERY = 16384
REBUILD_BELOW = 1e-3
MOST_AT_ONCE = 10_000
BOUND_SLACK = 1.0 + 1e-9
MOST_DRAWN = 1_000_000.0
_U = np.uint64


def _cached(decorate: Callable[..., Compiled], *signature: Compiled, **options: Compiled) -> Callable[..., Compiled]:
    """Compile with numba's on-disk cache, or without it where no folder can be written."""

    def apply(function: Callable[..., Compiled]) -> Compiled:
        try:
            return decorate(*signature, cache=True, **options)(function)
        except RuntimeError:
            return decorate(*signature, **options)(function)

    return apply


_jit = _cached(njit, nogil=True, error_model="numpy", boundscheck=False)
_RNG: Compiled = types.CPointer(types.uint64)  # type: ignore[no-untyped-call]
_F = types.float64


def _pointer_call(result: ir.Type, kinds: list[ir.Type]) -> Callable[..., Compiled]:
    """The instructions that call an address with arguments of these kinds."""

    def generate(context: Compiled, builder: Compiled, signature: Compiled, arguments: Compiled) -> Compiled:
        address, *rest = arguments
        function = builder.inttoptr(address, ir.FunctionType(result, kinds).as_pointer())
        given = [
            builder.inttoptr(a, k) if isinstance(k, ir.PointerType) else a for a, k in zip(rest, kinds, strict=True)
        ]
        called = builder.call(function, given)
        return context.get_dummy_value() if isinstance(result, ir.VoidType) else called

    return generate


_I64, _POINTER, _DOUBLE = ir.IntType(64), ir.IntType(8).as_pointer(), ir.DoubleType()


@_intrinsic  # type: ignore[untyped-decorator]
def call_values(
    typing: Compiled, address: Compiled, n: Compiled, rows: Compiled, out: Compiled, t: Compiled, context: Compiled
) -> Compiled:
    """Evaluate a compiled expression for n rows."""
    i = types.int64
    return types.void(i, i, i, i, _F, i), _pointer_call(
        ir.VoidType(), [_I64, _POINTER, _POINTER, _DOUBLE, _POINTER]
    )


@_intrinsic  # type: ignore[untyped-decorator]
def call_fire(typing: Compiled, address: Compiled, row: Compiled, t: Compiled, context: Compiled) -> Compiled:
    """Carry out the effects of a ground rule; 0 or the number of a fault."""
    i = types.int64
    return i(i, i, _F, i), _pointer_call(_I64, [_I64, _DOUBLE, _POINTER])


@_jit
def _uniform(s: Compiled) -> Compiled:
    """The next number of the stream s = (key, counter, spare word, has spare, broken)."""
    if s[3] != np.uint64(0):
        s[3] = np.uint64(0)
        word = s[2]
    else:
        mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
        c0, c1 = s[1] & mask, s[1] >> half
        c2, c3 = np.uint64(0), np.uint64(0)
        k0, k1 = s[0] & mask, s[0] >> half
        s[1] += np.uint64(1)
        for _ in range(10):
            p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
            n0, n2 = (p1 >> half) ^ c1 ^ k0, (p0 >> half) ^ c3 ^ k1
            c1, c3, c0, c2 = p1 & mask, p0 & mask, n0, n2
            k0, k1 = (k0 + np.uint64(0x9E3779B9)) & mask, (k1 + np.uint64(0xBB67AE85)) & mask
        word = (c1 << half) | c0
        s[2], s[3] = (c3 << half) | c2, np.uint64(1)
    return np.float64(word >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@_cached(cfunc, _F(_RNG))
def uniform(stream: Compiled) -> Compiled:
    """A number in [0, 1)."""
    return _uniform(carray(stream, 5))


@_cached(cfunc, _F(_RNG, _F))
def exponential(stream: Compiled, mean: Compiled) -> Compiled:
    """As Stream.exponential."""
    s = carray(stream, 5)
    if not (mean >= 0.0 and mean < math.inf):
        s[4] = np.uint64(1)
        return 0.0
    return -mean * math.log(1.0 - _uniform(s))


@_cached(cfunc, _F(_RNG, _F))
def poisson(stream: Compiled, mean: Compiled) -> Compiled:
    """As Stream.poisson."""
    s = carray(stream, 5)
    if not (mean >= 0.0 and mean <= MOST_DRAWN):
        s[4] = np.uint64(1)
        return 0.0
    count, reached = 0.0, -math.log(1.0 - _uniform(s))
    while reached <= mean:
        count += 1.0
        reached -= math.log(1.0 - _uniform(s))
    return count


@_cached(cfunc, _F(_RNG, _F, _F))
def binomial(stream: Compiled, trials: Compiled, probability: Compiled) -> Compiled:
    """As Stream.binomial."""
    s = carray(stream, 5)
    sound = trials >= 0.0 and trials <= MOST_DRAWN and trials == math.floor(trials)
    if not (sound and probability >= 0.0 and probability <= 1.0):
        s[4] = np.uint64(1)
        return 0.0
    count = 0.0
    for _ in range(int(trials)):
        if _uniform(s) < probability:
            count += 1.0
    return count


@_cached(cfunc, _F(_RNG, _F, _F))
def between(stream: Compiled, low: Compiled, high: Compiled) -> Compiled:
    """As Stream.between."""
    s = carray(stream, 5)
    if not (low > -math.inf and low <= high and high < math.inf):
        s[4] = np.uint64(1)
        return 0.0
    return low + (high - low) * _uniform(s)


@_cached(cfunc, _F(_RNG, _F))
def chance(stream: Compiled, probability: Compiled) -> Compiled:
    """As Stream.chance."""
    s = carray(stream, 5)
    if not (probability >= 0.0 and probability <= 1.0):
        s[4] = np.uint64(1)
        return 0.0
    return 1.0 if _uniform(s) < probability else 0.0


def draw_addresses() -> dict[str, int]:
    """Where the draws lie in this process, by the name that compiled code calls them."""
    draws = {"uniform": uniform, "exponential": exponential, "poisson": poisson, "binomial": binomial}
    draws |= {"between": between, "chance": chance}
    return {f"standoff_{name}": int(draw.address) for name, draw in draws.items()}


@_jit
def rebuild(
    leaves: Compiled, blocks: Compiled, tops: Compiled, clock: Compiled, counts: Compiled, shift: Compiled
) -> None:
    """Make all sums anew from the leaves, left to right."""
    blocks[:] = 0.0
    tops[:] = 0.0
    for g in range(_U(len(leaves))):
        blocks[g >> shift] += leaves[g]
    for b in range(_U(len(blocks))):
        tops[b >> shift] += blocks[b]
    total = 0.0
    for top in tops:
        total += top
    clock[TOTAL] = total
    clock[PEAK] = total
    counts[SINCE] = 0


@_jit
def first_look(
    sizes: Compiled, values: Compiled, out: Compiled, addresses: Compiled, kinds: Compiled, firsts: Compiled,
    bounded: Compiled, leaves: Compiled, blocks: Compiled, tops: Compiled, truth: Compiled, armed: Compiled,
    clock: Compiled, counts: Compiled, shift: Compiled, frozen: Compiled,
) -> Compiled:  # fmt: skip
    """Evaluate all rules at day 0; 0 or a fault."""
    for k in range(len(sizes)):
        if kinds[k] == TIMED or sizes[k] == 0 or (frozen and kinds[k] == RATE):
            continue
        call_values(values[k], sizes[k], addresses[EVERY_ROW], addresses[OUT], 0.0, addresses[CONTEXT])
        for row in range(sizes[k]):
            g = firsts[k] + row
            value = out[row]
            if kinds[k] == RATE:
                if not (value >= 0.0 and value < math.inf):
                    counts[FAULT_RULE] = g
                    clock[VALUE] = value
                    return 502 if bounded[k] and value == math.inf else 501
                leaves[g] = value
                counts[POSITIVE] += np.int64(value > 0.0)
            elif value != 0.0:
                truth[g] = armed[g] = True
                counts[ARMED] += 1
    rebuild(leaves, blocks, tops, clock, counts, shift)
    return 0


@_jit
def _snapshot(
    upto: Compiled, after: Compiled, grid: Compiled, series: Compiled, watches: Compiled, watch_firsts: Compiled,
    watch_sizes: Compiled, out: Compiled, addresses: Compiled, counts: Compiled,
) -> None:  # fmt: skip
    """Record the watches at grid times before `upto`, and at it if `after`."""
    while counts[NEXT_GRID] < len(grid):
        i = counts[NEXT_GRID]
        if grid[i] > upto or (grid[i] == upto and not after):
            return
        for w in range(len(watches)):
            size = watch_sizes[w]
            call_values(watches[w], size, addresses[EVERY_ROW], addresses[OUT], grid[i], addresses[CONTEXT])
            for j in range(size):
                series[i, watch_firsts[w] + j] = out[j]
        counts[NEXT_GRID] = i + 1


@_jit
def _first_armed(triggers: Compiled, armed: Compiled) -> Compiled:
    """The first declared of the triggers whose guard has turned true."""
    for g in triggers:
        if armed[g]:
            return g
    return -1


@_jit
def _find(u: Compiled, leaves: Compiled, blocks: Compiled, tops: Compiled, shift: Compiled) -> Compiled:
    """The leaf at the running sum u."""
    i, one, width = _U(0), _U(1), _U(1) << shift
    most = _U(len(tops)) - one
    while i < most and u >= tops[i]:
        u -= tops[i]
        i += one
    i <<= shift
    most = i + width - one
    while i < most and u >= blocks[i]:
        u -= blocks[i]
        i += one
    i <<= shift
    most = i + width - one
    while i < most and u >= leaves[i]:
        u -= leaves[i]
        i += one
    return i


@_jit
def advance(
    end: Compiled, slot_start: Compiled, dep_rule: Compiled, dep_start: Compiled, dep_rows: Compiled,
    values: Compiled, exacts: Compiled, fires: Compiled, kinds: Compiled, firsts: Compiled, bounded: Compiled,
    rule_of: Compiled, silent: Compiled, memory_start: Compiled, memory_slots: Compiled, triggers: Compiled,
    days: Compiled, dated: Compiled, grid: Compiled, series: Compiled, watches: Compiled, watch_firsts: Compiled,
    watch_sizes: Compiled, addresses: Compiled, out: Compiled, touched: Compiled, head: Compiled, x: Compiled,
    last: Compiled, decay: Compiled, stream: Compiled, event_time: Compiled, event_rule: Compiled,
    event_head: Compiled, leaves: Compiled, blocks: Compiled, tops: Compiled, truth: Compiled, armed: Compiled,
    clock: Compiled, counts: Compiled, shift: Compiled, limit: Compiled, frozen: Compiled, record: Compiled,
) -> Compiled:  # fmt: skip
    """Run until `end`: DONE, NEEDS_SPACE (call again with more room for events), or a fault's number.

    One function and one place where rules fire: calls with many arrays cost numba more than the work.
    """
    one_row = np.zeros(1, np.int32)
    one_at = np.int64(one_row.ctypes.data)
    out_at, context, rows_at = addresses[OUT], addresses[CONTEXT], addresses[DEPENDENT_ROWS]
    one, size, twice = _U(1), len(event_time), shift + shift
    t = clock[T]
    while True:
        waits = False
        fires_now: Compiled = -1
        if counts[ARMED] > 0:
            if counts[EVENTS] >= size:
                return NEEDS_SPACE
            fires_now = _first_armed(triggers, armed)
            counts[INSTANT] += 1
            if counts[INSTANT] > MOST_AT_ONCE:
                counts[FAULT_RULE] = fires_now
                return 503
            armed[fires_now] = False
            counts[ARMED] -= 1
        else:
            if counts[EVENTS] >= size:
                return NEEDS_SPACE
            if counts[FIRED] + counts[REJECTED] >= limit:
                return 507
            if counts[SINCE] >= REBUILD_EVERY or clock[TOTAL] < REBUILD_BELOW * clock[PEAK]:
                rebuild(leaves, blocks, tops, clock, counts, shift)
            total = clock[TOTAL]
            clock[PEAK] = max(clock[PEAK], total)
            nearest, stop = math.inf, end
            if counts[POSITIVE] > 0 and total > 0.0:
                nearest = t - math.log(1.0 - _uniform(stream)) / total
            if counts[NEXT_TIMED] < len(days):
                stop = min(stop, days[counts[NEXT_TIMED]])
            until = min(nearest, stop)
            if counts[NEXT_GRID] < len(grid) and grid[counts[NEXT_GRID]] < until:
                _snapshot(until, False, grid, series, watches, watch_firsts, watch_sizes, out, addresses, counts)
            if t < until:
                counts[INSTANT] = 0
            t = until
            clock[T] = t
            if nearest >= stop:
                if counts[NEXT_TIMED] == len(days) or days[counts[NEXT_TIMED]] != stop:
                    _snapshot(stop, True, grid, series, watches, watch_firsts, watch_sizes, out, addresses, counts)
                    return DONE
                g = dated[counts[NEXT_TIMED]]
                counts[NEXT_TIMED] += 1
                one_row[0] = g - firsts[rule_of[g]]
                call_values(exacts[rule_of[g]], 1, one_at, out_at, t, context)
                if out[0] == 0.0:
                    continue
                fires_now = g
            else:
                counts[SINCE] += 1
                chosen = _find(_uniform(stream) * total, leaves, blocks, tops, shift)
                fires_now = np.int64(chosen)
                bound = leaves[chosen]
                if bound <= 0.0:
                    # Rounding in the sums pointed at an empty leaf: no rule fires, and the sums are made anew.
                    counts[REJECTED] += 1
                    counts[SINCE] = REBUILD_EVERY
                    continue
                k = rule_of[chosen]
                if bounded[k]:
                    one_row[0] = fires_now - firsts[k]
                    call_values(exacts[k], 1, one_at, out_at, t, context)
                    rate = out[0]
                    counts[FAULT_RULE] = fires_now
                    clock[VALUE] = rate
                    if not (rate >= 0.0 and rate < math.inf):
                        return 501
                    if rate > bound * BOUND_SLACK:
                        return 502
                    waits = _uniform(stream) * bound >= rate
        touched[0] = 0
        if waits:
            # Refused: the memories that the rule reads are brought up to now, and what depends on them is looked at.
            counts[REJECTED] += 1
            for m in range(memory_start[fires_now], memory_start[fires_now + 1]):
                slot = _U(memory_slots[m])
                x[slot] *= math.exp(-decay[slot] * (t - last[slot]))
                last[slot] = t
                touched[touched[0] + 2] = np.int64(slot)
                touched[0] += 1
        else:
            g = fires_now
            k = rule_of[g]
            counts[FAULT_RULE] = g
            touched[1] += 1
            fault = call_fire(fires[k], np.int64(g - firsts[k]), t, context)
            if fault:
                return fault
            if stream[4] != _U(0):
                return 506
            counts[FIRED] += 1
            if record and not silent[k]:
                e = counts[EVENTS]
                event_time[e] = t
                event_rule[e] = g
                for j in range(4):
                    event_head[e, j] = head[j]
                counts[EVENTS] = e + 1
        total, positive = clock[TOTAL], counts[POSITIVE]
        for i in range(_U(touched[0])):
            slot = _U(touched[i + _U(2)])
            for d in range(_U(slot_start[slot]), _U(slot_start[slot + one])):
                k = _U(dep_rule[d])
                rated = kinds[k] == RATE
                if frozen and rated:
                    continue
                at, until_row = _U(dep_start[d]), _U(dep_start[d + one])
                call_values(values[k], np.int64(until_row - at), rows_at + 4 * np.int64(at), out_at, t, context)
                first = _U(firsts[k])
                for j in range(at, until_row):
                    g = first + _U(dep_rows[j])
                    value = out[j - at]
                    if rated:
                        old = leaves[g]
                        if value == old:
                            continue
                        if not (value >= 0.0 and value < math.inf):
                            counts[FAULT_RULE] = np.int64(g)
                            clock[VALUE] = value
                            return 502 if bounded[k] and value == math.inf else 501
                        positive += np.int64(value > 0.0) - np.int64(old > 0.0)
                        leaves[g] = value
                        change = value - old
                        blocks[g >> shift] += change
                        tops[g >> twice] += change
                        total += change
                    elif (value != 0.0) != truth[g]:
                        truth[g] = not truth[g]
                        counts[ARMED] += np.int64(truth[g]) - np.int64(armed[g])
                        armed[g] = truth[g]
        if waits:
            # Time alone may have lowered the bound, so the rule itself is looked at too.
            g = _U(fires_now)
            one_row[0] = fires_now - firsts[rule_of[g]]
            call_values(values[rule_of[g]], 1, one_at, out_at, t, context)
            if not (out[0] >= 0.0 and out[0] < math.inf):
                counts[FAULT_RULE] = fires_now
                clock[VALUE] = out[0]
                return 502 if out[0] == math.inf else 501
            change = out[0] - leaves[g]
            positive += np.int64(out[0] > 0.0) - np.int64(leaves[g] > 0.0)
            leaves[g] = out[0]
            blocks[g >> shift] += change
            tops[g >> twice] += change
            total += change
        clock[TOTAL], counts[POSITIVE] = total, positive
