"""Every result shows itself: in a notebook with its tables, escaped and bounded, elsewhere by its sentence."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import standoff
from standoff.display import TALLEST, Bar, Cell, Display, Displayed, Note, Row, Table, as_html, columns
from standoff.scenario import load
from tests.ensemble_cases import border
from tests.kept_results import kept_results

SOURCE = Path(standoff.__file__).resolve().parent
NOT_RESULTS = {"Answers", "Manifest", "Plan"}
"""What is written as JSON and shown as part of an ensemble; the plan of an elicitation is for its folder alone."""
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>" + "x" * 10_000
TAGS = {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "svg", "path", "circle"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Displayed]:
    """A result of every verb, and a scenario."""
    folder = tmp_path_factory.mktemp("scenario")
    border(folder)
    return kept_results() | {"scenario": load(folder / "border.yaml")}


def test_whatever_a_verb_writes_as_json_shows_itself() -> None:
    seen = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name not in NOT_RESULTS:
                methods = {getattr(one, "name", "") for one in node.body}
                if "to_json" in methods:
                    assert "display" in methods and "Displayed" in map(ast.unparse, node.bases), f"{file}: {node.name}"
                    seen.add(node.name)
    assert len(seen) >= 15


def test_a_result_is_named_by_its_sentence_in_one_line(results: dict[str, Displayed]) -> None:
    for name, made in results.items():
        text = repr(made)
        assert text.startswith(f"<{type(made).__name__}") and "\n" not in text and len(text) < 700, name
        assert made.display().sentence.endswith((".", "”", "?")), made.display().sentence


def test_html_is_well_formed_small_and_has_no_script_and_no_style_sheet(results: dict[str, Displayed]) -> None:
    for name, made in results.items():
        html = made._repr_html_()
        root = ElementTree.fromstring(html)
        assert {one.tag for one in root.iter()} <= TAGS, name
        assert f"max-height:{TALLEST}px" in root.attrib["style"] and len(html) < 60_000, name
        for svg in root.iter("svg"):
            assert svg.attrib["viewBox"] == f"0 0 {svg.attrib['width']} {svg.attrib['height']}"


def test_hostile_texts_stay_texts_and_end() -> None:
    table = Table(columns(HOSTILE), (Row((Cell(HOSTILE, HOSTILE),)), Row((HOSTILE,))), HOSTILE, 1, HOSTILE)
    html = as_html(Display(HOSTILE, HOSTILE, (table, Note(HOSTILE))))
    root = ElementTree.fromstring(html)
    assert {one.tag for one in root.iter()} <= TAGS and "x" * 1_000 not in html
    assert all(set(one.attrib) <= {"style", "title"} for one in root.iter())


def test_what_is_not_read_first_is_folded_away() -> None:
    rows = tuple(Row((f"row {n}",)) for n in range(5))
    root = ElementTree.fromstring(as_html(Display("Five.", "", (Table(columns("row"), rows, "", 2, "3 other rows"),))))
    inside = list(root.iter("details"))
    assert [one.text for one in root.iter("summary")] == ["3 other rows"]
    assert [cell.text for cell in inside[0].iter("td")] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize(
    ("bar", "at", "ends"),
    [
        (Bar(0.5, 0.25, 0.75), "60.0", "M33.0 9H87.0"), (Bar(1.0, 0.0, 1.0), "114.0", "M6.0 9H114.0"),
        (Bar(-0.3, -0.6, 0.0, signed=True, most=0.6), "33.0", "M6.0 9H60.0"),
        (Bar(9.0, -9.0, 9.0), "114.0", "M6.0 9H114.0"),
    ],
)  # fmt: skip
def test_an_axis_has_its_value_and_its_interval_where_they_belong(bar: Bar, at: str, ends: str) -> None:
    html = as_html(Display("One.", "", (Table(columns("", bar=("",)), (Row((bar,)),)),)))
    root = ElementTree.fromstring(html)
    assert [one.attrib["cx"] for one in root.iter("circle")] == [at]
    assert ends in [one.attrib["d"] for one in root.iter("path")]


def test_nothing_is_clipped_in_light_or_dark(results: dict[str, Displayed], browser: Any) -> None:
    bodies = "".join(f"<section>{made._repr_html_()}</section>" for made in results.values())
    for background, colour in (("#fff", "#111"), ("#111", "#eee")):
        page = browser.new_page(viewport={"width": 900, "height": 700})
        page.set_content(f'<body style="background:{background};color:{colour};font-family:sans-serif">{bodies}</body>')
        boxes: list[Any] = page.evaluate(
            "[...document.querySelectorAll('section > div')].map(d => [d.clientHeight, d.scrollWidth > d.clientWidth,"
            " getComputedStyle(d).overflowX, [...d.querySelectorAll('svg')].every(s => s.getBBox().width <= 120)])"
        )
        assert len(boxes) == len(results)
        for height, wider, overflow, drawn in boxes:
            assert height <= TALLEST and (not wider or overflow == "auto") and drawn
        page.close()


def test_every_public_class_that_is_a_result_shows_itself() -> None:
    assert issubclass(standoff.Ensemble, Displayed) and issubclass(standoff.Scenario, Displayed)
    assert "_repr_html_" in dir(standoff.Scenario) and dataclasses.is_dataclass(standoff.Scenario)
