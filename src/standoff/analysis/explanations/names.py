"""Events in the scenario's own names, with the evidence of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from standoff.model import Model
from standoff.scenario import Origin, meanings, origin_of, readable
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
        row, dates = rule.bindings[ground_rule - rule.first], self._dates
        bound = [
            self._entities.get((kind, name := self.model.kinds[kind][int(i)]), readable(name))
            for (_, kind), i in zip(rule.variables, row, strict=True)
            if kind not in dates
        ]
        said = self.meaning(rule.name)
        return f"{said} ({', '.join(bound)})" if bound else said

    def meaning(self, rule: str) -> str:
        """What readers are told of a rule: its title, the beginning of its `about`, or its name in words."""
        return self._meanings.get(rule) or readable(rule)

    def about(self, rule: str) -> str:
        """What the scenario says of a rule, in one line; empty where it says nothing."""
        return self._about.get(rule, "")

    def binding(self, ground_rule: int) -> str:
        """Whom and what an event is about, in the author's names; `any` where only a date that is made tells cases."""
        rule = self.model.rules[self.model.rule_of[ground_rule]]
        if not any(kind in self._dates for _, kind in rule.variables):
            return self.model.binding(ground_rule)
        row = rule.bindings[ground_rule - rule.first].tolist()
        bound = zip(rule.variables, row, strict=True)
        kept = [f"{name}={self.model.kinds[kind][i]}" for (name, kind), i in bound if kind not in self._dates]
        return ", ".join(kept) or ANY

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
        return made_dates(self.scenario)

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return meanings(self.scenario.document, self.scenario.expanded)

    @cached_property
    def _about(self) -> dict[str, str]:
        said = {name: rule.about for name, rule in self.scenario.expanded.rules.items()}
        for name, about in said.items():
            origin = origin_of(name)
            if not about and origin is not None and (origin.word, origin.role) == ("decision", "option"):
                # What is said of the decision holds for an option of which nothing is said.
                said[name] = next((said[one] for one in said if origin_of(one) == _comes_up(origin)), None)
        return {str(name): " ".join(str(about or "").split()) for name, about in said.items()}

    @cached_property
    def _evidence(self) -> dict[str, tuple[str, ...]]:
        return {
            str(name): tuple(str(piece.from_) for piece in rule.evidence)
            for name, rule in self.scenario.expanded.rules.items()
        }


def made_dates(scenario: Scenario) -> frozenset[str]:
    """The kinds whose members are dates that the language makes: when something happens is told anyway."""
    made = ((str(kind), origin_of(kind)) for kind in scenario.expanded.kinds)
    return frozenset(kind for kind, origin in made if origin is not None and origin.role == "dates")


def _comes_up(option: Origin) -> Origin:
    """The origin of the rule by which the decision of an option comes up."""
    return Origin("decision", option.name, "comes up")
