"""Bargains with known answers: alternating offers, breakdown, outside options, three solutions, and many parties."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log, sqrt

import numpy as np
import pytest

from standoff.errors import UsageError
from standoff.strategy import Settlement, Terms, alternating_offers, settlement, zone_of_agreement
from standoff.strategy.offers import Offering, Protocol


def pie(*, none: tuple[float, ...] = (0, 0), outside: tuple[float, ...] | None = None) -> Terms:
    """A pie of size 1: each term gives all of it to one party, lotteries divide it; none of it is left to chance."""
    names = tuple("xyz"[: len(none)])
    rest = None if outside is None else np.array([outside] * 2)
    return Terms(names, names, np.repeat(np.eye(len(none))[None], 2, axis=0), np.array([none] * 2), rest)


def values(found: Settlement) -> list[float]:
    return [share.value for share in found.shares]


@pytest.mark.parametrize("days", [10, 1, 0.1])
def test_who_offers_first_gets_what_rubinstein_says(days: float) -> None:
    """S7, r = 0.01 and 0.02 a day: (1 - d2) / (1 - d1 d2), and 2/3 as the days between offers go to 0."""
    d1, d2 = exp(-0.01 * days), exp(-0.02 * days)
    found = alternating_offers(pie(), rates=(0.01, 0.02), days=days, samples=0)
    first, second = found.by_proposer
    assert values(first) == pytest.approx([(1 - d2) / (1 - d1 * d2), 1 - (1 - d2) / (1 - d1 * d2)], abs=1e-9)
    assert values(second)[1] == pytest.approx((1 - d1) / (1 - d1 * d2), abs=1e-9)
    assert values(found.expected)[0] == pytest.approx(2 / 3, abs=1e-3 * days)
    assert found.binding == () and found.expected.agreed == 1


def test_the_known_numbers_of_alternating_offers() -> None:
    for rates, days, wanted in (
        ((0.01, 0.02), 10, 0.69939),
        ((0.01, 0.02), 1, 0.66999),
        ((-log(0.9), -log(0.8)), 1, 5 / 7),
    ):
        found = alternating_offers(pie(), rates=rates, days=days, samples=0)
        assert values(found.by_proposer[0])[0] == pytest.approx(wanted, abs=5e-6)


def test_a_finite_horizon_tends_to_the_endless_one() -> None:
    offering = Offering(np.eye(2), Protocol(np.array([0.9, 0.8]), 1.0, None))
    off = [abs(offering.induct(np.zeros(2), rounds=rounds)[0, 0] - 5 / 7) for rounds in (1, 11, 21, 41, 81)]
    assert off[0] == pytest.approx(2 / 7)
    assert all(later < earlier / 4 for earlier, later in pairwise(off)) and off[-1] < 1e-6


def test_an_outside_option_binds_only_where_it_is_worth_more_than_going_on() -> None:
    """S7: with discount 0.9 each, going on is worth 0.4737 to who answers."""
    free = alternating_offers(pie(), rates=(0.1, 0.1), days=1, samples=0)
    weak = alternating_offers(pie(outside=(0.3, 0.47)), rates=(0.1, 0.1), days=1, samples=0)
    assert values(weak.by_proposer[0]) == pytest.approx(values(free.by_proposer[0]), abs=1e-12) and weak.binding == ()
    strong = alternating_offers(pie(outside=(0.1, 0.7)), rates=(0.1, 0.1), days=1, samples=0)
    assert values(strong.by_proposer[0]) == pytest.approx([0.3, 0.7], abs=1e-9)
    assert strong.binding == ("y",)
    both = alternating_offers(pie(outside=(0.6, 0.7)), rates=(0.1, 0.1), days=1, samples=0)
    assert both.expected.terms == () and values(both.expected) == [0.6, 0.7]


@pytest.mark.parametrize("weights", [None, (1, 1)])
def test_where_talks_can_only_break_down_the_surplus_is_split_in_halves(weights: tuple[float, ...] | None) -> None:
    """S8: r = 0, no deal is worth 0.2 and 0.1: 0.2 + 0.35 and 0.1 + 0.35."""
    found = alternating_offers(pie(none=(0.2, 0.1)), rates=(0, 0), hazard=0.05, days=3, weights=weights, samples=0)
    assert values(found.expected) == pytest.approx([0.35, 0.35], abs=1e-9)
    assert values(settlement(pie(none=(0.2, 0.1)), "nash", lotteries=True, samples=0)) == pytest.approx([0.35] * 2)


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_error_of_a_simulated_breakdown_reaches_the_settlement() -> None:
    """S8 with luck: within 5.5 standard errors, and the interval is that of (b1 - b2) / 2 and of nothing else."""
    generator = np.random.default_rng(1)
    none = np.array([0.2, 0.1]) + generator.normal(0, 0.2, (400, 2))
    terms = Terms(("x", "y"), ("x", "y"), np.repeat(np.eye(2)[None], 400, axis=0), none)
    error = 0.2 / sqrt(2 * 400)
    found = alternating_offers(terms, rates=(0, 0), hazard=0.05, days=3, samples=200).expected
    nash = settlement(terms, "nash", lotteries=True, samples=200)
    for one in (found, nash):
        x = one.shares[0]
        # The surplus above no deal is (1 - b1 - b2) / 2 for each.
        assert abs(x.value - 0.35) < 5.5 * error
        assert (x.high - x.low) / (2 * 1.96) == pytest.approx(error, rel=0.2)


def test_of_lotteries_that_yield_the_same_that_between_neighbours_is_agreed_on() -> None:
    """On a line of terms every lottery of two is worth what one of neighbours is."""
    price = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    surplus = np.stack([10 * price, 6 - 10 * price], axis=1)
    known = Terms(("north", "south"), tuple(f"{one:g}" for one in price), surplus[None], np.zeros((1, 2)))
    for rate in (0.02, 0.1, 0.5):
        offers = alternating_offers(known, rates=(rate, rate), days=1, samples=0)
        for settled in offers.by_proposer:
            prices = [float(name) for name, _ in settled.terms]
            assert max(prices) - min(prices) < 0.21
        north, south = (share.value for share in offers.by_proposer[0].shares)
        # A pie of 6, of which the first mover gets 1 / (1 + what waiting leaves).
        assert (north, north + south) == pytest.approx((6 / (1 + np.exp(-rate)), 6))


def test_patience_is_bargaining_power() -> None:
    """As the days between offers go to 0 the split tends to Nash's with weights in proportion to 1 / r."""
    found = alternating_offers(pie(none=(0.2, 0.1)), rates=(0.01, 0.03), days=0.01, samples=0)
    nash = settlement(pie(none=(0.2, 0.1)), "nash", weights=(1 / 0.01, 1 / 0.03), lotteries=True, samples=0)
    assert values(nash) == pytest.approx([0.525, 0.175])
    assert values(found.expected) == pytest.approx(values(nash), abs=1e-6)


