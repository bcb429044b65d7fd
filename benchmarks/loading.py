"""How long a network takes to load, ground and compile, in a process that has done the same with a small scenario."""

from __future__ import annotations

from functools import partial
from statistics import median

from benchmarks.commands import new_machine
from benchmarks.ensemble import child
from benchmarks.measuring import Document, Effort, Pieces, round_to, spread, tell
from benchmarks.memory import small
from benchmarks.sides import as_file
from benchmarks.workloads import workload

SIZES = ("w1-60", "w1-600")
STEPS = ("load", "ground", "prepare")


def pieces(effort: Effort) -> Pieces:
    """One for each size."""
    return {key: partial(loading, key, effort.rounds or (2 if effort.quick else 5)) for key in SIZES}


def loading(key: str, turns: int) -> Document:
    """With nothing kept from before, and with what an earlier process has kept."""
    tell(f"loading: {key}")
    with new_machine() as home, as_file(small()) as first, as_file(workload(key)) as path:
        cold = [child(home, "load", first, path, STANDOFF_CACHE="") for _ in range(turns)]
        child(home, "load", first, path)
        warm = [child(home, "load", first, path) for _ in range(turns)]
    return {"nothing_kept": steps(cold), "kept": steps(warm)}


def steps(each: list[Document]) -> Document:
    """The steps of loading over the turns, and their sum."""
    found = {step: round_to(median(one[step] for one in each)) for step in STEPS}
    return {**found, "total_seconds": spread([sum(one[step] for step in STEPS) for one in each])}
