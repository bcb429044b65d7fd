"""How large a scenario becomes once its variables are written out: values, columns of series, and bytes of tables.

What is counted is an upper bound, made of what was measured: conditions that fixed facts decide may leave less. Of
them, those count here that leave out most: groups, relations, and a variable that is one entity.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from standoff.scenario import resolved as res
from standoff.scenario.resolved import Assign, Chance, ForEach, Group, If, Kind, Let, Relation, Rule, State, Watch
from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Constant,
    Domain,
    Draw,
    Entity,
    Firings,
    Fold,
    Local,
    Member,
    Node,
    Now,
    OwnValue,
    ParameterValue,
    Pick,
    Related,
    StateValue,
    Variable,
    Word,
    children,
)
from standoff.scenario.walks import conjuncts, free_variables, walk

MOST_VALUES = 20_000_000
"""The most values that all states together hold."""

MOST_STARTS = 200_000
"""The most starting values that are given one by one, or by `every`."""

MOST_COLUMNS, MOST_RECORDED = 50_000, 10_000_000
"""The most columns that all series together have, and the most values in a run."""

MOST_BYTES = 3_000_000_000
"""The most that the tables of all rules, series and questions may take in memory while they are made."""

_CELL = 8
_OPERAND, _KEPT_OPERAND = 32, 8
"""What one column of operands takes in each row, while it is made and afterwards."""
_READ, _EDGE = 40, 120
"""What it takes to note that a row reads a value, and to sort that into the graph of who depends on what."""
_START = 600
"""What a starting value takes that differs from run to run."""
_ARRAYS = {"distance": 48, "road_km": 24, "relation": 24}
"""What one pair takes in the arrays of fixed facts."""

_MOVING = (StateValue, ParameterValue, OwnValue, Local, Firings, Now, Draw, Pick)


@dataclass
class Memory:
    """How many bytes something takes: what is kept, and what is needed beside it for a while."""

    kept: int = 0
    passing: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.kept + self.passing

    def keep(self, size: int) -> None:
        """Add to what is kept."""
        self.kept += size

    def need(self, size: int) -> None:
        """Note what is needed for a while."""
        self.passing = max(self.passing, size)

    def beside(self, other: Memory) -> Memory:
        """Both, one made after the other."""
        return Memory(self.kept + other.kept, max(self.passing, other.passing))


@dataclass(frozen=True)
class Excess:
    """What is too large: the name with which it becomes so, what is said of it and the cure."""

    word: str
    found: str
    hint: str


@dataclass(frozen=True)
class _Rows:
    """The rows that code is laid out for: how many, of which variables, for which rows of the rule itself."""

    rows: int
    variables: tuple[str, ...]
    roots: int
    reads: bool = False


class Sizes:
    """Counts over the entities, groups, relations and states of a scenario."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        groups: Mapping[str, Group],
        relations: Mapping[str, Relation],
        states: Mapping[str, State],
    ) -> None:
        self.kinds, self.groups, self.relations, self.states = kinds, groups, relations, states
        self._pairs = {name: self._degrees(relation) for name, relation in relations.items()}
        self._arrays: set[tuple[str, str]] = set()
        # By the identity of nodes, which are kept beside the verdicts so that no other takes their place.
        self._moving: dict[int, tuple[Node, bool]] = {}

    def excess(self, things: list[tuple[str, Rule | Watch | Node]], times: int) -> Excess | None:
        """The first of all rules, series and answers with which a scenario becomes too large, or None."""
        return self._series_beyond(things, times) or self._tables_beyond(things)

    def _series_beyond(self, things: list[tuple[str, Rule | Watch | Node]], times: int) -> Excess | None:
        columns = 0
        for word, thing in things:
            columns += self._bound(thing.variables, None, Memory()).rows if isinstance(thing, Watch) else 0
            if columns > MOST_COLUMNS or columns * times > MOST_RECORDED:
                found = f"with '{word}', all series have {columns:,} columns and {columns * times:,} values in each run"
                limits = f"the limits are {MOST_COLUMNS:,} and {MOST_RECORDED:,}"
                return Excess(word, f"{found}; {limits}", "watch fewer combinations, such as a group, or less often")
        return None

    def _tables_beyond(self, things: list[tuple[str, Rule | Watch | Node]]) -> Excess | None:
        moving = [state for state in self.states.values() if self._moves(state.otherwise)]
        memory = Memory(_START * sum(map(self._values, moving)))
        for word, thing in things:
            memory = memory.beside(self._memory(thing))
            if memory.total > MOST_BYTES:
                found = f"with '{word}', the tables of all rules and series take about {memory.total / 1e9:,.1f} GB"
                hint = "use fewer variables or loops, smaller groups, or relations that fewer entities have"
                return Excess(word, f"{found} of memory; the limit is {MOST_BYTES / 1e9:,.0f} GB", hint)
        return None

    def _values(self, state: State) -> int:
        return prod(len(self.kinds[kind].members) for kind in state.of)

    def _memory(self, thing: Rule | Watch | Node) -> Memory:
        """What the tables of a rule, a series or an answer take; arrays of fixed facts count where they come first."""
        memory = Memory()
        match thing:
            case Rule():
                rows = self._bound(thing.variables, thing.when, memory)
                reading = _Rows(rows.rows, rows.variables, rows.rows, reads=thing.rate is not None or thing.is_trigger)
                self._code([*self._moving_parts(thing.when), thing.rate, thing.at], reading, memory)
                event = thing.event
                self._code([] if event is None else [event.source, event.target, event.place, event.size], rows, memory)
                self._statements(thing.then, rows, memory)
            case Watch():
                self._code([thing.of], self._bound(thing.variables, None, memory), memory)
            case _:
                self._code([thing], _Rows(1, (), 1), memory)
        return memory

    def _bound(self, variables: tuple[res.Variable, ...], when: Node | None, memory: Memory) -> _Rows:
        """The rows that the variables of a rule make, one variable after the other."""
        rows = 1
        names: tuple[str, ...] = ()
        domains: dict[str, Domain] = {}
        for variable in variables:
            self._array("relation", variable.domain.name if variable.domain.over == "relation" else None, memory)
            before = rows * self._size(variable.domain)
            names = (*names, variable.name)
            domains[variable.name] = variable.domain
            rows = min(before, self._left(domains, when))
            memory.need(_CELL * before * (len(names) + 4))
        for condition in conjuncts(when):
            if not self._moves(condition):
                self._facts(condition, memory)
        return _Rows(rows, names, rows)

    def _left(self, domains: Mapping[str, Domain], when: Node | None) -> int:
        """The most combinations of some variables that groups, relations and names in a condition leave."""
        sizes = {name: self._size(domain) for name, domain in domains.items()}
        pairs: list[tuple[str, str, int]] = []
        for condition in conjuncts(when):
            match condition:
                case Member(of=Variable(name=name), group=group) if name in sizes:
                    sizes[name] = min(sizes[name], len(self.groups[group].members))
                case Binary(op="==", left=Variable(name=name), right=Entity()) if name in sizes:
                    sizes[name] = 1
                case Binary(op="==", left=Entity(), right=Variable(name=name)) if name in sizes:
                    sizes[name] = 1
                case Related(relation=relation, of=(Variable(name=a), Variable(name=b))) if a in sizes and b in sizes:
                    pairs.append((a, b, len(self.relations[relation].pairs)))
        for a, b, count in pairs:
            if count < sizes[a] * sizes[b]:
                # Both are chosen as a pair; another relation of one of them counts no more.
                sizes[a], sizes[b] = count, 1
        return prod(sizes.values())

    def _code(self, nodes: list[Node | None], at: _Rows, memory: Memory) -> None:
        """What some expressions take, in rows that they share: equal operands are stored once."""
        for node in dict.fromkeys(part for top in nodes if top is not None for part in self._parts(top)):
            self._facts(node, memory)
            match node:
                case Fold() | Pick():
                    below = [node.body] if isinstance(node, Fold) else [node.weight]
                    inner = self._loop(node.domain, node.variable, node.where, at, memory)
                    if self._moves(node):
                        self._code([*below, *self._moving_parts(node.where)], inner, memory)
                case StateValue():
                    self._state(node.name, node.indices, at, memory)
                case _:
                    self._operand(at, memory)

    def _state(self, name: str, indices: tuple[Node, ...], at: _Rows, memory: Memory) -> None:
        """What reading or writing a state takes: its position, and every value that it may be."""
        self._operand(at, memory)
        state = self.states[name]
        moving = [kind for kind, index in zip(state.of, indices, strict=False) if self._moves(index)]
        each = prod(len(self.kinds[kind].members) for kind in moving)
        memory.need(2 * _CELL * at.rows * each)
        if at.reads:
            reads = at.rows * each
            memory.keep(_READ * reads + _EDGE * min(reads, at.roots * self._values(state)))

    def _operand(self, at: _Rows, memory: Memory) -> None:
        memory.keep(_KEPT_OPERAND * at.rows)
        memory.need((_OPERAND + _CELL * (len(at.variables) + 2)) * at.rows)

    def _loop(self, domain: Domain, variable: str, where: Node | None, at: _Rows, memory: Memory) -> _Rows:
        self._array("relation", domain.name if domain.over == "relation" else None, memory)
        rows = at.rows * self._size(domain)
        memory.need(_CELL * rows * (len(at.variables) + 6))
        names = (*at.variables, variable)
        left = at.rows * self._left({variable: domain}, where)
        for condition in conjuncts(where):
            if isinstance(condition, Related) and not self._moves(condition):
                partners = self._pairs[condition.relation]
                for end, other, most in zip(condition.of, condition.of[::-1], partners[::-1], strict=True):
                    if isinstance(end, Variable) and end.name == variable and variable not in free_variables(other):
                        left = min(left, at.rows * most)
        return _Rows(min(rows, left), names, at.roots, at.reads)

    def _moves(self, node: Node) -> bool:
        """Whether a value may change while a scenario runs, or from run to run."""
        known = self._moving.get(id(node))
        if known is None:
            known = node, isinstance(node, _MOVING) or any(self._moves(child) for child in children(node))
            self._moving[id(node)] = known
        return known[1]

    def _moving_parts(self, condition: Node | None) -> list[Node | None]:
        return [part for part in conjuncts(condition) if self._moves(part)]

    def _parts(self, node: Node) -> Iterator[Node]:
        """What is stored of an expression: its loops, the states that it reads, its largest parts that never move."""
        if isinstance(node, Constant | Word | ParameterValue | Local | Firings | Now | Entity):
            return
        if isinstance(node, Fold | Pick) or not self._moves(node):
            yield node
            return
        if isinstance(node, StateValue | Attribute | Member | Related | Between):
            yield node
        for child in children(node):
            yield from self._parts(child)

    def _statements(self, statements: tuple[res.Statement, ...], at: _Rows, memory: Memory) -> None:
        for statement in statements:
            match statement:
                case Assign():
                    self._code([*statement.indices, statement.value], at, memory)
                    self._state(statement.state, statement.indices, at, memory)
                case Let():
                    self._code([statement.value], at, memory)
                case If():
                    self._code([statement.condition], at, memory)
                    self._statements((*statement.then, *statement.otherwise), at, memory)
                case Chance():
                    for chance, do in statement.branches:
                        self._code([chance], at, memory)
                        self._statements(do, at, memory)
                    self._statements(statement.otherwise, at, memory)
                case ForEach():
                    inner = self._loop(statement.domain, statement.variable, statement.where, at, memory)
                    self._code(self._moving_parts(statement.where), inner, memory)
                    self._statements(statement.do, inner, memory)

    def _facts(self, node: Node, memory: Memory) -> None:
        for part in walk(node):
            match part:
                case Between(measure=measure):
                    self._array(measure, "", memory)
                case Related(relation=relation):
                    self._array("relation", relation, memory)

    def _array(self, what: str, name: str | None, memory: Memory) -> None:
        if name is None or (what, name) in self._arrays:
            return
        self._arrays.add((what, name))
        kinds = self.relations[name].kinds if what == "relation" else ("place", "place")
        memory.keep(_ARRAYS[what] * prod(len(self.kinds[kind].members) for kind in kinds))

    def _size(self, domain: Domain) -> int:
        """The most members that a variable ranges over."""
        match domain.over:
            case "group":
                return len(self.groups[domain.name].members)
            case "relation":
                return self._pairs[domain.name][0]
        return len(self.kinds[domain.kind].members)

    @staticmethod
    def _degrees(relation: Relation) -> tuple[int, int]:
        """The most partners that anybody has who stands first in a relation, and who stands second."""
        counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for pair in relation.pairs:
            for count, end in zip(counts, pair, strict=True):
                count[end] = count.get(end, 0) + 1
        starts, ends = (max(count.values(), default=0) for count in counts)
        return starts, ends


