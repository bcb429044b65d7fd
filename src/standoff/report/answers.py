"""The questions with their answers and the scores, as the analysis gives them, in the words of the scene."""

from __future__ import annotations

from dataclasses import fields

from standoff import analysis
from standoff.ensemble import ForecastEntry
from standoff.report.scene import Forecast, Question, Score

QUANTILES = ("5", "25", "50", "75", "95")


def question(said: analysis.Answer) -> Question:
    """One answered question."""
    return Question(
        id=said.id,
        ask=said.ask,
        type=said.type,
        date=said.date,
        unit=said.unit or "",
        probability=said.probability,
        low=said.low,
        high=said.high,
        word=said.word or "",
        spans=said.spans,
        runs=said.runs,
        quantiles=[said.quantiles.get(name) for name in QUANTILES] if said.quantiles is not None else None,
        median_low=said.median_low,
        median_high=said.median_high,
        outcome=said.outcome or "",
        value=said.value,
        why=said.why or "",
        hindsight=said.hindsight,
        forecast=_forecast(said.forecast) if said.forecast is not None else None,
    )


def _forecast(said: ForecastEntry) -> Forecast:
    return Forecast(
        id=said.id or "", low=said.low, high=said.high, words=said.words or "", locators=list(said.locators)
    )


def score(said: analysis.Score) -> Score:
    """One line of the table of scores."""
    return Score(**{field.name: getattr(said, field.name) for field in fields(Score)})
