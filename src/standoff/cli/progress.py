"""How far an ensemble is: a bar with rate and time left, or a line now and then where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINE_EVERY_S = 20.0
"""Seconds between lines where standard error is not a terminal."""


@contextmanager
def progress(what: str, runs: int, *, of: str = "runs") -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how many of the runs (or of what `of` names) are finished."""
    if not sys.stderr.isatty():
        yield _lines(what, of)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("preparing", total=runs, rate="")
        began: list[tuple[float, int]] = []

        def tell(done: int, total: int) -> None:
            began.append((time.monotonic(), done))
            seconds = began[-1][0] - began[0][0]
            rate = f"{(done - began[0][1]) / seconds:,.0f} {of}/s" if seconds > 0 else ""
            bar.update(task, completed=done, total=total, description=what, rate=rate)

        yield tell


def _lines(what: str, of: str) -> Callable[[int, int], None]:
    said = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said >= LINE_EVERY_S:
            said = time.monotonic()
            print(f"{what}: {done} of {total} {of}", file=sys.stderr, flush=True)

    return tell
