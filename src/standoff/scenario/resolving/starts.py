"""What a state starts at, and how fast a memory fades: `begin` laid out over the members of its kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product
from math import prod
from typing import Any

from standoff.errors import Fault, Faults, suggestion
from standoff.numerals import plural
from standoff.scenario import schema
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.expr import parse
from standoff.scenario.expression.names import DAY, Names, Scope, StateName
from standoff.scenario.expression.slips import as_share
from standoff.scenario.expression.syntax import fault_in, refused
from standoff.scenario.origin import origin_of
from standoff.scenario.resolved import State
from standoff.scenario.resolving.declarations import place_of
from standoff.scenario.tree import Constant, Entity, Level, Node, Number, OneOf, Span, Type
from standoff.scenario.walks import reads
from standoff.time import looks_like_duration, parse_duration

EVERY = "every"
Entry = tuple[tuple[str, ...], Node]


def resolve_state(name: str, state: schema.State, begin: Any, names: Names, faults: list[Fault]) -> State:
    """A state with all its starting values; notes faults and goes on with what is well-formed."""
    known = names.states[name]
    laid_out = _Begin(name, state, known, names, faults)
    otherwise = _nothing(known.type)
    entries: list[Entry] = []
    if isinstance(begin, Mapping):
        entries = list(laid_out.entries(begin, ()))
    elif begin is not None:
        otherwise = laid_out.value(begin) or otherwise
    if len(entries) < prod(len(names.kinds[kind]) for kind in known.of):
        laid_out.check_default(otherwise if begin is None or isinstance(begin, Mapping) else None)
    half_life = None
    if state.half_life is not None:
        try:
            half_life = _half_life(state.half_life, names)
        except Faults as found:
            faults.extend(found.faults)
    return State(
        name=str(name),
        of=known.of,
        type=known.type,
        unit=known.unit,
        at_least=state.at_least,
        at_most=state.at_most,
        half_life=half_life,
        begin=tuple(entries),
        otherwise=otherwise,
        origin=origin_of(name),
        moves_by=None if state.moves_by is None else moved_by(state, known, names, faults),
    )


def moved_by(state: schema.State, known: StateName, names: Names, faults: list[Fault]) -> str | None:
    """The state that another one moves by; None, with a fault noted, where it cannot."""
    by = state.moves_by or ""
    speed = names.states.get(by)
    if speed is None:
        hint, expected = suggestion(by, names.states, what="states")
        faults.append(fault_in(by, "SD204", f"unknown state '{by}'", expected=expected, hint=hint))
        return None
    if not isinstance(speed.type, Number) or speed.of != known.of or speed.memory:
        found = f"'{by}' is no number with the same indices that stands still between events"
        faults.append(fault_in(by, "SD352", found, hint="moves_by names a state with the same of, without half_life"))
        return None
    if speed.unit is not None and known.unit is not None and speed.unit * DAY != known.unit:
        found = f"what this moves by is in {known.unit / DAY}, but '{by}' is in {speed.unit}"
        faults.append(fault_in(by, "SD306", found))
        return None
    return str(by)


def only_parameters(words: str, node: Node, what: str, *, hint: str | None = None) -> None:
    """Raises SD313 for an expression that reads what changes during a run."""
    found = reads(node)
    counts = [f"count({rule})" for rule in sorted(found.firings)]
    read = [*sorted(found.states), *counts, *(["t"] if found.time else [])]
    if read:
        told = f"{what} is fixed before a run starts, but this reads {', '.join(read)}"
        raise refused(words, "SD313", told, hint=hint or "use parameters")


def in_days(words: str, node: Node, what: str) -> None:
    """Raises SD306 for a time that is known not to be in days."""
    if node.unit is not None and node.unit != DAY:
        raise refused(words, "SD306", f"{what} must be in days, but this is in {node.unit}")


def as_probability(words: str, node: Node, *, span: Span | None = None) -> None:
    """Raises SD312 or SD306 for what is no probability: outside 0 to 1, or with time or length in its unit."""
    value = constant(node)
    if value is not None and not 0.0 <= value <= 1.0:
        found = "a probability outside 0 to 1"
        raise Faults((fault_in(words, "SD312", found, span=span, hint=as_share(value)),))
    if node.unit is not None and node.unit.measures:
        found = f"a probability is a plain number, and this is in {node.unit}"
        raise Faults((fault_in(words, "SD306", found, span=span),))


def _nothing(type_: Type) -> Node:
    return Entity(type=type_, name=None) if isinstance(type_, OneOf) else Constant(type=type_, value=0.0)


def _half_life(words: str, names: Names) -> Node:
    if looks_like_duration(words):
        try:
            node: Node = Constant(type=Number(), value=parse_duration(words), unit=DAY)
        except Fault as fault:
            raise Faults((fault.at(place_of(words)),)) from None
    else:
        node = parse(words, Scope(names), expect=Number())
    only_parameters(words, node, "a half-life")
    in_days(words, node, "a half-life")
    value = constant(node)
    if value is not None and value <= 0.0:
        raise refused(words, "SD312", "a half-life must be above 0")
    return node


class _Begin:
    """The starting values of one state."""

    def __init__(self, name: str, state: schema.State, known: StateName, names: Names, faults: list[Fault]) -> None:
        self.name = name
        self.state = state
        self.known = known
        self.names = names
        self.faults = faults
        self.told = {(fault.code, fault.location, fault.found) for fault in faults}

    def entries(self, given: Any, before: tuple[str, ...]) -> Iterator[Entry]:
        """The (members, value) pairs that a part of `begin` gives for the indices after `before`."""
        rest = self.known.of[len(before) :]
        if not isinstance(given, Mapping):
            node = self.value(given)
            if node is not None:
                for members in product(*(self.names.kinds[kind] for kind in rest)):
                    yield (*before, *members), node
            return
        if not rest:
            count = len(self.known.of)
            found = f"{self.name} has {count} {'index' if count == 1 else 'indices'}, but more are given here"
            first = next(iter(given), "")
            self.faults.append(Fault("SD305", place_of(first), found, width=max(1, len(first))))
            return
        members = self.names.kinds[rest[0]]
        for key, part in given.items():
            if key == EVERY:
                for member in (member for member in members if member not in given):
                    yield from self.entries(part, (*before, member))
            elif self.names.entities.get(key) == rest[0]:
                yield from self.entries(part, (*before, str(key)))
            else:
                hint, expected = suggestion(key, chain(members, (EVERY,)), what=plural(rest[0]))
                found = f"unknown {rest[0]} '{key}'"
                self.faults.append(Fault("SD204", place_of(key), found, expected=expected, hint=hint, width=len(key)))

    def value(self, words: str) -> Node | None:
        """The value itself, which must be known before the run starts; None if it is not well-formed."""
        try:
            node = parse(words, Scope(self.names), expect=self.known.type)
            only_parameters(words, node, "a start")
            self._check(words, node)
        except Faults as found:
            # `every` reads the same words once for each member, and says once what is wrong with them.
            new = {(fault.code, fault.location, fault.found): fault for fault in found.faults}
            self.faults.extend(fault for key, fault in new.items() if key not in self.told)
            self.told.update(new)
            return None
        return node

    def _check(self, words: str, node: Node) -> None:
        unit = self.known.unit
        if unit is not None and node.unit is not None and unit != node.unit:
            found = f"the units differ: {self.name} is in {unit}, but this is in {node.unit}"
            raise refused(words, "SD306", found)
        value = constant(node)
        if value is not None and self._outside(value):
            found = f"{self.name} starts at {value:g}, which is outside its bounds"
            raise refused(words, "SD312", found, expected=self._range())

    def check_default(self, node: Node | None) -> None:
        """Notes a state that would start at 0 where its bounds do not allow 0."""
        if node is not None and isinstance(self.known.type, Number) and self._outside(0.0):
            found = f"{self.name} starts at 0 where begin gives no value, which is outside its bounds"
            hint = f"give it a start under begin: {self.name}"
            fault = Fault("SD312", place_of(self.name), found, expected=self._range(), hint=hint, width=len(self.name))
            self.faults.append(fault)

    def _outside(self, value: float) -> bool:
        if isinstance(self.known.type, Level | OneOf):
            return False
        low, high = self.state.at_least, self.state.at_most
        return (low is not None and value < low) or (high is not None and value > high)

    def _range(self) -> str:
        low, high = self.state.at_least, self.state.at_most
        parts = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
        return "expected " + " and ".join(part for part in parts if part)
