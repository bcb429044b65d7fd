"""What an assignment does to its state, and that a thesis cannot fail by what moves its effect as it does itself."""

from __future__ import annotations

import pytest

from standoff.scenario import Scenario, load_text
from standoff.scenario.linting.manners import manner_of
from standoff.scenario.linting.possible_values import PossibleValues
from standoff.scenario.walks import assignments

TEXT = """\
standoff: 1
title: What hinders
starts: 2020-01-01
ends: 2020-03-01
actors: {red: {}, blue: {}}
parameters:
  some: {prior: "uniform(0.5, 0.9)", evidence: assumption}
  wide: {prior: "uniform(-1, 1)", evidence: assumption}
state: {n: {at_least: 0}, m: {}, on: {is: truth}}
rules:
  strikes: {rate: 0.1, then: [n += 1], event: ASSAULT by red on blue, evidence: assumption}
  beside: {rate: 0.1, then: ["EFFECT"], event: AID by blue, evidence: assumption}
questions: {many: {ask: How many?, number: n, at: 2020-02-01}, q: {ask: Is it so?, when: on, at: 2020-02-01}}
claims:
  c: {says: Strikes count., kind: thesis, at_least: 1, raise: strikes, question: many, expect: rises,
    rivals: some = 0.5, evidence: assumption}
watch: {m: {of: m + some + wide}}
"""
EFFECTS = [
    ("n += 1", "rises"), ("n += some", "rises"), ("n = n + some", "rises"), ("n = some + n", "rises"),
    ("n -= -1", "rises"), ("n = max(n, 3)", "rises"), ("n = max(3, n)", "rises"), ("n *= 2", "rises"),
    ("n = 2 * n", "rises"), ("n += poisson(2)", "rises"), ("n -= 1", "falls"), ("n += -some", "falls"),
    ("n = n - some", "falls"), ("n = min(n, 3)", "falls"), ("n *= some", "falls"), ("n = n * some", "falls"),
    ("n += wide", "either way"), ("n = n - wide", "either way"), ("n *= some + 0.3", "either way"),
    ("m *= 2", "rises"), ("n = 3", "is set"), ("n = 1 - n", "is set"), ("n = n / 2", "is set"),
    ("on = true", "is set"),
]  # fmt: skip


def scenario(effect: str) -> Scenario:
    return load_text(TEXT.replace("EFFECT", effect), "manners")


@pytest.mark.parametrize(("effect", "manner"), EFFECTS)
def test_an_assignment_lets_its_state_rise_or_fall_by_what_its_value_can_be(effect: str, manner: str) -> None:
    resolved = scenario(effect).as_read
    (found,) = assignments(next(rule for rule in resolved.rules if rule.name == "beside").then)
    assert manner_of(found, resolved.states[found.state], PossibleValues(resolved), {}) == manner


@pytest.mark.parametrize(("effect", "manner"), [pair for pair in EFFECTS if pair[0].startswith("n ")])
def test_only_what_moves_an_effect_otherwise_lets_a_thesis_fail(effect: str, manner: str) -> None:
    """A thesis that raises a number is refused where all else only raises it too, however that is written."""
    refused = [fault.code for fault in scenario(effect).errors]
    assert refused == (["SD218"] if manner == "rises" else [])
