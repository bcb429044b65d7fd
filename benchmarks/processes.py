"""What only a process of its own can show: start-up, loading, memory, and what a second worker brings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Document, round_to, spread, tell
from benchmarks.sides import as_file, processor_seconds
from benchmarks.workloads import BUNDLED, Workload, workloads

ROOT = Path(__file__).resolve().parent.parent
MEMORY_RUNS = (10, 200)
WORKER_RUNS = 1500


@dataclass(frozen=True)
class Home:
    """Folders of one imagined machine: nothing is cached in a fresh one."""

    folder: Path

    def environment(self) -> dict[str, str]:
        """The variables that keep every cache in the folder."""
        kept = {name: value for name, value in os.environ.items() if name != "STANDOFF_CACHE"}
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **kept,
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "NUMBA_CACHE_DIR": str(self.folder / "numba"),
            "PYTHONPATH": os.pathsep.join(paths),
        }

    def started(self, *words: str, **variables: str) -> tuple[float, str]:
        """Run Python with these words: the seconds from start to end, and what it printed."""
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *words], env={**self.environment(), **variables}, cwd=self.folder, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return seconds, done.stdout

    def timed(self, *words: str) -> tuple[float, float]:
        """The seconds of such a process by the clock on the wall, and of processor time."""
        before = processor_seconds()
        return self.started(*words)[0], processor_seconds() - before

    def child(self, *words: str, **variables: str) -> dict[str, Any]:
        """What a child says of itself; `wall_seconds` is seen from here."""
        before = processor_seconds()
        seconds, said = self.started("-m", "benchmarks.child", *words, **variables)
        return {**json.loads(said), "wall_seconds": seconds, "processor_seconds": processor_seconds() - before}


@contextmanager
def fresh_home() -> Iterator[Home]:
    """A machine that has never run this program."""
    with tempfile.TemporaryDirectory(prefix="standoff-bench-home-") as folder:
        yield Home(Path(folder))


def start_up(first: int, later: int) -> Document:
    """From the start of a process to its first result, on a new machine and later: one run of W1, and the command."""
    command = ("-m", "standoff", "run", BUNDLED, "--runs", "1", "--seed", "1", "--quiet")
    found: Document = {}
    with as_file(workloads()["w1-60"]) as path:
        started = {
            "one_run_of_w1_60": lambda home, number: ("-m", "benchmarks.child", "first", path),
            f"standoff_run_{BUNDLED}": lambda home, number: (*command, "--out", str(home.folder / str(number))),
        }
        for name, words in started.items():
            new: list[tuple[float, float]] = []
            again: list[tuple[float, float]] = []
            for turn in range(first):
                tell(f"start-up: {name}, new machine {turn + 1} of {first}")
                with fresh_home() as home:
                    new.append(home.timed(*words(home, 0)))
                    again += [home.timed(*words(home, 1 + number)) for number in range(later if turn == 0 else 0)]
            found[name] = {
                "first_ever_seconds": spread([wall for wall, _ in new]),
                "first_ever_processor_seconds": spread([work for _, work in new]),
                "later_seconds": spread([wall for wall, _ in again]),
                "later_processor_seconds": spread([work for _, work in again]),
            }
    return found


def loading(turns: int) -> Document:
    """Load, ground and prepare of networks in a process that has imported the engine, without and with kept code."""
    found: Document = {}
    with fresh_home() as home:
        for key in ("w1-60", "w2-60", "w1-600", "w2-600"):
            tell(f"loading: {key}")
            with as_file(workloads()[key]) as path:
                home.child("load", path, STANDOFF_CACHE="")
                cold = [home.child("load", path, STANDOFF_CACHE="") for _ in range(turns)]
                home.child("load", path)
                warm = [home.child("load", path) for _ in range(turns)]
            found[key] = {name: opened(each) for name, each in (("cold", cold), ("warm", warm))}
    return found


def opened(each: list[dict[str, Any]]) -> Document:
    """The steps of loading over the turns, and their sum."""
    steps = {step: round_to(median(one[step] for one in each)) for step in ("load", "ground", "prepare")}
    return {**steps, "total_seconds": spread([one["load"] + one["ground"] + one["prepare"] for one in each])}


def memory(runs: tuple[int, int], *, quick: bool) -> Document:
    """The peak of a process that makes few and many runs of the 600-place network and keeps them."""
    workload = workloads()["w1-600"]
    if quick:
        workload = shortened(workload)
    found: Document = {"workload": workload.key, "days": 31 if quick else 365, "peak_megabytes": {}}
    with fresh_home() as home, as_file(workload) as path:
        home.child("first", path)
        for number in runs:
            tell(f"memory: {number} runs")
            out = str(home.folder / f"memory-{number}")
            found["peak_megabytes"][str(number)] = round_to(
                home.child("ensemble", path, str(number), "1", out)["peak_megabytes"]
            )
    few, many = (found["peak_megabytes"][str(number)] for number in runs)
    return {**found, "many_runs": many, "growth": round_to(many / few)}


def workers(rounds: int, runs: int) -> Document:
    """One worker and two on the same ensemble of W1 at 60 places, in turns: wall-clock time and bytes."""
    one: list[Document] = []
    two: list[Document] = []
    with fresh_home() as home, as_file(workloads()["w1-60"]) as path:
        home.child("first", path)
        for number in range(rounds):
            tell(f"workers: round {number + 1} of {rounds}")
            for jobs, done in ((1, one), (2, two)):
                out = str(home.folder / f"workers-{number}-{jobs}")
                done.append(home.child("ensemble", path, str(runs), str(jobs), out))
    pairs = list(zip(one, two, strict=True))
    return {
        "workload": "w1-60",
        "runs": runs,
        "one_worker_seconds": spread([done["seconds"] for done in one]),
        "two_workers_seconds": spread([done["seconds"] for done in two]),
        "times_as_fast": spread([alone["seconds"] / both["seconds"] for alone, both in pairs]),
        "processor_time_of_two_over_one": spread(
            [both["processor_seconds"] / alone["processor_seconds"] for alone, both in pairs]
        ),
        "same_bytes": len({done["parquet"] for done in (*one, *two)}) == 1,
    }


def shortened(workload: Workload) -> Workload:
    """The workload's first month."""
    return replace(workload, text=workload.text.replace("ends: 2017-12-31", "ends: 2017-01-31"))
