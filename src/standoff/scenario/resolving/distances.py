"""Distances to places without coordinates: which of them a run could really measure.

A place counts only where no condition leaves it out: of conditions, those are judged that the fixed facts of the
scenario decide (groups, relations, attributes, names); every other condition may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property

from standoff.scenario.resolved import ForEach, Group, If, Kind, Relation, Rule, Watch
from standoff.scenario.resolving.held import Held
from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Choose,
    Constant,
    Domain,
    Entity,
    Fold,
    Member,
    Node,
    OneOf,
    Pick,
    Related,
    StateValue,
    Text,
    Unary,
    Variable,
    Word,
)
from standoff.scenario.walks import conjuncts, rule_nodes, walk, watch_nodes

_Value = float | str | None
_Known = tuple[_Value] | None
"""What an expression is, where that is known."""

_HELD = "[held]"
"""Stands for the value of a state among names of variables; no variable can be called so."""

_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds where an expression stands: the domains of variables, and conditions that are met or not met."""

    domains: Mapping[str, Domain]
    conditions: tuple[tuple[Node, bool], ...] = ()
    looked_at: tuple[Node, ...] = ()
    """Those of the conditions that the expression is itself part of: they are not met yet where it is worked out."""

    def given(self, condition: Node | None, holds: bool = True) -> _Around:
        if condition is None:
            return self
        parts = dict.fromkeys(conjuncts(condition)) if holds else [condition]
        return replace(self, conditions=(*self.conditions, *((part, holds) for part in parts)))

    def looking_at(self, part: Node) -> _Around:
        return replace(self, looked_at=(*self.looked_at, part))

    def within(self, variable: str, domain: Domain) -> _Around:
        return replace(self, domains={**self.domains, variable: domain})


