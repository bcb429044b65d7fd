"""A scenario of all the newer words, cut anywhere: killed, held, forked, packed and branched, it goes on to the bit."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

import pytest

from standoff.analysis import branch
from standoff.calibration import run as make
from standoff.engine import Program, Sampler, Session, prepare, run
from standoff.game import Game, Ledger, Table
from standoff.game.playing import history
from standoff.model import ground
from standoff.scenario import Scenario, load
from standoff.scenario.loading import load_text
from tests.ensemble_cases import tables_of
from tests.made_plays import assert_alike, begun, bits, let_be, play
from tests.outcomes import SAMPLERS, assert_same

ALL_WORDS = """
standoff: 1
title: All the newer words at once
starts: 2019-01-01T06:00
ends: 2019-03-01
actors: {red: {}, blue: {}}
places: {ford: {at: [34, 40]}, mill: {at: [34.2, 40.1]}}
parameters:
  pace: {prior: "quantiles(5%: 0.2, 50%: 0.5, 95%: 1.5)", unit: 1/day}
  zeal: {prior: "logquantiles(10%: 0.1, 90%: 0.6)", correlates: {pace: 0.6, wait: -0.3}}
  wait: {prior: "uniform(1, 6)", unit: day}
  will: {of: actor, prior: "uniform(0.2, 0.9)", correlates: {will: 0.4}}
state:
  heat: {of: actor, half_life: 5 days}
  stores: {of: place, unit: ton, at_least: 0, at_most: 40}
  short: {of: place, is: truth}
  siege: {is: truth}
  relieved: {}
begin: {stores: 13}
flows:
  eaten: {into: stores, for: {p: place}, rate: -1.2, unit: ton/day}
  brought: {into: stores, for: {p: place}, rate: 1.4, when: not siege, unit: ton/day}
zones: {close: {places: [ford], holder: blue, excludes: [red], recognised_by: [blue]}}
rules:
  raid:
    for: {a: actor, p: place}
    when: a != blue
    rate: pace * (0.2 + zeal * heat[a])
    then: ["heat[a] += uniform(0.2, 1)"]
    event: ASSAULT by a on blue at p
  besieges:
    when: not siege and heat[red] > 1
    after: gamma(2, wait)
    then: [siege = true]
    event: COERCE by red on blue
  relents: {since: besieges, after: "uniform(2 days, 9 days)", then: [siege = false]}
  runs_low: {for: {p: place}, when: "stores[p] <= 8", then: ["short[p] = true"]}
  is_full: {for: {p: place}, when: "stores[p] > 12", then: ["short[p] = false"]}
  convoy:
    every: 4 days
    jitter: 30 hours
    then: [relieved += 1, {for: {p: place}, do: ["stores[p] = min(40, stores[p] + 1.5)"]}]
red_lines:
  entry:
    of: blue
    crossed_by: [{rule: raid, by: a, at: p, if: p in close and a in close_excludes}]
    threshold: {declared: 1, true: 2}
    forgets: 8 days
    seen: 0.9
    willing: "0.5 + 0.4 * will[blue]"
    credibility: {begin: 0.7, lost: 0.3, won: 0.2}
    response:
      delay: uniform(6 hours, 4 days)
      then: ["heat[intruder] *= 0.3"]
      event: ASSAULT (air strike) by blue on intruder at spot
decisions:
  review:
    of: red
    comes: {every: 7 days}
    options: {goes_on: {appeal: 0}, pauses: {appeal: "0.2 - heat[red] * will[red]", then: ["heat[red] = 0"]}}
    policy: {logit: 2}
questions:
  struck: {ask: Is Red struck?, happens: {rule: entry_response}, by: 2019-02-10}
  hungry: {ask: Is the ford short?, first: "short[ford]", by: 2019-03-01}
  late: {ask: Is it short at last?, when: "short[ford]", at: 2019-02-20T12:00, given: struck}
  left: {ask: How much is left?, number: "stores[ford] + heat[red]", at: 2019-02-25}
watch: {stores: {for: {p: place}, of: "stores[p]"}, heat: {of: "heat[red]"}}
every: 2 days
"""
CUTS = [0.0, 3.3, 8.75, 17.0, 31.123, 44.0, 57.9]
"""Days on which sessions are cut: in waits, on dates, between them."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("words") / "words.yaml"
    file.write_text(ALL_WORDS, encoding="utf-8")
    return load(str(file))


@pytest.fixture(scope="module")
def program(scenario: Scenario) -> Program:
    return prepare(ground(scenario.resolved))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_session_that_is_held_forked_and_packed_anywhere_is_the_unbroken_run(
    program: Program, sampler: Sampler
) -> None:
    """Each word has happened in one of these runs at least, and something waits at one of the cuts."""
    came: set[str] = set()
    waiting = 0
    model = program.model
    for number in range(6):
        whole = Session.begin(program, seed=3, run=number, sampler=sampler, all_events=True)
        whole.advance_to(model.days)
        unbroken = whole.trajectory()
        came |= {model.rules[rule].name for rule in model.rule_of[unbroken.rule].tolist()}
        session = Session.begin(program, seed=3, run=number, sampler=sampler, all_events=True)
        for cut in CUTS:
            session.advance_to(cut)
            waiting += bool(session.state("due_besieges") >= 0)
            kept = session.packed()
            forked = session.fork()
            session.advance_to(model.days)
            assert_same(session.trajectory(), unbroken)
            session = Session.unpacked(program, kept) if number % 2 else forked
        session.advance_to(model.days)
        assert_same(session.trajectory(), unbroken)
    assert {
        "raid", "besieges", "relents", "runs_low", "is_full", "convoy", "convoy_comes", "entry_forgets",
        "entry_response", "review_pauses", "moves_stores",
    } <= came  # fmt: skip
    assert waiting


