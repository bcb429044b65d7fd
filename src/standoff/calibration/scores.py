"""How well the model, the sources and two naive forecasters did on the questions whose outcome is recorded.

Two proper scores, both the lower the better: Brier's (p - o)^2 (Brier 1950, Mon. Weather Rev. 78:1) and the log score
-ln of the probability given to what happened (Good 1952, J. R. Stat. Soc. B 14:107). The log score reads every
probability as 0.005 at least and 0.995 at most: a share of runs cannot tell never from seldom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble import (
    FEWEST_SELECTED,
    Answer,
    DateAnswer,
    NoAnswer,
    Persistence,
    QuestionEntry,
    Score,
    YesNoAnswer,
)
from standoff.time import days_to_end, from_iso

CLIP = 0.005
"""The log score reads no probability as nearer to 0 or 1 than this."""
FEWEST = 5
"""Fewer questions than this have a score without an interval: they say nothing of its spread."""
ALL, JUDGED, UNKNOWN = "all", "with-forecast", "unknown"
NO_SOURCES = (ALL, JUDGED, UNKNOWN, "assumption", "public-record", "geography", "elicited")
"""What stands for no single source where sources are named; a source may have such a name too."""
RESAMPLES = 4000
"""How often the questions are drawn anew, with replacement, for the intervals."""

Floats = NDArray[np.float64]


def brier(probability: Floats, outcome: Floats) -> Floats:
    """The Brier score of each forecast; outcomes are 0 or 1."""
    return (probability - outcome) ** 2


def log_score(probability: Floats, outcome: Floats) -> Floats:
    """The log score of each forecast, in nats, with probabilities kept off 0 and 1."""
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    return -np.log(np.where(outcome > 0.5, clipped, 1 - clipped))


def yes_or_no(answer: Answer, starts: date) -> YesNoAnswer | None:
    """The answer to a yes-or-no question, or to one of a date with a forecast: whether the date comes in time.

    None for what no probability can be held against. `starts` is the first day of the scenario.
    """
    if isinstance(answer, YesNoAnswer):
        return answer
    if not isinstance(answer, DateAnswer) or answer.question.forecast is None:
        return None
    question = replace(answer.question, outcome=_in_time(answer.question, starts))
    return YesNoAnswer(question, answer.runs, answer.chance, answer.sentence, answer.given)


def _in_time(question: QuestionEntry, starts: date) -> str | None:
    """Whether the recorded date of a question lies within its time."""
    if question.outcome is not None or question.value is None:
        return question.outcome
    return "yes" if comes_in_time(question.value, question, starts) else "no"


def comes_in_time(days: float, question: QuestionEntry, starts: date) -> bool:
    """Whether so many days after the start are within the time of a question: by the end of a day, or at its moment."""
    last = from_iso(question.date)
    end = days_to_end(starts, last)
    return days <= end if isinstance(last, datetime) else days < end


def unscored(answer: Answer, starts: date) -> str | None:
    """Why a source's forecast of a question is not scored; None if it is, or if there is none."""
    if answer.question.forecast is None:
        return None
    if isinstance(answer, NoAnswer):
        return f"its condition holds in fewer than {FEWEST_SELECTED} runs"
    asked = yes_or_no(answer, starts)
    if asked is None:
        return "a number is asked for, and a forecast is the probability of a yes"
    if midpoint(asked) is None:
        return "no range of probabilities (low and high) is given"
    if asked.question.outcome not in ("yes", "no"):
        return f"the outcome is {asked.question.outcome}" if asked.question.outcome else "no outcome is recorded"
    return None


def score(
    answers: Sequence[Answer],
    persistence: Persistence | None,
    *,
    seed: int,
    others: Mapping[str, Mapping[str, float]] | None = None,
) -> tuple[Score, ...]:
    """The scores over all resolved yes-or-no questions, over those a source judged, and source by source.

    `others` are the probabilities of further forecasters, by question; each is scored where it has all of them.
    """
    asked = [one for one in answers if isinstance(one, YesNoAnswer)]
    resolved = [one for one in asked if one.question.outcome in ("yes", "no")]
    judged = [one for one in resolved if midpoint(one) is not None]
    groups: dict[str, list[YesNoAnswer]] = {ALL: resolved, JUDGED: judged}
    for one in judged:
        groups.setdefault(source(one), []).append(one)
    scores: list[Score] = []
    for over, group in groups.items():
        if group:
            scores.extend(_group(over, group, persistence, others or {}, seed))
    return tuple(scores)


def source(one: Answer) -> str:
    """The name of the source that judged a question: what stands before # in its first locator."""
    locators = one.question.forecast.locators if one.question.forecast is not None else ()
    name, paragraph, _ = (locators[0] if locators else UNKNOWN).partition("#")
    return f"{name} (source)" if paragraph and name in NO_SOURCES else name


def midpoint(one: Answer) -> float | None:
    """The middle of the range that the source's words may mean; None where there is no range."""
    forecast = one.question.forecast
    if forecast is None or forecast.low is None or forecast.high is None:
        return None
    return (forecast.low + forecast.high) / 2


def _group(
    over: str,
    group: list[YesNoAnswer],
    persistence: Persistence | None,
    others: Mapping[str, Mapping[str, float]],
    seed: int,
) -> list[Score]:
    outcome = np.array([one.question.outcome == "yes" for one in group], dtype=np.float64)
    forecasts = {"model": np.array([one.chance.probability for one in group], dtype=np.float64)}
    for who, given in others.items():
        if all(one.question.id in given for one in group):
            forecasts[who] = np.array([given[one.question.id] for one in group], dtype=np.float64)
    if over != ALL:
        forecasts["source"] = np.array([midpoint(one) for one in group], dtype=np.float64)
    if persistence is not None and all(one.question.id in persistence.answers for one in group):
        forecasts["persistence"] = np.array([persistence.answers[one.question.id] for one in group], dtype=np.float64)
    forecasts["one half"] = np.full(len(group), 0.5)
    drawn = _resamples(len(group), seed)
    model = brier(forecasts["model"], outcome)
    return [
        _score(who, over, brier(of, outcome), log_score(of, outcome), model if who != "model" else None, drawn)
        for who, of in forecasts.items()
    ]


def _score(who: str, over: str, briers: Floats, logs: Floats, model: Floats | None, drawn: NDArray[np.int64]) -> Score:
    brier_low, brier_high = _interval(briers, drawn)
    log_low, log_high = _interval(logs, drawn)
    better = briers - model if model is not None else None
    better_low, better_high = _interval(better, drawn) if better is not None else (None, None)
    return Score(
        who=who,
        over=over,
        n=len(briers),
        brier=float(briers.mean()),
        brier_low=brier_low,
        brier_high=brier_high,
        log=float(logs.mean()),
        log_low=log_low,
        log_high=log_high,
        better=float(better.mean()) if better is not None else None,
        better_low=better_low,
        better_high=better_high,
    )


def _resamples(questions: int, seed: int) -> NDArray[np.int64]:
    """Which questions each resample holds: the same ones for every forecaster, from a stream of the seed's own."""
    key = hashlib.blake2b(f"standoff/1/{seed}/scores/{questions}".encode(), digest_size=8).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
    return generator.integers(0, questions, size=(RESAMPLES, questions))


def _interval(values: Floats, drawn: NDArray[np.int64]) -> tuple[float | None, float | None]:
    if len(values) < FEWEST:
        return None, None
    low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
