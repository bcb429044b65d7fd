"""A corridor runs the same way on the page and in the figure, also where two ways cost the same."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from standoff.report.corridor_paths import paths_at
from standoff.report.entities import corridors
from standoff.report.frames import Holder, Holding
from standoff.report.stage import Corridor, Route
from standoff.scenario import load

VIEWER = Path(__file__).parents[1] / "viewer"
SCRIPT = """
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const [, , bundler, source, module, cases] = process.argv
const { rolldown } = await import(pathToFileURL(bundler))
await (await rolldown({ input: source })).write({ file: module })
const { pathsAt } = await import(pathToFileURL(module))
const heldBy = ({ place, holders }) => [place, { place, runs: new Map(holders.map(({ id, runs }) => [id, runs])) }]
console.log(JSON.stringify(JSON.parse(readFileSync(cases, 'utf8')).map(([corridor, routes, control]) =>
  pathsAt({ stage: { routes } }, corridor, new Map(control.map(heldBy)), 10, 0))))
"""


def _case(draw: random.Random) -> tuple[Corridor, list[Route], list[Holding]]:
    """A small net of roads whose lengths and holders are few, so that many ways cost the same."""
    places = list(range(draw.randint(3, 7)))
    pairs = [(a, b) for a in places for b in places if a < b and draw.random() < 0.6]
    draw.shuffle(pairs)
    roads = [
        Route(draw.choice([pair, pair[::-1]]), draw.choice([10.0, 10.0, 20.0, None]), "", draw.random() < 0.3)
        for pair in pairs
    ]
    held = [Holding(place, [Holder("us", [draw.choice([0, 5, 10])])]) for place in places if draw.random() < 0.7]
    return Corridor("c", "C", (0, places[-1]), [], True, ["us"]), roads, held


def test_the_page_and_the_figure_draw_the_same_path(tmp_path: Path) -> None:
    node, bundler = shutil.which("node"), VIEWER / "node_modules/rolldown/dist/index.mjs"
    if node is None or not bundler.is_file():
        pytest.skip("no Node, or nothing installed: cd viewer && npm ci")
    draw = random.Random(8)
    square = [Route(ends, 10.0, "") for ends in ((0, 2), (0, 1), (1, 3), (2, 3))]
    cases = [(Corridor("c", "C", (0, 3), [], True, []), square, list[Holding]())] + [_case(draw) for _ in range(300)]
    (tmp_path / "run.mjs").write_text(SCRIPT, encoding="utf-8")
    as_data = [[asdict(one), [asdict(road) for road in roads], list(map(asdict, held))] for one, roads, held in cases]
    (tmp_path / "cases.json").write_text(json.dumps(as_data), encoding="utf-8")
    source, made = VIEWER / "src/map/corridors.ts", tmp_path / "corridors.mjs"
    paths = [tmp_path / "run.mjs", bundler, source, made, tmp_path / "cases.json"]
    done = subprocess.run([node, *map(str, paths)], capture_output=True, text=True, timeout=60, check=True)
    figure = [paths_at(corridor, roads, held, runs=10, step=0) for corridor, roads, held in cases]
    assert figure[0] == [[0, 1, 3]]
    assert not [
        (roads, path)
        for (_, roads, _), paths in zip(cases, figure, strict=True)
        for path in paths
        for here, there in pairwise(path)
        if not any(road.ends == (here, there) or (road.ends == (there, here) and not road.one_way) for road in roads)
    ]
    assert json.loads(done.stdout) == figure


def test_the_page_of_a_scenario_with_one_way_routes_says_which_they_are() -> None:
    import standoff as so
    from standoff.report.build import scene_of

    path = Path(__file__).parents[1] / "conformance" / "valid" / "one-way.yaml"
    scene = scene_of(so.run(so.load(path), runs=5, seed=1))
    assert [route.one_way for route in scene.stage.routes] == [True, True, False]


@pytest.mark.parametrize(
    ("title", "name"), [("", "Road to Leh (town)"), ("title: 'The  Leh highway', ", "The Leh highway")]
)
def test_a_corridor_is_called_by_its_title_or_with_its_places_by_name(tmp_path: Path, title: str, name: str) -> None:
    path = tmp_path / "road.yaml"
    path.write_text(ROAD.replace("TITLE", title), encoding="utf-8")
    document = load(str(path)).document
    (corridor,) = corridors(document, {str(key): i for i, key in enumerate(document.places)})
    assert corridor.name == name


ROAD = """\
standoff: 1
title: A road
starts: 2017-01-01
ends: 2017-02-01
actors: {india: {name: India}}
places: {zoji: {name: Zoji La, at: [34, 75]}, leh: {name: Leh (town), at: [34, 77]}}
routes: [{between: [zoji, leh], km: 300}]
state: {holder: {of: place, is: actor}}
begin: {holder: {zoji: india, leh: india}}
corridors: {road_to_leh: {TITLEfrom: zoji, to: leh, friendly: india}}
rules: {lost: {rate: 0.01, then: ["holder[leh] = none"]}}
"""
