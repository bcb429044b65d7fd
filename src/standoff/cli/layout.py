"""Tables that lose nothing: texts wrap, numbers and dates stay whole, and where that cannot be, rows become lists."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

LEAST_TEXT = 14
"""Columns of the screen that a text gets at the least."""


def new_table(title: str, columns: Sequence[str], *, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Sheet:
    """An empty table; the columns in `right` hold numbers, and those in `whole` are not broken while there is room."""
    table = Sheet(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.kept = frozenset((*right, *whole))
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def one_line(text: object) -> str:
    """An author's text on one line, as written: its brackets are not markup, its line ends become spaces."""
    return escape(" ".join(str(text).split()))


class Sheet(Table):
    """A table that fits into the screen without cutting anything off; `kept` are the columns of numbers and dates."""

    kept: frozenset[str] = frozenset()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for padding, whole in ((1, True), (0, True), (0, False)):
            widths = self._widths(console, options.max_width, padding=padding, whole=whole)
            if widths is not None:
                self.padding = (0, padding)
                for column, width in zip(self.columns, widths, strict=True):
                    column.width = width
                yield from super().__rich_console__(console, options)
                return
        yield from self._lists(console)

    def _widths(self, console: Console, room: int, *, padding: int, whole: bool) -> list[int] | None:
        """How wide each column is; None if the room does not hold what must not be cut."""
        count = len(self.columns)
        # A space beside each edge, one between columns, and the padding of each.
        room -= 2 + (count - 1) + 2 * padding * count
        least, most = [], []
        for column in self.columns:
            cells = [console.render_str(str(cell)).plain for cell in column.cells]
            header = console.render_str(str(column.header)).plain
            longest = max([*map(_words_width, cells), 0])
            full = max([*map(_lines_width, cells), 0])
            if str(column.header) in self.kept:
                needed = full if whole else longest
            else:
                needed = min(full, max(LEAST_TEXT, min(longest, 2 * LEAST_TEXT)))
            least.append(max(needed, _words_width(header), 1))
            most.append(max(full, _lines_width(header), 1))
        spare = room - sum(least)
        if spare < 0:
            return None
        wanted = sum(most) - sum(least)
        if wanted <= spare:
            return most
        return [low + spare * (high - low) // wanted for low, high in zip(least, most, strict=True)]

    def _lists(self, console: Console) -> RenderResult:
        """Each row as lines of a name and a value."""
        if self.title:
            yield console.render_str(str(self.title), style="bold")
        rows = zip(*(list(column.cells) for column in self.columns), strict=True)
        for row in rows:
            yield Text("")
            for number, (column, cell) in enumerate(zip(self.columns, row, strict=True)):
                line = self._line(console, column, str(cell), first=number == 0)
                if line is not None:
                    yield line

    def _line(self, console: Console, column: Column, cell: str, *, first: bool) -> Text | None:
        value = console.render_str(cell)
        if not value.plain.strip():
            return None
        header = console.render_str(str(column.header)).plain
        return value if first else Text.assemble("  ", (f"{header}: " if header else "", "dim"), value, overflow="fold")


def _words_width(text: str) -> int:
    """The width of the longest word."""
    return max([*(Text(word).cell_len for word in text.split()), 0])


def _lines_width(text: str) -> int:
    """The width of the longest line."""
    return max([*(Text(line).cell_len for line in text.split("\n")), 0])
