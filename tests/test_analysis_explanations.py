"""Explanations on scenarios whose story is known: who enabled, blocked and settled what, and by which route."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import explain
from standoff.analysis.explanations import Explanation, foremost, links
from standoff.analysis.explanations.history import histories
from standoff.analysis.explanations.influence import influence
from standoff.analysis.explanations.links import Weighing
from standoff.analysis.explanations.sentences import chosen_sentence
from standoff.analysis.explanations.story import examine
from standoff.analysis.explanations.target import find_target
from standoff.analysis.explanations.trail import trail
from standoff.calibration import run
from standoff.cli.app import app
from standoff.engine import Session, prepare
from standoff.ensemble import Where
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import Scenario, load
from tests.proofs import first_of

HEAD = "standoff: 1\ntitle: A fort\nstarts: 2017-01-01\nends: 2017-04-10\n"
FORT = """
actors: {red: {name: The Reds}}
places: {fort: {name: The old fort}}
state:
  {bridge: {is: truth}, alert: {is: truth}, marched: {is: truth}, held: {is: truth}, fallen: {is: truth}, guests: {}}
begin: {bridge: true}
rules:
  flood: {at: 2017-01-02, then: [bridge = false], event: RETREAT, evidence: assumption}
  alarm: {for: {a: actor}, at: 2017-01-10, then: [alert = true], event: THREATEN by a}
  march: {for: {a: actor, p: place}, at: 2017-01-12, when: alert, then: [marched = true], event: MOBILIZE by a at p}
  relief: {at: 2017-01-15, when: bridge, then: [held = true], event: AID}
  falls: {at: 2017-01-20, when: marched and not held, then: [fallen = true], event: YIELD}
  fair: {rate: 0.5, then: [guests += 1], event: CONSULT}
questions: {lost: {ask: Is the fort lost?, when: fallen, by: 2017-04-10}}
"""
TWO_WAYS = """
state: {way: {}, fallen: {is: truth}, mood: {}}
rules:
  by_north: {when: way == 0, rate: 0.7, then: [way = 1]}
  by_south: {when: way == 0, rate: 0.3, then: [way = 2]}
  north_wins: {when: way == 1 and not fallen, rate: 0.03, then: [fallen = true]}
  south_wins: {when: way == 2 and not fallen, rate: 0.03, then: [fallen = true]}
  song: {rate: 0.2 + 0 * mood, then: [mood += 1]}
questions: {lost: {ask: Is the fort lost?, when: fallen, by: 2017-02-10}}
"""
ONE_WAY = """
state: {fallen: {is: truth}, mood: {}}
rules:
  song: {rate: 0.2, then: [mood += 1]}
  storm: {when: not fallen, rate: 0.02 + 0 * mood, then: [fallen = true]}
questions: {lost: {ask: Is the fort lost?, when: fallen, by: 2017-02-10}}
"""
STIRRED = """
state: {mood: {}, calm: {}, fallen: {is: truth}}
rules:
  stir: {at: 2017-01-03, then: [mood += 1]}
  soothe: {at: 2017-01-05, then: [calm += 1]}
  storm: {when: not fallen, rate: "RATE", then: [fallen = true]}
questions: {late: {ask: Late?, happens: {rule: storm}, from: 2017-01-20, by: 2017-02-10}}
"""
BURIAL = """
state: {war: {is: truth}, mourned: {is: truth}}
rules:
  incident: {rate: 0.1, then: [{chance: [{p: 0.05, do: [war = true]}]}]}
  burial: {when: war and not mourned, rate: 0.5, then: [mourned = true]}
questions: {war: {ask: Is there war?, when: war, by: 2017-04-10}}
"""
SIGN = """
state: {ready: {is: truth}, war: {is: truth}, mourned: {is: truth}}
rules:
  call: {at: 2017-01-05, then: [{chance: [{p: 0.5, do: [ready = true]}]}]}
  mobilize: {when: ready, then: [mourned = false], about: Troops are called up.}
  start: {when: ready and not war, rate: 0.05, then: [war = true]}
  burial: {when: war and not mourned, rate: 0.5, then: [mourned = true]}
