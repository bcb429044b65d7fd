"""What becomes of runs whose making is cut short: they are kept in the folder asked for, and nowhere else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from standoff.errors import StandoffError
from standoff.numerals import many


class Incomplete(StandoffError):
    """An ensemble was cut short; `folder` holds the `finished` runs, and the same call makes the rest.

    Without a folder (None) nothing is kept: a temporary one is removed.
    """

    def __init__(self, why: str, *, folder: Path | None, finished: int, runs: int) -> None:
        self.why = why
        self.folder = folder
        self.finished = finished
        self.runs = runs
        kept = f"kept in {folder}; the same command makes the rest" if folder is not None else "made, and none is kept"
        super().__init__(f"{why}; {finished:,} of {many(runs, 'run')} {'is' if finished == 1 else 'are'} {kept}")


@contextmanager
def folder_or_temporary(out: Path | None) -> Iterator[Path]:
    """The run folder asked for, or a temporary one, which goes if the ensemble cannot be made whole."""
    if out is not None:
        yield out
        return
    folder = Path(tempfile.mkdtemp(prefix="standoff-"))
    try:
        yield folder
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, Incomplete):
            raise Incomplete(error.why, folder=None, finished=error.finished, runs=error.runs) from error.__cause__
        raise
