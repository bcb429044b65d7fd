"""A causal sentence says why; many of its words also say when, by whom, or what somebody wishes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import Candidate, has_parser
from standoff.drafting.finding import Known, find
from standoff.drafting.texts import text_of

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")

WHY = {
    "Because the harvest needs the road, Moscow kept its soldiers away from Narva.": "because",
    "Russia has frightened the fishermen by sending three gunboats up the river.": "by",
    "The ferry is likely to close, since neither of the two companies is paid any more.": "since",
    "Trade fell in Narva, as the merchants of both towns had left before the winter.": "as",
    "The new bridge lets the army of Estonia reach the eastern bank within the hour.": "lets",
    "Such walls create a border where nobody had ever seen one before.": "create",
    "The police left the island after the council of Narva had asked them to go.": "after",
    "Estonia moved two boats up the river to protect the pumps of the dam.": "to protect",
    "Fish make up half of what Narva sells, so a smaller catch would be felt.": "so",
    "Since Moscow had closed the bridge in May 2023, Narva had few goods to sell.": "since",
}
WHY_NOT = {
    "The meeting in Narva was attended by the ministers of Estonia and of Finland.": "by",
    "By the end of May the soldiers of Russia had pitched their tents on the hill.": "by",
    "Russia has kept a company at the dam in Narva since the end of the war.": "since",
    "Seven months after the treaty the two towns still face each other on the river.": "after",
    "The river has many fords, such as the one near the old mill of Narva.": "as",
    "Estonia has only limited means on the river and on the lake behind it.": "limited",
    "Finland wants to use the ferry as a sign of its good will in the region.": "to use",
    "The shift in the policy of Finland occurred late in the winter, nobody knows why.": "shift",
    "Soldiers of Russia blocked the road and raised a flag on the bridge of Narva.": "blocked",
    "Since the truce lapsed on 13 November, the boats of Russia have cut the nets of ten villages.": "since",
    "Fish and timber make up about half of what the merchants of Narva sell.": "make",
    "The harvest was poor, so poor that the merchants of Narva left the town early.": "so",
    "Until now the towns of the river had been quiet and had kept to themselves.": "until",
}


@pytest.fixture(scope="module")
def told() -> dict[str, set[str]]:
    """The cues of the claims of each sentence above."""
    text = text_of("made", [*WHY, *WHY_NOT], file=Path("made.txt"))
    claims = [one for one in find([text], Known({"made": date(2024, 8, 3)})) if one.kind == "claim"]
    return {p.text: {one.fields["cue"] for one in claims if one.at == (p.at,)} for p in text.paragraphs}


@pytest.mark.parametrize("sentence", WHY)
def test_what_says_why_is_a_claim(told: dict[str, set[str]], sentence: str) -> None:
    assert told[sentence] == {WHY[sentence]}


@pytest.mark.parametrize("sentence", WHY_NOT)
def test_what_says_when_by_whom_or_what_is_wished_is_none(told: dict[str, set[str]], sentence: str) -> None:
    assert WHY_NOT[sentence] not in told[sentence]


@pytest.fixture(scope="module")
def found() -> list[Candidate]:
    lines = [
        "Officials in Tallinn spoke of 30 prisoners, while the garrison put the figure at 12.",
        "Officials in Tallinn spoke of 30 prisoners, while the garrison has 12 gates and a tower.",
        "The road from Vihmala to Suurtamm crosses the heights near the river, including Kotkas and Hundi.",
        "Little moved in eastern Virumaa, but in the rest of Virumaa the harvest went on.",
        "Marta Kask, the Estonian foreign minister, met her counterpart from Finland on July 9, 2024.",
        "Neither government wants a war, and both would send their soldiers home.",
        "Recent visits suggest that Finland could send a fourth boat in the coming weeks.",
    ]
    return find([text_of("made", lines, file=Path("made.txt"))], Known({"made": date(2024, 8, 3)}))


def test_two_counts_by_two_tellers_are_a_contradiction_though_one_has_no_noun(found: list[Candidate]) -> None:
    clashes = [one for one in found if one.kind == "conflict"]
    assert [(one.at, one.fields["of"], one.fields["values"]) for one in clashes] == [
        (("made#p1", "made#p1"), "prisoner", [12.0, 30.0])
    ]


def test_names_are_places_for_the_way_they_are_listed(found: list[Candidate]) -> None:
    places = {str(one.fields["name"]) for one in found if one.kind == "place"}
    assert {"Vihmala", "Suurtamm", "Kotkas", "Hundi", "eastern Virumaa", "Virumaa"} <= places
    assert not {"Vihmala", "Suurtamm", "Virumaa"} & {one.fields["name"] for one in found if one.kind == "actor"}


def test_the_title_of_somebody_is_nobody_else(found: list[Candidate]) -> None:
    actors = {str(one.fields["name"]) for one in found if one.kind == "actor"}
    assert "Marta Kask" in actors and not any("minister" in name for name in actors)


def test_what_nobody_wishes_and_what_another_word_weighs_is_no_doubt_of_its_own(found: list[Candidate]) -> None:
    words = [(one.at[0], one.fields["words"]) for one in found if one.kind == "forecast"]
    assert words == [("made#p7", "could")]