questions: {war: {ask: Is there war?, when: war, by: 2017-04-10}}
"""
MARCH = """
state: {met: {is: truth}, near: {is: truth}, lost: {is: truth}}
rules:
  council: {at: 2017-01-05, then: [met = true]}
  march: {when: met and not near, rate: 0.01, then: [near = true]}
  fall: {when: near and not lost, rate: 0.2, then: [lost = true]}
questions: {lost: {ask: Is the fort lost?, when: lost, by: 2017-04-10}}
"""
TWO_CAUSES = """
state: {mined: {is: truth}, starved: {is: truth}}
rules:
  mine: {at: 2017-01-10, then: [mined = true]}
  hunger: {at: 2017-01-20, then: [starved = true]}
questions: {lost: {ask: Is the fort lost?, when: mined or starved, by: 2017-04-10}}
"""
FADING = """
actors: {a: {}, b: {}}
state: {heat: {of: actor, half_life: 8 days}, taken: {}, tired: {}}
rules:
  raid: {for: {x: actor}, rate: "0.1 + 0.05 * heat[x]", then: ["heat[x] += 1", tired += 1]}
  take: {when: "heat[a] + heat[b] > 1.5", rate: 0.15, then: [taken += 1]}
  give: {when: taken > 0, rate: 0.1 * tired, then: [taken -= 1, tired = 0]}
questions: {lost: {ask: Is the fort lost?, when: taken >= 1, at: 2017-02-20}}
"""


def made(folder: Path, text: str) -> Scenario:
    file = folder / "fort.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return load(str(file))


def story_of(told: Explanation) -> dict[str, Any]:
    (story,) = json.loads(told.to_json())["stories"]
    return dict(story)


def test_what_an_event_leads_on_by_is_named(tmp_path: Path) -> None:
    body = """\
state: {n: {at_least: 0}}
rules:
  strike: {when: count(strike) == 0 and t < 6, rate: 0.3, event: ASSAULT, evidence: assumption}
  reply: {after: 36 hours, since: strike, then: [n += 1], event: ASSAULT, evidence: assumption}
  storm: {when: n > 0, rate: 0.5, then: [n += 1], evidence: assumption}
