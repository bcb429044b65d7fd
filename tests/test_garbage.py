"""A command keeps what is freed in one store for all threads."""

from __future__ import annotations

import os

import pytest

from standoff import garbage
from standoff.cli import main


def test_a_verb_has_freed_memory_kept_in_one_store_and_help_does_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "")  # so that it is put back
    monkeypatch.delenv("_RJEM_MALLOC_CONF")
    for words, store in ((["--help"], None), (["list"], "narenas:1")):
        monkeypatch.setattr("sys.argv", ["standoff", *words])
        with pytest.raises(SystemExit):
            main()
        assert os.environ.get("_RJEM_MALLOC_CONF") == store
    assert "standoff" in capsys.readouterr().out


def test_what_the_user_chose_for_memory_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_RJEM_MALLOC_CONF", "narenas:7")
    garbage.one_store()
    assert os.environ["_RJEM_MALLOC_CONF"] == "narenas:7"