@pytest.mark.parametrize("weights", [(1, 1, 1), (5, 3, 2)])
def test_of_many_parties_that_must_all_agree_each_gets_its_chance_to_propose(weights: tuple[float, ...]) -> None:
    """With equal discounts v_i (1 - d) = p_i (1 - d), so v = p."""
    found = alternating_offers(pie(none=(0, 0, 0)), rates=(0.1,) * 3, days=1, weights=weights, samples=0)
    assert values(found.expected) == pytest.approx(np.array(weights) / sum(weights), abs=1e-9)


# Surpluses of two parties: (4, 1), (3, 3), (1, 4) and one that is bad for the second.
GRID = Terms(
    ("x", "y"), ("low", "even", "high", "bad"), np.array([[[4, 1], [3, 3], [0.5, 4.1], [9, -1]]] * 2), np.zeros((2, 2))
)


def test_solutions_single_out_terms_of_a_grid() -> None:
    assert settlement(GRID, "nash", samples=0).terms == (("even", 1.0),)
    assert settlement(GRID, "nash", weights=(9, 1), samples=0).terms == (("low", 1.0),)
    assert settlement(GRID, "egalitarian", samples=0).terms == (("even", 1.0),)
    # At best x gets 4 and y 4.1 of what is good for both.
    assert settlement(GRID, "kalai-smorodinsky", samples=0).terms == (("even", 1.0),)


