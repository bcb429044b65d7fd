"""All mistakes of a file in one report: those of its YAML, its words and its expressions, without what only follows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from standoff.errors import Cure, Fault
from standoff.scenario.expression.headers import read_header
from standoff.scenario.reading.foreign_signs import latin, told
from standoff.scenario.reading.source import Source, Words
from standoff.scenario.schema import in_order

_BY_THEMSELVES = ("SD210", "SD301", "SD302", "SD308")
"""Faults of an expression that stand whatever its names mean."""
_BY_NAMES = ("SD204", "SD303", "SD304", "SD305", "SD306", "SD309")
"""Faults that stand as long as what is named was read as it is meant."""
_MISSING = ("SD112", "SD201", "SD202", "SD203")


def at_once(source: Source, first: Sequence[Fault], beyond: Iterable[Fault]) -> list[Fault]:
    """The faults of YAML, those found `first` in the words, and those `beyond` them, in the order of the files.

    Where an entry could not be read, what names it is not judged: its fault would only follow.
    """
    torn = _Torn(source)
    broken = {_line(fault) for fault in source.faults if fault.code == "SD102"}
    # In a line that is no YAML two keys may seem to be one.
    own = [fault for fault in source.faults if fault.code != "SD105" or _line(fault) not in broken]
    words = [fault for fault in first if not torn.explains(fault)]
    lost = torn.lost([*own, *words])
    entries = {torn.entry(_line(fault)) for fault in words}
    # Of an entry with a fault, later steps may see nothing; what is no type of event is none whatever else is wrong.
    told_already = {_spot(fault) for fault in words}
    typed = [fault for fault in _wrong_types(source) if torn.entry(_line(fault)) in entries]
    words += [fault for fault in typed if _spot(fault) not in told_already and not torn.explains(fault)]
    places = {_line(fault) for fault in (*own, *words)}
    kept = [
        fault for fault in beyond
        if fault.location is not None and _line(fault) not in places and not torn.explains(fault)
        and (fault.code in _BY_THEMSELVES
             or (fault.code in _BY_NAMES and not lost & _words(fault.location.text)
                 and torn.entry(_line(fault)) not in entries))
    ]  # fmt: skip
    return told(in_order([*own, *words, *kept]))


def _wrong_types(source: Source) -> Iterator[Fault]:
    """The events of a source whose type is none."""
    for words in _events(source.data):
        try:
            read_header(words)
        except Fault as fault:
            yield fault


def _events(data: object) -> Iterator[Words]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        if key == "event" and isinstance(value, Words):
            yield value
        else:
            yield from _events(value)


def _spot(fault: Fault) -> tuple[str, int, int] | None:
    return None if fault.location is None else (fault.location.file, fault.location.line, fault.location.column)


def _words(text: str) -> set[str]:
    """The words of a line, also those that names are joined of."""
    return {word for word in "".join(sign if sign.isalnum() else " " for sign in text).split() if word[0].isalpha()}


def _line(fault: Fault) -> tuple[str, int] | None:
    return None if fault.location is None else (fault.location.file, fault.location.line)


class _Torn:
    """The entries of a source by their lines, and those of them that were mended or have faults."""

    def __init__(self, source: Source) -> None:
        self.mended, self.left_out = source.mended, source.left_out
        self.lines: dict[str, list[tuple[int, str]]] = {}
        for name in _entries(source.data):
            if name.location is not None:
                self.lines.setdefault(name.location.file, []).append((name.location.line, name))
        for lines in self.lines.values():
            lines.sort(key=lambda one: one[0])
        self.entries = {self.entry(place) for place in self.mended}

    def entry(self, place: tuple[str, int] | None) -> tuple[str, int, str] | None:
        """The entry in whose lines a line lies, such as a rule: its file, its line and its name."""
        if place is None:
            return None
        lines = self.lines.get(place[0], [])
        number = bisect_right(lines, place[1], key=lambda one: one[0])
        return None if number == 0 else (place[0], *lines[number - 1])

    def explains(self, fault: Fault) -> bool:
        """Whether a fault lies in a line that was mended, or misses what may have stood in one."""
        place = _line(fault)
        if place is None or not self.mended:
            return False
        if place in self.mended:
            return True
        entry = self.entry(place)
        # A value that stands in a line of its own is wrong whatever the lines around it say.
        own_line = fault.code == "SD203" and entry is not None and place[1] != entry[1]
        return fault.code in _MISSING and entry in self.entries and not own_line

    def lost(self, faults: Iterable[Fault]) -> set[str]:
        """The words in the names of the entries that have faults, and in lines that were mended."""
        found: set[str] = set()
        for fault in faults:
            place = _line(fault)
            entry = None if place is None else self.entry(place)
            found |= _words(entry[2]) if entry else set()
            if fault.location is not None and (fault.code in ("SD105", "SD209", "SD212") or place in self.left_out):
                found |= _words(latin(fault.location.text).lower())
            if fault.code == "SD212" and isinstance(fault.hint, Cure):
                found |= _words(fault.hint.words)
        return found


def _entries(data: dict[str, Any]) -> Iterator[Words]:
    for section, below in data.items():
        for name in (section, *(below if isinstance(below, dict) else ())):
            if isinstance(name, Words):
                yield name
