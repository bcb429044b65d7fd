"""In a notebook an ensemble shows itself: its numbers, escaped, in little space, and without Jupyter here."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from standoff.ensemble import Ensemble
from standoff.numerals import figure, percent, percents, with_unit
from tests.front import Texts
from tests.pages import RUNS, run_of_front

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>" + "x" * 10_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of_front(tmp_path_factory.mktemp("front"), Texts())


def _shown(folder: Path) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{Ensemble(folder)._repr_html_()}</div>")


def test_the_table_says_the_numbers_of_questions_json(folder: Path) -> None:
    rows = [["".join(cell.itertext()) for cell in row] for row in _shown(folder).iter("tr")][1:]
    asked = json.loads((folder / "questions.json").read_text(encoding="utf-8"))["questions"]
    assert [row[0] for row in rows] == [one["ask"] for one in asked]
    assert rows[0][2] == percent(asked[0]["probability"])
    assert rows[0][3] == percents(asked[0]["low"], asked[0]["high"], like=asked[0]["probability"])
    assert [row[6] for row in rows] == ["yes", "no", "", ""]
    assert rows[2][2] == f"median {with_unit(figure(asked[2]['quantiles']['50']), asked[2]['unit'])}"
    median = asked[3]["dates"]["50"]
    assert rows[3][2] == percent(asked[3]["probability"]) + (f", median {median}" if median else "")
    dots = [float(dot.attrib["cx"]) for dot in _shown(folder).iter("circle")]
    assert dots[0] == pytest.approx(6 + 108 * asked[0]["probability"], abs=0.06) and len(dots) == 3
    assert next(_shown(folder).iter("strong")).text == asked[0]["sentence"]


def test_it_is_small_and_names_runs_and_seed(folder: Path) -> None:
    assert f"{RUNS} runs (direct sampler, seed 7)" in "".join(_shown(folder).itertext())
    assert len(Ensemble(folder)._repr_html_()) < 6_000


def test_of_many_questions_the_later_ones_are_folded_away(folder: Path, tmp_path: Path) -> None:
    content = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    content["questions"] *= 5
    for name in ("manifest.json", "questions.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "questions.json").write_text(json.dumps(content), encoding="utf-8")
    shown = _shown(tmp_path)
    assert len(list(shown.iter("tr"))) == 22 and [one.text for one in shown.iter("summary")] == ["8 more questions"]


def test_hostile_texts_stay_texts_and_end(tmp_path: Path) -> None:
    folder = run_of_front(tmp_path, Texts(*[HOSTILE] * 7))
    shown = _shown(folder)
    assert {one.tag for one in shown.iter()}.isdisjoint({"script", "img"})
    assert all(set(one.attrib) <= {"style", "title", "d", "stroke", "stroke-width", "opacity", "cx", "cy", "r", "fill",
                                   "width", "height", "viewBox", "aria-hidden"} for one in shown.iter())  # fmt: skip
    assert "x" * 1_000 not in Ensemble(folder)._repr_html_()