questions: {stormed: {ask: Does it come to a storm?, when: n >= 2, at: 2017-01-20}}
"""
    told = "\n".join(story_of(explain(made(tmp_path, body), "stormed", run=0))["sentences"])
    assert "strike [assumption] led, by way of reply of " in told
    assert " January 2017, to storm of " in told


def test_the_story_of_a_run_tells_who_enabled_whom_and_what_was_blocked(tmp_path: Path) -> None:
    """Flood takes the bridge that relief needs; alarm enables march, march the fall; the fair is nothing."""
    story = story_of(explain(made(tmp_path, FORT), "lost", run=0))
    assert (story["answer"], story["date"], story["days"]) == ("yes", "2017-01-20", 19.0)
    flood, alarm, march, falls = story["events"]
    assert [one["rule"] for one in story["events"]] == ["flood", "alarm", "march", "falls"]
    assert all(one["necessary"] for one in story["events"])
    assert story["necessary"] == 4 and story["tested"] == 4
    assert flood["does"] == [{"to": 3, "how": "led to", "from": None, "to_rate": None}]
    assert flood["instead"] == ["relief, 15 January 2017 (it was blocked)"]
    assert alarm["does"] == [{"to": 2, "how": "enabled", "from": 0.0, "to_rate": 1.0}]
    assert march["does"] == [{"to": 3, "how": "enabled", "from": 0.0, "to_rate": 1.0}]
    assert falls["does"] == [{"to": None, "how": "enabled", "from": 0.0, "to_rate": 1.0}]
    assert (march["event"], march["binding"]) == ("march (The Reds, The old fort)", "a=red, p=fort")
    assert flood["evidence"] == ["assumption"]
    assert alarm["weight"]["difference"] == 1.0
    text = "\n".join(story["sentences"])
    assert "On 12 January 2017 march (The Reds, The old fort) enabled falls of 20 January 2017." in text
    assert "flood [assumption] led, by way of other events, to falls of 20 January 2017. It kept back relief." in text
    assert text.startswith("In run 0 (coupled sampler, seed 1) the answer is yes from 20 January 2017 on.")
    assert "(difference +100 points, 95% interval +87 to +100)" in text
    assert text.count("the answer would have been no") == 4
    assert "fair" not in text


def test_a_no_is_explained_as_well(tmp_path: Path) -> None:
    """Without the flood relief comes; here relief is the one thing that keeps the fort."""
    dry = FORT.replace("at: 2017-01-02, then: [bridge", "at: 2017-02-02, then: [bridge")
    story = story_of(explain(made(tmp_path, dry), "lost", run=0))
    assert (story["answer"], story["date"], story["days"]) == ("no", "2017-04-10", 100.0)
    assert [one["rule"] for one in story["events"]] == ["relief"]
    assert story["events"][0]["does"] == [{"to": None, "how": "led to", "from": None, "to_rate": None}]
    assert story["events"][0]["instead"] == ["falls, 20 January 2017 (it was blocked)"]


@pytest.mark.statistical(false_alarm=6e-7)
def test_two_known_routes_and_their_shares_are_found(tmp_path: Path) -> None:
    """North is taken by 70 in 100, whatever comes later; who goes north is told from who goes south at once."""
    told = explain(made(tmp_path, TWO_WAYS), "lost", runs=600, stories=2)
    one, two = told.routes
    runs = one.runs + two.runs
    assert abs(one.share - 0.7) < 5 * np.sqrt(0.7 * 0.3 / runs)
    assert one.low < one.share < one.high
    for route, mine, other in ((one, "north", "south"), (two, "south", "north")):
        # Who goes north wins there, and who goes south does neither: four marks that say one thing, which is told once.
        (mark,) = route.marks
        assert (mark.rule, mark.here, mark.elsewhere) == (f"by_{mine}", 1.0, 0.0)
        assert route.sentence.endswith(f": by {mine} (100% here, 0% elsewhere).") and other not in route.sentence
    parted = told.parting.routes
    assert parted is not None and parted.days <= 2.0 and parted.rule in ("by_north", "by_south")
    assert {story.events[-1].rule for story in told.stories} == {"north_wins", "south_wins"}


def test_a_scenario_with_one_route_has_one(tmp_path: Path) -> None:
    told = explain(made(tmp_path, ONE_WAY), "lost", runs=300, stories=0)
    (route,) = told.routes
    assert (route.share, route.marks) == (1.0, ())
    assert told.parting.routes is None and told.stories == ()
    # The storm is the fall itself and no sign of it, and the songs come alike before it.
    assert told.parting.answers is None


def test_a_burial_is_no_sign_of_the_war_that_it_follows(tmp_path: Path) -> None:
    told = explain(made(tmp_path, BURIAL), "war", runs=300, stories=0)
    assert told.probability is not None and 0.1 < told.probability < 0.9
    assert told.parting.answers is None
    at_the_end = BURIAL.replace("by: 2017-04-10", "at: 2017-04-10")
    assert explain(made(tmp_path, at_the_end), "war", runs=300, stories=0).parting.answers is None


def test_an_early_sign_is_found_and_has_what_the_scenario_says_of_it(tmp_path: Path) -> None:
    """Half of the runs mobilize on 5 January; of these nearly all come to war later, of the others hardly one."""
    told = explain(made(tmp_path, SIGN), "war", runs=300, stories=0)
    sign = told.parting.answers
    assert sign is not None and (sign.rule, sign.about) == ("mobilize", "Troops are called up.")
    assert 4.0 <= sign.days < 6.0


def test_the_event_that_is_named_is_a_reason_and_not_the_answer_itself(tmp_path: Path) -> None:
    """The war council meets in every run, and the fort falls in each that says yes: neither says why."""
    told = explain(made(tmp_path, MARCH), "lost", runs=300, stories=0)
    most = {one.rule: one for one in told.pivotal}
    assert most["council"].undone == most["council"].tested and most["council"].without_runs == 0
    assert most["fall"].settles == most["fall"].undone > 0
    named = foremost(told.pivotal)
    assert named is not None and named.rule == "march" and named.decisive
    assert "It turns on “march”" in told.display().sentence


RELIEF = """
state: {relieved: {is: truth}, lost: {is: truth}}
rules:
  relieve: {when: not relieved, rate: 0.05, then: [relieved = true]}
  fall: {when: not relieved and not lost, rate: 0.05, then: [lost = true]}
  song: {rate: 0.05, then: []}
