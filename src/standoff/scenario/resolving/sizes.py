"""How large a scenario becomes once its variables are written out.

What is counted is an upper bound: conditions that fixed facts decide may leave less. Only what is hopeless is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import prod

from standoff.scenario.resolved import ForEach, Group, Kind, Relation, Rule, State, Watch
from standoff.scenario.tree import Domain, Fold, Pick

MOST_VALUES = 20_000_000
"""The most values that all states together hold."""

MOST_ROWS = 200_000_000
"""The most combinations that a rule, a series, or a loop in one of them runs over."""

_Loop = ForEach | Fold | Pick


class Sizes:
    """Counts over the entities, groups and relations of a scenario."""

    def __init__(
        self, kinds: Mapping[str, Kind], groups: Mapping[str, Group], relations: Mapping[str, Relation]
    ) -> None:
        self.kinds, self.groups, self.relations = kinds, groups, relations

    def values(self, state: State) -> int:
        """How many values a state holds."""
        return prod(len(self.kinds[kind].members) for kind in state.of)

    def rows(self, thing: Rule | Watch) -> int:
        """The most combinations that a rule or a series, or a loop in it, runs over."""
        own = prod(self._size(variable.domain) for variable in thing.variables)
        return max(own, self._inside(thing, own))

    def _members(self, domain: Domain) -> tuple[str, ...]:
        if domain.over == "group":
            return self.groups[domain.name].members
        if domain.over == "relation":
            return tuple(second for _, second in self.relations[domain.name].pairs)
        return self.kinds[domain.kind].members

    def _size(self, domain: Domain) -> int:
        if domain.over != "relation":
            return len(self._members(domain))
        related: dict[str, int] = {}
        for first, _ in self.relations[domain.name].pairs:
            related[first] = related.get(first, 0) + 1
        return max(related.values(), default=0)

    def _inside(self, thing: object, rows: int) -> int:
        if isinstance(thing, tuple):
            return max((self._inside(part, rows) for part in thing), default=0)
        if isinstance(thing, _Loop):
            rows *= self._size(thing.domain)
        if not is_dataclass(thing) or isinstance(thing, Domain):
            return 0
        below = max((self._inside(getattr(thing, field.name), rows) for field in fields(thing)), default=0)
        return max(below, rows if isinstance(thing, _Loop) else 0)
