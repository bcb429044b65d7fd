"""One date's scenario after another: what lies in the runs before it, and what does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import standoff as so
from standoff.model import ground
from verification.theatre.chaining import linked, number, rows_of, word
from verification.theatre.moments import on_day, reaching

WORLD = """
standoff: 1
title: A river
starts: {starts}
ends: {ends}
actors: {{us: {{name: Us}}, syr: {{name: Them}}}}
places:
  ford: {{name: Ford, at: [35, 40], country: SYR, province: Raqqa}}
  post: {{name: Post, at: [35.1, 40], country: SYR, province: Raqqa}}
  town: {{name: Town, at: [34, 41], country: SYR}}
state:
  force: {{of: [actor, place], unit: company, at_least: 0, evidence: assumption}}
  holder: {{of: place, is: actor, evidence: assumption}}
  anger: {{evidence: assumption}}
  calm: {{evidence: assumption}}
begin:
  anger: {anger}
  calm: 1
  force: {{us: {{ford: {ford}, post: 2}}, syr: {{town: 3}}}}
  holder: {{ford: {holder}, town: syr}}
rules:
  men_arrive:
    rate: 0.1
    then: ["force[us, ford] += 1", anger += 1]
    event: MOBILIZE by us on syr at ford
    evidence: assumption
  ford_falls:
    when: holder[ford] == us
    rate: 0.02
    then: ["holder[ford] = syr"]
    event: YIELD by us on syr at ford
    evidence: assumption
"""


def scenario(folder: Path, name: str, **values: object) -> so.Scenario:
    known = {"starts": "2017-01-01", "ends": "2017-12-31", "anger": 0, "ford": 1, "holder": "us"} | values
    path = folder / f"{name}.yaml"
    path.write_text(WORLD.format(**known), encoding="utf-8")
    return so.load(path)


def test_what_the_runs_can_reach_is_in_and_what_they_cannot_is_out(tmp_path: Path) -> None:
    """After 100 days there are Poisson(10) arrivals: 5 % and 95 % at 5 and 15. The ford has fallen with 0.86."""
    earlier = scenario(tmp_path, "earlier")
    later = scenario(tmp_path, "later", starts="2017-04-11", anger=40, ford=11, holder="syr")
    made = {one.name: one for one in linked(earlier, later, runs=200, seed=1).quantities}
    assert made["force[us, Raqqa]"].inside
    assert made["force[us, Raqqa]"].start == "13"
    assert not made["anger"].inside
    assert made["holder[ford]"].inside
    assert made["force[syr, rest of SYR]"].inside
    assert not made["force[syr, rest of SYR]"].moves
    # Nobody holds the post: that is `none`, and not the last of the actors.
    assert made["holder[post]"].start == "none"


def test_a_holder_that_no_run_has_is_out_and_counts_against_the_side(tmp_path: Path) -> None:
    earlier = scenario(tmp_path, "earlier", holder="syr")
    later = scenario(tmp_path, "later", starts="2017-04-11", holder="us")
    link = linked(earlier, later, runs=50, seed=1)
    outside = {one.name for one in link.quantities if not one.inside}
    assert {"holder[ford]", "us", "syr"} <= outside
    assert link.alike.max() == pytest.approx(2 / 3)
    rows = {row.what: row for row in rows_of("a to b", link)}
    assert rows["a to b: holders"].verdict == "misses"
    assert rows["a to b: holders"].values == {"inside": 2, "of": 3, "moving": 0, "moving_inside": 0}


def test_a_scenario_that_ends_too_early_is_made_longer(tmp_path: Path) -> None:
    earlier = scenario(tmp_path, "earlier", ends="2017-01-05")
    later = scenario(tmp_path, "later", starts="2017-04-11", ford=11)
    link = linked(earlier, later, runs=200, seed=1)
    assert next(one for one in link.quantities if one.name == "force[us, Raqqa]").inside
    assert reaching(earlier, earlier.document.ends) is earlier


def test_the_state_on_a_day_is_that_of_the_run_on_that_day(tmp_path: Path) -> None:
    model = ground(scenario(tmp_path, "earlier").resolved)
    moments = on_day(model, 0.0, ["force", "holder"], runs=3, seed=1)
    assert moments.column("force", "us", "post").tolist() == [2.0] * 3
    assert moments.words("holder", "ford") == ["us"] * 3


@pytest.mark.parametrize(("start", "inside"), [(5.0, True), (95.9, True), (4.0, False), (96.0, False)])
def test_the_central_ninety_percent_and_a_hundredth_of_it_are_in(start: float, inside: bool) -> None:
    assert number("numbers", "n", start, np.arange(1.0, 101.0)).inside == inside


@pytest.mark.parametrize(("runs", "inside"), [(5, True), (4, False)])
def test_a_name_needs_a_twentieth_of_the_runs(runs: int, inside: bool) -> None:
    assert word("holders", "h", "us", ["us"] * runs + ["syr"] * (100 - runs)).inside == inside
