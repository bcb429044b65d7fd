"""The formulas of a model: a small tree, how it is folded and evaluated, and how it is written in our language."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace


class Inexpressible(Exception):
    """What a model asks for and our language, or this translation, does not have; the message is the reason."""


@dataclass(frozen=True)
class Formula:
    """A node: an operation over others, or a number (`value`), a `name`, or the `time`; `name` of a draw is its law."""

    op: str
    of: tuple[Formula, ...] = ()
    value: float = 0.0
    name: str = ""


def number(value: float) -> Formula:
    """A number as a formula."""
    return Formula("number", value=float(value))


def named(name: str) -> Formula:
    """A quantity as a formula."""
    return Formula("name", name=name)


TIME = Formula("time")
ZERO, ONE = number(0), number(1)
TRUTHS = frozenset({"less", "at_most", "more", "at_least", "equal", "unequal", "and", "or", "not", "true", "false"})


EVALUATE: dict[str, Callable[..., float]] = {
    "plus": lambda *of: math.fsum(of),
    "times": lambda *of: math.prod(of),
    "minus": lambda a, b: a - b,
    "negate": lambda a: -a,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: math.pow(a, b),
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "floor": math.floor, "ceiling": math.ceil,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh,
    "factorial": lambda a: math.gamma(a + 1.0),
    "min": min, "max": max,
    "less": lambda a, b: a < b, "at_most": lambda a, b: a <= b, "more": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b, "equal": lambda a, b: a == b, "unequal": lambda a, b: a != b,
    "and": lambda *of: all(of), "or": lambda *of: any(of), "not": lambda a: not a,
    "true": lambda: True, "false": lambda: False,
    "if": lambda c, a, b: a if c else b,
}  # fmt: skip
"""What each operation makes of numbers; a truth counts as 1 or 0."""


def evaluate(formula: Formula, values: Mapping[str, float], time: float = math.nan) -> float:
    """The value of a formula without draws; a truth is True or False."""
    if formula.op == "number":
        return formula.value
    if formula.op == "time":
        return time
    if formula.op == "name":
        return values[formula.name]
    if formula.op not in EVALUATE:
        raise Inexpressible(f"a value of {formula.name or formula.op} that is known beforehand")
    of = [evaluate(part, values, time) for part in formula.of]
    try:
        return EVALUATE[formula.op](*of)
    except (ArithmeticError, ValueError) as error:
        raise Inexpressible(f"{formula.op} of {', '.join(map(str, of))}: {error}") from error


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and all its parts."""
    yield formula
    for part in formula.of:
        yield from walk(part)


def names_in(formula: Formula) -> set[str]:
    """The quantities that a formula reads."""
    return {part.name for part in walk(formula) if part.op == "name"}


def reads_time(formula: Formula) -> bool:
    """Whether the formula reads the time itself."""
    return any(part.op == "time" for part in walk(formula))


def draws(formula: Formula) -> bool:
    """Whether the formula draws at random."""
    return any(part.op == "draw" for part in walk(formula))


def substitute(formula: Formula, table: Mapping[str, Formula], time: Formula = TIME) -> Formula:
    """The formula with its names, and the time, replaced by what they stand for."""
    if formula.op == "name":
        return table.get(formula.name, formula)
    if formula.op == "time":
        return time
    return replace(formula, of=tuple(substitute(part, table, time) for part in formula.of)) if formula.of else formula


def fold(formula: Formula) -> Formula:
    """The formula with every part that is made of numbers only worked out."""
    if not formula.of:
        return formula
    of = tuple(fold(part) for part in formula.of)
    folded = replace(formula, of=of)
    if formula.op == "if" and of[0].op in ("true", "false"):
        return of[1] if of[0].op == "true" else of[2]
    if formula.op == "draw" or any(part.op not in ("number", "true", "false") for part in of):
        return _unit_free(folded)
    value = evaluate(folded, {})
    if isinstance(value, bool):
        return Formula("true" if value else "false")
    return number(value)


def _unit_free(formula: Formula) -> Formula:
    """Without factors and divisors of 1, which only make expressions harder to read."""
    if formula.op == "times":
        of = tuple(part for part in formula.of if part != ONE)
        return replace(formula, of=of) if len(of) > 1 else (of or (ONE,))[0]
    if formula.op == "divide" and formula.of[1] == ONE:
        return formula.of[0]
    if formula.op == "plus" and len(formula.of) == 1:
        return formula.of[0]
    return formula


