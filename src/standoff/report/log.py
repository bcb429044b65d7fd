"""A few runs told one by one: their events as rows of numbers that point into one list of words, and what lasted."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.report.scene import Happening, SampledRun

SAMPLED_RUNS = 5
MOST_EVENTS = 3000
DIGITS = 4

_COLUMNS = [field.name for field in fields(Happening)]
_TEXTS = ["rule", "binding", "type", "mode", "source", "target", "place"]


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lasts in the runs, each array ``(runs, times)``; `runs` are their numbers, with gaps where some are missing.

    `held` are the holders of places as positions in the names beside them, -1 for nobody; `forces` how strong they are,
    in whole numbers; `open` tells of corridors, by position, whether they are open; `lines` are the series that are
    drawn. `radii`, ``(runs,)``, are those of zones.
    """

    runs: NDArray[np.int64]
    held: Mapping[int, tuple[NDArray[np.int16], tuple[str, ...]]]
    forces: Mapping[int, NDArray[np.float32]]
    open: Mapping[int, NDArray[np.bool_]]
    lines: Sequence[NDArray[np.float32]]
    radii: Sequence[NDArray[np.float64] | None]


class _Words:
    """Texts by their position, each once."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}

    def position(self, text: str | None) -> int:
        return -1 if text is None else self.at.setdefault(text, len(self.at))


def sampled_runs(table: Path, lasting: Lasting, *, until: int, seed: int) -> tuple[list[str], list[SampledRun]]:
    """The words, and the courses of a few of the runs before `until`, which the seed picks.

    `table` is the Parquet file of the events; only the rows of those few runs are read into memory.
    """
    import polars as pl

    there = [int(run) for run in lasting.runs if run < until]
    chosen = random.Random(seed).sample(there, min(SAMPLED_RUNS, len(there)))
    events = pl.scan_parquet(table).filter(pl.col("run").is_in(chosen)).collect()
    words = _Words()
    found = []
    for run in chosen:
        row = int(np.searchsorted(lasting.runs, run))
        rows = events.filter(events["run"] == run)
        log = [_event(one, words) for one in rows.head(MOST_EVENTS).select(_COLUMNS).iter_rows(named=True)]
        found.append(
            SampledRun(
                run=run,
                total=rows.height,
                events=log,
                held=list(_held(lasting, row, words)),
                forces=list(_rows(lasting.forces, row)),
                open=list(_rows(lasting.open, row)),
                lines=[[_rounded(value) for value in values[row].tolist()] for values in lasting.lines],
                radii=[None if radius is None else _rounded(float(radius[row])) for radius in lasting.radii],
            )
        )
    return list(words.at), found


def _event(row: dict[str, Any], words: _Words) -> list[float | None]:
    row["time"] = round(row["time"], 3)
    row["size"] = None if row["size"] is None or row["size"] != row["size"] else round(row["size"], 4)
    for text in _TEXTS:
        row[text] = words.position(row[text])
    return [row[column] for column in _COLUMNS]


def _held(lasting: Lasting, row: int, words: _Words) -> Iterator[tuple[int, int, int]]:
    for place, (values, names) in lasting.held.items():
        for step, code in _changes(values[row]):
            yield place, step, words.position(names[code] if code >= 0 else None)


def _rows(lasting: Mapping[int, NDArray[Any]], row: int) -> Iterator[tuple[int, int, int]]:
    for what, values in lasting.items():
        for step, value in _changes(np.nan_to_num(np.round(values[row]), nan=-1, posinf=-1, neginf=-1)):
            yield what, step, value


def _changes(values: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """The first value and each that differs from the one before it, with its position."""
    steps = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist()]
    return ((step, int(values[step])) for step in steps)


def _rounded(value: float) -> float | None:
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short
