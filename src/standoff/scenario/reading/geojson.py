"""GeoJSON (RFC 7946) that a scenario includes: points become places, polygons the places of zones that lie in them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from standoff.errors import Fault, Faults, Location
from standoff.geography import Area, thinned
from standoff.scenario.reading.text import Words
from standoff.scenario.reading.yaml_reader import parse_what_can_be

ENDING = ".geojson"
KEYS = ("name", "kind", "country", "province", "about", "evidence")
"""Properties that are taken as keys of a place, by the same names; all others are another program's."""
ZONE_KEYS = ("title", "about", "evidence", "holder", "excludes", "recognised_by")
NAME = re.compile(r"[a-z][a-z0-9_]*")
_DEGREES = "save it again in WGS 84 (EPSG:4326): longitude and latitude in degrees"
MOST_POINTS = 100_000
MOST_CORNERS = 500
"""Corners of the outline that is kept of a zone, to be drawn; what lies in it is told by all of them."""

_DEEP = {"Polygon": 3, "MultiPolygon": 4}
"""How deep the lists of coordinates are nested."""
_CURES = {
    "LineString": "leave it out; a route is {between: [a, b]} under routes of the scenario",
    "MultiLineString": "leave it out; a route is {between: [a, b]} under routes of the scenario",
    "MultiPoint": "make a feature with an id of its own of each point",
    "GeometryCollection": "make a feature with an id of its own of each of its geometries",
    "FeatureCollection": "put its features into the list of the outer one",
}

Ring = list[tuple[float, float]]
"""Longitudes, without jumps at the date line, and latitudes."""