_LEVEL = {
    "if": 0, "or": 1, "and": 2, "not": 3, "less": 4, "at_most": 4, "more": 4, "at_least": 4, "equal": 4, "unequal": 4,
    "plus": 5, "minus": 5, "times": 6, "divide": 6, "negate": 7, "power": 8,
}  # fmt: skip
_MIDDLE = {
    "or": " or ", "and": " and ", "less": " < ", "at_most": " <= ", "more": " > ", "at_least": " >= ",
    "equal": " == ", "unequal": " != ", "plus": " + ", "minus": " - ", "times": " * ", "divide": " / ",
    "power": " ** ",
}  # fmt: skip
_CALLS = frozenset({"exp", "log", "sqrt", "abs", "floor", "min", "max"})
_NUMERIC = frozenset({"plus", "minus", "times", "divide", "negate", "power", "ceiling", *_CALLS})


def is_truth(formula: Formula) -> bool:
    """Whether the formula is a condition; one with branches is what its first branch is."""
    if formula.op == "if":
        return is_truth(formula.of[1])
    return formula.op in TRUTHS or formula.op == "truth"


def as_truth(formula: Formula) -> Formula:
    """The formula as a condition: a number is true unless it is 0."""
    return formula if is_truth(formula) else Formula("unequal", (formula, ZERO))


def as_number(formula: Formula) -> Formula:
    """The formula as a number: a condition is 1 where it holds and 0 elsewhere."""
    return Formula("if", (formula, ONE, ZERO)) if is_truth(formula) else formula


def text(formula: Formula) -> str:
    """The formula as an expression of our language; raises Inexpressible."""
    return _write(formula)[0]


def _write(formula: Formula) -> tuple[str, int]:
    op, of = formula.op, formula.of
    if op == "number":
        if not math.isfinite(formula.value):
            raise Inexpressible(f"the number {formula.value} in an expression")
        whole = formula.value.is_integer() and abs(formula.value) < 1e15
        return (str(int(formula.value)) if whole else repr(formula.value)), (7 if formula.value < 0 else 9)
    if op in ("name", "truth"):
        return formula.name, 9
    if op == "time":
        return "t", 9
    if op in ("true", "false"):
        return op, 9
    if op == "draw":
        raise Inexpressible(f"a draw of {formula.name} that is made anew at every reading")
    if op in ("and", "or", "not"):
        of = tuple(as_truth(part) for part in of)
    elif op == "if":
        of = (as_truth(of[0]), *((as_truth if is_truth(formula) else as_number)(part) for part in of[1:]))
    elif op in _NUMERIC or op in _LEVEL:
        of = tuple(as_number(part) for part in of)
    return _put_together(op, of)


def _inside(formula: Formula, level: int) -> str:
    words, own = _write(formula)
    return words if own >= level else f"({words})"


def _put_together(op: str, of: tuple[Formula, ...]) -> tuple[str, int]:
    if op in _CALLS:
        if op in ("min", "max") and len(of) == 1:
            return _write(of[0])
        return f"{op}({', '.join(text(part) for part in of)})", 9
    if op == "ceiling":
        return f"-floor(-{_inside(of[0], 8)})", 7
    if op == "if":
        return f"{_inside(of[1], 1)} if {_inside(of[0], 1)} else {_inside(of[2], 1)}", 0
    if op in ("not", "negate"):
        level = _LEVEL[op]
        return f"{'not ' if op == 'not' else '-'}{_inside(of[0], level + 1)}", level
    if op not in _MIDDLE:
        raise Inexpressible(f"the function {op} of what changes")
    if not of:
        return ("true" if op == "and" else "false", 9) if op in ("and", "or") else (str(int(op == "times")), 9)
    level = _LEVEL[op]
    # Grouping is kept as the model has it: sums of floats in another order are other floats.
    first = _inside(of[0], level + 1 if op in (*TRUTHS, "power") else level)
    return first + "".join(_MIDDLE[op] + _inside(part, level + 1) for part in of[1:]), level