questions: {lost: {ask: Is the fort lost?, when: lost, by: 2017-04-01}}
"""


@pytest.mark.statistical(false_alarm=0)
def test_what_stands_in_the_way_is_what_runs_that_say_no_would_say_yes_without(tmp_path: Path) -> None:
    """Relief and fall are as fast: each comes first in half of the runs, and again in half of those without relief."""
    told = explain(made(tmp_path, RELIEF), "lost", runs=200, stories=0)
    (relief,) = told.against
    assert (relief.rule, relief.tested, relief.settles) == ("relieve", 20, 0)
    assert relief.low < 0.5 < relief.high
    by_hand = [explain(made(tmp_path, RELIEF), "lost", run=run).stories[0] for run in range(12)]
    noes = [one for one in by_hand if one.answer == "no"]
    assert noes and all({event.rule for event in one.events if event.necessary} <= {"relieve"} for one in noes)
    sentence = told.display().sentence
    assert "It turns on “fall”" in sentence and "What stands most in the way is “relieve”" in sentence


@pytest.mark.slow
@pytest.mark.statistical(false_alarm=0)
def test_the_marks_of_a_route_are_told_in_the_order_of_time() -> None:
    """No ship hits a mine before one is laid."""
    told = explain(load("gulf-1987"), "struck", runs=300, stories=0)
    orders = [[mark.event for mark in route.marks if mark.here > mark.elsewhere] for route in told.routes]
    both = [order for order in orders if {"Iran lays mines", "An American ship hits a mine"} <= set(order)]
    assert both
    assert all(one.index("Iran lays mines") < one.index("An American ship hits a mine") for one in both)


def test_an_event_that_changes_nothing_is_tested_and_never_pivotal(tmp_path: Path) -> None:
    scenario = made(tmp_path, ONE_WAY)
    told = explain(scenario, "lost", runs=300, stories=1)
    assert "song" not in {one.rule for one in told.pivotal}
    assert story_of(told)["tested"] > 1
    storm = told.pivotal[0]
    assert (storm.rule, storm.with_it, storm.without_it) == ("storm", 1.0, 0.0)
    assert storm.undone <= storm.tested == 40 and storm.low <= storm.share <= storm.high
    assert storm.with_yes == storm.with_runs == round(300 * (told.probability or 0))
    assert (storm.without_yes, storm.without_runs) == (0, 300 - storm.with_runs)
    assert storm.settles == storm.undone > 0 and not storm.tells


def test_of_fewer_than_ten_runs_with_or_without_an_event_there_is_a_count_and_no_share(tmp_path: Path) -> None:
    """A storm that nearly always comes: the one run that is spared says nothing of how often the spared say yes."""
    sure = ONE_WAY.replace("rate: 0.02 +", "rate: 0.08 +")
    scenario = made(tmp_path, sure)
    storm = next(one for one in explain(scenario, "lost", runs=60, stories=0).pivotal if one.rule == "storm")
    assert storm.with_yes == storm.with_runs == 60 - storm.without_runs
    assert 0 < storm.without_runs < 10 and storm.without_yes == 0
    assert (storm.with_it, storm.without_it, storm.difference, storm.difference_low) == (1.0, None, None, None)
    shown = CliRunner().invoke(app, ["explain", str(scenario.path), "--question", "lost", "--runs", "60"])
    told = " ".join(shown.stdout.split())
    assert "100%" in told and "too few for a share" in told


def test_a_first_choice_of_necessary_events_that_turn_out_light_is_not_said_to_weigh() -> None:
    said = [chosen_sentence(9, weighty) for weighty in (0, 4, 9)]
    assert [one.partition("other random numbers")[2] for one in said] == [
        "; a closer look confirms a weight for none of them.",
        "; a closer look confirms a weight for 4 of them.",
        ".",
    ]


def test_the_probability_is_that_of_the_coupled_runs(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO_WAYS)
    told = explain(scenario, "lost", runs=200, stories=0)
    answered = run(scenario, runs=200, seed=1, sampler="coupled").questions
    assert told.probability == answered["probability"][0]
    assert (told.low, told.high) == (answered["low"][0], answered["high"][0])


def test_where_two_causes_suffice_no_single_event_is_necessary_and_the_pair_is_named(tmp_path: Path) -> None:
    story = story_of(explain(made(tmp_path, TWO_CAUSES), "lost", run=0))
    assert story["necessary"] == 0
    assert [(one["rule"], one["necessary"]) for one in story["events"]] == [("mine", False)]
    text = "\n".join(story["sentences"])
    assert "more than one sufficient cause" in text
    assert (
        "Without mine on 10 January 2017, hunger on 20 January 2017 would have settled it; without that as well, "
        in text
    )
    assert text.endswith("with the same random numbers, the answer would have been no.")


def test_of_two_causes_at_a_date_the_one_named_is_the_last_that_turned_it(tmp_path: Path) -> None:
    """The mine of the 10th is cleared on the 12th: what stands at the date came with hunger, and would have anyway."""
    more = "  clear: {at: 2017-01-12, then: [mined = false]}\n  mine_again: {at: 2017-01-25, then: [mined = true]}\n"
    text = TWO_CAUSES.replace("questions:", more + "questions:").replace("by: 2017-04-10", "at: 2017-04-10")
    story = story_of(explain(made(tmp_path, text), "lost", run=0))
    sentences = "\n".join(story["sentences"])
    assert "Without hunger on 20 January 2017, mine again on 25 January 2017 would have settled it" in sentences
    assert "the answer is yes. Of its 4 events up to the date of the question" in sentences


def test_necessary_events_are_those_that_brute_force_finds(tmp_path: Path) -> None:
    """Rates that fade are thinned. Every event is removed, and the run made to its end without a short cut."""
    program = prepare(ground(made(tmp_path, FADING).resolved))
    model = program.model
    question = find_target(made(tmp_path, FADING), model, "lost")
    seen = histories(question, seed=3, runs=12, where=Where(), tell=lambda: None)
    necessary = refused = 0
    for one in seen:
        found = examine(question, influence(question), one, seed=3, where=Where(2))
        expected = []
        for place, (day, rule) in enumerate(zip(one.time.tolist(), one.rule.tolist(), strict=True)):
            if model.rules[model.rule_of[rule]].silent:
                continue
            session = Session.begin(program, seed=3, run=one.run, sampler="coupled")
            session.advance_to(float(np.nextafter(day, -np.inf)))
            session.skip(rule)
            session.advance_to(model.days)
            refused += session.trajectory().rejected
            if (session.trajectory().answers[0] > 0.5) != one.yes:
                expected.append((place, day, rule))
        assert [(each.at, each.day, each.ground_rule) for each in found.necessary] == expected
        # They go from worker to worker, and are kept for all runs that are examined: no run without an event is.
        assert len(pickle.dumps(found.necessary)) < 200 * (1 + len(expected))
        necessary += len(expected)
    assert {one.yes for one in seen} == {True, False}
    assert necessary > 10 and refused > 100


def test_an_event_weighs_what_runs_to_the_end_say(tmp_path: Path) -> None:
    """Each continuation is made from a copy of its own to the horizon, without a short cut."""
    program = prepare(ground(made(tmp_path, FADING).resolved))
    target = find_target(made(tmp_path, FADING), program.model, "lost")
    seen = next(one for one in histories(target, seed=3, runs=12, where=Where(), tell=lambda: None) if one.yes)
    weighed = []
    for event in examine(target, influence(target), seen, seed=3, where=Where()).necessary:
        before = Session.begin(program, seed=3, run=seen.run, sampler="coupled")
        before.advance_to(float(np.nextafter(event.day, -np.inf)))
        missing = before.fork()
        missing.skip(event.ground_rule)
        yes = [0, 0]
        for side, session in enumerate((missing, before)):
            session.advance_to(float(np.nextafter(event.day, np.inf)))
            for i in range(30):
                other = session.fork(f"some/{event.day!r}/{event.ground_rule}/{i}")
                other.advance_to(target.horizon)
                yes[side] += other.answers()[target.index] > 0.5
        found = Weighing(target, 3)(program, (seen, event, "some", 30))
        assert [round(30 * found.base), round(30 * found.variant)] == yes
        weighed.append(tuple(yes))
    assert len(set(weighed)) > 2


def test_a_trail_takes_the_last_time_at_which_a_guard_turned_true_before_the_event(tmp_path: Path) -> None:
    """The gate opens on 5, 10 and 15 January and is shut on 8 and 14; who enters on 12 January came by the 10th."""
    gate = """
