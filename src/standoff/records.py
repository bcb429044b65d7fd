"""Observed events: the record of a scenario as a table of events, and what it says about the scenario's questions.

A question is resolved by the definition by which a run resolves it. A record knows what happened and who held which
place; a question that asks for anything else cannot be resolved on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise, product
from math import isclose
from typing import TYPE_CHECKING

from standoff.display import Cell, Display, Displayed, Note, Row, Table, columns
from standoff.errors import UsageError
from standoff.model import EVENT_COLUMNS, HolderReading
from standoff.numerals import many
from standoff.scenario import Apart, Happens, Observed, Question, Recorded, Scenario, Words, tree
from standoff.time import begins_at, days_between, days_to_end, ends_at, iso

if TYPE_CHECKING:
    import polars as pl

FEW = 20
"""So many observed events are shown at once."""
NAMED = 4
"""So many of the events that resolve a question are named."""
HOLDER = "holder"
"""The state that says who holds a place."""
UNSETTLED = "depends on the day"
"""The answer where the possible days of an event leave it open."""
Value = bool | float | date
"""An answer: to a yes-or-no question, to one of a number, or of a date (False if it never comes)."""


@dataclass(frozen=True, slots=True)
class Event:
    """An observed event, which happened on `at`, or on some day from `at` to `until`, `times` times.

    `evidence` are the locators that support it, `contradicted_by` those that speak against it.
    """

    name: str
    at: str
    until: str | None
    event: str
    times: int
    holder: str | None
    rule: tuple[str, ...]
    about: str | None
    evidence: tuple[str, ...]
    contradicted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the record says about a question.

    `answer` is `yes`, `no`, `not recorded`, a number, a date or two dates between which it lies, or that it depends on
    the day; `by` names the observed events that make it. `agrees` compares it with the outcome that the scenario
    gives, None where that gives none.
    """

    question: str
    ask: str
    answer: str
    by: tuple[str, ...]
    outcome: str | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class ObservedSeries:
    """The least and the most that a watched number was by the record.

    It depends on who holds `of` places, `covered` of which the record mentions. Of the others nobody knows after the
    first recorded change of hands: the least and the most are those with all of them kept and with all of them lost.
    """

    least: list[float]
    most: list[float]
    covered: int
    of: int


