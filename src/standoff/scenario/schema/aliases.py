"""Other names of entities: no two entities may share one, and records may use them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from standoff.errors import Fault, Location
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.entities import Entity
from standoff.scenario.schema.records import Header, Observed, written_header


def shared_aliases(document: Document) -> Iterator[Fault]:
    """SD209 for each alias that another entity of its sort has as well, as its name or as an alias; SD203 for none."""
    for entities in (_acting(document), document.places):
        owners: dict[str, str] = {}
        for name, entity in entities.items():
            owners.setdefault(str(name), str(name))
            if entity.name is not None:
                owners.setdefault(_folded(entity.name), str(name))
        for name, entity in entities.items():
            for alias in entity.aliases:
                if not alias.strip():
                    yield Fault("SD203", alias.location, "an empty text is no other name", hint="leave it out")
                    continue
                owner = owners.setdefault(_folded(alias), str(name))
                if owner != name:
                    place: Location | None = alias.location
                    found = f"'{alias}' is an alias of {name}, but already names {owner}"
                    yield Fault("SD209", place, found, hint="remove it from one of them", width=len(alias))


def with_names(document: Document) -> Document:
    """The document with the names of its entities where its record uses other names for them."""
    if not document.record:
        return document
    acting, places = _known(_acting(document)), _known(document.places)
    changed = {name: _named(observed, acting, places) for name, observed in document.record.items()}
    if all(changed[name] is observed for name, observed in document.record.items()):
        return document
    return document.model_copy(update={"record": changed})


def _acting(document: Document) -> Mapping[str, Entity]:
    kinds = {name: member for kind in document.kinds.values() for name, member in kind.members.items()}
    return {**document.actors, **kinds}


def _known(entities: Mapping[str, Entity]) -> dict[str, str]:
    """The entity that each other name means; names that readers see are other names too, unless several have them."""
    known: dict[str, str] = {}
    several: set[str] = set()
    for name, entity in entities.items():
        for other in {_folded(text) for text in (entity.name, *entity.aliases) if text is not None}:
            if known.setdefault(other, str(name)) != name:
                several.add(other)
    return {other: name for other, name in known.items() if other not in several and other not in entities}


def _folded(text: str) -> str:
    # The same letters may be written in two ways: é, or e and an accent.
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _named(observed: Observed, acting: Mapping[str, str], places: Mapping[str, str]) -> Observed:
    header = observed.header
    parts = (header.source, acting), (header.target, acting), (header.place, places)
    source, target, place = (_name(word, known) for word, known in parts)
    holder = _name(observed.holder, acting)
    if (source, target, place, holder) == (header.source, header.target, header.place, observed.holder):
        return observed
    told = Header(header.type, header.mode, source, target, place, header.size)
    event = Words(written_header(told), observed.event.location, plain=False)
    return observed.model_copy(update={"event": event, "holder": holder})


def _name(word: Words | None, known: Mapping[str, str]) -> Words | None:
    if word is None or _folded(word) not in known:
        return word
    return Words(known[_folded(word)], word.location)
