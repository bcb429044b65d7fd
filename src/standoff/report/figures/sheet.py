"""A sheet of paper in SVG: marks, and texts that are always escaped."""

from __future__ import annotations

import textwrap
from datetime import date, datetime
from html import escape

from standoff.numerals import many, typeset, with_seed
from standoff.report.figures.look import PATTERNS
from standoff.report.scene import Head
from standoff.report.untrusted import tame
from standoff.time import date_at, date_in_words, from_iso

INK, SOFT, LINE, FAINT = "#1c2126", "#58626c", "#bcc4ca", "#e8ebee"
ACCENT, BAND, QUIET = "#1f5f99", "#b8c6d3", "#8a949c"
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
COLUMN, TALLEST = 640, 880
"""A sheet of 160 by at most 220 mm, on which letters of 10 are 7 pt high."""
TO_A_MM = 4
FOOT = 20.0
"""What the last line needs, which says whose runs these are."""
LETTER = 0.53
"""The mean width of a letter as a share of its size: widths are estimated, as no font is at hand."""


class Sheet:
    """An SVG under construction; lengths are in pixels from the upper left corner."""

    def __init__(self, width: float = COLUMN, foot: str = "") -> None:
        self.width, self.foot = width, foot
        self._parts: list[str] = []
        self._marks: dict[str, None] = {}
        self._caption = ""

    def text(
        self, x: float, y: float, words: str, *, size: float = 12, fill: str = INK, anchor: str = "start",
        weight: int = 400, halo: str = "",
    ) -> None:  # fmt: skip
        """One line of text at its baseline."""
        style = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"'
        style += f' text-anchor="{anchor}"' if anchor != "start" else ""
        style += f' font-weight="{weight}"' if weight != 400 else ""
        if halo:
            style += f' paint-order="stroke" stroke="{halo}" stroke-width="3" stroke-linejoin="round"'
        self._parts.append(f"<text {style}>{escape(typeset(tame(words)))}</text>")

    def note(self, x: float, y: float, words: str, *, size: float = 10, anchor: str = "start") -> None:
        """A line of text in grey."""
        self.text(x, y, words, size=size, fill=SOFT, anchor=anchor)

    def heading(self, title: str, says: str) -> float:
        """The title and the caption; returns where the figure begins."""
        self._caption = says
        y = self.lines(16, 28, wrapped(title, self.width - 32, 16, most=2), size=16, weight=700)
        return self.lines(16, y - 1.5, wrapped(says, self.width - 32, 11, most=8), size=11, fill=SOFT)

    def lines(self, x: float, y: float, words: list[str], *, size: float, fill: str = INK, weight: int = 400) -> float:
        """Lines of text, one below the other; returns the baseline of the next."""
        for line in words:
            self.text(x, y, line, size=size, fill=fill, weight=weight)
            y += size * 1.28
        return y

    def path(
        self, data: str, *, stroke: str = "none", width: float = 1, fill: str = "none", dash: str = "",
        opacity: float = 1, mark: str = "",
    ) -> None:  # fmt: skip
        """A path, drawn and filled; a mark lies over its colour."""
        style = f'fill="{escape(fill)}"'
        style += f' stroke="{escape(stroke)}" stroke-width="{width:g}"' if stroke != "none" else ""
        style += f' stroke-dasharray="{dash}"' if dash else ""
        style += f' opacity="{opacity:g}"' if opacity != 1 else ""
        self._parts.append(f'<path d="{data}" {style}/>')
        if mark:
            self._marks[mark] = None
            self._parts.append(f'<path d="{data}" fill="url(#{mark})"/>')

    def rect(self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> None:
        """A filled rectangle."""
        self.path(f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}Z", fill=fill, opacity=opacity)

    def dot(
        self, x: float, y: float, radius: float, fill: str, *, stroke: str = "#fff", width: float = 1.2, mark: str = "",
    ) -> None:  # fmt: skip
        """A filled circle; a mark lies over its colour."""
        where, ring = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"', f'stroke="{escape(stroke)}" stroke-width="{width:g}"'
        self._parts.append(f'<circle {where} fill="{escape(fill)}" {ring}/>')
        if mark:
            self._marks[mark] = None
            self._parts.append(f'<circle {where} fill="url(#{mark})"/>')

    def whisker(self, low: float, at: float, high: float, y: float, *, sure: bool = True) -> None:
        """A number as a dot with its interval as a line; hollow and thin where it could be zero."""
        self.path(
            f"M{low:.1f} {y:.1f}H{max(high, low + 1):.1f}", stroke=ACCENT if sure else QUIET, width=3 if sure else 1.5
        )
        self.dot(at, y, 4.6, ACCENT if sure else "#fff", stroke="#fff" if sure else QUIET)

    def diamond(self, x: float, y: float, half: float) -> None:
        """What was recorded."""
        data = f"M{x:.1f} {y - half:.1f}l{half} {half}l{-half} {half}l{-half} {-half}Z"
        self.path(data, stroke=INK, width=1.6, fill="#fff")

    def inside(self, x: float, y: float, width: float, height: float) -> None:
        """From here to `outside` only what lies in a frame is drawn."""
        self._parts.append(
            f'<clipPath id="frame"><rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/></clipPath>'
            '<g clip-path="url(#frame)">'
        )

    def outside(self) -> None:
        """Ends `inside`."""
        self._parts.append("</g>")

    def trial(self) -> Sheet:
        """An empty sheet of the same kind, on which it is seen how much room something takes."""
        return Sheet(self.width, self.foot)

    def take(self, trial: Sheet) -> None:
        """Draw what was drawn on a trial."""
        self._parts += trial._parts
        self._marks |= trial._marks

    def svg(self, height: float, title: str) -> str:
        """The sheet as a document of that height, and of the line that says whose runs these are."""
        if self.foot:
            height += FOOT
            self.note(16, height - 10, wrapped(self.foot, self.width - 32, 10, most=1)[0])
        size = f'width="{self.width / TO_A_MM:g}mm" height="{round(height) / TO_A_MM:g}mm"'
        size += f' viewBox="0 0 {self.width:g} {height:.0f}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}">'
        says = f"<title>{escape(tame(title))}</title><desc>{escape(tame(self._caption))}</desc>"
        defs = f"<defs>{''.join(PATTERNS[mark] for mark in self._marks)}</defs>" if self._marks else ""
        ground = f'<rect width="{self.width:g}" height="{height:.0f}" fill="#fff"/>'
        return "\n".join([head, says, defs, ground, *self._parts, "</svg>"]) + "\n"


def runs_of(head: Head) -> str:
    """Whose runs a figure shows, how many, and what makes the same ones again."""
    return f"{head.name}, {with_seed(many(head.runs, 'run'), head.sampler, head.seed)}"


def wrapped(words: str, width: float, size: float, most: int = 3) -> list[str]:
    """A text in at most so many lines of about this width."""
    letters = max(8, int(width / (size * LETTER)))
    return textwrap.wrap(tame(words), letters, max_lines=most, placeholder=" …") or [""]


def day_at(starts: str, day: float, last: float) -> date:
    """The date of a moment in days since the start; where no hours are told, the end of the last day belongs to it."""
    start = from_iso(starts)
    return date_at(start, day if isinstance(start, datetime) else min(day, max(0.0, last - 1)) + 1e-9)


def day_words(day: date) -> str:
    """A date as 9 Jun 2017."""
    return date_in_words(day, short=True)
