"""Traps that compiled code lays: folders that cannot be written, damaged files of machine code."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.engine import Trajectory, prepare, run
from standoff.model import Model
from tests.outcomes import assert_same, bits

ModelOf = Callable[[str], Model]
BODY = """
actors: {us: {}, ru: {}}
state: {force: {of: actor, at_least: 0}, m: {half_life: 5 days}}
rules:
  rise: {for: {a: actor}, rate: "0.3 * (1 + m * exp(-m))", then: ["force[a] += poisson(2)", m += 1]}
watch: {total: {of: "sum(force[a] for a in actor)"}}
"""

PROGRAM = """
import json, sys
from standoff.engine import prepare, run
from standoff.model import ground
from standoff.scenario import load

made = run(prepare(ground(load(sys.argv[1]).resolved)), seed=1, run=0)
print(json.dumps([made.time.tolist(), made.series.tolist(), made.fired, made.rejected]))
"""


@pytest.mark.timeout(180)
def test_where_no_folder_can_be_written_runs_are_the_same(model_of: ModelOf, tmp_path: Path) -> None:
    here = run(prepare(model_of(BODY)), seed=1, run=0)
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder", encoding="utf-8")
    keep = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")}
    environment = keep | {
        "HOME": str(blocked / "home"),
        "XDG_CACHE_HOME": str(blocked / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "scenario.yaml")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [here.time.tolist(), here.series.tolist(), here.fired, here.rejected]
    assert done.stderr == ""


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda code: code[: len(code) // 2],
    "empty": lambda code: b"",
    "one bit flipped": lambda code: code[:-1] + bytes([code[-1] ^ 1]),
    "something else": lambda code: b"#!/bin/sh\n" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_of_machine_code_is_made_again(
    model_of: ModelOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / "cache"))
    first = run(prepare(model_of(BODY)), seed=1, run=0)
    files = sorted((tmp_path / "cache").glob("*.code"))
    assert files, "nothing was kept"
    sound = [path.read_bytes() for path in files]
    for path, code in zip(files, sound, strict=True):
        path.write_bytes(damage(code))
    again = run(prepare(model_of(BODY)), seed=1, run=0)
    assert_same(first, again)
    for path in files:
        content = path.read_bytes()
        assert hashlib.sha256(content[32:]).digest() == content[:32], f"{path.name} is still damaged"


def test_code_from_the_cache_makes_the_same_run_as_code_made_now(
    model_of: ModelOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Trajectory] = []
    for folder in ("cache", "cache", ""):
        monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / folder) if folder else "")
        made.append(run(prepare(model_of(BODY)), seed=1, run=3))
    assert len({bits(trajectory.series) for trajectory in made}) == 1
    for trajectory in made[1:]:
        assert_same(made[0], trajectory)
