"""A run while it is under way: it can be held at any moment, changed, and gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.begin import EVENT_LIMIT, answers, begin, dated, read_by, stop_of, stopped
from standoff.engine.clocks import branch_key
from standoff.engine.compiled_clocks import draw_keys, start_clocks
from standoff.engine.compiled_sums import CHUNK, rebuild
from standoff.engine.emit import FAULT_SLOT, FAULT_VALUE, FAULTS
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.library import log
from standoff.engine.parameters import draw_parameters
from standoff.engine.program import Arrays, Program, Walk
from standoff.engine.streams import philox, stream_key, unit
from standoff.engine.sums import ROW
from standoff.engine.trajectory import Sampler, Trajectory
from standoff.errors import UsageError

_EVENTS_AT_FIRST = 4096


@dataclass
class State:
    """The arrays of one run that kernel and compiled functions share."""

    machine: Machine
    program: Program
    walk: Walk
    keys: NDArray[np.uint64] | None

    def __post_init__(self) -> None:
        model = self.program.model
        self.x, self.last, self.decay = self.machine.x, self.machine.last, self.machine.decay
        self.stream = np.zeros(5, np.uint64)
        self.stream[0] = self.machine.stream.key
        self.touched = np.zeros(model.slots + 2, np.int64)
        self.mark = np.zeros(model.slots, np.int64)
        self.head = np.zeros(8)
        self.kept = np.zeros(self.program.memories)
        self.out = np.zeros(len(self.program.every_row))
        shared = (
            self.x, self.last, self.decay, model.ints, model.floats, self.stream, self.touched, self.mark, self.head,
        )  # fmt: skip
        self.context = np.array([a.ctypes.data for a in shared], dtype=np.int64)
        self.sums, self.clocks = self._sums(), self._clocks()
        self.flags = (np.zeros(model.ground_rules, np.bool_), np.zeros(model.ground_rules, np.bool_))
        self.clock = np.zeros(4)
        self.counts = np.zeros(9, np.int64)
        own = (self.x, self.last, self.decay, self.stream, self.touched, self.mark, self.head, self.clock, self.counts)
        self.carried = tuple(a for a in (*own, *self.sums, *self.clocks[1:], *self.flags) if a is not None)
        pointed = (self.out, self.context, self.walk.graph[3], self.program.every_row)
        self.addresses = np.array([a.ctypes.data for a in pointed], dtype=np.int64)

    def take_over(self, other: State) -> None:
        """Become a copy of another state of the same program."""
        self.put_keys(other.keys)
        for mine, theirs in zip(self.carried, other.carried, strict=True):
            mine[:] = theirs

    def put_keys(self, keys: NDArray[np.uint64] | None) -> None:
        """Let all clocks draw from other streams from now on."""
        self.keys, self.clocks = keys, (keys, *self.clocks[1:])

    def _sums(self) -> Arrays:
        layout = self.program.model.leaves
        if self.keys is not None:
            return np.zeros(len(self.keys)), None, None, None
        chunks = len(layout.block_start) - 1
        rows = ((chunks - 1) >> ROW) + 1
        numbers = np.zeros(CHUNK * chunks)
        numbers[:: CHUNK] = 1.0
        return np.zeros(len(layout.ground_of)), np.zeros(len(layout.chunk_of)), numbers, np.zeros(rows)

    def _clocks(self) -> Arrays:
        keys = self.keys
        if keys is None:
            return (None,) * 7
        shift = int(self.walk.shift)
        tops = (len(keys) >> (2 * shift)) + 1
        times, soonest, top = (np.full(tops << level, np.inf) for level in (2 * shift, shift, 0))
        floats = np.full(len(keys), -1.0), np.zeros(len(keys))
        return keys, np.zeros(len(keys), np.int64), *floats, times, soonest, top


class Course:
    """One run on its way, at day `t`; with `tell_all` it keeps the events of silent rules too."""

    def __init__(
        self,
        program: Program,
        *,
        seed: int,
        run: int,
        parameters: NDArray[np.float64] | None = None,
        record: bool = True,
        frozen: bool = False,
        sampler: Sampler = "direct",
        tell_all: bool = False,
    ) -> None:
        model, coupled = program.model, sampler == "coupled"
        if parameters is None:
            parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
        self.program, self.seed, self.run, self.parameters = program, seed, run, parameters
        self.record, self.frozen = record, frozen
        self.silent = np.zeros_like(program.silent) if tell_all else program.silent
        self.machine = begin(model, parameters, stream_key(seed, run, sampler), seed=seed, run=run)
        keys = draw_keys(np.uint64(branch_key(seed, run)), program.clock_names) if coupled else None
        self.state = State(self.machine, program, program.coupled if coupled else program.direct, keys)
        pairs = dated(model, self.machine, frozen=frozen)
        days, ground_rules = [day for day, _ in pairs], [g for _, g in pairs]
        self.timed = (np.array(days, dtype=np.float64), np.array(ground_rules, dtype=np.int64))
        self.series = np.zeros((len(model.grid), len(model.series)))
        self.events = _room(_EVENTS_AT_FIRST if record else 1)
        self._look()
        self._start()

    @property
    def t(self) -> float:
        """The day that the run has come to."""
        return self.machine.t

    @property
    def fired(self) -> int:
        """How often rules have fired so far."""
        return int(self.state.counts[kernel.FIRED])

    def advance(self, until: float) -> None:
        """Go on to a day; raises RunStopped. A run that is held on its way is the same run only if it is coupled."""
        while (status := self._go_on(until, self.record)) == kernel.NEEDS_SPACE:
            self.events = tuple(np.concatenate([a, np.zeros_like(a)]) for a in self.events)  # type: ignore[assignment]
        if status != kernel.DONE:
            self._raise(status)
        self.machine.t = until

    def advance_to_event(self, until: float) -> bool:
        """Go on to the next event of a rule that is not silent, or to a day if none comes by then; whether one came.

        Events recorded before are forgotten. Raises RunStopped, and UsageError if not coupled.
        """
        self._only_coupled()
        if len(self.events[0]) != 1:
            self.events = _room(1)
        self.state.counts[kernel.EVENTS] = 0
        status = self._go_on(until, record=True)
        if status not in (kernel.DONE, kernel.NEEDS_SPACE):
            self._raise(status)
        self.machine.t = float(self.state.clock[kernel.T])
        return status == kernel.NEEDS_SPACE

    def _go_on(self, until: float, record: bool) -> int:
        """Go on to a day or as long as there is room for events; the kernel's word for why it came back."""
        model, state, native = self.program.model, self.state, self.program.native
        walk = state.walk
        return int(
            kernel.advance(
                until, *walk.graph, walk.values, native.exacts, native.fires, *walk.tables, model.rule_of,
                self.silent, *model.memories_of, self.program.triggers, *self.timed, model.grid, self.series,
                *self.program.watches, state.addresses, state.out, state.touched, state.head, state.kept, state.x,
                state.last, state.decay, state.stream, *self.events, *walk.layout, *state.sums, *state.clocks,
                *state.flags, state.clock, state.counts, walk.shift, EVENT_LIMIT, self.frozen, record,
            )
        )  # fmt: skip

    def change(self, values: Mapping[int, float]) -> None:
        """Set state slots or parameters from now on, whatever their bounds; raises UsageError if not coupled.

        What was worked out from parameters at the start stays: half-lives, and the days of dated rules.
        """
        self._only_coupled()
        state = self.state
        _, _, left, since, *_ = state.clocks
        left[:] = np.maximum(left - state.sums[0] * (self.t - since), 0.0)
        for slot, value in values.items():
            state.x[slot], state.last[slot] = value, self.t
        truth, armed = state.flags
        before = truth.copy()
        truth[:] = armed[:] = False
        self._look()
        armed &= ~before
        state.counts[kernel.ARMED] = int(armed.sum())
        self._start()

    def skip(self, ground_rule: int) -> None:
        """Let the next firing of a ground rule pass without effect; raises UsageError if not coupled.

        A clock rings for nothing and begins anew, a date is passed over; all other luck stays. Meant for a run that
        stands just before that firing. Raises ValueError where no clock of the rule runs, or no date is left.
        """
        self._only_coupled()
        state, days = self.state, self.timed
        if self.program.model.rules[self.program.model.rule_of[ground_rule]].kind == "timed":
            ahead = np.flatnonzero(days[1][state.counts[kernel.NEXT_TIMED] :] == ground_rule)
            if not len(ahead):
                raise ValueError(f"ground rule {ground_rule} has no date left")
            at = int(state.counts[kernel.NEXT_TIMED]) + int(ahead[0])
            self.timed = (np.delete(days[0], at), np.delete(days[1], at))
            return
        keys, proposals, left, since, times, soonest, tops = state.clocks
        if not np.isfinite(times[ground_rule]):
            raise ValueError(f"the clock of ground rule {ground_rule} does not run")
        rings = float(times[ground_rule])
        proposals[ground_rule] += 1
        left[ground_rule] = -log(1.0 - unit(philox(int(keys[ground_rule]), int(proposals[ground_rule]))[0]))
        since[ground_rule] = rings
        times[ground_rule] = rings + left[ground_rule] / state.sums[0][ground_rule]
        size = 1 << int(state.walk.shift)
        block = ground_rule // size
        soonest[block] = times[block * size : (block + 1) * size].min()
        tops[block // size] = soonest[block // size * size : (block // size + 1) * size].min()

    def fork(self, luck: str) -> Course:
        """A copy that goes on with other luck, or with the same if that is empty; raises UsageError if not coupled."""
        self._only_coupled()
        other = object.__new__(Course)
        other.__dict__.update(self.__dict__)
        machine = other.machine = copy(self.machine)
        machine.x, machine.last, machine.decay = machine.x.copy(), machine.last.copy(), machine.decay.copy()
        other.state = State(other.machine, self.program, self.state.walk, self.state.keys)
        other.take_over(self, luck)
        other.events = tuple(a.copy() for a in self.events)  # type: ignore[assignment]
        other.state.counts[kernel.EVENTS] = self.state.counts[kernel.EVENTS]
        return other

    def take_over(self, other: Course, luck: str) -> None:
        """Become what a fork of another course of the same program is, but without its events and without new arrays.

        Raises UsageError if not coupled.
        """
        other._only_coupled()
        self.seed, self.run, self.parameters, self.timed = other.seed, other.run, other.parameters, other.timed
        self.frozen, self.machine.t, self.series = other.frozen, other.t, other.series.copy()
        self.state.take_over(other.state)
        self.state.counts[kernel.EVENTS] = 0
        if luck:
            key = np.uint64(branch_key(self.seed, self.run, luck))
            self.state.put_keys(draw_keys(key, self.program.clock_names))
            _, proposals, left, *_ = self.state.clocks
            proposals[:] = 0
            left[:] = -1.0
            self._start()

    def answers(self) -> NDArray[np.float64]:
        """The answers to all questions as they are now; raises RunStopped for one that is not finite at the end."""
        return answers(self.program.model, self.machine, seed=self.seed, run=self.run, frozen=self.frozen)

    def trajectory(self) -> Trajectory:
        """What the run leaves so far; its answers are those of this moment."""
        n = int(self.state.counts[kernel.EVENTS])
        head = self.events[2][:n]
        return Trajectory(
            time=self.events[0][:n].copy(),
            rule=self.events[1][:n].astype(np.int32),
            source=head[:, 0].astype(np.int32),
            target=head[:, 1].astype(np.int32),
            place=head[:, 2].astype(np.int32),
            size=head[:, 3].copy(),
            series=self.series,
            answers=self.answers(),
            parameters=np.asarray(self.parameters, dtype=np.float64),
            fired=self.fired,
            rejected=int(self.state.counts[kernel.REJECTED]),
        )

    def _only_coupled(self) -> None:
        if self.state.keys is None:
            raise UsageError("only a coupled run can be changed or branched on its way")

    def _look(self) -> None:
        """Evaluate everything as it is now."""
        state, sums = self.state, self.state.sums
        walk, model = state.walk, self.program.model
        chunks = np.zeros(0) if sums[2] is None else sums[2]
        fault = kernel.look_at_all(
            self.t, *walk.first, state.out, state.addresses, *walk.tables, model.leaves.factor_start, sums[0], chunks,
            *state.flags, state.clock, state.counts, self.frozen,
        )  # fmt: skip
        if fault:
            self._raise(int(fault))

    def _start(self) -> None:
        """Make the sums, or set the clocks, from the rates as they are now."""
        state, sums = self.state, self.state.sums
        if state.keys is None:
            state.clock[kernel.TOTAL] = rebuild(*sums, state.walk.layout[2], state.walk.shift)
            state.clock[kernel.PEAK] = state.clock[kernel.TOTAL]
        else:
            keys, _, left, since, *times = state.clocks
            since[:] = self.t
            start_clocks(self.t, keys, sums[0], left, *times, state.walk.shift)

    def _raise(self, status: int) -> None:
        state, model = self.state, self.program.model
        self.machine.t = day = float(state.clock[kernel.T])
        ground_rule = int(state.counts[kernel.FAULT_RULE]) if status != 507 else -1
        if status in FAULTS:
            stop = Stop(FAULTS[status], int(state.head[FAULT_SLOT]), float(state.head[FAULT_VALUE]))
            raise stop_of(model, stop, ground_rule, day, self.seed, self.run)
        values = {} if status in (503, 507) else {"rate": float(state.clock[kernel.VALUE])}
        values |= read_by(model, self.machine, ground_rule)
        raise stopped(model, f"SD{status}", ground_rule, day, self.seed, self.run, values)


def run(
    program: Program,
    *,
    seed: int,
    run: int,
    parameters: NDArray[np.float64] | None = None,
    record: bool = True,
    frozen: bool = False,
    sampler: Sampler = "direct",
) -> Trajectory:
    """Make one run; raises RunStopped. Without `record` no events are kept."""
    course = Course(
        program, seed=seed, run=run, parameters=parameters, record=record, frozen=frozen, sampler=sampler
    )
    course.advance(program.model.days)
    return course.trajectory()


def _room(size: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    return np.zeros(size), np.zeros(size, np.int64), np.zeros((size, 4))
