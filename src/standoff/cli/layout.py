"""Results on the screen: a sentence, then tables that lose nothing; numbers stay whole however narrow the screen is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from standoff.cli.output import ENDLESS, console_here
from standoff.display import Bar, Cell, Display, Row
from standoff.display import Table as Shown
from standoff.errors import visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult

    from standoff.display import Column, Tone

LEAST_TEXT = 14
"""Columns of the screen that a text gets at the least."""
NARROW = 110
"""Below this many columns of the screen a row of numbers takes two lines: its text, then its numbers."""
BAR = 10
"""Columns of the screen that a bar gets."""
INDENT = 2
EIGHTHS = " ▏▎▍▌▋▊▉█"
STYLES: dict[Tone, str] = {
    "": "", "strong": "bold", "quiet": "dim", "good": "green", "poor": "yellow", "bad": "bold red",
}  # fmt: skip


def show(shown: Display, *, everything: bool = False) -> None:
    """Print a result: the sentence that answers first; `everything` prints what is only counted otherwise."""
    console = console_here()
    if shown.sentence:
        console.print(_styled(shown.sentence, "strong"))
    if shown.about:
        console.print(_styled(shown.about, "quiet"))
    bars = _bars(console)
    for part in shown.parts:
        if isinstance(part, Shown):
            console.print(Grid(part, everything=everything, bars=bars))
            left = 0 if everything else len(part.rows) - part.first
            if left:
                console.print(_styled(f"{part.rest or f'{left} more'} (--all)", "quiet"))
        elif everything or not part.extra:
            console.print(_styled(part.text, part.tone), soft_wrap=part.whole)


def one_line(text: object) -> str:
    """An author's text on one line, as written: its brackets are not markup, its line ends become spaces."""
    return escape(" ".join(str(text).split()))


def _styled(text: str, tone: Tone) -> Text:
    indent = " " * (len(text) - len(text.lstrip(" ")))
    return Text(indent + visible(" ".join(text.split())), style=STYLES[tone])


def _bars(console: Console) -> str:
    """The signs that bars are made of, from nothing to full; empty where nobody watches."""
    if console.width >= ENDLESS:
        return ""
    try:
        EIGHTHS.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return " #"
    return EIGHTHS


