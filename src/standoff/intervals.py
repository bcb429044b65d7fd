"""Interval arithmetic on plain floats: from what range a result can come, given the ranges of its parts.

An interval is (low, high), both included, infinite where nothing bounds it. Every function returns an
interval that contains the result for every choice of arguments inside the given ones for which there is
one; where there is none for any choice, that is all of the line. Bounds of thinned rates and lint rest on these.
"""

from __future__ import annotations

import math
from typing import Literal

__all__ = [
    "EVERYTHING", "FALSE", "TRUE", "UNSURE", "Interval", "absolute", "add", "compare", "contains", "divide",
    "exponential", "floor", "join", "logarithm", "logistic", "maximum", "minimum", "multiply", "negate", "point",
    "power", "remainder", "root", "sine", "subtract",
]  # fmt: skip

Interval = tuple[float, float]

EVERYTHING: Interval = (-math.inf, math.inf)
FALSE: Interval = (0.0, 0.0)
TRUE: Interval = (1.0, 1.0)
UNSURE: Interval = (0.0, 1.0)


def point(value: float) -> Interval:
    """The interval that holds one value."""
    return (value, value)


def contains(interval: Interval, value: float) -> bool:
    """Whether a value lies in an interval."""
    return interval[0] <= value <= interval[1]


def join(a: Interval, b: Interval) -> Interval:
    """The smallest interval that contains both."""
    return (min(a[0], b[0]), max(a[1], b[1]))


def add(a: Interval, b: Interval) -> Interval:
    """The sum x + y."""
    # Infinities of opposite sign meet only where nothing is known on that side.
    low, high = a[0] + b[0], a[1] + b[1]
    return (-math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high)


def negate(a: Interval) -> Interval:
    """The negative -x."""
    return (-a[1], -a[0])


def subtract(a: Interval, b: Interval) -> Interval:
    """The difference x - y."""
    return add(a, negate(b))


def multiply(a: Interval, b: Interval) -> Interval:
    """The product x * y; 0 times infinity counts as 0, for infinity here only means that no bound is known."""
    corners = [_product(x, y) for x in a for y in b]
    return (min(corners), max(corners))


def divide(a: Interval, b: Interval) -> Interval:
    """The quotient x / y; all of the line if y can be 0."""
    if b[0] <= 0.0 <= b[1]:
        return EVERYTHING
    corners = [_quotient(x, y) for x in a for y in b]
    return (min(corners), max(corners))


def power(a: Interval, b: Interval) -> Interval:
    """The power x ** y; all of the line if x can be negative and y is not one whole number."""
    if b[0] == b[1] and b[0] % 1.0 == 0.0:
        return _whole_power(a, b[0])
    if a[0] < 0.0:
        return EVERYTHING
    # For x >= 0, x ** y is monotone in each argument with the other held, so the corners decide.
    corners = [_power(x, y) for x in a for y in b]
    if b[0] <= 0.0 <= b[1]:
        corners.append(1.0)
    return _widened((min(corners), max(corners)), exact=a[0] == a[1] and b[0] == b[1])


def minimum(a: Interval, b: Interval) -> Interval:
    """The lesser, min(x, y)."""
    return (min(a[0], b[0]), min(a[1], b[1]))


def maximum(a: Interval, b: Interval) -> Interval:
    """The greater, max(x, y)."""
    return (max(a[0], b[0]), max(a[1], b[1]))


def absolute(a: Interval) -> Interval:
    """The absolute value, abs(x)."""
    if a[0] >= 0.0:
        return a
    if a[1] <= 0.0:
        return negate(a)
    return (0.0, max(-a[0], a[1]))


def exponential(a: Interval) -> Interval:
    """The exponential exp(x)."""
    low, high = _widened((_exp(a[0]), _exp(a[1])), exact=a[0] == a[1])
    return (max(0.0, low), high)


