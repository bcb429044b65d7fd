"""What a document declares: its entities, groups, relations, state and the table of all its names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from standoff.errors import Fault, Location, article, suggestion
from standoff.geography import great_circle_km
from standoff.numerals import plural
from standoff.scenario.expression.names import Names, StateName
from standoff.scenario.origin import origin_of
from standoff.scenario.reading.text import Words, plain_value
from standoff.scenario.resolved import AttributeColumn, Group, Kind, Relation
from standoff.scenario.schema import Document, member_of, spread
from standoff.scenario.tree import Level, Number, OneOf, Text, Truth, Type
from standoff.units import Unit

NUMBER, TRUTH, TEXT = Number(), Truth(), Text()
Value = float | str | None


@dataclass(slots=True)
class Declarations:
    """The fixed tables of a scenario, the table of its names, and the faults met in making them.

    `members` are the entities of each kind once more, for looking one up among many.
    """

    document: Document
    names: Names
    kinds: dict[str, Kind] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    members: dict[str, dict[str, None]] = field(default_factory=dict)

    def fault(self, code: str, words: str, found: str, *, expected: str | None = None, hint: str | None = None) -> None:
        """Notes a fault at a name of the document."""
        self.faults.append(fault_at(words, code, found, expected=expected, hint=hint))

    def known(self, word: str, candidates: Collection[str], what: str) -> bool:
        """Whether a name is among those declared; notes SD204 if it is not."""
        if word in candidates:
            return True
        hint, expected = suggestion(word, candidates, what=plural(what))
        self.fault("SD204", word, f"unknown {what} '{word}'", expected=expected, hint=hint)
        return False

    def all_known(self, words: Iterable[str], candidates: Collection[str], what: str) -> bool:
        """Whether all of some names are declared; notes SD204 for each that is not."""
        return not [word for word in words if not self.known(word, candidates, what)]

    def take(self, name: str, what: str) -> bool:
        """Whether a name is free; notes SD209 if it already stands for something else."""
        if name in self.taken:
            found = f"'{name}' is the name of {article(what)}, but already names {article(self.taken[name])}"
            self.fault("SD209", name, found, hint="choose another name")
            return False
        self.taken[name] = what
        return True


def place_of(words: str) -> Location | None:
    """Where words stand, if they know it."""
    return words.location if isinstance(words, Words) else None


def fault_at(name: str, code: str, found: str, *, expected: str | None = None, hint: str | None = None) -> Fault:
    """A fault at a name of the document."""
    return Fault(code, place_of(name), found, expected=expected, hint=hint, width=max(1, len(name)))


def declare(document: Document) -> Declarations:
    """All that a document declares, before any expression is read."""
    told = Declarations(document, Names(document.starts))
    _kinds(told)
    _groups(told)
    _relations(told)
    _states(told)
    names = told.names
    for name, parameter in document.parameters.items():
        if told.take(name, "parameter"):
            names.parameters[name] = Unit.parse(parameter.unit) if parameter.unit is not None else None
    for name, entities in spread(document.parameters).items():
        first = next(key for key in document.parameters if member_of(key) == (name, entities[0]))
        if told.take(Words(name, place_of(first)), "parameter") and entities[0] in names.entities:
            each = tuple((entity, f"{name}[{entity}]") for entity in entities)
            names.own[name] = (names.entities[entities[0]], each)
    for name, define in document.define.items():
        if told.take(name, "define") and told.all_known(define.of.values(), names.kinds, "kind"):
            names.defines[name] = {argument: str(kind) for argument, kind in define.of.items()}
    names.rules = tuple(name for name in document.rules if told.take(name, "rule"))
    for level in names.levels:
        told.take(level, "level")
    return told


def _kinds(told: Declarations) -> None:
    document = told.document
    members: dict[str, Mapping[str, Any]] = {"actor": document.actors, "place": document.places}
    members |= {name: kind.members for name, kind in document.kinds.items() if told.take(name, "kind")}
    for kind, entities in members.items():
        kept = tuple(str(name) for name in entities if told.take(name, kind))
        told.names.kinds[kind] = kept
        told.members[kind] = dict.fromkeys(kept)
        told.names.entities |= dict.fromkeys(kept, kind)
    for kind, entities in members.items():
        members_of = {name: entity for name, entity in entities.items() if name in told.members[kind]}
        columns = _attributes(told, kind, members_of)
        at = tuple(entity.at for entity in members_of.values()) if kind == "place" else ()
        told.kinds[str(kind)] = Kind(str(kind), told.names.kinds[kind], columns, at)
        told.names.attributes[kind] = {name: column.type for name, column in columns.items()}


def _attributes(told: Declarations, kind: str, entities: Mapping[str, Any]) -> dict[str, AttributeColumn]:
    columns: dict[str, AttributeColumn] = {}
    own: dict[str, Type] = {}
    if kind == "actor":
        own = {"kind": TEXT, "patron": OneOf("actor")}
    elif kind == "place":
        own = {"kind": TEXT, "country": TEXT, "province": TEXT}
    for name, type_ in own.items():
        values = tuple(_text(getattr(entity, name)) for entity in entities.values())
        columns[name] = AttributeColumn(type_, values)
    if kind == "actor":
        columns |= _shares(entities)
    written: dict[str, None] = {}
    for entity in entities.values():
        written |= dict.fromkeys(entity.attributes)
    for name in written:
        if name in columns:
            told.fault("SD209", name, f"'{name}' is already an attribute of every {kind}", hint="choose another name")
            continue
        columns[name] = _column(told, name, [entity.attributes.get(name) for entity in entities.values()])
    return columns


def _shares(entities: Mapping[str, Any]) -> dict[str, AttributeColumn]:
    # A share that is an expression can differ from run to run: it is no fixed attribute, the tie's state has it.
    columns: dict[str, AttributeColumn] = {}
    for name in ("control", "deniability"):
        given = [getattr(entity, name) for entity in entities.values()]
        values = [None if words is None else plain_value(Words(words)) for words in given]
        if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values):
            columns[name] = AttributeColumn(NUMBER, tuple(None if value is None else float(value) for value in values))
    return columns


def _text(value: str | None) -> str | None:
    return None if value is None else str(value)


def _column(told: Declarations, name: str, given: list[Any]) -> AttributeColumn:
    present = [value for value in given if value is not None]
    if all(isinstance(value, bool) for value in present):
        return AttributeColumn(TRUTH, tuple(None if value is None else float(value) for value in given))
    if all(isinstance(value, float) for value in present):
        return AttributeColumn(NUMBER, tuple(given))
    if all(isinstance(value, str) for value in present):
        kinds = {told.names.entities.get(value) for value in present}
        (kind,) = kinds if len(kinds) == 1 else (None,)
        return AttributeColumn(OneOf(kind) if kind else TEXT, tuple(_text(value) for value in given))
    expected = "expected all numbers, all truths or all texts"
    told.fault("SD203", name, f"the attribute '{name}' has values of different types", expected=expected)
    return AttributeColumn(NUMBER, tuple(None for _ in given))


def _groups(told: Declarations) -> None:
    kinds = told.names.kinds
    for name, group in told.document.groups.items():
        if not told.take(name, "group") or not told.known(group.of, kinds, "kind"):
            continue
        kept = [member for member in group.members if told.known(member, told.members[group.of], str(group.of))]
        told.groups[name] = Group(str(name), str(group.of), tuple(str(member) for member in dict.fromkeys(kept)))
        told.names.groups[name] = str(group.of)


def _relations(told: Declarations) -> None:
    kinds = told.names.kinds
    told.take("road", "relation")
    told.relations["road"] = _roads(told)
    for name, relation in told.document.relations.items():
        if not told.take(name, "relation") or not told.all_known(relation.of, kinds, "kind"):
            continue
        pairs: dict[tuple[str, str], None] = {}
        for first, second in relation.pairs:
            known = [
                told.known(member, told.members[kind], str(kind))
                for member, kind in zip((first, second), relation.of, strict=True)
            ]
            if all(known):
                pairs[(str(first), str(second))] = None
                if relation.symmetric:
                    pairs[(str(second), str(first))] = None
        if relation.symmetric and relation.of[0] != relation.of[1]:
            told.fault("SD203", name, f"the relation {name} joins two kinds and cannot be symmetric")
            continue
        told.relations[name] = Relation(str(name), (str(relation.of[0]), str(relation.of[1])), tuple(pairs))
    told.names.relations |= {name: relation.kinds for name, relation in told.relations.items()}


def _roads(told: Declarations) -> Relation:
    places = told.members["place"]
    lengths: dict[tuple[str, str], float] = {}
    for route in told.document.routes:
        first, second = route.ends
        if not told.all_known(route.ends, places, "place"):
            continue
        ways = [(str(first), str(second)), *([] if route.one_way else [(str(second), str(first))])]
        twice = [way for way in ways if way in lengths]
        if twice:
            which = "between {} and {}" if (first, second) in lengths and not route.one_way else "from {} to {}"
            hint = None if len(twice) == len(ways) else "write each direction once, with from and to"
            told.fault("SD209", second, f"the route {which.format(*twice[0])} is given twice", hint=hint)
            continue
        ends = told.document.places[first].at, told.document.places[second].at
        km = route.km
        if km is None and (ends[0] is None or ends[1] is None):
            found = f"the route between {first} and {second} has no length"
            told.fault("SD202", first, found, hint="give km, or at for both places")
            continue
        if km is None and ends[0] is not None and ends[1] is not None:
            km = great_circle_km(ends[0], ends[1])
        lengths.update(dict.fromkeys(ways, float(km or 0.0)))
    return Relation("road", ("place", "place"), tuple(lengths), tuple(lengths.values()))


def _states(told: Declarations) -> None:
    names = told.names
    for name, state in told.document.state.items():
        if not told.take(name, "state"):
            continue
        type_: Type = NUMBER
        if isinstance(state.is_, str):
            if state.is_ not in names.kinds and state.is_ != "truth":
                told.known(state.is_, [*names.kinds, "truth"], "kind")
                continue
            type_ = TRUTH if state.is_ == "truth" else OneOf(str(state.is_))
        elif state.is_ is not None:
            levels = tuple(str(level) for level in state.is_)
            for number, level in enumerate(state.is_):
                if level in levels[:number]:
                    told.fault("SD209", level, f"the level '{level}' is given twice")
            type_ = Level(tuple(dict.fromkeys(levels)))
        if told.all_known(state.of, names.kinds, "kind"):
            unit = Unit.parse(state.unit) if state.unit is not None else None
            of = tuple(str(kind) for kind in state.of)
            moves = state.half_life is not None or state.moves_by is not None
            names.add_state(str(name), StateName(of, type_, unit, moves, origin_of(name)))
