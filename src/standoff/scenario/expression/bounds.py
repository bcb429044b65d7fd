"""Between which values an expression must lie, whatever happens: proved from declared bounds, not observed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce

from standoff import intervals
from standoff.geography import EARTH_RADIUS_KM
from standoff.intervals import EVERYTHING, FALSE, TRUE, UNSURE, Interval, point
from standoff.scenario.operators import OPERATIONS
from standoff.scenario.resolved import Resolved
from standoff.scenario.resolving.priors import support
from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Choose,
    Constant,
    Domain,
    Draw,
    Entity,
    Firings,
    Fold,
    Level,
    Local,
    Member,
    Node,
    Now,
    Number,
    OneOf,
    OwnValue,
    ParameterValue,
    Related,
    StateValue,
    Truth,
    Type,
    Unary,
    Variable,
    Word,
)

HALF_CIRCUMFERENCE_KM = EARTH_RADIUS_KM * math.pi


def constant(node: Node) -> float | None:
    """The value of an expression of literals alone; None for any other."""
    match node:
        case Constant(value=value):
            return value
        case Unary(op=op, of=of):
            inside = constant(of)
            return None if inside is None else _single(OPERATIONS[op].interval(point(inside)))
        case Binary(op=op, left=left, right=right):
            a, b = constant(left), constant(right)
            return None if a is None or b is None else _single(OPERATIONS[op].interval(point(a), point(b)))
        case Choose(condition=condition, then=then, otherwise=otherwise):
            decided = constant(condition)
            return None if decided is None else constant(then if decided else otherwise)
    return None


def static_bounds(node: Node, resolved: Resolved, *, local_values: Mapping[str, Interval] | None = None) -> Interval:
    """An interval that contains every value the expression can have in any run.

    Truth is 1 or 0, a level is its position; an entity or a text has no interval but all of the line.
    `local_values` are the intervals of a rule's local values; one that is missing can be anything.
    """
    return _Bounds(resolved, dict(local_values or {})).of(node)


def _single(interval: Interval) -> float | None:
    return interval[0] if interval[0] == interval[1] and math.isfinite(interval[0]) else None


@dataclass(slots=True)
class _Bounds:
    """One walk over an expression, with what is known of local values."""

    resolved: Resolved
    local_values: dict[str, Interval] = field(default_factory=dict)

    def of(self, node: Node) -> Interval:
        match node:
            case Constant(value=value):
                return point(value)
            case ParameterValue(name=name):
                return support(self.resolved.parameters[name].prior)
            case OwnValue(each=each, index=index):
                ends = [support(self.resolved.parameters[name].prior) for _, name in each]
                # Reading at none gives 0.
                sure = isinstance(index, Variable)
                return reduce(intervals.join, ends if sure else [*ends, FALSE])
            case Local(name=name):
                return self.local_values.get(name, _of_type(node.type))
            case Now():
                return (0.0, self.resolved.days)
            case StateValue():
                return self._state(node)
            case Attribute():
                return self._attribute(node)
            case Member(of=of, group=group):
                return self._member(of, group)
            case Related(relation=name, of=of):
                return self._related(name, of)
            case Between(measure=measure):
                longest = max(self.resolved.relations["road"].km, default=0.0) if measure == "road_km" else 0.0
                return (0.0, longest) if measure == "road_km" else (0.0, HALF_CIRCUMFERENCE_KM)
            case Firings():
                return (0.0, math.inf)
            case Unary(op=op, of=of):
                return OPERATIONS[op].interval(self.of(of))
            case Binary():
                return self._binary(node)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                decided = self.of(condition)
                if decided == TRUE:
                    return self.of(then)
                return self.of(otherwise) if decided == FALSE else intervals.join(self.of(then), self.of(otherwise))
            case Fold():
                return self._fold(node)
            case Draw():
                return self._draw(node)
        return _of_type(node.type)

    def _state(self, node: StateValue) -> Interval:
        state = self.resolved.states[node.name]
        if not isinstance(state.type, Number):
            return _of_type(state.type)
        low = -math.inf if state.at_least is None else state.at_least
        high = math.inf if state.at_most is None else state.at_most
        # A memory goes towards 0 between writes, and reading at none gives 0.
        sure = all(isinstance(index, Variable) or (isinstance(index, Entity) and index.name) for index in node.indices)
        return (low, high) if sure and state.half_life is None else intervals.join((low, high), FALSE)

    def _attribute(self, node: Attribute) -> Interval:
        if not isinstance(node.type, Number | Truth) or not isinstance(node.of.type, OneOf):
            return _of_type(node.type)
        kind = self.resolved.kinds[node.of.type.kind]
        given = kind.attributes[node.name].values
        values = [float(value) if isinstance(value, int | float) else 0.0 for value in given]
        if isinstance(node.of, Entity):
            return point(values[kind.members.index(node.of.name)]) if node.of.name else FALSE
        if not isinstance(node.of, Variable):
            values.append(0.0)
        return (min(values), max(values)) if values else FALSE

    def _member(self, of: Node, group: str) -> Interval:
        members = self.resolved.groups[group].members
        if isinstance(of, Entity):
            return TRUE if of.name in members else FALSE
        return UNSURE if members else FALSE

    def _related(self, name: str, of: tuple[Node, Node]) -> Interval:
        left, right = of
        pairs = self.resolved.relations[name].pairs
        named = [
            pair
            for pair in pairs
            if all(not isinstance(node, Entity) or node.name == entity for node, entity in zip(of, pair, strict=True))
        ]
        if not named:
            return FALSE
        return TRUE if isinstance(left, Entity) and isinstance(right, Entity) else UNSURE

    def _binary(self, node: Binary) -> Interval:
        if node.op in ("==", "!=") and not isinstance(node.left.type, Number):
            same = self._same(node.left, node.right)
            return same if node.op == "==" else intervals.subtract(TRUE, same)
        return OPERATIONS[node.op].interval(self.of(node.left), self.of(node.right))

    def _same(self, left: Node, right: Node) -> Interval:
        if isinstance(left.type, Level | Truth):
            return intervals.compare("==", self.of(left), self.of(right))
        if left == right and isinstance(left, Entity | Variable | Word):
            return TRUE
        fixed = (Entity, Word)
        if isinstance(left, fixed) and isinstance(right, fixed):
            return FALSE
        for value, other in ((left, right), (right, left)):
            if isinstance(value, Variable) and isinstance(other, Entity) and other.name is None:
                return FALSE
            if isinstance(value, Attribute) and isinstance(other, fixed) and isinstance(value.of.type, OneOf):
                found = self.resolved.kinds[value.of.type.kind].attributes[value.name].values
                wanted = other.name if isinstance(other, Entity) else other.value
                if wanted and wanted not in found:
                    return FALSE
        return UNSURE

    def _size(self, domain: Domain) -> Interval:
        match domain.over:
            case "kind":
                return point(float(len(self.resolved.kinds[domain.name].members)))
            case "group":
                return point(float(len(self.resolved.groups[domain.name].members)))
        partners: dict[str, int] = {}
        for first, _ in self.resolved.relations[domain.name].pairs:
            partners[first] = partners.get(first, 0) + 1
        if isinstance(domain.of, Entity):
            return point(float(partners.get(domain.of.name or "", 0)))
        return (0.0, float(max(partners.values(), default=0)))

    def _fold(self, node: Fold) -> Interval:
        size = self._size(node.domain)
        holds = TRUE if node.where is None else self.of(node.where)
        if holds == FALSE or size == FALSE:
            return TRUE if node.op == "all" else FALSE
        if holds != TRUE:
            size = (0.0, size[1])
        body = self.of(node.body)
        match node.op:
            case "count":
                return intervals.multiply(size, body)
            case "sum":
                # Added up as a run adds them, for a product rounds otherwise: ten times 0.1 comes to less than 1.
                low, high = ([_added(end, int(count)) for count in size] for end in body)
                return (min(low), max(high))
            case "any":
                return body if size[0] > 0.0 else (0.0, body[1])
            case "all":
                return body if size[0] > 0.0 else (body[0], 1.0)
        return body if size[0] > 0.0 else intervals.join(body, FALSE)

    def _draw(self, node: Draw) -> Interval:
        of = [self.of(part) for part in node.of]
        match node.kind:
            case "binomial":
                return (0.0, max(0.0, of[0][1]))
            case "uniform":
                return (of[0][0], of[1][1])
            case "chance":
                return TRUE if of[0][0] >= 1.0 else FALSE if of[0][1] <= 0.0 else UNSURE
        return FALSE if of[0] == FALSE else (0.0, math.inf)


def _added(value: float, count: int) -> float:
    total = 0.0
    if not math.isfinite(value):
        return value if count else total
    for _ in range(count):
        total += value
    return total


def _of_type(type_: Type) -> Interval:
    match type_:
        case Truth():
            return UNSURE
        case Level(levels=levels):
            return (0.0, float(len(levels) - 1))
    return EVERYTHING
