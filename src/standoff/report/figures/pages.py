"""Rows of a figure on as many sheets as they need, none higher than a page of a journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from standoff.report.figures.sheet import COLUMN, FOOT, SOFT, TALLEST, Sheet, wrapped

Draw = Callable[[Sheet, float], float]
"""Draws something from this height on and returns where it ends."""
LOWEST = TALLEST - FOOT - 12


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together, under a head that is drawn again where they go on on the next sheet."""

    rows: Sequence[Draw]
    head: Draw = lambda _, y: y


def note_row(words: str) -> Draw:
    """A line or two in grey below the rows, such as what is left out."""

    def draw(sheet: Sheet, y: float) -> float:
        return sheet.lines(16, y + 15, wrapped(words, COLUMN - 32, 10.5), size=10.5, fill=SOFT) - 8

    return draw


def on_sheets(blocks: Sequence[Block], *, title: str, caption: str, foot: str, about: str) -> list[str]:
    """The blocks below each other; one that fits a sheet of its own is not torn."""
    pages = _Pages(title, caption, foot, about)
    for block in blocks:
        whole = pages.tried([block.head, *block.rows])
        if not whole.fits and pages.tried([block.head, *block.rows], y=pages.top).fits:
            pages.turn()
        pages.draw(block)
    return pages.ended()


@dataclass(frozen=True, slots=True)
class _Tried:
    sheet: Sheet
    y: float

    @property
    def fits(self) -> bool:
        return self.y <= LOWEST


class _Pages:
    """The sheets so far, the last of which is being drawn."""

    def __init__(self, title: str, caption: str, foot: str, about: str) -> None:
        self.title, self.caption, self.foot, self.about = title, caption, foot, about
        self.done: list[str] = []
        self.sheet = Sheet(COLUMN, foot)
        self.top = self.y = self.sheet.heading(title, caption)

    def tried(self, draws: Sequence[Draw], y: float | None = None) -> _Tried:
        """What comes of drawing some of it here, or at another height."""
        sheet, y = self.sheet.trial(), self.y if y is None else y
        for draw in draws:
            y = draw(sheet, y)
            if y > LOWEST:
                break
        return _Tried(sheet, y)

    def draw(self, block: Block) -> None:
        """The rows one by one; the head is never left alone at the foot of a sheet."""
        headed = False
        for row in block.rows:
            tried = self.tried([row] if headed else [block.head, row])
            if not tried.fits and self.y > self.top:
                self.turn()
                tried = self.tried([block.head, row])
            self.sheet.take(tried.sheet)
            self.y, headed = tried.y, True

    def turn(self) -> None:
        """Begin the next sheet."""
        if self.y == self.top:
            return
        self.done.append(self.sheet.svg(self.y + 12, self.about))
        self.sheet = Sheet(COLUMN, self.foot)
        self.top = self.y = self.sheet.heading(f"{self.title} (continued)", self.caption)

    def ended(self) -> list[str]:
        """All sheets."""
        return [*self.done, self.sheet.svg(self.y + 12, self.about)]
