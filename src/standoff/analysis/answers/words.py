"""Words of estimative probability, as analysts of the United States must use them (ICD 203, 2015, section 6e).

A sentence has a word of likelihood or one of confidence, never both, says the directive; the sentences made here have
words of likelihood only, and say "in this model", since that is all that runs can tell.

The directive gives ranges that share their ends and leave out what is below 1% and above 99%. Here a shared end
belongs to the word further from even, except that `roughly even chance` has both of its own ends; so the word for
1 - p always mirrors the word for p. The outermost words reach to 0 and 1: a model that says 0.002 says so in figures,
and the figures always stand beside the word.
"""

from __future__ import annotations

from datetime import date

from standoff.analysis.answers.probability import Interval
from standoff.numerals import percent, percents

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


def spans(low: float, high: float) -> bool:
    """Whether an interval reaches over more than one word, so that more runs could change the word."""
    return word(low) != word(high)


def chance_sentence(
    ask: str, probability: float, interval: Interval, runs: int, *, what: str = "a yes", source: Interval | None = None
) -> str:
    """The answer to a question of yes or no, with its number, its 95% interval and what a source's words mean.

    `what` names that which has the probability.
    """
    low, high = interval
    found = (
        f"“{ask}” In this model {what} {_VERBS.get(word(probability), 'is')} {word(probability)}: "
        f"{percent(probability)} of {runs:,} runs (95% interval {percents(low, high, like=probability, dash=' to ')})."
    )
    if spans(low, high):
        found += f" The interval reaches from “{word(low)}” to “{word(high)}”: more runs could change the word."
    return found + _of_source(source)


_VERBS = {WORDS[0]: "has", WORDS[3]: "has a"}


def date_sentence(
    ask: str, probability: float, interval: Interval, runs: int, *, until: date, median: tuple[str | None, ...],
    source: Interval | None = None,
) -> str:  # fmt: skip
    """The answer to a question of a date; `median` is the median and its interval as ISO dates, None for later."""
    found = chance_sentence(ask, probability, interval, runs, what=f"a date up to {_day(until.isoformat())}")
    middle, low, high = (_day(one) for one in median)
    return f"{found} The median of the runs: {middle} (95% interval {low} to {high}).{_of_source(source)}"


def number_sentence(ask: str, runs: int, *, unit: str | None, median: tuple[float | None, ...]) -> str:
    """The answer to a question of a number; `median` is the median and its interval, None for what is not finite."""
    middle, low, high = ("not finite" if one is None else f"{one:.4g}" for one in median)
    counted = f" ({unit})" if unit else ""
    return f"“{ask}” In this model the median of {runs:,} runs is {middle}{counted}, 95% interval {low} to {high}."


def _of_source(source: Interval | None) -> str:
    if source is None:
        return ""
    # The two ends are one where a source gives a number.
    ends = " to ".join(f"{share * 100:g}" for share in dict.fromkeys(source))
    return f" The source's words mean {ends}%."


def _day(iso: str | None) -> str:
    if iso is None:
        return "not by then"
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"
