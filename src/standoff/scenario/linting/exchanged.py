"""Lint of coordinates: a place far from all others that would lie among them with its two numbers exchanged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from standoff.errors import Fault
from standoff.geography import Point, great_circle_km
from standoff.scenario.linting.warned import warning
from standoff.scenario.reading.geojson import ENDING
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Document

FAR_KM = 500.0
"""What lies nearer to the middle of all places than this may well be meant."""
AS_FAR = 3.0
"""How many times as far as half of the other places it lies."""
NEARER = 10.0
"""How many times nearer it would lie with the numbers exchanged, if it is not as near then as most others."""


def exchanged(document: Document) -> Iterator[Fault]:
    """SD420 for each place whose latitude and longitude seem to stand in each other's place."""
    at = {name: place.at for name, place in document.places.items() if place.at is not None}
    if len(at) < 2:
        return
    for name, (lat, lon) in at.items():
        others = {other: point for other, point in at.items() if other != name} if len(at) < 9 else at
        middle = _middle(others)
        away = great_circle_km((lat, lon), middle)
        if away < FAR_KM or abs(lon) > 90.0:
            continue
        usual = median(great_circle_km(point, middle) for point in others.values())
        then = great_circle_km((lon, lat), middle)
        if away > AS_FAR * usual and then <= max(1.5 * usual, away / NEARER) and then < away:
            found = f"'{name}' lies {away:,.0f} km from the middle of the other places, and would lie {then:,.0f} km"
            yield warning("SD420", name, f"{found} from it with its two numbers exchanged", _cure(name, lat, lon))


def _cure(name: str, lat: float, lon: float) -> str:
    place = name.location if isinstance(name, Words) else None
    if place is not None and Path(place.file).suffix == ENDING:
        return f"GeoJSON has the longitude first: write [{lat:g}, {lon:g}] if that is meant"
    return f"latitude comes first: write [{lon:g}, {lat:g}] if that is meant"


def _middle(at: Mapping[str, Point]) -> Point:
    """The median latitude and the median longitude, counted from the mean direction, so that no date line matters."""
    turns = [math.radians(lon) for _, lon in at.values()]
    mean = math.degrees(math.atan2(sum(map(math.sin, turns)), sum(map(math.cos, turns))))
    across = median((lon - mean + 180.0) % 360.0 - 180.0 for _, lon in at.values())
    return median(lat for lat, _ in at.values()), mean + across
