"""A reader's table of some texts, in the form of SEEDS.md: who, where, what happened, what is said."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from standoff.drafting.quantities import quantities

Locator = tuple[str, int]
"""A text and the number of its paragraph."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A row of section 1."""

    code: str
    name: str
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A row of section 2; `at` is latitude and longitude in degrees where the row has them."""

    name: str
    section: str
    at: tuple[float, float] | None
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of section 4; `days` are the first and last day that its date can mean."""

    id: str
    days: tuple[date, date] | None
    types: frozenset[str]
    who: str
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A row of section 7: `tag` is how its range was read: `icd`, by convention `c`, or inferred `i`."""

    id: str
    low: float
    high: float
    tag: str
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A row of section 5: its name with cause and effect."""

    id: str
    words: str
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row of section 8: between texts (X), in one (I) or with the record (P), and where each version stands.

    `counts` says that both versions are numbers, with a unit or without.
    """

    id: str
    scope: str
    topic: str
    one: tuple[Locator, ...]
    other: tuple[Locator, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that somebody read beside its paragraph: of which sample, and whether it is right."""

    sample: int
    id: str
    is_right: bool


class Gold:
    """The tables of a file; raises OSError where it is not there.

    `furniture` are the paragraphs of each text that are no prose, `numbers` those with a unit and where they stand:
    the tables have no columns for them. `judged` is a file of events that were read by hand, `weighed` one of claims
    and forecasts.
    """

    def __init__(
        self,
        file: Path,
        *,
        furniture: Mapping[str, set[int]],
        numbers: set[tuple[Locator, float]],
        judged: Path,
        weighed: Path | None = None,
    ) -> None:
        self.furniture, self.numbers = furniture, numbers
        self.judged, self.weighed = read_judged(judged), read_judged(weighed) if weighed is not None else []
        text = file.read_text(encoding="utf-8")
        self.actors = [
            Actor(row[0], row[1], locators(row[-1]))
            for row in (
                *_rows(text, "### 1a.", "### 1b."),
                *_rows(text, "### 1b.", "### 1c."),
                *_rows(text, "### 1c.", "## 2."),
            )
        ]
        self.places = [
            Place(row[0], section, _degrees(row) if section != "2c" else None, locators(row[-1]))
            for section, end in (("2a", "### 2b."), ("2b", "### 2c."), ("2c", "### 2d."))
            for row in _rows(text, f"### {section}.", end)
        ]
        self.events = [
            Event(
                row[0],
                _days(row[1]),
                frozenset(re.findall(r"[A-Z]{3,}", row[4])),
                f"{row[3]} {row[5]}",
                locators(row[8]),
            )
            for row in _rows(text, "## 4. Dated", "## 5.")
        ]
        self.mechanisms = [
            Mechanism(row[0], f"{row[3].replace('->', ' ')} {row[2]}", locators(row[7]))
            for row in _rows(text, "## 5. Mech", "## 6.")
        ]
        self.forecasts = list(_forecasts(text))
        self.conflicts = [
            Conflict(row[0], row[1], row[2], locators(row[3]), locators(row[4]), all(map(_is_count, row[3:5])))
            for row in _rows(text, "## 8.", "## 9.")
        ]


def read_judged(file: Path) -> list[Judged]:
    """What was judged by hand: a table of sample, id, verdict (right or wrong) and reason; raises ValueError else."""
    with file.open(encoding="utf-8", newline="") as rows:
        found = []
        for row in csv.DictReader(rows):
            if row["verdict"] not in ("right", "wrong") or not row["reason"]:
                raise ValueError(f"{file}: {row}")
            found.append(Judged(int(row["sample"]), row["id"], row["verdict"] == "right"))
    return found


def locators(cell: str) -> tuple[Locator, ...]:
    """The paragraphs that a cell names."""
    return tuple((name, int(number)) for name, number in re.findall(r"([a-z]+-\d{4})#p(\d+)", cell))


def _rows(text: str, begin: str, end: str) -> Iterator[list[str]]:
    """The rows of the tables between two headings, without those of their heads."""
    start = text.index(begin)
    part = text[start : text.index(end, start + 5)]
    for block in re.split(r"\n(?!\|)", part):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        for line in lines[2:]:
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def _is_count(cell: str) -> bool:
    """Whether a version is a number, with a unit or a noun or without: 43; 3.8 nautical miles; no day."""
    said = cell.partition("(")[0].strip()
    return re.fullmatch(r"\d[\d,.]*", said) is not None or any(one.start == 0 for one in quantities(said))


def _degrees(row: list[str]) -> tuple[float, float] | None:
    found = [re.search(r"-?\d+\.\d+", cell) for cell in row[1:3]]
    return (float(found[0][0]), float(found[1][0])) if found[0] and found[1] else None


def _days(cell: str) -> tuple[date, date] | None:
    """The days that a date of section 4 can mean: a day, its month to the 28th, or its year."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", cell)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if day:
        return date(year, month, day), date(year, month, day)
    return (date(year, month, 1), date(year, month, 28)) if month else (date(year, 1, 1), date(year, 12, 31))


def _forecasts(text: str) -> Iterator[Forecast]:
    for row in _rows(text, "## 7. Fore", "### 7f"):
        if not row[0].startswith("F"):
            continue
        cell = next((cell for cell in row[5:7] if re.match(r"0\.\d", cell)), "")
        match = re.search(r"(0\.\d+)-(0\.\d+)\s*([ci]?)", cell)
        if match:
            yield Forecast(row[0], float(match[1]), float(match[2]), match[3] or "icd", locators(row[1]))