@dataclass(frozen=True, slots=True, repr=False)
class Record(Displayed):
    """The observed events of a scenario and the questions that they resolve; `open` names the other questions."""

    scenario: str
    events: tuple[Event, ...]
    questions: tuple[Resolution, ...]
    open: tuple[str, ...]

    def display(self) -> Display:
        """What the record says about the questions, then what was observed."""
        rows = tuple(_event_row(one) for one in self.events)
        heads = columns("date", "event", "evidence", name=("date",))
        seen = Table(heads, rows, "What was observed", FEW, many(len(rows) - FEW, "other event"))
        heads = columns("question", "on the record", "by", "outcome given", "", name=("on the record", "outcome given"))
        # What disagrees with its author is read first.
        ordered = sorted(self.questions, key=lambda asked: asked.agrees is not False)
        asked = Table(heads, tuple(map(_resolved_row, ordered)), "Questions that the record resolves")
        parts: list[Table | Note] = [asked, seen]
        if self.open:
            others = many(len(self.open), "other question")
            why = "they ask for more than events and who held what"
            parts.append(Note(f"The record does not resolve {others}: {why}. {', '.join(self.open)}", "quiet"))
        return Display(self._sentence(), self.scenario, tuple(parts))

    def _sentence(self) -> str:
        whole = many(len(self.questions) + len(self.open), "question")
        against = sum(one.agrees is False for one in self.questions)
        end = f"{against} {'disagrees' if against == 1 else 'disagree'} with the outcome that is given"
        head = f"The record holds {many(len(self.events), 'event')} and resolves {len(self.questions)} of {whole}"
        return f"{head}; {end if against else 'none disagrees with the outcome that is given'}."

    def to_json(self) -> str:
        """The record as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def _event_row(one: Event) -> Row:
    days = one.at if one.until is None else f"{one.at} to {one.until}"
    times = f"{one.times} × " if one.times > 1 else ""
    told = one.about if one.about is not None else f"{one.name} {one.event}"
    against = [f"against it: {at}" for at in one.contradicted_by]
    about = f"{times}{one.name} {one.event}" if one.about is not None else times
    return Row((days, Cell(told, about), ", ".join([*one.evidence, *against])))


def _resolved_row(one: Resolution) -> Row:
    by = one.by if len(one.by) <= NAMED else (*one.by[:NAMED], f"… ({len(one.by)} in all)")
    agrees = {True: Cell("agrees", tone="good"), False: Cell("disagrees", tone="bad"), None: Cell("")}[one.agrees]
    return Row((Cell(one.ask, one.question), one.answer, ", ".join(by), one.outcome or "", agrees))


def record(scenario: Scenario) -> Record:
    """The record of a scenario in order of time, with what it says about the questions."""
    observed = _in_order(scenario)
    reading = _Reading(scenario, observed)
    told = {name: reading.resolved(name, asked) for name, asked in scenario.document.questions.items()}
    return Record(
        scenario.name,
        tuple(_event(name, one) for name, one in observed.items()),
        tuple(one for one in told.values() if one is not None),
        tuple(str(name) for name, one in told.items() if one is None),
    )


def table(scenario: Scenario) -> pl.DataFrame:
    """The record in the one schema of events: `rule` is the observed event's name; `run` and `binding` are null.

    `time` is the middle of the days on which it can have happened; an event that happened several times has as many
    rows, spread evenly over its days.
    """
    import polars as pl

    rows: list[dict[str, object]] = []
    for name, one in _in_order(scenario).items():
        what = one.header
        names = {part: _plain(getattr(what, part)) for part in ("type", "mode", "source", "target", "place")}
        first, times = days_between(scenario.document.starts, one.at), one.times or 1
        days = days_to_end(one.at, one.last)
        rows += [
            {"time": first + days * (n + 0.5) / times, "rule": name, "size": what.size, **names} for n in range(times)
        ]
    frame = pl.DataFrame(rows, schema={name: getattr(pl, kind) for name, kind in EVENT_COLUMNS.items()})
    return frame.sort("time", maintain_order=True)


def observed_series(scenario: Scenario, times: Sequence[float]) -> dict[str, ObservedSeries]:
    """The least and the most that watched numbers were by the record, at `times` in days up to its last event.

    Every change of hands counts on the first, and on the last day on which it can have happened. A watch over
    variables, or of anything but who holds what, is not there; nor is one of whose places the record mentions none.
    """
    changes = [one for one in scenario.document.record.values() if one.holder is not None]
    if not changes:
        return {}
    reading = _Reading(scenario, scenario.document.record)
    return {
        str(name): found
        for name, watch in scenario.document.watch.items()
        if not watch.for_ and (found := reading.watched(watch.of, times)) is not None
    }


def _plain(word: str | None) -> str | None:
    return None if word is None else str(word)


def _in_order(scenario: Scenario) -> dict[str, Observed]:
    if not scenario.document.record:
        raise UsageError(f"'{scenario.name}' has no record of observed events")
    found = sorted(scenario.document.record.items(), key=lambda item: (begins_at(item[1].at), ends_at(item[1].last)))
    return {str(name): one for name, one in found}


def _event(name: str, one: Observed) -> Event:
    return Event(
        name=name,
        at=iso(one.at),
        until=iso(one.until) if one.until is not None else None,
        event=str(one.event),
        times=one.times or 1,
        holder=_plain(one.holder),
        rule=tuple(map(str, one.rule)),
        about=" ".join(one.about.split()) if one.about is not None else None,
        evidence=tuple(str(piece.from_) for piece in one.evidence if not piece.contradicts),
        contradicted_by=tuple(str(piece.from_) for piece in one.evidence if piece.contradicts),
    )


class _Reading:
    """The questions of a scenario, read on its record."""

    def __init__(self, scenario: Scenario, observed: Mapping[str, Observed]) -> None:
        self.scenario = scenario
        self.observed = observed
        self.kinds = {name: kind.name for kind in scenario.as_read.kinds.values() for name in kind.members}
        self.members: dict[tuple[str, str], bool | None] = {}
        self.apart = Apart(scenario.expanded)
        self.constants = HolderReading(scenario.as_read)
        self.holding = HolderReading(scenario.as_read, HOLDER)

    def resolved(self, name: str, asked: Question) -> Resolution | None:
        """What the record says about a question; None if it asks for something that no record contains."""
        read = self._read(asked)
        if read is None or not self._is_asked(asked):
            return None
        outcome = _outcome(asked.recorded)
        words = _words(outcome) if outcome is not None else asked.recorded.outcome if asked.recorded else None
        return Resolution(str(name), str(asked.ask), read.words, read.by, words, read.agrees(outcome))

    def _read(self, asked: Question) -> _Read | None:
        return self._counted(asked, asked.happens) if asked.happens is not None else self._held(asked)

    def _is_asked(self, asked: Question) -> bool:
        """Whether the record surely meets the condition of a question, if it has one."""
        given = asked.given
        if given is None:
            return True
        of = self.scenario.document.questions.get(Words(given.question)) if given.question is not None else None
        if of is None:
            keys = {key: getattr(given, key) for key in ("when", "happens", "at_least", "at", "by", "from_")}
            of = asked.model_copy(update={**keys, "number": None, "first": None, "given": None})
        read = self._read(of)
        return read is not None and read.early == read.late and read.early is not False

    # -- events ----------------------------------------------------------------------------------------------------

    def _counted(self, asked: Question, happens: Happens) -> _Read | None:
        first, last = asked.window(self.scenario.document.starts, self.scenario.document.ends)
        surely = possibly = 0
        by = []
        for name, one in self.observed.items():
            counts = self._counts(one, happens)
            if counts is None:
                return None
            if counts and ends_at(one.last) > begins_at(first) and begins_at(one.at) < ends_at(last):
                by.append(name)
                possibly += one.times or 1
                inside = begins_at(first) <= begins_at(one.at) and ends_at(one.last) <= ends_at(last)
                surely += (one.times or 1) if inside else 0
        if surely >= asked.fewest:
            return _Read(True, True, tuple(by))
        return _Read(False, possibly >= asked.fewest, tuple(by), no="not recorded")

    def _counts(self, one: Observed, happens: Happens) -> bool | None:
        what = one.header
        if not happens.takes_rule(one.rule) or not happens.takes_kind(what.type, what.mode):
            return False
        fits = [self._fits(getattr(what, part), wanted) for part, wanted in happens.takes_part()]
        return False if False in fits else None if None in fits else True

    def _fits(self, who: str | None, wanted: tuple[str, ...]) -> bool | None:
        if who is None:
            return False
        ways = [self._belongs(str(who), str(one)) for one in wanted]
        return True if True in ways else None if None in ways else False

    def _belongs(self, who: str, wanted: str) -> bool | None:
        """Whether an entity is the one, of the group or of the define that is wanted; None if that depends on state."""
        resolved, expanded = self.scenario.as_read, self.scenario.expanded
        if wanted in resolved.groups:
            return who in resolved.groups[wanted].members
        if wanted in self.kinds:
            return who == wanted
        if (who, wanted) not in self.members:
            belongs: bool | None = False
            if self.kinds[who] in expanded.define[wanted].of.values():
                node = self.apart.read(f"{who} in {wanted}")
                belongs = self.constants.value(node, {}) != 0 if self.constants.settles(node) else None
            self.members[who, wanted] = belongs
        return self.members[who, wanted]

    # -- who held what ---------------------------------------------------------------------------------------------

    def _held(self, asked: Question) -> _Read | None:
        words = asked.when or asked.number or asked.first
        if words is None or not any(one.holder is not None for one in self.observed.values()):
            return None
        node = self.apart.read(words)
        if not self.holding.settles(node):
            return None
        window = asked.window(self.scenario.document.starts, self.scenario.document.ends)
        (early, first), (late, last) = (_read(asked, window, self._values(node, days)) for days in self._days)
        return _Read(early, late, tuple(dict.fromkeys(first + last)))

    def watched(self, words: Words, times: Sequence[float]) -> ObservedSeries | None:
        """The least and greatest value of an expression by the record; None if no record contains it."""
        node = self.apart.read(words)
        if not self.holding.settles(node):
            return None
        covered, silent = self._places(node)
        if not covered:
            return None
        starts = self.scenario.document.starts
        ends = days_between(starts, max((one.last for one in self.observed.values()), key=ends_at))
        curves = []
        for days, lost in product(self._days, ((), silent)):
            values = [(days_between(starts, day), value) for day, _, value in self._values(node, days, lost)]
            curves.append([[value for at, value in values if at <= time][-1] for time in times if time <= ends])
        least, most = ([end(all_) for all_ in zip(*curves, strict=True)] for end in (min, max))
        return ObservedSeries(least, most, len(covered), len(covered) + len(silent))

    def _places(self, node: tree.Node) -> tuple[list[str], list[str]]:
        """Of the places on whose holders an expression depends at the start, those of the record and the others."""
        begin = self.holding.begin()
        holders: dict[str, set[str | None]] = {place: {held, None} for place, held in begin.items()}
        recorded = set()
        for one in self.observed.values():
            if one.holder is not None:
                recorded.add(str(one.header.place))
                holders[str(one.header.place)].add(None if one.holder == "none" else str(one.holder))

        def matters(place: str) -> bool:
            return len({self.holding.value(node, begin | {place: held}) for held in holders[place]}) > 1

        found = [place for place in begin if matters(place)]
        return [one for one in found if one in recorded], [one for one in found if one not in recorded]

    @cached_property
    def _days(self) -> tuple[list[tuple[date, str]], list[tuple[date, str]]]:
        """When places changed hands, at the earliest and at the latest."""
        changes = [(name, one) for name, one in self.observed.items() if one.holder is not None]
        early = sorted(((one.at, name) for name, one in changes), key=lambda change: begins_at(change[0]))
        return early, sorted(((one.last, name) for name, one in changes), key=lambda change: begins_at(change[0]))

    def _values(
        self, node: tree.Node, days: list[tuple[date, str]], lost: Sequence[str] = ()
    ) -> list[tuple[date, str, float]]:
        """The value of an expression from the start on: the day, the event that made it, the value.

        From the first event on nobody holds what is `lost`.
        """
        held = self.holding.begin()
        found = [(self.scenario.document.starts, "", self.holding.value(node, held))]
        held |= dict.fromkeys(lost)
        for day, name in days:
            one = self.observed[name]
            held[str(one.header.place)] = None if one.holder == "none" else _plain(one.holder)
            found.append((day, name, self.holding.value(node, held)))
        return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What the record says to a question, if all events were on the earliest and on the latest day that they can."""

    early: Value
    late: Value
    by: tuple[str, ...]
    no: str = "no"

    @property
    def words(self) -> str:
        """The answer."""
        if self.early == self.late:
            return self.no if self.early is False else _words(self.early)
        return f"{_words(self.early)} to {_words(self.late)}" if self._dates is not None else UNSETTLED

    @property
    def _dates(self) -> tuple[date, date] | None:
        return (self.early, self.late) if isinstance(self.early, date) and isinstance(self.late, date) else None

    def agrees(self, outcome: Value | None) -> bool | None:
        """Whether it is the outcome that the scenario gives; None if there is none, or if the record leaves it open."""
        if outcome is None or (self.early != self.late and self._dates is None):
            return None
        if self._dates is not None:
            return isinstance(outcome, date) and _between(outcome, *self._dates)
        if isinstance(self.early, float) and isinstance(outcome, float):
            return isclose(self.early, outcome, rel_tol=1e-9)
        return type(outcome) is type(self.early) and outcome == self.early


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return iso(value) if isinstance(value, date) else f"{value:.15g}"


