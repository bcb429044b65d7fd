"""Where a key is at home: which key of a part is meant by one that another part has, and where it may stand.

All of it is read off the classes of the language: which key holds what, and what stands below what.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from standoff.errors import Cure
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.entities import Part
from standoff.scenario.schema.questions import Happens
from standoff.scenario.schema.rules import EventText, Statements
from standoff.scenario.schema.scalars import DelayExpression, DurationExpression
from standoff.scenario.schema.shape import is_part, options_of
from standoff.scenario.schema.words import Ending
from standoff.time import is_date

Home = tuple[str, ...]
"""A way from the top of a document to a part of it, each step a key; `NAME` for a name, `-` for an item of a list."""

_TELLING = (Statements, Happens, DelayExpression, DurationExpression)
"""What few keys hold, so that one of them stands for another: effects are `then` of a rule and `terms` of a deal."""
_LAST = ("until", "by", "end", "ends", "deadline")
_FIRST = ("at", "on", "from", "since", "date", "day", "start", "after")
_MOST_SHOWN, _MOST_LISTED = 2, 6
_SAID = {"by": "by", "actor": "by", "who": "by", "of": "by", "on": "on", "target": "on", "whom": "on", "at": "at",
         "place": "at"}  # fmt: skip
"""Keys that say what the header of an event says, and by which word."""
_OF_HAPPENS = {"by": "source", "on": "target", "at": "place"}
"""The same words where events are counted."""


def meant_by_kind(key: str, parts: list[type[Part]], given: object, document: type[Part]) -> Cure | None:
    """The key that holds in these parts what this key holds in others: `terms` of a deal for `then` of a rule."""
    there = given if isinstance(given, Mapping) else {}
    wanted = _holdings(document).get(key, ())
    for part in parts:
        for name, held in _held_by(part).items():
            if held in wanted and name not in there:
                return Cure(f"write {name}", name)
    return None


def said_of_event(key: str, parts: list[type[Part]], given: object) -> str | None:
    """What is meant by a key that says what the header of an event says: `event: ASSAULT by red`, `source: red`."""
    there = given if isinstance(given, Mapping) else {}
    value = there.get(key)
    if not isinstance(value, str):
        return None
    if Happens in parts:
        meant = Happens.meant_by(value) if key == "event" else None
        name = _OF_HAPPENS.get(key) if value.strip().isidentifier() else None
        return f"write {meant}" if meant is not None else None if name is None else Cure(f"write {name}", name)
    word = _SAID.get(key) if value.strip().isidentifier() else None
    event = str(there.get("event", "TYPE")).strip()
    if word is None or not any(_is_event(part) for part in parts):
        return None
    if f" {word} " in event:
        return f"the event says so already, after its '{word}': leave '{key}' out"
    return f"that is said within the event: write event: {event} {word} {value.strip()}"


def where_at_home(key: str, document: type[Part]) -> str | None:
    """In which parts of a document a key may stand, where these are few enough to help."""
    homes = _homes(document).get(key, ())
    shown_at = [_shape((*home, key)) for home in homes]
    if 0 < len(shown_at) <= _MOST_SHOWN:
        return f"'{key}' stands under {' or '.join(shown_at)}"
    sections = list(dict.fromkeys(home[0] for home in homes))
    return f"'{key}' is a key in {', '.join(sections)}, not here" if 0 < len(sections) <= _MOST_LISTED else None


def begins_elsewhere(path: tuple[str | int, ...], data: Mapping[str, Any]) -> str | None:
    """What a state begins with, where it stands in the entry of an entity."""
    key, states = str(path[-1]), data.get("state")
    if path[0] not in ("actors", "places", "kinds") or not isinstance(states, Mapping) or key not in states:
        return None
    value = _value(data, path)
    told = value if isinstance(value, Words) else "…"
    return f"'{key}' is a state: write begin: {{{key}: {{{path[-2]}: {told}}}}} beside {path[0]}:"


def own_section(path: tuple[str | int, ...], document: type[Part]) -> str | None:
    """The section in which something is said that stands in an entry of another one: the stances of an actor."""
    key = str(path[-1])
    section = next((one for one in (key, f"{key}s") if one in _sections(document)), None) if len(path) == 3 else None
    return None if section is None else f"{section}: is a section of its own, beside {path[0]}:"


def as_condition(key: str, parts: list[type[Part]], given: object) -> str | None:
    """The condition that a date means where there is no date but a guard: `when: t >= date('2017-08-01')`."""
    value = given.get(key) if isinstance(given, Mapping) else None
    if not isinstance(value, str) or not is_date(value) or not any("when" in part.written_keys() for part in parts):
        return None
    if Ending not in parts and key in _LAST:
        return f"write when: t < date('{value}')"
    return f"write when: t >= date('{value}')" if key in (*_LAST, *_FIRST) else None


def _value(data: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


@cache
def _sections(document: type[Part]) -> frozenset[str]:
    """The sections that hold parts by their names."""
    return frozenset(home[0] for homes in _homes(document).values() for home in homes if home[1:] == ("NAME",))


@cache
def _homes(document: type[Part]) -> dict[str, tuple[Home, ...]]:
    """Where each key may stand, but at the top."""
    found: dict[str, list[Home]] = {}
    for part, home in _parts(document).items():
        for key in part.written_keys() if home else ():
            found.setdefault(key, []).append(home)
    return {key: tuple(homes) for key, homes in found.items()}


@cache
def _parts(document: type[Part]) -> dict[type[Part], Home]:
    """All parts of the language, each with where it is met first, from the top down."""
    met: dict[type[Part], Home] = {document: ()}
    pending = [document]
    for part in pending:
        for name, field in part.model_fields.items():
            for below, inner in _below(field.annotation):
                if inner not in met:
                    met[inner] = (*met[part], field.alias or name, *below)
                    pending.append(inner)
    return met


def _below(annotation: Any) -> list[tuple[Home, type[Part]]]:
    found: list[tuple[Home, type[Part]]] = []
    for option in options_of(annotation):
        arguments = get_args(option)
        if is_part(option):
            found.append(((), option))
        elif get_origin(option) is dict:
            found += [(("NAME", *below), part) for below, part in _below(arguments[1])]
        elif get_origin(option) is tuple:
            inner = [one for argument in arguments if argument is not Ellipsis for one in _below(argument)]
            found += [(("-", *below), part) for below, part in inner]
    return found


def _shape(home: Home) -> str:
    """A way as it is written: `decisions: {NAME: {options: {NAME: {appeal: …}}}}`."""
    told, *steps = home[::-1]
    text = f"{told}: …"
    for step in steps:
        text = f"[{{{text}}}]" if step == "-" and not text.startswith("[") else text
        if step != "-":
            text = f"{step}: {text}" if text.startswith("[") else f"{step}: {{{text}}}"
    return text


@cache
def _holdings(document: type[Part]) -> dict[str, frozenset[int]]:
    """Which of the telling kinds each key of the language holds anywhere."""
    found: dict[str, set[int]] = {}
    for part in _parts(document):
        for name, held in _held_by(part).items():
            found.setdefault(name, set()).add(held)
    return {name: frozenset(held) for name, held in found.items()}


@cache
def _held_by(part: type[Part]) -> dict[str, int]:
    """The keys of a part that hold one of the telling kinds, with its number."""
    found = {}
    for name, field in part.model_fields.items():
        whole = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        of = {*_without_none(whole)}
        for number, kind in enumerate(_TELLING):
            if kind in of:
                found[field.alias or name] = number
    return found


@cache
def _is_event(part: type[Part]) -> bool:
    field = part.model_fields.get("event")
    return field is not None and EventText in _without_none(field.annotation)


def _without_none(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        return [one for one in get_args(kind) if one is not type(None)]
    return [kind]
