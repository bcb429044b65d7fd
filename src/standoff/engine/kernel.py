"""The event loop, compiled once for all scenarios; `reference.py` says the same in plain Python.

It walks tables and calls the functions that `native.py` compiled for a scenario by their addresses.
Two samplers of one law choose the next event (docs/engine.md): `direct` (Gillespie 1977) draws from sums of
rates, made anew every 16,384 proposals and whenever the total has fallen a thousandfold, so that rounding
cannot build up; `coupled` (Anderson 2007) gives each ground rule a clock of its own. Decaying rates are
thinned (Lewis and Shedler 1979) under the bounds of `standoff.model.bounds`.
"""

from __future__ import annotations

import math

import numpy as np

from standoff.engine.begin import BOUND_SLACK, MOST_AT_ONCE
from standoff.engine.clocks import CALLED_AT, EFFECT_DRAWS, EFFECTS_AT
from standoff.engine.compiled import Compiled, call_clock, call_fire, call_values, jit
from standoff.engine.compiled_clocks import put_time, retime, ring
from standoff.engine.compiled_sums import CHUNK, MOST, SUM, WEIGHT, find, rebuild, sum_anew
from standoff.engine.draws import COUNTER, HAS_SPARE, KEY, next_uniform, pair, unit
from standoff.engine.sums import MOST_RATE, REBUILD_BELOW, REBUILD_EVERY, ROW

DONE, NEEDS_SPACE, PAUSED = 0, 1, 2
T, TOTAL, PEAK, VALUE, PENDING = range(5)
OUT, CONTEXT, DEPENDENT_ROWS, EVERY_ROW, CLOCK = range(5)
FIRED, REJECTED, ARMED, NEXT_GRID, NEXT_TIMED, SINCE, INSTANT, EVENTS, FAULT_RULE = range(9)
RATE, TRIGGER, TIMED, FACTOR = range(4)
_U = np.uint64


@jit
def look(
    t: Compiled, templates: Compiled, row_start: Compiled, rows: Compiled, targets: Compiled, values: Compiled,
    kinds: Compiled, firsts: Compiled, bounded: Compiled, factor_start: Compiled, out: Compiled, addresses: Compiled,
    leaves: Compiled, chunks: Compiled, truth: Compiled, armed: Compiled, clock: Compiled, counts: Compiled,
    frozen: Compiled,
) -> Compiled:  # fmt: skip
    """Evaluate some rows of rules and factors as they are now; 0 or a fault. Clocks and sums are the caller's."""
    rows_at = np.int64(rows.ctypes.data)
    for i in range(len(templates)):
        k = templates[i]
        trigger = kinds[k] == TRIGGER
        if frozen and not trigger:
            continue
        at = row_start[i]
        size = row_start[i + 1] - at
        call_values(values[k], np.int64(size), rows_at + 4 * np.int64(at), addresses[OUT], t, addresses[CONTEXT])
        for j in range(size):
            target, value = targets[at + j], out[j]
            if trigger:
                if (value != 0.0) != truth[target]:
                    truth[target] = not truth[target]
                    counts[ARMED] += np.int64(truth[target]) - np.int64(armed[target])
                    armed[target] = truth[target]
                continue
            if not (value >= 0.0 and value <= MOST_RATE):
                counts[FAULT_RULE] = firsts[k] + rows[at + j]
                clock[VALUE] = value
                return 502 if bounded[k] and not value < 0.0 else 501
            if kinds[k] == FACTOR:
                for c in range(factor_start[target], factor_start[target + 1]):
                    chunks[CHUNK * c] = value
            else:
                leaves[target] = value
    return 0


@jit
def snapshot(
    upto: Compiled, after: Compiled, second: Compiled, grid: Compiled, series: Compiled, watches: Compiled,
    watch_firsts: Compiled, watch_sizes: Compiled, out: Compiled, addresses: Compiled, counts: Compiled,
) -> Compiled:  # fmt: skip
    """Record the watches at grid times before `upto`, and at it if `after`; False if `second` is over before."""
    while counts[NEXT_GRID] < len(grid):
        i = counts[NEXT_GRID]
        if grid[i] > upto or (grid[i] == upto and not after):
            return True
        if call_clock(addresses[CLOCK]) != second:
            return False
        for w in range(len(watches)):
            size = watch_sizes[w]
            call_values(watches[w], size, addresses[EVERY_ROW], addresses[OUT], grid[i], addresses[CONTEXT])
            for j in range(size):
                series[i, watch_firsts[w] + j] = out[j]
        counts[NEXT_GRID] = i + 1
    return True


