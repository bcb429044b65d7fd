"""A run in progress: it can be paused at any moment, queried, changed, copied, packed and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel, stepping
from standoff.engine.begin import begin, check_answers, dated, read_by, stop_of, stopped
from standoff.engine.clocks import CALLS, branch_key
from standoff.engine.emit import FAULT_SLOT, FAULT_VALUE, FAULTS
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.library import log
from standoff.engine.parameters import draw_parameters
from standoff.engine.program import Program
from standoff.engine.state import NOTHING_DATED, Agenda, Events, State
from standoff.engine.streams import Stream, philox, stream_key, unit
from standoff.engine.trajectory import Sampler, Trajectory, check_sampler
from standoff.errors import UsageError, random_seed, whole_number
from standoff.model import check_value, code, unproved

Floats = NDArray[np.float64]

_EVENTS_AT_FIRST = 4096


@dataclass(frozen=True, slots=True, eq=False)
class RunSettings:
    """Which run a session makes, and how.

    `stream` names the random numbers it draws from, empty for the run's own. `record` keeps events, those of silent
    rules too with `all_events`; in a `frozen` run nothing but triggers and silent dated rules happens.
    """

    seed: int
    run: int
    stream: str
    sampler: Sampler
    parameters: Floats
    record: bool
    all_events: bool
    frozen: bool


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A session packed so that another process can resume it; not a storage format, only this version can read it.

    `fingerprint` is that of the program; `arrays` are what the state carries.
    """

    fingerprint: str
    settings: RunSettings
    day: float
    arrays: tuple[NDArray[np.generic], ...]
    agenda: Agenda
    calls: int
    events: Events
    series: Floats


