"""Bounds of a rate that decays: an expression that no later value of the rate exceeds until a state changes.

Between events only memories and the time move. A memory stays between 0 and what was last stored, the
time between now and the end. Interval arithmetic (Moore 1966) on the rate's expression turns that into
two expressions, a lower and an upper one, in stored values only; the upper one is what thinning (Lewis
and Shedler 1979) draws proposals from. Where no bound can be proved it is infinite and the run stops.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from standoff.scenario import tree

Span = tuple[float, float]
NUMBER = tree.Number()
TRUTH = tree.Truth()


@dataclass(frozen=True, slots=True)
class Stored(tree.Node):
    """A memory as last written, without its decay since."""

    of: tree.StateValue


def number(value: float) -> tree.Constant:
    """A literal."""
    return tree.Constant(type=NUMBER, value=value)


def truth(value: bool) -> tree.Constant:
    """A literal truth."""
    return tree.Constant(type=TRUTH, value=float(value))


def _two(op: tree.Operator, a: tree.Node, b: tree.Node) -> tree.Node:
    logical = op in ("<", "<=", ">", ">=", "==", "!=", "and", "or")
    return tree.Binary(type=TRUTH if logical else NUMBER, op=op, left=a, right=b)


def _if(condition: tree.Node, a: tree.Node, b: tree.Node) -> tree.Node:
    return tree.Choose(type=a.type, condition=condition, then=a, otherwise=b)


def _extreme(op: tree.Operator, *of: tree.Node) -> tree.Node:
    out = of[0]
    for node in of[1:]:
        out = _two(op, out, node)
    return out


def _one(op: str, of: tree.Node) -> tree.Node:
    return tree.Unary(type=TRUTH if op == "not" else NUMBER, op=op, of=of)  # type: ignore[arg-type]


class Bounds:
    """Lower and upper expressions; `span` gives what is known of an expression beforehand."""

    def __init__(self, memories: set[str], days: float, span: Callable[[tree.Node], Span]) -> None:
        self.memories = memories
        self.days = days
        self.span = span

    def moves(self, node: tree.Node) -> bool:
        """Whether the value changes between events."""
        match node:
            case tree.Now():
                return True
            case tree.StateValue(name=name) if name in self.memories:
                return True
        return any(self.moves(child) for child in tree.children(node))

    def rate(self, guard: tree.Node | None, rate: tree.Node) -> tree.Node:
        """The bound of a guarded rate."""
        high = self.high(rate)
        return high if guard is None else _if(self.may(guard), high, number(0.0))

    def low(self, node: tree.Node) -> tree.Node:
        """An expression that stays at or below the value."""
        return self._ends(node)[0]

    def high(self, node: tree.Node) -> tree.Node:
        """An expression that stays at or above the value."""
        return self._ends(node)[1]

    def may(self, node: tree.Node) -> tree.Node:
        """Whether a condition can hold now or later."""
        return self._truth(node)[0]

    def must(self, node: tree.Node) -> tree.Node:
        """Whether a condition holds now and at any time later."""
        return self._truth(node)[1]

    def _truth(self, node: tree.Node) -> tuple[tree.Node, tree.Node]:
        if not self.moves(node):
            return node, node
        match node:
            case tree.Unary(op="not", of=x):
                return _one("not", self.must(x)), _one("not", self.may(x))
            case tree.Binary(op="and" | "or" as op, left=a, right=b):
                return _two(op, self.may(a), self.may(b)), _two(op, self.must(a), self.must(b))
            case tree.Binary(op="<" | "<=" as op, left=a, right=b):
                return _unless(op, self.low(a), self.high(b)), _two(op, self.high(a), self.low(b))
            case tree.Binary(op=">" | ">=" as op, left=a, right=b):
                return _unless(op, self.high(a), self.low(b)), _two(op, self.low(a), self.high(b))
            case tree.Binary(op="==", left=a, right=b) if isinstance(a.type, tree.Number):
                meet = _two("and", _unless("<=", self.low(a), self.high(b)), _unless("<=", self.low(b), self.high(a)))
                return meet, truth(False)
            case tree.Choose(condition=c, then=a, otherwise=b):
                first = (_two("and", self.may(c), self.may(a)), _two("and", _one("not", self.must(c)), self.may(b)))
                return _two("or", *first), _two("and", self.must(a), self.must(b))
            case tree.Fold(op="any" | "all", where=where, body=body):
                return self._any_or_all(node, where, body)
        return truth(True), truth(False)

    def _any_or_all(self, node: tree.Fold, where: tree.Node | None, body: tree.Node) -> tuple[tree.Node, tree.Node]:
        wide = None if where is None else self.may(where)
        narrow = None if where is None else self.must(where)
        if node.op == "any":
            return _fold(node, "any", wide, self.may(body)), _fold(node, "any", narrow, self.must(body))
        return _fold(node, "all", narrow, self.may(body)), _fold(node, "all", wide, self.must(body))

    def _ends(self, node: tree.Node) -> tuple[tree.Node, tree.Node]:
        if not self.moves(node):
            return node, node
        match node:
            case tree.Now():
                return node, number(self.days)
            case tree.StateValue():
                stored = Stored(type=NUMBER, of=node)
                return _extreme("min", stored, number(0.0)), _extreme("max", stored, number(0.0))
            case tree.Unary(op=op, of=x):
                return self._function(op, x)
            case tree.Binary(op=op, left=a, right=b):
                return self._operator(op, a, b)
            case tree.Choose(condition=c, then=a, otherwise=b):
                return self._choice(c, a, b)
            case tree.Fold():
                return self._over(node)
        return number(-math.inf), number(math.inf)

    def _function(self, op: str, x: tree.Node) -> tuple[tree.Node, tree.Node]:
        low, high = self._ends(x)
        if op == "neg":
            return _one("neg", high), _one("neg", low)
        if op == "abs":
            if (sign := self._sign(x)) != 0:
                return (low, high) if sign > 0 else (_one("neg", high), _one("neg", low))
            ends = (_one("abs", low), _one("abs", high))
            crosses = _two("and", _two("<=", low, number(0.0)), _two(">=", high, number(0.0)))
            return _if(crosses, number(0.0), _extreme("min", *ends)), _extreme("max", *ends)
        if op == "sin":
            return number(-1.0), number(1.0)
        if op in ("sqrt", "log"):
            # Below 0 there is no value that a rate could take without stopping the run.
            low, high = _extreme("max", low, number(0.0)), _extreme("max", high, number(0.0))
        return _one(op, low), _one(op, high)

    def _operator(self, op: tree.Operator, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        (al, ah), (bl, bh) = self._ends(a), self._ends(b)
        match op:
            case "+" | "min" | "max":
                return _two(op, al, bl), _two(op, ah, bh)
            case "-":
                return _two("-", al, bh), _two("-", ah, bl)
            case "*":
                if self._sign(a) > 0 and self._sign(b) > 0:
                    return _two("*", al, bl), _two("*", ah, bh)
                if (sign := self._sign(b)) != 0:
                    return _scaled("*", (al, ah), sign, (bl, bh))
                if (sign := self._sign(a)) != 0:
                    return _scaled("*", (bl, bh), sign, (al, ah))
                return _corners("*", (al, ah), (bl, bh))
            case "/":
                least, most = self.span(b)
                if least > 0 and self._sign(a) > 0:
                    return _two("/", al, bh), _two("/", ah, bl)
                if least > 0 or most < 0:
                    return _scaled("/", (al, ah), self._sign(b), (bl, bh))
                low, high = _corners("/", (al, ah), (bl, bh))
                safe = _two("or", _two(">", bl, number(0.0)), _two("<", bh, number(0.0)))
                return _if(safe, low, number(-math.inf)), _if(safe, high, number(math.inf))
            case "%":
                if self.span(b)[0] > 0:
                    return number(0.0), bh
                return (bl, number(0.0)) if self.span(b)[1] < 0 else (number(-math.inf), number(math.inf))
        return self._power(a, b, (al, ah), (bl, bh))

    def _sign(self, node: tree.Node) -> int:
        """1 for what is proved to be 0 or more, -1 for 0 or less, 0 where neither is proved."""
        least, most = self.span(node)
        return 1 if least >= 0 else -1 if most <= 0 else 0

    def _power(
        self, a: tree.Node, b: tree.Node, base: tuple[tree.Node, tree.Node], exponent: tuple[tree.Node, tree.Node]
    ) -> tuple[tree.Node, tree.Node]:
        if self.span(a)[0] >= 0:
            low, high = _corners("**", base, exponent)
            return _extreme("min", low, number(1.0)), _extreme("max", high, number(1.0))
        if isinstance(b, tree.Constant) and b.value >= 0 and b.value == int(b.value):
            ends = (_two("**", base[0], b), _two("**", base[1], b))
            return _extreme("min", *ends, number(0.0)), _extreme("max", *ends)
        return number(-math.inf), number(math.inf)

    def _choice(self, c: tree.Node, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        (al, ah), (bl, bh) = self._ends(a), self._ends(b)
        if not self.moves(c):
            return _if(c, al, bl), _if(c, ah, bh)
        must, may = self.must(c), self.may(c)
        # A chain of choices would double at every choice if both branches stood in an end twice: the smaller one does.
        # The infinite end stands first, so that one that is no number is not lost.
        if _size(a) <= _size(b):
            return (
                _if(must, al, _extreme("min", _if(may, al, number(math.inf)), bl)),
                _if(must, ah, _extreme("max", _if(may, ah, number(-math.inf)), bh)),
            )
        return (
            _if(may, _extreme("min", _if(must, number(math.inf), bl), al), bl),
            _if(may, _extreme("max", _if(must, number(-math.inf), bh), ah), bh),
        )

    def _over(self, node: tree.Fold) -> tuple[tree.Node, tree.Node]:
        low, high = self._ends(node.body)
        where = node.where
        if where is None or not self.moves(where):
            op = "sum" if node.op == "count" else node.op
            return _fold(node, op, where, low), _fold(node, op, where, high)
        zero, must, may = number(0.0), self.must(where), self.may(where)
        if node.op in ("sum", "count"):
            least = _if(must, low, _extreme("min", low, zero))
            most = _if(must, high, _extreme("max", high, zero))
            return _fold(node, "sum", may, least), _fold(node, "sum", may, most)
        return (
            _extreme("min", _fold(node, "min", may, low), zero),
            _extreme("max", _fold(node, "max", may, high), zero),
        )


def _size(node: tree.Node) -> int:
    return 1 + sum(map(_size, tree.children(node)))


_OPPOSITE: dict[str, tree.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _unless(op: str, a: tree.Node, b: tree.Node) -> tree.Node:
    """A comparison that counts as true where an end is not a number: what is not known may hold."""
    return _one("not", _two(_OPPOSITE[op], a, b))


def _fold(node: tree.Fold, op: str, where: tree.Node | None, body: tree.Node) -> tree.Node:
    kind = TRUTH if op in ("any", "all") else NUMBER
    return tree.Fold(type=kind, op=op, variable=node.variable, domain=node.domain, where=where, body=body)  # type: ignore[arg-type]


def _scaled(
    op: tree.Operator, ends: tuple[tree.Node, tree.Node], sign: int, by: tuple[tree.Node, tree.Node]
) -> tuple[tree.Node, tree.Node]:
    """The ends of a product, or quotient, with a factor whose sign is known.

    Each holds one end of what is scaled. With both, as in `_corners`, it would double at every level of nesting.
    """
    low, high = ends if sign > 0 else ends[::-1]
    factors = by[:1] if by[0] is by[1] else by
    return _extreme("min", *(_two(op, low, y) for y in factors)), _extreme("max", *(_two(op, high, y) for y in factors))


def _corners(
    op: tree.Operator, a: tuple[tree.Node, tree.Node], b: tuple[tree.Node, tree.Node]
) -> tuple[tree.Node, tree.Node]:
    firsts = a[:1] if a[0] is a[1] else a
    seconds = b[:1] if b[0] is b[1] else b
    corners = [_two(op, x, y) for x in firsts for y in seconds]
    return _extreme("min", *corners), _extreme("max", *corners)