state: {open: {is: truth}, inside: {is: truth}, fallen: {is: truth}}
rules:
  opens: {at: 4, then: [open = true]}
  shuts: {at: 7, then: [open = false]}
  opens_again: {at: 9, then: [open = true]}
  enters: {at: 11, when: open, then: [inside = true]}
  shuts_again: {at: 13, then: [open = false]}
  opens_late: {at: 14, then: [open = true]}
  falls: {at: 19, when: inside, then: [fallen = true]}
questions: {lost: {ask: Is the fort lost?, when: fallen, by: 2017-04-10}}
"""
    scenario = made(tmp_path, gate)
    program = prepare(ground(scenario.resolved))
    question = find_target(scenario, program.model, "lost")
    (seen,) = histories(question, seed=1, runs=1, where=Where(), tell=lambda: None)
    steps = trail(program, question, seen, seed=1).steps
    assert [step.day for step in steps] == [9.0, 11.0, 19.0]
    names = [program.model.rules[program.model.rule_of[step.ground_rule]].name for step in steps]
    assert names == ["opens_again", "enters", "falls"]


def test_a_question_of_a_date_is_explained_as_whether_it_comes(tmp_path: Path) -> None:
    dated = FORT.replace("when: fallen, by", "first: fallen, by")
    story = story_of(explain(made(tmp_path, dated), "lost", run=0))
    assert (story["answer"], story["days"], story["necessary"]) == ("yes", 19.0, 4)


def test_a_question_at_a_date_counts_what_undid_it_before(tmp_path: Path) -> None:
    """The fort falls on 20 January and is won back on 1 February: on 10 April it is not lost, because it was."""
    won = FORT.replace("  fair:", "  won_back: {at: 2017-02-01, when: fallen, then: [fallen = false]}\n  fair:")
    story = story_of(explain(made(tmp_path, won.replace("by: 2017-04-10", "at: 2017-04-10")), "lost", run=0))
    assert story["answer"] == "no"
    assert [one["rule"] for one in story["events"]] == ["won_back"]
    assert story["events"][0]["does"] == [{"to": None, "how": "blocked", "from": 1.0, "to_rate": 0.0}]


def test_a_yes_at_a_date_is_settled_by_what_made_it_so_last(tmp_path: Path) -> None:
    """The fort falls on 20 January, is won back on 1 February and falls again on the 10th, which makes it lost."""
    more = "  won_back: {at: 2017-02-01, when: fallen, then: [fallen = false]}\n"
    more += "  falls_again: {at: 2017-02-10, then: [fallen = true]}\n  fair:"
    text = FORT.replace("  fair:", more).replace("by: 2017-04-10", "at: 2017-04-10")
    story = story_of(explain(made(tmp_path, text), "lost", run=0))
    assert (story["answer"], story["days"]) == ("yes", 100.0)
    assert [one["rule"] for one in story["events"] if one["necessary"]] == ["falls_again"]


def test_what_comes_instead_is_called_blocked_only_where_it_could_not_come(tmp_path: Path) -> None:
    calm = """
