"""Many runs of a scenario through the public doors, kept as sums of deviations only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Program, draw_parameters, prepare, run
from standoff.model import ground
from standoff.scenario import load

Floats = NDArray[np.float64]
RUNS_IN_A_CHUNK = 250
"""Sums are made chunk by chunk in the order of runs: the same numbers, however many processes share the work."""


@dataclass(frozen=True)
class Sums:
    """Of `runs` runs: the sums of deviations from a centre, of their squares and fourth powers, (outputs, times)."""

    runs: int
    first: Floats
    second: Floats
    fourth: Floats

    def __add__(self, other: Sums) -> Sums:
        first, second = self.first + other.first, self.second + other.second
        return Sums(self.runs + other.runs, first, second, self.fourth + other.fourth)


@dataclass(frozen=True)
class Chunk:
    """Some runs of one scenario: which columns (and whether their logarithm), days and runs, around which centre."""

    path: Path
    columns: tuple[tuple[str, bool], ...]
    days: tuple[float, ...]
    seed: int
    first: int
    runs: int
    centre: Floats


@lru_cache(maxsize=2)
def _prepared(path: Path, stamp: int) -> Program:
    # A network's draw that was refused too often stops its run on purpose, which `check` calls an error.
    return prepare(ground(load(path).as_read))


def simulate(chunk: Chunk) -> Sums:
    """Make the runs of a chunk; raises what the engine raises."""
    program = _prepared(chunk.path, chunk.path.stat().st_mtime_ns)
    model = program.model
    rows = [int(np.argmin(np.abs(model.grid - day))) for day in chunk.days]
    if not np.allclose(model.grid[rows], chunk.days):
        raise ValueError("the scenario does not record on the days of the results")
    names = [column.watch for column in model.series]
    at = [names.index(name) for name, _ in chunk.columns]
    logarithms = np.array([logarithm for _, logarithm in chunk.columns])
    numbers = np.arange(chunk.first, chunk.first + chunk.runs)
    parameters = draw_parameters(model, seed=chunk.seed, runs=numbers)
    first, second, fourth = (np.zeros_like(chunk.centre) for _ in range(3))
    for number, drawn in zip(numbers.tolist(), parameters, strict=True):
        series = run(program, seed=chunk.seed, run=number, parameters=drawn, record=False).series
        values = series[np.ix_(rows, at)].T
        if logarithms.any():
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(logarithms[:, None], np.log(values), values)
        gap = values - chunk.centre
        first += gap
        square = gap * gap
        second += square
        fourth += square * square
    return Sums(chunk.runs, first, second, fourth)


class Pool(Protocol):
    """What takes chunks and gives their sums later."""

    def submit(self, chunk: Chunk) -> Future[Sums]:
        """Begin, or at once do, the work of a chunk."""


class _Here:
    """The work done in this process, when it is asked for."""

    def submit(self, chunk: Chunk) -> Future[Sums]:
        """Do the work now."""
        done: Future[Sums] = Future()
        try:
            done.set_result(simulate(chunk))
        # The caller of result() gets it, as from another process.
        except Exception as error:  # noqa: BLE001
            done.set_exception(error)
        return done


class _There:
    def __init__(self, processes: ProcessPoolExecutor) -> None:
        self._processes = processes

    def submit(self, chunk: Chunk) -> Future[Sums]:
        """Give the work to the next free process."""
        return self._processes.submit(simulate, chunk)


@contextmanager
def pool_of(jobs: int) -> Iterator[Pool]:
    """A pool of so many processes; with one, everything happens in this one."""
    if jobs <= 1:
        yield _Here()
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as processes:
        try:
            yield _There(processes)
        finally:
            processes.shutdown(wait=True, cancel_futures=True)


def begin(
    pool: Pool, path: Path, columns: tuple[tuple[str, bool], ...], days: tuple[float, ...], centre: Floats, *,
    seed: int, first: int, runs: int,
) -> list[Future[Sums]]:  # fmt: skip
    """Start the runs numbered from `first`; their sums come in the order of runs."""
    return [
        pool.submit(Chunk(path, columns, days, seed, at, min(RUNS_IN_A_CHUNK, first + runs - at), centre))
        for at in range(first, first + runs, RUNS_IN_A_CHUNK)
    ]


def together(parts: list[Future[Sums]]) -> Sums:
    """The sums of all parts, added in order."""
    found = parts[0].result()
    for part in parts[1:]:
        found = found + part.result()
    return found
