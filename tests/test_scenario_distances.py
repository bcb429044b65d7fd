"""A distance to a place without coordinates is refused where a run could measure it, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.errors import Faults
from standoff.scenario import load

WORLD = """
standoff: 1
title: Near or far
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {}}
places: {ford: {at: [34, 40], attributes: {mapped: 1}}, bridge: {at: [35, 40], attributes: {mapped: 1}}, mill: {}}
routes: [{between: [ford, bridge]}]
groups: {posts: {of: place, members: [ford, bridge]}}
state: {near: {at_least: 0}, open: {of: place, is: truth}, camp: {is: place}, lost: {of: place, is: place}}
begin: {camp: ford}
rules:
  n: RULE
questions: {near: {ask: near?, number: near, at: 2017-06-30}}
"""

ACCEPTED = [
    "{for: {p: posts}, when: 'distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'p in posts and distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'distance(ford, p) < 9 and p in posts', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'p != mill', rate: 'distance(ford, p) / 100', then: [near += 1]}",
    "{for: {p: place}, when: 'not (p == mill)', rate: 1, then: ['near += distance(ford, p)']}",
    "{for: {p: place}, when: 'p.mapped > 0 and distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place, q: place}, when: 'road(p, q) and distance(p, q) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place, q: road(p)}, when: 'distance(p, q) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, rate: 1, then: ['near += (distance(ford, p) if p in posts else 1)']}",
    "{for: {p: place}, rate: 1, then: ['near += (1 if p == mill else distance(ford, p))']}",
    "{for: {p: place}, when: 'not p in posts or distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{rate: 1, then: ['near += sum(distance(ford, p) for p in place if p in posts)']}",
    "{rate: 1, then: [{for: {p: place}, where: 'p in posts', do: ['near += distance(ford, p)']}]}",
    "{for: {p: place}, rate: 1, then: [{if: 'p in posts', then: ['near += distance(ford, p)']}]}",
]

# `camp` starts at a place with coordinates and is moved among such places alone; `lost` goes anywhere.
ACCEPTED += [
    "{rate: 1, then: ['near += distance(ford, camp)']}",
    "{for: {p: posts}, when: 'distance(p, camp) < 9', rate: 1, then: ['camp = p']}",
    "{for: {p: place}, when: 'p in posts', rate: 1, then: ['lost[p] = camp', 'near += distance(ford, lost[p])']}",
    "{for: {p: place}, when: 'lost[p] in posts', rate: 1, then: ['near += distance(p, lost[p]) if p in posts else 0']}",
]

REFUSED = [
    "{for: {p: place}, when: 'distance(ford, camp) < 9', rate: 1, then: ['camp = p']}",
    "{rate: 1, then: ['lost[ford] = choice(p for p in place)', 'near += distance(ford, lost[ford])']}",
    "{for: {p: place}, rate: 1, then: ['h = p', 'lost[p] = h', 'camp = lost[ford]', 'near += distance(ford, camp)']}",
    "{when: 'distance(ford, mill) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'not p in posts and distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'p in posts or distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, when: 'open[p] and distance(ford, p) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place, q: place}, when: 'p in posts and distance(p, q) < 9', rate: 1, then: [near += 1]}",
    "{for: {p: place}, rate: 1, then: ['near += (distance(ford, p) if p == mill else 1)']}",
    "{rate: 1, then: ['near += sum(distance(ford, p) for p in place if p != ford)']}",
    "{for: {p: place}, rate: 1, then: ['near += distance(ford, p)']}",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "world.yaml"


@pytest.mark.parametrize("rule", ACCEPTED)
def test_a_place_that_a_condition_leaves_out_needs_no_coordinates(path: Path, rule: str) -> None:
    path.write_text(WORLD.replace("RULE", rule), encoding="utf-8")
    assert load(str(path)).resolved.rules


@pytest.mark.parametrize("rule", REFUSED)
def test_a_distance_that_a_run_could_not_measure_is_refused(path: Path, rule: str) -> None:
    path.write_text(WORLD.replace("RULE", rule), encoding="utf-8")
    with pytest.raises(Faults) as refused:
        assert load(str(path)).resolved.rules
    assert [(fault.code, fault.location and fault.location.line) for fault in refused.value.faults] == [("SD314", 13)]


def test_a_question_that_cannot_be_measured_is_refused(path: Path) -> None:
    text = WORLD.replace("RULE", "{rate: 1, then: [near += 1]}")
    path.write_text(text.replace("number: near", "number: 'distance(ford, mill)'"), encoding="utf-8")
    with pytest.raises(Faults, match="mill"):
        assert load(str(path)).resolved.rules
