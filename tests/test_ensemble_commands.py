"""Printed command lines work when pasted: from paths with spaces, with variants and settings, and elsewhere."""

from __future__ import annotations

import contextlib
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.ensemble import Ensemble, again, case_of, case_words, command

SCENARIO = """
standoff: 1
title: Two posts
starts: 2017-01-01
ends: 2017-02-01
actors: {blue: {}}
state: {steps: {at_least: 0}}
parameters: {pace: {prior: "uniform(0.1, 0.9)", evidence: assumption}, other: {prior: "uniform(0, 1)"}}
rules: {step: {rate: pace * (1 + other), then: [steps += 1]}}
variants: {late one: {ends: 2017-02-03}}
questions: {many-steps: {ask: Are there many steps?, when: steps >= 12, at: 2017-01-31}}
"""
LINE = re.compile(r"^(?:To see why|To see what it depends on|To repeat): (standoff .*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Where a scenario lies whose path needs quotes, and the folder of its runs, made with a variant and a setting."""
    top = tmp_path_factory.mktemp("it's here")
    (top / "two posts.yaml").write_text(SCENARIO.replace("late one", "late"), encoding="utf-8")
    with contextlib.chdir(top):
        words = ["run", "two posts.yaml", "--runs", "20", "--variant", "late", "--set", "other=0.1", "--out", "my runs"]
        assert CliRunner().invoke(app, [*words, "--quiet"]).exit_code == 0
    return top, top / "my runs"


def printed_lines(words: list[str], at: Path) -> list[list[str]]:
    """The command lines that a command prints, as a shell takes them apart."""
    with contextlib.chdir(at):
        done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return [shlex.split(line)[1:] for line in LINE.findall(done.stdout)]


def parsed(words: list[str]) -> dict[str, object]:
    """What the command line takes words for; raises a usage error where it does not."""
    verb = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    return dict(verb.make_context(words[0], list(words[1:])).params)


def test_every_printed_line_is_one_that_the_command_line_takes(made: tuple[Path, Path]) -> None:
    top, folder = made
    lines = printed_lines(["ask", "my runs"], top)
    assert [line[0] for line in lines] == ["explain", "sense", "run"]
    for line in lines:
        given = parsed(line)
        assert (given["name"], given["variant"], list(given["setting"])) == ("two posts.yaml", "late", ["other=0.1"])
    assert Path(str(parsed(lines[0])["into"])) == folder.relative_to(top)


def test_pasted_where_they_are_printed_they_run(made: tuple[Path, Path]) -> None:
    top, folder = made
    explain, sense, run = printed_lines(["ask", "my runs"], top)
    with contextlib.chdir(top):
        for line in ([*explain, "--runs", "20"], [*sense, "--runs", "10"], [*run, "--out", "again", "--quiet"]):
            done = CliRunner().invoke(app, line)
            assert done.exit_code == 0, done.output
    assert (folder / "explain-many-steps.json").exists() and (folder / "sense.json").exists()
    answers = "answers.parquet"
    assert (top / "again" / answers).read_bytes() == (folder / answers).read_bytes()


def test_pasted_elsewhere_they_run_on_the_folder_itself(made: tuple[Path, Path], tmp_path: Path) -> None:
    folder = made[1]
    explain, _, run = printed_lines(["ask", str(folder)], tmp_path)
    assert parsed(explain)["name"] == str(folder) and parsed(run)["name"] == str(folder)
    assert parsed(run)["variant"] is None and not parsed(run)["setting"]
    with contextlib.chdir(tmp_path):
        assert CliRunner().invoke(app, [*explain, "--runs", "20"]).exit_code == 0
        assert CliRunner().invoke(app, [*run, "--out", "again", "--quiet"]).exit_code == 0
        answers = "answers.parquet"
        assert Path("again", answers).read_bytes() == (folder / answers).read_bytes()


def test_a_case_is_named_by_its_folder_only_where_its_scenario_is_not_found(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = Ensemble(made[1]).manifest
    monkeypatch.chdir(made[0])
    assert case_of(about, made[1]) == ["two posts.yaml", "--variant", "late", "--set", "other=0.1"]
    assert again(about, made[1]) == about.command
    monkeypatch.chdir(tmp_path)
    assert case_of(about, made[1]) == [str(made[1])]
    assert again(about, made[1]) == command("run", [str(made[1])], "--runs", "20", "--seed", "1")


def test_words_are_quoted_and_numbers_written_in_full() -> None:
    case = case_words("a b.yaml", "late", {"pace": 0.1, "other": 1e-7})
    line = command("evidence hindsight", case, "--seed", "2")
    assert line == "standoff evidence hindsight 'a b.yaml' --variant late --set other=1e-07 --set pace=0.1 --seed 2"
