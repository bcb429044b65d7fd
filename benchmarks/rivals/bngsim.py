"""bngsim: the direct method of BioNetGen's successor in this process."""

from __future__ import annotations

import math
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import bngsim

from benchmarks.networks import network_of
from benchmarks.rivals import Absent
from benchmarks.rivals.netfile import written
from benchmarks.rivals.run_network import cannot
from benchmarks.sides import SEED, Seen, Turn
from benchmarks.workloads import Workload

__all__ = ["Made", "cannot"]

SECONDS = 0.5
FAILURES = (bngsim.BngsimError,)


class Made:
    """The rival on one workload."""

    exact = True
    ready_seconds = 0.0
    how = "method ssa, runs in a row in one process"

    def __init__(self, workload: Workload) -> None:
        network = network_of(workload)
        if network is None:
            raise Absent("no reaction network", status="unable")
        self.version = version("bngsim")
        self.network, self.workload = network, workload
        self.seen = Seen()
        with tempfile.TemporaryDirectory(prefix="standoff-bench-") as folder:
            written(network, Path(folder) / "model.net")
            self.model = bngsim.Model.from_net(str(Path(folder) / "model.net"))
            self.simulator = bngsim.Simulator(self.model, method="ssa")
        self.runs = 1
        self.runs = max(1, round(SECONDS / self.turn().seconds_a_run))
        self.seen = Seen()

    def turn(self) -> Turn:
        """Some runs."""
        spent = 0.0
        for number in range(self.seen.runs, self.seen.runs + self.runs):
            before = time.process_time()
            self.model.reset()
            result = self.simulator.run(
                t_span=(0.0, self.network.days), n_points=self.network.times, seed=1000 * SEED + number + 1
            )
            spent += time.process_time() - before
            last = result.species[-1]
            self.seen.finals.append((math.nan, *(float(last[where].sum()) for where in self.workload.totals.values())))
        self.seen.runs += self.runs
        return Turn(spent / self.runs)
