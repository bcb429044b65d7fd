"""The ground under a map: land, water and borders, cut to what the map can show and laid into its plane."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from standoff.report.plane import Projected, extent, graticule, laid_unrolled, rim
from standoff.report.stage import Box, Ground, Land, Plane, Point, Spot

ACROSS = 8192
"""Units along the longer side of the frame: a third of a pixel, or two of them on a map that is enlarged eightfold."""
BEYOND = 1.35
"""How far the ground reaches beyond what a window of any usual shape shows, so that it can be panned."""
SHAPES = (2.4, 1.2)
"""The widest window, by its height, and the highest by its width, that is reckoned with."""
FINEST = 1.0
"""Units that a point may lie off the line without which it is left out."""
BEND = 2.0
"""Degrees after which a straight line of the grid of degrees may have bent in the plane."""
POLE = 89.9
NAMED = 0.005
"""The part of the frame that a country must fill to be named."""

Line = list[Point]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something on the ground in longitude and latitude: rings that are filled, or lines."""

    kind: str
    name: str
    closed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A rectangle of a plane and the size of a unit in it."""

    left: float
    top: float
    right: float
    foot: float
    unit: float

    def spot(self, at: Point) -> Spot:
        """A point of the plane in whole units from the upper left corner."""
        return round((at[0] - self.left) / self.unit), round((at[1] - self.top) / self.unit)


def ground_of(
    features: Sequence[Feature], window: Box | None, frame: Box, plane: Plane, across: int = ACROSS
) -> Ground:
    """What lies under a map; `window` is the part of the world that the features tell of, None for none of it.

    `across` is how many units the longer side of the frame has: the fewer, the coarser the ground.
    """
    cut = _cut(frame, plane, across)
    known = [] if window is None else _known(window, plane, cut)
    lands = [land for one in features if (land := _land(one, frame, plane, cut)) is not None]
    whole = window is not None and _holds(window, frame)
    degrees = [] if whole else [_laid(line, plane) for line in graticule(frame)]
    return Ground(
        left=cut.left, top=cut.top, unit=cut.unit, window=window, whole=whole,
        known=_path([known], cut, closed=True) if known else "",
        degrees=_path([piece for line in degrees for piece in _pieces(line, cut)], cut, closed=False),
        lands=lands,
    )  # fmt: skip


def spots(path: str) -> Iterator[list[Spot]]:
    """The lines of a path of `Land`, as points in units."""
    for part in path.split("M")[1:]:
        numbers = [int(one) for one in part.rstrip("Z").replace("l", " ").split()]
        x, y = numbers[:2]
        line = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        yield line


def drawn(ground: Ground, path: str, project: Projected) -> Iterator[Line]:
    """The lines of a path as a map of some size has them; `project` leads from the plane."""
    for line in spots(path):
        yield [project((ground.left + ground.unit * x, ground.top + ground.unit * y)) for x, y in line]


def _cut(frame: Box, plane: Plane, across: int) -> Cut:
    (left, top), (right, foot) = extent(rim(plane, frame))
    wide, high = right - left, foot - top
    half_wide, half_high = BEYOND * max(wide, SHAPES[0] * high) / 2, BEYOND * max(high, SHAPES[1] * wide) / 2
    x, y = (left + right) / 2, (top + foot) / 2
    return Cut(x - half_wide, y - half_high, x + half_wide, y + half_high, max(wide, high) / across)


def _holds(window: Box, frame: Box) -> bool:
    return all(frame[i] >= window[i] and frame[i + 2] <= window[i + 2] for i in (0, 1))


def _known(window: Box, plane: Plane, cut: Cut) -> Line:
    west, south, east, north = window
    edge = [(west, north), (east, north), (east, south), (west, south), (west, north)]
    return _clipped(_laid(edge, plane), cut)


def _land(one: Feature, frame: Box, plane: Plane, cut: Cut) -> Land | None:
    turned = [line for ring in one.lines for line in _turned(ring, plane)]
    laid = [_laid(line, plane) for line in turned if _near(line, frame)]
    if one.closed:
        lines = [ring for line in laid if len(ring := _clipped(line, cut)) > 2]
    else:
        lines = [piece for line in laid for piece in _pieces(line, cut)]
    path = _path(lines, cut, closed=one.closed)
    if not path:
        return None
    return Land(kind=one.kind, name=one.name, path=path, label=_label(laid, frame, plane, cut) if one.name else None)


def _turned(line: Line, plane: Plane) -> Iterator[Line]:
    """A line without jumps at the date line, at each turn of the Earth at which the map may show it."""
    (before, level), turn, unrolled = line[0], 0.0, []
    for lon, lat in line:
        # The edge along a pole, with which sources close what lies around it, is as long as it says.
        if abs(lon - before) > 180 and max(abs(lat), abs(level)) < POLE:
            turn += 360 if lon < before else -360
        before, level = lon, lat
        unrolled.append((lon + turn, lat))
    least, most = min(lon for lon, _ in unrolled), max(lon for lon, _ in unrolled)
    for turn in (-360.0, 0.0, 360.0):
        if least + turn < plane.middle + 180 and most + turn > plane.middle - 180:
            yield [(lon + turn, lat) for lon, lat in unrolled] if turn else unrolled


def _near(line: Line, frame: Box) -> bool:
    """Whether a line may lie on the map at all: what is far from the frame need not be laid into the plane."""
    west, south, east, north = frame
    reach = 4 * max(east - west, north - south, 1.0)
    lons, lats = [lon for lon, _ in line], [lat for _, lat in line]
    beside = max(lons) > west - reach and min(lons) < east + reach
    return beside and max(lats) > south - reach and min(lats) < north + reach


def _laid(line: Line, plane: Plane) -> Line:
    """A line in the plane, with points between those that lie far apart."""
    placed: Line = [laid_unrolled(plane, _kept(line[0], plane))] if line else []
    for before, after in pairwise(line):
        steps = max(1, math.ceil(max(abs(after[0] - before[0]), abs(after[1] - before[1])) / BEND))
        for i in range(1, steps + 1):
            share = i / steps
            at = (before[0] + (after[0] - before[0]) * share, before[1] + (after[1] - before[1]) * share)
            placed.append(laid_unrolled(plane, _kept(at, plane)))
    return placed


def _kept(at: Point, plane: Plane) -> Point:
    """A point no farther from the middle than the back of the Earth, where the plane ends."""
    return max(plane.middle - 180, min(plane.middle + 180, at[0])), max(-89.0, min(89.0, at[1]))


def _clipped(ring: Line, cut: Cut) -> Line:
    """A closed ring cut to a rectangle (Sutherland and Hodgman 1974)."""
    for axis, edge, inward in ((0, cut.left, 1), (0, cut.right, -1), (1, cut.top, 1), (1, cut.foot, -1)):
        kept: Line = []
        for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            if (inward * (here[axis] - edge) >= 0) != (inward * (there[axis] - edge) >= 0):
                share = (edge - here[axis]) / (there[axis] - here[axis])
                kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
            if inward * (there[axis] - edge) >= 0:
                kept.append(there)
        ring = kept
    return ring


def _pieces(line: Line, cut: Cut) -> Iterator[Line]:
    """The pieces of a line in a rectangle, with one point beyond it at each end so that they reach the edge."""
    piece: Line = []
    before: Point | None = None
    for at in line:
        if cut.left <= at[0] <= cut.right and cut.top <= at[1] <= cut.foot:
            if not piece and before is not None:
                piece.append(before)
            piece.append(at)
        elif piece:
            yield [*piece, at]
            piece = []
        before = at
    if len(piece) > 1:
        yield piece


def _path(lines: Sequence[Line], cut: Cut, *, closed: bool) -> str:
    """Lines as an SVG path in units: where each begins, then steps; what nobody could see is left out."""
    parts = []
    for line in lines:
        points = [cut.spot(at) for at in _thinned(line, FINEST * cut.unit)]
        steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points) if (a, b) != (x, y)]
        if len(steps) > (1 if closed else 0):
            walk = " ".join(f"{dx} {dy}" for dx, dy in steps)
            parts.append(f"M{points[0][0]} {points[0][1]}l{walk}{'Z' if closed else ''}")
    return "".join(parts)


def _thinned(line: Line, within: float) -> Line:
    """A line without the points that lie so near it without them (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    # A ring ends where it begins: its two halves are thinned, or all of it would be measured from one point.
    middle = len(line) // 2
    keep[middle] = True
    stretches = [(0, middle), (middle, len(line) - 1)]
    while stretches:
        first, last = stretches.pop()
        far, at = 0.0, first
        for i in range(first + 1, last):
            if (off := _off(line[i], line[first], line[last])) > far:
                far, at = off, i
        if far > within:
            keep[at] = True
            stretches += [(first, at), (at, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _off(at: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    share = 0.0 if long == 0 else max(0.0, min(1.0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / long))
    return math.hypot(at[0] - a[0] - share * dx, at[1] - a[1] - share * dy)


def _label(rings: Sequence[Line], frame: Box, plane: Plane, cut: Cut) -> Spot | None:
    """Where the name of a country goes: the middle of its largest part within the frame, if that is not too small."""
    (left, top), (right, foot) = extent(rim(plane, frame))
    inside = Cut(left, top, right, foot, cut.unit)
    best, spot = NAMED * (right - left) * (foot - top), None
    for ring in rings:
        part = _clipped(ring, inside)
        area, middle = _middle(part)
        if area > best:
            best, spot = area, middle
    return None if spot is None else cut.spot(spot)


def _middle(ring: Line) -> tuple[float, Point]:
    """The area of a ring and its centroid."""
    twice = x = y = 0.0
    for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        twice += cross
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return (abs(twice) / 2, (x / (3 * twice), y / (3 * twice))) if twice else (0.0, (0.0, 0.0))
