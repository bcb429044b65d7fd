"""Bargains: a switch that keeps a deal from being struck, or strikes it on a day, so that both worlds can be compared.

It is written out only where a bargain is solved; with the switch at 0 the runs are those of the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from standoff.errors import suggestion
from standoff.scenario.expression.written import applied, phrase, written
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Parameter, Rule
from standoff.scenario.words.expansion import Expansion

NEVER, STRUCK = 1.0, 2.0
"""The values of the switch: the deal is never struck; it is struck on the day, and never by itself."""


@dataclass(frozen=True, slots=True)
class BargainPlan:
    """How a deal is bargained over: the switch, the parties that must agree, and the values of each issue."""

    deal: str
    switch: str
    parties: tuple[str, ...]
    issues: dict[str, tuple[float, ...]]


def expand_bargain(expansion: Expansion, name: str, day: date) -> BargainPlan | None:
    """Adds the switch of a deal that is struck on a day, once all rules are there; None for an unknown deal."""
    deal = expansion.document.deals.get(Words(name))
    if deal is None:
        hint, expected = suggestion(name, expansion.document.deals, what="deals")
        expansion.fault("SD204", name, f"there is no deal '{name}'", expected=expected, hint=hint)
        return None
    near = next(key for key in expansion.document.deals if key == name)
    switch = f"bargain_{name}"
    about = phrase(f"the deal {name}: 0 as written, 1 never struck, 2 struck on {day}", near)
    given = Parameter(prior=Words("choice(0, 1, 2)"), about=about)
    expansion.add_parameter(switch, given, Origin("deal", name, "switch"), near=near)
    for rule_name, rule in list(expansion.rules.items()):
        origin = origin_of(rule_name)
        if origin is None or (origin.word, origin.name) != ("deal", name) or origin.role not in ("struck", "agreed"):
            continue
        guards = [rule.when] if rule.when is not None else []
        guard = written(applied("and", *guards, applied("==", switch, 0)), near)
        expansion.rules[rule_name] = rule.model_copy(update={"when": guard})
        on_the_day = Rule(
            when=written(applied("==", switch, STRUCK), near), at=phrase(str(day), near), then=rule.then,
            event=rule.event,
        )  # fmt: skip
        expansion.add_rule(f"{switch}_happens", on_the_day, Origin("deal", name, "happens"), near=near)
    for issue, values in deal.issues.items():
        for value in values:
            expansion.reach(issue, value)
    parties = tuple(str(actor) for actor, party in deal.parties.items() if party.must_agree)
    return BargainPlan(name, switch, parties, {str(issue): values for issue, values in deal.issues.items()})
