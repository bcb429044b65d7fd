"""Ties and flows as what claims change and as what carries mechanisms: named, changed, knocked out, tried by rivals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from standoff.analysis import knock_out, try_claims
from standoff.engine import draw_parameters, prepare
from standoff.engine import run as run_once
from standoff.errors import Faults
from standoff.model import ground
from standoff.scenario import (
    KNOCKED_OUT,
    Index,
    applied,
    claim_plans,
    index_of,
    knock_out_plans,
    load,
    load_text,
    read,
    renamed,
)

FILE = Path(__file__).resolve().parent.parent / "conformance" / "valid" / "mechanisms-of-flows-and-ties.yaml"
WRITTEN = FILE.read_text(encoding="utf-8")

STILL = """
standoff: 1
title: Nothing here is luck
starts: 2020-01-01
ends: 2020-01-31
actors: {blue: {}, red: {}, green: {patron: blue, control: 0.5, deniability: 0.25}}
state: {stock: {at_least: 0, unit: ton}, seen: {}, back: {}, hold: {}, hidden: {}}
begin: {stock: 100}
flows: {stock: {rate: -2, unit: ton/day}, more: {into: stock, rate: 0.5, unit: ton/day}}
ties: {alliance: [{from: blue, to: red, strength: 0.4}]}
rules:
  notes:
    at: 20
    then: ["seen = alliance[blue, red]", "back = alliance[red, blue]", "hold = patronage[blue, green]",
           "hidden = deniability[blue, green]"]
claims:
  feeds: {says: More is left., remove: stock, expect: stock rises}
  feeds-faster: {says: Less is left., raise: stock, by: 1.5, expect: stock falls}
  adds: {says: Less is left., lower: more, by: 5, expect: stock falls}
  weaker: {says: It weakens., lower: "alliance[red,blue]", by: 4, expect: seen falls}
  both: {says: It weakens both ways., lower: "alliance[red, blue]", by: 4, expect: back falls}
  full: {says: It is full., raise: ["alliance[blue, red]"], by: 5, expect: seen rises}
  gone: {says: It is gone., remove: "patronage[blue, green]", expect: hold falls}
  bare: {says: Nothing is denied., remove: "patronage[blue, green]", expect: hidden falls}
  kept: {says: It denies what it did., lower: "patronage[blue, green]", expect: hidden falls}
