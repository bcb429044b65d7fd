"""The tables of a run folder, made from the arrays that the workers hand back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble.chunk import Chunk, Events, first_events
from standoff.model import EVENT_COLUMNS, SERIES_COLUMNS, Model

if TYPE_CHECKING:
    import polars as pl

ROWS = 50_000
"""Names take a hundred bytes an event: no more rows than this have theirs in memory at once."""

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
    """The rows that a chunk adds to each table, by the table's name; events come in as many frames as it takes."""
    import polars as pl

    runs = np.arange(chunk.first, chunk.first + chunk.runs, dtype=np.int32)
    parameters = column_names(["run"], (p.name for p in model.parameters))
    questions = column_names(["run"], (q.name for q in model.questions))
    yield "series", _series(model, chunk, runs)
    yield from (("events", one) for one in _events(model, first_events(chunk, events_until), runs))
    yield "parameters", pl.DataFrame({"run": runs} | {n: chunk.parameters[:, i] for i, n in enumerate(parameters)})
    yield "answers", pl.DataFrame({"run": runs} | {n: chunk.answers[:, i] for i, n in enumerate(questions)})
    counts = {"fired": chunk.fired, "rejected": chunk.rejected, "events": chunk.recorded}
    yield "runs", pl.DataFrame({"run": runs} | counts)


def _series(model: Model, chunk: Chunk, runs: NDArray[np.int32]) -> pl.DataFrame:
    import polars as pl

    times = len(model.grid)
    columns: dict[str, object] = {"run": np.repeat(runs, times), "time": np.tile(model.grid, chunk.runs)}
    for i, name in enumerate(column_names(SERIES_COLUMNS, (s.name for s in model.series))):
        values = chunk.series[:, :, i].reshape(-1)
        columns[name] = values.astype(np.int16) if model.series[i].labels is not None else values
    return pl.DataFrame(columns)


def _events(model: Model, events: Events, runs: NDArray[np.int32]) -> Iterator[pl.DataFrame]:
    """The events in frames of at most ROWS rows; one frame even of none."""
    run = np.repeat(runs[: len(events.counts)], events.counts)
    for first in range(0, max(1, len(run)), ROWS):
        part = slice(first, first + ROWS)
        some = Events(
            events.counts, events.time[part], events.rule[part], events.source[part], events.target[part],
            events.place[part], events.size[part],
        )  # fmt: skip
        yield _event_rows(model, run[part], some)


def _event_rows(model: Model, run: NDArray[np.int32], events: Events) -> pl.DataFrame:
    import polars as pl

    rules = model.rules
    lifted = model.rule_of[events.rule]
    ground, position = np.unique(events.rule, return_inverse=True)
    headers = [rule.header for rule in rules]

    def words(of: list[str | None], at: NDArray[np.int32]) -> pl.Series:
        return pl.Series(of, dtype=pl.String).gather(pl.Series(at.astype(np.uint32)))

    def entities(part: int, at: NDArray[np.int32]) -> pl.Series:
        names, starts = _offsets(model)
        kinds = np.array([starts[h.kinds[part]] if h is not None else 0 for h in headers] or [0], dtype=np.int64)
        return words(names, np.where(at >= 0, kinds[lifted] + at, 0).astype(np.int32))

    return pl.DataFrame(
        {
            "run": run,
            "time": events.time,
            "rule": words([rule.name for rule in rules], lifted),
            "binding": words([model.binding(int(g)) for g in ground], position.astype(np.int32)),
            "type": words([h.type if h else None for h in headers], lifted),
            "mode": words([h.mode if h else None for h in headers], lifted),
            "source": entities(0, events.source),
            "target": entities(1, events.target),
            "place": entities(2, events.place),
            "size": pl.Series(events.size, nan_to_null=True),
        },
        schema={name: getattr(pl, kind) for name, kind in EVENT_COLUMNS.items()},
    )


def _offsets(model: Model) -> tuple[list[str | None], dict[str | None, int]]:
    """All entities in one list after a leading none, and where each kind starts in it."""
    names: list[str | None] = [None]
    starts: dict[str | None, int] = {None: 0}
    for kind, members in model.kinds.items():
        starts[kind] = len(names)
        names.extend(members)
    return names, starts
