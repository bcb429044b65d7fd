"""Twelve runs side by side: answers in proportion, from the usual to the rare, and the holders of the run folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from standoff.analysis.spread import by_thirds
from standoff.ensemble import Ensemble, run_many
from standoff.report.build import scene, scene_of
from standoff.report.run_tables import RunTables
from standoff.report.twelve import chosen
from standoff.scenario import load
from tests.front import Texts
from tests.pages import run_of_front


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of_front(tmp_path_factory.mktemp("front"), Texts())


@pytest.mark.parametrize(("yes", "shown"), [(0, 0), (30, 0), (60, 1), (500, 6), (690, 8), (950, 11), (1000, 12)])
def test_answers_are_among_the_twelve_in_proportion(yes: int, shown: int) -> None:
    answers = (np.arange(1000) * 7 % 1000 < yes).astype(float)
    rows = chosen(answers, "binary", [])
    assert len(set(rows)) == 12
    assert np.count_nonzero(answers[rows]) == shown
    assert answers[rows].tolist() == sorted(answers[rows], reverse=True)


def test_among_equal_answers_the_usual_stands_before_the_rare() -> None:
    holders = np.array([0] * 900 + [1] * 70 + [2] * 30, dtype=np.int16)
    rows = chosen(np.ones(1000), "binary", [holders])
    assert holders[rows].tolist() == [0] * 11 + [1]


def test_dates_stand_in_their_order_and_what_never_comes_last() -> None:
    answers = np.array([-1.0, 5.0, 3.0, -1.0, 9.0])
    assert answers[chosen(answers, "date", [])].tolist() == [3, 5, 9, -1, -1]


def test_numbers_stand_from_much_to_little() -> None:
    assert chosen(np.array([1.0, 4.0, 2.0]), "number", []) == [1, 2, 0]


def test_a_run_that_the_map_can_play_stands_for_its_part_if_it_answers_alike() -> None:
    answers = np.array([1.0] * 66 + [0.0] * 54)
    plain = chosen(answers, "binary", [])
    # 5 and 7 lie in the first of twelve parts, 61 in the seventh, which begins with yes and in its middle says yes.
    assert chosen(answers, "binary", [], {7, 5, 61, 69}) == [5, *plain[1:6], 61, *plain[7:]]


def test_the_page_plays_some_of_the_twelve(folder: Path) -> None:
    said = scene(folder)
    assert said.twelve is not None
    played = {one.run for one in said.twelve.runs} & set(said.shown_runs)
    assert len(said.shown_runs) == 5 and len(played) >= 3


def test_the_holders_of_the_twelve_are_those_of_their_series_at_the_reading(folder: Path) -> None:
    said = scene(folder)
    assert said.twelve is not None
    question = next(one for one in said.questions if one.id == said.twelve.question)
    assert question.probability is not None
    assert len(said.twelve.runs) == 12
    yes = sum(one.answer == 1 for one in said.twelve.runs)
    assert abs(yes - 12 * question.probability) <= 0.5
    ensemble = Ensemble(folder)
    day = said.stage.times[said.twelve.step]
    at = ensemble.series.filter(pl.col("time") == day)
    labels = {one.name: one.labels or () for one in ensemble.manifest.series}
    assert len(said.twelve.places) == len(said.stage.places)
    for one in said.twelve.runs:
        row = at.filter(pl.col("run") == one.run)
        for place, code in zip(said.twelve.places, one.held, strict=True):
            name = f"control[{said.stage.places[place].id}]"
            held = row[name].item()
            assert (held if isinstance(held, str) else labels[name][held] if held >= 0 else None) == (
                said.twelve.holders[code] if code >= 0 else None
            )


DAYS = [("2017-05-31", 0), ("2017-06-01", 0), ("2017-06-02", 4), ("2017-08-31", 93)]


@pytest.mark.parametrize(("day", "nearest"), DAYS)
def test_what_is_asked_of_a_day_is_shown_at_the_reading_nearest_to_its_end(
    folder: Path, day: str, nearest: float
) -> None:
    """Readings are four days apart; between two the earlier one is taken."""
    tables = RunTables(Ensemble(folder))
    assert tables.times[tables.reading_near(day)] == nearest


def test_a_question_names_its_places(folder: Path) -> None:
    said = scene(folder)
    named = {one.id: [said.stage.places[place].id for place in one.places] for one in said.questions}
    assert named == {"town": ["albukamal"], "town-never": ["hamadan"], "how-many": [], "when-raqqa": ["raqqa"]}


def test_the_numbers_that_move_the_answer_are_those_of_the_folder(folder: Path) -> None:
    ensemble = Ensemble(folder)
    drawn = {name: ensemble.parameters[name].to_numpy() for name in ("radius", "daring", "patience")}
    assert scene(folder).contrasts == by_thirds(drawn, ensemble.answers["town"].to_numpy() == 1)


def test_what_the_twelve_answer_is_what_the_folder_says_of_them(folder: Path) -> None:
    said, ensemble = scene(folder), Ensemble(folder)
    assert said.twelve is not None
    types = {one.id: one.type for one in ensemble.manifest.questions}
    assert said.twelve.asked == [one.question for one in said.brief.key_questions if types[one.question] != "number"]
    assert {types[one] for one in said.twelve.asked} == {"binary", "date"}
    found = ensemble.answers.select("run", *said.twelve.asked).rows_by_key("run", unique=True)
    for one in said.twelve.runs:
        pairs = zip(said.twelve.asked, found[one.run], strict=True)
        assert one.answers == [value >= 0 if types[name] == "date" else value == 1 for name, value in pairs]


def test_a_run_that_does_not_meet_the_condition_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("""
standoff: 1
title: Two coins, the second tossed where the first falls heads
starts: 2026-01-01
ends: 2026-01-31
parameters: {first: {prior: "uniform(0, 1)"}, second: {prior: "uniform(0, 1)"}}
state: {n: {}}
rules: {go: {rate: 0.1, then: [n += 1]}}
questions:
  heads: {ask: Heads?, when: first > 0.5, at: 2026-01-31}
  both: {ask: Heads again?, when: second > 0.5, at: 2026-01-31, given: heads}
""")
    made = run_many(load(tmp_path / "s.yaml"), runs=100, seed=1)
    tables = RunTables(made)
    said = {one.id: tables.yes(one) for one in made.manifest.questions}
    assert set(said["heads"]) == {0, 1} and set(said["both"]) == {-1, 0, 1}
    assert ((said["both"] == -1) == (said["heads"] == 0)).all()
    twelve = scene_of(made).twelve
    assert twelve is not None and (twelve.places, twelve.sheet) == ([], None)
    first, second = (twelve.asked.index(name) for name in ("heads", "both"))
    assert all((one.answers[second] is None) == (one.answers[first] is False) for one in twelve.runs)
