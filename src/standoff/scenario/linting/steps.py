"""Lint of counting in fractions: steps of 0.1 that are to reach a bound and, in binary numbers, miss it by a hair."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from standoff.errors import Fault
from standoff.numerals import exact
from standoff.scenario.expression.bounds import constant
from standoff.scenario.linting.warned import key, warning
from standoff.scenario.resolved import Resolved, State
from standoff.scenario.schema import Document
from standoff.scenario.tree import Binary, Node, Number, StateValue
from standoff.scenario.walks import assignments, rule_nodes, walk

MOST_STEPS = 10_000
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def missed_bounds(document: Document, resolved: Resolved) -> Iterator[Fault]:
    """A warning for each state that is counted to a bound with which it is compared, and does not come to lie on it."""
    compared, steps_of = _compared(resolved), _steps(resolved)
    for name in document.state:
        state, both = resolved.states[name], steps_of.get(str(name), set())
        sizes = {None if step is None else abs(step) for step in both}
        step = sizes.pop() if len(sizes) == 1 else None
        if step is None or state.moves:
            continue
        ways = (_missed(state, step, bound, both) for bound in sorted(compared.get(str(name), ())))
        missed = next(filter(None, ways), None)
        if missed is not None:
            start, bound, steps, reached = missed
            come = "comes" if steps == 1 else "come"
            found = (
                f"'{name}' is counted in steps of {exact(step)}: from {exact(start)}, {steps} of them {come} to "
                f"{reached!r} and not to {exact(bound)}, with which it is compared"
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


def _steps(resolved: Resolved) -> dict[str, set[float | None]]:
    """By what each state is raised (or lowered, if negative), None among them where it changes otherwise."""
    found: dict[str, set[float | None]] = {}
    for rule in resolved.rules:
        for effect in assignments(rule.then):
            value = constant(effect.value) if effect.op in ("+=", "-=") else None
            found.setdefault(effect.state, set()).add(-value if value is not None and effect.op == "-=" else value)
    return found


def _missed(
    state: State, step: float, bound: float, both: Collection[float | None]
) -> tuple[float, float, int, float] | None:
    """From which start the state is to come to lie on a bound, in how many steps, and where it comes instead."""
    begins = {constant(node) for node in (state.otherwise, *(node for _, node in state.begin))}
    for start in sorted(value for value in begins if value is not None):
        # What the author wrote, as decimal numbers, against what adding up binary ones gives.
        steps = (Fraction(repr(bound)) - Fraction(repr(start))) / Fraction(repr(step)) if step else Fraction(0)
        if steps.denominator != 1 or not 0 < abs(steps) <= MOST_STEPS:
            continue
        towards = step if steps > 0 else -step
        if towards not in both:
            continue
        reached = start
        for _ in range(abs(int(steps))):
            reached += towards
        if reached != bound:
            return start, bound, abs(int(steps)), reached
    return None
