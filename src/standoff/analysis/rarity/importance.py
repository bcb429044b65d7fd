"""How near a run is to a yes: the number whose heights splitting climbs, as the author declares it or as found here.

From a condition comes a number that is 0 where the condition holds and says by how much it fails elsewhere: `a >= b`
lacks b - a, of `and` every part lacks its own, of `or` the part counts that lacks least, and what has no distance,
such as who holds a place, lacks 0 or 1. Nothing of this can make an estimate wrong; it decides how many runs it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from standoff.scenario import resolved as res
from standoff.scenario import spelled, tree

BAR = "highest so far"
"""The state that holds how high a run has come; no author can write this name."""

YES, LOWEST = 1e300, -1e300
"""A height above all others, and one below them."""

_NUMBER, _TRUTH = tree.Number(), tree.Truth()
_TRUE = tree.Constant(type=_TRUTH, value=1.0)
_OPPOSITE: dict[str, tree.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Importance:
    """A question's importance: the expression, whether the author declared it, and what counts as yes now."""

    height: tree.Node
    declared: bool
    yes: tree.Node

    @property
    def words(self) -> str:
        """The expression as an author would write it."""
        return spelled(self.height)


def importance(resolved: res.Resolved, question: res.Question) -> Importance:
    """The importance of a question of yes or no or of a date."""
    yes = question.answer
    if question.type == "date":
        yes = _binary(">=", yes, _number(0.0))
    elif isinstance(yes.type, tree.Number):
        yes = _binary(">", yes, _number(0.5))
    if question.levels is not None:
        return Importance(question.levels, True, yes)
    return Importance(_shortfall(_condition(resolved, question) or yes), False, yes)


def with_bar(resolved: res.Resolved, question: res.Question, of: Importance) -> res.Resolved:
    """The scenario with a state that keeps the greatest height so far, and a trigger that alone leaves events.

    Nothing else is changed that a run draws or does; other questions and watches are left out.
    """
    bar = tree.StateValue(type=_NUMBER, name=BAR, indices=())
    height = tree.Choose(type=_NUMBER, condition=of.yes, then=_number(YES), otherwise=of.height)
    rises = res.Rule(
        name=BAR, variables=(), when=_binary(">", height, bar), rate=None, at=None,
        then=(res.Assign(BAR, (), "=", height),), event=None, silent=False, where=BAR,
    )  # fmt: skip
    state = res.State(
        name=BAR, of=(), type=_NUMBER, unit=None, at_least=None, at_most=None, half_life=None, begin=(),
        otherwise=_number(LOWEST),
    )  # fmt: skip
    silent = tuple(replace(rule, silent=True) for rule in resolved.rules)
    return replace(
        resolved, states={**resolved.states, BAR: state}, rules=(*silent, rises), questions=(question,), watches=(),
        grid=(resolved.days,),
    )  # fmt: skip


def _condition(resolved: res.Resolved, question: res.Question) -> tree.Node | None:
    """What must come true: the guard, or the value, of the one rule that writes the answer's state."""
    answer = question.answer
    if not isinstance(answer, tree.StateValue) or answer.indices:
        return None
    writing = [(rule, part) for rule in resolved.rules for part in rule.then if _writes(part, answer.name)]
    if len(writing) != 1:
        return None
    rule, step = writing[0]
    if rule.is_trigger:
        return _joined(part for part in _parts(rule.when, "and") if not _reads(part, answer.name))
    return step.value if isinstance(step, res.Assign) and isinstance(step.value.type, tree.Truth) else None


def _writes(step: object, name: str) -> bool:
    return isinstance(step, res.Assign) and step.state == name


def _reads(node: tree.Node, name: str) -> bool:
    return (isinstance(node, tree.StateValue) and node.name == name) or any(
        _reads(part, name) for part in tree.children(node)
    )


def _moves(node: tree.Node) -> bool:
    """Whether a value can change during a run."""
    return isinstance(node, tree.StateValue | tree.Firings | tree.Now) or any(map(_moves, tree.children(node)))


def _joined(parts: Iterable[tree.Node]) -> tree.Node | None:
    whole: tree.Node | None = None
    for part in parts:
        whole = part if whole is None else _binary("and", whole, part)
    return whole


def _parts(node: tree.Node | None, op: str) -> Iterator[tree.Node]:
    if isinstance(node, tree.Binary) and node.op == op:
        yield from _parts(node.left, op)
        yield from _parts(node.right, op)
    elif node is not None:
        yield node


# -- from a condition to what it lacks -------------------------------------------------------------------------------


def _shortfall(node: tree.Node) -> tree.Node:
    """0 where a condition holds, and less the more it lacks."""
    match node:
        case tree.Binary(op="and", left=a, right=b):
            return _binary("+", _shortfall(a), _shortfall(b))
        case tree.Binary(op="or", left=a, right=b):
            return _binary("max", _shortfall(a), _shortfall(b))
        case tree.Binary(op=">" | ">=", left=a, right=b):
            return _binary("min", _minus(a, b), _number(0.0))
        case tree.Binary(op="<" | "<=", left=a, right=b):
            return _binary("min", _minus(b, a), _number(0.0))
        case tree.Binary(op="==", left=a, right=b) if isinstance(a.type, tree.Number):
            return _negative(tree.Unary(type=_NUMBER, op="abs", of=_minus(a, b)))
        case tree.Fold(op="any", where=where, body=body):
            # What never changes only says who is meant; the rest can be lacking.
            parts = [*_parts(where, "and"), *_parts(body, "and")]
            fixed = _joined(part for part in parts if not _moves(part))
            lacking = _joined(part for part in parts if _moves(part))
            return replace(node, type=_NUMBER, op="max", where=fixed, body=_shortfall(lacking or _TRUE))
        case tree.Fold(op="all", where=where, body=body):
            if where is None or not _moves(where):
                return replace(node, type=_NUMBER, op="sum", body=_shortfall(body))
            either = _binary("or", _denied(where), body)
            return replace(node, type=_NUMBER, op="sum", where=None, body=_shortfall(either))
        case tree.Unary(op="not", of=of) if not isinstance(_denied(of), tree.Unary):
            return _shortfall(_denied(of))
    return tree.Choose(type=_NUMBER, condition=node, then=_number(0.0), otherwise=_number(-1.0))


def _denied(node: tree.Node) -> tree.Node:
    """The condition that holds where another does not."""
    match node:
        case tree.Unary(op="not", of=of):
            return of
        case tree.Binary(op="and" | "or" as op, left=a, right=b):
            return _binary("or" if op == "and" else "and", _denied(a), _denied(b))
        case tree.Binary(op=op, left=a, right=b) if op in _OPPOSITE:
            return _binary(_OPPOSITE[op], a, b)
        case tree.Fold(op="any" | "all" as op, body=body):
            return replace(node, op="all" if op == "any" else "any", body=_denied(body))
    return tree.Unary(type=_TRUTH, op="not", of=node)


def _binary(op: tree.Operator, left: tree.Node, right: tree.Node) -> tree.Node:
    logical = op in (*_OPPOSITE, "and", "or")
    return tree.Binary(type=_TRUTH if logical else _NUMBER, op=op, left=left, right=right)


def _minus(a: tree.Node, b: tree.Node) -> tree.Node:
    zero = isinstance(b, tree.Constant) and b.value == 0.0
    return a if zero else _binary("-", a, b)


def _negative(of: tree.Node) -> tree.Node:
    return tree.Unary(type=_NUMBER, op="neg", of=of)


def _number(value: float) -> tree.Constant:
    return tree.Constant(type=_NUMBER, value=value)
