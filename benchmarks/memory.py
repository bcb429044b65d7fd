"""What an ensemble holds in memory at its peak, as a command with its workers; seconds are not taken here.

The command's own peak is the highest resident set that Linux has marked for it. What it holds together with its
workers is looked up every 50 ms: the pages of their own of all of them, and those of files, which they share, of the
one that has most. Growth is that of the command's own peak, without workers, so that nothing is held elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from benchmarks.commands import Peak, new_machine, standoff
from benchmarks.measuring import Document, Effort, Pieces, round_to, tell
from benchmarks.sides import as_file
from benchmarks.waits import ten_lines
from benchmarks.workloads import BUNDLED, Workload, workload

LIMIT, LARGE_LIMIT = 250.0, 400.0
FLAT = 1.05
"""A peak that grows by less is called flat."""
LARGE = "w1-600"
FEW, MANY, VERY_MANY = 2000, 20_000, 200_000
LARGE_RUNS = 200


def pieces(effort: Effort) -> Pieces:
    """The 2017 scenario, a small one with ever more runs, and a large network."""
    quick = effort.quick
    return {
        BUNDLED: partial(peaks, partial(workload, BUNDLED), (FEW // 10 if quick else FEW,)),
        "small": partial(peaks, small, (FEW, MANY) if quick else (FEW, MANY, VERY_MANY)),
        LARGE: partial(peaks, shortened if quick else large, (10, 50 if quick else LARGE_RUNS)),
    }


def small() -> Workload:
    """The ten lines."""
    return Workload("small", "the README's scenario", ten_lines())


def large() -> Workload:
    """The contested border on 600 places."""
    return workload(LARGE)


def shortened() -> Workload:
    """Its first month."""
    whole = large()
    return replace(whole, text=whole.text.replace("ends: 2017-12-31", "ends: 2017-01-31"))


def peaks(make: Callable[[], Workload], runs: tuple[int, ...]) -> Document:
    """The peaks of the command: with the workers that it chooses, or alone with ever more runs."""
    alone = ("--jobs", "1") if len(runs) > 1 else ()
    of = make()
    found: Document = {"what": of.title, "runs": list(runs), "peaks": {}}
    with new_machine() as home, as_file(of) as path:
        for number in runs:
            tell(f"memory: {number:,} runs of {of.title}")
            peak = Peak()
            home.cost((*standoff(), "run", path, "--runs", str(number), "--seed", "1", "--quiet", *alone), peak=peak)
            found["peaks"][str(number)] = {
                "command_megabytes": round_to(peak.command),
                "together_megabytes": round_to(peak.together),
            }
    own = {number: peaks["command_megabytes"] for number, peaks in found["peaks"].items()}
    return {**found, "growth": {number: round_to(peak / own[str(runs[0])]) for number, peak in own.items()}}
