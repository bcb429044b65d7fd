"""What a stranger types first and wrongly: the answer names what was meant, or what there is in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.cli.app import app

SMALL = """\
standoff: 1
title: t
starts: 2030-01-01
ends: 2030-02-01
actors: {a: {kind: state}, b: {kind: state}}
rules: {shots: {rate: 0.1, event: ASSAULT by a on b, evidence: assumption}}
questions: {NAME: {ask: Are there shots?, happens: {rule: shots}, by: 2030-02-01}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(SMALL.replace("NAME", "shots-fired"), encoding="utf-8")
    Path("other.yaml").write_text(SMALL.replace("NAME", "any-shots"), encoding="utf-8")
    (tmp_path / "two").mkdir()
    (tmp_path / "none").mkdir()
    (tmp_path / "two" / "a.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "runs" / "x").mkdir(parents=True)
    (tmp_path / "runs" / "x" / "manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "two"), "the folder 'two' has no scenario.yaml; scenarios there: two/a.yaml"),
        (("check", "none"), "the folder 'none' has no scenario.yaml; there is no scenario in it"),
        (("run", "one.yaml", "--runs", "1,000"), "'1,000' is not a whole number; write 1000"),
        (("run", "one.yaml", "--variant", "x"), "it has none; a variant is a partial scenario"),
        (("run", "one.yaml", "--until", "5"), "5 points are 0.05"),
        (("ask", "runs/y"), "run folders there: runs/x"),
        (("ask", "one.yaml"), "make runs of a scenario with: standoff run one.yaml"),
        (("play", "--game", "one.yaml"), "'one.yaml' is not the file of a game; begin one with"),
        (("draft", "read", "https://example.org/a.html", "--into", "d"), "save the page, and give its file"),
        (("draft", "read", "one.yaml", "--into", "d"), "'one.yaml' is a scenario, and texts are read"),
        (("merge", "one.yaml"), "'one.yaml' is neither an Excel file (.xlsx) nor a folder of CSV files"),
    ],
)  # fmt: skip
def test_what_was_meant_is_named(here: Path, words: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    assert done.exit_code != 0 and told in " ".join(done.output.split()), done.output


def test_scenarios_that_share_no_question_are_told_apart_all_the_same(here: Path) -> None:
    done = CliRunner().invoke(app, ["diff", "one.yaml", "other.yaml", "--runs", "2"])
    assert done.exit_code == 0, done.output
    assert "1 question added, 1 question removed" in done.output
    assert "one and other have no question of one name" in done.output
