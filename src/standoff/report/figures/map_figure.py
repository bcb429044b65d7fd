"""The map on the date that matters: who holds what in which share of the runs, and which corridors are open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from standoff.numerals import figure
from standoff.report.corridor_paths import paths_at
from standoff.report.figures.look import Look, looks
from standoff.report.figures.map_legend import corridor_strokes, draw_legend, zone_colour
from standoff.report.figures.pages import note_row
from standoff.report.figures.sheet import COLUMN, INK, LETTER, Sheet, day_at, day_words, runs_of
from standoff.report.frames import Holding
from standoff.report.ground import drawn
from standoff.report.plane import KM_A_DEGREE, Projected, circle, fitted, laid, laid_around, rim
from standoff.report.scene import Scene
from standoff.report.stage import Box, Ground, Point
from standoff.report.stage import Sheet as MapSheet
from standoff.time import begins_at, from_iso

WIDE, HIGH = COLUMN - 32, 430
RADIUS = 7.5
WATER, UNKNOWN = "#d3e1ea", "#eef1f3"
LAYERS = {
    "country": ("#f5f1e6", "none", 0.0, ""), "lake": ("#d3e1ea", "#86b0cb", 0.6, ""),
    "province": ("none", "#cfc7b4", 0.7, "3 2"), "river": ("none", "#86b0cb", 1.6, ""),
    "border": ("none", "#8c8271", 1.2, ""), "disputed": ("none", "#8c8271", 1.2, "4 3"),
}  # fmt: skip
BESIDE = ((1, 0.0, "start"), (-1, 0.0, "end"), (0, -1.0, "middle"), (0, 1.0, "middle"))


class Frame(NamedTuple):
    """Where the map lies on the sheet."""

    left: float
    top: float
    right: float
    foot: float


def draw_map(scene: Scene) -> str:
    """Places as pies of how often each actor holds them on the date of the main question, with roads and corridors."""
    sheet, stage, shown = Sheet(COLUMN, runs_of(scene.head)), scene.stage, scene.stage.sheets[0]
    step = main_step(scene)
    day = day_words(_day(scene, step))
    pies = "Pies: the share of runs in which each actor holds the place." if scene.ensemble.control else ""
    wide = "Corridors: the more often open, the wider; dashed: in fewer than half." if stage.corridors else ""
    says = f"who holds what on {day}" if pies else "where it happens"
    means = " ".join(filter(None, [pies, wide])) or "The places, and the roads between them; an arrow: one way."
    top = sheet.heading(f"{scene.head.title}: {says}", means)
    frame = Frame(16, top - 4, 16 + WIDE, top - 4 + HIGH)
    on_paper = fitted(shown.plane, rim(shown.plane, shown.frame), frame.left, frame.top, WIDE, HIGH)

    def project(at: Point) -> Point:
        return on_paper(laid(shown.plane, at))

    spot = {i: project(at) for i in shown.places if (at := stage.places[i].at) is not None}
    look = looks(scene)
    sheet.inside(frame.left, frame.top, WIDE, HIGH)
    _ground(sheet, frame, shown.ground, on_paper)
    for road in stage.routes:
        if road.ends[0] in spot and road.ends[1] in spot:
            sheet.path(_line([spot[i] for i in road.ends]), stroke="#a39a86", width=1.1)
            if road.one_way:
                sheet.path(_head(spot[road.ends[0]], spot[road.ends[1]]), fill="#a39a86")
    _corridors(sheet, scene, spot, step)
    for zone in stage.zones:
        centre = stage.places[zone.centre].at if zone.centre is not None else None
        for ring in zone.rings if centre is not None else ():
            around = circle(centre, ring.km) if centre is not None else []
            line = _line([project(at) for at in around]) + "Z"
            sheet.path(line, stroke=zone_colour(look, zone.holder), width=1.4, dash="6 4")
        for outline in (outline for polygon in zone.area for outline in polygon):
            bound = laid_around(shown.plane, outline)
            line = _line([on_paper(at) for at in bound]) + "Z"
            sheet.path(line, stroke=zone_colour(look, zone.holder), width=1.4, dash="6 4")
    held = {holding.place: holding for holding in scene.ensemble.control}
    for i, at in spot.items():
        _pie(sheet, at, held.get(i), scene, look, step)
    _names(sheet, scene, frame, spot)
    sheet.outside()
    _scale(sheet, frame, project, shown.frame)
    y = draw_legend(sheet, frame.foot + 8, scene, step)
    for words in _notes(scene, shown):
        y = note_row(words)(sheet, y - 4)
    return sheet.svg(y + 10, f"{scene.head.title}: the map on {day}")


def main_step(scene: Scene) -> int:
    """The last reading by the date of the main question; of a scenario without questions the last of all."""
    main = "" if scene.brief.headline is None else scene.brief.headline.question
    due = from_iso(next((one.date for one in scene.questions if one.id == main), scene.stage.ends))
    steps = range(len(scene.stage.times))
    return max((i for i in steps if begins_at(_day(scene, i)) <= begins_at(due)), default=0)


def _day(scene: Scene, step: int) -> date:
    """The date of a reading; that at the very end belongs to the last day."""
    return day_at(scene.stage.starts, scene.stage.times[step], scene.stage.days)


def _notes(scene: Scene, shown: MapSheet) -> Iterator[str]:
    away = [place.name for i, place in enumerate(scene.stage.places) if place.at is not None and i not in shown.places]
    if away:
        yield f"Outside this map: {', '.join(away)}."


def _head(start: Point, end: Point, size: float = 4.0) -> str:
    """The head of an arrow past the middle of a road, so that two that run against each other show both."""
    along = (end[0] - start[0], end[1] - start[1])
    length = math.hypot(*along)
    if length == 0.0:
        return "M0 0"
    x, y = along[0] / length * size, along[1] / length * size
    tip = (start[0] + 0.6 * along[0] + x, start[1] + 0.6 * along[1] + y)
    back = (tip[0] - 2.2 * x, tip[1] - 2.2 * y)
    return _line([tip, (back[0] - y, back[1] + x), (back[0] + y, back[1] - x)]) + "Z"


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else "M0 0"


def _ground(sheet: Sheet, frame: Frame, ground: Ground, on_paper: Projected) -> None:
    """Land and water, and meridians and parallels where the sheet has them; beyond the back of the Earth is nothing."""

    def data(path: str, end: str) -> str:
        return "".join(_line(line) + end for line in drawn(ground, path, on_paper))

    sheet.rect(frame.left, frame.top, WIDE, HIGH, UNKNOWN)
    sheet.path(data(ground.known, "Z"), fill=WATER)
    if ground.degrees:
        sheet.path(data(ground.degrees, ""), stroke="#b4c6d2", width=0.7)
    for kind, (fill, stroke, width, dash) in LAYERS.items():
        for land in ground.lands:
            if land.kind == kind:
                end = "Z" if fill != "none" else ""
                sheet.path(data(land.path, end), stroke=stroke, width=width, fill=fill, dash=dash)


def _corridors(sheet: Sheet, scene: Scene, spot: dict[int, Point], step: int) -> None:
    """Each corridor as wide as it is often open, the widest below; where its places lie beyond the sheet it ends."""
    strokes = corridor_strokes(scene, step)
    for i in sorted(range(len(scene.stage.corridors)), key=lambda i: -strokes[i].width):
        corridor = scene.stage.corridors[i]
        paths = paths_at(corridor, scene.stage.routes, scene.ensemble.control, runs=scene.head.runs, step=step)
        for path in paths:
            for there, places in groupby(path, key=spot.__contains__):
                if there and len(points := [spot[place] for place in places]) > 1:
                    sheet.path(_line(points), **strokes[i]._asdict())


def _pie(sheet: Sheet, at: Point, held: Holding | None, scene: Scene, look: Callable[[str], Look], step: int) -> None:
    sheet.dot(*at, RADIUS + 1.2, "#fff", stroke=INK, width=0.9)
    if held is None:
        return
    counts = {holder.id: holder.runs[step] for holder in held.holders}
    turn, order = 0.0, [actor.id for actor in scene.stage.actors] + [""]
    for who in order:
        share = counts.get(who, 0) / scene.head.runs
        fill, mark = look(who)
        # An arc from a point to itself, as the digits have it, is none.
        if share > 0.9995:
            sheet.dot(*at, RADIUS, fill, stroke=fill, width=0, mark=mark)
        elif share > 0:
            x, y = at
            begin, end = 2 * math.pi * turn, 2 * math.pi * (turn + share)
            edge = [f"{x + RADIUS * math.sin(a):.3f} {y - RADIUS * math.cos(a):.3f}" for a in (begin, end)]
            arc = f"A{RADIUS} {RADIUS} 0 {int(share > 0.5)} 1 {edge[1]}Z"
            sheet.path(f"M{x:.3f} {y:.3f}L{edge[0]}{arc}", fill=fill, mark=mark)
        turn += share


def _names(sheet: Sheet, scene: Scene, frame: Frame, spot: dict[int, Point]) -> None:
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
            across_fits = box[0] > frame.left + 2 and box[2] < frame.right - 2
            inside = across_fits and box[1] > frame.top and box[3] < frame.foot
            if inside and not any(_meet(box, other) for other in others):
                sheet.text(tx, ty, name, size=size, anchor=anchor, halo="#fbf9f3")
                taken.append(box)
                break


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale(sheet: Sheet, frame: Frame, project: Projected, box: Box) -> None:
    west, south, east, north = box
    lon, lat = (west + east) / 2, max(-89.0, min(89.0, (south + north) / 2))
    pixels = math.dist(project((lon, lat - 0.5)), project((lon, lat + 0.5))) / KM_A_DEGREE
    km = next(km for km in (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 1) if km * pixels < 120 or km == 1)
    y = frame.foot - 14
    sheet.path(f"M30 {y - 5:.1f}V{y:.1f}H{30 + km * pixels:.1f}V{y - 5:.1f}", stroke=INK, width=1.4)
    sheet.text(36 + km * pixels, y + 1, f"{figure(km)} km", size=10.5, halo="#fbf9f3")
