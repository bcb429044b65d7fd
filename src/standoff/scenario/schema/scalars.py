"""The kinds of single values a scenario holds: expressions, names, texts, numbers, dates, durations, units."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from standoff.errors import Cure, Fault
from standoff.numerals import read_number
from standoff.scenario.expression.slips import as_share, slip_in, tidied
from standoff.scenario.reading.source import Words, plain_value
from standoff.time import (
    Period,
    is_date,
    iso,
    looks_like_duration,
    parse_date,
    parse_duration,
    parse_period,
    parse_when,
)
from standoff.units import Unit

NAME = re.compile(r"[a-z][a-z0-9_]*")
MEMBER = re.compile(r"([a-z][a-z0-9_]*)\[([a-z][a-z0-9_]*)\]")
_PARAMETER = re.compile(rf"{NAME.pattern}|{MEMBER.pattern}")
TIE = re.compile(r"([a-z][a-z0-9_]*)\[([a-z][a-z0-9_]*), *([a-z][a-z0-9_]*)\]")
_CAUSE = re.compile(rf"{_PARAMETER.pattern}|{TIE.pattern}")
LABEL = re.compile(r"[a-z][a-z0-9_-]*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_RANGE = re.compile(r"([1-9][0-9]{0,5})(?:\s*-\s*([1-9][0-9]{0,5}))?")
MARK = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
LOCATOR = re.compile(r"[a-z][a-z0-9_-]*#p[1-9][0-9]{0,5}")

RESERVED = frozenset(keyword.kwlist) | {
    "true", "false", "none", "t", "every", "min", "max", "exp", "log", "sqrt", "logistic", "abs", "floor", "sin",
    "sum", "any",
    "all", "count", "date", "distance", "road", "road_km", "poisson", "binomial", "exponential", "uniform", "chance",
    "choice", "weight",
}  # fmt: skip
"""Names that expressions already use, so that no author can give them to something else."""


class PlainWords(str):
    """A text that `dump` writes without quotes where it reads as a number or a truth."""

    __slots__ = ()


def fault(
    code: str, found: str, *, expected: str | None = None, hint: str | None = None, key: str | None = None
) -> PydanticCustomError:
    """A fault in the form that pydantic collects; `validate` gives it its place, that of `key` in a whole part."""
    context: dict[str, Any] = {"found": found, "expected": expected, "hint": hint, "key": key}
    return PydanticCustomError(code, "{found}", context)


def shown(value: object) -> str:
    """A value as messages name it: `'frod'`, `a list`, `a mapping`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f"'{text if len(text) <= 60 else text[:60] + '…'}'"


def _words(value: object) -> Words:
    if isinstance(value, Words):
        return value
    if isinstance(value, str):
        return Words(value, plain=False)
    if isinstance(value, bool):
        return Words("true" if value else "false")
    if isinstance(value, int | float):
        return Words(repr(value))
    raise fault("SD203", f"expected a text, found {shown(value)}")


def expression(value: object) -> Words:
    """The words of an expression; a number or a truth stands for itself."""
    if isinstance(value, date):
        return Words(iso(value))
    if value is None or isinstance(value, dict | list | tuple):
        raise fault("SD203", f"expected an expression, found {shown(value)}")
    words = _words(value)
    if not words.strip():
        raise fault("SD203", "expected an expression, found an empty text")
    return words


def _text(value: object) -> Words:
    if isinstance(value, Words) and value.plain and not isinstance(plain_value(value), str):
        raise fault("SD203", f"expected a text, found {shown(value)}", hint=f'put quotes around it: "{value}"')
    if not isinstance(value, str):
        raise fault("SD203", f"expected a text, found {shown(value)}")
    return _words(value)