class Snapshot:
    """The state of a session at one moment, as a copy that may be changed; expressions can be evaluated on it.

    `written` are the slots as last written, `when` is the day of that (both (slots,)), `day` the moment.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = copy(machine)
        self._machine.x, self._machine.last = machine.x.copy(), machine.last.copy()
        self.written, self.when = self._machine.x, self._machine.last

    @property
    def day(self) -> float:
        """The day of the moment."""
        return self._machine.t

    @day.setter
    def day(self, day: float) -> None:
        self._machine.t = day

    def value(self, expression: code.Expr, table: code.Table, row: int = 0) -> float:
        """The value of an expression for a row of its table."""
        return self._machine.value(expression, table, row)

    def differs(self, other: Snapshot) -> NDArray[np.bool_]:
        """The slots in which two states differ, as they are stored: (slots,)."""
        unlike: NDArray[np.bool_] = (self.written != other.written) | (self.when != other.when)
        return unlike


class Session:
    """One run in progress. Pausing, forking or packing it does not change the run, under either sampler."""

    def __init__(self, settings: RunSettings, state: State, agenda: Agenda, events: Events, series: Floats) -> None:
        """For `begin`, `fork` and `thaw`, which know how these hang together."""
        self._settings, self._state, self._agenda, self._events, self._series = settings, state, agenda, events, series
        self._calls = self._dropped = 0
        self._keeps_events = True
        program = state.program
        self._silent = np.zeros_like(program.silent) if settings.all_events else program.silent

    @classmethod
    def begin(
        cls,
        program: Program,
        *,
        seed: int,
        run: int,
        parameters: Floats | None = None,
        record: bool = True,
        frozen: bool = False,
        sampler: Sampler = "direct",
        all_events: bool = False,
    ) -> Session:
        """A run at its start; raises RunStopped where it cannot begin."""
        model, seed, run = program.model, random_seed(seed), whole_number(run, "run")
        check_sampler(sampler)
        if parameters is None:
            parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
        settings = RunSettings(seed, run, "", sampler, parameters, record, all_events, frozen)
        x, last, decay = (np.zeros(model.slots) for _ in range(3))
        machine = Machine(program.operands, x, last, decay, Stream(0))
        events = Events.room(_EVENTS_AT_FIRST if record else 1)
        series = np.zeros((len(model.grid), len(model.series)))
        session = cls(settings, _state(program, machine, settings), NOTHING_DATED, events, series)
        session._start()
        return session

    def begin_again(self, *, run: int, parameters: Floats) -> None:
        """Become another run of the same seed at its start, in the arrays of this one; raises RunStopped.

        What was handed out of the run so far may point into them: only its events and answers stay.
        """
        state = self._state
        self._settings = settings = replace(self._settings, run=run, stream="", parameters=parameters)
        if state.clocks is not None:
            state.clocks.keys[:] = _clock_keys(self.program, settings)
        self._series[:] = 0.0
        self._calls = self._dropped = 0
        self._start()
        if not len(self._series):
            state.counts[kernel.NEXT_GRID] = len(self.program.model.grid)

    def _start(self) -> None:
        state, settings = self._state, self._settings
        walk, machine, model = state.walk, state.machine, state.program.model
        key = stream_key(settings.seed, settings.run, settings.sampler)
        parameters = np.ascontiguousarray(settings.parameters, dtype=np.float64)
        machine.stream, machine.t = Stream(key), 0.0
        fault = kernel.start(walk.tables, state.tables, walk.start, parameters, key, frozen=settings.frozen)
        if fault == kernel.IMPOSSIBLE:
            begin(model, parameters, key, seed=settings.seed, run=settings.run)
        self._heed(fault)
        self._agenda = Agenda.of(dated(model, machine, frozen=settings.frozen))

    @property
    def program(self) -> Program:
        """The program that runs."""
        return self._state.program

    @property
    def seed(self) -> int:
        """The random seed."""
        return self._settings.seed

    @property
    def run(self) -> int:
        """The number of the run."""
        return self._settings.run

    @property
    def day(self) -> float:
        """The day that the run has reached."""
        return self._state.machine.t

    @property
    def fired(self) -> int:
        """How often rules have fired so far."""
        return int(self._state.counts[kernel.FIRED])

    @property
    def recorded(self) -> int:
        """How many events were recorded so far, kept or counted alone."""
        return self._dropped + int(self._state.counts[kernel.EVENTS])

    # What is asked of a session changes nothing and draws nothing.

    def value(self, expression: code.Expr, table: code.Table, row: int = 0) -> float:
        """The value of an expression of the model, for a row of its table, at this moment."""
        return self._state.machine.value(expression, table, row)

    def rate(self, ground_rule: int) -> float:
        """A ground rule's rate per day at this moment, 0 where its guard does not hold; of others, whether it holds."""
        model = self.program.model
        rule = model.rules[model.rule_of[ground_rule]]
        return self.value(rule.exact, rule.table, ground_rule - rule.first)

    def slot(self, slot: int) -> float:
        """The value of a slot at this moment; a memory with its decay so far."""
        return self._state.machine.now(slot)

    def state(self, name: str) -> Floats:
        """The values of a state at this moment, by the members of its kinds; raises KeyError if there is none."""
        table = next((table for table in self.program.model.states if table.name == name), None)
        if table is None:
            raise KeyError(name)
        return np.array([self.slot(table.start + i) for i in range(table.size)]).reshape(table.shape)

    def differs(self, other: Session) -> NDArray[np.bool_]:
        """The slots in which two sessions of one program differ, as they are stored: (slots,)."""
        mine, theirs = self._state, other._state
        unlike: NDArray[np.bool_] = (mine.x != theirs.x) | (mine.last != theirs.last)
        return unlike

    def snapshot(self) -> Snapshot:
        """A copy of the state, to be queried later or changed without changing the run."""
        return Snapshot(self._state.machine)

    def answers(self) -> Floats:
        """The answers to all questions as they are now; raises RunStopped for one that is not finite at the end."""
        state, settings = self._state, self._settings
        answers, finite = kernel.answers(state.walk.tables, state.tables, self.day)
        if not finite:
            check_answers(
                self.program.model, answers, self.day, seed=settings.seed, run=settings.run, frozen=settings.frozen
            )
        return answers

    def trajectory(self) -> Trajectory:
        """The result of the run so far; its answers are those of this moment. It has no events that are not kept."""
        state, events = self._state, self._events
        n = int(state.counts[kernel.EVENTS]) if self._keeps_events else 0
        series, at = self._series, int(state.counts[kernel.NEXT_GRID])
        if at < len(series) and self.program.model.grid[at] <= self.day:
            series = series.copy()
            stepping.record_grid(state, series, self.day)
        return Trajectory(
            time=events.time[:n].copy(),
            rule=events.rule[:n].copy(),
            source=events.source[:n].copy(),
            target=events.target[:n].copy(),
            place=events.place[:n].copy(),
            size=events.size[:n].copy(),
            series=series,
            answers=self.answers(),
            parameters=np.asarray(self._settings.parameters, dtype=np.float64),
            fired=self.fired,
            rejected=int(state.counts[kernel.REJECTED]),
        )

    # What leads a session on.

    def advance_to(self, day: float) -> None:
        """Continue to a day; raises RunStopped. Dated rules of that instant fire; clocks that ring at it come later."""
        day = self._ahead(day)
        while (status := self._go_on(day, self._settings.record, len(self._events.time))) == kernel.NEEDS_SPACE:
            kept = int(self._state.counts[kernel.EVENTS])
            if self._keeps_events:
                self._events = self._events.resized(2 * len(self._events.time), kept)
            else:
                self._state.counts[kernel.EVENTS] = 0
                self._dropped += kept
        if status != kernel.DONE:
            self._raise(status)
        self._state.machine.t = day

    def advance_to_next_event(self, until: float) -> bool:
        """Continue to the next event of a rule that is not silent, or to a day if none comes by then; whether one came.

        A session that does not record keeps this event alone. Raises RunStopped.
        """
        until = self._ahead(until)
        counts = self._state.counts
        if not self._settings.record:
            counts[kernel.EVENTS] = 0
        kept = int(counts[kernel.EVENTS])
        if kept == len(self._events.time):
            self._events = self._events.resized(2 * kept, kept)
        status = self._go_on(until, True, kept + 1)
        if status not in (kernel.DONE, kernel.NEEDS_SPACE):
            self._raise(status)
        self._state.machine.t = float(self._state.clock[kernel.T])
        return status == kernel.NEEDS_SPACE

    def keep_events(self, *, keep: bool) -> None:
        """From now on keep the events, or count them alone: then they take no more room than there is."""
        self._keeps_events = keep

    def stop_recording(self, *, events: bool = False) -> None:
        """Drop the series so far and keep none from now on; nor any events, unless `events` are still wanted."""
        model, counts = self.program.model, self._state.counts
        self._series, counts[kernel.NEXT_GRID] = np.zeros((0, len(model.series))), len(model.grid)
        if not events:
            self._settings = replace(self._settings, record=False)
            self._events, counts[kernel.EVENTS] = Events.room(1), 0

    # What intervenes.

    def fire(self, ground_rule: int, *, number: int | None = None) -> bool:
        """Let a ground rule fire now if its guard holds (a rated one: if its rate is not 0); whether it did.

        What is due at this instant comes first: triggers that wait and dated rules. The call is recorded like any
        firing, its effects are held to the same bounds (raises RunStopped), and the triggers that it sets off fire at
        the same instant. Under the coupled sampler its effects draw from numbers of their own, by `number` (or else by
        how many rules were called before), so that no other rule's clock or draw moves. Raises UsageError for a
        `number` that is negative or too large.
        """
        if number is not None and not 0 <= number < CALLS:
            raise UsageError(f"calls are numbered from 0 to {CALLS - 1:,}: there is no call {number}")
        self.advance_to(self.day)
        if self.rate(ground_rule) == 0.0:
            return False
        self._calls += 1
        at = int(self._state.counts[kernel.NEXT_TIMED])
        call = self._calls - 1 if number is None else number
        self._agenda = self._agenda.with_call(at, self.day, ground_rule, call)
        self.advance_to(self.day)
        return True

    def change(self, values: Mapping[int, float]) -> None:
        """Set state slots or parameters from now on; raises UsageError for a value that the slot cannot have.

        So may be a value of a parameter for which no bounds are proved: give `ground` the value as `reach`.
        What was worked out from parameters at the start stays: half-lives, and the days of dated rules. What reads no
        changed slot goes on as it did; under the direct sampler the next proposal is drawn anew. A trigger whose guard
        turns true fires as the session goes on. To set a slot to the value that it has changes nothing.
        """
        state, model = self._state, self.program.model
        for slot, value in values.items():
            check_value(model, slot, value)
        for name, value in unproved(model, values).items():
            raise UsageError(f"{name} cannot be {value:g} here: no bound of a rate is proved for that value")
        changed = {slot: value for slot, value in values.items() if self.slot(slot) != value}
        if not changed:
            return
        rates = state.sums.leaves.copy()
        for slot, value in changed.items():
            state.x[slot], state.last[slot] = value, self.day
        self._heed(stepping.look_again(state, changed, self.day, frozen=self._settings.frozen))
        state.clock[kernel.PENDING] = np.nan
        if state.clocks is None:
            stepping.start_sampler(state, self.day)
        else:
            self._retime(rates)

    def _retime(self, before: Floats) -> None:
        """Let the clocks whose rate has changed go on at the new one, with what is left of their unit exponential."""
        state, clocks, day = self._state, self._state.clocks, self.day
        if clocks is None:
            return
        rates = state.sums.leaves
        moved = np.flatnonzero(rates != before)
        left = np.maximum(clocks.left[moved] - before[moved] * (day - clocks.since[moved]), 0.0)
        clocks.left[moved], clocks.since[moved] = left, day
        clocks.times[moved] = np.inf
        runs = rates[moved] > 0.0
        with np.errstate(over="ignore"):
            clocks.times[moved[runs]] = day + left[runs] / rates[moved[runs]]
        size = 1 << state.walk.shift
        clocks.soonest[:] = clocks.times.reshape(-1, size).min(axis=1)
        clocks.tops[:] = clocks.soonest.reshape(-1, size).min(axis=1)

    def skip(self, ground_rule: int) -> None:
        """Let the next firing of a ground rule pass without effect; raises UsageError if not coupled.

        A clock rings for nothing and begins anew, a date is passed over; nothing else moves. Meant for a run that
        stands just before that firing. Raises ValueError where no clock of the rule runs, or no date is left.
        """
        state, agenda, clocks = self._state, self._agenda, self._state.clocks
        if clocks is None:
            raise UsageError("a firing can be left out in a coupled run only: under direct, rules have no clocks")
        if self.program.model.rules[self.program.model.rule_of[ground_rule]].kind == "timed":
            ahead = np.flatnonzero(agenda.rule[state.counts[kernel.NEXT_TIMED] :] == ground_rule)
            if not len(ahead):
                raise ValueError(f"ground rule {ground_rule} has no date left")
            self._agenda = agenda.without(int(state.counts[kernel.NEXT_TIMED]) + int(ahead[0]))
            return
        if not np.isfinite(clocks.times[ground_rule]):
            raise ValueError(f"the clock of ground rule {ground_rule} does not run")
        rings = float(clocks.times[ground_rule])
        clocks.proposals[ground_rule] += 1
        word = philox(int(clocks.keys[ground_rule]), int(clocks.proposals[ground_rule]))[0]
        clocks.left[ground_rule] = -log(1.0 - unit(word))
        clocks.since[ground_rule] = rings
        clocks.times[ground_rule] = rings + float(clocks.left[ground_rule]) / float(state.sums.leaves[ground_rule])
        size = 1 << state.walk.shift
        block = ground_rule // size
        clocks.soonest[block] = clocks.times[block * size : (block + 1) * size].min()
        top = block // size
        clocks.tops[top] = clocks.soonest[top * size : (top + 1) * size].min()

    # Copies.

    def fork(self, stream: str = "") -> Session:
        """A copy that continues with the same random numbers, or with those of another stream of this run."""
        old = self._state.machine
        machine = copy(old)
        machine.x, machine.last, machine.decay = old.x.copy(), old.last.copy(), old.decay.copy()
        state = _state(self.program, machine, self._settings)
        kept = int(self._state.counts[kernel.EVENTS])
        events = self._events.resized(len(self._events.time), kept)
        other = Session(self._settings, state, self._agenda, events, self._series.copy())
        other._continue(self, stream)
        state.counts[kernel.EVENTS] = kept
        return other

    def take_over(self, other: Session, stream: str = "") -> None:
        """Become what a fork of another session of the same program is, but without its events and new arrays."""
        settings = other._settings
        self._settings = replace(settings, record=self._settings.record, all_events=self._settings.all_events)
        self._agenda, self._series = other._agenda, other._series.copy()
        self._continue(other, stream)
        self._state.counts[kernel.EVENTS] = 0

    def _continue(self, other: Session, stream: str) -> None:
        self._state.take_over(other._state)
        self._calls, self._dropped, self._keeps_events = other._calls, other._dropped, other._keeps_events
        if stream:
            self._settings = replace(self._settings, stream=stream)
            self._state.draw_from(self.seed, self.run, stream)
            if self._state.clocks is not None:
                stepping.start_sampler(self._state, self.day)

    def moved_to(self, program: Program) -> Session:
        """A copy that goes on in a program of the same scenario whose bounds of rates reach further; coupled alone.

        What is left of every clock's unit exponential stays. Raises UsageError where the programs have not the same
        states and rules, and RunStopped.
        """
        mine, old = self._state, self._state.machine
        same = program.model.slots == self.program.model.slots
        if mine.clocks is None or not same or not np.array_equal(program.clock_names, self.program.clock_names):
            raise UsageError("only a coupled run can go on in another program, and only if it has the same rules")
        machine = Machine(program.operands, old.x.copy(), old.last.copy(), old.decay.copy(), copy(old.stream), old.t)
        state = _state(program, machine, self._settings)
        state.move_from(mine)
        kept = int(mine.counts[kernel.EVENTS])
        events = self._events.resized(max(kept, 1), kept)
        other = Session(self._settings, state, self._agenda, events, self._series.copy())
        other._calls, other._dropped, other._keeps_events = self._calls, self._dropped, self._keeps_events
        rates = mine.sums.leaves
        other._heed(stepping.look_at_all(state, self.day, frozen=self._settings.frozen))
        other._retime(rates)
        return other

    def freeze(self) -> Moment:
        """This moment, packed; the session itself stays as it is."""
        state, kept = self._state, int(self._state.counts[kernel.EVENTS])
        return Moment(
            self.program.fingerprint, self._settings, self.day, tuple(a.copy() for a in state.carried), self._agenda,
            self._calls, self._events.resized(max(kept, 1), kept), self._series.copy(),
        )  # fmt: skip

    @classmethod
    def thaw(cls, program: Program, moment: Moment) -> Session:
        """The session from its packed form; raises UsageError for another program."""
        if program.fingerprint != moment.fingerprint:
            raise UsageError("this packed session belongs to another scenario, so it cannot be resumed here")
        settings, slots = moment.settings, program.model.slots
        key = stream_key(settings.seed, settings.run, settings.sampler)
        machine = Machine(program.operands, np.zeros(slots), np.zeros(slots), np.zeros(slots), Stream(key), moment.day)
        state = _state(program, machine, settings)
        for mine, packed in zip(state.carried, moment.arrays, strict=True):
            mine[:] = packed
        kept = int(state.counts[kernel.EVENTS])
        events = moment.events.resized(len(moment.events.time), kept)
        session = cls(settings, state, moment.agenda, events, moment.series.copy())
        session._calls = moment.calls
        return session

    def _ahead(self, day: float) -> float:
        """The day as a plain float: other numbers are written otherwise where a day names a stream."""
        day, last = float(day), self.program.model.days
        if not self.day <= day <= last:
            raise UsageError(f"the run is on day {self.day:g} and ends on day {last:g}: it cannot go on to {day:g}")
        return day

    def _go_on(self, until: float, record: bool, room: int) -> int:
        return stepping.go_on(
            self._state, self._agenda, self._events, self._series, until=until, room=room, silent=self._silent,
            frozen=self._settings.frozen, record=record,
        )  # fmt: skip

    def _heed(self, fault: int) -> None:
        """Raise RunStopped for what was wrong as something was evaluated."""
        if fault:
            self._raise(fault)

    def _raise(self, status: int) -> None:
        state, model = self._state, self.program.model
        state.machine.t = day = float(state.clock[kernel.T])
        ground_rule = int(state.counts[kernel.FAULT_RULE]) if status != 507 else -1
        if status in FAULTS:
            stop = Stop(FAULTS[status], int(state.head[FAULT_SLOT]), float(state.head[FAULT_VALUE]))
            raise stop_of(model, stop, ground_rule, day, self.seed, self.run)
        values = {} if status in (503, 507) else {"rate": float(state.clock[kernel.VALUE])}
        values |= read_by(model, state.machine, ground_rule)
        raise stopped(model, f"SD{status}", ground_rule, day, self.seed, self.run, values)


def run(
    program: Program,
    *,
    seed: int,
    run: int,
    parameters: Floats | None = None,
    record: bool = True,
    frozen: bool = False,
    sampler: Sampler = "direct",
) -> Trajectory:
    """Make one run; raises RunStopped. Without `record` no events are kept."""
    session = Session.begin(
        program, seed=seed, run=run, parameters=parameters, record=record, frozen=frozen, sampler=sampler
    )
    session.advance_to(program.model.days)
    return session.trajectory()


def _state(program: Program, machine: Machine, settings: RunSettings) -> State:
    """Fresh arrays for a run; the clocks draw from the stream that it draws from."""
    if settings.sampler == "direct":
        return State(program, program.direct, machine, None)
    return State(program, program.coupled, machine, _clock_keys(program, settings))


def _clock_keys(program: Program, settings: RunSettings) -> NDArray[np.uint64]:
    return kernel.draw_keys(branch_key(settings.seed, settings.run, settings.stream), program.clock_names)
