"""The scenario browser tells the ties and rules of a scenario as they are written, and draws the same graph twice."""

from __future__ import annotations

from math import dist
from pathlib import Path

import pytest
import yaml

from standoff.report.rules_text import ELSEWHERE, SECTIONS, world
from standoff.report.scenario_browser import Line, World
from standoff.scenario import Document, read, validate
from tests.front import front, write_front

TIES = {
    "patron": [{"from": "militia", "to": "iraq", "strength": 0.4, "evidence": "paper-2017#p2",
                "mechanism": ["M02"]}],
    "alliance": [{"from": "regime", "to": "militia"}],
    "rivalry": [{"from": "rebels", "to": "isis"}],
}


@pytest.fixture
def made(tmp_path: Path) -> World:
    plain = front()
    rules = plain["rules"] | {
        "sways": {
            "about": "What <b>happens</b> at random.",
            "when": "holder[t2] == none",
            "rate": "daring * 2",
            "then": [
                {"if": "holder[zaza] == isis", "then": ["holder[t2] = isis", "holder[tanf] = isis"],
                 "else": ["holder[t2] = regime"]},
                "holder[waleed] = iraq",
            ],
            "mechanism": ["M01"],
            "evidence": [{"from": "paper-2017#p3", "says": "so they say", "contradicts": True}, "assumption"],
        }
    }  # fmt: skip
    path = tmp_path / "front.yaml"
    path.write_text(yaml.safe_dump(plain | {"ties": TIES, "rules": rules}, sort_keys=False), encoding="utf-8")
    return world(validate(read(path)))


def test_a_rule_is_told_part_by_part_with_its_evidence(made: World) -> None:
    assert [rule.id for rule in made.entries if rule.section == "rules"] == ["advance", "quiet", "sways"]
    told = made.entries[2]
    assert told.about == "What <b>happens</b> at random."
    assert told.lines == [
        Line("while", ["holder[t2] == none"]),
        Line("rate a day", ["daring * 2"]),
        Line("then", [
            "if holder[zaza] == isis, then (holder[t2] = isis; holder[tanf] = isis), else holder[t2] = regime",
            "holder[waleed] = iraq",
        ]),
    ]  # fmt: skip
    assert told.mechanisms == ["M01"]
    assert [(one.locator, one.says, one.contradicts) for one in told.evidence] == [
        ("paper-2017#p3", "so they say", True), ("assumption", "", False),
    ]  # fmt: skip
    assert Line("for each", ["p: place, q: road(p)"]) in made.entries[0].lines


def test_what_actors_choose_want_and_agree_on_is_told_as_it_is_written() -> None:
    valid = Path(__file__).resolve().parent.parent / "conformance" / "valid"
    told = {
        (entry.kind, entry.id): entry
        for name in ("offers", "orders", "weighed", "policies", "decisions", "stances", "deals")
        for entry in world(validate(read(valid / f"{name}.yaml"))).entries
    }
    assert told["decision", "warning"].lines == [
        Line("for each", ["a: rivals"]),
        Line("decided by", ["us"]),
        Line("comes up", ["rate: 0.1"]),
        Line("options", [
            "let_be",
            "warn: when: not warned[a] and tension > 1, then warned[a] = true, event: THREATEN (warning) by us on a",
            "reassure: when: warned[a], then warned[a] = false",
        ]),
        Line("policy", ["mix: warn: resolve, reassure: 0.1, let_be: 1 - resolve"]),
    ]  # fmt: skip
    assert Line("the state at the date", ["1 if talks else 0"]) in told["goal", "russia"].lines
    assert Line("changes", [
        "from: protect, to: expand, when: stance_iran == expand or shots > 2, rate: nerve",
        "from: expand, to: protect, rate: nerve / 2, event: RETREAT by us",
    ]) in told["stance", "us"].lines  # fmt: skip
    assert told["policy", "firm"].lines == [
        Line("policy of", ["us"]),
        Line("chooses", ["review: always: stay"]),
        Line("acts", ["no_fire: 1, deploys: never"]),
        Line("agrees", ["truce: accept: losses[us] < 1"]),
        Line("sets", ["patience: 6"]),
    ]
    assert told["lever", "patience"].lines == [
        Line("in the hand of", ["us"]), Line("sets", ["patience"]), Line("to one of", ["2", "4"]),
    ]  # fmt: skip
    assert told["order", "reinforce"].lines == [
        Line("for each", ["p: posts"]),
        Line("while", ["reserve >= n"]),
        Line("amounts", ["n: (1; 2.5)"]),
        Line("takes", ["exponential(3 days)"]),
        Line("at once", ["reserve -= n"]),
        Line("then", ["troops[p] += n"]),
        Line("recorded as", ["MOBILIZE (reinforcement) by us on iran at p size n"]),
        Line("ordered by", ["us"]),
        Line("at most every", ["10 days"]),
        Line("if nobody is asked", ["rate: 0.01, choose: n == 1"]),
    ]
    assert Line("by offers", ["opens: 0.02, reply: 0.2"]) in told["deal", "trade"].lines
    assert Line("each answer", ["weighed as a decision"]) in told["red line", "entry"].lines
    # The evidence of its changes is shown beside a stance.
    assert len(told["stance", "iran"].evidence) == 4
    assert Line("worth", [
        "blue: deal: 0.5, no_deal: 1 - 0.4 * fear", "red: deal: stake, no_deal: 0.3 if posts > 2 else 0.1",
    ]) in told["deal", "truce"].lines  # fmt: skip