def _outcome(known: Recorded | None) -> Value | None:
    """What a scenario says has happened; None where it says nothing clear."""
    if known is None:
        return None
    if known.outcome is not None:
        return {"yes": True, "no": False}.get(known.outcome)
    return known.date if known.date is not None else float(known.value) if known.value is not None else None


def _read(
    asked: Question, window: tuple[date, date], values: list[tuple[date, str, float]]
) -> tuple[Value, tuple[str, ...]]:
    """The answer to a question from the values of its expression, and the event that decided it."""
    if asked.at is not None:
        before = [(name, value) for day, name, value in values if begins_at(day) < _close(asked.at)]
        turned = [name for (_, last), (name, value) in pairwise(before) if value != last]
        value = before[-1][1]
        return float(value) if asked.number is not None else bool(value), tuple(turned[-1:])
    for day, name, value in _within(values, *window):
        if value:
            return True if asked.first is None else max(day, window[0], key=begins_at), (name,) if name else ()
    return False, ()


def _within(values: list[tuple[date, str, float]], first: date, last: date) -> Iterator[tuple[date, str, float]]:
    """What held when a window opened, and what came within it."""
    opens = begins_at(first)
    before = [one for one in values if begins_at(one[0]) < opens]
    yield from before[-1:]
    yield from (one for one in values if opens <= begins_at(one[0]) < _close(last))


def _close(last: date) -> datetime:
    """The moment before which an event counts: the end of a day, or just after a moment."""
    return ends_at(last) + timedelta(minutes=isinstance(last, datetime))


def _between(day: date, first: date, last: date) -> bool:
    """Whether a date lies within two others, both whole."""
    return begins_at(first) <= begins_at(day) and ends_at(day) <= ends_at(last)
