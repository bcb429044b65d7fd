"""Levers by four criteria: known answers, intervals that hold, and no regret out of single runs."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.errors import UsageError
from standoff.strategy import Trials, weigh_levers
from standoff.strategy.lever_choice import _swings
from standoff.strategy.levers import possible_values

# Mean 4, 4.25, 5: c. Worst 3, 0, 2: a. Largest regret 6, 4, 5: b.
FOUR_WORLDS = np.array([[3, 5, 4, 4], [4, 7, 6, 0], [4, 2, 10, 4]], dtype=float)


def trials(generator: np.random.Generator, replicates: int, *, drawn: bool = False) -> Trials:
    noise = generator.normal(size=(3, 4, replicates))
    return Trials(("a", "b", "c"), tuple("wxyz"), FOUR_WORLDS[..., None] + noise, drawn=drawn)


@pytest.mark.statistical(false_alarm=1e-6)
def test_three_criteria_name_three_levers_and_their_intervals_hold() -> None:
    """S9, 500 repeats: at 95% fewer than 445 of them come by chance less than once in a million."""
    generator = np.random.default_rng(1)
    held = np.zeros((3, 3))
    for _ in range(500):
        weighed = weigh_levers(trials(generator, 400))
        assert [(one.criterion, one.lever, one.clear) for one in weighed.best] == [
            ("mean", "c", True), ("worst", "a", True), ("regret", "b", True)
        ]  # fmt: skip
        for at, (value, true) in enumerate(zip(weighed.values, ((4, 3, 6), (4.25, 0, 4), (5, 2, 5)), strict=True)):
            assert value.worst is not None and value.regret is not None
            known = (value.mean, value.worst, value.regret)
            held[at] += [one.low <= wanted <= one.high for one, wanted in zip(known, true, strict=True)]
    assert held.min() >= 445


@pytest.mark.statistical(false_alarm=1e-6)
def test_three_equal_levers_have_no_regret_though_the_plain_estimate_says_so() -> None:
    """S10, 800 repeats of 3 levers: intervals hold in 95% of them within 2 (726 is 90.8%, once in a million)."""
    generator = np.random.default_rng(2)
    held, plain, crossed = 0, [], []
    for _ in range(800):
        regret = weigh_levers(Trials(("a", "b", "c"), ("w",), generator.normal(size=(3, 1, 400)), drawn=False))
        (estimate,) = [one.regret for one in regret.values if one.lever == "a"]
        assert estimate is not None and estimate.plain is not None
        held += estimate.low <= 0 <= estimate.high
        plain.append(20 * estimate.plain)
        crossed.append(20 * estimate.value)
    assert 726 <= held <= 0.985 * 800
    # The largest of three is 0.846 standard errors too high; five standard errors of 800 repeats are 0.15 and 0.18.
    assert np.mean(plain) == pytest.approx(0.846, abs=0.15)
    assert np.mean(crossed) == pytest.approx(0, abs=0.18)


@pytest.mark.parametrize("replicates", [4, 20])
def test_what_is_told_of_levers_is_possible(replicates: int) -> None:
    """Cross-fitted values are right on average, and of three equal levers lie below 0 about as often as above."""
    generator, below, beyond = np.random.default_rng(8), 0, 0
    for _ in range(60):
        equal = Trials(("a", "b", "c"), ("v", "w"), generator.normal(size=(3, 2, replicates)))
        weighed = weigh_levers(equal)
        for raw, value, own in zip(weighed.values, possible_values(weighed, equal), equal.payoff, strict=True):
            assert raw.regret is not None and value.regret is not None and value.worst is not None
            below += raw.regret.value < 0
            assert 0 <= value.regret.low <= value.regret.value <= value.regret.high
            assert value.worst.low <= value.worst.value <= value.worst.high
            beyond += value.worst.low < own.min()
            if replicates == 20:
                assert own.min() <= value.worst.low and value.worst.high <= own.max()
    assert below > 20
    # Four replicates do not bound a worst world by what was seen of it.
    assert (beyond > 20) == (replicates == 4)


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize("replicates", [4, 8])
def test_what_is_possible_still_covers_the_worst_world_and_the_regret(replicates: int) -> None:
    """400 repeats of four worlds: at 95% fewer than 352 intervals hold by chance less than once in a million."""
    generator = np.random.default_rng(9)
    held = np.zeros((3, 2))
    for _ in range(400):
        known = trials(generator, replicates)
        values = possible_values(weigh_levers(known), known)
        for at, (value, true) in enumerate(zip(values, ((3, 6), (0, 4), (2, 5)), strict=True)):
            assert value.worst is not None and value.regret is not None
            held[at] += [one.low <= wanted <= one.high for one, wanted in zip((value.worst, value.regret), true,
                         strict=True)]  # fmt: skip
    assert held.min() >= 352


def test_no_swing_is_below_zero() -> None:
    generator = np.random.default_rng(10)
    for _ in range(20):
        for one in _swings({"these": 2, "those": 2}, generator.normal(size=(4, 8))):
            assert 0 <= one.swing.low <= one.swing.value <= one.swing.high


def test_one_run_in_each_world_has_means_and_shares_and_is_refused_for_regret() -> None:
    generator = np.random.default_rng(3)
    payoff = FOUR_WORLDS[:, generator.integers(0, 4, 200)][..., None] + generator.normal(size=(3, 200, 1))
    single = Trials(("a", "b", "c"), tuple(map(str, range(200))), payoff)
    with pytest.raises(UsageError, match="minimax regret needs 4 replicates of each world at least, not 1"):
        weigh_levers(single, threshold=3)
    weighed = weigh_levers(single, threshold=3, regret=False)
    assert [one.criterion for one in weighed.best] == ["mean", "share"]
    c = weighed.values[2]
    assert c.worst is None and c.regret is None and c.share is not None
    assert c.mean.low < 5 < c.mean.high
    assert c.mean.value == pytest.approx(payoff[2].mean())
    assert c.share.value == pytest.approx(np.mean(payoff[2] >= 3))
    with pytest.raises(UsageError, match="threshold must be a number"):
        weigh_levers(single, threshold=float("nan"), regret=False)


def test_the_share_of_listed_worlds_counts_what_is_beyond_its_error() -> None:
    weighed = weigh_levers(trials(np.random.default_rng(4), 400), threshold=4)
    shares = [(one.share.low, one.share.high) for one in weighed.values if one.share is not None]
    # Two of a's worlds and one of the others' are exactly at the threshold: nobody can tell them.
    assert shares == [(0.25, 0.75), (0.5, 0.75), (0.25, 0.75)]


def test_listed_worlds_are_beyond_the_threshold_for_sure_only_if_all_of_them_together_are() -> None:
    """Each of twenty is 3 standard errors above: enough for one (2.4), too little for twenty at once (4.7)."""
    wave = np.tile([1.0, -1.0], 4)
    payoff = np.broadcast_to(wave + 3 * wave.std(ddof=1) / np.sqrt(8), (1, 20, 8))
    names = tuple(map(str, range(20)))
    shares = [weigh_levers(Trials(("only",), names, payoff, drawn=drawn), threshold=0) for drawn in (False, True)]
    listed, drawn = (one.values[0].share for one in shares)
    assert listed is not None and drawn is not None
    assert (listed.low, listed.value, listed.high) == (0.0, 1.0, 1.0)
    assert drawn.low == pytest.approx(20 / (20 + 1.96**2), abs=1e-3)


def test_worlds_that_were_drawn_count_with_what_else_might_have_been_drawn() -> None:
    generator = np.random.default_rng(5)
    listed, drawn = (weigh_levers(trials(generator, 400, drawn=drawn), threshold=2.5) for drawn in (False, True))
    # Student's 95% of four worlds: 3.182 standard errors, and the worlds of c have a standard deviation of 3.46.
    assert drawn.values[2].mean.high - drawn.values[2].mean.value == pytest.approx(3.182 * 3.46 / 2, rel=0.02)
    assert listed.values[2].mean.high - listed.values[2].mean.value < 0.06
    assert listed.values[0].share is not None and drawn.values[0].share is not None
    assert (listed.values[0].share.low, listed.values[0].share.high) == (1, 1)
    assert drawn.values[0].share.low == pytest.approx(4 / (4 + 1.96**2), abs=1e-3)
    assert not drawn.best[0].clear and listed.best[0].clear


def test_one_lever_is_the_best_of_all_and_meets_the_threshold_that_it_equals() -> None:
    payoff = np.array([[[1.0, 1.0, 1.0, 1.0], [3.0, 3.0, 3.0, 3.0]]])
    weighed = weigh_levers(Trials(("only",), ("v", "w"), payoff, drawn=False), threshold=3)
    assert [(one.criterion, one.lever, one.clear) for one in weighed.best] == [
        ("mean", "only", True), ("worst", "only", True), ("regret", "only", True), ("share", "only", True)
    ]  # fmt: skip
    (value,) = weighed.values
    assert value.share is not None and (value.share.low, value.share.value, value.share.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(("shape", "drawn"), [((2, 1, 20), True), ((2, 9, 1), False)])
def test_one_world_or_one_replicate_alone_is_refused(shape: tuple[int, ...], drawn: bool) -> None:
    worlds = tuple(map(str, range(shape[1])))
    with pytest.raises(UsageError, match="how much others differ: give two"):
        weigh_levers(Trials(("a", "b"), worlds, np.zeros(shape), drawn=drawn), regret=False)


def test_luck_that_levers_share_makes_the_best_one_clear() -> None:
    """The means overlap by far, and each difference is certain."""
    shared = np.random.default_rng(6).normal(0, 50, (1, 1, 400))
    payoff = shared + np.array([0, 1, 3])[:, None, None] + np.random.default_rng(7).normal(0, 1, (3, 1, 400))
    weighed = weigh_levers(Trials(("a", "b", "c"), ("w",), payoff, drawn=False))
    assert (weighed.best[0].lever, weighed.best[0].clear) == ("c", True)
    assert weighed.values[0].mean.high > weighed.values[2].mean.value


@pytest.mark.parametrize(
    ("payoff", "sentence"),
    [(np.zeros((2, 2)), "must have the shape"), (np.full((2, 1, 4), np.nan), "not a finite number")],
)
def test_trials_that_are_none_are_refused(payoff: np.ndarray, sentence: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError, match=sentence):
        Trials(("a", "b"), ("w",), payoff)
