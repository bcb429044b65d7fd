"""Dates, words of doubt and numbers in words: what each means, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from standoff.drafting.dates import dates
from standoff.drafting.hedges import hedges, table
from standoff.drafting.quantities import quantities

ANCHOR = date(2020, 11, 20)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("On 5 May they fought; four days later they fought again.", [date(2020, 5, 5), date(2020, 5, 9)]),
        ("They met on June 6. The next day they met again.", [date(2020, 6, 6), date(2020, 6, 7)]),
        ("They met on June 6; two weeks earlier nobody had.", [date(2020, 6, 6), date(2020, 5, 23)]),
        ("They met on June 6, agreed a day later, and broke it nine days later.",
         [date(2020, 6, 6), date(2020, 6, 7), date(2020, 6, 16)]),
        ("Four days later they fought.", []),  # later than what?
        ("In 2019 they met; four days later they fought.", [date(2019, 1, 1)]),  # a year is no day to count from
    ],
)  # fmt: skip
def test_days_are_counted_from_the_day_before_them(words: str, days: list[date]) -> None:
    found = dates(words, ANCHOR)
    assert [one.first for one in found] == days
    assert all((one.doubt is not None) == ("later" in said or "earlier" in said or "next" in said)
               for one in found for said in [words[one.start : one.end]])  # fmt: skip


@pytest.mark.parametrize(
    "words", ["On 5 May they will meet.", "On the 5th of May they will go.", "In May they will go."]
)
def test_the_month_may_is_no_word_of_doubt(words: str) -> None:
    assert hedges(words, table()) == []
    assert [one.words for one in hedges(words.replace("will", "may"), table())] == ["may"]


@pytest.mark.parametrize(
    ("words", "measured"),
    [
        ("a 25-kilometre radius", [(25.0, "km", "radius")]),
        ("an exercise of three days there", [(3.0, "day", "day")]),
        ("a zone of three kilometres between them", [(3.0, "km", "kilometre")]),
        ("nine days later it broke", []),
        ("two weeks ago it broke", []),
        ("50,000 troops each", [(50_000.0, "troop", "troop")]),
    ],
)
def test_a_number_measures_the_noun_behind_it_and_no_other_word(
    words: str, measured: list[tuple[float, str, str]]
) -> None:
    assert [(one.value, one.unit, one.head) for one in quantities(words)] == measured
