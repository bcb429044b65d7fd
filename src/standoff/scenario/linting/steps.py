"""Lint of counting in fractions: steps of 0.1 that are to reach a bound and, in binary numbers, miss it by a hair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from standoff.errors import Fault
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.spelling import number
from standoff.scenario.linting.unreachable import key, warning
from standoff.scenario.resolved import Assign, Resolved, State
from standoff.scenario.schema import Document
from standoff.scenario.tree import Binary, Node, Number, StateValue
from standoff.scenario.walks import rule_nodes, walk, writers

MOST_STEPS = 10_000
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def missed_bounds(document: Document, resolved: Resolved) -> Iterator[Fault]:
    """A warning for each state that is counted to a bound with which it is compared, and does not come to lie on it."""
    compared, written = _compared(resolved), writers(resolved.rules)
    for name in document.state:
        changes = [change for _, those in written.get(str(name), {}).values() for change in those]
        state, step = resolved.states[name], _step(changes)
        if step is None or state.half_life is not None:
            continue
        ways = (_missed(state, step, bound) for bound in sorted(compared.get(str(name), ())))
        missed = next(filter(None, ways), None)
        if missed is not None:
            start, bound, steps, reached = missed
            come = "comes" if steps == 1 else "come"
            found = (
                f"'{name}' is counted in steps of {number(step)}: from {number(start)}, {steps} of them {come} to "
                f"{reached!r} and not to {number(bound)}, with which it is compared"
            )
            hint = "count in whole numbers (such as tenths), or compare with a margin of half a step"
            yield warning("SD412", key(document.state, name), found, hint)


def _compared(resolved: Resolved) -> dict[str, set[float]]:
    """The constants that each state is compared with, by rules and questions."""
    nodes: list[Node | None] = [node for rule in resolved.rules for node in rule_nodes(rule)]
    nodes += [question.answer for question in resolved.questions]
    found: dict[str, set[float]] = {}
    for node in walk(*nodes):
        if isinstance(node, Binary) and node.op in _COMPARISONS and isinstance(node.left.type, Number):
            for value, other in ((node.left, node.right), (node.right, node.left)):
                bound = constant(other)
                if isinstance(value, StateValue) and bound is not None:
                    found.setdefault(value.name, set()).add(bound)
    return found


def _step(changes: Iterable[Assign]) -> float | None:
    """The one step by which a state is raised or lowered, None where it changes otherwise."""
    steps: set[float | None] = set()
    for change in changes:
        value = constant(change.value)
        steps.add(abs(value) if value is not None and change.op in ("+=", "-=") else None)
    return steps.pop() if len(steps) == 1 else None


def _missed(state: State, step: float, bound: float) -> tuple[float, float, int, float] | None:
    """From which start the state is to come to lie on a bound, in how many steps, and where it comes instead."""
    begins = {constant(node) for node in (state.otherwise, *(node for _, node in state.begin))}
    for start in sorted(value for value in begins if value is not None):
        # What the author wrote, as decimal numbers, against what adding up binary ones gives.
        steps = (Fraction(repr(bound)) - Fraction(repr(start))) / Fraction(repr(step)) if step else Fraction(0)
        if steps.denominator != 1 or not 0 < abs(steps) <= MOST_STEPS:
            continue
        reached = start
        for _ in range(abs(int(steps))):
            reached += step if steps > 0 else -step
        if reached != bound:
            return start, bound, abs(int(steps)), reached
    return None
