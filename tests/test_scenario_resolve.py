"""From a document to the resolved scenario: what each part becomes, and that all mistakes are told together."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.errors import Fault, Faults
from standoff.geography import great_circle_km
from standoff.scenario import check, claim_plans, load
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.reading.source import read
from standoff.scenario.resolved import (
    Assign,
    Chance,
    ForEach,
    If,
    Let,
    Prior,
    Resolved,
    Rule,
)
from standoff.scenario.resolving.resolve import resolve
from standoff.scenario.schema import validate
from standoff.scenario.tree import Constant, Domain, Draw, Entity, Level, Number, OneOf, Pick, Text, Truth
from standoff.scenario.walks import assignments, rule_nodes, walk, writes
from standoff.units import Unit

HEAD = """\
standoff: 1
title: Two posts on a border road
starts: 2017-05-31
ends: 2017-12-31
actors:
  blue: {kind: state}
  red: {kind: state}
  militia: {kind: armed group, patron: red, control: 0.7, attributes: {home: mill, size: 30}}
places:
  ford: {at: [34.10, 40.20], kind: crossing, attributes: {wet: true}}
  mill: {at: [34.40, 40.60], kind: town}
routes:
  - {between: [ford, mill]}
kinds:
  issue: {members: [water, trade]}
groups:
  reds: {of: actor, members: [red, militia]}
relations:
  wants: {of: [actor, issue], pairs: [[blue, water], [red, trade]]}
state:
  force: {of: [actor, place], unit: company, at_least: 0}
  holder: {of: place, is: actor}
  tension: {of: [actor, actor], half_life: 21 days}
  mood: {of: actor, is: [calm, alert]}
  weather: {is: [dry, calm, wild]}
  open: {is: truth}
parameters:
  daring: {prior: "lognormal(0.02, 0.5)", unit: 1/day}
  first: {prior: "uniform(1, 9)", evidence: {from: assumption, hindsight: true}}
