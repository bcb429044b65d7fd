"""Which entities the states of a scenario can ever hold, by what they start at and by what rules write to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from standoff.scenario.resolved import Assign, Chance, ForEach, Group, If, Kind, Let, Relation, Rule, State, Statement
from standoff.scenario.tree import Attribute, Choose, Domain, Entity, Local, Node, OneOf, Pick, StateValue, Variable

_Source = tuple[str, Node, Mapping[str, Domain]]
"""A state or a rule's local value, what is given to it, and the domains of the variables there."""


class Held:
    """The entities that a state can hold; conditions on states are not judged, so it may be fewer."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        groups: Mapping[str, Group],
        relations: Mapping[str, Relation],
        states: Mapping[str, State],
        rules: Iterable[Rule],
    ) -> None:
        self.kinds, self.groups, self.relations = kinds, groups, relations
        self.names: dict[str, set[str]] = {}
        sources: list[_Source] = []
        for state in states.values():
            if isinstance(state.type, OneOf):
                begins = [state.otherwise, *(node for _, node in state.begin)]
                sources += [(state.name, node, {}) for node in begins]
        for rule in rules:
            domains = {variable.name: variable.domain for variable in rule.variables}
            sources += self._written(rule.then, domains, rule.name)
        # What one state holds may come from another, so it is worked out until nothing is added.
        more = True
        while more:
            more = sum(self._add(*source) for source in sources) > 0

    def of(self, state: str) -> frozenset[str]:
        """The entities that a state can hold at some time, for some index."""
        return frozenset(self.names.get(state, ()))

    def members(self, domain: Domain) -> tuple[str, ...]:
        """The entities of a domain."""
        if domain.over == "group":
            return self.groups[domain.name].members
        if domain.over == "relation":
            return tuple(dict.fromkeys(second for _, second in self.relations[domain.name].pairs))
        return self.kinds[domain.kind].members

    def _written(self, then: Iterable[Statement], domains: Mapping[str, Domain], rule: str) -> Iterator[_Source]:
        for statement in then:
            match statement:
                case Assign(state=state, value=value) if isinstance(value.type, OneOf):
                    yield state, _named_apart(value, rule), domains
                case Let(name=name, value=value) if isinstance(value.type, OneOf):
                    yield f"{rule}/{name}", _named_apart(value, rule), domains
                case If(then=first, otherwise=second):
                    yield from self._written((*first, *second), domains, rule)
                case ForEach(variable=variable, domain=domain, do=do):
                    yield from self._written(do, {**domains, variable: domain}, rule)
                case Chance(branches=branches, otherwise=otherwise):
                    for _, do in branches:
                        yield from self._written(do, domains, rule)
                    yield from self._written(otherwise, domains, rule)

    def _add(self, to: str, value: Node, domains: Mapping[str, Domain]) -> bool:
        there = self.names.setdefault(to, set())
        before = len(there)
        there.update(self._values(value, domains))
        return len(there) > before

    def _values(self, node: Node, domains: Mapping[str, Domain]) -> Iterable[str]:
        match node:
            case Entity(name=name):
                return () if name is None else (name,)
            case Variable(name=name) if name in domains:
                return self.members(domains[name])
            case StateValue(name=name) | Local(name=name):
                return tuple(self.names.get(name, ()))
            case Choose(then=then, otherwise=otherwise):
                return (*self._values(then, domains), *self._values(otherwise, domains))
            case Pick(domain=domain):
                return self.members(domain)
            case Attribute(of=of, name=name) if isinstance(of.type, OneOf):
                return [str(value) for value in self.kinds[of.type.kind].attributes[name].values if value is not None]
        return self.kinds[node.type.kind].members if isinstance(node.type, OneOf) else ()


def _named_apart(node: Node, rule: str) -> Node:
    """The value with local values named by their rule too: two rules may call theirs alike."""
    match node:
        case Local(name=name):
            return Local(type=node.type, unit=node.unit, span=node.span, name=f"{rule}/{name}")
        case Choose(then=then, otherwise=otherwise):
            return Choose(
                type=node.type, unit=node.unit, span=node.span, condition=node.condition,
                then=_named_apart(then, rule), otherwise=_named_apart(otherwise, rule),
            )  # fmt: skip
    return node
