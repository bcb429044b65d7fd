"""Two amounts of one thing, and two days of one event, are contradictions; what only looks like that is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import has_parser
from standoff.drafting.accounts import of_accounts, of_open_days
from standoff.drafting.compared import of_amounts
from standoff.drafting.dates import dates
from standoff.drafting.lexicon import sentences
from standoff.drafting.occasions import of_occasions
from standoff.drafting.parsing import Read, parsed
from standoff.drafting.texts import text_of

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")


def reads(lines: Iterable[str]) -> list[Read]:
    prose = [one for one in text_of("one", lines, file=Path("one.txt")).paragraphs if one.is_prose]
    return [
        Read(one, doc, tuple(sentences(one.text)), tuple(dates(one.text, date(2020, 4, 1))),
             tuple(token.idx for token in doc))
        for one, doc in zip(prose, parsed([one.text for one in prose]), strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (["Narva lies 58 kilometres from Tartu.", "From Tartu it is only 50 kilometres to Narva."], [50.0, 58.0]),
        (["The rock lies 3 kilometres off Narva.[1]", "[1] Moscow puts the distance at 4 kilometres."], [3.0, 4.0]),
        (["The Narva forest covers 400 hectares.", "The Narva forest has 160 hectares, mostly moor."], [1.6, 4.0]),
        (["There are 42,000 tons of shells at Narva.", "The 40,000 tons of shells at Narva rot."], [4e4, 42e3]),
        (["Russia withdrew 3,400 soldiers from Narva.", "The 4,500 soldiers of Narva are gone."], [3400.0, 4500.0]),
        (["London offered 85,000 tons, and Riga offered 65,000.", "Riga offered the 75,000 tons."], [65e3, 75e3]),
        # What looks like it.
        (["Narva lies 58 kilometres from Tartu.", "Narva lies 120 kilometres from Riga."], None),
        (["The rock lies 3 kilometres off Narva.[1]", "[1] The rock is 1 kilometre wide, says the navy."], None),
        (["The rock is 3 kilometres wide.[1]", "[1] The rock is 1 kilometre high, says the navy."], None),
        (["The Narva forest covers 400 hectares.", "The Tartu forest covers 160 hectares."], None),
        (["Russia withdrew 3,400 soldiers from Narva.", "Russia withdrew another 4,500 soldiers from Narva."], None),
        (["In 2016 the 300 soldiers of Narva left.", "In 2018 the 500 soldiers of Narva left."], None),
        (["Estonia has 40 boats at Narva.", "The 30 tanks at Narva are old."], None),
    ],
)
def test_amounts_of_one_thing_differ_and_those_of_two_things_do_not(
    lines: list[str], values: list[float] | None
) -> None:
    found = [one.fields["values"] for one in of_amounts(reads(lines))]
    assert found == ([] if values is None else [values])


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("Greek pilots put the distance at 3.6 miles, the Turkish ministry at 3.8.", (5.793638, 6.115507)),
        ("In May there were 100,000 soldiers in Narva. Estonia counts 80,000.", (80_000.0, 100_000.0)),
        ("Estonia counts 40 boats, and bought 35.", None),
        ("In May there were 100,000 soldiers in Narva. Estonia bought 80,000.", None),
    ],
)
def test_two_tellers_can_give_two_amounts_in_few_words(line: str, values: tuple[float, float] | None) -> None:
    found = [tuple(one.fields["values"]) for one in of_accounts(reads([line]))]
    assert found == ([pytest.approx(values)] if values else [])


@pytest.mark.parametrize(
    "line",
    [
        "It began on 7 or 8 March.", "It began on March 7 or 8.", "It began on 30 January or 2 February.",
        "It began in May or June 2018.", "It began in 1982 or 1983.",
    ],
)  # fmt: skip
def test_a_phrase_can_leave_two_days_months_or_years_open(line: str) -> None:
    assert [one.fields["what"] for one in of_open_days(reads([line]))] == ["days"]


def test_a_day_and_a_number_or_two_days_that_both_hold_leave_nothing_open() -> None:
    lines = ["It came on March 7 or 8 men fled.", "It rained on 7 and 8 March.", "On 7 March, or so, it began."]
    assert list(of_open_days(reads(lines))) == []


@pytest.mark.parametrize(
    ("lines", "clash"),
    [
        (["The mayor raised a flag on 5 March.", "The flag that the mayor hoisted on 6 March is gone."], True),
        (["Kask took command of the fleet on 7 March.", "The admiral, who took command on 3 March, is ill."], True),
        (
            ["On 9 February Estonia broke off relations.", "Since Estonia broke off relations in January, it waits."],
            True,
        ),
        (["Narva fell to the rebels on 4 March.", "The capture of Narva on 5 March was shown to all."], True),
        (["The ship reached Narva on 4 March.[1]", "[1] It arrived in Narva on 5 March, says the ship's log."], True),
        # What looks like it.
        (
            ["The mayor raised a Greek flag on 5 March.", "The Turkish flag that the mayor raised on 6 March fell."],
            False,
        ),
        (["The mayor raised a flag on 5 March.", "The bridge that the mayor raised on 6 March is gone."], False),
        (["Jets bombed Narva on 5 March.", "Jets bombed Narva on 6 March."], False),
        (
            ["Jets bombed the port of Narva on 5 March.", "After jets bombed the port of Riga on 6 March, it rained."],
            False,
        ),
        (["The mayor closed the port on 5 March.", "The mayor closed the port again on 9 March."], False),
        (["The mayor closed the port on 5 March.", "Since the mayor closed the port in March, all is quiet."], False),
        (["Estonia signed the treaty in 2010.", "Since Estonia signed the treaty in 2019, all is quiet."], False),
    ],
)
def test_days_of_one_event_differ_and_those_of_two_events_do_not(lines: list[str], *, clash: bool) -> None:
    found = list(of_occasions(reads(lines)))
    assert [one.fields["what"] for one in found] == ["days"] * clash
    assert all(one.doubts == ("may be of two things",) for one in found)


def test_a_long_text_of_one_verb_and_one_name_is_compared_in_bounded_time() -> None:
    """As many pairs as sentences squared would make the time of a long text grow with its square."""
    lines = [f"The mayor of Narva opened gate {number} on {number % 28 + 1} March." for number in range(120)]
    pages = reads([*lines, *(f"The {number} guards of Narva say so." for number in range(100, 220))])
    assert len(list(of_occasions(pages))) <= 40 * 39 // 2
    assert len(of_amounts(pages)) <= 120


def test_a_sentence_without_an_end_is_not_read_so_closely() -> None:
    page = reads(["Narva has " + "40 boats at Narva and on 5 March " * 200])
    assert of_amounts(page) == list(of_occasions(page)) == []
