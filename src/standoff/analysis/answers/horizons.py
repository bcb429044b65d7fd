"""Until when a run has to be made for the answer to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standoff.model import Model, QuestionInfo
    from standoff.scenario import Scenario


def horizon(scenario: Scenario, model: Model, question: QuestionInfo) -> float:
    """The day after which nothing can change the answer.

    An answer that an author spelled out is read from the final state; the others stand from their date on.
    """
    return model.days if is_spelled_out(scenario, question.name) else min(question.days, model.days)


def is_spelled_out(scenario: Scenario, question: str) -> bool:
    """Whether the author wrote the answer to a question as an expression of the final state."""
    return any(str(name) == question and one.answer is not None for name, one in scenario.document.questions.items())
