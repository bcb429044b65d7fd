"""Measure this engine beside floors in C and beside its rivals.

    python -m benchmarks.engine                 every workload and part, as tables; keeps them in benchmarks/results/
    python -m benchmarks.engine --json          the same as one JSON document on standard output
    python -m benchmarks.engine --only w1-60 --no-rivals

The sides of a workload take turns in this process, and a figure is the median over the rounds of the ratio within a
round, so that what else the machine does meets all sides. Times of runs are processor time; times of start-up,
loading and workers are wall-clock time. A rival's start-up and compilation stand in `ready_seconds` and in no ratio.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from benchmarks.bars import judged
from benchmarks.machine import commit, machine, versions
from benchmarks.measuring import Document, Effort, measure
from benchmarks.processes import MEMORY_RUNS, WORKER_RUNS, loading, memory, start_up, workers
from benchmarks.results import keep, tables
from benchmarks.rivals import ALL_DAY, HURRIED, NORMAL
from benchmarks.scaling import scaling
from benchmarks.workloads import Workload, workloads

PARTS = ("scaling", "start-up", "loading", "memory", "workers")


def arguments() -> argparse.Namespace:
    """What was asked for."""
    names = (*workloads(), *PARTS)
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine", description=(__doc__ or "").split("\n\n")[0],
        epilog=f"Workloads and parts: {', '.join(names)}.",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON document; progress goes to standard error")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns; figures are rough and not kept")
    only = "this workload or part; can be repeated; not kept"
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=only)
    parser.add_argument("--rivals", action=argparse.BooleanOptionalAction, default=True, help="rivals too (default)")
    parser.add_argument("--slow-rivals", action="store_true", help="rivals on 600 places too: many minutes")
    parser.add_argument("--rounds", type=int, help="how often the sides take turns (default 7; quick: 3)")
    chosen = parser.parse_args()
    if chosen.rounds is not None and chosen.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return chosen


def rejections(measured: list[Document]) -> Document:
    """The refused proposals for each event, by workload and sampler, where memories fade."""
    return {
        one["workload"]: {name: figures["rejected_an_event"] for name, figures in one["samplers"].items()}
        for one in measured
        if any(figures["rejected_an_event"] for figures in one["samplers"].values())
    }


def part(name: str, effort: Effort, *, quick: bool) -> Document:
    """One of the parts that are no workload."""
    if name == "scaling":
        return scaling(effort.rounds, effort.seconds)
    if name == "start-up":
        return start_up(1 if quick else 3, 3 if quick else 7)
    if name == "loading":
        return loading(2 if quick else 5)
    if name == "memory":
        few, many = MEMORY_RUNS
        return memory((few, many), quick=quick)
    return workers(1 if quick else 3, WORKER_RUNS // 5 if quick else WORKER_RUNS)


def main() -> int:
    """Measure, print, keep; 1 if a side that should run the floor's law does not."""
    chosen = arguments()
    rounds = chosen.rounds or (3 if chosen.quick else 7)
    patience = ALL_DAY if chosen.slow_rivals else HURRIED if chosen.quick else NORMAL
    effort = Effort(rounds, 0.15 if chosen.quick else 0.4, rivals=chosen.rivals, patience=patience)
    wanted: dict[str, Workload] = {k: w for k, w in workloads().items() if not chosen.only or k in chosen.only}
    measured = [measure(workload, effort) for workload in wanted.values()]
    parts = {
        name.replace("-", "_"): part(name, effort, quick=chosen.quick)
        for name in PARTS
        if not chosen.only or name in chosen.only
    }
    document: Document = {
        "machine": machine(),
        "versions": versions(),
        "commit": commit(),
        "effort": {**asdict(effort), "quick": chosen.quick},
        "workloads": measured,
        "rejected_proposals_an_event": rejections(measured),
        **parts,
    }
    document["bars"] = judged(document)
    if not (chosen.quick or chosen.only):
        keep(document)
    print(json.dumps(document, indent=1) if chosen.json else tables(document))
    laws = [figures["law"] for one in measured for figures in one["samplers"].values()]
    return 0 if all(law is None or law["same"] for law in laws) else 1


if __name__ == "__main__":
    sys.exit(main())
