"""Parquet files by their plain names: in a path polars takes `~`, `*`, `?`, `[` and `file:` for more than letters."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def scan_parquet(files: Sequence[Path]) -> pl.LazyFrame:
    """The rows of some files, one after the other, to be read later."""
    import polars as pl

    return pl.scan_parquet([file.absolute() for file in files], glob=False)


def read_parquet(file: Path, *, columns: list[str] | None = None, rows: int | None = None) -> pl.DataFrame:
    """The rows of a file, of all columns and all rows or of some."""
    import polars as pl

    return pl.read_parquet(file.absolute(), glob=False, columns=columns, n_rows=rows)


def write_parquet(frame: pl.DataFrame, file: Path | BytesIO) -> None:
    """Write a table that is read again soon."""
    frame.write_parquet(file.absolute() if isinstance(file, Path) else file, compression="lz4")
