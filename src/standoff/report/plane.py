"""From longitude and latitude to a plane, wherever on the Earth the places of a map lie.

`viewer/src/map/plane.ts` does the same sums on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from standoff.geography import EARTH_RADIUS_KM
from standoff.report.stage import Box, Plane, Point

Projected = Callable[[Point], Point]

KM_A_DEGREE = EARTH_RADIUS_KM * math.pi / 180
MARGIN = 0.25
"""Degrees around the places."""
WIDEST, HIGHEST = 120.0, 78.0
"""Degrees of longitude and latitude up to which a cone is true enough."""
POLAR = 30.0
"""Degrees from the equator beyond which all of a frame lies that is seen from above a pole."""
LEVEL = 1e-6
"""A flatter cone is a cylinder: two parallels as far from the equator on either side."""
END = math.pi / 2 - 1e-6
"""One of the poles lies at infinity: as near to it as the ground is laid."""
STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0)
ALONG = 8
"""Parts of an edge of a frame, which may be bent in the plane."""

Points = NDArray[np.float64]
"""(points, 2)."""


def plane_of(frame: Box) -> Plane:
    """Lambert's conformal cone (1772) with two parallels a sixth inside a frame, or Mercator's cylinder (1569).

    A frame that is very wide or reaches a pole is seen from above the pole, stereographically, which is the flattest of
    these cones; one that has the equator in it as well is drawn with equal steps for equal degrees.
    """
    west, south, east, north = frame
    middle, level = (west + east) / 2, (south + north) / 2
    if not is_small(frame):
        if max(south, -north) >= POLAR:
            turn = math.copysign(1.0, level)
            return Plane(shape="cone", middle=middle, cone=turn, scale=2 * turn)
        return Plane(shape="grid", middle=middle, cone=0.0, scale=math.cos(math.radians(max(-60.0, min(60.0, level)))))
    south, north = south - MARGIN, north + MARGIN
    inset = (north - south) / 6
    low, high = math.radians(south + inset), math.radians(north - inset)
    cone = math.log(math.cos(low) / math.cos(high)) / math.log(_half(high) / _half(low))
    if abs(cone) < LEVEL:
        return Plane(shape="cylinder", middle=middle, cone=0.0, scale=1.0)
    return Plane(shape="cone", middle=middle, cone=cone, scale=math.cos(low) * _half(low) ** cone / cone)


def is_small(frame: Box) -> bool:
    """Whether a frame is small enough for a cone."""
    west, south, east, north = frame
    return east - west <= WIDEST and max(abs(south), abs(north)) <= HIGHEST


def is_polar(plane: Plane) -> bool:
    """Whether a plane is seen from above a pole, all around which it reaches."""
    return abs(plane.cone) == 1.0


def laid(plane: Plane, at: Point) -> Point:
    """Where a point lies in a plane, right and down; by the shorter way from the middle of the map."""
    across = (at[0] - plane.middle + 180) % 360 - 180
    x, y = laid_unrolled(plane, np.array([(plane.middle + across, at[1])]))[0].tolist()
    return x, y


def laid_around(plane: Plane, ring: Sequence[Point]) -> list[Point]:
    """Where the corners of an outline lie; it stays in one piece, on the side where the middle of its width lies."""
    lons = [lon for lon, _ in ring]
    middle = (min(lons) + max(lons)) / 2
    turn = (middle - plane.middle + 180) % 360 - 180 + plane.middle - middle
    x, y = laid_unrolled(plane, np.array([(lon + turn, lat) for lon, lat in ring])).T.tolist()
    return list(zip(x, y, strict=True))


def laid_unrolled(plane: Plane, points: Points) -> Points:
    """As `laid`, of points whose longitudes may lie beyond the date line on purpose."""
    across, lat = points[:, 0] - plane.middle, points[:, 1]
    if plane.shape == "grid":
        return np.column_stack([across * plane.scale, -lat])
    half = np.tan(np.pi / 4 + np.clip(np.radians(lat), -END, END) / 2)
    if plane.shape == "cylinder":
        return np.column_stack([np.radians(across), -np.log(half)])
    out, angle = plane.scale / half**plane.cone, plane.cone * np.radians(across)
    return np.column_stack([out * np.sin(angle), out * np.cos(angle)])


def lifted(plane: Plane, points: Points) -> Points:
    """The longitudes and latitudes of points of a plane; none is farther than the back of the Earth."""
    x, y = points.T
    if plane.shape == "grid":
        return np.column_stack([plane.middle + np.clip(x / plane.scale, -180, 180), np.clip(-y, -90, 90)])
    if plane.shape == "cylinder":
        across, half = np.degrees(x), np.exp(-y)
    else:
        turn = math.copysign(1.0, plane.cone)
        across = np.degrees(np.arctan2(turn * x, turn * y)) / plane.cone
        half = (turn * plane.scale / np.maximum(np.hypot(x, y), 1e-12)) ** (1 / plane.cone)
    lat = 2 * np.degrees(np.arctan(half)) - 90
    return np.column_stack([plane.middle + np.clip(across, -180, 180), lat])


def fitted(plane: Plane, points: Sequence[Point], left: float, top: float, width: float, height: float) -> Projected:
    """From a plane to a rectangle that some points of the plane fill, in its middle."""
    (least_x, least_y), (most_x, most_y) = extent(points)
    zoom = min(width / max(most_x - least_x, 1e-12), height / max(most_y - least_y, 1e-12))
    dx = left + (width - zoom * (most_x - least_x)) / 2
    dy = top + (height - zoom * (most_y - least_y)) / 2
    return lambda at: (dx + zoom * (at[0] - least_x), dy + zoom * (at[1] - least_y))


def extent(points: Sequence[Point]) -> tuple[Point, Point]:
    """The upper left and the lower right corner of some points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys)), (max(xs), max(ys))


