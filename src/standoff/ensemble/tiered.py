"""The program of runs on threads, compiled in two tiers: in a hurry at first, and to run fast once that pays.

On the theatre of 2017 code that runs fast takes 20 seconds to compile, four times as long as code in a hurry, and saves
a third of a run of 70 ms; on a small model 0.1 seconds and a tenth of a run of 0.4 ms. Either way it pays after some
700 runs, of which nobody knows beforehand how many come. So it is made when the runs so far have taken as long as would
have been lost without it: at most twice as much is lost as by who knew (the ski rental problem: A. R. Karlin et al.,
"Competitive Randomized Algorithms for Nonuniform Problems", Algorithmica 11, 1994). All code makes the same bits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from standoff.engine import Program, prepare
from standoff.model import Model

Item = TypeVar("Item")
Result = TypeVar("Result")

MANY_RUNS = 500
"""More runs than this are made by code that runs fast from the first one on."""
PAYS_S_A_BYTE = 2e-5
"""Seconds of runs, for each byte that was compiled in a hurry, by which code that runs fast would have paid."""


class TieredProgram:
    """The program for the work of some threads on one model; for `many` runs it runs fast from the start."""

    def __init__(self, model: Model, *, many: bool) -> None:
        self.model = model
        self.program = prepare(model, hurry=not many)
        self._spent = 0.0
        self._compiling = threading.Lock()

    def work(self, job: Callable[[Program, Item], Result], item: Item) -> Result:
        """Do a job on an item; raises RunStopped."""
        program = self.program
        if not program.native.hurried:
            return job(program, item)
        began = time.thread_time()
        result = job(program, item)
        # Two threads may add at once: it is an estimate. One compiles, and never again; the others go on meanwhile.
        self._spent += time.thread_time() - began
        if self._spent > program.native.hurried * PAYS_S_A_BYTE and self._compiling.acquire(blocking=False):
            self.program = prepare(self.model)
        return result