"""


def resolved(body: str, tmp_path: Path) -> Resolved:
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return resolve(validate(read(path)))


def told(body: str, tmp_path: Path) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        resolved(body, tmp_path)
    return caught.value.faults


def rule(lines: str, tmp_path: Path) -> Rule:
    return resolved("rules:\n  it:\n" + "".join(f"    {line}\n" for line in lines.splitlines()), tmp_path).rules[0]


def test_entities_attributes_groups_and_relations_are_laid_out_in_declared_order(tmp_path: Path) -> None:
    found = resolved("", tmp_path)
    actor, place = found.kinds["actor"], found.kinds["place"]
    assert actor.members == ("blue", "red", "militia")
    assert actor.attributes["kind"].values == ("state", "state", "armed group")
    assert (actor.attributes["patron"].type, actor.attributes["patron"].values) == (OneOf("actor"), (None, None, "red"))
    assert actor.attributes["control"].values == (None, None, 0.7)
    assert (actor.attributes["home"].type, actor.attributes["home"].values) == (OneOf("place"), (None, None, "mill"))
    assert (actor.attributes["size"].type, actor.attributes["size"].values) == (Number(), (None, None, 30.0))
    assert (place.attributes["wet"].type, place.attributes["wet"].values) == (Truth(), (1.0, None))
    assert place.attributes["country"].type == Text()
    assert place.at == ((34.10, 40.20), (34.40, 40.60))
    assert found.kinds["issue"].members == ("water", "trade")
    assert found.groups["reds"].members == ("red", "militia")
    assert found.relations["wants"].pairs == (("blue", "water"), ("red", "trade"))


def test_a_share_that_is_an_expression_is_no_fixed_attribute(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD.replace("control: 0.7", "control: first / 9"), encoding="utf-8")
    assert "control" not in resolve(validate(read(path))).kinds["actor"].attributes


def test_a_route_without_a_length_takes_the_great_circle_both_ways(tmp_path: Path) -> None:
    road = resolved("", tmp_path).relations["road"]
    assert road.pairs == (("ford", "mill"), ("mill", "ford"))
    assert road.km[0] == road.km[1] == pytest.approx(49.65, abs=0.05)


def test_the_great_circle_has_its_known_lengths() -> None:
    quarter = 6371.0088 * 3.141592653589793 / 2
    assert great_circle_km((0.0, 0.0), (0.0, 90.0)) == pytest.approx(quarter)
    assert great_circle_km((90.0, 0.0), (-90.0, 123.0)) == pytest.approx(2 * quarter)
    assert great_circle_km((34.0, 40.0), (34.0, 40.0)) == 0.0


def test_a_scenario_lasts_to_the_end_of_its_last_day_and_is_recorded_from_start_to_end(tmp_path: Path) -> None:
    found = resolved("", tmp_path)
    assert found.days == 215.0
    assert (found.grid[0], found.grid[1], found.grid[-1]) == (0.0, 2.0, 215.0)
    weekly = resolved("every: 1 week\n", tmp_path)
    assert weekly.grid[:3] == (0.0, 7.0, 14.0)
    assert weekly.grid[-2:] == (210.0, 215.0)


def test_a_grid_without_end_is_refused(tmp_path: Path) -> None:
    assert [fault.code for fault in told("every: 0 days\n", tmp_path)] == ["SD203"]
    assert [fault.code for fault in told("every: 0.0001 hours\n", tmp_path)] == ["SD203"]


def test_states_have_their_types_units_and_bounds(tmp_path: Path) -> None:
    states = resolved("", tmp_path).states
    assert (states["force"].of, states["force"].unit, states["force"].at_least) == (
        ("actor", "place"), Unit.parse("company"), 0.0,
    )  # fmt: skip
    assert states["holder"].type == OneOf("actor")
    assert states["holder"].otherwise == Entity(type=OneOf("actor"), name=None)
    assert states["mood"].type == Level(("calm", "alert"))
    assert states["tension"].half_life == Constant(type=Number(), value=21.0)
    assert states["open"].otherwise == Constant(type=Truth(), value=0.0)


def test_a_prior_is_read_with_its_unit(tmp_path: Path) -> None:
    found = resolved("", tmp_path)
    assert found.parameters["daring"].prior == Prior("lognormal", {"median": 0.02, "sigma": 0.5})
    assert found.parameters["daring"].unit == Unit.parse("1/day")


# -- begin -----------------------------------------------------------------------------------------------------------


def begun(text: str, name: str, tmp_path: Path) -> list[tuple[tuple[str, ...], str]]:
    state = resolved("begin:\n  " + text + "\n", tmp_path).states[name]
    return [(members, spelled(node)) for members, node in state.begin]


def test_begin_lays_its_values_out_in_the_order_of_writing(tmp_path: Path) -> None:
    assert begun("force: {red: {mill: 4}, blue: {ford: 6, every: 1}}", "force", tmp_path) == [
        (("red", "mill"), "4"),
        (("blue", "ford"), "6"),
        (("blue", "mill"), "1"),
    ]


def test_every_stands_for_all_who_are_not_named_at_its_level(tmp_path: Path) -> None:
    assert begun("force: {every: {ford: 2}, red: 3}", "force", tmp_path) == [
        (("blue", "ford"), "2"),
        (("militia", "ford"), "2"),
        (("red", "ford"), "3"),
        (("red", "mill"), "3"),
    ]


def test_a_plain_value_is_what_everything_starts_at(tmp_path: Path) -> None:
    state = resolved("begin:\n  force: first\n", tmp_path).states["force"]
    assert (state.begin, spelled(state.otherwise)) == ((), "first")


def test_levels_and_entities_can_be_starts(tmp_path: Path) -> None:
    assert begun("mood: {blue: alert}", "mood", tmp_path) == [(("blue",), "alert")]
    assert begun("holder: {ford: blue, mill: none}", "holder", tmp_path) == [(("ford",), "blue"), (("mill",), "none")]
    calm = resolved("begin: {weather: calm}\n", tmp_path).states["weather"].otherwise
    assert calm == Constant(type=Level(("dry", "calm", "wild")), value=1.0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("force: {blue: {frod: 1}}", "SD204"),
        ("forec: 1", "SD204"),
        ("force: {blue: {ford: {mill: 1}}}", "SD305"),
        ("force: {blue: {ford: -1}}", "SD312"),
        ("force: {blue: {ford: 'tension[blue, red]'}}", "SD313"),
        ("force: {blue: {ford: t}}", "SD313"),
        ("force: daring", "SD306"),
        ("force: true", "SD304"),
        ("mood: angry", "SD303"),
        ("holder: ford", "SD304"),
        ("force: poisson(2)", "SD308"),
    ],
)
def test_a_start_that_cannot_be_is_told_once(text: str, code: str, tmp_path: Path) -> None:
    assert [fault.code for fault in told(f"begin:\n  {text}\n", tmp_path)] == [code]


def test_a_state_whose_bounds_shut_out_zero_needs_a_start(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    text = HEAD.replace("at_least: 0}", "at_least: 1}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faults, match="SD312"):
        resolve(validate(read(path)))
    path.write_text(text + "begin: {force: 2}\n", encoding="utf-8")
    assert spelled(resolve(validate(read(path))).states["force"].otherwise) == "2"


# -- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_keeps_its_parts_and_knows_its_line(tmp_path: Path) -> None:
    found = rule(
        "for: {a: actor, p: place, q: road(p), i: wants(a)}\n"
        "when: force[a, p] >= 2\n"
        "rate: daring * force[a, p]\n"
        "then: ['force[a, p] -= 1']\n"
        "event: ASSAULT (air strike) by a on holder[q] at q size force[a, p] + 1",
        tmp_path,
    )
    assert [(variable.name, variable.domain.kind) for variable in found.variables] == [
        ("a", "actor"), ("p", "place"), ("q", "place"), ("i", "issue"),
    ]  # fmt: skip
    assert found.where == f"{tmp_path / 'scenario.yaml'}:{HEAD.count(chr(10)) + 2}"
    assert found.when is not None
    assert spelled(found.when) == "force[a, p] >= 2"
    event = found.event
    assert event is not None
    assert (event.type, event.mode) == ("ASSAULT", "air strike")
    parts = (event.source, event.target, event.place, event.size)
    assert [spelled(part) for part in parts if part is not None] == ["a", "holder[q]", "q", "force[a, p] + 1"]
    inside = {type(part).__name__ for node in rule_nodes(found) for part in walk(node)}
    assert inside >= {"StateValue", "ParameterValue", "Variable", "Binary"}


def test_an_event_may_be_a_type_alone_or_have_its_parts_in_any_order(tmp_path: Path) -> None:
    assert rule("when: open\nevent: CONSULT", tmp_path).event is not None
    event = rule("when: open\nevent: CONSULT (at length) size 2 by blue", tmp_path).event
    assert event is not None
    assert (event.mode, event.target, event.size) == ("at length", None, Constant(type=Number(), value=2.0))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("ATTACK by blue", "SD210"),
        ("ASSAULT blue", "SD210"),
        ("ASSAULT by", "SD210"),
        ("ASSAULT by blue by red", "SD210"),
        ("ASSAULT by blue and red", "SD304"),
        ("ASSAULT size blue", "SD304"),
        ("ASSAULT by force[blue, ford]", "SD304"),
        ("ASSAULT at frod", "SD303"),
        ("ASSAULT size poisson(2)", "SD308"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header: str, code: str, tmp_path: Path) -> None:
    assert told(f"rules:\n  it:\n    when: open\n    event: {header}\n", tmp_path)[0].code == code


def test_effects_become_statements(tmp_path: Path) -> None:
    found = rule(
        """\