"""


def test_a_claim_changes_a_flow_and_a_tie_by_what_it_says() -> None:
    """100 - 1.5 t is left after 31 days; a tie that goes both ways is changed both ways, and is 1 at most."""
    told = {claim.id: claim.effect for claim in try_claims(load_text(STILL, "still"), at_most=100).claims}
    assert told == {
        "feeds": pytest.approx(62.0), "feeds-faster": pytest.approx(-31.0), "adds": pytest.approx(-12.4),
        "weaker": pytest.approx(-0.3), "both": pytest.approx(-0.3), "full": pytest.approx(0.6),
        "gone": -0.5, "bare": -0.25, "kept": 0.0,
    }  # fmt: skip


def test_a_thesis_about_a_flow_holds_and_fails_under_a_rival_without_its_mechanism() -> None:
    (thesis,) = try_claims(load(FILE), at_most=200, only=["hunger"]).claims
    assert (thesis.verdict, [(rival.rival, rival.fails) for rival in thesis.rivals]) == ("holds", [("no-hunger", True)])
    assert thesis.way == ("moves_stores", "takes")


def test_flows_and_ties_are_knocked_out_with_their_mechanisms() -> None:
    made = {one.mechanism: one for one in knock_out(load(FILE), runs=100).mechanisms}
    told = {name: (one.rules, one.flows, one.ties) for name, one in made.items()}
    assert told == {
        "M1": ((), ("eats", "smuggled"), ()), "M2": ((), ("smuggled",), ()),
        "M3": ((), (), ("patronage[red, blue]",)), "M4": ((), (), ("alliance[green, red]",)),
    }  # fmt: skip
    moved = {(name, one.question): one for name, those in made.items() for one in those.moved}
    assert moved["M1", "hungry"].without == 0.0 and moved["M1", "hungry"].base == 1.0
    assert (moved["M1", "hungry"].distance, moved["M1", "some"].distance) == (1, 2)
    assert moved["M3", "some"].distance == 2 and not moved["M3", "some"].own


def test_a_tie_that_is_knocked_out_is_nothing_and_one_that_is_not_is_what_it_was() -> None:
    form = knock_out_plans(load(FILE))
    begin = form.expanded.begin
    number = {plan.mechanism: plan.number for plan in form.each}
    off = f"(1 if knocked_out != {number['M3']} else 0)"
    assert begin["patronage"]["red"]["blue"] == f"grip * {off}"
    assert begin["deniability"]["red"]["blue"] == f"0.2 * {off}"
    assert begin["patronage"]["red"]["militia"] == "0.5"


@pytest.mark.parametrize("to_test", [True, False], ids=["claims", "mechanisms"])
def test_with_all_switches_off_the_runs_are_the_scenarios_own(to_test: bool) -> None:
    scenario = load(FILE)
    plain = ground(scenario.resolved)
    tried = ground((claim_plans(scenario) if to_test else knock_out_plans(scenario)).resolved)
    for number in range(3):
        own = run_once(prepare(plain), seed=2, run=number, sampler="coupled")
        drawn = draw_parameters(plain, seed=2, runs=np.array([number]))[0]
        values = dict(zip([one.name for one in plain.parameters], drawn, strict=True))
        parameters = np.array([values.get(info.name, 0.0) for info in tried.parameters])
        other = run_once(prepare(tried), seed=2, run=number, parameters=parameters, sampler="coupled")
        assert len(own.time) > 20
        assert np.array_equal(own.time, other.time)
    assert {info.name for info in tried.parameters} >= ({"claim_ally"} if to_test else {KNOCKED_OUT})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"alliance[green, red]"', '"alliance[green, blue]"', "unknown tie 'alliance[green, blue]'"),
        ('"alliance[green, red]"', '"alliance[green]"', "unknown tie 'alliance[green]'"),
        ('"alliance[green, red]"', "alliance", "unknown tie 'alliance'"),
        ('"alliance[green, red]"', '"patron[red, blue]"', "unknown tie 'patron[red, blue]'"),
        ('"alliance[green, red]"', '"stores[green, red]"', "unknown tie 'stores[green, red]'"),
        ('"alliance[green, red]", by', '"alliance[green, red]", where: red == red, by', "where with the tie"),
    ],
)
def test_a_tie_that_is_not_there_is_refused_with_those_that_are(before: str, after: str, told: str) -> None:
    text = WRITTEN.replace('lower: "alliance[red, green]"', 'lower: "alliance[green, red]", by: 2')
    with pytest.raises(Faults) as raised:
        claim_plans(load_text(text.replace(before, after), "wrong"))
    (fault,) = raised.value.faults
    assert told in fault.found
    if "unknown tie" in told:
        assert "patronage[red, militia]" in f"{fault.hint} {fault.expected}"


def _index(text: str, tmp_path: Path) -> Index:
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    found = index_of(read(path))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("space", "name", "new", "lines"),
    [
        ("flow", "eats", "devours", ["  devours: {into: stores", "raise: devours,"]),
        ("actor", "green", "teal", ["{from: teal, to: red", 'lower: "alliance[red, teal]"']),
        ("actor", "militia", "band", ['raise: ["patronage[red, band]"]', "ASSAULT (raid) by band"]),
        ("mechanism", "M4", "M9", ["mechanism: [M9], evidence: paper#p3", "mechanism: M9, question: lost"]),
    ],
)
def test_what_claims_name_is_renamed_with_all_that_names_it(
    tmp_path: Path, space: str, name: str, new: str, lines: list[str]
) -> None:
    found = _index(WRITTEN, tmp_path)
    symbol = next(use.symbol for use in found.uses if (use.symbol.space, use.symbol.name) == (space, name))
    text = applied(WRITTEN, renamed(found, {symbol: new}), found.source.file)
    assert all(line in text for line in lines), text
    again = load_text(text, "again")
    again.refuse_errors()
    claim_plans(again)
