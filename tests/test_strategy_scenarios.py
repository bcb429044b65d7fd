"""Games of scenarios: what actors gain under each profile, against what is known without a run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from conformance.strategy.games import GAMES
from standoff.ensemble import Where
from standoff.scenario import load
from standoff.strategy import Blocks
from standoff.strategy.game import ScenarioGame, players
from standoff.strategy.runs import PolicyRuns

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "strategy"


def blocks_of(name: str, count: int, *, seed: int = 1, jobs: int = 1) -> Blocks:
    """Blocks of a known game."""
    runs = PolicyRuns(load(FOLDER / f"{name}.yaml"), seed=seed, where=Where(jobs))
    return ScenarioGame(runs, players(runs, None)).blocks(0, count)


@pytest.mark.parametrize("name", GAMES)
def test_mean_payoffs_are_those_that_are_known(name: str) -> None:
    """Within 4 standard errors; with at most 8 payoffs a game the false-alarm rate is below 1 in 300."""
    game, blocks = GAMES[name](), blocks_of(name, 400)
    for at in np.ndindex(blocks.payoff.shape[1:-1]):
        profile = (blocks.policies[0][at[0]], blocks.policies[1][at[1]])
        values = blocks.payoff[(slice(None), *at)]
        error = np.maximum(values.std(axis=0, ddof=1) / np.sqrt(len(blocks)), 1e-9)
        assert (np.abs(values.mean(axis=0) - game.payoffs[profile]) <= 4 * error).all(), profile


@pytest.mark.parametrize("name", GAMES)
def test_the_stored_answers_are_those_of_the_formulas(name: str) -> None:
    stored = json.loads((FOLDER / f"{name}.answers.json").read_text(encoding="utf-8"))
    game = GAMES[name]()
    assert {tuple(row["profile"]): tuple(row["payoffs"]) for row in stored["payoffs"]} == game.payoffs
    assert stored["equilibria"] == list(game.equilibria)


def test_every_game_has_its_scenario_and_every_scenario_its_answers() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(GAMES)


@pytest.mark.parametrize("name", GAMES)
def test_equilibria_that_are_known_leave_nobody_better_off(name: str) -> None:
    game = GAMES[name]()
    actors = list(game.equilibria[0])
    for shares in game.equilibria:
        for who, actor in enumerate(actors):
            other = actors[1 - who]
            worth = {
                own: sum(
                    share * game.payoffs[(own, policy) if who == 0 else (policy, own)][who]
                    for policy, share in shares[other].items()
                )
                for own in {profile[who] for profile in game.payoffs}
            }
            best = max(worth.values())
            assert all(worth[policy] == pytest.approx(best) for policy, share in shares[actor].items() if share > 0)


def test_blocks_do_not_depend_on_workers_or_on_how_they_are_cut() -> None:
    whole = blocks_of("hawk-dove", 40)
    runs = PolicyRuns(load(FOLDER / "hawk-dove.yaml"), seed=1, where=Where(2))
    reversed_policies = {actor: tuple(reversed(own)) for actor, own in players(runs, None).items()}
    parts = [ScenarioGame(runs, reversed_policies).blocks(first, 20).payoff[:, ::-1, ::-1] for first in (0, 20)]
    assert np.concatenate(parts).tolist() == whole.payoff.tolist()
