"""Events in the scenario's own names, with the evidence of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from standoff.model import Model
from standoff.scenario import meanings, origin_of, readable
from standoff.time import date_at, date_in_words, iso

if TYPE_CHECKING:
    from standoff.scenario import Scenario

ANY = "any"
"""What stands for the binding where all ground rules of a rule are taken together."""


@dataclass(frozen=True)
class Names:
    """How ground rules, rules and days of a scenario are written."""

    scenario: Scenario
    model: Model

    def rule(self, ground_rule: int) -> str:
        """The name of a ground rule's rule."""
        name: str = self.model.rules[self.model.rule_of[ground_rule]].name
        return name

    def event(self, ground_rule: int) -> str:
        """An event in words: what its rule means and, by their full names, whom and what it is about."""
        rule = self.model.rules[self.model.rule_of[ground_rule]]
        row = rule.bindings[ground_rule - rule.first]
        bound = [
            self._entities.get((kind, name := self.model.kinds[kind][int(i)]), readable(name))
            for (_, kind), i in zip(rule.variables, row, strict=True)
            if kind not in self._dates
        ]
        said = self.meaning(rule.name)
        return f"{said} ({', '.join(bound)})" if bound else said

    def meaning(self, rule: str) -> str:
        """What readers are told of a rule: its title, the beginning of its `about`, or its name in words."""
        return self._meanings.get(rule) or readable(rule)

    def about(self, rule: str) -> str:
        """What the scenario says of a rule, in one line; empty where it says nothing."""
        return self._about.get(rule, "")

    def evidence(self, rule: str) -> tuple[str, ...]:
        """The locators of a rule's evidence."""
        return self._evidence.get(rule, ())

    def date(self, days: float) -> str:
        """The day of a moment, ISO 8601."""
        return iso(date_at(self.model.starts, days))

    def spoken(self, days: float) -> str:
        """The day of a moment as people say it."""
        return date_in_words(date_at(self.model.starts, days))

    @cached_property
    def _entities(self) -> dict[tuple[str, str], str]:
        document = self.scenario.document
        members: dict[str, Mapping[Any, Any]] = {"actor": document.actors, "place": document.places}
        members |= {str(kind): one.members for kind, one in document.kinds.items()}
        return {
            (kind, str(name)): str(one.name)
            for kind, entries in members.items()
            for name, one in entries.items()
            if one.name is not None
        }

    @cached_property
    def _dates(self) -> frozenset[str]:
        """The kinds whose members are dates: when something happens is told anyway."""
        made = ((str(kind), origin_of(kind)) for kind in self.scenario.expanded.kinds)
        return frozenset(kind for kind, origin in made if origin is not None and origin.role == "dates")

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return meanings(self.scenario.document, self.scenario.expanded)

    @cached_property
    def _about(self) -> dict[str, str]:
        rules = self.scenario.expanded.rules
        return {str(name): " ".join(str(rule.about or "").split()) for name, rule in rules.items()}

    @cached_property
    def _evidence(self) -> dict[str, tuple[str, ...]]:
        return {
            str(name): tuple(str(piece.from_) for piece in rule.evidence)
            for name, rule in self.scenario.expanded.rules.items()
        }
