"""From longitude and latitude to a sheet of paper, wherever on the Earth its places lie."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from standoff.geography import EARTH_RADIUS_KM
from standoff.report.stage import Box, Point

Projected = Callable[[Point], Point]

KM_A_DEGREE = EARTH_RADIUS_KM * math.pi / 180
MARGIN = 0.25
"""Degrees around the places."""
WIDEST, HIGHEST = 120.0, 78.0
"""Degrees of longitude and latitude up to which a cone is true enough; beyond them the sheet is a plain grid."""
STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0)


def projection(frame: Box, left: float, top: float, width: float, height: float) -> Projected:
    """Lambert's conformal cone (1772) with two parallels a sixth inside the frame, fitted to a rectangle.

    A frame that is very wide or reaches a pole is drawn with equal steps for equal degrees.
    """
    west, south, east, north = _with_margin(frame)
    middle = (west + east) / 2
    raw = _cone(middle, south, north) if is_small(frame) else _plain(middle, (south + north) / 2)
    edge = [raw((lon, lat)) for lon in (west, middle, east) for lat in (south, north)]
    least_x, most_x = min(x for x, _ in edge), max(x for x, _ in edge)
    least_y, most_y = min(y for _, y in edge), max(y for _, y in edge)
    zoom = min(width / (most_x - least_x), height / (most_y - least_y))
    dx = left + (width - zoom * (most_x - least_x)) / 2
    dy = top + (height - zoom * (most_y - least_y)) / 2

    def project(at: Point) -> Point:
        x, y = raw((middle + (at[0] - middle + 180) % 360 - 180, at[1]))
        return dx + zoom * (x - least_x), dy + zoom * (y - least_y)

    return project


def is_small(frame: Box) -> bool:
    """Whether a frame is small enough for a cone."""
    west, south, east, north = frame
    return east - west <= WIDEST and max(abs(south), abs(north)) <= HIGHEST


def graticule(frame: Box) -> Iterator[list[Point]]:
    """Meridians and parallels over and around a frame, as lines of points."""
    west, south, east, north = frame
    wide, high = max(east - west, 0.5), max(north - south, 0.5)
    step = next((step for step in STEPS if max(wide, high) / step <= 8), STEPS[-1])
    lons = [i * step for i in range(math.floor((west - wide) / step), math.ceil((east + wide) / step) + 1)]
    lats = [i * step for i in range(math.floor((south - high) / step), math.ceil((north + high) / step) + 1)]
    lats = [lat for lat in lats if -80 <= lat <= 85]
    lons = [lon for lon in lons if (west + east) / 2 - 179 < lon < (west + east) / 2 + 179]
    if len(lats) > 1 and len(lons) > 1:
        yield from ([(lon, lats[0] + (lats[-1] - lats[0]) * i / 24) for i in range(25)] for lon in lons)
        yield from ([(lons[0] + (lons[-1] - lons[0]) * i / 48, lat) for i in range(49)] for lat in lats)


def circle(centre: Point, km: float) -> list[Point]:
    """A circle on the ground, as points on its rim (the direct problem on a sphere)."""
    lon, lat, reach = math.radians(centre[0]), math.radians(centre[1]), km / EARTH_RADIUS_KM
    rim = []
    for i in range(72):
        turn = 2 * math.pi * i / 72
        north = math.asin(math.sin(lat) * math.cos(reach) + math.cos(lat) * math.sin(reach) * math.cos(turn))
        east = math.atan2(
            math.sin(turn) * math.sin(reach) * math.cos(lat), math.cos(reach) - math.sin(lat) * math.sin(north)
        )
        rim.append((math.degrees(lon + east), math.degrees(north)))
    return rim


def _with_margin(frame: Box) -> Box:
    west, south, east, north = frame
    return west - MARGIN, max(-90.0, south - MARGIN), east + MARGIN, min(90.0, north + MARGIN)


def _cone(middle: float, south: float, north: float) -> Projected:
    inset = (north - south) / 6
    low, high = math.radians(south + inset), math.radians(north - inset)

    def half(lat: float) -> float:
        # Basemaps may reach beyond the frame, up to a pole, which lies at infinity on one side.
        return math.tan(math.pi / 4 + max(-1.55, min(1.55, lat)) / 2)

    cone = math.log(math.cos(low) / math.cos(high)) / math.log(half(high) / half(low))
    if abs(cone) < 1e-6:
        # Two parallels as far from the equator on either side make a cylinder: Mercator's.
        return lambda at: (math.radians(at[0] - middle), -math.log(half(math.radians(at[1]))))
    far = math.cos(low) * half(low) ** cone / cone

    def raw(at: Point) -> Point:
        out = far / half(math.radians(at[1])) ** cone
        angle = cone * math.radians(at[0] - middle)
        return out * math.sin(angle), out * math.cos(angle)

    return raw


def _plain(middle: float, level: float) -> Projected:
    wide = math.cos(math.radians(max(-60.0, min(60.0, level))))
    return lambda at: ((at[0] - middle) * wide, -at[1])
