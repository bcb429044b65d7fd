"""The run folder: what is finished survives a kill, a full disk or Ctrl-C, and the same line goes on from there.

While runs are being made, each chunk of them is a folder `parts/FIRST-COUNT/` with its rows of every table. It is
written under another name, flushed to the disk and renamed, so that it is there whole or not at all. At the end the
parts are joined in the order of the runs into one Parquet file a table, and `manifest.json` says that these hold.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.manifest import Manifest
from standoff.ensemble.tables import TABLES
from standoff.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

ROW_GROUP = 1 << 16
COLUMNS_AT_ONCE = 10_000
"""Rows of a row group in the Parquet files; fixed, since the bytes of a file depend on it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive runs `first` to `first + runs`, and the folder that holds their rows."""

    first: int
    runs: int
    folder: Path


class RunFolder:
    """A folder on disk that holds one ensemble, whole or in parts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / "parts"

    def manifest(self) -> Manifest | None:
        """What the folder says about itself; None if it is not there or says nothing."""
        try:
            return Manifest.from_json((self.path / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def usable_for(self, key: str, runs: int) -> str | None:
        """Why this folder cannot take `runs` runs of the ensemble `key`; None if it can."""
        if not self.path.exists():
            return None
        if not self.path.is_dir():
            return f"{self.path} is not a folder"
        try:
            manifest = self.manifest()
        except UsageError:
            return f"{self.path} holds a run folder that this version of Standoff cannot read"
        if manifest is None:
            return f"{self.path} is not empty and not a run folder" if any(self.path.iterdir()) else None
        if manifest.key != key:
            return f"{self.path} holds another scenario, seed, setting or version of it"
        if manifest.merged_runs > runs:
            return f"{self.path} already holds {manifest.merged_runs} runs of this, more than the {runs} asked for"
        return None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from writing to this folder meanwhile."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            import fcntl
        except ImportError:  # Windows has no such lock; there the writer of the same chunk who comes last gives way.
            yield
            return
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(f"another process is writing to {self.path}") from None
            yield
        finally:
            os.close(descriptor)

    def write_text(self, name: str, text: str) -> None:
        """Write a file so that it is there whole or not at all."""
        rough = self.path / f".{name}.new"
        try:
            rough.write_text(text, encoding="utf-8")
            _flush(rough)
            rough.replace(self.path / name)
        except OSError:
            rough.unlink(missing_ok=True)
            raise

    def finished(self) -> list[Stretch]:
        """The stretches of runs that are finished, in order: what the tables hold for certain, then the parts."""
        manifest = self.manifest()
        merged = manifest.merged_runs if manifest is not None else 0
        stretches = [Stretch(0, merged, self.path)] if merged else []
        if self.parts.is_dir():
            for folder in sorted(self.parts.iterdir()):
                first, _, count = folder.name.partition("-")
                if first.isdigit() and count.isdigit() and int(first) >= merged:
                    stretches.append(Stretch(int(first), int(count), folder))
        return stretches

    def clear_rough(self) -> None:
        """Remove what a killed process left half written."""
        for rough in [*self.path.glob(".*.new"), *self.parts.glob(".*")]:
            shutil.rmtree(rough) if rough.is_dir() else rough.unlink()

    def write_part(self, first: int, runs: int, frames: Iterable[tuple[str, pl.DataFrame]]) -> None:
        """Keep the rows of a chunk, given table by table; a table's further frames go to files of their own."""
        rough = self.parts / f".{first:09d}-{os.getpid()}"
        try:
            rough.mkdir(parents=True)
            for name, frame in frames:
                file = rough / _piece(name, len(list(rough.glob(f"{name}*.parquet"))))
                with _told_as_os_errors():
                    frame.write_parquet(file, compression="lz4")
                _flush(file)
            rough.rename(self.parts / f"{first:09d}-{runs}")
            _flush(self.parts)
        except OSError:
            shutil.rmtree(rough, ignore_errors=True)
            raise

    def merge(self, *, runs: int, events_until: int) -> None:
        """Join all that is finished below `runs` into one Parquet file a table, in the order of the runs."""
        import polars as pl

        stretches = [stretch for stretch in self.finished() if stretch.first < runs]
        if not stretches:
            return
        rough = {name: self.path / f".{name}.parquet.new" for name in TABLES}
        spare = self.path / ".joining.new"
        try:
            for name in TABLES:
                rows = _rows(stretches, name, merged=self.path, spare=spare)
                rows = rows.filter(pl.col("run") < (min(runs, events_until) if name == "events" else runs))
                with _told_as_os_errors():
                    rows.sink_parquet(rough[name], compression="zstd", row_group_size=ROW_GROUP, maintain_order=True)
                _flush(rough[name])
        except OSError:
            for file in rough.values():
                file.unlink(missing_ok=True)
            raise
        finally:
            shutil.rmtree(spare, ignore_errors=True)
        for name, file in rough.items():
            file.replace(self.path / f"{name}.parquet")
        _flush(self.path)

    def drop_parts(self) -> None:
        """Remove the parts after the tables hold all of them."""
        shutil.rmtree(self.parts, ignore_errors=True)

    def event_counts(self, first_runs: int) -> list[int]:
        """How many events each of the first runs had, as far as they are finished without a gap."""
        import polars as pl

        counts: list[int] = []
        for stretch in self.finished():
            if stretch.first != len(counts) or len(counts) >= first_runs:
                break
            table = pl.read_parquet(stretch.folder / "runs.parquet", columns=["events"], n_rows=stretch.runs)
            counts.extend(table["events"].to_list())
        return counts[:first_runs]


def _rows(stretches: list[Stretch], name: str, *, merged: Path, spare: Path) -> pl.LazyFrame:
    """The rows of all stretches; files in `spare`, which the caller removes, keep the memory down."""
    import polars as pl

    # The merged tables can hold more than the manifest vouches for, if a kill came between the two.
    scans = [
        pl.scan_parquet(one.folder / _piece(name, 0)).filter(pl.col("run") < one.first + one.runs)
        for one in stretches
        if one.folder == merged
    ]
    parts = [piece for one in stretches if one.folder != merged for piece in _pieces(one.folder, name)]
    if parts:
        # Every file that is open costs memory for each of its columns.
        most = max(2, COLUMNS_AT_ONCE // len(pl.read_parquet_schema(parts[0])))
        while len(parts) > most:
            cut = [parts[i : i + most] for i in range(0, len(parts), most)]
            parts = [_joined(some, spare / f"{len(parts)}-{i}-{name}.parquet") for i, some in enumerate(cut)]
        scans.append(pl.scan_parquet(parts))
    return pl.concat(scans)


def _piece(name: str, number: int) -> str:
    """The file of a table's frame in a part."""
    return f"{name}-{number}.parquet" if number else f"{name}.parquet"


def _pieces(folder: Path, name: str) -> Iterator[Path]:
    number = 0
    while number == 0 or (folder / _piece(name, number)).exists():
        yield folder / _piece(name, number)
        number += 1


def _joined(parts: list[Path], file: Path) -> Path:
    import polars as pl

    file.parent.mkdir(exist_ok=True)
    with _told_as_os_errors():
        pl.concat([pl.read_parquet(part) for part in parts]).write_parquet(file, compression="lz4")
    return file


@contextmanager
def _told_as_os_errors() -> Iterator[None]:
    """Polars tells of a full disk as a fault in a computation; here it becomes the OSError that it is."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PolarsError as error:
        number = re.search(r"os error (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error


def _flush(path: Path) -> None:
    # Windows cannot flush a folder, and opens files for flushing only to write.
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
