"""Parquet files by their plain names: in a path polars takes `~`, `*`, `?`, `[` and `file:` for more than letters."""

from __future__ import annotations

import os
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


def read_columns(file: Path) -> list[str]:
    """The names of a file's columns."""
    import polars as pl

    return list(pl.read_parquet_schema(file.absolute()))


def write_parquet(frame: pl.DataFrame, file: Path | BytesIO) -> None:
    """Write a table that is read again soon."""
    target = file.absolute() if isinstance(file, Path) else file
    frame.write_parquet(target, compression="lz4", statistics=False)


def sink_parquet(rows: pl.LazyFrame, file: Path, *, rows_at_once: int) -> None:
    """Write rows, in their order, as a table that lasts; words from a list (Enum) become texts.

    Written from a list they take a third of the time; that there was one stands in a note of Arrow's at the end of the
    file alone. Under another name readers pass over it, and take what Parquet says of the column: a text.
    """
    rows.sink_parquet(file.absolute(), compression="zstd", row_group_size=rows_at_once, maintain_order=True)
    with file.open("r+b") as content:
        content.seek(-8, os.SEEK_END)
        length = int.from_bytes(content.read(4), "little")
        start = content.seek(-8 - length, os.SEEK_END)
        at = content.read(length).find(_NOTE)
        if at >= 0:
            content.seek(start + at)
            content.write(_NOTE.lower())


_NOTE = b"ARROW:schema"
