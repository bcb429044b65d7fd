"""Chooses the maps of a page: which bundled basemaps, and which places on each.

A basemap is a GeoJSON file of the folder `basemap` with its window as `bbox`; nothing else in this room knows where in
the world it lies.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, cast

from standoff.report.ground import ACROSS, Feature, ground_of
from standoff.report.plane import plane_of
from standoff.report.stage import Box, Place, Point, Relief, Sheet

MARGIN = 0.5
"""Degrees around the only place of a sheet."""

SMALL = 250
"""Units along the longer side of a small map, which is no more than 150 pixels wide."""
LAYERS = ("country", "lake", "province", "river", "border")
"""What lies over what: land below lines."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """Coasts, borders and rivers of a window of the world; beyond it nothing is known."""

    window: Box
    features: tuple[Feature, ...]


@cache
def basemaps() -> tuple[Basemap, ...]:
    """The bundled basemaps, the one of the smallest window first."""
    folder = files("standoff.report").joinpath("basemap")
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    read: list[dict[str, Any]] = [json.loads(text) for text in texts]
    maps = [Basemap(window=cast("Box", tuple(one["bbox"])), features=_features(one["features"])) for one in read]
    return tuple(sorted(maps, key=lambda basemap: _area(basemap.window)))


def relief() -> Relief:
    """Hills and valleys of the window of the widest basemap."""
    picture = files("standoff.report").joinpath("basemap/relief.webp").read_bytes()
    address = f"data:image/webp;base64,{b64encode(picture).decode('ascii')}"
    return Relief(window=basemaps()[-1].window, picture=address)


def sheets(places: Sequence[Place]) -> list[Sheet]:
    """The maps of some places.

    The first shows those on the basemap of the smallest window that holds half of all places or more, so that a few far
    away do not shrink the theatre to a corner; where some lie beyond it, a second one shows all that a wider basemap
    holds. Where no basemap holds so many, one map shows all places, on whatever is bundled of that part of the world.
    """
    placed = {i: place.at for i, place in enumerate(places) if place.at is not None}
    if not placed:
        return []
    on = [(basemap, [i for i, at in placed.items() if inside(at, basemap.window)]) for basemap in basemaps()]
    near = next(((basemap, held) for basemap, held in on if 2 * len(held) >= len(placed)), None)
    if near is None:
        some = [basemap for basemap, held in on if held]
        return [_sheet(placed, list(placed), some[-1] if some else None)]
    drawn = [_sheet(placed, near[1], near[0])]
    wider = [(basemap, held) for basemap, held in on if len(held) > len(near[1])]
    return [*drawn, _sheet(placed, wider[0][1], wider[0][0])] if wider else drawn


def small_sheet(places: Sequence[Place], shown: Sequence[int]) -> Sheet | None:
    """A small map of those of some places that the first map has, on coarse ground; None where it has none of them."""
    near = next(iter(sheets(places)), None)
    placed = {i: at for i in shown if near is not None and i in near.places and (at := places[i].at) is not None}
    if not placed:
        return None
    on = next((one for one in basemaps() if all(inside(at, one.window) for at in placed.values())), None)
    plain = None if on is None else replace(on, features=tuple(one for one in on.features if one.kind != "province"))
    return _sheet(placed, list(placed), plain, across=SMALL)


def inside(at: Point, window: Box) -> bool:
    """Whether a point lies in a window."""
    west, south, east, north = window
    return any(west < at[0] + turn < east for turn in (0, 360)) and south < at[1] < north


def frame(points: Sequence[Point]) -> Box:
    """The smallest box around some points, by way of the date line where that is shorter."""
    lons = sorted({lon % 360 for lon, _ in points})
    gaps = [(after - lon) % 360 for lon, after in zip(lons, [*lons[1:], lons[0]], strict=True)]
    widest = max(range(len(lons)), key=lambda i: gaps[i]) if len(lons) > 1 else 0
    west = lons[(widest + 1) % len(lons)]
    east = lons[widest] if lons[widest] >= west else lons[widest] + 360
    if west >= 180:
        west, east = west - 360, east - 360
    lats = [lat for _, lat in points]
    return round(west, 6), min(lats), round(east, 6), max(lats)


def _sheet(placed: dict[int, Point], shown: list[int], basemap: Basemap | None, across: int = ACROSS) -> Sheet:
    west, south, east, north = frame([placed[i] for i in shown])
    if west == east and south == north:
        west, east = west - MARGIN, east + MARGIN
        south, north = max(-90.0, south - MARGIN), min(90.0, north + MARGIN)
    framed = west, south, east, north
    plane = plane_of(framed)
    features, window = ((), None) if basemap is None else (basemap.features, basemap.window)
    return Sheet(places=shown, frame=framed, plane=plane, ground=ground_of(features, window, framed, plane, across))


def _features(read: list[dict[str, Any]]) -> tuple[Feature, ...]:
    return tuple(sorted((_feature(one) for one in read), key=lambda one: LAYERS.index(one.kind)))


def _feature(read: dict[str, Any]) -> Feature:
    kind, told = read["geometry"]["type"], read["properties"]
    parts = read["geometry"]["coordinates"] if kind.startswith("Multi") else [read["geometry"]["coordinates"]]
    closed = kind.endswith("Polygon")
    lines = [ring for part in parts for ring in (part if closed else [part])]
    return Feature(
        kind=told["kind"], name=told.get("name", ""), closed=closed,
        lines=tuple([(at[0], at[1]) for at in line] for line in lines),
    )  # fmt: skip


def _area(window: Box) -> float:
    west, south, east, north = window
    return (east - west) * (north - south)
