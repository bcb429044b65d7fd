"""Sections of the audit's table: rows with what was measured and the bar, as plain text and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["meets", "misses", "no bar", "not in this scenario"]

WIDTH = 118


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: what it is, what came out, the bar it is held to, and whether it meets it."""

    what: str
    measured: str
    bar: str = ""
    verdict: Verdict = "no bar"
    values: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data."""
        said = {"what": self.what, "measured": self.measured, "bar": self.bar, "verdict": self.verdict}
        return {**said, **({"values": self.values} if self.values else {})}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the table; `skipped` says why it could not be measured, and then it has no rows."""

    name: str
    title: str
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The section as plain data."""
        if self.skipped:
            return {"title": self.title, "skipped": self.skipped}
        return {"title": self.title, "rows": [row.as_dict() for row in self.rows], "notes": list(self.notes)}

    def text(self, *, bars: bool = False) -> str:
        """The section as plain text; with `bars` only the rows that have a bar, and no notes."""
        lines = [f"{self.title} ({self.name})", "-" * (len(self.title) + len(self.name) + 3)]
        if self.skipped:
            return "\n".join([*lines, *_wrapped(f"skipped: {self.skipped}")])
        for row in self.rows:
            lines += _lines(row) if row.bar or not bars else []
        for note in () if bars else self.notes:
            lines += _wrapped(note)
        return "\n".join(lines)


def met(*, holds: bool) -> Verdict:
    """The verdict of a comparison."""
    return "meets" if holds else "misses"


def absent(what: str, bar: str, why: str) -> Row:
    """The row of a thing that the scenario does not have: it never counts as met."""
    return Row(what, why, bar, "not in this scenario")


def _lines(row: Row) -> list[str]:
    """A row in as many lines as it takes, its verdict first."""
    mark = {"meets": "ok  ", "misses": "MISS", "no bar": "    ", "not in this scenario": "none"}[row.verdict]
    said = f"{row.what}: {row.measured}" + (f"  [{row.bar}]" if row.bar else "")
    return textwrap.wrap(said, WIDTH, initial_indent=f"{mark}  ", subsequent_indent=" " * 10)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH)
