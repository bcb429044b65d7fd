"""Answers as statements in frequencies: "In 67 of 100 runs (64 to 70) red holds the ford on 30 June"."""

from __future__ import annotations

from datetime import datetime

from standoff.analysis.answers.words import given_sentence
from standoff.ensemble import (
    Answer,
    Chance,
    DateAnswer,
    NoAnswer,
    NumberAnswer,
    Spread,
    YesNoAnswer,
    median_is_bounded,
)
from standoff.numerals import alike, figure, out_of, with_unit
from standoff.time import date_in_words, from_iso

MOST_DENY = 0.45
"""Below it, the scale of words calls a yes unlikely."""


def frequency(runs: int, chance: Chance) -> str:
    """In how many of the runs it is so, with the ends of the 95% interval: `67 of 100 runs (64 to 70)`."""
    count, ends = out_of(chance.yes, runs, chance.low, chance.high)
    return f"{count} ({ends})"


def statement(answer: Answer) -> str:
    """The answer as one sentence: the question's `says`, or its words, with how often it is so or how it is spread."""
    if isinstance(answer, NoAnswer):
        return answer.sentence
    told = _statement(answer)
    return told if answer.given is None else f"{told} {given_sentence(answer.given)}"


def _statement(answer: YesNoAnswer | NumberAnswer | DateAnswer) -> str:
    asked = answer.question
    if isinstance(answer, NumberAnswer):
        what = f"{asked.says[:1].upper()}{asked.says[1:]}: the" if asked.says else f"“{asked.ask}” The"
        return f"{what} median is {_numbers(answer)}."
    often = frequency(answer.runs, answer.chance)
    # What most runs deny is not to be read as what they say.
    often = f"only {often}" if answer.chance.yes > 0 and answer.chance.probability < MOST_DENY else often
    if not isinstance(answer, DateAnswer):
        return f"In {often} {asked.says}." if asked.says else f"In {often} the answer is yes: “{asked.ask}”"
    by = _day(asked.date)
    said = f"In {often} {asked.says} by {by}" if asked.says else f"“{asked.ask}” In {often} it comes by {by}"
    return f"{said}{_dates(answer)}."


def _numbers(answer: NumberAnswer) -> str:
    """The median with its unit, and the middle half of the runs, with as many digits as its error allows."""
    quantiles = answer.spread.quantiles
    middle = _median(answer, answer.spread)
    low, high = quantiles["25"], quantiles["75"]
    if low is None or high is None or quantiles["50"] is None:
        return with_unit(middle, answer.question.unit)
    _, first, last = alike(quantiles["50"], low, high)
    return f"{with_unit(middle, answer.question.unit)}, the middle half of the runs {first} to {last}"


def _median(answer: NumberAnswer, spread: Spread) -> str:
    middle, low, high = spread.quantiles["50"], spread.median_low, spread.median_high
    if middle is None:
        return "not finite"
    return alike(middle, low, high)[0] if low is not None and high is not None else figure(middle)


def _dates(answer: DateAnswer) -> str:
    first, middle, last = (answer.dates[name] for name in ("25", "50", "75"))
    if middle is None or first is None or not median_is_bounded(answer):
        return ""
    low, high = answer.spread.median_low, answer.spread.median_high
    # By the hour only where the interval of the median is shorter than a day.
    exact = low is not None and high is not None and high - low < 1
    since = _day(first, exact=exact)
    spread = (
        f"a quarter of the runs come by {since}"
        if last is None
        else f"the middle half of the runs {since} to {_day(last, exact=exact)}"
    )
    return f"; the median is {_day(middle, exact=exact)}, {spread}"


def _day(day: str, *, exact: bool = True) -> str:
    moment = from_iso(day)
    return date_in_words(moment if exact or not isinstance(moment, datetime) else moment.date())
