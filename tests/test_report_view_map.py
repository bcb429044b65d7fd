"""The map of the page in a browser: one screen, one timeline, a drawer, and the numbers of the run folder."""

from __future__ import annotations

import json
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff import numerals, report
from standoff.ensemble import Ensemble
from standoff.report import log, render
from standoff.report.build import scene
from standoff.report.scene import Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import RUNS, keep_findings, run_of_front
from tests.proofs import first_of

AXE = Path(__file__).parents[1] / "viewer/node_modules/axe-core/axe.min.js"
PARTS = ("", "places", "time", "order")
SLIDER = "#map input[type=range]"
REDRAWN = """async () => {
  const slider = document.querySelector('#map input[type=range]'), redrawn = new Set()
  const frames = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  const watcher = new MutationObserver((changes) => changes.forEach((change) => {
    const near = change.target.nodeType === 1 ? change.target : change.target.parentElement
    redrawn.add(near?.closest('#map > *')?.className.split(' ')[0] ?? near?.tagName ?? 'detached')
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
# How many attributes, texts and elements one step to the next reading changes, over so many of them.
TOUCHED = """async count => {
  const slider = document.querySelector('#map input[type=range]')
  let touched = 0
  const watcher = new MutationObserver((changes) => (touched += changes.length))
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  for (let step = 1; step <= count; step += 1) {
    slider.value = step
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await new Promise(requestAnimationFrame)
  }
  watcher.disconnect()
  return touched / count
}"""
# What the slider and the first slice of one pie are in each frame of play.
PLAYED = """place => new Promise((done) => {
  const slider = document.querySelector('#map input[type=range]'), seen = [], start = +slider.value
  const at = document.querySelector(`[data-place="${place}"]`).getAttribute('transform').match(/[-\\d.]+/g).join(' ')
  const look = () => {
    const paths = [...document.querySelectorAll('.slice')].map((one) => one.getAttribute('d')).join('')
    const slice = paths.match(/M[^M]*/g).find((one) => one.startsWith(`M${at}l`)) ?? ''
    seen.push([+slider.value, slice, document.querySelector('output').textContent])
    if (Number(slider.value) < start + 4) requestAnimationFrame(look)
    else done(seen)
  }
  document.querySelector('[aria-label="Play through time"]').click()
  requestAnimationFrame(look)
})"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility())
  .map((one) => one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with a moment that was branched and routes to the yes of a question."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)

    def about_the_town(name: str, content: dict[str, Any]) -> dict[str, Any]:
        if name == "branch":
            return content | {"days": 40.0}
        marks = content["routes"][0]["marks"]
        for mark, binding in zip(marks, ("p=sukhnah, q=deir_ez_zor", "a=regime, q=albukamal", ""), strict=True):
            mark["binding"] = binding
        marks[2]["event"] = "it grows cold in Raqqa"
        content["routes"][1]["marks"] = [marks[2] | {"rule": "quiet"}]
        content["routes"][2]["marks"] = [one for one in content["routes"][2]["marks"] if "Tanf" not in one["event"]]
        return content | {"question": "town"}

    keep_findings(made, "explain-land-link", "branch", change=about_the_town)
    return made


def at(opened: Opened, step: int, part: str = "") -> Any:
    """The map on one of its readings, when its words have followed."""
    opened.go("map", **({"part": part} if part else {}))
    opened.page.locator(SLIDER).fill(str(step))
    if not part:
        opened.page.wait_for_selector(f"svg[data-told='{step}']")
    return opened.page


def titles(page: Any, of: str = ".pie") -> list[str]:
    found: list[str] = page.eval_on_selector_all(f"{of} title", "all => all.map(one => one.textContent)")
    return found


def share(runs: int, of: int = RUNS) -> str:
    """A share of runs as the page prints it."""
    return numerals.percent(runs / of)


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.slow)])
def test_every_part_of_the_map_fits_one_screen(opened: Opened, size: tuple[int, int]) -> None:
    opened.page.set_viewport_size({"width": size[0], "height": size[1]})
    for part in PARTS:
        at(opened, 3, part)
        for what in ("document.querySelector('main')", "document.documentElement"):
            higher, wider = opened.page.evaluate(
                f"(one => [one.scrollHeight - one.clientHeight, one.scrollWidth - one.clientWidth])({what})"
            )
            assert (higher, wider) == (0, 0), (part, what)
    opened.go("map")
    box = opened.page.locator("#map figure svg").bounding_box()
    assert box["width"] > 0.7 * size[0] and box["height"] > 0.65 * size[1]
    opened.page.set_viewport_size({"width": 1280, "height": 720})


