"""A file's text with the two ways to count in it: as YAML and faults do, and as the protocol of editors does."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from lsprotocol.types import Position, PositionEncodingKind, Range

from standoff.errors import Location

_YAML_END = re.compile("\r\n|[\n\r\u0085\u2028\u2029]")
_EDITOR_END = re.compile("\r\n|[\n\r]")
_WIDEST_PLAIN = 0xFFFF


def _starts(text: str, end: re.Pattern[str]) -> list[int]:
    return [0, *(match.end() for match in end.finditer(text))]


def units(text: str, encoding: str) -> int:
    """How many units of an encoding a text has: editors count those of UTF-16 unless they ask for others."""
    if encoding == PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    if encoding == PositionEncodingKind.Utf32:
        return len(text)
    return len(text) + sum(ord(letter) > _WIDEST_PLAIN for letter in text)


class Page:
    """One file as the editor has it. Places of faults count lines as YAML does, and letters, both from 1."""

    def __init__(self, text: str, encoding: str = PositionEncodingKind.Utf16) -> None:
        self.text = text
        self.encoding = encoding
        # A byte order mark belongs to no line of YAML.
        self._skipped = len(text) - len(text.removeprefix("\ufeff"))
        self._yaml = [start + self._skipped for start in _starts(text.removeprefix("\ufeff"), _YAML_END)]
        self._editor = _starts(text, _EDITOR_END)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as faults count them."""
        return _YAML_END.split(self.text[self._skipped :])

    def line(self, number: int) -> str:
        """One of them, from 1; an empty one where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def offset(self, line: int, column: int) -> int:
        """Where a place of a fault is in the text."""
        start = self._yaml[min(max(line, 1), len(self._yaml)) - 1]
        return min(start + column - 1, len(self.text))

    def position(self, offset: int) -> Position:
        """The editor's position of an offset."""
        line = bisect_right(self._editor, offset) - 1
        return Position(line, units(self.text[self._editor[line] : offset], self.encoding))

    def range(self, start: int, end: int) -> Range:
        """The editor's range from one offset to another."""
        return Range(self.position(start), self.position(end))

    def of(self, place: Location, width: int) -> Range:
        """The editor's range of so many letters at a place."""
        start = self.offset(place.line, place.column)
        return self.range(start, min(start + width, len(self.text)))

    def at(self, position: Position) -> int:
        """The offset of an editor's position; the nearest one that there is."""
        line = min(max(position.line, 0), len(self._editor) - 1)
        start = self._editor[line]
        end = self._editor[line + 1] if line + 1 < len(self._editor) else len(self.text)
        text = self.text[start:end].rstrip("\r\n")
        if self.encoding == PositionEncodingKind.Utf32 or text.isascii():
            return start + min(max(position.character, 0), len(text))
        before = accumulate((units(letter, self.encoding) for letter in text), initial=0)
        return start + max((at for at, count in enumerate(before) if count <= position.character), default=0)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset as faults count them."""
        line = max(bisect_right(self._yaml, offset) - 1, 0)
        return line + 1, offset - self._yaml[line] + 1

    def word(self, offset: int) -> tuple[int, str]:
        """The name around an offset, and where it begins; an empty one where there is none."""
        start = end = offset
        while start > 0 and _in_name(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _in_name(self.text[end]):
            end += 1
        return start, self.text[start:end]


def _in_name(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in "_-")
