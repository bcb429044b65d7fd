"""The questions with their answers, as the analysis gives them, in the words of the scene."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.analysis.answers import statement
from standoff.analysis.explanations import Explanation, turns
from standoff.calibration import source
from standoff.ensemble import Answer, DateAnswer, NumberAnswer, YesNoAnswer, labelled
from standoff.report.background import WrittenQuestion
from standoff.report.frames import Fan
from standoff.report.scene import Question, Source

QUANTILES = ("5", "25", "50", "75", "95")


def question(
    answer: YesNoAnswer | NumberAnswer | DateAnswer,
    asked: WrittenQuestion,
    course: Fan | None,
    sources: Sequence[Source],
    explained: Sequence[Explanation],
) -> Question:
    """One answered question, with what its author says of it, its course through time and what it turns on."""
    chance = None if isinstance(answer, NumberAnswer) else answer.chance
    spread = None if isinstance(answer, YesNoAnswer) else answer.spread
    entry, condition = answer.question, None if answer.given is None else answer.given.ask
    return Question(
        id=entry.id,
        ask=labelled(entry.ask, condition),
        type=entry.type,
        date=entry.date,
        unit=entry.unit or "",
        probability=chance.probability if chance else None,
        low=chance.low if chance else None,
        high=chance.high if chance else None,
        word=chance.word if chance else "",
        spans=chance.spans if chance else False,
        runs=answer.runs,
        mean=answer.spread.mean if isinstance(answer, NumberAnswer) else None,
        quantiles=[spread.quantiles.get(name) for name in QUANTILES] if spread else None,
        median_low=spread.median_low if spread else None,
        median_high=spread.median_high if spread else None,
        outcome=entry.outcome or "",
        value=entry.value,
        why=entry.why or "",
        hindsight=entry.hindsight,
        forecast=entry.forecast,
        source=_source(answer, sources),
        sentence=answer.sentence,
        statement=statement(answer),
        title=labelled(entry.title, condition) if entry.title else "",
        says=labelled(entry.says, condition) if entry.says else "",
        about=asked.about,
        evidence=asked.evidence,
        course=course,
        once=asked.once,
        places=asked.places,
        turns=_turns(answer, explained),
    )


def _turns(answer: YesNoAnswer | NumberAnswer | DateAnswer, explained: Sequence[Explanation]) -> str:
    made = next((one for one in explained if one.question == answer.question.id), None)
    if made is None or isinstance(answer, NumberAnswer):
        return ""
    return turns(made, answer.chance.yes, answer.runs)


def _source(answer: Answer, sources: Sequence[Source]) -> str:
    """Who published the source of a judgment, else its title, and the year."""
    known = next((one for one in sources if one.id == source(answer)), None)
    return "" if known is None else f"{known.publisher or known.title} {known.date[:4]}".strip()
