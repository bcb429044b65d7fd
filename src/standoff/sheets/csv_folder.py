"""A book as a folder of CSV files, one a table; what a spreadsheet would take for a formula gets an apostrophe."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from standoff.errors import Fault, Faults, Location
from standoff.numerals import read_number
from standoff.sheets.book import (
    ACTIVE,
    BASE,
    GUIDE,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Grid,
    Head,
    kept_rows,
    kept_tables,
)

CSV_END = ".csv"
_APOSTROPHE = "'"
_SEPARATORS = ",;\t"


def write_csv(folder: Path, book: Book) -> None:
    """Write the tables of a book into a folder, which is made; files of other names in it stay."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{GUIDE}.txt").write_text("\n".join(book.guide) + "\n", encoding="utf-8")
    for grid in book.grids.values():
        write_table(folder / f"{grid.title}{CSV_END}", grid)
    _write(
        folder / f"{BASE}{CSV_END}", [["table", "row", "column", "text"], *map(list, kept_rows(book.facts, book.base))]
    )


def read_csv(folder: Path) -> Book:
    """The book that a folder holds; raises Faults SD701 where a file is none, or too large."""
    kept = folder / f"{BASE}{CSV_END}"
    if not kept.is_file():
        found = f"the folder has no {kept.name}, so that it cannot be told what was changed"
        raise Faults([Fault("SD701", Location(str(folder), 1, 1), found, hint="write the sheets anew")])
    try:
        facts, base = kept_tables(read_table(kept)[1:], str(kept))
    except Fault as fault:
        raise Faults([fault]) from None
    grids = {}
    for title in base:
        if title != Path(title).name or title in ("..", ""):
            found = f"names a table '{title[:60]}', which is no file of this folder"
            raise _unread(kept, found, "write the sheets anew")
        path = folder / f"{title}{CSV_END}"
        if path.is_file():
            grids[title] = as_grid(title, read_table(path), str(path))
    return Book([], grids, facts, base)


def as_grid(title: str, table: list[list[str]], file: str) -> Grid:
    """A table whose first row are its heads."""
    heads = [text.strip() for text in table[0]] if table else []
    while heads and not heads[-1]:
        heads.pop()
    wide = len(heads)
    for number, row in enumerate(table[1:], 2):
        if any(text.strip() for text in row[wide:]):
            found = f"has {len(row)} cells in a row, and {wide} columns"
            hint = 'put quotes around a cell with a comma in it, as in "a, b", and write numbers with a point'
            raise _unread(Path(file), found, hint, number)
    filled = [(number, row) for number, row in enumerate(table[1:], 2) if any(text.strip() for text in row)]
    rows = [[*row[:wide], *[""] * (wide - len(row))] for _, row in filled]
    return Grid(title, tuple(map(Head, heads)), rows, [number for number, _ in filled], file, lettered=False)


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV file, whatever its separator; raises Faults SD701."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unread(path, f"is larger than {MOST_BYTES // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(_SEPARATORS, key=first.count)
        # A line that opens a quote and never closes it would swallow the rest of the file.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows, line = list[list[str]](), 1
        for row in reader:
            rows.append(row)
            line = reader.line_num + 1
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _unread(path, "is not UTF-8", "save it as CSV UTF-8", line) from None
    except csv.Error as error:
        hint = 'close the quote that a cell opens, or write "" for a quote in a text'
        raise _unread(path, f"cannot be read: {error}", hint, line) from None
    except OSError as error:
        raise _unread(path, f"cannot be read: {error.strerror or error}") from None
    if len(rows) > MOST_ROWS * (50 if path.stem == BASE else 1) or any(len(row) > MOST_COLUMNS for row in rows):
        raise _unread(path, f"has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns")
    return [[_plain(text) for text in row] for row in rows]


def write_table(path: Path, grid: Grid) -> None:
    """Write one table."""
    _write(path, [[head.name for head in grid.heads], *grid.rows])


def _write(path: Path, table: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[_guarded(text) for text in row] for row in table])
    # The mark tells Excel that it is UTF-8.
    path.write_bytes(out.getvalue().encode("utf-8-sig"))


def _guarded(text: str) -> str:
    guarded = text[:1] in (*ACTIVE, _APOSTROPHE) and text and read_number(text) is None
    return _APOSTROPHE + text if guarded else text


def _plain(text: str) -> str:
    return text[1:] if text[:1] == _APOSTROPHE else text


def _unread(path: Path, found: str, hint: str | None = None, line: int = 1) -> Faults:
    return Faults([Fault("SD701", Location(str(path), line, 1), f"the file {found}", hint=hint)])
