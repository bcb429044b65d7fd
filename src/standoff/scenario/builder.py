"""Scenarios made by code: the same parts that an author writes, added one by one, with expressions as trees or text.

What is built checks as any scenario does, runs to the same bytes as its text, and can be written out as YAML. The words
of the language expand with the same Builder.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.errors import Faults
from standoff.scenario.expression.written import Expressed, Form, Plain, written
from standoff.scenario.origin import Made, Origin
from standoff.scenario.reading.source import Source
from standoff.scenario.reading.text import Words
from standoff.scenario.schema import Document, dump, examine, in_order
from standoff.scenario.schema.references import LANGUAGE_VERSION
from standoff.time import iso

if TYPE_CHECKING:
    from standoff.scenario.loading import Scenario


class Builder:
    """A scenario that is being made; every `add_…` returns the name of what it adds, for use in expressions.

    A part is given by its keys, as in YAML; keys that Python reserves end in `_` (`for_`, `is_`, `if_`). An expression
    is a tree of `expression.written`, a text, a number or a truth. Nothing is checked before `document`.
    """

    def __init__(
        self, title: str, *, starts: date | str, ends: date | str, about: str | None = None, every: str | None = None
    ) -> None:
        """An empty scenario between two days."""
        self.head: dict[str, Any] = {"standoff": LANGUAGE_VERSION, "title": title}
        self.head |= {} if about is None else {"about": about}
        self.head |= {"starts": _iso(starts), "ends": _iso(ends)}
        self.head |= {} if every is None else {"every": every}
        self.routes: list[Any] = []
        self.sections: dict[str, dict[str, Any]] = {}

    def section(self, name: str) -> dict[str, Any]:
        """The parts of one section (`rules`, `red_lines`, …) by their names, in the order of adding."""
        return self.sections.setdefault(name, {})

    def add(self, section: str, name: str, part: object, *, origin: Origin | None = None, near: str = "") -> Form:
        """Adds a part to any section; `origin` says which word makes it, `near` are the words in whose place it stands.

        A name that is there already keeps its place in the order and gets the new part.
        """
        location = near.location if isinstance(near, Words) else None
        key = Words(name, location) if origin is None else Made(name, origin, location)
        # What a state starts at is by the names of entities, which are no keys of the language.
        self.section(section)[key] = part if section == "begin" else _data(part, name)
        return Plain(name)

    # -- what is there -------------------------------------------------------------------------------------------------

    def add_actor(self, name: str, **facts: object) -> Form:
        """An actor, with the facts that its entry can have."""
        return self.add("actors", name, facts)

    def add_place(self, name: str, **facts: object) -> Form:
        """A place, such as `add_place("ford", at=(34.1, 40.2))`."""
        return self.add("places", name, facts)

    def add_route(self, one: str | Form, other: str | Form, *, one_way: bool = False, **facts: object) -> None:
        """A direct way between two places, or only from the one to the other."""
        ends = [_name(one), _name(other)]
        ways: dict[str, Any] = {"from": ends[0], "to": ends[1]} if one_way else {"between": ends}
        self.routes.append({**ways, **_data(facts, _name(one))})

    def add_group(self, name: str, of: str, members: Iterable[str | Form]) -> Form:
        """A named set of entities of one kind."""
        return self.add("groups", name, {"of": of, "members": [_name(member) for member in members]})

    def add_state(self, name: str, *, begin: object = None, **keys: object) -> Form:
        """A state, and what it starts at."""
        if begin is not None:
            self.add("begin", name, begin)
        return self.add("state", name, keys)

    def add_parameter(self, name: str, prior: Expressed, **keys: object) -> Form:
        """An uncertain number, such as `add_parameter("pace", "lognormal(0.02, 0.5)", unit="1/day")`."""
        return self.add("parameters", name, {"prior": prior, **keys})

    def add_define(self, name: str, is_: Expressed, **keys: object) -> Form:
        """A named expression."""
        return self.add("define", name, {**keys, "is_": is_})

    # -- what happens and what is asked --------------------------------------------------------------------------------

    def add_rule(self, name: str, *, origin: Origin | None = None, **keys: object) -> Form:
        """A rule; `then` are statements, as `assigned` makes them or as text."""
        return self.add("rules", name, keys, origin=origin)

    def add_question(self, name: str, ask: str, **keys: object) -> Form:
        """A question with its date."""
        return self.add("questions", name, {"ask": ask, **keys})

    def add_watch(self, name: str, of: Expressed, **keys: object) -> Form:
        """A series to record."""
        return self.add("watch", name, {**keys, "of": of})

    # -- what comes of it ----------------------------------------------------------------------------------------------

    def document(self, name: str = "built") -> Document:
        """The scenario as one document; raises Faults with all that is wrong in its parts."""
        data = {**self.head, **self.sections}
        if self.routes:
            data["routes"] = self.routes
        document, faults = examine(Source(data, name))
        if faults or document is None:
            raise Faults(in_order(faults))
        return document

    def scenario(self, name: str = "built") -> Scenario:
        """The scenario, ready to run; raises Faults with all that is wrong with it."""
        from standoff.scenario.expand import expand
        from standoff.scenario.loading import Scenario
        from standoff.scenario.preparing import Parts
        from standoff.scenario.resolving.resolve import resolve

        document = self.document(name)
        expanded = expand(document)
        return Scenario(name, Path(name), Parts(document, expanded, resolve(expanded)))

    def text(self) -> str:
        """The scenario as YAML, which loads to the same scenario."""
        return dump(self.document())


def _iso(day: date | str) -> str:
    return iso(day) if isinstance(day, date) else day


def _name(of: str | Form) -> str:
    return str(written(of, "")) if isinstance(of, Form) else of


def _key(key: str) -> str:
    return key[:-1] if key.endswith("_") and keyword.iskeyword(key[:-1]) else key


def _data(part: object, near: str) -> Any:
    """A part as the data of a file: expressions as text, keys as an author writes them."""
    match part:
        case Form():
            return written(part, near)
        case Mapping():
            return {_key(key): _data(value, near) for key, value in part.items() if value is not None}
        case list() | tuple():
            return [_data(item, near) for item in part]
        case date():
            return iso(part)
    return part
