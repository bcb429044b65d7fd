"""How a scenario is played, from the words `seats`, `turns` and `sees`: who sits where, and what each seat sees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from standoff.errors import Fault, Faults, suggestion
from standoff.scenario import schema
from standoff.scenario.expression.expr import parse
from standoff.scenario.expression.names import Scope
from standoff.scenario.expression.syntax import refused
from standoff.scenario.expression.written import called, indexed, written
from standoff.scenario.reading.text import Words
from standoff.scenario.resolved import Play, Seat, SeenEvents, Sight, Variable, Watch
from standoff.scenario.resolving.declarations import fault_at
from standoff.scenario.schema import Document
from standoff.scenario.schema.orders import EVERYONE, EVERYTHING
from standoff.scenario.tree import Domain, Node, OneOf, StateValue, Text, Truth
from standoff.scenario.tree import Variable as VariableNode
from standoff.time import parse_duration

A_WEEK = 7.0
"""The days of a turn, where the scenario does not say."""

Variables = Callable[[Mapping[str, str], Scope], tuple[tuple[Variable, ...], Scope]]


def resolve_play(document: Document, scope: Scope, variables: Variables, faults: list[Fault]) -> Play | None:
    """How the expanded document is played; None where it has no seats."""
    seats = {str(name): _seat(document, str(name), seat) for name, seat in document.seats.items()}
    sights = tuple(
        _Sighting(document, seats, sight, number, scope, variables, faults).sight()
        for number, sight in enumerate(document.sees)
    )
    turns = document.turns
    every = A_WEEK if turns is None else parse_duration(turns.every)
    if turns is not None and every <= 0.0:
        found = f"'{turns.every}' for a turn"
        faults.append(fault_at(turns.every, "SD203", found, expected="a duration above 0"))
    until = tuple(_known_rules(() if turns is None else turns.until, scope.names.rules, faults))
    return Play(seats, every, until, sights) if seats else None


def _seat(document: Document, name: str, seat: schema.Seat) -> Seat:
    briefing = None if seat.briefing is None else str(seat.briefing)
    return Seat(name, tuple(_members(document, seat.plays)), briefing)


def _members(document: Document, words: Iterable[str]) -> dict[str, None]:
    """Entities, and groups as their members, each once."""
    found: dict[str, None] = {}
    for word in words:
        group = document.groups.get(Words(word))
        found.update(dict.fromkeys((str(word),) if group is None else map(str, group.members)))
    return found


def _known_rules(words: Iterable[str], rules: Collection[str], faults: list[Fault]) -> Iterator[str]:
    for word in words:
        if word in rules:
            yield str(word)
        else:
            hint, expected = suggestion(word, rules, what="rules")
            faults.append(fault_at(word, "SD204", f"unknown rule '{word}'", expected=expected, hint=hint))


class _Sighting:
    """One line of `sees` while it is read."""

    def __init__(
        self, document: Document, seats: Mapping[str, Seat], words: schema.Sight, number: int, scope: Scope,
        variables: Variables, faults: list[Fault],
    ) -> None:  # fmt: skip
        self.document, self.seats, self.words, self.number = document, seats, words, number
        self.faults, self.names = faults, scope.names
        self.variables, self.scope = variables(words.for_, scope)

    def sight(self) -> Sight:
        """The sight, without what has faults."""
        words = self.words
        by = next((str(name) for name in words.who if name in words.for_), None)
        seats = self.seats if by is not None else self._who()
        what = [pair for one in self._everything() for pair in self._what(one)]
        return Sight(
            seats=tuple(seats),
            by=by,
            what=tuple(what),
            parameters=tuple(dict.fromkeys(one for name in words.parameters for one in self._parameters(str(name)))),
            events=None if words.events is None else self._events(words.events),
        )

    def _parameters(self, name: str) -> list[str]:
        """The parameters of a name: those of every entity where each has a value of its own."""
        each = schema.spread(self.document.parameters).get(name, ())
        return [f"{name}[{entity}]" for entity in each] or [name]

    def _who(self) -> list[str]:
        actors = _members(self.document, self.words.who)
        if EVERYONE in self.words.who:
            return list(self.seats)
        return [
            name
            for name, seat in self.seats.items()
            if name in self.words.who or not actors.keys().isdisjoint(seat.actors)
        ]

    def _everything(self) -> Iterator[str]:
        for words in self.words.what:
            if words == EVERYTHING and words not in self.names.states:
                yield from self.names.states
            else:
                yield words

    def _what(self, words: str) -> Iterator[tuple[Watch, Watch | None]]:
        try:
            alone = self._of_state(words) or self._of_define(words)
            variables, node, label = alone or (self.variables, parse(words, self.scope), words)
            if isinstance(node.type, Text):
                raise refused(words, "SD304", "a text never changes, so there is nothing to see")
            when = None if self.words.when is None else parse(self.words.when, self.scope, expect=Truth())
        except Faults as found:
            self.faults.extend(found.faults)
            return
        name = f"sees-{self.number}-{words}"
        seen = Watch(name, variables, node, str(label), node.unit)
        yield seen, None if when is None else Watch(f"{name}-when", variables, when, str(self.words.when), None)

    def _of_state(self, words: str) -> tuple[tuple[Variable, ...], Node, str] | None:
        """All values of a state, where its name stands alone."""
        state = self.names.states.get(words)
        if state is None or not state.of:
            return None
        more, indices = self._over(state.of)
        node = StateValue(type=state.type, unit=state.unit, name=str(words), indices=indices)
        return (*self.variables, *more), node, written(indexed(words, *(one.name for one in more)), words)

    def _of_define(self, words: str) -> tuple[tuple[Variable, ...], Node, str] | None:
        """All values of a define, where its name stands alone."""
        arguments = self.names.defines.get(words)
        if not arguments:
            return None
        more, _ = self._over(tuple(arguments.values()))
        scope = self.scope
        for variable in more:
            scope = scope.with_variable(variable.name, variable.domain.kind)
        values = written(called(words, *(variable.name for variable in more)), words)
        return (*self.variables, *more), parse(values, scope), values

    def _over(self, kinds: Sequence[str]) -> tuple[tuple[Variable, ...], tuple[Node, ...]]:
        names = [f"any_{kind}_{number}" for number, kind in enumerate(kinds, start=1)]
        variables = tuple(Variable(name, Domain("kind", kind, kind)) for name, kind in zip(names, kinds, strict=True))
        nodes = tuple(VariableNode(type=OneOf(kind), name=name) for name, kind in zip(names, kinds, strict=True))
        return variables, nodes

    def _events(self, events: schema.SeenEvents) -> SeenEvents:
        return SeenEvents(
            type=None if events.type is None else str(events.type),
            mode=None if events.mode is None else str(events.mode),
            rules=tuple(_known_rules(events.rule, self.names.rules, self.faults)),
            parts=tuple((part, tuple(_members(self.document, wanted))) for part, wanted in events.takes_part()),
            hides=tuple(self.words.hides),
        )
