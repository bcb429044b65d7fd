"""What the benchmark of the loop stands on: workloads that both sides read alike, absent rivals told."""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType

import pytest

from benchmarks.__main__ import main
from benchmarks.floor import compiler
from benchmarks.networks import network_of
from benchmarks.rivals import NORMAL, Absent, build
from benchmarks.sides import as_file
from benchmarks.workloads import workload
from standoff.engine import reference_run
from standoff.model import ground
from standoff.scenario import load

needs_compiler = pytest.mark.skipif(compiler() is None, reason="no C compiler for the floor")
SMALL = ("w1-6", "w2-6", "sir", "h12", "h1", "w1-60-guarded", "w1-60-tangled")


@pytest.mark.parametrize("key", SMALL)
def test_the_floor_has_the_ground_rules_and_the_starting_totals_of_the_scenario(key: str) -> None:
    one = workload(key)
    assert one.law is not None
    with as_file(one) as name:
        model = ground(load(name).resolved)
    assert model.ground_rules == len(one.law.rules)
    first = dict.fromkeys(one.totals, 0.0)
    for column, value in zip(model.series, reference_run(model, seed=1, run=0, frozen=True).series[0], strict=True):
        if column.watch in first:
            first[column.watch] += float(value)
    assert first == {name: sum(one.law.begin[where]) for name, where in one.totals.items()}


def test_a_reaction_network_has_the_species_of_the_floor_in_its_order() -> None:
    for key in ("w1-6", "sir"):
        one = workload(key)
        network = network_of(one)
        assert network is not None
        assert one.law is not None
        assert tuple(network.species.values()) == one.law.begin
    assert network_of(workload("w2-6")) is None


@needs_compiler
def test_json_prints_exactly_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["benchmarks", "--json", "--quick", "--no-rivals", "--rounds", "1", "--only", "loop/sir"]
    monkeypatch.setattr(sys, "argv", asked)
    assert main() == 0
    document = json.loads(capsys.readouterr().out)
    measured = document["parts"]["loop"]["sir"]["figures"]
    assert measured["samplers"]["direct"]["law"]["same"]
    assert measured["samplers"]["direct"]["ratio_to_floor"]["median"] > 0
    assert {rival["status"] for rival in measured["rivals"].values()} == {"left out"}


def test_a_rival_that_is_not_installed_is_absent_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(Absent, match=r"not installed.*bench") as told:
        build("tick", workload("h12"), patience=NORMAL, tell=lambda text: None)
    assert told.value.status == "absent"
