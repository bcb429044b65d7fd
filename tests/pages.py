"""Run folders of the front and the pages made of them, for the tests of the report."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from standoff import calibration, report
from standoff.report.build import scene
from standoff.report.packing import unpacked
from standoff.report.scene import Scene
from standoff.scenario import load
from tests.front import Texts, write_front

RUNS = 60
FINDINGS = Path(__file__).parent / "findings"
"""What verbs could keep in a run folder: hand-made, in the shapes that they write."""


@cache
def _made_run(texts: Texts, full: bool) -> dict[str, bytes]:
    """The files of a run folder of the front and its report, which are made once in a process."""
    with TemporaryDirectory(prefix="standoff-front-") as place:
        front, made = Path(place, "front.yaml"), Path(place, "run")
        calibration.run(load(write_front(front, texts, full=full)), runs=RUNS, seed=7, out=made)
        report.write_report(made)
        return {path.name: path.read_bytes() for path in made.iterdir()}


def run_of_front(place: Path, texts: Texts, *, full: bool = False) -> Path:
    """A run folder of the front with its report, for a test or a file to change as it likes."""
    made = place / "run"
    made.mkdir()
    for name, content in _made_run(texts, full).items():
        (made / name).write_bytes(content)
    return made


def keep_findings(
    made: Path, *names: str, change: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _, content: content
) -> None:
    """Keep what verbs could have found in a run folder of the front, as if of that run, and write its report."""
    scenario = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    for name in names:
        content = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8")) | {"scenario": scenario}
        if name == "rare":
            content["question"] = "town-never"
        (made / f"{name}.json").write_text(json.dumps(change(name, content)), encoding="utf-8")
    report.write_report(made)


def figures_of(run: Path, into: Path) -> list[Path]:
    """The figures of a run folder as SVG alone: no browser is started to make pictures of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.report.figures.browser.shutil.which", lambda name: None)
        return list(report.write_figures(run, into))


@cache
def said_of(folder: Path) -> Scene:
    """What the report of a run folder tells that no test changes, worked out once in a process."""
    return scene(folder)


class Elements(HTMLParser):
    """The elements of a page, what they point at, the data inside it, and the texts of its sections by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.packed = ""
        self.sections: dict[str, str] = {}
        self._inside_data = False
        self._section = ""
        self.feed(html)

    @property
    def data(self) -> str:
        """The scene of the page, as JSON; empty where there is none."""
        return json.dumps(unpacked(*map(base64.b64decode, self.packed.split(".")))) if self.packed.strip() else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.targets += [str(given[name]) for name in ("src", "href", "action", "data") if name in given]
        self._inside_data = given.get("id") == "standoff-data"
        if tag == "section":
            self._section = given.get("id") or ""

    def handle_data(self, data: str) -> None:
        if self._inside_data:
            self.packed += data
        words = " ".join(data.split())
        if words and self._section:
            self.sections[self._section] = f"{self.sections.get(self._section, '')} {words}".strip()

    def handle_endtag(self, tag: str) -> None:
        self._inside_data = False
        if tag == "section":
            self._section = ""


def drawn_by_a_browser(browser: Any, page: Path, shown: str = "") -> str:
    """The document as a browser has it once its scripts have run, at an address."""
    made = browser.new_page(reduced_motion="reduce")
    made.goto(page.as_uri() + shown)
    made.wait_for_selector("main > *")
    drawn = str(made.content())
    made.close()
    return drawn
