"""From what pydantic says of a document to faults that an author can mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails
from typing_extensions import TypeIs

from standoff.errors import CODES, Cure, Fault, suggestion
from standoff.scenario.expression.slips import coordinates_in
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema.entities import Part
from standoff.scenario.schema.homes import where_at_home
from standoff.scenario.schema.levels import as_prior, at_last, elsewhere, in_two, too_shallow, torn_from
from standoff.scenario.schema.rules import PLOVER
from standoff.scenario.schema.scalars import shown
from standoff.scenario.schema.shape import forms_at, is_part, keys_at
from standoff.time import looks_like_duration

_INDEXED = re.compile(r"([a-z][a-z0-9_]*) *\[([^\[\]]+)\]")
_FEW = 3
"""Of so many keys a part that needs none of them may mean any."""
_WANTED = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}


def faults_of(errors: Iterable[ErrorDetails], source: Source, document: type[Part]) -> list[Fault]:
    """One fault for each error of pydantic, at the innermost place that it names."""
    errors = list(errors)
    looked_into = errors[:MOST_LOOKED_INTO]
    # What misses a key that stands beside it, one level too shallow, has nothing to add.
    torn = {owner for error in looked_into if (owner := torn_from(error["loc"], source, document)) is not None}
    found = [
        (error, _fault(error, source, document, closely=number < MOST_LOOKED_INTO))
        for number, error in enumerate(errors)
        if not (error["type"] == "SD202" and tuple(error["loc"]) in torn)
    ]
    # A key under another name is told once, and not as missing as well.
    meant = {
        (*error["loc"][:-1], fault.hint.words) for error, fault in found if isinstance(fault.hint, Cure)
        and error["type"] == "extra_forbidden"
    }  # fmt: skip
    return [fault for error, fault in found if not (error["type"] == "missing" and tuple(error["loc"]) in meant)]


MOST_LOOKED_INTO = 50
"""Faults of which is asked where their keys belong; who has more has another problem."""


def _fault(error: ErrorDetails, source: Source, document: type[Part], *, closely: bool = True) -> Fault:
    path, kind = error["loc"], error["type"]
    last = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        keys = keys_at(document, path[:-1])
        hint, expected = suggestion(last, keys, what="keys")
        if closely:
            known = where_at_home(last, document) is not None
            hint = in_two(path, source) or elsewhere(path, source, document) or (None if known else hint)
            hint = hint or at_last(path, source, document)
        if last == "title":
            # What entities and watches are called has a key of another name.
            hint = next((Cure(f"write '{key}'", key) for key in ("label", "name") if key in keys), hint)
        if last in ("rate", "per_day", "flow") and "half_life" in keys and "moves_by" in keys:
            hint = f"what moves a state stands under flows: {{{path[-2]}: {{rate: …}}}}"
        where = source.locate(path)
        return Fault("SD201", where, f"unknown key '{last}'", expected=expected, hint=hint, width=len(last))
    if kind == "missing" and isinstance(path[-1], str):
        code = "SD214" if path == ("standoff",) else "SD202"
        of = f" of '{path[-2]}'" if len(path) > 1 and isinstance(path[-2], str) else ""
        hint = "write 'standoff: 1' at the top" if code == "SD214" else None
        return Fault(code, source.locate(path[:-1]), f"the key '{last}'{of} is missing", hint=hint)
    where = source.locate_value(path)
    found = error["input"]
    width = len(str(found).split("\n", 1)[0]) if isinstance(found, str) else 1
    if kind in CODES:
        told = error.get("ctx") or {}
        if told.get("key"):
            where = source.locate((*path, str(told["key"]))) or where
            width = len(str(told["key"]))
        levels = _in_levels(str(found)) if kind == "SD212" and "begin" in path[:3:2] else None
        if levels is not None:
            told = {**told, "expected": None, "hint": levels}
        section, _, rest = str(found).partition(".")
        if kind == "SD212" and rest and section in document.written_keys():
            name = rest.partition(".")[0]
            told = {**told, "hint": Cure(f"write '{name}': an entry is named without its section", name)}
        if last == "prior" and isinstance(found, list):
            told = {**told, "hint": as_prior(found)}
        elif kind == "SD212" and not told.get("hint") and isinstance(found, str) and looks_like_duration(found):
            key = next((str(part) for part in reversed(path) if isinstance(part, str)), last)
            told = {**told, "hint": f"'{key}' takes names here, and no time"}
        elif kind == "SD203" and not told.get("hint") and not told.get("expected"):
            told = {**told, "hint": _as_value(last, found)}
        return Fault(
            kind, where, str(told.get("found", error["msg"])), told.get("expected"), told.get("hint"), width=width
        )
    if kind == "missing":
        where = source.locate_value(path[:-1])
        return Fault("SD203", where, f"a list of {path[-1]} where more items are expected")
    if last == "type" and found in PLOVER:
        hint = f"the type of an event stands within happens: {{type: {found}}}"
        return Fault("SD203", where, _said(error), hint=hint, width=max(1, width))
    hint = "write {} if there is nothing to say" if found is None and kind in _WANTED else _as_mapping(error, document)
    hint = hint or _as_list(error)
    hint = (too_shallow(path, source, document) if kind in _WANTED and closely else None) or hint
    return Fault("SD203", where, _said(error), hint=hint, width=max(1, width))


def _in_levels(key: str) -> str | None:
    """The cure for a key of `begin` as expressions write it: `force[blue, ford]` is two levels below `force`."""
    match = _INDEXED.fullmatch(key.strip())
    if match is None:
        return None
    names = [match[1], *(name.strip() for name in match[2].split(","))]
    return "write one level for each index: " + ": {".join(names) + ": …" + "}" * (len(names) - 1)


def _as_mapping(error: ErrorDetails, document: type[Part]) -> str | None:
    """The cure for a list or a single value where a mapping is expected: what it would be in the right shape."""
    path, found = error["loc"], error["input"]
    if len(path) > 1 and isinstance(path[-1], int) and _WANTED.get(error["type"]) == "a mapping":
        items = [part for part in forms_at(document, path) if is_part(part)]
        return f"write {path[-2]}: [{_as_part(items[0], found)}]" if len(items) == 1 else None
    if not path or not isinstance(path[-1], str):
        return None
    if _WANTED.get(error["type"]) == "a list" and isinstance(found, dict):
        return f"put it into a list: {path[-1]}: [{{{', '.join(f'{key}: …' for key in list(found)[:2])}}}]"
    if _WANTED.get(error["type"]) != "a mapping":
        return None
    forms = [part for part in forms_at(document, path) if is_part(part)]
    if len(forms) == 1:
        return f"write {path[-1]}: {_as_part(forms[0], found)}"
    below = [part for part in forms_at(document, (*path, "")) if is_part(part)]
    if forms or len(below) != 1:
        return None
    names = found if isinstance(found, list | tuple) else [found]
    if not all(_is_word(name) and name.isidentifier() for name in names) or len(names) > _FEW:
        names = ["NAME"]
    each = ", ".join(f"{name}: {{{_needed(below[0]) or '…'}{': …' if _needed(below[0]) else ''}}}" for name in names)
    return f"write {path[-1]}: {{{each}}}, each by its name"


def _as_part(part: type[Part], found: object) -> str:
    """A part in its shape, with what was written where it is clear what that means: `{declared: 2}`."""
    if isinstance(found, list | tuple) and len(found) == 1:
        found = found[0]
    keys = part.written_keys()
    needed = [field.alias or name for name, field in part.model_fields.items() if field.is_required()]
    few = keys if len(keys) <= _FEW and not needed else []
    meant = None
    if _is_word(found):
        meant = part.meant_by(found) or (f"{keys[0]}: {found}" if few else None)
    more = "".join(f", or {key}" for key in few[1:])
    if meant is not None:
        return f"{{{meant}}}{more}"
    shown_keys = needed or keys[:_FEW]
    more = "" if needed or len(keys) <= _FEW else f", with some of {', '.join(keys)}"
    return f"{{{', '.join(f'{key}: …' for key in shown_keys)}}}{more}"


def _as_value(key: str, found: object) -> str | None:
    """The cure for a list or a mapping where a single value is expected."""
    if isinstance(found, list | tuple):
        only = found[0] if len(found) == 1 else None
        return f"write {key}: {only if _is_word(only) else '…'}, one value without brackets"
    return f"write {key}: …, one value without keys below it" if isinstance(found, dict) else None


def _is_word(value: object) -> TypeIs[str]:
    return isinstance(value, str) and "\n" not in value and len(value) <= _LONGEST_SHOWN


_LONGEST_SHOWN = 60
"""Characters of a value that a cure repeats."""


def _as_list(error: ErrorDetails) -> str | None:
    """The cure for a single value or a mapping where a list is expected: the same in brackets."""
    path, found = error["loc"], error["input"]
    if _WANTED.get(error["type"]) != "a list" or not path or not isinstance(path[-1], str):
        return None
    where = coordinates_in(found) if path[-1] == "at" and isinstance(found, str) else None
    if where is not None:
        return f"write at: [{where[0]:g}, {where[1]:g}], latitude and longitude in degrees"
    if isinstance(found, dict):
        plain = all(_is_word(value) for value in found.values())
        inside = ", ".join(f"{key}: {_quoted(value)}" for key, value in found.items()) if plain else "…"
        return f"write {path[-1]}: [{{{inside}}}]" if found else None
    return f"write {path[-1]}: [{_quoted(found)}]" if _is_word(found) and found.strip() else None


def _quoted(words: str) -> str:
    """Words as they may stand within brackets."""
    return f"'{words}'" if any(sign in words for sign in "[]{},:#") else words


def _needed(part: type[Part]) -> str | None:
    """The only key that a part needs."""
    needed = [field.alias or name for name, field in part.model_fields.items() if field.is_required()]
    return needed[0] if len(needed) == 1 else None


def _said(error: ErrorDetails) -> str:
    kind, found = error["type"], error["input"]
    limits = error.get("ctx") or {}
    if kind in _WANTED:
        return f"expected {_WANTED[kind]}, found {shown(found)}"
    if kind == "literal_error":
        return f"expected {limits.get('expected')}, found {shown(found)}"
    if kind == "too_long":
        return f"a list of {limits.get('actual_length')} where {limits.get('max_length')} are expected"
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        wanted = re.sub("^Input should be ", "", error["msg"])
        return f"expected a number {wanted}, found {shown(found)}"
    return f"{error['msg']}, found {shown(found)}"


NEEDED = {"standoff": "1", "title": "untitled", "starts": "0001-01-01", "ends": "9998-12-31"}
"""What stands in for a needed key that is wrong or missing while the rest is looked at."""


def without(data: Mapping[str, Any], paths: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """The data without the entries in which the paths lie, so that what is left can be checked further."""
    wrong: dict[str, set[int | str]] = {}
    rest = dict(data)
    for path in paths:
        if len(path) > 1:
            wrong.setdefault(str(path[0]), set()).add(path[1])
        elif path:
            rest.pop(str(path[0]), None)
    for section, entries in wrong.items():
        value = rest.get(section)
        if isinstance(value, dict):
            rest[section] = {key: item for key, item in value.items() if key not in entries}
        elif isinstance(value, list):
            rest[section] = [item for number, item in enumerate(value) if number not in entries]
        else:
            rest.pop(section, None)
    return _with_needed(rest)


def _with_needed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**{key: Words(value) for key, value in NEEDED.items() if key not in data}, **data}


def but(data: Mapping[str, Any], paths: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """The data without the very values to which the paths lead, as far as they do; all around them stays."""
    wrong: dict[int, set[int | str]] = {}
    for path in paths:
        here: Any = data
        last: tuple[int, int | str] | None = None
        for part in path:
            known = dict(enumerate(here)) if isinstance(here, list) else here
            # What is not in the data names a class of the language, or a key that is missing.
            if isinstance(known, dict) and part in known:
                last, here = (id(here), part), known[part]
        if last is not None:
            wrong.setdefault(last[0], set()).add(last[1])
    return _with_needed(_cut(data, wrong))


def _cut(value: Any, wrong: Mapping[int, set[int | str]]) -> Any:
    left = wrong.get(id(value), set())
    if isinstance(value, dict):
        return {key: _cut(item, wrong) for key, item in value.items() if key not in left}
    if isinstance(value, list):
        return [_cut(item, wrong) for number, item in enumerate(value) if number not in left]
    return value
