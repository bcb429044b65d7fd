"""Calls of the kernel, which let Python see a Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from operator import is_not

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.begin import EVENT_LIMIT
from standoff.engine.state import Agenda, Events, State
from standoff.model import Dependents

_stopped: ContextVar[Callable[[], bool] | None] = ContextVar("_stopped", default=None)


def stop_this_thread_when(stopped: Callable[[], bool]) -> None:
    """Let runs of this thread end with KeyboardInterrupt as soon as this says so: only the main thread sees Ctrl-C."""
    _stopped.set(stopped)


def go_on(
    state: State, agenda: Agenda, events: Events, series: NDArray[np.float64], *,
    until: float, dated: int, room: int, silent: NDArray[np.bool_], asked: NDArray[np.bool_] | None,
    frozen: bool, record: bool,
) -> int:  # fmt: skip
    """Continue to a day or as long as there is room for events; the kernel's word for why it came back.

    Of the agenda, only the first entries (`dated`) come about. The ground rules in `asked` ask before they fire.

    The kernel works without Python's lock and sees no signal, so it comes back every second; that changes no bit of
    a run.
    """
    call, given = state.call, (agenda, events, series, silent, asked)
    if not state.called or any(map(is_not, state.called, given)):
        call.fill(
            end=until, days=agenda.day, dated=agenda.rule, calls=agenda.call, dated_count=dated,
            series=series, event_time=events.time, event_rule=events.rule, event_source=events.source,
            event_target=events.target, event_place=events.place, event_size=events.size, room=room, silent=silent,
            asked=asked, frozen=frozen, record=record, limit=EVENT_LIMIT,
        )  # fmt: skip
        state.called = given
    else:
        call.end, call.dated_count, call.room, call.frozen, call.record = until, dated, room, frozen, record
        call.limit = EVENT_LIMIT
    while (status := kernel.advance(state.walk.tables, state.tables, call)) == kernel.PAUSED:
        stopped = _stopped.get()
        if stopped is not None and stopped():
            raise KeyboardInterrupt
    return status


def look_at_all(state: State, day: float, *, frozen: bool) -> int:
    """Evaluate everything as it is now; 0 or the number of a fault."""
    whole = state.walk.whole
    kernel.tally(state.walk.tables, state.tables, day)
    return _look(state, day, whole, slice(0, len(whole.template)), frozen)


def look_again(state: State, slots: Iterable[int], day: float, *, frozen: bool) -> int:
    """Evaluate what reads one of some slots as it is now; 0 or the number of a fault."""
    walk = state.walk
    parameters = {info.slot for info in state.program.model.parameters}
    kernel.tally(walk.tables, state.tables, day)
    for slot in slots:
        # What each entity has of a parameter is in the graph as state is.
        looks = [(walk.graph, slice(int(walk.graph.start[slot]), int(walk.graph.start[slot + 1])))]
        if slot in parameters:
            looks += [(walk.whole, slice(i, i + 1)) for i in walk.readers(slot)]
        for parts, some in looks:
            fault = _look(state, day, parts, some, frozen)
            if fault:
                return fault
    return 0


def _look(state: State, day: float, parts: Dependents, some: slice, frozen: bool) -> int:
    return kernel.look(state.walk.tables, state.tables, parts, some.start, some.stop, day, frozen=frozen)


def start_sampler(state: State, day: float) -> None:
    """Make the sums anew, or set all clocks, from the rates as they are now."""
    if state.clocks is not None:
        state.clocks.since[:] = day
        kernel.start_clocks(state.walk.tables, state.tables, day)
    else:
        total = kernel.rebuild(state.walk.tables, state.tables)
        state.clock[kernel.TOTAL] = state.clock[kernel.PEAK] = total
        state.counts[kernel.SINCE] = 0


def record_grid(state: State, series: NDArray[np.float64], day: float) -> None:
    """Write the rows of the series that are due up to a day, with that day, into `series` and nowhere else."""
    counts = state.counts.copy()
    while not kernel.record(state.walk.tables, state.tables, day, series, counts):
        pass
