"""Figures say the numbers of the run folder, are plain SVG, and need no browser; a PDF without one is refused."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from standoff import report
from standoff.cli import main
from standoff.errors import UsageError
from standoff.report.figures import browser
from standoff.report.figures.sheet import percent, percents
from standoff.report.gather import scene
from tests.front import Texts
from tests.pages import FINDINGS, run_of_front

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\u202e\"'" + "x" * 10_000


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.report.figures.browser.shutil.which", lambda name: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front with what claims and sense could keep in it."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    scenario = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    for name in ("claims", "sense"):
        content = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8")) | {"scenario": scenario}
        (made / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def drawn(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ElementTree.Element]:
    """The figures by name; they are read as XML, so they are well formed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.report.figures.browser.shutil.which", lambda name: None)
        written = report.write_figures(folder, tmp_path_factory.mktemp("figures"))
    return {path.stem: ElementTree.fromstring(path.read_text(encoding="utf-8")) for path in written}


def _texts(of: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in of.iter(f"{SVG}text")]


def test_every_kind_of_figure_is_drawn_from_what_the_folder_holds(drawn: dict[str, ElementTree.Element]) -> None:
    assert list(drawn) == ["questions", "fans-1", "map", "claims", "tornado"]
    tags = {element.tag.removeprefix(SVG) for figure in drawn.values() for element in figure.iter()}
    assert tags <= {"svg", "title", "rect", "path", "circle", "text", "g", "clipPath"}


def test_the_forest_plot_says_the_probabilities_and_intervals_of_the_run(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    texts = _texts(drawn["questions"])
    for question in scene(folder).questions:
        if question.probability is not None:
            assert percent(question.probability) in texts
            assert percents(question.low or 0, question.high or 0) in texts
    assert texts.count("yes") == texts.count("no") == 1
    # The dot of the first question stands at its share of the axis.
    share = scene(folder).questions[0].probability
    dot = next(drawn["questions"].iter(f"{SVG}circle"))
    assert share is not None and float(dot.attrib["cx"]) == pytest.approx(460 + 320 * share, abs=0.06)


def test_the_map_has_a_pie_or_a_mark_for_each_place_on_the_sheet(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    on_sheet = [one.name for one in scene(folder).places if one.at is not None and one.at[0] < 44.6]
    rims = [one for one in drawn["map"].iter(f"{SVG}circle") if one.attrib["r"] == "8.7"]
    assert len(rims) == len(on_sheet) == 11
    texts = _texts(drawn["map"])
    assert "100 km" in texts and set(on_sheet) & set(texts)
    held = sum(holding.runs.get("regime", [0])[-1] for holding in scene(folder).control) / scene(folder).head.runs
    assert f"{held:.1f}" in texts


def test_claims_and_indices_stand_with_their_intervals(drawn: dict[str, ElementTree.Element]) -> None:
    texts = _texts(drawn["claims"])
    assert "1.42 (1.18 to 1.66)" in texts and {"✓ holds", "✗ reversed", "≈ open"} <= set(texts)
    assert {"us will", "0.42 (0.31 to 0.54)"} <= set(_texts(drawn["tornado"]))


def test_the_same_folder_gives_the_same_figures(folder: Path, tmp_path: Path) -> None:
    one, other = (report.write_figures(folder, tmp_path / name) for name in ("one", "other"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_hostile_texts_stay_texts_in_figures(tmp_path: Path) -> None:
    texts = Texts(*[HOSTILE] * 7)
    for path in report.write_figures(run_of_front(tmp_path, texts), tmp_path / "figures"):
        svg = path.read_text(encoding="utf-8")
        assert {one.tag for one in ElementTree.fromstring(svg).iter()}.isdisjoint({"script", f"{SVG}script"})
        assert "\u202e" not in svg and "x" * 2_000 not in svg


def test_a_pdf_without_a_browser_is_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"needs a Chromium.*print it"):
        report.printed(folder / "report.html")


def test_the_command_names_what_it_drew_and_refuses_a_pdf_without_a_browser(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def called(*arguments: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["standoff", "report", str(folder), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out.split(), said.err

    code, told, _ = called("--figures", str(tmp_path))
    assert code == 0 and told[0] == str(folder / "report.html")
    assert told[1:] == [str(tmp_path / f"{name}.svg") for name in ("questions", "fans-1", "map", "claims", "tornado")]
    code, _, error = called("--pdf")
    assert code == 2 and "needs a Chromium" in error


@pytest.mark.skipif(not any(map(shutil.which, browser.NAMES)), reason="no Chromium on this machine")
def test_a_browser_makes_png_and_pdf(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    page = Path(shutil.copy(folder / "report.html", tmp_path))
    assert report.printed(page).read_bytes().startswith(b"%PDF-")
    svg = tmp_path / "small.svg"
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>', encoding="utf-8")
    png = browser.picture(svg).read_bytes()
    assert png.startswith(b"\x89PNG") and re.match(rb".{16}\x00\x00\x00\x3c\x00\x00\x00\x28", png, re.DOTALL)
