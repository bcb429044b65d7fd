"""What an assignment does to its state: whether it can only rise by it, only fall, or neither is sure."""

from __future__ import annotations

import math
from typing import Literal

from standoff.scenario.linting.possible_values import Binding, PossibleValues
from standoff.scenario.resolved import Assign, State
from standoff.scenario.tree import Binary, Node, Number, StateValue
from standoff.scenario.walks import reads

Manner = Literal["rises", "falls", "either way", "is set"]
"""What becomes of a state; what does not change at all `rises` by 0."""


def manner_of(effect: Assign, state: State, values: PossibleValues, binding: Binding) -> Manner:
    """What an assignment does, by the values that its right side can have: `n = n + 1` and `n -= -1` let n rise."""
    if not isinstance(state.type, Number):
        return "is set"
    op, value = str(effect.op), effect.value
    if op == "=":
        own = StateValue(type=state.type, name=effect.state, indices=effect.indices)
        change = _from(own, value)
        if change is None:
            return "is set"
        op, value = change
    if op in ("min", "max"):
        return "falls" if op == "min" else "rises"
    low, high = values.of(value, binding)
    if op == "*=":
        if values.of(StateValue(type=state.type, name=effect.state, indices=effect.indices), binding)[0] < 0.0:
            return "either way"
        low, high = low - 1.0, high - 1.0
    if reads(value).locals and math.isinf(low) and math.isinf(high):
        low = 0.0  # Of what is worked out before it, the sign that is written is all that is known.
    if op == "-=":
        low, high = -high, -low
    return "rises" if low >= 0.0 else "falls" if high <= 0.0 else "either way"


def _from(own: StateValue, value: Node) -> tuple[str, Node] | None:
    """What is done to a state that is set to something made of itself: `n + 1`, `max(n, 3)`; None for all else."""
    if not isinstance(value, Binary):
        return None
    if value.op in ("+", "-", "*") and value.left == own:
        return f"{value.op}=", value.right
    if value.op in ("+", "*", "min", "max") and value.right == own:
        return f"{value.op}=" if value.op in ("+", "*") else value.op, value.left
    return (value.op, value.right) if value.op in ("min", "max") and value.left == own else None
