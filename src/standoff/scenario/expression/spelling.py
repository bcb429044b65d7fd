"""A resolved expression as an author would write it, with its defines put in: for messages and for explanation."""

from __future__ import annotations

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
    ParameterValue,
    Pick,
    Related,
    StateValue,
    Truth,
    Unary,
    Variable,
    Word,
)

_CHOOSE, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _NEGATIVE, _POWER, _ATOM = range(10)
_BINDING = {
    "or": _OR, "and": _AND, "<": _COMPARISON, "<=": _COMPARISON, ">": _COMPARISON, ">=": _COMPARISON,
    "==": _COMPARISON, "!=": _COMPARISON, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER,
}  # fmt: skip


def spelled(node: Node) -> str:
    """The text of an expression; reading it again in the same scope gives the same tree."""
    return _spell(node)[0]


def number(value: float) -> str:
    """A number as briefly as it can be written without losing a digit."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def domain(over: Domain) -> str:
    """A domain as it stands after `in`."""
    return over.name if over.of is None else f"{over.name}({spelled(over.of)})"


def _spell(node: Node) -> tuple[str, int]:
    # The text, and how tightly its outermost operator binds.
    match node:
        case Constant():
            return _constant(node)
        case Word(value=value):
            return repr(value), _ATOM
        case Entity(name=name):
            return name or "none", _ATOM
        case Variable(name=name) | Local(name=name) | ParameterValue(name=name):
            return name, _ATOM
        case Now():
            return "t", _ATOM
        case StateValue(name=name, indices=indices):
            return (f"{name}[{', '.join(map(spelled, indices))}]" if indices else name), _ATOM
        case Attribute(of=of, name=name):
            return f"{_within(of, _ATOM)}.{name}", _ATOM
        case Member(of=of, group=group):
            return f"{_within(of, _SUM)} in {group}", _COMPARISON
        case Related(relation=name, of=of) | Between(measure=name, of=of) | Draw(kind=name, of=of):
            return f"{name}({', '.join(map(spelled, of))})", _ATOM
        case Firings(rule=rule):
            return f"count({rule})", _ATOM
        case Unary():
            return _unary(node)
        case Binary():
            return _binary(node)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            text = f"{_within(then, _OR)} if {_within(condition, _OR)} else {_within(otherwise, _CHOOSE)}"
            return text, _CHOOSE
        case Fold(op=op, variable=variable, domain=over, where=where, body=body):
            what = variable if op == "count" else _within(body, _CHOOSE)
            return f"{op}({what}{_members(variable, over, where)})", _ATOM
        case Pick(variable=variable, domain=over, where=where, weight=weight):
            weighted = "" if weight is None else f", weight={spelled(weight)}"
            return f"choice({variable}{_members(variable, over, where)}{weighted})", _ATOM
    return "?", _ATOM


def _within(node: Node, least: int) -> str:
    text, binding = _spell(node)
    return text if binding >= least else f"({text})"


def _constant(node: Constant) -> tuple[str, int]:
    match node.type:
        case Truth():
            return "true" if node.value else "false", _ATOM
        case Level(levels=levels):
            return levels[int(node.value)], _ATOM
    return number(node.value), _NEGATIVE if node.value < 0.0 else _ATOM


def _unary(node: Unary) -> tuple[str, int]:
    if node.op == "not":
        return f"not {_within(node.of, _NOT)}", _NOT
    if node.op == "neg":
        return f"-{_within(node.of, _NEGATIVE)}", _NEGATIVE
    return f"{node.op}({spelled(node.of)})", _ATOM


def _binary(node: Binary) -> tuple[str, int]:
    if node.op in ("min", "max"):
        return f"{node.op}({spelled(node.left)}, {spelled(node.right)})", _ATOM
    binding = _BINDING[node.op]
    # Operators group to the left, powers to the right; comparisons side by side would be one chain.
    left, right = binding, binding + 1
    if node.op == "**":
        left, right = _ATOM, _NEGATIVE
    elif binding == _COMPARISON:
        left = binding + 1
    return f"{_within(node.left, left)} {node.op} {_within(node.right, right)}", binding


def _members(variable: str, over: Domain, where: Node | None) -> str:
    condition = "" if where is None else f" if {_within(where, _OR)}"
    return f" for {variable} in {domain(over)}{condition}"