@jit
def _first_armed(triggers: Compiled, armed: Compiled) -> Compiled:
    """The first declared of the triggers whose guard has turned true."""
    for g in triggers:
        if armed[g]:
            return g
    return -1


@jit
def advance(
    slot_start: Compiled, dep_rule: Compiled, dep_start: Compiled, dep_rows: Compiled, dep_target: Compiled,
    values: Compiled, exacts: Compiled, fires: Compiled, kinds: Compiled, firsts: Compiled, bounded: Compiled,
    rule_of: Compiled, memory_start: Compiled, memory_slots: Compiled, triggers: Compiled, grid: Compiled,
    watches: Compiled, watch_firsts: Compiled, watch_sizes: Compiled, leaf_of: Compiled, ground_of: Compiled,
    chunk_of: Compiled, block_start: Compiled, factor_start: Compiled, shift: Compiled, last_day: Compiled,
    addresses: Compiled, out: Compiled, touched: Compiled, head: Compiled, kept: Compiled, x: Compiled, last: Compiled,
    decay: Compiled, stream: Compiled, leaves: Compiled, blocks: Compiled, chunks: Compiled, rows: Compiled,
    keys: Compiled, proposals: Compiled, left: Compiled, since: Compiled, times: Compiled, soonest: Compiled,
    tops: Compiled, truth: Compiled, armed: Compiled, clock: Compiled, counts: Compiled,
    end: Compiled, days: Compiled, dated: Compiled, calls: Compiled, series: Compiled, event_time: Compiled,
    event_rule: Compiled, event_head: Compiled, room: Compiled, silent: Compiled, frozen: Compiled, record: Compiled,
    limit: Compiled,
) -> Compiled:  # fmt: skip
    """Run until `end`: DONE, NEEDS_SPACE (`room` events are recorded; call again for more), PAUSED or a fault's number.

    PAUSED lets Python, whose lock the kernel does not hold, see a Ctrl-C: it comes with each new second of the clock.
    Held at any `end` and called again, it makes the same run to the bit: under direct, the time already drawn for the
    next proposal is kept in the clock, and a grid time that is `end` is recorded when time goes on, or at `last_day`.
    One function and one place where rules fire: calls with many arrays cost numba more than the work. Compiled apart
    for each sampler: `keys` and what belongs to clocks is None for direct, `blocks` and what belongs to sums is None
    for coupled, and numba leaves out what stands under `is not None` of these. The arguments are those of a walk, of a
    state and of one call, in this order: see `stepping.py`.
    """
    second = call_clock(addresses[CLOCK])
    one_row = np.zeros(1, np.int32)
    one_at = np.int64(one_row.ctypes.data)
    out_at, context, rows_at = addresses[OUT], addresses[CONTEXT], addresses[DEPENDENT_ROWS]
    one, two = _U(1), _U(2)
    c: Compiled = _U(0)
    t = clock[T]
    while True:
        # What happens next: a trigger whose guard has turned true, a dated rule, or a proposal of a rated one.
        waits = False
        g: Compiled = -1
        call: Compiled = -1
        if counts[EVENTS] >= room:
            return NEEDS_SPACE
        if call_clock(addresses[CLOCK]) != second:
            return PAUSED
        if counts[ARMED] > 0:
            g = _first_armed(triggers, armed)
            counts[INSTANT] += 1
            if counts[INSTANT] > MOST_AT_ONCE:
                counts[FAULT_RULE] = g
                return 503
            armed[g] = False
            counts[ARMED] -= 1
        else:
            if counts[FIRED] + counts[REJECTED] >= limit:
                return 507
            nearest, stop = math.inf, end
            total, ringing = 0.0, _U(0)
            if keys is not None:
                ringing = ring(times, soonest, tops, shift)
                nearest = times[ringing]
            if blocks is not None:
                if counts[SINCE] >= REBUILD_EVERY or clock[TOTAL] < REBUILD_BELOW * clock[PEAK]:
                    clock[TOTAL] = clock[PEAK] = rebuild(leaves, blocks, chunks, rows, chunk_of, shift)
                    counts[SINCE] = 0
                total = clock[TOTAL]
                clock[PEAK] = max(clock[PEAK], total)
                if not total < math.inf:
                    counts[FAULT_RULE] = -1
                    clock[VALUE] = total
                    return 501
                if not math.isnan(clock[PENDING]):
                    nearest = clock[PENDING]
                    clock[PENDING] = math.nan
                elif total > 0.0:
                    nearest = t - math.log(1.0 - next_uniform(stream)) / total
            if counts[NEXT_TIMED] < len(days):
                stop = min(stop, days[counts[NEXT_TIMED]])
            until = min(nearest, stop)
            if counts[NEXT_GRID] < len(grid) and grid[counts[NEXT_GRID]] < until and not snapshot(
                until, False, second, grid, series, watches, watch_firsts, watch_sizes, out, addresses, counts
            ):
                if blocks is not None:
                    clock[PENDING] = nearest
                return PAUSED
            if t < until:
                counts[INSTANT] = 0
            t = until
            clock[T] = t
            if nearest >= stop:
                if counts[NEXT_TIMED] == len(days) or days[counts[NEXT_TIMED]] != stop:
                    if blocks is not None:
                        clock[PENDING] = nearest
                    if stop >= last_day and not snapshot(
                        stop, True, second, grid, series, watches, watch_firsts, watch_sizes, out, addresses, counts
                    ):
                        return PAUSED
                    return DONE
                g, call = dated[counts[NEXT_TIMED]], calls[counts[NEXT_TIMED]]
                counts[NEXT_TIMED] += 1
                # Whoever calls a rule has looked at its guard.
                if call < 0:
                    one_row[0] = g - firsts[rule_of[g]]
                    call_values(exacts[rule_of[g]], 1, one_at, out_at, t, context)
                    if out[0] == 0.0:
                        continue
            else:
                accept: Compiled = 0.0
                if keys is not None:
                    g = np.int64(ringing)
                    bound = leaves[ringing]
                    accept = unit(pair(keys[ringing], _U(proposals[ringing]))[1])
                    proposals[ringing] += 1
                    left[ringing] = -math.log(1.0 - unit(pair(keys[ringing], _U(proposals[ringing]))[0]))
                    since[ringing] = t
                    put_time(ringing, t + left[ringing] / bound, times, soonest, tops, shift)
                if blocks is not None:
                    counts[SINCE] += 1
                    u = next_uniform(stream) * total
                    leaf = find(u, leaves, blocks, chunks, rows, block_start, shift)
                    g = np.int64(ground_of[leaf])
                    bound = leaves[leaf] * chunks[_U(chunk_of[leaf >> shift]) << two]
                    if bound <= 0.0:
                        # Rounding in the sums pointed at an empty leaf: no rule fires, and the sums are made anew.
                        counts[REJECTED] += 1
                        counts[SINCE] = REBUILD_EVERY
                        continue
                if bounded[rule_of[g]]:
                    one_row[0] = g - firsts[rule_of[g]]
                    call_values(exacts[rule_of[g]], 1, one_at, out_at, t, context)
                    rate = out[0]
                    counts[FAULT_RULE] = g
                    clock[VALUE] = rate
                    if not (rate >= 0.0 and rate <= MOST_RATE):
                        return 501
                    if rate > bound * BOUND_SLACK:
                        return 502
                    if blocks is not None:
                        accept = next_uniform(stream)
                    waits = accept * bound >= rate
        k = _U(rule_of[g])
        counts[FAULT_RULE] = g
        touched[0] = 0
        if waits:
            # Refused: the bound is made anew from the memories as they are now.
            counts[REJECTED] += 1
            for m in range(memory_start[g], memory_start[g + 1]):
                slot: Compiled = _U(memory_slots[m])
                kept[m - memory_start[g]] = x[slot]
                x[slot] *= math.exp(-decay[slot] * (t - last[slot]))
                if blocks is not None:
                    last[slot] = t
                    touched[touched[0] + 2] = np.int64(slot)
                    touched[0] += 1
        else:
            if keys is not None:
                stream[KEY] = keys[g]
                stream[HAS_SPARE] = _U(0)
                if call >= 0:
                    stream[COUNTER] = _U(EFFECTS_AT) | _U(CALLED_AT) | (_U(call) << _U(EFFECT_DRAWS))
                else:
                    stream[COUNTER] = _U(EFFECTS_AT) | (_U(proposals[g]) << _U(EFFECT_DRAWS))
                    if kinds[k] != RATE:
                        proposals[g] += 1
            touched[1] += 1
            fault = call_fire(fires[k], g - firsts[k], t, context)
            if fault:
                return fault
            counts[FIRED] += 1
            if record and not silent[k]:
                e = counts[EVENTS]
                event_time[e] = t
                event_rule[e] = g
                for j in range(4):
                    event_head[e, j] = head[j]
                counts[EVENTS] = e + 1
        total = clock[TOTAL]
        for i in range(_U(touched[0])):
            slot = _U(touched[i + _U(2)])
            for d in range(_U(slot_start[slot]), _U(slot_start[slot + one])):
                k = _U(dep_rule[d])
                kind = kinds[k]
                if frozen and kind != TRIGGER:
                    continue
                at, until_row = _U(dep_start[d]), _U(dep_start[d + one])
                call_values(values[k], np.int64(until_row - at), rows_at + 4 * np.int64(at), out_at, t, context)
                if kind == TRIGGER:
                    for j in range(at, until_row):
                        target = _U(dep_target[j])
                        if (out[j - at] != 0.0) != truth[target]:
                            truth[target] = not truth[target]
                            counts[ARMED] += np.int64(truth[target]) - np.int64(armed[target])
                            armed[target] = truth[target]
                    continue
                if keys is not None:
                    for j in range(at, until_row):
                        target = _U(dep_target[j])
                        value = out[j - at]
                        if value != leaves[target]:
                            if not (value >= 0.0 and value <= MOST_RATE):
                                counts[FAULT_RULE] = np.int64(target)
                                clock[VALUE] = value
                                return 502 if bounded[k] and not value < 0.0 else 501
                            retime(target, value, t, leaves, left, since, times, soonest, tops, shift)
                if blocks is not None:
                    if kind == RATE:
                        block, change = _U(dep_target[at]) >> shift, 0.0
                        for j in range(at, until_row):
                            leaf = _U(dep_target[j])
                            value = out[j - at]
                            if not (value >= 0.0 and value <= MOST_RATE):
                                counts[FAULT_RULE] = ground_of[leaf]
                                clock[VALUE] = value
                                return 502 if bounded[k] and not value < 0.0 else 501
                            if leaf >> shift != block:
                                c = _U(chunk_of[block])
                                blocks[block] += change
                                weight = chunks[c << two | SUM] + change
                                chunks[c << two | SUM] = weight
                                chunks[c << two | MOST] = max(chunks[c << two | MOST], weight)
                                change *= chunks[c << two]
                                chunks[c << two | WEIGHT] += change
                                rows[c >> _U(ROW)] += change
                                total += change
                                block, change = leaf >> shift, 0.0
                            change += value - leaves[leaf]
                            leaves[leaf] = value
                        c = _U(chunk_of[block])
                        blocks[block] += change
                        weight = chunks[c << two | SUM] + change
                        chunks[c << two | SUM] = weight
                        chunks[c << two | MOST] = max(chunks[c << two | MOST], weight)
                        change *= chunks[c << two]
                        chunks[c << two | WEIGHT] += change
                        rows[c >> _U(ROW)] += change
                        total += change
                    else:
                        for j in range(at, until_row):
                            value = out[j - at]
                            if not (value >= 0.0 and value <= MOST_RATE):
                                counts[FAULT_RULE] = np.int64(firsts[k]) + np.int64(dep_rows[j])
                                clock[VALUE] = value
                                return 502 if bounded[k] and not value < 0.0 else 501
                            target = _U(dep_target[j])
                            for c in range(_U(factor_start[target]), _U(factor_start[target + one])):
                                rises = value > chunks[c << two]
                                if rises and chunks[c << two | SUM] < REBUILD_BELOW * chunks[c << two | MOST]:
                                    sum_anew(c, leaves, blocks, chunks, block_start, shift)
                                chunks[c << two] = value
                                weight = value * chunks[c << two | SUM]
                                change = weight - chunks[c << two | WEIGHT]
                                chunks[c << two | WEIGHT] = weight
                                rows[c >> _U(ROW)] += change
                                total += change
        if waits:
            # Time alone may have lowered the bound, so the rule itself is looked at too.
            k = _U(rule_of[g])
            one_row[0] = g - firsts[k]
            call_values(values[k], 1, one_at, out_at, t, context)
            value = out[0]
            if not (value >= 0.0 and value <= MOST_RATE):
                counts[FAULT_RULE] = g
                clock[VALUE] = value
                return 501 if value < 0.0 else 502
            if keys is not None:
                for m in range(memory_start[g], memory_start[g + 1]):
                    x[memory_slots[m]] = kept[m - memory_start[g]]
                if value != leaves[g]:
                    retime(_U(g), value, t, leaves, left, since, times, soonest, tops, shift)
            if blocks is not None:
                leaf = _U(leaf_of[g])
                c = _U(chunk_of[leaf >> shift])
                change = value - leaves[leaf]
                leaves[leaf] = value
                blocks[leaf >> shift] += change
                weight = chunks[c << two | SUM] + change
                chunks[c << two | SUM] = weight
                chunks[c << two | MOST] = max(chunks[c << two | MOST], weight)
                change *= chunks[c << two]
                chunks[c << two | WEIGHT] += change
                rows[c >> _U(ROW)] += change
                total += change
        clock[TOTAL] = total
