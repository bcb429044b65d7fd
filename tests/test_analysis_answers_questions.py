"""Answers of an ensemble whose answers are known beforehand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from standoff.analysis import answer
from standoff.analysis.answers import wilson
from standoff.calibration import run
from standoff.ensemble import Ensemble
from standoff.scenario import load
from tests.ensemble_cases import border


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
    known.write_parquet(place / "run" / "answers.parquet")
    return place / "run"


def test_a_yes_or_no_question_has_its_share_its_interval_and_its_word(folder: Path) -> None:
    holds, took, *_ = answer(Ensemble(folder))
    assert (holds.yes, holds.runs, holds.probability) == (3, 20, 0.15)
    assert (holds.low, holds.high) == wilson(3, 20)
    assert (holds.word, holds.spans, holds.outcome) == ("very unlikely", True, "yes")
    assert holds.quantiles is None
    assert (took.yes, took.probability, took.low, took.word) == (0, 0.0, 0.0, "almost no chance")


def test_what_never_happens_comes_after_every_date(folder: Path) -> None:
    when = answer(Ensemble(folder))[2]
    assert (when.yes, when.probability) == (12, 0.6)
    assert when.quantiles == {"5": 0.5, "25": 4.5, "50": 9.5, "75": None, "95": None}
    assert when.dates is not None
    assert when.dates["50"] == "2017-06-10"
    assert when.dates["95"] is None
    assert when.mean == 6.0
    assert (when.median_low, when.median_high) == (5.5, None)


def test_a_number_has_quantiles_and_the_error_of_its_median(folder: Path) -> None:
    many = answer(Ensemble(folder))[3]
    assert (many.yes, many.probability, many.word) == (None, None, None)
    assert many.quantiles == {"5": 1.0, "25": 5.0, "50": 10.0, "75": 15.0, "95": 19.0}
    assert many.mean == 10.5
    assert (many.median_low, many.median_high) == (6.0, 16.0)
