"""How a result is displayed: a sentence that answers, then tables and notes; terminal and notebook draw the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Tone = Literal["", "strong", "quiet", "good", "poor", "bad"]
Kind = Literal["text", "name", "number", "bar"]
"""A name and a number are not broken while there is room; numbers stand to the right; a bar is left out first."""

LONGEST = 600
"""Letters of one text in a notebook: an author's text may have no end."""
TALLEST = 560
"""Pixels of a result in a notebook; what is longer scrolls."""
WIDE = 120
"""The width of the axis of a bar in a notebook, in pixels."""
EDGE = 6

_TONES: dict[Tone, str] = {
    "": "", "strong": "font-weight:bold", "quiet": "opacity:.72", "good": "color:#2e8b57;font-weight:bold",
    "poor": "color:#b07d1c;font-weight:bold", "bad": "color:#d9463e;font-weight:bold",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A share on an axis from 0 to 1 or, `signed`, a difference on one from -`most` to `most`; with its interval.

    `band` is the range that something else gives, such as a source.
    """

    value: float
    low: float
    high: float
    signed: bool = False
    most: float = 1.0
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table; `quiet` follows it in a lower tone, such as the identifier of what the text names."""

    text: str
    quiet: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; an `extra` one is shown only to who asks for everything."""

    head: str
    kind: Kind = "text"
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row; a `quiet` row says nothing clear."""

    cells: tuple[Cell | Bar | str, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first `shown` rows are read first; of the others a reader is told by `rest` how many they are."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    shown: int | None = None
    rest: str = ""

    @property
    def first(self) -> int:
        """How many rows are read first."""
        return len(self.rows) if self.shown is None else min(self.shown, len(self.rows))

    def filled(self, rows: Sequence[Row], *, everything: bool = False) -> list[int]:
        """The columns of which some row says something; the extra ones only for everything."""
        there = (i for i, column in enumerate(self.columns) if everything or not column.extra)
        return [i for i in there if i == 0 or any(row.cells[i] != "" for row in rows)]


@dataclass(frozen=True, slots=True)
class Note:
    """A line of text; a `whole` one, such as a command or a path, is never broken."""

    text: str
    tone: Tone = ""
    whole: bool = False
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Display:
    """A result: the sentence that answers, of what runs it tells, and the rest in the order in which it is read."""

    sentence: str
    about: str = ""
    parts: tuple[Table | Note, ...] = ()


class Displayed:
    """What displays itself: in a notebook with its tables, elsewhere by the sentence that answers."""

    __slots__ = ()

    def display(self) -> Display:
        """The result as its readers see it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.display().sentence}>"

    def _repr_html_(self) -> str:
        return as_html(self.display())


def columns(*heads: str, **kinds: Sequence[str]) -> tuple[Column, ...]:
    """Columns by their heads; `number`, `name`, `bar` and `extra` list those that are of such a kind."""
    kind_of: dict[str, Kind] = {}
    of: Kind
    for of in ("name", "number", "bar"):
        kind_of |= dict.fromkeys(kinds.get(of, ()), of)
    return tuple(Column(head, kind_of.get(head, "text"), head in kinds.get("extra", ())) for head in heads)


def as_html(shown: Display) -> str:
    """A result in HTML that stands in any page, light or dark, without scripts or style sheets; texts are escaped."""
    box = f"max-height:{TALLEST}px;overflow:auto"
    parts = [f"<div><strong>{_text(shown.sentence)}</strong></div>"]
    if shown.about:
        parts.append(_block(shown.about, "quiet"))
    for part in shown.parts:
        if isinstance(part, Table):
            parts.append(_table(part))
        elif not part.extra:
            parts.append(_block(part.text, part.tone))
    return f'<div style="{box}">{"".join(parts)}</div>'


def _block(text: str, tone: Tone) -> str:
    styles = ";".join(filter(None, (_TONES[tone], "padding-left:1em" if text[:1] == " " else "")))
    style = f' style="{styles}"' if styles else ""
    return f"<div{style}>{_text(text)}</div>"


def _table(table: Table) -> str:
    title = f'<div style="margin-top:8px"><strong>{_text(table.title)}</strong></div>' if table.title else ""
    at = table.filled(table.rows)
    head = "".join(f'<th style="{_side(table.columns[i])}">{_text(table.columns[i].head)}</th>' for i in at)
    first, rest = table.rows[: table.first], table.rows[table.first :]
    parts = [title, _rows(table, first, at, head)] if first else [title]
    if rest:
        summary = _text(table.rest or f"{len(rest)} more")
        parts.append(f"<details><summary>{summary}</summary>{_rows(table, rest, at, head)}</details>")
    return "".join(parts)


def _rows(table: Table, rows: Sequence[Row], at: Sequence[int], head: str) -> str:
    body = "".join(f"<tr>{''.join(_cells(table, row, at))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(table: Table, row: Row, at: Sequence[int]) -> Iterator[str]:
    for i in at:
        column, cell = table.columns[i], row.cells[i]
        style = _side(column) + (f";{_TONES['quiet']}" if row.quiet else "")
        if isinstance(cell, Bar):
            yield f'<td style="{style}">{_axis(cell)}</td>'
            continue
        words = Cell(cell) if isinstance(cell, str) else cell
        tone = f";{_TONES[words.tone]}" if words.tone else ""
        title = f' title="{_text(words.quiet)}"' if words.quiet else ""
        yield f'<td style="{style}{tone}"{title}>{_text(words.text)}</td>'


def _side(column: Column) -> str:
    whole = ";white-space:nowrap" if column.kind in ("number", "bar") else ""
    return f"text-align:{'right' if column.kind == 'number' else 'left'}{whole}"


def _axis(bar: Bar) -> str:
    """The interval over its axis, above the band, in colours that show on light and dark."""
    begin = -bar.most if bar.signed else 0.0
    span = bar.most - begin or 1.0

    def x(value: float) -> str:
        share = min(1.0, max(0.0, (value - begin) / span))
        return f"{EDGE + share * (WIDE - 2 * EDGE):.1f}"

    parts = [f'<path d="M{EDGE} 9H{WIDE - EDGE}" stroke="#888"/>']
    if bar.signed:
        parts.append(f'<path d="M{x(0)} 2V16" stroke="#888"/>')
    if bar.band is not None:
        parts.append(f'<path d="M{x(bar.band[0])} 9H{x(bar.band[1])}" stroke="#8aa0b4" stroke-width="9" opacity=".6"/>')
    parts.append(f'<path d="M{x(bar.low)} 9H{x(bar.high)}" stroke="#2f7fc1" stroke-width="3"/>')
    parts.append(f'<circle cx="{x(bar.value)}" cy="9" r="4" fill="#2f7fc1"/>')
    size = f'width="{WIDE}" height="18" viewBox="0 0 {WIDE} 18"'
    return f'<svg {size} aria-hidden="true">{"".join(parts)}</svg>'


def _text(words: str) -> str:
    plain = " ".join(words.split())
    return escape(plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…")
