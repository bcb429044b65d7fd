"""The question that is to be explained: how its answer is read, and when it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import horizon, is_spelled_out
from standoff.analysis.explanations.kinds import Kinds, kinds
from standoff.analysis.explanations.names import made_dates
from standoff.engine import Session
from standoff.errors import UsageError, refusal
from standoff.model import Model, RuleTable, code
from standoff.scenario import Origin

if TYPE_CHECKING:
    from standoff.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Target:
    """A question of yes or no, or of a date (does it come?).

    `horizon` is the day after which nothing can change the answer. `stays` says that a yes, once there, stays. What
    decides is `condition` for a row of `table`: the condition of a question `at` a date, else the answer itself.
    `own` are the rules that only keep the answers of questions and are no events of the scenario's world. `kinds` says
    which events are one thing to a reader.
    """

    model: Model
    index: int
    name: str
    ask: str
    horizon: float
    stays: bool
    condition: code.Expr
    table: code.Table
    own: NDArray[np.bool_]
    kinds: Kinds

    def yes(self, session: Session) -> bool:
        """Whether the answer is yes at this moment."""
        question = self.model.questions[self.index]
        value = session.value(question.answer, question.table, 0)
        return value >= 0 if question.type == "date" else value > 0.5

    def holds(self, session: Session) -> bool:
        """Whether what decides holds at this moment; of a date, whether it has come."""
        value = session.value(self.condition, self.table, 0)
        return value >= 0 if self.model.questions[self.index].type == "date" else value != 0

    def measured(self, session: Session) -> float | None:
        """The number that is compared with a bound to decide, None where there is none."""
        match self.condition:
            case code.Binary(op=">=" | ">" | "<=" | "<", left=left):
                return session.value(left, self.table, 0)
        return None


def find_target(scenario: Scenario, model: Model, name: str) -> Target:
    """The question of that name; raises UsageError if there is none, or if it asks for a number."""
    names = [question.name for question in model.questions]
    if name not in names:
        raise refusal(f"there is no question '{name}'", name, names, what="questions")
    index = names.index(name)
    question, written = model.questions[index], scenario.document.questions
    if question.type == "number":
        raise UsageError(f"'{name}' asks for a number; explain takes yes-or-no questions and questions for a date")
    scenario.resolved.questions[index].asked_in_all("explain")
    entry = next((one for key, one in written.items() if str(key) == name), None)
    at = entry.at if entry is not None else scenario.document.condition_questions[name].at
    plain = not is_spelled_out(scenario, name)
    decides = question.answer, question.table
    if plain and at is not None:
        resolves = next(rule for rule in model.rules if rule.origin == Origin("question", name, "resolves"))
        decides = _decides(resolves), resolves.table
    return Target(
        model=model,
        index=index,
        name=name,
        ask=str(scenario.resolved.questions[index].ask),
        horizon=horizon(scenario, model, question),
        stays=plain and at is None,
        condition=decides[0],
        table=decides[1],
        own=np.array([_keeps_answers(rule) for rule in model.rules], dtype=np.bool_),
        kinds=kinds(model, made_dates(scenario)),
    )


def _keeps_answers(rule: RuleTable) -> bool:
    """Whether a question has become this rule (docs/semantics.md, section 8)."""
    return rule.origin is not None and rule.origin.word == "question"


def _decides(resolves: RuleTable) -> code.Expr:
    return next(effect.value for effect in resolves.effects if isinstance(effect, code.Write))