class Distances:
    """Looks for distances to places without coordinates."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        groups: Mapping[str, Group],
        relations: Mapping[str, Relation],
        held: Callable[[], Held],
    ) -> None:
        self.kinds, self.groups, self.relations = kinds, groups, relations
        self._held_by = held
        places = kinds.get("place")
        at = () if places is None else zip(places.members, places.at, strict=True)
        self.nowhere = {name for name, position in at if position is None}

    def unmeasurable(self, thing: Rule | Watch | Node) -> Iterator[str]:
        """The places without coordinates to which a rule, a series or an expression could measure a distance."""
        if not self.nowhere or not _measures(thing):
            return
        match thing:
            case Rule():
                around = _Around({variable.name: variable.domain for variable in thing.variables})
                yield from self._condition(thing.when, around)
                yield from self._inside((thing.rate, thing.at, thing.event, thing.then), around.given(thing.when))
            case Watch():
                yield from self._inside(
                    thing.of, _Around({variable.name: variable.domain for variable in thing.variables})
                )
            case _:
                yield from self._inside(thing, _Around({}))

    def _condition(self, condition: Node | None, around: _Around) -> Iterator[str]:
        # All parts must hold, in whatever order they are written: each counts only where the others may hold.
        if condition is not None:
            others = around.given(condition)
            for part in dict.fromkeys(conjuncts(condition)):
                if _measures(part):
                    yield from self._inside(part, others.looking_at(part))

    def _inside(self, thing: object, around: _Around) -> Iterator[str]:
        match thing:
            case tuple():
                for part in thing:
                    yield from self._inside(part, around)
            case Between(measure="distance", of=ends):
                for end in ends:
                    yield from self._nowhere(end, around)
                yield from self._inside(ends, around)
            case Binary(op="and"):
                yield from self._condition(thing, around)
            case Binary(op="or", left=left, right=right):
                yield from self._inside(left, around.given(right, holds=False))
                yield from self._inside(right, around.given(left, holds=False))
            case Choose(condition=condition) | If(condition=condition):
                yield from self._inside(condition, around)
                yield from self._inside(thing.then, around.given(condition))
                yield from self._inside(thing.otherwise, around.given(condition, holds=False))
            case ForEach() | Fold() | Pick():
                yield from self._inside(thing.domain.of, around)
                within = around.within(thing.variable, thing.domain)
                yield from self._condition(thing.where, within)
                yield from self._inside(_below(thing), within.given(thing.where))
            case _ if is_dataclass(thing):
                for field in fields(thing):
                    if field.name not in ("type", "unit", "span"):
                        yield from self._inside(getattr(thing, field.name), around)

    def _nowhere(self, end: Node, around: _Around) -> Iterator[str]:
        match end:
            case Entity(name=str(name)) if name in self.nowhere and self._possible({}, around):
                yield name
            case Variable(name=variable) if variable in around.domains:
                for place in self._members(around.domains[variable]):
                    if place in self.nowhere and self._possible({variable: place}, around):
                        yield place
            case Attribute(of=Variable(name=variable)) if variable in around.domains:
                for member in self._members(around.domains[variable]):
                    known = self._value(end, {variable: member})
                    if known is not None and known[0] in self.nowhere and self._possible({variable: member}, around):
                        yield str(known[0])
            case StateValue(name=state):
                for place in sorted(self._held.of(state) & self.nowhere):
                    if self._possible({_HELD: place}, around, end):
                        yield place
            case Attribute(of=Entity()):
                known = self._value(end, {})
                if known is not None and known[0] in self.nowhere and self._possible({}, around):
                    yield str(known[0])

    def _members(self, domain: Domain) -> tuple[str, ...]:
        if domain.over == "group":
            return self.groups[domain.name].members
        if domain.over == "relation":
            return tuple(dict.fromkeys(second for _, second in self.relations[domain.name].pairs))
        return self.kinds[domain.kind].members

    def _possible(self, bound: Mapping[str, str], around: _Around, held: Node | None = None) -> bool:
        """Whether the conditions may be met where these variables are these entities.

        `held` is the state's value that is meant by `_HELD`.
        """
        for domain in around.domains.values():
            known = None if domain.of is None else self._value(domain.of, bound, held)
            if known is not None and known[0] not in self._related[domain.name][0]:
                return False
        for condition, holds in around.conditions:
            known = self._value(condition, bound, held)
            if known is not None and bool(known[0]) != holds and condition not in around.looked_at:
                return False
        return True

    @cached_property
    def _held(self) -> Held:
        return self._held_by()

    @cached_property
    def _position(self) -> dict[str, dict[str, int]]:
        return {name: {member: i for i, member in enumerate(kind.members)} for name, kind in self.kinds.items()}

    @cached_property
    def _belongs(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(group.members) for name, group in self.groups.items()}

    @cached_property
    def _related(self) -> dict[str, tuple[frozenset[str], frozenset[str], frozenset[tuple[str, str]]]]:
        return {
            name: (frozenset(a for a, _ in of.pairs), frozenset(b for _, b in of.pairs), frozenset(of.pairs))
            for name, of in self.relations.items()
        }

    def _value(self, node: Node, bound: Mapping[str, str], held: Node | None = None) -> _Known:
        if held is not None and node == held:
            return (bound[_HELD],)
        match node:
            case Constant(value=number):
                return (number,)
            case Word(value=word):
                return (word,)
            case Entity(name=name):
                return (name,)
            case Variable(name=name) if name in bound:
                return (bound[name],)
            case Attribute(of=of, name=name):
                return self._attribute(of, name, self._value(of, bound, held))
            case Member(of=of, group=group):
                known = self._value(of, bound, held)
                return None if known is None else (float(known[0] in self._belongs[group]),)
            case Related(relation=relation, of=(first, second)):
                return self._relation(relation, self._value(first, bound, held), self._value(second, bound, held))
            case Unary(op="not", of=of):
                known = self._value(of, bound, held)
                return None if known is None else (float(not known[0]),)
            case Binary(op=op, left=left, right=right):
                return _compared(op, self._value(left, bound, held), self._value(right, bound, held))
        return None

    def _attribute(self, of: Node, name: str, known: _Known) -> _Known:
        if known is None or not isinstance(known[0], str) or not isinstance(of.type, OneOf):
            return None
        kind = of.type.kind
        column = self.kinds[kind].attributes[name]
        value = column.values[self._position[kind][known[0]]]
        if value is None and not isinstance(column.type, OneOf):
            return ("",) if isinstance(column.type, Text) else (0.0,)
        return (value,)

    def _relation(self, name: str, first: _Known, second: _Known) -> _Known:
        firsts, seconds, pairs = self._related[name]
        if first is not None and second is not None:
            return (float((first[0], second[0]) in pairs),)
        if (first is not None and first[0] not in firsts) or (second is not None and second[0] not in seconds):
            return (0.0,)
        return None


def _measures(thing: Rule | Watch | Node) -> bool:
    match thing:
        case Rule():
            nodes = walk(*rule_nodes(thing))
        case Watch():
            nodes = walk(*watch_nodes(thing))
        case _:
            nodes = walk(thing)
    return any(isinstance(node, Between) and node.measure == "distance" for node in nodes)


def _below(loop: ForEach | Fold | Pick) -> object:
    match loop:
        case ForEach():
            return loop.do
        case Fold():
            return loop.body
    return loop.weight


def _compared(op: str, left: _Known, right: _Known) -> _Known:
    if op in ("and", "or"):
        decides = op == "or"
        if any(known is not None and bool(known[0]) == decides for known in (left, right)):
            return (float(decides),)
        return None if left is None or right is None else (float(not decides),)
    if left is None or right is None:
        return None
    a, b = left[0], right[0]
    if op in ("==", "!="):
        return (float((a == b) == (op == "==")),)
    if op in _COMPARED and isinstance(a, float) and isinstance(b, float):
        return (float(_COMPARED[op](a, b)),)
    return None
