"""What `check` accepts, the published JSON Schema accepts: read as YAML 1.2, by a validator of others."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from standoff.scenario import Words, check, json_schema
from standoff.scenario.reading.source import plain_value
from standoff.scenario.reading.yaml_reader import parse_yaml

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "src" / "standoff" / "scenarios"
WHOLE = sorted(
    path
    for folder in (
        ROOT / "conformance" / "valid",
        ROOT / "conformance" / "exact",
        BUNDLED,
        ROOT / "docs",
        ROOT / "benchmarks",
    )
    for path in folder.rglob("*.yaml")
)


def plain(data: Any) -> Any:
    """Data as a reader of YAML 1.2 gives it: numbers, truths and nulls where words are plain, in keys as well."""
    if isinstance(data, dict):
        return {_key(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(item) for item in data]
    if data is None:
        return None
    return str(value) if isinstance(value := plain_value(data), str) else value


def _key(key: Words) -> Any:
    value = plain_value(key)
    return value if isinstance(value, bool) else str(key)


@cache
def validator(*, part: bool) -> Any:
    schema = json_schema(part=part)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def complaints(path: Path, *, part: bool | None = None) -> list[str]:
    """What the schema says of a file: as a part of a scenario, as a whole one, or as what it is."""
    data = parse_yaml(path.read_bytes(), path.name)
    found = validator(part=not _is_whole(data) if part is None else part).iter_errors(plain(data))
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in found]


def _is_whole(data: Any) -> bool:
    return {"standoff", "title"} <= data.keys()


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_schema_accepts_every_file_that_check_accepts(path: Path) -> None:
    assert complaints(path) == []


def test_there_are_scenarios_and_parts_of_scenarios_among_the_files() -> None:
    titles = [re.search(rb"^title:", path.read_bytes(), re.MULTILINE) for path in WHOLE]
    assert titles.count(None) > 5
    assert len(titles) - titles.count(None) > 20


def test_a_misspelt_key_of_a_threshold_is_still_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    form = "red_lines: {line: {of: blue, crossed_by: [{rule: enter}], threshold: {declared: 1, @: 2}}}\n"
    file.write_text(form.replace("@", "true"), encoding="utf-8")
    assert complaints(file, part=True) == []
    file.write_text(form.replace("@", "ture"), encoding="utf-8")
    assert complaints(file, part=True) != []


def test_a_part_demands_no_key_and_allows_no_other(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("places: {ford: {at: [1, 2]}}\nrules: {go: {rate: 1}}\n", encoding="utf-8")
    assert complaints(file, part=True) == []
    assert complaints(file, part=False) != []
    file.write_text("plaecs: {ford: {}}\n", encoding="utf-8")
    assert complaints(file, part=True) != []


@pytest.mark.parametrize("event", ["ASSAULT(air strike) by blue", "' ASSAULT by blue'", "|\n  ASSAULT\n  by blue\n"])
def test_every_header_that_check_reads_fits_the_schema(event: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    text = "standoff: 1\ntitle: A\nstarts: 2020-01-01\nends: 2020-01-02\nactors: {blue: {}}\nrules: {}\n"
    rule = "rules:\n  go:\n    rate: 1\n    event: " + event.replace("\n  ", "\n      ")
    file.write_text(text.replace("rules: {}", rule), encoding="utf-8")
    assert [str(fault) for fault in check(file) if fault.severity == "error"] == []
    assert complaints(file, part=False) == []
