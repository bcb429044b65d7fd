"""The brief: what an analyst is told first of some runs, in sentences; every verb and the page take them from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, inf

from standoff.analysis.answers import statement
from standoff.calibration.hindsight import by_kind, counted
from standoff.calibration.scores import ALL, JUDGED, comes_in_time
from standoff.ensemble import Answer, Answers, DateAnswer, Manifest, NoAnswer, NumberAnswer, Score, YesNoAnswer
from standoff.numerals import alike, figure, many, percent_with_interval, with_interval
from standoff.time import date_at, date_in_words, from_iso

Decided = YesNoAnswer | NumberAnswer | DateAnswer
"""An answer that is one."""
MOST = 6
"""So many questions matter, where a scenario does not say which."""
OUTSIDE = 0.95
"""How far from what was recorded nine of ten runs count as being, where none of them is on its side."""


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence about the answer to a question."""

    question: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What comes first of some runs.

    `headline` is None where nothing is asked. `declared` is False where the scenario names no key questions and the
    least settled stand in for them. `misses` are those questions of which most runs say otherwise than was recorded,
    the worst first; `record` says on how many of how many they agree with it, and is empty without any outcome, as
    `hindsight` is where nothing was set in the light of later events.
    """

    headline: Told | None
    key_questions: tuple[Told, ...]
    declared: bool
    record: str
    misses: tuple[Told, ...]
    hindsight: str
    scores: tuple[str, ...]


def brief_of(about: Manifest, answers: Answers) -> Brief:
    """The brief of some runs, from their manifest and their answers."""
    known = {one.question.id: one for one in answers.questions}
    asked = [one for one in answers.questions if one.question.id not in about.conditions]
    declared = [known[name] for name in about.key_questions if name in known]
    keys = declared or least_settled(asked)
    first = known.get(about.headline) or next(iter([*declared, *asked]), None)
    starts = from_iso(about.starts)
    judged = [
        (one, off)
        for one in answers.questions
        if not isinstance(one, NoAnswer) and (off := _off(one, starts)) is not None
    ]
    wrong = sorted((one for one in judged if one[1] > 0.5), key=lambda pair: -pair[1])
    return Brief(
        headline=None if first is None else _told(first),
        key_questions=tuple(_told(one) for one in keys),
        declared=bool(declared),
        record=_record([(one, off, _by_range(one, starts)) for one, off in judged]),
        misses=tuple(Told(one.question.id, _miss(one, starts)) for one, _ in wrong),
        hindsight=_hindsight(about.hindsight),
        scores=tuple(_scores(answers.scores)),
    )


def least_settled(answers: Sequence[Answer]) -> Sequence[Answer]:
    """The questions that hang in the balance most: shares nearest to one half, then the widest numbers."""
    chances = [one for one in answers if isinstance(one, YesNoAnswer | DateAnswer)]
    numbers = [one for one in answers if isinstance(one, NumberAnswer)]
    balanced = sorted(chances, key=lambda one: abs(one.chance.probability - 0.5))
    return [*balanced, *sorted(numbers, key=_width, reverse=True)][:MOST]


def _width(answer: NumberAnswer) -> float:
    """How wide the middle half of the runs is, for its median's size."""
    low, middle, high = (answer.spread.quantiles[name] for name in ("25", "50", "75"))
    if low is None or middle is None or high is None:
        return 0.0
    return (high - low) / max(abs(middle), high - low) if high > low else 0.0


def _told(answer: Answer) -> Told:
    return Told(answer.question.id, statement(answer))


def _off(answer: Decided, starts: date) -> float | None:
    """How far the runs are from what was recorded, from 0 to 1; None where nothing that can be compared was."""
    asked = answer.question
    if not isinstance(answer, NumberAnswer) and asked.outcome in ("yes", "no"):
        return abs(answer.chance.probability - (asked.outcome == "yes"))
    if isinstance(answer, YesNoAnswer) or asked.value is None:
        return None
    if isinstance(answer, DateAnswer) and not comes_in_time(asked.value, asked, starts):
        return answer.chance.probability
    low, high = answer.spread.quantiles["5"], answer.spread.quantiles["95"]
    value = asked.value
    if isinstance(answer, DateAnswer):
        # What is recorded of a date is its day; an end is None where it is later or never, and no day is as late.
        value, low, high = floor(value), inf if low is None else floor(low), inf if high is None else floor(high)
    return OUTSIDE if (low is not None and value < low) or (high is not None and value > high) else 0.0


def _by_range(answer: Decided, starts: date) -> bool:
    """Whether what was recorded is a number or a day, which nine of ten runs lie around or not."""
    asked = answer.question
    if isinstance(answer, NumberAnswer):
        return True
    if isinstance(answer, YesNoAnswer) or asked.outcome in ("yes", "no") or asked.value is None:
        return False
    return comes_in_time(asked.value, asked, starts)


def _miss(answer: Decided, starts: date) -> str:
    happened, said = _both(answer, starts)
    return f"“{answer.question.ask}” What happened: {happened}. What the runs said: {said}."


