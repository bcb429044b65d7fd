"""Dates, words of doubt and numbers in words: what each means, and what only looks like one."""

from __future__ import annotations

import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import gazetteer, has_parser
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
        ("They met on June 6; six days before, they had fought.", [date(2020, 6, 6), date(2020, 5, 31)]),
        ("They met on June 6, six days before the vote.", [date(2020, 6, 6)]),  # before another day
        ("They met on June 6. Two months later they met again.", [date(2020, 6, 6), date(2020, 8, 1)]),
        ("Four days later they fought.", []),  # later than what?
        ("In 2019 they met; four days later they fought.", [date(2019, 1, 1)]),  # a year is no day to count from
    ],
)  # fmt: skip
def test_days_are_counted_from_the_day_before_them(words: str, days: list[date]) -> None:
    found = dates(words, ANCHOR)
    assert [one.first for one in found] == days
    assert all((one.doubt is not None) == ("later" in said or "earlier" in said or "next" in said or "before" in said)
               for one in found for said in [words[one.start : one.end]])  # fmt: skip


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("They met on June 6. On the same day they signed.", (date(2020, 6, 6), date(2020, 6, 6))),
        ("They met on June 6. The following morning they left.", (date(2020, 6, 7), date(2020, 6, 7))),
        ("They met on June 6. That night they left.", (date(2020, 6, 6), date(2020, 6, 6))),
        ("They met on June 6. The evening was calm the day before.", (date(2020, 6, 5), date(2020, 6, 5))),
        ("They met on June 6. Within hours they had left.", (date(2020, 6, 6), date(2020, 6, 7))),
        ("They met on June 6. The next week they left.", (date(2020, 6, 8), date(2020, 6, 14))),
        ("They met on June 6. In that month nobody left.", (date(2020, 6, 1), date(2020, 6, 30))),
        ("They met on June 6. A year later they left.", (date(2021, 6, 1), date(2021, 6, 30))),
        ("They met on 22 October 1962. They left on 24 November.", (date(1962, 11, 24), date(1962, 11, 24))),
        ("They met in December 1962. They left on 3 January.", (date(1963, 1, 3), date(1963, 1, 3))),
        ("They met in October 1962. They left on 3 September.", (date(2020, 9, 3), date(2020, 9, 3))),
        ("The first since 1975 fell. They left on 3 September.", (date(2020, 9, 3), date(2020, 9, 3))),
        ("By 12 January they had left.", (date(2020, 1, 12), date(2020, 1, 12))),
        ("In late December they left.", (date(2019, 12, 21), date(2019, 12, 31))),
    ],
)
def test_a_day_in_words_is_that_of_the_days_before_it(words: str, days: tuple[date, date]) -> None:
    last = dates(words, ANCHOR)[-1]
    assert (last.first, last.last) == days


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


def test_the_table_of_towns_is_read_a_piece_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {str(number): {"name": f'\u00e9 }}, " {number}', "also": ["}, {", '"'] * number} for number in range(200)}
    file = tmp_path / "towns.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr(gazetteer, "_CHUNK", 64)
    read = gazetteer.pieces(file)
    tracemalloc.start()
    assert next(read) == rows["0"]
    assert tracemalloc.get_traced_memory()[1] < 50_000  # not the whole of it, as objects
    tracemalloc.stop()
    assert list(read) == [rows[str(number)] for number in range(1, 200)]


@pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
def test_the_towns_of_a_country_are_the_largest_first_with_their_latin_names() -> None:
    rows = gazetteer.towns()["SY"]
    people = [int(row.split(b"\t")[0]) for row in rows]
    assert people == sorted(people, reverse=True) and people[0] > 1_000_000 and len(rows) > 200
    assert any("Deir ez-Zor" in row.decode() for row in rows) and not any("\u062f" in row.decode() for row in rows)
