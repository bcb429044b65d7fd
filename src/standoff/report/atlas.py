"""The world as it is bundled, at three scales, and what of it lies in a window: land, water, borders and provinces.

The files are written by `tools/build_world.py`, which says what they are made of.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from standoff.report.stage import Box

SCALES = ("10m", "50m", "110m")
"""The finest first."""
LAYERS = ("country", "lake", "province", "river", "border", "disputed")
"""What lies over what: land below lines."""
FILLED = ("country", "lake")

Line = NDArray[np.float64]
"""Longitudes and latitudes, (points, 2)."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something on the ground in longitude and latitude: rings that are filled, or lines."""

    kind: str
    name: str
    closed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The world at one scale: points along arcs, lines made of arcs, and of which feature each line is a part."""

    step: float
    """Degrees that the whole numbers of `points` count."""
    points: NDArray[np.int32]
    """(points, 2), arc after arc."""
    starts: NDArray[np.int64]
    """(arcs + 1,): where each arc begins among the points."""
    refs: NDArray[np.int32]
    """The arcs of all lines; one below zero is the arc of its complement, backwards."""
    begins: NDArray[np.int64]
    """(lines + 1,): where each line begins among the refs."""
    owners: NDArray[np.int32]
    """(lines,), ascending."""
    boxes: NDArray[np.float64]
    """(lines, 4): west, south, east and north."""
    kinds: tuple[str, ...]
    names: tuple[str, ...]

    def many(self, window: Box) -> int:
        """How many points lie in a window."""
        return sum(int(np.count_nonzero(_inside(self.points, turned, self.step))) for turned in _turns(window))

    def features(self, window: Box) -> list[Feature]:
        """The features with the lines that may reach into a window, in the order in which they are drawn."""
        west, south, east, north = self.boxes.T
        near = np.zeros(len(self.owners), np.bool_)
        for left, low, right, high in _turns(window):
            near |= (west <= right) & (east >= left) & (south <= high) & (north >= low)
        found = []
        for owner, lines in groupby(np.flatnonzero(near).tolist(), key=lambda line: int(self.owners[line])):
            kind = self.kinds[owner]
            drawn = tuple(self._line(line) for line in lines)
            found.append(Feature(kind=kind, name=self.names[owner], closed=kind in FILLED, lines=drawn))
        return sorted(found, key=lambda one: LAYERS.index(one.kind))

    def _line(self, line: int) -> Line:
        parts: list[NDArray[np.int32]] = []
        for ref in self.refs[self.begins[line] : self.begins[line + 1]].tolist():
            arc = max(ref, ~ref)
            part = self.points[self.starts[arc] : self.starts[arc + 1]]
            part = part if ref >= 0 else part[::-1]
            parts.append(part[1:] if parts else part)
        placed: Line = np.concatenate(parts).astype(np.float64) * self.step
        return placed


def around(window: Box, most: int) -> list[Feature]:
    """What lies in a window, at the finest scale that has no more than so many points there."""
    levels = (level(scale) for scale in SCALES)
    last = level(SCALES[-1])
    return next((one for one in levels if one is last or one.many(window) <= most), last).features(window)


@cache
def level(scale: str) -> Level:
    """The world at a scale, which is read once."""
    data = files("standoff.report").joinpath(f"basemap/world-{scale}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as read:
        told = json.loads(read["told"].tobytes())
        sizes, arcs, refs = read["points"].astype(np.int64), read["arcs"].astype(np.int64), read["refs"]
        points = _points(read["steps"], read["first"], sizes)
        owners = read["owners"]
    starts, begins = _begins(sizes), _begins(arcs)
    least, most = (reduced.reduceat(points, starts[:-1]) for reduced in (np.minimum, np.maximum))
    of = np.where(refs < 0, ~refs, refs)
    corners = [np.minimum.reduceat(least[of], begins[:-1]), np.maximum.reduceat(most[of], begins[:-1])]
    return Level(
        step=told["step"], points=points, starts=starts, refs=refs, begins=begins, owners=owners,
        boxes=np.concatenate(corners, axis=1) * told["step"],
        kinds=tuple(told["kinds"]), names=tuple(told["names"]),
    )  # fmt: skip


def _points(halves: NDArray[np.uint8], first: NDArray[np.int32], sizes: NDArray[np.int64]) -> NDArray[np.int32]:
    """Points of differences: `halves` has the low bytes, then the high ones, of all steps right and of all up."""
    steps = np.ascontiguousarray(halves.transpose(0, 2, 1)).view("<i2")[:, :, 0].T
    begins = _begins(sizes)[:-1]
    moves = np.zeros((int(sizes.sum()), 2), np.int64)
    within = np.ones(len(moves), np.bool_)
    within[begins] = False
    moves[within] = steps
    walked = np.cumsum(moves, axis=0)
    placed: NDArray[np.int32] = (walked - np.repeat(walked[begins] - first, sizes, axis=0)).astype(np.int32)
    return placed


def _begins(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


def _turns(window: Box) -> Iterator[Box]:
    """A window at each turn of the Earth at which it meets longitudes from -180 to 180."""
    west, south, east, north = window
    for turn in (-360.0, 0.0, 360.0):
        if west + turn <= 180 and east + turn >= -180:
            yield west + turn, south, east + turn, north


def _inside(points: NDArray[np.int32], window: Box, step: float) -> NDArray[np.bool_]:
    west, south, east, north = (edge / step for edge in window)
    x, y = points.T
    inside: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside
