"""Warnings are given where something is surely not as meant, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.errors import Fault
from standoff.scenario import check

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {}, green: {}}
places: {ford: {at: [34.1, 40.2]}, mill: {at: [34.3, 40.4]}, farm: {at: [36.0, 42.0]}}
"""
TAKES = """\
rules:
  takes: {for: {a: actor, p: place}, when: "WHEN", rate: "RATE", then: ["holder[p] = a"], event: ASSAULT by a at p,
          evidence: assumption}
"""
HOLDER = "state: {holder: {of: place, is: actor}}\nbegin: {holder: {ford: blue}}\n"

Checks = Callable[[str], list[Fault]]


def takes(when: str = "holder[p] != a", rate: str = "0.1") -> str:
    """A rule by which actors take places from each other."""
    return TAKES.replace("WHEN", when).replace("RATE", rate)


@pytest.fixture
def warnings_of(tmp_path: Path) -> Checks:
    """The warnings for the body of a scenario, which must have no other fault."""

    def make(body: str) -> list[Fault]:
        path = tmp_path / "scenario.yaml"
        path.write_text(HEAD + body, encoding="utf-8")
        faults = check(path)
        assert [str(fault) for fault in faults if fault.severity == "error"] == []
        return list(faults)

    return make


def codes(faults: list[Fault]) -> list[str]:
    """The codes alone."""
    return [fault.code for fault in faults]


def test_a_scenario_with_nothing_doubtful_has_no_warnings(warnings_of: Checks) -> None:
    assert warnings_of(HOLDER + takes()) == []


def test_every_warning_says_what_to_do(warnings_of: Checks) -> None:
    rule = takes("a == none").replace("holder[p] = a", "alarm = 1")
    faults = warnings_of("state: {alarm: {}}\nparameters: {pace: 1}\n" + rule)
    assert len(faults) >= 3 and all(fault.hint and fault.location for fault in faults)


# -- guards ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        "holder[p] != a and a == none",
        "holder[p] == green and 1 > 2",
        "distance(p, ford) > 5000",
        "p.kind == 'town'",
        "alarm > 2",
        "mood == panic",
        "owner[p] == red",
        "a in nobody",
        "road(p, farm)",
        "count(q for q in place if owner[q] == red) > 0",
    ],
)
def test_a_guard_that_can_never_hold_is_told(warnings_of: Checks, when: str) -> None:
    body = """\
state:
  holder: {of: place, is: actor}
  owner: {of: place, is: actor}
  alarm: {at_least: 0}
  mood: {is: [calm, panic]}
begin: {owner: {ford: blue}}
groups: {nobody: {of: actor, members: []}}
routes: [{between: [ford, mill]}]
watch:
  {a: {of: alarm}, m: {of: mood}, h: {of: "count(p for p in place if holder[p] == red)"}, o: {of: "owner[ford] == red"}}
"""
    assert "SD402" in codes(warnings_of(body + takes(when)))


@pytest.mark.parametrize(
    "when",
    [
        "holder[p] == none",
        "holder[p] == a",
        "distance(p, ford) > 20 and distance(p, ford) < 40",
        "a in some and holder[p] in some",
        "any(holder[q] == red for q in place if q != p)",
        "owner[p] == blue",
        "t > 10 or count(takes) > 2",
        "mood == panic",
        "alarm >= 1",
    ],
)
def test_a_guard_that_can_hold_is_not_told(warnings_of: Checks, when: str) -> None:
    body = """\
state:
  holder: {of: place, is: actor}
  owner: {of: place, is: actor}
  alarm: {at_least: 0}
  mood: {is: [calm, panic]}
begin: {owner: {ford: blue}}
groups: {some: {of: actor, members: [red, green]}}
watch:
  {a: {of: alarm}, m: {of: mood}, h: {of: "count(p for p in place if holder[p] == red)"}, o: {of: "owner[ford] == red"}}
"""
    other = '  alarms: {rate: 0.1, then: [alarm += 1, "mood = panic if alarm > 3 else mood"], evidence: assumption}\n'
    assert codes(warnings_of(body + takes(when) + other)) == []


def test_a_rule_over_an_empty_group_is_told(warnings_of: Checks) -> None:
    body = "groups: {nobody: {of: actor, members: []}}\n" + takes().replace("a: actor", "a: nobody")
    assert "SD402" in codes(warnings_of(HOLDER + body))


