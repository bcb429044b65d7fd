"""Lint of zones: those that hold nothing, and what each holds, with how far the nearest other place is."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.errors import Fault
from standoff.geography import Point, great_circle_km
from standoff.scenario.linting.warned import warning
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Resolved
from standoff.scenario.resolving.priors import support
from standoff.scenario.schema import Document, Zone

STEPS_ALONG_A_ROUTE = 20


def empty_zones(document: Document, resolved: Resolved) -> Iterator[Fault]:
    """SD403 for each zone that has no place and no route in it, but for its centre."""
    for name, zone in document.zones.items():
        if zone.places is not None:
            if not zone.places:
                yield warning("SD403", name, f"the zone '{name}' has no places", "name some under places")
            continue
        found = _alone(zone, document, resolved)
        if found is not None:
            yield warning("SD403", name, f"the zone '{name}' contains no place but its centre, no route: {found}",
                          "make the radius larger, or name its places")  # fmt: skip


def held_by(document: Document, resolved: Resolved, name: str) -> str | None:
    """Which places a zone holds, and how far the nearest other is, in words; None for one that is not there."""
    zone = document.zones.get(Words(name))
    if zone is None:
        return None
    if zone.places is not None:
        return f"'{name}' holds {', '.join(zone.places) or 'no place'}"
    at, radius = _points(document), _largest(zone.radius, resolved)
    centre = at.get(zone.centre or "")
    if radius is None or centre is None:
        return None
    away = {place: great_circle_km(centre, point) for place, point in at.items()}
    inside = [place for place, km in away.items() if km <= radius]
    beyond = {place: km for place, km in away.items() if km > radius}
    told = f"'{name}' holds {', '.join(inside)}, within {radius:g} km of {zone.centre}"
    if beyond:
        nearest = min(beyond, key=lambda place: beyond[place])
        told += f"; the nearest other place is {nearest}, {beyond[nearest]:.0f} km away"
    return told


def _points(document: Document) -> dict[str, Point]:
    return {str(name): place.at for name, place in document.places.items() if place.at is not None}


def _alone(zone: Zone, document: Document, resolved: Resolved) -> str | None:
    # Why a zone with a radius is empty: where the nearest other place is. None if it is not empty.
    at = _points(document)
    radius, centre = _largest(zone.radius, resolved), at.get(zone.centre or "")
    if radius is None or centre is None:
        return None
    away = {name: great_circle_km(centre, point) for name, point in at.items() if name != zone.centre}
    if any(km <= radius for km in away.values()):
        return None
    for route in document.routes:
        ends = [at[name] for name in route.ends if name in at]
        if zone.centre in route.ends or (len(ends) == 2 and _nearest(centre, ends[0], ends[1]) <= radius):
            return None
    if not away:
        return "there is no other place"
    nearest = min(away, key=lambda name: away[name])
    return f"'{nearest}' is the nearest, {away[nearest]:.0f} km away, and the radius is {radius:g} km at most"


def _largest(radius: Words | None, resolved: Resolved) -> float | None:
    if radius is None:
        return None
    parameter = resolved.parameters.get(radius.strip())
    if parameter is not None:
        return support(parameter.prior)[1]
    try:
        return float(radius)
    except ValueError:
        return None


def _nearest(centre: Point, start: Point, end: Point) -> float:
    # How near a route comes to a point; routes are short, so degrees along it are taken as even.
    steps = [step / STEPS_ALONG_A_ROUTE for step in range(STEPS_ALONG_A_ROUTE + 1)]
    along = [(start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1])) for s in steps]
    return min(great_circle_km(centre, point) for point in along)
