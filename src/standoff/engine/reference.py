"""The reference twin: the same process as `kernel.py`, event for event, in the plainest Python.

Read this to know what the engine does. It is slow, and the tests hold the kernel against it bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from standoff.engine.begin import (
    BOUND_SLACK,
    EVENT_LIMIT,
    MOST_AT_ONCE,
    answers,
    arguments,
    begin,
    dated,
    read_by,
    stop_of,
    stopped,
)
from standoff.engine.clocks import Clocks, called_at, clock_keys, clock_names
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.library import log
from standoff.engine.streams import Stream, stream_key
from standoff.engine.sums import MOST_RATE, Sums
from standoff.engine.trajectory import Sampler, Trajectory, check_sampler
from standoff.engine.turns import APART, Untold, next_turn
from standoff.model import Dependents, Floats, Model, RuleTable, code, everything, readers


def reference_run(
    model: Model,
    *,
    seed: int,
    run: int,
    parameters: Floats | None = None,
    frozen: bool = False,
    sampler: Sampler = "direct",
) -> Trajectory:
    """Make one run; raises RunStopped, and UsageError for an argument that does not fit."""
    check_sampler(sampler)
    seed, run, parameters = arguments(model, seed, run, parameters)
    kind = DirectRun if sampler == "direct" else CoupledRun
    return kind(model, parameters, seed, run, frozen).go()


class TwinRun:
    """What both samplers do alike: triggers, dates, effects, recording. A sampler says what is proposed next."""

    sampler: ClassVar[str]
    graph: Dependents

    def __init__(self, model: Model, parameters: Floats, seed: int, run: int, frozen: bool) -> None:
        self.model, self.parameters, self.seed, self.run, self.frozen = model, parameters, seed, run, frozen
        self.machine: Machine = begin(model, parameters, stream_key(seed, run, self.sampler), seed=seed, run=run)
        self.timed = [(day, ground_rule, -1) for day, ground_rule in dated(model, self.machine, frozen=frozen)]
        self.next_timed = 0
        self.until, self.entries = model.days, len(self.timed)
        self.asked: set[int] = set()
        self.asking: list[tuple[int, int]] = []
        self.open = False
        self.declined: list[int] = []
        self.begun = False
        self.holds = [False] * model.ground_rules
        self.armed: set[int] = set()
        self.at_once = 0
        self.turns: dict[int, float] = {}
        self.turned: dict[int, float] = {}
        self.times_turned = 0
        self.fired = self.rejected = 0
        self.events: list[tuple[float, int, list[float]]] = []
        self.series = np.zeros((len(model.grid), len(model.series)))
        self.next_grid = 0

    def soonest(self) -> float:
        """When the next proposal is made, infinity if none."""
        raise NotImplementedError

    def propose(self) -> tuple[int, float] | None:
        """The ground rule proposed at this moment and its bound; None if there is none after all."""
        raise NotImplementedError

    def accept(self) -> float:
        """The number that thinning compares, for the rule just proposed."""
        raise NotImplementedError

    def refuse(self, ground_rule: int, memories: list[int]) -> None:
        """Make a refused rule's bound anew from its memories as they are now."""
        raise NotImplementedError

    def put(self, template: int, rows: list[int], targets: list[int]) -> None:
        """Evaluate rows of a rule table that has rates, or of its factor, and keep the values."""
        raise NotImplementedError

    def begin_effects(self, ground_rule: int, call: int) -> None:
        """Choose what the effects of a firing draw from; `call` numbers one that was called, else it is -1."""

    def hold(self, nearest: float) -> None:
        """Keep what is drawn of the time to come, since the run is held before it."""

    def first_look(self) -> None:
        """Evaluate everything at day 0."""
        for k, rule in enumerate(self.model.rules):
            if rule.kind == "trigger":
                self.look(k, list(range(rule.rows)), list(range(rule.first, rule.first + rule.rows)))

    def go(self) -> Trajectory:
        """Run to the end."""
        self.advance_to(self.model.days)
        return self.trajectory()

    def advance_to(self, day: float) -> None:
        """Go on to a day."""
        self.start()
        if self.settled():
            self.go_on(day)

    def advance_to_next_event(self, until: float) -> bool:
        """Go on to the next event, or to a day if none comes by then; whether one came."""
        self.start()
        most = len(self.events) + 1
        if self.settled(most):
            self.go_on(until, most=most)
        return len(self.events) == most

    def go_on(self, day: float, *, most: int | None = None, entries: int | None = None) -> bool:
        """Go on to a day, with the first `entries` of what is dated; False where it stops at an event or an ask."""
        self.until, self.entries = day, len(self.timed) if entries is None else entries
        while not self.open and len(self.events) != most:
            if not self.step():
                return True
        return False

    def settled(self, most: int | None = None) -> bool:
        """Let what was agreed to fire, each after the orders that were given meanwhile; False where that stops."""
        going_on = True
        while going_on and self.asking:
            ground_rule, entries = self.asking[-1]
            if self.next_timed < entries:
                going_on = self.go_on(self.machine.t, most=most, entries=entries)
                continue
            self.asking.pop()
            if self.possible(ground_rule):
                self.drop()
                self.fire(ground_rule)
                outer = self.asking[-1][1] if self.asking else None
                going_on = self.go_on(self.machine.t, most=most, entries=outer)
        return going_on

    def order(self, ground_rule: int, day: float, number: int) -> None:
        """Let a called rule fire on a day if its guard holds then, before what is asked about at this instant."""
        at = self.next_timed
        if self.asking and day == self.machine.t:
            at = self.asking[-1][1]
            self.asking = [(asking, entries + 1) for asking, entries in self.asking]
        else:
            while at < len(self.timed) and self.timed[at][0] <= day:
                at += 1
        self.timed.insert(at, (day, ground_rule, number))

    def answer(self, *, yes: bool) -> None:
        """Let the rule that asks fire or pass."""
        self.open = False
        if not yes:
            self.asking.pop()

    def possible(self, ground_rule: int) -> bool:
        """Whether a rule's guard holds now, or its rate is not 0."""
        rule = self.model.rules[self.model.rule_of[ground_rule]]
        return self.machine.value(rule.exact, rule.table, ground_rule - rule.first) != 0

    def start(self) -> None:
        """Evaluate everything, once."""
        if not self.begun:
            self.first_look()
            self.begun = True

    def call(self, ground_rule: int, number: int) -> bool:
        """Let a ground rule fire now, after what is due, if its guard holds then; whether it did."""
        self.advance_to(self.machine.t)
        if self.open or not self.possible(ground_rule):
            return False
        self.drop()
        self.fire(ground_rule, number)
        self.advance_to(self.machine.t)
        return True

    def change(self, values: Mapping[int, float]) -> bool:
        """Set slots now, as an effect would; whether any has another value then."""
        self.start()
        machine = self.machine
        changed = {slot: value for slot, value in values.items() if machine.now(slot) != value}
        moved = machine.bring_up_to_now(changed)
        for slot, value in changed.items():
            machine.x[slot], machine.last[slot] = value, machine.t
        parameters = {info.slot for info in self.model.parameters}
        for slot in [*changed, *moved]:
            # What each entity has of a parameter is in the graph as state is.
            self.look_again(slot)
            if slot in parameters:
                self.look_at_readers(slot)
        return bool(changed)

    def look_at_readers(self, slot: int) -> None:
        """Evaluate everything that reads a parameter."""
        shared = self.sampler == "direct"
        whole = everything(self.model, shared=shared)
        for i in readers(self.model, whole, slot, shared=shared):
            span = slice(int(whole.row_start[i]), int(whole.row_start[i + 1]))
            self.look(int(whole.template[i]), whole.rows[span].tolist(), whole.target[span].tolist())

    def drop(self) -> None:
        """Forget what is drawn of the time to come, since something happens out of turn."""

    def step(self) -> bool:
        """One firing, one refused proposal, or the end (then false)."""
        model = self.model
        if self.armed:
            self.at_once += 1
            first = min(self.armed)
            if self.at_once > MOST_AT_ONCE:
                self.stop("SD503", first, {})
            self.armed.remove(first)
            self.come(first)
            return True
        if self.fired + self.rejected + self.times_turned >= EVENT_LIMIT:
            self.stop("SD507", -1, {})
        nearest = self.soonest()
        stop = min(self.until, self.timed[self.next_timed][0]) if self.next_timed < self.entries else self.until
        stop = min(stop, *self.turns.values()) if self.turns else stop
        if nearest >= stop:
            going_on = self.reach(stop)
            if not going_on:
                self.hold(nearest)
            return going_on
        self.snapshot(nearest, after=False)
        self.move(nearest)
        proposed = self.propose()
        if proposed is None:
            self.rejected += 1
            return True
        ground_rule, bound = proposed
        if model.rules[model.rule_of[ground_rule]].bound is None or self.accepted(ground_rule, bound):
            self.come(ground_rule)
        return True

    def come(self, ground_rule: int, call: int = -1) -> None:
        """Let a rule fire whose turn it is, unless it asks before."""
        if call < 0 and ground_rule in self.asked:
            self.asking.append((ground_rule, self.next_timed))
            self.open = True
        else:
            self.fire(ground_rule, call)

    def move(self, t: float) -> None:
        """Let time pass; guards that turn back and forth as closely as can be do so at one instant."""
        if t > self.machine.t and not (self.turns and t - self.machine.t <= 2.0 * APART):
            self.at_once = 0
        self.machine.t = t

    def reach(self, stop: float) -> bool:
        """Come to a guard that time turns, to a dated rule, or to the end."""
        self.snapshot(stop, after=False)
        self.move(stop)
        if stop in self.turns.values():
            self.turn_guards()
            return True
        if self.next_timed < self.entries and self.timed[self.next_timed][0] == stop:
            _, ground_rule, call = self.timed[self.next_timed]
            self.next_timed += 1
            if self.possible(ground_rule):
                self.come(ground_rule, call)
            elif call >= 0:
                self.declined.append(call)
            return True
        self.snapshot(stop, after=stop >= self.model.days)
        return False

    def turn_guards(self) -> None:
        """Time turns the guards whose turn it is."""
        for ground_rule, turn in sorted(self.turns.items()):
            if turn == self.machine.t:
                self.turned[ground_rule] = turn
                self.times_turned += 1
                template = int(self.model.rule_of[ground_rule])
                self.look(template, [ground_rule - self.model.rules[template].first], [ground_rule])

    def seek_turn(self, rule: RuleTable, row: int) -> None:
        """Look anew at when a guard turns that has been evaluated at this moment."""
        machine, ground_rule = self.machine, rule.first + row
        start, slots = self.model.memories_of
        memories = slots[start[ground_rule] : start[ground_rule + 1]].tolist()
        self.turns[ground_rule] = math.inf
        if not code.timely(rule.exact) and all(machine.x[slot] == 0.0 for slot in memories):
            return
        since = max(machine.t, self.turned.get(ground_rule, -1.0) + APART)
        try:
            turn = next_turn(machine, rule, row, self.holds[ground_rule], since, self.model.days)
        except Untold:
            self.stop("SD550", ground_rule, {})
        self.turns[ground_rule] = turn

    def accepted(self, ground_rule: int, bound: float) -> bool:
        """Thinning: whether a proposal made under a bound happens at the rate as it is now."""
        rule = self.model.rules[self.model.rule_of[ground_rule]]
        rate = self.machine.value(rule.exact, rule.table, ground_rule - rule.first)
        if not 0.0 <= rate <= MOST_RATE:
            self.stop("SD501", ground_rule, {"rate": rate})
        if rate > bound * BOUND_SLACK:
            self.stop("SD502", ground_rule, {"rate": rate})
        if self.accept() * bound < rate:
            return True
        self.rejected += 1
        start, slots = self.model.memories_of
        self.refuse(ground_rule, slots[start[ground_rule] : start[ground_rule + 1]].tolist())
        return False

    def sound(self, rule: RuleTable, row: int, value: float) -> float:
        """A rate, bound or factor, if it is one."""
        if not 0.0 <= value <= MOST_RATE:
            broken = rule.bound is not None and not value < 0
            self.stop("SD502" if broken else "SD501", rule.first + row, {"rate": value})
        return value

    def look(self, template: int, rows: list[int], targets: list[int]) -> None:
        """Evaluate rows of a rule table: rates go where the sampler keeps them, guards arm triggers."""
        rules = self.model.rules
        if template >= len(rules) or rules[template].kind == "rate":
            if not self.frozen:
                self.put(template, rows, targets)
            return
        rule = rules[template]
        for row, ground_rule in zip(rows, targets, strict=True):
            holds = self.machine.value(rule.exact, rule.table, row) != 0
            if holds != self.holds[ground_rule]:
                self.holds[ground_rule] = holds
                (self.armed.add if holds else self.armed.discard)(ground_rule)
            if rule.turns is not None:
                self.seek_turn(rule, row)

    def look_again(self, slot: int) -> None:
        """Evaluate everything that reads a slot."""
        graph = self.graph
        for i in range(int(graph.start[slot]), int(graph.start[slot + 1])):
            span = slice(int(graph.row_start[i]), int(graph.row_start[i + 1]))
            self.look(int(graph.template[i]), graph.rows[span].tolist(), graph.target[span].tolist())

    def fire(self, ground_rule: int, call: int = -1) -> None:
        """Carry out a rule's effects and note the event."""
        machine = self.machine
        rule = self.model.rules[self.model.rule_of[ground_rule]]
        row = ground_rule - rule.first
        machine.touched = []
        machine.locals = [0.0] * rule.locals
        head = [-1.0, -1.0, -1.0, math.nan]
        if rule.header is not None:
            parts = (rule.header.source, rule.header.target, rule.header.place, rule.header.size)
            head = [
                h if part is None else machine.value(part, rule.table, row) for part, h in zip(parts, head, strict=True)
            ]
        self.begin_effects(ground_rule, call)
        try:
            machine.perform(rule.effects, rule.table, row)
        except Stop as stop:
            raise stop_of(self.model, stop, ground_rule, machine.t, self.seed, self.run) from None
        self.fired += 1
        if not rule.silent:
            self.events.append((machine.t, ground_rule, head))
        for slot in machine.touched:
            self.look_again(slot)

    def snapshot(self, upto: float, *, after: bool) -> None:
        """Record the watches at grid times before `upto`, and at it if `after`."""
        grid = self.model.grid
        now = self.machine.t
        while self.next_grid < len(grid) and (grid[self.next_grid] < upto or (after and grid[self.next_grid] == upto)):
            self.machine.t = float(grid[self.next_grid])
            for watch in self.model.watches:
                for row in range(watch.table.rows):
                    self.series[self.next_grid, watch.first + row] = self.machine.value(watch.of, watch.table, row)
            self.next_grid += 1
        self.machine.t = now

    def stop(self, fault: str, ground_rule: int, values: dict[str, float]) -> None:
        """Raise RunStopped."""
        values = values | read_by(self.model, self.machine, ground_rule)
        raise stopped(self.model, fault, ground_rule, self.machine.t, self.seed, self.run, values)

    def trajectory(self) -> Trajectory:
        """What the run leaves."""
        head = np.array([h for _, _, h in self.events], dtype=np.float64).reshape(-1, 4)
        return Trajectory(
            time=np.array([t for t, _, _ in self.events], dtype=np.float64),
            rule=np.array([g for _, g, _ in self.events], dtype=np.int32),
            source=head[:, 0].astype(np.int32),
            target=head[:, 1].astype(np.int32),
            place=head[:, 2].astype(np.int32),
            size=head[:, 3].copy(),
            series=self.series,
            answers=answers(self.model, self.machine, seed=self.seed, run=self.run, frozen=self.frozen),
            parameters=np.asarray(self.parameters, dtype=np.float64),
            fired=self.fired,
            rejected=self.rejected,
        )


