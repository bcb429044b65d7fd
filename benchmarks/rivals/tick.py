"""tick: Hawkes processes with exponential kernels by thinning, in C++."""

from __future__ import annotations

import math
import time
from importlib.metadata import version

import numpy as np
from tick.hawkes import SimuHawkesExpKernels

from benchmarks.hawkes import BASE, DAYS, DECAY, Hawkes
from benchmarks.rivals import Absent
from benchmarks.sides import SEED, Seen, Turn
from benchmarks.workloads import Workload

RUNS = 3
FAILURES = (ValueError, RuntimeError)


def cannot(workload: Workload, patience: int) -> str | None:
    """Why this rival does not run a workload, if it does not."""
    return None if workload.hawkes is not None else "simulates Hawkes processes only"


class Made:
    """The rival on one workload."""

    exact = True
    ready_seconds = 0.0
    how = "SimuHawkesExpKernels, one object a run; it records the event times"

    def __init__(self, workload: Workload) -> None:
        if workload.hawkes is None:
            raise Absent("simulates Hawkes processes only", status="unable")
        self.version = version("tick")
        self.seen = Seen()
        self.adjacency = adjacency(workload.hawkes)

    def turn(self) -> Turn:
        """Some runs; the objects are made beforehand."""
        nodes = len(self.adjacency)
        spent, events = 0.0, 0
        for number in range(self.seen.runs, self.seen.runs + RUNS):
            simulation = SimuHawkesExpKernels(
                self.adjacency, DECAY, np.full(nodes, BASE), end_time=float(DAYS), verbose=False,
                seed=1000 * SEED + number + 1, force_simulation=False,
            )  # fmt: skip
            before = time.process_time()
            simulation.simulate()
            spent += time.process_time() - before
            events += int(simulation.n_total_jumps)
            self.seen.finals.append((float(simulation.n_total_jumps), math.nan))
        self.seen.runs += RUNS
        self.seen.events += events
        return Turn(spent / RUNS, spent / events)


def adjacency(hawkes: Hawkes) -> np.ndarray:
    """How many events of a node one event of another brings about: b's strikes on a are called forth by a's on b."""
    pairs = hawkes.pairs
    found = np.zeros((len(pairs), len(pairs)))
    for at, (a, b) in enumerate(pairs):
        found[at, pairs.index((b, a))] = hawkes.branching
    return found
