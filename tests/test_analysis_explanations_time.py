"""Trails through what time sets off: delays, flows and memories are followed to the event that they were due to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from standoff.analysis import explain
from standoff.analysis.explanations.history import histories
from standoff.analysis.explanations.target import find_target
from standoff.analysis.explanations.trail import Trail, trail
from standoff.engine import prepare
from standoff.ensemble import Where
from standoff.model import ground
from standoff.scenario import Scenario, load

HEAD = "standoff: 1\ntitle: What time does\nstarts: 2019-01-01\nends: 2019-04-10\nactors: {red: {}}\n"
# In each, somebody begins something, time brings it about, noise comes all the while, and at last there is war.
DELAY = """
state: {defied: {is: truth}, open: {is: truth}, war: {is: truth}, noise: {}}
rules:
  begins: {when: not defied, rate: 0.1, then: [defied = true]}
  expires: {when: defied, after: 10 days, then: [open = true]}
  noises: {rate: 1, then: [noise += 1]}
  fires: {when: open and not war and noise >= 0, rate: 0.2, then: [war = true]}
"""
FLOW = """
state: {shut: {is: truth}, open: {is: truth}, war: {is: truth}, noise: {}, stores: {unit: ton, at_least: 0}}
begin: {stores: 12}
flows: {eaten: {into: stores, rate: -1, when: shut, unit: ton/day}}
rules:
  begins: {when: not shut, rate: 0.1, then: [shut = true]}
  runs_out: {when: stores <= 2, then: [open = true]}
  noises: {rate: 1, then: [noise += 1]}
  fires: {when: open and not war and noise >= 0, rate: 0.2, then: [war = true]}
"""
MEMORY = """
state: {heat: {half_life: 5 days}, open: {is: truth}, met: {is: truth}, war: {is: truth}, noise: {}}
rules:
  begins: {when: not met, rate: 0.1, then: [met = true, heat = 4]}
  noises: {rate: 1, then: [noise += 1]}
  fires: {when: met and not war and heat < 1 and noise >= 0, rate: 0.2, then: [war = true]}
"""
ASKED = """
questions:
  war: {ask: Is there war?, when: war, by: 2019-04-10}
  open: {ask: Is it open?, when: open, at: 2019-04-10}
"""
RAIDS = """
state: {heat: {half_life: 3 days}, near: {is: truth}}
rules:
  raids: {at: 2, then: [heat += 2]}
  raids_again: {at: 9, then: [heat += 2]}
  marches: {at: 10, when: heat > 1, then: [near = true]}
questions: {near: {ask: Near?, when: near, by: 2019-04-10}}
"""


def made(folder: Path, text: str) -> Scenario:
    file = folder / "time.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load(str(file))


def trails(scenario: Scenario, question: str, runs: int) -> list[tuple[tuple[str, ...], Trail, dict[str, float]]]:
    """Of each run that says yes: its trail, by names as well, and the first day of each rule."""
    model = ground(scenario.resolved)
    program, target = prepare(model), find_target(scenario, model, question)
    found = []
    for seen in histories(target, seed=1, runs=runs, where=Where(), tell=lambda: None):
        if seen.yes:
            one = trail(program, target, seen, seed=1)
            names = [model.rules[rule].name for rule in model.rule_of[seen.rule]]
            first = dict(zip(reversed(names), reversed(seen.time.tolist()), strict=True))
            told = tuple(model.rules[model.rule_of[step.ground_rule]].name for step in one.steps)
            found.append((told, one, first))
    return found


@pytest.mark.parametrize("text", [DELAY, FLOW, MEMORY], ids=["delay", "flow", "memory"])
def test_what_time_brings_about_is_followed_to_the_event_that_began_it(tmp_path: Path, text: str) -> None:
    found = trails(made(tmp_path, text + ASKED), "war", 30)
    assert Counter(told for told, _, _ in found) == {("begins", "fires"): len(found)}
    assert len(found) > 20
    assert all(one.at_once and one.day == first["fires"] for _, one, first in found)


@pytest.mark.parametrize(("text", "brings"), [(DELAY, "expires"), (FLOW, "runs_out")], ids=["delay", "flow"])
def test_an_answer_that_time_settles_is_settled_by_no_event_but_led_to_by_one(
    tmp_path: Path, text: str, brings: str
) -> None:
    scenario = made(tmp_path, text + ASKED)
    found = trails(scenario, "open", 30)
    assert {told for told, _, _ in found} == {("begins",)}
    assert all(one.settling is None and one.day == first[brings] for _, one, first in found)
    told = explain(scenario, "open", runs=30, stories=1)
    assert not any("settled the answer" in sentence for story in told.stories for sentence in story.sentences)
    assert all(one.rule == "begins" and one.settles == 0 for one in told.pivotal)


def test_a_guard_that_lapsed_with_time_turned_true_again_at_what_renewed_it(tmp_path: Path) -> None:
    """The heat of the first raid is below 1 by the day of the second, and it is the second that lets Red march."""
    ((told, one, _),) = trails(made(tmp_path, RAIDS), "near", 1)
    assert told == ("raids_again", "marches")
    assert [step.day for step in one.steps] == [9.0, 10.0]
