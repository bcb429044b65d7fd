"""What the benchmarks stand on: workloads that both sides read alike, one JSON document, bars, absent rivals told."""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType

import pytest

from benchmarks import engine
from benchmarks.bars import Bar
from benchmarks.floor import compiler
from benchmarks.networks import network_of
from benchmarks.rivals import NORMAL, Absent, build
from benchmarks.sides import as_file
from benchmarks.workloads import workloads
from standoff.engine import reference_run
from standoff.model import ground
from standoff.scenario import load

needs_compiler = pytest.mark.skipif(compiler() is None, reason="no C compiler for the floor")
SMALL = ("w1-6", "w2-6", "sir", "h12", "h1", "w1-60-guarded", "w1-60-tangled")


@pytest.mark.parametrize("key", SMALL)
def test_the_floor_has_the_ground_rules_and_the_starting_totals_of_the_scenario(key: str) -> None:
    workload = workloads()[key]
    assert workload.law is not None
    with as_file(workload) as name:
        model = ground(load(name).resolved)
    assert model.ground_rules == len(workload.law.rules)
    first = dict.fromkeys(workload.totals, 0.0)
    for column, value in zip(model.series, reference_run(model, seed=1, run=0, frozen=True).series[0], strict=True):
        if column.watch in first:
            first[column.watch] += float(value)
    assert first == {name: sum(workload.law.begin[where]) for name, where in workload.totals.items()}


def test_a_reaction_network_has_the_species_of_the_floor_in_its_order() -> None:
    for key in ("w1-6", "sir"):
        workload = workloads()[key]
        network = network_of(workload)
        assert network is not None
        assert workload.law is not None
        assert tuple(network.species.values()) == workload.law.begin
    assert network_of(workloads()["w2-6"]) is None


@needs_compiler
def test_json_prints_exactly_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["engine", "--json", "--quick", "--no-rivals", "--rounds", "1", "--only", "sir"])
    assert engine.main() == 0
    document = json.loads(capsys.readouterr().out)
    (measured,) = document["workloads"]
    assert measured["samplers"]["direct"]["law"]["same"]
    assert measured["samplers"]["direct"]["ratio_to_floor"]["median"] > 0
    assert {rival["status"] for rival in measured["rivals"].values()} == {"left out"}


def test_a_bar_says_whether_it_is_met_and_nothing_where_nothing_was_measured() -> None:
    bar = Bar("ratio", ("workloads", "w1-60", "ratio"), 1.5, 1.0)
    shown = bar.held({"workloads": [{"workload": "w1-60", "ratio": {"median": 1.2, "low": 0.9, "high": 1.6}}]})
    assert (shown["measured"], shown["met"], shown["aim_met"]) == (1.2, True, False)
    assert bar.held({"workloads": []})["met"] is None
    assert Bar("ahead", ("times",), 4.0, at_least=True).held({"times": 3.9})["met"] is False


def test_a_rival_that_is_not_installed_is_absent_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(Absent, match=r"not installed.*bench") as told:
        build("tick", workloads()["h12"], patience=NORMAL, tell=lambda text: None)
    assert told.value.status == "absent"
