"""Runs until an answer is known to the requested precision."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.analysis import answer, run_until
from standoff.analysis.answers import wilson
from standoff.calibration import kept, run
from standoff.cli.app import app
from standoff.cli.progress import progress
from standoff.ensemble import NumberAnswer
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
    chances = [one.chance for one in answer(made) if not isinstance(one, NumberAnswer)]
    assert max((one.high - one.low) / 2 for one in chances) <= 0.025
    # A probability near one half takes 1.96^2 / 4 / 0.025^2 = 1,537 runs; a little more is made, not much.
    assert 1_400 <= made.runs <= 1_900
    assert [one[0] for one in told] == ["heads"] * len(told)
    assert told[-1][2] == made.runs


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_widest_interval_is_told_as_runs_come_in(scenario: Scenario, tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "run"
    run(scenario, runs=250, out=out)
    told: list[tuple[str, float, int]] = []
    done: list[int] = []
    made = run_until(
        scenario, 0.025, jobs=jobs, out=out, live=lambda *what: told.append(what), progress=lambda n, _: done.append(n)
    )
    # What is told is what is finished: the runs that were there first, all of them at last, and each figure exact.
    assert [runs for _, _, runs in told] == done
    assert told[0][2] == 250 and told[-1][2] == made.runs and len(told) > 10
    heads = made.answers["heads"].to_numpy()
    for question, half_width, runs in (told[0], told[-1]):
        assert question == "heads"
        low, high = wilson(int(heads[:runs].sum()), runs)
        assert half_width == pytest.approx((high - low) / 2, abs=1e-12)


def test_only_a_named_question_is_told_of(scenario: Scenario) -> None:
    told: list[str] = []
    run_until(scenario, 0.04, questions=["rare"], live=lambda name, *_: told.append(name))
    assert set(told) == {"rare"}


def test_on_a_terminal_the_bar_shows_the_question_known_least(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with progress("coin", 100) as tell:
        assert tell.bar
        tell(40, 100)
        tell.note("widest ±0.0512: heads")
    assert "40/100" in shown.getvalue() and "widest ±0.0512: heads" in shown.getvalue()


def test_on_a_pipe_there_are_lines_and_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("coin", 100) as tell:
        assert not tell.bar
        tell(40, 100)
        tell.note("widest ±0.0512: heads")
    assert capsys.readouterr().err == ""


def test_a_named_question_takes_only_the_runs_that_it_needs(scenario: Scenario) -> None:
    made = run_until(scenario, 0.025, questions=["rare"])
    assert made.runs < 600


def test_runs_made_in_stretches_are_the_runs_made_at_once(scenario: Scenario, tmp_path: Path) -> None:
    out = tmp_path / "stretches"
    stretches = kept(lambda: run_until(scenario, 0.03, out=out), out)
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
