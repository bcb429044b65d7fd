"""The progress of an ensemble: a bar with rate and time left, or a line now and then without a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

LINE_EVERY_S = 20.0
"""Seconds between lines where standard error is not a terminal."""


class Tell(Protocol):
    """Shows how many of the runs are finished; where a bar shows it, also a note beside it."""

    bar: bool

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of the runs are finished."""

    def note(self, text: str) -> None:
        """Show this beside the bar, until something else is noted."""


@contextmanager
def progress(what: str, runs: int, *, of: str = "runs") -> Iterator[Tell]:
    """Show on standard error how many of the runs (or of what `of` names) are finished."""
    if not sys.stderr.isatty():
        yield _Lines(what, of)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    from standoff.cli.output import console_here

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        # A note gives way to the figures where the terminal is narrow.
        MofNCompleteColumn(table_column=Column(min_width=len(f"{runs}/{runs}"))),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True, table_column=Column(min_width=5)),
        TextColumn("{task.fields[note]}", markup=False, table_column=Column(no_wrap=True)),
    )
    with Progress(*columns, console=console_here(messages=True), transient=True) as bar:
        yield _Bar(bar, what, runs, of)


class _Bar:
    bar = True

    def __init__(self, shown: Progress, what: str, runs: int, of: str) -> None:
        self.shown, self.what, self.of = shown, what, of
        self.task = shown.add_task("preparing", total=runs, rate="", note="")
        self.began: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        self.began = self.began or (now, done)
        seconds = now - self.began[0]
        rate = f"{(done - self.began[1]) / seconds:,.0f} {self.of}/s" if seconds > 0 else ""
        self.shown.update(self.task, completed=done, total=total, description=self.what, rate=rate)

    def note(self, text: str) -> None:
        self.shown.update(self.task, note=text)


class _Lines:
    bar = False

    def __init__(self, what: str, of: str) -> None:
        self.what, self.of, self.said = what, of, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.said >= LINE_EVERY_S:
            self.said = time.monotonic()
            print(f"{self.what}: {done} of {total} {self.of}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        pass
