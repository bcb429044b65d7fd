"""One theatre: the dated scenarios of eastern Syria set where things stood, and nothing that the theatre weighs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from standoff.scenario import supports
from tests.proofs import dated, first_of

BUNDLED = Path(__file__).resolve().parents[1] / "src/standoff/scenarios"
THEATRE = BUNDLED / "theatres/eastern-syria-v2"
DATES = (2015, 2017, 2018, 2021, 2023)
ROOMS = ("ground", "ring", "powers", "people")
STATE_OF_A_DAY = {"begin", "ties", "injects", "parameters", "variants", "state"}
"""What a dated scenario may say in its folder `start`."""


def sections(file: Path) -> dict[str, object]:
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")) or {})


def theatre_names(section: str) -> set[str]:
    return {str(name) for file in THEATRE.rglob("*.yaml") for name in (sections(file).get(section) or {})}  # type: ignore[attr-defined]


@pytest.mark.parametrize("year", DATES)
def test_a_date_sets_where_things_stood_and_no_rule(year: int) -> None:
    for file in (BUNDLED / f"eastern-syria-{year}-v2/start").glob("*.yaml"):
        assert set(sections(file)) <= STATE_OF_A_DAY, file.name


@pytest.mark.parametrize("year", first_of(DATES))
def test_a_date_has_no_weight_of_its_own(year: int) -> None:
    """Its numbers say where the day begins, how far a line is believed, or what a question counts."""
    own = [
        str(name)
        for file in (BUNDLED / f"eastern-syria-{year}-v2").rglob("*.yaml")
        for section in ("parameters", "state")
        for name in (sections(file).get(section) or {})  # type: ignore[attr-defined]
    ]
    words = "\n".join(file.read_text(encoding="utf-8") for file in sorted(THEATRE.rglob("*.yaml")))
    read = re.sub(r"credibility: \{begin: \w+|off: \{[^}]*\}|^  \w+:.*prior:", "", words, flags=re.MULTILINE)
    assert [name for name in own if re.search(rf"\b{name}\b", read)] == []


def test_every_mechanism_of_the_table_is_carried_by_the_theatre() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in THEATRE.rglob("*.yaml"))
    tags = re.findall(r"mechanism: \[?([M0-9, ]+)", text)
    carried = {number for each in tags for number in re.findall(r"M\d+", each)} | theatre_names("mechanisms")
    assert [name for number in range(1, 101) if (name := f"M{number:02d}") not in carried] == []


@pytest.mark.slow
def test_every_forecast_of_the_table_is_asked_at_its_date() -> None:
    asked = Counter(
        str(question.forecast.id)
        for year in DATES
        for question in dated(year).document.questions.values()
        if question.forecast is not None and question.forecast.id is not None
    )
    assert sorted(asked) == [f"F{number:02d}" for number in range(1, 67)]
    assert set(asked.values()) == {1}


def test_no_rule_names_the_ring_outside_the_words_of_the_ring() -> None:
    elsewhere = [file for room in ROOMS if room != "ring" for file in (THEATRE / room).glob("*.yaml")]
    assert [file.name for file in elsewhere if re.search(r"\bexclusion\b", file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("year", first_of(sorted(DATES, key=lambda year: year != 2017)))
def test_every_locator_on_what_moves_the_model_says_what_it_supports(year: int) -> None:
    told = {"rules", "parameters", "decisions", "goals"}
    mute = [
        f"{one.of} {one.at}"
        for one in supports(dated(year).document)
        if one.section in told and one.is_paragraph and one.says is None
    ]
    assert mute == []
