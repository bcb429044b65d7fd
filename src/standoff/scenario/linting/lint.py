"""Lint: what is allowed in a scenario but probably not meant. Every warning is true and says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from standoff.errors import Fault
from standoff.scenario.expression.syntax import names_in
from standoff.scenario.linting.exchanged import exchanged
from standoff.scenario.linting.ranges import out_of_range
from standoff.scenario.linting.seats import seat_warnings
from standoff.scenario.linting.steps import missed_bounds
from standoff.scenario.linting.times import idle_dates, overdue_rules
from standoff.scenario.linting.undefined import undefined
from standoff.scenario.linting.unreachable import Possibilities
from standoff.scenario.linting.unread import unread
from standoff.scenario.linting.warned import key, warning
from standoff.scenario.linting.zones import empty_zones
from standoff.scenario.resolved import Resolved
from standoff.scenario.schema import Document, in_order, whole_of
from standoff.scenario.tree import Constant, Entity, Node, Number, OneOf
from standoff.scenario.walks import conjuncts, free_variables, reads, rule_nodes, walk, watch_nodes

_WRITE_RULES = "say what can happen, such as rules: {clash: {rate: 0.1, event: ASSAULT by red on blue}}"


def lint(document: Document, expanded: Document, resolved: Resolved) -> tuple[Fault, ...]:
    """The warnings of a scenario, in the order of its file."""
    possibilities = Possibilities(document, expanded, resolved)
    doing_nothing = _Lint(document, possibilities).warnings()
    late = (*overdue_rules(expanded, resolved), *idle_dates(expanded, resolved))
    amiss = (*missed_bounds(document, resolved), *late, *seat_warnings(document, resolved))
    beyond = (*unread(document, expanded, resolved), *out_of_range(possibilities), *undefined(possibilities))
    return tuple(in_order([*possibilities.warnings(), *doing_nothing, *amiss, *beyond]))


class _Lint:
    """What is there but does nothing, or stands on nothing."""

    def __init__(self, document: Document, possibilities: Possibilities) -> None:
        self.document = document
        self.resolved = possibilities.resolved
        self.ever = possibilities.ever

    def warnings(self) -> Iterator[Fault]:
        """Everything of that kind."""
        yield from empty_zones(self.document, self.resolved)
        yield from exchanged(self.document)
        yield from self._without_evidence()
        yield from self._broken_corridors()
        moving = any(state.moves for state in self.resolved.states.values())
        if not moving and all(rule.silent for rule in self.resolved.rules):
            # Then all that it has does nothing: who drafts or begins one would be told so of each actor and number.
            yield warning("SD432", self.document.title, "nothing can happen yet: there is no rule", _WRITE_RULES)
            return
        yield from self._idle_actors()
        yield from self._unread_states()
        yield from self._unused_parameters()

    # -- corridors -------------------------------------------------------------------------------------------------

    def _broken_corridors(self) -> Iterator[Fault]:
        roads: dict[str, set[str]] = {}
        for a, b in self.resolved.relations["road"].pairs:
            roads.setdefault(a, set()).add(b)
        for name, corridor in self.document.corridors.items():
            if corridor.through is not None:
                continue
            reached, pending = {str(corridor.from_)}, [str(corridor.from_)]
            while pending:
                new = roads.get(pending.pop(), set()) - reached
                reached |= new
                pending += new
            if corridor.to not in reached:
                ends = f"from '{corridor.from_}' to '{corridor.to}'"
                found = f"no road leads {ends}, so the corridor '{name}' is never open"
                yield warning("SD410", name, found, "add the missing routes, or name the path under through")

    # -- actors ----------------------------------------------------------------------------------------------------

    def _idle_actors(self) -> Iterator[Fault]:
        deciding = {str(decision.of) for decision in self.document.decisions.values()} | {*self.document.goals}
        deciding |= {str(order.of) for order in self.document.orders.values()}
        # Also a party over whose head a deal is made: whether it would gain is shown.
        deciding |= {str(party) for deal in self.document.deals.values() for party in deal.parties}
        active = self._named() | self._bound() | self._begun() | deciding
        for name in self.document.actors:
            if name not in active and name not in self._elsewhere:
                hint = "give it a rule, or remove it"
                yield warning("SD406", name, f"no rule can involve the actor '{name}'", hint)

    def _named(self) -> set[str]:
        nodes = (node for rule in self.resolved.rules for node in walk(*rule_nodes(rule), rule.decides))
        return {node.name for node in nodes if isinstance(node, Entity) and node.name is not None}

    def _bound(self) -> set[str]:
        # The actors that a variable of an authored rule can stand for.
        found: set[str] = set()
        for rule in self.resolved.rules:
            if rule.silent or (rule.origin is not None and rule.origin.word == "red line"):
                continue
            ranges = self.ever.ranges(rule)
            for variable in rule.variables:
                if variable.domain.kind != "actor":
                    continue
                parts = conjuncts(rule.when)
                alone = [part for part in parts if free_variables(part) == {variable.name}]
                for name in (str(option) for option in ranges[variable.name] if option not in found):
                    binding = {**ranges, variable.name: frozenset((name,))}
                    if all(self.ever.of(part, binding)[1] > 0.0 for part in alone):
                        found.add(name)
        return found

    def _begun(self) -> set[str]:
        # The actors that state tells something of at the start, as index or as value.
        found: set[str] = set()
        for state in self.resolved.states.values():
            for names, value in state.begin:
                if not (isinstance(value, Constant) and value.value == 0.0):
                    found.update(name for name, kind in zip(names, state.of, strict=True) if kind == "actor")
            if isinstance(state.type, OneOf) and state.type.kind == "actor":
                values = [state.otherwise, *(value for _, value in state.begin)]
                found.update(value.name for value in values if isinstance(value, Entity) and value.name)
        return found

    # -- evidence --------------------------------------------------------------------------------------------------

    def _without_evidence(self) -> Iterator[Fault]:
        hint = "add evidence: a paragraph of a source, or assumption"
        # What each entity has of a parameter is told of once.
        bare = {whole_of(name): name for name, one in reversed(self.document.parameters.items()) if not one.evidence}
        for name, written in reversed(bare.items()):
            yield warning("SD407", written, f"the parameter '{name}' has no evidence", hint)
        states = self.document.state.items()
        starts = [name for name, state in states if not state.evidence and self._begins_with_numbers(name)]
        if starts:
            word = key(self.document.state, starts[0])
            yield warning("SD407", word, f"numbers at the start without evidence: {_listed(starts)}", hint)
        rules = [name for name, part in self._happenings() if not part.evidence]
        if rules:
            yield warning("SD407", rules[0], f"what can happen without evidence: {_listed(rules)}", hint)
        flows = [name for name, flow in self.document.flows.items() if not flow.evidence]
        if flows:
            yield warning("SD407", flows[0], f"flows without evidence: {_listed(flows)}", hint)
        goals = [actor for actor, goal in self.document.goals.items() if not goal.evidence]
        if goals:
            yield warning("SD407", goals[0], f"goals without evidence: {_listed(goals)}", hint)
        policies = [name for name, policy in self.document.policies.items() if not policy.evidence]
        if policies:
            yield warning("SD407", policies[0], f"policies without evidence: {_listed(policies)}", hint)
        claims = [name for name, claim in self.document.claims.items() if not claim.evidence]
        if claims:
            yield warning("SD407", claims[0], f"claims without evidence: {_listed(claims)}", hint)

    def _begins_with_numbers(self, name: str) -> bool:
        state = self.resolved.states[name]
        values = [state.otherwise, *(value for _, value in state.begin)]
        numbers = [value for value in values if not isinstance(value, Constant) or value.value]
        return isinstance(state.type, Number) and bool(numbers)

    def _happenings(self) -> Iterator[tuple[str, Any]]:
        yield from ((name, rule) for name, rule in self.document.rules.items() if not rule.silent)
        yield from self.document.red_lines.items()
        yield from ((name, inject) for name, inject in self.document.injects.items() if inject.on)
        for actor, stance in self.document.stances.items():
            yield from ((actor, change) for change in stance.changes if not stance.evidence)
        yield from self.document.deals.items()
        for decision, words in self.document.decisions.items():
            yield from ((decision, option) for option in words.options.values() if not words.evidence)
        yield from ((name, order) for name, order in self.document.orders.items() if order.otherwise is not None)

    # -- what nothing uses -----------------------------------------------------------------------------------------

    @cached_property
    def _read(self) -> tuple[frozenset[str], frozenset[str]]:
        # The states and the parameters that anything reads.
        nodes: list[Node | None] = [node for rule in self.resolved.rules for node in rule_nodes(rule)]
        nodes += [node for question in self.resolved.questions for node in (question.answer, question.levels)]
        for watch in self.resolved.watches:
            nodes += watch_nodes(watch)
        for state in self.resolved.states.values():
            nodes += [state.half_life, state.otherwise, *(value for _, value in state.begin)]
        found = reads(*nodes)
        moved_by = {state.moves_by for state in self.resolved.states.values() if state.moves_by is not None}
        return found.states | moved_by, found.parameters

    @cached_property
    def _elsewhere(self) -> set[str]:
        # The names that variants and policies use.
        policies = {name: policy.model_dump() for name, policy in self.document.policies.items()}
        return {name for words in _texts([self.document.variants, policies]) for name in names_in(words)}

    def _unread_states(self) -> Iterator[Fault]:
        for name in self.document.state:
            if name not in self._read[0] and name not in self._elsewhere:
                hint = "use it in a rule or a question, watch it, or remove it"
                yield warning("SD409", name, f"nothing reads the state '{name}'", hint)

    def _unused_parameters(self) -> Iterator[Fault]:
        read = {whole_of(name) for name in self._read[1]}
        unread = {whole_of(name): name for name in reversed(self.document.parameters) if whole_of(name) not in read}
        for name, written in reversed(unread.items()):
            if name not in self._elsewhere:
                yield warning("SD411", written, f"nothing uses the parameter '{name}'", "use it, or remove it")


def _listed(names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:8])} and {len(names) - 8} more"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield str(name)
            yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _texts(below)
