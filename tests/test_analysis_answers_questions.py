"""Answers of an ensemble whose answers are known beforehand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from standoff import calibration
from standoff.analysis import answer
from standoff.analysis.answers import wilson
from standoff.calibration import run
from standoff.ensemble import (
    Answers,
    Chance,
    DateAnswer,
    Ensemble,
    NumberAnswer,
    YesNoAnswer,
    median_is_bounded,
    to_record,
)
from standoff.ensemble.answers import RECORD
from standoff.errors import UsageError
from standoff.scenario import load
from tests.ensemble_cases import border


def replace_answers(folder: Path, table: pl.DataFrame) -> None:
    """Put other answers into a run folder, and take their digests out of its manifest."""
    table.write_parquet(folder / "answers.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"tables": {}}), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder whose answers are replaced by 20 known ones."""
    place = tmp_path_factory.mktemp("known")
    run(load(border(place)), runs=20, out=place / "run")
    known = pl.DataFrame(
        {
            "run": pl.Series(range(20), dtype=pl.Int32),
            "blue-holds": [1.0] * 3 + [0.0] * 17,
            "red-took": [0.0] * 20,
            # Twelve runs see it, on days 0.5 to 11.5; eight never do.
            "when-taken": [i + 0.5 for i in range(12)] + [-1.0] * 8,
            "how-many": [float(20 - i) for i in range(20)],
        }
    )
    replace_answers(place / "run", known)
    return place / "run"


def test_a_yes_or_no_question_has_its_share_its_interval_and_its_word(folder: Path) -> None:
    holds, took, *_ = answer(Ensemble(folder))
    assert isinstance(holds, YesNoAnswer) and isinstance(took, YesNoAnswer)
    assert holds.chance == Chance(3, 0.15, *wilson(3, 20), "very unlikely", True)
    assert (holds.runs, holds.question.outcome) == (20, "yes")
    assert (took.chance.yes, took.chance.probability, took.chance.low) == (0, 0.0, 0.0)
    assert took.chance.word == "almost no chance"


def test_what_never_happens_comes_after_every_date(folder: Path) -> None:
    when = answer(Ensemble(folder))[2]
    assert isinstance(when, DateAnswer)
    assert (when.chance.yes, when.chance.probability) == (12, 0.6)
    assert when.spread.quantiles == {"5": 0.5, "25": 4.5, "50": 9.5, "75": None, "95": None}
    assert when.dates["50"] == "2017-06-10"
    assert when.dates["95"] is None
    assert when.spread.mean == 6.0
    assert (when.spread.median_low, when.spread.median_high) == (5.5, None)


def test_a_number_has_quantiles_and_the_error_of_its_median(folder: Path) -> None:
    many = answer(Ensemble(folder))[3]
    assert isinstance(many, NumberAnswer)
    assert many.spread.quantiles == {"5": 1.0, "25": 5.0, "50": 10.0, "75": 15.0, "95": 19.0}
    assert many.spread.mean == 10.5
    assert (many.spread.median_low, many.spread.median_high) == (6.0, 16.0)


def test_what_questions_json_says_is_read_back_as_it_was(folder: Path) -> None:
    answered = calibration.answers(Ensemble(folder))
    text = answered.to_json()
    assert Answers.from_json(text) == answered
    assert Answers.from_json(text).to_json() == text


def test_an_answer_is_kept_flat_with_the_fields_that_other_tools_read(folder: Path) -> None:
    holds, _, when, many = (to_record(one) for one in answer(Ensemble(folder)))
    assert list(holds) == list(when) == list(many) == list(RECORD)
    assert (holds["type"], holds["yes"], holds["spans"], holds["quantiles"]) == ("binary", 3, True, None)
    assert (when["type"], when["yes"], when["dates"]["50"]) == ("date", 12, "2017-06-10")
    assert (many["type"], many["yes"], many["spans"], many["mean"]) == ("number", None, False, 10.5)


def test_what_is_no_questions_json_of_this_version_is_said() -> None:
    for text in ("", "[]", "{}", '{"questions": [{"id": "a"}], "scores": [], "baselines": {"persistence": null}}'):
        with pytest.raises(UsageError, match="not written by this version"):
            Answers.from_json(text)


@pytest.mark.parametrize("runs", [5, 6])
def test_a_median_of_fewer_than_six_runs_has_no_interval_and_says_so(tmp_path: Path, runs: int) -> None:
    run(load(border(tmp_path)), runs=runs, out=tmp_path / "run")
    for one in answer(Ensemble(tmp_path / "run")):
        if isinstance(one, YesNoAnswer):
            continue
        assert median_is_bounded(one) == (runs == 6)
        assert ("no 95% interval: that takes 6 runs" in one.sentence) == (runs == 5)
        if runs == 5:
            assert (one.spread.median_low, one.spread.median_high) == (None, None)


@pytest.mark.parametrize("value", [1.7e308, -1.7e308])
def test_the_mean_of_the_largest_numbers_is_finite_and_exact(folder: Path, tmp_path: Path, value: float) -> None:
    shutil.copytree(folder, tmp_path / "run")
    table = pl.read_parquet(folder / "answers.parquet").with_columns(pl.lit(value).alias("how-many"))
    replace_answers(tmp_path / "run", table)
    many = answer(Ensemble(tmp_path / "run"))[3]
    assert isinstance(many, NumberAnswer)
    assert many.spread.mean == value
