"""Runs until an answer is known as closely as asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.analysis import answer, run, run_until
from standoff.cli.app import app
from standoff.errors import UsageError
from standoff.scenario import Scenario, load
from tests.ensemble_cases import tables_of

COIN = """
standoff: 1
title: A coin and a rarer thing
starts: 2017-01-01
ends: 2017-01-10
state: {heads: {is: truth}, rare: {is: truth}, n: {}}
rules:
  coin: {at: 1, then: [heads = chance(0.5)]}
  oddity: {at: 1, then: [rare = chance(0.02)]}
  more: {rate: 1, then: [n += 1]}
questions:
  heads: {ask: Heads?, when: heads, at: 2017-01-10}
  rare: {ask: Rare?, when: rare, at: 2017-01-10}
  count: {ask: How many?, number: n, at: 2017-01-10}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("coin") / "coin.yaml"
    file.write_text(COIN, encoding="utf-8")
    return load(str(file))


def test_every_probability_is_known_to_the_half_width_that_was_asked(scenario: Scenario) -> None:
    told: list[tuple[str, float, int]] = []
    made = run_until(scenario, 0.025, widest=lambda *what: told.append(what))
    widths = {one.id: (one.high - one.low) / 2 for one in answer(made) if one.low is not None and one.high is not None}
    assert max(widths.values()) <= 0.025
    # A probability near one half takes 1.96^2 / 4 / 0.025^2 = 1,537 runs; a little more is made, not much.
    assert 1_400 <= made.runs <= 1_900
    assert [one[0] for one in told] == ["heads"] * len(told)
    assert told[-1][2] == made.runs


def test_a_named_question_takes_only_the_runs_that_it_needs(scenario: Scenario) -> None:
    made = run_until(scenario, 0.025, questions=["rare"])
    assert made.runs < 600


def test_runs_made_in_stretches_are_the_runs_made_at_once(scenario: Scenario, tmp_path: Path) -> None:
    stretches = run_until(scenario, 0.03, out=tmp_path / "stretches")
    run(scenario, runs=stretches.runs, out=tmp_path / "once")
    assert tables_of(tmp_path / "stretches") == tables_of(tmp_path / "once")


def test_it_ends_at_the_most_that_is_allowed(scenario: Scenario) -> None:
    assert run_until(scenario, 0.001, at_most=500).runs == 500


def test_what_cannot_be_asked_is_refused(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="between 0 and"):
        run_until(scenario, 0.7)
    with pytest.raises(UsageError, match="no such question 'head'; did you mean 'heads'"):
        run_until(scenario, 0.1, questions=["head"])


def test_the_verb_goes_on_until_it_is_known(scenario: Scenario, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    line = ["run", str(scenario.path), "--until", "0.04", "--question", "heads", "--out", out, "--json"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    (heads,) = [one for one in told["questions"] if one["id"] == "heads"]
    assert (heads["high"] - heads["low"]) / 2 <= 0.04
    assert told["runs"] < 900
