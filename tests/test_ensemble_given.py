"""Runs whose parameters the caller gives as a table: kept like any others, and never taken for runs of the priors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from standoff.calibration import run
from standoff.cli.app import app
from standoff.engine import draw_parameters
from standoff.ensemble import Ensemble, run_many
from standoff.errors import UsageError
from standoff.model import ground
from standoff.report import write_report
from standoff.scenario import Scenario, load
from tests.ensemble_cases import border, tables_of

RUNS = 60
SEED = 3


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(border(tmp_path_factory.mktemp("scenario")))


@pytest.fixture(scope="module")
def drawn(scenario: Scenario) -> Ensemble:
    return run(scenario, runs=RUNS, seed=SEED)


@pytest.fixture(scope="module")
def draws(scenario: Scenario) -> np.ndarray[Any, Any]:
    return draw_parameters(ground(scenario.resolved), seed=SEED, runs=np.arange(RUNS))


def test_given_the_draws_of_the_priors_the_tables_are_the_same_bytes(
    scenario: Scenario, drawn: Ensemble, draws: np.ndarray[Any, Any]
) -> None:
    ways = [draws, {"stay": draws[:, 1], "pace": draws[:, 0]}, {"pace": draws[:, 0]}, drawn.parameters]
    for table in ways:
        made = run(scenario, runs=RUNS, seed=SEED, parameters=table)
        assert tables_of(made.folder) == tables_of(drawn.folder)
        assert made.answered == drawn.answered


def test_given_draws_are_those_of_the_runs_on_any_number_of_workers(
    scenario: Scenario, draws: np.ndarray[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.ensemble.run.WORKER_STARTS_S", -1e9)
    monkeypatch.setattr("standoff.ensemble.run.LOCKED_S", 1e9)
    table = {"pace": np.linspace(0.5, 2.0, RUNS)}
    alone = run(scenario, runs=RUNS, seed=SEED, parameters=table)
    two = run(scenario, runs=RUNS, seed=SEED, parameters=table, jobs=2)
    assert tables_of(alone.folder) == tables_of(two.folder)
    assert np.array_equal(alone.parameters["pace"].to_numpy(), table["pace"])
    assert np.array_equal(alone.parameters["stay"].to_numpy(), draws[:, 1])
    assert alone.manifest.persistence == two.manifest.persistence


def test_another_table_is_another_ensemble_and_needs_a_folder_of_its_own(
    scenario: Scenario, drawn: Ensemble, draws: np.ndarray[Any, Any], tmp_path: Path
) -> None:
    moved = draws.copy()
    moved[7, 0] *= 2.0
    tables = [draws, moved, {"pace": draws[:, 0]}]
    made = [run(scenario, runs=RUNS, seed=SEED, parameters=t, out=tmp_path / str(i)) for i, t in enumerate(tables)]
    keys = {ensemble.manifest.key for ensemble in [drawn, *made]}
    assert len(keys) == 1 + len(tables)
    with pytest.raises(UsageError, match="table of parameters"):
        run(scenario, runs=RUNS, seed=SEED, parameters=moved, out=tmp_path / "0")
    with pytest.raises(UsageError, match="table of parameters"):
        run(scenario, runs=RUNS, seed=SEED, out=tmp_path / "0")
    again = run(scenario, runs=RUNS, seed=SEED, parameters=draws, out=tmp_path / "0")
    assert again.manifest == made[0].manifest


def test_the_manifest_says_what_was_given_and_no_command_claims_to_repeat_it(
    scenario: Scenario, drawn: Ensemble, draws: np.ndarray[Any, Any], tmp_path: Path
) -> None:
    made = run(scenario, runs=RUNS, seed=SEED, parameters={"pace": draws[:, 0]}, out=tmp_path / "given")
    given = made.manifest.given
    assert given is not None
    assert given.parameters == ("pace",)
    assert len(given.digest) == 32
    assert made.manifest.command == ""
    assert drawn.manifest.given is None
    assert drawn.manifest.command.startswith("standoff run ")
    shown = CliRunner().invoke(app, ["ask", str(made.folder)]).output
    assert "these parameters were given: pace" in " ".join(shown.split())
    assert "To repeat" not in shown
    assert write_report(made.folder).exists()
    (made.folder / "answers.parquet").unlink()
    with pytest.raises(UsageError, match=r"standoff\.run\(\.\.\., parameters=\.\.\., out=") as refused:
        made.check()
    assert "standoff run " not in str(refused.value)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (np.ones(RUNS), r"has the shape \(60,\), not \(runs, parameters\) = \(60, 2\)"),
        (np.ones((RUNS - 1, 2)), r"has the shape \(59, 2\), not"),
        ({"pace": [1.0, 2.0]}, r"column 'pace' of the table of parameters has the shape \(2,\)"),
        ({"pase": np.ones(RUNS)}, "has a column 'pase'; did you mean 'pace'"),
        ({"pace": np.full(RUNS, np.nan)}, "'pace' of run 0 is nan"),
        ({"pace": np.full(RUNS, np.inf)}, "'pace' of run 0 is inf"),
        ({"pace": np.full(RUNS, -1.0)}, "'pace' of run 0 is -1, but its prior goes from 0 to inf"),
        ({"stay": np.full(RUNS, 2.0)}, "'stay' of run 0 is 2, but its prior goes from 1 to 1"),
        ({"pace": ["fast"] * RUNS}, "column 'pace' of the table of parameters must hold numbers alone"),
        ({"run": np.arange(RUNS)[::-1], "pace": np.ones(RUNS)}, "must count the runs from 0 to 59"),
        ({"run": np.arange(RUNS)}, "has no column of a parameter"),
        ({"pace": np.ones(RUNS, "M8[D]")}, "must hold numbers alone: they are of the type datetime64"),
        ({"pace": np.ones(RUNS) * 1j}, "must hold numbers alone: they are of the type complex"),
        ({"pace": np.ma.masked_less(np.arange(RUNS), 3)}, "must hold numbers alone: some are masked"),
        ({"pace": [10**400] * RUNS}, "must hold numbers alone: int too large"),
        (pl.DataFrame({"pace": np.ones(RUNS)}).lazy(), "a query of polars that was not made yet"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_in_one_sentence(
    scenario: Scenario, table: Any, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=sentence) as refused:
        run_many(scenario, runs=RUNS, parameters=table, out=tmp_path / "none")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "none").exists()
