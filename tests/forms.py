"""The forms of the language, read off the classes of the scenario room, and those that a scenario uses."""

from __future__ import annotations

import dataclasses
import inspect
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from standoff.scenario import resolved, tree

OF_INTEREST = (
    resolved.Prior,
    resolved.Question,
    resolved.If,
    resolved.ForEach,
    resolved.Chance,
    resolved.Let,
    resolved.Assign,
)


@cache
def _classes() -> frozenset[type]:
    nodes = [c for _, c in inspect.getmembers(tree, inspect.isclass) if issubclass(c, tree.Node) and c is not tree.Node]
    return frozenset([*nodes, *OF_INTEREST])


@cache
def _choices(cls: type) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The fields of a class that hold one of a few words."""
    return tuple((name, get_args(hint)) for name, hint in get_type_hints(cls).items() if get_origin(hint) is Literal)


def forms_there_are() -> set[str]:
    """Every class of expression and statement, and every word that one of their fields can hold."""
    forms = {cls.__name__ for cls in _classes()}
    for cls in _classes():
        forms |= {f"{cls.__name__}.{name}={word}" for name, words in _choices(cls) for word in words}
    return forms


def forms_of(thing: Any) -> set[str]:
    """The forms found anywhere inside a resolved scenario."""
    found: set[str] = set()
    if dataclasses.is_dataclass(thing):
        if type(thing) in _classes():
            found.add(type(thing).__name__)
            found |= {f"{type(thing).__name__}.{name}={getattr(thing, name)}" for name, _ in _choices(type(thing))}
        for field in dataclasses.fields(thing):
            found |= forms_of(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for part in thing.values():
            found |= forms_of(part)
    elif isinstance(thing, tuple | list):
        for part in thing:
            found |= forms_of(part)
    return found