def logarithm(a: Interval) -> Interval:
    """The natural logarithm log(x): minus infinity at 0, and all of the line where x can only be negative."""
    if a[1] < 0.0:
        return EVERYTHING
    return _widened((_log(max(a[0], 0.0)), _log(a[1])), exact=a[0] == a[1])


def root(a: Interval) -> Interval:
    """The square root sqrt(x): all of the line where x can only be negative."""
    if a[1] < 0.0:
        return EVERYTHING
    return (math.sqrt(max(a[0], 0.0)), math.sqrt(a[1]))


def logistic(a: Interval) -> Interval:
    """The logistic function 1 / (1 + exp(-x))."""
    low, high = _widened((_logistic(a[0]), _logistic(a[1])), exact=a[0] == a[1])
    return (max(0.0, low), min(1.0, high))


def floor(a: Interval) -> Interval:
    """The greatest whole number not above x."""
    return (_floor(a[0]), _floor(a[1]))


def sine(a: Interval) -> Interval:
    """The sine sin(x), x in radians."""
    return point(math.sin(a[0])) if a[0] == a[1] and math.isfinite(a[0]) else (-1.0, 1.0)


def remainder(a: Interval, b: Interval) -> Interval:
    """The remainder x % y, from 0 to y: all of the line where y can be 0."""
    if b[0] <= 0.0 <= b[1]:
        return EVERYTHING
    if b[1] < 0.0:
        return negate(remainder(negate(a), negate(b)))
    if a[0] == a[1] and b[0] == b[1] and math.isfinite(a[0]):
        return point(a[0] % b[0])
    # What is below every y is its own remainder; a rest of rounding can come up to y itself, and never beyond.
    if a[0] >= 0.0 and a[1] < b[0]:
        return a
    return (0.0, min(a[1], b[1]) if a[0] >= 0.0 else b[1])


def compare(op: Literal["<", "<=", ">", ">=", "==", "!="], a: Interval, b: Interval) -> Interval:
    """Whether a comparison always holds (1, 1), never does (0, 0), or sometimes does (0, 1)."""
    match op:
        case ">":
            return compare("<", b, a)
        case ">=":
            return compare("<=", b, a)
        case "!=":
            return subtract(TRUE, compare("==", a, b))
        case "<":
            return TRUE if a[1] < b[0] else FALSE if a[0] >= b[1] else UNSURE
        case "<=":
            return TRUE if a[1] <= b[0] else FALSE if a[0] > b[1] else UNSURE
        case _:
            if a[0] == a[1] == b[0] == b[1]:
                return TRUE
            return FALSE if a[1] < b[0] or b[1] < a[0] else UNSURE


def _widened(a: Interval, *, exact: bool) -> Interval:
    # The mathematical library rounds exp, log and pow only to within a step; bounds step outward by one.
    if exact:
        return a
    return (math.nextafter(a[0], -math.inf), math.nextafter(a[1], math.inf))


def _product(x: float, y: float) -> float:
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def _quotient(x: float, y: float) -> float:
    if math.isinf(x) and math.isinf(y):
        # Both ends unknown: the quotient of large by large can be anything down to 0; the other corners give the rest.
        return 0.0
    return x / y


def _whole_power(a: Interval, exponent: float) -> Interval:
    if exponent == 0.0:
        return TRUE
    if exponent < 0.0 and a[0] <= 0.0 <= a[1]:
        return EVERYTHING
    ends = [_power(x, exponent) for x in a]
    if exponent % 2.0 == 0.0 and a[0] < 0.0 < a[1]:
        ends.append(0.0)
    low, high = _widened((min(ends), max(ends)), exact=a[0] == a[1])
    return (max(low, 0.0) if min(ends) >= 0.0 else low, high)


def _power(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0.0 and y % 2.0 == 1.0 else math.inf
    except ValueError:
        # 0 to a negative power.
        return math.inf


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    return -math.inf if x == 0.0 else math.log(x)


def _logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return 1.0 / (1.0 + _exp(-x))


def _floor(x: float) -> float:
    return x if math.isinf(x) else float(math.floor(x))
