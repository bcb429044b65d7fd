"""When events happen that depend on the time only: their instants are worked out before the scenario is written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from verification.formula import Formula, Inexpressible, draws, evaluate, names_in, walk
from verification.network import Event

COMPARE = frozenset({"less", "at_most", "more", "at_least", "equal", "unequal"})
_LINEAR = frozenset({"plus", "minus", "negate", "times", "divide", "number", "name", "time"})
_CLOSE = 1e-9
_MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class Moment:
    """An instant of the model's time; `after` is the moment just behind it, at which a strict inequality turns true."""

    time: float
    after: bool = False


@dataclass
class Timetable:
    """What happens when: at each moment the steps in order, `('keep', i)` to work out what event i sets and
    `('set', i)` to set it; and for each condition the moments at which it turns, with its truth at the start.
    """

    steps: dict[Moment, list[tuple[str, int]]] = field(default_factory=dict)
    turns: list[list[tuple[Moment, bool]]] = field(default_factory=list)
    at_first: list[bool] = field(default_factory=list)


@dataclass
class _Waiting:
    moment: Moment
    order: tuple[float, int]
    event: int
    values: dict[str, float]


class _Clockwork:
    """The part of a model that runs by the clock alone: what is known, moves evenly, or is set by such events."""

    def __init__(
        self, values: Mapping[str, float], slopes: Mapping[str, float], events: Mapping[int, Event],
        conditions: list[Formula],
    ) -> None:  # fmt: skip
        self.values, self.slopes, self.now = dict(values), dict(slopes), 0.0
        self.events, self.conditions = events, conditions
        self.truths = {i: event.true_before for i, event in events.items()}
        self.waiting: list[_Waiting] = []
        self.table = Timetable(turns=[[] for _ in conditions])

    def at(self, time: float) -> dict[str, float]:
        moved = {name: self.values[name] + slope * (time - self.now) for name, slope in self.slopes.items()}
        return {**self.values, **moved}

    def holds(self, formula: Formula, time: float) -> bool:
        """Whether a condition holds at a time, with sides that differ by rounding taken as equal."""
        values = self.at(time)
        return bool(evaluate(_snapped(formula, values, time), values, time))

    def next_turn(self) -> float:
        """The next time after now at which the two sides of some comparison meet."""
        found = math.inf
        for formula in (*(event.trigger for event in self.events.values()), *self.conditions):
            for part in walk(formula):
                if part.op in COMPARE:
                    found = min(found, self._meeting(part))
        return min([found, *(w.moment.time for w in self.waiting if w.moment.time > self.now)])

    def _meeting(self, part: Formula) -> float:
        moving = any(p.op == "time" or self.slopes.get(p.name) for p in walk(part))
        if not moving:
            return math.inf
        if any(p.op not in _LINEAR for side in part.of for p in walk(side)):
            raise Inexpressible("an event whose time is not found by a linear equation")
        gaps = []
        for time in (self.now, self.now + 1.0, self.now + 2.0):
            left, right = (evaluate(side, self.at(time), time) for side in part.of)
            gaps.append(left - right)
        speed = gaps[1] - gaps[0]
        if abs(gaps[2] - gaps[1] - speed) > _CLOSE * max(map(abs, gaps)):
            raise Inexpressible("an event whose time is not found by a linear equation")
        # Rounded to 12 digits: an instant that is meant to be 10 must not come a hair after the record at 10.
        time = float(f"{self.now - gaps[0] / speed:.12g}") if speed else math.inf
        return time if time > self.now + 1e-12 * max(1.0, abs(self.now)) else math.inf

    def run(self, horizon: float) -> Timetable:
        self.table.at_first = [self.holds(condition, 0.0) for condition in self.conditions]
        truths = list(self.table.at_first)
        while self.now <= horizon:
            # Each instant is looked at twice: as it comes, and just behind it, where strict inequalities turn.
            for after in (False, True):
                self._settle(after)
                for i, condition in enumerate(self.conditions):
                    truth = self.holds(condition, self._look(after))
                    if truth != truths[i]:
                        truths[i] = truth
                        self.table.turns[i].append((Moment(self.now, after), truth))
            turn = self.next_turn()
            if not math.isfinite(turn):
                break
            self.values, self.now = self.at(turn), turn
        return self.table

    def _look(self, after: bool) -> float:
        turn = self.next_turn() if after else self.now
        return (self.now + turn) / 2.0 if math.isfinite(turn) else self.now + 1.0

    def _settle(self, after: bool) -> None:
        """Triggers and carries out events until nothing more happens at this moment."""
        for _ in range(_MOST_AT_ONCE):
            look = self._look(after)
            risen = []
            for i, event in self.events.items():
                truth = self.holds(event.trigger, look)
                if truth and not self.truths[i]:
                    risen.append(i)
                elif not truth and not event.persistent:
                    self.waiting = [w for w in self.waiting if w.event != i]
                self.truths[i] = truth
            for i in risen:
                self._wait(i, after)
            due = [w for w in self.waiting if w.moment.time <= self.now and (after or not w.moment.after)]
            if not due:
                return
            self._carry_out(sorted(due, key=lambda w: w.order))
        raise Inexpressible("events that call each other without end at one instant")

    def _wait(self, i: int, after: bool) -> None:
        event = self.events[i]
        delay = 0.0 if event.delay is None else float(evaluate(event.delay, self.values, self.now))
        if delay < 0.0:
            raise Inexpressible(f"a negative delay (of {event.id})")
        values = self._values(event)
        if any(w.event == i for w in self.waiting) and event.from_trigger_time:
            raise Inexpressible(f"an event that is triggered again while it waits ({event.id})")
        first = -math.inf if event.priority is None else float(evaluate(event.priority, self.values, self.now))
        self.waiting.append(_Waiting(Moment(self.now + delay, after), (-first, i), i, values))
        if event.from_trigger_time:
            self.table.steps.setdefault(Moment(self.now, after), []).append(("keep", i))

    def _values(self, event: Event) -> dict[str, float]:
        known = {}
        for target, formula in event.sets:
            # What is drawn, or read from what is left to chance, has no value here, and nothing here needs it.
            if not draws(formula) and names_in(formula) <= set(self.values) and target in self.values:
                known[target] = float(evaluate(formula, self.values, self.now))
        return known

    def _carry_out(self, due: list[_Waiting]) -> None:
        one = due[0]
        if len(due) > 1 and due[1].order[0] == one.order[0] != math.inf:
            raise Inexpressible("events of equal priority, whose order is to be drawn at random")
        event = self.events[one.event]
        self.table.steps.setdefault(one.moment, []).append(("set", one.event))
        self.values |= one.values if event.from_trigger_time else self._values(event)
        self.waiting.remove(one)


def _snapped(formula: Formula, values: Mapping[str, float], time: float) -> Formula:
    """The formula with each comparison of sides that meet, but for rounding, decided as between equals."""
    if formula.op in COMPARE:
        left, right = (float(evaluate(side, values, time)) for side in formula.of)
        if math.isclose(left, right, rel_tol=_CLOSE, abs_tol=_CLOSE):
            return Formula("true" if formula.op in ("at_most", "at_least", "equal") else "false")
        return formula
    return Formula(formula.op, tuple(_snapped(p, values, time) for p in formula.of), formula.value, formula.name)


def timetable(
    values: Mapping[str, float], slopes: Mapping[str, float], events: Mapping[int, Event],
    conditions: list[Formula], horizon: float,
) -> Timetable:  # fmt: skip
    """The instants, up to the horizon, of events and conditions that depend on nothing but the clock."""
    return _Clockwork(values, slopes, events, conditions).run(horizon)
