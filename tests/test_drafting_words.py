"""Dates, words of doubt and numbers in words: what each means, and what only looks like one."""

from __future__ import annotations

import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import has_parser, towns
from standoff.drafting.dates import dates
from standoff.drafting.hedges import hedges, table
from standoff.drafting.quantities import quantities
from standoff.packed import packed, unpacked

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
    ("words", "found"),
    [
        ("It is likely that they stay, and there is a 60 per cent chance that they sign.", [(0.55, 0.8), (0.6, 0.6)]),
        ("We put the chance of a clash that costs lives this year at 30 to 40 per cent.", [(0.3, 0.4)]),
        ("He sees a 10-15% risk of war before May 2024.", [(0.1, 0.15)]),
        ("The probability of war is below 20%; a deal is more than 70 percent likely.", [(0, 0.2), (0.7, 1)]),
        ("There is a one in three chance of war.", [(1 / 3, 1 / 3)]),
        ("She gives it one chance in four.", [(0.25, 0.25)]),
        ("The odds of a deal are two to one against.", [(1 / 3, 1 / 3)]),
        ("It is fifty-fifty whether they come.", [(0.5, 0.5)]),
        ("The chance of a 20 per cent cut will matter.", []),  # of what may come, and not how likely
        ("The likelihood of a rise of 40 per cent was not discussed.", []),
        ("The party won 40 per cent of the votes and has a chance.", []),
        ("One in three soldiers deserted.", []),
        ("The parties could not agree who may vote, and could no longer wait.", [(0.2, 0.55)]),  # `may`
    ],
)
def test_a_chance_in_numbers_is_a_forecast(words: str, found: list[tuple[float, float]]) -> None:
    chances = hedges(words, table())
    assert [(one.low, one.high) for one in chances] == [pytest.approx(one) for one in found]
    assert all(words[one.start : one.end].lower() == one.words for one in chances)
    assert all(one.standard for one in chances if one.words != "may")


@pytest.mark.parametrize(
    ("words", "measured"),
    [
        ("a 25-kilometre radius", [(25.0, "km", "radius")]),
        ("an exercise of three days there", [(3.0, "day", "day")]),
        ("a zone of three kilometres between them", [(3.0, "km", "kilometre")]),
        ("nine days later it broke", []),
        ("two weeks ago it broke", []),
        ("50,000 troops each", [(50_000.0, "troop", "troop")]),
        ("4.6 square kilometres of scrub", [(4.6, "km^2", "square kilometre")]),
        ("at 30 per cent of them", [(0.3, "", "per cent")]),
        ("about $425 million of it", [(425e6, "dollar", "dollar")]),
        ("400 Russian railway troops were there", [(400.0, "troop", "troop")]),
        ("1,700 fishermen fled", [(1700.0, "fishermen", "fishermen")]),
        ("1,500 Ossetians fled", [(1500.0, "ossetian", "ossetian")]),
        ("90 United Nations monitors left", [(90.0, "monitor", "monitor")]),
        ("400 to 500 men", [(400.0, "men", "men"), (500.0, "men", "men")]),
        ("10 or 11 dead", [(10.0, "dead", "dead"), (11.0, "dead", "dead")]),
        ("between 2 and 3 tons", [(2.0, "ton", "ton"), (3.0, "ton", "ton")]),
        ("two dozen soldiers", [(24.0, "soldier", "soldier")]),
        ("sixteen drones", [(16.0, "drone", "drone")]),
        ("Resolution 2254 calls for it", []),
        ("the 58th Army crossed", []),
        ("the 2008 elections", []),
        ("by 12 votes to 5", []),
        ("paragraphs 12 and 13 of the order", []),
        ("within 10 years of it", []),
        ("two reasons for it", []),
    ],
)
def test_a_number_measures_the_noun_behind_it_and_no_other_word(
    words: str, measured: list[tuple[float, str, str]]
) -> None:
    assert [(one.value, one.unit, one.head) for one in quantities(words)] == measured


def test_a_number_that_is_rounded_or_left_open_is_told_as_a_doubt() -> None:
    told = {words: [one.doubt for one in quantities(words)] for words in ("two dozen men", "24 men", "9 or 10 men")}
    assert told["24 men"] == [None] and told["9 or 10 men"] == ["one of two numbers", None]
    assert [one.doubt for one in quantities("two dozen soldiers")] == ["a round number"]


def test_the_table_of_towns_is_read_a_piece_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {str(number): {"name": f'\u00e9 }}, " {number}', "also": ["}, {", '"'] * number} for number in range(200)}
    file = tmp_path / "towns.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setattr(towns, "_CHUNK", 64)
    read = towns.pieces(file)
    tracemalloc.start()
    assert next(read) == rows["0"]
    assert tracemalloc.get_traced_memory()[1] < 50_000  # not the whole of it, as objects
    tracemalloc.stop()
    assert list(read) == [rows[str(number)] for number in range(1, 200)]


@pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
def test_the_towns_of_a_country_are_the_largest_first_with_their_latin_names() -> None:
    every = towns.towns()
    rows = [row for row in map(every.row, range(len(every.start) - 1)) if row[0] == "SY"]
    people = [int(row[1]) for row in rows]
    assert people == sorted(people, reverse=True) and people[0] > 1_000_000 and len(rows) > 200
    assert any("Deir ez-Zor" in row for row in rows) and not any("\u062f" in name for row in rows for name in row)


@pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
def test_every_town_is_among_those_that_may_have_one_of_its_spellings() -> None:
    every = towns.towns()
    for town in range(0, len(every.start) - 1, 997):
        for spelling in towns.spelt(every.row(town)[4:]):
            for asked in (spelling, towns.bare(spelling)):
                assert town in every.maybe([asked]), (every.row(town), asked)
    assert every.maybe([]) == [] and len(every.maybe(["qqqqqqqqqq"])) < 5


def test_a_table_of_towns_that_is_kept_is_the_table_that_was_made() -> None:
    about = {"countrycode": "SY", "latitude": 35.3, "longitude": 40.1}
    made = towns.tabled([
        {"name": "al-Ford", "population": 5, "alternatenames": ["", "F\u00f6rd", "\u062f"], **about},
        {"name": "Ford", "population": 70, "alternatenames": ["Ford"], **about},
    ])  # fmt: skip
    read = unpacked(packed(made, towns.Towns), towns.Towns)
    for one in (made, read):
        assert [one.row(town) for town in range(2)] == [
            ["SY", "70", "35.3", "40.1", "Ford"], ["SY", "5", "35.3", "40.1", "al-Ford", "F\u00f6rd"],
        ]  # fmt: skip
        assert (one.maybe(["alford"]), one.maybe(["ford"]), one.maybe(["ford", "alford"])) == ([1], [0, 1], [0, 1])
