"""The panel of deals says what `standoff deals` says of the same folder, and each answer stands in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from standoff import analysis, report
from standoff.report.gather import scene
from standoff.scenario import load
from tests.front import front
from tests.pages import Elements, drawn_by_a_browser

RUNS = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of the front in which two actors can part over a town, and a third is not asked."""
    place = tmp_path_factory.mktemp("deals")
    document = front() | {
        "deals": {
            "isis_out": {
                "about": "Whoever holds <Raqqa> & leaves it.",
                "parties": {
                    "regime": {"deal": 1, "no_deal": "0 if holder[albukamal] == isis else 2"},
                    "rebels": {"deal": "patience", "no_deal": 20},
                    "militia": {"deal": 0, "no_deal": 1, "must_agree": False},
                },
                "rate": 0.02,
            }
        }
    }
    (place / "front.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    analysis.run(load(place / "front.yaml"), runs=RUNS, seed=7, out=place / "run")
    report.write_report(place / "run")
    return place / "run"


def test_the_deals_of_the_scene_are_those_of_the_verb(folder: Path) -> None:
    (said,), (made,) = scene(folder).deals, analysis.deals(folder).deals
    assert (said.id, said.name) == ("isis_out", "Isis out")
    assert said.dates == [day.isoformat() for day in made.dates]
    for one, other in zip(said.together + said.in_force, made.together + made.in_force, strict=True):
        assert (one.runs, one.share, one.low, one.high) == (other.runs, other.share, other.low, other.high)
    assert [party.must_agree for party in said.parties] == [True, True, False]
    for party, meant in zip(said.parties, made.parties, strict=True):
        for gain, other_gain in zip(party.gains, meant.gains, strict=True):
            assert gain.accepts.share == other_gain.accepts.share
            assert (gain.median, gain.median_low) == (other_gain.median, other_gain.median_low)


def test_the_page_shows_deals_and_answers_in_words(folder: Path, tmp_path: Path) -> None:
    said = scene(folder)
    sections = Elements(drawn_by_a_browser(folder / "report.html", tmp_path)).sections
    deals = sections["deals"]
    assert "Whoever holds <Raqqa> & leaves it." in deals and "(not asked)" in deals
    for portion in (*said.deals[0].in_force, *(gain.accepts for gain in said.deals[0].parties[1].gains)):
        assert portion.share is not None
        assert (f"{round(portion.share * 100)}%" if portion.share > 0.1 else "%") in deals
    kept = json.loads((folder / "questions.json").read_text(encoding="utf-8"))["questions"]
    for question in kept:
        assert question["sentence"].removeprefix(f"“{question['ask']}” ") in sections["questions"]


def test_a_scenario_without_deals_has_no_such_panel(tmp_path: Path) -> None:
    (tmp_path / "front.yaml").write_text(yaml.safe_dump(front(), sort_keys=False), encoding="utf-8")
    analysis.run(load(tmp_path / "front.yaml"), runs=2, seed=7, out=tmp_path / "run")
    assert scene(tmp_path / "run").deals == []
