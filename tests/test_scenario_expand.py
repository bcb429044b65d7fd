"""What each word of the language becomes: names, order, places in the author's file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from standoff.errors import Faults
from standoff.scenario import Scenario, load
from standoff.scenario.expression.headers import read_header
from standoff.scenario.expression.written import memberships
from standoff.scenario.reading.source import Words

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {}, green: {}}
places: {ford: {at: [34.1, 40.2]}, mill: {at: [34.3, 40.4]}}
routes: [{between: [ford, mill]}]
"""
HOLDER = "state: {holder: {of: place, is: actor}, force: {of: [actor, place], at_least: 0}}\n"
ADVANCE = """\
rules:
  advance:
    for: {a: actor, p: place, q: road(p)}
    when: force[a, p] >= 1
    rate: 0.1
    then: ["force[a, p] -= 1", "force[a, q] += 1"]
    event: ASSAULT (raid) by a on holder[q] at q
"""
LINE = """\
red_lines:
  entry:
    of: blue
    crossed_by: [{rule: advance, by: a, at: q}]
"""

EVER = """\
questions:
  ever:
    ask: a?
    when: {when}
    by: 2020-03-01
"""

Loads = Callable[[str], Scenario]


@pytest.fixture
def scenario_of(tmp_path: Path) -> Loads:
    """A scenario from the body of a file."""

    def make(body: str) -> Scenario:
        path = tmp_path / "scenario.yaml"
        path.write_text(HEAD + body, encoding="utf-8")
        return load(path)

    return make


def refusal(scenario_of: Loads, body: str) -> Faults:
    """The faults with which a body is refused."""
    with pytest.raises(Faults) as caught:
        scenario_of(body)
    return caught.value


def effects(scenario: Scenario, rule: str) -> str:
    """The effects of a rule as one text."""
    return str(written_rules(scenario)[rule]["then"])


def written_rules(scenario: Scenario) -> dict[str, Any]:
    """The rules of the expanded form as plain data."""
    rules = scenario.expanded.model_dump(by_alias=True, exclude_defaults=True)["rules"]
    return dict(json.loads(json.dumps(rules)))


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_the_expanded_document_holds_no_word_that_expands(scenario_of: Loads) -> None:
    scenario = scenario_of(HOLDER + ADVANCE + LINE + "zones: {near: {centre: ford, radius: 30, holder: blue}}\n")
    written = scenario.expanded.model_dump(by_alias=True, exclude_defaults=True)
    assert not {"zones", "red_lines", "ties", "corridors", "stances", "injects", "variants", "include"} & written.keys()


def test_a_scenario_without_such_words_expands_to_itself(scenario_of: Loads) -> None:
    scenario = scenario_of(HOLDER + ADVANCE)
    assert scenario.expanded == scenario.document


def test_generated_state_stands_after_the_authors_own(scenario_of: Loads) -> None:
    names = list(scenario_of(HOLDER + ADVANCE + LINE).expanded.state)
    assert names == ["holder", "force", "breaches_entry", "awaiting_entry", "credibility_entry"]


def test_rules_that_read_the_clock_stand_first_and_those_that_note_answers_last(scenario_of: Loads) -> None:
    body = """\
questions:
  ever: {ask: a?, when: "holder[ford] == red", by: 2020-03-01}
  then: {ask: b?, when: "holder[ford] == red", at: 2020-02-01}
injects: {news: {at: 2020-02-02}}
"""
    rules = list(scenario_of(HOLDER + ADVANCE + LINE + body).expanded.rules)
    assert rules == ["closes_ever", "resolves_then", "advance", "entry_response", "news", "resolves_ever"]


def test_a_generated_name_that_is_taken_is_refused_at_the_word(scenario_of: Loads) -> None:
    told = refusal(scenario_of, "state: {holder: {of: place, is: actor}, open_way: {}}\n"
                   "corridors: {way: {from: ford, to: mill, friendly: blue}}\n")  # fmt: skip
    (fault,) = told.faults
    assert fault.code == "SD209"
    assert fault.found == "'way' makes a state 'open_way', but that is already the name of a state"