class DirectRun(TwinRun):
    """The direct method: how long until anything happens, then what, both from one stream and sums of rates."""

    sampler = "direct"

    def __init__(self, model: Model, parameters: Floats, seed: int, run: int, frozen: bool) -> None:
        super().__init__(model, parameters, seed, run, frozen)
        self.graph = model.dependents
        self.sums = Sums(model.leaves)
        self.evaluated = model.leaves.evaluated
        self.pending: float | None = None

    def first_look(self) -> None:
        """Evaluate everything at day 0."""
        super().first_look()
        for k, rule in enumerate(self.model.rules):
            if rule.kind == "rate":
                rows = np.flatnonzero(self.evaluated[rule.first : rule.first + rule.rows])
                self.look(k, rows.tolist(), self.model.leaves.leaf_of[rule.first + rows].tolist())
        for k, rule in enumerate(self.model.rules):
            if rule.share is not None:
                numbers = range(rule.share.first, rule.share.first + len(rule.share.row))
                self.look(len(self.model.rules) + k, rule.share.row.tolist(), list(numbers))
        self.sums.rebuild()

    def soonest(self) -> float:
        """When the next proposal is made, infinity if none."""
        self.sums.refresh()
        total = self.sums.total
        if not total < math.inf:
            self.stop("SD501", -1, {"rate": total})
        if self.pending is not None:
            nearest, self.pending = self.pending, None
            return nearest
        return self.machine.t - log(1.0 - self.machine.stream.uniform()) / total if total > 0.0 else math.inf

    def hold(self, nearest: float) -> None:
        """The time to the next proposal is drawn already: it is no other time because the run is held before it."""
        self.pending = nearest

    def drop(self) -> None:
        """What happens out of turn changes the rates, so the time to the next proposal is drawn anew."""
        self.pending = None

    def change(self, values: Mapping[int, float]) -> bool:
        """As any run does; the sums are made anew, and the time to the next proposal is drawn from them."""
        changed = super().change(values)
        if changed:
            self.drop()
            self.sums.rebuild()
        return changed

    def propose(self) -> tuple[int, float] | None:
        """The ground rule proposed at this moment and its bound; None if there is none after all."""
        self.sums.proposals += 1
        ground_rule = self.sums.find(self.machine.stream.uniform() * self.sums.total)
        return None if ground_rule is None else (ground_rule, self.sums.rate(ground_rule))

    def accept(self) -> float:
        """The number that thinning compares, for the rule just proposed."""
        return self.machine.stream.uniform()

    def refuse(self, ground_rule: int, memories: list[int]) -> None:
        """The memories are brought up to now, for all that read them."""
        for slot in memories:
            self.machine.x[slot] = self.machine.now(slot)
            self.machine.last[slot] = self.machine.t
        for slot in memories:
            self.look_again(slot)
        k = int(self.model.rule_of[ground_rule])
        self.look(k, [ground_rule - self.model.rules[k].first], [int(self.model.leaves.leaf_of[ground_rule])])

    def put(self, template: int, rows: list[int], targets: list[int]) -> None:
        """Evaluate rows of a rule table that has rates, or of its factor, and keep the values."""
        rules, machine = self.model.rules, self.machine
        rule = rules[template % len(rules)]
        share = rule.share
        if share is not None and template >= len(rules):
            for row, factor in zip(rows, targets, strict=True):
                self.sums.put_factor(factor, self.sound(rule, row, machine.value(share.factor, rule.table, row)))
            return
        code_of = rule.proposal if share is None else share.leaf
        values = [self.sound(rule, row, machine.value(code_of, rule.table, row)) for row in rows]
        self.sums.put(zip(targets, values, strict=True))


