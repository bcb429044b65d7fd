"""Branches: what a run says goes on saying it, its ways have the law of the process, a change counts from its date."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import branch
from standoff.cli.app import app
from standoff.engine import Session, prepare, run
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
    with pytest.raises(UsageError, match=r"there is no actor 'uss'; did you mean 'us'"):
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
    with pytest.raises(UsageError, match=r"run 9 has events 0 to \d+; there is no event 10000"):
        branch(scenario, seed=4, run=9, event=10_000)
    with pytest.raises(UsageError, match="a date or an event"):
        branch(scenario, seed=4, run=9)


def test_a_change_that_no_way_has_met_yet_keeps_its_doubt(scenario: Scenario) -> None:
    made = branch(scenario, seed=4, run=9, at=AT, continuations=20, changes={"pace": 0.6})
    change = made.questions[1].change
    assert change is not None
    assert (change.difference, change.changed) == (0.0, 0)
    assert change.low < 0.0 < change.high


FORD = """
standoff: 1
title: A ford, a mood, a fire, and a shot on the day of the branch
starts: 2020-06-01
ends: 2020-06-30
actors: {blue: {}, red: {}}
places: {ford: {at: [34, 40]}}
stances: {red: {options: [calm, angry], changes: [{from: angry, to: calm, rate: 0.01}]}}
parameters:
  pace: 0.2
  most: {prior: "normal(2, 1)", at_least: 1, at_most: 5}
  calmness: {prior: "uniform(0.1, 0.4)"}
state:
  holder: {of: place, is: actor}
  mood: {is: [calm, alert]}
  fire: {is: truth}
  tension: {}
  raids: {at_least: 0, at_most: 500}
  unread: {}
  heat: {half_life: 5 days}
  flares: {}
begin: {tension: 1, heat: 1, holder: {ford: red}}
injects: {shot: {at: 2020-06-10, then: [fire = true], event: ASSAULT (shot)}}
rules:
  raid: {rate: pace * tension, then: [raids += 1]}
  flare: {rate: 0.1 + 0.4 * heat, then: [heat += 0.3, flares += 1]}
  flip: {when: "holder[ford] == blue and raids > 400 * most", then: ["holder[ford] = red", mood = alert]}
questions:
  raids: {ask: How many raids?, number: raids, at: 2020-06-30}
  blue: {ask: Does blue hold the ford?, when: "holder[ford] == blue", at: 2020-06-30}
  alert: {ask: Is the mood alert?, when: mood == alert, at: 2020-06-30}
  angry: {ask: Is red angry?, when: stance_red == angry, at: 2020-06-30}
  fire: {ask: Is there a fire?, when: fire, at: 2020-06-30}
  flares: {ask: How many flares?, number: flares, at: 2020-06-30}
