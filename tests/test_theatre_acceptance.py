"""The acceptance tests of deterrence: each meets its bar where deterrence works, and misses it where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import standoff as so
from verification.theatre.acceptance import EXCHANGE, RACE, section
from verification.theatre.asked import Asked
from verification.theatre.table import Row

WORLD = """
standoff: 1
title: A ring
starts: 2017-05-31
ends: 2018-01-31
actors: {{us: {{name: Us}}, coal: {{name: Coalition}}, saa: {{name: Army}}, sdf: {{name: Partner}}}}
places:
  tanf: {{name: Post, at: [33.5, 38.6], country: SYR}}
  omar: {{name: Field, at: [35.1, 40.5], country: SYR, attributes: {{left_bank: 1}}}}
groups: {{pro_regime: {{of: actor, members: [saa]}}}}
parameters:
  us_will: {{prior: "uniform(0.5, 1)", evidence: assumption}}
  zone_believed: {{prior: "uniform(0.9, 1)", evidence: assumption}}
state:
  holder: {{of: place, is: actor, evidence: assumption}}
  us_air: {{evidence: assumption}}
begin: {{holder: {{tanf: us}}, us_air: 1}}
red_lines:
  zone_entry:
    of: us
    crossed_by: [{{rule: push, by: saa, at: tanf}}]
    threshold: {{declared: 1}}
    willing: us_will * us_air
    credibility: {{begin: zone_believed, lost: 0.3, won: 0.1}}
    response:
      delay: exponential(0.5)
      then: []
      event: ASSAULT (air strike) by coal on saa at tanf
    evidence: assumption
  partner_defence:
    of: us
    crossed_by: [{{rule: clash, by: saa, at: omar}}]
    threshold: {{declared: 1}}
    willing: 1
    response:
      delay: exponential(0.1)
      then: []
      event: ASSAULT (ground and air fire) by coal on saa at omar
    evidence: assumption
rules:
  push:
    rate: 0.1 * {fear}
    then: []
    event: MOBILIZE by saa on us at tanf
    evidence: assumption
  takes:
    when: holder[tanf] == us
    rate: 0.02 * {fear}
    then: ["holder[tanf] = saa"]
    event: ASSAULT by saa on us at tanf
    evidence: assumption
  clash:
    rate: {clash}
    then: []
    event: ASSAULT (attack on a partner) by saa on sdf at omar
    evidence: assumption
variants:
  zone-not-defended:
    parameters: {{us_will: 0, zone_believed: 0}}
questions:
  tanf-crossing:
    ask: Is the post taken?
    when: holder[tanf] in pro_regime
    at: 2017-12-31
"""
FEARED = "(1 - credibility_zone_entry * us_air)"


def rows(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> dict[str, Row]:
    path = folder / "race.yaml"
    path.write_text(text, encoding="utf-8")
    asked = Asked(runs=80, jobs=1, folder=folder / "runs")
    monkeypatch.setattr(asked, "years", (RACE,), raising=False)
    monkeypatch.setattr(asked, "scenario", lambda _: so.load(path))
    return {row.what[:2].strip() if row.what[1] == " " else row.what: row for row in section(asked).rows}


def test_a_ring_that_is_feared_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 pairs of a fixed seed; every difference is six of its standard errors or more above its bar."""
    made = rows(tmp_path, monkeypatch, WORLD.format(fear=FEARED, clash=0.001))
    assert {what for what, row in made.items() if row.verdict == "misses"} == set()
    assert made["a"].values["difference"] > 0.3


def test_a_ring_that_nobody_fears_misses_every_bar_of_deterrence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clash is in every run, which is not in some."""
    made = rows(tmp_path, monkeypatch, WORLD.format(fear="0.5", clash=0.5))
    assert {what for what, row in made.items() if row.verdict == "misses"} == {"a", "b", "c", "d", "f"}


def test_what_a_scenario_does_not_have_never_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = WORLD.format(fear="0.5", clash=0.001)
    bare = bare.replace("tanf-crossing", "another").replace("us_air", "aircraft").replace("left_bank", "bank")
    made = rows(tmp_path, monkeypatch, bare)
    assert {made[what].verdict for what in ("a", "c", "f")} == {"not in this scenario"}
    assert made[f"the tests of {EXCHANGE}"].verdict == "not in this scenario"