state: {calm: {is: truth}, fallen: {is: truth}}
rules:
  soothe: {at: 2017-01-01, then: [calm = true]}
  storm: {when: not fallen, rate: "0.0001 if calm else 1", then: [fallen = true]}
questions: {lost: {ask: Is the fort lost?, when: fallen, by: 2017-02-10}}
"""
    (event,) = story_of(explain(made(tmp_path, calm), "lost", run=0))["events"]
    assert event["rule"] == "soothe" and len(event["instead"]) == 1
    assert event["instead"][0].startswith("storm, ") and "blocked" not in event["instead"][0]


def test_of_many_necessary_events_those_told_are_chosen_by_other_luck_than_they_are_weighed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, int]] = []
    weights = links._weights

    def noted(target: Any, told: Any, events: Any, seed: int, where: Where, which: str, count: int) -> Any:
        asked.append((which, sum(map(len, events)), count))
        return weights(target, told, events, seed, where, which, count)

    monkeypatch.setattr(links, "_weights", noted)
    rules = "\n".join(f"  step_{i}: {{at: {i + 1}, then: [n += 1]}}" for i in range(14))
    asks = "questions: {lost: {ask: Lost?, when: n >= 14, by: 2017-02-10}}"
    text = f"\nstate: {{n: {{}}}}\nrules:\n{rules}\n{asks}\n"
    story = story_of(explain(made(tmp_path, text), "lost", run=0))
    assert (story["necessary"], len(story["events"])) == (14, 12)
    assert asked == [("rough", 14, links.ROUGHLY), ("", 12, links.CONTINUATIONS)]


def test_what_happens_on_the_first_day_is_tested_as_well(tmp_path: Path) -> None:
    early = FORT.replace("alarm: {for: {a: actor}, at: 2017-01-10", "alarm: {for: {a: actor}, at: 2017-01-01")
    story = story_of(explain(made(tmp_path, early), "lost", run=0))
    assert (story["events"][0]["rule"], story["events"][0]["days"]) == ("alarm", 0.0)
    assert story["events"][0]["does"] == [{"to": 2, "how": "enabled", "from": 0.0, "to_rate": 1.0}]


def test_where_no_run_says_yes_there_is_nothing_to_tell(tmp_path: Path) -> None:
    never = explain(made(tmp_path, FORT.replace("begin: {bridge: true}", "begin: {held: true}")), "lost", runs=10)
    assert (never.probability, never.low, never.routes, never.pivotal, never.stories) == (0.0, 0.0, (), (), ())
    assert (never.parting.routes, never.parting.answers) == (None, None)


def test_the_expanded_scenario_tells_the_same_story(tmp_path: Path) -> None:
    scenario = made(tmp_path, FORT.replace("by: 2017-04-10", "at: 2017-04-10"))
    file = tmp_path / "expanded.yaml"
    file.write_text(scenario.expanded_text(), encoding="utf-8")
    one, two = (story_of(explain(each, "lost", run=0)) for each in (scenario, load(str(file))))
    assert [each["rule"] for each in one["events"]] == ["flood", "alarm", "march", "falls"]
    # Written by hand, the trigger that notes the answer is a rule like any other: only a question knows it for its own.
    assert [each["rule"] for each in two["events"]] == ["flood", "alarm", "march", "falls", "resolves_lost"]


@pytest.mark.parametrize(
    ("rate", "which", "how", "rates"),
    first_of(
        [
            ("0.06 * (1 + 2 * mood) / (1 + 5 * calm)", "soothe", "lowered", (0.18, 0.03)),
            ("0.02 * (1 + 2 * mood) / (1 + calm)", "stir", "raised", (0.02, 0.06)),
        ]
    ),
)
def test_what_makes_an_event_likelier_raised_its_rate_and_what_makes_it_rarer_lowered_it(
    tmp_path: Path, rate: str, which: str, how: str, rates: tuple[float, float]
) -> None:
    """Stirring triples the rate of the storm, soothing divides it; both move it into the days that count, or out."""
    scenario = made(tmp_path, STIRRED.replace("RATE", rate))
    did, sentences = [], []
    for run_ in range(40):
        story = story_of(explain(scenario, "late", run=run_))
        rules = [event["rule"] for event in story["events"]]
        links = [link for event in story["events"] if event["rule"] == which for link in event["does"]]
        did += [link for link in links if link["to"] is not None and rules[link["to"]] == "storm"]
        sentences += [re.sub(" of [0-9]+ [A-Z][a-z]+ 2017", "", text) for text in story["sentences"]]
    assert {(link["how"], round(link["from"], 9), round(link["to_rate"], 9)) for link in did} == {(how, *rates)}
    before, after = rates
    assert any(f"{which} {how} the rate of storm from {before:g} to {after:g} a day." in text for text in sentences)


def test_a_count_is_told_as_raised(tmp_path: Path) -> None:
    struck = """
