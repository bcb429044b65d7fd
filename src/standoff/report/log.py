"""A few runs told event by event, as rows of numbers that point into one list of words."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

from standoff.report.scene import Happening, SampledRun

SAMPLED_RUNS = 5
MOST_EVENTS = 3000

_COLUMNS = [field.name for field in fields(Happening)]
_TEXTS = ["rule", "binding", "type", "mode", "source", "target", "place"]


def sampled_runs(table: Path, *, runs: int, seed: int) -> tuple[list[str], list[SampledRun]]:
    """The words, and the logs of a few of the first `runs` runs, which the seed picks.

    `table` is the Parquet file of the events; only the rows of those few runs are read into memory.
    """
    import polars as pl

    chosen = random.Random(seed).sample(range(runs), min(SAMPLED_RUNS, runs))
    events = pl.scan_parquet(table).filter(pl.col("run").is_in(chosen)).collect()
    at: dict[str, int] = {}
    logs = []
    for run in chosen:
        rows = events.filter(events["run"] == run)
        log = []
        for row in rows.head(MOST_EVENTS).select(_COLUMNS).iter_rows(named=True):
            row["time"] = round(row["time"], 3)
            row["size"] = None if row["size"] is None or row["size"] != row["size"] else round(row["size"], 4)
            for text in _TEXTS:
                row[text] = -1 if row[text] is None else at.setdefault(row[text], len(at))
            log.append([row[column] for column in _COLUMNS])
        logs.append(SampledRun(run=run, total=rows.height, events=log))
    return list(at), logs