def test_no_word_takes_the_name_of_a_zone(scenario_of: Loads) -> None:
    body = HOLDER + "corridors: {way: {from: ford, to: mill, friendly: blue}}\n"
    told = refusal(scenario_of, body + "zones: {way_friendly: {places: [ford], holder: blue}}\n")
    found = "'way' makes a define 'way_friendly', but that is already the name of a zone"
    assert [(fault.code, fault.found) for fault in told.faults] == [("SD209", found)]


def test_a_name_used_twice_is_told_with_the_right_article(scenario_of: Loads) -> None:
    told = refusal(scenario_of, HOLDER + "groups: {blue: {of: actor, members: [red]}}\n")
    assert "'blue' is the name of a group, but already names an actor in line" in told.faults[0].found


def test_all_faults_of_expansion_are_told_at_once(scenario_of: Loads) -> None:
    body = """\
corridors: {way: {from: ford, to: mill, friendly: blue}}
red_lines:
  entry: {of: blue, crossed_by: [{rule: advances, by: red, at: ford}], response: {delay: exponential()}}
"""
    told = refusal(scenario_of, body)
    assert sorted(fault.code for fault in told.faults) == ["SD203", "SD204", "SD204"]


# -- places of generated words -----------------------------------------------------------------------------------------


def test_a_mistake_in_an_embedded_expression_is_shown_where_its_author_wrote_it(scenario_of: Loads) -> None:
    body = EVER.format(when="holder[ford] == rde or holder[mill] == red")
    (fault,) = refusal(scenario_of, HOLDER + body).faults
    assert fault.code == "SD303" and fault.hint == "did you mean 'red'?"
    assert fault.location is not None
    assert fault.location.text[fault.location.column - 1 :].startswith("rde")


def test_embedded_words_in_quotes_over_two_lines_keep_their_place(scenario_of: Loads) -> None:
    body = EVER.format(when='"holder[ford] == red and\n      holder[mil] == red"')
    (fault,) = refusal(scenario_of, HOLDER + body).faults
    assert fault.location is not None
    assert fault.location.text[fault.location.column - 1 :].startswith("mil]")


def test_only_sure_memberships_count() -> None:
    assert memberships("q in zone and a in band and x > 1") == {"q": ["zone"], "a": ["band"]}
    assert memberships("q in zone or a in band") == {}
    assert memberships("not q in zone and a > ") == {}


# -- zones, ties, stances ----------------------------------------------------------------------------------------------


def test_a_zone_becomes_a_define_a_group_and_a_state(scenario_of: Loads) -> None:
    body = """\
groups: {others: {of: actor, members: [red, green]}}
zones: {near: {centre: ford, radius: 30, holder: blue, excludes: [others, red], recognised_by: blue}}
"""
    expanded = scenario_of(body).expanded
    assert expanded.define[Words("near")].is_ == "distance(p, ford) <= 30"
    assert expanded.groups[Words("near_excludes")].members == ("red", "green")
    assert expanded.begin["recognises_near"] == {"blue": "1"}


def test_a_zone_by_places_becomes_a_group_of_them(scenario_of: Loads) -> None:
    expanded = scenario_of("zones: {near: {places: [mill], holder: blue}}\n").expanded
    assert expanded.define[Words("near")].is_ == "p in near_places"
    assert expanded.groups[Words("near_places")].members == ("mill",)


def test_a_variable_of_a_generated_define_hides_no_name(scenario_of: Loads) -> None:
    expanded = scenario_of("parameters: {p: 1}\nzones: {near: {centre: ford, radius: 30, holder: blue}}\n").expanded
    assert expanded.define[Words("near")].is_ == "distance(place_p, ford) <= 30"


