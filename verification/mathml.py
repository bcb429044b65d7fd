"""From libsbml's syntax trees to our formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import libsbml

from verification.formula import ONE, TIME, ZERO, Formula, Inexpressible, named, number, substitute

Definitions = Mapping[str, tuple[tuple[str, ...], Formula]]

_L = libsbml
_SAME = {
    _L.AST_TIMES: "times", _L.AST_DIVIDE: "divide", _L.AST_POWER: "power", _L.AST_FUNCTION_POWER: "power",
    _L.AST_FUNCTION_EXP: "exp", _L.AST_FUNCTION_LN: "log", _L.AST_FUNCTION_ABS: "abs",
    _L.AST_FUNCTION_FLOOR: "floor", _L.AST_FUNCTION_CEILING: "ceiling", _L.AST_FUNCTION_FACTORIAL: "factorial",
    _L.AST_FUNCTION_SIN: "sin", _L.AST_FUNCTION_COS: "cos", _L.AST_FUNCTION_TAN: "tan",
    _L.AST_FUNCTION_ARCSIN: "asin", _L.AST_FUNCTION_ARCCOS: "acos", _L.AST_FUNCTION_ARCTAN: "atan",
    _L.AST_FUNCTION_SINH: "sinh", _L.AST_FUNCTION_COSH: "cosh", _L.AST_FUNCTION_TANH: "tanh",
    _L.AST_FUNCTION_MIN: "min", _L.AST_FUNCTION_MAX: "max", _L.AST_PLUS: "plus",
    _L.AST_LOGICAL_AND: "and", _L.AST_LOGICAL_OR: "or", _L.AST_LOGICAL_NOT: "not",
}  # fmt: skip
_COMPARE = {
    _L.AST_RELATIONAL_LT: "less", _L.AST_RELATIONAL_LEQ: "at_most", _L.AST_RELATIONAL_GT: "more",
    _L.AST_RELATIONAL_GEQ: "at_least", _L.AST_RELATIONAL_EQ: "equal", _L.AST_RELATIONAL_NEQ: "unequal",
}  # fmt: skip
_LEAVES = {
    _L.AST_CONSTANT_E: number(math.e), _L.AST_CONSTANT_PI: number(math.pi), _L.AST_CONSTANT_TRUE: Formula("true"),
    _L.AST_CONSTANT_FALSE: Formula("false"), _L.AST_NAME_TIME: TIME, _L.AST_NAME_AVOGADRO: number(6.02214179e23),
}  # fmt: skip
_LAWS = {
    _L.AST_DISTRIB_FUNCTION_BERNOULLI: ("bernoulli", (1,)),
    _L.AST_DISTRIB_FUNCTION_BINOMIAL: ("binomial", (2, 4)),
    _L.AST_DISTRIB_FUNCTION_CAUCHY: ("cauchy", (1, 2, 4)),
    _L.AST_DISTRIB_FUNCTION_CHISQUARE: ("chisquare", (1, 3)),
    _L.AST_DISTRIB_FUNCTION_EXPONENTIAL: ("exponential", (1, 3)),
    _L.AST_DISTRIB_FUNCTION_GAMMA: ("gamma", (2, 4)),
    _L.AST_DISTRIB_FUNCTION_LAPLACE: ("laplace", (1, 2, 4)),
    _L.AST_DISTRIB_FUNCTION_LOGNORMAL: ("lognormal", (2, 4)),
    _L.AST_DISTRIB_FUNCTION_NORMAL: ("normal", (2, 4)),
    _L.AST_DISTRIB_FUNCTION_POISSON: ("poisson", (1, 3)),
    _L.AST_DISTRIB_FUNCTION_RAYLEIGH: ("rayleigh", (1, 3)),
    _L.AST_DISTRIB_FUNCTION_UNIFORM: ("uniform", (2,)),
}
_LOCATED = ("cauchy", "laplace")
"""Laws whose location is 0 where only a scale is given."""


def formula_of(node: Any, functions: Definitions | None = None) -> Formula:
    """A formula with the calls of function definitions put in place; raises Inexpressible."""
    known = functions or {}
    kind = node.getType()
    of = tuple(formula_of(node.getChild(i), known) for i in range(node.getNumChildren()))
    if kind in _LEAVES:
        return _LEAVES[kind]
    if kind == _L.AST_NAME:
        return named(node.getName())
    if node.isNumber():
        return number(_number(node))
    if kind in _SAME:
        return Formula(_SAME[kind], of)
    if kind in _COMPARE:
        pairs = [Formula(_COMPARE[kind], pair) for pair in pairwise(of)]
        if not pairs:
            return Formula("true")
        return pairs[0] if len(pairs) == 1 else Formula("and", tuple(pairs))
    if kind in _LAWS:
        return _law(*_LAWS[kind], of)
    if kind == _L.AST_FUNCTION:
        return _called(node.getName(), of, known)
    return _rewritten(kind, of, node)


def _number(node: Any) -> float:
    if node.getType() == _L.AST_INTEGER:
        return float(node.getInteger())
    if node.getType() == _L.AST_RATIONAL:
        return float(node.getNumerator() / node.getDenominator())
    value = float(node.getReal())
    if math.isnan(value):
        raise Inexpressible("a number that is not a number")
    return value


def _law(name: str, counts: tuple[int, ...], of: tuple[Formula, ...]) -> Formula:
    if len(of) not in counts:
        raise Inexpressible(f"{name} with {len(of)} arguments")
    if name in _LOCATED and len(of) == 1:
        of = (ZERO, *of)
    return Formula("draw", of, name=name)


def _called(name: str, of: tuple[Formula, ...], known: Definitions) -> Formula:
    if name not in known:
        raise Inexpressible(f"the function {name}, which the model does not define")
    arguments, body = known[name]
    if len(arguments) != len(of):
        raise Inexpressible(f"{name} with {len(of)} arguments instead of {len(arguments)}")
    return substitute(body, dict(zip(arguments, of, strict=True)))


def _rewritten(kind: int, of: tuple[Formula, ...], node: Any) -> Formula:
    """What has no word of its own in our language and is the same as something that has one."""
    if kind == _L.AST_MINUS:
        return Formula("negate", of) if len(of) == 1 else Formula("minus", of)
    if kind == _L.AST_FUNCTION_ROOT:
        if len(of) == 1 or of[0] == number(2):
            return Formula("sqrt", of[-1:])
        return Formula("power", (of[1], Formula("divide", (ONE, of[0]))))
    if kind == _L.AST_FUNCTION_LOG:
        base = of[0] if len(of) == 2 else number(10)
        return Formula("divide", (Formula("log", of[-1:]), Formula("log", (base,))))
    if kind == _L.AST_LOGICAL_XOR:
        return _odd(of)
    if kind == _L.AST_LOGICAL_IMPLIES:
        return Formula("or", (Formula("not", of[:1]), of[1]))
    if kind in (_L.AST_FUNCTION_QUOTIENT, _L.AST_FUNCTION_REM):
        ratio = Formula("divide", of)
        down, up = Formula("floor", (ratio,)), Formula("ceiling", (ratio,))
        whole = Formula("if", (Formula("at_least", (ratio, ZERO)), down, up))
        if kind == _L.AST_FUNCTION_QUOTIENT:
            return whole
        return Formula("minus", (of[0], Formula("times", (of[1], whole))))
    if kind == _L.AST_FUNCTION_PIECEWISE:
        return _piecewise(of)
    reasons = {
        _L.AST_FUNCTION_DELAY: "the value of a quantity at an earlier time (delay)",
        _L.AST_FUNCTION_RATE_OF: "the rate of change of a quantity (rateOf)",
    }
    raise Inexpressible(reasons.get(kind, f"the function {node.getName() or node.getOperatorName() or kind}"))


def _odd(of: tuple[Formula, ...]) -> Formula:
    found = Formula("false")
    for part in of:
        other = Formula("not", (part,))
        found = Formula("or", (Formula("and", (found, other)), Formula("and", (Formula("not", (found,)), part))))
    return found


def _piecewise(of: tuple[Formula, ...]) -> Formula:
    if len(of) % 2 == 0:
        raise Inexpressible("a piecewise formula that has no value where none of its conditions holds")
    found = of[-1]
    for value, condition in zip(of[-3::-2], of[-2::-2], strict=True):
        found = Formula("if", (condition, value, found))
    return found
