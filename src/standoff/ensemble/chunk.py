"""The results of some runs in a row, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Session, Trajectory
from standoff.model import Model

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Events:
    """The events of consecutive runs, one after another.

    `counts`: (run,) how many each run has; the others: (event,), entities as positions in their kind, -1 for none.
    """

    counts: NDArray[np.int64]
    time: Floats
    rule: Ints
    source: Ints
    target: Ints
    place: Ints
    size: Floats


@dataclass(frozen=True, slots=True)
class Series:
    """The series of consecutive runs, each in as few bytes as hold it: a truth one, a label two, a number four.

    `columns`: for each kind the model's columns of that kind; `values`: for each kind (column, run, time).
    """

    columns: tuple[NDArray[np.intp], ...]
    values: tuple[NDArray[np.generic], ...]

    @classmethod
    def room(cls, model: Model, runs: int) -> Series:
        """Room for so many runs."""
        types = series_types(model)
        kinds = sorted(set(types), key=lambda kind: kind.num)
        columns = tuple(np.array([i for i, kind in enumerate(types) if kind == one], dtype=np.intp) for one in kinds)
        times = len(model.grid)
        values = (np.empty((len(some), runs, times), dtype=kind) for some, kind in zip(columns, kinds, strict=True))
        return cls(columns, tuple(values))

    def put(self, run: int, series: Floats) -> None:
        """Keep the series of a run, (time, column)."""
        by_column = np.ascontiguousarray(series.T)
        with np.errstate(over="ignore"):  # a series keeps 32 bits: what is larger is infinite there, answers are exact
            for columns, values in zip(self.columns, self.values, strict=True):
                values[:, run] = by_column[columns]

    def by_column(self) -> Iterator[tuple[int, NDArray[np.generic]]]:
        """Each of the model's columns with its values, run by run: (runs * times,)."""
        for columns, values in zip(self.columns, self.values, strict=True):
            yield from zip(columns.tolist(), values.reshape(len(columns), -1), strict=True)


def series_types(model: Model) -> list[np.dtype[np.generic]]:
    """In which type each of the model's series is held."""
    return [np.dtype(np.int8 if one.truth else np.float32 if one.labels is None else np.int16) for one in model.series]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The results of consecutive runs.

    `parameters`: (run, parameter); `answers`: (run, question); `fired`, `rejected`, `recorded`: (run,), firings,
    thinned proposals, events.
    """

    first: int
    runs: int
    parameters: Floats
    answers: Floats
    series: Series
    fired: NDArray[np.int64]
    rejected: NDArray[np.int64]
    recorded: NDArray[np.int64]
    events: Events


def chunk_of(
    model: Model,
    numbers: NDArray[np.int64],
    parameters: Floats,
    sessions: Iterable[Session],
    *,
    events_until: int,
) -> Chunk:
    """Make runs to their ends, one after another, and gather them, with the events of those below `events_until`."""
    count = len(numbers)
    kept: list[Trajectory] = []
    series = Series.room(model, count)
    answers = np.empty((count, len(model.questions)))
    counts = np.empty((3, count), dtype=np.int64)
    for i, (number, session) in enumerate(zip(numbers.tolist(), sessions, strict=True)):
        session.keep_events(keep=number < events_until)
        session.advance_to(model.days)
        trajectory = session.trajectory()
        series.put(i, trajectory.series)
        answers[i] = trajectory.answers
        counts[:, i] = trajectory.fired, trajectory.rejected, session.recorded
        if number < events_until:
            kept.append(replace(trajectory, series=np.empty((0, 0))))
    return Chunk(
        first=int(numbers[0]),
        runs=count,
        parameters=parameters,
        answers=answers,
        series=series,
        fired=counts[0],
        rejected=counts[1],
        recorded=counts[2],
        events=_events(kept),
    )


def first_events(chunk: Chunk, events_until: int) -> Events:
    """The events of those runs of a chunk that are below `events_until`."""
    kept = chunk.events.counts[: max(0, events_until - chunk.first)]
    rows = int(kept.sum())
    every = chunk.events
    return Events(
        counts=kept,
        time=every.time[:rows],
        rule=every.rule[:rows],
        source=every.source[:rows],
        target=every.target[:rows],
        place=every.place[:rows],
        size=every.size[:rows],
    )


def _events(runs: list[Trajectory]) -> Events:
    none, nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64)
    return Events(
        counts=np.array([len(one.time) for one in runs], dtype=np.int64),
        time=np.concatenate([nothing, *(one.time for one in runs)]),
        rule=np.concatenate([none, *(one.rule for one in runs)]),
        source=np.concatenate([none, *(one.source for one in runs)]),
        target=np.concatenate([none, *(one.target for one in runs)]),
        place=np.concatenate([none, *(one.place for one in runs)]),
        size=np.concatenate([nothing, *(one.size for one in runs)]),
    )
