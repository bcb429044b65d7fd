"""What verbs find is kept only beside runs of the same case."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.calibration import run
from standoff.cli.app import app
from standoff.scenario import load

TEXT = """
standoff: 1
title: Steps
starts: 2017-01-01
ends: 2017-01-10
state: {steps: {}}
parameters: {pace: {prior: "uniform(0.5, 1.5)"}}
rules: {step: {rate: pace, then: [steps += 1]}}
questions: {many: {ask: Many?, when: steps >= 10, at: 2017-01-10}}
claims: {more: {says: More., raise: pace, expect: steps rises}}
"""
VERBS = (
    ["compare", "--what", "a: pace=1", "--runs", "5"],
    ["claims", "--runs", "100"],
    ["sense", "--runs", "10"],
    ["explain", "--question", "many", "--runs", "20", "--stories", "0"],
    ["branch", "--at", "2017-01-05", "--runs", "5", "--change", "pace=0.6"],
    ["rare", "--question", "many", "--replicates", "2", "--particles", "10"],
)


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_another_case_and_a_folder_without_runs_are_refused_before_the_work(words: list[str], tmp_path: Path) -> None:
    file, folder = tmp_path / "steps.yaml", tmp_path / "kept"
    file.write_text(TEXT, encoding="utf-8")
    run(load(str(file)), runs=5, out=folder)

    def said(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [words[0], str(file), *words[1:], "--quiet", *more])
        return result.exit_code, result.output

    code, told = said("--set", "pace=0.7", "--into", str(folder))
    assert (code, "not the case that is asked for" in told) == (2, True)
    assert not any(folder.glob(f"{words[0]}*.json"))
    code, told = said("--into", str(tmp_path / "nowhere"))
    assert (code, "is not a run folder" in told) == (2, True)
    assert said("--into", str(folder))[0] == 0
    name = f"{words[0]}-many" if words[0] == "explain" else words[0]
    assert (folder / f"{name}.json").is_file()