def test_the_caret_stands_under_the_part_that_never_holds(warnings_of: Checks) -> None:
    (fault,) = warnings_of(HOLDER + takes("holder[p] != a and p.kind == 'town'"))
    assert fault.location is not None and fault.width == len("p.kind == 'town'")
    assert fault.location.text[fault.location.column - 1 :].startswith("p.kind == 'town'")


# -- zones, corridors, red lines ---------------------------------------------------------------------------------------

ZONE = "zones: {near: {centre: ford, radius: RADIUS, holder: blue}}\n"


def test_a_zone_is_empty_if_even_its_largest_radius_reaches_nothing(warnings_of: Checks) -> None:
    inside = takes("holder[p] != a and p in near")
    for radius, wanted in (("28", ["SD403"]), ("30", [])):
        assert codes(warnings_of(HOLDER + ZONE.replace("RADIUS", radius) + inside)) == wanted
        prior = f'parameters: {{reach: {{prior: "uniform(1, {radius})", unit: km, evidence: assumption}}}}\n'
        assert codes(warnings_of(HOLDER + ZONE.replace("RADIUS", "reach") + prior + inside)) == wanted


def test_a_route_through_a_zone_is_enough(warnings_of: Checks) -> None:
    body = HOLDER.replace("ford: blue", "mill: blue") + takes("holder[p] != a and p in near")
    zone = "zones: {near: {centre: mill, radius: 25, holder: blue}}\n"
    assert codes(warnings_of(body + zone)) == ["SD403"]
    assert codes(warnings_of(body + zone + "routes: [{between: [ford, farm]}]\n")) == []


def test_a_zone_that_lists_no_place_is_told(warnings_of: Checks) -> None:
    assert codes(warnings_of(HOLDER + "zones: {near: {places: [], holder: blue}}\n" + takes())) == ["SD403"]


def test_a_corridor_over_named_paths_needs_no_roads(warnings_of: Checks) -> None:
    corridor = "corridors: {way: {from: ford, to: farm, friendly: red, evidence: assumption}}\n"
    assert codes(warnings_of(HOLDER + corridor + takes())) == ["SD410"]
    named = corridor.replace("friendly", "through: [[ford, farm]], friendly")
    assert codes(warnings_of(HOLDER + named + takes())) == []


def line(**keys: str) -> str:
    """A red line of blue that `takes` crosses."""
    crossing = f'{{rule: takes, by: a, at: p{keys.pop("more", "")}}}'
    rest = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"red_lines:\n  entry:\n    of: blue\n    crossed_by: [{crossing}]\n    evidence: assumption\n{rest}"


@pytest.mark.parametrize(
    ("keys", "when", "wanted"),
    [
        ({}, "holder[p] != a", []),
        ({"more": ", if: p == farm and a == red"}, "holder[p] != a", []),
        ({"more": ", if: p == farm and p != farm and a == red"}, "holder[p] != a", ["SD401"]),
        ({"more": ", if: p.kind == ford.kind and p.kind == 'town'"}, "holder[p] != a", ["SD401"]),
        ({"more": ", if: 'distance(p, ford) > 900'"}, "holder[p] != a", ["SD401"]),
        ({"seen": "0"}, "holder[p] != a", ["SD401"]),
        ({}, "p.kind == 'town'", ["SD402", "SD401"]),
    ],
)
def test_a_red_line_that_nothing_crosses_is_told(
    warnings_of: Checks, keys: dict[str, str], when: str, wanted: list[str]
) -> None:
    body = HOLDER + takes(when) + line(**keys) + 'watch: {h: {of: "holder[ford] == red"}}\n'
    assert codes(warnings_of(body)) == wanted


TWO_LINES = """\
red_lines:
  first:
    of: blue
    crossed_by: [{rule: takes, by: a, at: p}, {rule: second_response, by: red, at: spot}]
    evidence: assumption
  second:
    of: red
    crossed_by: [{rule: first_response, by: blue, at: spot}]
    evidence: assumption
"""


def test_answers_that_cross_each_other_at_once_are_told_and_one_delay_is_enough(warnings_of: Checks) -> None:
    assert codes(warnings_of(HOLDER + takes() + TWO_LINES)) == ["SD404"]
    assert codes(warnings_of(HOLDER + takes() + TWO_LINES + "    response: {delay: exponential(1 day)}\n")) == []


def test_a_chain_of_answers_at_once_that_ends_is_not_told(warnings_of: Checks) -> None:
    ends = TWO_LINES.replace(", {rule: second_response, by: red, at: spot}", "")
    assert codes(warnings_of(HOLDER + takes() + ends)) == []


