"""What operators, functions and draws ask of their operands to have a finite value, in words and with the cure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from standoff.intervals import Interval
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.tree import Binary, Draw, Node, Unary

MOST_EXPONENT = math.log(1.7976931348623157e308)
"""The largest number whose exponential is finite."""


@dataclass(frozen=True, slots=True)
class Need:
    """Between which values a part of an expression must lie: `above` the least, or anywhere but at 0 (`not_zero`)."""

    of: Node
    least: float = -math.inf
    most: float = math.inf
    not_zero: bool = False
    above: bool = False

    def never(self, found: Interval) -> bool:
        """Whether no value of an interval will do."""
        if self.not_zero:
            return found == (0.0, 0.0)
        return found[1] < self.least or found[0] > self.most or (self.above and found[1] <= self.least)

    def at_times(self, found: Interval, *, closed: bool) -> bool:
        """Whether some values of an interval will not do; the ends count where they are reached (`closed`)."""
        if self.not_zero:
            return found[0] < 0.0 < found[1] or (closed and 0.0 in found)
        if found[0] < self.least or found[1] > self.most:
            return True
        return self.above and closed and found[0] <= self.least

    def worst(self, found: Interval) -> float:
        """A value of an interval that will not do, where some will not."""
        if self.not_zero:
            return 0.0
        return found[0] if found[0] < self.least or (self.above and found[0] <= self.least) else found[1]


def needs(node: Node) -> Iterator[tuple[Need, str, str]]:
    """What an operator or function asks of its operands, in words, with the cure."""
    match node:
        case Binary(op="/" | "%", right=right):
            what = "division by 0" if node.op == "/" else "remainder of a division by 0"
            told = spelled(right)
            yield Need(right, not_zero=True), what, f"keep it away from 0: max(0.01, {told}), or ask first: {told} > 0"
        case Binary(op="**", left=left, right=right):
            power = right.value if hasattr(right, "value") else None
            if isinstance(power, float) and power < 0.0:
                yield (
                    Need(left, not_zero=True),
                    "a negative power of 0",
                    f"keep it away from 0: max(0.01, {spelled(left)})",
                )
            elif isinstance(power, float) and power % 1.0 != 0.0:
                yield Need(left, least=0.0), "a root of a negative number", f"bound it: max(0, {spelled(left)})"
        case Unary(op="log", of=of):
            told = spelled(of)
            yield Need(of, least=0.0, above=True), "logarithm of 0 or less", f"keep it above 0: log(max(0.01, {told}))"
        case Unary(op="sqrt", of=of):
            yield Need(of, least=0.0), "a root of a negative number", f"bound it: sqrt(max(0, {spelled(of)}))"
        case Unary(op="exp", of=of):
            yield (
                Need(of, most=MOST_EXPONENT),
                "an exponential beyond all numbers",
                f"bound it: exp(min(700, {spelled(of)}))",
            )
        case Draw(kind="poisson" | "exponential" | "binomial" as kind, of=of):
            yield Need(of[0], least=0.0), f"{kind} of a negative number", f"bound it: max(0, {spelled(of[0])})"
            if kind == "binomial":
                yield from _of_a_share(of[1])
        case Draw(kind="chance", of=(share,)):
            yield from _of_a_share(share)


def _of_a_share(share: Node) -> Iterator[tuple[Need, str, str]]:
    bounded = f"bound it: max(0, min(1, {spelled(share)})); in percent, divide it by 100"
    yield Need(share, least=0.0, most=1.0), "a probability outside 0 to 1", bounded
