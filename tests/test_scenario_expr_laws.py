"""The laws of expressions: writing and reading undo each other, constants agree with Python, bounds contain values."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from standoff.errors import Faults
from standoff.intervals import Interval, contains
from standoff.scenario.expression.bounds import constant, static_bounds
from standoff.scenario.expression.expr import parse
from standoff.scenario.expression.names import Names, Scope, StateName
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.expression.syntax import MAXIMUM_LENGTH
from standoff.scenario.tree import (
    Binary,
    Choose,
    Constant,
    Domain,
    Entity,
    Firings,
    Fold,
    Local,
    Member,
    Node,
    ParameterValue,
    Related,
    StateValue,
    Unary,
    Variable,
)
from tests.made_scope import ACTOR, MOOD, NUMBER, PLACE, STILL, TRUTH, names, resolved_with

LEAVES: tuple[Node, ...] = (
    StateValue(type=NUMBER, name="total", indices=()),
    ParameterValue(type=NUMBER, name="weight"),
    Firings(type=NUMBER, rule="advance"),
    StateValue(type=NUMBER, name="stock", indices=(Variable(type=PLACE, name="p"),)),
)
FINITE = st.floats(-1e9, 1e9, allow_nan=False)
FUNCTIONS = ("abs", "exp", "log", "sqrt", "logistic", "floor")
HOLDER = StateValue(type=ACTOR, name="holder", indices=(Variable(type=PLACE, name="p"),))
MOOD_OF_A = StateValue(type=MOOD, name="mood", indices=(Variable(type=ACTOR, name="a"),))


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> Node:
    form = draw(st.integers(0, 5)) if depth else 0
    below = partial(numbers, depth - 1)
    match form:
        case 1:
            op: Any = draw(st.sampled_from(["+", "-", "*", "/", "**", "min", "max"]))
            left, right = draw(below()), draw(below())
            assume(op != "/" or constant(right) != 0.0)
            return Binary(type=NUMBER, op=op, left=left, right=right)
        case 2:
            of = draw(below())
            return of if isinstance(of, Constant) else Unary(type=NUMBER, op="neg", of=of)
        case 3:
            function: Any = draw(st.sampled_from(FUNCTIONS))
            return Unary(type=NUMBER, op=function, of=draw(below()))
        case 4:
            condition = draw(truths(depth - 1))
            return Choose(type=NUMBER, condition=condition, then=draw(below()), otherwise=draw(below()))
        case 5:
            fold: Any = draw(st.sampled_from(["sum", "min", "max"]))
            where, over = draw(st.none() | truths(depth - 1)), Domain("kind", "place", "place")
            return Fold(type=NUMBER, op=fold, variable=f"v{depth}", domain=over, where=where, body=draw(below()))
    return draw(st.sampled_from(LEAVES) | FINITE.map(lambda x: Constant(type=NUMBER, value=x)))


@st.composite
def truths(draw: st.DrawFn, depth: int) -> Node:
    form = draw(st.integers(0, 10)) if depth else draw(st.integers(0, 5))
    below, inner = partial(truths, depth - 1), partial(numbers, depth - 1)
    match form:
        case 0:
            return Constant(type=TRUTH, value=float(draw(st.booleans())))
        case 1:
            return Member(type=TRUTH, of=Variable(type=ACTOR, name="a"), group="reds")
        case 2:
            ends = (Variable(type=PLACE, name="p"), Entity(type=PLACE, name="mill"))
            return Related(type=TRUTH, relation="road", of=ends)
        case 3:
            named = Entity(type=ACTOR, name=draw(st.sampled_from([None, "red", "blue"])))
            return Binary(type=TRUTH, op="==", left=HOLDER, right=named)
        case 4:
            level = Constant(type=MOOD, value=float(draw(st.integers(0, 1))))
            return Binary(type=TRUTH, op="!=", left=MOOD_OF_A, right=level)
        case 6 | 7:
            op: Any = draw(st.sampled_from(["and", "or", "=="]))
            return Binary(type=TRUTH, op=op, left=draw(below()), right=draw(below()))
        case 8:
            comparison: Any = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
            return Binary(type=TRUTH, op=comparison, left=draw(inner()), right=draw(inner()))
        case 9:
            return Unary(type=TRUTH, op="not", of=draw(below()))
        case 10:
            fold: Any = draw(st.sampled_from(["any", "all"]))
            where, over = draw(st.none() | below()), Domain("group", "reds", "actor")
            return Fold(type=TRUTH, op=fold, variable=f"w{depth}", domain=over, where=where, body=draw(below()))
    return StateValue(type=TRUTH, name="open", indices=())


@given(numbers(4) | truths(4))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_tree_written_out_and_read_again_is_the_same_tree(node: Node) -> None:
    assume(len(spelled(node)) <= MAXIMUM_LENGTH)
    assert parse(spelled(node), STILL) == node


def python_value(text: str) -> float | bool:
    """The value of a text of literals and operators, computed by Python's own operators."""
    operators: dict[type[ast.AST], Callable[[float, float], float]] = {
        ast.Add: lambda x, y: x + y,
        ast.Sub: lambda x, y: x - y,
        ast.Mult: lambda x, y: x * y,
        ast.Div: lambda x, y: x / y,
        ast.Pow: lambda x, y: math.pow(x, y),
        ast.Lt: lambda x, y: x < y,
        ast.GtE: lambda x, y: x >= y,
    }

    def value(tree: ast.expr) -> float:
        match tree:
            case ast.Constant(value=number):
                return float(number)  # type: ignore[arg-type]
            case ast.UnaryOp(operand=of):
                return -value(of)
            case ast.BinOp(left=left, right=right, op=op):
                return operators[type(op)](value(left), value(right))
            case ast.Compare(left=left, comparators=[right], ops=[op]):
                return operators[type(op)](value(left), value(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return value(body) if value(test) else value(orelse)
        raise AssertionError(ast.dump(tree))

    return value(ast.parse(text, mode="eval").body)


LITERALS = st.integers(0, 9).map(str) | st.floats(0, 100, allow_nan=False).map(repr)
CONSTANT_TEXTS = st.recursive(
    LITERALS,
    lambda below: st.one_of(
        st.builds(lambda x, op, y: f"({x}) {op} ({y})", below, st.sampled_from(["+", "-", "*", "/"]), below),
        st.builds(lambda x, n: f"({x}) ** {n}", below, st.integers(0, 3)),
        st.builds(lambda x: f"-({x})", below),
        st.builds(lambda x, y, u, v: f"({x} if {u} < {v} else {y})", below, below, LITERALS, LITERALS),
        st.builds(lambda x, y, u, v: f"({x} if {u} >= {v} else {y})", below, below, LITERALS, LITERALS),
    ),
    max_leaves=12,
)


@given(CONSTANT_TEXTS)
@settings(max_examples=120, deadline=None)
def test_the_value_of_a_constant_expression_is_what_python_makes_of_it(text: str) -> None:
    try:
        wanted = python_value(text)
    except (ZeroDivisionError, OverflowError):
        assume(False)
    assume(math.isfinite(wanted))
    try:
        found = constant(parse(text, STILL))
    except Faults as refused:
        # A division by zero is refused also in the branch that Python never reaches.
        assume({fault.code for fault in refused.faults} != {"SD312"})
        raise
    assert found is not None
    assert found == wanted


def value_of(node: Node, parameters: Mapping[str, float]) -> float:
    """The value of a tree of numbers and truths, computed in the plainest way."""
    match node:
        case Constant(value=value):
            return value
        case ParameterValue(name=name):
            return parameters[name]
        case Unary(op=op, of=of):
            x = value_of(of, parameters)
            functions: dict[str, Callable[[float], float]] = {
                "neg": lambda x: -x,
                "not": lambda x: 1.0 - x,
                "abs": abs,
                "exp": math.exp,
                "log": math.log,
                "sqrt": math.sqrt,
                "logistic": lambda x: 1.0 / (1.0 + math.exp(-x)),
                "floor": lambda x: float(math.floor(x)),
            }
            return functions[op](x)
        case Binary(op=op, left=left, right=right):
            x, y = value_of(left, parameters), value_of(right, parameters)
            operators: dict[str, Callable[[float, float], float]] = {
                "+": lambda x, y: x + y,
                "-": lambda x, y: x - y,
                "*": lambda x, y: x * y,
                "/": lambda x, y: x / y,
                "**": math.pow,
                "min": min,
                "max": max,
                "<": lambda x, y: x < y,
                ">=": lambda x, y: x >= y,
                "and": min,
                "or": max,
            }
            return float(operators[op](x, y))
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return value_of(then if value_of(condition, parameters) else otherwise, parameters)
    raise AssertionError(node)


SMALL = st.floats(-8, 8, allow_nan=False).map(lambda x: round(x, 3))
FORMULAS = st.recursive(
    st.sampled_from(["x", "y", "1", "2", "0.5"]),
    lambda below: st.one_of(
        st.builds(lambda a, op, b: f"({a} {op} {b})", below, st.sampled_from(["+", "-", "*", "/"]), below),
        st.builds(lambda f, a: f"{f}({a})", st.sampled_from(["exp", "log", "sqrt", "abs", "logistic", "floor"]), below),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", st.sampled_from(["min", "max"]), below, below),
        st.builds(lambda a, n: f"({a}) ** {n}", below, st.integers(-2, 3)),
        st.builds(lambda a, b, c: f"({a} if {b} < {c} and not {c} >= 1 else {b})", below, below, below),
    ),
    max_leaves=8,
)


@given(FORMULAS, st.lists(SMALL, min_size=3, max_size=3), st.lists(SMALL, min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_value_lies_within_the_bounds_of_its_expression(text: str, xs: list[float], ys: list[float]) -> None:
    (x_low, x, x_high), (y_low, y, y_high) = sorted(xs), sorted(ys)
    table = Names(date(2017, 5, 31), parameters={"x": None, "y": None})
    try:
        node = parse(text, Scope(table))
        value = value_of(node, {"x": x, "y": y})
    except (Faults, ZeroDivisionError, OverflowError, ValueError):
        assume(False)
    low, high = static_bounds(node, resolved_with({"x": (x_low, x_high), "y": (y_low, y_high)}))
    # Python's and the bounds' steps round alike, but for functions of the mathematical library.
    slack = 1e-9 * max(1.0, abs(value))
    assert low - slack <= value <= high + slack


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("total", (0.0, 5.0)),
        ("memory", (0.0, 5.0)),
        ("stock[p]", (1.0, 5.0)),
        ("stock[base[a]]", (0.0, 5.0)),
        ("sum(stock[x] for x in place)", (2.0, 10.0)),
        ("sum(stock[x] for x in place if holder[x] == a)", (0.0, 10.0)),
        ("count(x for x in road(p))", (0.0, 1.0)),
        ("max(total, 7)", (7.0, 7.0)),
        ("total > 5", (0.0, 0.0)),
        ("total <= 5", (1.0, 1.0)),
        ("blue in reds", (0.0, 0.0)),
        ("a in reds", (0.0, 1.0)),
        ("a == none", (0.0, 0.0)),
        ("holder[p] == none", (0.0, 1.0)),
        ("road(ford, ford)", (0.0, 0.0)),
        ("road(ford, mill)", (1.0, 1.0)),
        ("total / (total + stock[p])", (0.0, 5.0)),
        ("total / (total + total)", (0.0, math.inf)),
        ("t", (0.0, 10.0)),
        ("road_km(p, q)", (0.0, 46.0)),
        ("any(total > 9 for x in place)", (0.0, 0.0)),
        ("all(total > 9 for x in place if total > 9)", (1.0, 1.0)),
        ("1 if total > 9 else 2", (2.0, 2.0)),
    ],
)
def test_bounds_follow_from_what_is_declared(text: str, answer: Interval) -> None:
    table = names()
    table.add_state("memory", StateName((), NUMBER, None, memory=True))
    assert static_bounds(parse(text, replace(STILL, names=table)), resolved_with({})) == answer


def test_a_local_value_is_bounded_by_what_the_caller_knows_of_it() -> None:
    node = Local(type=NUMBER, name="x")
    assert static_bounds(node, resolved_with({})) == (-math.inf, math.inf)
    assert contains(static_bounds(node, resolved_with({}), local_values={"x": (1.0, 2.0)}), 1.5)


@pytest.mark.parametrize("each", [0.1, 0.7, -0.1])
def test_the_bounds_of_a_sum_hold_for_what_adding_gives(each: float) -> None:
    given = resolved_with({})
    ten = replace(given.kinds["place"], members=tuple(f"p{number}" for number in range(10)))
    total = 0.0
    for _ in ten.members:
        total += each
    assert total != 10 * each
    node = parse(f"sum({each} for x in place)", STILL)
    assert static_bounds(node, replace(given, kinds={**given.kinds, "place": ten})) == (total, total)
