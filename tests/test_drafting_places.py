"""Places that no gazetteer has, coordinates that one has, and who acts: each rule on sentences made up for it."""

from __future__ import annotations

from datetime import date

import pytest

from standoff.drafting import Candidate, Draft, draft, has_parser
from standoff.drafting.lexicon import fold, lexicon
from tools.build_features import features

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
TEXT = """\
Kelvra, which the Estonians call Stenskar, lies 26 kilometres off the Estonian coast. Nobody had heard of Stenskar.
The dispute grew over the islet of Ruusk, and patrols met at the temples of Anto and Bero.
Landing craft passed the eastern islet and crossed the Gulf of Nordvik towards Mount Halgar and Lake Sorven.
In Tallinn the bill came at once. The envoy flew from Helsinki to Riga, but Stockholm refused to help.
Jets took off from Amari air base on 4 May.
The frigate Narva was hit on 5 May, and the newspaper Haapsalu printed a picture of it.
Estonia took the case to the International Court of Justice. A direct line between the two general staffs was laid.
A squadron waited in the Aegean for a week. The Black Sea Fleet stayed where it was.
The government extended its waters from 6 to 12 miles, and an exclusion zone of 20 miles was declared.
Turkish commandos landed on 6 May, and gunmen seized the post. The junta refused to talk.
The mayor of Narva, Arvo Kallas, protested. Admiral Juhan Tamm resigned.
The governments of Halgaria and Russia met. On 7 May Halgaria attacked Estonia, and shells fell in Halgaria.
The admirals waited at Kuressaare, and in Kallas nobody believed it. Kallas said that the war was lost.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    folder = tmp_path_factory.mktemp("made")
    file = folder / "islets.txt"
    file.write_text(TEXT, encoding="utf-8")
    return draft([file], into=folder / "draft", dated={"islets": date(2024, 6, 1)})


def named(made: Draft, kind: str) -> dict[str, Candidate]:
    return {str(one.fields["name"]): one for one in made.candidates if one.kind == kind}


def test_what_lies_somewhere_is_a_place_and_so_is_its_other_name(made: Draft) -> None:
    one = named(made, "place")["Stenskar"]  # the name that stands there most
    assert one.seen == 3 and "Kelvra" not in named(made, "place")
    assert not {"Kelvra", "Stenskar"} & set(named(made, "actor"))


def test_a_noun_says_what_is_a_place_before_and_behind_its_name(made: Draft) -> None:
    found = {name: one.fields["kind"] for name, one in named(made, "place").items()}
    wanted = {"Ruusk": "islet", "Anto": "temple", "Bero": "temple", "Gulf of Nordvik": "gulf", "Mount Halgar": "mount"}
    wanted |= {"Lake Sorven": "lake", "eastern islet": "islet"}
    assert found.items() >= wanted.items()
    assert named(made, "place")["Anto"].fields["at"] is None  # and not those of a town in Korea


def test_a_capital_is_a_place_where_somebody_is_or_goes_and_else_a_government(made: Draft) -> None:
    places, actors = named(made, "place"), named(made, "actor")
    assert {"Tallinn", "Helsinki", "Riga"} <= set(places) and "Stockholm" not in places
    assert "Sweden" in actors and not {"Latvia", "Finland"} & set(actors)


def test_an_airfield_has_coordinates_of_its_own(made: Draft) -> None:
    assert named(made, "place")["Amari air base"].fields["at"] == pytest.approx([59.26, 24.21], abs=0.01)


def test_a_name_that_a_noun_before_it_bears_is_no_town(made: Draft) -> None:
    places = named(made, "place")
    assert "Haapsalu" not in places and "islets#p6" not in places["Narva"].at


def test_a_part_of_the_name_of_a_court_and_a_telephone_line_are_no_places(made: Draft) -> None:
    assert not [name for name in named(made, "place") if "Justice" in name or "direct line" in name]
    assert {"International Court of Justice", "general staffs"} <= set(named(made, "actor"))


def test_a_sea_is_known_by_its_name_and_a_fleet_that_is_called_after_one_is_none(made: Draft) -> None:
    places = named(made, "place")
    assert places["Aegean"].fields["kind"] == "sea" and "Black Sea" not in places
    assert "Black Sea Fleet" in named(made, "actor")


def test_waters_are_told_by_their_width_and_a_zone_by_its_kind(made: Draft) -> None:
    assert {"waters from 6 to 12 miles", "exclusion zone"} <= set(named(made, "place"))


def test_who_acts_is_found_by_trade_by_body_and_by_office(made: Draft) -> None:
    actors = named(made, "actor")
    assert {"Turkish commandos", "gunmen", "junta", "Arvo Kallas", "Juhan Tamm"} <= set(actors)
    assert not {"mayor", "admirals", "Admiral", "patrols", "shells"} & set(actors)


def test_a_territory_that_has_a_government_is_an_actor_where_it_acts_and_a_place_where_it_is_one(made: Draft) -> None:
    actor, place = named(made, "actor")["Halgaria"], named(made, "place")["Halgaria"]
    assert (actor.seen, place.at) == (2, ("islets#p12",))


def test_no_place_bears_the_name_of_a_person_who_speaks(made: Draft) -> None:
    assert "Kallas" not in named(made, "place")


def test_of_two_towns_the_one_counts_that_is_near_what_else_is_named() -> None:
    from standoff.drafting.gazetteer import Gazetteer

    names, weights = {"Geneva", "Tbilisi", "Gori", "Tskhinvali", "Lennox"}, {"GE": 3, "US": 3}
    near, plain = Gazetteer(names, weights, located={"Tbilisi", "Gori", "Tskhinvali"}), Gazetteer(names, weights)
    found = {name: (near.look_up(name), plain.look_up(name)) for name in ("Geneva", "Lennox")}
    assert [one.country if one else None for one in found["Geneva"]] == ["CH", "US"]
    assert [one.country if one else None for one in found["Lennox"]] == [None, "US"]


def test_letters_of_other_languages_fold_to_plain_ones() -> None:
    assert [fold(name) for name in ("Yılmaz", "İzmir", "Łódź", "Tromsø", "Đà Nẵng")] == [
        "yilmaz", "izmir", "lodz", "tromso", "da nang"
    ]  # fmt: skip


def test_every_noun_of_the_lists_of_places_is_one() -> None:
    listed = lexicon("places")
    heads = {noun for nouns in listed["heads"].values() for noun in nouns}
    for name in ("named_by_of", "natural", "vague", "flown", "sided"):
        assert set(listed["words"][name]) <= heads, name
    assert set(lexicon("features")["names"]) <= heads


def test_the_list_of_features_has_no_name_that_is_an_ordinary_noun_too() -> None:
    lines = (
        "  1 a line of the licence",
        "00000001 15 n 01 sea 0 000 | water",
        "00000002 15 n 02 Coral_Sea 0 Amazon 0 001 @i 00000001 n 0000 | a sea",
        "00000003 18 n 01 amazon 0 000 | a strong woman",
        "00000004 15 n 01 Paris 0 001 @i 00000003 n 0000 | no feature",
    )
    assert features("\n".join(lines))["sea"] == ["Coral Sea"]
    assert len(lexicon("features")["names"]["sea"]) > 50