def test_every_word_that_a_scenario_can_declare_is_listed_or_shown_elsewhere() -> None:
    assert set(Document.model_fields) == SECTIONS.keys() | ELSEWHERE and not SECTIONS.keys() & ELSEWHERE


STANCES_AND_DEALS = """
standoff: 1
title: What a report once hid
starts: 2026-01-01
ends: 2026-03-31
actors: {a: {kind: state, name: Arland}, b: {kind: state}, c: {kind: state}}
places: {p: {at: [20, -74]}}
state: {ships: {of: place, at_least: 0, evidence: assumption}}
begin: {ships: {p: 2}}
zones: {ring: {centre: p, radius: 30, holder: a, excludes: [b], evidence: assumption}}
stances:
  a: {options: [calm, angry], changes: [{from: calm, to: angry, rate: 0.0123, evidence: public-record}]}
deals:
  pact:
    parties: {a: {deal: 0.71, no_deal: 0.2}, b: {deal: 0.4, no_deal: 0.3}, c: {deal: 0, no_deal: 1, must_agree: false}}
    rate: 0.0456
    terms: [stance_a = calm]
rules: {go: {rate: 0.05, then: ["ships[p] += 1"], silent: true}}
questions: {q: {ask: Is a angry?, when: stance_a == angry, at: 2026-03-31}}
variants: {worse: {about: A worse world., parameters: {k: {prior: "uniform(0, 1)", evidence: assumption}}}}
parameters: {k: {prior: 1}}
"""


def test_worths_rates_terms_zones_and_variants_are_told(tmp_path: Path) -> None:
    (tmp_path / "told.yaml").write_text(STANCES_AND_DEALS, encoding="utf-8")
    told = {(one.section, one.id): one for one in world(validate(read(tmp_path / "told.yaml"))).entries}
    assert told["deals", "pact"].lines == [
        Line("rate a day per gain", ["0.0456"]),
        Line("worth", ["a: deal: 0.71, no_deal: 0.2", "b: deal: 0.4, no_deal: 0.3",
                       "c: deal: 0, no_deal: 1, must_agree: no"]),
        Line("terms", ["stance_a = calm"]),
    ]  # fmt: skip
    assert told["stances", "a"].lines[-1] == Line("changes", ["from: calm, to: angry, rate: 0.0123"])
    assert [one.locator for one in told["stances", "a"].evidence] == ["public-record"]
    assert Line("radius (km)", ["30"]) in told["zones", "ring"].lines
    assert told["begin", "ships"].lines == [Line("is", ["p: 2"])]
    assert (told["actors", "a"].title, told["questions", "q"].title) == ("Arland", "Is a angry?")
    assert told["rules", "go"].lines[-1] == Line("silent", ["yes"])
    assert told["variants", "worse"].lines == [Line("sets", ["k: prior: uniform(0, 1), rests on: assumption"])]


def test_actors_that_a_tie_joins_stand_nearer_than_those_that_none_joins(made: World) -> None:
    at = {node.actor: (node.x, node.y) for node in made.nodes}
    assert list(at) == ["militia", "iraq", "regime", "rebels", "isis"]
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in at.values())
    tied = [dist(at[tie.source], at[tie.target]) for tie in made.ties]
    assert len(tied) == 3 and max(tied) < min(dist(at[one], at["isis"]) for one in ("militia", "iraq", "regime"))
    assert [(tie.kind, tie.strength, tie.mechanisms, len(tie.evidence)) for tie in made.ties] == [
        ("patron", "0.4", ["M02"], 1), ("alliance", "", [], 0), ("rivalry", "", [], 0),
    ]  # fmt: skip


def test_what_was_recorded_stands_in_days_from_the_start(tmp_path: Path) -> None:
    path = write_front(tmp_path / "front.yaml", full=True)
    (seen,) = world(validate(read(path))).record
    assert (seen.day, seen.last, seen.type, seen.mode) == (20, 22, "RETREAT", "place lost")
    assert (seen.source, seen.target, seen.place, seen.holder, seen.times) == ("isis", "regime", 6, "regime", 1)
    assert [one.locator for one in seen.evidence] == ["public-record"]


def test_an_inject_that_is_switched_off_says_so(tmp_path: Path) -> None:
    off = {"at": "2017-07-01", "on": False, "then": ["holder[t2] = none"]}
    (tmp_path / "front.yaml").write_text(yaml.safe_dump(front() | {"injects": {"rain": off}}), encoding="utf-8")
    (told,) = (one for one in world(validate(read(tmp_path / "front.yaml"))).entries if one.kind == "inject")
    assert told.id == "rain"
    assert [line.label for line in told.lines] == ["switched off", "on", "then"]


def test_without_ties_there_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "front.yaml").write_text(yaml.safe_dump(front(), sort_keys=False), encoding="utf-8")
    assert world(validate(read(tmp_path / "front.yaml"))).nodes == []
