"""Tables as files, by their plain names: in a path polars takes `~`, `*`, `?`, `[` and `file:` for more than letters.

What lasts is Parquet (`parquet.py`); what is read again soon is in Arrow's own format, which takes half the time to
write, and a fifth of the memory to read where a table has thousands of columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LASTING, PASSING = ".parquet", ".arrow"


def scan_tables(files: Sequence[Path]) -> pl.LazyFrame:
    """The rows of some files of one format, one after the other, to be read later."""
    import polars as pl

    paths = [file.absolute() for file in files]
    return pl.scan_ipc(paths, glob=False) if files[0].suffix == PASSING else pl.scan_parquet(paths, glob=False)


def read_table(file: Path, *, columns: list[str] | None = None, rows: int | None = None) -> pl.DataFrame:
    """The rows of a file, of all columns and all rows or of some."""
    import polars as pl

    if file.suffix == PASSING:
        return pl.read_ipc(file.read_bytes(), columns=columns, n_rows=rows)
    return pl.read_parquet(file.absolute(), glob=False, columns=columns, n_rows=rows)


def read_schema(file: Path) -> dict[str, pl.DataType]:
    """The columns of a file and their types."""
    import polars as pl

    if file.suffix == PASSING:
        return dict(pl.read_ipc_schema(BytesIO(file.read_bytes())))
    return dict(pl.read_parquet_schema(file.absolute()))


def passing(frame: pl.DataFrame) -> bytes:
    """The content of a file that is read again soon."""
    file = BytesIO()
    frame.write_ipc(file, compression="lz4")
    return file.getvalue()
