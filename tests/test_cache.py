"""The cache of machine code: what others could have put there is not run, and what is damaged is made again."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from standoff import cache

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")


def test_code_that_is_used_outlives_code_that_was_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_KEPT", 2)
    monkeypatch.setattr(cache, "_TIDIED_EVERY", 1)
    for day, key in enumerate(("used", "made once")):
        cache.keep(key, b"code")
        os.utime(tmp_path / f"{key}.code", (day, day))
    assert cache.recall("used") == b"code"
    cache.keep("new", b"code")
    assert {path.stem for path in tmp_path.iterdir()} == {"used", "new"}


def test_what_is_too_much_goes_whatever_keys_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_KEPT", 2)
    for number in range(400):
        cache.keep(f"key {number}", b"code")
    assert len(list(tmp_path.iterdir())) < 200


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
    assert list(shared.iterdir()) == []


def test_a_file_of_somebody_else_or_a_link_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    cache.write(mine, b"code")
    assert cache.read(mine) == b"code"
    (tmp_path / "link").symlink_to(mine)
    assert cache.read(tmp_path / "link") is None
    me = os.getuid()
    monkeypatch.setattr("standoff.cache.os.getuid", lambda: me + 1)
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


def test_writing_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("standoff.cache.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.write(tmp_path / "key.code", b"code")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_after_an_hour_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_TIDIED_EVERY", 1)
    for name, age in (("standoff-a.part", 4000), ("standoff-b.part", 60), ("tmp-of-others", 4000)):
        (tmp_path / name).write_bytes(b"half")
        (tmp_path / name).chmod(0o600)
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    cache.keep("key", b"code")
    assert {path.name for path in tmp_path.iterdir()} == {"standoff-b.part", "tmp-of-others", "key.code"}
