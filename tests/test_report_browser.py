"""The page in a browser: panels answer to the hand and say the numbers of the run folder, and no text can act."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standoff import report
from standoff.report.build import scene
from standoff.report.scene import Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import keep_findings, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
AXE = VIEWER / "node_modules/axe-core/axe.min.js"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><svg/onload=alert(1)>\u202e" + "x" * 10_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with every panel."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", "claims", "sense", "explain-land-link", "rare", "game", "levers", "deciders")
    return made


@pytest.fixture(scope="module")
def said(folder: Path) -> Scene:
    return scene(folder)


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Opened]:
    made = Opened(browser, folder / "report.html")
    yield made
    made.context.close()


def test_the_page_asks_for_itself_alone_and_complains_of_nothing(opened: Opened, folder: Path) -> None:
    asked = [url for url in opened.asked if not url.startswith("data:")]
    assert asked == [(folder / "report.html").as_uri()]
    assert opened.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_and_nothing_sticks_out(browser: Any, folder: Path, width: int, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    made = Opened(browser, folder / "report.html", width, scheme)
    assert made.page.evaluate("document.documentElement.scrollWidth") == width
    made.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = made.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    made.context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_the_page_is_built_to_the_same_bytes_twice(tmp_path: Path) -> None:
    npx = shutil.which("npx")
    if npx is None or not (VIEWER / "node_modules/vite").is_dir():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")

    def built(name: str) -> bytes:
        command = [npx, "vite", "build", "--logLevel", "error", "--outDir", str(tmp_path / name), "--emptyOutDir"]
        subprocess.run(command, cwd=VIEWER, env=os.environ | {"CI": "1"}, check=True, timeout=100, capture_output=True)
        return (tmp_path / name / "index.html").read_bytes()

    one = built("one")
    # The page that is installed was built before; where it is of older sources, the page is built once more.
    page = Path(report.__file__).parent / "static" / "index.html"
    other = page.read_bytes() if page.exists() else b""
    assert one in (other, built("other") if one != other else other) and len(one) < 1_000_000