class CoupledRun(TwinRun):
    """The modified next reaction method: every ground rule has a clock and random numbers of its own."""

    sampler = "coupled"

    def __init__(self, model: Model, parameters: Floats, seed: int, run: int, frozen: bool) -> None:
        super().__init__(model, parameters, seed, run, frozen)
        self.graph = model.dependents_alone
        self.clocks = Clocks(clock_keys(clock_names(model), seed, run))
        self.accepting = 0.0

    def first_look(self) -> None:
        """Evaluate everything at day 0."""
        super().first_look()
        for k, rule in enumerate(self.model.rules):
            if rule.kind == "rate":
                self.look(k, list(range(rule.rows)), list(range(rule.first, rule.first + rule.rows)))

    def soonest(self) -> float:
        """When the next proposal is made, infinity if none."""
        return self.clocks.next()[0]

    def propose(self) -> tuple[int, float] | None:
        """The ground rule proposed at this moment and its bound."""
        _, ground_rule = self.clocks.next()
        bound = self.clocks.rates[ground_rule]
        self.accepting = self.clocks.propose(ground_rule, self.machine.t)
        return ground_rule, bound

    def accept(self) -> float:
        """The number that thinning compares, for the rule just proposed."""
        return self.accepting

    def refuse(self, ground_rule: int, memories: list[int]) -> None:
        """Only this rule's clock learns of it, so that no rule changes another's clock by being refused."""
        machine = self.machine
        stored = [float(machine.x[slot]) for slot in memories]
        for slot in memories:
            machine.x[slot] = machine.now(slot)
        k = int(self.model.rule_of[ground_rule])
        self.put(k, [ground_rule - self.model.rules[k].first], [ground_rule])
        for slot, value in zip(memories, stored, strict=True):
            machine.x[slot] = value

    def begin_effects(self, ground_rule: int, call: int) -> None:
        """The draws of this rule's n-th firing, or of a call, whatever other rules or its own clock draw."""
        stream = Stream(self.clocks.keys[ground_rule])
        stream.counter = self.clocks.effects_at(ground_rule) if call < 0 else called_at(call)
        self.machine.stream = stream
        if call >= 0:
            return
        if self.model.rules[self.model.rule_of[ground_rule]].kind != "rate":
            self.clocks.proposals[ground_rule] += 1

    def put(self, template: int, rows: list[int], targets: list[int]) -> None:
        """Evaluate rows of a rule table that has rates, and set their clocks."""
        rule = self.model.rules[template]
        for row, ground_rule in zip(rows, targets, strict=True):
            value = self.machine.value(rule.proposal, rule.table, row)
            if value != self.clocks.rates[ground_rule]:
                self.clocks.put(ground_rule, self.sound(rule, row, value), self.machine.t)
