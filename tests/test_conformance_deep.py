"""Every file in conformance/deep has exactly the loose end that its first line names; the mended ones have none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.analysis import deep_check
from standoff.cli.app import app
from standoff.errors import CODES
from standoff.scenario import load

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "deep"
FILES = sorted(FOLDER.glob("*.yaml"))
PROMISE = re.compile(r"# (SD[0-9]{3}) line ([0-9]+)(?: \((.+)\))?")


def promised(path: Path) -> list[tuple[str, int, str]]:
    """The code and the line of the one finding, and what it stands apart as; nothing for a mended file."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    if first == "# nothing":
        return []
    match = PROMISE.fullmatch(first)
    assert match is not None, f"{path.name} does not begin with '# SD421 line 7' or '# nothing'"
    return [(match[1], int(match[2]), match[3] or "")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_deep_check_finds_what_the_file_has_and_no_more(path: Path) -> None:
    # Runs are made for what needs them alone: each scenario takes time to compile.
    found = deep_check(load(path), runs=20 if "never" in path.stem else 0)
    told = [(one.fault.code, one.fault.location.line, one.apart) for one in found.findings if one.fault.location]
    assert told == promised(path), "\n".join(str(one.fault) for one in found.findings)
    assert len(told) == len(found.findings)


def test_every_code_of_a_deep_check_has_a_file() -> None:
    deep = {code for code, about in CODES.items() if "check --deep" in about}
    assert {code for path in FILES for code, _, _ in promised(path)} == deep


def test_without_runs_everything_but_what_never_fires_is_found() -> None:
    found = deep_check(load(FOLDER / "rule-that-never-fires.yaml"), runs=0)
    assert (found.findings, found.runs, found.seed) == ((), 0, None)
    assert "rule that never fired" not in [one.finds for one in found.counts]
    assert len(deep_check(load(FOLDER / "unread-state.yaml"), runs=0).of("unread state")) == 1


def test_check_deep_warns_by_file_and_line_and_counts() -> None:
    path = str(FOLDER / "unread-state-but-for-a-goal.yaml")
    told = CliRunner().invoke(app, ["check", path, "--deep", "--runs", "5", "--quiet"])
    assert told.exit_code == 0
    assert f"SD421 {path}:9:3  warning a goal alone reads the state 'fame'" in told.stderr
    assert "states that only their own writers read: 1 of 2 (1 for a goal alone)" in told.stdout
    assert "rules that never fired: 0 of 1 in 5 runs, seed 1" in told.stdout
    assert f"{path}: 0 errors, 1 warning" in told.stdout
    assert CliRunner().invoke(app, ["check", path, "--deep", "--runs", "5", "--quiet", "--strict"]).exit_code == 1
    assert CliRunner().invoke(app, ["check", path, "--strict"]).exit_code == 0


def test_check_deep_with_json_is_one_document() -> None:
    path = str(FOLDER / "constant-rate.yaml")
    told = json.loads(CliRunner().invoke(app, ["check", path, "--deep", "--runs", "5", "--json"]).stdout)
    assert (told["warnings"], told["faults"][0]["code"], told["faults"][0]["line"]) == (1, "SD425", 13)
    (finding,) = told["deep"]["findings"]
    assert (finding["finds"], finding["name"], finding["apart"]) == ("constant rate", "raid", "no state at all")
    counts = {one["finds"]: (one["found"], one["of"]) for one in told["deep"]["counts"]}
    assert counts["constant rate"] == (1, 1) and counts["rule that never fired"] == (0, 1)


def test_a_scenario_with_errors_is_not_looked_at_deeply(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text((FOLDER / "constant-rate.yaml").read_text(encoding="utf-8").replace("rate: pace", "rate: speed"))
    told = CliRunner().invoke(app, ["check", str(file), "--deep"])
    assert told.exit_code == 1 and "is not looked for in a scenario with errors" in told.stdout


def test_where_a_run_stops_what_needs_no_run_is_told(tmp_path: Path) -> None:
    file = tmp_path / "falling.yaml"
    text = (FOLDER / "unread-state.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("fame: {evidence: assumption}", "fame: {at_most: 3, evidence: assumption}"))
    told = CliRunner().invoke(app, ["check", str(file), "--deep", "--runs", "20", "--quiet"])
    assert told.exit_code == 1
    assert "SD504" in told.stderr and "so it is not known which rules never fire" in told.stderr
    assert "SD421" in told.stderr and "rules that never fired" not in told.stdout
    plain = json.loads(CliRunner().invoke(app, ["check", str(file), "--deep", "--runs", "20", "--json"]).stdout)
    assert "SD504" in plain["deep"]["stopped"] and plain["deep"]["runs"] == 0
