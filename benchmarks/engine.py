"""Measure the engine on the contested border beside the floor in C, and check that both run the same law.

    python -m benchmarks.engine            all sizes of W1, and W2 at 60 places
    python -m benchmarks.engine --json     the same as one JSON document

The two sides take turns, and a figure is the median over the turns, so that what else the machine does meets both.
Times are processor time of one core. Both sides record the whole state at the same 74 times. `ratio` is this engine's
time per event over the floor's; `logged` is the same with every event recorded too, which the floor does not do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.contested_border import ACTORS, DAYS, Border
from benchmarks.floor import Floor
from standoff.engine import Program, prepare, run
from standoff.model import Model, ground
from standoff.scenario import load

BORDERS = (Border(6), Border(60), Border(600), Border(60, memory=True))
RESULTS = Path(__file__).with_name("results")
EVENTS_A_DAY_AND_PLACE = 2.9
STANDARD_ERRORS = 4.0
SEED = 1


@dataclass(frozen=True)
class Totals:
    """Force, grievance and reserve summed over everyone on the last day, one row a run."""

    names = ("force", "grievance", "reserve")
    rows: list[tuple[float, float, float]]

    def mean(self) -> np.ndarray:
        """Their means."""
        return np.mean(self.rows, axis=0)

    def error(self) -> np.ndarray:
        """The standard errors of the means."""
        return np.std(self.rows, axis=0, ddof=1) / np.sqrt(len(self.rows))


@dataclass(frozen=True)
class Measurement:
    """What one workload showed; times per event in nanoseconds of one core."""

    workload: str
    ground_rules: int
    events_a_run: float
    floor_ns: float
    engine_ns: float
    logged_ns: float
    ratio: float
    logged_ratio: float
    events_a_second: float
    load_seconds: float
    ground_seconds: float
    prepare_seconds: float
    turns: int
    runs: int
    furthest_mean: float
    same_law: bool


def scenario_of(border: Border) -> Path:
    """The workload as a file, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="standoff-bench-"))
    path = folder / f"border-{border.places}.yaml"
    path.write_text(border.scenario(), encoding="utf-8")
    return path


class Engine:
    """This engine on the workload, and how long each step to the first event took."""

    def __init__(self, border: Border) -> None:
        path = scenario_of(border)
        started = time.perf_counter()
        scenario = load(str(path))
        loaded = time.perf_counter()
        self.model: Model = ground(scenario.resolved)
        grounded = time.perf_counter()
        self.program: Program = prepare(self.model)
        run(self.program, seed=SEED, run=0, record=False)
        ready = time.perf_counter()
        self.seconds = (loaded - started, grounded - loaded, ready - grounded)
        path.unlink()
        path.parent.rmdir()
        watches = [column.watch for column in self.model.series]
        self.columns = [np.array([i for i, watch in enumerate(watches) if watch == name]) for name in Totals.names]

    def turn(self, first: int, runs: int, totals: Totals, *, record: bool) -> int:
        """Some runs; the number of their events."""
        events = 0
        for number in range(first, first + runs):
            trajectory = run(self.program, seed=SEED, run=number, record=record)
            events += trajectory.fired
            force, grievance, reserve = (float(trajectory.series[-1, columns].sum()) for columns in self.columns)
            totals.rows.append((force, grievance, reserve))
        return events


