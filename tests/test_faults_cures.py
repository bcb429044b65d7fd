"""A right key at a wrong place is told with what is meant there, or with where it belongs: read off the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.scenario import Document, check
from standoff.scenario.schema.homes import where_at_home

BASE = """\
standoff: 1
title: Two posts on a road
starts: 2017-06-01
ends: 2017-12-31
actors: {blue: {}, red: {}}
places: {ford: {at: [34.1, 40.2]}, mill: {at: [34.4, 40.6]}}
routes: [{between: [ford, mill], km: 46}]
state:
  force: {of: [actor, place], at_least: 0, evidence: assumption}
  holder: {of: place, is: actor}
  calm: {is: truth}
  stores: {at_least: 0, unit: ton, evidence: assumption}
begin: {holder: {ford: blue, mill: red}, stores: 10}
parameters: {pace: {prior: 0.1, unit: 1/day, evidence: assumption}}
zones: {ring: {centre: ford, radius: 20, holder: blue, excludes: red}}
flows: {stores: {rate: -0.1, unit: ton/day, evidence: assumption}}
red_lines:
  line:
    of: blue
    crossed_by:
      - rule: advance
        by: red
        at: ford
    response:
      then: [calm = false]
      event: ASSAULT (air strike) by blue on red at ford
    evidence: assumption
stances:
  red:
    options: [wait, push]
    changes: [{from: wait, to: push, rate: 0.01, evidence: assumption}]
deals:
  truce:
    parties:
      blue: {deal: 2, no_deal: 1}
      red: {deal: 2, no_deal: 1}
    rate: 0.01
    terms: [calm = true]
    evidence: assumption
decisions:
  send:
    of: blue
    comes: {rate: 0.1}
    options:
      go: {appeal: 1, then: [stores += 1]}
      stay: {appeal: 0}
    policy: {logit: 1}
    evidence: assumption
injects:
  war: {at: 2017-08-01, then: [calm = false], event: ASSAULT by red on blue, evidence: assumption}
rules:
  advance:
    when: stance_red == push and holder[mill] == red and force[red, mill] >= 0
    rate: pace
    then: [calm = false]
    event: ASSAULT by red on blue at ford
    evidence: assumption
questions:
  attacked: {ask: Is there an attack?, happens: {type: ASSAULT, source: red}, by: 2017-12-31}
  out: {ask: Is red in the ring?, when: "any(holder[p] == red or stores < 5 for p in place if p in ring)",
        at: 2017-12-31}
  calm: {ask: Is it calm?, when: calm, at: 2017-12-31}
