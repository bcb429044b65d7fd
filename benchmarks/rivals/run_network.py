"""BioNetGen's run_network: the direct method in C++, one process a run, its start-up taken off."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import bionetgen  # noqa: F401  (says at import that it is not installed)

from benchmarks.networks import network_of
from benchmarks.rivals import ALL_DAY, Absent
from benchmarks.rivals.netfile import written
from benchmarks.sides import SEED, Seen, Turn, processor_seconds
from benchmarks.workloads import Workload

SECONDS = 0.5
SYSTEMS = {"linux": "bng-linux", "darwin": "bng-mac"}
FAILURES = (OSError, subprocess.CalledProcessError)


def cannot(workload: Workload, patience: int) -> str | None:
    """Why this rival does not run a workload, if it does not."""
    network = network_of(workload)
    if network is None:
        return "no reaction network: a state that fades between events cannot be put in its language"
    if len(network.species) > 1000 and patience < ALL_DAY:
        return "slow: minutes; --slow-rivals"
    return None


class Made:
    """The rival on one workload."""

    exact = True
    ready_seconds = 0.0
    how = "direct method, sparse updates; functions only for the rates that are no mass action"

    def __init__(self, workload: Workload) -> None:
        network = network_of(workload)
        program = Path(str(files("bionetgen"))) / SYSTEMS.get(sys.platform, "") / "bin" / "run_network"
        if network is None or not program.is_file():
            raise Absent(f"bionetgen carries no run_network for {sys.platform}", status="absent")
        self.version = version("bionetgen")
        self.network, self.program, self.workload = network, program, workload
        self.seen = Seen()
        # Deleted with this object.
        self.kept = tempfile.TemporaryDirectory(prefix="standoff-bench-")
        self.folder = Path(self.kept.name)
        written(network, self.folder / "model.net")
        whole = self.seconds(1, 1.0) - self.seconds(1, 1e-9)
        self.runs = max(1, min(50, round(SECONDS / max(whole, 1e-3))))

    def turn(self) -> Turn:
        """Some runs, less as many that end at once."""
        whole = self.seconds(self.runs, 1.0, keep=True)
        return Turn(max(whole - self.seconds(self.runs, 1e-9), 1e-9) / self.runs)

    def seconds(self, runs: int, share: float, *, keep: bool = False) -> float:
        """Processor seconds of some runs over a share of the workload's days."""
        steps = self.network.times - 1
        words = [
            str(self.program), "-p", "ssa", "--cdat", "1", "--fdat", "0", "-o", str(self.folder / "out"),
            "-g", str(self.folder / "model.net"), str(self.folder / "model.net"),
            repr(share * self.network.days / steps), str(steps),
        ]  # fmt: skip
        spent = 0.0
        for _ in range(runs):
            seed = str(1000 * SEED + self.seen.runs + 1)
            before = processor_seconds()
            subprocess.run([*words[:3], "-h", seed, *words[3:]], check=True, capture_output=True)
            spent += processor_seconds() - before
            if keep:
                last = (self.folder / "out.cdat").read_text(encoding="ascii").splitlines()[-1].split()[1:]
                self.seen.runs += 1
                state = [float(value) for value in last]
                self.seen.finals.append((math.nan, *(sum(state[where]) for where in self.workload.totals.values())))
        return spent