def test_the_world_that_is_branched_is_the_unbroken_run(scenario: Scenario, program: Program) -> None:
    for number, day in ((0, date(2019, 1, 9)), (1, date(2019, 2, 3))):
        made = branch(scenario, seed=3, run=number, at=day, continuations=4)
        answers = run(program, seed=3, run=number, sampler="coupled").answers
        kinds = [question.type for question in program.model.questions]
        own = [float(one >= 0) if kind == "date" else float(one) for one, kind in zip(answers, kinds, strict=True)]
        asked = [question.name for question in program.model.questions]
        assert {one.question: one.own for one in made.questions} == {
            name: value for name, value in zip(asked, own, strict=True) if name != "late"
        }
        again = branch(scenario, seed=3, run=number, at=day, continuations=4)
        assert again.questions == made.questions


@pytest.mark.slow  # test_ensemble_run.py kills an ensemble, and above runs of all words are held and go on.
@pytest.mark.timeout(240)
def test_an_ensemble_that_is_killed_goes_on_as_if_it_had_not_been(scenario: Scenario, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "standoff", "run", str(scenario.path), "--runs", "900", "--jobs", "1", "--quiet"]
    killed = subprocess.Popen([*command, "--out", str(tmp_path / "killed")], stdout=subprocess.DEVNULL)
    parts = tmp_path / "killed" / "parts"
    while killed.poll() is None and len(list(parts.glob("[0-9]*"))) < 1:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "it finished before it could be killed"
    assert json.loads((tmp_path / "killed" / "manifest.json").read_text())["partial"] is True
    kept: list[int] = []
    make(scenario, runs=900, seed=1, out=tmp_path / "killed", progress=lambda done, total: kept.append(done))
    assert 0 < kept[0] < 900
    make(scenario, runs=900, seed=1, out=tmp_path / "whole")
    assert tables_of(tmp_path / "killed") == tables_of(tmp_path / "whole")


# -- played ------------------------------------------------------------------------------------------------------------

SEATED = """
orders:
  sortie:
    of: blue
    for: {p: place}
    amounts: {n: [1, 2]}
    every: 3 days
    takes: gamma(2, 3 days)
    commits: [relieved += n]
    then: ["stores[p] = min(40, stores[p] + n)"]
    event: MOBILIZE by blue at p
    otherwise: {rate: 0.02}
  calm: {of: red, takes: "uniform(6 hours, 2 days)", then: ["heat[red] = 0"], event: YIELD by red on blue}
seats: {north: {plays: red}, south: {plays: blue}}
turns: {every: 5 days, until: [besieges]}
sees:
  - {who: everyone, what: [stores, heat], parameters: "will[red]", events: {}}
  - {who: south, what: siege, when: "relieved > 2"}
"""


@pytest.fixture(scope="module")
def table() -> Table:
    text = ALL_WORDS.replace("    event: ASSAULT by a on", "    decides: a\n    event: ASSAULT by a on", 1)
    text = text.replace("    of: blue\n    crossed_by", "    of: blue\n    decides: true\n    crossed_by")
    return Table(load_text(text + SEATED, "words"))


@pytest.mark.parametrize("seed", range(3))
def test_a_game_of_all_words_that_is_cut_and_undone_anywhere_is_the_same_to_the_bit(
    table: Table, seed: int, tmp_path: Path
) -> None:
    """Orders, answers, turns back to any row, with other luck or the same; read from its file after every few words."""
    luck, path = Random(seed), tmp_path / "words.game"
    live = begun(table, seed=seed, seated=("north", "south"), path=str(path))
    for _ in range(4):
        play(live, luck, words=12)
        live.ledger.close()
        again = Game(table, Ledger.read(path))
        assert_alike(again, live)
        live = again
    line = history(live.ledger.rows)
    ended = []
    for fresh in (False, False, True):
        live.back_to("north", line[len(line) // 2].number, fresh=fresh)
        assert_alike(Game(table, live.ledger), live)
        let_be(live)
        ended.append(bits(live.session.trajectory()))
    # Undone, and played again with the same luck, it is what it was; with other luck it is not.
    assert ended[0] == ended[1] != ended[2]
    assert_alike(Game(table, live.ledger), live)
    came = {table.model.rules[rule].name for rule in table.model.rule_of[live.session.trajectory().rule].tolist()}
    assert {"raid", "convoy"} <= came
    assert {"order", "answer", "ready", "back"} <= {row.kind for row in live.ledger.rows}


def test_a_game_of_all_words_in_which_all_is_let_be_is_the_run_that_nobody_plays(table: Table) -> None:
    game = begun(table, seed=3, seated=("north", "south"))
    for seat in game.header.seated:
        for rule in game.standing(seat):
            game.stand(seat, rule, "model")
    let_be(game)
    alone = run(prepare(ground(table.scenario.resolved)), seed=3, run=0, sampler="coupled")
    mine = game.session.trajectory()
    for part in ("time", "rule", "source", "target", "place", "size", "answers"):
        assert getattr(mine, part).tobytes() == getattr(alone, part).tobytes(), part
