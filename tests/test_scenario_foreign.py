"""A file that is something else than a scenario is named, with what can be done with it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from standoff.scenario import check

GEOJSON = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None, "properties": {}}]}


@pytest.mark.parametrize(
    ("raw", "code", "what", "cure"),
    [
        (gzip.compress(b"standoff: 1\n", mtime=0), "SD101", "a gzip archive", "unpack it first"),
        (b"PAR1\x15\x04", "SD101", "a Parquet file", "standoff ask"),
        (b"PK\x03\x04\x00[Content_Types].xml xl/workbook.xml", "SD101", "an Excel workbook", "record:"),
        (b"PK\x03\x04\x00any.txt", "SD101", "a zip archive", "unpack"),
        ("standoff: 1\n".encode("utf-16"), "SD101", "UTF-16", "save the file as UTF-8"),
        ("standoff: 1\n".encode("utf-32"), "SD101", "UTF-32", "save the file as UTF-8"),
        ("standoff: 1\n".encode("utf-16-be"), "SD101", "UTF-16", "save the file as UTF-8"),
        ("standoff: 1\n".encode("utf-32-le"), "SD101", "UTF-32", "save the file as UTF-8"),
        (b"%PDF-1.7\n", "SD101", "a PDF", "UTF-8"),
        (json.dumps(GEOJSON).encode(), "SD112", "GeoJSON", "include:"),
        (b"date,actor,place\n2017-05-31,blue,ford\n2017-06-01,red,mill\n", "SD112", "a table (CSV)", "record:"),
        (b"date\tactor\tplace\n2017-05-31\tblue\tford\n", "SD112", "a table (CSV)", "record:"),
        (b"<!DOCTYPE html>\n<html></html>\n", "SD112", "a web page", "browser"),
        (b'{"questions": [], "scores": [], "warning": null}', "SD112", "the answers of a run folder", "standoff ask"),
        (b'{"$schema": "https://json-schema.org/x", "properties": {}}', "SD112", "a JSON Schema", "standoff: 1"),
    ],
)
def test_a_foreign_file_is_one_fault_that_says_what_it_is(
    raw: bytes, code: str, what: str, cure: str, tmp_path: Path
) -> None:
    file = tmp_path / "file.dat"
    file.write_bytes(raw)
    (fault,) = check(file)
    assert fault.code == code
    assert what in fault.found
    assert cure in str(fault.hint)


def test_a_scenario_in_json_is_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    content = {
        "standoff": 1, "title": "In JSON", "starts": "2017-06-01", "ends": "2017-06-30", "state": {"n": {}},
        "rules": {"go": {"rate": 1, "then": ["n += 1"]}},
        "questions": {"q": {"ask": "?", "number": "n", "at": "2017-06-30"}},
    }  # fmt: skip
    file.write_text(json.dumps(content), encoding="utf-8")
    assert [fault for fault in check(file) if fault.severity == "error"] == []


@pytest.mark.parametrize("start", ["# Two posts, 2017, first draft\n# by A, B, C\n", "# a, b\n# c, d\n# e, f\n\n"])
def test_a_scenario_that_begins_with_comments_is_no_table(start: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(start + "standoff: 1\ntitle: A\nstarts: 2020-01-01\nends: 2020-01-02\n", encoding="utf-8")
    assert [fault.code for fault in check(file)] == ["SD432"], "nothing can happen, and that is all"
    file.write_text(start.replace("# ", "") + "standoff: 1\n", encoding="utf-8")
    assert "table" not in check(file)[0].found
    file.write_text(start + "title: A\n", encoding="utf-8")
    assert [fault.code for fault in check(file) if "table" in fault.found] == []