@pytest.mark.parametrize("solution", ["nash", "kalai-smorodinsky", "egalitarian"])
def test_terms_by_which_one_gains_and_nobody_loses_are_better_than_no_deal(solution: str) -> None:
    terms = Terms(("x", "y"), ("gift", "swap"), np.array([[[2, 0], [-1, 5]]] * 2), np.zeros((2, 2)))
    found = settlement(terms, solution, samples=0)  # type: ignore[arg-type]
    assert (found.terms, values(found)) == ((("gift", 1.0),), [2, 0])


def test_lotteries_lie_on_the_frontier_between_terms() -> None:
    nash = settlement(GRID, "nash", lotteries=True, samples=0)
    # Between `even` and `bad`: (3 + 6t)(3 - 4t) is largest at t = 1/8.
    assert nash.terms == (("even", pytest.approx(7 / 8)), ("bad", pytest.approx(1 / 8)))
    kalai = settlement(GRID, "kalai-smorodinsky", lotteries=True, samples=0)
    # Where y gets 0 between `even` and `bad`, x gets 7.5; y gets 4.1 at best.
    x, y = values(kalai)
    assert x / 7.5 == pytest.approx(y / 4.1)
    assert (x - 3) / 6 == pytest.approx((3 - y) / 4)


def test_a_zone_of_agreement_is_there_or_not_or_cannot_be_told() -> None:
    generator = np.random.default_rng(2)

    def terms(gain: float, blocks: int) -> Terms:
        shared = generator.normal(0, 5, (blocks, 1, 2))
        deal = shared + np.array([[1, -3], [gain, gain]]) + generator.normal(0, 1, (blocks, 2, 2))
        return Terms(("x", "y"), ("grab", "share"), deal, shared[:, 0])

    there, away, unknown = (zone_of_agreement(terms(gain, 200)) for gain in (0.5, -0.5, 0.02))
    assert (there.standing, there.acceptable) == ("exists", ("share",))
    assert (away.standing, away.acceptable) == ("does not exist", ())
    assert unknown.standing == "not distinguishable"
    (grab,) = [one for one in there.surpluses if (one.terms, one.party) == ("grab", "y")]
    assert grab.low < -3 < grab.high < -2.5


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_zone_is_hardly_ever_seen_where_there_is_none() -> None:
    """Four terms by which nobody gains or loses: 5% of 200 repeats see a zone at most; 31 come once in a million."""
    generator = np.random.default_rng(3)
    seen = {"exists": 0, "does not exist": 0, "not distinguishable": 0}
    for _ in range(200):
        deal = generator.normal(size=(60, 4, 1)) * np.ones(2)
        seen[zone_of_agreement(Terms(("x", "y"), tuple("abcd"), deal, np.zeros((60, 2)))).standing] += 1
    assert 0 < seen["exists"] < 31 and seen["does not exist"] < 31


def test_where_nobody_can_agree_the_solution_is_no_deal() -> None:
    terms = pie(none=(0.7, 0.6))
    found = settlement(terms, "nash", samples=5)
    assert (found.terms, values(found), found.agreed) == ((), [0, 0], 0)
    assert alternating_offers(terms, rates=(0.1, 0.1), days=1, samples=5).expected.terms == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rates": (0.1,), "days": 1}, "one for each party"),
        ({"rates": (0.1, -0.1), "days": 1}, "numbers from 0 up"),
        ({"rates": (0.1, 0.0), "days": 1}, "somebody loses nothing by waiting"),
        ({"rates": (0.1, 0.1), "days": 0}, "somebody loses nothing by waiting"),
        ({"rates": (0.1, 0.1), "days": 1, "weights": (1, 0)}, "a weight above 0 for each of the 2"),
    ],
)
def test_offers_that_make_no_sense_are_refused(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        alternating_offers(pie(), **given)  # type: ignore[arg-type]


def test_terms_that_are_none_are_refused() -> None:
    with pytest.raises(UsageError, match="shape"):
        Terms(("x", "y"), ("a",), np.zeros((3, 2, 2)), np.zeros((3, 2)))
    with pytest.raises(UsageError, match="not a finite number"):
        Terms(("x", "y"), ("a",), np.full((3, 1, 2), np.inf), np.zeros((3, 2)))
    with pytest.raises(UsageError, match="two parties at least"):
        Terms(("x",), ("a",), np.zeros((3, 1, 1)), np.zeros((3, 1)))
    with pytest.raises(UsageError, match="lotteries between terms are worked out for two parties"):
        settlement(pie(none=(0, 0, 0)), "nash", lotteries=True)
