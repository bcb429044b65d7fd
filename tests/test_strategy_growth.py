"""Games that grow: a race whose equilibrium is known, and the search for a best answer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from conformance.strategy.games import race
from standoff.errors import UsageError
from standoff.scenario import PolicyPlan, load
from standoff.strategy import grow_game
from standoff.strategy.bounds import Bounds
from standoff.strategy.responses import best_response
from standoff.strategy.runs import Move, PolicyRuns

RACE = Path(__file__).resolve().parent.parent / "conformance" / "strategy" / "race.yaml"
LONG = pytest.mark.skipif("STANDOFF_VERIFY" not in os.environ, reason="takes half a minute: make verify runs it")


def test_the_search_finds_the_top_of_a_surface_through_noise() -> None:
    """The answer to an effort of y in a race is the root of y less y; luck is shared by all candidates of a call."""
    generator = np.random.default_rng(1)
    plan = PolicyPlan("tries", "north", "policy_north", 1, tunes={"effort": (0.02, 0.98), "waste": (-1.0, 1.0)})

    def search(moves: Sequence[Move], runs: int) -> NDArray[np.float64]:
        tuned = [dict(move.tuned) for move in moves]
        luck = generator.exponential(size=(runs, 1)) / generator.exponential(size=(runs, 1))
        efforts = np.array([one["effort"] for one in tuned])
        waste = np.array([one["waste"] for one in tuned])
        return np.asarray((luck * efforts > 0.25).mean(axis=0) - efforts - 0.2 * (waste - 0.3) ** 2)

    move, _ = best_response(plan, search, generator)
    assert dict(move.tuned)["effort"] == pytest.approx(0.25, abs=0.05)
    assert dict(move.tuned)["waste"] == pytest.approx(0.3, abs=0.1)


def test_a_game_in_which_nothing_can_be_tuned_does_not_grow() -> None:
    with pytest.raises(UsageError, match="no policy that can be tuned; write tunes:"):
        grow_game(load(RACE.with_name("hawk-dove.yaml")), tolerance=0.1)
    with pytest.raises(UsageError, match="above 0"):
        grow_game(load(RACE), tolerance=0)


@LONG
@pytest.mark.statistical(false_alarm=0)
@pytest.mark.timeout(300)
def test_a_race_grows_to_its_equilibrium() -> None:
    """Tullock's contest: each tries with 1/4. From 0.05 within ten rounds, to within 0.02, gaining 0.01 at most.

    At one seed, so with the same numbers every time: a search has no level that could be kept.
    """
    made = grow_game(load(RACE), tolerance=0.01, jobs=2)
    assert made.grown and len(made.rounds) <= 10
    for actor, shares in made.shares.items():
        effort = sum(share * float(name.split()[-1]) for name, share in shares.items())
        assert effort == pytest.approx(race().equilibrium[f"{actor}_effort"], abs=0.02), actor
    assert all(response.high <= 0.01 for response in made.rounds[-1].responses)


def test_a_number_that_is_fixed_is_not_tuned_without_a_word() -> None:
    fixed = load(RACE, settings={"north_effort": 0.1})
    with pytest.raises(UsageError, match=r"'north_tries' sets 'north_effort', which is fixed at 0\.1"):
        grow_game(fixed, tolerance=0.05, rounds=1, blocks=2)


@pytest.mark.parametrize("unit", [1.0, 1e-12])
def test_a_round_answers_what_there_is(unit: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Against an effort of 0.05 the best answer is 0.174, which gains 0.15; few runs find one near it, in any unit.

    The runs that value it are not those that found it, and neither are those of the game.
    """
    numbers: list[NDArray[np.int64]] = []
    answers = PolicyRuns.answers

    def noted(self: PolicyRuns, some: NDArray[np.int64], *more: Any, **options: Any) -> Any:
        numbers.append(some)
        return answers(self, some, *more, **options)

    monkeypatch.setattr(PolicyRuns, "answers", noted)
    text = RACE.read_text(encoding="utf-8")
    for actor in ("north", "south"):
        goal = f'"(1 if won[{actor}] else 0) - {actor}_effort"'
        assert goal in text
        text = text.replace(goal, f'"{unit!r} * ({goal[1:-1]})"')
    (tmp_path / "race.yaml").write_text(text, encoding="utf-8")
    for name, few in (("CANDIDATES", 8), ("FIRST_RUNS", 30), ("SURFACE_RUNS", 60)):
        monkeypatch.setattr(f"standoff.strategy.responses.{name}", few)
    actors = {"north": ("as_written", "north_tries"), "south": ("as_written",)}
    race_in_units = load(tmp_path / "race.yaml")
    made = grow_game(race_in_units, actors=actors, tolerance=0.05 * unit, rounds=1, blocks=50)
    used = np.concatenate(numbers)
    assert len(np.unique(used)) == len(used) > 50
    (only,) = made.rounds
    assert only.shares == {"north": {"as_written": 1.0}, "south": {"as_written": 1.0}} and not made.grown
    (response,) = only.responses
    assert response.actor == "north" and response.added and response.low > 0.05 * unit
    assert float(response.move.split()[-1]) == pytest.approx(race().answers[0.05], abs=0.12)