# -- questions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("when: 'holder[ford] == red', at: 2020-03-01", []),
        ("when: 'holder[ford] == red', by: 2020-03-01", []),
        ("when: 'holder[ford] == blue', at: 2020-03-01", []),
        ("when: 'holder[ford] == blue', by: 2020-03-01", ["SD405"]),
        ("when: 'holder[ford] == blue', from: 2020-02-01, by: 2020-03-01", []),
        ("when: 'any(holder[p] == blue for p in place)', by: 2020-03-01", ["SD405"]),
        ("when: 'all(holder[p] == blue for p in place)', by: 2020-03-01", []),
        ("when: 'mill.kind == ford.kind', at: 2020-03-01", ["SD405"]),
        ("when: 'distance(ford, mill) < 100', at: 2020-03-01", ["SD405"]),
        ("first: 'holder[ford] == red', by: 2020-03-01", []),
        ("first: 'holder[mill] == none', by: 2020-03-01", ["SD405"]),
        ("number: 'count(p for p in place if holder[p] == red)', at: 2020-03-01", []),
        ("happens: {type: ASSAULT, source: red, place: farm}, by: 2020-03-01", []),
        ("happens: {type: AID}, by: 2020-03-01", ["SD405"]),
        ("happens: {type: ASSAULT, place: distant}, by: 2020-03-01", ["SD405"]),
        ("type: binary, answer: 1 > 2, date: 2020-03-01", ["SD405"]),
        ("type: binary, answer: 'holder[ford] == red', date: 2020-03-01", []),
    ],
)
def test_a_question_that_is_decided_beforehand_is_told(warnings_of: Checks, question: str, wanted: list[str]) -> None:
    body = HOLDER + takes() + "define: {distant: {of: {p: place}, is: 'distance(p, ford) > 9000'}}\n"
    asked = f"questions: {{q: {{ask: a?, {question}}}}}\n"
    assert codes(warnings_of(body + asked)) == wanted


def test_a_condition_that_triggers_change_on_the_first_day_is_not_decided(warnings_of: Checks) -> None:
    body = """\
corridors: {way: {from: ford, to: mill, through: [[ford, mill]], friendly: [blue, none], evidence: assumption}}
questions: {q: {ask: a?, when: not open_way, by: 2020-03-01}}
"""
    assert codes(warnings_of(HOLDER + takes() + body)) == []


# -- rates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        ("0.1 * heat", []),
        ("0.1 * (3 - heat)", ["SD408"]),
        ("max(0, 3 - heat)", []),
        ("spare", ["SD408"]),
        ("pace", ["SD408"]),
        ("firm", []),
        ("0.1 * (1 - share)", []),
        ("0.1 * heat / (heat + share)", ["SD431"]),  # 0 / 0 at first
        ("0.1 * heat / (1 + heat + share)", []),
        ("0.1 * distance(p, farm)", []),
        ("-0.1 * heat", ["SD408"]),
    ],
)
def test_a_rate_that_can_be_negative_is_told(warnings_of: Checks, rate: str, wanted: list[str]) -> None:
    body = """\
state:
  holder: {of: place, is: actor}
  heat: {half_life: 5 days}
  spare: {}
  share: {at_least: 0, at_most: 1}
parameters:
  pace: {prior: "normal(1, 0.2)", unit: 1/day, evidence: assumption}
  firm: {prior: "normal(1, 0.2)", at_least: 0, unit: 1/day, evidence: assumption}
watch: {w: {of: "heat + spare + share + pace + firm"}}
"""
    other = "  heats: {rate: 0.1, then: [heat += 1, spare -= 1, share = 0.5], evidence: assumption}\n"
    assert codes(warnings_of(body + takes(rate=rate) + other)) == wanted


def test_a_guard_that_bounds_a_rate_counts(warnings_of: Checks) -> None:
    body = "state: {holder: {of: place, is: actor}, ours: {at_least: 0}, theirs: {at_least: 0}}\n"
    body += 'watch: {w: {of: theirs}, h: {of: "holder[ford] == red"}}\n'
    other = "  moves: {rate: 0.1, then: [ours += 1, theirs += 1], evidence: assumption}\n"
    for when, rate, wanted in (
        ("ours > theirs", "ours - theirs", []),
        ("theirs <= ours", "ours - theirs", []),
        ("ours > 1", "ours - theirs", ["SD408"]),
        ("ours >= 2", "ours - 2", []),
        ("ours >= 2", "ours - 3", ["SD408"]),
        ("ours < 4", "4 - ours", []),
        ("ours > 0 and ours < 10", "0.1 * ours", []),
        ("0 < ours < 10", "0.1 * ours", []),
        ("ours < 10 and ours > 0", "0.1 * ours", []),
        ("ours < 10 and ours < 4", "4 - ours", []),
        ("ours < 4 and ours < 10", "4 - ours", []),
    ):
        assert codes(warnings_of(body + takes(when, rate) + other)) == wanted


