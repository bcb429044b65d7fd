"""Files that are something else than a scenario or a text: what they are, and what to do with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple


class Foreign(NamedTuple):
    """What a file is (`a Parquet file`), and the cure."""

    what: str
    cure: str


_UNPACK = "unpack it first"
_AS_TEXT = "save its text as UTF-8"
_RUN_FOLDER = "give its folder to 'standoff ask'"

_MAGIC: tuple[tuple[bytes, Foreign], ...] = (
    (b"\x1f\x8b", Foreign("a gzip archive", _UNPACK)),
    (b"BZh", Foreign("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\x00", Foreign("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Foreign("a 7z archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", Foreign("a Zstandard archive", _UNPACK)),
    (b"PAR1", Foreign("a Parquet file", f"tables of runs lie in a run folder: {_RUN_FOLDER}")),
    (b"SQLite format 3\x00", Foreign("an SQLite database", "write a scenario as YAML")),
    (b"%PDF", Foreign("a PDF", _AS_TEXT)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign("an old Office document", _AS_TEXT)),
    (b"\x89PNG", Foreign("a PNG picture", "write a scenario as YAML")),
    (b"\xff\xd8\xff", Foreign("a JPEG picture", "write a scenario as YAML")),
)
_ZIPPED: tuple[tuple[bytes, Foreign], ...] = (
    (b"xl/", Foreign("an Excel workbook", "save its table as CSV, and write observed events under record:")),
    (b"word/", Foreign("a Word document", _AS_TEXT)),
    (b"ppt/", Foreign("a PowerPoint file", _AS_TEXT)),
)
_UNICODE: tuple[tuple[bytes, str], ...] = (
    # The mark of UTF-32 begins as that of UTF-16 does.
    (b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
)  # fmt: skip
_ZEROS: tuple[tuple[tuple[bool, ...], str], ...] = (
    ((False, True, True, True), "UTF-32"), ((True, True, True, False), "UTF-32"),
    ((False, True, False, True), "UTF-16"), ((True, False, True, False), "UTF-16"),
)  # fmt: skip
"""Which of the first four bytes are zero in ASCII letters without a mark (YAML 1.2, 5.2)."""
_GEOMETRIES = (
    "FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_ROW = re.compile(r"[^,;\t\n]*(?:([,;\t])[^,;\t\n]*)(?:\1[^,;\t\n]*)+")
_SCENARIO = re.compile(r"^standoff\s*:", re.MULTILINE)
MOST_SNIFFED = 4_096
"""Bytes at the start of a file that say what it is."""


def foreign_bytes(raw: bytes) -> Foreign | None:
    """What a file is by its first bytes, None if it may be a text in UTF-8."""
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            return kind
    if raw.startswith(b"PK\x03\x04"):
        there = (kind for sign, kind in _ZIPPED if sign in raw)
        return next(there, Foreign("a zip archive", _UNPACK))
    zeros = tuple(byte == 0 for byte in raw[:4])
    named = next((name for mark, name in _UNICODE if raw.startswith(mark)), dict(_ZEROS).get(zeros))
    return None if named is None else Foreign(f"{named} text", "save the file as UTF-8")


def foreign_text(text: str) -> Foreign | None:
    """What a text is by its beginning, None if it may be YAML."""
    start = text[:MOST_SNIFFED].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        return Foreign("a web page", "a report is opened in a browser; a scenario is YAML")
    if start.startswith(("<?xml", "<kml")):
        return Foreign("XML", "write a scenario as YAML")
    if _SCENARIO.search(text) is not None:
        return None
    # A scenario may begin with comments, which may hold as many commas as the rows of a table.
    lines = [line for line in text[:MOST_SNIFFED].lstrip().split("\n") if not line.lstrip().startswith("#")][:3]
    rows = [_ROW.fullmatch(line.rstrip("\r")) for line in lines]
    if len(lines) > 1 and all(rows[:2]) and rows[0][1] == rows[1][1] and ": " not in lines[0]:  # type: ignore[index]
        return Foreign("a table (CSV)", "write observed events under record:, as docs/language.md shows")
    return None


def foreign_data(data: Mapping[str, Any]) -> Foreign | None:
    """What a file of well-formed JSON or YAML is by its keys, None if it may be a scenario."""
    if "standoff" in data and "title" in data:
        return None
    kind = data.get("type")
    if kind in _GEOMETRIES and any(key in data for key in ("features", "geometry", "coordinates", "geometries")):
        return Foreign("GeoJSON", "call it FILE.geojson, and write include: FILE.geojson in the scenario")
    if "$schema" in data and ("properties" in data or "$defs" in data):
        return Foreign("a JSON Schema", "a scenario begins with 'standoff: 1'")
    if "scenario_digest" in data or ("finished_runs" in data and "seed" in data):
        return Foreign("the manifest of a run folder", _RUN_FOLDER)
    if isinstance(data.get("question"), dict):
        cure = "write it under questions:, with its probability as a forecast"
        return Foreign("a question of a forecasting site", cure)
    if isinstance(data.get("questions"), list) and "scores" in data:
        return Foreign("the answers of a run folder", _RUN_FOLDER)
    return None
