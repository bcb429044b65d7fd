"""The symbols of forces and the relief on the map: the numbers of the run folder, whose friend is whose, what fits."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from standoff.errors import Faults
from standoff.report import entities, forces, read_findings
from standoff.report.build import scene
from standoff.report.render import filled_page
from standoff.report.scene import Scene
from standoff.scenario import load, load_text
from tests.front import PLACES, Texts, full_front
from tests.pages import FINDINGS, run_of_front

VIEWER = Path(__file__).parents[1] / "viewer"
SYMBOLS = VIEWER / "src/map/symbols.ts"
BOXES = """all => all.map(one => one.getBoundingClientRect()).map(one => [one.left, one.top, one.right, one.bottom])"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front with ties."""
    return run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)


@pytest.fixture(scope="module")
def page(browser: Any, folder: Path) -> Iterator[Any]:
    """The report as a reader opens it, under its own policy."""
    made = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    made.goto(f"{(folder / 'report.html').as_uri()}#view=map")
    made.wait_for_selector("#map")
    yield made
    assert complaints == []
    made.close()


def at(page: Any, step: int) -> None:
    """Show a reading; its words follow when time rests."""
    page.locator("#map input[type=range]").fill(str(step))
    page.wait_for_selector(f"svg[data-told='{step}']")


def titles(page: Any) -> list[str]:
    found: list[str] = page.eval_on_selector_all(".force title", "all => all.map(one => one.textContent)")
    return found


def frames(kind: str) -> dict[str, str]:
    """The paths of the frames of land units (`FRAMES`), or of ships (`SEA_FRAMES`), by whose they are."""
    drawn = SYMBOLS.read_text(encoding="utf-8").split(f"const {kind}")[1].split("\n}\n")[0]
    return dict(re.findall(r"'(\w+)': \{\"path\":\"([^\"]+)\"", drawn))


def frame_of(page: Any, actor: str) -> set[str]:
    """The names of the frames in which the symbols of an actor stand."""
    named = frames("FRAMES")
    drawn = page.eval_on_selector_all(
        f".force[aria-label^='{actor} side at']", "all => all.map(one => one.querySelector('.frame').getAttribute('d'))"
    )
    return {next(name for name, path in named.items() if path == one) for one in drawn}


