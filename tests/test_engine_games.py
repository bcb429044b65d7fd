"""Random games on scenarios made at random: kernel and twin alike, and a ledger that replays to the bit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine import Program, Trajectory, prepare
from tests.made_scenarios import Maker
from tests.made_world import WORDS
from tests.outcomes import SAMPLERS, assert_same, by_kernel, model_from
from tests.played_games import begun, called_of, played, replayed

TIMES = int(os.environ.get("STANDOFF_VERIFY", "1"))
pytestmark = pytest.mark.usefixtures("no_code_kept")


@pytest.fixture(autouse=True, scope="module")
def _runaways_are_stopped_early() -> Iterator[None]:
    """The twin needs minutes for what the kernel counts as a runaway."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.engine.stepping.EVENT_LIMIT", 1_000)
        patch.setattr("standoff.engine.reference.EVENT_LIMIT", 1_000)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("games")


def made(luck: int, folder: Path) -> Program:
    """A scenario with rules of every kind, two of which are called."""
    chance = Random(luck)
    maker = Maker(luck, wild=False, crowd=False, words=frozenset(chance.sample(WORDS, 1)))
    kinds = ["raise", "called", "called", *chance.sample(["move", "memory", "trigger", "timed", "take"], 3)]
    for number, kind in enumerate(kinds):
        maker.rule(kind, chance.randrange(10**9), number)
    return prepare(model_from(maker.made().text, folder)[0], hurry=True)


@pytest.mark.timeout(1200, method="thread")
@settings(max_examples=2 if TIMES == 1 else 10 * TIMES, suppress_health_check=[HealthCheck.too_slow])
@given(luck=st.integers(0, 10**9))
def test_any_game_is_the_same_for_kernel_and_twin_and_replays_from_its_ledger(luck: int, folder: Path) -> None:
    """Five games a scenario and sampler: 50 in all, and 1,000 when `make verify` asks for it."""
    program = made(luck, folder)
    for game in range(5):
        for sampler in SAMPLERS:
            ended, ledger, refused = played(program, sampler, luck + game, twin=False)
            twins, _, declined = played(program, sampler, luck + game, twin=True)
            assert_same(ended, twins)
            assert refused == declined
            again, refused_again = replayed(program, sampler, luck + game, ledger)
            assert_same(ended, again)
            assert refused == refused_again


def test_random_games_order_ask_and_refuse(folder: Path) -> None:
    """Or the test above would prove little."""
    seen = {"orders": 0, "refused": 0, "answers": 0, "orders that answer": 0, "played to the end": 0}
    games = ((program, game) for scenario in range(8) for program in [made(scenario, folder)] for game in range(5))
    while min(seen.values()) < 3:
        program, game = next(games)
        ended, ledger, refused = played(program, "coupled", game, twin=False)
        seen["orders"] += len(ledger.ahead)
        seen["refused"] += len(refused)
        seen["answers"] += len(ledger.answers)
        seen["orders that answer"] += sum(len(at_once) for at_once, _ in ledger.answers)
        seen["played to the end"] += isinstance(ended, Trajectory)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_run_in_which_every_rule_asks_and_all_say_yes_is_the_unplayed_run(sampler: str, folder: Path) -> None:
    asked = 0
    for luck in range(3 * TIMES):
        program = made(luck, folder)
        session = begun(program, sampler, 0, twin=False)
        session.ask_for(range(program.model.ground_rules))
        while session.advance_to(program.model.days) is not None:
            session.answer(yes=True)
            asked += 1
        assert not called_of(program.model) or not session.orders
        assert_same(session.trajectory(), by_kernel(program, 5, 0, sampler))
    assert asked > 20
