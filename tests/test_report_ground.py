"""The ground under a map: cut, laid into a plane and thinned without moving what can be seen."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.geography import EARTH_RADIUS_KM, great_circle_km
from standoff.report.atlas import Feature
from standoff.report.ground import ACROSS, PATCHES, drawn, ground_of, spots
from standoff.report.map_windows import small_sheet
from standoff.report.plane import fitted, laid, plane_of, rim
from standoff.report.stage import Box, Place, Point

FRAMES: list[Box] = [
    (35, 31, 44, 38), (179.9, 65.75, 180.1, 65.78), (-85, -12, -60, 12), (-75, -54, -60, -20), (10, 69, 40, 74),
]  # fmt: skip
"""The Levant, the Bering Strait, a sea on the equator, the far south and the far north."""
LATS = st.floats(-60, 60)


def _feature(*lines: list[Point], kind: str = "country", name: str = "It") -> Feature:
    return Feature(kind=kind, name=name, closed=kind in ("country", "lake"), lines=tuple(map(np.array, lines)))


@pytest.mark.parametrize("frame", FRAMES)
def test_a_plane_is_conformal_and_true_to_scale_on_its_parallels(frame: Box) -> None:
    """Lambert's cone and Mercator's cylinder keep angles: a small step north is as long as one east of as many km."""
    plane = plane_of(frame)
    west, south, east, north = frame
    for lat in (south, (south + north) / 2, north):
        here = ((west + east) / 2, lat)
        up, right = (here[0], lat + 1e-4), (here[0] + 1e-4 / math.cos(math.radians(lat)), lat)
        steps = [math.dist(laid(plane, here), laid(plane, there)) for there in (up, right)]
        assert steps[0] == pytest.approx(steps[1], rel=1e-4)
    if plane.shape == "cone":
        low = south - 0.25 + (north - south + 0.5) / 6
        a, b = (west, low), (west + 1e-3, low)
        flat = math.dist(laid(plane, a), laid(plane, b)) * EARTH_RADIUS_KM
        assert flat == pytest.approx(great_circle_km((low, west), (low, west + 1e-3)), rel=1e-4)


def test_a_land_across_the_date_line_is_drawn_on_both_sides_in_one_piece() -> None:
    """As sources have it: cut at 180 degrees, or with a jump there."""
    west, east = [(178, 64), (180, 64), (180, 67), (178, 67)], [(-180, 64), (-178, 64), (-178, 67), (-180, 67)]
    cut = _feature([*west, west[0]], [*east, east[0]])
    jump = _feature([(178, 64), (-178, 64), (-178, 67), (178, 67), (178, 64)])
    frame: Box = (179, 65, 181, 66)
    plane = plane_of(frame)
    for one in (cut, jump):
        ground = ground_of([one], frame, plane)
        (land,) = ground.lands
        xs = [x * ground.unit + ground.left for line in spots(land.path) for x, _ in line]
        assert min(xs) < laid(plane, (178.5, 65))[0] and max(xs) > laid(plane, (-178.5, 65))[0]
        assert max(xs) - min(xs) < 0.3, "no line around the world"
        assert land.label is not None


@pytest.mark.parametrize("frame", [*FRAMES, (-170, -60, 170, 80), (-30, 70, 30, 90)])
def test_what_is_far_from_the_map_is_cut_off(frame: Box) -> None:
    everywhere = _feature([(-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)])
    plane = plane_of(frame)
    ground = ground_of([everywhere], frame, plane)
    points = [at for land in ground.lands for line in spots(land.path) for at in line]
    assert points and all(-1 <= value <= 4 * ACROSS for at in points for value in at)
    corners = rim(plane, frame)
    for x, y in corners:
        assert min(a for a, _ in points) * ground.unit + ground.left <= x + 1e-6
        assert max(b for _, b in points) * ground.unit + ground.top >= y - 1e-6


@given(st.lists(st.tuples(st.floats(35, 44), st.floats(31, 38)), min_size=3, max_size=60))
def test_thinning_moves_no_line_by_more_than_a_unit_or_two(line: list[tuple[float, float]]) -> None:
    """A point that is left out lies within one unit of the line, and rounding moves a point by less than one."""
    frame = FRAMES[0]
    plane = plane_of(frame)
    ground = ground_of([_feature(line, kind="river", name="")], frame, plane)
    kept = [at for land in ground.lands for piece in spots(land.path) for at in piece]
    pieces = [piece for land in ground.lands for piece in spots(land.path)]
    for point in line:
        x, y = laid(plane, point)
        x, y = (x - ground.left) / ground.unit, (y - ground.top) / ground.unit
        assert min((_off((x, y), *ends) for piece in pieces for ends in pairwise(piece)), default=0) < 2
    assert len(kept) <= 40 * len(line)


def test_every_tooth_of_five_units_is_kept_and_those_of_half_a_unit_are_not() -> None:
    plane = plane_of(FRAMES[0])
    unit = ground_of([], FRAMES[0], plane).unit
    degree = (laid(plane, (40, 34))[1] - laid(plane, (40, 35))[1]) / unit

    def kept(high: float) -> int:
        lines = [[(36 + i / 10, south + i % 2 * high / degree) for i in range(60)] for south in (33, 36)]
        ground = ground_of([_feature(*lines, kind="river", name="")], FRAMES[0], plane)
        return sum(len(piece) for land in ground.lands for piece in spots(land.path))

    assert kept(5) == 2 * 60
    assert kept(0.5) < 2 * 30


def _off(at: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    share = 0.0 if long == 0 else max(0.0, min(1.0, ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / long))
    return math.hypot(at[0] - a[0] - share * dx, at[1] - a[1] - share * dy)


def test_lines_that_begin_far_apart_are_drawn_apart_and_none_is_lost() -> None:
    """A browser draws a map in tiles, and goes through all of a path for each tile that the path touches."""
    rows = [[(west + i / 100, south) for i in range(8)] for west in range(35, 44) for south in range(31, 38)]
    ground = ground_of([_feature(*rows, kind="province", name="")], FRAMES[0], plane_of(FRAMES[0]))
    apart = [list(spots(land.path)) for land in ground.lands]
    assert sum(len(lines) for lines in apart) == len(rows) and len(apart) >= PATCHES**2 // 2
    for lines in apart:
        for axis in (0, 1):
            assert len({line[0][axis] * PATCHES // ACROSS for line in lines}) == 1


def test_only_a_country_that_fills_a_part_of_the_map_is_named() -> None:
    large = _feature([(36, 32), (43, 32), (43, 37), (36, 37), (36, 32)])
    small = _feature([(36, 32), (36.2, 32), (36.2, 32.2), (36, 32.2), (36, 32)])
    ground = ground_of([large, small], FRAMES[0], plane_of(FRAMES[0]))
    assert [land.label is not None for land in ground.lands] == [True, False]
    x, y = ground.lands[0].label or (0, 0)
    on = laid(plane_of(FRAMES[0]), (39.5, 34.5))
    assert math.dist((x * ground.unit + ground.left, y * ground.unit + ground.top), on) < 0.003


def test_paths_are_drawn_where_their_points_are_projected() -> None:
    plane = plane_of(FRAMES[0])
    ring = [(36.0, 32.0), (43.0, 32.0), (43.0, 37.0), (36.0, 32.0)]
    ground = ground_of([_feature(ring)], FRAMES[0], plane)
    on_paper = fitted(plane, rim(plane, FRAMES[0]), 0, 0, 900, 560)
    (line,) = drawn(ground, ground.lands[0].path, on_paper)
    for point in ring:
        assert min(math.dist(on_paper(laid(plane, point)), at) for at in line) < 0.2


def test_a_small_map_has_little_ground_and_only_places_of_the_first_map() -> None:
    def place(name: str, at: tuple[float, float] | None) -> Place:
        return Place(id=name, name=name, at=at, kind="town", country="", about="")

    near = [place("a", (40.0, 34.0)), place("b", (41.0, 35.0)), place("c", (40.5, 34.0))]
    places = [*near, place("far", (52.0, 35.0)), place("none", None)]
    sheet = small_sheet(places, [0, 1, 3, 4])
    assert sheet is not None and sheet.places == [0, 1]
    assert 0 < sum(len(land.path) for land in sheet.ground.lands) < 6000
    assert "province" not in {land.kind for land in sheet.ground.lands}
    assert small_sheet(places, [4]) is None