def test_a_guard_bounds_the_rate_of_its_own_rule_alone(warnings_of: Checks) -> None:
    body = "state: {holder: {of: place, is: actor}, x: {at_most: 10}, y: {}}\n"
    body += 'watch: {h: {of: "holder[ford] == red"}, y: {of: y}}\n'
    other = "  sinks: {rate: 0.1, then: [x -= 1, y += x], evidence: assumption}\n"
    assert codes(warnings_of(body + takes("x > 0 and x < 10", "0.1 * x") + other)) == []
    # The guard says that x is above 0 where it takes, not where y is written.
    assert codes(warnings_of(body + takes("x > 0", "0.1 * y") + other)) == ["SD408"]


def test_entities_are_followed_through_states_that_hand_them_on(warnings_of: Checks) -> None:
    passed = "  on: {rate: 1, then: [first = second, second = first], evidence: assumption}\n"
    body = "state: {holder: {of: place, is: actor}, first: {is: actor}, second: {is: actor}}\nbegin: {first: blue}\n"
    assert codes(warnings_of(body + takes("holder[p] != a and second == blue") + passed)) == []
    assert codes(warnings_of(body + takes("holder[p] != a and second == red") + passed)) == ["SD402"]


# -- what nothing uses or supports -------------------------------------------------------------------------------------


SIDES = "groups: {sides: {of: actor, members: [blue, red]}}\n"


def test_an_actor_that_only_a_generated_answer_could_name_is_told(warnings_of: Checks) -> None:
    body = HOLDER + SIDES + takes("holder[p] != a and a in sides") + line()
    faults = warnings_of(body)
    assert [(fault.code, fault.found) for fault in faults] == [("SD406", "no rule can involve the actor 'green'")]


def test_an_actor_that_holds_a_place_at_the_start_is_not_idle(warnings_of: Checks) -> None:
    body = HOLDER.replace("blue", "green") + SIDES + takes("holder[p] != a and a in sides")
    assert codes(warnings_of(body)) == []


def test_evidence_is_asked_for_once_for_all_rules_and_once_for_all_starts(warnings_of: Checks) -> None:
    body = "state: {x: {}, y: {}, z: {}}\nbegin: {x: 1, y: 2}\n"
    body += "rules: {one: {rate: x + y + z}, two: {rate: 1}, three: {rate: 1, silent: true}}\n"
    found = [fault.found for fault in warnings_of(body) if fault.code == "SD407"]
    assert found == ["numbers at the start without evidence: x, y", "what can happen without evidence: one, two"]


def test_what_only_a_variant_uses_is_used(warnings_of: Checks) -> None:
    body = HOLDER + "parameters: {pace: {prior: 1, evidence: assumption}}\n" + takes()
    assert codes(warnings_of(body)) == ["SD411"]
    variant = "variants: {fast: {rules: {takes: {rate: pace}}}}\n"
    assert codes(warnings_of(body + variant)) == []


def test_a_parameter_that_starts_a_state_or_sets_a_half_life_is_used(warnings_of: Checks) -> None:
    body = """\
state: {holder: {of: place, is: actor}, heat: {half_life: cooling, evidence: assumption}}
begin: {heat: warmth}
parameters: {cooling: {prior: 3, unit: day, evidence: assumption}, warmth: {prior: 1, evidence: assumption}}
"""
    assert codes(warnings_of(body + takes(rate="0.1 * heat"))) == []


def test_a_state_that_is_only_written_is_told(warnings_of: Checks) -> None:
    body = "state: {holder: {of: place, is: actor}, made: {at_least: 0}}\n"
    rules = takes().replace('["holder[p] = a"]', '["holder[p] = a", made += 1]')
    assert codes(warnings_of(body + rules)) == ["SD409"]
    assert codes(warnings_of(body + rules + "watch: {made: {of: made}}\n")) == []


# -- counting in fractions -----------------------------------------------------------------------------------------


def counted(begin: float, step: str, when: str) -> str:
    """A state that is counted in steps under a condition."""
    return (
        f"state: {{n: {{evidence: assumption}}}}\nbegin: {{n: {begin}}}\n"
        f"rules: {{r: {{when: {when}, rate: 1, then: ['n {step}'], evidence: assumption}}}}\n"
    )


