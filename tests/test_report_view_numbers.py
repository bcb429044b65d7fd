"""What the brief, the questions and What if say is what the tables of the run folder hold, counted anew here."""

from __future__ import annotations

import json
import re
from math import sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff import numerals
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import RUNS, keep_findings, run_of_front

Z = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", change=_of_the_front)
    return made


def _of_the_front(_: str, content: dict[str, Any]) -> dict[str, Any]:
    words = json.dumps(content).replace('"land-link"', '"town-never"').replace('"strike-near-tanf"', '"town"')
    asked: dict[str, Any] = json.loads(words)
    return asked


@pytest.fixture(scope="module")
def answers(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "answers.parquet")


@pytest.fixture(scope="module")
def asked(folder: Path) -> dict[str, dict[str, Any]]:
    """The questions of the manifest by their ids."""
    questions = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["questions"]
    return {one["id"]: one for one in questions}


def _around(yes: int) -> tuple[float, float, float]:
    """A share with its 95% interval (Wilson 1927)."""
    share, spread = yes / RUNS, Z**2 / RUNS
    half = Z * sqrt(share * (1 - share) / RUNS + Z**2 / (4 * RUNS**2))
    return share, *((share + spread / 2 + side * half) / (1 + spread) for side in (-1, 1))


def _yes(answers: pl.DataFrame, question: dict[str, Any]) -> int:
    column = answers[question["id"]]
    return int((column >= 0).sum() if question["type"] == "date" else (column == 1).sum())


def _text(opened: Opened, selector: str) -> str:
    return " ".join(opened.page.locator(selector).first.inner_text().split())


def test_the_brief_counts_the_runs_of_the_folder(
    opened: Opened, answers: pl.DataFrame, asked: dict[str, dict[str, Any]]
) -> None:
    opened.go("brief")
    yes = _yes(answers, asked["town"])
    _, low, high = _around(yes)
    said = f"In only {yes} of {RUNS} runs ({RUNS * low:.0f} to {RUNS * high:.0f})"
    assert _text(opened, "#brief h2").startswith(said)
    rows = opened.page.locator("#brief .questions li").all()
    for row in rows:
        name = re.search(r"question=([\w-]+)", row.locator("a").get_attribute("href") or "")
        assert name is not None
        question = asked[name[1]]
        if question["type"] != "number":
            assert numerals.percent(_around(_yes(answers, question))[0]) in row.inner_text()
    assert len(rows) > 2


def test_the_twelve_maps_are_runs_of_the_folder_with_their_answers(
    opened: Opened, folder: Path, answers: pl.DataFrame
) -> None:
    opened.go("brief")
    town = dict(answers.select("run", "town").iter_rows())
    captions = [one.inner_text().split() for one in opened.page.locator("#brief .twelve .caption").all()]
    assert len(captions) == 12
    assert all(told == ("yes" if town[int(run)] == 1 else "no") for told, _, run in captions)


def test_every_share_of_the_list_of_questions_is_that_of_the_folder(
    opened: Opened, answers: pl.DataFrame, asked: dict[str, dict[str, Any]]
) -> None:
    opened.go("question")
    rows = opened.page.get_by_role("list", name="All questions").locator("a").all()
    seen = 0
    for row in rows:
        name = re.search(r"question=([\w-]+)", row.get_attribute("href") or "")
        assert name is not None
        question = asked.get(name[1])
        if question is not None and question["type"] == "binary":
            assert numerals.percent(_around(_yes(answers, question))[0]) in row.inner_text(), name[1]
            seen += 1
    assert seen == sum(one["type"] == "binary" for one in asked.values())


def test_what_if_tells_the_differences_of_its_file_beside_the_shares_of_the_folder(
    opened: Opened, folder: Path, answers: pl.DataFrame, asked: dict[str, dict[str, Any]]
) -> None:
    opened.go("whatif")
    opened.page.locator(".told [role=row]").first.wait_for()
    rows = [one.inner_text() for one in opened.page.locator(".told [role=row]").all()]
    compared = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    first = [one for one in compared["differences"] if one["what"] == compared["whats"][0] and one["question"] in asked]
    told = [one for one in first if one["type"] != "number" and one["low"] * one["high"] > 0]
    assert told
    for one in told:
        share = numerals.percent(_around(_yes(answers, asked[one["question"]]))[0])
        points = f"{abs(100 * one['difference']):.1f} points"
        assert any(points in row and _goes_from(row, share) for row in rows), one["question"]


def _goes_from(row: str, share: str) -> bool:
    """Whether a row goes from this share to another one."""
    return bool(re.search(rf"(?<![\d.]){re.escape(share)}\s*→", row))
