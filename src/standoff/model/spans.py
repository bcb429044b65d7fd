"""What a guard can be over a span of time: bounds from now to a later moment that close in on it as the span shrinks.

A trigger fires at the instant at which its guard turns true, also where only time passes: memories fade and `t` grows.
That instant is found by branching and bounding with interval arithmetic (Moore 1966; Hansen and Walster 2004): a span
over which the guard surely stays as it is holds no turn, any other is halved (`engine/turns.py`). The ends here are
those of the values that are computed, since rounding keeps the order of sums, products and powers; unlike those of
`bounds.py`, which hold until a state changes, they are as close as wanted if the span is short enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from standoff.model import code
from standoff.model.bounds import (
    NUMBER,
    Bounds,
    Drifting,
    Span,
    choice,
    corners,
    extreme,
    fold,
    number,
    one,
    truth,
    two,
)
from standoff.scenario import tree

Scale = Mapping[code.Expr, Fraction]
"""How an expression shrinks as time passes: the power of each half-life's own decay. Without any it stands still."""

STILL: Scale = {}
HALF_TURN = number(math.pi)


@dataclass(frozen=True, slots=True)
class Later(tree.Node):
    """What an expression is at the end of the span that is looked at, if nothing happens until then."""

    of: tree.Node


class Spans(Bounds):
    """Lower and upper expressions from now to `Later`; `half_lives` gives the memories with their half-lives."""

    def __init__(
        self, half_lives: Mapping[str, code.Expr], days: float, span: Callable[[tree.Node], Span],
        drifts: Mapping[str, Drifting],
    ) -> None:  # fmt: skip
        super().__init__(set(half_lives), days, span, drifts)
        self.half_lives = half_lives

    def moves(self, node: tree.Node) -> bool:
        """Whether the value changes between events: `heat[a] > heat[b]` does not, where both fade alike."""
        return super().moves(node) and self._scale(node) != STILL

    # What stands still although its parts move.

    def _scale(self, node: tree.Node) -> Scale | None:
        """The power of decay that the value is a multiple of; None where it is no such multiple."""
        if not super().moves(node):
            return STILL
        match node:
            case tree.StateValue(name=name) if name in self.memories and not any(map(self.moves, node.indices)):
                return {self.half_lives[name]: Fraction(1)}
            case tree.Unary(op=op, of=x):
                return self._scale_of_function(op, x)
            case tree.Binary(op=op, left=a, right=b):
                return self._scale_of_operator(op, a, b)
            case tree.Choose(condition=c, then=a, otherwise=b) if not self.moves(c):
                return self._shared_scale(a, b)
            case tree.Fold(op=op, where=where, body=body) if where is None or not self.moves(where):
                scale = self._scale(body)
                return scale if op in ("sum", "min", "max") or scale == STILL else None
        return None

    def _scale_of_function(self, op: str, x: tree.Node) -> Scale | None:
        scale = self._scale(x)
        if scale is None or op in ("neg", "abs"):
            return scale
        if op == "sqrt":
            return _power(scale, Fraction(1, 2))
        return STILL if scale == STILL else None

    def _scale_of_operator(self, op: tree.Operator, a: tree.Node, b: tree.Node) -> Scale | None:
        if op in ("+", "-", "min", "max"):
            return self._shared_scale(a, b)
        if op in ("<", "<=", ">", ">=", "==", "!="):
            return None if self._shared_scale(a, b) is None else STILL
        first, second = self._scale(a), self._scale(b)
        if first is None or second is None:
            return None
        if op in ("*", "/"):
            return _product(first, second if op == "*" else _power(second, Fraction(-1)))
        if op == "**" and isinstance(b, tree.Constant):
            return _power(first, Fraction(b.value))
        return STILL if first == second == STILL else None

    def _shared_scale(self, a: tree.Node, b: tree.Node) -> Scale | None:
        """The scale of both; nothing is a multiple of anything."""
        first, second = self._scale(a), self._scale(b)
        if _is_nothing(a):
            return second
        return first if _is_nothing(b) or first == second else None

    # The ends over a span.

    def _ends(self, node: tree.Node) -> tuple[tree.Node, tree.Node]:
        if not self.moves(node):
            return node, node
        later = Later(type=NUMBER, of=node)
        match node:
            case tree.Now():
                return node, later
            case tree.StateValue(name=name) if not any(map(self.moves, node.indices)):
                sign = self._sign(node) if name in self.memories else 0
                if sign:
                    return (later, node) if sign > 0 else (node, later)
                return extreme("min", node, later), extreme("max", node, later)
        return super()._ends(node)

    def _truth(self, node: tree.Node) -> tuple[tree.Node, tree.Node]:
        if not self.moves(node):
            return node, node
        match node:
            case tree.Binary(op="==" | "!=" as op, left=a, right=b):
                may, must = self._equal(a, b)
                return (may, must) if op == "==" else (one("not", must), one("not", may))
            case tree.Choose(condition=c, then=a, otherwise=b):
                (may, must), (may_a, must_a), (may_b, must_b) = map(self._truth, (c, a, b))
                return (
                    choice(must, may_a, choice(may, two("or", may_a, may_b), may_b)),
                    choice(must, must_a, choice(may, two("and", must_a, must_b), must_b)),
                )
        return super()._truth(node)

    def _equal(self, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        if isinstance(a.type, tree.Number):
            (may_fall, must_fall), (may_rise, must_rise) = (self._truth(_compared(op, a, b)) for op in ("<=", ">="))
            return two("and", may_fall, may_rise), two("and", must_fall, must_rise)
        if isinstance(a.type, tree.Truth):
            (may_a, must_a), (may_b, must_b) = self._truth(a), self._truth(b)
            may = two("or", two("and", may_a, may_b), one("not", two("or", must_a, must_b)))
            return may, two("or", two("and", must_a, must_b), one("not", two("or", may_a, may_b)))
        return truth(True), truth(False)

    def _function(self, op: str, x: tree.Node) -> tuple[tree.Node, tree.Node]:
        low, high = self._ends(x)
        if op == "sin":
            ends = one("sin", low), one("sin", high)
            return (
                choice(_passes(low, high, 0.5), number(-1.0), extreme("min", *ends)),
                choice(_passes(low, high, -0.5), number(1.0), extreme("max", *ends)),
            )
        if op in ("sqrt", "log"):
            # What is not a number at one end is none over the span: nothing is known of it.
            sound = two(">=", low, number(0.0))
            return one(op, low), choice(sound, one(op, high), number(math.nan))
        return super()._function(op, x)

    def _operator(self, op: tree.Operator, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        (al, ah), (bl, bh) = self._ends(a), self._ends(b)
        least, most = self.span(b)
        if op == "/" and not (least > 0.0 or most < 0.0):
            low, high = corners("/", (al, ah), (bl, bh))
            sound = two("or", two(">", bl, number(0.0)), two("<", bh, number(0.0)))
            unknown = number(math.nan)
            return choice(sound, low, unknown), choice(sound, high, unknown)
        if op == "%":
            # Within a period the remainder grows as its left side does.
            first, last = two("%", al, bl), two("%", ah, bh)
            turns = two("==", one("floor", two("/", al, bl)), one("floor", two("/", ah, bh)))
            within = two("and", turns, two("<=", first, last))
            within = two("and", within, two("==", bl, bh)) if self.moves(b) else within
            zero = number(0.0)
            return choice(within, first, extreme("min", bl, zero)), choice(within, last, extreme("max", bh, zero))
        return super()._operator(op, a, b)

    def _power(
        self, a: tree.Node, b: tree.Node, base: tuple[tree.Node, tree.Node], exponent: tuple[tree.Node, tree.Node]
    ) -> tuple[tree.Node, tree.Node]:
        if isinstance(b, tree.Constant) and b.value > 0 and b.value == int(b.value):
            ends = two("**", base[0], b), two("**", base[1], b)
            if b.value % 2 or self._sign(a) > 0:
                return ends
            straddles = two("and", two("<=", base[0], number(0.0)), two(">=", base[1], number(0.0)))
            return choice(straddles, number(0.0), extreme("min", *ends)), extreme("max", *ends)
        low, high = corners("**", base, exponent)
        sound = two(">" if self.moves(b) else ">=", base[0], number(0.0))
        return choice(sound, low, number(math.nan)), choice(sound, high, number(math.nan))

    def _over(self, node: tree.Fold) -> tuple[tree.Node, tree.Node]:
        where = node.where
        if node.op not in ("min", "max") or where is None or not self.moves(where):
            return super()._over(node)
        (low, high), (may, must) = self._ends(node.body), self._truth(where)
        # Over no member both are 0.
        some, zero = fold(node, "any", None, must), number(0.0)
        least, most = fold(node, "min", may, low), fold(node, "max", may, high)
        wide = extreme("min", least, zero), extreme("max", most, zero)
        if node.op == "min":
            return choice(some, least, wide[0]), choice(some, fold(node, "min", must, high), wide[1])
        return choice(some, fold(node, "max", must, low), wide[0]), choice(some, most, wide[1])


def _is_nothing(node: tree.Node) -> bool:
    return isinstance(node, tree.Constant) and node.value == 0.0


def _power(scale: Scale, exponent: Fraction) -> Scale:
    return {half_life: power * exponent for half_life, power in scale.items() if exponent}


def _product(a: Scale, b: Scale) -> Scale:
    powers = {key: a.get(key, Fraction(0)) + b.get(key, Fraction(0)) for key in (*a, *b)}
    return {half_life: power for half_life, power in powers.items() if power}


def _compared(op: tree.Operator, a: tree.Node, b: tree.Node) -> tree.Node:
    return tree.Binary(type=tree.Truth(), op=op, left=a, right=b)


def _passes(low: tree.Node, high: tree.Node, after: float) -> tree.Node:
    """Whether an angle passes a lowest (`after` 0.5) or highest (-0.5) point of the sine between two ends."""
    low, high = (
        one("floor", two("/", two("+", two("/", end, HALF_TURN), number(after)), number(2.0))) for end in (low, high)
    )
    return two("<", low, high)
