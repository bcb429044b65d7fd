"""Branches: what a run says goes on saying it, its ways have the law of the process, a change counts from its date."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import branch
from standoff.cli.app import app
from standoff.engine import prepare, run
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import Scenario, load

CONVOYS = """
standoff: 1
title: Convoys to two posts
starts: 2017-01-01
ends: 2017-04-10
actors: {us: {}, ru: {}}
state: {convoys: {of: actor}}
parameters: {pace: 0.6}
rules:
  convoy: {for: {a: actor}, rate: pace, then: ["convoys[a] += 1"]}
questions:
  many: {ask: How many convoys?, number: "convoys[us]", at: 2017-04-10}
  any: {ask: Any at all?, when: "convoys[us] > 0", at: 2017-04-10}
  first: {ask: When does the first one come?, first: "convoys[us] > 0", by: 2017-04-10}
  last: {ask: When does the thousandth one come?, first: "convoys[us] > 999", by: 2017-04-10}
"""
AT = date(2017, 2, 20)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("convoys") / "convoys.yaml"
    file.write_text(CONVOYS, encoding="utf-8")
    return load(str(file))


def test_the_run_itself_says_what_it_said(scenario: Scenario) -> None:
    made = branch(scenario, seed=4, run=9, at=AT, continuations=2)
    said = run(prepare(ground(scenario.resolved)), seed=4, run=9, sampler="coupled").answers
    first = made.questions[2]
    assert [one.own for one in made.questions] == [*said[:2].tolist(), 1.0, 0.0]
    assert first.own_date == str(date(2017, 1, 1) + timedelta(days=int(said[2])))
    assert [one.own_date for one in made.questions if one is not first] == [None] * 3


@pytest.mark.statistical(false_alarm=2e-6)
def test_the_ways_have_the_law_and_the_change_counts_from_its_date(scenario: Scenario) -> None:
    """50 of 100 days are left: 30 convoys on average, 60 at twice the pace; the difference is Poisson with mean 30."""
    made = branch(scenario, seed=4, run=9, at=AT, continuations=1000, changes={"pace": 1.2})
    many, again = made.questions[0], branch(scenario, seed=4, run=9, at=AT, continuations=1000).questions[0]
    assert (again.value, again.change) == (many.value, None)
    assert many.change is not None
    assert abs(many.change.difference - 30.0) < 5 * np.sqrt(30.0 / 1000)
    assert many.change.high - many.change.low == pytest.approx(2 * 1.96 * np.sqrt(30.0 / 1000), rel=0.15)
    assert many.low < many.value < many.high


def test_a_state_is_set_by_its_name(scenario: Scenario) -> None:
    made = branch(scenario, seed=4, run=9, at=AT, continuations=5, changes={"convoys[us]": 1000.0})
    assert made.questions[0].change is not None
    assert made.questions[0].change.variant > 1000.0
    with pytest.raises(UsageError, match=r"no state or parameter 'convoys\[uss\]'; did you mean 'convoys\[us\]'"):
        branch(scenario, seed=4, run=9, at=AT, continuations=5, changes={"convoys[uss]": 1.0})


def test_a_date_outside_the_scenario_is_refused(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="between 2017-01-01 and 2017-04-10"):
        branch(scenario, seed=1, run=0, at=date(2018, 1, 1))


def test_the_verb_tells_the_same_as_json(scenario: Scenario) -> None:
    line = ["branch", str(scenario.path), "--at", "2017-02-20", "--runs", "20", "--change", "pace=1.2", "--json"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["continuations"] == 20 and told["changes"] == {"pace": 1.2}
    assert told["questions"][0]["change"]["difference"] > 0
    shown = CliRunner().invoke(app, line[:-1])
    assert "many" in shown.stdout and "with pace = 1.2" in shown.stdout


def test_a_run_branches_after_any_of_its_events(scenario: Scenario) -> None:
    """After event 12 thirteen convoys have come, and at a pace of 0 no more of them."""
    model = ground(scenario.resolved)
    told = run(prepare(model), seed=4, run=9, sampler="coupled")
    whose = [model.binding(int(rule)) for rule in told.rule]
    made = branch(scenario, seed=4, run=9, event=12, continuations=40, changes={"pace": 0.0})
    assert [one.own for one in made.questions[:2]] == told.answers[:2].tolist()
    assert (made.days, made.event) == (np.nextafter(told.time[12], np.inf), f"convoy ({whose[12]})")
    change = made.questions[0].change
    assert change is not None
    assert change.variant == whose[:13].count("a=us")
    with pytest.raises(UsageError, match=r"has \d+ events, from 0 on, and no event 10000"):
        branch(scenario, seed=4, run=9, event=10_000)
    with pytest.raises(UsageError, match="a date or an event"):
        branch(scenario, seed=4, run=9)


def test_a_change_that_no_way_has_met_yet_keeps_its_doubt(scenario: Scenario) -> None:
    made = branch(scenario, seed=4, run=9, at=AT, continuations=20, changes={"pace": 0.6})
    change = made.questions[1].change
    assert change is not None
    assert (change.difference, change.changed) == (0.0, 0)
    assert change.low < 0.0 < change.high
