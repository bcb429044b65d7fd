"""What never changes: attributes, groups, relations, distances, and states that nothing writes.

Expressions made only of these are worked out once, for all rows of a rule at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.geography import EARTH_RADIUS_KM
from standoff.model import elementwise
from standoff.model.bounds import Stored
from standoff.model.frame import FloatColumn, IntColumn, Operands
from standoff.model.spans import Later
from standoff.scenario import resolved as res
from standoff.scenario import tree, walks


class Constants:
    """The fixed side of a scenario, as arrays indexed by the position of entities in their kinds."""

    def __init__(self, resolved: res.Resolved, operands: Operands, changeable: Collection[str] = ()) -> None:
        self.resolved = resolved
        self.operands = operands
        self.position = {
            kind.name: {member: i for i, member in enumerate(kind.members)} for kind in resolved.kinds.values()
        }
        self._texts: dict[str, float] = {}
        self._arrays: dict[tuple[str, ...], FloatColumn] = {}
        self._starts: dict[tuple[str, ...], int] = {}
        # By the identity of nodes, which are kept beside the verdicts so that no other takes their place.
        self._fixed: dict[int, tuple[tree.Node, bool]] = {}
        self._varying: dict[int, tuple[tree.Node, bool]] = {}
        written = walks.writes(statement for rule in resolved.rules for statement in rule.then) | set(changeable)
        self.unwritten: set[str] = set()
        for state in resolved.states.values():
            if state.name not in written and not state.moves and self._begins_fixed(state):
                self.treat_as_constant(state.name)

    def treat_as_constant(self, state: str) -> None:
        """Count a state among what never changes."""
        self.unwritten.add(state)
        self._fixed.clear()
        self._varying.clear()

    def _begins_fixed(self, state: res.State) -> bool:
        nodes = [state.otherwise, *(node for _, node in state.begin)]
        return all(isinstance(node, tree.Constant | tree.Entity) or self.is_fixed(node) for node in nodes)

    def size(self, kind: str) -> int:
        """How many members a kind has."""
        return len(self.resolved.kinds[kind].members)

    def index(self, kind: str, name: str | None) -> int:
        """The position of an entity in its kind, -1 for none."""
        return -1 if name is None else self.position[kind][name]

    def text(self, word: str) -> float:
        """The number that stands for a text."""
        return self._texts.setdefault(word, float(len(self._texts)))

    def varies(self, node: tree.Node) -> bool:
        """Whether the value depends on a state that rules change."""
        known = self._varying.get(id(node))
        if known is None:
            changes = isinstance(node, tree.Firings) or (
                isinstance(node, tree.StateValue) and node.name not in self.unwritten
            )
            known = node, changes or any(self.varies(child) for child in tree.children(node))
            self._varying[id(node)] = known
        return known[1]

    def is_fixed(self, node: tree.Node) -> bool:
        """Whether the value depends on nothing but the binding."""
        known = self._fixed.get(id(node))
        if known is None:
            known = node, not self._moves(node) and all(self.is_fixed(child) for child in tree.children(node))
            self._fixed[id(node)] = known
        return known[1]

    def _moves(self, node: tree.Node) -> bool:
        """Whether the value of a node changes whatever its parts do."""
        match node:
            case Stored() | Later() | tree.Now() | tree.Local() | tree.Firings() | tree.Draw() | tree.Pick():
                return True
            case tree.ParameterValue() | tree.OwnValue():
                return True
            case tree.StateValue(name=name):
                return name not in self.unwritten
        return False

    def array(self, key: tuple[str, ...]) -> FloatColumn:
        """The array of an attribute (attribute, kind, name), group, relation, measure or constant state."""
        if key not in self._arrays:
            self._arrays[key] = self._build(key)
        return self._arrays[key]

    def replace(self, key: tuple[str, ...], array: FloatColumn) -> None:
        """Let an array be another one than the scenario gives."""
        self._arrays[key] = array

    def start(self, key: tuple[str, ...]) -> int:
        """Where that array lies among the model's fixed floats, for look-ups while running."""
        if key not in self._starts:
            self._starts[key] = self.operands.add_floats(self.array(key))
        return self._starts[key]

    def _build(self, key: tuple[str, ...]) -> FloatColumn:
        resolved = self.resolved
        match key:
            case ("attribute", kind, name):
                column = resolved.kinds[kind].attributes[name]
                return np.array([self._attribute(column.type, value) for value in column.values], dtype=np.float64)
            case ("group", name):
                group = resolved.groups[name]
                out = np.zeros(self.size(group.kind))
                out[[self.index(group.kind, m) for m in group.members]] = 1.0
                return out
            case ("relation", name):
                relation = resolved.relations[name]
                first, second = relation.kinds
                out = np.zeros((self.size(first), self.size(second)))
                for a, b in relation.pairs:
                    out[self.index(first, a), self.index(second, b)] = 1.0
                return out
            case ("distance",):
                return self._distances()
            case ("road_km",):
                relation = resolved.relations["road"]
                out = np.zeros((self.size("place"), self.size("place")))
                for (a, b), km in zip(relation.pairs, relation.km, strict=True):
                    i, j = self.index("place", a), self.index("place", b)
                    out[i, j] = min(km, out[i, j]) if out[i, j] > 0 else km
                return out
            case ("state", name):
                return self.begin_values(resolved.states[name])
        raise KeyError(key)

    def _attribute(self, kind: tree.Type, value: float | str | None) -> float:
        match kind:
            case tree.OneOf(kind=of):
                return float(self.index(of, None if value is None else str(value)))
            case tree.Text():
                return self.text("" if value is None else str(value))
        return 0.0 if value is None else float(value)

    def _distances(self) -> FloatColumn:
        """Between all pairs of places, as `geography.great_circle_km` has it, to the bit."""
        at = [p if p is not None else (np.nan, np.nan) for p in self.resolved.kinds["place"].at]
        latitude, longitude = np.radians(np.array(at, dtype=np.float64).reshape(-1, 2)).T
        one, other = np.triu_indices(len(at), 1)
        north = elementwise.sin((latitude[one] - latitude[other]) / 2)
        east = elementwise.sin((longitude[one] - longitude[other]) / 2)
        cosine = elementwise.cos(latitude)
        square = north * north + cosine[one] * cosine[other] * (east * east)
        out = np.zeros((len(at), len(at)))
        out[one, other] = out[other, one] = 2 * EARTH_RADIUS_KM * elementwise.arcsin(np.sqrt(np.minimum(square, 1.0)))
        out[np.isnan(latitude), np.isnan(latitude)] = np.nan
        return out

    def begin_values(self, state: res.State) -> FloatColumn:
        """What a state starts at where that is fixed, (members of its kinds…); parameters' places hold `otherwise`."""
        shape = tuple(self.size(kind) for kind in state.of)
        out = np.full(shape, self.literal(state.otherwise))
        for names, node in state.begin:
            if self.is_fixed(node):
                where = tuple(self.index(kind, name) for kind, name in zip(state.of, names, strict=True))
                out[where] = self.literal(node)
        return out

    def literal(self, node: tree.Node) -> float:
        """The value of a fixed expression without variables; 0 for one that needs parameters."""
        if not self.is_fixed(node):
            return 0.0
        return float(self.evaluate(node, {}, 1)[0])

    def nothing(self, kind: tree.Type) -> float:
        """What reading at none gives."""
        match kind:
            case tree.OneOf():
                return -1.0
            case tree.Text():
                return self.text("")
        return 0.0

    def evaluate(self, node: tree.Node, columns: dict[str, IntColumn], rows: int) -> FloatColumn:
        """The value of a fixed expression in every row."""
        match node:
            case tree.Constant(value=value):
                return np.full(rows, value)
            case tree.Word(value=word):
                return np.full(rows, self.text(word))
            case tree.Entity(type=tree.OneOf(kind=kind), name=name):
                return np.full(rows, float(self.index(kind, name)))
            case tree.Entity():
                return np.full(rows, -1.0)
            case tree.Variable(name=name):
                return columns[name].astype(np.float64)
            case tree.StateValue() | tree.Attribute() | tree.Member() | tree.Related() | tree.Between():
                key, of = source(node)
                return self._look(key, [self.evaluate(n, columns, rows) for n in of], self.nothing(node.type), rows)
            case tree.Unary(op=op, of=x):
                return _applied(op, self.evaluate(x, columns, rows))
            case tree.Binary(op=op, left=a, right=b):
                return _applied(op, self.evaluate(a, columns, rows), self.evaluate(b, columns, rows))
            case tree.Choose(condition=c, then=a, otherwise=b):
                condition = self.evaluate(c, columns, rows) != 0
                return np.where(condition, self.evaluate(a, columns, rows), self.evaluate(b, columns, rows))
            case tree.Fold():
                return self._fold(node, columns, rows)
        raise TypeError(type(node).__name__)

    def _look(self, key: tuple[str, ...], of: list[FloatColumn], nothing: float, rows: int) -> FloatColumn:
        array = self.array(key)
        if not of:
            return np.full(rows, float(array))
        positions = [column.astype(np.int64) for column in of]
        valid = np.logical_and.reduce([p >= 0 for p in positions])
        values = array[tuple(np.maximum(p, 0) for p in positions)]
        return np.asarray(np.where(valid, values, nothing), dtype=np.float64)

    def members(self, domain: tree.Domain, columns: dict[str, IntColumn], rows: int) -> tuple[IntColumn, IntColumn]:
        """For every row the members of a domain, in order: (row of each member, position of each member)."""
        match domain.over:
            case "kind":
                each = np.arange(self.size(domain.name), dtype=np.int64)
            case "group":
                group = self.resolved.groups[domain.name]
                each = np.array([self.index(domain.kind, m) for m in group.members], dtype=np.int64)
            case "relation" if domain.of is not None:
                matrix = self.array(("relation", domain.name))
                start = self.evaluate(domain.of, columns, rows).astype(np.int64)
                related = np.where((start >= 0)[:, None], matrix[np.maximum(start, 0)], 0.0)
                row, member = np.nonzero(related)
                return row.astype(np.int64), member.astype(np.int64)
        return np.repeat(np.arange(rows, dtype=np.int64), len(each)), np.tile(each, rows)

    def members_by_name(
        self, domain: tree.Domain, columns: dict[str, IntColumn], rows: int
    ) -> tuple[IntColumn, IntColumn]:
        """As `members`, in order of names: for sums and picks, which must not depend on the order of the file."""
        parent, member = self.members(domain, columns, rows)
        names = self.resolved.kinds[domain.kind].members
        rank = np.empty(len(names), np.int64)
        rank[np.argsort(np.array(names, dtype=object))] = np.arange(len(names))
        order = np.lexsort((rank[member], parent))
        return parent[order], member[order]

    def _fold(self, node: tree.Fold, columns: dict[str, IntColumn], rows: int) -> FloatColumn:
        parent, member = self.members_by_name(node.domain, columns, rows)
        inner = {name: column[parent] for name, column in columns.items()} | {node.variable: member}
        keep: NDArray[np.bool_] = np.ones(len(parent), dtype=bool)
        if node.where is not None:
            keep = self.evaluate(node.where, inner, len(parent)) != 0
        body = self.evaluate(node.body, inner, len(parent))
        out = np.full(rows, 1.0 if node.op == "all" else 0.0)
        ends = np.searchsorted(parent[keep], np.arange(rows + 1))
        kept = body[keep]
        for row in range(rows):
            if ends[row] < ends[row + 1]:
                out[row] = _reduce(node.op, kept[ends[row] : ends[row + 1]])
        return out


