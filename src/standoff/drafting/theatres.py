"""The actors and places of a bundled theatre, with all their names: what a text says of them is no new entity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from standoff.drafting.gazetteer import Found, spellings
from standoff.drafting.lexicon import fold
from standoff.drafting.mentions import Mention
from standoff.drafting.sites import Sited
from standoff.scenario import read, theatre_file


@dataclass(frozen=True, slots=True)
class Resident:
    """An actor or place of a theatre: its key there, its name and aliases as they are spelt, and where it is."""

    key: str
    names: tuple[str, ...]
    at: tuple[float, float] | None

    @property
    def folded(self) -> str:
        """Its first name in one spelling: what is found under another name is gathered under this one."""
        return fold(self.names[0])


@dataclass(frozen=True, slots=True)
class Theatre:
    """A theatre: its name with the version, its actors and places by key, and every name that it has taken."""

    name: str
    actors: Mapping[str, Resident]
    places: Mapping[str, Resident]
    taken: frozenset[str]

    def names_of(self, section: str) -> dict[str, str]:
        """All names of its `actors` or `places` in one spelling, each with the name that they are gathered under."""
        residents = self.actors if section == "actors" else self.places
        found: dict[str, str] = {}
        for one in residents.values():
            for name in one.names:
                found.setdefault(fold(name), one.folded)
        return found

    def spellings(self, section: str) -> set[str]:
        """The names of its `actors` or `places` that nobody else may have."""
        residents = self.actors if section == "actors" else self.places
        return {form for one in residents.values() for name in one.names for form in (name.casefold(), fold(name))}

    def spelt(self, section: str) -> re.Pattern[str]:
        """Where a text has one of the names of its `actors` or `places`, as whole words and with their capitals."""
        residents = self.actors if section == "actors" else self.places
        every = {name for one in residents.values() for name in one.names if len(name) > 2}
        words = "|".join(re.escape(name) for name in sorted(every, key=lambda name: (-len(name), name)))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])" if every else r"(?!)")

    def key_of(self, section: str, folded: str) -> str | None:
        """The key of the actor or place that is gathered under a name; None for others."""
        residents = self.actors if section == "actors" else self.places
        return next((key for key, one in residents.items() if one.folded == folded), None)

    def named_places(self) -> Iterator[tuple[str, Sited]]:
        """Its places by each of their names as it is spelt, as what a text names again."""
        for one in self.places.values():
            for name in one.names:
                mention = Mention("", "", 0, 0, name, 0, one.folded, None, "place")
                yield name, Sited(mention, "point", one.at, None, None, None)

    def sites(self) -> dict[str, Found]:
        """Its places as entries of the gazetteer, by all their spellings."""
        found: dict[str, Found] = {}
        for one in self.places.values():
            if one.at is not None:
                site = Found(one.names[0], *one.at, "", 0)
                for name in one.names:
                    found |= dict.fromkeys(spellings(name), site)
        return found


def theatre(name: str) -> Theatre:
    """A bundled theatre by its name; raises UsageError where there is none."""
    full, file = theatre_file(name)
    said = read(file, full).data
    taken = frozenset(str(key) for section in said.values() if isinstance(section, dict) for key in section)
    actors, places = (dict(_residents(said.get(section, {}))) for section in ("actors", "places"))
    return Theatre(full, actors, places, taken)


def _residents(section: Mapping[str, object]) -> Iterator[tuple[str, Resident]]:
    for key, entry in section.items():
        said = entry if isinstance(entry, dict) else {}
        aliases = said.get("aliases") or []
        names = (str(said.get("name", key)).replace("_", " "), *map(str, aliases))
        at = said.get("at")
        pair = (float(at[0]), float(at[1])) if isinstance(at, list) and len(at) == 2 else None
        yield str(key), Resident(str(key), names, pair)