def test_the_symbols_are_what_milsymbol_draws(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (VIEWER / "node_modules/milsymbol").is_dir():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")
    again = tmp_path / "symbols.ts"
    subprocess.run([node, str(VIEWER / "tools/symbols.mjs"), str(again)], check=True, timeout=18)
    assert again.read_bytes() == SYMBOLS.read_bytes()
    assert SYMBOLS.stat().st_size < 40_000


def test_an_actor_says_its_symbol_and_else_its_kind_does(tmp_path: Path) -> None:
    plain = full_front()
    plain["actors"]["regime"]["kind"] = "state"
    plain["actors"]["iraq"] |= {"kind": "state", "symbol": "armour"}
    plain["actors"]["rebels"]["kind"] = "movement"
    plain["actors"] |= {"fleet": {"kind": "navy"}, "guard": {"kind": "Coast guard"}}
    (tmp_path / "front.yaml").write_text(json.dumps(plain), encoding="utf-8")
    document = load(str(tmp_path / "front.yaml")).document
    symbols = {actor.id: actor.symbol for actor in entities.actors(document, entities.names(document))}
    assert symbols == {
        "regime": "combined-arms", "isis": "irregular", "rebels": "infantry", "militia": "irregular", "iraq": "armour",
        "fleet": "warships", "guard": "patrol-boats",
    }  # fmt: skip
    plain["actors"]["iraq"]["symbol"] = "cavalry"
    (tmp_path / "front.yaml").write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(Faults, match="'infantry', 'armour'"):
        load(str(tmp_path / "front.yaml"))


def test_a_rule_happens_where_its_event_is_else_at_the_one_place_in_its_effects() -> None:
    text = """
standoff: 1
title: Where rules happen
starts: 2020-01-01
ends: 2020-02-01
actors: {us: {}, them: {}}
places: {east: {}, west: {}}
state: {holder: {of: place, is: actor}, alarm: {is: truth}}
rules:
  told: {rate: 0.1, then: ['holder[east] = us'], event: ASSAULT by us on them at west, evidence: assumption}
  done: {rate: 0.1, when: 'holder[west] == us', then: [{if: 'alarm', then: ['holder[east] = them']}]}
  both: {rate: 0.1, then: ['holder[east] = us', 'holder[west] = us'], evidence: assumption}
  bound: {for: {p: place}, rate: 0.1, then: ['holder[p] = us'], event: ASSAULT by us on them at p, evidence: assumption}
  nowhere: {about: Something happens in east, rate: 0.1, then: ['alarm = true'], evidence: assumption}
"""
    assert entities.happens_at(load_text(text, "where").resolved, {"east": 0, "west": 1}) == {"told": 1, "done": 0}


def test_a_force_is_of_the_most_frequent_holder_over_the_runs_in_which_it_holds() -> None:
    held = np.array([[0, 0, -1], [0, 1, -1], [0, 1, -1], [1, 1, 0]], dtype=np.int16)
    strengths = np.array([[4, 9, 0], [6, 2, 0], [5, 3, 0], [90, 4, 7]], dtype=np.float64)
    found = forces.force(3, held, ("red", "blue"), strengths)
    assert (found.place, found.holders) == (3, ["red", "blue"])
    # Quarters are values that occur: of 4, 5, 6 the first, second and third, of 2, 3, 4 as well.
    assert found.stretches == [[0, 0, 4, 5, 6], [1, 1, 2, 3, 4], [2, -1, 0, 0, 0]]


def test_of_one_run_a_force_is_its_strength_and_what_does_not_change_is_told_once() -> None:
    held = np.zeros((1, 4), dtype=np.int16)
    one = forces.force(0, held, ("red",), np.array([[2.2, 1.9, np.inf, 5.0]]))
    assert one.stretches == [[0, 0, 2, 2, 2], [2, 0, 0, 0, 0], [3, 0, 5, 5, 5]]


def test_the_forces_of_the_scene_are_those_of_the_run_folder(folder: Path, said: Scene) -> None:
    table = pl.read_parquet(folder / "series.parquet")
    assert said.stage.force_unit == "company" and len(said.ensemble.forces) == len(PLACES)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    labels = {series["name"]: series["labels"] for series in manifest["series"]}
    step = 9
    at_step = table.filter(pl.col("time") == said.stage.times[step])
    for one in said.ensemble.forces:
        place = said.stage.places[one.place].id
        (holding,) = [held for held in said.ensemble.control if held.place == one.place]
        row = max((row for row in one.stretches if row[0] <= step), key=lambda row: row[0])
        holder = one.holders[row[1]] if row[1] >= 0 else ""
        counts = {held.id: held.runs[step] for held in holding.holders}
        assert counts[holder] == max(counts.values())
        if holder:
            code = labels[f"control[{place}]"].index(holder)
            mine = at_step.filter(pl.col(f"control[{place}]") == code)[f"forces[{place}]"].sort()
            assert row[3] == mine[(len(mine) + 1) // 2 - 1]


def test_forces_are_drawn_on_the_map_only(folder: Path, said: Scene, tmp_path: Path) -> None:
    assert "forces" not in {chart.watch for chart in said.stage.charts}
    compared = json.loads((FINDINGS / "compare.json").read_text(encoding="utf-8"))
    first = compared["series"][0]
    compared["series"] = [first, first | {"series": "forces[tanf]"}]
    (tmp_path / "compare.json").write_text(json.dumps(compared), encoding="utf-8")
    read = read_findings.findings(tmp_path, compared["scenario"], forces=["forces[tanf]"]).compare
    assert read is not None and [one.series for one in read.series] == [first["series"]]


def test_symbols_say_actor_size_and_place_of_the_chosen_date(page: Any, said: Scene) -> None:
    for step in (0, 9):
        at(page, step)
        told = titles(page)
        assert len(told) >= 5
        for one in said.ensemble.forces:
            row = max((row for row in one.stretches if row[0] <= step), key=lambda row: row[0])
            mine = [title for title in told if f" at {said.stage.names[said.stage.places[one.place].id]}: " in title]
            if row[1] < 0 or row[3] == 0:
                assert mine == []
            elif mine:
                spread = "" if row[2] == row[4] else f" (middle half {row[2]} to {row[4]})"
                assert mine[0].startswith(f"{said.stage.names[one.holders[row[1]]]} at ")
                assert f": {row[3]} companies{spread}" in mine[0]


def test_what_is_so_in_fewer_than_half_of_the_runs_is_pale_or_dashed(page: Any, said: Scene) -> None:
    held = {one.place: {holder.id: holder.runs for holder in one.holders} for one in said.ensemble.control}
    opened = {one.corridor: one.runs for one in said.ensemble.open}
    seen = set()
    for step in range(0, len(said.stage.times), 4):
        at(page, step)
        for place, opacity in page.eval_on_selector_all(
            ".force", "all => all.map((one) => [one.getAttribute('aria-label'), +one.getAttribute('opacity')])"
        ):
            who, where = place.split(":")[0].split(" side at ")
            drawn = next(i for i, one in enumerate(said.stage.places) if one.name == where)
            unsure = held[drawn][who][step] * 2 < said.head.runs
            assert opacity == (0.6 if unsure else 1), place
            seen.add(("force", unsure))
        dashed = "all => all.map((one) => one.hasAttribute('stroke-dasharray'))"
        drawings = page.eval_on_selector_all("figure .corridor", dashed)
        shut = [runs[step] * 2 < said.head.runs for _, runs in sorted(opened.items())]
        assert drawings == shut
        seen.update(("corridor", one) for one in shut)
    assert {kind for kind, _ in seen} == {"force", "corridor"} and len(seen) >= 3


def test_frames_follow_the_ties_of_the_actor_who_looks(page: Any) -> None:
    at(page, 0)
    by = page.get_by_label("Symbols as seen by")
    assert by.input_value() == "regime"
    assert frame_of(page, "regime") == {"friend"}
    assert (frame_of(page, "isis"), frame_of(page, "rebels")) == ({"neutral"}, {"neutral"})
    by.select_option("militia")
    assert (frame_of(page, "regime"), frame_of(page, "isis")) == ({"friend"}, {"neutral"})
    by.select_option("rebels")
    assert (frame_of(page, "isis"), frame_of(page, "rebels"), frame_of(page, "regime")) == (
        {"hostile"}, {"friend"}, {"neutral"},
    )  # fmt: skip
    by.select_option("regime")


def test_ships_stand_in_round_frames_without_a_mark_of_size_and_are_in_the_key(
    browser: Any, folder: Path, tmp_path: Path
) -> None:
    made = scene(folder)
    for actor in made.stage.actors:
        actor.symbol = "warships" if actor.id == "regime" else actor.symbol
    (tmp_path / "report.html").write_text(filled_page(made), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    opened.goto(f"{(tmp_path / 'report.html').as_uri()}#view=map&at={made.stage.starts}")
    opened.wait_for_selector(".force")
    land, sea = frames("FRAMES"), frames("SEA_FRAMES")
    drawn = opened.eval_on_selector_all(".force", """all => all.map((one) => [one.getAttribute('aria-label'),
      one.querySelector('.frame').getAttribute('d'), one.querySelector('.echelon') !== null])""")
    ships = {(path, sized) for title, path, sized in drawn if title.startswith("regime side")}
    assert ships == {(sea["friend"], False)} and sea["friend"] not in land.values()
    assert {sized for title, _, sized in drawn if not title.startswith("regime side")} == {True}
    assert "warships, friend" in opened.locator("#drawer").inner_text()
    opened.close()


def test_symbols_keep_clear_of_pies_names_and_each_other_and_stay_where_they_are(page: Any) -> None:
    def spots() -> list[str | None]:
        found: list[str | None] = page.eval_on_selector_all(
            ".force", "all => all.map(one => one.getAttribute('transform'))"
        )
        return found

    at(page, 0)
    symbols = page.eval_on_selector_all(".force", BOXES)
    others = page.eval_on_selector_all(".pie, .tag", BOXES)
    assert len(symbols) >= 5
    for i, (left, top, right, bottom) in enumerate(symbols):
        for a, b, c, d in [*others, *symbols[i + 1 :]]:
            # The halo of one may touch the other.
            assert not (left + 2 < c and a < right - 2 and top + 2 < d and b < bottom - 2)
    before = set(spots())
    at(page, 1)
    assert len(before & set(spots())) >= len(before) - 3


def test_forces_can_be_turned_off_and_the_drawer_tells_them(page: Any, said: Scene) -> None:
    at(page, 0)
    few = len(titles(page))
    page.get_by_label("Forces", exact=True).uncheck()
    assert titles(page) == []
    assert page.get_by_label("Symbols as seen by").count() == 0
    page.get_by_label("Forces", exact=True).check()
    assert len(titles(page)) == few
    row = next(one for one in said.ensemble.forces if said.stage.places[one.place].id == "albukamal").stretches[0]
    page.locator(".pie[aria-label^='albukamal']").click()
    assert f": {row[3]} companies" in page.locator("#drawer").inner_text()
    page.get_by_role("button", name="Close").click()


def test_a_holder_has_its_mark_in_every_pie_and_swatch(page: Any, said: Scene) -> None:
    marks = {actor.mark for actor in said.stage.actors} - {""}
    filled = page.eval_on_selector_all("[fill^='url(']", "all => all.map(one => one.getAttribute('fill'))")
    fills = {one[len("url(#") : -1] for one in filled}
    assert {one.split("-")[1] for one in fills if one != "nobody"} == marks != set()
    patterns = page.eval_on_selector_all("pattern", "all => all.map(one => one.id)")
    assert fills <= set(patterns) and len(patterns) == len(set(patterns))
    for part in (".pies", ".swatch"):
        assert page.locator(f"{part} [fill^='url(#mark-']").count() > 0


def test_the_relief_is_small_and_told_in_the_licences() -> None:
    basemap = files("standoff.report") / "basemap"
    assert len((basemap / "relief.webp").read_bytes()) < 60_000
    assert "relief.webp" in (basemap / "LICENSES.md").read_text(encoding="utf-8")


def test_the_relief_lies_under_the_borders_and_moves_with_the_ground(page: Any) -> None:
    relief = page.locator("image.relief")
    relief.wait_for(state="attached", timeout=10_000)
    assert relief.get_attribute("href").startswith("data:image/png;base64,")
    assert page.evaluate(
        "document.querySelector('image.relief').compareDocumentPosition(document.querySelector('path.border')) & 4"
    )
    before = relief.bounding_box()
    page.locator(".pie[tabindex='0']").focus()
    page.keyboard.press("+")
    after = relief.bounding_box()
    page.keyboard.press("0")
    assert after["width"] == pytest.approx(1.5 * before["width"], rel=0.01)
    # What lies on flat ground is not touched; mountains are.
    alphas = page.evaluate(
        """async () => {
          const image = document.querySelector('image.relief'), picture = new Image()
          picture.src = image.getAttribute('href')
          await picture.decode()
          const canvas = document.createElement('canvas'), on = canvas.getContext('2d')
          canvas.width = picture.naturalWidth
          canvas.height = picture.naturalHeight
          on.drawImage(picture, 0, 0)
          const { data } = on.getImageData(0, 0, canvas.width, canvas.height)
          const some = data.filter((_, i) => i % 4 === 3 && i % 1000 < 4)
          return [Math.min(...some), Math.max(...some)]
        }"""
    )
    assert alphas[0] == 0 and alphas[1] > 100
