"""GeoJSON that a scenario includes: points are places, polygons zones; whatever else it says is told, or left alone."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.errors import Faults
from standoff.scenario.reading.geojson import MOST_CORNERS, read_map, scenario_of
from standoff.scenario.reading.source import read
from standoff.scenario.reading.yaml_reader import parse_what_can_be

MAIN = "standoff: 1\ntitle: It\nstarts: 2020-01-01\nends: 2020-01-02\ninclude: map.geojson\n"
BOX = [[179, 65], [-179, 65], [-179, 66], [179, 66], [179, 65]]
HOLE = [[-179.95, 65.7], [-179.85, 65.7], [-179.85, 65.8], [-179.95, 65.8], [-179.95, 65.7]]


def _feature(shape: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


def _made(*features: Any, **more: Any) -> tuple[dict[str, Any], list[str]]:
    text = json.dumps({"type": "FeatureCollection", **more, "features": features}, indent=1)
    made, faults = scenario_of(parse_what_can_be(text.encode("utf-8"), "map.geojson", foreign=True).data, "map.geojson")
    return made, [fault.found for fault in faults]


def _inside(shape: str, coordinates: Any, **points: list[float]) -> list[str]:
    made, faults = _made(
        *(_feature("Point", at, id=name) for name, at in points.items()), _feature(shape, coordinates, id="z")
    )
    assert faults == []
    return [str(place) for place in made["zones"]["z"]["places"]]


def test_a_zone_holds_the_places_in_its_polygon_by_way_of_the_date_line_and_not_those_in_its_holes() -> None:
    points = {
        "west": [179.9, 65.5],
        "east": [-179.5, 65.5],
        "hole": [-179.9, 65.75],
        "off": [178.9, 65.5],
        "far": [0, 65.5],
    }
    assert _inside("Polygon", [BOX, HOLE], **points) == ["west", "east"]
    assert _inside("Polygon", [BOX], **points) == ["west", "east", "hole"]
    cut = [
        [[[179, 65], [180, 65], [180, 66], [179, 66], [179, 65]]],
        [[[-180, 65], [-179, 65], [-179, 66], [-180, 66], [-180, 65]]],
    ]
    assert _inside("MultiPolygon", cut, **points) == ["west", "east", "hole"]
    east = [[[lon + 360 if lon < 0 else lon, lat] for lon, lat in BOX]]
    assert "west" not in _made(_feature("Polygon", east, id="z"))[0]  # beyond 180 degrees: refused
    assert _made(_feature("Polygon", east, id="z"))[1][0] == "feature 1 lies at [181, 65]"


def test_a_zone_keeps_its_outline_latitude_first_in_one_piece_and_thinned() -> None:
    made, _ = _made(_feature("Point", [179.9, 65.5], id="a"), _feature("Polygon", [BOX, HOLE], id="z"))
    outer, hole = made["zones"]["z"]["area"][0]
    assert outer == [["65", "179"], ["65", "181"], ["66", "181"], ["66", "179"]]
    assert hole[0] == ["65.7", "-179.95"] and len(hole) == 4
    round_ = [[10 * math.cos(i / 500), 10 * math.sin(i / 500)] for i in range(3142)]
    made, _ = _made(_feature("Point", [0, 0], id="a"), _feature("Polygon", [[*round_, round_[0]]], id="z"))
    assert 100 < len(made["zones"]["z"]["area"][0][0]) <= MOST_CORNERS


def test_only_properties_with_the_name_of_a_key_are_taken() -> None:
    made, faults = _made(
        _feature("Point", [44.2, 36.1, 390], id="erbil", name="Erbil", kind="city", FID=7, rules={"x": 1})
    )
    assert (made, faults) == ({"places": {"erbil": {"at": ["36.1", "44.2"], "name": "Erbil", "kind": "city"}}}, [])


def test_what_the_scenario_says_of_a_zone_or_place_lies_over_what_the_file_says(tmp_path: Path) -> None:
    features = [_feature("Point", [179.9, 65.5], id="west", name="A"), _feature("Polygon", [BOX], id="z", holder="us")]
    told = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "map.geojson").write_text(told, encoding="utf-8")
    (tmp_path / "it.yaml").write_text(
        MAIN + "places: {west: {name: B}}\nzones: {z: {holder: them}}\n", encoding="utf-8"
    )
    data = read(tmp_path / "it.yaml").data
    assert data["places"] == {"west": {"at": ["65.5", "179.9"], "name": "B"}}
    assert data["zones"]["z"].pop("area")
    assert data["zones"] == {"z": {"places": ["west"], "holder": "them"}}


def test_a_file_leaves_its_folder_no_more_than_any_other_that_is_included(tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "it.yaml").write_text(MAIN.replace("map.geo", "../map.geo"), encoding="utf-8")
    with pytest.raises(Faults) as told:
        read(tmp_path / "in" / "it.yaml")
    assert [fault.code for fault in told.value.faults] == ["SD106"]


AT = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}


@pytest.mark.parametrize(
    ("feature", "found", "cure"),
    [
        (_feature("LineString", [[0, 0], [1, 1]], id="l"), "is a LineString", "a route is {between: [a, b]}"),
        (_feature("MultiPoint", [[0, 0], [1, 1]], id="l"), "is a MultiPoint", "make a feature with an id of its own"),
        ({"type": "FeatureCollection", "features": []}, "is a FeatureCollection, not a Feature", "into the list"),
        ({"type": "Point", "coordinates": [1, 1]}, "is a Point, not a Feature", '{"type": "Feature"'),
        (7, "is no mapping with a type, not a Feature", '{"type": "Feature"'),
        (_feature("Point", [1, 1], name="Fort One"), "('Fort One') has no id", 'write "id": "fort_one"'),
        (_feature("Point", [1, 1], id=17, name="Fort"), "has the id '17'", 'write "id": "fort"'),
        (_feature("Point", [1, 1], id="Fort One"), "has the id 'Fort One'", 'write "id": "fort_one"'),
        (_feature("Point", [4472000, 4042000], id="a"), "lies at [4472000, 4042000]", "WGS 84 (EPSG:4326)"),
        (_feature("Polygon", [AT[0][:-1]], id="z"), "does not end where it begins", "first point again"),
        (_feature("MultiPolygon", AT, id="z"), "are lists 3 deep", "lists 4 deep: polygons of rings of points"),
        (_feature("Polygon", [AT], id="z"), "are lists 4 deep", "lists 3 deep: rings of points"),
        (_feature("Polygon", [], id="z"), "are lists 1 deep", "lists 3 deep"),
    ],
)
def test_a_wrong_feature_is_told_once_with_its_cure(feature: Any, found: str, cure: str) -> None:
    text = json.dumps(
        {"type": "FeatureCollection", "features": [_feature("Point", [1, 1], id="ok"), feature]}, indent=1
    )
    _, (fault,) = scenario_of(read_map(text.encode("utf-8"), "map.geojson"), "map.geojson")
    assert found in fault.found and "feature 2" in fault.found
    assert cure in f"{fault.hint} {fault.expected}"
    assert fault.location is not None and (fault.location.line > 3 or feature == 7)


def test_another_reference_system_is_refused_and_that_of_the_standard_is_not() -> None:
    assert _made(_feature("Point", [1, 1], id="a"), crs=CRS)[1] == ["the coordinates are in urn:ogc:def:crs:EPSG::3857"]
    usual = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert _made(_feature("Point", [1, 1], id="a"), crs=usual)[1] == []


@pytest.mark.parametrize("spoilt", [lambda text: text[:-40], lambda text: "// a map\n" + text])
def test_what_is_no_json_is_told_once_where_it_ends_to_be(spoilt: Any) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [_feature("Point", [1, 1], id="a")]}, indent=1)
    with pytest.raises(Faults) as told:
        read_map(spoilt(text).encode("utf-8"), "map.geojson")
    (fault,) = told.value.faults
    assert fault.code == "SD113" and fault.found.startswith("not JSON: ")
    assert fault.location is not None and fault.location.line == (
        1 if spoilt(text)[0] == "/" else text[:-40].count("\n") + 1
    )


WORDS = st.sampled_from(["Point", "Polygon", "MultiPolygon", "id", "a", "NaN", ".inf", ""])
KEYS = st.sampled_from(["type", "geometry", "coordinates", "properties", "id", "name"])
LEAVES = st.none() | st.booleans() | st.integers(-400, 400) | st.floats(allow_nan=False, allow_infinity=False) | WORDS
PLAIN = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PLAIN | st.builds(_feature, st.sampled_from(["Point", "Polygon"]), PLAIN, id=st.just("a")), max_size=4))
def test_no_file_whatever_it_holds_does_more_than_be_told(features: list[Any]) -> None:
    made, faults = _made(*features)
    assert set(made) <= {"places", "zones"}
    assert len(made.get("places", {})) + len(made.get("zones", {})) + len(faults) >= (1 if features else 0)
