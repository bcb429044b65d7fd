"""Keys on the wrong level, and values that YAML cut in two: where they belong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from standoff.errors import Cure
from standoff.scenario.expression.slips import decimal_comma
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema.entities import ASSUMED, Part
from standoff.scenario.schema.homes import (
    as_condition,
    begins_elsewhere,
    meant_by_kind,
    own_section,
    said_of_event,
    where_at_home,
)
from standoff.scenario.schema.scalars import LOCATOR
from standoff.scenario.schema.shape import forms_at, is_part, keys_at
from standoff.scenario.schema.synonyms import joined, meant_in_section, meant_key
from standoff.time import date_meant

Path = Sequence[str | int]


def elsewhere(path: Path, source: Source, document: type[Part]) -> str | None:
    """What is meant by a key that may not stand here, or where it would be right: levels above, or somewhere below."""
    key, last = str(path[-1]), _before(path, source)
    here = tuple(path[:-1])
    if not here:
        entries = [name for name in keys_at(document, ()) if key in _keys_of(document, (name, "x"))]
        last = last if last in entries else None
        return f"it is a key of an entry of {_listed(entries)}: indent it below that entry" if entries else None
    keys, data = keys_at(document, here), _at(source.data, here)
    parts = [form for form in forms_at(document, here) if is_part(form)]
    if len(path) == 3 and path[0] == "state" and key in _BEGINS:
        return f"what it begins with stands in a section of its own: write begin: {{{path[1]}: …}} beside state:"
    return (
        meant_in_section(path, keys)
        or said_of_event(key, parts, data)
        or begins_elsewhere(tuple(path), source.data)
        or _further_out(key, here, document)
        or _in_shape(meant_key(key, keys, data), here, data, key, document)
        or meant_by_kind(key, parts, data, document)
        or joined(key, keys, data)
        or _beside(key, here, data, document)
        or as_condition(key, parts, data)
        or _at_the_top(key, here, document)
        or own_section(tuple(path), document)
    )


def at_last(path: Path, source: Source, document: type[Part]) -> str | None:
    """What helps with a key where nothing is sure to be meant: the one that is missing, or where else it stands."""
    key, here = str(path[-1]), tuple(path[:-1])
    if not here:
        return None
    parts = [form for form in forms_at(document, here) if is_part(form)]
    return _missed(key, parts, _at(source.data, here)) or where_at_home(key, document)


def _further_out(key: str, here: tuple[str | int, ...], document: type[Part]) -> str | None:
    for up in range(1, min(len(here), 3)):
        above = here[:-up]
        if key in keys_at(document, above):
            levels = "one level" if up == 1 else f"{up} levels"
            whose = f" of '{above[-1]}'" if isinstance(above[-1], str) else ""
            return f"it is a key{whose}: write it {levels} further out"
    return None


def _at_the_top(key: str, here: tuple[str | int, ...], document: type[Part]) -> str | None:
    if len(here) > 2 or key in _COMMON or key not in keys_at(document, ()):
        return None
    return f"it is a key: write it {'one level' if len(here) == 1 else '2 levels'} further out"


def _in_shape(
    meant: Cure | None, here: tuple[str | int, ...], data: object, key: str, document: type[Part]
) -> str | None:
    """A key that is meant, with what was written in the shape that it has there."""
    value = data.get(key) if isinstance(data, Mapping) else None
    if meant is None or not isinstance(value, str):
        return meant
    parts = [form for form in forms_at(document, (*here, meant.words)) if is_part(form)]
    inside = parts[0].meant_by(value) if len(parts) == 1 else None
    return meant if inside is None else f"write {meant.words}: {{{inside}}}"


def _beside(key: str, here: tuple[str | int, ...], data: object, document: type[Part]) -> str | None:
    """What stands beside a key, or alone could stand there, and has the key."""
    there = data if isinstance(data, Mapping) else {}
    beside = [name for name in keys_at(document, here) if key in _keys_of(document, (*here, name))]
    given = [name for name in beside if name in there and not (name == "evidence" and key == "from")]
    if "evidence" in beside and key == "from" and _is_locator(there.get(key)):
        given = ["evidence"]
    alone = len(beside) == 1 and any(is_part(form) for form in forms_at(document, (*here, beside[0])))
    return f"it is a key of '{(given or beside)[0]}': write it one level further in" if alone or given else None


def _is_locator(value: object) -> bool:
    return isinstance(value, str) and (value in ASSUMED or LOCATOR.fullmatch(value) is not None)


def _missed(key: str, parts: Sequence[type[Part]], data: object) -> Cure | None:
    """The only key that a part needs and has not, where this one is the only one that it cannot have."""
    if len(parts) != 1 or not isinstance(data, Mapping):
        return None
    needed = [field.alias or name for name, field in parts[0].model_fields.items() if field.is_required()]
    missing = [name for name in needed if name not in data]
    others = [name for name in data if name not in parts[0].written_keys() and name != key]
    if len(missing) != 1 or others:
        return None
    return Cure(f"did you mean '{missing[0]}', which is missing?", missing[0])


_BEGINS = ("start", "starts", "begin", "begins", "init", "initial", "default", "value")
_COMMON = ("title", "about", "evidence", "every")


def _keys_of(document: type[Part], path: Path) -> set[str]:
    """The keys of what stands at a path, be it a part, a list of parts or a mapping of them."""
    found: set[str] = set()
    for end in ((), ("x",), (0,)):
        for model in forms_at(document, (*path, *end)):
            if is_part(model):
                found |= set(model.written_keys())
        if found:
            break
    return found


def too_shallow(path: Path, source: Source, document: type[Part]) -> str | None:
    """What to do with a key of an entry that stands beside the entry, where it is taken for one."""
    if not path or not isinstance(path[-1], str):
        return None
    forms = [form for form in forms_at(document, tuple(path)) if is_part(form)]
    if not any(path[-1] in form.written_keys() for form in forms):
        return None
    before = _before(path, source)
    place = source.locate(path)
    if before is None or place is None:
        return None
    deeper = 2 * (place.column - 1)
    return f"'{path[-1]}' is a key of an entry: indent it by {deeper} spaces, below '{before}'"


def torn_from(path: Path, source: Source, document: type[Part]) -> tuple[str | int, ...] | None:
    """The path of the entry before a key of it that stands beside it."""
    if too_shallow(path, source, document) is None:
        return None
    return (*path[:-1], str(_before(path, source)))


def in_two(path: Path, source: Source) -> str | None:
    """The value that a comma cut in two within { }, where a part of it is taken for a key: `0,7`, `May 3, 1962`."""
    key, before = str(path[-1]), _before(path, source)
    here = _at(source.data, path[:-1])
    value = here.get(before) if isinstance(here, dict) and before is not None else None
    if not isinstance(value, Words) or not isinstance(here, dict) or here.get(key) is not None:
        return None
    number, day = decimal_comma(f"{value.strip()},{key}"), date_meant(f"{value.strip()}, {key}")
    if day is not None:
        return Cure(f"write {before}: {day}", day)
    if number is not None and re.fullmatch("[0-9]+", key):
        return Cure(f"write {before}: {number}, with a point", number)
    return _in_quotes(key, here) or words_cut(key, before or "", here)


def words_cut(key: str, before: str, here: Mapping[str, object]) -> str | None:
    """The cure for a sentence that a comma cut in two within { }: what follows the comma has no value."""
    value = here.get(before)
    if here.get(key) is not None or not isinstance(value, Words) or " " not in key:
        return None
    return f"put quotes around what has commas of its own inside {{ }}: {before}: '{value}, {key}'"


def _in_quotes(key: str, here: Mapping[str, object]) -> str | None:
    """The call whose commas cut it within { }: its first part is a value, the others are keys without one."""
    name, parts = "", [""]
    for one, value in here.items():
        if value is not None:
            name, parts = one, [str(value)] if isinstance(value, Words) else [""]
        else:
            parts.append(one)
        whole = ", ".join(parts)
        if key in parts[1:] and whole.count("(") == whole.count(")") > 0 and parts[0].count("(") > parts[0].count(")"):
            return f"put quotes around what has commas of its own inside {{ }}: {name}: '{whole}'"
    return None


def as_prior(values: Sequence[object]) -> str | None:
    """The prior that is meant by a list of two or three rising numbers."""
    words = [str(value).strip() for value in values]
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return None
    if len(numbers) not in (2, 3) or sorted(numbers) != numbers:
        return None
    name = "uniform" if len(numbers) == 2 else "triangular"
    return f"write '{name}({', '.join(words)})' if all between are meant, or choice of single values"


def _before(path: Path, source: Source) -> str | None:
    """The key before the last one of a path, as it is written."""
    here = _at(source.data, path[:-1])
    keys = list(here) if isinstance(here, dict) else []
    place = next((number for number, key in enumerate(keys) if key == path[-1]), 0)
    return str(keys[place - 1]) if place else None


def _at(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else data
        elif isinstance(data, dict) and part in data:
            data = data[part]
    return data


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
