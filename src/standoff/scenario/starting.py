"""A scenario of one's own to begin with: a copy of a bundled one, or a template with one's own names in it.

A template is a scenario whose texts have slots, such as `{challenger}`, for the names of its actors and places. Values
are set through the structured editing, and names are changed where the language means them, so that whatever a user
calls a side stays a text, and comments stay where they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from standoff.errors import Fault, Faults, UsageError, shown, suggestion
from standoff.scenario.editing.changing import with_value
from standoff.scenario.index.renaming import applied, renamed
from standoff.scenario.index.symbols import Symbol
from standoff.scenario.index.table import index_of
from standoff.scenario.preparing import read_faults
from standoff.scenario.reading.folders import BUNDLED, scenario_files
from standoff.scenario.reading.source import Source, read
from standoff.scenario.reading.text import Words, plain_value
from standoff.scenario.schema import RESERVED
from standoff.scenario.schema.names import declared
from standoff.scenario.schema.scalars import PlainWords
from standoff.scenario.shelves import MAIN_FILE, bundled, located
from standoff.time import iso, parse_date

TEMPLATES = BUNDLED / "templates"
LONGEST_NAME = 50
"""Letters: two names fit into what a question says."""
LONGEST_TITLE = 120
_LONGEST_ID = 30

Way = tuple[str | int, ...]
Files = Mapping[str, bytes]
"""What the files of a scenario hold, by their paths below its folder; the main file is `scenario.yaml`."""


@dataclass(frozen=True, slots=True)
class Role:
    """An actor or a place of a template: its name there, what readers call it, and what part it plays."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place as a user names it, with its latitude and longitude in degrees."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Template:
    """A template: what it is for, its title, which has slots, who and where, and its dates."""

    name: str
    teaches: str
    title: str
    starts: date
    ends: date
    sides: tuple[Role, ...]
    places: tuple[Role, ...]
    path: Path
    _source: Source = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Template:
        """The template in a file."""
        source = read(path, MAIN_FILE)
        said = source.data
        roles = {section: tuple(_roles(said.get(section, {}))) for section in ("actors", "places")}
        title, teaches = (" ".join(str(said[key]).split()) for key in ("title", "teaches"))
        starts, ends = (parse_date(str(said[key])) for key in ("starts", "ends"))
        return cls(path.stem, teaches, title, starts, ends, roles["actors"], roles["places"], path, source)

    def with_names(
        self,
        *,
        title: str | None = None,
        starts: date | None = None,
        ends: date | None = None,
        sides: Sequence[str] = (),
        places: Sequence[Site] = (),
    ) -> Files:
        """The scenario that the template makes with these names; what is not given is as the template has it.

        `sides` are names for its actors, in its order; `places` are either none or as many as it has. Raises
        UsageError for what cannot be, and Faults where the language refuses what comes out.
        """
        first = starts or self.starts
        last = ends or first + (self.ends - self.starts)
        if last <= first:
            raise UsageError(f"a scenario ends after it starts: not from {iso(first)} to {iso(last)}")
        self._count(sides, places)
        calls = self._calls(sides, places)
        text = self._source.texts[str(self.path)].decode("utf-8")
        for way, value in self._values(calls, title, first, last, places):
            text = with_value(text, way, value)
        text = self._with_ids(text, calls)
        faults = read_faults(self._read(text))
        if faults:
            raise Faults(faults)
        return {MAIN_FILE: text.encode("utf-8")}

    def title_with(self, sides: Sequence[str], places: Sequence[Site]) -> str:
        """The template's title with these names in it."""
        return _as_heading(filled(self.title, self._calls(sides, places)))

    def _count(self, sides: Sequence[str], places: Sequence[Site]) -> None:
        if len(sides) > len(self.sides):
            known = ", ".join(role.id for role in self.sides)
            raise UsageError(f"the template '{self.name}' has {len(self.sides)} sides: {known}; add others in the file")
        if places and len(places) != len(self.places):
            known = "has no places; add them in the file"
            if self.places:
                needs = "; ".join(f"{role.id}: {role.about}" for role in self.places)
                known = f"takes all its {len(self.places)} places or none ({needs})"
            raise UsageError(f"the template '{self.name}' {known}")

    def _calls(self, sides: Sequence[str], places: Sequence[Site]) -> dict[str, str]:
        """What readers call each actor and place, by its name in the template."""
        calls = {role.id: role.name for role in (*self.sides, *self.places)}
        given = [*zip(self.sides, sides, strict=False), *zip(self.places, (one.name for one in places), strict=False)]
        calls |= {role.id: one_line(name, "a name", LONGEST_NAME) for role, name in given}
        first: dict[str, str] = {}
        for one, name in calls.items():
            other = first.setdefault(name.casefold(), one)
            if other != one:
                raise UsageError(f"'{name}' is there twice, as {other} and as {one}: give each a name of its own")
        return calls

    def _values(
        self, calls: Mapping[str, str], title: str | None, starts: date, ends: date, places: Sequence[Site]
    ) -> Iterator[tuple[Way, Any]]:
        """The values to set, each with its path."""
        data = self._source.data
        yield from ((way, filled(text, calls)) for way, text in _texts(data) if "{" in text and way != ("title",))
        heading = _as_heading(filled(self.title, calls)) if title is None else one_line(title, "a title", LONGEST_TITLE)
        yield ("title",), heading
        yield ("starts",), PlainWords(iso(starts))
        yield ("ends",), PlainWords(iso(ends))
        for name, question in data.get("questions", {}).items():
            dated = [key for key in ("by", "at") if key in question]
            yield from ((("questions", str(name), key), PlainWords(iso(ends))) for key in dated)
        for section, roles in (("actors", self.sides), ("places", self.places)):
            yield from (((section, role.id, "name"), calls[role.id]) for role in roles if calls[role.id] != role.name)
        for role, site in zip(self.places, places, strict=False):
            here = [PlainWords(f"{_degrees(one):g}") for one in (site.latitude, site.longitude)]
            yield ("places", role.id, "at"), here

    def _with_ids(self, text: str, calls: Mapping[str, str]) -> str:
        """The text in which actors and places that a user named go by ids made of these names."""
        found = index_of(self._read(text))
        if found is None:
            raise UsageError(f"the template '{self.name}' cannot be read with these names")
        taken = {name for name, _ in declared(self._source.data).all()} | set(RESERVED)
        wanted: dict[Symbol, str] = {}
        spaces: tuple[tuple[Literal["actor", "place"], tuple[Role, ...]], ...]
        spaces = (("actor", self.sides), ("place", self.places))
        for space, roles in spaces:
            for number, role in enumerate(roles, start=1):
                if calls[role.id] != role.name:
                    new = _free(_id_of(calls[role.id], f"{space}_{number}"), space, taken)
                    taken.add(new)
                    wanted[found.known.spaces[space][role.id]] = new
        return applied(text, renamed(found, wanted), MAIN_FILE) if wanted else text

    def _read(self, text: str) -> Source:
        return read(Path(MAIN_FILE), texts={MAIN_FILE: text.encode("utf-8")})


