"""The questions of a scenario, answered by an ensemble, each with its Monte Carlo error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers.probability import median_interval, quantile, wilson
from standoff.analysis.answers.words import chance_sentence, date_sentence, number_sentence, spans, word
from standoff.ensemble import Answer, Chance, DateAnswer, Ensemble, NumberAnswer, QuestionEntry, Spread, YesNoAnswer
from standoff.time import date_at, from_iso, iso

if TYPE_CHECKING:
    import polars as pl

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are given of a number or a date."""

Floats = NDArray[np.float64]


def answer(ensemble: Ensemble) -> tuple[Answer, ...]:
    """The answers to all questions of the scenario, in its order."""
    starts = from_iso(ensemble.manifest.starts)
    # The columns stand in the order of the questions, after the run.
    columns: list[pl.Series] = ensemble.answers.get_columns()[1:]
    return tuple(
        _answer(question, column.to_numpy(), starts)
        for question, column in zip(ensemble.manifest.questions, columns, strict=True)
    )


def _answer(question: QuestionEntry, values: Floats, starts: date) -> Answer:
    runs = len(values)
    if question.type == "number":
        spread = _spread(np.sort(values))
        return NumberAnswer(question, runs, spread, number_sentence(question, runs, spread))
    if question.type == "binary":
        chance = _chance(int((values > 0.5).sum()), runs)
        return YesNoAnswer(question, runs, chance, chance_sentence(question, runs, chance))
    chance = _chance(int((values >= 0).sum()), runs)
    # What never happens comes after every date.
    spread = _spread(np.sort(np.where(values >= 0, values, np.inf)))
    days = spread.quantiles | {"median_low": spread.median_low, "median_high": spread.median_high}
    dates = {name: None if at is None else iso(date_at(starts, at)) for name, at in days.items()}
    return DateAnswer(question, runs, chance, spread, dates, date_sentence(question, runs, chance, dates))


def _chance(yes: int, runs: int) -> Chance:
    share, around = yes / runs, wilson(yes, runs)
    return Chance(yes, share, around.low, around.high, word(share), spans(*around))


def _spread(ordered: Floats) -> Spread:
    around = median_interval(ordered)
    return Spread(
        mean=_mean(ordered[np.isfinite(ordered)]),
        quantiles={f"{share * 100:g}": _finite(quantile(ordered, share)) for share in SHARES},
        median_low=_finite(around.low) if around is not None else None,
        median_high=_finite(around.high) if around is not None else None,
    )


def _mean(values: Floats) -> float | None:
    """The mean, finite also where the sum of the values is not."""
    if not len(values):
        return None
    with np.errstate(over="ignore"):
        mean = float(values.mean())
    largest = float(np.abs(values).max())
    return mean if np.isfinite(mean) else float((values / largest).mean()) * largest


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