def excess_of_values(shapes: Mapping[str, tuple[Collection[str], ...]]) -> Excess | None:
    """The first state with which all states together hold too many values, given the members of their kinds."""
    values = 0
    for state, shape in shapes.items():
        values += prod(map(len, shape))
        if values > MOST_VALUES:
            found = f"with the state '{state}', all states hold {values:,} values; the limit is {MOST_VALUES:,}"
            return Excess(state, found, "use fewer kinds, or fewer members")
    return None


def excess_of_starts(states: Mapping[str, tuple[Any, tuple[Collection[str], ...]]]) -> Excess | None:
    """The first state with which too many starting values are given one by one, given what `begin` says of each."""
    starts = 0
    for state, (begin, shape) in states.items():
        starts += _starts(begin, shape) if isinstance(begin, Mapping) else 0
        if starts > MOST_STARTS:
            found = f"with '{state}', {starts:,} starting values are given one by one; the limit is {MOST_STARTS:,}"
            return Excess(state, found, f"a start that all have is written once: {state}: VALUE")
    return None


def _starts(begin: Any, shape: tuple[Collection[str], ...]) -> int:
    if not isinstance(begin, Mapping):
        return prod(map(len, shape))
    if not shape:
        return 0
    others = sum(member not in begin for member in shape[0])
    return sum((others if key == "every" else 1) * _starts(part, shape[1:]) for key, part in begin.items())
