"""Intervals of probabilities and of medians against values that others have published or that follow from the law."""

from __future__ import annotations

from math import comb
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.analysis.answers import median_interval, wilson
from standoff.analysis.answers.probability import MOST_BY_HALVING, _student_of_many, quantile, student


@pytest.mark.parametrize(
    ("yes", "runs", "low", "high"),
    [
        # Newcombe 1998, Statist. Med. 17:857, table I, method 3 (score without continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_the_published_ones(yes: int, runs: int, low: float, high: float) -> None:
    assert wilson(yes, runs) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000), st.data())
def test_an_interval_holds_its_share_and_mirrors_that_of_no(runs: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, runs))
    low, high = wilson(yes, runs)
    assert 0 <= low <= yes / runs <= high <= 1
    mirrored = wilson(runs - yes, runs)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((low, high), abs=1e-12)


def test_the_quantiles_of_many_degrees_of_freedom_go_on_from_those_that_are_summed() -> None:
    """The published digits of 0.975 at 1,000 (1.962339081) and of the normal law, and both ways at the seam."""
    assert student(0.975, 1000) == pytest.approx(1.9623390808, abs=1e-10)
    assert student(0.975, 10**9) == pytest.approx(1.959963984540 + 2.3722712e-9, abs=1e-12)
    for level in (0.6, 0.975, 0.9999, 1 - 1e-6):
        summed = student(level, MOST_BY_HALVING)
        series = _student_of_many(NormalDist().inv_cdf(level), MOST_BY_HALVING)
        assert series == pytest.approx(summed, rel=1e-10)
        assert NormalDist().inv_cdf(level) < student(level, MOST_BY_HALVING + 1) < summed


def test_no_run_has_no_interval() -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(0, 0)


def test_quantiles_are_values_that_were_seen() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0])
    assert [quantile(values, share) for share in (0.05, 0.25, 0.5, 0.51, 0.95)] == [1, 1, 2, 4, 8]


@pytest.mark.parametrize("count", [20, 100, 999])
def test_the_interval_of_the_median_covers_it_19_times_in_20(count: int) -> None:
    values = np.arange(count, dtype=np.float64)
    low, high = median_interval(values)
    # The median of the law lies above the k-th of n ordered values unless fewer than k + 1 are below it.
    below = [comb(count, k) / 2**count for k in range(count + 1)]
    covered = sum(below[int(low) + 1 : int(high) + 1])
    assert 0.95 <= covered < 0.98
