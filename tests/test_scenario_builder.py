"""A scenario that code makes is the scenario that its text is: the same model, bytes and faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import reference_run
from standoff.errors import Faults
from standoff.model import ground
from standoff.scenario import Builder, Origin, Scenario, load
from standoff.scenario.expression.written import Each, applied, assigned, belongs, called, indexed

TEXT = """\
standoff: 1
title: Two posts on a border road
starts: 2017-05-31
ends: 2017-12-31
actors:
  blue: {kind: state}
  red: {kind: state}
  militia: {kind: armed group, patron: red, control: 0.7}
places: {ford: {at: [34.1, 40.2]}, mill: {at: [34.25, 40.4]}, farm: {at: [35.1, 41.2]}}
routes:
  - {between: [ford, mill]}
  - {between: [mill, farm], km: 120}
groups: {reds: {of: actor, members: [red, militia]}}
state:
  force: {of: [actor, place], unit: company, at_least: 0}
  holder: {of: place, is: actor}
begin:
  force: {blue: {ford: 6}, red: {mill: 4}, militia: {farm: 3}}
  holder: {ford: blue, mill: red, farm: militia}
parameters:
  daring: {prior: "lognormal(median=0.02, sigma=0.5)", unit: 1/day/company, evidence: assumption}
define:
  of_reds: {of: {p: place}, is: "sum(force[a, p] for a in reds)"}
zones:
  exclusion: {centre: ford, radius: 25, holder: blue, excludes: [red, militia]}
red_lines:
  entry:
    of: blue
    crossed_by: [{rule: advance, by: a, at: q, if: q in exclusion}]
    forgets: 30 days
    response:
      delay: exponential(2 days)
      then: ["force[intruder, spot] -= min(1, force[intruder, spot])"]
      event: ASSAULT (air strike) by blue on intruder at spot
rules:
  advance:
    for: {a: actor, p: place, q: road(p)}
    when: force[a, p] >= 1 and holder[q] != a
    rate: daring * force[a, p]
    then: ["force[a, p] -= 1", "force[a, q] += 1", "holder[q] = a"]
    event: ASSAULT by a on holder[q] at q
questions:
  mill-holds: {ask: Does red hold the mill?, when: "holder[mill] in reds", at: 2017-12-31}
watch:
  control: {for: {p: place}, of: "holder[p]", shows: holder}
  reds: {of: sum(of_reds(p) for p in place), unit: company}
"""


def built() -> Builder:
    """The same, made by code."""
    b = Builder("Two posts on a border road", starts=date(2017, 5, 31), ends="2017-12-31")
    b.add_actor("blue", kind="state")
    b.add_actor("red", kind="state")
    b.add_actor("militia", kind="armed group", patron="red", control=0.7)
    ford, mill = b.add_place("ford", at=(34.1, 40.2)), b.add_place("mill", at=[34.25, 40.4])
    farm = b.add_place("farm", at=(35.1, 41.2))
    b.add_route(ford, mill)
    b.add_route(mill, farm, km=120)
    reds = b.add_group("reds", "actor", ["red", "militia"])
    begin = {"blue": {"ford": 6}, "red": {"mill": 4}, "militia": {"farm": 3}}
    b.add_state("force", of=["actor", "place"], unit="company", at_least=0, begin=begin)
    b.add_state("holder", of="place", is_="actor", begin={"ford": "blue", "mill": "red", "farm": "militia"})
    daring = b.add_parameter(
        "daring", "lognormal(median=0.02, sigma=0.5)", unit="1/day/company", evidence="assumption"
    )
    b.add_define("of_reds", Each("sum", indexed("force", "a", "p"), "a", reds), of={"p": "place"})
    b.add("zones", "exclusion", {"centre": "ford", "radius": 25, "holder": "blue", "excludes": ["red", "militia"]})
    strikes = indexed("force", "intruder", "spot")
    b.add("red_lines", "entry", {
        "of": "blue",
        "crossed_by": [{"rule": "advance", "by": "a", "at": "q", "if_": belongs("q", "exclusion")}],
        "forgets": "30 days",
        "response": {
            "delay": "exponential(2 days)",
            "then": [assigned(strikes, "-=", called("min", 1, strikes), "entry")],
            "event": "ASSAULT (air strike) by blue on intruder at spot",
        },
    })  # fmt: skip
    here, there, holder = indexed("force", "a", "p"), indexed("force", "a", "q"), indexed("holder", "q")
    b.add_rule(
        "advance",
        for_={"a": "actor", "p": "place", "q": called("road", "p")},
        when=applied("and", applied(">=", here, 1), applied("!=", holder, "a")),
        rate=applied("*", daring, here),
        then=[assigned(here, "-=", 1, ""), assigned(there, "+=", 1, ""), assigned(holder, "=", "a", "")],
        event="ASSAULT by a on holder[q] at q",
    )
    b.add_question("mill-holds", "Does red hold the mill?", when=belongs(indexed("holder", mill), "reds"),
                   at=date(2017, 12, 31))  # fmt: skip
    b.add_watch("control", indexed("holder", "p"), for_={"p": "place"}, shows="holder")
    b.add_watch("reds", "sum(of_reds(p) for p in place)", unit="company")
    return b


def loaded(text: str, folder: Path) -> Scenario:
    """A scenario from its text."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_what_is_built_is_what_its_text_says(tmp_path: Path) -> None:
    made, read = built().scenario(), loaded(TEXT, tmp_path)
    assert made.digest == read.digest
    assert made.expanded_text() == read.expanded_text()
    assert made.resolved.states == read.resolved.states and made.resolved.questions == read.resolved.questions
    assert [rule.name for rule in made.resolved.rules] == [rule.name for rule in read.resolved.rules]


def test_a_run_of_it_is_the_same_to_the_bit(tmp_path: Path) -> None:
    for seed in (1, 2):
        one, other = (
            reference_run(ground(scenario.resolved), seed=seed, run=3)
            for scenario in (built().scenario(), loaded(TEXT, tmp_path))
        )
        assert len(one.time) > 10
        for part in ("time", "rule", "answers", "series"):
            assert np.array_equal(getattr(one, part), getattr(other, part), equal_nan=True), part


def test_its_own_text_loads_to_the_same_scenario(tmp_path: Path) -> None:
    assert loaded(built().text(), tmp_path).digest == built().scenario().digest


def test_a_rule_can_say_what_made_it() -> None:
    b = built()
    b.add_rule("calm", rate=0.1, silent=True, origin=Origin("claim", "drafted", "happens"))
    rules = {rule.name: rule.origin for rule in b.scenario().resolved.rules}
    assert rules["calm"] == Origin("claim", "drafted", "happens") and rules["advance"] is None


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"when": "n"}, "SD303"),
        ({"rate": applied("*", "daring", "nothing_such")}, "SD303"),
        ({"rates": 1}, "SD201"),
        ({"rate": 1, "at": 2}, "SD203"),
    ],
)
def test_what_is_wrong_is_refused_as_in_a_file(rule: dict[str, object], code: str) -> None:
    b = built()
    b.add_rule("wrong", **rule)  # type: ignore[arg-type]
    with pytest.raises(Faults) as refused:
        b.scenario()
    assert code in {fault.code for fault in refused.value.faults}


def test_an_entity_may_be_called_as_a_key_is_written_in_python(tmp_path: Path) -> None:
    b = Builder("x", starts="2020-01-01", ends="2020-02-01")
    b.add_place("is_")
    b.add_state("n", of="place", begin={"is_": 3})
    assert loaded(b.text(), tmp_path).resolved.states["n"].begin[0][0] == ("is_",)
