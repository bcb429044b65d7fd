"""The tables of an ensemble as CSV, with dates, for spreadsheets and other programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.results import Ensemble
from standoff.ensemble.tables import TABLES, column_names
from standoff.time import begins_at, from_iso

if TYPE_CHECKING:
    import polars as pl

STARTS_A_FORMULA = r"^[=+\-@\t\r]"
"""A text that begins so is calculated by a spreadsheet instead of shown (OWASP, CSV injection)."""


def write_csv(ensemble: Ensemble, folder: Path) -> list[Path]:
    """Write each table of an ensemble into a folder; the files. Where a table has a time, its date stands beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    starts = begins_at(from_iso(ensemble.manifest.starts)).replace(tzinfo=None)
    for name in TABLES:
        frame = plain_text(_with_date(ensemble.table(name), starts))
        file = folder / f"{name}.csv"
        frame.write_csv(file.absolute(), datetime_format="%Y-%m-%dT%H:%M:%S")
        written.append(file)
    return written


def plain_text(table: pl.DataFrame) -> pl.DataFrame:
    """A table whose texts no spreadsheet takes for formulas: an apostrophe stands before those that begin like one."""
    import polars as pl

    column = pl.selectors.string()
    escaped = pl.when(column.str.contains(STARTS_A_FORMULA)).then(pl.lit("'") + column).otherwise(column)
    return table.with_columns(escaped.name.keep())


def _with_date(table: pl.DataFrame, starts: datetime) -> pl.DataFrame:
    import polars as pl

    if table.columns[1:2] != ["time"]:
        return table
    (date,) = column_names(table.columns, ["date"])
    seconds = (pl.col("time") * 86_400.0).floor().cast(pl.Int64)
    column = (pl.lit(starts) + pl.duration(seconds=seconds)).alias(date)
    return table.with_columns(column).select(*table.columns[:2], date, *table.columns[2:])
