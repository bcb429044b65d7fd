"""Tables as files, by their plain names: in a path polars takes `~`, `*`, `?`, `[` and `file:` for more than letters.

What lasts is Parquet (`parquet.py`); what is read again soon is a stream of Arrow's, which takes half the time to
write, and a fifth of the memory to read where a table has thousands of columns. A file of Arrow's would be read from
any row, but to write and to read a short one takes polars more than ten times as long: 1.5 ms, for each table of each
part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LASTING, PASSING = ".parquet", ".arrows"


def scan_tables(files: Sequence[Path]) -> pl.LazyFrame:
    """The rows of some files of one format, one after the other, to be read later."""
    import polars as pl

    if files[0].suffix == PASSING:
        return pl.concat([pl.defer(partial(read_table, file), schema=read_schema(file)) for file in files])
    return pl.scan_parquet([file.absolute() for file in files], glob=False)


def read_table(file: Path, *, columns: list[str] | None = None, rows: int | None = None) -> pl.DataFrame:
    """The rows of a file, of all columns and all rows or of some."""
    import polars as pl

    if file.suffix == PASSING:
        return pl.read_ipc_stream(file.read_bytes(), columns=columns, n_rows=rows)
    return pl.read_parquet(file.absolute(), glob=False, columns=columns, n_rows=rows)


def read_schema(file: Path) -> dict[str, pl.DataType]:
    """The columns of a file and their types."""
    import polars as pl

    if file.suffix == PASSING:
        return dict(read_table(file, rows=0).schema)
    return dict(pl.read_parquet_schema(file.absolute()))


def passing(frame: pl.DataFrame) -> bytes:
    """The content of a file that is read again soon."""
    file = BytesIO()
    frame.write_ipc_stream(file, compression="lz4")
    return file.getvalue()
