"""Regret is measured on fresh blocks, its bounds hold as often as they say, and luck that was hardly seen counts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from standoff.analysis.answers import student
from standoff.errors import UsageError
from standoff.strategy import Candidate, judge, looks, mean_payoffs, profiles_needed, regret_of, settle
from standoff.strategy.bounds import simultaneous
from standoff.strategy.payoffs import values_against
from standoff.strategy.regret import error_of_look
from tests.made_games import HAWK_DOVE, PRISONERS, Floats, blocks_of, fights, noisy, true_regret

THIRD = ((1 / 3, 2 / 3), (1 / 3, 2 / 3))


def mixed(mean: Floats) -> tuple[tuple[float, ...], ...]:
    """The mix of a 2 x 2 game that leaves both indifferent."""
    mine, theirs = mean[..., 0], mean[..., 1]
    q = (mine[1, 1] - mine[0, 1]) / (mine[0, 0] - mine[0, 1] - mine[1, 0] + mine[1, 1])
    p = (theirs[1, 1] - theirs[1, 0]) / (theirs[0, 0] - theirs[0, 1] - theirs[1, 0] + theirs[1, 1])
    return tuple((share, 1 - share) for share in (float(np.clip(p, 0, 1)), float(np.clip(q, 0, 1))))


def test_blocks_that_found_a_candidate_cannot_measure_its_regret() -> None:
    generator = np.random.default_rng(1)
    finding = fights(100, generator)
    found = Candidate(mixed(finding.mean), found_on=(finding.luck,))
    # What they would say is nothing at all, whatever the truth is.
    assert regret_of(Candidate(found.mix), finding).mean < 1e-12 < 0.001 < true_regret(HAWK_DOVE, found.mix)
    for part in (finding, finding.part(0, 50), finding.part(99, 100)):
        with pytest.raises(UsageError, match=r"fresh blocks: runs .* of seed 0 found this candidate"):
            regret_of(found, part)
        with pytest.raises(UsageError, match="fresh blocks"):
            judge(found, part, tolerance=1)
        with pytest.raises(UsageError, match="fresh blocks"):
            settle([found], lambda _, part=part: part, tolerance=1)
    fresh = fights(100, generator, first=100)
    assert regret_of(found, fresh).high > true_regret(HAWK_DOVE, found.mix)


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_bound_from_fresh_blocks_covers_the_true_regret() -> None:
    """95% at least of 200 repeats; with so many, 173 covered ones or fewer come by chance once in a million."""
    generator = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        finding = fights(50, generator)
        found = Candidate(mixed(finding.mean), found_on=(finding.luck,))
        known = regret_of(found, fights(50, generator, first=50))
        covered += known.low <= true_regret(HAWK_DOVE, found.mix) <= known.high
    assert covered > 173


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(("policies", "repeats", "most"), [(6, 200, 30), (11, 24, 11)], ids=["bonferroni", "max-t"])
def test_the_bounds_of_all_gains_hold_together_and_are_not_wide(policies: int, repeats: int, most: int) -> None:
    """Nobody gains anything in truth: so many alarms come once in a million by chance, on each side.

    Without a part of the error for each of 12 or 22 gains they would come in 40% and more.
    """
    generator = np.random.default_rng(3)
    true = np.zeros((policies, policies, 2))
    even = Candidate(((1 / policies,) * policies,) * 2)
    known = [regret_of(even, noisy(true, 80, generator), error=0.05) for _ in range(repeats)]
    refuted = sum(one.low > 0 for one in known)
    missed = sum(min(gain.high for gain in one.gains) < 0 for one in known)
    assert refuted < most and missed < most
    assert refuted + missed > 0, "bounds that never fail are wider than they say"


def test_of_many_gains_the_bounds_reach_as_far_as_their_joint_law_says() -> None:
    """32 columns of a Hadamard matrix: uncorrelated to the bit, so that Šidák's quantile of Student's law is right.

    Spent twice, the error would end 0.24 standard errors sooner. Data and seed are fixed; seeds differ by 0.13.
    """
    signs = np.ones((1, 1))
    while len(signs) < 256:
        signs = np.block([[signs, signs], [signs, -signs]])
    known = simultaneous(signs[:, 1:33], error=0.05, moved=np.full(32, 256), span=np.full(32, 2.0))
    assert known.reach == pytest.approx(student(0.95 ** (1 / 32), 255), abs=0.16)


def test_gains_are_worked_out_block_by_block_for_any_number_of_actors() -> None:
    generator = np.random.default_rng(4)
    blocks = blocks_of(generator.normal(size=(40, 2, 3, 2, 3)))
    x, y, z = (0.25, 0.75), (0.5, 0.0, 0.5), (1.0, 0.0)
    values = values_against(blocks.payoff, (x, y, z), 1)
    assert values == pytest.approx(np.einsum("rabc,a,c->rb", blocks.payoff[..., 1], x, z))
    known = regret_of(Candidate((x, y, z)), blocks)
    (gain,) = [gain for gain in known.gains if (gain.actor, gain.policy) == ("b", "1")]
    each = values[:, 1] - values @ np.array(y)
    assert (gain.mean, gain.error) == pytest.approx((each.mean(), each.std(ddof=1) / np.sqrt(40)))
    # Actor c keeps to one policy: that policy is no deviation, all others are.
    assert [(one.actor, one.policy) for one in known.gains] == [
        ("a", "0"), ("a", "1"), ("b", "0"), ("b", "1"), ("b", "2"), ("c", "1")
    ]  # fmt: skip


def test_regret_needs_the_support_and_what_one_actor_can_leave_it_for() -> None:
    generator = np.random.default_rng(5)
    payoff = generator.normal(size=(60, 3, 3, 2))
    mix = ((0.5, 0.5, 0.0), (0.0, 0.0, 1.0))
    needed = profiles_needed(mix)
    assert needed.tolist() == [[True, True, True], [True, True, True], [False, False, True]]
    whole = regret_of(Candidate(mix), blocks_of(payoff))
    part = np.where(needed[..., None], payoff, np.nan)
    assert regret_of(Candidate(mix), blocks_of(part)).gains[:3] == whole.gains[:3]
    part[:, 0, 2] = np.nan
    with pytest.raises(UsageError, match="was not run in these blocks"):
        regret_of(Candidate(mix), blocks_of(part))


def test_settled_refuted_and_not_distinguishable_are_told_apart() -> None:
    generator = np.random.default_rng(6)
    blocks = noisy(PRISONERS, 400, generator, noise=0.5)
    defect = judge(Candidate(((0, 1), (0, 1))), blocks, tolerance=0.2)
    assert (defect.standing, defect.deviation, defect.more) == ("settled", None, None)
    assert defect.regret.mean == 0 and defect.regret.largest is not None and defect.regret.largest.mean < -0.8
    cooperate = judge(Candidate(((1, 0), (1, 0))), blocks, tolerance=0.2)
    assert cooperate.standing == "refuted" and cooperate.deviation is not None
    assert cooperate.deviation.policy == "1" and cooperate.regret.low > 1.8


@pytest.mark.parametrize("tolerance", [0.02, 0.1])
def test_what_cannot_be_told_says_how_many_more_blocks_it_takes(tolerance: float) -> None:
    generator = np.random.default_rng(11)
    verdict = judge(Candidate(THIRD), fights(50, generator), tolerance=tolerance)
    assert (verdict.standing, verdict.deviation) == ("not distinguishable", None)
    # Half-widths fall by 1/sqrt(n). To settle, the slowest gain must clear the tolerance; to refute, the quickest.
    gains = verdict.regret.gains
    above = [gain for gain in gains if gain.mean > tolerance]
    assert bool(above) == (tolerance == 0.02)
    wanted = [((gain.high - gain.mean) / (gain.mean - tolerance)) ** 2 for gain in above or gains]
    assert verdict.more == pytest.approx(50 * (min(wanted) if above else max(wanted)) - 50, abs=1)


def test_each_actor_has_a_tolerance_in_the_unit_of_its_own_goal() -> None:
    generator = np.random.default_rng(12)
    blocks = noisy(PRISONERS, 400, generator, noise=0.5)
    in_cents = blocks_of(blocks.payoff * np.array([1, 100]))
    stay = Candidate(((1, 0), (1, 0)))
    verdict = judge(stay, in_cents, tolerance={"b": 300, "a": 3})
    assert (verdict.standing, verdict.tolerance) == ("settled", (3, 300))
    assert judge(stay, in_cents, tolerance={"a": 1, "b": 300}).deviation.actor == "a"  # type: ignore[union-attr]
    assert judge(stay, in_cents, tolerance={"a": 3, "b": 100}).deviation.actor == "b"  # type: ignore[union-attr]
    closest = judge(stay, in_cents, tolerance={"a": 2.01, "b": 201})
    plain = judge(stay, blocks, tolerance=2.01)
    assert closest.standing == plain.standing == "not distinguishable" and closest.more == plain.more
    with pytest.raises(UsageError, match="a tolerance for each of a, b"):
        judge(stay, blocks, tolerance={"a": 1})


def test_looks_double_and_spend_no_more_than_the_error() -> None:
    assert list(looks(most=3200)) == [100, 200, 400, 800, 1600, 3200]
    assert list(looks(most=500)) == [100, 200, 400, 500]
    assert list(looks(most=60)) == [60]
    spent = [error_of_look(0.05, look) for look in range(1, 2000)]
    assert 0.0499 < sum(spent) < 0.05 and spent[0] == 0.025
    assert all(later < earlier for earlier, later in pairwise(spent))


@pytest.mark.statistical(false_alarm=1e-6)
def test_looking_again_and_again_certifies_no_more_falsely_than_stated() -> None:
    """The true regret is just above the tolerance: "settled" is wrong, and 5% of 200 repeats may say it at most.

    Up to 10% come by chance but once in a million at the 1.5% that Student's bounds leave here.
    """
    generator = np.random.default_rng(7)
    leave = Candidate(((1, 0), (1, 0)))
    true = np.zeros((2, 2, 2))
    true[1, 0, 0] = true[0, 1, 1] = 0.1001
    wrong = 0
    for _ in range(200):
        blocks = noisy(true, 800, generator, noise=0.4)
        (verdict,) = settle([leave], lambda n, blocks=blocks: blocks.part(0, n), tolerance=0.1, most=800)
        wrong += verdict.standing == "settled"
    assert wrong < 20


def test_looking_stops_for_each_candidate_when_it_is_clear_and_all_share_the_error() -> None:
    generator = np.random.default_rng(8)
    blocks = fights(800, generator)
    asked = []

    def fresh(count: int) -> object:
        asked.append(count)
        return blocks.part(0, count)

    pure, bad, close = Candidate(((1, 0), (0, 1))), Candidate(((1, 0), (1, 0))), Candidate(THIRD)
    verdicts = settle([pure, bad, close], fresh, tolerance=0.02, most=800)  # type: ignore[arg-type]
    assert [one.standing for one in verdicts] == ["settled", "refuted", "not distinguishable"]
    assert asked == [100, 200, 400, 800]
    assert verdicts[1].look == 1 and verdicts[1].regret.blocks == 100
    assert verdicts[2].look == 4 and verdicts[2].regret.level == pytest.approx(0.05 / 3 / 20)
    assert settle([], fresh, tolerance=0.02) == ()  # type: ignore[arg-type]


def test_a_policy_that_made_no_difference_in_the_blocks_is_not_known_to_make_none() -> None:
    """It starts a war worth 50 in one block of 1,000: 100 blocks without one are no proof of the contrary."""
    generator = np.random.default_rng(9)
    payoff = np.repeat(generator.normal(0, 10, (1600, 1, 1, 2)), 2, axis=1)
    stay = Candidate(((1.0, 0.0), (1.0,)))
    quiet = regret_of(stay, blocks_of(payoff[:100]))
    (gain,) = quiet.gains
    assert (gain.mean, gain.error, gain.moved) == (0, 0, 0)
    # With 2.95% none of 100 comes in 5% of cases; each could have made the largest difference there is.
    assert quiet.high == pytest.approx(np.ptp(payoff[:100, ..., 0]) * (1 - 0.05 ** (1 / 100)))
    payoff[7, 1, 0, 0] += 50
    seen = regret_of(stay, blocks_of(payoff))
    assert seen.gains[0].moved == 1
    assert seen.high == pytest.approx(50 * 4.744 / 1600, rel=2e-3), "one in n has 4.744 in n as its upper end (Poisson)"


def test_a_mix_whose_parts_luck_moves_needs_no_more_blocks_because_they_cancel() -> None:
    """Red probes or not: the gain is 0 in each block, but it is made of differences that luck does move."""
    came = np.random.default_rng(10).random(400) < 0.9
    payoff = np.zeros((400, 2, 2, 2))
    payoff[:, 0, 0, 0], payoff[:, 0, 1, 0] = -5 * came, 3 * came
    known = regret_of(Candidate(((0.5, 0.5), (3 / 8, 5 / 8))), blocks_of(payoff))
    of_red = [gain for gain in known.gains if gain.actor == "a"]
    assert all(gain.moved == int(np.sum(~came)) and abs(gain.high) < 1e-12 for gain in of_red)


def test_the_bounds_of_a_few_gains_are_students() -> None:
    """Two gains of five blocks: at 4 degrees of freedom 2.776445 is the 97.5% quantile, and 2.131847 that of 95%."""
    payoff = np.zeros((5, 2, 2, 2))
    payoff[:, 1, 0, 0], payoff[:, 0, 1, 1] = [1, 2, 3, 4, 5], [2, 4, 6, 8, 10]
    known = regret_of(Candidate(((1, 0), (1, 0))), blocks_of(payoff), error=0.05)
    first, second = known.gains
    assert (first.mean, second.mean) == (3, 6)
    assert first.high - 3 == pytest.approx(2.776445 * np.sqrt(2.5 / 5), rel=1e-6)
    assert 6 - second.low == pytest.approx(2.776445 * np.sqrt(10 / 5), rel=1e-6)
    wider = regret_of(Candidate(((1, 0), (1, 0))), blocks_of(payoff), error=0.1)
    assert wider.gains[0].high - 3 == pytest.approx(2.131847 * np.sqrt(2.5 / 5), rel=1e-6)


def test_mean_payoffs_have_students_interval() -> None:
    payoff = np.zeros((4, 2, 1, 2))
    payoff[:, 0, 0, 0] = [1, 2, 3, 4]
    payoff[:, 1] = np.nan
    first, second = mean_payoffs(blocks_of(payoff))
    assert (first.profile, first.actor, first.mean, first.blocks) == (("0", "0"), "a", 2.5, 4)
    # 3.182446 is the 97.5% quantile at 3 degrees of freedom; the standard error is sqrt(5/3)/2.
    assert first.high - first.mean == pytest.approx(3.182446 * np.sqrt(5 / 3) / 2, rel=1e-6)
    assert (second.actor, second.low, second.high) == ("b", 0, 0)


@pytest.mark.statistical(false_alarm=1e-6)
def test_mean_payoffs_allow_for_luck_that_hardly_shows() -> None:
    """A probe that fails to come in 0.67% of runs: of 300 means of 800 runs, 99.6% are covered, by Student's 90%."""
    generator = np.random.default_rng(11)
    true, missed = 3 * (1 - np.exp(-5)), 0
    for _ in range(300):
        payoff = np.zeros((800, 2, 1, 2))
        payoff[:, 0, 0, 0] = 3 * (generator.random(800) >= np.exp(-5))
        payoff[:, 1, 0, 0] = -5
        known = mean_payoffs(blocks_of(payoff))[0]
        missed += not known.low <= true <= known.high
        assert known.high <= max(3.0, 2 * known.mean - known.low)
    assert missed <= 10


