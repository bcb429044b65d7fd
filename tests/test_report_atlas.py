"""The world under the map of any places: land is land, sea is sea, nothing runs across it, and it is small."""

from __future__ import annotations

import gzip
import json
import math
from functools import cache

import numpy as np
import pytest

from standoff.plain import as_plain
from standoff.report.atlas import SCALES, level
from standoff.report.ground import spots
from standoff.report.map_windows import LENGTHS, frame, sheets, small_sheet, together
from standoff.report.plane import circle, laid, lifted, plane_of
from standoff.report.render import page
from standoff.report.stage import Place, Point, Sheet
from tests.proofs import first_of

BAR = 512 * 1024
"""Bytes of a page without its data."""

CASES: dict[str, tuple[list[Point], list[Point], list[Point]]] = {
    "across the date line": (
        [(178.4, -18.1), (-179.9, -16.5), (-178.8, -18.2)], [(178.0, -17.8), (179.3, -16.6)], [(-179.5, -17.4)],
    ),
    "the Bering Strait": ([(-170, 65.9), (-168, 66.5), (-173.2, 64.6)], [(-172, 66.3), (-167, 65.4)], [(-169.5, 65.2)]),
    "nine kilometres apart": ([(179.9, 65.78), (-179.9, 65.75)], [(179.95, 65.76), (-179.95, 65.76)], []),
    "around the north pole": (
        [(-60, 81), (20, 80), (100, 79), (-150, 85)], [(-40, 79), (16, 78.9)], [(0, 88), (180, 88), (-100, 85)],
    ),
    "at the north pole": ([(0, 90)], [], [(40, 89.8), (-140, 89.8)]),
    "at the south pole": ([(0, -90)], [(40, -89.8), (-140, -89.8)], []),
    "around the south pole": (
        [(166.7, -77.8), (39, -69), (-68, -67)], [(0, -89), (179, -85), (-179.9, -85), (100, -75)], [(-40, -65)],
    ),
    "two islands": (
        [(-57.85, -51.7), (-59, -51.8), (-60.5, -51.5)], [(-58.6, -51.7), (-60.0, -51.8)], [(-59.45, -51.2)],
    ),
    "a single shoal": ([(117.77, 15.13)], [], [(117.5, 15.0), (118.1, 15.4)]),
    "a single town": ([(30.52, 50.45)], [(30.52, 50.45), (30.2, 50.7)], []),
    "a strait": ([(56.3, 26.6), (56.4, 27.2)], [(56.2, 27.25), (55.9, 26.8)], [(56.5, 26.6)]),
    "an ocean": (
        [(-77, 38.9), (37.6, 55.75), (-82.4, 23.1)], [(-100, 40), (2, 47), (-80, 22.4)], [(-40, 40), (3, 56.5)],
    ),
    "all continents": (
        [(-77, 38.9), (37.6, 55.75), (116.4, 39.9), (18.4, -33.9), (151, -33.8), (-58.4, -34.6)],
        [(-60, -10), (134, -25), (80, 22), (-100, 60)], [(-30, 0), (80, -20)],
    ),
    "far in the north": (
        [(-77, 38.9), (37.6, 55.75), (116.4, 39.9), (139.7, 35.7)], [(-40, 72), (-95, 55), (100, 65)],
        [(0, 88), (-30, 50)],
    ),
    "nowhere near land": ([(-140, 10), (-141, 11)], [], [(-140.5, 10.5)]),
}  # fmt: skip
"""Where places stand, what lies on land there, and what at sea."""


def _places(points: list[Point]) -> list[Place]:
    return [Place(id=f"p{i}", name="", at=at, kind="", country="", about="") for i, at in enumerate(points)]


@cache
def _widest(case: str) -> Sheet:
    return sheets(_places(CASES[case][0]))[-1]


def _on_land(sheet: Sheet, at: Point) -> bool:
    """Whether a point lies within an odd number of the rings of countries (Shimrat 1962)."""
    ground = sheet.ground
    x, y = laid(sheet.plane, at)
    x, y = (x - ground.left) / ground.unit, (y - ground.top) / ground.unit
    odd = False
    for land in ground.lands:
        for ring in spots(land.path) if land.kind == "country" else ():
            for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
                if (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a):
                    odd = not odd
    return odd


@pytest.mark.parametrize("case", CASES)
def test_land_is_land_and_sea_is_sea_wherever_the_places_are(case: str) -> None:
    sheet = _widest(case)
    _, land, sea = CASES[case]
    assert [at for at in land if not _on_land(sheet, at)] == []
    assert [at for at in sea if _on_land(sheet, at)] == []


@pytest.mark.parametrize("case", CASES)
def test_every_ring_and_line_stays_on_the_ground(case: str) -> None:
    """None runs out to where a plane ends, nor around the world to the other side of the date line."""
    sheet = _widest(case)
    ground = sheet.ground
    right, foot = np.array(next(spots(ground.known))).max(axis=0)
    points = np.array([at for land in ground.lands for line in spots(land.path) for at in line] or [(0, 0)])
    assert (points >= -1).all() and (points <= (max(right, foot) + 1)).all()