"""
TENTH = date(2020, 6, 10)


@pytest.fixture(scope="module")
def ford(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("ford") / "ford.yaml"
    file.write_text(FORD, encoding="utf-8")
    return load(str(file))


def changed(ford: Scenario, question: str, **changes: object) -> float:
    """What the changed ways say to a question."""
    made = branch(ford, seed=1, run=0, at=TENTH, continuations=100, changes=changes)  # type: ignore[arg-type]
    change = next(one for one in made.questions if one.question == question).change
    assert change is not None
    return change.variant


def test_a_change_takes_the_names_of_entities_levels_stances_and_truths(ford: Scenario) -> None:
    assert changed(ford, "blue", **{"holder[ford]": "blue"}) == 1.0
    assert changed(ford, "alert", mood="alert") == 1.0
    assert changed(ford, "angry", stance_red="angry") > 0.5
    assert changed(ford, "fire", fire="false") == 0.0
    assert changed(ford, "blue", **{"holder[ford]": 0.0}) == 1.0


FADING = """
standoff: 1
title: Heat that fades
starts: 2017-01-01
ends: 2017-03-01
actors: {blue: {}}
state: {heat: {half_life: 5 days}, raids: {}, unread: {}}
begin: {heat: 4}
rules: {raid: {rate: 0.01 + 0.02 * heat, then: [raids += 1, heat += 1]}}
questions: {raids: {ask: How many raids?, number: raids, at: 2017-03-01}}
"""


def test_a_change_of_what_nothing_reads_changes_no_way(tmp_path: Path) -> None:
    """Raids are proposed under a bound that has sunk by then; to prove it anew moves them in three of these runs."""
    (tmp_path / "fading.yaml").write_text(FADING, encoding="utf-8")
    fading = load(str(tmp_path / "fading.yaml"))
    for number in range(5):
        made = branch(fading, seed=1, run=number, at=date(2017, 1, 20), continuations=50, changes={"unread": 3.0})
        assert "reads unread" in made.notes[0]
        change = made.questions[0].change
        assert change is not None and change.changed == 0, number


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_state_that_no_rule_writes_can_be_changed(ford: Scenario) -> None:
    """Ten times the tension for the last 21 of 30 days, at 0.2 a day: 42 raids instead of 4.2; 100 ways."""
    made = branch(ford, seed=1, run=0, at=TENTH, continuations=100, changes={"tension": 10.0})
    change = made.questions[0].change
    assert change is not None
    assert abs(change.difference - 37.8) < 5 * np.sqrt(37.8 / 100)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"holder[ford]": "bleu"}, r"holder\[ford\] cannot be 'bleu'; did you mean 'blue'\?"),
        ({"holder[ford]": 3.0}, r"holder\[ford\] cannot be 3; it can be none, blue, red"),
        ({"holder[ford]": "5000000"}, r"holder\[ford\] cannot be 5e\+06"),
        ({"fire": 3.0}, "fire cannot be 3; it can be false, true"),
        ({"stance_red": 7.0}, "stance_red cannot be 7; it can be calm, angry"),
        ({"mood": 0.5}, "mood cannot be 0.5"),
        ({"raids": -1.0}, "raids is at least 0, and cannot be -1"),
        ({"raids": "501"}, "raids is at most 500, and cannot be 501"),
        ({"most": 6.0}, "most cannot be 6: its prior goes from 1 to 5"),
        ({"calmness": "0.9"}, "calmness cannot be 0.9: its prior goes from 0.1 to 0.4"),
        ({"raids": "1_0"}, "raids takes a number, not '1_0'"),
        ({"raids": "１"}, "raids takes a number, not '１'"),  # a fullwidth digit, as a mistake of the author
        ({"most[ford]": 2.0}, "the parameter 'most' has a single value: write most$"),
        ({"raids[ford]": 2.0}, "the state 'raids' has a single value: write raids$"),
        ({"pace": float("nan")}, "pace takes a finite number"),
        ({"raids": "many"}, "raids takes a number, not 'many'"),
        ({"holder": "blue"}, r"'holder' is not a single value of the state 'holder': write holder\[place\]"),
        ({"holder[fort]": "blue"}, "there is no place 'fort'; did you mean 'ford'"),
        ({"hodler[ford]": "blue"}, "there is no state or parameter 'hodler'; did you mean 'holder'"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_a_sentence(
    ford: Scenario, changes: dict[str, float | str], refused: str
) -> None:
    with pytest.raises(UsageError, match=refused):
        branch(ford, seed=1, run=0, at=TENTH, continuations=2, changes=changes)


def test_what_is_dated_on_the_day_of_the_branch_and_what_nothing_reads_is_told(ford: Scenario) -> None:
    made = branch(ford, seed=1, run=0, at=TENTH, continuations=2, changes={"unread": 3.0, "fire": "false"})
    assert made.notes == (
        "no rule, question or series reads unread: to change it changes nothing",
        "shot is dated on the day of the branch: it has happened before the branch",
    )
    assert branch(ford, seed=1, run=0, at=date(2020, 6, 11), continuations=2).notes == ()
    line = ["branch", str(ford.path), "--at", "2020-06-10", "--runs", "2", "--change", "holder[ford]=blue"]
    shown = CliRunner().invoke(app, line)
    assert "With holder[ford] = blue" in shown.stdout
    assert "shot is dated on the day of the branch" in shown.stdout


def test_what_is_read_by_what_moves_or_by_an_entity_alone_is_known(tmp_path: Path) -> None:
    """A speed is read with the stock that it moves; of a parameter of each actor only those are that a rule reads."""
    text = """
standoff: 1
title: A stock that sinks
starts: 2019-01-01
ends: 2019-04-10
actors: {red: {}, blue: {}}
state: {pace: {unit: ton/day}, stores: {unit: ton, moves_by: pace}, n: {}}
begin: {stores: 12, pace: -0.01}
parameters: {will: {of: actor, prior: "uniform(0, 1)"}, zeal: {of: actor, prior: "uniform(0, 1)"}}
rules:
  tick: {rate: "0.1 + will[red]", then: [n += 1]}
  tock: {for: {a: actor}, rate: "0.1 * zeal[a]", then: [n += 1]}
  shot: {at: 2019-01-20, when: n < 0, then: [n = 0], event: ASSAULT}
