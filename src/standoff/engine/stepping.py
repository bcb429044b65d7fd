"""Calls of the kernel: the one place that knows its many arguments, and names each of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.begin import EVENT_LIMIT
from standoff.engine.compiled_clocks import start_clocks
from standoff.engine.compiled_sums import rebuild
from standoff.engine.state import Agenda, Events, State

PAUSED = -1
"""The kernel came back only so that Python can see a Ctrl-C."""

_STRIDES = (64, 65_536)
"""How many firings and refusals are made between two looks for a Ctrl-C, at first and at most."""
_QUICK_S, _SLOW_S = 0.03, 0.3

_stopped: ContextVar[Callable[[], bool] | None] = ContextVar("_stopped", default=None)


def stop_this_thread_when(stopped: Callable[[], bool]) -> None:
    """Let runs of this thread end with KeyboardInterrupt as soon as this says so: only the main thread sees Ctrl-C."""
    _stopped.set(stopped)


def go_on(
    state: State, agenda: Agenda, events: Events, series: NDArray[np.float64], *,
    until: float, room: int, silent: NDArray[np.bool_], frozen: bool, record: bool,
) -> int:  # fmt: skip
    """Go on to a day or as long as there is room for events; the kernel's word for why it came back.

    The kernel works without Python's lock and sees no signal, so it is called for a stretch at a time; stretches change
    no bit of a run. They grow as long as they are quick, for what one firing costs differs a millionfold.
    """
    stride = _STRIDES[0]
    while True:
        began = time.perf_counter()
        status = _advance(state, agenda, events, series, until, room, silent, frozen, record, stride)
        if status != PAUSED:
            return status
        stopped = _stopped.get()
        if stopped is not None and stopped():
            raise KeyboardInterrupt
        seconds = time.perf_counter() - began
        if seconds < _QUICK_S:
            stride = min(stride * 16, _STRIDES[1])
        elif seconds > _SLOW_S:
            stride = max(stride // 4, 1)


def _advance(
    state: State, agenda: Agenda, events: Events, series: NDArray[np.float64], until: float, room: int,
    silent: NDArray[np.bool_], frozen: bool, record: bool, stride: int,
) -> int:  # fmt: skip
    program, model, walk = state.program, state.program.model, state.walk
    graph, rules, leaves, sums, clocks = walk.graph, walk.rules, walk.leaves, state.sums, state.clocks
    counts = state.counts
    proposals = int(counts[kernel.FIRED] + counts[kernel.REJECTED])
    limit = min(EVENT_LIMIT, proposals + stride)
    status = kernel.advance(
        end=until,
        # Who depends on what, and how it is evaluated.
        slot_start=graph.start, dep_rule=graph.template, dep_start=graph.row_start, dep_rows=graph.rows,
        dep_target=graph.target, values=walk.values, exacts=program.native.exacts, fires=program.native.fires,
        kinds=rules.kind, firsts=rules.first, bounded=rules.bounded, rule_of=model.rule_of, silent=silent,
        memory_start=model.memories_of[0], memory_slots=model.memories_of[1], triggers=program.triggers,
        # What happens at a date, and what is recorded.
        days=agenda.day, dated=agenda.rule, calls=agenda.call, grid=model.grid, series=series,
        watches=program.watches.code, watch_firsts=program.watches.first, watch_sizes=program.watches.rows,
        event_time=events.time, event_rule=events.rule, event_head=events.head,
        # The state, and what compiled functions share with the kernel.
        addresses=state.addresses, out=state.out, touched=state.touched, head=state.head, kept=state.kept, x=state.x,
        last=state.last, decay=state.decay, stream=state.stream, truth=state.truth, armed=state.armed,
        clock=state.clock, counts=counts,
        # The sums of the direct sampler; None under the coupled one.
        leaf_of=None if leaves is None else leaves.leaf_of, ground_of=None if leaves is None else leaves.ground_of,
        chunk_of=None if leaves is None else leaves.chunk_of,
        block_start=None if leaves is None else leaves.block_start,
        factor_start=None if leaves is None else leaves.factor_start,
        leaves=sums.leaves, blocks=sums.blocks, chunks=sums.chunks, rows=sums.rows,
        # The clocks of the coupled sampler; None under the direct one.
        keys=None if clocks is None else clocks.keys, proposals=None if clocks is None else clocks.proposals,
        left=None if clocks is None else clocks.left, since=None if clocks is None else clocks.since,
        times=None if clocks is None else clocks.times, soonest=None if clocks is None else clocks.soonest,
        tops=None if clocks is None else clocks.tops,
        shift=walk.shift, limit=limit, room=room, last_day=model.days, frozen=frozen, record=record,
    )  # fmt: skip
    return PAUSED if status == 507 and limit < EVENT_LIMIT else int(status)


def look_at_all(state: State, day: float, *, frozen: bool) -> int:
    """Evaluate everything as it is now; 0 or the number of a fault."""
    first, rules, sums = state.walk.first, state.walk.rules, state.sums
    return int(
        kernel.look_at_all(
            day, first.sizes, first.values, first.rows, first.targets, first.starts, state.out, state.addresses,
            rules.kind, rules.first, rules.bounded, state.program.model.leaves.factor_start, sums.leaves,
            np.zeros(0) if sums.chunks is None else sums.chunks, state.truth, state.armed, state.clock, state.counts,
            frozen,
        )
    )  # fmt: skip


def start_sampler(state: State, day: float) -> None:
    """Make the sums anew, or set all clocks, from the rates as they are now."""
    sums, clocks, layout = state.sums, state.clocks, state.walk.leaves
    if clocks is not None:
        clocks.since[:] = day
        start_clocks(
            day, clocks.keys, sums.leaves, clocks.left, clocks.times, clocks.soonest, clocks.tops, state.walk.shift
        )
    elif layout is not None:
        total = rebuild(sums.leaves, sums.blocks, sums.chunks, sums.rows, layout.chunk_of, state.walk.shift)
        state.clock[kernel.TOTAL] = state.clock[kernel.PEAK] = total


def record_grid(state: State, series: NDArray[np.float64], day: float) -> None:
    """Write the rows of the series that are due up to a day, with that day, into `series` and nowhere else."""
    watches, counts = state.program.watches, state.counts.copy()
    kernel.snapshot(
        day, True, state.program.model.grid, series, watches.code, watches.first, watches.rows, state.out,
        state.addresses, counts,
    )  # fmt: skip
