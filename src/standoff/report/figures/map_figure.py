"""The map at the end of the runs: who holds what in which share of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from standoff.numerals import figure
from standoff.report.figures.sheet import INK, LETTER, SOFT, Sheet, day_at, day_words, wrapped
from standoff.report.scene import Holding, Point, Scene
from standoff.report.theatre import WINDOW

WIDTH, HIGH, TOP, LEGEND = 960, 620, 62, 210
RADIUS = 7.5
KM_A_DEGREE = 6371.0088 * math.pi / 180
LAYERS = {
    "country": ("#f5f1e6", "none", 0.0, ""), "lake": ("#d3e1ea", "#86b0cb", 0.6, ""),
    "province": ("none", "#cfc7b4", 0.7, "3 2"), "river": ("none", "#86b0cb", 1.6, ""),
    "border": ("none", "#8c8271", 1.2, ""),
}  # fmt: skip
BESIDE = ((1, 0.0, "start"), (-1, 0.0, "end"), (0, -1.0, "middle"), (0, 1.0, "middle"))

Projected = Callable[[Point], Point]


def draw_map(scene: Scene) -> str:
    """Places as pies of how often each actor holds them on the last date, with roads, zones and named corridors."""
    sheet = Sheet(WIDTH)
    day = day_words(day_at(scene.head.starts, max(0.0, scene.head.days - 1)))
    sheet.heading(f"{scene.head.title}: who holds what on {day}", _says(scene))
    drawn = _drawn(scene)
    project = _projection([at for i in drawn if (at := scene.places[i].at) is not None])
    spot = {i: project(at) for i in drawn if (at := scene.places[i].at) is not None}
    sheet.inside(16, TOP, WIDTH - LEGEND - 16, HIGH)
    sheet.rect(16, TOP, WIDTH - LEGEND - 16, HIGH, "#d3e1ea")
    _basemap(sheet, scene, project)
    for road in scene.routes:
        if road.ends[0] in spot and road.ends[1] in spot:
            sheet.path(_line([spot[i] for i in road.ends]), stroke="#a39a86", width=1.1)
    for i, corridor in enumerate(scene.corridors):
        for path in corridor.paths:
            colour = ("#8e5bb5", "#0b6f6a", "#a3542c")[i % 3]
            sheet.path(_line([spot[p] for p in path if p in spot]), stroke=colour, width=4, opacity=0.55)
    colours = {actor.id: actor.colour for actor in scene.actors}
    for zone in scene.zones:
        centre = scene.places[zone.centre].at if zone.centre is not None else None
        for ring in zone.rings if centre is not None else ():
            around = _circle(centre, ring.km) if centre is not None else []
            colour = colours.get(zone.holder, SOFT)
            sheet.path(_line([project(at) for at in around]) + "Z", stroke=colour, width=1.4, dash="6 4")
    held = {holding.place: holding for holding in scene.control}
    for i, at in spot.items():
        _pie(sheet, at, held.get(i), scene, colours)
    _names(sheet, scene, spot)
    sheet.outside()
    _scale(sheet, project)
    _legend(sheet, scene, colours)
    return sheet.svg(TOP + HIGH + 16, f"{scene.head.title}: the map at the end")


def _says(scene: Scene) -> str:
    return f"{scene.head.name}, {scene.head.runs:,} runs. Pies: in what share of runs each actor holds the place."


def _drawn(scene: Scene) -> list[int]:
    west, south, east, north = WINDOW
    placed = [(i, place.at) for i, place in enumerate(scene.places) if place.at is not None]
    inside = [i for i, (lon, lat) in placed if west < lon < east and south < lat < north]
    return inside or [i for i, _ in placed]


def _projection(points: list[Point]) -> Projected:
    """Lambert's conformal cone (1772) with two parallels a sixth inside the points, fitted to the frame."""
    west, east = min(p[0] for p in points) - 0.25, max(p[0] for p in points) + 0.25
    south, north = min(p[1] for p in points) - 0.25, max(p[1] for p in points) + 0.25
    middle, inset = math.radians((west + east) / 2), (north - south) / 6
    low, high = math.radians(south + inset), math.radians(north - inset)

    def half(lat: float) -> float:
        return math.tan(math.pi / 4 + lat / 2)

    cone = math.log(math.cos(low) / math.cos(high)) / math.log(half(high) / half(low))
    far = math.cos(low) * half(low) ** cone / cone

    def raw(at: Point) -> Point:
        out = far / half(math.radians(at[1])) ** cone
        angle = cone * (math.radians(at[0]) - middle)
        return out * math.sin(angle), out * math.cos(angle)

    corners = [raw((lon, lat)) for lon in (west, (west + east) / 2, east) for lat in (south, north)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, foot = min(y for _, y in corners), max(y for _, y in corners)
    wide = WIDTH - LEGEND - 16
    zoom = min(wide / (right - left), HIGH / (foot - top))
    dx = 16 + (wide - zoom * (right - left)) / 2
    dy = TOP + (HIGH - zoom * (foot - top)) / 2

    def project(at: Point) -> Point:
        x, y = raw(at)
        return dx + zoom * (x - left), dy + zoom * (y - top)

    return project


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else "M0 0"


def _basemap(sheet: Sheet, scene: Scene, project: Projected) -> None:
    features = scene.basemap["features"]
    for kind, (fill, stroke, width, dash) in LAYERS.items():
        for feature in features:
            if feature["properties"].get("kind") != kind:
                continue
            rings = list(_rings(feature["geometry"]))
            closed = "Z" if fill != "none" else ""
            data = "".join(_line([project((p[0], p[1])) for p in ring]) + closed for ring in rings)
            sheet.path(data, stroke=stroke, width=width, fill=fill, dash=dash)


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """The lines of a geometry, which is as GeoJSON has it."""
    parts = geometry["coordinates"]
    for part in parts if geometry["type"].startswith("Multi") else [parts]:
        yield from part if geometry["type"].endswith("Polygon") else [part]


def _circle(centre: Point, km: float) -> list[Point]:
    wide = math.cos(math.radians(centre[1]))
    turns = [2 * math.pi * i / 72 for i in range(72)]
    reach = km / KM_A_DEGREE
    return [(centre[0] + reach * math.sin(turn) / wide, centre[1] + reach * math.cos(turn)) for turn in turns]


def _pie(sheet: Sheet, at: Point, held: Holding | None, scene: Scene, colours: dict[str, str]) -> None:
    sheet.dot(*at, RADIUS + 1.2, "#fff", stroke=INK, width=0.9)
    if held is None:
        return
    turn, order = 0.0, [actor.id for actor in scene.actors] + [""]
    for who in order:
        share = held.runs.get(who, [0])[-1] / scene.head.runs
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
        name, size = scene.places[i].name, 10.5
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


def _scale(sheet: Sheet, project: Projected) -> None:
    west, _, east, north = WINDOW
    lon, lat = (west + east) / 2, (WINDOW[1] + north) / 2
    pixels = math.dist(project((lon, lat - 0.5)), project((lon, lat + 0.5))) / KM_A_DEGREE
    km = next(km for km in (500, 200, 100, 50, 20, 10, 5, 1) if km * pixels < 160 or km == 1)
    y = TOP + HIGH - 14
    sheet.path(f"M30 {y - 5}V{y}H{30 + km * pixels:.1f}V{y - 5}", stroke=INK, width=1.4)
    sheet.text(36 + km * pixels, y + 1, f"{km} km", size=10.5, halo="#fbf9f3")


def _legend(sheet: Sheet, scene: Scene, colours: dict[str, str]) -> None:
    x, y = WIDTH - LEGEND + 14, TOP + 14.0
    sheet.text(x, y, "Holders", size=11.5, weight=700)
    sheet.note(WIDTH - 16, y, "mean places", anchor="end")
    for who in [*colours, ""]:
        counts = [holding.runs.get(who, [0])[-1] for holding in scene.control]
        if sum(counts) == 0:
            continue
        y += 18
        sheet.dot(x + 5, y - 4, 5, colours.get(who, "#c9cdd1"), stroke=INK, width=0.7)
        name = scene.names.get(who, who) if who else "nobody"
        sheet.text(x + 16, y, wrapped(name, LEGEND - 60, 10.5, most=1)[0], size=10.5)
        sheet.note(WIDTH - 16, y, f"{sum(counts) / scene.head.runs:.1f}", anchor="end")
    for zone in scene.zones:
        y += 20
        radii = ", ".join(f"{figure(ring.km)} km" for ring in zone.rings)
        sheet.path(f"M{x} {y - 4}h14", stroke=colours.get(zone.holder, SOFT), width=1.4, dash="4 3")
        sheet.note(x + 20, y, wrapped(f"{zone.name} {radii}", LEGEND - 40, 10, most=1)[0])
