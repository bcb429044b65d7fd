"""What follows from who holds what: the expressions that read nothing else that changes, and their values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from standoff.model.facts import Facts
from standoff.model.frame import Operands
from standoff.scenario import resolved as res
from standoff.scenario import tree


class Holding:
    """The fixed side of a scenario and one state over one kind that holds entities, such as `holder`, at any moment.

    A state that is not there, or is of another sort, is not known: then only fixed facts are.
    """

    def __init__(self, resolved: res.Resolved, state: str) -> None:
        self.facts = Facts(resolved, Operands())
        self.state = resolved.states.get(state)
        if self.state is not None and len(self.state.of) == 1 and isinstance(self.state.type, tree.OneOf):
            self.facts.constant.add(state)

    def settles(self, node: tree.Node) -> bool:
        """Whether the value of an expression depends on nothing else that changes, and on no parameter."""
        return self.facts.is_fixed(node)

    def value(self, node: tree.Node, held: Mapping[str, str | None]) -> float:
        """The value of an expression that is settled, where the state holds these entities, by index."""
        if self.state is not None and isinstance(self.state.type, tree.OneOf):
            facts, kind = self.facts, self.state.type.kind
            members = self.facts.resolved.kinds[self.state.of[0]].members
            positions = [facts.index(kind, held.get(member)) for member in members]
            facts.replace(("state", self.state.name), np.array(positions, dtype=np.float64))
        return self.facts.literal(node)
