"""Mutants are small changes that still parse, of every kind, and a sample of them repeats."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import mutants
from tools.mutants import mirrors_of, mutants_of

CODE = """\
def within(low: int, high: int, *, open: bool = True) -> bool:
    if low < high and not open:
        return low
    found = {low} & {high} if open else {low}.union({high})
    return clamp(low, high, by=2) in found
"""


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that the mutants of CODE put in its place."""
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "code.py").write_text(CODE, encoding="utf-8")
    made = list(mutants_of(Path("code.py")))
    for mutant in made:
        ast.parse(mutant.text)
    return [line[1:].strip() for mutant in made for line in mutant.diff().splitlines() if line.startswith("+")]


@pytest.mark.parametrize(
    "line",
    [
        "if ((low <= high)) and not open:",
        "if (low < high or (not open)):",
        "if low < high and (open):",
        "return None",
        "found = (({low}) | ({high})) if open else {low}.union({high})",
        "found = {low} & {high} if open else ({low}).intersection({high})",
        "found = ({low}.union({high}) if open else ({low} & {high}))",
        "return clamp(high, low, by=2) in found",
        "return clamp(low, high, by=3) in found",
        "return (clamp(low, high, by=2) not in found)",
        "def within(low: int, high: int, *, open: bool = False) -> bool:",
    ],
)
def test_every_kind_of_break_is_made(changed: list[str], line: str) -> None:
    plain = [text.replace("(", "").replace(")", "") for text in changed]
    assert line.replace("(", "").replace(")", "") in plain


def test_annotations_are_left_alone(changed: list[str]) -> None:
    assert all("low: int, high: int" in line for line in changed if line.startswith("def"))


def test_a_file_is_tested_first_by_the_tests_that_carry_its_name() -> None:
    first, *others = mirrors_of(Path("src/standoff/scenario/linting/lint.py"))
    assert first == "tests/test_scenario_lint.py"
    assert "tests/test_scenario_expand.py" in others


def test_each_room_has_tests_in_which_its_mutants_can_be_noticed() -> None:
    tests = Path(__file__).resolve().parent
    patterns = [pattern for of in mutants.MIRRORS.values() for pattern in of]
    assert [pattern for pattern in patterns if not any(tests.glob(f"{pattern}.py"))] == []
