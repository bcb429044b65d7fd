"""What each seat knows: what it is shown now, what it saw last, and the events that it was shown.

Nothing goes to a seat but through here, and nothing is here that no line of `sees` grants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from standoff.engine import Session
from standoff.game.table import Table
from standoff.model import SeriesColumn
from standoff.scenario import Words, resolved, written


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A value that a seat is shown, or was shown last on `day`: what it is of, whom it is about, and how much."""

    what: str
    index: tuple[str, ...]
    value: str
    day: float
    now: bool


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """An event as a seat is shown it; a part is None where it has none, or where it stays dark."""

    day: float
    rule: str | None
    type: str | None
    mode: str | None
    source: str | None
    target: str | None
    place: str | None
    size: float | None


@dataclass(frozen=True, slots=True)
class View:
    """All that a seat is shown at a moment: values, drawn parameters, and the events since it looked before."""

    day: float
    values: tuple[SeenValue, ...]
    parameters: tuple[tuple[str, float], ...]
    events: tuple[SeenEvent, ...]


@dataclass(frozen=True, slots=True)
class _Granted:
    """A value that a seat may be shown: the series with the value, and with whether it is seen, if that depends."""

    what: str
    column: SeriesColumn
    value: int
    condition: int | None


def _granted(table: Table, seat: str) -> Iterator[_Granted]:
    """All values that `sees` grants a seat."""
    columns: dict[str, list[tuple[int, SeriesColumn]]] = {}
    for number, column in enumerate(table.model.series):
        columns.setdefault(column.watch, []).append((number, column))
    actors = table.seats[seat].actors
    for sight in table.play.sights:
        if seat not in sight.seats:
            continue
        for watch, when in sight.what:
            place = None
            if sight.by is not None:
                place = next(i for i, variable in enumerate(watch.variables) if variable.name == sight.by)
            values = columns.get(watch.name, [])
            holds = values if when is None else columns.get(when.name, [])
            for (number, column), (condition, _) in zip(values, holds, strict=True):
                if place is None or column.index[place] in actors:
                    what = _named(watch, column.index)
                    yield _Granted(what, column, number, None if when is None else condition)


class Knowledge:
    """What the seats of a game were shown so far; seats look, and nobody else is told that they did."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._granted = {seat: tuple(_granted(table, seat)) for seat in table.seats}
        self._last: dict[str, dict[tuple[str, tuple[str, ...]], SeenValue]] = {seat: {} for seat in table.seats}
        self._read: dict[str, int] = dict.fromkeys(table.seats, 0)
        self._views: dict[str, View] = {}

    def view(self, seat: str) -> View:
        """What a seat was shown when it looked last."""
        return self._views[seat]

    def look(self, seat: str, session: Session) -> None:
        """Show a seat what it sees at this moment."""
        last = self._last[seat]
        # What is not seen now is as of the day when it was.
        for key, value in last.items():
            last[key] = SeenValue(value.what, value.index, value.value, value.day, now=False)
        last.update(((value.what, value.index), value) for value in self._values(seat, session))
        events = tuple(self._events(seat, session))
        parameters = tuple(self._parameters(seat, session))
        self._views[seat] = View(session.day, tuple(last.values()), parameters, events)

    def _values(self, seat: str, session: Session) -> Iterator[SeenValue]:
        now = session.watched()
        for granted in self._granted[seat]:
            if granted.condition is None or now[granted.condition]:
                words = _worded(float(now[granted.value]), granted.column)
                yield SeenValue(granted.what, granted.column.index, words, session.day, now=True)

    def _parameters(self, seat: str, session: Session) -> Iterator[tuple[str, float]]:
        drawn = session.trajectory().parameters
        names = [parameter.name for parameter in self.table.model.parameters]
        for sight in self.table.play.sights:
            if seat in sight.seats:
                yield from ((name, float(drawn[names.index(name)])) for name in sight.parameters)

    def _events(self, seat: str, session: Session) -> Iterator[SeenEvent]:
        """The events since the seat looked last that any of its sights shows; dark is what all of them hide."""
        sights = [sight.events for sight in self.table.play.sights if seat in sight.seats and sight.events is not None]
        made = session.trajectory()
        first, self._read[seat] = self._read[seat], len(made.time)
        for i in range(first, len(made.time)):
            event = self._event(float(made.time[i]), int(made.rule[i]), *(
                float(part[i]) for part in (made.source, made.target, made.place, made.size)
            ))  # fmt: skip
            hidden = [set(sight.hides) for sight in sights if shows(sight, event)]
            if hidden:
                yield _darkened(event, set.intersection(*hidden))

    def _event(
        self, day: float, ground_rule: int, source: float, target: float, place: float, size: float
    ) -> SeenEvent:
        model = self.table.model
        rule = model.rules[model.rule_of[ground_rule]]
        if rule.header is None:
            return SeenEvent(day, rule.name, None, None, None, None, None, None)
        doer, other, where = (
            None if kind is None or number < 0 else model.kinds[kind][int(number)]
            for kind, number in zip(rule.header.kinds, (source, target, place), strict=True)
        )
        amount = None if np.isnan(size) else size
        return SeenEvent(day, rule.name, rule.header.type, rule.header.mode, doer, other, where, amount)


def shows(sight: resolved.SeenEvents, event: SeenEvent) -> bool:
    """Whether a sight shows an event."""
    if sight.rules and event.rule not in sight.rules:
        return False
    if sight.type is not None and sight.type != event.type:
        return False
    if sight.mode is not None and _folded(sight.mode) != _folded(event.mode or ""):
        return False
    return all(getattr(event, part) in wanted for part, wanted in sight.parts)


def _folded(mode: str) -> str:
    return " ".join(mode.lower().split())


def _darkened(event: SeenEvent, hides: set[str]) -> SeenEvent:
    def lit(part: str) -> str | None:
        shown: str | None = None if part in hides else getattr(event, part)
        return shown

    return SeenEvent(
        event.day, lit("rule"), event.type, event.mode, lit("source"), lit("target"), lit("place"),
        None if "size" in hides else event.size,
    )  # fmt: skip


def _named(watch: resolved.Watch, index: tuple[str, ...]) -> str:
    """What is seen, in the author's words, with those it is about in place of its variables."""
    members = {variable.name: member for variable, member in zip(watch.variables, index, strict=True)}
    return str(written.written(written.Said(Words(watch.label), members), watch.label))


def _worded(value: float, column: SeriesColumn) -> str:
    if column.labels is not None:
        return "none" if value < 0 else column.labels[int(value)]
    if column.truth:
        return "yes" if value else "no"
    return f"{value:.6g}"
