"""What expressions and rules read and write: states, memories, parameters, the time, the counts of other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from standoff.scenario.resolved import Assign, Chance, ForEach, If, Rule, Statement, Watch
from standoff.scenario.tree import (
    Binary,
    Draw,
    Firings,
    Fold,
    Local,
    Node,
    Now,
    OwnValue,
    ParameterValue,
    Pick,
    StateValue,
    Variable,
    children,
)


@dataclass(frozen=True, slots=True)
class Reads:
    """What a value depends on; `firings` are the rules whose firings are counted, `draws` tells of randomness."""

    states: frozenset[str]
    parameters: frozenset[str]
    variables: frozenset[str]
    locals: frozenset[str]
    firings: frozenset[str]
    time: bool
    draws: bool

    def memories(self, memories: Iterable[str]) -> frozenset[str]:
        """Those of the states read that are among the given memories."""
        return self.states & frozenset(memories)


def walk(*nodes: Node | None) -> Iterator[Node]:
    """All nodes of some expressions, each before what is below it."""
    pending = [node for node in reversed(nodes) if node is not None]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))


def reads(*nodes: Node | None) -> Reads:
    """What some expressions read, together; `variables` are those bound outside of them."""
    states: set[str] = set()
    parameters: set[str] = set()
    local_values: set[str] = set()
    firings: set[str] = set()
    time = draws = False
    for node in walk(*nodes):
        match node:
            case StateValue(name=name):
                states.add(name)
            case ParameterValue(name=name):
                parameters.add(name)
            case OwnValue(each=each):
                parameters.update(name for _, name in each)
            case Local(name=name):
                local_values.add(name)
            case Firings(rule=rule):
                firings.add(rule)
            case Now():
                time = True
            case Draw() | Pick():
                draws = True
    free = frozenset().union(*(free_variables(node) for node in nodes if node is not None))
    return Reads(
        frozenset(states), frozenset(parameters), free, frozenset(local_values), frozenset(firings), time, draws
    )


def free_variables(node: Node) -> frozenset[str]:
    """The variables of an expression that no quantifier inside it binds."""
    match node:
        case Variable(name=name):
            return frozenset((name,))
        case Fold(variable=variable, domain=domain, where=where, body=body):
            inside = _union(where, body) - {variable}
            return inside | (_union(domain.of) if domain.of is not None else frozenset())
        case Pick(variable=variable, domain=domain, where=where, weight=weight):
            return (_union(where, weight) - {variable}) | _union(domain.of)
    return _union(*children(node))


def _union(*nodes: Node | None) -> frozenset[str]:
    return frozenset().union(*(free_variables(node) for node in nodes if node is not None))


def statement_nodes(statements: Iterable[Statement]) -> Iterator[Node]:
    """The outermost expressions of some statements and of the statements inside them, top to bottom."""
    for statement in statements:
        match statement:
            case Assign(indices=indices, value=value):
                yield from indices
                yield value
            case If(condition=condition, then=then, otherwise=otherwise):
                yield condition
                yield from statement_nodes((*then, *otherwise))
            case ForEach(domain=domain, where=where, do=do):
                yield from (node for node in (domain.of, where) if node is not None)
                yield from statement_nodes(do)
            case Chance(branches=branches, otherwise=otherwise):
                for probability, do in branches:
                    yield probability
                    yield from statement_nodes(do)
                yield from statement_nodes(otherwise)
            case _:
                yield statement.value


def rule_nodes(rule: Rule) -> Iterator[Node]:
    """All outermost expressions of a rule: domains, guard, rate, date, event header and effects."""
    event = rule.event
    header = (event.source, event.target, event.place, event.size) if event is not None else ()
    domains = tuple(variable.domain.of for variable in rule.variables)
    yield from (node for node in (*domains, rule.when, rule.rate, rule.at, *header) if node is not None)
    yield from statement_nodes(rule.then)


def watch_nodes(watch: Watch) -> Iterator[Node]:
    """All outermost expressions of a watch: what its variables range over, and what is recorded."""
    yield from (variable.domain.of for variable in watch.variables if variable.domain.of is not None)
    yield watch.of


def conjuncts(condition: Node | None) -> list[Node]:
    """The parts of a condition that must all hold, left to right; none where there is no condition."""
    if condition is None:
        return []
    if isinstance(condition, Binary) and condition.op == "and":
        return [*conjuncts(condition.left), *conjuncts(condition.right)]
    return [condition]


def assignments(statements: Iterable[Statement]) -> Iterator[Assign]:
    """All assignments to states in some statements, however deep."""
    for statement in statements:
        match statement:
            case Assign():
                yield statement
            case If(then=then, otherwise=otherwise):
                yield from assignments((*then, *otherwise))
            case ForEach(do=do):
                yield from assignments(do)
            case Chance(branches=branches, otherwise=otherwise):
                for _, do in branches:
                    yield from assignments(do)
                yield from assignments(otherwise)


def writes(statements: Iterable[Statement]) -> frozenset[str]:
    """The states that some statements assign to."""
    return frozenset(assignment.state for assignment in assignments(statements))