watch: {stores: {of: stores}}
"""

CURES = [
    # What the header of an event says is no key, and events are counted by keys of their own.
    ("happens: {type: ASSAULT, source: red}", "happens: {event: ASSAULT by red}", "write type: ASSAULT, source: red"),
    ("type: ASSAULT, source: red}", "type: ASSAULT, by: red}", "write source"),
    ("type: ASSAULT, source: red}", "type: ASSAULT, on: blue}", "write target"),
    ("type: ASSAULT, source: red}", "type: ASSAULT, at: ford}", "write place"),
    ("    event: ASSAULT by red on blue at ford\n", "    event: ASSAULT\n    by: red\n", "write event: ASSAULT by red"),
    ("    event: ASSAULT by red on blue at ford\n", "    event: ASSAULT by red\n    on: blue\n",
     "write event: ASSAULT by red on blue"),
    ("go: {appeal: 1,", "go: {by: blue, appeal: 1,", "write event: TYPE by blue"),
    ("    rate: pace\n", "    rate: pace\n    of: red\n", "the event says so already, after its 'by'"),
    # The same thing has another key here: by what it holds, or by what it means.
    ("    terms: [calm = true]", "    then: [calm = true]", "write terms"),
    ("    terms: [calm = true]", "    effects: [calm = true]", "write terms"),
    ("    rate: pace\n    then:", "    rate: pace\n    terms:", "write then"),
    ("      then: [calm = false]\n      event: ASSAULT (", "      after: 3 days\n      event: ASSAULT (",
     "write delay"),
    ("stores: {at_least: 0,", "stores: {fades: 3 days, at_least: 0,", "write half_life"),
    ("        at: ford\n    response", "        at: ford\n        where: calm\n    response", "write if"),
    ("        at: ford\n    response", "        at: ford\n        when: calm\n    response", "write if"),
    ("    rate: pace\n", "    rate: pace\n    where: calm\n", "join it to the condition of 'when' by and"),
    ("    of: blue\n    comes", "    by: blue\n    comes", "write of"),
    ("    of: blue\n    crossed_by", "    holder: blue\n    crossed_by", "write of"),
    ("holder: blue, excludes", "of: blue, excludes", "write holder"),
    ("radius: 20", "km: 20", "write radius"),
    ("pace: {prior: 0.1", "pace: {is: 0.1", "write prior"),
    ("between: [ford, mill], km", "places: [ford, mill], km", "write between"),
    # A date stands for a condition where there are none.
    ("    terms: [calm", "    until: 2017-09-01\n    terms: [calm", "write ends: {when: t >= date('2017-09-01')}"),
    ("    terms: [calm", "    ends: 30 days\n    terms: [calm", "write ends: {after: 30 days}"),
    ("    terms: [calm", "    by: 2017-09-01\n    terms: [calm", "write when: t < date('2017-09-01')"),
    ("flows: {stores: {rate", "flows: {stores: {from: 2017-09-01, rate", "write when: t >= date('2017-09-01')"),
    # The only key that is missing.
    ("        at: ford\n    response", "        place: ford\n    response", "did you mean 'at', which is missing?"),
    ("blue: {deal: 2,", "blue: {gain: 2,", "did you mean 'deal', which is missing?"),
    ("watch: {stores: {of: stores}}", "watch: {stores: {number: stores}}", "did you mean 'of', which is missing?"),
    # Where it is a key.
    ("    rate: pace\n", "    rate: pace\n    appeal: 1\n",
     "'appeal' stands under decisions: {NAME: {options: {NAME: {appeal: …}}}}"),
    ("    rate: pace\n", "    rate: pace\n    prior: 0.3\n", "'prior' stands under parameters: {NAME: {prior: …}}"),
    ("war: {at: 2017-08-01,", "war: {at: 2017-08-01, rate: 0.1,", "'rate' is a key in flows, deals, rules, stances, "),
    ("rate: 0.01, evidence: assumption}]", "rate: 0.01, then: [calm = true], evidence: assumption}]",
     "'then' is a key in orders, injects, rules, red_lines, deals, decisions, not here"),
    ("    of: blue\n    comes: {rate: 0.1}", "    of: blue\n    every: 30 days", "it is a key of 'comes'"),
    ("{blue: {}, red: {}}", "{blue: {}, red: {stance: wait}}", "stances: is a section of its own, beside actors:"),
    ("ford: {at: [34.1, 40.2]}", "ford: {at: [34.1, 40.2], holder: blue}",
     "'holder' is a state: write begin: {holder: {ford: blue}} beside places:"),
    # Values.
    ("    terms: [calm", "    after: 3 days\n    terms: [calm", "'after' takes names here, and no time"),
    ("when: calm, at: 2017-12-31}", "when: calm, at: 2017-12-31, type: ASSAULT}", "within happens: {type: ASSAULT}"),
    ("source: red}, by: 2017-12-31", "source: red}, at: 2017-12-31", "write by: 2017-12-31"),
]  # fmt: skip


def test_the_scenario_in_which_keys_are_moved_has_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(BASE, encoding="utf-8")
    assert check(tmp_path / "s.yaml") == ()


@pytest.mark.parametrize(("right", "wrong", "cure"), CURES, ids=[wrong.split("\n")[-1][:40] for _, wrong, _ in CURES])
def test_a_right_key_at_a_wrong_place_is_told_once_with_its_cure(
    right: str, wrong: str, cure: str, tmp_path: Path
) -> None:
    assert BASE.count(right) == 1
    (tmp_path / "s.yaml").write_text(BASE.replace(right, wrong), encoding="utf-8")
    errors = [fault for fault in check(tmp_path / "s.yaml") if fault.severity == "error"]
    told = [fault for fault in errors if cure in f"{fault.hint}"]
    assert told, "\n".join(fault.render() for fault in errors)
    assert not any("is missing" in fault.found for fault in errors if "'comes'" not in fault.found), "told twice"
    place = told[0].location
    assert place is not None and place.text.strip() and place.text in BASE.replace(right, wrong)


def test_what_a_key_is_called_elsewhere_is_no_slip_of_the_pen(tmp_path: Path) -> None:
    """`then` is like `when`, but nobody who writes `then` means `when`."""
    (tmp_path / "s.yaml").write_text(BASE.replace("flows: {stores: {", "flows: {stores: {then: [calm = true], "))
    (fault,) = check(tmp_path / "s.yaml")
    assert "when" not in str(fault.hint)


def test_where_a_key_stands_is_read_off_the_language() -> None:
    assert where_at_home("chance", Document) == (
        "'chance' stands under injects: {NAME: {chance: …}} or deals: {NAME: {terms: [{chance: …}]}}"
    )
    assert where_at_home("about", Document) is None, "it may stand nearly anywhere"
    assert where_at_home("no_such_key", Document) is None