for: {a: actor, p: place}
rate: 1
then:
  - before = holder[p]
  - holder[p] = a
  - if: before != none
    then: ['mood[before] = alert']
    else: [open = true]
  - for: {b: reds}
    where: b != a
    do: ['tension[a, b] += exponential(2)']
  - chance:
      - {p: 0.25, do: [weather = wild]}
      - {p: 0.75, do: []}
    otherwise: [weather = dry]
  - spot = choice(q for q in road(p), weight=2)
  - if: spot != none
    then: ['force[a, spot] *= 2']""",
        tmp_path,
    )
    let, assign, branch, each, chance, pick, last = found.then
    assert isinstance(let, Let)
    assert let.value.type == OneOf("actor")
    assert isinstance(assign, Assign)
    assert (assign.state, assign.op) == ("holder", "=")
    assert isinstance(branch, If)
    assert isinstance(branch.then[0], Assign)
    assert branch.then[0].value == Constant(type=Level(("calm", "alert")), value=1.0)
    assert isinstance(each, ForEach)
    assert each.domain == Domain("group", "reds", "actor")
    assert isinstance(each.do[0], Assign)
    assert isinstance(each.do[0].value, Draw)
    assert isinstance(chance, Chance)
    assert [len(do) for _, do in chance.branches] == [1, 0]
    assert isinstance(pick, Let)
    assert isinstance(pick.value, Pick)
    assert isinstance(last, If)
    assert writes(found.then) == {"holder", "mood", "open", "tension", "weather", "force"}
    assert [assignment.op for assignment in assignments(last.then)] == ["*="]


def effect(text: str, tmp_path: Path) -> list[str]:
    lines = "".join(f"      {line}\n" for line in text.splitlines())
    body = f"rules:\n  it:\n    for: {{a: actor, p: place}}\n    rate: 1\n    then:\n{lines}"
    return [fault.code for fault in told(body, tmp_path)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("- force[a, p]", ["SD301"]),
        ("- force[a, p] == 1", ["SD301"]),
        ("- force[a, p] /= 2", ["SD302"]),
        ("- force[a, p] **= 2", ["SD302"]),
        ("- daring = 2", ["SD309"]),
        ("- a = blue", ["SD309"]),
        ("- blue.kind = 'x'", ["SD309"]),
        ("- reds[a] = 1", ["SD309"]),
        ("- forec[a, p] = 1", ["SD303"]),
        ("- forec += 1", ["SD303"]),
        ("- force[a] = 1", ["SD305"]),
        ("- force = 1", ["SD305"]),
        ("- holder[p] += 1", ["SD304"]),
        ("- holder[p] = 1", ["SD304"]),
        ("- weather = alert", ["SD304"]),
        ("- force[a, p] = daring", ["SD306"]),
        ("- force[a, p] *= daring", ["SD306"]),
        ("- force[a, choice(q for q in place)] = 1", ["SD308"]),
        ("- x = 1\n- x = 2", ["SD209"]),
        ("- x = 1\n- x += 2", ["SD309"]),
        ("- If = 1", ["SD212"]),
        ("- x = nothing\n- force[a, p] = x\n- y = x + 1\n- force[a, p] = y", ["SD303"]),
        ("- {if: open, then: [x = 1]}\n- 'force[a, p] = x'", ["SD303"]),
        ("- {for: {blue: actor}, do: []}", ["SD209"]),
        ("- {for: {t: actor}, do: []}", ["SD212"]),
        ("- {for: {b: actors}, do: []}", ["SD303"]),
        ("- {chance: [{p: 1.5}]}", ["SD312"]),
        ("- {chance: [{p: 0.6}, {p: 0.6}]}", ["SD312"]),
        ("- {if: 1, then: []}", ["SD304"]),
    ],
)
def test_an_effect_that_cannot_be_is_refused(text: str, codes: list[str], tmp_path: Path) -> None:
    assert effect(text, tmp_path) == codes


def test_a_rule_that_ranges_over_the_partners_of_what_changes_is_refused(tmp_path: Path) -> None:
    faults = told("rules:\n  it:\n    for: {p: place, i: 'wants(holder[p])'}\n    rate: 1\n", tmp_path)
    assert [fault.code for fault in faults] == ["SD304"]


def test_a_variable_without_a_domain_is_told_once_and_not_at_each_use(tmp_path: Path) -> None:
    body = "rules:\n  it:\n    for: {a: actr}\n    when: mood[a] == calm\n    rate: 1\n    then: ['mood[a] = alert']\n"
    assert [fault.found for fault in told(body, tmp_path)] == ["unknown domain 'actr'"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("when: force[blue if hot else red, ford] > 1", "SD351"),
        ("when: force[red if t > 3 else blue, ford] > 1", "SD351"),
        ("at: 'force[blue, ford]'", "SD313"),
        ("at: t + 1", "SD313"),
        ("at: 400", "SD206"),
        ("at: daring", "SD306"),
        ("rate: 1 / daring", None),
        ("rate: force[blue, ford]", "SD311"),
        ("rate: force[blue, ford] / force[red, ford]", None),
        ("rate: 0.1 * force[blue, ford]", None),
        ("rate: force[blue, ford] * daring", None),
        ("rate: chance(0.5)", "SD308"),
        ("rate: open", "SD304"),
    ],
)
def test_guards_rates_and_dates_keep_the_law(lines: str, code: str | None, tmp_path: Path) -> None:
    body = f"define:\n  hot: {{is: 'tension[blue, red] > 1'}}\nrules:\n  it:\n    {lines}\n"
    if code is None:
        assert resolved(body, tmp_path).rules[0].rate is not None
    else:
        assert [fault.code for fault in told(body, tmp_path)] == [code]


def test_a_date_is_days_since_the_start(tmp_path: Path) -> None:
    assert rule("at: 2017-07-01", tmp_path).at == Constant(type=Number(), value=31.0)
    at = rule("at: first + 1", tmp_path).at
    assert at is not None
    assert spelled(at) == "first + 1"


# -- defines, questions, watches -------------------------------------------------------------------------------------


def test_a_define_that_nothing_uses_is_checked_all_the_same(tmp_path: Path) -> None:
    faults = told("define:\n  bad: {is: frod}\n  worse: {of: {p: place}, is: 'bad + force[p, p]'}\n", tmp_path)
    assert [fault.found for fault in faults] == ["unknown name 'frod'", "'p' is a place"]


def test_a_circle_of_defines_is_told_once_with_its_way_round(tmp_path: Path) -> None:
    body = "define:\n  one: {is: two}\n  two: {is: three}\n  three: {is: one + 1}\n"
    (fault,) = told(body, tmp_path)
    assert fault.code == "SD310"
    assert fault.expected is not None
    assert sorted(set(fault.expected.split(" -> "))) == ["one", "three", "two"]


def test_a_long_chain_of_defines_is_no_deep_nest(tmp_path: Path) -> None:
    links = "".join(f"  d{number}: {{is: d{number + 1}}}\n" for number in range(600))
    found = resolved(f"define:\n{links}  d600: {{is: first}}\nrules:\n  it: {{rate: d0}}\n", tmp_path)
    assert found.rules[0].rate is not None
    assert spelled(found.rules[0].rate) == "first"


def test_defines_that_grow_without_measure_are_refused(tmp_path: Path) -> None:
    links = "".join(f"  d{number}: {{is: d{number + 1} + d{number + 1} + d{number + 1}}}\n" for number in range(40))
    assert {fault.code for fault in told(f"define:\n{links}  d40: {{is: first}}\n", tmp_path)} == {"SD302"}


@pytest.mark.parametrize(
    "rule",
    [
        "{for: {q: road(DEEP)}, rate: 1}",
        "{rate: 1, then: [{for: {q: road(DEEP)}, do: ['seen[q] += 1']}]}",
        "{rate: 1, then: ['seen[DEEP] += 1']}",
        "{when: 'seen[DEEP] > 0', rate: 1}",
        "{rate: 1, event: ASSAULT by blue at DEEP}",
    ],
)
def test_what_defines_nest_too_deeply_is_refused_wherever_it_stands(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    nested = "f(" * 90 + "ford" + ")" * 90
    define = "define: {f: {of: {p: place}, is: 'p if seen[p] > 0 else (ford if seen[p] > 1 else mill)'}}\n"
    body = DEEP + define + f"rules:\n  it: {rule.replace('DEEP', nested)}\n"
    path.write_text(body, encoding="utf-8")
    assert "SD302" in {fault.code for fault in check(path)}


DEEP = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}}
places: {ford: {at: [1, 2]}, mill: {at: [1, 2]}}
routes: [{between: [ford, mill]}]
state: {seen: {of: place}}
"""