def rim(plane: Plane, frame: Box) -> list[Point]:
    """Points on the edge of a frame, in the plane, with a margin; the pole too where the frame goes around it."""
    west, south, east, north = frame
    west, east = west - MARGIN, east + MARGIN
    south, north = max(-90.0, south - MARGIN), min(90.0, north + MARGIN)
    along = [west + (east - west) * i / ALONG for i in range(ALONG + 1)]
    points = [(lon, lat) for lon in along for lat in (south, north)]
    if is_polar(plane) and east - west > 180:
        points.append((plane.middle, math.copysign(90.0, plane.cone)))
    return [(x, y) for x, y in laid_unrolled(plane, np.array(points)).tolist()]


def graticule(frame: Box, plane: Plane) -> Iterator[Points]:
    """Meridians and parallels over and around a frame, as lines of points."""
    west, south, east, north = frame
    wide, high = max(east - west, 0.5), max(north - south, 0.5)
    step = next((step for step in STEPS if max(wide, high) / step <= 8), STEPS[-1])
    around = is_polar(plane) and wide > WIDEST
    if around:
        west, east, wide, step = plane.middle - 180, plane.middle + 180, 0.0, min(step, 30.0)
    lons = [i * step for i in range(math.floor((west - wide) / step), math.ceil((east + wide) / step) + 1)]
    lats = [i * step for i in range(math.floor((south - high) / step), math.ceil((north + high) / step) + 1)]
    lats = [lat for lat in lats if abs(lat) <= (90 if plane.shape == "cone" else 85)]
    if not around:
        lons = [lon for lon in lons if (west + east) / 2 - 179 < lon < (west + east) / 2 + 179]
    if len(lats) > 1 and len(lons) > 1:
        yield from (np.array([(lon, lats[0]), (lon, lats[-1])]) for lon in lons)
        yield from (np.array([(lons[0], lat), (lons[-1], lat)]) for lat in lats)


def circle(centre: Point, km: float) -> list[Point]:
    """A circle on the ground, as points on its rim (the direct problem on a sphere)."""
    lon, lat, reach = math.radians(centre[0]), math.radians(centre[1]), km / EARTH_RADIUS_KM
    points = []
    for i in range(72):
        turn = 2 * math.pi * i / 72
        north = math.asin(math.sin(lat) * math.cos(reach) + math.cos(lat) * math.sin(reach) * math.cos(turn))
        onward = math.cos(lat) * math.cos(reach) - math.sin(lat) * math.sin(reach) * math.cos(turn)
        east = math.atan2(math.sin(turn) * math.sin(reach), onward)
        points.append((math.degrees(lon + east), math.degrees(north)))
    return points


def _half(lat: float) -> float:
    return math.tan(math.pi / 4 + max(-END, min(END, lat)) / 2)
