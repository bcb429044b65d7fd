"""What the measurements start as a process of its own; prints one JSON document about itself.

    python -m benchmarks.child first PATH           load, compile, one run
    python -m benchmarks.child load PATH            load and compile, the engine imported before
    python -m benchmarks.child ensemble PATH RUNS JOBS FOLDER
"""

from __future__ import annotations

import hashlib
import json
import re
import resource
import sys
import time
from pathlib import Path

Figures = dict[str, float | str]


def peak_megabytes() -> float:
    """The most memory that this process held; what its parent held is not counted, unlike in rusage."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def first(path: str) -> Figures:
    """One run from nothing, as short as a program can say it."""
    from standoff.engine import prepare, run
    from standoff.model import ground
    from standoff.scenario import load

    trajectory = run(prepare(ground(load(path).resolved)), seed=1, run=0)
    return {"fired": trajectory.fired}


def opening(path: str) -> Figures:
    """The seconds of each step from the file to a program that can run."""
    from standoff.engine import prepare
    from standoff.model import ground
    from standoff.scenario import load

    times = [time.perf_counter()]
    scenario = load(path)
    times.append(time.perf_counter())
    model = ground(scenario.resolved)
    times.append(time.perf_counter())
    prepare(model)
    times.append(time.perf_counter())
    steps = ("load", "ground", "prepare")
    return {step: times[at + 1] - times[at] for at, step in enumerate(steps)}


def ensemble(path: str, runs: str, jobs: str, folder: str) -> Figures:
    """Many runs kept in a folder: the seconds, and a digest of every Parquet byte."""
    from standoff.ensemble import run_many
    from standoff.scenario import load

    started = time.perf_counter()
    run_many(load(path), runs=int(runs), seed=1, jobs=int(jobs), out=Path(folder))
    seconds = time.perf_counter() - started
    digest = hashlib.sha256()
    for file in sorted(Path(folder).rglob("*.parquet")):
        digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return {"seconds": seconds, "parquet": digest.hexdigest()}


def main() -> None:
    """Do what was asked and tell of it."""
    task, *given = sys.argv[1:]
    done = {"first": first, "load": opening, "ensemble": ensemble}[task](*given)
    print(json.dumps({**done, "peak_megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main()
