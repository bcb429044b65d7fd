"""The ground under a map: land, water and borders, cut to what the map can show and laid into its plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from standoff.report.atlas import Feature, Line
from standoff.report.plane import WIDEST, Projected, extent, graticule, is_polar, laid_unrolled, lifted, rim
from standoff.report.stage import Box, Ground, Land, Plane, Point, Spot

ACROSS = 8192
"""Units along the longer side of the frame: a third of a pixel, or two of them on a map that is enlarged eightfold."""
BEYOND = 1.35
"""How far the ground reaches beyond what a window of any usual shape shows, so that it can be panned."""
SHAPES = (2.4, 1.2)
"""The widest window, by its height, and the highest by its width, that is reckoned with."""
FINEST = 1.0
"""Units that a point may lie off the line without which it is left out."""
COARSER = 1.2
"""How much more may be left out at each try, where the ground is too long."""
LETTERS = 5
"""Characters of a point of a path, or more."""
BEND = 2.0
"""Degrees after which a straight line of the grid of degrees may have bent in the plane of a large map."""
SMOOTH = 6.0
"""Parts of the frame after which it may have bent on a small one."""
POLE = 89.9
NAMED = 0.005
"""The part of the frame that a country must fill to be named."""
PATCHES = 4
"""Patches along the longer side of the frame: lines that begin in one share a path, so that a browser, which draws in
tiles, goes through the lines near a tile and not through those of half a continent."""
EDGE = 32
"""Points along each edge of the ground by which it is known what part of the world it shows."""


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

    def holds(self, at: Point) -> bool:
        """Whether a point lies in the rectangle."""
        return self.left <= at[0] <= self.right and self.top <= at[1] <= self.foot


@dataclass(frozen=True, slots=True)
class Laid:
    """A feature in the plane, cut; `off` says of each point of each line how far the line would move without it."""

    feature: Feature
    lines: list[Line]
    off: list[NDArray[np.float64]]
    label: Spot | None

    def path(self, cut: Cut, within: float) -> str:
        """Its lines without the points that move them by no more than so much."""
        kept = [line[off > within] for line, off in zip(self.lines, self.off, strict=True)]
        return _path(kept, cut, closed=self.feature.closed)


def ground_of(features: Sequence[Feature], frame: Box, plane: Plane, across: int = ACROSS, most: int = 0) -> Ground:
    """What lies under a map.

    `across` is how many units the longer side of the frame has: the fewer, the coarser the ground. It is made coarser
    still until all paths together have no more than `most` characters, where `most` is given.
    """
    cut = _cut(frame, plane, across)
    bend = max(0.05, min(BEND, max(frame[2] - frame[0], frame[3] - frame[1]) / SMOOTH))
    lands = _lands(features, frame, plane, cut, bend)
    placed = [part for one in lands for part in _by_patch(one, cut, across)]
    within = FINEST * cut.unit
    off = np.concatenate([np.zeros(1), *(line for one in placed for line in one.off)])
    while most and LETTERS * np.count_nonzero(off > within) > most:
        within *= COARSER
    paths = [one.path(cut, within) for one in placed]
    while most and sum(map(len, paths)) > most:
        within *= COARSER
        paths = [one.path(cut, within) for one in placed]
    shown = [
        Land(kind=one.feature.kind, name=one.feature.name, path=path, label=one.label)
        for one, path in zip(placed, paths, strict=True)
        if path
    ]
    bare = frame[2] - frame[0] > WIDEST or not any(land.label is not None for land in shown)
    degrees = [_laid(line, plane, bend) for line in graticule(frame, plane)] if bare else []
    return Ground(
        left=cut.left, top=cut.top, unit=cut.unit,
        known=_path([_known(plane, cut, bend)], cut, closed=True),
        degrees=_path([piece for line in degrees for piece in _pieces(line, cut)], cut, closed=False),
        lands=shown,
    )  # fmt: skip


def window_of(frame: Box, plane: Plane) -> Box:
    """The part of the world that the ground under a map shows: a box that may lie across the date line."""
    cut = _cut(frame, plane, ACROSS)
    shares = np.linspace(0.0, 1.0, EDGE + 1)
    xs, ys = cut.left + shares * (cut.right - cut.left), cut.top + shares * (cut.foot - cut.top)
    rows = [np.column_stack([xs, np.full(len(xs), y)]) for y in (cut.top, cut.foot)]
    columns = [np.column_stack([np.full(len(ys), x), ys]) for x in (cut.left, cut.right)]
    (west, south), (east, north) = (
        edge(lifted(plane, np.concatenate([*rows, *columns])), axis=0).tolist() for edge in (np.min, np.max)
    )
    if plane.shape == "cone" and cut.holds((0.0, 0.0)):
        west, east = plane.middle - 180, plane.middle + 180
        south, north = (south, 90.0) if plane.cone > 0 else (-90.0, north)
    # An edge bends between its points, and most does the lowest parallel.
    spare = (north - south) / EDGE
    return west - spare, south - spare, east + spare, north + spare


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


def drawn(ground: Ground, path: str, project: Projected) -> Iterator[list[Point]]:
    """The lines of a path as a map of some size has them; `project` leads from the plane."""
    for line in spots(path):
        yield [project((ground.left + ground.unit * x, ground.top + ground.unit * y)) for x, y in line]


def _cut(frame: Box, plane: Plane, across: int) -> Cut:
    (left, top), (right, foot) = extent(rim(plane, frame))
    wide, high = right - left, foot - top
    half_wide, half_high = BEYOND * max(wide, SHAPES[0] * high) / 2, BEYOND * max(high, SHAPES[1] * wide) / 2
    x, y = (left + right) / 2, (top + foot) / 2
    return Cut(x - half_wide, y - half_high, x + half_wide, y + half_high, max(wide, high) / across)


def _known(plane: Plane, cut: Cut, bend: float) -> Line:
    """All of the world, cut: of a plane seen from above a pole there is nothing else, any other has an end."""
    if is_polar(plane):
        return np.array([(cut.left, cut.top), (cut.right, cut.top), (cut.right, cut.foot), (cut.left, cut.foot)])
    west, east = plane.middle - 180, plane.middle + 180
    edge = np.array([(west, 90.0), (east, 90.0), (east, -90.0), (west, -90.0), (west, 90.0)])
    return _clipped(_laid(edge, plane, bend), cut)


def _lands(features: Sequence[Feature], frame: Box, plane: Plane, cut: Cut, bend: float) -> Iterator[Laid]:
    """Features in the plane, cut. How much each point matters is worked out for the lines of all of them at once."""
    lines = [_lines(one, plane, cut, bend) for one in features]
    off = iter(_importance([line for some in lines for line in some], FINEST * cut.unit))
    for one, some in zip(features, lines, strict=True):
        label = _label(some, frame, plane, cut) if one.name else None
        yield Laid(one, some, list(islice(off, len(some))), label)


def _lines(one: Feature, plane: Plane, cut: Cut, bend: float) -> list[Line]:
    laid = (_laid(line, plane, bend) for ring in one.lines for line in _turned(ring, plane))
    if one.closed:
        return [ring for line in laid if len(ring := _clipped(line, cut)) > 2]
    return [piece for line in laid for piece in _pieces(line, cut)]


def _by_patch(land: Laid, cut: Cut, across: int) -> Iterator[Laid]:
    """Lines by where they begin; what is closed stays whole, since a ring may be a hole in another."""
    if land.feature.closed:
        if land.lines:
            yield land
        return
    patches: dict[tuple[int, int], list[int]] = {}
    for i, line in enumerate(land.lines):
        x, y = cut.spot((line[0][0], line[0][1]))
        patches.setdefault((x * PATCHES // across, y * PATCHES // across), []).append(i)
    for _, some in sorted(patches.items()):
        yield Laid(land.feature, [land.lines[i] for i in some], [land.off[i] for i in some], None)


def _turned(line: Line, plane: Plane) -> Iterator[Line]:
    """A line without jumps at the date line, at each turn of the Earth at which the map may show it."""
    line = np.asarray(line, np.float64)
    if is_polar(plane):
        yield line
        return
    step, high = np.diff(line[:, 0]), np.abs(line[:, 1])
    # The edge along a pole, with which sources close what lies around it, is as long as it says.
    jumps = (np.abs(step) > 180) & (np.maximum(high[1:], high[:-1]) < POLE)
    lons = line[:, 0] + np.concatenate([[0.0], np.cumsum(np.where(jumps, -360 * np.sign(step), 0.0))])
    for turn in (-360.0, 0.0, 360.0):
        if lons.min() + turn < plane.middle + 180 and lons.max() + turn > plane.middle - 180:
            # The plane ends at the back of the Earth.
            across = np.clip(lons + turn, plane.middle - 180, plane.middle + 180)
            yield np.column_stack([across, line[:, 1]])


def _laid(line: Line, plane: Plane, bend: float) -> Line:
    """A line in the plane, with points between those that lie far apart."""
    steps = np.diff(line, axis=0)
    parts = np.maximum(1, np.ceil(np.abs(steps).max(axis=1) / bend)).astype(np.int64)
    ends = np.cumsum(parts)
    of = np.repeat(np.arange(len(steps)), parts)
    share = (np.arange(ends[-1]) - (ends - parts)[of] + 1) / parts[of]
    between = line[of] + steps[of] * share[:, None]
    return laid_unrolled(plane, np.concatenate([line[:1], between]))


def _clipped(ring: Line, cut: Cut) -> Line:
    """A closed ring cut to a rectangle (Sutherland and Hodgman 1974)."""
    for axis, edge, inward in ((0, cut.left, 1), (0, cut.right, -1), (1, cut.top, 1), (1, cut.foot, -1)):
        there = np.roll(ring, -1, axis=0)
        within = inward * (ring[:, axis] - edge) >= 0
        if within.all():
            continue
        goes_on = np.roll(within, -1)
        if not goes_on.any():
            return ring[:0]
        crosses = within != goes_on
        far = np.where(crosses, there[:, axis] - ring[:, axis], 1.0)
        share = (edge - ring[:, axis]) / far
        crossing = ring + share[:, None] * (there - ring)
        kept = np.column_stack([crosses, goes_on]).ravel()
        ring = np.stack([crossing, there], axis=1).reshape(-1, 2)[kept]
    return ring


def _pieces(line: Line, cut: Cut) -> Iterator[Line]:
    """The pieces of a line in a rectangle (Liang and Barsky 1984)."""
    if (line.max(axis=0) < (cut.left, cut.top)).any() or (line.min(axis=0) > (cut.right, cut.foot)).any():
        return
    if ((line >= (cut.left, cut.top)) & (line <= (cut.right, cut.foot))).all():
        yield line
        return
    here, step = line[:-1], np.diff(line, axis=0)
    first, last = np.zeros(len(here)), np.ones(len(here))
    for axis, low, high in ((0, cut.left, cut.right), (1, cut.top, cut.foot)):
        moves = step[:, axis] != 0
        by = np.where(moves, step[:, axis], 1.0)
        meets = np.stack([(low - here[:, axis]) / by, (high - here[:, axis]) / by])
        beside = (here[:, axis] < low) | (here[:, axis] > high)
        first = np.maximum(first, np.where(moves, meets.min(axis=0), np.where(beside, 2.0, 0.0)))
        last = np.minimum(last, np.where(moves, meets.max(axis=0), np.where(beside, -1.0, 1.0)))
    seen = np.flatnonzero(first < last)
    for some in np.split(seen, np.flatnonzero((np.diff(seen) != 1) | (last[seen[:-1]] < 1)) + 1):
        if len(some):
            a, b = some[0], some[-1]
            ends = [here[a] + first[a] * step[a], here[b] + last[b] * step[b]]
            yield np.concatenate([ends[:1], line[a + 1 : b + 1], ends[1:]])


def _path(lines: Sequence[Line], cut: Cut, *, closed: bool) -> str:
    """Lines as an SVG path in units: where each begins, then steps."""
    parts = []
    for line in lines:
        points = np.rint((line - (cut.left, cut.top)) / cut.unit).astype(np.int64)
        steps = np.diff(points, axis=0)
        steps = steps[steps.any(axis=1)]
        if len(steps) > (1 if closed else 0):
            walk = " ".join(map(str, steps.ravel().tolist()))
            parts.append(f"M{points[0][0]} {points[0][1]}l{walk}{'Z' if closed else ''}")
    return "".join(parts)


def _importance(lines: Sequence[Line], within: float) -> list[NDArray[np.float64]]:
    """How far off the line each point lies at which it is cut in two, again and again (Douglas and Peucker 1973).

    A point that is less than `within` off has 0; one is never more important than that which was cut at before it. The
    ends and the middle, without which a ring would be none, always stay. All stretches of all lines are cut at once.
    """
    if not lines:
        return []
    points = np.concatenate(lines)
    ends = np.cumsum([len(line) for line in lines])
    begins = np.concatenate([[0], ends[:-1]])
    middles = begins + (ends - begins) // 2
    off = np.zeros(len(points))
    off[np.concatenate([begins, middles, ends - 1])] = np.inf
    first, last = np.concatenate([begins, middles]), np.concatenate([middles, ends - 1])
    before = np.full(len(first), np.inf)
    while (long := last - first > 1).any():
        first, last, before = first[long], last[long], before[long]
        at, farthest = _farthest(points, first, last)
        far = np.minimum(before, farthest)
        cut = far > within
        at, far = at[cut], far[cut]
        off[at] = far
        first, last = np.concatenate([first[cut], at]), np.concatenate([at, last[cut]])
        before = np.concatenate([far, far])
    return np.split(off, ends[:-1])


def _farthest(
    points: Line, first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each stretch of points the one, (stretches,), that lies farthest from the line between its ends, and how far.

    A stretch has a point between its ends at least; of several as far off it is the first.
    """
    inner = last - first - 1
    begins = np.cumsum(inner) - inner
    of = np.repeat(np.arange(len(inner)), inner)
    at = np.arange(len(of)) + (first + 1 - begins)[of]
    (ax, ay), (x, y) = points[first].T, points[at].T
    dx, dy = (points[last] - points[first]).T
    square = dx * dx + dy * dy
    out_x, out_y = x - ax[of], y - ay[of]
    share = np.clip((out_x * dx[of] + out_y * dy[of]) / np.where(square > 0, square, 1.0)[of], 0.0, 1.0)
    away = np.hypot(out_x - share * dx[of], out_y - share * dy[of])
    farthest = np.maximum.reduceat(away, begins)
    there = np.flatnonzero(away == farthest[of])
    return at[there[np.unique(of[there], return_index=True)[1]]], farthest


def _label(rings: Sequence[Line], frame: Box, plane: Plane, cut: Cut) -> Spot | None:
    """Where the name of a country goes: the middle of its largest part within the frame, if that is not too small."""
    (left, top), (right, foot) = extent(rim(plane, frame))
    inside = Cut(left, top, right, foot, cut.unit)
    best, spot = NAMED * (right - left) * (foot - top), None
    for ring in rings:
        wide, high = np.ptp(ring, axis=0).tolist()
        if wide * high > best and len(part := _clipped(ring, inside)) > 2:
            area, middle = _middle(part)
            if area > best:
                best, spot = area, middle
    return None if spot is None else cut.spot(spot)


def _middle(ring: Line) -> tuple[float, Point]:
    """The area of a ring and its centroid."""
    near = ring - ring[0]
    there = np.roll(near, -1, axis=0)
    cross = near[:, 0] * there[:, 1] - there[:, 0] * near[:, 1]
    twice = float(cross.sum())
    if not twice:
        return 0.0, (0.0, 0.0)
    x, y = (ring[0] + ((near + there) * cross[:, None]).sum(axis=0) / (3 * twice)).tolist()
    return abs(twice) / 2, (x, y)
