"""Words of estimative probability, as analysts of the United States must use them (ICD 203, 2015, section 6e).

A sentence has a word of likelihood or one of confidence, never both, says the directive; the sentences made here have
words of likelihood only, and say "in this model", since that is all that runs can tell.

The directive gives ranges that share their ends and leave out what is below 1% and above 99%. Here a shared end
belongs to the word further from even, except that `roughly even chance` has both of its own ends; so the word for
1 - p always mirrors the word for p. The outermost words reach to 0 and 1: a model that says 0.002 says so in figures,
and the figures always stand beside the word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from standoff.ensemble import (
    FEWEST_FOR_A_MEDIAN,
    FEWEST_SELECTED,
    Chance,
    ForecastEntry,
    QuestionEntry,
    Selection,
    Spread,
)
from standoff.numerals import alike, figure, many, percent, percents
from standoff.time import date_in_words, from_iso

WORDS = (
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
)
"""From the lowest probability to the highest."""

TOO_FEW = f"no 95% interval: that takes {FEWEST_FOR_A_MEDIAN} runs"

BOUNDS = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95)
"""Where one word ends and the next begins."""


def word(probability: float) -> str:
    """The word for a probability."""
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    if probability <= BOUNDS[0]:
        return WORDS[0]
    if probability <= BOUNDS[1]:
        return WORDS[1]
    if probability < BOUNDS[2]:
        return WORDS[2]
    if probability <= BOUNDS[3]:
        return WORDS[3]
    if probability < BOUNDS[4]:
        return WORDS[4]
    if probability < BOUNDS[5]:
        return WORDS[5]
    return WORDS[6]


def meant_by(said: str) -> str:
    """The probabilities that a word stands for: `55 to 80%`; the outermost words reach to the ends."""
    at = WORDS.index(said)
    if at in (0, len(BOUNDS)):
        return f"{'at most' if at == 0 else 'at least'} {percent(BOUNDS[min(at, len(BOUNDS) - 1)], like=0.5)}"
    return percents(BOUNDS[at - 1], BOUNDS[at], like=0.5, dash=" to ")


def spans(low: float, high: float) -> bool:
    """Whether an interval spans more than one word, so that more runs could change the word."""
    return word(low) != word(high)


def chance_sentence(question: QuestionEntry, runs: int, chance: Chance, *, what: str = "a yes") -> str:
    """The answer to a yes-or-no question, with its number, its 95% interval and what a source's words mean.

    `what` names the thing that has the probability.
    """
    share, low, high = chance.probability, chance.low, chance.high
    sentence = (
        f"“{question.ask}” In this model {what} {_VERBS.get(chance.word, 'is')} {chance.word}: "
        f"{percent(share)} of {many(runs, 'run')} (95% interval {percents(low, high, like=share, dash=' to ')})."
    )
    if chance.spans:
        sentence += f" The interval reaches from “{word(low)}” to “{word(high)}”: more runs could change the word."
    return sentence + _of_source(question.forecast)


_VERBS = {WORDS[0]: "has", WORDS[3]: "has a"}


def date_sentence(question: QuestionEntry, runs: int, chance: Chance, dates: Mapping[str, str | None]) -> str:
    """The answer to a question for a date; `dates` has the median and its interval, None for later or never."""
    plain = replace(question, forecast=None)
    sentence = chance_sentence(plain, runs, chance, what=f"a date up to {_day(question.date)}")
    middle, low, high = (_day(dates[name]) for name in ("50", "median_low", "median_high"))
    around = f"95% interval {low} to {high}" if runs >= FEWEST_FOR_A_MEDIAN else TOO_FEW
    return f"{sentence} The median of the runs: {middle} ({around}).{_of_source(question.forecast)}"


def number_sentence(question: QuestionEntry, runs: int, spread: Spread) -> str:
    """The answer to a question for a number, by the median of the runs and its interval."""
    middle, low, high = spread.quantiles["50"], spread.median_low, spread.median_high
    if middle is None or low is None or high is None:
        number, *ends = ("not finite" if one is None else figure(one) for one in (middle, low, high))
    else:
        number, *ends = alike(middle, low, high)
    around = f"95% interval {' to '.join(ends)}" if runs >= FEWEST_FOR_A_MEDIAN else TOO_FEW
    counted = f" ({question.unit})" if question.unit else ""
    return f"“{question.ask}” In this model the median of {many(runs, 'run')} is {number}{counted}, {around}."


def given_sentence(given: Selection) -> str:
    """In how many runs the condition of a question holds, as every answer with one says."""
    share, ends = given.runs / given.of, percents(given.low, given.high, like=given.runs / given.of, dash=" to ")
    return f"Asked only where “{given.ask}” is so: {given.runs:,} of {given.of:,} runs, {percent(share)} ({ends})."


def too_few_sentence(question: QuestionEntry, given: Selection) -> str:
    """Why a question is not answered: too few runs meet its condition."""
    ends = percents(given.low, given.high, like=given.runs / given.of, dash=" to ")
    return (
        f"“{question.ask}” Not answered: fewer than {FEWEST_SELECTED} of {many(given.of, 'run')} meet its condition "
        f"“{given.ask}” ({given.runs:,}, 95% interval {ends}). More runs would."
    )


def _of_source(source: ForecastEntry | None) -> str:
    if source is None or source.low is None or source.high is None:
        return ""
    # The two ends are one where a source gives a number.
    ends = " to ".join(f"{share * 100:g}" for share in dict.fromkeys((source.low, source.high)))
    return f" The source's words mean {ends}%."


def _day(day: str | None) -> str:
    if day is None:
        return "not by then"
    return date_in_words(from_iso(day))
