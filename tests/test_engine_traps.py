"""Traps that compiled code lays: stale callees, folders that cannot be written, damaged files of machine code."""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from standoff.cache import kernel_folder
from standoff.engine import Trajectory, compiled, prepare, run
from standoff.model import Model
from tests.outcomes import assert_same, bits

ModelOf = Callable[[str], Model]
ENGINE = Path(compiled.__file__).parent
FILES = sorted(ENGINE.glob("*.py"))
BODY = """
actors: {us: {}, ru: {}}
state: {force: {of: actor, at_least: 0}, m: {half_life: 5 days}}
rules:
  rise: {for: {a: actor}, rate: "0.3 * (1 + m * exp(-m))", then: ["force[a] += poisson(2)", m += 1]}
watch: {total: {of: "sum(force[a] for a in actor)"}}
"""


def compiled_functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a file that numba compiles."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            decorators = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
            if any(isinstance(d, ast.Name) and d.id in ("jit", "callback") for d in decorators):
                yield node


def names_of(path: Path) -> dict[str, str]:
    """Where each name at the top of a file comes from: a module, or the empty text for the file itself."""
    found: dict[str, str] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ImportFrom(module=module, names=names):
                found |= {alias.asname or alias.name: module or "" for alias in names}
            case ast.Import(names=names):
                found |= {alias.asname or alias.name: alias.name for alias in names}
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = ""
            case ast.Assign(targets=targets):
                found |= {n.id: "" for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return found


def test_the_engine_has_compiled_functions_to_look_at() -> None:
    assert sum(len(list(compiled_functions(path))) for path in FILES) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_compiled_functions_use_nothing_that_their_cache_does_not_watch(path: Path) -> None:
    known = names_of(path)
    for function in compiled_functions(path):
        own = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {argument.arg for argument in function.args.args}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
                source = known.get(node.id, "builtins" if hasattr(builtins, node.id) else "nowhere")
                watched = source in ("", "math", "numpy", "builtins") or source.startswith("standoff.engine.")
                assert watched, f"{path.name}:{node.lineno}: {function.name} uses {node.id} of {source}"


def test_the_caches_folder_is_named_by_every_file_of_the_engine() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()
    assert digest == compiled.SOURCES
    changed = hashlib.sha256(b"".join(path.read_bytes() + b"\n" for path in FILES)).hexdigest()
    assert changed != compiled.SOURCES


# -- folders and files -----------------------------------------------------------------------------------------------

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
        "NUMBA_CACHE_DIR": str(blocked / "numba"),
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


@pytest.mark.timeout(180)
def test_kept_kernels_that_were_cut_off_are_compiled_again(model_of: ModelOf, tmp_path: Path) -> None:
    here = run(prepare(model_of(BODY)), seed=1, run=0)
    cache = tmp_path / "cache"
    copied = kernel_folder(compiled.SOURCES)
    assert copied is not None
    shutil.copytree(copied, cache / copied.name)
    kept = [path for ending in ("nbc", "nbi") for path in cache.glob(f"kernel-*/*/*.{ending}")]
    assert kept, "nothing was kept"
    for path in kept:
        path.write_bytes(path.read_bytes()[:50])
    environment = os.environ | {"STANDOFF_CACHE": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "scenario.yaml")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [here.time.tolist(), here.series.tolist(), here.fired, here.rejected]
    assert max(path.stat().st_size for path in kept) > 1000, "they are still cut off"
