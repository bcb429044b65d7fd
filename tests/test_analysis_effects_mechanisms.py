"""Mechanisms knocked out: what carries each is switched off in one model, and what that moves is known exactly."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import knock_out
from standoff.analysis.answers import student
from standoff.analysis.effects import KnockOut, KnockOuts, difference
from standoff.cli.app import app
from standoff.engine import draw_parameters, prepare
from standoff.engine import run as run_once
from standoff.errors import RunStopped, UsageError
from standoff.model import ground
from standoff.scenario import KNOCKED_OUT, knock_out_plans, load, load_text

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "valid"
FILE = FOLDER / "mechanisms.yaml"
WRITTEN = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> KnockOuts:
    return knock_out(load(FILE), seed=3, runs=100)


def one(made: KnockOuts, name: str) -> KnockOut:
    return next(tried for tried in made.mechanisms if tried.mechanism == name)


def differences(tried: KnockOut) -> dict[str, float]:
    """What was moved, by question."""
    return {moved.question: moved.difference for moved in tried.moved}


def test_what_carries_a_mechanism_never_happens_and_all_else_does(made: KnockOuts) -> None:
    """Nothing of it is luck: 2 companies alone press nobody, and 4 do; whoever is not pressed does not decide."""
    nothing = {"pressed": 0.0, "dared": 0.0, "answered": 0.0, "truce": 0.0}
    assert {tried.mechanism: differences(tried) for tried in made.mechanisms} == {
        "M1": {**nothing, "pressed": -1.0, "dared": -1.0, "answered": -1.0},
        "M2": nothing,
        "M3": {**nothing, "answered": -1.0},
        "M4": {**nothing, "dared": -1.0},
        "M5": {**nothing, "truce": -1.0},
        "M6": {**nothing, "pressed": -1.0, "dared": -1.0},
        "M7": {},
    }


def test_a_table_says_by_what_it_was_removed_and_what_it_shares(made: KnockOuts) -> None:
    told = {tried.mechanism: (tried.rules, tried.shared, tried.off) for tried in made.mechanisms}
    assert told == {
        "M1": (("masses", "arms"), ("arms",), {}),
        "M2": (("arms",), ("arms",), {}),
        "M3": (("line_response",), (), {}),
        "M4": (("courage_dare",), (), {}),
        "M5": (("truce_struck",), (), {}),
        "M6": ((), (), {"gravity": 0.0}),
        "M7": ((), (), {}),
    }


def test_a_coefficient_is_switched_off_alone_although_rules_carry_its_mechanism() -> None:
    text = WRITTEN.replace("  M6: {", "  M2: {off: {gravity: 0}}\n  M6: {")
    (tried,) = knock_out(load_text(text, "alone"), runs=100, only=["M2"]).mechanisms
    assert (tried.rules, tried.off) == ((), {"gravity": 0.0})
    assert differences(tried) == {"pressed": -1.0, "dared": -1.0, "answered": 0.0, "truce": 0.0}


def test_the_intervals_of_a_mechanism_hold_for_all_its_answers_together(made: KnockOuts) -> None:
    """Agresti and Min's, of 100 pairs that all change, at a 95% level shared by four answers."""
    moved = next(moved for moved in one(made, "M3").moved if moved.question == "answered")
    reach = student(1 - 0.05 / 2 / 4, 99)
    base, without = np.ones(100), np.zeros(100)
    alone = difference(base, without, same=False, share=True, reach=reach)
    assert (moved.low, moved.high) == (alone.low, alone.high)
    assert moved.material and not next(one for one in made.mechanisms[1].moved).material


def test_an_answer_is_the_mechanisms_own_event_where_its_rule_writes_it(made: KnockOuts) -> None:
    own = {tried.mechanism: {moved.question for moved in tried.moved if moved.own} for tried in made.mechanisms}
    assert own == {
        "M1": set(), "M2": set(), "M3": {"answered"}, "M4": {"dared"}, "M5": {"truce"}, "M6": {"pressed"}, "M7": set(),
    }  # fmt: skip
    distances = {moved.question: moved.distance for moved in one(made, "M1").moved}
    assert distances == {"pressed": 2, "dared": 3, "answered": 2, "truce": None}


