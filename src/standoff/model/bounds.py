"""Bounds of a rate that decays: an expression that no later value of the rate exceeds until a state changes.

Between events only memories and the time move. A memory stays between 0 and what was last stored, the
time between now and the end. Interval arithmetic (Moore 1966) on the rate's expression turns that into
two expressions, a lower and an upper one, in stored values only; the upper one is what thinning (Lewis
and Shedler 1979) draws proposals from. Where no bound can be proved it is infinite and the run stops.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from standoff.scenario import tree

Span = tuple[float, float]
NUMBER = tree.Number()
TRUTH = tree.Truth()


@dataclass(frozen=True, slots=True)
class Stored(tree.Node):
    """A memory as last written, without its decay since."""

    of: tree.StateValue


@dataclass(frozen=True, slots=True)
class Drifting:
    """What a state moves by, and the bounds at which it stops."""

    speed: str
    low: float
    high: float


NONE: Mapping[str, Drifting] = {}


def number(value: float) -> tree.Constant:
    """A literal."""
    return tree.Constant(type=NUMBER, value=value)


def truth(value: bool) -> tree.Constant:
    """A literal truth."""
    return tree.Constant(type=TRUTH, value=float(value))


def two(op: tree.Operator, a: tree.Node, b: tree.Node) -> tree.Node:
    """An operator between two nodes."""
    logical = op in ("<", "<=", ">", ">=", "==", "!=", "and", "or")
    return tree.Binary(type=TRUTH if logical else NUMBER, op=op, left=a, right=b)


def choice(condition: tree.Node, a: tree.Node, b: tree.Node) -> tree.Node:
    """The first where a condition holds, else the second."""
    return tree.Choose(type=a.type, condition=condition, then=a, otherwise=b)


def extreme(op: tree.Operator, *of: tree.Node) -> tree.Node:
    """The least (`min`) or the greatest (`max`) of some nodes."""
    out = of[0]
    for node in of[1:]:
        out = two(op, out, node)
    return out


def one(op: str, of: tree.Node) -> tree.Node:
    """A function of a node."""
    return tree.Unary(type=TRUTH if op == "not" else NUMBER, op=op, of=of)  # type: ignore[arg-type]


class Bounds:
    """Lower and upper expressions; `span` gives what is known of an expression beforehand."""

    def __init__(
        self, memories: set[str], days: float, span: Callable[[tree.Node], Span], drifts: Mapping[str, Drifting] = NONE
    ) -> None:
        self.memories = memories
        self.drifts = drifts
        self.days = days
        self.span = span
        self._moving: dict[int, tuple[tree.Node, bool]] = {}

    def moves(self, node: tree.Node) -> bool:
        """Whether the value changes between events."""
        known = self._moving.get(id(node))
        if known is None:
            # The node is kept beside the answer: no other gets its id.
            known = node, self._moves_itself(node) or any(self.moves(child) for child in tree.children(node))
            self._moving[id(node)] = known
        return known[1]

    def _moves_itself(self, node: tree.Node) -> bool:
        match node:
            case tree.Now():
                return True
            case tree.StateValue(name=name):
                return name in self.memories or name in self.drifts
        return False

    def rate(self, guard: tree.Node | None, rate: tree.Node) -> tree.Node:
        """The bound of a guarded rate; where the rate is negative, the rate itself, for which a run stops.

        Nothing is proposed under a bound of 0, so nobody would see otherwise that the rate below it is none.
        """
        high = self.high(rate)
        bound = high if guard is None else choice(self.may(guard), high, number(0.0))
        if self.span(rate)[0] >= 0:
            return bound
        negative = two("<", rate, number(0.0))
        return choice(negative if guard is None else two("and", guard, negative), rate, bound)

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
                return one("not", self.must(x)), one("not", self.may(x))
            case tree.Binary(op="and" | "or" as op, left=a, right=b):
                return two(op, self.may(a), self.may(b)), two(op, self.must(a), self.must(b))
            case tree.Binary(op="<" | "<=" as op, left=a, right=b):
                return _unless(op, self.low(a), self.high(b)), two(op, self.high(a), self.low(b))
            case tree.Binary(op=">" | ">=" as op, left=a, right=b):
                return _unless(op, self.high(a), self.low(b)), two(op, self.low(a), self.high(b))
            case tree.Binary(op="==", left=a, right=b) if isinstance(a.type, tree.Number):
                meet = two("and", _unless("<=", self.low(a), self.high(b)), _unless("<=", self.low(b), self.high(a)))
                return meet, truth(False)
            case tree.Choose(condition=c, then=a, otherwise=b):
                first = (two("and", self.may(c), self.may(a)), two("and", one("not", self.must(c)), self.may(b)))
                return two("or", *first), two("and", self.must(a), self.must(b))
            case tree.Fold(op="any" | "all", where=where, body=body):
                return self._any_or_all(node, where, body)
        return truth(True), truth(False)

    def _any_or_all(self, node: tree.Fold, where: tree.Node | None, body: tree.Node) -> tuple[tree.Node, tree.Node]:
        wide = None if where is None else self.may(where)
        narrow = None if where is None else self.must(where)
        if node.op == "any":
            return fold(node, "any", wide, self.may(body)), fold(node, "any", narrow, self.must(body))
        return fold(node, "all", narrow, self.may(body)), fold(node, "all", wide, self.must(body))

    def _ends(self, node: tree.Node) -> tuple[tree.Node, tree.Node]:
        if not self.moves(node):
            return node, node
        match node:
            case tree.Now():
                return node, number(self.days)
            case tree.StateValue(name=name) if name in self.drifts:
                end = self._drifted(node, self.drifts[name])
                return extreme("min", node, end), extreme("max", node, end)
            case tree.StateValue():
                stored = Stored(type=NUMBER, of=node)
                return extreme("min", stored, number(0.0)), extreme("max", stored, number(0.0))
            case tree.Unary(op=op, of=x):
                return self._function(op, x)
            case tree.Binary(op=op, left=a, right=b):
                return self._operator(op, a, b)
            case tree.Choose(condition=c, then=a, otherwise=b):
                return self._choice(c, a, b)
            case tree.Fold():
                return self._over(node)
        return number(-math.inf), number(math.inf)

    def _drifted(self, node: tree.StateValue, drift: Drifting) -> tree.Node:
        """What something comes to by the end of the scenario if it goes on at the speed that it has."""
        speed = tree.StateValue(type=NUMBER, name=drift.speed, indices=node.indices)
        left = two("-", number(self.days), tree.Now(type=NUMBER))
        end = two("+", node, two("*", speed, left))
        end = extreme("max", end, number(drift.low)) if drift.low > -math.inf else end
        return extreme("min", end, number(drift.high)) if drift.high < math.inf else end

    def _function(self, op: str, x: tree.Node) -> tuple[tree.Node, tree.Node]:
        low, high = self._ends(x)
        if op == "neg":
            return one("neg", high), one("neg", low)
        if op == "abs":
            if (sign := self._sign(x)) != 0:
                return (low, high) if sign > 0 else (one("neg", high), one("neg", low))
            ends = (one("abs", low), one("abs", high))
            crosses = two("and", two("<=", low, number(0.0)), two(">=", high, number(0.0)))
            return choice(crosses, number(0.0), extreme("min", *ends)), extreme("max", *ends)
        if op == "sin":
            return number(-1.0), number(1.0)
        if op in ("sqrt", "log"):
            # Below 0 there is no value that a rate could take without stopping the run.
            low, high = extreme("max", low, number(0.0)), extreme("max", high, number(0.0))
        return one(op, low), one(op, high)

    def _operator(self, op: tree.Operator, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        (al, ah), (bl, bh) = self._ends(a), self._ends(b)
        match op:
            case "+" | "min" | "max":
                return two(op, al, bl), two(op, ah, bh)
            case "-":
                return two("-", al, bh), two("-", ah, bl)
            case "*":
                if self._sign(a) > 0 and self._sign(b) > 0:
                    return two("*", al, bl), two("*", ah, bh)
                if (sign := self._sign(b)) != 0:
                    return _scaled("*", (al, ah), sign, (bl, bh))
                if (sign := self._sign(a)) != 0:
                    return _scaled("*", (bl, bh), sign, (al, ah))
                return corners("*", (al, ah), (bl, bh))
            case "/":
                least, most = self.span(b)
                if least > 0 and self._sign(a) > 0:
                    return two("/", al, bh), two("/", ah, bl)
                if least > 0 or most < 0:
                    return _scaled("/", (al, ah), self._sign(b), (bl, bh))
                low, high = corners("/", (al, ah), (bl, bh))
                safe = two("or", two(">", bl, number(0.0)), two("<", bh, number(0.0)))
                return choice(safe, low, number(-math.inf)), choice(safe, high, number(math.inf))
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
            low, high = corners("**", base, exponent)
            return extreme("min", low, number(1.0)), extreme("max", high, number(1.0))
        if isinstance(b, tree.Constant) and b.value >= 0 and b.value == int(b.value):
            ends = (two("**", base[0], b), two("**", base[1], b))
            return extreme("min", *ends, number(0.0)), extreme("max", *ends)
        return number(-math.inf), number(math.inf)

    def _choice(self, c: tree.Node, a: tree.Node, b: tree.Node) -> tuple[tree.Node, tree.Node]:
        (al, ah), (bl, bh) = self._ends(a), self._ends(b)
        if not self.moves(c):
            return choice(c, al, bl), choice(c, ah, bh)
        must, may = self.must(c), self.may(c)
        # A chain of choices would double at every choice if both branches stood in an end twice: the smaller one does.
        # The infinite end stands first, so that one that is no number is not lost.
        if _size(a) <= _size(b):
            return (
                choice(must, al, extreme("min", choice(may, al, number(math.inf)), bl)),
                choice(must, ah, extreme("max", choice(may, ah, number(-math.inf)), bh)),
            )
        return (
            choice(may, extreme("min", choice(must, number(math.inf), bl), al), bl),
            choice(may, extreme("max", choice(must, number(-math.inf), bh), ah), bh),
        )

    def _over(self, node: tree.Fold) -> tuple[tree.Node, tree.Node]:
        low, high = self._ends(node.body)
        where = node.where
        if where is None or not self.moves(where):
            op = "sum" if node.op == "count" else node.op
            return fold(node, op, where, low), fold(node, op, where, high)
        zero, must, may = number(0.0), self.must(where), self.may(where)
        if node.op in ("sum", "count"):
            least = choice(must, low, extreme("min", low, zero))
            most = choice(must, high, extreme("max", high, zero))
            return fold(node, "sum", may, least), fold(node, "sum", may, most)
        return (
            extreme("min", fold(node, "min", may, low), zero),
            extreme("max", fold(node, "max", may, high), zero),
        )


def _size(node: tree.Node) -> int:
    return 1 + sum(map(_size, tree.children(node)))


_OPPOSITE: dict[str, tree.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _unless(op: str, a: tree.Node, b: tree.Node) -> tree.Node:
    """A comparison that counts as true where an end is not a number: what is not known may hold."""
    return one("not", two(_OPPOSITE[op], a, b))


def fold(node: tree.Fold, op: str, where: tree.Node | None, body: tree.Node) -> tree.Node:
    """Another fold over the same members."""
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
    return extreme("min", *(two(op, low, y) for y in factors)), extreme("max", *(two(op, high, y) for y in factors))


def corners(
    op: tree.Operator, a: tuple[tree.Node, tree.Node], b: tuple[tree.Node, tree.Node]
) -> tuple[tree.Node, tree.Node]:
    """The least and the greatest of an operator between the ends of two intervals."""
    firsts = a[:1] if a[0] is a[1] else a
    seconds = b[:1] if b[0] is b[1] else b
    corners = [two(op, x, y) for x in firsts for y in seconds]
    return extreme("min", *corners), extreme("max", *corners)