questions: {low: {ask: Low?, when: stores < 5, by: 2019-04-10}}
"""
    (tmp_path / "stock.yaml").write_text(text, encoding="utf-8")
    stock = load(str(tmp_path / "stock.yaml"))
    changes = {"pace": -3.0, "will[red]": 0.5, "will[ blue ]": 0.5, "zeal[blue]": 0.5}
    made = branch(stock, seed=1, run=0, at=date(2019, 1, 20), continuations=2, changes=changes)
    assert made.notes == (
        "no rule, question or series reads will[blue]: to change it changes nothing",
        "shot is dated on the day of the branch: its condition did not hold",
    )
    change = made.questions[0].change
    assert change is not None and change.difference == 1.0


def test_a_change_that_is_no_change_blames_its_own_option(ford: Scenario) -> None:
    line = ["branch", str(ford.path), "--at", "2020-06-10", "--runs", "2", "--change"]
    for wrong in ("mood", "mood=", "=alert"):
        refused = CliRunner().invoke(app, [*line, wrong])
        assert refused.exit_code == 2
        assert "--change" in refused.output and "--set" not in refused.output


def test_only_a_run_that_can_be_made_can_branch(ford: Scenario) -> None:
    with pytest.raises(UsageError, match="there is no run 99999999999999999999"):
        branch(ford, seed=1, run=99999999999999999999, at=TENTH)


SINKING = """
standoff: 1
title: A rate that sinks while heat fades, or rises once the sign of k is turned
starts: 2020-06-01
ends: 2020-07-30
parameters: {k: 1, calm: 3}
state: {heat: {half_life: 8 days, at_least: 0}, raids: {}}
begin: {heat: 1.5}
rules:
  raid: {rate: "0.02 + 0.2 * (2 + k * heat) / calm", then: [raids += 1]}
questions: {raids: {ask: How many raids?, number: raids, at: 2020-07-30}}
"""


@pytest.fixture(scope="module")
def sinking(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("sinking") / "sinking.yaml"
    file.write_text(SINKING, encoding="utf-8")
    return load(str(file))


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_number_is_changed_to_what_no_bound_was_proved_for(sinking: Scenario) -> None:
    """Raids in 55 days at 0.02 + 0.2 (2 - heat) / 3 a day, from the heat of June 6th: Poisson."""
    made = branch(sinking, seed=1, run=0, at=date(2020, 6, 6), continuations=400, changes={"k": -1.0})
    change = made.questions[0].change
    assert change is not None
    fading = np.log(2.0) / 8.0
    heat = 1.5 * (np.exp(-5 * fading) - np.exp(-60 * fading)) / fading
    mean = 55 * (0.02 + 0.4 / 3) - 0.2 * heat / 3
    plain = 55 * (0.02 + 0.4 / 3) + 0.2 * heat / 3
    raids = run(prepare(ground(sinking.resolved)), seed=1, run=0, sampler="coupled").time
    before = (raids < 5.0).sum()
    assert abs(change.variant - before - mean) < 5 * np.sqrt(mean / 400)
    assert abs(change.base - before - plain) < 5 * np.sqrt(plain / 400)


def test_the_run_that_is_branched_is_the_run_whatever_is_changed(sinking: Scenario) -> None:
    alone = branch(sinking, seed=1, run=3, event=2, continuations=2)
    turned = branch(sinking, seed=1, run=3, event=2, continuations=2, changes={"k": -1.0})
    assert (alone.at, alone.days, alone.questions[0].own) == (turned.at, turned.days, turned.questions[0].own)


def test_a_session_refuses_a_number_that_no_bound_was_proved_for(sinking: Scenario, ford: Scenario) -> None:
    model = ground(sinking.resolved)
    k = next(info.slot for info in model.parameters if info.name == "k")
    session = Session.begin(prepare(model), seed=1, run=0, sampler="coupled")
    with pytest.raises(UsageError, match="k cannot be -1 here: no bound of a rate is proved"):
        session.change({k: -1.0})
    wider = session.moved_to(prepare(ground(sinking.resolved, reach={"k": -1.0})))
    wider.change({k: -1.0})
    with pytest.raises(UsageError, match="the same rules"):
        session.moved_to(prepare(ground(ford.resolved)))


def test_a_run_that_is_moved_to_wider_bounds_goes_on_by_the_same_law(sinking: Scenario) -> None:
    """And to the bit where the bounds are the same: no proof reads what `calm` is beyond its sign."""
    program = prepare(ground(sinking.resolved))
    session = Session.begin(program, seed=1, run=0, sampler="coupled")
    session.advance_to(7.3)
    moved = session.moved_to(prepare(ground(sinking.resolved, reach={"calm": 5.0})))
    for one in (session, moved):
        one.advance_to(program.model.days)
    assert moved.trajectory().time.tobytes() == session.trajectory().time.tobytes()
    assert moved.answers().tobytes() == session.answers().tobytes()
