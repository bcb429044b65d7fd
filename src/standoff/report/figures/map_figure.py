"""The map at the end of the runs: who holds what in which share of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from standoff.numerals import figure, percent
from standoff.report.corridor_paths import paths_at
from standoff.report.figures.projection import KM_A_DEGREE, Projected, circle, graticule, projection
from standoff.report.figures.sheet import INK, LETTER, SOFT, Sheet, day_at, day_words, runs_of, wrapped
from standoff.report.frames import Holding
from standoff.report.scene import Scene
from standoff.report.stage import Box, Point
from standoff.report.stage import Sheet as MapSheet

WIDTH, HIGH, TOP, LEGEND = 960, 620, 62, 210
RADIUS = 7.5
WATER, UNKNOWN = "#d3e1ea", "#eef1f3"
CORRIDORS = ("#8e5bb5", "#0b6f6a", "#a3542c")
LAYERS = {
    "country": ("#f5f1e6", "none", 0.0, ""), "lake": ("#d3e1ea", "#86b0cb", 0.6, ""),
    "province": ("none", "#cfc7b4", 0.7, "3 2"), "river": ("none", "#86b0cb", 1.6, ""),
    "border": ("none", "#8c8271", 1.2, ""),
}  # fmt: skip
BESIDE = ((1, 0.0, "start"), (-1, 0.0, "end"), (0, -1.0, "middle"), (0, 1.0, "middle"))

def draw_map(scene: Scene) -> str:
    """Places as pies of how often each actor holds them on the last date, with roads, zones and corridors."""
    sheet, stage, shown = Sheet(WIDTH), scene.stage, scene.stage.sheets[0]
    day = day_words(day_at(stage.starts, max(0.0, stage.days - 1)))
    sheet.heading(f"{scene.head.title}: who holds what on {day}", _says(scene, shown))
    project = projection(shown.frame, 16, TOP, WIDTH - LEGEND - 16, HIGH)
    spot = {i: project(at) for i in shown.places if (at := stage.places[i].at) is not None}
    sheet.inside(16, TOP, WIDTH - LEGEND - 16, HIGH)
    _ground(sheet, shown, project)
    for road in stage.routes:
        if road.ends[0] in spot and road.ends[1] in spot:
            sheet.path(_line([spot[i] for i in road.ends]), stroke="#a39a86", width=1.1)
    _corridors(sheet, scene, spot)
    colours = {actor.id: actor.colour for actor in stage.actors}
    for zone in stage.zones:
        centre = stage.places[zone.centre].at if zone.centre is not None else None
        for ring in zone.rings if centre is not None else ():
            around = circle(centre, ring.km) if centre is not None else []
            colour = colours.get(zone.holder, SOFT)
            sheet.path(_line([project(at) for at in around]) + "Z", stroke=colour, width=1.4, dash="6 4")
    held = {holding.place: holding for holding in scene.ensemble.control}
    for i, at in spot.items():
        _pie(sheet, at, held.get(i), scene, colours)
    _names(sheet, scene, spot)
    sheet.outside()
    _scale(sheet, project, shown.frame)
    _legend(sheet, scene, colours)
    return sheet.svg(TOP + HIGH + 16, f"{scene.head.title}: the map at the end")


def _says(scene: Scene, shown: MapSheet) -> str:
    says = f"{runs_of(scene.head)}. Pies: in what share of runs each actor holds the place."
    if shown.basemap is None:
        says += " No coastline of this part of the world is bundled: the lines are meridians and parallels."
    elif not _whole(shown):
        says += " Coastlines are bundled for a part of this map only; elsewhere the lines are meridians and parallels."
    return says


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else "M0 0"


def _ground(sheet: Sheet, shown: MapSheet, project: Projected) -> None:
    """The basemap, and meridians and parallels where it ends within the sheet or there is none."""
    whole = _whole(shown)
    sheet.rect(16, TOP, WIDTH - LEGEND - 16, HIGH, WATER if whole else UNKNOWN)
    if not whole:
        for line in graticule(shown.frame):
            sheet.path(_line([project(at) for at in line]), stroke="#c3cbd1", width=0.7)
    if shown.basemap is None:
        return
    west, south, east, north = shown.basemap.window
    if not whole:
        edge = [(lon, lat) for lat, lons in ((south, (west, east)), (north, (east, west))) for lon in lons]
        sheet.path(_line([project(at) for at in edge]) + "Z", fill=WATER)
    for kind, (fill, stroke, width, dash) in LAYERS.items():
        for feature in shown.basemap.land["features"]:
            if feature["properties"].get("kind") != kind:
                continue
            rings = list(_rings(feature["geometry"]))
            closed = "Z" if fill != "none" else ""
            data = "".join(_line([project((p[0], p[1])) for p in ring]) + closed for ring in rings)
            sheet.path(data, stroke=stroke, width=width, fill=fill, dash=dash)


def _whole(shown: MapSheet) -> bool:
    """Whether the basemap holds the frame of the sheet."""
    if shown.basemap is None:
        return False
    (west, south, east, north), window = shown.frame, shown.basemap.window
    return west >= window[0] and south >= window[1] and east <= window[2] and north <= window[3]


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """The lines of a geometry, which is as GeoJSON has it."""
    parts = geometry["coordinates"]
    for part in parts if geometry["type"].startswith("Multi") else [parts]:
        yield from part if geometry["type"].endswith("Polygon") else [part]


def _corridors(sheet: Sheet, scene: Scene, spot: dict[int, Point]) -> None:
    """Each corridor at the end, as wide as the page draws it: faint and dashed where it is open in fewer than half."""
    opened = _open_share(scene)
    for i, corridor in enumerate(scene.stage.corridors):
        share = opened.get(i)
        paths = paths_at(corridor, scene.stage.routes, scene.ensemble.control, runs=scene.head.runs, step=-1)
        for path in paths:
            sheet.path(
                _line([spot[p] for p in path if p in spot]),
                stroke=CORRIDORS[i % len(CORRIDORS)],
                width=max(3.0, 6.0 - 2 * i),
                opacity=0.4 if share is None else 0.25 + 0.65 * share,
                dash="" if share is None or share >= 0.5 else "10 7",
            )


def _open_share(scene: Scene) -> dict[int, float]:
    return {one.corridor: one.runs[-1] / scene.head.runs for one in scene.ensemble.open}


def _pie(sheet: Sheet, at: Point, held: Holding | None, scene: Scene, colours: dict[str, str]) -> None:
    sheet.dot(*at, RADIUS + 1.2, "#fff", stroke=INK, width=0.9)
    if held is None:
        return
    counts = {holder.id: holder.runs[-1] for holder in held.holders}
    turn, order = 0.0, [actor.id for actor in scene.stage.actors] + [""]
    for who in order:
        share = counts.get(who, 0) / scene.head.runs
        fill = colours.get(who, "#c9cdd1")
        if share > 0.9995:
            sheet.dot(*at, RADIUS, fill, stroke=fill, width=0)
        elif share > 0:
            x, y = at
            begin, end = 2 * math.pi * turn, 2 * math.pi * (turn + share)
            edge = [f"{x + RADIUS * math.sin(a):.1f} {y - RADIUS * math.cos(a):.1f}" for a in (begin, end)]
            arc = f"A{RADIUS} {RADIUS} 0 {int(share > 0.5)} 1 {edge[1]}Z"
            sheet.path(f"M{x:.1f} {y:.1f}L{edge[0]}{arc}", fill=fill)
        turn += share


def _names(sheet: Sheet, scene: Scene, spot: dict[int, Point]) -> None:
    """Names beside their places, the author's first first; one that would lie on another is left out."""
    taken = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spot.values()]
    for i, (x, y) in spot.items():
        name, size = scene.stage.places[i].name, 10.5
        wide = len(name) * size * LETTER
        for across, down, anchor in BESIDE:
            tx = x + across * (RADIUS + 4)
            ty = y + 3.6 + down * (RADIUS + 8)
            left = tx - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
            box = (left, ty - size * 0.8, left + wide, ty + size * 0.2)
            others = [one for one in taken if one != (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)]
            inside = box[0] > 18 and box[2] < WIDTH - LEGEND - 2 and box[1] > TOP and box[3] < TOP + HIGH
            if inside and not any(_meet(box, other) for other in others):
                sheet.text(tx, ty, name, size=size, anchor=anchor, halo="#fbf9f3")
                taken.append(box)
                break


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale(sheet: Sheet, project: Projected, frame: Box) -> None:
    west, south, east, north = frame
    lon, lat = (west + east) / 2, max(-89.0, min(89.0, (south + north) / 2))
    pixels = math.dist(project((lon, lat - 0.5)), project((lon, lat + 0.5))) / KM_A_DEGREE
    km = next(km for km in (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 1) if km * pixels < 160 or km == 1)
    y = TOP + HIGH - 14
    sheet.path(f"M30 {y - 5}V{y}H{30 + km * pixels:.1f}V{y - 5}", stroke=INK, width=1.4)
    sheet.text(36 + km * pixels, y + 1, f"{km:,} km", size=10.5, halo="#fbf9f3")


