"""Deals, levels and first passages of the page are those of the run folder, and each answer stands in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from standoff import analysis, calibration
from standoff.report.build import scene
from standoff.scenario import load
from tests.browsing import Opened
from tests.front import Texts, front
from tests.pages import RUNS, run_of_front
from tests.proofs import first_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of the front in which two actors can part over a town, and a third is not asked."""
    return run_of_front(tmp_path_factory.mktemp("full"), Texts(about="Whoever holds <Raqqa> & leaves it."), full=True)


def test_the_deals_of_the_scene_are_those_of_the_verb(folder: Path) -> None:
    drawn = scene(folder)
    assert drawn.deals == analysis.deals(folder).deals
    assert drawn.deal_names == {"isis_out": "Isis out"}


def test_a_ladder_counts_the_runs_on_each_rung_along_time(folder: Path) -> None:
    said = scene(folder)
    series = pl.read_parquet(folder / "series.parquet")
    (ladder,) = said.ensemble.ladders
    assert (ladder.label, ladder.rungs) == ("Mood", ["Calm", "Tense", "Open war"])
    for step, time in enumerate(said.stage.times):
        at = series.filter(pl.col("time") == time)["mood-of-all"].to_list()
        assert [runs[step] for runs in ladder.runs] == [at.count(code) for code in range(3)]
    assert ladder.runs[0][0] == RUNS and 0 < ladder.runs[2][-1] < RUNS


def test_a_first_passage_is_the_share_of_runs_that_have_seen_it_by_each_date(folder: Path) -> None:
    said = scene(folder)
    days = pl.read_parquet(folder / "answers.parquet")["when-raqqa"].to_list()
    (dated,) = [one for one in said.questions if one.type == "date"]
    assert (dated.id, dated.once) == ("when-raqqa", True)
    assert dated.course is not None and dated.course.true_runs is not None
    assert dated.course.true_runs == [sum(0 <= day <= time for day in days) for time in said.stage.times]
    assert dated.probability == dated.course.true_runs[-1] / RUNS > 0


def test_the_page_shows_deals_and_answers_in_words(folder: Path, browser: Any) -> None:
    said = scene(folder)
    made = Opened(browser, folder / "report.html")
    made.go("library", part="deals")
    deals = made.page.locator("main").inner_text()
    made.close()
    assert "Whoever holds <Raqqa> & leaves it." in deals and "(not asked)" in deals
    for portion in (*said.deals[0].in_force, *(gain.accepts for gain in said.deals[0].parties[1].gains)):
        assert portion.share is not None
        assert (f"{int(portion.share * 100 + 0.5)}%" if portion.share > 0.1 else "%") in deals
    medians = [gain for deal in said.deals for party in deal.parties for gain in party.gains if gain.median is not None]
    number = r"[+−]?\d[\d.]*"
    assert len(re.findall(rf"{number} \({number} to {number}\)", deals)) == len(medians) > 0


def test_a_scenario_without_deals_has_no_such_panel(tmp_path: Path) -> None:
    (tmp_path / "front.yaml").write_text(yaml.safe_dump(front(), sort_keys=False), encoding="utf-8")
    calibration.run(load(tmp_path / "front.yaml"), runs=2, seed=7, out=tmp_path / "run")
    assert scene(tmp_path / "run").deals == ()


@pytest.mark.parametrize("rows", first_of([60, 7, 1, 200, 1000]))
def test_a_page_that_is_made_a_few_runs_or_times_after_another_is_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    whole = scene(folder)
    monkeypatch.setattr("standoff.ensemble.results.VALUES_AT_ONCE", rows)
    monkeypatch.setattr("standoff.report.run_tables.ROWS_AT_ONCE", rows)
    assert scene(folder) == whole


def test_a_claim_belongs_to_the_question_that_it_names_or_that_asks_for_the_same(tmp_path: Path) -> None:
    claim = {"says": "Patience pays.", "raise": "patience"}
    claims = {
        "named": claim | {"question": "town", "expect": "rises"},
        "same": claim | {"expect": "holder[raqqa]  != isis comes sooner"},
        "other": claim | {"expect": "holder[hamadan] == isis comes later", "until": "2017-07-31"},
        "of-none": claim | {"expect": "count(p for p in place if holder[p] == regime) rises"},
    }
    text = yaml.safe_dump(front() | {"claims": claims}, sort_keys=False)
    (tmp_path / "front.yaml").write_text(text, encoding="utf-8")
    calibration.run(load(tmp_path / "front.yaml"), runs=2, seed=7, out=tmp_path / "run")
    assert scene(tmp_path / "run").claim_questions == {"named": "town", "same": "when-raqqa", "other": "town-never"}
