"""The tables of a run folder as arrays, a few runs or times at once where there are very many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble import Ensemble, QuestionEntry, SeriesEntry, on_threads, selected
from standoff.errors import UsageError
from standoff.report import fans
from standoff.time import days_to_end, from_iso

ROWS_AT_ONCE = 500_000
"""About so many rows of a series are in memory at once where it is long."""
LONG = 20_000
"""Series of fewer values are worked on faster than threads are started."""
MOST_THREADS = 4
"""Each holds a few times the values of a series."""

Item = TypeVar("Item")
Made = TypeVar("Made")


class RunTables:
    """The tables of a run folder as arrays; `runs` is how many runs the series hold."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        self.folder = folder = ensemble.folder
        self.manifest = ensemble.manifest
        self.times = tuple(self.manifest.grid)
        rows = self.ensemble.series_rows
        self.runs = rows // max(1, len(self.times))
        if self.runs == 0 or self.runs * len(self.times) != rows:
            raise UsageError(f"{folder}: series.parquet has {rows} rows, not {len(self.times)} for each of some runs")

    def values(self, series: SeriesEntry) -> NDArray[Any]:
        """One series as ``(runs, times)``, in the type it is stored in."""
        return self.ensemble.column(series.name).reshape(self.runs, len(self.times))

    def batches(self, series: SeriesEntry) -> Iterator[NDArray[Any]]:
        """One series as ``(some runs, times)``, one after another: few at a time where there are very many."""
        times = len(self.times)
        for some in self.ensemble.batches(series.name, rows=times * max(1, ROWS_AT_ONCE // times)):
            yield some.reshape(-1, times)

    def course(self, series: SeriesEntry) -> fans.Course:
        """One series, as what needs no whole of it takes it."""
        return fans.Course(partial(self.batches, series), partial(self.ensemble.at_times, series.name, runs=self.runs))

    def of_runs(self, series: SeriesEntry, rows: NDArray[np.intp]) -> NDArray[Any]:
        """One series in a few runs, ``(some, times)``; `rows` are their positions."""
        at, found = 0, []
        for some in self.batches(series):
            there = np.flatnonzero((at <= rows) & (rows < at + len(some)))
            found.append((there, some[rows[there] - at]))
            at += len(some)
        values = np.concatenate([part for _, part in found])
        return values[np.argsort(np.concatenate([there for there, _ in found]))]

    def of_each(self, make: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
        """What is made of each item, on all processors where the series are long: NumPy sorts without Python's lock."""
        if self.runs * len(self.times) < LONG:
            return [make(item) for item in items]
        return on_threads(make, items, most=MOST_THREADS)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each run; some are missing where an ensemble was interrupted."""
        return self.ensemble.runs_made["run"].to_numpy()

    @cached_property
    def drawn(self) -> dict[str, NDArray[np.float64]]:
        """The drawn values of each parameter, one per run."""
        # By position: the column of a parameter that is called as another column has another name.
        columns = self.ensemble.parameters.columns[1:]
        named = zip(self.manifest.parameters, columns, strict=True)
        return {entry.name: self.ensemble.parameters[column].to_numpy() for entry, column in named}

    @property
    def parts_of_a_day(self) -> int:
        """How finely moments of an event are told: to the minute where the start has an hour."""
        return 1440 if isinstance(from_iso(self.manifest.starts), datetime) else 100

    def answers_to(self, question: str) -> NDArray[np.float64]:
        """What each run answers to a question: 1 or 0, a number, or days since the start (-1: never)."""
        at = [one.id for one in self.manifest.questions].index(question)
        # By position, as parameters are: a question that is called as another column has another name.
        return self.ensemble.answers[self.ensemble.answers.columns[1 + at]].to_numpy()

    def asked_in(self, question: QuestionEntry) -> NDArray[np.bool_]:
        """In which runs, (runs,), a question is asked."""
        answers = self.ensemble.answers.to_numpy()[:, 1:]
        among = selected(self.manifest.questions, question, answers)
        return np.ones(len(answers), np.bool_) if among is None else among

    def yes(self, question: QuestionEntry) -> NDArray[np.int16]:
        """Whether each run, (runs,), says yes, for a date whether it comes: 1, 0, or -1 where it is not asked."""
        answers = self.answers_to(question.id)
        said = answers >= 0 if question.type == "date" else answers > 0.5
        return np.where(self.asked_in(question), said, -1).astype(np.int16)

    def reading_near(self, day: str) -> int:
        """The reading nearest to the end of a day, when what is asked of that day is answered."""
        ends = days_to_end(from_iso(self.manifest.starts), from_iso(day))
        return min(range(len(self.times)), key=lambda i: abs(self.times[i] - ends))
