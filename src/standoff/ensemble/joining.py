"""How the parts of a run folder become one Parquet file a table, in the order of the runs and in bounded memory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.parquet import read_parquet, scan_parquet, sink_parquet, write_parquet
from standoff.ensemble.parts import Stretch

if TYPE_CHECKING:
    import polars as pl

ROW_GROUP = 1 << 16, 1 << 22
"""The most rows, and about the most values, of a row group in the Parquet files; the bytes of a file depend on it."""
FEWEST_ROWS = 1024
COLUMNS_AT_ONCE = 10_000
"""The columns, of all files together, that are open at once."""


def sink(rows: pl.LazyFrame, file: Path) -> None:
    """Write rows, in their order, as the Parquet file of a table."""
    most, values = ROW_GROUP
    columns = len(rows.collect_schema())
    sink_parquet(rows, file, rows_at_once=min(most, max(FEWEST_ROWS, values // columns)))


def all_rows(stretches: list[Stretch], name: str, *, merged: Path, spare: Path) -> pl.LazyFrame:
    """The rows of all stretches; files in `spare`, which the caller removes, keep the memory down."""
    import polars as pl

    # The merged tables can hold more than the manifest vouches for, if a kill came between the two.
    scans = [
        scan_parquet([one.folder / piece_name(name, 0)]).filter(pl.col("run") < one.end)
        for one in stretches
        if one.folder == merged
    ]
    parts = [piece for one in stretches if one.folder != merged for piece in pieces(one.folder, name)]
    if parts:
        # Every file that is open costs memory for each of its columns.
        most = max(2, COLUMNS_AT_ONCE // len(scan_parquet(parts[:1]).collect_schema()))
        while len(parts) > most:
            cut = [parts[i : i + most] for i in range(0, len(parts), most)]
            parts = [_joined(some, spare / f"{len(parts)}-{i}-{name}.parquet") for i, some in enumerate(cut)]
        rows = scan_parquet(parts).with_columns(pl.selectors.by_dtype(pl.Int8).cast(pl.Float32))
        # Tables have their words as texts, parts as numbers in a list, which are written three times as fast.
        scans = [*(scan.cast(rows.collect_schema()) for scan in scans), rows]
    return pl.concat(scans)


def piece_name(name: str, number: int) -> str:
    """The file of a table's frame in a part."""
    return f"{name}-{number}.parquet" if number else f"{name}.parquet"


def pieces(folder: Path, name: str) -> Iterator[Path]:
    """The files of a table in a part: it comes in several where its rows came in several frames."""
    number = 0
    while number == 0 or (folder / piece_name(name, number)).exists():
        yield folder / piece_name(name, number)
        number += 1


def _joined(parts: list[Path], file: Path) -> Path:
    import polars as pl

    file.parent.mkdir(exist_ok=True)
    with as_os_errors():
        write_parquet(pl.concat([read_parquet(part) for part in parts]), file)
    return file


@contextmanager
def as_os_errors() -> Iterator[None]:
    """Polars reports a full disk as a failed computation; here it becomes the OSError that it is."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError as error:
        number = re.search(r"os error (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