def test_on_a_phone_the_drawer_is_below_the_map_and_nothing_sticks_out(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 844})
    for part in PARTS:
        at(opened, 3, part)
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 390, part
    opened.go("map")
    tops = [opened.page.locator(one).bounding_box()["y"] for one in ("#map figure", "#map .time", "#map .drawer")]
    assert tops == sorted(tops) and len(set(tops)) == 3
    opened.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("scheme", first_of(["light", "dark"]))
def test_axe_finds_nothing_in_any_part_of_the_map(opened: Opened, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    opened.page.emulate_media(color_scheme=scheme)
    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    for words in (*({"part": part} for part in PARTS), {"place": "sukhnah"}):
        opened.go("map", **words)
        found = opened.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [(words, one["id"], one["nodes"][0]["html"]) for one in found] == []
    opened.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("part", PARTS)
def test_the_keyboard_has_few_stops_and_each_its_own_name(opened: Opened, part: str) -> None:
    at(opened, 3, part)
    stops = [" ".join(one.split()) for one in opened.page.evaluate(STOPS)]
    assert 10 < len(stops) < 60
    assert len(stops) == len(set(stops)) and "" not in stops, sorted(stops)


@pytest.mark.parametrize("step", [0, 9])
def test_the_slider_moves_the_pies_to_the_counts_of_that_date(opened: Opened, said: Scene, step: int) -> None:
    title = next(one for one in titles(at(opened, step)) if one.startswith("albukamal side"))
    town = next(holding for holding in said.ensemble.control if said.stage.places[holding.place].id == "albukamal")
    for holder in town.holders:
        name = said.stage.names.get(holder.id, "nobody")
        assert (f"{name} {share(holder.runs[step])}" in title) == (holder.runs[step] > 0)


def test_it_opens_on_the_date_of_the_main_question(opened: Opened, said: Scene) -> None:
    opened.page.goto("about:blank")
    opened.page.goto(f"{opened.address}#view=map")
    # The very end belongs to the last day, on which the question is due.
    assert said.questions[0].date == said.stage.ends == "2017-08-31"
    assert opened.page.locator(SLIDER).input_value() == str(len(said.stage.times) - 1)


def test_who_wants_less_motion_sees_one_reading_after_another(opened: Opened) -> None:
    page = at(opened, 2)
    page.get_by_label("Speed of play").select_option("4")
    seen = page.evaluate(PLAYED, 6)
    page.get_by_label("Pause").press("Enter")
    assert {value for value, _, _ in seen} <= set(range(2, 30)) and len({value for value, _, _ in seen}) > 2
    assert page.get_by_label("Play through time").is_visible()


def test_play_moves_between_the_dates_and_the_date_runs_along(browser: Any, folder: Path, said: Scene) -> None:
    made = browser.new_page(viewport={"width": 1280, "height": 720})
    made.goto(f"{(folder / 'report.html').as_uri()}#view=map&at=2017-06-08")
    made.get_by_label("Speed of play").select_option("0.25")
    holding = next(one for one in said.ensemble.control if said.stage.places[one.place].id == "sukhnah")
    seen = made.evaluate(PLAYED, holding.place)
    made.get_by_label("Pause").click()
    assert made.locator(SLIDER).input_value().isdigit()
    made.close()
    between = [(value, path) for value, path, _ in seen if value % 1 and path]
    assert len(between) > 10 and len({path for _, path in between}) > 5
    assert len({words for _, _, words in seen}) > 5 and "9 June 2017" in " ".join(words for _, _, words in seen)
    first = holding.holders[0] if holding.holders[0].id else holding.holders[1]
    order = [actor.id for actor in said.stage.actors]
    first = min((one for one in holding.holders if one.id), key=lambda one: order.index(one.id))
    for value, path in between:
        step = int(value)
        runs = first.runs[step] + (first.runs[step + 1] - first.runs[step]) * (value % 1)
        # Where the slice begins and how far on it ends, each from the middle of the pie: M x y l x y a r r 0 0 1 x y z.
        begin, turn = (path.split("l")[1].split("a")[0], path.rstrip("z").split(" 1 ")[-1])
        x, y = (float(a) + float(b) for a, b in zip(begin.split(), turn.split(), strict=True))
        assert abs((math.atan2(x, -y) / (2 * math.pi)) % 1 - (runs / RUNS) % 1) < 0.011


def test_one_run_is_played_on_the_map_and_in_the_charts(opened: Opened, folder: Path, said: Scene) -> None:
    page, run = opened.page, said.sampled[1]
    opened.go("map")
    page.get_by_label("Runs on the map").select_option(f"run {run.run}")
    at(opened, 9)
    day = said.stage.times[9]
    series = pl.read_parquet(folder / "series.parquet").filter((pl.col("run") == run.run) & (pl.col("time") == day))
    labels = next(one.labels for one in Ensemble(folder).manifest.series if one.watch == "control") or ()
    told = titles(page)
    for place in (said.stage.places[i] for i in said.stage.sheets[0].places):
        code = series[f"control[{place.id}]"][0]
        words = f"{place.name}: {said.stage.names[labels[code]] if code >= 0 else 'nobody'}"
        recorded = "; by the record: regime side" if place.id == "sukhnah" and day >= 22 else ""
        assert words + recorded in told
    events = pl.read_parquet(folder / "events.parquet").filter(pl.col("run") == run.run)
    now = events.filter((pl.col("time") > said.stage.times[8]) & (pl.col("time") <= day)).height
    assert page.get_by_label("Events of the run at this date").locator("li").count() == max(1, now)
    marks = page.get_by_role("group", name="Events of the run", exact=True).get_by_role("button").count()
    assert marks == len({min(t for t in said.stage.times if t >= time - 1e-9) for time in events["time"]})
    page.get_by_role("link", name="Numbers through time").click()
    page.wait_for_selector("#fans")
    assert page.locator("#fans path.single").count() == len(said.ensemble.fans)
    page.get_by_label("Runs on the map").select_option("-1")


def test_a_run_that_is_cut_says_from_when_on_nothing_is_known(
    browser: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_EVENTS", 5)
    shutil.copytree(folder, tmp_path / "run")
    made = Opened(browser, report.write_report(tmp_path / "run"))
    made.go("map", run=str(scene(tmp_path / "run").sampled[0].run))
    assert "The page holds no events of this run after" in made.page.locator("#drawer").inner_text()
    assert made.page.get_by_label("Events of the run at this date").count() == 0
    made.page.locator(SLIDER).fill("0")
    assert "holds no events" not in made.page.locator("#drawer").inner_text()
    made.close()


def test_a_course_ends_with_the_day_that_was_asked_for(browser: Any, folder: Path, said: Scene, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    dated = next(question for question in manifest["questions"] if question["id"] == "when-raqqa")
    dated["date"] = "2017-07-15"
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    made = Opened(browser, report.write_report(tmp_path / "run"))
    made.go("map", part="time", at="2017-08-28")
    chart = made.page.locator("#passages figure").first
    drawn = chart.locator("path.middle").get_attribute("d") or ""
    assert len(drawn.split("L")) == sum(day <= 46 for day in said.stage.times) < len(said.stage.times)
    # Its last reading stands at the right end of the axis, the dot of the answer at the very end.
    assert float(chart.locator("circle.answer").get_attribute("cx") or 0) == 292
    assert "by 15 July 2017; not asked after it" in (chart.text_content() or "")
    assert "Aug" not in (chart.locator("svg").text_content() or "")
    made.close()


def test_what_no_run_has_seen_is_said_and_not_drawn(browser: Any, said: Scene, tmp_path: Path) -> None:
    asked = next(one for one in said.questions if one.id == "when-raqqa")
    assert asked.course is not None
    course = replace(asked.course, true_runs=[0 for _ in said.stage.times])
    never = replace(asked, probability=0.0, course=course)
    changed = replace(said, questions=[never if one is asked else one for one in said.questions])
    (tmp_path / "never.html").write_text(render.filled_page(changed), encoding="utf-8")
    made = Opened(browser, tmp_path / "never.html")
    made.go("map", part="time")
    chart = made.page.locator("#passages figure").first
    assert f"In none of the {RUNS} runs up to 31 August 2017." in (chart.text_content() or "")
    assert chart.locator("svg").count() == 0
    made.close()


def test_the_wide_view_holds_the_places_beyond_the_sheet(opened: Opened) -> None:
    page = at(opened, 3)
    away = "Outside this map: damascus side, baghdad side, hamadan side."
    assert away in page.locator("#map figcaption").inner_text()
    near = page.locator(".pie").count()
    page.get_by_label("Wide view").click()
    assert page.locator(".pie").count() == near + 3
    assert "Outside this map" not in (page.locator("#map figcaption").text_content() or "")
    page.get_by_label("Wide view").click()


def test_what_was_recorded_is_shown_at_its_place_and_date_and_apart_from_the_runs(opened: Opened, said: Scene) -> None:
    (event,) = said.world.record
    assert (event.day, event.last, event.holder) == (20, 22, "regime")
    assert said.stage.places[event.place or 0].id == "sukhnah"
    page = at(opened, 0)

    def shown() -> tuple[int, int]:
        return page.locator("#map path.seen").count(), page.locator("#map path.held[d^='M']").count()

    marks = {}
    for step, day in enumerate(said.stage.times):
        page.locator(SLIDER).fill(str(step))
        marks[day] = shown()
    assert marks == {day: (int(20 <= day < 36), int(day >= 22)) for day in said.stage.times}
    at(opened, 7)
    page.get_by_label("Record", exact=True).uncheck()
    assert shown() == (0, 0) and page.locator("#map .slice").count() > 0
    page.get_by_label("Record", exact=True).check()
    page.get_by_label("Control", exact=True).uncheck()
    assert shown() == (1, 1) and page.locator("#map .slice").count() == 0
    page.get_by_label("Control", exact=True).check()
    page.get_by_role("group", name="Recorded events").get_by_role("button").click()
    told = page.locator("#drawer ul[aria-label='Recorded events']").inner_text()
    assert "20 Jun to 22 June 2017 isis side: retreat (place lost) before regime side at sukhnah side" in told
    assert page.locator(SLIDER).input_value() == str(min(s for s, day in enumerate(said.stage.times) if day >= 22))


def test_the_timeline_has_every_due_date_and_the_branched_moment(opened: Opened, said: Scene) -> None:
    page = at(opened, 0)
    marks = page.get_by_role("group", name="Questions due and moments branched").get_by_role("button")
    names = [one.get_attribute("aria-label") or "" for one in marks.all()]
    dues = sorted({one.date for one in said.questions})
    assert len(names) == len(dues) + 1
    assert sum("due on" in name for name in names) == len(dues)
    assert names[0].startswith("Run 3 was continued from here: 60 times")
    many = sum(one.date == "2017-08-31" for one in said.questions)
    assert names[-1].startswith(f"{many} questions due on 31 August 2017: {said.questions[0].ask}")
    marks.last.hover()
    assert said.questions[0].ask in page.locator(".told").inner_text()
    marks.last.click()
    assert page.locator(SLIDER).input_value() == str(len(said.stage.times) - 1)
    drawer = page.locator("#drawer").inner_text()
    assert "Due on 31 August 2017" in drawer and share(round((said.questions[0].probability or 0) * RUNS)) in drawer
    assert "question=town" in (page.get_by_role("link", name="Open this question").get_attribute("href") or "")
    marks.first.click()
    assert "Run 3 was continued 60 times" in page.locator("#drawer").inner_text()


def test_the_drawer_tells_of_a_place_what_the_run_folder_says(opened: Opened, said: Scene) -> None:
    page = at(opened, 9)
    page.locator(".pie[aria-label^='sukhnah']").click()
    drawer = page.locator("#drawer").inner_text()
    held = next(one for one in said.ensemble.control if said.stage.places[one.place].id == "sukhnah")
    for holder in held.holders:
        if holder.runs[9]:
            assert f"{said.stage.names.get(holder.id, 'nobody')} {share(holder.runs[9])} (" in drawer
    assert "retreat (place lost)" in drawer and "By the record on this date: regime side" in drawer
    page.wait_for_function("location.hash.includes('place=sukhnah')")
    page.get_by_role("button", name="Close").click()
    page.locator(".pie[aria-label^='albukamal']").press("Enter")
    naming = [one.ask for one in said.questions if "albukamal" in [said.stage.places[i].id for i in one.places]]
    assert page.locator("#drawer a").all_inner_texts() == naming != []
    page.get_by_role("button", name="Close").click()


def test_the_drawer_tells_of_an_actor_and_a_corridor_what_the_run_folder_says(opened: Opened, said: Scene) -> None:
    page = at(opened, 9)
    page.locator("#drawer").get_by_role("button", name="regime side").click()
    drawer = page.locator("#drawer").inner_text()
    for holding in said.ensemble.control:
        runs = next((one.runs for one in holding.holders if one.id == "regime"), [0])
        name = said.stage.places[holding.place].name
        assert (name in drawer) == (max(runs) > 0)
        if max(runs) > 0:
            assert f"{share(runs[9])} (" in drawer
    assert "is patron of militia side" in drawer
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Land link").click()
    assert f"Open in {share(said.ensemble.open[0].runs[9])} (" in page.locator("#drawer").inner_text()
    page.get_by_role("button", name="Close").click()
    assert "Holders" in page.locator("#drawer").inner_text()


def test_a_route_to_a_yes_stands_on_the_map_where_its_events_name_places(opened: Opened, said: Scene) -> None:
    opened.go("map", question="town")
    page = opened.page
    assert page.locator(".badge").count() == 0
    page.get_by_label("Routes", exact=True).check()
    (explained,) = said.findings.explain
    assert page.locator(".badge").count() == 2 and page.locator(".arrow").count() == 1
    drawer = page.locator("#drawer").inner_text()
    assert f"Route 1\n{numerals.percent(explained.routes[0].share)} (" in drawer
    assert "sukhnah side → deir_ez_zor side" in drawer and "names no place, so it is not on the map" in drawer
    # What the words of a rule name is no place: this one names another in its effects.
    for route, badges, says in (("2", 1, "\nt2 side; on the way"), ("3", 0, "No event of this route names a place.")):
        page.get_by_role("button", name=f"Route {route}").click()
        assert page.locator(".badge").count() == badges and says in page.locator("#drawer").inner_text()
    page.get_by_label("Routes", exact=True).uncheck()


def test_the_fans_say_the_numbers_of_the_chosen_date(opened: Opened, said: Scene) -> None:
    last = len(said.stage.times) - 1
    page = at(opened, last, "time")
    fans = page.locator("#fans")
    # Charts out of sight are not laid out, so their text is read and not what is seen of it.
    text = fans.text_content() or ""
    dated = next(question for question in said.questions if question.once and question.type == "date")
    assert dated.course is not None and dated.course.true_runs is not None
    assert share(dated.course.true_runs[-1]) in (page.locator("#passages").text_content() or "")
    assert all(rung in text for rung in said.ensemble.ladders[0].rungs)
    observed = [fan for fan in said.ensemble.fans if fan.observed]
    assert page.locator("#fans path.observed").count() == len(observed) == 1
    page.locator(SLIDER).fill("0")
    assert "; by the record 4 places" in (fans.text_content() or "")
    charts = zip(said.stage.charts, said.ensemble.fans, strict=True)
    link = next(fan for chart, fan in charts if chart.watch == "link")
    assert share((link.true_runs or [0])[-1]) in text


def test_a_median_and_its_range_have_the_same_decimals(opened: Opened, said: Scene) -> None:
    opened.go("map", part="time")
    opened.page.locator("main figure figcaption").first.wait_for()
    texts = [" ".join(one.inner_text().split()) for one in opened.page.locator("main figure figcaption").all()]
    ranges = [one for text in texts for one in re.findall(r"(\d[\d.,]*)[^()\d]*\((\d[\d.,]*) to (\d[\d.,]*)\)", text)]
    assert len(ranges) > 1
    assert [one for one in ranges if len({len(number.partition(".")[2]) for number in one}) > 1] == []


def test_a_chart_gives_its_values_to_the_pointer_and_to_the_arrow_keys(opened: Opened, said: Scene) -> None:
    page = at(opened, 3, "time")
    charts = list(zip(said.stage.charts, said.ensemble.fans, strict=True))
    i = next(i for i, (chart, _) in enumerate(charts) if chart.watch == "link")
    chart = page.get_by_role("slider").filter(has=page.locator("svg")).nth(i)
    runs = charts[i][1].true_runs or []
    chart.focus()
    page.keyboard.press("ArrowRight")
    assert chart.get_attribute("aria-valuenow") == "4"
    assert f"16 June 2017: {share(runs[4])} (" in (chart.get_attribute("aria-valuetext") or "")
    assert f"{share(runs[4])} (" in chart.locator("p").inner_text()
    page.keyboard.press("Escape")
    assert chart.locator("p").count() == 0
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 40)
    assert f"{share(runs[-1])} (" in chart.locator("p").inner_text()
    page.mouse.move(0, 0)
    assert chart.locator("p").count() == 0


def test_places_change_hands_in_the_order_of_the_series(opened: Opened, folder: Path, said: Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet").sort("run", "time")
    firsts = {}
    for place in said.stage.places:
        held = series.select("run", "time", held=f"control[{place.id}]")
        moved = held.filter(pl.col("held") != pl.col("held").first().over("run"))
        moved = moved.group_by("run").agg(pl.col("time").min())
        firsts[place.name] = moved["time"].to_list()
    wanted = [(float(pl.Series(days).median() or 0), -len(days)) for days in firsts.values() if len(days) >= RUNS / 20]
    at(opened, 3, "order")
    rows = opened.page.locator("#moves .row:not(.head)")
    drawn = rows.locator(".place").all_inner_texts()
    keys = [(float(pl.Series(firsts[name]).median() or 0), -len(firsts[name])) for name in drawn]
    assert keys == sorted(wanted) and len(keys) > 2
    for name, row in zip(drawn, rows.all(), strict=True):
        assert f"{share(len(firsts[name]))} (" in row.inner_text()


def test_a_change_of_hands_lies_between_two_readings_that_hold_the_median_of_its_question(
    opened: Opened, folder: Path, said: Scene
) -> None:
    """The question asks when Raqqa is first lost, so it knows the day of which the readings give the neighbours."""
    (asked,) = [one for one in said.questions if one.id == "when-raqqa"]
    move = next(one for one in said.ensemble.moves if said.stage.places[one.place].id == "raqqa")
    days = pl.read_parquet(folder / "answers.parquet")["when-raqqa"].to_numpy()
    middle = float(pl.Series(days[days >= 0]).median() or 0)
    after, by = move.quartiles[1]
    assert asked.course is not None and after <= middle <= by <= after + 4
    row = at(opened, 3, "order").locator("#moves .row", has_text="raqqa side")
    assert "median between " in (row.locator(".axis").text_content() or "")


def test_the_small_multiples_show_the_places_that_change_and_all_when_asked(opened: Opened, said: Scene) -> None:
    page = at(opened, 9, "places")
    few = page.locator(".places .place").count()
    steady = [one for one in said.ensemble.control if max(min(h.runs) for h in one.holders) >= 0.95 * RUNS]
    assert few == len(said.ensemble.control) - len(steady)
    page.get_by_role("button", name=f"All {len(said.ensemble.control)} places").click()
    assert page.locator(".places .place").count() == len(said.ensemble.control)


def test_the_map_is_one_tab_stop_and_the_arrow_keys_lead_over_its_places(opened: Opened, said: Scene) -> None:
    page = at(opened, 3)
    assert page.locator(".pie[tabindex='0']").count() == 1

    def focused() -> str:
        return str(page.evaluate("document.activeElement.getAttribute('aria-label')")).split(" ")[0].rstrip(":")

    page.locator(".pie[aria-label^='zaza']").focus()
    for key, place in (("ArrowRight", "tanf"), ("ArrowRight", "waleed"), ("ArrowLeft", "tanf"), ("ArrowLeft", "zaza")):
        page.keyboard.press(key)
        assert focused() == place
    page.keyboard.press("Enter")
    assert focused() == "zaza" and "zaza side" in page.locator("#drawer h3").first.inner_text()
    page.keyboard.press("Escape")
    assert "Holders" in page.locator("#drawer").inner_text()
    ground = page.locator("#map figure svg > g").first
    before = ground.get_attribute("transform")
    page.keyboard.press("+")
    page.keyboard.press("Shift+ArrowLeft")
    assert ground.get_attribute("transform") != before and focused() == "zaza"
    page.keyboard.press("0")
    assert ground.get_attribute("transform") == before


def test_the_map_zooms_at_the_wheel_pans_by_dragging_and_still_takes_a_click(opened: Opened) -> None:
    page = at(opened, 3)
    ground = page.locator("#map figure svg > g").first

    def turn() -> list[float]:
        found: list[float] = page.evaluate(
            "one => { const m = one.getCTM(); return [m.a, m.e, m.f] }", ground.element_handle()
        )
        return found

    pie = page.locator(".pie[aria-label^='sukhnah']")
    box = pie.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -200)
    assert turn()[0] == 1
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('#map figure svg > g').getCTM().a > 1.2")
    # What was under the pointer stays there.
    after = pie.bounding_box()
    assert abs(after["x"] + after["width"] / 2 - x) < 1.5 and abs(after["y"] + after["height"] / 2 - y) < 1.5
    before = turn()
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    assert turn() == pytest.approx([before[0], before[1] + 60, before[2] + 30], abs=1)
    assert "Holders" in page.locator("#drawer").inner_text()
    pie.click()
    assert "sukhnah side" in page.locator("#drawer h3").first.inner_text()
    page.get_by_label("Reset the map").click()
    page.get_by_role("button", name="Close").click()


def test_the_ground_is_painted_as_far_as_it_is_seen(opened: Opened) -> None:
    """At rest no further than the sheet; a map that is panned shows the land beyond, and so does paper."""
    page = at(opened, 3)
    ground = page.locator("#map figure > svg > g").first
    clip = """g => {
      const by = g.getAttribute('clip-path'), rect = by && document.getElementById(by.slice(5, -1)).firstElementChild
      return rect && [rect.width.baseVal.value, rect.height.baseVal.value]
    }"""
    sheet = page.locator("#map figure > svg")
    assert ground.evaluate(clip) == sheet.evaluate("s => [s.width.baseVal.value, s.height.baseVal.value]")
    page.locator(".pie[tabindex='0']").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert ground.evaluate(clip) is None
    page.keyboard.press("0")
    assert ground.evaluate(clip) is not None


def test_a_step_of_the_slider_redraws_only_what_has_a_date(opened: Opened) -> None:
    """What a step takes on the bundled scenarios is in docs/report.md; it is quick because the rest is left alone."""
    at(opened, 1)
    redrawn = opened.page.evaluate(REDRAWN)
    # The links of the page lead to the date that is shown.
    assert {"sheet", "time"} <= set(redrawn) <= {"sheet", "time", "drawer", "bar", "A"}, redrawn


def test_a_step_of_the_slider_touches_few_things(opened: Opened, said: Scene) -> None:
    """A path for each holder, not one for each holder of each place; and what stays the same is not written again."""
    at(opened, 0)
    steps = len(said.stage.times) - 1
    touched = opened.page.evaluate(TOUCHED, steps)
    slices = sum(len(one.holders) for one in said.ensemble.control)
    # Nine links, the date three times, the numbers of the legend and the slices.
    assert 5 < touched < 40 < slices, (touched, slices)


def test_nothing_of_a_part_is_built_before_it_is_looked_at(opened: Opened) -> None:
    for part, there in (("", "figure svg[data-told]"), ("places", ".places"), ("time", "#fans"), ("order", "#moves")):
        at(opened, 3, part)
        all_of = ("figure svg[data-told]", ".places", "#fans", "#moves")
        assert [one for one in all_of if opened.page.locator(f"#map {one}").count()] == [there]


@pytest.mark.slow
def test_the_map_is_printed_on_four_sheets_at_most(opened: Opened, tmp_path: Path) -> None:
    at(opened, 9)
    page = opened.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.add_style_tag(content="main > :not(:has(> #map)) { display: none !important }")
    made = tmp_path / "map.pdf"
    made.write_bytes(page.pdf(format="A4", prefer_css_page_size=True))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert 1 <= report.sheets(made) <= 4
