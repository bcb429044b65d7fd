"""An event is what a text says has happened: not what may come, was meant, feared, rehearsed or talked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import Candidate, has_parser
from standoff.drafting.finding import Known, find
from standoff.drafting.lexicon import lexicon
from standoff.drafting.texts import text_of
from standoff.scenario import PLOVER

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")


@pytest.fixture(scope="module")
def told() -> dict[str, list[Candidate]]:
    """The events of each sentence below."""
    return _events_of([line for lines in (HAPPENED, NOT_HAPPENED) for line in lines])


@pytest.fixture(scope="module")
def done() -> dict[str, list[Candidate]]:
    """The events of each sentence of FORMS, with names in place of identities."""
    return _events_of(list(FORMS))


def _events_of(lines: list[str]) -> dict[str, list[Candidate]]:
    text = text_of("made", lines, file=Path("made.txt"))
    found = find([text], Known({"made": date(2024, 8, 3)}))
    names = {one.id: one.fields["name"] for one in found if one.kind == "actor"}
    events = [
        replace(one, fields={**one.fields, **{part: names.get(str(one.fields[part])) for part in ("source", "target")}})
        for one in found
        if one.kind == "event"
    ]
    return {p.text: [one for one in events if one.at == (p.at,)] for p in text.paragraphs}


HAPPENED = {
    "On July 9 Russian aircraft bombed the depot of the Estonian army near Narva.": "ASSAULT",
    "After withdrawing from Narva, Russia shelled the Estonian border post on July 12.": "ASSAULT",
    "The Kremlin stated on July 14 that it would defend the dam against Estonia.": "THREATEN",
    "In July Russia expanded trade with Finland, which pleased nobody in Tallinn.": "COOPERATE",
    "Estonia banned Russian ships on July 20 and closed the river for a week.": "SANCTION",
    "The withdrawal of Russia from the river treaty on July 22 came as no surprise.": "REJECT",
}
# Each with its type, who does it, to whom, and the day: by active, passive, noun, light verb, a word for a name.
FORMS: dict[str, tuple[str, str | None, str | None, str | None]] = {
    "Iranian gunboats stopped a Danish tanker on 22 April and took the crew to Jask.": (
        "COERCE",
        "Iran",
        "Denmark",
        "2024-04-22",
    ),
    "Ecuador recalled its ambassador on 28 January.": ("SANCTION", "Ecuador", None, "2024-01-28"),
    "By 25 July Egyptian units had pulled back from the border.": ("RETREAT", "Egyptian units", None, "2024-07-25"),
    "On 1 June Iceland gave way.": ("YIELD", "Iceland", None, "2024-06-01"),
    "Norway and Iceland reached an agreement on 1 June.": ("AGREE", "Norway", "Iceland", "2024-06-01"),
    "Talks between Somalia and Kenya opened on 28 June.": ("CONSULT", "Somalia", "Kenya", "2024-06-28"),
    "The seizure of the vessel by Ghana on 12 May surprised its owners.": ("COERCE", "Ghana", None, "2024-05-12"),
    "Egypt's blockade of Libya began on 22 May.": ("COERCE", "Egypt", "Libya", "2024-05-22"),
    "On 14 July Honduras carried out an air attack on El Salvador.": (
        "ASSAULT",
        "Honduras",
        "El Salvador",
        "2024-07-14",
    ),
    "The ban was lifted by Riyadh on 18 March.": ("YIELD", "Saudi Arabia", None, "2024-03-18"),
    "Soviet ships turned back on 24 July.": ("RETREAT", "Soviet Union", None, "2024-07-24"),
    "Peru met Ecuador on 3 May. Two days later it called up reservists.": ("MOBILIZE", "Peru", None, "2024-05-05"),
    "Peru met Ecuador on 3 May. On the same day both sides signed a truce.": (
        "AGREE",
        "Peru",
        "Ecuador",
        "2024-05-03",
    ),
    "Henry Kissinger arrived in Aswan on 11 January.": ("CONSULT", "Henry Kissinger", None, "2024-01-11"),
    "Reservists were called up on 10 July.": ("MOBILIZE", None, None, "2024-07-10"),
    "Norway left Oslo on 13 May, two days after Finland had shelled the dam.": (
        "ASSAULT",
        "Finland",
        None,
        "2024-05-11",
    ),
    "Three weeks before Norway bombed Narva on 30 May, Peru met Chile.": ("CONSULT", "Peru", "Chile", "2024-05-09"),
    "Norway called on 3 June for a withdrawal of Finland.": ("REQUEST", "Norway", None, "2024-06-03"),
    "On 4 June Buenos Aires turned down the offer.": ("REJECT", "Argentina", None, "2024-06-04"),
    "On 9 July North Korea opened fire on the ship.": ("ASSAULT", "North Korea", None, "2024-07-09"),
    "On 22 May Panama announced the closure of the canal.": ("COERCE", "Panama", None, "2024-05-22"),
    "Austria delivered an ultimatum to Serbia on 23 July.": ("THREATEN", "Austria", "Serbia", "2024-07-23"),
    "The withdrawal of Norway from Iceland on 3 May pleased all.": ("RETREAT", "Norway", "Iceland", "2024-05-03"),
    "On 3 May the Royal Norwegian Navy shelled Iceland, and on 9 May Finland signed a treaty.": (
        "ASSAULT",
        "Royal Norwegian Navy",
        "Iceland",
        "2024-05-03",
    ),
    "Norway lodged a protest with Iceland on 3 May.": ("ACCUSE", "Norway", "Iceland", "2024-05-03"),
    "Chad took the dispute to the Security Council on 9 February.": (
        "ACCUSE",
        "Chad",
        "Security Council",
        "2024-02-09",
    ),
    "Norway told Chile on 3 May that it would shell the port.": ("THREATEN", "Norway", "Chile", "2024-05-03"),
    "On 3 May Norway said that a landing of Chile would not be tolerated.": (
        "THREATEN",
        "Norway",
        "Chile",
        "2024-05-03",
    ),
    "Norway ordered its fleet on 3 May to sail for Chile.": ("MOBILIZE", "Norway", "Chile", "2024-05-03"),
    "Peru had made an offer that Ecuador turned down on 4 June.": ("REJECT", "Ecuador", None, "2024-06-04"),
    "On 4 June the depot was seized and burned by Ghana.": ("ASSAULT", "Ghana", None, "2024-06-04"),
    "On 4 June Ghana seized the trawler Zorro.": ("COERCE", "Ghana", None, "2024-06-04"),
    "Peru moved its guns on 3 May. Shells fell on the port the next day.": ("ASSAULT", "Peru", None, "2024-05-04"),
    "Peru moved its guns on 3 May. On 9 May the dam was shelled.": ("ASSAULT", "Peru", None, "2024-05-09"),
    "Peru's exercises ended on 3 May.": ("RETREAT", "Peru", None, "2024-05-03"),
    "On 3 May Norway fired six missiles into the sea.": ("MOBILIZE", "Norway", None, "2024-05-03"),
    "On 7 May a Chilean trawler collided with two Danish boats.": ("ASSAULT", "Chile", "Denmark", "2024-05-07"),
    "Norway let the tanker of Chile go on 3 May.": ("YIELD", "Norway", None, "2024-05-03"),
    "Norway held back shipments of fuel on 3 May.": ("SANCTION", "Norway", None, "2024-05-03"),
    "The delegate of Chile walked out on 3 May.": ("REJECT", "Chile", None, "2024-05-03"),
    "Norway put forward a text on 3 May demanding the departure of Chile.": (
        "REQUEST",
        "Norway",
        "Chile",
        "2024-05-03",
    ),
    "On 3 May two Danes were seized in Chile by Norway.": ("COERCE", "Norway", "Denmark", "2024-05-03"),
    "Norway blocked 300 tons of fuel on 3 May.": ("SANCTION", "Norway", None, "2024-05-03"),
    "Norway put off the talks with Chile on 3 May.": ("SANCTION", "Norway", "Chile", "2024-05-03"),
    "Norway and Chile put their names to a truce on 3 May.": ("AGREE", "Norway", "Chile", "2024-05-03"),
    "On 3 May Norwegian ships entered the strait.": ("MOBILIZE", "Norway", None, "2024-05-03"),
}
NO_EVENTS = [
    "Russia has its post at the scene of the clash since March.",  # neither the month nor what only points back
    "Russia, which sells arms to both, has a border here.",
    "The road lets Russia move guns to Finland.",
    "Russian-backed militias live in the hills near Narva.",
    "The war left Finland with few friends.",
    "The offer gave Finland a way out.",
    "Russia shelled no post of Finland on 7 January.",
    "Neither side attacked on 7 January, and no one of the Finnish army was killed.",
    "Norway denied on 3 May that it had a hand in it.",
    "Norway says that Chile would bomb the port.",  # a view, and no threat of its own
    "Norway dismissed its minister on 3 May.",
    "The gang, which was based in Chile, claimed the island on 3 May.",
]
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


@pytest.mark.parametrize("sentence", FORMS)
def test_an_event_is_told_by_verb_noun_or_what_stands_for_a_name(
    done: dict[str, list[Candidate]], sentence: str
) -> None:
    parts = [tuple(one.fields[part] for part in ("type", "source", "target", "at")) for one in done[sentence]]
    assert FORMS[sentence] in parts


def test_habits_qualities_and_what_only_points_back_are_no_events() -> None:
    assert {line: [one.fields["type"] for one in every] for line, every in _events_of(NO_EVENTS).items()} == {
        line: [] for line in NO_EVENTS
    }


def test_what_a_verb_tells_is_not_told_again_by_its_noun(done: dict[str, list[Candidate]]) -> None:
    assert [one.fields["type"] for one in done["Norway lodged a protest with Iceland on 3 May."]] == ["ACCUSE"]


def test_who_is_meant_by_a_word_that_names_nobody_is_a_doubt(done: dict[str, list[Candidate]]) -> None:
    by_both = done["Peru met Ecuador on 3 May. On the same day both sides signed a truce."]
    assert any("'both sides' is taken for Peru and Ecuador" in one.doubts for one in by_both)
    assert any("who?" in one.doubts for one in done["Reservists were called up on 10 July."])


def test_every_frame_has_a_known_type_and_every_class_a_frame() -> None:
    classes = lexicon("frames")["classes"]
    named = {word[1:] for row in lexicon("frames")["frames"] for part in ("on", "by", "behind", "who")
             for word in (lambda given: [given] if isinstance(given, str) else given)(row.get(part, []))
             if word.startswith("@")}  # fmt: skip
    assert named == set(classes)
    assert {row["type"] for row in lexicon("frames")["frames"]} <= set(PLOVER)


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
