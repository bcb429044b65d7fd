"""What `standoff check` calls an error in a scenario is not run from Python either, whichever function is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import standoff as so
from standoff.analysis import boxes, branch, compare, deep_check, explain, knock_out, rare, run_until, sense, try_claims
from standoff.calibration import score_forecasts
from standoff.cli import main
from standoff.ensemble import run_many
from standoff.game import Table
from standoff.model import grounded
from standoff.scenario import load_text, preparing
from standoff.strategy import (
    External,
    decide,
    grow_game,
    make_environment,
    sense_deciders,
    solve_bargain,
    solve_game,
    solve_levers,
)
from tests.test_cli_refusing import BROKEN, SOUND

Door = Callable[[so.Scenario], Any]
DOORS: dict[str, Door] = {
    "ground": lambda case: so.reference_run(so.ground(case.resolved), seed=1, run=0),
    "grounded": grounded,
    "run": lambda case: so.run(case, runs=2),
    "run_many": lambda case: run_many(case, runs=2),
    "run_until": lambda case: run_until(case, 0.4, questions=["posts-lost"], at_most=20),
    "compare": lambda case: compare(case, {"same": case}, runs=2),
    "branch": lambda case: branch(case, seed=1, run=0, event=0, continuations=2),
    "try_claims": lambda case: try_claims(case, at_most=100),
    "knock_out": lambda case: knock_out(case, runs=2),
    "sense": lambda case: sense(case, runs=10),
    "sense_deciders": lambda case: sense_deciders(case, runs=20),
    "boxes": lambda case: boxes(case, ["posts-lost"], runs=200),
    "explain": lambda case: explain(case, "posts-lost", runs=2),
    "rare": lambda case: rare(case, "posts-lost", replicates=3, particles=10),
    "deep_check": lambda case: deep_check(case, runs=0),
    "score": lambda case: score_forecasts([case], runs=2),
    "play": Table,
    "environment": make_environment,
    "decide": lambda case: decide(case, seat="chief", by=External(["none"])),
    "game": lambda case: solve_game(case, tolerance=1.0),
    "grow": lambda case: grow_game(case, tolerance=1.0),
    "levers": lambda case: solve_levers(case, actor="red"),
    "bargain": lambda case: solve_bargain(case, "none"),
}


LEVER = """\
policies: {ready: {of: red, parameters: {daring: 0.25}, evidence: assumption}}
levers: {posture: {of: red, policies: [as_written, ready], evidence: assumption}}
goals: {red: {is: -lost, evidence: assumption}}
"""


def _case(folder: Path, *broken: str) -> so.Scenario:
    text = SOUND + LEVER
    for code in broken:
        text = text.replace(*BROKEN[code])
    file = folder / "border.yaml"
    file.write_text(text, encoding="utf-8")
    return so.load(file)


@pytest.mark.parametrize("door", DOORS)
def test_no_function_runs_what_check_refuses(tmp_path: Path, door: str) -> None:
    with pytest.raises(so.Faults) as told:
        DOORS[door](_case(tmp_path, "SD417"))
    (fault,) = told.value.faults
    assert fault.location is not None
    assert (fault.code, Path(fault.location.file).name, fault.location.line) == ("SD417", "border.yaml", 16)


@pytest.mark.parametrize("door", [one for one in DOORS if one != "ground"])
@pytest.mark.parametrize("given", ["chicken", 3])
def test_a_function_that_wants_a_scenario_says_so(door: str, given: Any) -> None:
    with pytest.raises(so.UsageError, match=rf"a scenario is needed here, as standoff\.load gives it, not '?{given}"):
        DOORS[door](given)


def test_all_its_errors_are_told_at_once_as_check_tells_them(tmp_path: Path) -> None:
    case = _case(tmp_path, "SD417", "SD416", "SD218")
    checked = [fault.render() for fault in so.check(case.path) if fault.severity == "error"]
    with pytest.raises(so.Faults) as told:
        so.run(case, runs=2)
    assert len(checked) == 3
    assert sorted(fault.render() for fault in told.value.faults) == sorted(checked)


def test_what_is_refused_can_be_looked_at(tmp_path: Path) -> None:
    case = _case(tmp_path, "SD417")
    assert case.document.title == "Posts on a border road"
    assert "Posts on a border road" in case.display().sentence
    assert [fault.code for fault in case.errors] == ["SD417"]
    assert {rule.name for rule in case.as_read.rules} >= {"masses", "takes"}


def test_a_scenario_that_no_file_holds_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(so.Faults, match="SD417"):
        so.run(load_text(SOUND.replace(*BROKEN["SD417"]), "border"), runs=2)


def test_a_scenario_is_checked_once_however_often_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(parts: preparing.Parts, *, cuts_short: bool) -> tuple[so.Fault, ...]:
        seen.append(parts.document.title)
        return looked(parts, cuts_short=cuts_short)

    looked = preparing.stopping
    monkeypatch.setattr(preparing, "stopping", counted)
    case = _case(tmp_path)
    so.run(case, runs=2)
    compare(case, {"same": case}, runs=2)
    assert len(seen) <= 1  # none where an earlier test has kept what this file came to
    monkeypatch.setenv("STANDOFF_CACHE", "")
    seen.clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["standoff", "run", "border.yaml", "--runs", "2", "--quiet"])
    with pytest.raises(SystemExit, match=r"^0$"):
        main()
    assert len(seen) == 1


def test_a_bundled_scenario_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> tuple[so.Fault, ...]:
        raise AssertionError

    monkeypatch.setattr(preparing, "stopping", never)
    assert so.load("chicken", variant=None).resolved.rules


def test_a_thesis_that_a_variant_cuts_short_stops_nobody(tmp_path: Path) -> None:
    """A variant without a mechanism may leave a thesis no way at all: that is what the variant is for."""
    text = SOUND.replace("set: {massed: 1}", "set: {doubt: 1}\n    kind: thesis\n    at_least: 5 points")
    file = tmp_path / "border.yaml"
    text = text.replace("{daring: 0.4}", "{daring: 0.4}, rules: {probes_it: {then: [doubt += 0]}}")
    file.write_text(text, encoding="utf-8")
    assert so.run(so.load(file), runs=2).runs == 2
    assert so.run(so.load(file, variant="hasty"), runs=2).runs == 2
