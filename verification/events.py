"""A model's events as rules: timed where the clock alone decides, triggers where chance does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from verification.draws import Draws
from verification.formula import (
    Formula,
    Inexpressible,
    as_number,
    as_truth,
    draws,
    evaluate,
    fold,
    is_truth,
    named,
    names_in,
    reads_time,
    substitute,
    text,
)
from verification.network import Event
from verification.symbols import Symbols
from verification.timetable import Moment, Timetable, timetable


class Events:
    """Writes the events of a network; `states`, `begin`, `kinds` and `rules` are what they need in the scenario."""

    def __init__(self, symbols: Symbols, made: Draws, horizon: float) -> None:
        self.symbols, self.draws, self.horizon = symbols, made, horizon
        self.network = symbols.network
        self.states: dict[str, Any] = {}
        self.begin: dict[str, Any] = {}
        self.kinds: dict[str, Any] = {}
        self.rules: dict[str, Any] = {}
        self._kept: dict[tuple[int, str], str] = {}
        self._conditions: dict[Formula, str] = {}
        self.events = [replace(e, trigger=as_truth(self._inlined(e.trigger))) for e in self.network.events]
        self.certain = self._certain()
        self._write()

    def _inlined(self, formula: Formula) -> Formula:
        """The formula with quantities that have an assignment rule put in place, for the clock to be seen in it."""
        for _ in range(len(self.network.assigned) + 1):
            formula = substitute(formula, self.network.assigned)
        return formula

    def _certain(self) -> set[str]:
        """The quantities whose course is known beforehand, whatever chance does."""
        symbols = self.symbols
        fixed = set(symbols.starts) - symbols.changing
        unsure = symbols.changed_by_reactions | set(self.network.assigned)
        course = {name for name in symbols.changing & set(symbols.starts) if name not in unsure}
        while True:
            known = fixed | course
            lost = {
                target for event in self.events for target, formula in event.sets
                if target in course
                and (not self._sure(formula, known) or not all(self._sure(f, known) for f in _when(event)))
            }  # fmt: skip
            if not lost:
                return known
            course -= lost

    def _sure(self, formula: Formula, known: set[str]) -> bool:
        return names_in(self._inlined(formula)) <= known and not draws(self._inlined(formula))

    def _write(self) -> None:
        timed = {i: e for i, e in enumerate(self.events) if all(self._sure(f, self.certain) for f in _when(e))}
        chance = {i: e for i, e in enumerate(self.events) if i not in timed}
        guards = {i: self._guard(event) for i, event in chance.items()}
        known = {name: self.symbols.starts[name] for name in self.certain}
        slopes = {name: slope for name, slope in self.symbols.slopes.items() if name in self.certain}
        inlined = {i: replace(e, delay=self._maybe(e.delay), priority=self._maybe(e.priority),
                              sets=tuple((name, self._inlined(f)) for name, f in e.sets))
                   for i, e in timed.items()}  # fmt: skip
        table = timetable(known, slopes, inlined, list(self._conditions), self.horizon)
        self._turns(table)
        self._dated(table)
        self._triggers(chance, guards)

    def _maybe(self, formula: Formula | None) -> Formula | None:
        return None if formula is None else self._inlined(formula)

    # What the clock decides.

    def _turns(self, table: Timetable) -> None:
        for name, turns, first in zip(self._conditions.values(), table.turns, table.at_first, strict=True):
            self.states[name] = {"is": "truth"}
            self.begin[name] = first
            for truth in (True, False):
                moments = [moment for moment, becomes in turns if becomes == truth]
                if moments:
                    rule = self.symbols.names.new("turn", f"{name}_{str(truth).lower()}")
                    self._at(rule, moments, [f"{name} = {str(truth).lower()}"])

    def _dated(self, table: Timetable) -> None:
        alike: dict[tuple[tuple[str, int], ...], list[Moment]] = {}
        for moment, steps in table.steps.items():
            alike.setdefault(tuple(steps), []).append(moment)
        for same, moments in alike.items():
            rule = self.symbols.names.new("event", "_".join(dict.fromkeys(self.events[i].id for _, i in same)))
            self._at(rule, moments, self._statements(same))

    def _at(self, rule: str, moments: list[Moment], then: list[Any]) -> None:
        days = [moment.time / self.symbols.day for moment in moments]
        days = [max(math.nextafter(day, math.inf), 1e-12) if m.after else day
                for day, m in zip(days, moments, strict=True)]  # fmt: skip
        if len(days) == 1:
            self.rules[rule] = {"at": repr(days[0]), "then": then, "silent": True}
            return
        kind, one = f"moments_of_{rule}", f"moment_of_{rule}"
        members = {f"{rule}_{i + 1}": {"attributes": {"day": day}} for i, day in enumerate(days)}
        self.kinds[kind] = {"members": members}
        self.rules[rule] = {"for": {one: kind}, "at": f"{one}.day", "then": then, "silent": True}

    def _statements(self, steps: Sequence[tuple[str, int]]) -> list[Any]:
        """The steps of one moment; what is kept for later lies in states, what is used at once in locals."""
        then: list[Any] = []
        locals_: dict[int, list[tuple[str, Formula]]] = {}
        for position, (what, i) in enumerate(steps):
            if what == "keep" and ("set", i) in steps[position:]:
                locals_[i] = self._worked_out(self.events[i], then)
            elif what == "keep":
                then += self._keep(i)
            elif i in locals_:
                then += self._set(locals_.pop(i))
            elif self.events[i].from_trigger_time:
                then += self._set([(t, named(self._place(i, t))) for t, _ in self.events[i].sets])
            else:
                then += self._set(self._worked_out(self.events[i], then))
        return then

    def _worked_out(self, event: Event, then: list[Any]) -> list[tuple[str, Formula]]:
        """What the event sets, before it sets anything: a number, or the name of a local with the value."""
        self._refuse_moving_size(event)
        found = []
        for target, formula in event.sets:
            value = fold(self.draws.hoist(self.symbols.ours(formula), then))
            if value.op != "number" and len(event.sets) > 1:
                local = self.draws.name("new")
                then.append(f"{local} = {text(value)}")
                value = Formula("truth" if is_truth(value) else "name", name=local)
            found.append((target, value))
        return found

    def _refuse_moving_size(self, event: Event) -> None:
        targets = {target for target, _ in event.sets}
        for target in targets:
            quantity = self.network.quantities[target]
            if quantity.in_compartment and quantity.compartment in targets:
                raise Inexpressible(f"an event that sets a compartment and a concentration in it ({event.id})")

    def _set(self, values: list[tuple[str, Formula]]) -> list[Any]:
        written = [self.symbols.write(target, value) for target, value in values]
        return [f"{state} = {text(value)}" for state, value in written]

    def _place(self, i: int, target: str) -> str:
        if (i, target) not in self._kept:
            self._kept[i, target] = self.symbols.names.new("kept", f"{self.events[i].id}_{target}")
            self.states[self._kept[i, target]] = {}
        return self._kept[i, target]

    def _keep(self, i: int) -> list[Any]:
        then: list[Any] = []
        for target, value in self._worked_out(self.events[i], then):
            then.append(f"{self._place(i, target)} = {text(as_number(value))}")
        return then

    # What chance decides.

    def _guard(self, event: Event) -> Formula:
        """The trigger in the scenario's words, with conditions on the clock as states that timed rules turn."""
        if event.delay is not None:
            raise Inexpressible(f"an event that waits a fixed time after chance has triggered it ({event.id})")
        formula = self._flagged(event.trigger)
        if reads_time(formula) or names_in(formula) & set(self.symbols.slopes):
            raise Inexpressible(f"a trigger in which a moving quantity meets one left to chance ({event.id})")
        if draws(formula):
            raise Inexpressible(f"a trigger that draws at random ({event.id})")
        return self.symbols.ours(formula)

    def _flagged(self, formula: Formula) -> Formula:
        clocks = set(self.symbols.slopes)
        if is_truth(formula) and (reads_time(formula) or names_in(formula) & clocks):
            if self._sure(formula, self.certain):
                if formula not in self._conditions:
                    self._conditions[formula] = self.symbols.names.new("clock", str(len(self._conditions) + 1))
                return Formula("truth", name=self._conditions[formula])
            return replace(formula, of=tuple(self._flagged(part) for part in formula.of))
        return formula

    def _triggers(self, chance: dict[int, Event], guards: dict[int, Formula]) -> None:
        guards = {i: self._armed(event, guards[i]) for i, event in chance.items()}
        if len(chance) == 1:
            ((i, event),) = chance.items()
            steps = [("keep", i), ("set", i)] if event.from_trigger_time else [("set", i)]
            self._trigger(self.symbols.names.new("event", event.id), guards[i], self._statements(steps))
            return
        # All that are raised at one instant are noted before the first is carried out, for that can lower others.
        waiting = {i: Formula("truth", name=self.symbols.names.new("waiting", e.id)) for i, e in chance.items()}
        for i, event in chance.items():
            self.states[waiting[i].name] = {"is": "truth"}
            keep = self._keep(i) if event.from_trigger_time else []
            rule = self.symbols.names.new("raised", event.id)
            self._trigger(rule, guards[i], [*keep, f"{waiting[i].name} = true"])
        for i, event in chance.items():
            if not event.persistent:
                rule = self.symbols.names.new("lowered", event.id)
                gone = Formula("and", (waiting[i], Formula("not", (guards[i],))))
                self._trigger(rule, gone, [f"{waiting[i].name} = false"])
        for i in self._by_priority(chance):
            event = chance[i]
            rule = self.symbols.names.new("event", event.id)
            self._trigger(rule, waiting[i], [f"{waiting[i].name} = false", *self._statements([("set", i)])])

    def _by_priority(self, chance: dict[int, Event]) -> list[int]:
        order: dict[int, float] = {}
        for i, event in chance.items():
            formula = None if event.priority is None else fold(self.symbols.ours(event.priority))
            if formula is not None and formula.op != "number":
                raise Inexpressible(f"a priority that changes ({event.id})")
            order[i] = -math.inf if formula is None else formula.value
        for i, j in combinations(order, 2):
            if order[i] == order[j] != -math.inf:
                raise Inexpressible("events of equal priority, whose order is to be drawn at random")
        return sorted(chance, key=lambda i: -order[i])

    def _trigger(self, rule: str, guard: Formula, then: list[Any]) -> None:
        self.rules[rule] = {"when": text(as_truth(guard)), "then": then, "silent": True}

    def _armed(self, event: Event, guard: Formula) -> Formula:
        """The guard of an event whose trigger counts as true before the start: it must first have been false."""
        if not event.true_before:
            return guard
        if names_in(event.trigger) <= set(self.symbols.starts) and not evaluate(
            event.trigger, self.symbols.starts, time=0.0
        ):
            return guard
        armed = Formula("truth", name=self.symbols.names.new("armed", event.id))
        self.states[armed.name] = {"is": "truth"}
        rule = self.symbols.names.new("arms", event.id)
        self._trigger(rule, Formula("not", (Formula("or", (armed, guard)),)), [f"{armed.name} = true"])
        return Formula("and", (armed, guard))


def _when(event: Event) -> list[Formula]:
    return [part for part in (event.trigger, event.delay, event.priority) if part is not None]
