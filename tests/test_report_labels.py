"""No two texts of a map lie on each other: names, numbers of a route, radii, countries and the scale, at two sizes."""

from __future__ import annotations

import json
import re
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any

import pytest

from standoff import calibration, report
from standoff.scenario import load
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import FINDINGS, run_of_front, said_of

SCENARIOS = ("eastern-syria-2017", "eastern-syria-2021", "cuba-1962", "grain-2022", "gulf-1987")
TANF = "at: [33.51, 38.62]"
SIZES = ((1280, 720), (390, 844))
MARKS = 4
# A pixel more than hair's breadth: the boxes of two lines that stand close take each other's leading.
OVERLAPPING = """() => [...document.querySelectorAll('svg[role=application], svg[aria-label^="Map of the routes"]')]
  .flatMap((map) => {
    const all = [...map.querySelectorAll('text')].filter((one) => one.checkVisibility())
      .map((one) => [one.textContent, one.getBoundingClientRect()])
    return all.flatMap(([a, one], i) => all.slice(i + 1).filter(([, other]) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
      && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2).map(([b]) => [a, b]))
  })"""
# Names that begin or end beyond the sheet, and marks of places under the scale of the map.
SPOILT = """() => {
  const map = document.querySelector('svg[role=application]'), sheet = map.getBoundingClientRect()
  const scale = map.querySelector('.scale').getBoundingClientRect()
  const cut = [...map.querySelectorAll('text')].map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.left < sheet.left - 1 || box.right > sheet.right + 1).map(([text]) => text)
  const under = [...map.querySelectorAll('.pie')].map((one) => one.getBoundingClientRect()).filter((one) =>
    one.left < scale.right && one.right > scale.left && one.top < scale.bottom && one.bottom > scale.top).length
  return [cut, under]
}"""


def crowd(folder: Path) -> str:
    """Keep an explanation whose routes lead between the places that lie closest, and give its question."""
    said = said_of(folder)
    shown = [said.stage.places[i] for i in said.stage.sheets[0].places]
    spots = [(one.id, one.at) for one in shown if one.at is not None]
    pairs = sorted(combinations(spots, 2), key=lambda two: dist(two[0][1], two[1][1]))
    made: dict[str, Any] = json.loads((FINDINGS / "explain-land-link.json").read_text(encoding="utf-8"))
    question = next(one.id for one in said.questions if one.type != "number")
    mark = made["routes"][0]["marks"][0] | {"here": 0.9, "elsewhere": 0.1}
    for i, route in enumerate(made["routes"]):
        near = pairs[MARKS * i : MARKS * (i + 1)]
        route["marks"] = [mark | {"rule": "r", "binding": f"p={a}, q={b}"} for (a, _), (b, _) in near]
    made |= {"scenario": said.head.name, "question": question}
    (folder / f"explain-{question}.json").write_text(json.dumps(made), encoding="utf-8")
    report.write_report(folder)
    return question


def nothing_overlaps(opened: Opened, question: str) -> None:
    """Look at the map with a route on it, and at the small map of all routes, at two sizes."""
    for width, height in SIZES:
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.go("question", question=question, part="routes")
        drawn = opened.page.get_by_role("img", name="Map of the routes")
        assert drawn.locator("text").count() > MARKS
        assert opened.page.evaluate(OVERLAPPING) == [], (width, "routes")
        opened.go("map", question=question)
        opened.page.get_by_label("Routes", exact=True).set_checked(True)
        opened.page.wait_for_selector("svg[role=application] .badge")
        assert opened.page.evaluate(OVERLAPPING) == [], (width, "map")
        assert opened.page.evaluate(SPOILT) == [[], 0], width


def test_no_texts_of_a_map_lie_on_each_other(browser: Any, tmp_path: Path) -> None:
    folder = run_of_front(tmp_path, Texts(), full=True)
    written = (folder / "scenario.yaml").read_text(encoding="utf-8")
    corner = written.replace(TANF, "at: [31.2, 35.5]")  # where the scale of the map would be
    assert corner != written
    (folder / "scenario.yaml").write_text(corner, encoding="utf-8")
    question = crowd(folder)
    opened = Opened(browser, folder / "report.html")
    nothing_overlaps(opened, question)
    opened.close()


def test_the_small_map_of_an_only_place_shows_what_is_around_it(browser: Any, tmp_path: Path) -> None:
    folder = run_of_front(tmp_path, Texts(), full=True)
    question = crowd(folder)
    kept = folder / f"explain-{question}.json"
    made = json.loads(kept.read_text(encoding="utf-8"))
    written = (folder / "scenario.yaml").read_text(encoding="utf-8")
    lonely = re.sub(r"(?m)^- (\{between: \[[^]]*\bt2\b.*\}|between: \[[^]]*\bt2\b.*\n  along: .*)\n", "", written)
    (folder / "scenario.yaml").write_text(lonely, encoding="utf-8")
    made["routes"] = [made["routes"][0] | {"marks": [made["routes"][0]["marks"][0] | {"binding": "p=t2"}]}]
    kept.write_text(json.dumps(made), encoding="utf-8")
    report.write_report(folder)
    opened = Opened(browser, folder / "report.html")
    opened.go("question", question=question, part="routes")
    spots = opened.page.get_by_role("img", name="Map of the routes").locator("circle.place")
    within = "all => all.filter(({ cx }) => cx.baseVal.value > 0 && cx.baseVal.value < 420).length"
    inside = spots.evaluate_all(within)
    assert inside == spots.count() > 5
    opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_texts_of_the_maps_of_a_bundled_scenario_lie_on_each_other(browser: Any, tmp_path: Path, name: str) -> None:
    calibration.run(load(name), runs=12, seed=1, out=tmp_path / "run")
    question = crowd(tmp_path / "run")
    opened = Opened(browser, tmp_path / "run" / "report.html")
    nothing_overlaps(opened, question)
    opened.close()
