"""What may stand at each path of a document, as its models say."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from typing_extensions import TypeIs

from standoff.scenario.schema.entities import Part


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