class Grid:
    """A table that fits into the screen without cutting anything off.

    Each row takes one line where that has room. Below `NARROW` columns a row with numbers takes two, its text and
    beneath it the numbers; where these do not fit side by side either, they follow each other by name.
    """

    def __init__(self, table: Shown, *, everything: bool = False, bars: str = "") -> None:
        self.title, self.bars = table.title, bars
        rows = table.rows if everything else table.rows[: table.first]
        at = table.filled(rows, everything=everything)
        self.columns = [table.columns[i] for i in at]
        self.rows = [[self._cell(row, i) for i in at] for row in rows]

    def _cell(self, row: Row, at: int) -> Text:
        cell = row.cells[at]
        if isinstance(cell, Bar):
            text = Text(bar_of(cell, self.bars)) if self.bars else Text()
        else:
            words = Cell(cell) if isinstance(cell, str) else cell
            # A text may have lines of its own; each is on one line.
            lines = "\n".join(" ".join(visible(line).split()) for line in words.text.split("\n"))
            text = Text(lines, style=STYLES[words.tone])
            if words.quiet:
                text.append(f"{' ' if lines else ''}{visible(' '.join(words.quiet.split()))}", style="dim")
        if row.quiet:
            text.stylize("dim")
        return text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if not self.rows:
            return
        if self.title:
            yield Text(visible(self.title), style="bold")
        room = options.max_width
        everywhere = list(range(len(self.columns)))
        barless = [i for i in everywhere if self.columns[i].kind != "bar"]
        choices = [everywhere, barless] if self.bars else [barless]
        for at in choices:
            for padding in (1, 0):
                widths = self._full(at, room, padding=padding)
                if widths is not None:
                    yield self._side_by_side(at, widths, padding)
                    return
        numbers = any(column.kind == "number" for column in self.columns)
        ways = [self._in_two_lines, self._wrapped] if numbers and room < NARROW else [self._wrapped, self._in_two_lines]
        for way in ways:
            for at in choices:
                made = way(at, room)
                if made is not None:
                    yield from made
                    return
        yield from self._by_name(barless, room)

    # -- one line a row ----------------------------------------------------------------------------------------------

    def _full(self, at: Sequence[int], room: int, *, padding: int) -> list[int] | None:
        """The widths of columns in which nothing wraps, where there is room."""
        widths = [self._most(i) for i in at]
        return widths if sum(widths) <= _inside(room, len(at), padding) else None

    def _wrapped(self, at: Sequence[int], room: int) -> Iterator[Text | Table | Padding] | None:
        """A table whose texts wrap and whose names and numbers do not."""
        for padding in (1, 0):
            widths = self._shared(at, _inside(room, len(at), padding))
            if widths is not None:
                return iter([self._side_by_side(at, widths, padding)])
        return None

    def _shared(self, at: Sequence[int], room: int) -> list[int] | None:
        """How wide each column is; None if the room does not hold what must not be cut."""
        least = [self._least(i) for i in at]
        most = [self._most(i) for i in at]
        spare, wanted = room - sum(least), sum(most) - sum(least)
        if spare < 0:
            return None
        if wanted <= spare:
            return most
        return [low + spare * (high - low) // wanted for low, high in zip(least, most, strict=True)]

    def _least(self, at: int) -> int:
        texts = [row[at].plain for row in self.rows]
        longest, full = max(map(_words_width, texts)), max(map(_lines_width, texts))
        needed = full
        if self.columns[at].kind == "text":
            needed = min(full, max(LEAST_TEXT, min(longest, 2 * LEAST_TEXT)))
        return max(needed, _words_width(self.columns[at].head), 1)

    def _most(self, at: int) -> int:
        return max([*(_lines_width(row[at].plain) for row in self.rows), _lines_width(self.columns[at].head), 1])

    def _side_by_side(self, at: Sequence[int], widths: Sequence[int], padding: int) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, padding))
        for i, width in zip(at, widths, strict=True):
            column = self.columns[i]
            table.add_column(_head(column), justify=_side(column), overflow="fold", width=width)
        for row in self.rows:
            table.add_row(*(row[i] for i in at))
        return table

    # -- two lines a row ---------------------------------------------------------------------------------------------

    def _in_two_lines(self, at: Sequence[int], room: int) -> Iterator[Text | Table | Padding] | None:
        """The first column on lines of its own, and beneath it the others side by side."""
        rest = at[1:]
        if not rest:
            return None
        widths = self._shared(rest, room - INDENT - 2 * (len(rest) - 1))
        return None if widths is None else self._pairs(at[0], rest, widths)

    def _pairs(self, lead: int, rest: Sequence[int], widths: Sequence[int]) -> Iterator[Text | Table | Padding]:
        yield Text("")
        if self.columns[lead].head:
            yield _head(self.columns[lead])
        yield self._beneath(rest, widths, [_head(self.columns[i]) for i in rest])
        yield Text("─" * (INDENT + sum(widths) + 2 * (len(rest) - 1)))
        for row in self.rows:
            if row[lead].plain.strip():
                yield _folding(row[lead])
            if any(row[i].plain.strip() for i in rest):
                yield self._beneath(rest, widths, [row[i] for i in rest])
        yield Text("")

    def _beneath(self, at: Sequence[int], widths: Sequence[int], cells: Sequence[Text]) -> Padding:
        line = Table.grid(padding=(0, 2), pad_edge=False)
        for i, width in zip(at, widths, strict=True):
            line.add_column(justify=_side(self.columns[i]), overflow="fold", width=width)
        line.add_row(*cells)
        return Padding(line, (0, 0, 0, INDENT))

    # -- by name -----------------------------------------------------------------------------------------------------

    def _by_name(self, at: Sequence[int], room: int) -> Iterator[Text]:
        """Each row as its text and, beneath it, the name and the value of each other cell."""
        for row in self.rows:
            yield Text("")
            if row[at[0]].plain.strip():
                yield _folding(row[at[0]])
            line = Text()
            for i in at[1:]:
                if not row[i].plain.strip():
                    continue
                head = _head(self.columns[i])
                item = Text.assemble((f"{head.plain}: " if head.plain else "", "dim"), row[i])
                if line.plain and INDENT + line.cell_len + 3 + item.cell_len > room:
                    yield _indented(line)
                    line = Text()
                line = Text.assemble(line, " · ", item) if line.plain else item
            if line.plain:
                yield _indented(line)
        yield Text("")


def bar_of(bar: Bar, signs: str) -> str:
    """A bar in signs, `BAR` of them at most; a difference goes to the left or to the right of its middle."""
    if not bar.signed:
        return _filled(min(1.0, max(0.0, bar.value)), BAR, signs)
    half = BAR // 2
    share = min(1.0, abs(bar.value) / bar.most) if bar.most else 0.0
    middle = "|" if signs == " #" else "│"
    if bar.value < 0:
        # Signs that fill from the right are in few fonts: to the left a bar has whole signs only.
        return f"{signs[-1] * round(share * half):>{half}}{middle}"
    return f"{'':>{half}}{middle}{_filled(share, half, signs)}"


def _filled(share: float, width: int, signs: str) -> str:
    steps = len(signs) - 1
    full, part = divmod(round(share * width * steps), steps)
    return signs[-1] * full + (signs[part] if part else "")


def _inside(room: int, count: int, padding: int) -> int:
    """The room for cells: a space beside each edge, one between columns, and the padding of each."""
    return room - 2 - (count - 1) - 2 * padding * count


def _head(column: Column) -> Text:
    return Text(visible(" ".join(column.head.split())), style="bold")


def _side(column: Column) -> JustifyMethod:
    return "right" if column.kind == "number" else "left"


def _folding(text: Text) -> Text:
    text.overflow = "fold"
    return text


def _indented(text: Text) -> Text:
    return _folding(Text.assemble(" " * INDENT, text))


def _words_width(text: str) -> int:
    """The width of the longest word."""
    return max([*(Text(word).cell_len for word in text.split()), 0])


def _lines_width(text: str) -> int:
    """The width of the longest line."""
    return max([*(Text(line).cell_len for line in text.split("\n")), 0])
