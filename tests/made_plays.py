"""Made scenarios with seats, and players who say whatever can be said, for laws that every game obeys."""

from __future__ import annotations

import json
import os
from functools import cache
from random import Random
from typing import Any

import numpy as np

from standoff import __version__
from standoff.engine import Trajectory
from standoff.errors import UsageError
from standoff.game import Game, Header, Ledger, Table
from standoff.scenario.loading import load_text
from tests.made_scenarios import Maker
from tests.made_world import WORDS
from tests.outcomes import unchecked

KINDS = ("raise", "move", "lose", "shared", "memory", "trigger", "timed", "called", "take", "draw_down")
PARTS = ("time", "rule", "source", "target", "place", "size", "series", "answers")
SCENARIOS = 8 if os.environ.get("STANDOFF_VERIFY") else 2


@cache
def table(number: int) -> Table:
    """One of a few made scenarios, as it is played by two seats."""
    luck = Random(number)
    maker = Maker(number, wild=False, crowd=False, words=frozenset(WORDS))
    for place, kind in enumerate(KINDS):
        maker.rule(kind, number + 10 * place, place)
    maker.document["rules"]["raise_0"] |= {"event": "MOBILIZE by a at p"}
    one, two = list(maker.document["actors"])[:2]
    for rule in maker.document["rules"].values():
        if luck.random() < 0.6:
            rule["decides"] = luck.choice([one, two])
    maker.document |= {
        "seats": {"first": {"plays": one}, "second": {"plays": two}},
        "turns": {"every": luck.choice(["5 days", "36 hours", "8 days"]), "until": ["raise_0", "lose_2"]},
        "sees": sights(),
    }
    return Table(unchecked(load_text(json.dumps(maker.document), f"made-{number}")))


def sights() -> list[dict[str, Any]]:
    """What the seats of a made scenario see."""
    return [
        {"who": "everyone", "what": ["tension", "holder", "pull"], "parameters": "daring"},
        {"who": "a", "for": {"a": "actor", "p": "place"}, "what": "force[a, p]"},
        {"who": "first", "what": "mood", "when": "tension > 2"},
        {"who": "second", "events": {}, "hides": ["source"]},
        {"who": "first", "events": {"type": "MOBILIZE"}},
    ]


def begun(of: Table, *, seed: int, seated: tuple[str, ...], path: str = ":memory:") -> Game:
    """A game at its start."""
    scenario = of.scenario
    header = Header(scenario.name, scenario.text, scenario.digest, __version__, seed, 0, seated)
    return Game(of, Ledger.create(path, header))


def play(game: Game, luck: Random, *, words: int) -> None:
    """Say so many things at random; what is refused changes nothing."""
    for _ in range(words):
        waiting = game.waits_for()
        if not waiting:
            return
        before = len(game.ledger.rows)
        try:
            say(game, luck.choice(waiting), luck)
        except UsageError:
            assert len(game.ledger.rows) == before


def say(game: Game, seat: str, luck: Random) -> None:
    """Say one thing."""
    asked, chance = game.asked, luck.random()
    if chance < 0.03:
        game.back_to(seat, luck.choice([0, *(row.number for row in game.ledger.rows)]), fresh=luck.random() < 0.7)
    elif game.phase == "asking" and asked is not None:
        game.answer(seat, luck.choice(asked.answers))
    elif chance < 0.35:
        game.end_turn(seat)
    elif chance < 0.5 and game.standing(seat):
        game.stand(seat, luck.choice(list(game.standing(seat))), luck.choice(("model", "never", "ask")))
    elif chance < 0.9 and game.legal(seat):
        choice = luck.choice(game.legal(seat))
        game.order(seat, choice.rule, choice.binding)
    elif game.drafted(seat):
        choice = luck.choice(game.drafted(seat))
        game.take_back(seat, choice.rule, choice.binding)


def bits(made: Trajectory) -> list[bytes]:
    """All that a run leaves, to the bit."""
    return [np.asarray(getattr(made, part)).tobytes() for part in PARTS]


def assert_alike(again: Game, live: Game) -> None:
    """Two games are alike in all that they hold and show."""
    assert bits(again.session.trajectory()) == bits(live.session.trajectory())
    assert (again.day, again.turn, again.phase, again.fault) == (live.day, live.turn, live.phase, live.fault)
    assert again.asked == live.asked
    for seat in live.header.seated:
        assert again.view(seat) == live.view(seat)
        assert again.legal(seat) == live.legal(seat)
        assert again.drafted(seat) == live.drafted(seat)
        assert again.outcomes(seat) == live.outcomes(seat)
        assert again.standing(seat) == live.standing(seat)


def let_be(game: Game) -> None:
    """Let everything happen as it is written, to the end.

    A rule that is asked about at the start is asked about before anybody can say how it stands.
    """
    while game.phase != "over":
        asked, seat = game.asked, game.waits_for()[0]
        if asked is not None:
            game.answer(seat, "model" if "model" in asked.answers else "yes")
        else:
            game.end_turn(seat)