def test_alliances_and_rivalries_go_both_ways_and_restraint_one_way(scenario_of: Loads) -> None:
    body = """\
ties:
  alliance: [{from: blue, to: red, strength: 0.4}]
  rivalry: [{from: red, to: green}]
  restraint: [{from: blue, to: green, strength: 0.2}]
"""
    begin = scenario_of(body).expanded.begin
    assert begin["alliance"] == {"blue": {"red": "0.4"}, "red": {"blue": "0.4"}}
    assert begin["rivalry"] == {"red": {"green": "1"}, "green": {"red": "1"}}
    assert begin["restraint"] == {"blue": {"green": "0.2"}}


def test_an_actors_patron_makes_a_tie_and_an_explicit_tie_wins(tmp_path: Path) -> None:
    head = HEAD.replace("green: {}", "green: {patron: red, control: 0.7, deniability: 0.5}")
    path = tmp_path / "scenario.yaml"
    path.write_text(head, encoding="utf-8")
    begin = load(path).expanded.begin
    assert begin == {"patronage": {"red": {"green": "0.7"}}, "deniability": {"red": {"green": "0.5"}}}
    path.write_text(head + "ties: {patron: [{from: red, to: green, strength: 0.9}]}\n", encoding="utf-8")
    assert load(path).expanded.begin["patronage"] == {"red": {"green": "0.9"}}


def test_states_of_ties_are_there_only_if_they_are_used(scenario_of: Loads) -> None:
    assert "restraint" not in scenario_of(HOLDER + ADVANCE).expanded.state
    reads = scenario_of(HOLDER + ADVANCE.replace("rate: 0.1", "rate: 0.1 * (1 - restraint[blue, a])"))
    assert "restraint" in reads.expanded.state and "alliance" not in reads.expanded.state


def test_two_changes_between_the_same_stances_are_two_rules(scenario_of: Loads) -> None:
    body = """\
stances:
  blue:
    options: [calm, angry]
    changes: [{from: calm, to: angry, rate: 0.1}, {from: calm, to: angry, rate: 0.2}]
"""
    rules = scenario_of(body).expanded.rules
    assert list(rules) == ["stance_blue_calm_to_angry", "stance_blue_calm_to_angry_2"]
    assert rules[Words("stance_blue_calm_to_angry")].when == "stance_blue == calm"


# -- red lines ---------------------------------------------------------------------------------------------------------


def test_a_plain_red_line_counts_every_crossing_and_answers_at_once(scenario_of: Loads) -> None:
    scenario = scenario_of(HOLDER + ADVANCE + LINE)
    assert effects(scenario, "advance") == str([
        "force[a, p] -= 1", "force[a, q] += 1", "breaches_entry[a] += 1",
        {"if": "breaches_entry[a] >= 1", "then": ["awaiting_entry[a, q] += 1"]},
    ])  # fmt: skip
    response = scenario.expanded.rules[Words("entry_response")]
    assert response.rate is None and response.when == "awaiting_entry[intruder, spot] > 0"


def test_willing_and_seen_may_speak_of_the_intruder_and_the_spot(scenario_of: Loads) -> None:
    line = LINE + "    willing: 0.5 if spot == ford else force[intruder, spot] / 10\n    seen: 0.9\n"
    told = effects(scenario_of(HOLDER + ADVANCE + line), "advance")
    assert "0.5 if q == ford else force[a, q] / 10" in told and "'p': '0.9'" in told


def test_a_crosser_that_is_an_expression_is_read_before_the_effects(scenario_of: Loads) -> None:
    line = LINE.replace("by: a,", 'by: "holder[q]",')
    told = effects(scenario_of(HOLDER + ADVANCE + line), "advance")
    assert told.startswith("['intruder_of_entry = holder[q]', 'force[a, p]")


