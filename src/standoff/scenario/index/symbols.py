"""A name with what it is the name of, a place where it is meant, and all names that a document knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from standoff.errors import Location
from standoff.scenario.index.fields import Space
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.reading.text import Words
from standoff.scenario.schema import Document, Part, whole_of
from standoff.scenario.schema.names import Declared, declared

Held = tuple[str, ...]
"""What an expression gives: the kind of an entity, as `("actor",)`, or, as `("", state)`, one of a state's levels."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for. `owner` tells names apart that only mean something within another thing.

    Of a level it is the list that it belongs to, of an option its decision, of a variable the part that binds it.
    """

    space: Space
    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a name is meant; `path` is that of the entry, where it is declared there."""

    symbol: Symbol
    place: Location
    defines: bool = False
    path: tuple[str, ...] = ()

    @property
    def where(self) -> tuple[str, int, int]:
        """Its file, line and column, both counted from 1."""
        return (self.place.file, self.place.line, self.place.column)

    @property
    def width(self) -> int:
        """How many characters the name has."""
        return len(self.symbol.name)

    @property
    def stands(self) -> bool:
        """Whether it stands there letter by letter."""
        start = self.place.column - 1
        return self.place.text[start : start + self.width] == self.symbol.name


SECTIONS: dict[str, Space] = {
    "actors": "actor", "places": "place", "kinds": "kind", "groups": "group", "relations": "relation",
    "state": "state", "define": "define", "parameters": "parameter", "zones": "zone", "rules": "rule",
    "sources": "source", "red_lines": "red line", "corridors": "corridor", "deals": "deal", "decisions": "decision",
    "policies": "policy", "levers": "lever", "orders": "order", "injects": "inject", "questions": "question",
    "claims": "claim", "record": "record", "seats": "seat", "watch": "watch", "variants": "variant",
}  # fmt: skip
"""The sections of a document whose keys are names that it declares."""

MADE = ("kinds", "state", "groups", "define", "parameters", "rules", "questions")
"""The sections of an expanded document whose entries an author can name."""


@dataclass(slots=True)
class Known:
    """All names of a document by what they name; `expanded` says what its words have become."""

    document: Document
    expanded: Document
    spaces: dict[Space, dict[str, Symbol]] = field(default_factory=dict)
    levels: dict[str, dict[str, Symbol]] = field(default_factory=dict)
    """The levels of each state that has some."""
    kinds: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    """The kind of entity that an attribute of a kind gives; empty for any other value."""
    gives: dict[str, Held | None] = field(default_factory=dict)
    """What defines give, as far as it was asked."""
    _origins: dict[str, dict[str, Origin]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, document: Document, expanded: Document) -> Known:
        """The names of a document."""
        known = cls(document, expanded)
        names: Declared = declared(document.__dict__ | {"kinds": _members(document)})
        for section, space in SECTIONS.items():
            known.spaces[space] = {whole_of(name): Symbol(space, whole_of(name)) for name in getattr(document, section)}
        known.spaces["member"] = {
            member: Symbol("member", member, kind)
            for kind, members in names.kinds.items() if kind not in ("actor", "place") for member in members
        }  # fmt: skip
        known.kinds = {str(one): kind for kind, members in names.members().items() for one in members}
        known.spaces["flow"] = {
            str(name): Symbol("state" if flow.into is None else "flow", str(name))
            for name, flow in document.flows.items()
        }
        known.spaces["mechanism"] = {name: Symbol("mechanism", name) for name in _mechanisms(document)}
        known._made()
        known._levels()
        known._attributes()
        return known

    def find(self, word: str, *spaces: Space) -> Symbol | None:
        """What a name means in the first of some spaces that have it."""
        return next((self.spaces[one][word] for one in spaces if word in self.spaces.get(one, {})), None)

    def held_by_state(self, name: str) -> Held | None:
        """What a state holds, where it is no number."""
        state = self.expanded.state.get(name)
        if state is None or state.is_ is None:
            return None
        if isinstance(state.is_, str):
            return None if state.is_ == "truth" else (str(state.is_),)
        return ("", name)

    def indices_of(self, name: str) -> tuple[str, ...]:
        """The kinds by which a state is indexed."""
        state = self.expanded.state.get(name)
        return () if state is None else tuple(map(str, state.of))

    def origin(self, section: str, name: str) -> Origin | None:
        """What made an entry of the expanded document; None for an author's own."""
        origins = self._origins.get(section)
        if origins is None:
            made = ((str(key), origin_of(key)) for key in getattr(self.expanded, section))
            origins = self._origins[section] = {key: origin for key, origin in made if origin is not None}
        return origins.get(name)

    def posture(self, actor: str) -> str | None:
        """The state that holds the stance of an actor."""
        made = ((str(name), self.origin("state", str(name))) for name in self.expanded.state)
        wanted = ("stance", actor, "posture")
        return next((name for name, of in made if of is not None and (of.word, of.name, of.role) == wanted), None)

    def _made(self) -> None:
        made = self.spaces["made"] = {}
        for section in MADE:
            own = {*map(whole_of, getattr(self.document, section))}
            for name in getattr(self.expanded, section):
                if whole_of(name) not in own and self.find(name, "inject", "decision", "order", "zone") is None:
                    made[str(name)] = Symbol("made", str(name))

    def _levels(self) -> None:
        own = {str(name): option_owner(str(name)) for name in self.document.decisions}
        options = {place_of(option): Symbol("option", str(option), own[str(name)])
                   for name, decision in self.document.decisions.items() for option in decision.options}  # fmt: skip
        for name, state in self.expanded.state.items():
            if state.is_ is None or isinstance(state.is_, str):
                continue
            every = list(map(str, state.is_))
            self.levels[str(name)] = {
                str(word): options.get(place_of(word)) or level_of(str(word), every) for word in state.is_
            }

    def _attributes(self) -> None:
        entities: list[tuple[str, Mapping[str, Any]]] = [
            (self.kinds.get(str(name), ""), entity.attributes) for name, entity in _entities(self.document)
        ]
        values: dict[tuple[str, str], set[str]] = {}
        for kind, attributes in entities:
            for name, value in attributes.items():
                of = self.kinds.get(value, "") if isinstance(value, str) else ""
                values.setdefault((kind, str(name)), set()).add(of)
        for (kind, name), kinds in values.items():
            self.attributes.setdefault(kind, {})[name] = kinds.pop() if len(kinds) == 1 else ""
        self.attributes.setdefault("actor", {}).setdefault("patron", "actor")


def level_of(word: str, levels: list[str]) -> Symbol:
    """The symbol of a level; states with the same levels share them."""
    return Symbol("level", word, " ".join(levels))


def option_owner(decision: str) -> str:
    """What tells the options of one decision from those of another."""
    return f"decisions.{decision}"


def place_of(word: object) -> Location | None:
    """Where a word stands."""
    return word.location if isinstance(word, Words) else None


def _entities(document: Document) -> Iterator[tuple[str, Any]]:
    yield from document.actors.items()
    yield from document.places.items()
    for kind in document.kinds.values():
        yield from kind.members.items()


def _members(document: Document) -> dict[str, Any]:
    return {str(name): {"members": list(kind.members)} for name, kind in document.kinds.items()}


def _mechanisms(part: Any) -> Iterator[str]:
    if isinstance(part, Document):
        yield from map(str, part.mechanisms)
    if isinstance(part, Part):
        yield from map(str, getattr(part, "mechanism", ()))
        for value in part.__dict__.values():
            yield from _mechanisms(value)
    elif isinstance(part, dict):
        for value in part.values():
            yield from _mechanisms(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _mechanisms(value)
