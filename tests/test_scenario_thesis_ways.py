"""A thesis is refused where it cannot fail: few rules say it, and no other rule has a hand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.scenario import check

HEAD = """\
standoff: 1
title: Two sides before a war
starts: 2017-06-01
ends: 2017-06-30
actors: {red: {}, blue: {}}
parameters: {daring: {prior: "uniform(0.05, 0.2)", unit: 1/day, evidence: assumption}}
state: {tension: {at_least: 0}, war: {is: truth}, alarm: {}}
rules:
  strikes: {rate: daring, then: [tension += 1], event: ASSAULT by red, evidence: assumption}
  breaks_out: {rate: daring * tension, when: not war, then: [war = true], event: COERCE by red, evidence: assumption}
"""
TALKS = '  talks: {rate: daring, then: ["tension -= min(1, tension)"], event: YIELD by blue, evidence: assumption}\n'
RAIDS = "  raids: {rate: daring, then: [tension += 1], event: COERCE by blue, evidence: assumption}\n"
ASIDE = "  warns: {rate: daring, then: [alarm += 1], event: THREATEN by blue, evidence: assumption}\n"
QUESTIONS = """\
questions:
  war-comes: {ask: Is there war?, when: war, by: 2017-06-30}
  tense: {ask: How tense is it?, number: tension, at: 2017-06-30}
  red-strikes: {ask: Does red strike?, happens: {type: ASSAULT, source: red}, by: 2017-06-30}
policies: {calm: {of: red, acts: {strikes: never}, evidence: assumption}}
claims:
  c: {says: Strikes bring war., kind: thesis, evidence: assumption, CLAIM}
variants: {peace: {about: no strikes, parameters: {daring: 0.01}}}
"""
RIVAL = ", rivals: peace"
REMOVED = "remove: strikes, question: war-comes, expect: falls, at_least: 5 points"
CALM = "follow: calm, question: war-comes, expect: falls, at_least: 5 points"
RAISED = "raise: strikes, question: tense, expect: rises, at_least: 1"
SET = "set: {tension: 3}, on: 2017-06-05, question: war-comes, expect: rises, at_least: 5 points"


def told(tmp_path: Path, rules: str, claim: str) -> list[tuple[str, str]]:
    path = tmp_path / "war.yaml"
    path.write_text(HEAD + rules + QUESTIONS.replace("CLAIM", claim), encoding="utf-8")
    return [(fault.severity, fault.found) for fault in check(path) if fault.code not in ("SD406", "SD409", "SD415")]


@pytest.mark.parametrize(
    ("rules", "claim"),
    [
        ("", REMOVED),
        ("", CALM),
        (ASIDE, REMOVED),  # it has no hand in this
        (RAIDS, RAISED),  # others only add to the same number
        ("", SET),  # strikes only add to what is set
        (TALKS, SET.replace("war-comes", "tense").replace("5 points", "1")),  # what is measured is what is set
        (
            TALKS,
            "raise: strikes, question: red-strikes, expect: rises, at_least: 5 points",
        ),  # the very rule is measured
        (TALKS, "force: strikes, on: 2017-06-05, question: red-strikes, expect: rises, at_least: 5 points"),
    ],
)
def test_a_thesis_that_its_own_rules_say_is_refused(tmp_path: Path, rules: str, claim: str) -> None:
    ((severity, found),) = told(tmp_path, rules, claim + RIVAL)
    assert severity == "error"
    assert found.endswith("and nothing else has a hand in it: it cannot fail")


@pytest.mark.parametrize(
    ("rules", "claim"),
    [(TALKS, REMOVED), (RAIDS, REMOVED), (RAIDS, CALM), (TALKS, RAISED), (TALKS, SET)],
)
def test_a_short_thesis_that_others_can_hinder_or_replace_is_none(tmp_path: Path, rules: str, claim: str) -> None:
    assert told(tmp_path, rules, claim + RIVAL) == []
    ((severity, found),) = told(tmp_path, rules, claim)
    assert (severity, found.rpartition(", ")[2]) == ("warning", "and no rival of it is tried")