@pytest.mark.parametrize(
    ("delay", "rate"),
    [
        ("exponential(36 hours)", "awaiting_entry[intruder, spot] / 1.5"),
        ("exponential(mean=2 weeks)", "awaiting_entry[intruder, spot] / 14"),
        ("exponential(slow)", "awaiting_entry[intruder, spot] / slow"),
        ("exponential(max(1, slow + 1))", "awaiting_entry[intruder, spot] / max(1, slow + 1)"),
        ("exponential(slow + 1)", "awaiting_entry[intruder, spot] / (slow + 1)"),
        ("gamma(1, 3 days)", "awaiting_entry[intruder, spot] / 3"),
        ("gamma(2, slow)", "2 * awaiting_entry_2[intruder, spot] / slow"),
        ("gamma(mean=3 days, stages=3)", "3 * awaiting_entry_3[intruder, spot] / 3"),
    ],
)
def test_a_delay_becomes_a_rate(scenario_of: Loads, delay: str, rate: str) -> None:
    body = HOLDER + ADVANCE + LINE + f'    response: {{delay: "{delay}"}}\n'
    body += "parameters: {slow: {prior: 2, unit: day}}\n"
    assert scenario_of(body).expanded.rules[Words("entry_response")].rate == rate


@pytest.mark.parametrize(
    "delay",
    [
        "0 days", "gamma(2 days)", "gamma(0, 2 days)", "gamma(30, 2 days)", "exponential()", "exponential(0 days)",
        "normal(2 days)", "exponential(1, 2)", "exponential(stages=2)",
    ],
)  # fmt: skip
def test_what_is_no_delay_is_refused_at_its_place(scenario_of: Loads, delay: str) -> None:
    told = refusal(scenario_of, HOLDER + ADVANCE + LINE + f'    response: {{delay: "{delay}"}}\n')
    assert {fault.code for fault in told.faults} <= {"SD203", "SD211"}
    lines = [fault.location.text.strip() for fault in told.faults if fault.location]
    assert lines == [f'response: {{delay: "{delay}"}}']


def test_the_answer_ranges_over_the_narrowest_group_that_holds_all_crossers(scenario_of: Loads) -> None:
    body = HOLDER + ADVANCE + LINE.replace("at: q}", "at: q, if: a in near_excludes and q in near}")
    zone = "zones: {near: {places: [mill], holder: blue, excludes: [red]}}\n"
    for_ = scenario_of(body + zone).expanded.rules[Words("entry_response")].for_
    assert dict(for_) == {"intruder": "near_excludes", "spot": "near_places"}
    body = body.replace("at: q, if: a in", "at: q, if: not a in")
    for_ = scenario_of(body + zone).expanded.rules[Words("entry_response")].for_
    assert dict(for_) == {"intruder": "actor", "spot": "near_places"}


def test_the_answer_to_a_named_crosser_or_to_an_option_ranges_over_who_can_cross(scenario_of: Loads) -> None:
    body = HOLDER + ADVANCE + LINE.replace("by: a, at: q}", "by: red, at: mill}, {rule: raid_go, by: a, at: mill}")
    raid = """\
groups: {raiders: {of: actor, members: [green]}}
decisions:
  raid:
    of: a
    for: {a: raiders}
    comes: {rate: 0.1}
    options: {stay: {}, go: {then: ["force[a, mill] -= 1"]}}
    policy: {mix: {stay: 0.5, go: 0.5}}
"""
    expanded = scenario_of(body + raid).expanded
    for_ = expanded.rules[Words("entry_response")].for_
    assert [expanded.groups[domain].members for domain in for_.values()] == [("red", "green"), ("mill",)]
    for_ = scenario_of(body.replace("by: red", "by: green") + raid).expanded.rules[Words("entry_response")].for_
    assert str(for_[Words("intruder")]) == "raiders", "a group that holds just these is taken as it is"


def test_an_answer_can_cross_another_line(scenario_of: Loads) -> None:
    other = "  other: {of: red, crossed_by: [{rule: entry_response, by: blue, at: spot}]}\n"
    assert "breaches_other[blue] += 1" in effects(scenario_of(HOLDER + ADVANCE + LINE + other), "entry_response")


# -- injects and questions ---------------------------------------------------------------------------------------------


def test_an_inject_that_is_off_is_no_rule(scenario_of: Loads) -> None:
    assert not scenario_of("injects: {news: {at: 2020-02-01, on: false}}\n").expanded.rules


