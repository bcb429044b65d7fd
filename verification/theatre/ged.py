"""Reads the UCDP GED file of Syria as the audit read it, and the table that says which of its dyads are ours."""

from __future__ import annotations

import csv
import gzip
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

DYADS = Path(__file__).with_name("dyads.yaml")
FILE = "ucdp_ged_syria_2016-01_2018-03.csv.gz"


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of desert by its edges; a record counts in it if its place is known to `precise_to` or better."""

    south: float
    north: float
    west: float
    east: float
    precise_to: int

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class Region:
    """Where events of the model and of the file are counted."""

    provinces: frozenset[str]
    homs_east_of: float
    box: Box

    def has_place(self, *, country: str | None, province: str | None, lat: float, lon: float) -> bool:
        """Whether a place of a scenario lies in it."""
        if country != "SYR":
            return False
        if province in self.provinces:
            return True
        return self.box.holds(lat, lon) or (province == "Homs" and lon >= self.homs_east_of)


@dataclass(frozen=True, slots=True)
class Dyad:
    """Two sides that fight: their names in the file, and the actors of the model on each side."""

    name: str
    title: str
    ged: frozenset[frozenset[str]]
    sides: tuple[frozenset[str], frozenset[str]]

    def fought_by(self, source: str | None, target: str | None) -> bool:
        """Whether an event by one actor on another is between the two sides, whichever attacks."""
        one, other = self.sides
        return (source in one and target in other) or (source in other and target in one)


@dataclass(frozen=True, slots=True)
class Scale:
    """How many records of the file an event of one actor on another, of a mode, stands for."""

    source: str
    target: str
    mode: str
    records: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """What dyads.yaml says."""

    region: Region
    dyads: tuple[Dyad, ...]
    scales: dict[str, tuple[Scale, ...]]
    first: date
    weeks: int

    def records(self, version: str, source: str | None, target: str | None, mode: str | None) -> int:
        """How many records an event stands for in a scenario of a version."""
        scales, event = self.scales.get(version, ()), (source, target, mode)
        return next((one.records for one in scales if (one.source, one.target, one.mode) == event), 1)


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the file: its last day, its sides, where it lies, and whether that is in the file's east."""

    day: date
    sides: frozenset[str]
    east: bool
    lat: float
    lon: float
    precision: int


def mapping(path: Path = DYADS) -> Mapping:
    """The table of dyads."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    region, weeks = content["region"], content["weeks"]
    return Mapping(
        region=Region(frozenset(region["provinces"]), region["homs_east_of"], Box(**region["box"])),
        dyads=tuple(
            Dyad(
                name,
                one["title"],
                frozenset(frozenset(pair) for pair in one["ged"]),
                (frozenset(one["sides"][0]), frozenset(one["sides"][1])),
            )
            for name, one in content["dyads"].items()
        ),
        scales={version: tuple(Scale(**one) for one in scales) for version, scales in content["records"].items()},
        first=weeks["from"],
        weeks=weeks["count"],
    )


def shared_file() -> Path:
    """Where the file lies, if it is there: in the folder STANDOFF_SHARED, or in `shared` beside the project."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    return Path(os.environ.get("STANDOFF_SHARED", beside)) / "data" / FILE


def records(path: Path) -> list[Record]:
    """The records of single events: no summaries of weeks, no near-duplicates, each dated by its last day."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            Record(
                date.fromisoformat(row["date_end"]),
                frozenset((row["side_a"], row["side_b"])),
                row["east"] == "1",
                float(row["lat"]),
                float(row["lon"]),
                int(row["where_prec"]),
            )
            for row in csv.DictReader(file)
            if row["q_summary"] == "0" and row["q_dup"] == "0"
        ]


def weekly(known: list[Record], dyad: Dyad, about: Mapping) -> list[int]:
    """How many records of a dyad lie in the region in each week."""
    counts = [0] * about.weeks
    for one in known:
        week = (one.day - about.first).days // 7
        if one.sides in dyad.ged and 0 <= week < about.weeks and _inside(one, about.region):
            counts[week] += 1
    return counts


def _inside(one: Record, region: Region) -> bool:
    return one.east or (one.precision <= region.box.precise_to and region.box.holds(one.lat, one.lon))
