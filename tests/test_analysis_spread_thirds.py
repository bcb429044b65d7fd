"""What a number does to a yes: exact tests, thirds, what is called clear, and that nothing is where nothing matters."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.analysis.answers import newcombe
from standoff.analysis.spread import by_thirds
from standoff.analysis.spread.thirds import fisher, log_factorials

RUNS = 300


@pytest.mark.parametrize(
    ("table", "p"), [((3, 4, 1, 4), 0.4857142857), ((2, 12, 15, 18), 0.0005367241), ((0, 9, 0, 7), 1.0)]
)
def test_the_p_is_that_of_fishers_exact_test(table: tuple[int, int, int, int], p: float) -> None:
    """The first two are worked examples of R's fisher.test (Fisher's tea, and twins of convicts)."""
    assert fisher(*table, logs=log_factorials(30)) == pytest.approx(p, abs=1e-9)


def test_a_number_that_settles_the_answer_is_clear_with_its_difference_and_one_that_does_not_is_not() -> None:
    pace, idle = np.arange(RUNS) / RUNS, np.arange(RUNS) % 3 + np.arange(RUNS) / 1e6
    yes = np.concatenate([np.arange(100) < 10, np.arange(100) < 50, np.arange(100) < 90])
    found = by_thirds({"idle": idle, "pace": pace, "sure": np.full(RUNS, 3.0)}, yes)
    assert found.tried == 2
    (pace_moves,) = found.clear
    assert pace_moves.name == "pace"
    assert (pace_moves.low_yes, pace_moves.low_runs, pace_moves.high_yes, pace_moves.high_runs) == (10, 100, 90, 100)
    assert pace_moves.difference == pytest.approx(0.8)
    assert (pace_moves.difference_low, pace_moves.difference_high) == tuple(newcombe(90, 100, 10, 100))
    assert (pace_moves.low, pace_moves.high) == (99 / RUNS, 200 / RUNS)


def test_the_number_that_moves_most_comes_first_whichever_way_it_moves() -> None:
    pace, brake = np.arange(RUNS) / RUNS, np.arange(RUNS) % 100
    found = by_thirds({"pace": pace, "brake": brake.astype(float)}, (pace > 0.8) | (brake < 33)).clear
    assert [one.name for one in found] == ["brake", "pace"]
    assert found[0].difference_high < 0 < found[1].difference_low


@pytest.mark.parametrize(
    ("weights", "low", "high"),
    [((90, 210), 25, 55), ((210, 90), 25, 55), ((60, 180, 60), 25, 85), ((100, 200), 25, 55)],
)
def test_of_a_number_with_few_values_each_value_is_on_one_side_only(
    weights: tuple[int, ...], low: float, high: float
) -> None:
    values = np.repeat([25.0, 55.0, 85.0][: len(weights)], weights)
    (found,) = by_thirds({"radius": values}, values == values.max()).clear
    assert (found.low, found.high) == (low, high)
    assert (found.low_runs, found.high_runs) == (weights[0], weights[-1])


@pytest.mark.statistical(false_alarm=1e-6)
def test_where_no_number_matters_few_ensembles_call_any_clear() -> None:
    """By chance alone 200 ensembles at 5 of 100 have 28 or more with probability 9.6e-7 (binomial)."""
    random = np.random.default_rng(16)
    clear = 0
    for _ in range(200):
        values = {str(name): random.random(RUNS) for name in range(20)}
        clear += bool(by_thirds(values, random.random(RUNS) < 0.3).clear)
    assert clear < 28


def test_where_all_runs_agree_nothing_moves_the_answer() -> None:
    pace = np.arange(RUNS) / RUNS
    assert by_thirds({"pace": pace}, np.ones(RUNS, dtype=bool)).clear == ()
    assert by_thirds({"pace": pace}, np.zeros(RUNS, dtype=bool)).clear == ()
