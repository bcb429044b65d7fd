"""The operators and functions of the language in one table: how each is written, how tightly it binds, what it bounds.

Everything that reads an operator looks it up here by its symbol; what computes with it (NumPy, the plain twin, LLVM)
stands in its own room under the same symbols, and a test holds the tables to each other.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from standoff import intervals
from standoff.intervals import EVERYTHING, TRUE, Interval

CHOOSE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, NEGATIVE, POWER, ATOM = range(10)
"""How tightly the forms of an expression bind, from `a if c else b` to a name."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator or function: `syntax` is Python's node for an operator, None for a function.

    `binds` says how tightly it binds, `interval` from what range its value comes, given the ranges of its operands.
    """

    symbol: str
    operands: Literal[1, 2]
    binds: int
    syntax: type[ast.AST] | None
    interval: Callable[..., Interval]

    @property
    def sides(self) -> tuple[int, int]:
        """How tightly what stands left and right of an operator must bind to stand there without brackets."""
        if self.symbol == "**":
            return ATOM, NEGATIVE
        # Operators group to the left; comparisons side by side would be one chain.
        return self.binds + (self.binds == COMPARISON), self.binds + 1


def quotient(a: Interval, b: Interval) -> Interval:
    """The quotient x / y where y may end in 0: a y of just 0 stops the run, so a sign can still be proved."""
    if b[0] == b[1] == 0.0 or b[0] < 0.0 < b[1]:
        return EVERYTHING
    if b[1] == 0.0:
        return intervals.negate(quotient(a, intervals.negate(b)))
    if b[0] > 0.0 or b[1] < 0.0:
        return intervals.divide(a, b)
    low = a[0] / b[1] if a[0] >= 0.0 and not math.isinf(b[1]) else 0.0 if a[0] >= 0.0 else -math.inf
    high = a[1] / b[1] if a[1] <= 0.0 and not math.isinf(b[1]) else 0.0 if a[1] <= 0.0 else math.inf
    return (low, high)


def _not(a: Interval) -> Interval:
    return intervals.subtract(TRUE, a)


_ALL = (
    Operation("or", 2, OR, ast.Or, intervals.maximum),
    Operation("and", 2, AND, ast.And, intervals.minimum),
    Operation("not", 1, NOT, ast.Not, _not),
    Operation("<", 2, COMPARISON, ast.Lt, partial(intervals.compare, "<")),
    Operation("<=", 2, COMPARISON, ast.LtE, partial(intervals.compare, "<=")),
    Operation(">", 2, COMPARISON, ast.Gt, partial(intervals.compare, ">")),
    Operation(">=", 2, COMPARISON, ast.GtE, partial(intervals.compare, ">=")),
    Operation("==", 2, COMPARISON, ast.Eq, partial(intervals.compare, "==")),
    Operation("!=", 2, COMPARISON, ast.NotEq, partial(intervals.compare, "!=")),
    Operation("+", 2, SUM, ast.Add, intervals.add),
    Operation("-", 2, SUM, ast.Sub, intervals.subtract),
    Operation("*", 2, PRODUCT, ast.Mult, intervals.multiply),
    Operation("/", 2, PRODUCT, ast.Div, quotient),
    Operation("%", 2, PRODUCT, ast.Mod, intervals.remainder),
    Operation("neg", 1, NEGATIVE, ast.USub, intervals.negate),
    Operation("**", 2, POWER, ast.Pow, intervals.power),
    Operation("min", 2, ATOM, None, intervals.minimum),
    Operation("max", 2, ATOM, None, intervals.maximum),
    Operation("abs", 1, ATOM, None, intervals.absolute),
    Operation("exp", 1, ATOM, None, intervals.exponential),
    Operation("log", 1, ATOM, None, intervals.logarithm),
    Operation("sqrt", 1, ATOM, None, intervals.root),
    Operation("logistic", 1, ATOM, None, intervals.logistic),
    Operation("floor", 1, ATOM, None, intervals.floor),
    Operation("sin", 1, ATOM, None, intervals.sine),
)

OPERATIONS = {operation.symbol: operation for operation in _ALL}
"""Every operator and function of numbers and truths, by its symbol; a minus before a value is `neg`."""

BY_SYNTAX = {operation.syntax: operation for operation in _ALL if operation.syntax is not None}
"""The operators by Python's node for each."""

FUNCTIONS_OF_ONE = tuple(operation.symbol for operation in _ALL if operation.syntax is None and operation.operands == 1)
"""The functions of one number."""