state: {shells: {}}
rules:
  first: {at: 2017-01-10, then: [shells += 1], event: ASSAULT}
  second: {at: 2017-01-20, then: [shells += 1], event: ASSAULT}
questions: {twice: {ask: Two assaults?, happens: {type: ASSAULT}, at_least: 2, by: 2017-04-10}}
"""
    one, two = story_of(explain(made(tmp_path, struck), "twice", run=0))["events"]
    assert one["does"] == [{"to": None, "how": "raised", "from": 0.0, "to_rate": 1.0}]
    assert two["does"] == [{"to": None, "how": "enabled", "from": 0.0, "to_rate": 1.0}]


def test_the_same_seed_tells_the_same_on_any_number_of_threads(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO_WAYS)
    one, two = (explain(scenario, "lost", runs=60, stories=1, jobs=jobs) for jobs in (1, 3))
    assert one.to_json() == two.to_json()


def test_what_cannot_be_explained_is_refused(tmp_path: Path) -> None:
    scenario = made(
        tmp_path, FORT.replace("questions: {", "questions: {many: {ask: How many?, number: guests, at: 2017-04-10}, ")
    )
    with pytest.raises(UsageError, match="no question 'lots'; did you mean 'lost'"):
        explain(scenario, "lots")
    with pytest.raises(UsageError, match="'many' asks for a number"):
        explain(scenario, "many")
    with pytest.raises(UsageError, match="at least 2 runs"):
        explain(scenario, "lost", runs=1)


def test_the_verb_gives_one_document(tmp_path: Path) -> None:
    scenario = made(tmp_path, TWO_WAYS)
    line = ["explain", str(scenario.path), "--question", "lost", "--runs", "60", "--stories", "1"]
    result = CliRunner().invoke(app, [*line, "--json"])
    assert result.exit_code == 0, result.output
    names = [
        "scenario",
        "seed",
        "runs",
        "question",
        "ask",
        "probability",
        "low",
        "high",
        "routes",
        "pivotal",
        "parting",
    ]
    assert list(json.loads(result.stdout)) == [*names, "stories", "method", "against"]
    shown = CliRunner().invoke(app, line)
    assert "Pivotal events" in shown.stdout and "Run " in shown.stdout and "Route 1 of 2" in shown.stdout
    assert CliRunner().invoke(app, [*line, "--question", "lots"]).exit_code == 2


HASTE = """
state: {{heat: {{}}, fallen: {{is: truth}}, late: {{is: truth}}}}
begin: {{heat: {begin}}}
rules:
  stir: {{at: 2017-01-10, then: [heat = 1 - heat], event: ASSAULT}}
  storm:
    when: not fallen
    rate: 0.02 + 0.1 * heat
    then: [fallen = true, {{if: t > 15, then: [late = true]}}]
    event: YIELD
questions: {{it: {{ask: Does it happen?, when: {asked}, by: {by}}}}}
"""


@pytest.mark.parametrize(
    ("begin", "asked", "by", "how", "without", "with_it"),
    [(0, "fallen", "2017-01-20", "raised", 0.02, 0.12), (1, "late", "2017-04-10", "lowered", 0.12, 0.02)],
)
def test_a_rate_is_told_as_raised_or_lowered_as_it_was(
    tmp_path: Path, begin: int, asked: str, by: str, how: str, without: float, with_it: float
) -> None:
    scenario = made(tmp_path, HASTE.format(begin=begin, asked=asked, by=by))
    stories = [explain(scenario, "it", run=run).stories[0] for run in range(12)]
    stirred = [story for story in stories if [event.rule for event in story.events] == ["stir", "storm"]]
    assert stirred, "in none of these runs the stir was necessary"
    for story in stirred:
        (link,) = story.events[0].does
        assert (link.to, link.how) == (1, how)
        assert (link.from_, link.to_rate) == (pytest.approx(without), pytest.approx(with_it))
        assert f"stir {how} the rate of storm of " in story.sentences[1]
        assert f" from {without:g} to {with_it:g} a day." in story.sentences[1]