def _named(pattern: re.Pattern[str], what: str) -> Callable[[object], Words]:
    def check(value: object) -> Words:
        if not isinstance(value, str):
            raise fault("SD203", f"expected a name, found {shown(value)}")
        if pattern.fullmatch(value) is None or len(value) > 80:
            raise fault("SD212", f"{shown(value)} is not a name", expected=what, hint=name_meant(value, pattern))
        return _words(value)

    return check


def name_meant(value: str, pattern: re.Pattern[str]) -> str | None:
    """The cure for what is no name of a pattern: the name that is nearest, or what to do in place of it."""
    joined = "".join(value.split())
    if "[" in joined and pattern.fullmatch(joined):
        return Cure(f"write '{joined}'", joined)
    name = tidied(value)
    if pattern.fullmatch(name):
        return Cure(f"write '{name}'?", name)
    if not any(letter.isalpha() and not letter.isascii() for letter in value):
        return None
    return f"write it in Latin letters; readers see what stands beside it: name: {value.strip()[:80]}"


def _number(value: object) -> float:
    found = plain_value(value) if isinstance(value, Words) else value
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise fault("SD203", f"expected a number, found {shown(value)}", hint=_plain_number(found))
    try:
        number = float(found)
    except OverflowError:
        number = float("inf")
    if not abs(number) < float("inf"):
        raise fault("SD203", f"expected a finite number, found {shown(value)}")
    return number


def _plain_number(found: object) -> str | None:
    """The cure for a number in another way of writing: a comma for the point, digits of another script, a unit."""
    if not isinstance(found, str):
        return None
    plain = unicodedata.normalize("NFKC", found).strip().replace("\u2212", "-")
    slip = slip_in(plain)
    if slip is not None and read_number(slip.cure.words) is not None:
        return slip.cure
    match = re.fullmatch(r"([-+]?[0-9]+)(?:[.,]([0-9]+))?\s*([A-Za-z%/ ]*)", plain)
    if match is None:
        return None
    number = match[1] + (f".{match[2]}" if match[2] else "")
    return f"write {number}" + (f", without '{match[3].strip()}'" if match[3].strip() else "")


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise fault("SD203", f"expected a whole number, found {shown(value)}")
    return int(number)


def _truth(value: object) -> bool:
    found = plain_value(value) if isinstance(value, Words) else value
    if not isinstance(found, bool):
        word = str(value).lower()
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(word)
        hint = Cure(f"write {meant}", meant) if meant is not None else None
        raise fault("SD203", f"expected true or false, found {shown(value)}", hint=hint)
    return found


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise fault("SD205", f"expected a date, found {shown(value)}", expected="such as 2017-05-31")
    return _told(parse_date, value)


