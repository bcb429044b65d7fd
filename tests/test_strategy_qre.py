"""Quantal responses: known solutions, all of them where there are three, and where the principal branch turns."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from standoff.errors import UsageError
from standoff.strategy import quantal_responses
from standoff.strategy.qre import other_branches, principal_branch
from tests.made_games import PENNIES, STAG, blocks_of, noisy, table


def stag(precision: float, low: float, high: float) -> float:
    """The share of stag in between at which p = 1 / (1 + exp(-λ (4p - 3))), by halving."""

    def beyond(p: float) -> bool:
        return p > 1 / (1 + exp(-precision * (4 * p - 3)))

    rising = beyond(high)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) == rising else (middle, high)
    return low


@pytest.mark.parametrize(
    ("precision", "share"), [(0.5, 0.28151129637), (1, 0.05938731962), (2, 0.00252290862), (4, 6.1448e-6)]
)
def test_the_principal_branch_of_the_stag_hunt_has_its_known_share(precision: float, share: float) -> None:
    found = principal_branch(STAG, (precision, precision))
    assert found.mix[0][0] == pytest.approx(share, abs=1e-10)
    assert [own[0] for own in found.mix] == pytest.approx([stag(precision, 0, 0.5)] * 2, abs=1e-12)
    assert (found.folds, found.bifurcations) == ((), ())


def test_the_stag_hunt_at_precision_four_has_three_solutions_and_the_principal_one_is_named() -> None:
    found = quantal_responses(blocks_of(np.repeat(STAG[None], 3, axis=0)), 4)
    assert found.principal[0][0] == pytest.approx(6.1448e-6, abs=1e-10)
    others = [mix[0][0] for mix in found.others]
    assert others == pytest.approx([0.867367584, 0.972232086], abs=1e-9)
    assert others == pytest.approx([stag(4, 0.5, 0.9), stag(4, 0.9, 1)], abs=1e-12)


def test_each_pure_profile_is_a_start_without_any_random_one() -> None:
    """Four ways to agree, alike but for a little: at a high precision each is near a solution."""
    game = np.repeat(np.diag([1.0, 1.1, 1.2, 1.3])[:, :, None], 2, axis=2)
    first = principal_branch(game, (30, 30)).mix
    others = other_branches(game, (30, 30), [first], starts=0, generator=np.random.default_rng(1))
    assert {int(np.argmax(mix[0])) for mix in (first, *others) if max(mix[0]) > 0.99} == {0, 1, 2, 3}


def test_a_branch_that_turns_back_says_where() -> None:
    """Between the two folds there are three solutions, beyond the outer one the first of them is gone."""
    game = table([[-5, -2, -3], [6, 2, 3], [5, 13, -6]], [[-8, 5, -7], [-5, -4, -2], [4, 0, -7]])
    whole = principal_branch(game, (30, 30))
    outer, inner = (30 * at for at in whole.folds)
    assert outer == pytest.approx(14.408, abs=0.01) and inner == pytest.approx(0.7817, abs=0.001)
    generator = np.random.default_rng(1)
    for precision, count in ((0.98 * inner, 1), (1.05 * inner, 3)):
        first = principal_branch(game, (precision,) * 2)
        others = other_branches(game, (precision,) * 2, [first.mix], starts=40, generator=generator)
        assert 1 + len(others) == count, precision
        assert first.folds == ()


def test_a_branch_that_another_one_crosses_says_where() -> None:
    """Coordination on two equal ways: the even mix loses its stability at precision 2 (slope λ/2 of the response)."""
    game = table([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    found = principal_branch(game, (20, 20))
    assert found.mix == ((0.5, 0.5), (0.5, 0.5)) and found.folds == ()
    assert [20 * at for at in found.bifurcations] == pytest.approx([2], abs=0.03)


def test_a_precision_for_each_actor_has_the_unit_of_its_own_goal() -> None:
    generator = np.random.default_rng(2)
    game = generator.normal(size=(3, 2, 2, 3))
    mine = principal_branch(game, (1, 2, 3)).mix
    other_units = principal_branch(game * np.array([10, 0.5, 4]), (0.1, 4, 0.75)).mix
    assert mine == tuple(pytest.approx(own, abs=1e-12) for own in other_units)
    # Each share is the response that its definition says.
    x, y, z = (np.array(own) for own in mine)
    against = np.exp(2 * np.einsum("abc,a,c->b", game[..., 1], x, z))
    assert y == pytest.approx(against / against.sum(), abs=1e-12)
    assert principal_branch(game, (0, 0, 0)).mix[0] == pytest.approx((1 / 3,) * 3)


def test_the_shares_have_intervals_over_blocks() -> None:
    """Resampled blocks say how much the shares of new blocks differ: of 100 such shares, and of 400 samples."""
    generator = np.random.default_rng(3)
    found = quantal_responses(noisy(PENNIES, 100, generator), {"a": 1, "b": 1}, starts=0)
    anew = [principal_branch(noisy(PENNIES, 100, generator).mean, (1, 1)).mix[0][0] for _ in range(100)]
    assert found.failed == 0 and found.low[0][0] < found.principal[0][0] < found.high[0][0]
    assert (found.high[0][0] - found.low[0][0]) / (2 * 1.96) == pytest.approx(float(np.std(anew)), rel=0.25)


@pytest.mark.parametrize("precision", [-1.0, float("inf"), {"a": 1.0}, {"a": 1.0, "b": 1.0, "c": 1.0}])
def test_a_precision_that_makes_no_sense_is_refused(precision: float) -> None:
    with pytest.raises(UsageError, match="precision"):
        quantal_responses(blocks_of(np.repeat(STAG[None], 3, axis=0)), precision)
