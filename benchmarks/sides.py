"""The sides that take turns: the floors and this engine with each of its samplers."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from benchmarks.floor import RunsInC
from benchmarks.workloads import Workload
from standoff.engine import Sampler, Session, draw_parameters, prepare
from standoff.model import ground
from standoff.scenario import load

SEED = 1


def processor_seconds() -> float:
    """The processor time of this process and of its finished children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@dataclass
class Turn:
    """What one turn of a side cost: processor seconds for one run, and for one event where the side counts them."""

    seconds_a_run: float
    seconds_an_event: float | None = None


@dataclass
class Seen:
    """What all runs of a side together showed."""

    runs: int = 0
    events: int = 0
    rejected: int = 0
    finals: list[tuple[float, ...]] = field(default_factory=list)


class Ended(NamedTuple):
    """What a run left: its events, its refused proposals, and the last row that it recorded."""

    events: int
    rejected: int
    last: NDArray[Any]


class Side(Protocol):
    """One that takes turns."""

    seen: Seen

    def turn(self) -> Turn:
        """Some runs that were not made before."""


class CountingSide:
    """A side that counts its events; a turn takes about `seconds` of processor time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.seen = Seen()
        self.runs = 0

    def one(self, number: int) -> Ended:
        """Make a run."""
        raise NotImplementedError

    def totals_of(self, last: NDArray[Any]) -> tuple[float, ...]:
        """The totals that sides are compared by, of the last row that a run has recorded."""
        raise NotImplementedError

    def made_ready(self, first: int, runs: int) -> None:
        """What is done once for some runs in a row; it is part of what they cost."""

    def turn(self) -> Turn:
        """So many runs as fill the time of a turn."""
        if not self.runs:
            self.runs = self.runs_a_turn()
            self.seen = Seen()
        first, at = self.seen.runs, self.runs
        events, spent = self.spent(first, at)
        self.seen.runs += at
        self.seen.events += events
        return Turn(spent / at, spent / events)

    def runs_a_turn(self) -> int:
        """How many runs fill the time of a turn, found by making ever more; the very first only warms up."""
        self.spent(0, 1)
        runs = 1
        while (took := self.spent(0, runs)[1]) < self.seconds / 2:
            runs = round(runs * min(10.0, max(2.0, self.seconds / max(took, 1e-6))))
        return max(1, round(runs * self.seconds / took))

    def spent(self, first: int, runs: int) -> tuple[int, float]:
        """The events of some runs and their processor seconds."""
        started = time.process_time()
        self.made_ready(first, runs)
        ended = [self.one(number) for number in range(first, first + runs)]
        took = time.process_time() - started
        # What the sides are compared by is no part of what a run costs.
        self.seen.rejected += sum(run.rejected for run in ended)
        self.seen.finals += [(float(run.events), *self.totals_of(run.last)) for run in ended]
        return sum(run.events for run in ended), took


class FloorSide(CountingSide):
    """One of the floors."""

    def __init__(self, floor: RunsInC, workload: Workload, seconds: float) -> None:
        super().__init__(seconds)
        self.floor, self.totals = floor, tuple(workload.totals.values())

    def one(self, number: int) -> Ended:
        """Make a run."""
        events = self.floor.run(SEED, number)
        return Ended(events, self.floor.rejected, self.floor.snapshots[-1].copy())

    def totals_of(self, last: NDArray[Any]) -> tuple[float, ...]:
        """The totals, of the floor's whole state."""
        return tuple(float(last[where].sum()) for where in self.totals)


class EngineSide(CountingSide):
    """This engine with one of its samplers; `record` keeps every event as a run of the command does."""

    def __init__(self, opened: Opened, sampler: str, seconds: float, *, record: bool = False) -> None:
        super().__init__(seconds)
        self.opened, self.columns = opened, opened.columns
        self.how: dict[str, Any] = {"record": record, "sampler": sampler}
        self.first, self.parameters = 0, np.zeros((0, 0))
        self.session: Session | None = None

    def made_ready(self, first: int, runs: int) -> None:
        """Draw the parameters of the runs together, as an ensemble does."""
        self.first = first
        self.parameters = draw_parameters(self.opened.model, seed=SEED, runs=np.arange(first, first + runs))

    def one(self, number: int) -> Ended:
        """Make a run, in the arrays of the one before, as an ensemble does."""
        parameters = self.parameters[number - self.first]
        if self.session is None:
            self.session = Session.begin(
                self.opened.program, seed=SEED, run=number, parameters=parameters, **self.how
            )
        else:
            self.session.begin_again(run=number, parameters=parameters)
        self.session.advance_to(self.opened.model.days)
        trajectory = self.session.trajectory()
        return Ended(int(trajectory.fired), trajectory.rejected, trajectory.series[-1].copy())

    def totals_of(self, last: NDArray[Any]) -> tuple[float, ...]:
        """The totals, of the series."""
        return tuple(float(last[where].sum()) for where in self.columns)


@contextmanager
def as_file(workload: Workload) -> Iterator[str]:
    """The workload as a file that the compiler reads, or the name of a bundled one."""
    if workload.bundled:
        yield workload.bundled
        return
    with tempfile.TemporaryDirectory(prefix="standoff-bench-") as folder:
        path = Path(folder) / f"{workload.key}.yaml"
        path.write_text(workload.text, encoding="utf-8")
        yield str(path)


class Opened:
    """A workload loaded, ground and prepared by this engine, and the seconds that each step took."""

    def __init__(self, workload: Workload) -> None:
        with as_file(workload) as name:
            times = [time.perf_counter()]
            scenario = load(name)
            times.append(time.perf_counter())
            self.model = ground(scenario.resolved)
            times.append(time.perf_counter())
            self.program = prepare(self.model)
            times.append(time.perf_counter())
        steps = ("load", "ground", "prepare")
        self.seconds = {step: times[at + 1] - times[at] for at, step in enumerate(steps)}
        watches = [column.watch for column in self.model.series]
        self.columns = [np.array([i for i, name in enumerate(watches) if name == total]) for total in workload.totals]


def samplers() -> list[str]:
    """The samplers that this engine has."""
    return list(get_args(Sampler))
