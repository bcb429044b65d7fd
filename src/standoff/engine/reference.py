"""The reference twin: the same process as `kernel.py`, event for event, in the plainest Python.

Read this to know what the engine does. It is slow, and the tests hold the kernel against it bit for bit.
"""

from __future__ import annotations

import math

import numpy as np

from standoff.engine.begin import EVENT_LIMIT, answers, begin, dated, stop_of, stopped
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.library import log
from standoff.engine.parameters import draw_parameters
from standoff.engine.streams import stream_key
from standoff.engine.sums import Sums
from standoff.engine.trajectory import Trajectory
from standoff.model import Floats, Model, RuleTable

MOST_AT_ONCE = 10_000
BOUND_SLACK = 1.0 + 1e-9


def reference_run(
    model: Model,
    *,
    seed: int,
    run: int,
    parameters: Floats | None = None,
    frozen: bool = False,
) -> Trajectory:
    """Make one run; raises RunStopped."""
    if parameters is None:
        parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
    return _Run(model, parameters, seed, run, frozen).go()


class _Run:
    def __init__(self, model: Model, parameters: Floats, seed: int, run: int, frozen: bool) -> None:
        self.model, self.parameters, self.seed, self.run, self.frozen = model, parameters, seed, run, frozen
        self.machine: Machine = begin(model, parameters, stream_key(seed, run, "direct"), seed=seed, run=run)
        self.timed = dated(model, self.machine, frozen=frozen)
        self.sums = Sums(model.ground_rules)
        self.holds = [False] * model.ground_rules
        self.armed: set[int] = set()
        self.at_once = 0
        self.fired = self.rejected = 0
        self.events: list[tuple[float, int, list[float]]] = []
        self.series = np.zeros((len(model.grid), len(model.series)))
        self.next_grid = 0

    def go(self) -> Trajectory:
        """Run to the end."""
        for k, rule in enumerate(self.model.rules):
            if rule.kind != "timed":
                for row in range(rule.rows):
                    self.look(k, row)
        self.sums.rebuild()
        while self.step():
            pass
        return self.trajectory()

    def step(self) -> bool:
        """One event, one refused proposal, or the end (then false)."""
        model, machine, sums = self.model, self.machine, self.sums
        while self.armed:
            self.at_once += 1
            first = min(self.armed)
            if self.at_once > MOST_AT_ONCE:
                self.stop("SD503", first, {})
            self.armed.remove(first)
            self.fire(first)
        if self.fired + self.rejected >= EVENT_LIMIT:
            self.stop("SD507", -1, {})
        sums.refresh()
        stream, total = machine.stream, sums.total
        nearest = machine.t - log(1.0 - stream.uniform()) / total if sums.positive and total > 0 else math.inf
        stop = min(model.days, self.timed[0][0]) if self.timed else model.days
        if nearest >= stop:
            return self.reach(stop)
        self.snapshot(nearest, after=False)
        sums.proposals += 1
        self.move(nearest)
        chosen = sums.find(stream.uniform() * total)
        if chosen is None:
            self.rejected += 1
            return True
        rule = model.rules[model.rule_of[chosen]]
        if rule.bound is not None and not self.accepted(rule, chosen):
            return True
        self.fire(chosen)
        return True

    def move(self, t: float) -> None:
        """Let time pass."""
        if t > self.machine.t:
            self.at_once = 0
        self.machine.t = t

    def reach(self, stop: float) -> bool:
        """Come to a dated rule or to the end."""
        self.snapshot(stop, after=False)
        self.move(stop)
        if self.timed and self.timed[0][0] == stop:
            _, ground_rule = self.timed.pop(0)
            rule = self.model.rules[self.model.rule_of[ground_rule]]
            row = ground_rule - rule.first
            if rule.guard is None or self.machine.value(rule.guard, rule.table, row) != 0:
                self.fire(ground_rule)
            return True
        self.snapshot(stop, after=True)
        return False

    def accepted(self, rule: RuleTable, ground_rule: int) -> bool:
        """Thinning: whether a proposal made under a bound happens at the rate as it is now."""
        machine, row = self.machine, ground_rule - rule.first
        rate, bound = self.rate(rule, row), self.sums.leaves[ground_rule]
        if not 0.0 <= rate < math.inf:
            self.stop("SD501", ground_rule, {"rate": rate})
        if rate > bound * BOUND_SLACK:
            self.stop("SD502", ground_rule, {"rate": rate, "bound": bound})
        if machine.stream.uniform() * bound < rate:
            return True
        self.rejected += 1
        start, slots = self.model.memories_of
        read = slots[start[ground_rule] : start[ground_rule + 1]].tolist()
        for slot in read:
            machine.x[slot] = machine.now(slot)
            machine.last[slot] = machine.t
        for slot in read:
            self.look_again(slot)
        self.look(int(self.model.rule_of[ground_rule]), row)
        return False

    def rate(self, rule: RuleTable, row: int) -> float:
        """A rule's rate at this moment."""
        if rule.guard is not None and self.machine.value(rule.guard, rule.table, row) == 0:
            return 0.0
        return 0.0 if rule.clock is None else self.machine.value(rule.clock, rule.table, row)

    def look(self, k: int, row: int) -> None:
        """Evaluate a ground rule: its rate or bound into the sums, its guard into the armed triggers."""
        rule = self.model.rules[k]
        ground_rule = rule.first + row
        if rule.kind == "rate":
            if self.frozen:
                return
            bounded = rule.bound is not None
            value = self.machine.value(rule.bound, rule.table, row) if rule.bound is not None else self.rate(rule, row)
            if value != self.sums.leaves[ground_rule]:
                if not 0.0 <= value < math.inf:
                    self.stop("SD502" if bounded and value == math.inf else "SD501", ground_rule, {"rate": value})
                self.sums.put(ground_rule, value)
            return
        holds = rule.guard is None or self.machine.value(rule.guard, rule.table, row) != 0
        if holds != self.holds[ground_rule]:
            self.holds[ground_rule] = holds
            (self.armed.add if holds else self.armed.discard)(ground_rule)

    def look_again(self, slot: int) -> None:
        """Evaluate everything that reads a slot."""
        graph = self.model.dependents
        for i in range(int(graph.start[slot]), int(graph.start[slot + 1])):
            for row in graph.rows[graph.row_start[i] : graph.row_start[i + 1]].tolist():
                self.look(int(graph.template[i]), row)

    def fire(self, ground_rule: int) -> None:
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
            answers=answers(self.model, self.machine),
            parameters=np.asarray(self.parameters, dtype=np.float64),
            fired=self.fired,
            rejected=self.rejected,
        )
