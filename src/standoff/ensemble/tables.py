"""The tables of a run folder, made from the arrays that the workers hand back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble.chunk import Chunk, Events, first_events
from standoff.model import EVENT_COLUMNS, SERIES_COLUMNS, Model

if TYPE_CHECKING:
    import polars as pl

Rows = TypeVar("Rows", "pl.DataFrame", "pl.LazyFrame")

ROWS = 50_000
"""The most events of one frame."""

MOST_LISTED = 5_000
"""Columns of texts that are taken from a longer list are written as texts: a file carries the list as a whole."""

TABLES = ("series", "events", "parameters", "answers", "runs")
"""The names of the tables: one Parquet file each, rows in the order of the runs."""


def column_names(fixed: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Names for the columns after the fixed ones; a name that is taken gets an underscore."""
    taken = set(fixed)
    given = []
    for name in names:
        while name in taken:
            name += "_"
        taken.add(name)
        given.append(name)
    return tuple(given)


def frames(model: Model, chunk: Chunk, *, events_until: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows that a chunk adds to each table, by the table's name; events come in as many frames as it takes.

    They are as narrow as can be: see `as_told` for what a reader gets.
    """
    import polars as pl

    runs = np.arange(chunk.first, chunk.first + chunk.runs, dtype=np.int32)
    parameters = column_names(["run"], (p.name for p in model.parameters))
    questions = column_names(["run"], (q.name for q in model.questions))
    yield "series", _series(model, chunk, runs)
    yield from (("events", one) for one in _events(_words_of(model), first_events(chunk, events_until), runs))
    yield "parameters", pl.DataFrame({"run": runs} | {n: chunk.parameters[:, i] for i, n in enumerate(parameters)})
    yield "answers", pl.DataFrame({"run": runs} | {n: chunk.answers[:, i] for i, n in enumerate(questions)})
    counts = {"fired": chunk.fired, "rejected": chunk.rejected, "events": chunk.recorded}
    yield "runs", pl.DataFrame({"run": runs} | counts)


def as_told(rows: Rows) -> Rows:
    """Rows of parts as a reader gets them: a truth of one byte is a number like others, a listed word is a text."""
    import polars as pl

    return rows.with_columns(pl.selectors.by_dtype(pl.Int8).cast(pl.Float32), pl.selectors.enum().cast(pl.String))


def _series(model: Model, chunk: Chunk, runs: NDArray[np.int32]) -> pl.DataFrame:
    import polars as pl

    times = len(model.grid)
    columns: dict[str, object] = {"run": np.repeat(runs, times), "time": np.tile(model.grid, chunk.runs)}
    names = column_names(SERIES_COLUMNS, (one.name for one in model.series))
    values = dict(chunk.series.by_column())
    return pl.DataFrame(columns | {name: values[i] for i, name in enumerate(names)})


def _events(words: _Words, events: Events, runs: NDArray[np.int32]) -> Iterator[pl.DataFrame]:
    """The events in frames of at most ROWS rows; one frame even of none."""
    run = np.repeat(runs[: len(events.counts)], events.counts)
    for first in range(0, max(1, len(run)), ROWS):
        part = slice(first, first + ROWS)
        some = Events(
            events.counts, events.time[part], events.rule[part], events.source[part], events.target[part],
            events.place[part], events.size[part],
        )  # fmt: skip
        yield words.rows(run[part], some)


class _Listed:
    """Words that are taken from a list, for each of some positions one or none; a long list is no part of a file."""

    def __init__(self, words: Iterable[str | None]) -> None:
        import polars as pl

        numbers: dict[str | None, int] = {}
        self.number = np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.uint32)
        listed = [word for word in numbers if word is not None]
        self.words = pl.Series(list(numbers), dtype=pl.Enum(listed) if len(listed) <= MOST_LISTED else pl.String)

    def at(self, positions: NDArray[np.int32]) -> pl.Series:
        """The words at some positions."""
        import polars as pl

        return self.words.gather(pl.Series(self.number[positions]))


class _Words:
    """The words that the events of a model are written in, listed once."""

    def __init__(self, model: Model) -> None:
        headers = [rule.header for rule in model.rules]
        self.rule_of = model.rule_of
        self.rule = _Listed(rule.name for rule in model.rules)
        self.type = _Listed(None if one is None else one.type for one in headers)
        self.mode = _Listed(None if one is None else one.mode for one in headers)
        self.binding = _Listed(model.bindings())
        # All entities stand in one list after a leading none; `first` is where the kind that each rule names begins.
        names: list[str | None] = [None]
        starts: dict[str | None, int] = {None: 0}
        for kind, members in model.kinds.items():
            starts[kind] = len(names)
            names.extend(members)
        self.entity = _Listed(names)
        kinds = [(None, None, None) if one is None else one.kinds for one in headers]
        self.first = np.array([[starts[kind] for kind in of] for of in kinds], dtype=np.int32).reshape(-1, 3)

    def rows(self, run: NDArray[np.int32], events: Events) -> pl.DataFrame:
        """The rows of the table of events."""
        import polars as pl

        rule = self.rule_of[events.rule]

        def entities(part: int, at: NDArray[np.int32]) -> pl.Series:
            return self.entity.at(np.where(at >= 0, self.first[rule, part] + at, 0))

        columns = {
            "run": run,
            "time": events.time,
            "rule": self.rule.at(rule),
            "binding": self.binding.at(events.rule),
            "type": self.type.at(rule),
            "mode": self.mode.at(rule),
            "source": entities(0, events.source),
            "target": entities(1, events.target),
            "place": entities(2, events.place),
            "size": pl.Series(events.size, nan_to_null=True),
        }
        numbers = {name: getattr(pl, kind) for name, kind in EVENT_COLUMNS.items() if kind != "String"}
        return pl.DataFrame(columns, schema_overrides=numbers).select(*EVENT_COLUMNS)


_KEPT = 2
_listed: list[tuple[Model, _Words]] = []


def _words_of(model: Model) -> _Words:
    """The words of a model; those of the last few are kept."""
    for known, words in list(_listed):
        if known is model:
            return words
    words = _Words(model)
    _listed.append((model, words))
    del _listed[:-_KEPT]
    return words
