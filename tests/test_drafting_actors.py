"""Who acts, where a name, a side or a common noun alone does not say it: each rule on sentences made up for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import Candidate, draft, has_parser

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")


def found(folder: Path, *lines: str) -> dict[str, dict[str, Candidate]]:
    """The actors and places of some paragraphs, each by its name."""
    file = folder / "one.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = draft([file], into=folder / "draft", dated={"one": date(2024, 6, 1)})
    return {
        kind: {str(one.fields["name"]): one for one in made.candidates if one.kind == kind}
        for kind in ("actor", "place")
    }


def test_a_state_whose_name_ends_in_that_of_another_is_another_one(tmp_path: Path) -> None:
    actors = found(
        tmp_path,
        "South Sudan took the wells on 10 April 2012. Sudan asked for help, and Sudanese aircraft bombed the bridge.",
        "Khartoum called it an invasion. Juba denied it. South Sudan withdrew on 20 April, and Sudan celebrated.",
    )["actor"]
    assert actors["Sudan"].seen == 4 and actors["South Sudan"].seen == 3


def test_a_side_is_the_state_that_has_it_in_its_name_or_the_other_half_of_it(tmp_path: Path) -> None:
    korea = found(tmp_path, "North Korea fired at an island. Seoul waited. The North denied it, and the South mourned.")
    assert {name: one.seen for name, one in korea["actor"].items()} == {"North Korea": 2, "South Korea": 2}
    assert not {"North", "South"} & set(korea["place"])


def test_a_side_without_such_a_state_is_nobody(tmp_path: Path) -> None:
    assert "North" not in found(tmp_path, "Russia sent help. The North refused it, and the South took it.")["actor"]


def test_a_name_that_two_states_share_goes_to_the_one_that_is_named(tmp_path: Path) -> None:
    one = found(tmp_path, "Kinshasa sent troops, and the Congolese attacked. The Congolese lost.")["actor"]
    assert one["Democratic Republic of the Congo"].seen == 3


def test_a_name_that_two_states_share_goes_to_neither_where_both_are_named(tmp_path: Path) -> None:
    both = found(tmp_path, "Kinshasa and Brazzaville sent troops. The Congolese lost the battle.")["actor"]
    assert (
        both["Democratic Republic of the Congo"].seen == both["Republic of the Congo"].seen == both["Congo"].seen == 1
    )


def test_a_noun_is_named_by_the_place_or_the_body_behind_it(tmp_path: Path) -> None:
    actors = found(
        tmp_path,
        "Officials in Narva offered a truce, and the fishermen of Haapsalu stayed in port. Forces in Estonia waited.",
        "The head of the garrison told the story. The harbour office at Narva counted ships.",
    )["actor"]
    wanted = {"Officials in Narva", "fishermen of Haapsalu", "head of the garrison", "harbour office at Narva"}
    assert wanted <= set(actors) and not any("Forces" in name for name in actors)


def test_no_quantity_is_part_of_the_name_of_an_actor(tmp_path: Path) -> None:
    actors = found(tmp_path, "At least 100,000 villagers fled. Some 40 Russian soldiers refused. The six parties met.")
    assert {"villagers", "six parties"} <= set(actors["actor"])
    assert not any(sign.isdigit() for name in actors["actor"] for sign in name)


def test_an_ordinal_with_a_capital_belongs_to_the_name_of_a_force(tmp_path: Path) -> None:
    assert (
        "Second Artillery" in found(tmp_path, "On 5 May the Second Artillery fired. A second battalion left.")["actor"]
    )


def test_a_ship_is_an_actor_wherever_its_name_stands_and_a_town_of_that_name_a_place(tmp_path: Path) -> None:
    lines = (
        "Estonia waited. The carrier Narva entered the strait. The Narva fired on 5 May.",
        "The crew slept in Narva.",
    )
    one = found(tmp_path, *lines)
    assert one["actor"]["Narva"].seen == 2 and one["place"]["Narva"].seen == 1


def test_neither_a_person_nor_a_body_nor_a_heading_is_a_place(tmp_path: Path) -> None:
    one = found(
        tmp_path,
        "Background",
        "Thabo Mbeki, who mediates in Addis Ababa, asked Estonia for help. The Greater Nile consortium left.",
        "Estonia asked the African Union and the United Nations. It fought the Narva Liberation Army (NLA) for a year.",
    )
    assert "Addis Ababa" in one["place"]
    wrong = {"Background", "Thabo Mbeki", "Greater Nile", "African Union", "United Nations", "NLA"}
    assert not wrong & set(one["place"]) and "Background" not in one["actor"] and "Thabo Mbeki" in one["actor"]
