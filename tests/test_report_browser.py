"""The page in a browser: panels answer to the hand and say the numbers of the run folder, and no text can act."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff import report
from standoff.report.build import scene
from standoff.report.scene import Question, Scene
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


def _course(question: Question) -> list[int]:
    assert question.course is not None and question.course.true_runs is not None
    return question.course.true_runs


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


def test_a_question_opens_to_its_sentence_course_evidence_and_findings(opened: Opened, said: Scene) -> None:
    page = opened.page
    for i, question in enumerate(said.questions):
        item = page.locator("#questions > ol > li").nth(i)
        item.get_by_role("button", name="Why, and how sure").click()
        detail = item.locator(".detail")
        assert question.sentence.removeprefix(f"“{question.ask}” ") in detail.inner_text()
        assert all(one.locator in detail.inner_text() for one in question.evidence)
        if question.probability is not None:
            assert f"{100 * question.probability:.0f}%" in detail.locator(".course figcaption").inner_text()
        assert detail.locator(".outcome").count() == (question.outcome in {"yes", "no"})
        item.get_by_role("button", name="Less").click()


def test_from_a_question_one_comes_to_what_it_hangs_on(browser: Any, folder: Path, said: Scene, tmp_path: Path) -> None:
    asked = said.questions[0]
    shutil.copytree(folder, tmp_path / "run")
    for name in ("sense", "explain-land-link"):
        text = (folder / f"{name}.json").read_text(encoding="utf-8").replace('"land-link"', f'"{asked.id}"')
        (tmp_path / "run" / f"{name}.json").write_text(text, encoding="utf-8")
    made = Opened(browser, report.write_report(tmp_path / "run"))
    sense = scene(tmp_path / "run").findings.sense
    assert sense is not None and sense.questions[0].question != asked.id
    item = made.page.locator("#questions > ol > li").first
    item.get_by_role("button", name="Why, and how sure").click()
    routes = scene(tmp_path / "run").findings.explain[0].routes
    told = item.locator(".detail ol li").all_inner_texts()
    assert len(told) == len(routes) > 0
    for line, way in zip(told, routes, strict=True):
        here = [mark.event for mark in way.marks if mark.here > mark.elsewhere][:2]
        assert here and line.endswith("; ".join(here).replace("_", " "))
    item.get_by_role("button", name="See all").first.click()
    (spread,) = [one for one in sense.questions if one.question == asked.id]
    assert made.page.locator("#depends-on li.chosen button").inner_text() == spread.ask
    assert made.page.evaluate("Math.abs(document.querySelector('#depends-on').getBoundingClientRect().top)") < 100
    # The keyboard and a screen reader come along.
    assert made.page.evaluate("document.activeElement.id") == "depends-on-title"
    made.context.close()


def _day_of(said: Scene, step: int) -> str:
    """The date that a step of the slider belongs to; the very end belongs to the last day."""
    day = min(int(said.stage.times[step]), math.ceil(said.stage.days) - 1)
    return (date.fromisoformat(said.stage.starts) + timedelta(days=day)).isoformat()


def test_the_address_says_what_is_shown_and_shows_what_it_says(browser: Any, folder: Path, said: Scene) -> None:
    made = Opened(browser, folder / "report.html")
    page, run = made.page, said.sampled[2].run
    assert page.evaluate("location.hash") == ""
    page.get_by_label("Runs on the map").select_option(f"run {run}")
    page.locator("#map input[type=range]").fill("3")
    page.locator("#map select").nth(2).select_option("raqqa side")
    page.wait_for_function(f"location.hash === '#at=2017-06-12&place=raqqa&run={run}'")
    assert said.stage.times[3] == 12
    # The last moment can be sent to others too: it belongs to the day before.
    last = len(said.stage.times) - 1
    page.locator("#map input[type=range]").fill(str(last))
    page.wait_for_function(f"location.hash.includes('{_day_of(said, last)}')")
    address = page.evaluate("location.hash")
    page.locator("#map input[type=range]").fill("3")
    page.wait_for_function("location.hash.includes('2017-06-12')")
    page.evaluate(f"location.hash = '{address}'")
    page.wait_for_function(f"document.querySelector('#map input[type=range]').value === '{last}'")
    page.evaluate(f"location.hash = '#at=2017-06-20&run={said.sampled[0].run}&place=atlantis'")
    page.wait_for_function("document.querySelector('#map input[type=range]').value === '5'")
    assert page.get_by_label("Runs on the map").input_value() == "0"
    assert "a place “atlantis”" in page.locator("p.warning").first.inner_text()
    made.context.close()


def test_questions_are_found_by_words_and_locators(opened: Opened, said: Scene) -> None:
    panel = opened.page.locator("#questions")
    for words, count in {"paper-2017#p3": 1, "how-many": 1, "river": len(said.questions), "no such word": 0}.items():
        panel.get_by_label("Find").fill(words)
        assert panel.locator("ol > li").count() == count and f"{count} of {len(said.questions)}" in panel.inner_text()
    panel.get_by_label("Find").fill("")


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