def floor_turn(floor: Floor, border: Border, first: int, runs: int, totals: Totals) -> int:
    """Some runs of the floor; the number of their events."""
    events, edge = 0, 2 * ACTORS * border.places
    for number in range(first, first + runs):
        events += floor.run(SEED, number)
        last = floor.snapshots[-1]
        force, grievance = float(last[: edge // 2].sum()), float(last[edge + ACTORS :].sum())
        totals.rows.append((force, grievance, float(last[edge : edge + ACTORS].sum())))
    return events


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """The events of some work, and nanoseconds of processor time for each."""
    started = time.process_time_ns()
    events = work()
    return events, (time.process_time_ns() - started) / events


def measure(border: Border, turns: int, events_a_turn: float) -> Measurement:
    """Let floor and engine take turns on one workload."""
    floor, engine = Floor(border), Engine(border)
    runs = max(1, round(events_a_turn / (EVENTS_A_DAY_AND_PLACE * DAYS * border.places)))
    floor_totals, engine_totals, logged_totals = Totals([]), Totals([]), Totals([])
    floor_ns, engine_ns, logged_ns, events = [], [], [], []
    for turn in range(turns):
        first = turn * runs
        floor_ns.append(timed(lambda at=first: floor_turn(floor, border, at, runs, floor_totals))[1])
        fired, ns = timed(lambda at=first: engine.turn(at, runs, engine_totals, record=False))
        engine_ns.append(ns)
        events.append(fired / runs)
        logged_ns.append(timed(lambda at=first: engine.turn(at, runs, logged_totals, record=True))[1])
    error = np.hypot(floor_totals.error(), engine_totals.error())
    furthest = float(np.max(np.abs(floor_totals.mean() - engine_totals.mean()) / error))
    return Measurement(
        workload=border.name,
        ground_rules=engine.model.ground_rules,
        events_a_run=sum(events) / turns,
        floor_ns=median(floor_ns),
        engine_ns=median(engine_ns),
        logged_ns=median(logged_ns),
        ratio=median(ours / theirs for ours, theirs in zip(engine_ns, floor_ns, strict=True)),
        logged_ratio=median(ours / theirs for ours, theirs in zip(logged_ns, floor_ns, strict=True)),
        events_a_second=1e9 / median(engine_ns),
        load_seconds=engine.seconds[0],
        ground_seconds=engine.seconds[1],
        prepare_seconds=engine.seconds[2],
        turns=turns,
        runs=runs * turns,
        furthest_mean=furthest,
        same_law=furthest <= STANDARD_ERRORS,
    )


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*:\s*(.+)", information.read_text(encoding="utf-8"))
        model = found.group(1) if found else model
    libraries = {name: version(name) for name in ("numba", "llvmlite", "numpy")}
    return {"processor": model, "cores": os.cpu_count() or 1, "python": platform.python_version(), **libraries}


def table(measured: list[Measurement]) -> str:
    """The figures as a person reads them."""
    head = f"{'workload':<16}{'rules':>7}{'floor ns':>10}{'engine ns':>11}{'ratio':>7}{'logged':>8}"
    head += f"{'events/s/core':>15}{'load s':>8}{'ground s':>10}{'prepare s':>11}  law"
    rows = [
        f"{m.workload:<16}{m.ground_rules:>7}{m.floor_ns:>10.0f}{m.engine_ns:>11.0f}{m.ratio:>7.2f}"
        f"{m.logged_ratio:>8.2f}{m.events_a_second:>15,.0f}"
        f"{m.load_seconds:>8.2f}{m.ground_seconds:>10.2f}{m.prepare_seconds:>11.2f}"
        f"  {'same' if m.same_law else 'DIFFERS'} ({m.furthest_mean:.1f} s.e.)"
        for m in measured
    ]
    return "\n".join([head, *rows])


def main() -> int:
    """Measure, print, and keep the figures by machine; 1 if the two sides do not run the same law."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--turns", type=int, default=7, help="how often the sides take turns (default 7)")
    parser.add_argument("--events", type=float, default=2.5e6, help="events of one turn, about (default 2.5 million)")
    chosen = parser.parse_args()
    if chosen.turns < 1:
        parser.error("--turns must be 1 or more")
    measured = []
    for border in BORDERS:
        sys.stderr.write(f"{border.name} …\n")
        measured.append(measure(border, chosen.turns, chosen.events))
    here = machine()
    document = {"machine": here, "measured": [asdict(m) for m in measured]}
    RESULTS.mkdir(exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", f"{here['processor']} {here['cores']} cores".lower()).strip("-")
    (RESULTS / f"{slug}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(document, indent=1) if chosen.json else table(measured))
    return 0 if all(m.same_law for m in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
