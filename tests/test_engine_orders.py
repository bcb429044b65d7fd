"""Rules that fire only when they are ordered, and orders: what they do, and that they move nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from standoff.engine import Sampler, Session, prepare, run
from standoff.model import Model, ground
from standoff.scenario import bundled, load
from tests.sampler_checks import events
from tests.test_engine_twin import assert_same

SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
VALID = Path(__file__).resolve().parent.parent / "conformance" / "valid"
POST = """
standoff: 1
title: Convoys, and whoever stops them
starts: 2017-01-01
ends: 2017-04-10
actors: {blue: {}, red: {}}
state: {convoys: {of: actor}, heat: {half_life: 9 days}, stopped: {of: actor}}
rules:
  convoy: {for: {a: actor}, when: "stopped[a] < 3", rate: 0.2 + heat, then: ["convoys[a] += 1", heat += 0.05]}
  waits: {at: 2017-03-01, then: [heat = 0]}
  woken: {when: "stopped[red] >= 2", then: ["convoys[red] = 0"]}
  ORDERED
watch: {heat: {of: heat}, blue: {of: "convoys[blue]"}, red: {of: "convoys[red]"}}
"""
ORDERED = """
  stop:
    for: {a: actor}
    called: true
    when: heat > 0.1 and t < 60 and stopped[a] < 3
    then: ["stopped[a] += 1", "heat += uniform(0, 0.3)", "convoys[a] -= 1"]
    event: COERCE by a
"""


def model_of(text: str, folder: Path) -> Model:
    file = folder / "post.yaml"
    file.write_text(text, encoding="utf-8")
    return ground(load(str(file)).resolved)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_called_rule_that_nobody_orders_moves_no_other_rule_by_a_bit(sampler: Sampler, tmp_path: Path) -> None:
    # `stopped` is written in both, so that the same rules stand in the same sums.
    spare = "spare: {at: 2017-04-10, when: heat < 0, then: ['stopped[blue] += 1']}"
    without, with_it = (model_of(POST.replace("ORDERED", text), tmp_path) for text in (spare, spare + ORDERED))
    assert with_it.ground_rules == without.ground_rules + 2
    for number in range(5):
        plain = run(prepare(without), seed=3, run=number, sampler=sampler)
        assert len(plain.time) > 40
        assert_same(run(prepare(with_it), seed=3, run=number, sampler=sampler), plain)


@pytest.mark.parametrize("name", bundled()[:2])
def test_no_clock_of_a_bundled_scenario_moves_for_a_called_rule_that_writes_what_was_fixed(
    name: str, tmp_path: Path
) -> None:
    """Under direct the sums are added in another order then: places that nobody could take have more ground rules."""
    text = """
include: [whole.yaml]
rules:
  ordered:
    for: {a: actor, p: place}
    called: true
    when: holder[p] != a
    then: ["holder[p] = a"]
"""
    (tmp_path / "whole.yaml").write_text(load(name).expanded_text(), encoding="utf-8")
    without, with_it = model_of("include: [whole.yaml]", tmp_path), model_of(text, tmp_path)
    assert with_it.ground_rules > without.ground_rules
    plain, there = (run(prepare(model), seed=3, run=0, sampler="coupled") for model in (without, with_it))
    assert events(with_it, there) == events(without, plain)
    assert there.series.tobytes() == plain.series.tobytes()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_called_rule_fires_as_often_as_it_is_called_while_its_guard_holds(sampler: Sampler, tmp_path: Path) -> None:
    model = model_of(POST.replace("ORDERED", ORDERED), tmp_path)
    red = next(rule for rule in model.rules if rule.name == "stop").first + 1
    session = Session.begin(prepare(model), seed=3, run=0, sampler=sampler)
    assert not session.fire(red), "heat is 0 on day 0"
    session.advance_to(20.0)
    assert [session.fire(red) for _ in range(4)] == [True, True, True, False]
    session.advance_to(70.0)
    assert not session.fire(red - 1), "t is above 60"
    session.advance_to(model.days)
    made = session.trajectory()
    assert made.time[made.rule == red].tolist() == [20.0] * 3
    assert not np.any(made.rule == red - 1)
    woken = next(rule for rule in model.rules if rule.name == "woken").first
    assert made.time[made.rule == woken].tolist() == [20.0], "a trigger that a call sets off fires with it"