def test_only_forecasts_are_looked_at_where_there_are_some(made: KnockOuts) -> None:
    assert (made.forecasts, made.questions) == (True, 4)
    text = re.sub(r", forecast: \{[^}]*\}", "", WRITTEN)
    without = knock_out(load_text(text, "none"), runs=100, only=["M4"])
    assert (without.forecasts, without.questions) == (False, 5)


def test_an_option_that_is_always_open_alone_takes_the_decision_with_it() -> None:
    text = WRITTEN.replace("wait: {}", "wait: {when: massed > 99}")
    (tried,) = knock_out(load_text(text, "alone"), runs=100, only=["M4"]).mechanisms
    assert differences(tried)["dared"] == -1.0


def test_what_is_left_is_chosen_where_an_option_is_knocked_out() -> None:
    text = WRITTEN.replace("wait: {}", "wait: {then: [calm = true]}").replace("rate: 20", "rate: 0")
    (tried,) = knock_out(load_text(text, "instead"), runs=100, only=["M4"]).mechanisms
    assert differences(tried) == {"dared": -1.0, "truce": 1.0, "pressed": 0.0, "answered": 0.0}


def test_with_nothing_knocked_out_the_runs_are_the_scenarios_own() -> None:
    scenario = load(FOLDER / "claims.yaml")
    text = scenario.text.replace("rules:\n  advance:\n", "rules:\n  advance:\n    mechanism: [M1]\n")
    scenario = load_text(text, "own")
    plain, tried = ground(scenario.resolved), ground(knock_out_plans(scenario).resolved)
    for number in range(4):
        own = run_once(prepare(plain), seed=2, run=number, sampler="coupled")
        drawn = draw_parameters(plain, seed=2, runs=np.array([number]))[0]
        values = dict(zip([p.name for p in plain.parameters], drawn, strict=True)) | {KNOCKED_OUT: 0.0}
        parameters = np.array([values[info.name] for info in tried.parameters])
        other = run_once(prepare(tried), seed=2, run=number, parameters=parameters, sampler="coupled")
        assert len(own.time) > 5
        assert np.array_equal(own.time, other.time)


def test_results_hang_neither_on_jobs_nor_on_what_else_is_knocked_out(made: KnockOuts) -> None:
    again = knock_out(load(FILE), seed=3, runs=100, jobs=2, only=["M6", "M3"])
    assert [one(made, name) for name in ("M3", "M6")] == list(again.mechanisms)


def test_progress_counts_runs_and_a_run_that_stops_is_told_with_its_mechanism() -> None:
    told: list[tuple[int, int]] = []
    knock_out(load(FILE), runs=100, only=["M3", "M7"], progress=lambda *done: told.append(done))
    assert told[-1] == (200, 200) and sorted(told) == told
    stops = WRITTEN.replace("pressed = gravity * massed >= 3", "massed -= 99 if gravity == 0 else 0")
    with pytest.raises(RunStopped, match="without M6"):
        knock_out(load_text(stops, "stops"), runs=100)


def test_unknown_mechanisms_and_scenarios_without_any_are_refused() -> None:
    with pytest.raises(UsageError, match="there is no mechanism 'M8'"):
        knock_out(load(FILE), only=["M8"])
    with pytest.raises(UsageError, match="names no mechanism"):
        knock_out(load(FOLDER / "zones.yaml"))
    with pytest.raises(UsageError, match="at least 2 runs"):
        knock_out(load(FILE), runs=1)


def test_the_verb_prints_a_sentence_and_a_table_and_keeps_nothing(made: KnockOuts, tmp_path: Path) -> None:
    words = ["claims", str(FILE), "--knock-out", "--runs", "100", "--seed", "3"]
    said = CliRunner().invoke(app, [*words, "--quiet"])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[0] == (
        "5 of 7 mechanisms move one of the 4 forecasts by 5 points or more, 2 of these another than their own event. "
        "Without M1, “Is the ford pressed?” is yes in 100.0 fewer of 100 runs (93.7 to 100.0)."
    )
    assert "No rule of its own, and nothing under mechanisms: to switch it off: M7." in said.output
    assert "gravity = 0" in said.output and "2 rules (1 shared)" in said.output
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout) == json.loads(made.to_json())
    refused = CliRunner().invoke(app, [*words, "--into", str(tmp_path)])
    assert refused.exit_code == 2
