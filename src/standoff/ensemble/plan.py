"""The checked arguments of an ensemble: which runs are made (Plan), and by which workers (Where)."""

from __future__ import annotations

from abc import abstractmethod
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, get_args

from standoff.engine import Sampler
from standoff.errors import UsageError, random_seed, shown, whole_number

MOST_RUNS = 10_000_000
MOST_DIGITS = 12
"""The most digits of a number of runs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which runs of a scenario are made: how many, of which random seed, by which sampler.

    `events` says of which runs the events are kept: `all`, a number of first runs, or `auto` (all, if about two million
    rows hold them). `sampler` is `direct`, or `coupled` for runs that share their random numbers with those of another
    variant (docs/engine.md).
    """

    runs: int = 1000
    seed: int = 1
    sampler: Sampler = "direct"
    events: str | int = "auto"

    def __post_init__(self) -> None:
        """Raises UsageError for what cannot be made; numbers become ints, and a number of events its digits."""
        # Numbers name random streams and stand in the manifest: NumPy's would be written otherwise.
        object.__setattr__(self, "runs", whole_number(self.runs, "the number of runs"))
        object.__setattr__(self, "seed", random_seed(self.seed))
        if not 1 <= self.runs <= MOST_RUNS:
            raise UsageError(f"runs must be 1 to {MOST_RUNS:,}, not {self.runs}")
        if not isinstance(self.events, str | bool):
            object.__setattr__(self, "events", str(whole_number(self.events, "events")))
        if self.events not in ("auto", "all") and not self._is_number():
            raise UsageError(f"events must be all, auto or a number of runs, not {self.events!r:.60}")
        if self.sampler not in get_args(Sampler):
            raise UsageError(f"the sampler must be direct or coupled, not {self.sampler!r}")

    def _is_number(self) -> bool:
        events = str(self.events)
        return events.isascii() and events.isdecimal() and len(events) <= MOST_DIGITS


AHEAD_OF_AN_EXECUTOR = 32
"""How many pieces of work are with an executor at least, of which nobody knows how many workers it has."""


class Crew(Executor):
    """An executor of other machines: it knows how many workers it has, and keeps what they send from piling up."""

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many pieces of work it does at once, now; raises BrokenExecutor where there is none."""

    @abstractmethod
    def as_sent(self, job: Any) -> Any:
        """A job as its workers get it."""

    @abstractmethod
    def desk(self, *, in_order: bool) -> Desk:
        """Where the work of one job is handed in; results that need no order wait with the workers to be taken."""


class Desk(Executor):
    """Takes the work of one job for a crew."""

    @abstractmethod
    def taken(self) -> None:
        """Say that a result is done with: the next may come."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where runs are made: by how many threads or processes of this machine, or by which executor.

    Any `concurrent.futures` executor will do, also one whose workers are other machines.
    """

    jobs: int = 1
    executor: Executor | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for less than one worker."""
        object.__setattr__(self, "jobs", whole_number(self.jobs, "jobs"))
        if self.jobs < 1:
            raise UsageError(f"jobs must be at least 1, not {self.jobs}")
        if self.executor is not None and (isinstance(self.executor, type) or not hasattr(self.executor, "submit")):
            raise UsageError(f"an executor must be one of concurrent.futures, not {shown(self.executor)}")

    @property
    def ahead(self) -> int:
        """How many pieces of work are on their way at once, so that no worker waits for the next."""
        if isinstance(self.executor, Crew):
            return 2 * self.executor.workers + 2
        enough = 2 * self.jobs + 2
        return enough if self.executor is None else max(AHEAD_OF_AN_EXECUTOR, enough)