@pytest.mark.parametrize(
    ("payoff", "sentence"),
    [
        (np.zeros((3, 2, 2)), "must have the shape"),
        (np.full((3, 2, 2), np.inf), "must have the shape"),
        (np.zeros((0, 2, 2, 2)), "must have the shape|an actor"),
        (np.full((3, 2, 2, 2), np.inf), "not a finite number"),
        (np.full((3, 2, 2, 2), 1e200), "too large to take differences"),
    ],
)
def test_payoffs_that_are_no_game_are_refused(payoff: Floats, sentence: str) -> None:
    from standoff.strategy import Blocks

    with pytest.raises(UsageError, match=sentence):
        Blocks(("a", "b"), (("x", "y"), ("x", "y")), payoff)


def test_a_profile_that_was_run_in_some_blocks_only_is_refused() -> None:
    payoff = np.zeros((3, 2, 2, 2))
    payoff[1, 0, 1] = np.nan
    with pytest.raises(UsageError, match="in some of the blocks only"):
        blocks_of(payoff)


@pytest.mark.parametrize("mix", [((1, 0),), ((0.5, 0.4), (1, 0)), ((1.5, -0.5), (1, 0)), ((1, 0, 0), (1, 0))])
def test_shares_that_are_no_mix_are_refused(mix: tuple[tuple[float, ...], ...]) -> None:
    with pytest.raises(UsageError, match="share"):
        regret_of(Candidate(mix), fights(10, np.random.default_rng(0)))


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan"), float("inf")])
def test_a_tolerance_that_says_nothing_is_refused(tolerance: float) -> None:
    with pytest.raises(UsageError, match="tolerance must be a number above 0"):
        judge(Candidate(THIRD), fights(10, np.random.default_rng(0)), tolerance=tolerance)
