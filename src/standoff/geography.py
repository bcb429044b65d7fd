"""Distances on the Earth taken as a sphere, and outlines of areas on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84), north and east positive."""
Ring = tuple[Point, ...]
"""The corners of an outline, the last unlike the first; longitudes go on beyond 180 degrees at the date line."""
Area = tuple[tuple[Ring, ...], ...]
"""Polygons, each with its outer ring first and then its holes."""


def great_circle_km(a: Point, b: Point) -> float:
    """The great-circle distance in km between two points, by the haversine formula (Sinnott 1984)."""
    latitude_a, latitude_b = math.radians(a[0]), math.radians(b[0])
    half_north = math.sin((latitude_a - latitude_b) / 2.0)
    half_east = math.sin((math.radians(a[1]) - math.radians(b[1])) / 2.0)
    north, east = half_north * half_north, half_east * half_east
    square = north + math.cos(latitude_a) * math.cos(latitude_b) * east
    return 2.0 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, square)))


def thinned(area: Area, most: int) -> Area:
    """An area with so many corners at most, as far as each polygon keeps a triangle; the same area where it has fewer.

    A corner is left out that is nearer to the last one kept than a distance, which starts at a two-thousandth of the
    area's longer side and grows until few enough are left. Rings of fewer than three corners then vanish, but for the
    largest.
    """
    corners = [corner for polygon in area for ring in polygon for corner in ring]
    if len(corners) <= most:
        return area
    lats, lons = [lat for lat, _ in corners], [lon for _, lon in corners]
    narrow = max(0.01, math.cos(math.radians((min(lats) + max(lats)) / 2)))
    apart = max(max(lats) - min(lats), (max(lons) - min(lons)) * narrow) / 2000
    largest = max((polygon[:1] for polygon in area if polygon), key=lambda one: _wide(one[0]))
    while sum(len(ring) for polygon in area for ring in polygon) > most:
        polygons = [[_apart(ring, apart, narrow) for ring in polygon] for polygon in area]
        # A hole goes with the ring around it.
        kept = [tuple(ring for ring in one if len(ring) > 2) for one in polygons if one and len(one[0]) > 2]
        if not kept:
            (ring,) = largest
            return ((tuple(ring[i * len(ring) // most] for i in range(most)),),)
        area, apart = tuple(kept), apart * 1.5
    return area


def _apart(ring: Ring, apart: float, narrow: float) -> Ring:
    kept: list[Point] = []
    for lat, lon in ring:
        if not kept or math.hypot(lat - kept[-1][0], (lon - kept[-1][1]) * narrow) >= apart:
            kept.append((lat, lon))
    return tuple(kept)


def _wide(ring: Sequence[Point]) -> float:
    return max(lat for lat, _ in ring) - min(lat for lat, _ in ring) + max(o for _, o in ring) - min(o for _, o in ring)