def _both(answer: Decided, starts: date) -> tuple[str, str]:
    """What happened, and what the runs said instead."""
    asked = answer.question
    if isinstance(answer, NumberAnswer):
        low, high = (answer.spread.quantiles[name] for name in ("5", "95"))
        ends = "not finite numbers" if low is None or high is None else " and ".join(alike(low, low, high)[1:])
        return figure(asked.value), f"nine of ten lie between {ends}"
    if isinstance(answer, DateAnswer) and asked.value is not None and asked.outcome is None:
        return date_in_words(date_at(starts, asked.value)), _nine_of_ten(answer)
    chance = answer.chance
    # In percent, so that all misses have one base however rare they are.
    often = percent_with_interval(chance.probability, chance.low, chance.high)
    if asked.outcome == "yes":
        return "yes", f"yes in only {often}" if chance.yes else "no in every one"
    return "no", f"yes in {often}" if chance.yes < answer.runs else "yes in every one"


def _nine_of_ten(answer: DateAnswer) -> str:
    """When it happens in nine of ten runs, leaving one in twenty at either end."""
    first, last = answer.dates["5"], answer.dates["95"]
    if first is None:
        return "in 19 of 20 it comes later or never"
    if last is None:
        return f"in 19 of 20 it comes on {_day(first)} or later, or never"
    return f"nine of ten lie between {_day(first)} and {_day(last)}"


def _day(day: str) -> str:
    return date_in_words(from_iso(day))


def _record(judged: Sequence[tuple[Answer, float, bool]]) -> str:
    """How the runs agree with the record; `judged`: the answer, how far it is off, and whether that is by its range."""
    chances = [(one, off) for one, off, by_range in judged if not by_range]
    ranges = [off for _, off, by_range in judged if by_range]
    return " ".join(filter(None, (_of_chances(chances), _close([one for one, _ in chances]), _of_ranges(ranges))))


def _of_chances(judged: Sequence[tuple[Answer, float]]) -> str:
    if not judged:
        return ""
    wrong = [one for one, off in judged if off > 0.5]
    if not wrong:
        all_of = "the one question" if len(judged) == 1 else f"all {len(judged):,} questions"
        return f"Most runs were right on {all_of} of yes or no whose outcome is recorded."
    asked = f"{many(len(judged), 'question')} of yes or no whose outcome is recorded"
    told = f"Most runs were right on {len(judged) - len(wrong)} of {asked}, and wrong on {len(wrong)}"
    happened = sum(one.question.outcome == "yes" for one in wrong)
    if happened < 2:
        return f"{told}."
    which = "all" if happened == len(wrong) else f"{happened}"
    return f"{told}; {which} of these happened although most runs said no."


def _close(judged: Sequence[Answer]) -> str:
    """How many of those that are counted as right or wrong hang on which runs were made."""
    chances = [one.chance for one in judged if isinstance(one, YesNoAnswer | DateAnswer)]
    close = [one for one in chances if one.low < 0.5 < one.high]
    if not close:
        return ""
    if len(judged) == 1:
        return "It is too close to call."
    return f"{len(close)} of these {len(judged):,} {'is' if len(close) == 1 else 'are'} too close to call."


def _of_ranges(off: Sequence[float]) -> str:
    """A number is not right or wrong: what was recorded lies among the runs or beside them."""
    if not off:
        return ""
    among = sum(one <= 0.5 for one in off)
    if len(off) == 1:
        lies = "lies" if among else "does not lie"
        return f"The one recorded number or date {lies} within the range of nine in ten runs."
    if among == len(off):
        return f"All {among:,} recorded numbers and dates lie within the range of nine in ten runs."
    lies = f"{among:,} lie" if among > 1 else "1 lies" if among else "none lies"
    return f"Of {len(off):,} recorded numbers and dates, {lies} within the range of nine in ten runs."


def _hindsight(names: Mapping[str, Sequence[str]]) -> str:
    if not any(names.values()):
        return ""
    foremost = {section: names.get(section, ()) for section in ("questions", "parameters", "rules")}
    parts = [by_kind(foremost)] if any(foremost.values()) else []
    others = counted(names) - counted(foremost)
    parts += [many(others, "other part")] if others else []
    return f"Its makers set {' and '.join(parts)} knowing the outcome, so the scores do not test the model."


def _scores(scores: Sequence[Score]) -> list[str]:
    """At most three lines: all resolved questions, those that a source judged, and what that is worth."""
    named = {"model": "the model", "source": "the source", "persistence": "“no change”"}
    lines = []
    for over, of in ((ALL, "resolved"), (JUDGED, "that a source judged")):
        group = [one for one in scores if one.over == over]
        if not group or (over == JUDGED and not any(one.who == "source" for one in group)):
            continue
        asked = many(group[0].n, f"{of} question", f"{of} questions") if over == ALL else f"{group[0].n} {of}"
        cells = [f"{named.get(one.who, one.who)} {_score(one)}" for one in group if one.who != "one half"]
        lines.append(f"Brier score over {asked}: {', '.join(cells)}.")
    return [*lines, "A perfect forecaster scores 0, a coin toss 0.25: lower is better."] if lines else []


def _score(one: Score) -> str:
    if one.brier_low is None or one.brier_high is None:
        return figure(one.brier)
    return with_interval(one.brier, one.brier_low, one.brier_high)
