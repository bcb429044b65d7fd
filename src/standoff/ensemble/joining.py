"""How the parts of a run folder become one Parquet file a table, in the order of the runs and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.files import LASTING, PASSING, read_schema, read_table, scan_tables
from standoff.ensemble.parquet import ParquetFile
from standoff.ensemble.parts import Stretch

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS, FEWEST_ROWS = 1 << 16, 1 << 13
"""The most rows of a row group, and of a table that is very wide: who reads a file holds kilobytes for each column of
each row group."""
VALUES = 1 << 22
"""About the most values of a row group."""
AT_ONCE = 1 << 20
"""About the most values that are in memory at once: some columns of a row group. Bytes of a file depend on this."""
FEWEST_COLUMNS = 256
"""So many columns are in memory at once at least: to open a wide file takes as long as to read some hundred of them."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The first rows of a file."""

    file: Path
    rows: int


def join(stretches: list[Stretch], name: str, file: Path, *, runs: int) -> int:
    """Write a table's rows of the runs below `runs`, in their order, as one file; how many they are."""
    pieces = [piece for one in stretches for piece in _pieces(one, name, min(one.end, runs))]
    # Tables have their words as texts, parts as numbers in a list, which are written three times as fast.
    types = _as_told(read_schema(pieces[-1].file))
    size = rows_of_group(len(types))
    columns, at_once = list(types), max(FEWEST_COLUMNS, AT_ONCE // size)
    reader = _Reader(types)
    with ParquetFile(file) as target:
        for cut in _cuts(pieces, size):
            target.add(reader.rows(cut, columns[at : at + at_once]) for at in range(0, len(columns), at_once))
    return sum(piece.rows for piece in pieces)


def rows_of_group(columns: int) -> int:
    """How many rows the row groups of a table have."""
    return min(MOST_ROWS, max(FEWEST_ROWS, VALUES // columns))


def _pieces(stretch: Stretch, name: str, end: int) -> Iterator[_Piece]:
    """A stretch's rows of a table that belong to runs below `end`: tables can hold more than the manifest vouches for.

    So it is where a kill came between the two.
    """
    import polars as pl

    for file in stretch.files(name):
        if file.suffix == PASSING:
            yield _Piece(file, int((read_table(file, columns=["run"])["run"] < end).sum()))
        else:
            rows = scan_tables([file]).filter(pl.col("run") < end).select(pl.len())
            yield _Piece(file, rows.collect().item())


def _cuts(pieces: list[_Piece], size: int) -> Iterator[list[tuple[Path, int, int]]]:
    """The rows of each row group: the file, the first row in it and how many; one group even of none."""
    cut: list[tuple[Path, int, int]] = []
    room = size
    for piece in pieces:
        at = 0
        while at < piece.rows:
            some = min(room, piece.rows - at)
            cut.append((piece.file, at, some))
            at, room = at + some, room - some
            if not room:
                yield cut
                cut, room = [], size
    if cut or not any(piece.rows for piece in pieces):
        yield cut or [(pieces[-1].file, 0, 0)]


class _Reader:
    """Reads rows of files as they are written; what it read last is held, since a file can go into two row groups."""

    def __init__(self, types: dict[str, pl.DataType]) -> None:
        self.types = types
        self.last: tuple[Path, list[str], pl.DataFrame] | None = None

    def rows(self, cut: list[tuple[Path, int, int]], columns: list[str]) -> pl.DataFrame:
        """Some columns of the rows of a row group."""
        import polars as pl

        types = pl.Schema({name: self.types[name] for name in columns})
        some = [self._some(file, at, rows, types) for file, at, rows in cut]
        return pl.concat(some, how="vertical_relaxed", rechunk=True).cast(types)

    def _some(self, file: Path, at: int, rows: int, types: pl.Schema) -> pl.DataFrame:
        columns = list(types)
        if file.suffix == LASTING:  # which can be of any length
            return scan_tables([file]).select(columns).slice(at, rows).collect().cast(types)
        if self.last is None or self.last[:2] != (file, columns):
            self.last = None
            self.last = file, columns, read_table(file, columns=columns)
        return self.last[2].slice(at, rows)


def _as_told(types: dict[str, pl.DataType]) -> dict[str, pl.DataType]:
    """A truth of one byte is a number like others."""
    import polars as pl

    return {name: pl.Float32() if kind == pl.Int8 else kind for name, kind in types.items()}
