"""The cache of machine code: what others could have put there is not run, and what is damaged is made again."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.engine import cache, compiled, prepare, run
from standoff.model import Model

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
BODY = """
state: {x: {}}
rules:
  rise: {rate: "0.3 + 0.1 * exponential_of_x", then: ["x += poisson(2)"]}
define: {exponential_of_x: {is: "exp(-x)"}}
questions: {x: {ask: How much?, number: x, at: 2020-04-08}}
"""
PROGRAM = """
import json, sys
from standoff.engine import prepare, run
from standoff.model import ground
from standoff.scenario import load

made = run(prepare(ground(load(sys.argv[1]).resolved)), seed=1, run=0)
print(json.dumps([made.time.tolist(), made.answers.tolist()]))
"""


class Planted:
    """What runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.mark}",)


@pytest.fixture
def kernels(tmp_path: Path) -> Path:
    """A cache of our own with the kernels in it."""
    copied = cache.kernel_folder(compiled.SOURCES)
    assert copied is not None
    (tmp_path / "cache").mkdir(mode=0o700)
    shutil.copytree(copied, tmp_path / "cache" / copied.name)
    return tmp_path / "cache"


def run_apart(tmp_path: Path, kept: Path) -> tuple[list[list[float]], str]:
    """What a fresh process makes with a cache, and what it says."""
    environment = os.environ | {"STANDOFF_CACHE": str(kept), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "scenario.yaml")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    made: list[list[float]] = json.loads(done.stdout)
    return made, done.stderr


def files(kept: Path) -> list[Path]:
    found = [path for ending in ("nbi", "nbc") for path in kept.glob(f"kernel-*/*/*.{ending}")]
    assert found
    return found


@pytest.mark.timeout(240)
def test_a_planted_file_that_others_may_write_is_not_run(
    model_of: Callable[[str], Model], tmp_path: Path, kernels: Path
) -> None:
    here = run(prepare(model_of(BODY)), seed=1, run=0)
    mark = tmp_path / "run-by-the-cache"
    for path in files(kernels):
        path.write_bytes(pickle.dumps(Planted(mark)))
        cache.seal(path)
        path.chmod(0o666)
    made, _ = run_apart(tmp_path, kernels)
    assert made == [here.time.tolist(), here.answers.tolist()]
    assert not mark.exists()


@pytest.mark.timeout(240)
def test_a_flipped_bit_in_a_kept_kernel_is_seen_before_it_is_loaded(
    model_of: Callable[[str], Model], tmp_path: Path, kernels: Path
) -> None:
    here = run(prepare(model_of(BODY)), seed=1, run=0)
    for path in files(kernels):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert not cache.is_sound(path)
    made, _ = run_apart(tmp_path, kernels)
    assert made == [here.time.tolist(), here.answers.tolist()]
    assert any(cache.is_sound(path) for path in files(kernels)), "none was made again"


def test_a_folder_that_others_may_write_is_not_used_and_that_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setenv("STANDOFF_CACHE", str(shared))
    # A worker of pytest-xdist has this name too, and would leave it to its parent to say so.
    monkeypatch.delitem(sys.modules, "__mp_main__", raising=False)
    with pytest.warns(UserWarning, match="others may write it"):
        cache.keep("key", b"code")
    # A second warning would be an error here.
    assert cache.recall("key") is None
    assert cache.kernel_folder("0" * 64) is None
    assert list(shared.iterdir()) == []


def test_a_file_of_somebody_else_or_a_link_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    cache.write(mine, b"code")
    assert cache.read(mine) == b"code"
    (tmp_path / "link").symlink_to(mine)
    assert cache.read(tmp_path / "link") is None
    me = os.getuid()
    monkeypatch.setattr("standoff.engine.cache.os.getuid", lambda: me + 1)
    assert cache.read(mine) is None


def test_what_is_kept_is_for_this_user_alone_whatever_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / "cache"))
    before = os.umask(0)
    try:
        cache.keep("key", b"code")
    finally:
        os.umask(before)
    assert cache.recall("key") == b"code"
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "cache" / "key.code").stat().st_mode & 0o777 == 0o600
