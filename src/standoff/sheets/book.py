"""A book of tables, as spreadsheets and folders of CSV files hold it: heads, rows of texts, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from standoff.errors import Fault, Location
from standoff.numerals import read_number

MOST_ROWS = 20_000
"""Rows of one table that are read."""
MOST_COLUMNS = 400
"""Columns of one table that are read."""
MOST_BYTES = 32_000_000
"""The largest file of tables that is read, and what one may unpack to."""
LONGEST = 32_000
"""Letters that a cell of a spreadsheet holds."""
ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be taken for a formula by spreadsheets."""
GUIDE = "read me"
BASE = "base"
"""The table that keeps what stood in the cells when they were written, so that only what was changed is taken over."""


@dataclass(frozen=True, slots=True)
class CellPlace(Location):
    """A place in a cell: `line` is its row, `column` where in its text, from 1; `where` names it for people."""

    where: str = ""

    def __str__(self) -> str:
        return self.where


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its name and what it holds. `choices` are its right words, `refers` the table whose first column is.

    A `number` lies from `low` to `high`, where they are given; what is `fixed` is there to be read.
    """

    name: str
    about: str = ""
    choices: tuple[str, ...] = ()
    refers: str = ""
    number: bool = False
    low: float | None = None
    high: float | None = None
    fixed: bool = False
    wide: int = 14


@dataclass(slots=True)
class Grid:
    """A table: heads, and rows of as many texts.

    `numbers` are the rows' numbers in their file, from 1 (the heads are row 1); `lettered`: whether its columns have
    letters there, as those of a spreadsheet have.
    """

    title: str
    heads: tuple[Head, ...]
    rows: list[list[str]]
    numbers: list[int] = field(default_factory=list)
    file: str = ""
    lettered: bool = True

    def place(self, row: int, column: int, text: str | None = None, offset: int = 0) -> CellPlace:
        """The place of a cell by the number of its row in `rows` (-1: the heads) and of its column, from 0."""
        number = 1 if row < 0 else self.numbers[row] if row < len(self.numbers) else row + 2
        name = self.heads[column].name if column < len(self.heads) else ""
        said = self.rows[row][column] if text is None and 0 <= row < len(self.rows) else text or ""
        cell = f"{self.title}!{letters(column)}{number}" if self.lettered else f"line {number}, column '{name}'"
        return CellPlace(self.file, number, offset + 1, said.replace("\n", " "), f"{self.file} {cell}")

    def column(self, name: str) -> int | None:
        """The number of the column with a name."""
        return next((i for i, head in enumerate(self.heads) if head.name == name), None)


@dataclass(slots=True)
class Book:
    """Tables by their titles, what their reader should know first, and facts that are kept with them."""

    guide: list[str]
    grids: dict[str, Grid]
    facts: dict[str, str] = field(default_factory=dict)
    base: dict[str, Grid] = field(default_factory=dict)


def letters(column: int) -> str:
    """The letters of a column of a spreadsheet, from 0: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def same(one: str, other: str) -> bool:
    """Whether two cells say the same: a number has many spellings, and blanks at the ends of a text say nothing."""
    one, other = " ".join(one.split()), " ".join(other.split())
    if one == other:
        return True
    numbers = read_number(one), read_number(other)
    return numbers[0] is not None and numbers[0] == numbers[1]


def kept_rows(facts: dict[str, str], grids: dict[str, Grid]) -> Iterator[tuple[str, str, str, str]]:
    """What the base keeps, as rows of four texts: table, row, column, text; facts have no table."""
    for name, value in facts.items():
        yield "", "0", name, value
    for grid in grids.values():
        for head in grid.heads:
            yield grid.title, "0", head.name, ""
        for number, row in enumerate(grid.rows, 1):
            for head, text in zip(grid.heads, row, strict=True):
                if text:
                    yield grid.title, str(number), head.name, text


def kept_tables(rows: Sequence[Sequence[str]], file: str) -> tuple[dict[str, str], dict[str, Grid]]:
    """The facts and the tables that the rows of a base keep; raises Fault SD701 where they are damaged."""
    facts: dict[str, str] = {}
    heads: dict[str, dict[str, int]] = {}
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        title, number, name, text = [*row, "", "", "", ""][:4]
        row_of = read_number(number)
        if row_of is None or row_of < 0 or row_of != int(row_of) or row_of > MOST_ROWS:
            raise Fault("SD701", Location(file, 1, 1), f"its table '{BASE}' is damaged", hint="write the sheet anew")
        if not title:
            facts[name] = text
        elif row_of == 0:
            heads.setdefault(title, {}).setdefault(name, len(heads[title]) if title in heads else 0)
            found.setdefault(title, [])
        elif name in heads.get(title, {}):
            table = found[title]
            while len(table) < row_of:
                table.append([""] * len(heads[title]))
            table[int(row_of) - 1][heads[title][name]] = text
    grids = {
        title: Grid(title, tuple(Head(name) for name in names), found[title], file=file)
        for title, names in heads.items()
    }
    return facts, grids
