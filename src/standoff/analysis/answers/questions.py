"""The questions of a scenario, answered by an ensemble, each with its Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers.probability import Interval, median_interval, quantile, wilson
from standoff.analysis.answers.words import chance_sentence, date_sentence, number_sentence, spans, word
from standoff.ensemble import Ensemble, ForecastEntry, QuestionEntry
from standoff.time import date_at

if TYPE_CHECKING:
    import polars as pl

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are told of a number or a date."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an ensemble says to one question.

    Of `runs` runs, `yes` say yes (binary), or see it happen by the date (date); `probability` is their share and
    `low` to `high` its 95% Monte Carlo interval, `word` its word and `spans` whether the interval spans several.
    A number has none of these. `mean` and `quantiles` (of a number, or of the days since the start to a date) are
    over all runs; where a date's quantile falls among the runs that never see it, it is None, and its mean is over
    the runs that do. `dates` are the quantiles and the ends of the median's interval as dates.
    `median_low` to `median_high` is the 95% Monte Carlo interval of the median. `sentence` says it all in words.
    """

    id: str
    ask: str
    type: str
    date: str
    unit: str | None
    runs: int
    yes: int | None
    probability: float | None
    low: float | None
    high: float | None
    word: str | None
    spans: bool
    outcome: str | None
    why: str | None
    value: float | None
    hindsight: bool
    forecast: ForecastEntry | None
    mean: float | None
    quantiles: dict[str, float | None] | None
    dates: dict[str, str | None] | None
    median_low: float | None
    median_high: float | None
    sentence: str


def answer(ensemble: Ensemble) -> tuple[Answer, ...]:
    """The answers to all questions of the scenario, in its order."""
    starts = date.fromisoformat(ensemble.manifest.starts)
    # The columns stand in the order of the questions, after the run.
    columns: list[pl.Series] = ensemble.answers.get_columns()[1:]
    return tuple(
        _answer(question, column.to_numpy(), starts)
        for question, column in zip(ensemble.manifest.questions, columns, strict=True)
    )


def _answer(question: QuestionEntry, values: NDArray[np.float64], starts: date) -> Answer:
    yes = None
    if question.type == "binary":
        yes = int((values > 0.5).sum())
    elif question.type == "date":
        yes = int((values >= 0).sum())
    interval = wilson(yes, len(values)) if yes is not None else None
    spread = _spread(question.type, values, starts) if question.type != "binary" else _Spread()
    return Answer(
        id=question.id,
        ask=question.ask,
        type=question.type,
        date=question.date,
        unit=question.unit,
        runs=len(values),
        yes=yes,
        probability=yes / len(values) if yes is not None else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        word=word(yes / len(values)) if yes is not None else None,
        spans=spans(*interval) if interval else False,
        outcome=question.outcome,
        why=question.why,
        value=question.value,
        hindsight=question.hindsight,
        forecast=question.forecast,
        mean=spread.mean,
        quantiles=spread.quantiles,
        dates=spread.dates,
        median_low=spread.median_low,
        median_high=spread.median_high,
        sentence=_sentence(question, yes, len(values), spread),
    )


def _sentence(question: QuestionEntry, yes: int | None, runs: int, spread: _Spread) -> str:
    if yes is None:
        middle = spread.quantiles["50"] if spread.quantiles is not None else None
        numbers = middle, spread.median_low, spread.median_high
        return number_sentence(question.ask, runs, unit=question.unit, median=numbers)
    said, source = question.forecast, None
    if said is not None and said.low is not None and said.high is not None:
        source = Interval(said.low, said.high)
    found = yes / runs, wilson(yes, runs), runs
    if spread.dates is None:
        return chance_sentence(question.ask, *found, source=source)
    days = tuple(spread.dates[name] for name in ("50", "median_low", "median_high"))
    return date_sentence(question.ask, *found, until=date.fromisoformat(question.date), median=days, source=source)


@dataclass(frozen=True, slots=True)
class _Spread:
    mean: float | None = None
    quantiles: dict[str, float | None] | None = None
    dates: dict[str, str | None] | None = None
    median_low: float | None = None
    median_high: float | None = None


def _spread(kind: str, values: NDArray[np.float64], starts: date) -> _Spread:
    if kind == "number":
        ordered = np.sort(values)
        seen = ordered
    else:
        # What never happens comes after every date.
        ordered = np.sort(np.where(values >= 0, values, np.inf))
        seen = ordered[np.isfinite(ordered)]
    quantiles = {f"{share * 100:g}": _finite(quantile(ordered, share)) for share in SHARES}
    interval = median_interval(ordered)
    dates = None
    if kind == "date":
        told = quantiles | {"median_low": _finite(interval.low), "median_high": _finite(interval.high)}
        dates = {name: None if at is None else date_at(starts, at).isoformat() for name, at in told.items()}
    return _Spread(
        mean=_finite(float(seen.mean())) if len(seen) else None,
        quantiles=quantiles,
        dates=dates,
        median_low=_finite(interval.low),
        median_high=_finite(interval.high),
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
