"""Expressions in YAML's bracket form: which words of a line need quotes, so that a cure can name them.

Within `[ ]` and `{ }` YAML ends plain words at `,`, `[`, `]`, `{` and `}` (YAML 1.2.2, 7.3.3), which expressions are
full of. A bracket that follows a name (`force[a, p]`) or a parenthesis belongs to an expression; any other is YAML's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_CLOSES = {"[": "]", "{": "}", "(": ")"}


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one value in bracket form, columns `start` to `end` of its line, and the key before them if any."""

    key: str
    words: str
    start: int
    end: int

    @property
    def cure(self) -> str:
        """The entry as it must be written."""
        quote = "'" if "'" not in self.words else '"'
        before = f"{self.key}: " if self.key else ""
        return f"{before}{quote}{self.words}{quote}"


def unquoted(line: str, column: int) -> Entry | None:
    """The words at or before a column (from 0) of a line whose own brackets YAML takes for its own; None if none."""
    found = [entry for entry in _entries(line) if entry.start <= column]
    return found[-1] if found else None


def _entries(line: str) -> Iterator[Entry]:
    """The values of a line that stand without quotes and hold brackets, or commas within them, of an expression."""
    start, has, key, i = 0, False, "", 0
    inner: list[str] = []
    while i <= len(line):
        sign = line[i] if i < len(line) else ","
        before = line[:i].rstrip()[-1:]
        if inner:
            has = has or sign in "[,"
            inner = [*inner, _CLOSES[sign]] if sign in _CLOSES else inner[:-1] if sign == inner[-1] else inner
        elif sign in "\"'" and not line[start:i].strip():
            end = line.find(sign, i + 1)
            i = len(line) if end < 0 else end
        elif sign == "#" and (i == 0 or line[i - 1].isspace()):
            return
        elif sign in "([" and (before.isalnum() or before in "_)]" or sign == "(") and line[start:i].strip(" -"):
            inner.append(_CLOSES[sign])
            has = has or sign == "["
        elif sign == "(":
            inner.append(")")
        elif sign == ":" and line[i + 1 : i + 2].isspace() and not has:
            key, start = line[start:i].strip(" -"), i + 1
        elif sign == ":" and line[i + 1 : i + 2].isspace():
            # The name of what one entity has of a parameter: `resolve[blue]: 0.4`.
            words = line[start:i].strip()
            yield Entry("", words, line.index(words, start), i)
            start, has, key = i + 1, False, ""
        elif sign in "[]{},":
            if has:
                words = line[start:i].strip()
                at = line.index(words, start) if words else start
                yield Entry(key, words, at, i)
            start, has, key = i + 1, False, ""
        i += 1
