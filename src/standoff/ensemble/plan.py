"""The checked arguments of an ensemble: which runs are made (Plan), by which workers and in which folder (Where)."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from standoff.engine import Sampler
from standoff.errors import UsageError, shown, whole_number

MOST_RUNS = 10_000_000
MOST_DIGITS = 12
"""The most digits of a number of runs."""


def seed_of(value: object) -> int:
    """A random seed that a caller gives; raises UsageError for what is none."""
    seed = whole_number(value, "a seed")
    if not 0 <= seed < 1 << 63:
        raise UsageError(f"a seed must be a whole number from 0 to 2**63 - 1, not {seed}")
    return seed


def _of_events(value: object) -> str:
    return value if isinstance(value, str) else str(whole_number(value, "events, if not all or auto,"))


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
    events: str = "auto"

    def __post_init__(self) -> None:
        """Raises UsageError for what cannot be made."""
        object.__setattr__(self, "runs", whole_number(self.runs, "runs"))
        object.__setattr__(self, "seed", seed_of(self.seed))
        object.__setattr__(self, "events", _of_events(self.events))
        if not 1 <= self.runs <= MOST_RUNS:
            raise UsageError(f"runs must be 1 to {MOST_RUNS:,}, not {self.runs}")
        if self.events not in ("auto", "all") and not self._is_number():
            raise UsageError(f"events must be all, auto or a number of runs, not {self.events[:40]!r}")
        if self.sampler not in get_args(Sampler):
            raise UsageError(f"the sampler must be direct or coupled, not {self.sampler!r}")

    def _is_number(self) -> bool:
        return self.events.isascii() and self.events.isdecimal() and len(self.events) <= MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Where:
    """Where runs are made and kept: by how many threads or processes of this machine, or by which executor.

    Any `concurrent.futures` executor will do, also one whose workers are other machines. `folder` is the run folder;
    a temporary one if there is none.
    """

    jobs: int = 1
    executor: Executor | None = None
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for less than one worker."""
        object.__setattr__(self, "jobs", whole_number(self.jobs, "jobs"))
        if self.jobs < 1:
            raise UsageError(f"jobs must be at least 1, not {self.jobs}")
        if self.executor is not None and (isinstance(self.executor, type) or not hasattr(self.executor, "submit")):
            raise UsageError(f"an executor must be one of concurrent.futures, not {shown(self.executor)}")
