"""The page in a browser: panels answer to the hand and say the numbers of the run folder, and no text can act."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
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


def test_every_panel_is_there_and_named_in_the_list_of_sections(opened: Opened) -> None:
    sections = opened.page.eval_on_selector_all("section[id]", "all => all.map(one => one.id)")
    assert sections == [
        "map", "questions", "deals", "who-decides", "why", "depends-on", "what-if", "claims", "rare", "fans", "moves",
        "log", "scenario", "assumptions",
    ]  # fmt: skip
    named = opened.page.eval_on_selector_all("nav a", "all => all.map(one => one.getAttribute('href'))")
    assert named == [f"#{name}" for name in sections]


def test_the_log_keeps_the_events_that_the_filters_name(opened: Opened, folder: Path, said: Scene) -> None:
    events = pl.read_parquet(folder / "events.parquet").filter(pl.col("run") == said.sampled[0].run)
    log = opened.page.locator("#log")
    log.get_by_label("Place").select_option("deir_ez_zor")
    at_place = events.filter(pl.col("place") == "deir_ez_zor").height
    assert f"{at_place} of {events.height} events" in log.inner_text()
    log.get_by_label("Place").select_option("")
    log.get_by_label("Actor").select_option("isis")
    of_actor = events.filter((pl.col("source") == "isis") | (pl.col("target") == "isis")).height
    assert f"{of_actor} of {events.height} events" in log.inner_text()
    log.get_by_label("Actor").select_option("")
    log.get_by_label("Words").fill("rule ADVANCE")
    of_rule = events.filter(pl.col("rule") == "advance").height
    assert f"{of_rule} of {events.height} events" in log.inner_text()
    log.get_by_label("Words").fill("")


def test_the_ledger_says_what_was_drawn_of_each_number(opened: Opened, folder: Path, said: Scene) -> None:
    drawn = pl.read_parquet(folder / "parameters.parquet")
    panel = opened.page.locator("#assumptions tbody")
    for parameter in said.parameters:
        row = panel.locator("tr", has=opened.page.locator("th .name", has_text=re.compile(f"^{parameter.name}$")))
        mean = float(f"{drawn[parameter.name].mean():.3g}")
        assert f"{mean:g}" in row.locator(".drawn").inner_text()
        assert all(one.locator in row.inner_text() for one in parameter.evidence)
    opened.page.locator("#assumptions").get_by_label("Show").select_option("hindsight")
    assert panel.locator("th .name").all_inner_texts() == ["patience"]
    opened.page.locator("#assumptions").get_by_label("Show").select_option("all")


def test_rules_are_found_by_word_locator_and_mechanism(opened: Opened, said: Scene) -> None:
    panel = opened.page.locator("#scenario")
    assert len(said.world.entries) == 5
    for words, count in {"assault": 1, "m01": 1, "paper-2017#p3": 1, "holder": 3, "no_deal": 1, "no word": 0}.items():
        panel.get_by_label("Find").fill(words)
        assert f"{count} of 5" in panel.inner_text()
    panel.get_by_label("Find").fill("")
    panel.get_by_label("Ties of").select_option("isis")
    ties = panel.locator("ul[aria-label=Ties] li").all_inner_texts()
    assert len(ties) == 1 and "is a rival of" in ties[0]
    panel.get_by_label("Ties of").select_option("")


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


def test_a_hostile_scenario_does_nothing_in_any_panel(browser: Any, tmp_path: Path) -> None:
    texts = Texts(*[HOSTILE] * 7)
    made = Opened(browser, run_of_front(tmp_path, texts, full=True) / "report.html", 390)
    assert made.page.locator("#deals, #scenario, #fans, #log, #questions").count() == 5
    made.page.get_by_label("Runs on the map").select_option(index=1)
    for more in made.page.locator("#questions button.more").all():
        more.click()
    assert made.page.locator("#questions .detail").count() == len(scene(tmp_path / "run").questions)
    assert made.page.locator("img, #scenario script").count() == 0
    assert made.page.evaluate("document.documentElement.scrollWidth") == 390
    assert made.complaints == [] and "<img" in made.page.title()
    made.context.close()


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
