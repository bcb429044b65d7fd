"""The page in a browser: panels answer to the hand and say the numbers of the run folder, and no text can act."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff import numerals, report
from standoff.ensemble import Ensemble
from standoff.report import log
from standoff.report.build import scene
from standoff.report.scene import Question, Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import RUNS, keep_findings, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
AXE = VIEWER / "node_modules/axe-core/axe.min.js"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><svg/onload=alert(1)>\u202e" + "x" * 10_000
REDRAWN = """async () => {
  const slider = document.querySelector('#map input[type=range]'), redrawn = new Set()
  const frames = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  // What was scrolled before may still be about to mark its section in the list.
  scrollTo({ top: 0, behavior: 'instant' })
  await frames()
  await frames()
  const watcher = new MutationObserver((changes) => changes.forEach((change) => {
    const near = change.target.nodeType === 1 ? change.target : change.target.parentElement
    redrawn.add(near?.closest('section[id]')?.id ?? near?.tagName ?? 'detached')
  }))
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  for (const step of [2, 3]) {
    slider.value = step
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await frames()
  }
  watcher.disconnect()
  return [...redrawn]
}"""


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


@pytest.mark.parametrize("step", [0, 9])
def test_the_slider_moves_the_pies_to_the_counts_of_that_date(opened: Opened, said: Scene, step: int) -> None:
    opened.page.locator("#map input[type=range]").fill(str(step))
    titles = opened.page.eval_on_selector_all(".pie title", "all => all.map(one => one.textContent)")
    town = next(holding for holding in said.ensemble.control if said.stage.places[holding.place].id == "albukamal")
    title = next(title for title in titles if title.startswith("albukamal side"))
    for holder in town.holders:
        share, name = 100 * holder.runs[step] / RUNS, said.stage.names.get(holder.id)
        words = f"{name or 'nobody'} {share:.0f}%" if 9.95 < share < 98.95 else name or ""
        assert (words in title) == (holder.runs[step] > 0)


def test_the_play_button_goes_on_through_time_and_stops(opened: Opened) -> None:
    slider = opened.page.locator("#map input[type=range]")
    slider.fill("2")
    opened.page.get_by_label("Speed of play").select_option("0.5")
    opened.page.get_by_label("Play through time").press("Enter")
    opened.page.wait_for_function("+document.querySelector('#map input[type=range]').value >= 5")
    opened.page.get_by_label("Pause").press("Enter")
    assert opened.page.get_by_label("Play through time").is_visible()


def test_one_run_is_played_on_the_map_and_in_the_charts(opened: Opened, folder: Path, said: Scene) -> None:
    page, run = opened.page, said.sampled[1]
    page.get_by_label("Runs on the map").select_option(f"run {run.run}")
    page.locator("#map input[type=range]").fill("9")
    day = said.stage.times[9]
    series = pl.read_parquet(folder / "series.parquet").filter((pl.col("run") == run.run) & (pl.col("time") == day))
    labels = next(one.labels for one in Ensemble(folder).manifest.series if one.watch == "control") or ()
    titles = page.eval_on_selector_all(".pie title", "all => all.map(one => one.textContent)")
    for place in said.stage.places[:-1]:  # the last lies beyond the sheet
        code = series[f"control[{place.id}]"][0]
        told = f"{place.name}: {said.stage.names[labels[code]] if code >= 0 else 'nobody'}"
        recorded = "; by the record: regime side" if place.id == "sukhnah" and day >= 22 else ""
        assert told + recorded in titles
    events = pl.read_parquet(folder / "events.parquet").filter(pl.col("run") == run.run)
    now = events.filter((pl.col("time") > said.stage.times[8]) & (pl.col("time") <= day)).height
    assert page.get_by_label("Events of the run at this date").locator("li").count() == max(1, now)
    assert page.locator("#fans path.single").count() == len(said.ensemble.fans)
    assert page.get_by_label("Runs on the map").input_value() == "1"
    page.locator("#log ol li .go").nth(events.height - 1).click()
    assert page.locator("#map input[type=range]").input_value() == str(_step_after(said, events["time"][-1]))
    page.locator("#log select").first.select_option("0")
    assert page.get_by_label("Runs on the map").input_value() == "0"
    page.get_by_label("Runs on the map").select_option("-1")


def _step_after(said: Scene, time: float) -> int:
    return next(step for step, at in enumerate(said.stage.times) if at >= round(time, 3))



def test_a_run_that_is_cut_says_from_when_on_nothing_is_known(
    browser: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_EVENTS", 5)
    shutil.copytree(folder, tmp_path / "run")
    made = Opened(browser, report.write_report(tmp_path / "run"))
    cut = scene(tmp_path / "run").sampled[0]
    made.page.get_by_label("Runs on the map").select_option(f"run {cut.run}")
    told = made.page.get_by_label("Events of the run at this date").inner_text()
    assert cut.total > 5 and "The page holds no events of this run after" in told and "nothing" not in told
    made.page.locator("#map input[type=range]").fill("0")
    assert "holds no events" not in made.page.get_by_label("Events of the run at this date").inner_text()
    assert f"the first 5 of {cut.total} events of this run, up to" in made.page.locator("#log").inner_text()
    made.context.close()


def test_the_wide_view_holds_the_places_beyond_the_sheet(opened: Opened) -> None:
    assert "Outside this map: hamadan side" in opened.page.locator("#map figcaption").inner_text()
    near = opened.page.locator(".pie").count()
    opened.page.get_by_label("Wide view").click()
    assert opened.page.locator(".pie").count() == near + 1
    assert "Outside this map" not in opened.page.locator("#map figcaption").inner_text()
    opened.page.get_by_label("Wide view").click()


def test_what_was_recorded_is_shown_at_its_place_and_date_and_not_before(opened: Opened, said: Scene) -> None:
    (event,) = said.world.record
    assert (event.day, event.last, event.holder) == (20, 22, "regime")
    assert said.stage.places[event.place or 0].id == "sukhnah"
    slider = opened.page.locator("#map input[type=range]")
    marks = {}
    for step, day in enumerate(said.stage.times):
        slider.fill(str(step))
        marks[day] = (opened.page.locator("#map path.seen").count(), opened.page.locator("#map circle.held").count())
    assert marks == {day: (int(20 <= day < 36), int(day >= 22)) for day in said.stage.times}
    opened.page.get_by_role("button", name="All 1", exact=True).click()
    told = opened.page.locator("ul[aria-label='Recorded events']").inner_text()
    assert "20 Jun to 22 June 2017 isis side: retreat (place lost) before regime side at sukhnah side" in told


def test_the_fans_say_the_numbers_of_the_chosen_date(opened: Opened, said: Scene) -> None:
    opened.page.locator("#map input[type=range]").fill(str(len(said.stage.times) - 1))
    # Charts out of sight are not laid out, so their text is read and not what is seen of it.
    text = opened.page.locator("#fans").text_content() or ""
    dated = next(question for question in said.questions if question.once and question.type == "date")
    assert f"{100 * _course(dated)[-1] / RUNS:.0f}%" in (opened.page.locator("#passages").text_content() or "")
    ladder = said.ensemble.ladders[0]
    assert all(rung in text for rung in ladder.rungs)
    observed = [fan for fan in said.ensemble.fans if fan.observed]
    assert opened.page.locator("#fans path.observed").count() == len(observed) == 1
    opened.page.locator("#map input[type=range]").fill("0")
    assert "; by the record 4 places" in (opened.page.locator("#fans").text_content() or "")
    opened.page.locator("#map input[type=range]").fill(str(len(said.stage.times) - 1))
    charts = zip(said.stage.charts, said.ensemble.fans, strict=True)
    link = next(fan for chart, fan in charts if chart.watch == "link")
    assert f"{100 * (link.true_runs or [0])[-1] / RUNS:.0f}%" in text


def test_places_change_hands_in_the_order_of_the_series(opened: Opened, folder: Path, said: Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet").sort("run", "time")
    firsts = {}
    for place in said.stage.places:
        held = series.select("run", "time", held=f"control[{place.id}]")
        moved = held.filter(pl.col("held") != pl.col("held").first().over("run"))
        moved = moved.group_by("run").agg(pl.col("time").min())
        firsts[place.name] = moved["time"].to_list()
    wanted = [(float(pl.Series(days).median() or 0), -len(days)) for days in firsts.values() if len(days) >= RUNS / 20]
    rows = opened.page.locator("#moves .row:not(.head)")
    drawn = rows.locator(".place").all_inner_texts()
    keys = [(float(pl.Series(firsts[name]).median() or 0), -len(firsts[name])) for name in drawn]
    assert keys == sorted(wanted) and len(keys) > 2
    for name, row in zip(drawn, rows.all(), strict=True):
        assert f"{numerals.percent(len(firsts[name]) / RUNS)} (" in row.inner_text()


def test_the_map_can_be_moved_by_keyboard_alone(opened: Opened) -> None:
    opened.page.locator("#map svg[role=application]").focus()
    before = opened.page.locator("#map svg[role=application] > g").first.get_attribute("transform")
    opened.page.keyboard.press("+")
    opened.page.keyboard.press("ArrowLeft")
    after = opened.page.locator("#map svg[role=application] > g").first.get_attribute("transform")
    opened.page.keyboard.press("0")
    assert before != after
    assert opened.page.locator("#map svg[role=application] > g").first.get_attribute("transform") == before


def test_a_step_of_the_slider_redraws_only_what_has_a_date(opened: Opened) -> None:
    """What a step takes on the bundled scenarios is in docs/report.md; it is quick because the rest is left alone."""
    redrawn = opened.page.evaluate(REDRAWN)
    assert "map" in redrawn
    assert set(redrawn) <= {"map", "fans", "moves"}, redrawn


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
