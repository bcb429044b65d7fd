"""What a worker does with a stretch of runs: make them and keep them, so that no array goes back to its parent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble.chunk import Task, make, model_of
from standoff.ensemble.store import RunFolder
from standoff.ensemble.tables import frames
from standoff.errors import RunStopped


@dataclass(frozen=True, slots=True)
class Kept:
    """Runs that are made and kept: `recorded` (runs,) events of each, seconds a run, and seconds until the first."""

    first: int
    runs: int
    recorded: NDArray[np.int64]
    pace: float
    preparing: float


def make_and_keep(task: Task, folder: Path, events_until: int) -> Kept | RunStopped:
    """Make the runs of a task and write them as a part of a run folder; or hand back why one stopped."""
    made = make(task)
    if isinstance(made, RunStopped):
        return made
    rows = frames(model_of(task), made, events_until=events_until)
    RunFolder(folder).write_part(task.key, made.first, made.runs, rows)
    return Kept(made.first, made.runs, made.recorded, made.pace, made.preparing)
