"""A resolved expression as an author would write it, with its defines put in: for messages and for explanation."""

from __future__ import annotations

from standoff.numerals import exact
from standoff.scenario.operators import ATOM, CHOOSE, COMPARISON, NEGATIVE, NOT, OPERATIONS, OR, SUM
from standoff.scenario.tree import (
    Attribute,
    Between,
    Binary,
    Choose,
    Constant,
    Domain,
    Draw,
    Entity,
    Firings,
    Fold,
    Level,
    Local,
    Member,
    Node,
    Now,
    OwnValue,
    ParameterValue,
    Pick,
    Related,
    StateValue,
    Truth,
    Unary,
    Variable,
    Word,
)


def spelled(node: Node) -> str:
    """The text of an expression; reading it again in the same scope gives the same tree."""
    return _spell(node)[0]


def domain(over: Domain) -> str:
    """A domain as it stands after `in`."""
    return over.name if over.of is None else f"{over.name}({spelled(over.of)})"


def _spell(node: Node) -> tuple[str, int]:
    # The text, and how tightly its outermost operator binds.
    match node:
        case Constant():
            return _constant(node)
        case Word(value=value):
            return repr(value), ATOM
        case Entity(name=name):
            return name or "none", ATOM
        case Variable(name=name) | Local(name=name) | ParameterValue(name=name):
            return name, ATOM
        case Now():
            return "t", ATOM
        case StateValue(name=name, indices=indices):
            return (f"{name}[{', '.join(map(spelled, indices))}]" if indices else name), ATOM
        case OwnValue(name=name, index=index):
            return f"{name}[{spelled(index)}]", ATOM
        case Attribute(of=of, name=name):
            return f"{_within(of, ATOM)}.{name}", ATOM
        case Member(of=of, group=group):
            return f"{_within(of, SUM)} in {group}", COMPARISON
        case Related(relation=name, of=of) | Between(measure=name, of=of) | Draw(kind=name, of=of):
            return f"{name}({', '.join(map(spelled, of))})", ATOM
        case Firings(rule=rule):
            return f"count({rule})", ATOM
        case Unary():
            return _unary(node)
        case Binary():
            return _binary(node)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            text = f"{_within(then, OR)} if {_within(condition, OR)} else {_within(otherwise, CHOOSE)}"
            return text, CHOOSE
        case Fold(op=op, variable=variable, domain=over, where=where, body=body):
            what = variable if op == "count" else _within(body, CHOOSE)
            return f"{op}({what}{_members(variable, over, where)})", ATOM
        case Pick(variable=variable, domain=over, where=where, weight=weight):
            weighted = "" if weight is None else f", weight={spelled(weight)}"
            return f"choice({variable}{_members(variable, over, where)}{weighted})", ATOM
    return "?", ATOM


def _within(node: Node, least: int) -> str:
    text, binding = _spell(node)
    return text if binding >= least else f"({text})"


def _constant(node: Constant) -> tuple[str, int]:
    match node.type:
        case Truth():
            return "true" if node.value else "false", ATOM
        case Level(levels=levels):
            return levels[int(node.value)], ATOM
    return exact(node.value), NEGATIVE if node.value < 0.0 else ATOM


def _unary(node: Unary) -> tuple[str, int]:
    if node.op == "not":
        return f"not {_within(node.of, NOT)}", NOT
    if node.op == "neg":
        return f"-{_within(node.of, NEGATIVE)}", NEGATIVE
    return f"{node.op}({spelled(node.of)})", ATOM


def _binary(node: Binary) -> tuple[str, int]:
    if node.op in ("min", "max"):
        return f"{node.op}({spelled(node.left)}, {spelled(node.right)})", ATOM
    operation = OPERATIONS[node.op]
    left, right = operation.sides
    return f"{_within(node.left, left)} {node.op} {_within(node.right, right)}", operation.binds


def _members(variable: str, over: Domain, where: Node | None) -> str:
    condition = "" if where is None else f" if {_within(where, OR)}"
    return f" for {variable} in {domain(over)}{condition}"
