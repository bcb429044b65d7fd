"""GillesPy2's SSACSolver, compiled with -O3: the direct method in C++, generated for the model.

As shipped its build passes no optimisation at all. The build's tool reads compiler flags from nothing but its own
file, so a copy of that file with -O3 -march=native is used instead, which is the honest comparison.
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import gillespy2
import numpy as np
from gillespy2.core import gillespyError
from gillespy2.solvers.cpp.build import build_engine

from benchmarks.networks import Network, Reaction, network_of
from benchmarks.rivals import NORMAL, Absent
from benchmarks.sides import SEED, Seen, Turn, processor_seconds
from benchmarks.workloads import Workload

FLAGS = "CXXFLAGS=['-std=c++14', '-O3', '-march=native'],"
SHIPPED = "CXXFLAGS=['-std=c++14'],"
SECONDS = (1.0, 8.0)
FAILURES = (gillespyError.SimulationError, gillespyError.BuildError, gillespyError.DirectoryError)


def cannot(workload: Workload, patience: int) -> str | None:
    """Why this rival does not run a workload, if it does not."""
    network = network_of(workload)
    if network is None:
        return "SSACSolver has no state that fades; its TauHybrid solver does, and is thousands of times slower"
    if len(network.species) > 1000:
        return "its start-up grows with the square of the reactions: hours at this size"
    if len(network.species) > 100 and patience < NORMAL:
        return "slow: its compilation takes minutes; not with --quick"
    return None


class Made:
    """The rival on one workload."""

    exact = True
    ready_seconds = 0.0
    how = "SSACSolver built with -O3 -march=native; slope between few and many trajectories"

    def __init__(self, workload: Workload) -> None:
        network = network_of(workload)
        if network is None:
            raise Absent("no reaction network", status="unable")
        self.version = version("gillespy2")
        self.workload, self.names = workload, list(network.species)
        self.seen = Seen()
        self.kept = tempfile.TemporaryDirectory(prefix="standoff-bench-")
        self.solver = optimised(model_of(network), Path(self.kept.name))
        few, more = self.seconds(1), self.seconds(11)
        # A call costs much before its first event; the slope is sure only where the events cost more than that.
        least, most = SECONDS
        wanted = min(max(least, 2 * few), most)
        self.runs = max(1, min(2000, round(wanted / max((more - few) / 10, 1e-4))))
        self.seen = Seen()

    def turn(self) -> Turn:
        """The slope between one trajectory and many."""
        few, many = self.seconds(1), self.seconds(1 + self.runs)
        return Turn(max(many - few, 1e-9) / self.runs)

    def seconds(self, runs: int) -> float:
        """Processor seconds of a call, the solver's own process with it."""
        before = processor_seconds()
        results = self.solver.run(number_of_trajectories=runs, seed=1000 * SEED + self.seen.runs + 1)
        spent = processor_seconds() - before
        for result in results:
            last = np.array([result[name][-1] for name in self.names])
            self.seen.finals.append((math.nan, *(float(last[where].sum()) for where in self.workload.totals.values())))
        self.seen.runs += runs
        return spent


def optimised(model: gillespy2.Model, folder: Path) -> gillespy2.SSACSolver:
    """The solver, built from a copy of its build file that asks for optimisation."""

    class Optimising(build_engine.BuildEngine):  # type: ignore[misc]
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)
            shipped = Path(self.makefile).read_text(encoding="utf-8")
            if SHIPPED not in shipped:
                raise Absent("its build file is not the one that -O3 is put into", status="absent")
            # Its build tool does not find the libraries it made where this file lies above the folder of the build.
            self.makefile = folder / "made" / "SConstruct"
            self.makefile.parent.mkdir(exist_ok=True)
            self.makefile.write_text(shipped.replace(SHIPPED, FLAGS), encoding="utf-8")

    module, path = gillespy2.solvers.cpp.c_solver, os.environ["PATH"]
    usual, cached = module.BuildEngine, gillespy2.cache_enabled
    module.BuildEngine = Optimising
    # It looks for its build tool on the path only, where that of a virtual environment need not be.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    # Objects kept from an earlier build would be without optimisation.
    gillespy2.cache_enabled = False
    try:
        return gillespy2.SSACSolver(model=model, output_directory=str(folder / "build"))
    finally:
        module.BuildEngine, gillespy2.cache_enabled, os.environ["PATH"] = usual, cached, path


def model_of(network: Network) -> gillespy2.Model:
    """The network as a model, every propensity written out."""
    model = gillespy2.Model(name="workload")
    model.add_species([gillespy2.Species(name=name, initial_value=value) for name, value in network.species.items()])
    model.add_reaction([reaction_of(reaction, at) for at, reaction in enumerate(network.reactions)])
    model.timespan(gillespy2.TimeSpan.linspace(t=network.days, num_points=network.times))
    return model


def reaction_of(reaction: Reaction, at: int) -> gillespy2.Reaction:
    """A reaction with its net changes; what stands on both sides only enters the propensity."""
    change = dict.fromkeys((*reaction.reactants, *reaction.products), 0)
    for name in reaction.reactants:
        change[name] -= 1
    for name in reaction.products:
        change[name] += 1
    factors = [f"({reaction.rate})" if isinstance(reaction.rate, str) else repr(reaction.rate), *reaction.reactants]
    return gillespy2.Reaction(
        name=f"r{at}",
        reactants={name: -by for name, by in change.items() if by < 0},
        products={name: by for name, by in change.items() if by > 0},
        propensity_function="*".join(factors),
    )
