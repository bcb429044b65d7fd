"""Goals: each becomes a question for a number, and what is gained over time a state that a silent rule adds to."""

from __future__ import annotations

from datetime import date

from standoff.scenario.expression.written import Form, applied, assigned, form, phrase, written
from standoff.scenario.origin import Made, Origin
from standoff.scenario.schema import Goal, Question, Rule, State
from standoff.scenario.words.expansion import Expansion, place
from standoff.scenario.words.questions import expand_question


def expand_goals(expansion: Expansion) -> None:
    """Writes out every goal of the document, behind the questions of the author."""
    for name, (actor, goal) in expansion.document.goal_questions.items():
        day = goal.at or expansion.document.ends
        number = goal.is_ if goal.over_time is None else written(_with_gains(expansion, actor, goal, day), actor)
        entity = expansion.document.actors.get(actor)
        label = entity.name if entity is not None and entity.name is not None else actor
        ask = goal.about or phrase(f"How well does {label} do, on its own scale?", actor)
        question = Question(ask=ask, title=goal.title, number=number, at=day, unit=goal.unit, evidence=goal.evidence)
        expand_question(expansion, Made(name, Origin("goal", str(actor), "worth"), place(actor)), question)


def _with_gains(expansion: Expansion, actor: str, goal: Goal, day: date) -> Form:
    """The goal with what it gains over time, which a state sums up."""
    gained, dates = f"gained_{actor}", f"goal_{actor}_dates"
    about = phrase(f"what {actor} has gained by its goal over time", actor)
    expansion.add_state(gained, State(about=about, unit=goal.unit), Origin("goal", str(actor), "gained"), near=actor)
    every, origin = goal.every or phrase("1 day", actor), Origin("goal", str(actor), "dates")
    expansion.add_dates(dates, every, origin, until=day, rest=True, near=actor)
    turn = phrase(expansion.fresh(f"goal_{actor}_date"), actor)
    more = assigned(gained, "+=", applied("*", f"{turn}.days", goal.over_time or 0), actor)
    rule = Rule(for_={turn: phrase(dates, actor)}, at=phrase(f"{turn}.day", actor), then=(more,), silent=True)
    # Before the rule that reads the goal, which is due at the same moment as the last of these.
    expansion.add_timed(f"goal_{actor}_adds", rule, Origin("goal", str(actor), "adds"), near=actor)
    return applied("+", gained, goal.is_) if goal.is_ is not None else form(gained)
