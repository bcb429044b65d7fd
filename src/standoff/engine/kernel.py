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
T, TOTAL, PEAK = 0, 1, 2
FIRED, REJECTED, POSITIVE, ARMED, NEXT_GRID, NEXT_TIMED, SINCE, INSTANT, EVENTS, FAULT_RULE = range(10)
RATE, TRIGGER, TIMED = 0, 1, 2
REBUILD_EVERY = 16384
REBUILD_BELOW = 1e-3
MOST_AT_ONCE = 10_000
BOUND_SLACK = 1.0 + 1e-9
MOST_DRAWN = 1_000_000.0


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
def rebuild(leaves: Compiled, blocks: Compiled, tops: Compiled, clock: Compiled, counts: Compiled, shift: int) -> None:
    """Make all sums anew from the leaves, left to right."""
    blocks[:] = 0.0
    tops[:] = 0.0
    for g in range(len(leaves)):
        blocks[g >> shift] += leaves[g]
    for b in range(len(blocks)):
        tops[b >> shift] += blocks[b]
    total = 0.0
    for top in tops:
        total += top
    clock[TOTAL] = total
    clock[PEAK] = total
    counts[SINCE] = 0


@_jit
def take(
    k: Compiled, n: Compiled, rows: Compiled, at: Compiled, out: Compiled, tables: Compiled, sums: Compiled,
    flags: Compiled, clock: Compiled, counts: Compiled, shift: Compiled,
) -> Compiled:  # fmt: skip
    """Put n new values of rule table k into the sums, or raise and lower its triggers; 0 or a fault."""
    kinds, firsts, bounded = tables
    leaves, blocks, tops = sums
    truth, armed = flags
    first = firsts[k]
    if kinds[k] == RATE:
        total, positive = clock[TOTAL], counts[POSITIVE]
        for j in range(n):
            g = np.uint64(first + rows[at + j])
            value, old = out[j], leaves[g]
            if value != old:
                if not (value >= 0.0 and value < math.inf):
                    clock[TOTAL], counts[POSITIVE] = total, positive
                    counts[FAULT_RULE] = np.int64(g)
                    clock[3] = value
                    return 502 if bounded[k] and value == math.inf else 501
                positive += np.int64(value > 0.0) - np.int64(old > 0.0)
                leaves[g] = value
                change = value - old
                blocks[g >> np.uint64(shift)] += change
                tops[g >> np.uint64(2 * shift)] += change
                total += change
        clock[TOTAL], counts[POSITIVE] = total, positive
    else:
        for j in range(n):
            g = first + rows[at + j]
            holds = out[j] != 0.0
            if holds != truth[g]:
                truth[g] = holds
                counts[ARMED] += np.int64(holds) - np.int64(armed[g])
                armed[g] = holds
    return 0


@_jit
def look_again(
    slot: Compiled, t: Compiled, graph: Compiled, values: Compiled, buffers: Compiled, tables: Compiled,
    sums: Compiled, flags: Compiled, clock: Compiled, counts: Compiled, shift: Compiled, frozen: Compiled,
) -> Compiled:  # fmt: skip
    """Evaluate everything that reads a slot; 0 or a fault."""
    start, template, row_start, rows, rows_at = graph
    out, out_at, context = buffers
    for i in range(start[slot], start[slot + 1]):
        k = template[i]
        if frozen and tables[0][k] == RATE:
            continue
        at = row_start[i]
        n = row_start[i + 1] - at
        call_values(values[k], np.int64(n), rows_at + 4 * np.int64(at), out_at, t, context)
        fault = take(k, n, rows, at, out, tables, sums, flags, clock, counts, shift)
        if fault:
            return fault
    return 0


