"""The questions of a scenario, answered by an ensemble, each with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers.probability import median_interval, quantile, wilson
from standoff.analysis.answers.words import (
    chance_sentence,
    date_sentence,
    given_sentence,
    number_sentence,
    spans,
    too_few_sentence,
    word,
)
from standoff.ensemble import (
    FEWEST_SELECTED,
    Answer,
    Chance,
    DateAnswer,
    Ensemble,
    NoAnswer,
    NumberAnswer,
    QuestionEntry,
    Selection,
    Spread,
    YesNoAnswer,
    selected,
)
from standoff.time import date_at, from_iso, iso

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles that are given of a number or a date."""

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


def answer(ensemble: Ensemble) -> tuple[Answer, ...]:
    """The answers to all questions of the scenario, in its order."""
    starts = from_iso(ensemble.manifest.starts)
    # The columns stand in the order of the questions, after the run.
    values = ensemble.answers.to_numpy()[:, 1:].astype(np.float64, copy=False)
    asked = ensemble.manifest.questions
    answers: list[Answer] = []
    for i, question in enumerate(asked):
        among = selected(asked, question, values)
        if among is None:
            answers.append(_answer(question, values[:, i], starts))
        else:
            answers.append(_conditional(question, values[:, i], among, asked, starts))
    return tuple(answers)


def _conditional(
    question: QuestionEntry, values: Floats, among: Truths, asked: Sequence[QuestionEntry], starts: date
) -> Answer:
    """The answer of the runs that meet the condition of a question, with how many these are."""
    runs, of = int(among.sum()), len(among)
    around = wilson(runs, of)
    condition = next(one for one in asked if one.id == question.condition)
    given = Selection(condition.id, condition.ask, runs, of, around.low, around.high)
    if runs < FEWEST_SELECTED:
        return NoAnswer(question, runs, given, too_few_sentence(question, given))
    found = _answer(question, values[among], starts)
    return replace(found, given=given, sentence=f"{found.sentence} {given_sentence(given)}")


def _answer(question: QuestionEntry, values: Floats, starts: date) -> YesNoAnswer | NumberAnswer | DateAnswer:
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