def test_a_define_keeps_the_unit_it_is_given(tmp_path: Path) -> None:
    body = "define:\n  speed: {is: 2 * first, unit: km/day}\nrules:\n  it: {rate: speed}\n"
    rate = resolved(body, tmp_path).rules[0].rate
    assert rate is not None
    assert str(rate.unit) == "km/day"
    assert told("define:\n  speed: {is: daring, unit: km}\n", tmp_path)[0].code == "SD306"


def test_a_question_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    body = """\
sources:
  paper-2017: {title: A paper}
questions:
  mill-falls:
    ask: Does it fall?
    type: binary
    answer: holder[mill] == blue
    date: 2017-12-31
    forecast: {id: F01, low: 0.8, high: 0.95, words: likely, evidence: paper-2017#p6}
    recorded: {outcome: yes, why: Seen, evidence: {from: public-record, hindsight: true}}
  when: {ask: When?, type: date, answer: "-1", date: 2017-12-31, recorded: {date: 2017-06-02}}
"""
    binary, day = resolved(body, tmp_path).questions
    assert (binary.name, binary.type, binary.forecast) == ("mill-falls", "binary", "F01")
    assert (binary.given.low, binary.given.high, binary.given.words) == (0.8, 0.95, "likely")
    assert (binary.given.outcome, binary.given.why, binary.given.hindsight) == ("yes", "Seen", True)
    assert binary.given.locators == ("paper-2017#p6", "public-record")
    assert day.given.value == 2.0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("type: number, answer: open", "SD304"),
        ("type: binary, answer: blue", "SD304"),
        ("type: date, answer: daring", "SD306"),
    ],
)
def test_an_answer_must_be_of_the_kind_the_question_asks_for(answer: str, code: str, tmp_path: Path) -> None:
    body = f"questions:\n  q: {{ask: What?, {answer}, date: 2017-12-31}}\n"
    assert [fault.code for fault in told(body, tmp_path)] == [code]


