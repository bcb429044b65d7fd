"""Importing the package, asking for help, checking and running a scenario load what they need and leave no more.

What is loaded is looked up in `sys.modules` of a fresh interpreter; no clock is read, so the test says the same on a
busy machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"pydantic", "numpy", "llvmlite", "polars", "yaml", "typer", "rich"}
ENGINE = {"numpy", "llvmlite", "polars"}
READING = {"yaml", "pydantic", "standoff.scenario.schema"}
MAKING = {*READING, "standoff.model.grounding", "standoff.report.scenario_text"}

SCENARIO = """\
standoff: 1
title: One post
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {kind: state}}
state: {force: {of: actor, at_least: 0}}
begin: {force: {blue: 3}}
rules:
  leave: {for: {a: actor}, rate: '0.1 * force[a]', then: ['force[a] -= 1']}
"""

REPORT = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def fresh(code: str, folder: Path) -> tuple[set[str], str]:
    """Run code in a new interpreter with an empty home; return the modules it loaded and what else it said."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    arguments = [sys.executable, "-c", f"{code}\n{REPORT}"]
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    return set(json.loads(last)), "\n".join(said) + done.stderr


def test_importing_the_package_loads_no_library_says_nothing_and_writes_nothing(tmp_path: Path) -> None:
    loaded, said = fresh("import standoff", tmp_path)
    assert loaded & HEAVY == set()
    assert said == ""
    assert list(tmp_path.iterdir()) == []


def test_this_test_would_notice_a_library(tmp_path: Path) -> None:
    loaded, said = fresh("import numpy; print('hello')", tmp_path)
    assert "numpy" in loaded
    assert said == "hello"


def test_help_loads_neither_the_engine_nor_the_schema(tmp_path: Path) -> None:
    loaded, said = fresh(command("--help"), tmp_path)
    assert "run" in said
    assert loaded & {*ENGINE, "pydantic", "yaml"} == set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["plain", "json"])
def test_checking_a_scenario_loads_no_part_of_the_engine_and_the_second_time_no_schema(
    tmp_path: Path, flags: list[str]
) -> None:
    scenario = tmp_path / "post.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    loaded, said = fresh(command("check", "post.yaml", *flags), tmp_path)
    assert {"pydantic", "standoff.scenario.schema"} <= loaded
    assert loaded & ENGINE == set()
    again, said_again = fresh(command("check", "post.yaml", *flags), tmp_path)
    assert again & {*ENGINE, *READING} == set()
    assert said_again == said
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cache", "post.yaml"]


def test_a_run_of_a_scenario_that_was_run_before_neither_reads_nor_grounds_it(tmp_path: Path) -> None:
    (tmp_path / "post.yaml").write_text(SCENARIO, encoding="utf-8")
    for again in (False, True):
        loaded, _ = fresh(command("run", "post.yaml", "--runs", "1", "--out", f"again-{again}"), tmp_path)
        assert (tmp_path / f"again-{again}" / "report.html").exists()
        assert loaded >= {"polars", "standoff.report.build"}
        assert loaded & MAKING == (set() if again else MAKING)


def test_python_looks_through_nothing_as_a_command_ends(tmp_path: Path) -> None:
    counts = "import gc; print('left', gc.get_freeze_count(), len(gc.get_objects()))"
    _, said = fresh(f"{command('--help')}{counts}", tmp_path)
    left, looked_through = map(int, said.splitlines()[-1].split()[1:])
    assert looked_through < 1000 < 10_000 < left


def command(*arguments: str) -> str:
    """Code that runs the command line inside the interpreter that is asked afterwards what it loaded."""
    return (
        "import sys, standoff.cli\n"
        f"sys.argv = ['standoff', *{list(arguments)!r}]\n"
        "try:\n    standoff.cli.main()\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
    )
