"""The page in a browser asks for nothing but itself, complains of nothing, and is built to the same bytes twice."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from standoff import calibration, report
from standoff.scenario import load
from tests.browsing import Opened
from tests.front import Texts, full_front
from tests.pages import keep_findings, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
VIEWS = ("map", "question", "whatif", "library", "brief")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with every panel."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", "claims", "sense", "explain-land-link", "rare", "game", "levers", "deciders")
    return made


def test_the_page_asks_for_itself_alone_and_complains_of_nothing(opened: Opened, folder: Path) -> None:
    for view in VIEWS:
        opened.go(view)
    asked = [url for url in opened.asked if not url.startswith("data:")]
    assert asked == [(folder / "report.html").as_uri()]
    assert opened.complaints == []


@pytest.mark.slow  # test_report_view_brief.py has one without
def test_one_run_without_questions_under_a_title_without_end_has_every_view(browser: Any, tmp_path: Path) -> None:
    document = full_front(Texts(title="without end " * 900)) | {"questions": {}}
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    calibration.run(load(tmp_path / "one.yaml"), runs=1, seed=7, out=tmp_path / "run")
    made = Opened(browser, report.write_report(tmp_path / "run"))
    for view in VIEWS:
        made.go(view)
        assert made.page.evaluate("document.querySelector('main').clientHeight") > 600, view
        assert "cannot be drawn" not in made.page.locator("main").inner_text()
        made.page.get_by_role("navigation", name="Views").locator("[aria-current]").click()
        assert made.page.locator("p.warning").all_inner_texts() == []
    made.close()
    assert made.complaints == []


def test_a_link_that_cannot_be_copied_is_not_called_copied(opened: Opened) -> None:
    for clipboard in ("{ writeText: () => Promise.reject(new Error('refused')) }", "undefined"):
        opened.page.evaluate(
            f"Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }})"
        )
        opened.page.get_by_role("button", name="Copy link").click()
        opened.page.get_by_role("button", name="Copy it from the address bar").wait_for()
        opened.page.get_by_role("button", name="Copy link").wait_for()
    assert opened.complaints == []


def test_the_keyboard_is_not_lost_where_what_it_pressed_goes(opened: Opened) -> None:
    opened.go("map")
    opened.page.locator("#drawer button.who").first.press("Enter")
    opened.page.get_by_role("button", name="Close, and show the legend").press("Enter")
    opened.page.locator("#drawer button.who").first.wait_for()
    assert opened.page.evaluate("document.activeElement.id") == "drawer"


@pytest.mark.slow
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
