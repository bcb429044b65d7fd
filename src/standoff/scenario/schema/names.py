"""The names that a scenario declares, and whether any of them stands for two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from standoff.errors import Fault, article
from standoff.scenario.expression.slips import tidied
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.members import spread
from standoff.scenario.schema.scalars import NAME


@dataclass(slots=True)
class Declared:
    """The names of one scenario, with what each of them names.

    `kinds` gives the members of each kind, `levels` the named levels of states and stances; `others` are
    states, parameters and whatever else only has a name.
    """

    kinds: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)

    def all(self) -> Iterator[tuple[str, str]]:
        """Every name with the word for what it names, in declared order."""
        for kind, members in self.kinds.items():
            if kind not in ("actor", "place"):
                yield kind, "kind"
            yield from ((member, kind) for member in members)
        yield from ((group, "group") for group in self.groups)
        yield from self.others
        yield from ((level, "level") for level in self.levels)

    def members(self) -> dict[str, dict[str, None]]:
        """The names of each kind's members, for looking one up among many."""
        return {kind: dict.fromkeys(members) for kind, members in self.kinds.items()}

    def entities(self) -> dict[str, None]:
        """The names of all entities."""
        return dict.fromkeys(member for members in self.kinds.values() for member in members)

    def actors(self) -> dict[str, None]:
        """The names of actors, and of groups of actors."""
        groups = (group for group, of in self.groups.items() if of == "actor")
        return dict.fromkeys(chain(self.kinds["actor"], groups))


@dataclass(frozen=True, slots=True)
class Known:
    """The entries of a document by their section, also those that have faults of their own and are missing from it."""

    document: Document
    source: Source

    def of(self, section: str) -> dict[str, Any]:
        """The names of a section's entries."""
        read: Mapping[str, Any] = getattr(self.document, section)
        written = self.source.data.get(section)
        families = spread(read) if section == "parameters" else {}
        missing = [name for name in written if name not in families] if isinstance(written, dict) else []
        return {**dict.fromkeys(missing), **read}

    def questions(self) -> dict[str, Any]:
        """The names of all questions, with those that goals ask."""
        return {**self.of("questions"), **self.document.goal_questions}


_SECTIONS = {
    "relations": "relation",
    "state": "state",
    "parameters": "parameter",
    "define": "define",
    "zones": "zone",
    "rules": "rule",
}


def declared(data: Mapping[str, Any]) -> Declared:
    """The names that the data of a source declares, whether or not its entries are well-formed."""
    names = Declared({"actor": _usable(_mapping(data, "actors")), "place": _usable(_mapping(data, "places"))})
    for kind, entry in _mapping(data, "kinds").items():
        members = entry.get("members") if isinstance(entry, dict) else None
        if kind in names.kinds:
            names.others.append((kind, "kind"))
        elif isinstance(members, dict | list | tuple):
            names.kinds[kind] = [member for member in members if isinstance(member, str)]
    groups = _mapping(data, "groups")
    for group, entry in zip(_usable(groups), groups.values(), strict=True):
        names.groups[group] = str(entry.get("of")) if isinstance(entry, dict) else ""
    for section, what in _SECTIONS.items():
        names.others += [(name, what) for name in _usable(_mapping(data, section))]
    names.levels = list(dict.fromkeys(_levels(data)))
    return names


def _usable(names: Iterable[str]) -> list[str]:
    """Names as others can refer to them: of one that is refused, what its own fault says to write."""
    known = dict.fromkeys(names)
    usable: dict[str, None] = {}
    for name in known:
        meant = name if NAME.fullmatch(name) is not None else tidied(name)
        free = meant not in known and meant not in usable and NAME.fullmatch(meant) is not None
        usable[Words(meant, name.location if isinstance(name, Words) else None) if free else name] = None
    return list(usable)


def _mapping(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    entries = data.get(section)
    return entries if isinstance(entries, dict) else {}


def _levels(data: Mapping[str, Any]) -> Iterator[str]:
    for section, key in (("state", "is"), ("stances", "options"), ("decisions", "options")):
        for entry in _mapping(data, section).values():
            levels = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(levels, list | tuple | dict):
                yield from (level for level in levels if isinstance(level, str))


def twice(names: Declared) -> Iterator[Fault]:
    """SD209 for each name that stands for two things, at the second of them."""
    first: dict[str, tuple[str, str]] = {}
    for word, what in names.all():
        if word in first:
            earlier, before = first[word]
            place = earlier.location if isinstance(earlier, Words) else None
            where = f" in line {place.line} of {place.file}" if place else ""
            location = word.location if isinstance(word, Words) else None
            found = f"'{word}' is the name of {article(what)}, but already names {article(before)}{where}"
            yield Fault("SD209", location, found, hint="choose another name", width=len(word))
        else:
            first[word] = (word, what)
    for kind in ("actor", "place", "truth"):
        if kind in first:
            word, what = first[kind]
            location = word.location if isinstance(word, Words) else None
            found = f"'{kind}' is the name of {article(what)}, but already names a kind of the language"
            yield Fault("SD209", location, found, hint="choose another name", width=len(kind))
