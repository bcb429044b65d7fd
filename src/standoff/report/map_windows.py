"""Chooses the maps of a page: which places on each, how they are framed, and how much of the world lies under them."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from standoff.geography import great_circle_km
from standoff.report.atlas import around
from standoff.report.ground import ACROSS, ground_of, window_of
from standoff.report.plane import KM_A_DEGREE, plane_of
from standoff.report.stage import Box, Ground, Place, Point, Relief, Sheet

LEAST = 1.0
"""Degrees of the map of an only place; finer than this nothing is bundled."""
CLOSE = 3.0
"""Of places that are closer together, how many times as large as their own box the map is at most."""
FEWER = 0.75
"""How much smaller a map must become for places to be left out of it."""
NEAR_KM, FEWER_NEAR = 300.0, 0.5
"""Places that reach no further than this are those of one island or province, which is seen whole unless nearly all lie
in a corner of it: how much smaller the map must become then."""
PROVINCES = 12.0
"""Degrees that a frame with provinces has at most."""

LENGTHS = (60_000, 25_000)
"""Characters of the paths of the first map and of a wider one; together about 45 kB of a page."""
SMALL, SMALL_LENGTH = 250, 6_000
"""Units along the longer side of a small map, which is no more than 150 pixels wide."""
POINTS = 0.8
"""Points of the ground for each character of its paths: a finer scale would be thinned until nothing of it is left."""
KEPT = 12
"""Grounds that are kept in a process, about 60 kB each: a page has three."""

RELIEF: Box = (32.0, 27.0, 56.0, 41.5)
"""Of which part of the world hills and valleys are bundled: the mirror of WINDOW in tools/build_relief.py."""


def relief(maps: Sequence[Sheet]) -> Relief | None:
    """Hills and valleys, where the frame of a map lies among those that are bundled."""
    west, south, east, north = RELIEF
    if not any(west <= a and south <= b and c <= east and d <= north for a, b, c, d in (one.frame for one in maps)):
        return None
    picture = files("standoff.report").joinpath("basemap/relief.webp").read_bytes()
    return Relief(window=RELIEF, picture=f"data:image/webp;base64,{b64encode(picture).decode('ascii')}")


def sheets(places: Sequence[Place]) -> list[Sheet]:
    """The maps of some places: one of those that lie together, and, where others are far away, one of all."""
    placed = _placed(places)
    chosen = together(placed)
    shown = [chosen] if len(chosen) == len(placed) else [chosen, list(placed)]
    return [_sheet(placed, some, most=most) for some, most in zip(shown, LENGTHS, strict=False) if some]


def small_sheet(places: Sequence[Place], shown: Sequence[int]) -> Sheet | None:
    """A small map of those of some places that the first map has, on coarse ground; None where it has none of them."""
    placed = _placed(places)
    first = set(together(placed)).intersection(shown)
    return _sheet(placed, [i for i in shown if i in first], most=SMALL_LENGTH, across=SMALL) if first else None


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


def _placed(places: Sequence[Place]) -> dict[int, Point]:
    return {i: place.at for i, place in enumerate(places) if place.at is not None}


def together(placed: Mapping[int, Point]) -> list[int]:
    """The places of the first map: without the few that are so far away that they would shrink all others to a corner.

    Places are left out one by one, each time that without which the rest reaches least far, as long as more than half
    by one are left. Of these selections it is the one whose reach, times the cube of how many times more places there
    are, is least, if that is less than `FEWER` of the reach of all, or `FEWER_NEAR` where all lie near each other: the
    more are left out, the smaller it must be.
    """
    rest, chosen = list(placed), list(placed)
    whole = _reach(list(placed.values()))
    best = (FEWER if whole > NEAR_KM else FEWER_NEAR) * whole
    while len(rest) > (len(placed) + 1) // 2 + 1:
        # Only a place at the edge of a frame holds it open.
        corners = frame([placed[i] for i in rest])
        smaller = [[i for i in rest if i != last] for last in rest if _at_edge(placed[last], corners)]
        reaches = [_reach([placed[i] for i in some]) for some in smaller]
        rest = smaller[reaches.index(min(reaches))]
        if (score := min(reaches) * (len(placed) / len(rest)) ** 3) < best:
            best, chosen = score, rest
    # What lies beside those that are left is not far away, though others are.
    most = min(NEAR_KM, _reach([placed[i] for i in chosen]) / FEWER_NEAR)
    for near in [i for i in placed if i not in chosen]:
        if _reach([placed[i] for i in (*chosen, near)]) < most:
            chosen = [i for i in placed if i in chosen or i == near]
    return chosen


def _at_edge(at: Point, corners: Box) -> bool:
    west, south, east, north = corners
    beside = any(abs((at[0] - lon + 180) % 360 - 180) < 1e-5 for lon in (west, east))
    return beside or at[1] in (south, north)


def _reach(points: Sequence[Point]) -> float:
    """The longer side of the frame of some points, in km."""
    if not points:
        return 0.0
    west, south, east, north = frame(points)
    level = (south + north) / 2
    middle = (west + east) / 2
    across = 2 * great_circle_km((level, west), (level, middle))
    return max(across, (north - south) * KM_A_DEGREE)


def _spread(box: Box) -> Box:
    """A box with a margin where it is small: what lies around it tells where it is."""
    west, south, east, north = box
    middle, level = (west + east) / 2, (south + north) / 2
    narrow = max(0.01, math.cos(math.radians(level)))
    reach = max((east - west) * narrow, north - south)
    if reach >= LEAST:
        return box
    half = (LEAST if reach == 0 else min(LEAST, CLOSE * reach)) / 2
    aside = min(half / narrow, 90.0)
    return middle - aside, max(-90.0, level - half), middle + aside, min(90.0, level + half)


def _sheet(placed: Mapping[int, Point], shown: list[int], *, most: int, across: int = ACROSS) -> Sheet:
    framed = _spread(frame([placed[i] for i in shown]))
    ground = _ground(framed, most, across)
    return Sheet(places=shown, frame=framed, plane=plane_of(framed), ground=ground)


@lru_cache(maxsize=KEPT)
def _ground(framed: Box, most: int, across: int) -> Ground:
    """The ground in a frame. An author whose page is written at each save moves numbers a hundred times, and places
    once.
    """
    west, south, east, north = framed
    plane = plane_of(framed)
    features = around(window_of(framed, plane), round(POINTS * most))
    if across < ACROSS or max(east - west, north - south) > PROVINCES:
        features = [one for one in features if one.kind != "province"]
    return ground_of(features, framed, plane, across=across, most=most)