@pytest.mark.parametrize("begin", [0.3, 0.7, 0.8, 1.0])
def test_counting_down_by_tenths_to_nothing_is_warned_of(begin: float, warnings_of: Checks) -> None:
    steps, left = 0, begin
    while steps < round(begin * 10):
        steps, left = steps + 1, left - 0.1
    warned = [fault for fault in warnings_of(counted(begin, "-= 0.1", "n > 0")) if fault.code == "SD412"]
    assert left != 0 and len(warned) == 1 and f"{steps} of them come to {left!r}" in warned[0].found


def test_a_single_step_that_misses_its_bound_is_warned_of(warnings_of: Checks) -> None:
    warned = [fault for fault in warnings_of(counted(0.7, "+= 0.1", "n < 0.8")) if fault.code == "SD412"]
    assert 0.7 + 0.1 != 0.8 and len(warned) == 1 and "1 of them comes to 0.7999" in warned[0].found


@pytest.mark.parametrize(
    ("begin", "step", "when"),
    [
        (1, "+= 0.1", "n >= 0.7"),
        (0, "-= 0.1", "n < 0.8"),
        (0, "-= -0.1", "n > -0.8"),
        (8, "-= 1", "n > 0"),
        (0.75, "-= 0.25", "n > 0"),
        (0.8, "-= 0.1", "n > 0.05"),
        (0.2, "-= 0.1", "n > 0"),
        (0.8, "-= 0.3", "n > 0"),
        (0.8, "-= min(0.1, n)", "n > 0"),
        (0.8, "= n - 0.1", "n > 0"),
        (0, "+= 0.1", "n < 0.25"),
    ],
)
def test_counting_that_comes_to_lie_on_its_bound_or_never_should_is_not(
    begin: float, step: str, when: str, warnings_of: Checks
) -> None:
    assert "SD412" not in codes(warnings_of(counted(begin, step, when)))


# -- times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "warned"), [(-0.5, True), (0, False), (0.5, False), (99.5, False), (100, True)])
def test_a_rule_is_due_within_the_scenario_from_its_first_instant_on(
    at: float, warned: bool, warnings_of: Checks
) -> None:
    body = (
        "state: {n: {evidence: assumption}}\n"
        f"parameters: {{due: {{prior: {at}, unit: day, evidence: assumption}}}}\n"
        "rules: {r: {when: n < 9, at: due, then: ['n += 1'], evidence: assumption}}\n"
    )
    assert ("SD413" in codes(warnings_of(body))) == warned


def test_the_variant_blind_must_set_anew_every_parameter_that_was_set_in_hindsight(warnings_of: Checks) -> None:
    later = "{from: assumption, hindsight: true}"
    numbers = f"parameters: {{pace: {{prior: 0.1, evidence: {later}}}, other: {{prior: 1, evidence: assumption}}}}\n"
    body = HOLDER + takes(rate="pace * other") + numbers

    def told(variant: str) -> list[tuple[str, str]]:
        return [(one.code, one.found) for one in warnings_of(f"{body}variants: {{{variant}}}\n")]

    left = ("SD414", "the variant 'blind' leaves the parameter 'pace', which was set in hindsight")
    assert told("blind: {parameters: {other: 2}}") == [left]
    assert told("blind: {parameters: {pace: {prior: ' 0.1', evidence: assumption}}}") == [left]
    half = "in the variant 'blind' the parameter 'pace' has another prior, but its evidence is hindsight"
    assert told('blind: {parameters: {pace: "uniform(0, 1)"}}') == [("SD414", half)]
    assert told('blind: {parameters: {pace: {prior: "uniform(0, 1)", evidence: assumption}}}') == []
    assert told("deaf: {parameters: {other: 2}}") == []


def test_where_nothing_can_happen_that_alone_is_told(warnings_of: Checks) -> None:
    """A fresh draft of 14 actors and 5 numbers had 19 warnings, each of what a first rule would use."""
    body = "parameters: {will: {prior: 0.5, evidence: assumption}}\nstate: {posts: {}}\n"
    faults = warnings_of(body)
    assert [(fault.code, fault.found) for fault in faults] == [("SD432", "nothing can happen yet: there is no rule")]
    assert "SD432" not in [fault.code for fault in warnings_of(body.replace("{}", "{half_life: 3 days}"))]
    with_a_rule = HOLDER + takes() + body.partition("state:")[0]
    assert [fault.code for fault in warnings_of(with_a_rule)] == ["SD411"]
