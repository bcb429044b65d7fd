"""A run in progress: it can be paused at any moment, queried, changed, copied, packed and resumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel, stepping
from standoff.engine.begin import arguments, begin, check_answers, dated, read_by, stop_of, stopped
from standoff.engine.clocks import CALLS, branch_key
from standoff.engine.emit import FAULT_SLOT, FAULT_VALUE, FAULTS
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.moments import Moment, RunSettings, Snapshot
from standoff.engine.orders import NOTHING_PLAYED, Ask, Order
from standoff.engine.program import Program
from standoff.engine.state import NOTHING_DATED, Agenda, Events, State
from standoff.engine.streams import Stream, stream_key
from standoff.engine.trajectory import Sampler, Trajectory, check_sampler
from standoff.errors import UsageError, one_numbered
from standoff.model import check_value, code, unproved
from standoff.packed import packed, unpacked

Floats = NDArray[np.float64]

_EVENTS_AT_FIRST = 4096


class Session:
    """One run in progress. Pausing, forking or packing it does not change the run, under either sampler."""

    def __init__(self, settings: RunSettings, state: State, agenda: Agenda, events: Events, series: Floats) -> None:
        """For `begin`, `fork` and `thaw`, which know how these hang together."""
        self._settings, self._state, self._agenda, self._events, self._series = settings, state, agenda, events, series
        self._calls = self._dropped = 0
        self._played = NOTHING_PLAYED
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
        model = program.model
        check_sampler(sampler)
        seed, run, parameters = arguments(model, seed, run, parameters)
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
        self._played = NOTHING_PLAYED
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
        """A ground rule's rate per day at this moment, 0 where its guard does not hold; of others, whether it holds.

        Raises UsageError where there is no such rule.
        """
        model, ground_rule = self.program.model, self._ground_rule(ground_rule)
        rule = model.rules[model.rule_of[ground_rule]]
        return self.value(rule.exact, rule.table, ground_rule - rule.first)

    def slot(self, slot: int) -> float:
        """The value of a slot at this moment; a memory with its decay so far. Raises UsageError if there is none."""
        return self._state.machine.now(one_numbered(slot, "slots", self.program.model.slots))

    def state(self, name: str) -> Floats:
        """The values of a state at this moment, by the members of its kinds; raises KeyError if there is none."""
        table = next((table for table in self.program.model.states if table.name == name), None)
        if table is None:
            raise KeyError(name)
        return np.array([self._state.machine.now(table.start + i) for i in range(table.size)]).reshape(table.shape)

    def differs(self, other: Session) -> NDArray[np.bool_]:
        """The slots in which two sessions of one program differ, as they are stored: (slots,)."""
        mine, theirs = self._state, other._state
        unlike: NDArray[np.bool_] = (mine.x != theirs.x) | (mine.last != theirs.last)
        return unlike

    def snapshot(self) -> Snapshot:
        """A copy of the state, to be queried later or changed without changing the run."""
        return Snapshot(self._state.machine)

    def watched(self) -> Floats:
        """The values of everything that is watched at this moment, whether or not it is recorded: (series,)."""
        return kernel.watch(self._state.walk.tables, self._state.tables, self.day)

    def possible(self) -> NDArray[np.bool_]:
        """Which ground rules can be ordered now: those of called rules whose guard holds, (ground rules,)."""
        program, values = self.program, np.zeros(self.program.model.ground_rules)
        tables = self._state.walk.tables, self._state.tables
        kernel.guards(*tables, self.day, program.called, program.called_rows, values)
        holds: NDArray[np.bool_] = values != 0.0
        return holds

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

    def advance_to(self, day: float) -> Ask | None:
        """Continue to a day; raises RunStopped. Dated rules of that instant fire; clocks that ring at it come later.

        Where a ground rule asks before (see `ask_for`), the run is held at that instant, and the ask is given.
        """
        day = self._ahead(day)
        if self._settled() == kernel.DONE:
            self._go(day)
        return self.asks

    def advance_to_next_event(self, until: float) -> bool:
        """Continue to the next event of a rule that is not silent, or to a day if none comes by then; whether one came.

        A session that does not record keeps this event alone. Where a ground rule asks before, none has come. Raises
        RunStopped.
        """
        until = self._ahead(until)
        counts = self._state.counts
        if not self._settings.record:
            counts[kernel.EVENTS] = 0
        kept = int(counts[kernel.EVENTS])
        if kept == len(self._events.time):
            self._events = self._events.resized(2 * kept, kept)
        status = self._settled(most=kept + 1)
        if status == kernel.DONE:
            status = self._go(until, most=kept + 1)
        return status == kernel.NEEDS_SPACE

    def _settled(self, *, most: int | None = None) -> int:
        """Let what was agreed to fire, each after the orders that were given meanwhile; DONE, or why it was held."""
        if self._played.open:
            raise UsageError("the run is held at a firing that asks: answer it first")
        state, status = self._state, kernel.DONE
        while status == kernel.DONE and self._played.asking:
            ground_rule, entries = self._played.asking[-1]
            if state.counts[kernel.NEXT_TIMED] < entries:
                status = self._go(self.day, most=most, entries=entries)
                continue
            self._played = self._played.without_last()
            if self.rate(ground_rule) != 0.0:
                # What was drawn of the time to come belongs to rates that this firing changes.
                state.clock[kernel.PENDING] = np.nan
                state.counts[kernel.ASKED] = ground_rule + 1
                outer = self._played.asking[-1][1] if self._played.asking else None
                status = self._go(self.day, most=most, entries=outer)
        return status

    def _go(self, until: float, *, most: int | None = None, entries: int | None = None) -> int:
        """Continue to a day, or until there are so many events; DONE, NEEDS_SPACE or ASKS; raises RunStopped.

        Of the agenda, only the first `entries` come about.
        """
        state, counts = self._state, self._state.counts
        status = kernel.PAUSED
        while status not in (kernel.DONE, kernel.ASKS):
            status = stepping.go_on(
                state, self._agenda, self._events, self._series, until=until, silent=self._silent,
                dated=len(self._agenda.day) if entries is None else entries, asked=self._played.asked,
                room=len(self._events.time) if most is None else most, frozen=self._settings.frozen,
                record=self._settings.record if most is None else True,
            )  # fmt: skip
            if status == kernel.NEEDS_SPACE:
                if most is not None:
                    break
                self._make_room()
            elif status == kernel.DECLINED:
                declined = int(self._agenda.call[counts[kernel.NEXT_TIMED] - 1])
                self._played = replace(self._played, declined=(*self._played.declined, declined))
            elif status not in (kernel.DONE, kernel.ASKS):
                self._raise(status)
        state.machine.t = until if status == kernel.DONE else float(state.clock[kernel.T])
        if status == kernel.ASKS:
            self._played = self._played.asks(int(counts[kernel.ASKED]) - 1, int(counts[kernel.NEXT_TIMED]))
            counts[kernel.ASKED] = 0
        return status

    def _make_room(self) -> None:
        """More room for events, or the same anew where they are only counted."""
        kept = int(self._state.counts[kernel.EVENTS])
        if self._keeps_events:
            self._events = self._events.resized(2 * len(self._events.time), kept)
        else:
            self._state.counts[kernel.EVENTS] = 0
            self._dropped += kept

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

    # What is played: see docs/engine.md.

    def order(self, ground_rule: int, day: float, *, number: int) -> None:
        """Let a ground rule of a called rule fire on a day if its guard holds then, after what is dated on that day.

        The order has random numbers of its own, by its `number`, under the coupled sampler: whether an earlier order is
        given changes nothing that a later one draws. While a ground rule asks, an order for that instant comes before
        it. Raises UsageError for another rule, a day that is past, a number that was given before, and at the end.
        """
        model, played, day = self.program.model, self._played, self._ahead(day)
        ground_rule = self._ground_rule(ground_rule)
        rule = model.rules[model.rule_of[ground_rule]]
        if not rule.is_called:
            raise UsageError(f"{rule.name} cannot be ordered: it is no called rule")
        if self.day >= model.days and not played.asking:
            raise UsageError("the run is over: nothing can be ordered any more")
        _check_call(number)
        if any(number == other for other, _, _ in played.given):
            raise UsageError(f"there is an order {number} already")
        before = bool(played.asking) and day == self.day
        next_ = int(self._state.counts[kernel.NEXT_TIMED])
        at = next_ + int(np.searchsorted(self._agenda.day[next_:], day, side="right"))
        self._agenda = self._agenda.with_call(played.asking[-1][1] if before else at, day, ground_rule, number)
        self._played = played.with_order(number, ground_rule, day, before=before)

    @property
    def orders(self) -> tuple[Order, ...]:
        """All orders as they were given, with what became of each."""
        ahead = self._agenda.call[int(self._state.counts[kernel.NEXT_TIMED]) :]
        return self._played.orders(self.program.model, set(ahead.tolist()))

    def ask_for(self, ground_rules: Iterable[int]) -> None:
        """From now on hold the run before one of these fires, by its clock, date or trigger, and by no order.

        Raises UsageError where one of them is no ground rule.
        """
        asked = np.zeros(self.program.model.ground_rules, np.bool_)
        asked[[self._ground_rule(one) for one in ground_rules]] = True
        self._played = replace(self._played, asked=asked if asked.any() or self._played.asking else None)

    @property
    def asks(self) -> Ask | None:
        """The ground rule that would fire now and waits for an answer, None if the run can go on."""
        if not self._played.open:
            return None
        model, ground_rule = self.program.model, self._played.asking[-1][0]
        name, binding = model.rules[model.rule_of[ground_rule]].name, model.binding(ground_rule)
        return Ask(ground_rule, name, binding, self.day)

    def answer(self, *, yes: bool) -> None:
        """Let the ground rule that asks fire, or pass without effect, as the run goes on.

        It fires after the orders that were given for this instant meanwhile, unless it cannot happen any more then.
        Always yes makes the run that is not asked about, to the bit. Where the answer is no, nothing else moves.
        Raises UsageError if none asks.
        """
        if not self._played.open:
            raise UsageError("no ground rule asks")
        self._played = self._played.answered(yes=yes)

    # What intervenes.

    def fire(self, ground_rule: int, *, number: int | None = None) -> bool:
        """Let a ground rule fire now if its guard holds (a rated one: if its rate is not 0); whether it did.

        What is due at this instant comes first: triggers that wait and dated rules. The call is recorded like any
        firing, its effects are held to the same bounds (raises RunStopped), and the triggers that it sets off fire at
        the same instant. Under the coupled sampler its effects draw from numbers of their own, by `number` (or else by
        how many rules were called before), so that no other rule's clock or draw moves. Raises UsageError for a
        `number` that is negative or too large.
        """
        if number is not None:
            _check_call(number)
        ground_rule = self._ground_rule(ground_rule)
        if self.advance_to(self.day) is not None or self.rate(ground_rule) == 0.0:
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
            check_value(model, one_numbered(slot, "slots", model.slots), value)
        for name, value in unproved(model, values).items():
            raise UsageError(f"{name} cannot be {value:g} here: no bound of a rate is proved for that value")
        changed = {slot: value for slot, value in values.items() if self.slot(slot) != value}
        if not changed:
            return
        rates = state.sums.leaves.copy()
        moved = state.machine.bring_up_to_now(changed)
        for slot, value in changed.items():
            state.x[slot], state.last[slot] = value, self.day
        self._heed(stepping.look_again(state, [*changed, *moved], self.day, frozen=self._settings.frozen))
        state.clock[kernel.PENDING] = np.nan
        if state.clocks is None:
            stepping.start_sampler(state, self.day)
        else:
            state.clocks.retime(rates, state.sums.leaves, self.day, state.walk.shift)

    def skip(self, ground_rule: int) -> None:
        """Let the next firing of a ground rule pass without effect; raises UsageError if not coupled.

        A clock rings for nothing and begins anew, a date is passed over; nothing else moves. Meant for a run that
        stands just before that firing. Raises ValueError where no clock of the rule runs, or no date is left.
        """
        state, agenda, clocks = self._state, self._agenda, self._state.clocks
        if clocks is None:
            raise UsageError("a firing can be left out in a coupled run only: under direct, rules have no clocks")
        if self._played.asking:
            raise UsageError("the run is held at a firing that asks: answer it, and go on")
        ground_rule = self._ground_rule(ground_rule)
        if self.program.model.rules[self.program.model.rule_of[ground_rule]].kind == "timed":
            ahead = np.flatnonzero(agenda.rule[state.counts[kernel.NEXT_TIMED] :] == ground_rule)
            if not len(ahead):
                raise ValueError(f"ground rule {ground_rule} has no date left")
            self._agenda = agenda.without(int(state.counts[kernel.NEXT_TIMED]) + int(ahead[0]))
            return
        if not np.isfinite(clocks.times[ground_rule]):
            raise ValueError(f"the clock of ground rule {ground_rule} does not run")
        clocks.skip(ground_rule, float(state.sums.leaves[ground_rule]), state.walk.shift)

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
        self._played = other._played
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
        other._played = self._played
        rates = mine.sums.leaves
        other._heed(stepping.look_at_all(state, self.day, frozen=self._settings.frozen))
        if state.clocks is not None:
            state.clocks.retime(rates, state.sums.leaves, self.day, state.walk.shift)
        return other

    def packed(self) -> bytes:
        """This moment as bytes, for another process; no storage format: `unpacked` of this version alone reads it."""
        return packed(self.freeze(), Moment)

    @classmethod
    def unpacked(cls, program: Program, content: bytes) -> Session:
        """The session from its bytes; raises ValueError where they are none, UsageError for another program."""
        return cls.thaw(program, unpacked(content, Moment))

    def freeze(self) -> Moment:
        """This moment, packed; the session itself stays as it is."""
        state, kept = self._state, int(self._state.counts[kernel.EVENTS])
        return Moment(
            self.program.fingerprint, self._settings, self.day, tuple(a.copy() for a in state.carried), self._agenda,
            self._calls, self._played, self._events.resized(max(kept, 1), kept), self._series.copy(),
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
        for mine, carried in zip(state.carried, moment.arrays, strict=True):
            mine[:] = carried
        kept = int(state.counts[kernel.EVENTS])
        events = moment.events.resized(len(moment.events.time), kept)
        session = cls(settings, state, moment.agenda, events, moment.series.copy())
        session._calls, session._played = moment.calls, moment.played
        return session

    def _ground_rule(self, number: int) -> int:
        return one_numbered(number, "ground rules", self.program.model.ground_rules)

    def _ahead(self, day: float) -> float:
        """The day as a plain float: other numbers are written otherwise where a day names a stream."""
        day, last = float(day), self.program.model.days
        if not self.day <= day <= last:
            raise UsageError(f"the run is on day {self.day:g} and ends on day {last:g}: it cannot go on to {day:g}")
        return day

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
        values = {} if status in (503, 507, 550) else {"rate": float(state.clock[kernel.VALUE])}
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


def _check_call(number: int) -> None:
    if not 0 <= number < CALLS:
        raise UsageError(f"calls are numbered from 0 to {CALLS - 1:,}: there is no call {number}")
