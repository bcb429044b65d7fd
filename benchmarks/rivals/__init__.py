"""The rivals, one file each; one that is not installed or cannot run a workload says so and why."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Protocol

from benchmarks.sides import Seen, Turn
from benchmarks.workloads import Workload

RIVALS = ("gillespy2", "run_network", "bngsim", "mesa", "tick")
"""Modules of this package, by the names that the tables give the rivals."""

HURRIED, NORMAL, ALL_DAY = range(3)
"""How long one waits for a rival: `--quick`, as usual, `--slow-rivals`."""


class Absent(Exception):
    """A rival that does not take part; `status` is `absent` (not here) or `unable` (not this workload)."""

    def __init__(self, why: str, *, status: str = "left out") -> None:
        super().__init__(why)
        self.status = status


class Rival(Protocol):
    """A rival that takes turns; start-up and compilation are in `ready_seconds`, not in its turns."""

    seen: Seen
    version: str
    how: str
    exact: bool
    ready_seconds: float

    def turn(self) -> Turn:
        """Some runs that were not made before."""


def build(name: str, workload: Workload, *, patience: int, tell: Callable[[str], None]) -> Rival:
    """A rival made ready for a workload; raises Absent."""
    try:
        module = importlib.import_module(f"benchmarks.rivals.{name}")
    except ImportError as missing:
        raise Absent(f"not installed ({missing}); pip install -r benchmarks/rivals.txt", status="absent") from missing
    why = module.cannot(workload, patience)
    if why is not None:
        raise Absent(why, status="unable" if not why.startswith("slow") else "left out")
    tell(f"{workload.title}: making {name} ready")
    started = time.perf_counter()
    try:
        rival: Rival = module.Made(workload)
    except module.FAILURES as failure:
        raise Absent(f"could not be made ready: {str(failure)[:300]}", status="failed") from failure
    rival.ready_seconds = time.perf_counter() - started
    return rival
