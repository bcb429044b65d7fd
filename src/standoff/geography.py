"""Distances on the Earth taken as a sphere."""

from __future__ import annotations

import math

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84), north and east positive."""


def great_circle_km(a: Point, b: Point) -> float:
    """The great-circle distance in km between two points, by the haversine formula (Sinnott 1984)."""
    latitude_a, latitude_b = math.radians(a[0]), math.radians(b[0])
    half_north = math.sin((latitude_a - latitude_b) / 2.0)
    half_east = math.sin((math.radians(a[1]) - math.radians(b[1])) / 2.0)
    north, east = half_north * half_north, half_east * half_east
    square = north + math.cos(latitude_a) * math.cos(latitude_b) * east
    return 2.0 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, square)))
