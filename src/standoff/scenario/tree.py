"""The resolved form of an expression: a small tree in which every name has found what it means.

`expr.resolve` builds these nodes from the author's text; lint, grounding and explanation read them.
A node's `type` is one of the four type classes below; its `span` is the (start, end) column range of
the author's words inside the expression's text, for carets in messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from standoff.units import Unit

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A real number."""


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """An entity of a kind, or none: `holder[q]`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Level:
    """One of the named levels of a state: `stance[us]` is `deter`."""

    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A word an author attached to an entity, such as the kind of a place; only ever compared."""


Type = Number | Truth | OneOf | Level | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has; `unit` is None where the author gave none."""

    type: Type
    unit: Unit | None = field(default=None, compare=False)
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal: a float for Number, 0.0 or 1.0 for Truth, the position of the level for Level."""

    value: float


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A literal text, such as 'town'."""

    value: str


@dataclass(frozen=True, slots=True)
class Entity(Node):
    """A named entity of a kind; `name` None is the literal `none`."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A name bound by `for`, by a comprehension or by a loop; its type is OneOf its kind."""

    name: str


@dataclass(frozen=True, slots=True)
class Local(Node):
    """A value that an earlier statement of the same rule computed."""

    name: str


@dataclass(frozen=True, slots=True)
class ParameterValue(Node):
    """The value drawn for a parameter in this run."""

    name: str


@dataclass(frozen=True, slots=True)
class OwnValue(Node):
    """The value that an entity has of a parameter: `resolve[a]`; 0 for none.

    `each` are all entities of the kind, in declared order, with the names of their parameters.
    """

    name: str
    each: tuple[tuple[str, str], ...]
    index: Node


@dataclass(frozen=True, slots=True)
class Now(Node):
    """`t`: days since the start of the scenario."""


@dataclass(frozen=True, slots=True)
class StateValue(Node):
    """A state variable read at its indices; reading at `none` gives the state's nothing (0, false, none)."""

    name: str
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """A fixed attribute of an entity: `p.oil`, `a.patron`, `holder[p].patron`."""

    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """Whether an entity belongs to a group: `a in pro_regime`."""

    of: Node
    group: str


@dataclass(frozen=True, slots=True)
class Related(Node):
    """Whether a relation holds between two entities: `road(p, q)`, `hosts(a, b)`."""

    relation: str
    of: tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """A fixed number between two places: great-circle `distance` or shortest direct `road_km`, in km."""

    measure: Literal["distance", "road_km"]
    of: tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class Firings(Node):
    """How often a rule has fired so far in this run: `count(strike)`."""

    rule: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`-x`, `not x`, or a function of one number."""

    op: Literal["neg", "not", "abs", "exp", "log", "sqrt", "logistic", "floor", "sin"]
    of: Node


Operator = Literal["+", "-", "*", "/", "%", "**", "min", "max", "<", "<=", ">", ">=", "==", "!=", "and", "or"]


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and an operator; `and` and `or` do not evaluate the right side needlessly.

    Longer chains (`a < b < c`, `min(a, b, c)`, `a and b and c`) are nested to the left.
    """

    op: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """`a if c else b`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Domain:
    """What a variable ranges over: all of a kind, a group, or the entities related to `of`.

    `over` is "kind", "group" or "relation"; `name` names it; `kind` is the kind of the members;
    `of` is the entity whose relatives are meant (relation only), a Variable or an Entity.
    """

    over: Literal["kind", "group", "relation"]
    name: str
    kind: str
    of: Node | None = None


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """A sum, count, minimum, maximum, any or all over a domain.

    `count` has body 1. Over nothing: sum and count are 0, any is false, all is true, and min and max
    are 0.
    """

    op: Literal["sum", "count", "min", "max", "any", "all"]
    variable: str
    domain: Domain
    where: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Draw(Node):
    """A random number, only in effects.

    poisson(mean), binomial(n, p), exponential(mean), uniform(low, high), chance(p).
    """

    kind: Literal["poisson", "binomial", "exponential", "uniform", "chance"]
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pick(Node):
    """A random member of a domain, only in effects: `choice(q for q in road(p) if c, weight=w)`; none if none fits."""

    variable: str
    domain: Domain
    where: Node | None
    weight: Node | None


def own_value(node: OwnValue) -> Node:
    """The same where it is known whose value it is: a plain parameter."""
    if isinstance(node.index, Entity) and node.index.name is not None:
        return ParameterValue(type=node.type, unit=node.unit, span=node.span, name=dict(node.each)[node.index.name])
    return node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, left to right."""
    below = _BELOW.get(type(node))
    return () if below is None else below(node)


def _there(*nodes: Node | None) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node is not None)


# Trees are walked all the time, and a look-up by type takes a fifth of the time of one pattern after another.
_BELOW: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    StateValue: lambda node: node.indices,
    Related: lambda node: node.of,
    Between: lambda node: node.of,
    Draw: lambda node: node.of,
    Attribute: lambda node: (node.of,),
    Member: lambda node: (node.of,),
    Unary: lambda node: (node.of,),
    OwnValue: lambda node: (node.index,),
    Binary: lambda node: (node.left, node.right),
    Choose: lambda node: (node.condition, node.then, node.otherwise),
    Fold: lambda node: _there(node.domain.of, node.where, node.body),
    Pick: lambda node: _there(node.domain.of, node.where, node.weight),
}