def templates() -> dict[str, Path]:
    """The files of the templates, by their names."""
    return {path.stem: path for path in scenario_files(TEMPLATES)}


def template(name: str) -> Template | None:
    """The template of a name, None where it is the name of a bundled scenario; raises UsageError if it is neither."""
    path = templates().get(name)
    if path is None and located(name) is None:
        raise _unknown(name, "a template or a bundled scenario", [*templates(), *bundled()])
    return None if path is None else Template.read(path)


def copied(name: str, *, title: str | None = None) -> Files:
    """The files of a bundled scenario, with another title where one is given; raises UsageError if there is none.

    Of a theatre's scenario these are the files of its date: the theatre itself is named in them, and stays bundled.
    """
    found = located(name)
    if found is None:
        raise _unknown(name, "a bundled scenario", bundled())
    _, path, shown_as = found
    root = path.resolve().parent
    source = read(path, shown_as)
    own = [one for one in source.files if Path(one.resolved).is_relative_to(root)]
    files = {Path(one.resolved).relative_to(root).as_posix(): source.texts[one.path] for one in own}
    main = files.pop(path.name)
    if title is not None:
        main = with_value(main.decode("utf-8"), ("title",), one_line(title, "a title", LONGEST_TITLE)).encode("utf-8")
    return {MAIN_FILE: main, **files}


def refuse_used(folder: Path) -> None:
    """Raises UsageError for a folder that has something in it, or is none: nothing is written over."""
    try:
        used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except (OSError, ValueError) as error:
        raise UsageError(f"{shown(str(folder))} cannot be a folder: {error}") from None
    if used:
        raise UsageError(f"'{folder}' is there already and is not empty; choose another folder")


