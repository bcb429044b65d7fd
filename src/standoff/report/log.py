"""A few runs one by one, frame by frame: what changes at each reading, and the events between two of them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble import scan_tables
from standoff.report.frames import Frame, Happening, SampledRun

SAMPLED_RUNS = 5
MOST_EVENTS = 3000
DIGITS = 4

_COLUMNS = [field.name for field in fields(Happening)]
_TEXTS = ["rule", "binding", "type", "mode", "source", "target", "place"]

Row = list[float | None]


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lasts in a few runs, each array ``(runs, times)``.

    `held` are the holders of places as positions in the names beside them, -1 for nobody; `forces` how strong they are,
    in whole numbers; `open` tells of corridors, by position, whether they are open; `lines` are the series that are
    drawn. `radii`, ``(runs,)``, are those of zones. `times` are the days of the readings, and events are
    dated to one of `parts` parts of a day.
    """

    times: Sequence[float]
    parts: int
    held: Mapping[int, tuple[NDArray[np.int16], tuple[str, ...]]]
    forces: Mapping[int, NDArray[np.float32]]
    open: Mapping[int, NDArray[np.bool_]]
    lines: Sequence[NDArray[np.float32]]
    radii: Sequence[NDArray[np.float64] | None]


class _Words:
    """The texts of a run by their position, each once; `fresh` are those that no frame has had yet."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}
        self.fresh: list[str] = []

    def position(self, text: str | None) -> int:
        if text is None:
            return -1
        if text not in self.at:
            self.at[text] = len(self.at)
            self.fresh.append(text)
        return self.at[text]

    def told(self) -> list[str]:
        fresh, self.fresh = self.fresh, []
        return fresh


def chosen_runs(runs: NDArray[np.int64], *, until: int, seed: int) -> list[int]:
    """A few of the runs before `until`, which the seed picks."""
    there = runs[runs < until]
    at = random.Random(seed).sample(range(len(there)), min(SAMPLED_RUNS, len(there)))
    return [int(run) for run in there[at]]


def sampled_runs(tables: Sequence[Path], chosen: Sequence[int], lasting: Lasting) -> list[SampledRun]:
    """The courses of the chosen runs.

    `tables` are the files of the events; only those rows are read into memory that are told.
    """
    import polars as pl

    events = scan_tables(tables)
    totals = dict(events.filter(pl.col("run").is_in(chosen)).group_by("run").len().collect().iter_rows())
    courses = []
    for row, run in enumerate(chosen):
        told = events.filter(pl.col("run") == run).select(_COLUMNS).head(MOST_EVENTS).collect()
        log = told.iter_rows(named=True)
        courses.append(
            SampledRun(
                run=run,
                total=totals.get(run, 0),
                radii=[None if radius is None else _rounded(float(radius[row])) for radius in lasting.radii],
                frames=list(_frames(lasting, row, list(log))),
            )
        )
    return courses


def _frames(lasting: Lasting, row: int, log: Sequence[dict[str, Any]]) -> Iterator[Frame]:
    words = _Words()
    held = {place: (_whole(values[row]), names) for place, (values, names) in lasting.held.items()}
    forces = {place: _whole(values[row]) for place, values in lasting.forces.items()}
    corridors = {corridor: _whole(values[row]) for corridor, values in lasting.open.items()}
    lines = [values[row].tolist() for values in lasting.lines]
    last, begin = len(lasting.times) - 1, 0
    for step, day in enumerate(lasting.times):
        holders = [
            (place, words.position(names[codes[step]] if codes[step] >= 0 else None))
            for place, (codes, names) in held.items()
            if _differs(codes, step)
        ]
        end = begin
        while end < len(log) and (log[end]["time"] <= day or step == last):
            end += 1
        events = [_event(happened, words, lasting.parts) for happened in log[begin:end]]
        begin = end
        yield Frame(
            day=day,
            held=holders,
            forces=[(place, sizes[step]) for place, sizes in forces.items() if _differs(sizes, step)],
            open=[(corridor, states[step]) for corridor, states in corridors.items() if _differs(states, step)],
            lines=[_rounded(values[step]) for values in lines],
            words=words.told(),
            events=events,
        )


def _event(row: dict[str, Any], words: _Words, parts: int) -> Row:
    # Down, so that it stays on its day, or in its minute.
    row["time"] = math.floor(parts * row["time"] + 1e-6) / parts
    row["size"] = None if row["size"] is None or row["size"] != row["size"] else round(row["size"], 4)
    for text in _TEXTS:
        row[text] = words.position(row[text])
    return [row[column] for column in _COLUMNS]


def _whole(values: NDArray[Any]) -> list[int]:
    """Whole numbers, -1 for what is no finite one."""
    whole: list[int] = np.nan_to_num(np.round(values), nan=-1, posinf=-1, neginf=-1).astype(int).tolist()
    return whole


def _differs(values: Sequence[int], step: int) -> bool:
    return step == 0 or values[step] != values[step - 1]


def _rounded(value: float) -> float | None:
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short
