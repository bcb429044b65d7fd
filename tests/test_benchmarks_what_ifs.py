"""What the benchmark of what-ifs stands on: ratios that are known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.what_ifs import EACH, Answers, both, measured, page, predicted, what_if


def test_the_formula_is_the_ratio_of_the_variances_of_a_difference() -> None:
    base = np.array([[0.0], [2.0], [4.0], [6.0]])
    paired = base + np.array([[1.0], [0.0], [1.0], [0.0]])
    assert predicted(base, paired) == pytest.approx([(5.0 + paired.var()) / 0.25])


def test_an_experiment_is_the_difference_of_the_means_of_its_own_runs() -> None:
    base = np.zeros((2 * EACH, 1))
    paired = np.repeat([[1.0], [2.0]], EACH, axis=0)
    pairs, singles = measured(base, paired, 3 * paired)
    assert pairs.tolist() == [[1.0], [2.0]] and singles.tolist() == [[3.0], [6.0]]


@pytest.mark.statistical(false_alarm=1e-6)
def test_both_ways_find_the_ratio_of_answers_of_known_covariance() -> None:
    """Each answer has variance 1, of which 7/8 is shared: 2 to 1/4."""
    random = np.random.default_rng(1)
    shared, alone = np.sqrt(7 / 8) * random.normal(size=(2000, 1)), np.sqrt(1 / 8) * random.normal(size=(2, 2000, 1))
    still = np.zeros((2000, 1))
    base, paired, apart = (
        Answers(("moved", "still"), np.hstack([values, still]))
        for values in (shared + alone[0], shared + alone[1], random.normal(size=(2000, 1)))
    )
    told = what_if("the regime twice as fast", base, paired, apart)
    assert told["untouched"] == ["still"]
    (row,) = told["questions"]
    assert row["predicted"]["value"] == pytest.approx(8.0, rel=0.3)
    # Half and double: five standard errors of the logarithm of a ratio of two variances of 200 each.
    assert 4.0 < row["measured"]["value"] < 16.0
    for way in ("predicted", "measured"):
        assert row[way]["low"] < row[way]["value"] < row[way]["high"]
    rest = {"scenario": "s", "runs": 2000, "experiments": 200, "runs_of_an_experiment": 10, "processor_seconds": 1.0}
    shown = page({**rest, "what_ifs": [told]}, None)
    assert "| moved |" in shown and "Changed in no pair: still." in shown


def test_what_is_beyond_all_bounds_is_shown_as_such() -> None:
    assert both({"value": 12.3, "low": 4.0, "high": None}) == "12.3 (4 to ∞)"
