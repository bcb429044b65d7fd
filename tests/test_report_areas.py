"""The outline of a zone from GeoJSON is drawn on the map of the page and of papers, with holes and at the date line."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from standoff import calibration, report
from standoff.geography import Area, thinned
from standoff.report import render
from standoff.report.build import scene
from standoff.report.plane import laid, laid_around, plane_of
from standoff.report.scene import Scene
from standoff.report.zones import outline
from standoff.scenario import load
from tests.browsing import Opened

STRAIT = Path(__file__).resolve().parent.parent / "conformance" / "valid" / "places-from-geojson.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("areas") / "made"
    calibration.run(load(STRAIT), runs=20, out=made)
    report.write_report(made)
    return made


def _star(corners: int) -> Area:
    ring = tuple(
        (20 + math.sin(7 * a) * math.sin(a), 30 + math.cos(a)) for a in (i * math.tau / corners for i in range(corners))
    )
    return ((ring,),)


def test_an_outline_is_thinned_to_what_it_may_have_and_stays_where_it_was() -> None:
    many = _star(20_000)
    few = thinned(many, 300)[0][0]
    assert 100 < len(few) <= 300
    every = many[0][0]
    assert set(few) <= set(every)
    # No corner that was left out lies further from those that are left than the steps between them.
    furthest = max(min(math.dist(one, kept) for kept in few) for one in every[::97])
    assert furthest < 0.06
    assert thinned(_star(200), 300) == _star(200)


def test_many_small_islands_still_are_an_outline() -> None:
    islands: Area = tuple((((i, 0.0), (i, 1e-9), (i + 1e-9, 0.0)),) for i in range(60))
    corners = [corner for polygon in thinned(islands, 30) for ring in polygon for corner in ring]
    assert 3 <= len(corners) <= 30


def test_an_edge_that_is_straight_on_the_globe_of_degrees_is_bent_on_the_sheet() -> None:
    (((*ring,),),) = outline((((((60.0, 0.0), (60.0, 40.0), (70.0, 20.0))),),), 100)
    assert len(ring) == 20 + 10 + 10
    assert (20.0, 60.0) in ring


@pytest.mark.parametrize("middle", [-179.0, 179.0, 0.0])
def test_an_outline_stays_in_one_piece_across_the_date_line(middle: float) -> None:
    plane = plane_of((middle - 3, 60.0, middle + 3, 66.0))
    ring = [(middle - 2, 62.0), (middle + 2, 62.0), (middle + 2, 64.0)]
    for turn in (-360, 0, 360):
        spots = laid_around(plane, [(lon + turn, lat) for lon, lat in ring])
        for spot, at in zip(spots, ring, strict=True):
            assert spot == pytest.approx(laid(plane, at), abs=1e-9)


def test_the_page_knows_the_outline_of_a_zone_with_its_hole(said: Scene) -> None:
    (zone,) = said.stage.zones
    ((outer, hole),) = zone.area
    assert (179.0, 65.0) in outer and (181.0, 66.0) in outer
    assert len(hole) == 4
    assert zone.places == [0]


def test_the_map_draws_the_outline_and_leaves_the_hole_free(opened: Opened, said: Scene) -> None:
    opened.go("map")
    path: Any = opened.page.wait_for_selector("path.area")
    assert path.get_attribute("d").count("M") == 2
    assert path.query_selector("title").text_content() == said.stage.zones[0].name
    drawn = path.bounding_box()
    # As wide as the places in it at least, and not around the whole sheet.
    assert 0 < drawn["width"] < 20_000
    inside = """path => [...document.querySelectorAll('[data-place]')].map(place => {
        const box = place.getBoundingClientRect()
        const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2)
        return path.isPointInFill(middle.matrixTransform(path.getScreenCTM().inverse()))
    })"""
    # The second lies in the hole, the third outside.
    assert path.evaluate(inside) == [True, False, False]
    assert opened.complaints == []


def test_the_legend_has_a_line_only_for_a_zone_that_is_drawn(
    opened: Opened, browser: Any, said: Scene, tmp_path: Path
) -> None:
    opened.go("map")
    legend = opened.page.locator("#map .legend")
    assert "not drawn" not in legend.inner_text() and legend.locator("path[stroke-dasharray]").count() == 1
    named = replace(said.stage, zones=[replace(said.stage.zones[0], area=[])])
    (tmp_path / "named.html").write_text(render.filled_page(replace(said, stage=named)), encoding="utf-8")
    other = Opened(browser, tmp_path / "named.html")
    other.go("map")
    legend = other.page.locator("#map .legend")
    assert "1 place, not drawn" in legend.inner_text() and legend.locator("path[stroke-dasharray]").count() == 0
    other.close()


def test_the_map_for_papers_draws_it_too(folder: Path, said: Scene, tmp_path: Path) -> None:
    report.write_figures(folder, tmp_path)
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert text.count('stroke-dasharray="6 4"') == 2
    assert f"{said.stage.zones[0].name}: its outline" in text


def test_the_folder_says_what_the_geojson_said_without_its_file(folder: Path) -> None:
    assert scene(folder).stage.zones[0].area
    assert load(folder / "scenario.yaml").document.zones == load(STRAIT).document.zones
