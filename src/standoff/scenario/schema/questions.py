"""Questions with dates, and the watches that are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, PlainValidator, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema

from standoff.numerals import read_number
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.entities import Described, EvidenceList, Part, Titled
from standoff.scenario.schema.rules import PLOVER, like_plover
from standoff.scenario.schema.scalars import (
    Clause,
    Entries,
    Expression,
    Label,
    Number,
    OneOrMoreNames,
    Text,
    Truth,
    UnitText,
    When,
    Whole,
    fault,
    shown,
)
from standoff.time import begins_at, ends_at, is_date


def _event_type(value: object) -> Words:
    if not isinstance(value, str) or value not in PLOVER:
        hint, expected = like_plover(str(value))
        raise fault("SD210", f"{shown(value)} is not a type of event", expected=expected, hint=hint)
    return value if isinstance(value, Words) else Words(value)


EventType = Annotated[Words, PlainValidator(_event_type), WithJsonSchema({"enum": list(PLOVER)})]
"""A PLOVER type: AGREE, CONSULT, SUPPORT, COOPERATE, AID, YIELD, RETREAT, REQUEST, ACCUSE, REJECT, THREATEN, PROTEST,
SANCTION, MOBILIZE, COERCE or ASSAULT."""


class Happens(Part):
    """Which events count; every key narrows the selection."""

    type: EventType | None = None
    """The PLOVER type."""
    mode: Text | None = None
    """The mode, such as air strike."""
    source: OneOrMoreNames = ()
    """Who acts: entities, groups or one-argument defines."""
    target: OneOrMoreNames = ()
    """Whom the event targets."""
    place: OneOrMoreNames = ()
    """Where."""
    rule: OneOrMoreNames = ()
    """The rules whose firings count."""

    @classmethod
    def meant_by(cls, value: str) -> str | None:
        """The keys for what is written as events of rules are, `ASSAULT by red at ford`; a word alone is a rule."""
        # The reader of headers stands on this room's list of types.
        from standoff.scenario.expression.headers import header_of

        header = header_of(Words(value))
        if header is None:
            return f"rule: {value}" if value.isidentifier() and value.islower() else None
        keys = {"type": header.type, "mode": header.mode}
        keys |= {key: header.part(word) for key, word in (("source", "by"), ("target", "on"), ("place", "at"))}
        return ", ".join(f"{key}: {words}" for key, words in keys.items() if words is not None)

    @model_validator(mode="after")
    def _something(self) -> Happens:
        if not any((self.type, self.mode, self.source, self.target, self.place, self.rule)):
            raise fault("SD202", "happens without keys would count every event", expected="type, rule, source, …")
        return self

    # How an event is read is said here for runs and for records alike: the words write it into rules, a record is held
    # against it (DESIGN 4.8).

    def takes_rule(self, rules: Iterable[str]) -> bool:
        """Whether an event that these rules can have made may count."""
        return not self.rule or not set(self.rule).isdisjoint(rules)

    def takes_kind(self, type_: str, mode: str | None) -> bool:
        """Whether an event of this type and mode may count; modes are alike whatever their capitals and spaces."""
        if self.type is not None and self.type != type_:
            return False
        return self.mode is None or _folded(self.mode) == _folded(mode or "")

    def takes_part(self) -> Iterator[tuple[Literal["source", "target", "place"], tuple[str, ...]]]:
        """The parts of an event that must each be one of those named."""
        for part in ("source", "target", "place"):
            wanted = getattr(self, part)
            if wanted:
                yield part, wanted


class Forecast(Part):
    """The forecast of a source for a question."""

    id: Text | None = None
    """The id of the forecast, such as F01."""
    low: Number | None = Field(default=None, ge=0, le=1)
    """The lowest probability that its words may mean."""
    high: Number | None = Field(default=None, ge=0, le=1)
    """The highest probability that its words may mean."""
    words: Text | None = None
    """Its word of probability, such as likely."""
    evidence: EvidenceList = ()
    """Where the source says so."""

    @model_validator(mode="after")
    def _in_order(self) -> Forecast:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise fault("SD203", f"low {self.low:g} is more than high {self.high:g}")
        return self


class Recorded(Part):
    """What happened."""

    outcome: Annotated[Literal["yes", "no", "unclear", "void"] | None, WithJsonSchema({"type": "string"})] = None
    """For yes-or-no questions: yes, no, unclear or void."""
    value: Number | None = None
    """For numbers: the number."""
    date: When | None = None
    """For dates: the date."""
    why: Text | None = None
    """How this is known."""
    evidence: EvidenceList = ()
    """Where it is recorded."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """A date, a number, or else an outcome."""
        key = "date" if is_date(value) else "value" if read_number(value) is not None else "outcome"
        return f"{key}: {value}"


class Condition(Part):
    """The runs in which a question is asked: those that say yes to another question, or to one written here."""

    question: Label | None = None
    """Another question of yes or no. `given: NAME` is short for it."""
    when: Expression | None = None
    """Yes if this holds `at` a date, or at any moment up to the date of `by`."""
    happens: Happens | None = None
    """Yes if at least `at_least` such events happen up to the date of `by`."""
    at_least: Whole | None = Field(default=None, ge=1)
    """How many events `happens` needs; by default 1."""
    at: When | None = None
    """The date at whose end `when` is read."""
    by: When | None = None
    """The date up to whose end it can become true."""
    from_: When | None = Field(default=None, alias="from")
    """The date from which `by` counts; by default the start."""
    ask: Text | None = None
    """The condition as a question in words, for readers."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        if isinstance(value, dict | Part) or value is None:
            return value
        if isinstance(value, str) and not value.replace("-", "_").isidentifier():
            hint = f"say when it is read: given: {{when: {value}, at: YYYY-MM-DD}}"
            raise fault("SD360", "a condition without a date", hint=hint)
        return {"question": value}

    @model_validator(mode="after")
    def _one_form(self) -> Condition:
        given = [name for name in ("question", "when", "happens") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            raise fault("SD202", f"given needs exactly one of question, when, happens; found {found}")
        if self.question is not None:
            dated = [key for key in ("at", "by", "from_", "at_least", "ask") if getattr(self, key) is not None]
            if dated:
                raise fault("SD203", f"{dated[0].strip('_')} belongs to a condition that is written under given")
            return self
        # The same rules as those of a question, told in its words.
        dates = [name for name in ("at", "by") if getattr(self, name) is not None]
        if len(dates) != 1 or (self.happens is not None and dates != ["by"]):
            wanted = "by" if self.happens is not None else "at or by"
            found = " and ".join(dates) if dates else "none"
            hint = "a condition changes during a run: say when it is read"
            raise fault("SD202", f"given needs {wanted} (a date); found {found}", hint=hint)
        if self.at_least is not None and self.happens is None:
            raise fault("SD203", "at_least belongs to happens")
        if self.from_ is not None and self.by is None:
            raise fault("SD203", "from belongs to by")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping, or the short form: the name of a question."""
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(core))]}


_NEEDS = {"when": ("at", "by"), "happens": ("by",), "number": ("at",), "first": ("by",), "answer": ("date",)}
"""The forms of a question, by the key that makes each, with the dates it can have."""


class Question(Titled):
    """Something with a date that resolves yes or no, to a number, or to a date."""

    ask: Text
    """The question in words, for readers."""
    says: Clause | None = None
    """What a yes states, to be read after `In 67 of 100 runs`, such as `red holds the ford on 30 June`; for a date,
    what happens, without the date; for a number, what is counted. At most 140 characters."""
    when: Expression | None = None
    """Yes if this holds `at` a date, or at any moment up to the date of `by`."""
    happens: Happens | None = None
    """Yes if at least `at_least` such events happen up to the date of `by`."""
    at_least: Whole | None = Field(default=None, ge=1)
    """How many events `happens` needs; by default 1."""
    number: Expression | None = None
    """Asks for this number, `at` a date."""
    first: Expression | None = None
    """Asks for the date when this first holds, up to the date of `by`."""
    at: When | None = None
    """The date at whose end it is read."""
    by: When | None = None
    """The date up to whose end it can become true."""
    from_: When | None = Field(default=None, alias="from")
    """The date from which `by` counts; by default the start."""
    type: Literal["binary", "number", "date"] | None = None
    """In the explicit form: what kind of answer."""
    answer: Expression | None = None
    """In the explicit form: the answer, read from the state at the end of a run."""
    date: When | None = None
    """In the explicit form: when it resolves."""
    given: Condition | None = None
    """Asks only in the runs that say yes to this: another question, or `{when: C, at: DATE}`. Nothing else changes."""
    levels: Expression | None = None
    """How close the state is to a yes, for `standoff rare`: a number that grows on the way. It changes no answer."""
    unit: UnitText | None = None
    """The unit of a number."""
    forecast: Forecast | None = None
    """The forecast of a source for it."""
    recorded: Recorded | None = None
    """What happened."""

    @property
    def fewest(self) -> int:
        """How many events `happens` needs for a yes."""
        return self.at_least or 1

    def window(self, starts: When, ends: When) -> tuple[When, When]:
        """The first and the last date that count, both whole, of a question `by` a date in a scenario of these."""
        return max(self.from_ or starts, starts, key=begins_at), min(self.by or ends, ends, key=ends_at)

    @model_validator(mode="after")
    def _one_form(self) -> Question:
        given = [name for name in _NEEDS if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            found = f"a question needs exactly one of when, happens, number, first; found {found}"
            raise fault("SD202", found, key=given[-1] if given else None)
        self._dates(given[0])
        if self.given is not None and self.levels is not None:
            raise fault("SD203", "levels belongs to questions that are asked in all runs, not to one with given")
        if self.at_least is not None and given[0] != "happens":
            raise fault("SD203", "at_least belongs to happens")
        if self.levels is not None and "number" in (given[0], self.type):
            raise fault("SD203", "levels belongs to questions that can be answered yes, not to numbers")
        return self

    def _dates(self, form: str) -> None:
        needs = _NEEDS[form]
        dates = {"at": self.at, "by": self.by, "date": self.date}
        given = [name for name, value in dates.items() if value is not None]
        if len(given) != 1 or given[0] not in needs:
            found = " and ".join(given) if given else "none"
            found = f"a question with {form} needs {' or '.join(needs)} (a date); found {found}"
            hint = f"write {needs[0]}: {dates[given[0]]}" if len(given) == 1 else None
            raise fault("SD202", found, hint=hint, key=given[-1] if given else None)
        if form == "answer" and self.type is None:
            raise fault("SD202", "a question with answer needs its type", expected="binary, number or date")
        if self.from_ is not None and self.by is None:
            raise fault("SD203", "from belongs to by", key="from")


class Watch(Described):
    """A series that is recorded in every run."""

    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """The variables and their domains; one column per combination."""
    of: Expression
    """What is recorded."""
    unit: UnitText | None = None
    """Its unit."""
    label: Text | None = None
    """Its name on charts."""
    shows: Literal["holder", "force"] | None = None
    """What maps draw from it: the `holder` of each place, or the `force` of that holder; one of each at most."""


def _folded(mode: str) -> str:
    return " ".join(mode.lower().split())


__all__ = ["Condition", "Forecast", "Happens", "Question", "Recorded", "Truth", "Watch"]