@pytest.mark.parametrize(
    ("gain", "low", "high", "added", "grown"),
    [(0.2, -0.1, 0.6, False, False), (0.2, -0.1, 0.4, False, True), (0.2, 0.1, 0.4, True, True)],
    ids=["perhaps too much", "surely little", "surely something"],
)
def test_what_may_be_luck_is_not_added_and_what_may_gain_too_much_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, gain: float, low: float, high: float, added: bool, grown: bool
) -> None:
    for name, few in (("CANDIDATES", 4), ("FIRST_RUNS", 2), ("SURFACE_RUNS", 2)):
        monkeypatch.setattr(f"standoff.strategy.responses.{name}", few)
    said = Bounds(*(np.array([one]) for one in (gain, 0.1, low, high)), 2.0)
    monkeypatch.setattr("standoff.strategy.growth.simultaneous", lambda *_, **__: said)
    actors = {"north": ("as_written", "north_tries"), "south": ("as_written",)}
    made = grow_game(load(RACE), actors=actors, tolerance=0.5, rounds=3, blocks=2)
    assert made.grown is grown and len(made.rounds) == (2 if grown else 3)
    assert all(response.added is added for response in made.rounds[0].responses)


def test_a_move_leaves_nothing_of_the_actors_other_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With x at 1 the actor has 10, and tuning y without x gains less: nothing is added to what is best."""
    for name, few in (("CANDIDATES", 8), ("FIRST_RUNS", 4), ("SURFACE_RUNS", 4)):
        monkeypatch.setattr(f"standoff.strategy.responses.{name}", few)
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "standoff: 1\ntitle: Two numbers\nstarts: 2019-01-01\nends: 2019-01-10\nactors: {a: {}, b: {}}\n"
        "parameters: {x: 0, y: 0}\nstate: {luck: {}}\n"
        'rules: {comes: {at: 1, decides: b, then: ["luck = uniform(0, 1)"], silent: true}}\n'
        "goals: {a: {is: 10 * x + y + luck}, b: {is: luck}}\n"
        "policies: {seta: {of: a, parameters: {x: 1}}, tuneb: {of: a, tunes: {y: [0, 1]}}, other: {of: b, "
        "acts: {comes: never}}}\n",
        encoding="utf-8",
    )
    made = grow_game(load(file), tolerance=0.1, blocks=20, rounds=2)
    assert made.grown and made.shares["a"] == {"seta": 1.0}
    for one in made.rounds:
        (response,) = one.responses
        assert not response.added and -9.6 < response.gain < -8.4
