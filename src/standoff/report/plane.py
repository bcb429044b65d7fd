"""From longitude and latitude to a plane, wherever on the Earth the places of a map lie.

`viewer/src/map/plane.ts` does the same sums on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from standoff.geography import EARTH_RADIUS_KM
from standoff.report.stage import Box, Plane, Point

Projected = Callable[[Point], Point]

KM_A_DEGREE = EARTH_RADIUS_KM * math.pi / 180
MARGIN = 0.25
"""Degrees around the places."""
WIDEST, HIGHEST = 120.0, 78.0
"""Degrees of longitude and latitude up to which a cone is true enough; beyond them the sheet is a plain grid."""
LEVEL = 1e-6
"""A flatter cone is a cylinder: two parallels as far from the equator on either side."""
STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0)


def plane_of(frame: Box) -> Plane:
    """Lambert's conformal cone (1772) with two parallels a sixth inside a frame, or Mercator's cylinder (1569).

    A frame that is very wide or reaches a pole is drawn with equal steps for equal degrees.
    """
    west, south, east, north = frame
    middle, level = (west + east) / 2, (south + north) / 2
    if not is_small(frame):
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


def laid(plane: Plane, at: Point) -> Point:
    """Where a point lies in a plane, right and down; by the shorter way from the middle of the map."""
    across = (at[0] - plane.middle + 180) % 360 - 180
    return laid_unrolled(plane, (plane.middle + across, at[1]))


def laid_unrolled(plane: Plane, at: Point) -> Point:
    """As `laid`, of a longitude that may lie beyond the date line on purpose."""
    across, lat = at[0] - plane.middle, at[1]
    if plane.shape == "grid":
        return across * plane.scale, -lat
    if plane.shape == "cylinder":
        return math.radians(across), -math.log(_half(math.radians(lat)))
    out = plane.scale / _half(math.radians(lat)) ** plane.cone
    angle = plane.cone * math.radians(across)
    return out * math.sin(angle), out * math.cos(angle)


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
    """The corners of a frame and the middles of its upper and lower edge, in the plane, with a margin."""
    west, south, east, north = frame
    west, east = west - MARGIN, east + MARGIN
    south, north = max(-90.0, south - MARGIN), min(90.0, north + MARGIN)
    return [laid_unrolled(plane, (lon, lat)) for lon in (west, (west + east) / 2, east) for lat in (south, north)]


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
    points = []
    for i in range(72):
        turn = 2 * math.pi * i / 72
        north = math.asin(math.sin(lat) * math.cos(reach) + math.cos(lat) * math.sin(reach) * math.cos(turn))
        east = math.atan2(
            math.sin(turn) * math.sin(reach) * math.cos(lat), math.cos(reach) - math.sin(lat) * math.sin(north)
        )
        points.append((math.degrees(lon + east), math.degrees(north)))
    return points


def _half(lat: float) -> float:
    # Ground may reach beyond the frame, up to a pole, which lies at infinity on one side.
    return math.tan(math.pi / 4 + max(-1.55, min(1.55, lat)) / 2)
