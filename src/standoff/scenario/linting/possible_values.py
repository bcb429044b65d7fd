"""What can be told of an expression before any run: the values it can ever have, or has at the start.

Lint rests on this. Everything here errs on the side of "possible": a value that is told to be
impossible is impossible, so a warning is always true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from itertools import product

from standoff import intervals
from standoff.geography import Point, great_circle_km
from standoff.intervals import FALSE, TRUE, UNSURE, Interval, point
from standoff.scenario.expression.bounds import static_bounds
from standoff.scenario.operators import OPERATIONS
from standoff.scenario.resolved import Assign, Kind, Resolved, Rule, State
from standoff.scenario.resolving.priors import support
from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Choose,
    Constant,
    Domain,
    Entity,
    Firings,
    Fold,
    Level,
    Member,
    Node,
    Now,
    Number,
    OneOf,
    OwnValue,
    ParameterValue,
    Related,
    StateValue,
    Text,
    Truth,
    Unary,
    Variable,
    Word,
)
from standoff.scenario.walks import assignments, conjuncts, free_variables, reads

MOST_COMBINATIONS = 2_000
"""Combinations of entities that are looked at one by one; beyond them anything counts as possible."""

Options = frozenset[str | float | None]
"""The things a value of an entity, a level or a text can be; None in it is `none`."""

Binding = Mapping[str, Options]
"""What each variable can stand for."""


@dataclass
class PossibleValues:
    """The values of expressions of one scenario: at the start, or at any time (`at_start` false).

    `known` are intervals that hold for some expressions besides, such as what a guard demands.
    """

    resolved: Resolved
    at_start: bool = False
    known: dict[Node, Interval] = field(default_factory=dict)
    known_options: dict[Node, Options] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.effects: dict[str, list[tuple[Rule, Assign]]] = {}
        """What writes each state: every assignment to it, with its rule."""
        for rule in self.resolved.rules:
            for effect in assignments(rule.then):
                self.effects.setdefault(effect.state, []).append((rule, effect))
        # What triggers write can change at the start itself; the triggers that note answers change nothing else.
        self.unsettled = {
            name for name, effects in self.effects.items()
            if not self.at_start or any(_changes_the_start(rule) for rule, _ in effects)
        }  # fmt: skip
        self._options: dict[str, Options | None] = {}
        self._nonnegative: set[str] | None = None
        self._positions: dict[str, dict[str, int]] = {}

    def given(self, known: Mapping[Node, Interval], options: Mapping[Node, Options] | None = None) -> PossibleValues:
        """The same values where these intervals hold besides; what holds for the whole scenario is shared."""
        self.nonnegative()
        guarded = copy(self)
        guarded.known, guarded.known_options = dict(known), dict(options or {})
        return guarded

    def can_hold(self, condition: Node, rule: Rule) -> bool:
        """Whether a condition of a rule's variables can hold for any of its bindings."""
        return all(self._part_can_hold(part, rule) for part in conjuncts(condition))

    def can_hold_together(self, conditions: Iterable[Node], rule: Rule) -> bool:
        """Whether conditions of a rule's variables can all hold for one of its bindings."""
        parts = [part for condition in conditions for part in conjuncts(condition)]
        names = frozenset().union(*(free_variables(part) for part in parts))
        return any(all(self.of(part, one)[1] > 0.0 for part in parts) for one in self.bindings(rule, names))

    def impossible_part(self, condition: Node, rule: Rule) -> Node | None:
        """The first part of a conjunction that can never hold."""
        return next((part for part in conjuncts(condition) if not self._part_can_hold(part, rule)), None)

    def _part_can_hold(self, condition: Node, rule: Rule) -> bool:
        return any(self.of(condition, binding)[1] > 0.0 for binding in self.bindings(rule, free_variables(condition)))

    def bindings(self, rule: Rule, names: frozenset[str]) -> Iterator[Binding]:
        """Every binding of some of a rule's variables; one that leaves all open where they are too many."""
        ranges = self.ranges(rule)
        wanted = [name for name in ranges if name in names]
        combinations = 1
        for name in wanted:
            combinations *= len(ranges[name])
        if combinations > MOST_COMBINATIONS:
            yield ranges
            return
        for chosen in product(*(sorted(ranges[name], key=str) for name in wanted)):
            yield {**ranges, **{name: frozenset((value,)) for name, value in zip(wanted, chosen, strict=True)}}

    def ranges(self, rule: Rule) -> dict[str, Options]:
        """What each variable of a rule can stand for."""
        ranges: dict[str, Options] = {}
        for variable in rule.variables:
            ranges[variable.name] = self.members(variable.domain, ranges)
        return ranges

    def members(self, domain: Domain, binding: Binding) -> Options:
        """All entities that a domain can hold."""
        if domain.over == "kind":
            return frozenset(self.resolved.kinds[domain.name].members)
        if domain.over == "group":
            return frozenset(self.resolved.groups[domain.name].members)
        of = self.options(domain.of, binding) if domain.of is not None else None
        pairs = self.resolved.relations[domain.name].pairs
        return frozenset(second for first, second in pairs if of is None or first in of)

    # -- numbers and truths ----------------------------------------------------------------------------------------

    def of(self, node: Node, binding: Binding) -> Interval:
        """An interval that holds every value the expression can have."""
        found = self._of(node, binding)
        if self.known and node in self.known:
            told = self.known[node]
            return (max(found[0], told[0]), max(max(found[0], told[0]), min(found[1], told[1])))
        return found

    def _of(self, node: Node, binding: Binding) -> Interval:
        match node:
            case ParameterValue(name=name):
                return support(self.resolved.parameters[name].prior)
            case OwnValue(each=each, index=index):
                whose = self.options(index, binding)
                known = [support(self.resolved.parameters[name].prior) for one, name in each
                         if whose is None or one in whose]  # fmt: skip
                return _joined([*known, *([FALSE] if whose is None or None in whose else [])])
            case Now() | Firings() if self.at_start:
                return FALSE
            case StateValue():
                return self._state(node, binding)
            case Attribute():
                return _hull(self._attributes(node, binding)) if isinstance(node.type, Number | Truth) else UNSURE
            case Member(of=of, group=group):
                return self._among(self.options(of, binding), frozenset(self.resolved.groups[group].members))
            case Related():
                return self._related(node, binding)
            case Between(measure="distance", of=(left, right)):
                return self._distance(node, left, right, binding)
            case Unary(op=op, of=of):
                return OPERATIONS[op].interval(self.of(of, binding))
            case Binary():
                return self._binary(node, binding)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                decided = self.of(condition, binding)
                ways = [way for way, out in ((then, FALSE), (otherwise, TRUE)) if decided != out]
                return _joined([self.of(way, binding) for way in ways])
            case Fold():
                return self._fold(node, binding)
        return static_bounds(node, self.resolved)

    def _binary(self, node: Binary, binding: Binding) -> Interval:
        if node.op in ("==", "!=") and not isinstance(node.left.type, Number | Truth):
            left, right = self.options(node.left, binding), self.options(node.right, binding)
            same = UNSURE if node.left != node.right else TRUE
            if left is not None and right is not None:
                same = FALSE if not left & right else TRUE if left == right and len(left) == 1 else same
            return same if node.op == "==" else intervals.subtract(TRUE, same)
        return OPERATIONS[node.op].interval(self.of(node.left, binding), self.of(node.right, binding))

    def _fold(self, node: Fold, binding: Binding) -> Interval:
        values: list[tuple[Interval, Interval]] = []
        members = self.members(node.domain, binding)
        sure = node.domain.of is None or len(self.options(node.domain.of, binding) or ()) == 1
        for member in sorted(members, key=str):
            inside = {**binding, node.variable: frozenset((member,))}
            where = TRUE if node.where is None else self.of(node.where, inside)
            if where != FALSE:
                values.append((where if sure else (0.0, 1.0), self.of(node.body, inside)))
        match node.op:
            case "count" | "sum":
                total = FALSE
                for where, body in values:
                    total = intervals.add(total, intervals.multiply(where, body))
                return total
            case "any":
                return _largest([intervals.minimum(where, body) for where, body in values])
            case "all":
                refuted = [intervals.minimum(where, intervals.subtract(TRUE, body)) for where, body in values]
                return intervals.subtract(TRUE, _largest(refuted))
        found = _joined([body for _, body in values])
        return found if any(where == TRUE for where, _ in values) else intervals.join(found, FALSE)

    def _state(self, node: StateValue, binding: Binding) -> Interval:
        state = self.resolved.states[node.name]
        if not isinstance(state.type, Number | Truth):
            return UNSURE
        if node.name not in self.unsettled and state.moves_by is None:
            cells = self._cells(state, node, binding)
            if cells is not None:
                begin = _joined([FALSE if cell is None else self.of(cell, {}) for cell in cells])
                return begin if self.at_start or state.half_life is None else intervals.join(begin, FALSE)
        low, high = static_bounds(node, self.resolved)
        return (max(low, 0.0), high) if node.name in self.nonnegative() else (low, high)

    def _cells(self, state: State, node: StateValue, binding: Binding) -> list[Node | None] | None:
        # What the cells that are meant begin with; None among them for a reading at none.
        indices = [self.options(index, binding) for index in node.indices]
        begin = dict(state.begin)
        combinations = 1
        for options in indices:
            combinations *= len(options) if options is not None else MOST_COMBINATIONS + 1
        if combinations > MOST_COMBINATIONS:
            return [*begin.values(), state.otherwise, None]
        cells = (names for names in product(*(options or () for options in indices)))
        return [None if None in names else begin.get(tuple(map(str, names)), state.otherwise) for names in cells]

    def nonnegative(self) -> set[str]:
        """The states of numbers that begin at 0 or more and that no effect can bring below."""
        if self._nonnegative is None:
            numbers = [name for name, state in self.resolved.states.items() if isinstance(state.type, Number)]
            self._nonnegative = set(numbers)
            # All are taken to stay at 0 or more; where one might not, what is worked out from it is looked at again.
            pending = [(name, effect) for name in numbers for effect in self._might_lower(name)]
            readers: dict[str, list[tuple[str, Node | None]]] = {}
            for name, value in pending:
                for read in reads(value).states:
                    readers.setdefault(read, []).append((name, value))
            while pending:
                name, value = pending.pop()
                if name in self._nonnegative and (value is None or self.of(value, {})[0] < 0.0):
                    self._nonnegative.remove(name)
                    pending += readers.get(name, ())
        return self._nonnegative

    def _might_lower(self, name: str) -> Iterator[Node | None]:
        # The values that a state begins with or is given; None for what is taken away, however much that is.
        state = self.resolved.states[name]
        if state.at_least is None or state.at_least < 0.0:
            yield from (state.otherwise, *(node for _, node in state.begin))
            if state.moves_by is not None:
                yield None
            for _, effect in self.effects.get(name, ()):
                yield None if effect.op == "-=" else effect.value

    # -- entities, levels and texts --------------------------------------------------------------------------------

    def options(self, node: Node, binding: Binding) -> Options | None:
        """The entities, levels or texts that a value can be; None where that is not known."""
        if self.known_options and node in self.known_options:
            return self.known_options[node]
        match node:
            case Entity(name=name):
                return frozenset((name,))
            case Word(value=text):
                return frozenset((text,))
            case Constant(value=value) if isinstance(node.type, Level):
                return frozenset((value,))
            case Variable(name=name):
                return binding[name] if name in binding else self._all_of(node)
            case Attribute():
                return frozenset(self._attributes(node, binding))
            case Choose(then=then, otherwise=otherwise):
                first, second = self.options(then, binding), self.options(otherwise, binding)
                return None if first is None or second is None else first | second
            case StateValue(name=name):
                if name not in self.unsettled:
                    cells = self._cells(self.resolved.states[name], node, binding)
                    if cells is not None:
                        return self._all([self.options(cell, {}) if cell else frozenset((None,)) for cell in cells])
                return self._ever(name)
        return None

    def _ever(self, name: str) -> Options | None:
        # Everything a state of entities or levels can be at any time.
        if not self._options:
            self._spread(self._options)
        return self._options[name]

    def _spread(self, ever: dict[str, Options | None]) -> None:
        # From what states begin with, along what is written from one into another, until nothing new comes.
        ever.update(dict.fromkeys(self.resolved.states, frozenset()))
        for name, state in self.resolved.states.items():
            cells = [state.otherwise, *(node for _, node in state.begin)]
            nothing = [frozenset[str | float | None]((None,))] if isinstance(state.type, OneOf) else []
            ever[name] = self._all([*nothing, *(self.options(cell, {}) for cell in cells)])
        pending = [(name, *effect) for name, effects in self.effects.items() for effect in effects]
        readers: dict[str, list[tuple[str, Rule, Assign]]] = {}
        for name, rule, effect in pending:
            for read in reads(effect.value, *(variable.domain.of for variable in rule.variables)).states:
                readers.setdefault(read, []).append((name, rule, effect))
        while pending:
            name, rule, effect = pending.pop()
            before = ever[name]
            ever[name] = self._all([before, self.options(effect.value, self.ranges(rule))])
            if ever[name] != before:
                pending += readers.get(name, ())

    @staticmethod
    def _all(found: Iterable[Options | None]) -> Options | None:
        together: Options = frozenset()
        for options in found:
            if options is None:
                return None
            together |= options
        return together

    def _all_of(self, node: Node) -> Options | None:
        return frozenset(self.resolved.kinds[node.type.kind].members) if isinstance(node.type, OneOf) else None

    def _attributes(self, node: Attribute, binding: Binding) -> list[str | float | None]:
        kind = self.resolved.kinds[node.of.type.kind if isinstance(node.of.type, OneOf) else ""]
        column = kind.attributes[node.name].values
        of = self.options(node.of, binding)
        nothing: str | None = "" if isinstance(node.type, Text) else None
        wanted = [*kind.members, None] if of is None else sorted(of, key=str)
        values = [column[self._position(kind, str(name))] if name is not None else None for name in wanted]
        return [nothing if value is None else value for value in values]

    def _position(self, kind: Kind, member: str) -> int:
        if kind.name not in self._positions:
            self._positions[kind.name] = {name: position for position, name in enumerate(kind.members)}
        return self._positions[kind.name][member]

    # -- what is fixed ---------------------------------------------------------------------------------------------

    def _among(self, options: Options | None, members: Options) -> Interval:
        if options is None:
            return UNSURE if members else FALSE
        if not options & members:
            return FALSE
        return TRUE if options <= members else UNSURE

    def _related(self, node: Related, binding: Binding) -> Interval:
        left, right = (self.options(part, binding) for part in node.of)
        pairs = self.resolved.relations[node.relation].pairs
        fitting = {(a, b) for a, b in pairs if (left is None or a in left) and (right is None or b in right)}
        if not fitting or left is None or right is None:
            return UNSURE if fitting else FALSE
        return TRUE if len(fitting) == len(left) * len(right) else UNSURE

    def _distance(self, node: Between, left: Node, right: Node, binding: Binding) -> Interval:
        from_, to = self.options(left, binding), self.options(right, binding)
        if from_ is None or to is None or len(from_) * len(to) > MOST_COMBINATIONS:
            return static_bounds(node, self.resolved)
        found: list[Interval] = []
        for a, b in product(from_, to):
            start, end = self._where(a), self._where(b)
            if start is None or end is None:
                return static_bounds(node, self.resolved)
            found.append(point(0.0 if a == b else great_circle_km(start, end)))
        return _joined(found)

    def _where(self, place: str | float | None) -> Point | None:
        places = self.resolved.kinds["place"]
        return None if place is None or not places.at else places.at[self._position(places, str(place))]


def _changes_the_start(rule: Rule) -> bool:
    notes = rule.origin is not None and (rule.origin.word, rule.origin.role) == ("question", "resolves")
    return rule.is_trigger and not notes


def _joined(found: list[Interval]) -> Interval:
    return (min(low for low, _ in found), max(high for _, high in found)) if found else FALSE


def _largest(found: list[Interval]) -> Interval:
    return (max(low for low, _ in found), max(high for _, high in found)) if found else FALSE


def _hull(values: list[str | float | None]) -> Interval:
    numbers = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
    return (min(numbers), max(numbers)) if numbers else FALSE
