"""Shared factors: what many ground rules multiply their rates by is kept once for all of them.

`reserve[a] * controls[a, p]` has one ground rule for each place, and all of them change with `reserve[a]`.
Kept as factor times sum of what is left, that change costs one multiplication instead of one evaluation a
place. A rule is split so only where declared bounds prove that no part can be negative, and that no part
needs a condition from the other side to be defined; so a split rule means what the whole one means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from standoff.model import code
from standoff.model.bounds import Bounds
from standoff.model.frame import IntColumn
from standoff.model.leaves import MANY
from standoff.model.lower import conjunction
from standoff.scenario import tree, walks

_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a guarded product of a rule's rate: a condition, a factor or a divisor."""

    role: Literal["when", "times", "over"]
    node: tree.Node


@dataclass(frozen=True, slots=True)
class Split:
    """The parts that clusters of rows share, and those that each row has of its own; `cluster`: (rows,) from 0."""

    shared: tuple[Part, ...]
    own: tuple[Part, ...]
    cluster: IntColumn


class Sharing:
    """Decides how a rule is split; `varies` tells whether an expression depends on state, `span` what is proved."""

    def __init__(
        self, bounds: Bounds, varies: Callable[[tree.Node], bool], span: Callable[[tree.Node], tuple[float, float]]
    ) -> None:
        self.bounds = bounds
        self.varies = varies
        self.span = span

    def split(
        self, conditions: list[tree.Node], rate: tree.Node, columns: dict[str, IntColumn], rows: int
    ) -> Split | None:
        """The split of a rule with these conditions and rate, or None if nothing is worth sharing or safe to share."""
        parts = [Part("when", c) for c in conditions] + self._product(rate)
        if rows < MANY or not all(self._proved(part) for part in parts):
            return None
        chosen: frozenset[str] = frozenset()
        cluster: IntColumn | None = None
        needs = {walks.free_variables(part.node) for part in parts if self._sharable(part.node)}
        for wanted in sorted(needs, key=lambda names: (_clusters(names, columns, rows)[1], sorted(names))):
            joined = chosen | wanted
            column, count = _clusters(joined, columns, rows)
            if count * MANY <= rows:
                chosen, cluster = joined, column
        if cluster is None:
            return None
        shared = tuple(p for p in parts if self._sharable(p.node) and walks.free_variables(p.node) <= chosen)
        own = tuple(p for p in parts if p not in shared)
        return Split(shared, own, cluster) if self._apart(shared, own) and self._apart(own, shared) else None

    def alike(self, nodes: list[tree.Node], columns: dict[str, IntColumn], rows: int) -> IntColumn:
        """A number for each row that two rows share if these expressions are always equal in both."""
        names = frozenset().union(*(walks.free_variables(node) for node in nodes))
        return _clusters(names, columns, rows)[0]

    def place(self, nodes: list[tree.Node], columns: dict[str, IntColumn], rows: int) -> IntColumn:
        """A number for each row that two rows share if they agree in all variables that each state read depends on."""
        reads = [names for node in nodes for names in self._read_by(node)]
        return _clusters(frozenset.intersection(*reads) if reads else frozenset(), columns, rows)[0]

    def _read_by(self, node: tree.Node) -> list[frozenset[str]]:
        """For each state that an expression reads, and that rules change, the variables that say which slot."""
        inside = [names for child in tree.children(node) for names in self._read_by(child)]
        if isinstance(node, tree.Fold):
            return [names - {node.variable} for names in inside]
        if isinstance(node, tree.StateValue) and self.varies(node):
            inside.append(walks.free_variables(node))
        return inside

    def _sharable(self, node: tree.Node) -> bool:
        # A bound that sinks with the time alone is looked at again after a refusal, which is a leaf's affair.
        return self.varies(node) and not self._timely(node)

    def _timely(self, node: tree.Node) -> bool:
        drifts = isinstance(node, tree.StateValue) and node.name in self.bounds.drifts
        return drifts or isinstance(node, tree.Now) or any(map(self._timely, tree.children(node)))

    def _product(self, node: tree.Node) -> list[Part]:
        match node:
            case tree.Binary(op="*", left=a, right=b):
                return self._product(a) + self._product(b)
            case tree.Binary(op="/", left=a, right=b) if not self.bounds.moves(b):
                return [*self._product(a), Part("over", b)]
            case tree.Choose(condition=c, then=a, otherwise=tree.Constant(value=0.0)):
                return [*(Part("when", part) for part in walks.conjuncts(c)), *self._product(a)]
        return [Part("times", node)]

    def _proved(self, part: Part) -> bool:
        return part.role == "when" or self.span(part.node)[0] >= 0.0

    def _apart(self, guards: tuple[Part, ...], guarded: tuple[Part, ...]) -> bool:
        """Whether `guarded` is defined without the conditions among `guards`."""
        if not any(part.role == "when" for part in guards):
            return True
        return all(
            self._defined(part.node) and (part.role != "over" or self.span(part.node)[0] > 0.0)
            for part in guarded
            if part.role != "when"
        )

    def _defined(self, node: tree.Node) -> bool:
        """Whether the value is a finite number whatever the state, overflow of sums and products aside."""
        match node:
            case tree.Binary(op="/" | "%", right=b):
                low, high = self.span(b)
                sound = low > 0.0 or high < 0.0
            case tree.Binary(op="**", left=a, right=b):
                base, exponent = self.span(a), self.span(b)
                sound = base[0] > 0.0 or (base[0] >= 0.0 and exponent[0] >= 0.0)
            case tree.Unary(op="log", of=x):
                sound = self.span(x)[0] > 0.0
            case tree.Unary(op="sqrt", of=x):
                sound = self.span(x)[0] >= 0.0
            case tree.Unary(op="exp", of=x):
                sound = self.span(x)[1] <= _LARGEST_EXPONENT
            case _:
                sound = True
        return sound and all(self._defined(child) for child in tree.children(node))


def _clusters(names: frozenset[str], columns: dict[str, IntColumn], rows: int) -> tuple[IntColumn, int]:
    """The cluster of each row, numbered by first appearance, and how many there are."""
    if not names or not rows:
        return np.zeros(rows, np.int64), min(rows, 1)
    table = np.stack([columns[name] for name in sorted(names)], axis=1)
    _, first, inverse = np.unique(table, axis=0, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse.ravel()], len(first)


def joined(parts: tuple[Part, ...], lowered: list[code.Expr]) -> code.Expr:
    """The guarded product of parts, whose code is `lowered`."""
    product: code.Expr | None = None
    for part, expression in zip(parts, lowered, strict=True):
        if part.role == "times":
            product = expression if product is None else code.Binary("*", product, expression)
    value = code.Num(1.0) if product is None else product
    for part, expression in zip(parts, lowered, strict=True):
        if part.role == "over":
            value = code.Binary("/", value, expression)
    guard = conjunction([e for part, e in zip(parts, lowered, strict=True) if part.role == "when"])
    return value if guard is None else code.Choose(guard, value, code.Num(0.0))


def proposed(part: Part, bounds: Bounds) -> tree.Node:
    """What stands for a part while a proposal is made: the part itself, or its bound if it moves between events."""
    if not bounds.moves(part.node):
        return part.node
    return bounds.may(part.node) if part.role == "when" else bounds.high(part.node)
