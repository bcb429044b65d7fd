"""An event is what a text says has happened: not what may come, was meant, feared, rehearsed or talked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import Candidate, has_parser
from standoff.drafting.finding import Known, find
from standoff.drafting.texts import text_of

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")


@pytest.fixture(scope="module")
def told() -> dict[str, list[Candidate]]:
    """The events of each sentence below."""
    lines = [line for lines in (HAPPENED, NOT_HAPPENED) for line in lines]
    text = text_of("made", lines, file=Path("made.txt"))
    found = find([text], Known({"made": date(2024, 8, 3)}))
    events = [one for one in found if one.kind == "event"]
    return {p.text: [one for one in events if one.at == (p.at,)] for p in text.paragraphs}


HAPPENED = {
    "On July 9 Russian aircraft bombed the depot of the Estonian army near Narva.": "ASSAULT",
    "After withdrawing from Narva, Russia shelled the Estonian border post on July 12.": "ASSAULT",
    "The Kremlin stated on July 14 that it would defend the dam against Estonia.": "THREATEN",
    "In July Russia expanded trade with Finland, which pleased nobody in Tallinn.": "COOPERATE",
    "Estonia banned Russian ships on July 20 and closed the river for a week.": "SANCTION",
    "The withdrawal of Russia from the river treaty on July 22 came as no surprise.": "REJECT",
}
NOT_HAPPENED = {
    "If this went on, it would send a message that Russia and Finland agree on the refusal of talks.": None,
    "The Russian exercise simulated an Estonian attack on the dam in Narva.": "ASSAULT",
    "Russian attacks on Estonia are likely to grow in number before the winter.": "ASSAULT",
    "Moscow's focus is on defeating Estonia, and on nothing else this year.": "ASSAULT",
    "Two objectives, withdrawing from Narva and containing Estonia, divide the Kremlin.": "RETREAT",
    "Rumors of Russian attacks on Estonia went round in Narva for many weeks.": "ASSAULT",
    "Training a movement that conducts attacks on Estonia is one part of the Russian plan.": "ASSAULT",
    "The Estonian parliament took a vote for the withdrawal of the Russian company.": "RETREAT",
    "Russia has expanded its influence in Finland and in the wider region since then.": "COOPERATE",
    "Estonia has not attacked Russia, and neither side has said why that is so.": "ASSAULT",
}


@pytest.mark.parametrize("sentence", HAPPENED)
def test_what_has_happened_is_an_event_of_its_type(told: dict[str, list[Candidate]], sentence: str) -> None:
    assert HAPPENED[sentence] in {one.fields["type"] for one in told[sentence]}


@pytest.mark.parametrize("sentence", NOT_HAPPENED)
def test_what_has_not_happened_is_none(told: dict[str, list[Candidate]], sentence: str) -> None:
    types = {one.fields["type"] for one in told[sentence]}
    assert NOT_HAPPENED[sentence] not in types if NOT_HAPPENED[sentence] else types == set()


def test_who_reports_is_not_who_acts() -> None:
    text = text_of("made", ["The Institute for Rivers recorded four skirmishes between Russia and Estonia."],
                   file=Path("made.txt"))  # fmt: skip
    found = find([text], Known({"made": date(2024, 8, 3)}))
    event = next(one for one in found if one.kind == "event")
    names = {one.id: one.fields["name"] for one in found if one.kind == "actor"}
    assert event.fields["source"] is None or names[event.fields["source"]] in ("Russia", "Estonia")


def test_what_several_do_together_is_done_with_each_other() -> None:
    text = text_of("made", ["Russia and Finland met near the Narva dam on July 9, for the first time since 1991."],
                   file=Path("made.txt"))  # fmt: skip
    found = find([text], Known({"made": date(2024, 8, 3)}))
    event = next(one for one in found if one.kind == "event")
    names = {one.id: one.fields["name"] for one in found if one.kind == "actor"}
    assert (names[event.fields["source"]], names[event.fields["target"]]) == ("Russia", "Finland")
    # The year says how long there was nothing of the sort.
    assert event.fields["at"] == "2024-07-09"