def test_an_inject_between_two_dates_is_drawn_up_to_the_end_of_the_last_day(scenario_of: Loads) -> None:
    expanded = scenario_of("injects: {news: {between: [2020-02-01, 2020-02-03], chance: 0.5}}\n").expanded
    assert expanded.parameters[Words("news_date")].prior == "uniform(31, 34)"
    rule = expanded.rules[Words("news")]
    assert (rule.at, rule.when) == ("news_date", "news_luck < 0.5")


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("ASSAULT", {"type": "ASSAULT"}),
        ("ASSAULT (air strike)", {"type": "ASSAULT", "mode": "air strike"}),
        ("AID by a on holder[q] at q size force[a, q] + 1",
         {"type": "AID", "by": "a", "on": "holder[q]", "at": "q", "size": "force[a, q] + 1"}),
        ("AID by (a if at[b] == q else b) at q", {"type": "AID", "by": "(a if at[b] == q else b)", "at": "q"}),
    ],
)  # fmt: skip
def test_an_event_header_falls_into_its_parts(header: str, parts: dict[str, str]) -> None:
    told = read_header(header)
    found = {"type": told.type, "mode": told.mode, **{name: told.part(name) for name in told.parts}}
    assert {name: part for name, part in found.items() if part is not None} == parts


@pytest.mark.parametrize(
    ("happens", "first"),
    [
        ("{type: ASSAULT}", "tally_q += 1"),
        ("{mode: Raid}", "tally_q += 1"),
        ("{rule: advance}", "tally_q += 1"),
        ("{source: red}", "{'if': 'a == red', 'then': ['tally_q += 1']}"),
        ("{target: [red, reds]}", "{'if': 'holder[q] == red or holder[q] in reds', 'then': ['tally_q += 1']}"),
        ("{source: reds, place: near}", "{'if': 'a in reds and q in near', 'then': ['tally_q += 1']}"),
        ("{source: [red, ford]}", "{'if': 'a == red', 'then': ['tally_q += 1']}"),
        ("{type: AID}", "force[a, p] -= 1"),
        ("{mode: siege}", "force[a, p] -= 1"),
        ("{place: red}", "force[a, p] -= 1"),
    ],
)
def test_a_rule_counts_the_events_that_fit_before_its_effects(scenario_of: Loads, happens: str, first: str) -> None:
    body = HOLDER + ADVANCE + "groups: {reds: {of: actor, members: [red, green]}}\n"
    body += "zones: {near: {centre: ford, radius: 30, holder: blue}}\n"
    scenario = scenario_of(body + f"questions: {{q: {{ask: a?, happens: {happens}, by: 2020-04-09}}}}\n")
    assert str(written_rules(scenario)["advance"]["then"][0]) == first


def test_an_event_header_that_names_an_entity_is_counted_without_a_condition(scenario_of: Loads) -> None:
    rules = "rules: {raid: {for: {p: place}, rate: 0.1, event: ASSAULT by red at p}}\n"
    ask = "questions: {{q: {{ask: a?, happens: {{type: ASSAULT, source: {who}}}, by: 2020-04-09}}}}\n"
    assert effects(scenario_of(rules + ask.format(who="red")), "raid") == "['tally_q += 1']"
    assert "then" not in written_rules(scenario_of(rules + ask.format(who="blue")))["raid"]


def test_a_question_that_counts_all_the_time_needs_no_window(scenario_of: Loads) -> None:
    ask = "questions: {q: {ask: a?, when: 'holder[ford] == red', from: 2020-01-01, by: 2020-04-09}}\n"
    assert list(scenario_of(HOLDER + ask).expanded.state) == ["holder", "force", "answer_q"]


def test_faults_of_words_and_of_expressions_are_told_together(scenario_of: Loads) -> None:
    body = "red_lines: {entry: {of: blue, crossed_by: [{rule: advances, by: red, at: ford}]}}\n"
    told = refusal(scenario_of, HOLDER + ADVANCE.replace("rate: 0.1", "rate: 0.1 +") + body)
    assert sorted(fault.code for fault in told.faults) == ["SD204", "SD301"]
