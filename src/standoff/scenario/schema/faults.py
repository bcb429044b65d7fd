"""From what pydantic says of a document to faults that an author can mend."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic_core import ErrorDetails
from typing_extensions import TypeIs

from standoff.errors import CODES, Cure, Fault, suggestion
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema.entities import Part
from standoff.scenario.schema.scalars import shown

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
    return [_fault(error, source, document) for error in errors]


def _fault(error: ErrorDetails, source: Source, document: type[Part]) -> Fault:
    path, kind = error["loc"], error["type"]
    last = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        keys = keys_at(document, path[:-1])
        hint, expected = suggestion(last, keys, what="keys")
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
        return Fault(
            kind, where, str(told.get("found", error["msg"])), told.get("expected"), told.get("hint"), width=width
        )
    if kind == "missing":
        where = source.locate_value(path[:-1])
        return Fault("SD203", where, f"a list of {path[-1]} where more items are expected")
    hint = "write {} if there is nothing to say" if found is None and kind in _WANTED else _as_mapping(error, document)
    return Fault("SD203", where, _said(error), hint=hint, width=max(1, width))


def _as_mapping(error: ErrorDetails, document: type[Part]) -> str | None:
    """The cure for a list or a single value where a mapping is expected: what it would be in the right shape."""
    path, found = error["loc"], error["input"]
    if _WANTED.get(error["type"]) != "a mapping" or not path or not isinstance(path[-1], str):
        return None
    if isinstance(found, list | tuple):
        below = [part for part in forms_at(document, (*path, "")) if is_part(part)]
        needed = _needed(below[0]) if len(below) == 1 else None
        return f"write {path[-1]}: {{NAME: {{{needed or ''}{': …' if needed else '…'}}}}}, each by its name"
    forms = [part for part in forms_at(document, path) if is_part(part)]
    needed = _needed(forms[0]) if len(forms) == 1 else None
    return f"write {path[-1]}: {{{needed}: {found}}}" if needed and isinstance(found, str) else None


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
    return {**{key: Words(value) for key, value in NEEDED.items() if key not in rest}, **rest}


def keys_at(document: type[Part], path: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand in the mapping at a path of a document."""
    return [key for model in forms_at(document, path) if is_part(model) for key in model.written_keys()]


def forms_at(document: type[Part], path: tuple[int | str, ...]) -> list[Any]:
    """What may stand at a path of a document: parts, and the types of other values."""
    here: list[Any] = [document]
    for part in path:
        here = _below(here, part) or _tagged(here, str(part))
    return here


def is_part(kind: Any) -> TypeIs[type[Part]]:
    """Whether a type is that of a part of a document."""
    return isinstance(kind, type) and issubclass(kind, Part)


def _tagged(kinds: list[Any], tag: str) -> list[Any]:
    """The alternatives that a tag of a union, such as `if statement`, means; all of them where it is none."""
    word = tag.removesuffix(" statement")
    return [kind for kind in kinds if is_part(kind) and word != tag and word in kind.written_keys()] or kinds


def _below(kinds: list[Any], part: int | str) -> list[Any]:
    below: list[Any] = []
    for kind in kinds:
        origin, arguments = get_origin(kind), get_args(kind)
        if is_part(kind):
            below += [field.annotation for name, field in kind.model_fields.items() if part in (name, field.alias)]
        elif origin is dict and isinstance(part, str):
            below.append(arguments[1])
        elif origin is tuple and isinstance(part, int):
            below += [argument for argument in arguments if argument is not Ellipsis]
    return [option for kind in below for option in options_of(kind)]


def options_of(kind: Any) -> list[Any]:
    """The alternatives of a type, without what annotations and type aliases wrap around them."""
    if get_origin(kind) is Annotated:
        return options_of(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [option for argument in get_args(kind) for option in options_of(argument)]
    return [kind]