def _when(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        expected = "such as 2017-05-31 or 2017-05-31T19:00"
        raise fault("SD205", f"expected a date, found {shown(value)}", expected=expected)
    return _told(parse_when, value)


def _of_length(most: int) -> AfterValidator:
    """Refuses a text that is too long to stand where readers meet it, or that runs over several lines."""

    def check(words: Words) -> Words:
        if len(words) > most or "\n" in words.strip():
            found = "several lines" if "\n" in words.strip() else f"{len(words)} characters"
            raise fault("SD203", f"{shown(words)} has {found}", expected=f"one line of at most {most} characters")
        if not words.strip():
            raise fault("SD203", "expected a text, found an empty text", hint="leave the key out")
        return words

    return AfterValidator(check)


Result = TypeVar("Result")


def _told(read: Callable[[str], Result], text: str) -> Result:
    """Hands a fault of a lower room to pydantic, which collects it with the others."""
    try:
        return read(text)
    except Fault as mistake:
        raise fault(mistake.code, mistake.found, expected=mistake.expected, hint=mistake.hint) from None


def _duration(value: object) -> Words:
    words = expression(value)
    _told(parse_duration, words)
    return words


def _period(value: object) -> Words:
    words = expression(value)
    if _told(parse_period, words) == Period():
        raise fault("SD203", f"'{words}' between one time and the next", expected="a duration above 0")
    return words


def _without_unit(words: str) -> None:
    """Refuses a number by itself where a duration is meant."""
    if read_number(words.strip()) is not None:
        raise fault("SD211", f"'{words}' has no unit", expected=f"write {words} days, or {words} hours")


def _delay(value: object) -> Words:
    words = expression(value)
    _without_unit(words)
    if looks_like_duration(words) and _told(parse_duration, words) <= 0:
        raise fault("SD211", f"'{words}' is not a valid delay: it must be above 0")
    return words


def _expression_or_duration(value: object) -> Words:
    words = expression(value)
    _without_unit(words)
    if looks_like_duration(words):
        _told(parse_duration, words)
    return words


def _expression_or_date(value: object) -> Words:
    words = expression(value)
    if is_date(words):
        _told(parse_when, words)
    return words


def _unit(value: object) -> Words:
    words = expression(value)
    _told(Unit.parse, words)
    return words


def ranges_in(words: str) -> tuple[range, ...]:
    """The ranges of whole numbers in `1-2, 10`; raises a fault for what is none."""
    found: list[range] = []
    for part in words.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise fault("SD203", f"'{part.strip()}' is neither a number nor a range", expected="such as 1-2, 10")
        found.append(range(int(match[1]), int(match[2] or match[1]) + 1))
    return tuple(found)


def _ranges(value: object) -> Words:
    words = _words(value)
    ranges_in(words)
    return words


def _colour(value: object) -> Words:
    if not isinstance(value, str) or COLOUR.fullmatch(value) is None:
        hint = 'put quotes around it: "#2b6cb0"' if value is None else None
        raise fault("SD203", f"expected a colour, found {shown(value)}", expected='such as "#2b6cb0"', hint=hint)
    return _words(value)


def _keep_keys(value: Any, validate: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Gives each key its place back: pydantic makes every key a plain str."""
    if value is None:
        raise fault("SD203", "expected a mapping, found nothing", hint="leave the key out")
    checked = validate(value)
    return dict(zip(value, checked.values(), strict=True)) if len(value) == len(checked) else checked


def _written_plainly(words: str) -> Any:
    return PlainWords(words)


Item = TypeVar("Item")

_PLAIN = PlainSerializer(_written_plainly)
_NAME_SCHEMA = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}

Expression = Annotated[
    Words, PlainValidator(expression), _PLAIN, WithJsonSchema({"type": ["string", "number", "boolean"]})
]
"""An expression of the language; a number or a truth stands for itself."""


def _literal(holds: Callable[[float], bool], expected: str, *, share: bool = False) -> AfterValidator:
    """Refuses a number written as such for which this does not hold; of names, a run or `resolve` tells."""

    def check(words: Words) -> Words:
        number = read_number(words.strip())
        if number is not None and not holds(number):
            hint = as_share(number) if share else None
            raise fault("SD203", f"expected {expected}, found {shown(words)}", hint=hint)
        return words

    return AfterValidator(check)


NotNegativeExpression = Annotated[Expression, _literal(lambda number: number >= 0.0, "a number that is not negative")]
"""An expression that cannot be negative."""

PositiveExpression = Annotated[Expression, _literal(lambda number: number > 0.0, "a number above 0")]
"""An expression that must be above 0."""

ShareExpression = Annotated[
    Expression, _literal(lambda number: 0.0 <= number <= 1.0, "a number from 0 to 1", share=True)
]
"""An expression that must lie in 0 to 1."""

DurationExpression = Annotated[
    Words, PlainValidator(_expression_or_duration), _PLAIN, WithJsonSchema({"type": ["string", "number"]})
]
"""A duration such as `21 days`, or an expression of parameters in days."""

DateExpression = Annotated[
    Words, PlainValidator(_expression_or_date), _PLAIN, WithJsonSchema({"type": ["string", "number"]})
]
"""A date, with an hour or without, or an expression of parameters in days since the start."""

Text = Annotated[Words, PlainValidator(_text), WithJsonSchema({"type": "string"})]
"""Words for people."""

Title = Annotated[Text, _of_length(60), WithJsonSchema({"type": "string", "maxLength": 60})]
"""A short name for readers, on one line."""

Clause = Annotated[Text, _of_length(140), WithJsonSchema({"type": "string", "maxLength": 140})]
"""A part of a sentence, on one line."""

Name = Annotated[
    Words,
    PlainValidator(_named(NAME, "small letters, digits and _, beginning with a letter")),
    WithJsonSchema(_NAME_SCHEMA),
]
"""The name of something declared, as expressions write it."""

ParameterName = Annotated[
    Words,
    PlainValidator(_named(_PARAMETER, "small letters, digits and _, or such as resolve[blue]")),
    WithJsonSchema({"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\[[a-z][a-z0-9_]*\])?$"}),
]
"""The name of a parameter; of one that each entity has, with the entity: `resolve[blue]`."""

CauseName = Annotated[
    Words,
    PlainValidator(_named(_CAUSE, "small letters, digits and _, or such as alliance[red, green]")),
    WithJsonSchema({"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\[[a-z][a-z0-9_]*(, *[a-z][a-z0-9_]*)?\])?$"}),
]
"""The name of what a claim changes; of a tie the state that it is, with the two actors: `alliance[red, green]`."""

Label = Annotated[
    Words,
    PlainValidator(_named(LABEL, "small letters, digits, _ and -, beginning with a letter")),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"}),
]
"""The name of a question, watch, source or variant; it may hold hyphens."""

Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A number written as such, not an expression."""

Whole = Annotated[int, PlainValidator(_whole), WithJsonSchema({"type": "integer"})]
"""A whole number."""

Truth = Annotated[bool, PlainValidator(_truth), WithJsonSchema({"type": "boolean"})]
"""true or false."""

Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date such as 2017-05-31."""

WHEN_PATTERN = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?\s*$"

When = Annotated[
    date,
    PlainValidator(_when),
    PlainSerializer(lambda when: when, return_type=Any),
    WithJsonSchema({"type": "string", "pattern": WHEN_PATTERN}),
]
"""A date such as 2017-05-31, or with an hour (UTC), 2017-05-31T19:00."""

Duration = Annotated[Words, PlainValidator(_duration), _PLAIN, WithJsonSchema({"type": "string"})]
"""A duration such as `21 days`, `3 weeks`, `12 hours` or `90 minutes`."""

PeriodText = Annotated[Words, PlainValidator(_period), _PLAIN, WithJsonSchema({"type": "string"})]
"""A duration such as `30 days` or `6 hours`, or months of the calendar, such as `1 month`, `1 quarter` or `1 year`."""

DelayExpression = Annotated[Words, PlainValidator(_delay), _PLAIN, WithJsonSchema({"type": "string"})]
"""A duration such as `48 hours`; `uniform(1 day, 3 days)`, `exponential(3 days)` or `gamma(2, 10 days)`, drawn each
time; or an expression in days."""

UnitText = Annotated[Words, PlainValidator(_unit), _PLAIN, WithJsonSchema({"type": ["string", "integer"]})]
"""A unit such as `company`, `1/day` or `km/day`."""

Ranges = Annotated[Words, PlainValidator(_ranges), _PLAIN, WithJsonSchema({"type": ["string", "integer"]})]
"""Whole numbers from 1 and ranges of them, such as `1-2, 10`."""

Colour = Annotated[Words, PlainValidator(_colour), WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})]
"""A colour such as "#2b6cb0"."""

Mark = Annotated[
    Words,
    PlainValidator(_named(MARK, "letters, digits, _ and -, beginning with a letter")),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}),
]
"""The name of an observed event; it may hold hyphens and capitals, such as E41."""

# Type checkers see the keys as str, so that any str can look an entry up; at run time they are Words.
_NameKey = Annotated[str, *get_args(Name)[1:]]
_ParameterKey = Annotated[str, *get_args(ParameterName)[1:]]
_LabelKey = Annotated[str, *get_args(Label)[1:]]
_MarkKey = Annotated[str, *get_args(Mark)[1:]]
_TextKey = Annotated[str, *get_args(Text)[1:]]

Entries = Annotated[dict[_NameKey, Item], WrapValidator(_keep_keys)]
"""Named things, in the order of writing; the keys are Words and know their place."""

ParameterEntries = Annotated[dict[_ParameterKey, Item], WrapValidator(_keep_keys)]
"""Things by the names of parameters."""

Labelled = Annotated[dict[_LabelKey, Item], WrapValidator(_keep_keys)]
"""Named things whose names may hold hyphens."""

Marked = Annotated[dict[_MarkKey, Item], WrapValidator(_keep_keys)]
"""Named things whose names may hold hyphens and capitals."""

TextEntries = Annotated[dict[_TextKey, Item], WrapValidator(_keep_keys)]
"""Things by what they are for, such as a state with its indices."""


def one_or_list(value: Any) -> Any:
    """Lets an author write one item where a list may stand."""
    return value if isinstance(value, list | tuple) else [value]


def _attribute(value: object) -> Words | float | bool:
    if isinstance(value, Words):
        found = plain_value(value)
        if isinstance(found, bool):
            return found
        if isinstance(found, int | float):
            return _number(found)
        if isinstance(found, str):
            return value
    elif isinstance(value, bool):
        return value
    elif isinstance(value, int | float):
        return _number(value)
    elif isinstance(value, str):
        return _words(value)
    raise fault("SD203", f"expected a number, a truth or a text, found {shown(value)}")


AttributeValue = Annotated[
    Words | float | bool, PlainValidator(_attribute), WithJsonSchema({"type": ["string", "number", "boolean"]})
]
"""A fixed fact about an entity."""


def _partial(value: object) -> object:
    if not isinstance(value, dict):
        raise fault("SD203", f"expected a mapping, found {shown(value)}")
    return value


def _as_written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_written(item) for item in value]
    return PlainWords(value) if isinstance(value, Words) and value.plain else value


PartialScenario = Annotated[
    dict[str, Any], PlainValidator(_partial), PlainSerializer(_as_written), WithJsonSchema({"type": "object"})
]
"""Any of the keys of a scenario; checked when it is merged over the scenario."""

OneOrMoreNames = Annotated[
    tuple[Name, ...], BeforeValidator(one_or_list, json_schema_input_type=Name | tuple[Name, ...])
]
"""One name, or a list of names."""

OneOrMoreParameters = Annotated[
    tuple[ParameterName, ...],
    BeforeValidator(one_or_list, json_schema_input_type=ParameterName | tuple[ParameterName, ...]),
]
"""The name of a parameter, or a list of them."""

OneOrMoreCauses = Annotated[
    tuple[CauseName, ...], BeforeValidator(one_or_list, json_schema_input_type=CauseName | tuple[CauseName, ...])
]
"""The name of a rule, of a word that makes rules, of a flow, of a parameter or of a tie; or a list of them."""

OneOrMoreLabels = Annotated[
    tuple[Label, ...], BeforeValidator(one_or_list, json_schema_input_type=Label | tuple[Label, ...])
]
"""The name of a question, or a list of them."""

OneOrMoreTexts = Annotated[
    tuple[Text, ...], BeforeValidator(one_or_list, json_schema_input_type=Text | tuple[Text, ...])
]
"""One text, or a list of texts."""


def at_least_one(value: tuple[Item, ...]) -> tuple[Item, ...]:
    """Refuses an empty list where nothing would be meant by it."""
    if not value:
        raise fault("SD203", "expected at least one item, found an empty list")
    return value


NotEmpty = AfterValidator(at_least_one)