@pytest.mark.parametrize("case", ["across the date line", "the Bering Strait", "around the north pole"])
def test_no_line_runs_across_the_map_of_the_date_line(case: str) -> None:
    """No step along a ring or line is as long as half of the ground, but where the edge of the ground cuts a land."""
    ground = _widest(case).ground
    ends = np.array(next(spots(ground.known))).max(axis=0)
    for land in ground.lands:
        for line in spots(land.path):
            points = np.array(line)
            along = np.linalg.norm(np.diff(points, axis=0), axis=1)
            beside = (np.abs(points) <= 1) | (np.abs(points - ends) <= 1)
            cut = (beside[1:] & beside[:-1]).any(axis=1)
            assert (cut | (along < ends[0] / 2)).all(), land.name


@pytest.mark.parametrize("case", first_of(sorted(CASES, key=lambda case: case != "an ocean")))  # The largest first.
def test_a_page_without_data_stays_under_half_a_megabyte_with_any_map(case: str) -> None:
    """With both maps and a small one; what is compressed is a third longer in base 64."""
    places = _places(CASES[case][0])
    maps = [*sheets(places), small_sheet(places, range(len(places)))]
    for one, most in zip(maps, LENGTHS, strict=False):
        assert one is not None and sum(len(land.path) for land in one.ground.lands) <= most
    text = json.dumps(maps, default=as_plain)
    assert len(page()) + 4 / 3 * len(gzip.compress(text.encode("ascii"))) < BAR


def test_the_same_places_have_the_same_ground_to_the_byte() -> None:
    first, again = (_widest("a strait") for _ in range(2))
    level.cache_clear()
    assert first == again == _widest("a strait")


def test_a_finer_scale_lies_under_a_smaller_map() -> None:
    """Near Bandar Abbas the coast of the finest scale is drawn; under a map of all continents that of the coarsest."""
    assert [level(scale).step for scale in SCALES] == sorted(level(scale).step for scale in SCALES)
    near, far = (_widest(case).ground for case in ("a strait", "all continents"))
    kinds = [{land.kind for land in ground.lands} for ground in (near, far)]
    assert "province" in kinds[0] and "province" not in kinds[1]
    assert {"country", "border", "disputed", "lake", "river"} <= kinds[1]


def test_the_line_of_control_is_a_border_of_its_own_kind() -> None:
    sheet = sheets(_places([(76.13, 34.55), (75.8, 34.4)]))[0]
    assert "disputed" in {land.kind for land in sheet.ground.lands}
    borders = {land.kind for land in sheets(_places([(6.1, 49.6), (7.5, 50.0)]))[0].ground.lands}
    assert "border" in borders and "disputed" not in borders


@pytest.mark.parametrize("case", CASES)
def test_what_is_lifted_from_a_plane_is_what_was_laid(case: str) -> None:
    plane = _widest(case).plane
    for at in (*CASES[case][1], *CASES[case][2]):
        lon, lat = lifted(plane, np.array([laid(plane, at)]))[0].tolist()
        assert lat == pytest.approx(at[1], abs=1e-6) and (lon - at[0] + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_a_few_places_far_away_have_a_map_of_their_own() -> None:
    """Five places around Cuba, one in the Atlantic and one in Turkey; of three places none is far away."""
    cuba = [(-74.1, 20.2), (-83.1, 22.7), (-75.7, 21.0), (-82.8, 23.0), (-67.5, 24.0), (-40.0, 35.0), (35.4, 37.0)]
    assert together(dict(enumerate(cuba))) == [0, 1, 2, 3, 4]
    assert together(dict(enumerate(CASES["an ocean"][0]))) == [0, 1, 2]
    even = [(float(lon), float(lat)) for lon in range(30, 36) for lat in range(40, 44)]
    assert together(dict(enumerate(even))) == list(range(24))
    cyprus = [(33.36, 35.18), (33.32, 35.34), (33.30, 35.21), (33.95, 35.12), (32.42, 34.77), (33.63, 34.92)]
    assert together(dict(enumerate(cyprus))) == list(range(6)), "an island is seen whole"
    south = [(33.04, 34.68), (32.98, 34.59), (32.98, 35.2), (34.63, 36.8), (23.73, 37.98)]
    assert together(dict(enumerate([*cyprus, *south]))) == list(range(9)), "also where others are far away"
    assert sheets([]) == []
    assert [one.places for one in sheets(_places([*cuba[:4], cuba[-1]]))] == [[0, 1, 2, 3], [0, 1, 2, 3, 4]]


def test_places_close_together_have_room_around_them() -> None:
    posts: list[Point] = [(179.9, 65.78), (-179.9, 65.75)]
    west, south, east, north = sheets(_places(posts))[0].frame
    assert north - south == pytest.approx(3 * 0.2 * math.cos(math.radians(65.765)), rel=1e-6)
    assert west < 179.9 and east > 180.1 and frame(posts) == (179.9, 65.75, 180.1, 65.78)
    west, south, east, north = sheets(_places([(117.77, 15.13)]))[0].frame
    assert (round(north - south, 9), round((west + east) / 2, 9)) == (1.0, 117.77)


def test_a_circle_around_a_pole_is_round() -> None:
    """Its points had fallen together where the cosine of the latitude is none."""
    plane = plane_of((-180, 80, 179, 90))
    middle = laid(plane, (0, 90))
    far = [math.dist(laid(plane, at), middle) for at in circle((0, 90), 300)]
    assert max(far) == pytest.approx(min(far), rel=1e-4) and len({round(at[0]) for at in circle((0, 90), 300)}) > 60