def _legend(sheet: Sheet, scene: Scene, colours: dict[str, str]) -> None:
    x, y = WIDTH - LEGEND + 14, TOP + 14.0
    sheet.text(x, y, "Holders", size=11.5, weight=700)
    sheet.note(WIDTH - 16, y, "mean places", anchor="end")
    total: Counter[str] = Counter()
    for holding in scene.ensemble.control:
        total.update({holder.id: holder.runs[-1] for holder in holding.holders})
    for who in [*colours, ""]:
        if total[who] == 0:
            continue
        y += 18
        sheet.dot(x + 5, y - 4, 5, colours.get(who, "#c9cdd1"), stroke=INK, width=0.7)
        name = scene.stage.names.get(who, who) if who else "nobody"
        sheet.text(x + 16, y, wrapped(name, LEGEND - 60, 10.5, most=1)[0], size=10.5)
        sheet.note(WIDTH - 16, y, f"{total[who] / scene.head.runs:.1f}", anchor="end")
    for zone in scene.stage.zones:
        y += 20
        radii = ", ".join(f"{figure(ring.km)} km" for ring in zone.rings)
        sheet.path(f"M{x} {y - 4}h14", stroke=colours.get(zone.holder, SOFT), width=1.4, dash="4 3")
        sheet.note(x + 20, y, wrapped(f"{zone.name} {radii}", LEGEND - 40, 10, most=1)[0])
    opened = _open_share(scene)
    for i, corridor in enumerate(scene.stage.corridors):
        y += 20
        says = f", open in {percent(opened[i])}" if i in opened else ""
        sheet.path(f"M{x} {y - 4}h14", stroke=CORRIDORS[i % len(CORRIDORS)], width=max(3.0, 6.0 - 2 * i), opacity=0.7)
        sheet.note(x + 20, y, wrapped(corridor.name, LEGEND - 40 - 6 * len(says), 10, most=1)[0] + says)
