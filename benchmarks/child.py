"""What the measurements start as a process of its own; prints one JSON document.

    python -m benchmarks.child first PATH           load, compile, one run
    python -m benchmarks.child load SMALL PATH      load and compile, after another scenario
    python -m benchmarks.child ensemble PATH RUNS JOBS
    python -m benchmarks.child kernel PATH RUNS     the same runs, and the processor time within the kernel
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Figures = dict[str, float | str]
SEED = 1


def first(path: str) -> Figures:
    """One run from nothing, as short as a program can say it."""
    from standoff.engine import prepare, run
    from standoff.model import ground
    from standoff.scenario import load

    trajectory = run(prepare(ground(load(path).resolved)), seed=SEED, run=0)
    return {"fired": trajectory.fired}


def opening(small: str, path: str) -> Figures:
    """The seconds of each step from the file to a program that can run, after the same with another file."""
    from standoff.engine import prepare
    from standoff.model import ground
    from standoff.scenario import load

    times: list[float] = []
    # What is imported on the way is imported for the first of the two.
    for one in (small, path):
        times = [time.perf_counter()]
        resolved = load(one).resolved
        times.append(time.perf_counter())
        model = ground(resolved)
        times.append(time.perf_counter())
        prepare(model)
        times.append(time.perf_counter())
    steps = ("load", "ground", "prepare")
    return {step: times[at + 1] - times[at] for at, step in enumerate(steps)}


def ensemble(path: str, runs: str, jobs: str) -> Figures:
    """Many runs kept in a folder: the seconds, and a digest of every Parquet byte."""
    from standoff.ensemble import run_many
    from standoff.scenario import load

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "runs"
        started = time.perf_counter()
        run_many(load(path), runs=int(runs), seed=SEED, jobs=int(jobs), out=folder)
        seconds = time.perf_counter() - started
        digest = hashlib.sha256()
        for file in sorted(folder.rglob("*.parquet")):
            digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return {"seconds": seconds, "parquet": digest.hexdigest()}


def kernel(path: str, runs: str) -> Figures:
    """The processor time that runs take inside the kernel, and the clock's time for making them."""
    import numpy as np

    from standoff.engine import Session, draw_parameters, prepare
    from standoff.model import ground
    from standoff.scenario import load

    program = prepare(ground(load(path).resolved))
    numbers = np.arange(int(runs))
    drawn = draw_parameters(program.model, seed=SEED, runs=numbers)
    session = Session.begin(program, seed=SEED, run=0, parameters=drawn[0], record=True)
    session.advance_to(program.model.days)
    within, events = timed_kernel(), 0
    started = time.perf_counter()
    for number in numbers.tolist():
        session.begin_again(run=number, parameters=drawn[number])
        session.advance_to(program.model.days)
        events += int(session.trajectory().fired)
    return {"kernel_seconds": within(), "seconds": time.perf_counter() - started, "events": events}


def timed_kernel() -> Callable[[], float]:
    """Put a clock around the kernel from now on; what is returned tells the processor seconds within it so far."""
    from standoff.engine import kernel as compiled

    advance, spent = compiled.advance, 0

    def timed(*arguments: Any) -> Any:
        nonlocal spent
        began = time.thread_time_ns()
        status = advance(*arguments)
        spent += time.thread_time_ns() - began
        return status

    compiled.advance = timed
    return lambda: spent / 1e9


def main() -> None:
    """Do what was asked and tell of it."""
    task, *given = sys.argv[1:]
    tasks: dict[str, Callable[..., Figures]] = {"first": first, "load": opening, "ensemble": ensemble, "kernel": kernel}
    done = tasks[task](*given)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
