"""Lint of triggers that are sure to set each other off at one instant, again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from standoff.intervals import FALSE, TRUE, Interval, point
from standoff.scenario.expression.bounds import constant
from standoff.scenario.linting.possible_values import Options, PossibleValues
from standoff.scenario.resolved import Assign, Rule
from standoff.scenario.tree import Binary, Level, Node, Number, StateValue, Truth, Unary
from standoff.scenario.walks import conjuncts, reads

Known = tuple[dict[Node, Interval], dict[Node, Options]]
"""What is known of some values: the intervals of numbers and truths, the levels of levels."""


def certain_loops(ever: PossibleValues, triggers: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Rings of triggers, each of which turns the guard of the next from false to true whenever it fires."""
    told: set[str] = set()
    after: dict[str, list[Rule]] = {rule.name: [] for rule in triggers}
    readers: dict[str, list[Rule]] = {}
    for rule in triggers:
        for state in reads(rule.when).states:
            readers.setdefault(state, []).append(rule)
    for rule in triggers:
        before, then = _before(rule), _after(rule)
        changed = {node.name for known in then for node in known if isinstance(node, StateValue)}
        for other in {one.name: one for state in sorted(changed) for one in readers.get(state, ())}.values():
            if other.when is not None and other is not rule and _turns(ever, other.when, before, then):
                after[rule.name].append(other)
    for rule in triggers:
        way = [] if rule.name in told else _ring(after, rule)
        if way:
            told |= {one.name for one in way}
            yield way


def _ring(after: dict[str, list[Rule]], start: Rule) -> list[Rule]:
    """A way from a rule back to itself; empty where there is none."""
    pending = [[start]]
    seen = {start.name}
    while pending:
        way = pending.pop(0)
        for rule in after[way[-1].name]:
            if rule.name == start.name:
                return way
            if rule.name not in seen:
                seen.add(rule.name)
                pending.append([*way, rule])
    return []


def _turns(ever: PossibleValues, guard: Node, before: Known, then: Known) -> bool:
    if ever.given(*before).of(guard, {}) != FALSE:
        return False
    written = {node.name for known in then for node in known if isinstance(node, StateValue)}
    kept = [{node: value for node, value in known.items() if not reads(node).states & written} for known in before]
    return ever.given({**kept[0], **then[0]}, {**kept[1], **then[1]}).of(guard, {}) == TRUE  # type: ignore[dict-item]


def _before(rule: Rule) -> Known:
    """What the guard of a rule tells of single values."""
    numbers: dict[Node, Interval] = {}
    levels: dict[Node, Options] = {}
    for part in conjuncts(rule.when):
        if isinstance(part, StateValue) and isinstance(part.type, Truth):
            numbers[part] = TRUE
        elif isinstance(part, Unary) and part.op == "not" and isinstance(part.of, StateValue):
            numbers[part.of] = FALSE
        elif isinstance(part, Binary) and part.op == "==" and isinstance(part.left, StateValue):
            value = constant(part.right)
            if value is not None and isinstance(part.left.type, Level):
                levels[part.left] = frozenset((value,))
            elif value is not None:
                numbers[part.left] = point(value)
    return numbers, levels


def _after(rule: Rule) -> Known:
    """The values that a rule writes whenever it fires, where they are constants."""
    numbers: dict[Node, Interval] = {}
    levels: dict[Node, Options] = {}
    for statement in rule.then:
        if not isinstance(statement, Assign) or statement.op != "=":
            continue
        value, type_ = constant(statement.value), statement.value.type
        cell = StateValue(type=type_, name=statement.state, indices=statement.indices)
        if value is None:
            continue
        if isinstance(type_, Level):
            levels[cell] = frozenset((value,))
        elif isinstance(type_, Number | Truth):
            numbers[cell] = point(value)
    return numbers, levels