def source(node: tree.Node) -> tuple[tuple[str, ...], tuple[tree.Node, ...]]:
    """Which array a look-up reads, and the expressions of its indices."""
    match node:
        case tree.StateValue(name=name, indices=indices):
            return ("state", name), indices
        case tree.Attribute(of=of, name=name) if isinstance(of.type, tree.OneOf):
            return ("attribute", of.type.kind, name), (of,)
        case tree.Member(of=of, group=name):
            return ("group", name), (of,)
        case tree.Related(relation=name, of=pair):
            return ("relation", name), pair
        case tree.Between(measure=name, of=pair):
            return (name,), pair
    raise TypeError(type(node).__name__)


def _reduce(op: str, values: FloatColumn) -> float:
    match op:
        case "sum" | "count":
            # Left to right, as the engine adds: Python's own sum() compensates from 3.12 on, and answers would differ.
            return float(reduce(add, values.tolist(), 0.0))
        case "min":
            return float(reduce(lambda a, b: a if a < b else b, values.tolist()))
        case "max":
            return float(reduce(lambda a, b: a if a > b else b, values.tolist()))
        case "any":
            return float(bool(np.any(values != 0)))
    return float(bool(np.all(values != 0)))


def _remainders(a: FloatColumn, b: FloatColumn) -> FloatColumn:
    rest = np.fmod(a, b)
    signed = np.where(rest == 0.0, np.copysign(0.0, b), rest)
    return np.where((rest != 0.0) & ((rest < 0.0) != (b < 0.0)), rest + b, signed)


def _lesser(a: FloatColumn, b: FloatColumn) -> FloatColumn:
    return np.asarray(np.where(a < b, a, b))


def _greater(a: FloatColumn, b: FloatColumn) -> FloatColumn:
    return np.asarray(np.where(a > b, a, b))


NUMPY: dict[str, Callable[..., NDArray[Any]]] = {
    "neg": np.negative, "not": lambda x: x == 0, "abs": np.abs, "exp": elementwise.exp,
    "log": elementwise.log, "sqrt": np.sqrt, "logistic": lambda x: 1.0 / (1.0 + elementwise.exp(-x)), "floor": np.floor,
    "sin": elementwise.sin, "%": _remainders,
    "and": lambda a, b: (a != 0) & (b != 0), "or": lambda a, b: (a != 0) | (b != 0),
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": elementwise.power,
    "min": _lesser, "max": _greater, "<": np.less,
    "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
"""What each operator and function gives for all rows at once."""


def _applied(op: str, *of: FloatColumn) -> FloatColumn:
    with np.errstate(all="ignore"):
        return np.asarray(NUMPY[op](*of), dtype=np.float64)
