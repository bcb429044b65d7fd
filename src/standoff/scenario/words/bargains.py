"""Bargains: a switch that keeps a deal from being struck, or strikes it on a day, so that both worlds can be compared.

It is written out only where a bargain is solved; with the switch at 0 the runs are those of the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from standoff.errors import suggestion
from standoff.scenario.expression.syntax import counts_in
from standoff.scenario.expression.written import applied, phrase, written
from standoff.scenario.origin import Made, Origin, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Parameter, Question, Rule
from standoff.scenario.words.claims import counted
from standoff.scenario.words.deals import can_be_struck
from standoff.scenario.words.expansion import Expansion, place
from standoff.scenario.words.questions import expand_question

NEVER, STRUCK = 1.0, 2.0
"""The values of the switch: the deal is never struck; it is struck on the day, and never by itself."""


@dataclass(frozen=True, slots=True)
class BargainPlan:
    """How a deal is bargained over: the switch, the parties that must agree, and the values of each issue.

    `question` asks how often the deal was struck on the day: 0 where it was not possible then.
    """

    deal: str
    switch: str
    question: str
    parties: tuple[str, ...]
    issues: dict[str, tuple[float, ...]]
    never: float = NEVER
    struck: float = STRUCK


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
        _refuse_count(expansion, rule_name, name)
        guards = [rule.when] if rule.when is not None else []
        guard = written(applied("and", *guards, applied("==", switch, 0)), near)
        expansion.rules[rule_name] = rule.model_copy(update={"when": guard})
        # Whoever gains by it: but only where it can be struck at all.
        struck = written(applied("and", applied("==", switch, STRUCK), *can_be_struck(near, deal)), near)
        on_the_day = Rule(when=struck, at=phrase(str(day), near), then=rule.then, event=rule.event)
        happens = f"{switch}_happens"
        expansion.stands_for[happens] = str(rule_name)
        expansion.add_rule(happens, on_the_day, Origin("deal", name, "happens"), near=near)
        asked = Question(ask=phrase(f"Is {name} struck on {day}?", near), number=phrase(f"count({happens})", near),
                         at=expansion.document.ends)  # fmt: skip
        expand_question(expansion, Made(f"bargain-{name}", Origin("deal", name, "effect"), place(near)), asked)
    for issue, values in deal.issues.items():
        for value in values:
            expansion.reach(issue, value)
    question = f"bargain-{name}"
    parties = tuple(str(actor) for actor, party in deal.parties.items() if party.must_agree)
    return BargainPlan(name, switch, question, parties, {str(issue): values for issue, values in deal.issues.items()})


def _refuse_count(expansion: Expansion, rule: str, name: str) -> None:
    """Notes a fault where the count of the rule is read: it does not count what a bargain strikes."""
    read = [str(goal.is_) for goal in expansion.document.goals.values()]
    read += [str(goal.over_time) for goal in expansion.document.goals.values()]
    if rule in counted(expansion) or any(rule in counts_in(words) for words in read):
        found = f"count({rule}) is read, but it does not count the deal that a bargain strikes"
        expansion.fault("SD203", name, found, expected=f"in_force_{name}, or a state that its terms change")