@_jit
def first_look(
    sizes: Compiled, values: Compiled, rows: Compiled, rows_at: Compiled, buffers: Compiled, tables: Compiled,
    sums: Compiled, flags: Compiled, clock: Compiled, counts: Compiled, shift: Compiled, frozen: Compiled,
) -> Compiled:  # fmt: skip
    """Evaluate all rules at day 0; 0 or a fault."""
    out, out_at, context = buffers
    for k in range(len(sizes)):
        if values[k] == 0 or sizes[k] == 0 or (frozen and tables[0][k] == RATE):
            continue
        call_values(values[k], sizes[k], rows_at, out_at, 0.0, context)
        fault = take(k, sizes[k], rows, 0, out, tables, sums, flags, clock, counts, shift)
        if fault:
            return fault
    rebuild(sums[0], sums[1], sums[2], clock, counts, shift)
    return 0


@_jit
def fire(
    g: Compiled, t: Compiled, graph: Compiled, values: Compiled, fires: Compiled, rule_of: Compiled, silent: Compiled,
    buffers: Compiled, work: Compiled, stream: Compiled, events: Compiled, tables: Compiled, sums: Compiled,
    flags: Compiled, clock: Compiled, counts: Compiled, shift: Compiled, frozen: Compiled, record: Compiled,
) -> Compiled:  # fmt: skip
    """Fire a ground rule, note the event, and look again at what depends on it; 0 or a fault."""
    touched, head = work
    k = rule_of[g]
    counts[FAULT_RULE] = g
    touched[0] = 0
    touched[1] += 1
    fault = call_fire(fires[k], np.int64(g - tables[1][k]), t, buffers[2])
    if fault:
        return fault
    if stream[4] != np.uint64(0):
        return 506
    counts[FIRED] += 1
    if record and not silent[k]:
        e = counts[EVENTS]
        events[0][e] = t
        events[1][e] = g
        for j in range(4):
            events[2][e, j] = head[j]
        counts[EVENTS] = e + 1
    for i in range(touched[0]):
        fault = look_again(
            touched[i + 2], t, graph, values, buffers, tables, sums, flags, clock, counts, shift, frozen
        )
        if fault:
            return fault
    return 0


@_jit
def snapshot(upto: Compiled, after: Compiled, grid: Compiled, series: Compiled, watches: Compiled, buffers: Compiled,
             counts: Compiled) -> None:  # fmt: skip
    """Record the watches at grid times before `upto`, and at it if `after`."""
    addresses, firsts, sizes, row_at = watches
    out, out_at, context = buffers
    while counts[NEXT_GRID] < len(grid):
        i = counts[NEXT_GRID]
        if grid[i] > upto or (grid[i] == upto and not after):
            return
        for w in range(len(addresses)):
            call_values(addresses[w], sizes[w], row_at, out_at, grid[i], context)
            for j in range(sizes[w]):
                series[i, firsts[w] + j] = out[j]
        counts[NEXT_GRID] = i + 1