def write_files(folder: Path, files: Files) -> None:
    """Write the files of a scenario into a folder that is new or empty; raises UsageError where it is neither."""
    refuse_used(folder)
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise UsageError(f"'{folder}' cannot be written: {error.strerror or error}") from None


def site(text: str) -> Site:
    """A place as it is written on a command line, `NAME LATITUDE LONGITUDE`; raises UsageError for anything else."""
    words = text.replace(",", " ").split()
    try:
        latitude, longitude = (float(word) for word in words[-2:])
    except ValueError:
        words = []
    if len(words) < 3:
        raise UsageError(f"{shown(text)} is not a place with its latitude and longitude, such as 'Berlin 52.5 13.4'")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise UsageError(f"{shown(text)} is not on Earth: latitudes are -90 to 90, longitudes -180 to 180")
    return Site(" ".join(words[:-2]), latitude, longitude)


def day(text: str) -> date:
    """A day as it is written on a command line; raises UsageError for anything else."""
    try:
        return parse_date(text)
    except Fault as mistake:
        raise UsageError(f"{shown(text)} is not a day such as 2030-01-31: {mistake.found}") from None


def one_line(text: str, what: str, longest: int) -> str:
    """A user's text on one line; raises UsageError for one that is empty, too long or has signs that do not print."""
    line = " ".join(text.split())
    if not line:
        raise UsageError(f"{what} cannot be empty")
    if len(line) > longest:
        raise UsageError(f"{what} has at most {longest} letters, not {len(line)}")
    if not line.isprintable():
        raise UsageError(f"{what} has signs that cannot be printed: {shown(line)}")
    return line


def filled(text: str, calls: Mapping[str, str]) -> str:
    """A text with names in its slots, each with the article that it needs within a sentence."""
    parts = Formatter().parse(text)
    return "".join(before + (_in_sentence(calls[slot]) if slot else "") for before, slot, _, _ in parts)


_HEADS = frozenset((
    "alliance", "army", "bahamas", "brigade", "brigades", "coalition", "commonwealth", "confederation", "council",
    "emirates", "empire", "federation", "forces", "front", "government", "guard", "houthis", "islands", "junta",
    "kingdom", "kurds", "league", "maldives", "militia", "movement", "navy", "netherlands", "opposition", "party",
    "philippines", "rebels", "republic", "republics", "states", "taliban", "union",
))  # fmt: skip
"""The last words of names that have `the` before them in a sentence: the United Kingdom, the Houthis."""


def _in_sentence(name: str) -> str:
    """What a side or a place is called within a sentence: `the United Kingdom` for `United Kingdom`."""
    words = name.casefold().split()
    return f"the {name}" if words[0] not in ("the", "a", "an") and words[-1] in _HEADS else name


def _as_heading(text: str) -> str:
    """A text that begins with `the` as a heading begins."""
    return "T" + text[1:] if text.split()[:1] == ["the"] else text


def _unknown(name: str, what: str, known: Sequence[str]) -> UsageError:
    hint, _ = suggestion(name, known)
    parts = (f"{shown(name)} is not {what}", hint, "standoff list shows the bundled scenarios")
    return UsageError("; ".join(part for part in parts if part))


def _degrees(value: float) -> float:
    return round(value, 5) + 0.0


def _roles(entries: Mapping[str, Any]) -> Iterator[Role]:
    for name, entry in entries.items():
        yield Role(str(name), str(entry["name"]), " ".join(str(entry["about"]).split()))


def _texts(value: Any, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Every text of a mapping with its path; keys that are expressions have no slots, for these have no braces."""
    if isinstance(value, dict | list):
        pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for part, inner in pairs:
            yield from _texts(inner, (*way, part if isinstance(part, int) else str(part)))
    elif isinstance(value, Words):
        yield way, str(value)


def _id_of(name: str, otherwise: str) -> str:
    """A name of the language for what readers call something: small Latin letters, digits and `_`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    made = "_".join(words)[:_LONGEST_ID].strip("_")
    return made if made[:1].isalpha() else f"{otherwise}_{made}".rstrip("_")


def _free(wanted: str, space: str, taken: Iterable[str]) -> str:
    """A name that nothing else has, and that YAML reads as a word: the wanted one, or one that says what it names."""
    others = set(taken)
    if not isinstance(plain_value(Words(wanted)), str):
        wanted = f"{wanted}_{space}"
    names = (wanted, f"{wanted}_{space}", *(f"{wanted}_{space}_{number}" for number in range(2, len(others) + 3)))
    return next(name for name in names if name not in others)
