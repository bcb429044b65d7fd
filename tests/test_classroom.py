"""The classroom models answer what theory says: exactly where nothing is left to luck, else within six standard errors.

A right engine misses six standard errors about twice in a billion tests of a mean, and less than once in a million of
the rarest share here, whose count is skewed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache

import polars as pl
import pytest
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.ensemble import Ensemble, run_many
from standoff.scenario import bundled, load

RUNS = 2500
ERRORS = 6.0

CRASH = 0.1**2
ATTACK, WAR_IN_SPITE = 1 / 4, 1 / 32
SPIRAL = (1 - 1 / 2) / (1 - (1 / 2) ** 10)
CALM = (1 - 1.25) / (1 - 1.25**10)
STRIKE = (1 - 0.6) / 0.8


Made = Callable[..., Ensemble]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The runs of a model with parameters fixed, each made once."""

    @cache
    def runs(name: str, **fixed: float) -> Ensemble:
        folder = tmp_path_factory.mktemp(name)
        return run_many(load(name, settings=fixed), runs=RUNS, seed=7, out=folder / "runs", events=0)

    return runs


def says(answers: pl.Series, exact: float, variance: float | None = None) -> bool:
    """Whether the mean of answers is what it must be; the variance is the exact one, or that of the answers."""
    spread = answers.var() if variance is None else variance
    return abs(float(answers.mean()) - exact) <= ERRORS * math.sqrt(spread / len(answers))  # type: ignore[arg-type]


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(
    ("name", "fixed", "question", "exact"),
    [
        ("chicken", {}, "crash", CRASH),
        ("deterrence", {}, "attack", ATTACK), ("deterrence", {}, "war", WAR_IN_SPITE),
        ("spiral", {}, "war", SPIRAL),
        pytest.param("spiral", {"letting_go": 0.25}, "war", CALM, marks=pytest.mark.slow),
        ("commitment", {}, "war", STRIKE),
    ],
)  # fmt: skip
def test_a_model_says_yes_as_often_as_theory_does(
    name: str, fixed: dict[str, float], question: str, exact: float, made: Made
) -> None:
    answers = made(name, **fixed).answers[question]
    assert says(answers, exact, exact * (1 - exact)), answers.mean()
    assert not says(answers, exact + 0.2, exact * (1 - exact))


@pytest.mark.statistical(false_alarm=1e-7)
@pytest.mark.parametrize("fear", [0.08, pytest.param(0.12, marks=pytest.mark.slow)])
def test_the_arms_race_grows_as_richardson_says(fear: float, made: Made) -> None:
    answers = made("security-dilemma", fear=fear).answers["arms"]
    # m' = 1 + k m with k = fear - 0.1, from nothing, after a hundred days.
    k = fear - 0.1
    exact = (math.exp(100 * k) - 1) / k
    assert says(answers, exact), (answers.mean(), exact)
    assert not says(answers, exact * 1.05)


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize(
    ("name", "drawn", "limit", "question", "above"),
    [("deterrence", "belief", 0.25, "attack", False), ("commitment", "later", 0.6, "war", True)],
)
def test_the_threshold_is_where_theory_has_it_in_every_run(
    name: str, drawn: str, limit: float, question: str, above: bool, made: Made
) -> None:
    runs = made(name)
    over = runs.parameters[drawn] > limit
    assert 0 < over.sum() < RUNS
    assert (runs.answers[question] == 1).to_list() == (over if above else ~over).to_list()


@pytest.mark.statistical(false_alarm=0)
def test_who_can_promise_never_fights(made: Made) -> None:
    assert made("commitment", promises=1).answers["war"].sum() == 0


@pytest.mark.statistical(false_alarm=0)
def test_the_game_of_chicken_has_two_pure_equilibria_and_the_mixed_one_of_one_in_ten() -> None:
    words = ["solve", "game", "chicken", "--variant", "meek", "--tolerance", "0.05", "--blocks", "20", "--runs", "40"]
    done = CliRunner().invoke(app, [*words, "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    found = [one["shares"] for one in json.loads(done.stdout)["equilibria"]]
    daring = sorted((one["blue"].get("blue_dares", 0.0), one["red"].get("red_dares", 0.0)) for one in found)
    assert daring == [(0.0, 1.0), (pytest.approx(0.1, abs=1e-9), pytest.approx(0.1, abs=1e-9)), (1.0, 0.0)]


def test_these_are_all_the_models() -> None:
    assert set(bundled("classroom")) == {"chicken", "commitment", "deterrence", "security-dilemma", "spiral"}
