"""What exact numbers make of a scenario: rules due when it is over, and counts that miss the number they count to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from standoff.errors import Fault
from standoff.scenario.expression.bounds import bounds, constant
from standoff.scenario.linting.unreachable import warning
from standoff.scenario.resolved import Assign, Resolved, State
from standoff.scenario.schema import Document
from standoff.scenario.tree import Binary, Node, StateValue
from standoff.scenario.walks import assignments, rule_nodes, walk

COMPARED = ("==", "!=", "<", "<=", ">", ">=")
MOST_STEPS = 10_000
"""Steps within which a count comes to the number it is compared with."""


def overdue_rules(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD412 for each rule of an author whose time is never within the scenario."""
    names = {str(name): name for name in expanded.rules}
    for rule in resolved.rules:
        if rule.at is None or rule.origin is not None:
            continue
        low, high = bounds(rule.at, resolved)
        if low >= resolved.days or high < 0.0:
            when = f"from day {low:g} on" if low >= resolved.days else f"up to day {high:g}"
            found = f"the rule '{rule.name}' never fires: it is due {when}, outside day 0 to {resolved.days:g}"
            cure = f"give it a time from 0 to before {resolved.days:g}: what ends then has ended"
            yield warning("SD412", names[rule.name], found, cure)


def inexact_counts(expanded: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD413 for each state counted in steps such as 0.1 to 0, or to a bound, that it is compared with and misses.

    On the way between its bounds a step more or less is a matter of taste; at the bound it is one firing too many.
    """
    targets = _targets(resolved)
    names = {str(name): name for name in expanded.rules}
    told: set[tuple[str, str]] = set()
    for rule in resolved.rules:
        for change in assignments(rule.then):
            state, step = resolved.states[change.state], _step(change)
            if step is None or (rule.name, state.name) in told:
                continue
            for start in _starts(state):
                bounds_of = (0.0, state.at_least, state.at_most)
                ends = [end for end in targets.get(state.name, ()) if end in bounds_of]
                end = next((end for end in ends if _missed(start, step, end)), None)
                if end is not None:
                    told.add((rule.name, state.name))
                    found = f"'{state.name}' is counted from {start:g} to {end:g} in steps of {abs(step):g}"
                    found += f": it comes near {end:g}, not to it, since no sum of such fractions is exact"
                    cure = f"count in whole numbers, or compare with {end - step / 2:g}, half a step before"
                    yield warning("SD413", names.get(rule.name, rule.name), found, cure)
                    break


def _targets(resolved: Resolved) -> dict[str, list[float]]:
    """The numbers with which each state is compared anywhere."""
    nodes = [node for rule in resolved.rules for node in rule_nodes(rule)]
    nodes += [question.answer for question in resolved.questions]
    found: dict[str, list[float]] = {}
    for node in walk(*nodes):
        if isinstance(node, Binary) and node.op in COMPARED:
            for one, other in ((node.left, node.right), (node.right, node.left)):
                value = constant(other)
                if isinstance(one, StateValue) and value is not None:
                    found.setdefault(one.name, []).append(value)
    return found


def _step(change: Assign) -> float | None:
    """The constant by which a statement counts up or down, if binary fractions cannot hold it."""
    value = constant(change.value) if change.op in ("+=", "-=") else None
    if value is None or not math.isfinite(value) or value == 0.0 or _is_binary(value):
        return None
    return value if change.op == "+=" else -value


def _is_binary(value: float) -> bool:
    # What an author writes as 0.25 is exact; 0.1 is a fraction of 2^55.
    return Fraction(value).denominator <= 2**20


def _starts(state: State) -> Iterator[float]:
    begun: list[Node | None] = [node for _, node in state.begin]
    for node in (*begun, state.otherwise):
        value = constant(node) if node is not None else None
        if value is not None:
            yield value


def _missed(start: float, step: float, end: float) -> bool:
    """Whether counting comes close to the end after a whole number of steps, and not exactly there."""
    steps = (end - start) / step
    count = round(steps)
    if not 1 <= count <= MOST_STEPS or abs(steps - count) > 1e-6:
        return False
    value = start
    for _ in range(count):
        value += step
    return value != end