def test_a_watch_has_one_column_for_each_combination_and_a_unit(tmp_path: Path) -> None:
    body = "watch:\n  forces: {for: {a: reds, p: place}, of: 'force[a, p]', label: Forces}\n  n: {of: first}\n"
    forces, plain = resolved(body, tmp_path).watches
    assert [variable.name for variable in forces.variables] == ["a", "p"]
    assert (forces.label, str(forces.unit)) == ("Forces", "company")
    assert (plain.label, plain.variables, plain.unit) == ("n", (), None)
    assert told("watch:\n  n: {of: blue.kind}\n", tmp_path)[0].code == "SD304"
    assert told("watch:\n  n: {of: daring, unit: km}\n", tmp_path)[0].code == "SD306"


def test_all_faults_of_a_scenario_are_told_together_in_the_order_of_reading(tmp_path: Path) -> None:
    faults = told(
        """\
begin:
  force: {blue: {frod: 1}}
define:
  near: {is: 'distnace(ford, mill)'}
rules:
  one: {when: opne, rate: draing}
  two: {for: {p: place}, when: 'holder[p] = red', then: ['force[blue] = 1', 'near = 1']}
""",
        tmp_path,
    )
    assert [fault.code for fault in faults] == ["SD204", "SD303", "SD303", "SD303", "SD301", "SD305", "SD309"]
    lines = [fault.location.line for fault in faults if fault.location]
    assert lines == sorted(lines)
    assert len(lines) == len(faults)


def test_a_long_name_of_a_claim_makes_longer_names_that_still_resolve(tmp_path: Path) -> None:
    # Messages shorten what is longer than 60 letters, and a statement once looked its state up by such a message.
    name = "a-road-that-is-closed-early-in-june-keeps-the-red-force-away"
    path = tmp_path / "scenario.yaml"
    claims = f"claims:\n  {name}: {{says: So., raise: come, expect: 'count(come) rises', until: 2017-06-30}}\n"
    path.write_text(HEAD + "rules:\n  come: {rate: 0.1}\n" + claims)
    assert any(len(state) > 60 for state in claim_plans(load(path)).resolved.states)