def read_map(content: bytes, shown: str) -> dict[str, Any]:
    """What a GeoJSON file holds, with places of its words; raises Faults, one only where it is no JSON.

    A map is written by programs: nobody mends it line by line.
    """
    try:
        read = parse_what_can_be(content, shown, foreign=True)
        faults = read.faults
    except Faults as error:
        faults = tuple(error.faults)
    if not faults:
        return read.data
    try:
        if faults[0].code == "SD102":
            json.loads(content.decode("utf-8-sig"))
    except (json.JSONDecodeError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            line = error.doc.split("\n")[error.lineno - 1] if error.lineno <= error.doc.count("\n") + 1 else ""
            where = Location(shown, error.lineno, error.colno, line)
            cure = "export the map again as GeoJSON, whole and without comments"
            raise Faults([Fault("SD113", where, f"not JSON: {error.msg.lower()}", hint=cure)]) from None
    raise Faults(faults)


def scenario_of(data: dict[str, Any], shown: str) -> tuple[dict[str, Any], list[Fault]]:
    """The partial scenario that a FeatureCollection is, and what it says that a scenario cannot take (SD113)."""
    return _Reading(shown).collection(data)


class _Reading:
    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.faults: list[Fault] = []
        self.points = 0
        self.places: dict[Words, dict[Words, Any]] = {}
        self.areas: list[tuple[Words, dict[Words, Any], list[list[Ring]], Location | None, str]] = []

    def collection(self, data: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
        """All features, read."""
        features, top = data.get("features"), Location(self.shown, 1, 1)
        if data.get("type") != "FeatureCollection" or not isinstance(features, list):
            self._fault(top, "this is no GeoJSON FeatureCollection", '{"type": "FeatureCollection", "features": […]}')
            return {}, self.faults
        self._system(data.get("crs"))
        head = next((key.location for key in data if key == "features" and isinstance(key, Words)), top)
        for i, feature in enumerate(features, 1):
            kind = feature.get("type") if isinstance(feature, dict) else None
            if isinstance(feature, dict) and kind == "Feature":
                self._feature(i, feature)
                continue
            where = _place(feature) or head
            said = f"feature {i} is {f'a {kind}' if isinstance(kind, str) else 'no mapping with a type'}, not a Feature"
            cure = _CURES.get(str(kind), 'write {"type": "Feature", "properties": {"id": …}, "geometry": …}')
            self._fault(where, said, cure=cure)
        zones = dict(self._zones())
        made = {Words("places"): self.places, Words("zones"): zones}
        return {key: entries for key, entries in made.items() if entries}, self.faults

    def _system(self, crs: Any) -> None:
        """Refuses another reference system than longitude and latitude of WGS 84, the only one of RFC 7946 (4)."""
        told = crs.get("properties") if isinstance(crs, dict) else None
        name = told.get("name") if isinstance(told, dict) else None
        if isinstance(name, Words) and not ("CRS84" in name or "4326" in name):
            self._fault(name.location, f"the coordinates are in {name}", cure=_DEGREES)

    def _feature(self, i: int, feature: dict[str, Any]) -> None:
        told = feature.get("properties")
        properties: dict[str, Any] = told if isinstance(told, dict) else {}
        shape = feature.get("geometry")
        geometry: dict[str, Any] = shape if isinstance(shape, dict) else {}
        where = _place(feature) or Location(self.shown, 1, 1)
        called = properties.get("name")
        said = f"feature {i}" + (f" ('{called[:40]}')" if isinstance(called, str) else "")
        name = properties["id"] if "id" in properties else feature.get("id")
        if not isinstance(name, Words):
            near = (_named(called) if isinstance(called, str) else "") or "…"
            self._fault(where, f"{said} has no id", "a name of the language", f'write "id": "{near}" in its properties')
        elif NAME.fullmatch(name) is None:
            near = _named(name) or (_named(called) if isinstance(called, str) else "")
            cure = f'write "id": "{near}"' if near else "begin it with a letter"
            found = f"{said} has the id '{name[:60]}'"
            self.faults.append(Fault("SD212", name.location, found, "small letters, digits and _", cure))
        elif name in self.places or any(name == other for other, *_ in self.areas):
            self._fault(name.location, f"{said} has the id '{name}' of another feature", "an id of its own")
        elif geometry.get("type") == "Point":
            if (at := self._at(geometry.get("coordinates"), where, said)) is not None:
                kept = {Words(key): properties[key] for key in KEYS if properties.get(key) is not None}
                self.places[name] = {Words("at"): [at[1], at[0]], **kept}
        elif geometry.get("type") in ("Polygon", "MultiPolygon"):
            polygons, kind = geometry.get("coordinates"), str(geometry["type"])
            if _depth(polygons) != _DEEP[kind]:
                wanted = f"lists {_DEEP[kind]} deep: {'polygons of ' if kind == 'MultiPolygon' else ''}rings of points"
                self._fault(where, f"the coordinates of {said} are lists {_depth(polygons)} deep", wanted)
                return
            parts = [polygons] if kind == "Polygon" else polygons
            rings = [[self._ring(ring, where, said) for ring in part] for part in _lists(parts)]
            kept = {Words(key): properties[key] for key in ZONE_KEYS if properties.get(key) is not None}
            self.areas.append((name, kept, rings, name.location or where, said))
        else:
            found = f"{said} is a {geometry.get('type') or 'feature without geometry'}"
            expected = "a Point for a place, a Polygon or MultiPolygon for a zone"
            self._fault(where, found, expected, _CURES.get(str(geometry.get("type"))))

    def _at(self, written: Any, where: Location | None, said: str) -> tuple[Words, Words] | None:
        pair = written[:2] if isinstance(written, list) else []
        if len(pair) != 2 or not all(isinstance(one, Words) for one in pair):
            self._fault(where, f"{said} has no coordinates", "[longitude, latitude]")
            return None
        try:
            lon, lat = (float(one) for one in pair)
        except ValueError:
            lon = lat = math.nan
        self.points += 1
        if self.points > MOST_POINTS:
            if self.points == MOST_POINTS + 1:
                self._fault(where, f"more than {MOST_POINTS:,} points", cure="simplify the polygons")
            return None
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            return pair[0], pair[1]
        turned = "GeoJSON has the longitude first: exchange the two" if abs(lon) <= 90 and abs(lat) <= 180 else None
        turned = turned or (_DEGREES if max(abs(lon), abs(lat)) > 1000 else None)
        found = f"{said} lies at [{pair[0]}, {pair[1]}]"
        self._fault(pair[0].location, found, "[longitude -180..180, latitude -90..90]", turned)
        return None

    def _ring(self, written: Any, where: Location | None, said: str) -> Ring:
        ring: Ring = []
        for one in written if isinstance(written, list) else []:
            if (at := self._at(one, where, said)) is None:
                return []
            lon, lat = float(at[0]), float(at[1])
            # A step of more than half of the Earth goes by way of the date line.
            ring.append((lon if not ring else lon + 360 * round((ring[-1][0] - lon) / 360), lat))
        if len(ring) < 4:
            self._fault(where, f"{said} has a ring of {len(ring)} points", "four or more, the last as the first")
        elif ring[0][1] != ring[-1][1] or (ring[0][0] - ring[-1][0]) % 360:
            cure = "write its first point again at its end"
            self._fault(where, f"{said} has a ring that does not end where it begins", cure=cure)
        return ring

    def _zones(self) -> Iterator[tuple[Words, dict[Words, Any]]]:
        at = {name: (float(place["at"][1]), float(place["at"][0])) for name, place in self.places.items()}  # type: ignore[index]
        for name, kept, polygons, where, said in self.areas:
            inside = [place for place, point in at.items() if any(_holds(rings, point) for rings in polygons)]
            if not inside and not self.faults:
                cure = "give the places in it as points of the same file, or the zone by centre and radius"
                self._fault(where, f"no place of this file lies in {said}", cure=cure)
            yield name, {Words("places"): inside, **_outline(polygons, where), **kept}

    def _fault(self, where: Location | None, found: str, expected: str | None = None, cure: str | None = None) -> None:
        self.faults.append(Fault("SD113", where, found, expected=expected, hint=cure))


def _place(feature: Any) -> Location | None:
    keys = feature if isinstance(feature, dict) else ()
    return next((key.location for key in keys if isinstance(key, Words)), None)


def _named(text: str) -> str:
    """A name of the language that is as near to a text as can be; empty where there is none."""
    tidy = re.sub(r"[^a-z0-9]+", "_", text.lower()[:60]).strip("_")
    return tidy if NAME.fullmatch(tidy) else ""


def _depth(lists: Any) -> int:
    """How deep lists are nested, by the first item of each."""
    depth = 0
    while isinstance(lists, list):
        depth, lists = depth + 1, lists[0] if lists else None
    return depth


def _lists(parts: Any) -> list[list[Any]]:
    return [part for part in parts if isinstance(part, list)] if isinstance(parts, list) else []


def _outline(polygons: list[list[Ring]], where: Location | None) -> dict[Words, Any]:
    """The key of a zone that says what maps draw of it, as its author would write it: latitudes first."""
    area: Area = tuple(
        tuple(tuple((lat, lon) for lon, lat in ring[:-1]) for ring in rings if ring) for rings in polygons if rings
    )
    if not any(area):
        return {}
    drawn = thinned(tuple(polygon for polygon in area if polygon), MOST_CORNERS)
    written = [[[[Words(f"{one:.6g}", where) for one in at] for at in ring] for ring in polygon] for polygon in drawn]
    return {Words("area"): written}


def _holds(rings: list[Ring], at: tuple[float, float]) -> bool:
    """Whether a point lies in a polygon and in none of its holes: within an odd number of rings."""
    lon, lat = at
    return sum(any(_encloses(ring, lon + turn, lat) for turn in (-360, 0, 360)) for ring in rings) % 2 == 1


def _encloses(ring: Ring, lon: float, lat: float) -> bool:
    """Whether a ring crosses the parallel of a point an odd number of times to the east of it (Shimrat 1962).

    Edges are straight in longitude and latitude, as RFC 7946 (3.1.1) has them.
    """
    odd = False
    for (a, b), (c, d) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if (b > lat) != (d > lat):
            odd ^= lon < a + (lat - b) / (d - b) * (c - a)
    return odd
