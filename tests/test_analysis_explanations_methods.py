"""The methods that explanations rest on, against known answers: classes, divergence, intervals, influence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from standoff.analysis.answers.probability import newcombe
from standoff.analysis.explanations.divergence import divergence
from standoff.analysis.explanations.influence import influence
from standoff.analysis.explanations.routes import classes
from standoff.analysis.explanations.target import find_target
from standoff.model import ground
from standoff.scenario import load

GRID = np.arange(0.0, 11.0)


def drawn(shares: list[list[float]], runs: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    generator = np.random.default_rng(5)
    return np.vstack([generator.random((n, len(each))) < each for each, n in zip(shares, runs, strict=True)])


def test_marks_that_come_independently_make_one_class() -> None:
    for width in (1, 5, 40):
        assert classes(drawn([[0.5] * width], [300]), seed=1).count == 1


@pytest.mark.parametrize("runs", [[150, 100], [120, 90, 60]])
def test_planted_classes_are_found_again_with_the_largest_first(runs: list[int]) -> None:
    shares = [[0.95 if j // 4 == i else 0.05 for j in range(4 * len(runs))] + [0.5] * 5 for i in range(len(runs))]
    found = classes(drawn(shares, runs), seed=1)
    planted = np.repeat(np.arange(len(runs)), runs)
    assert found.count == len(runs)
    assert (found.of == planted).mean() > 0.98


def test_no_marks_or_no_runs_make_one_class() -> None:
    assert classes(np.zeros((20, 0), np.bool_), seed=1).count == 1
    assert classes(np.zeros((0, 4), np.bool_), seed=1).count == 1


def test_groups_diverge_at_the_first_time_at_which_an_event_tells_them_apart() -> None:
    """Kind 1 comes in one group only, from day 3 on; kind 0 comes alike in both."""
    first = np.full((80, 3), np.inf)
    first[::2, 0] = 1.5
    first[:40, 1] = 2.5
    groups = np.repeat([0, 1], 40)
    never = np.full(80, np.inf)
    found = divergence(first, groups, never, GRID)
    assert found is not None and (found.days, found.ground_rule) == (3.0, 1)
    assert divergence(first[:, [0, 2]], groups, never, GRID) is None
    assert divergence(first, np.zeros(80, np.int64), never, GRID) is None


def test_divergence_takes_what_fishers_test_takes_after_bonferroni() -> None:
    """4 of 4 against 0 of 4: p = 2/70. With one kind and one time that is below 0.05; with two times it is not."""
    first = np.array([[1.0]] * 4 + [[np.inf]] * 4)
    groups = np.repeat([0, 1], 4)
    assert divergence(first, groups, np.full(8, np.inf), np.array([5.0])) is not None
    assert divergence(first, groups, np.full(8, np.inf), np.array([5.0, 6.0])) is None


def test_a_consequence_of_the_outcome_is_no_sign_of_it() -> None:
    """Kind 0 comes a day after the outcome, and only then; kind 1 comes before it in the runs that see it."""
    outcome = np.array([4.5] * 40 + [np.inf] * 40)
    first = np.full((80, 2), np.inf)
    first[:40, 0] = 5.5
    groups = np.repeat([1, 0], 40)
    assert divergence(first, groups, outcome, GRID) is None
    first[:40, 1] = 2.5
    found = divergence(first, groups, outcome, GRID)
    assert found is not None and (found.days, found.ground_rule) == (3.0, 1)


@pytest.mark.statistical(false_alarm=1e-6)
def test_runs_whose_outcome_came_early_do_not_count_as_runs_without_an_event() -> None:
    """An event that comes alike in all runs is no sign where half of them see their outcome before most such events."""
    generator = np.random.default_rng(9)
    found = 0
    for _ in range(100):
        first = generator.exponential(5.0, (60, 2))
        outcome = np.concatenate([generator.exponential(3.0, 30), np.full(30, np.inf)])
        found += divergence(first, np.repeat([1, 0], 30), outcome, GRID) is not None
    assert found < 19


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_divergence_that_is_not_there_is_found_no_more_often_than_stated() -> None:
    """At most 5 in 100 of 300 experiments in which nothing differs; 37 or more would come once in a million."""
    generator = np.random.default_rng(8)
    found = 0
    for _ in range(300):
        first = generator.exponential(5.0, (40, 3))
        found += divergence(first, np.repeat([0, 1], 20), np.full(40, np.inf), np.array([2.0, 4.0])) is not None
    assert found < 37


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """His table II: 56/70 against 48/80 gives 0.0524 to 0.3339, and 10/10 against 0/20 gives 0.6791 to 1."""
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(10, 10, 0, 20) == pytest.approx((0.6791, 1.0), abs=5e-5)


def test_what_reaches_an_answer_is_followed_through_rules_loops_and_lookups(tmp_path: Path) -> None:
    file = tmp_path / "reach.yaml"
    file.write_text(
        """
standoff: 1
title: Reach
starts: 2017-01-01
ends: 2017-02-01
actors: {a: {}, b: {}}
places: {ford: {}, mill: {}}
state:
  holder: {of: place, is: actor}
  force: {of: [actor, place]}
  pay: {of: actor}
  rumour: {}
  weather: {}
  seat: {is: place}
begin: {holder: {ford: a, mill: b}}
rules:
  taken: {for: {p: place}, when: "force[holder[p], p] < 1", rate: 1, then: ["holder[p] = none"]}
  paid: {for: {x: actor}, rate: 1, then: [{for: {p: place}, do: ["force[x, p] += pay[x]"]}]}
  wages: {for: {x: actor}, rate: 1, then: ["pay[x] += 1"]}
  talk: {rate: weather, then: [rumour += 1]}
  moved: {rate: 1, then: [seat = ford]}
  given: {rate: 1, then: ["holder[seat] = b"]}
questions: {free: {ask: Is the mill free?, when: "holder[mill] == none", at: 2017-02-01}}
""",
        encoding="utf-8",
    )
    scenario = load(str(file))
    model = ground(scenario.resolved)
    reach = influence(find_target(scenario, model, "free"))
    found = {model.slot_name(slot).partition("[")[0] for slot in np.flatnonzero(reach)}
    assert {"holder", "force", "pay", "seat"} <= found
    assert not {"rumour", "weather"} & found