@_jit
def advance(
    end: Compiled, graph: Compiled, values: Compiled, exacts: Compiled, fires: Compiled, rule_of: Compiled,
    silent: Compiled, memories: Compiled, triggers: Compiled, timed: Compiled, grid: Compiled, series: Compiled,
    watches: Compiled, buffers: Compiled, work: Compiled, state: Compiled, stream: Compiled, events: Compiled,
    tables: Compiled, sums: Compiled, flags: Compiled, clock: Compiled, counts: Compiled, shift: Compiled,
    limit: Compiled, frozen: Compiled, record: Compiled,
) -> Compiled:  # fmt: skip
    """Run until `end`: DONE, NEEDS_SPACE (call again with more room for events), or a fault's number."""
    leaves, blocks, tops = sums
    x, last, decay = state
    out = buffers[0]
    one = np.zeros(1, np.int32)
    one_at = np.int64(one.ctypes.data)
    t = clock[T]
    size = len(events[0])
    while True:
        while counts[ARMED] > 0:
            if counts[EVENTS] >= size:
                return NEEDS_SPACE
            counts[INSTANT] += 1
            g = triggers[0]
            for candidate in triggers:
                if flags[1][candidate]:
                    g = candidate
                    break
            if counts[INSTANT] > MOST_AT_ONCE:
                counts[FAULT_RULE] = g
                return 503
            flags[1][g] = False
            counts[ARMED] -= 1
            fault = fire(g, t, graph, values, fires, rule_of, silent, buffers, work, stream, events, tables, sums,
                         flags, clock, counts, shift, frozen, record)  # fmt: skip
            if fault:
                return fault
        if counts[EVENTS] >= size:
            return NEEDS_SPACE
        if counts[FIRED] + counts[REJECTED] >= limit:
            return 507
        if counts[SINCE] >= REBUILD_EVERY or clock[TOTAL] < REBUILD_BELOW * clock[PEAK]:
            rebuild(leaves, blocks, tops, clock, counts, shift)
        clock[PEAK] = max(clock[PEAK], clock[TOTAL])
        total = clock[TOTAL]
        nearest = math.inf
        if counts[POSITIVE] > 0 and total > 0.0:
            nearest = t - math.log(1.0 - _uniform(stream)) / total
        stop = end
        if counts[NEXT_TIMED] < len(timed[0]):
            stop = min(stop, timed[0][counts[NEXT_TIMED]])
        if nearest >= stop:
            snapshot(stop, False, grid, series, watches, buffers, counts)
            if t < stop:
                counts[INSTANT] = 0
            t = stop
            clock[T] = t
            if counts[NEXT_TIMED] < len(timed[0]) and timed[0][counts[NEXT_TIMED]] == stop:
                g = timed[1][counts[NEXT_TIMED]]
                counts[NEXT_TIMED] += 1
                one[0] = g - tables[1][rule_of[g]]
                call_values(exacts[rule_of[g]], 1, one_at, buffers[1], t, buffers[2])
                if out[0] != 0.0:
                    fault = fire(g, t, graph, values, fires, rule_of, silent, buffers, work, stream, events, tables,
                                 sums, flags, clock, counts, shift, frozen, record)  # fmt: skip
                    if fault:
                        return fault
                continue
            snapshot(stop, True, grid, series, watches, buffers, counts)
            return DONE
        snapshot(nearest, False, grid, series, watches, buffers, counts)
        counts[SINCE] += 1
        if t < nearest:
            counts[INSTANT] = 0
        t = nearest
        clock[T] = t
        u = _uniform(stream) * total
        i, most = 0, len(tops) - 1
        while i < most and u >= tops[i]:
            u -= tops[i]
            i += 1
        i <<= shift
        most = i + (1 << shift) - 1
        while i < most and u >= blocks[i]:
            u -= blocks[i]
            i += 1
        i <<= shift
        most = i + (1 << shift) - 1
        while i < most and u >= leaves[i]:
            u -= leaves[i]
            i += 1
        g = i
        if leaves[g] <= 0.0:
            # Rounding in the sums pointed at an empty leaf: no rule fires, and the sums are made anew.
            counts[REJECTED] += 1
            counts[SINCE] = REBUILD_EVERY
            continue
        k = rule_of[g]
        if tables[2][k]:
            one[0] = g - tables[1][k]
            call_values(exacts[k], 1, one_at, buffers[1], t, buffers[2])
            rate = out[0]
            counts[FAULT_RULE] = g
            clock[3] = rate
            if not (rate >= 0.0 and rate < math.inf):
                return 501
            if rate > leaves[g] * BOUND_SLACK:
                return 502
            if _uniform(stream) * leaves[g] >= rate:
                counts[REJECTED] += 1
                for m in range(memories[0][g], memories[0][g + 1]):
                    slot = memories[1][m]
                    x[slot] *= math.exp(-decay[slot] * (t - last[slot]))
                    last[slot] = t
                    fault = look_again(slot, t, graph, values, buffers, tables, sums, flags, clock, counts, shift,
                                       frozen)  # fmt: skip
                    if fault:
                        return fault
                call_values(values[k], 1, one_at, buffers[1], t, buffers[2])
                fault = take(k, 1, one, 0, out, tables, sums, flags, clock, counts, shift)
                if fault:
                    return fault
                continue
        fault = fire(g, t, graph, values, fires, rule_of, silent, buffers, work, stream, events, tables, sums, flags,
                     clock, counts, shift, frozen, record)  # fmt: skip
        if fault:
            return fault
