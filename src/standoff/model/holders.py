"""Values of expressions that depend only on fixed facts and on one state, such as which actor holds which place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from standoff.model.constants import Constants
from standoff.model.frame import Operands
from standoff.scenario import resolved as res
from standoff.scenario import tree


class HolderReading:
    """The fixed side of a scenario and one state over one kind that holds entities, such as `holder`, at any moment.

    A state that is not there, is of another sort, or starts at what parameters decide is not known: then only the
    constants are.
    """

    def __init__(self, resolved: res.Resolved, state: str | None = None) -> None:
        self.constants = Constants(resolved, Operands())
        known = None if state is None else resolved.states.get(state)
        self.state = known if known is not None and self._begins_with_names(known) else None
        if self.state is not None:
            self.constants.treat_as_constant(self.state.name)

    @staticmethod
    def _begins_with_names(state: res.State) -> bool:
        nodes = [state.otherwise, *(node for _, node in state.begin)]
        over_one = len(state.of) == 1 and isinstance(state.type, tree.OneOf)
        return over_one and all(isinstance(node, tree.Entity) for node in nodes)

    def begin(self) -> dict[str, str | None]:
        """What the state holds at the start, by index; nothing where it is not known."""
        if self.state is None:
            return {}
        entries = {index[0]: node.name for index, node in self.state.begin if isinstance(node, tree.Entity)}
        usual = self.state.otherwise.name if isinstance(self.state.otherwise, tree.Entity) else None
        return dict.fromkeys(self.constants.resolved.kinds[self.state.of[0]].members, usual) | entries

    def settles(self, node: tree.Node) -> bool:
        """Whether the value of an expression depends on nothing else that changes, and on no parameter."""
        return self.constants.is_fixed(node)

    def value(self, node: tree.Node, held: Mapping[str, str | None]) -> float:
        """The value of an expression that is settled, where the state holds these entities, by index."""
        if self.state is not None and isinstance(self.state.type, tree.OneOf):
            constants, kind = self.constants, self.state.type.kind
            members = self.constants.resolved.kinds[self.state.of[0]].members
            positions = [constants.index(kind, held.get(member)) for member in members]
            constants.replace(("state", self.state.name), np.array(positions, dtype=np.float64))
        return self.constants.literal(node)
