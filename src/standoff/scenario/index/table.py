"""The index of a scenario: the uses of all its names in the text as it is now, also within its variants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from standoff.errors import Location
from standoff.garbage import uncollected
from standoff.scenario.expand import expand_what_can_be
from standoff.scenario.index.meeting import Meeting
from standoff.scenario.index.symbols import MADE, Known, Symbol, Use, place_of
from standoff.scenario.reading.folders import BUNDLED
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.reading.yaml_reader import lines_of
from standoff.scenario.schema import Document, Part, as_written


@dataclass(frozen=True, slots=True)
class Index:
    """The names of a scenario. `files` are the files by their names in messages.

    `unread` are the places of what is no expression, and `hidden` names that do not stand there letter by letter.
    `lost` are the places of what was left out or mended in reading, so that names may be missing.
    """

    source: Source
    known: Known
    uses: tuple[Use, ...]
    unread: tuple[Location, ...] = ()
    hidden: tuple[Use, ...] = ()
    lost: tuple[Location, ...] = ()
    _lines: Mapping[tuple[str, int], tuple[Use, ...]] = field(default_factory=dict, repr=False)

    @property
    def document(self) -> Document:
        """What the author wrote."""
        return self.known.document

    @property
    def expanded(self) -> Document:
        """The document in plain state and rules."""
        return self.known.expanded

    def files(self) -> dict[str, Path]:
        """The files of the scenario by their names in messages."""
        return files_of(self.source)

    def at(self, file: str, line: int, column: int) -> Use | None:
        """The name at a place, or just before it."""
        here = self._lines.get((file, line), ())
        found = bisect_right([use.place.column for use in here], column) - 1
        if found < 0 or column > here[found].place.column + here[found].width:
            return None
        return here[found]

    def of(self, symbol: Symbol) -> tuple[Use, ...]:
        """Where a name is meant, in the order of the text."""
        return tuple(use for use in self.uses if use.symbol == symbol)

    def declared(self, symbol: Symbol) -> Iterator[Use]:
        """Where a name is declared; for what a word has made, where that word stands."""
        if symbol.space != "made":
            uses = self.of(symbol)
            # A local value, a variable of a sum and the id of a mechanism are declared where they first stand.
            yield from [use for use in uses if use.defines] or uses[:1]
            return
        place = self.made_at(symbol.name)
        if place is not None:
            yield Use(symbol, place)

    def made_at(self, name: str) -> Location | None:
        """Where the word stands that has made something of this name."""
        for section in MADE:
            for made in getattr(self.expanded, section):
                if made == name:
                    return place_of(made)
        return None


def files_of(source: Source) -> dict[str, Path]:
    """The files of a source by their names in messages."""
    theatres = BUNDLED / "theatres"
    found = {}
    for file in source.files:
        path = Path(file.path)
        shown = str(path.relative_to(theatres)) if path.is_relative_to(theatres) else file.path
        found[shown] = path
    return found


@uncollected()
def index_of(source: Source) -> Index | None:
    """The index of a source, of which only a part may be readable; None where too little of it is."""
    document, faults = as_written(source)
    if document is None or not source.data:
        return None
    known = Known.of(document, expand_what_can_be(document)[0])
    meetings = [_met(known, document)]
    # Most of a variant is the scenario itself: only what is written elsewhere can have names that were not met.
    met = set(places_in(document.model_copy(update={"variants": {}})))
    for variant in document.variants:
        changed, more = as_written(source.variant(variant))
        faults += more
        if changed is not None:
            fresh = _left(changed, met)
            meetings.append(_met(Known.of(changed, expand_what_can_be(changed)[0]), fresh))
    uses: dict[tuple[str, int, int], Use] = {}
    for meeting in meetings:
        for use in meeting.uses:
            before = uses.get(use.where)
            if before is None or (use.defines and not before.defines):
                uses[use.where] = use
    covered = _covered(source, uses)
    standing, moved = _standing(source, [uses[where] for where in sorted(uses)])
    unread = dict.fromkeys(place for meeting in meetings for place in meeting.unread)
    hidden = dict.fromkeys([use for meeting in meetings for use in meeting.hidden] + moved + covered)
    lost = dict.fromkeys(fault.location or Location(source.file, 1, 1) for fault in (*source.faults, *faults))
    return Index(source, known, standing, tuple(unread), tuple(hidden), tuple(lost), _by_line(standing))


def _standing(source: Source, uses: list[Use]) -> tuple[tuple[Use, ...], list[Use]]:
    """The uses that stand in the files letter by letter, and those that only stand in lines as they were mended."""
    if not source.mended:
        return tuple(uses), []
    written = {file: lines_of(source.texts[str(path)]) for file, path in files_of(source).items()
               if str(path) in source.texts}  # fmt: skip
    standing, moved = list[Use](), list[Use]()
    for use in uses:
        file, line, column = use.where
        lines = written.get(file, []) if (file, line) in source.mended else None
        text = use.place.text if lines is None else lines[line - 1] if line <= len(lines) else ""
        (standing if text[column - 1 : column - 1 + use.width] == use.symbol.name else moved).append(use)
    return tuple(standing), moved


def _covered(source: Source, uses: dict[tuple[str, int, int], Use]) -> list[Use]:
    """Adds the keys of lower files on which others are laid: they mean the same. Gives those that are hidden."""
    hidden = []
    for over, under in reversed(source.covered):
        place, below = (one.place(0) if isinstance(one, Words) else None for one in (over, under))
        use = None if place is None else uses.get((place.file, place.line, place.column))
        if use is not None and below is not None:
            same = replace(use, place=below)
            if same.stands:
                uses.setdefault(same.where, same)
            else:
                hidden.append(same)
    return hidden


def _met(known: Known, document: Document) -> Meeting:
    meeting = Meeting(known)
    meeting.document(document)
    return meeting


def _left(document: Document, met: Set[Location]) -> Document:
    """The entries of a document in which something stands that was not met."""
    left: dict[str, Any] = {}
    for name, value in document.__dict__.items():
        if isinstance(value, dict):
            left[name] = {key: entry for key, entry in value.items() if not met >= set(places_in({key: entry}))}
    return document.model_copy(update=left)


def places_in(value: Any) -> Iterator[Location]:
    """Where every text of a part of a document stands."""
    match value:
        case Words():
            if value.location is not None:
                yield value.location
        case Part():
            for item in value.__dict__.values():
                yield from places_in(item)
        case dict():
            for key, item in value.items():
                yield from places_in(key)
                yield from places_in(item)
        case tuple() | list():
            for item in value:
                yield from places_in(item)


def _by_line(uses: Iterable[Use]) -> dict[tuple[str, int], tuple[Use, ...]]:
    lines: dict[tuple[str, int], list[Use]] = {}
    for use in uses:
        lines.setdefault((use.place.file, use.place.line), []).append(use)
    return {line: tuple(those) for line, those in lines.items()}
