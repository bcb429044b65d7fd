"""A few runs do not wait for code that runs fast; it is compiled once it pays, and makes the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from standoff.calibration import run
from standoff.engine import native, prepare
from standoff.ensemble import Batch, Way, Where, tiered
from standoff.model import ground
from standoff.scenario import Scenario, load

HURRIED = {native.IN_A_HURRY}
TEXT = """\
standoff: 1
title: raids
starts: 2020-01-01
ends: 2020-03-01
state: {raids: {}}
rules: {raid: {rate: 0.3 * exp(-0.1 * raids), then: [raids += 1]}}
questions: {raids: {ask: How many raids?, number: raids, at: 2020-03-01}}
"""


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """At which speed levels code was compiled; none is kept from earlier."""
    levels: list[int] = []
    compiling = native._object_code

    def noted(text: str, machine: native.Machine, speed: int) -> bytes:
        levels.append(speed)
        return compiling(text, machine, speed)

    monkeypatch.setenv("STANDOFF_CACHE", "")
    monkeypatch.setattr(native, "_object_code", noted)
    return levels


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    file = tmp_path / "raids.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_few_runs_are_made_by_code_compiled_in_a_hurry_and_many_by_fast_code(
    scenario: Scenario, compiled: list[int], jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiered, "PAYS_S_A_BYTE", 1.0)
    few = run(scenario, runs=60, seed=1, jobs=jobs).answers
    assert set(compiled) == HURRIED
    compiled.clear()
    monkeypatch.setattr("standoff.ensemble.run.MANY_RUNS", 59)
    assert run(scenario, runs=60, seed=1, jobs=jobs).answers.equals(few)
    assert compiled and not HURRIED & set(compiled)


@pytest.mark.parametrize("jobs", [1, 2])
def test_code_that_runs_fast_is_compiled_once_when_the_runs_so_far_have_paid_for_it(
    scenario: Scenario, compiled: list[int], jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Way(ground(scenario.resolved), 1)
    batch = Batch(way, np.arange(100))
    monkeypatch.setattr(tiered, "PAYS_S_A_BYTE", 1.0)
    few = batch.answers(Where(jobs))
    assert set(compiled) == HURRIED and prepare(way.model, hurry=True).native.hurried
    monkeypatch.setattr(tiered, "PAYS_S_A_BYTE", 0.0)
    assert (batch.answers(Where(jobs)) == few).all()
    # The rates are worth more care than the effects.
    assert compiled == [native.IN_A_HURRY] * 2 + [2, 1] and not prepare(way.model, hurry=True).native.hurried


def test_many_answers_are_made_by_fast_code_from_the_first_on(
    scenario: Scenario, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.ensemble.batch.MANY_RUNS", 99)
    Batch(Way(ground(scenario.resolved), 1), np.arange(100)).answers(Where())
    assert compiled == [2, 1]
