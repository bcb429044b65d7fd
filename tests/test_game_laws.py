"""What every game obeys: replayed it is the same to the bit, and what nobody says moves nothing."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.engine import Program, prepare
from standoff.engine import run as run_once
from standoff.game import Game, Ledger, Table, odds
from standoff.model import ground
from standoff.scenario import load
from tests.made_plays import SCENARIOS, assert_alike, begun, bits, let_be, play, table

GAMES = 1000 if os.environ.get("STANDOFF_VERIFY") else 30


@cache
def unplayed(number: int) -> Program:
    """The scenario without what its seats see."""
    return prepare(ground(table(number).scenario.resolved), hurry=True)


@settings(max_examples=GAMES)
@given(st.integers(0, SCENARIOS - 1), st.integers(0, 10**9))
def test_a_game_that_is_carried_out_again_is_the_same_to_the_bit(number: int, seed: int) -> None:
    luck = Random(seed)
    seated = luck.choice([("first",), ("second",), ("first", "second")])
    live = begun(table(number), seed=seed, seated=seated)
    play(live, luck, words=luck.randint(0, 60))
    assert_alike(Game(table(number), live.ledger), live)


def test_a_game_that_is_read_from_its_file_is_the_same_to_the_bit(tmp_path: Path) -> None:
    live = begun(table(0), seed=7, seated=("first", "second"), path=str(tmp_path / "a.game"))
    play(live, Random(7), words=40)
    assert len(live.ledger.rows) > 20
    live.ledger.close()
    assert_alike(Game(table(0), Ledger.read(tmp_path / "a.game")), live)


@pytest.mark.skipif(GAMES < 1000, reason="it takes a minute: make verify")
@settings(max_examples=50)
@given(st.sampled_from([None, "weighed"]), st.integers(0, 10**9))
def test_a_game_of_eastern_syria_is_the_same_to_the_bit(variant: str | None, seed: int) -> None:
    luck, of = Random(seed), eastern_syria(variant)
    live = begun(of, seed=seed, seated=tuple(seat for seat in of.seats if luck.random() < 0.6) or ("tehran",))
    play(live, luck, words=50)
    assert_alike(Game(of, live.ledger), live)


@cache
def eastern_syria(variant: str | None) -> Table:
    return Table(load("eastern-syria-2017", variant=variant))


@settings(max_examples=GAMES // 3)
@given(st.integers(0, SCENARIOS - 1), st.integers(0, 10**6))
def test_a_game_in_which_all_is_let_be_is_the_run_that_nobody_plays(number: int, seed: int) -> None:
    game = begun(table(number), seed=seed, seated=("first", "second"))
    for seat in game.header.seated:
        for i, rule in enumerate(game.standing(seat)):
            game.stand(seat, rule, ("model", "ask")[(seed + i) % 2])
    let_be(game)
    alone = run_once(unplayed(number), seed=seed, run=0, sampler="coupled")
    made = game.session.trajectory()
    for part in ("time", "rule", "source", "target", "place", "size", "answers"):
        assert getattr(made, part).tobytes() == getattr(alone, part).tobytes(), part


def test_what_is_looked_at_and_odds_move_nothing() -> None:
    quiet, curious = (begun(table(1), seed=4, seated=("first",)) for _ in range(2))
    for game in (quiet, curious):
        for _ in range(3):
            if game.asked is not None:
                game.answer("first", game.asked.answers[0])
            else:
                game.end_turn("first")
            if game is curious:
                game.view("first")
                game.legal("first")
                odds(game, runs=3)
    assert bits(quiet.session.trajectory()) == bits(curious.session.trajectory())
