"""The questions with their answers, the scores and the deals, as the analysis gives them, in the words of the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from standoff import ensemble
from standoff.analysis import answers
from standoff.ensemble import Answer, ForecastEntry, NumberAnswer, YesNoAnswer
from standoff.report import rules_text
from standoff.report.frames import Fan
from standoff.report.scene import Deal, Forecast, Gain, Party, Portion, Question, Score

if TYPE_CHECKING:
    from standoff.scenario import Question as Asked

QUANTILES = ("5", "25", "50", "75", "95")


def question(said: Answer, asked: Asked, course: Fan | None) -> Question:
    """One answered question, with what its author says of it and its course through time."""
    own = rules_text.evidence([*asked.evidence, *(asked.forecast.evidence if asked.forecast is not None else ())])
    chance = None if isinstance(said, NumberAnswer) else said.chance
    spread = None if isinstance(said, YesNoAnswer) else said.spread
    entry = said.question
    return Question(
        id=entry.id,
        ask=entry.ask,
        type=entry.type,
        date=entry.date,
        unit=entry.unit or "",
        probability=chance.probability if chance else None,
        low=chance.low if chance else None,
        high=chance.high if chance else None,
        word=chance.word if chance else "",
        spans=chance.spans if chance else False,
        runs=said.runs,
        quantiles=[spread.quantiles.get(name) for name in QUANTILES] if spread else None,
        median_low=spread.median_low if spread else None,
        median_high=spread.median_high if spread else None,
        outcome=entry.outcome or "",
        value=entry.value,
        why=entry.why or "",
        hindsight=entry.hindsight,
        forecast=_forecast(entry.forecast) if entry.forecast is not None else None,
        sentence=said.sentence,
        about=" ".join(str(asked.about or "").split()),
        evidence=list(dict.fromkeys(own)),
        course=course,
        once=asked.by is not None,
    )


def deal(said: answers.DealGains, called: Mapping[str, str]) -> Deal:
    """One deal over time; `called` are the readable names of deals."""
    return Deal(
        id=said.deal,
        name=called.get(said.deal, said.deal),
        about=said.about or "",
        after=[called.get(name, name) for name in said.after],
        dates=[day.isoformat() for day in said.dates],
        together=[_portion(one) for one in said.together],
        in_force=[_portion(one) for one in said.in_force],
        parties=[
            Party(actor=party.actor, must_agree=party.must_agree, gains=[_gain(one) for one in party.gains])
            for party in said.parties
        ],
    )


def _gain(said: answers.Gain) -> Gain:
    return Gain(
        accepts=_portion(said.accepts), median=said.median, median_low=said.median_low, median_high=said.median_high
    )


def _portion(said: answers.Portion) -> Portion:
    return Portion(runs=said.runs, share=said.share, low=said.low, high=said.high)


def _forecast(said: ForecastEntry) -> Forecast:
    return Forecast(
        id=said.id or "", low=said.low, high=said.high, words=said.words or "", locators=list(said.locators)
    )


def score(said: ensemble.Score) -> Score:
    """One line of the table of scores."""
    return Score(**{field.name: getattr(said, field.name) for field in fields(Score)})
