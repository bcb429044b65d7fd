"""Words with the place where they stand: what every text of a scenario is, from its file to the last fault."""

from __future__ import annotations

import re
from dataclasses import dataclass

from standoff.errors import Location


@dataclass(frozen=True, slots=True)
class Page:
    """One file as it was read: its name as the user gave it, and its lines without their ends."""

    file: str
    lines: tuple[str, ...]

    def location(self, line: int, column: int) -> Location:
        """The place at a line and column, both counted from 1."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Location(self.file, line, column, text)


class Words(str):
    """A text of the scenario that knows where it stands.

    `plain` is true for words without quotes and not in a block (`|`, `>`): only those can be a number,
    a truth or nothing. Any operation on Words gives an ordinary str, without a place.
    """

    __slots__ = ("location", "page", "plain")

    location: Location | None
    page: Page | None
    plain: bool

    def __new__(
        cls, text: str, location: Location | None = None, *, plain: bool = True, page: Page | None = None
    ) -> Words:
        """The text, standing at `location`; `page` lets `place` find words in texts of several lines."""
        words = super().__new__(cls, text)
        words.location = location
        words.plain = plain
        words.page = page
        return words

    def place(self, offset: int) -> Location | None:
        """Where the character at `offset` of this text stands in its file, also in quoted and in folded texts."""
        start = self.location
        if start is None or self.page is None:
            return start
        wanted = len("".join(self[:offset].split()))
        line, column = start.line, start.column - 1
        sign = self.page.lines[line - 1][column : column + 1]
        if not self.plain:
            # A block begins on the line after its sign, a quoted text after its quote.
            line, column = (line + 1, 0) if sign in "|>" else (line, column + 1)
        letter = _LETTER if self.plain else _LETTER_IN.get(sign, _LETTER)
        while line <= len(self.page.lines):
            for written in letter.finditer(self.page.lines[line - 1], column):
                if letter is _LETTER_IN['"'] and _is_blank(written[0]):
                    continue
                if wanted == 0:
                    return self.page.location(line, written.start() + 1)
                wanted -= 1
            line, column = line + 1, 0
        return start


_LETTER = re.compile(r"\S")
_LETTER_IN = {
    "'": re.compile(r"''|\S"),
    '"': re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|$)|\S"),
}
"""One letter of a text that is not blank, as it is written: plainly, or within quotes (YAML 1.2, 5.7, 7.3)."""
_BLANK_ESCAPES = frozenset(" nrtvfN_LP")


def _is_blank(written: str) -> bool:
    if len(written) > 2:
        return chr(min(int(written[2:], 16), 0x10FFFF)).isspace()
    return written == "\\" or (len(written) == 2 and written[1] in _BLANK_ESCAPES)


_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}  # fmt: skip


def plain_value(words: Words) -> str | int | float | bool | None:
    """What words mean by the core schema of YAML 1.2 (section 10.3.2): `no` and `2017-05-31` are texts."""
    if not words.plain:
        return words
    if words in _SPECIAL:
        return _SPECIAL[words]
    if len(words) > 300 or words[0] not in "+-.0123456789":
        return words
    if _WHOLE.fullmatch(words):
        return int(words)
    if _BASED.fullmatch(words):
        return int(words, 0)
    return float(words) if _REAL.fullmatch(words) else words
