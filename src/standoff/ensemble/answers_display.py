"""The answers of an ensemble as tables: how likely what is, when what comes, how much of what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from standoff.display import Bar, Cell, Display, Row, Table, columns
from standoff.ensemble.answers import (
    FEWEST_FOR_A_MEDIAN,
    FEWEST_SELECTED,
    Answer,
    DateAnswer,
    NoAnswer,
    NumberAnswer,
    YesNoAnswer,
    labelled,
    median_is_bounded,
)
from standoff.numerals import alike, figure, many, percent, percents, signed, with_interval, with_seed, with_unit
from standoff.time import date_at, from_iso, iso

if TYPE_CHECKING:
    from standoff.ensemble.manifest import Manifest

SHOWN = 12


def ensemble_display(made: Manifest, answers: Sequence[Answer]) -> Display:
    """An ensemble in a notebook: the answer that it is about, then its key questions; the others are folded away."""
    cut = f" of {made.runs:,}, cut short" if made.partial else ""
    runs = with_seed(many(made.finished_runs, "run") + cut, made.sampler, made.seed)
    if not answers:
        return Display(f"{made.title}: {runs}", made.scenario)
    answers = [one for one in answers if one.question.id not in made.conditions]
    keys = list(dict.fromkeys((*([made.headline] if made.headline else []), *made.key_questions)))
    ordered = sorted(answers, key=lambda one: keys.index(one.question.id) if one.question.id in keys else len(keys))
    table, shown = key_table(ordered, made.starts), len(keys) or SHOWN
    rest = many(len(ordered) - shown, "more question")
    about = f"{made.title}: {runs} of {made.scenario}"
    return Display(ordered[0].sentence, about, (replace(table, shown=shown, rest=rest),))


def answer_tables(answers: Sequence[Answer], starts: str) -> Iterator[Table]:
    """All answers: how likely what is, and how numbers and dates are spread."""
    chances = [one for one in answers if isinstance(one, YesNoAnswer | DateAnswer)]
    spreads = [one for one in answers if isinstance(one, NumberAnswer | DateAnswer)]
    if chances:
        number = ("probability", "95% interval", "source")
        heads = columns("question", "", *number[:2], "in words", "source", "outcome", number=number, bar=("",))
        yield Table(heads, tuple(map(_chance, chances)), "Questions")
    if spreads:
        spread = ("5%", "median", "its 95% interval", "95%", "recorded")
        heads = columns("question", *spread, "unit", number=spread)
        yield Table(heads, tuple(_spread(one, from_iso(starts)) for one in spreads), "Numbers and dates")
    refused = [one for one in answers if isinstance(one, NoAnswer)]
    if refused:
        told = ("runs", "95% interval")
        heads = columns("question", "its condition", *told, "", number=told)
        yield Table(heads, tuple(map(_refused, refused)), "Asked in too few runs")


def _refused(one: NoAnswer) -> Row:
    given = one.given
    around = percents(given.low, given.high, like=given.runs / given.of)
    few = f"fewer than {FEWEST_SELECTED}"
    asked = Cell(one.question.ask, one.question.id)
    return Row((asked, Cell(given.ask), f"{given.runs:,} of {given.of:,}", around, few))


def _asked(one: Answer) -> Cell:
    """A question as it was asked, and in which runs where it was not in all."""
    where = "" if one.given is None else f" in {one.given.runs:,} of {one.given.of:,} runs"
    return Cell(labelled(one.question.ask, None if one.given is None else one.given.ask), f"{one.question.id}{where}")


def _chance(one: YesNoAnswer | DateAnswer) -> Row:
    forecast, chance = one.question.forecast, one.chance
    band = None
    if forecast is not None and forecast.low is not None and forecast.high is not None:
        band = (forecast.low, forecast.high)
    around = percents(chance.low, chance.high, like=chance.probability)
    bar = Bar(chance.probability, chance.low, chance.high, band=band)
    word = chance.word + (" ≈" if chance.spans else "")
    source = "" if band is None else source_range(*band)
    asked = _asked(one)
    return Row((asked, bar, percent(chance.probability), around, word, source, one.question.outcome or ""))


def source_range(low: float | None, high: float | None) -> str:
    """The range of probabilities that a source's words mean."""
    return "" if low is None or high is None else percents(low, high, like=0.5)


def _spread(one: NumberAnswer | DateAnswer, starts: date) -> Row:
    came = one.question.value
    if isinstance(one, DateAnswer):
        cells = [one.dates[name] or "not by then" for name in ("5", "50", "95", "median_low", "median_high")]
        recorded, unit = "" if came is None else iso(date_at(starts, came)), ""
    else:
        spread = one.spread
        values = [*(spread.quantiles[name] for name in ("5", "50", "95")), spread.median_low, spread.median_high]
        cells = ["not finite" if value is None else figure(value) for value in values]
        recorded, unit = "" if came is None else figure(came), one.question.unit or ""
    error = " to ".join(cells[3:]) if median_is_bounded(one) else f"under {FEWEST_FOR_A_MEDIAN} runs"
    return Row((_asked(one), cells[0], cells[1], error, cells[2], recorded, unit))


def key_table(answers: Sequence[Answer], starts: str, *, title: str = "") -> Table:
    """Some answers of all types in one table, each by its share of the runs or by its median."""
    number = ("answer", "95% interval", "source")
    heads = columns("question", "", *number[:2], "in words", "source", "recorded", number=number, bar=("",))
    return Table(heads, tuple(_in_short(one, from_iso(starts)) for one in answers), title)


def _in_short(one: Answer, starts: date) -> Row:
    if isinstance(one, NoAnswer):
        share = one.given.runs / one.given.of
        few = f"under {FEWEST_SELECTED} of {one.given.of:,} runs"
        around = percents(one.given.low, one.given.high, like=share)
        return Row((_asked(one), "", few, around, "not answered", "", one.question.outcome or ""))
    if not isinstance(one, NumberAnswer):
        row = _chance(one)
        if isinstance(one, YesNoAnswer):
            return row
        cells = list(row.cells)
        median = one.dates["50"]
        cells[2] = f"{cells[2]}, median {median}" if median else cells[2]
        came = one.question.value
        cells[6] = cells[6] if came is None else iso(date_at(starts, came))
        return Row(tuple(cells))
    asked, came = _asked(one), one.question.value
    middle, low, high = one.spread.quantiles["50"], one.spread.median_low, one.spread.median_high
    recorded = "" if came is None else figure(came)
    if middle is None or low is None or high is None:
        words = "not finite" if middle is None else f"median {with_unit(figure(middle), one.question.unit)}"
        return Row((asked, "", words, "", "", "", recorded))
    number, *ends = alike(middle, low, high)
    return Row((asked, "", f"median {with_unit(number, one.question.unit)}", " to ".join(ends), "", "", recorded))


def score_cell(value: float | None, low: float | None, high: float | None, *, plus: bool = False) -> str:
    """A score with its interval, where it has one."""
    if value is None:
        return ""
    if low is None or high is None:
        return signed(value) if plus else figure(value)
    return with_interval(value, low, high, plus=plus)
