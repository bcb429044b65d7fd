"""What goes to the screen: control characters as visible signs, and a plain sign where the encoding has no other."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

from standoff.errors import visible

if TYPE_CHECKING:
    from rich.console import Console

PLAINLY = "standoff-plainly"
"""The name of the error handler of encodings that have not every sign."""
ENDLESS = 100_000
"""Columns of output that nobody watches: no table is cut and no text is broken there."""

_PLAIN = {
    "≈": "~", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+/-", "×": "x", "−": "-", "–": "-", "—": "-", "‑": "-",
    "…": "...", "·": ".", "•": "*", "→": "->", "←": "<-", "↑": "^", "↓": "v", "‘": "'", "’": "'", "“": '"', "”": '"',
    "\xa0": " ", "\u2009": " ", "\u202f": " ", "─": "-", "━": "-", "│": "|", "┃": "|", "█": "#", "░": ".",
}  # fmt: skip
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class _Visible:
    """A stream that shows control characters as signs; `beneath` is the stream itself, for what styles its own text."""

    def __init__(self, beneath: TextIO) -> None:
        self.beneath = beneath

    def __getattr__(self, name: str) -> Any:  # Any: whatever the stream itself has
        return getattr(self.beneath, name)

    def write(self, text: str) -> int:
        self.beneath.write(visible(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)


@contextmanager
def legible() -> Iterator[None]:
    """Within this, nothing that is printed can steer a terminal, and no sign is too much for its encoding."""
    codecs.register_error(PLAINLY, _plainly)
    output, messages = sys.stdout, sys.stderr
    for stream in (output, messages):
        # A stream that was put in the place of the standard one may have no encoding to be set.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=PLAINLY)
    sys.stdout, sys.stderr = cast("TextIO", _Visible(output)), cast("TextIO", _Visible(messages))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = output, messages


def _plainly(error: UnicodeError) -> tuple[str | bytes, int]:
    """Stands in for what an encoding has not: the nearest plain signs, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    # é is e with an accent, ² a small 2, ﬁ two letters: what is left of them is better than nothing.
    simple = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode("ascii")
    return simple or "?"


def print_json(text: str) -> None:
    """Print a JSON document; where the encoding is not Unicode, every other sign as JSON writes it in ASCII."""
    if not (sys.stdout.encoding or "utf-8").lower().startswith("utf"):
        text = _NOT_ASCII.sub(_escaped, text)
    print(text.removesuffix("\n"))


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def console_here(*, messages: bool = False) -> Console:
    """Where people read text with styles: standard output, or standard error for `messages`.

    It is as wide as the terminal; what nobody watches, such as a pipe, has no width. COLUMNS is not asked there: it
    is often set by what once knew a terminal.
    """
    from rich.console import Console

    class Legible(Console):
        """A console whose texts cannot steer it."""

        def render_str(self, text: str, **options: Any) -> Any:  # Any: handed on as they are
            return super().render_str(visible(text), **options)

    stream = sys.stderr if messages else sys.stdout
    width = None if stream.isatty() else ENDLESS
    beneath = getattr(stream, "beneath", stream)
    return Legible(file=beneath, width=width, highlight=False, emoji=False)
