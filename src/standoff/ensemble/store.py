"""The run folder: what is finished survives a kill, a full disk or Ctrl-C, and the same command makes the rest.

While runs are being made, each chunk of them is a folder `parts/FIRST-COUNT/` with its rows of every table. It is
written under another name and renamed, so that it is there whole or not at all when Standoff is killed. Every two
seconds what is new is flushed to the disk; what was not yet when the power failed, the digests of its files tell. At
the end the parts are joined in the order of the runs into one Parquet file a table, and `manifest.json` says that these
hold, with the digest of each.
"""

from __future__ import annotations

import itertools
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.answers import ANSWERED
from standoff.ensemble.files import passing, read_table
from standoff.ensemble.joining import join
from standoff.ensemble.manifest import Manifest
from standoff.ensemble.parts import (
    RECORD,
    Stretch,
    check_tiling,
    digest_of,
    is_sound,
    part_name,
    parts_in,
    piece_name,
    record_of,
)
from standoff.ensemble.tables import TABLES
from standoff.ensemble.workers import on_threads
from standoff.errors import UsageError
from standoff.numerals import many

if TYPE_CHECKING:
    import polars as pl

FLUSH_S = 2.0
"""The most work in seconds that a failure of the power can cost. A flush waits for the disk, 4 ms for each file."""

_written = itertools.count()


class RunFolder:
    """A folder on disk that holds one ensemble, whole or in parts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / "parts"
        self._new: list[Path] = []
        self._flushed = time.monotonic()

    def manifest(self) -> Manifest | None:
        """What the folder says about itself; None if it is not there or says nothing."""
        try:
            return Manifest.from_json((self.path / "manifest.json").read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UsageError as error:
            raise UsageError(f"{self.path}: {error}") from error
        except OSError as error:
            raise UsageError(f"cannot read {self.path / 'manifest.json'}: {error.strerror}") from error

    def usable_for(self, key: str, runs: int) -> str | None:
        """Why this folder cannot take `runs` runs of the ensemble `key`; None if it can."""
        try:
            if not self.path.exists():
                return None
            if not self.path.is_dir():
                return f"{self.path} is not a folder"
            empty = not any(self.path.iterdir())
            if self.parts.exists() and not self.parts.is_dir():
                return f"{self.parts} is not a folder"
        except OSError as error:
            return f"cannot use {self.path}: {error.strerror}"
        try:
            manifest = self.manifest()
        except UsageError:
            return f"{self.path} holds a run folder that is damaged or of another version of Standoff"
        if manifest is None:
            return None if empty else f"{self.path} is not empty and not a run folder"
        if manifest.key != key:
            return f"{self.path} holds another scenario, seed, setting, table of parameters or version of it"
        if manifest.merged_runs > runs:
            held = many(manifest.merged_runs, "run")
            return f"{self.path} already holds {held} of this, more than the {runs:,} asked for"
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
        """Write a file so that it is there whole or not at all, also when several processes write it at once."""
        rough = self.path / f".{name}.{os.getpid()}-{next(_written)}.new"
        try:
            rough.write_text(text, encoding="utf-8")
            _flush(rough)
            rough.replace(self.path / name)
        except OSError as error:
            with suppress(OSError):
                rough.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror or str(error), str(self.path / name)) from error

    def finished(self) -> list[Stretch]:
        """The stretches of runs that are finished, in order: what the tables hold for certain, then the parts."""
        manifest = self.manifest()
        merged = manifest.merged_runs if manifest is not None else 0
        stretches = [Stretch(0, merged, self.path, joined=True)] if merged else []
        return stretches + [part for part in parts_in(self.parts) if part.first >= merged]

    def follow(self, scenario: str) -> None:
        """Keep the text of the scenario as it is now: its record and its claims have no part in the runs."""
        kept = self.path / "scenario.yaml"
        if not kept.is_file() or kept.read_bytes() != scenario.encode("utf-8"):
            self.write_text(kept.name, scenario)

    def damaged(self, manifest: Manifest) -> list[str]:
        """The tables of a finished folder, and the parts of an unfinished one, that are not as they were written."""
        found = []
        if manifest.merged_runs or not manifest.partial:
            for name in TABLES:
                file = self.path / f"{name}.parquet"
                if not file.is_file() or (manifest.tables and digest_of(file) not in manifest.digests(file.name)):
                    found.append(file.name)
        found += [f"parts/{part.folder.name}" for part in parts_in(self.parts) if not is_sound(part, manifest.key)]
        return found

    def drop(self, damaged: Iterable[str]) -> None:
        """Remove the damaged parts and tables, so that their runs are made anew."""
        for name in damaged:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def clear_rough(self) -> None:
        """Remove what a killed process left half written."""
        for rough in [*self.path.glob(".*.new"), *self.parts.glob(".*")]:
            shutil.rmtree(rough) if rough.is_dir() and not rough.is_symlink() else rough.unlink()

    def write_part(self, key: str, first: int, runs: int, contents: Iterable[tuple[str, bytes]]) -> None:
        """Keep the rows of a chunk, given as the files of its part (`packed`)."""
        rough = self.parts / f".{first:09d}-{os.getpid()}"
        files: list[Path] = []
        try:
            rough.mkdir(parents=True)
            for name, content in contents:
                file = rough / name
                file.write_bytes(content)
                files.append(file)
            (rough / RECORD).write_text(record_of(key, first, runs, files), encoding="utf-8")
            part = rough.rename(self.parts / part_name(first, runs))
        except OSError:
            shutil.rmtree(rough, ignore_errors=True)
            raise
        self._new += [*(part / file.name for file in files), part / RECORD]
        if time.monotonic() - self._flushed >= FLUSH_S:
            self.flush()

    def flush(self) -> None:
        """See to it that the parts are on the disk."""
        for file in self._new:
            _flush(file)
        if self._new:
            _flush(self.parts)
        self._new, self._flushed = [], time.monotonic()

    def merge(self, manifest: Manifest, *, runs: int, events_until: int) -> Manifest:
        """Join all that is finished below `runs` into one Parquet file a table, in the order of the runs.

        Hands back the manifest with the digests of the tables and the number of their runs. It is written before these
        take the place of those that were there, with the digests of both: a kill at any moment leaves tables it knows.
        """
        stretches = [stretch for stretch in self.finished() if stretch.first < runs]
        if not stretches:
            return manifest
        check_tiling(stretches)
        rough = {name: self.path / f".{name}.parquet.new" for name in TABLES}
        try:
            finished = self._join(stretches, rough, runs, events_until, manifest)
            digests = {f"{name}.parquet": digest_of(file) for name, file in rough.items()}
            manifest = replace(manifest, tables=manifest.tables or digests, joining=digests)
            self.write_text("manifest.json", manifest.to_json())
            # The answers of the tables that were there are not those of the new ones.
            (self.path / ANSWERED).unlink(missing_ok=True)
            for name, file in rough.items():
                file.replace(self.path / f"{name}.parquet")
        finally:
            for file in rough.values():
                file.unlink(missing_ok=True)
        _flush(self.path)
        return replace(manifest, finished_runs=finished, tables=digests, joining={})

    def _join(
        self, stretches: list[Stretch], into: dict[str, Path], runs: int, events_until: int, manifest: Manifest
    ) -> int:
        """Write the joined tables; how many runs they hold."""
        import polars as pl

        def joined_of(name: str) -> int:
            rows = join(stretches, name, into[name], runs=min(runs, events_until) if name == "events" else runs)
            _flush(into[name])
            return rows

        try:
            # The two large ones stand first: reading, encoding and flushing of one fill the gaps of the other.
            rows = dict(zip(into, on_threads(joined_of, into, most=2), strict=True))
        except pl.exceptions.PolarsError as error:
            broken = ", ".join(self.damaged(manifest)) or "a table"
            raise UsageError(f"{broken} in {self.path} is damaged; run again to replace it") from error
        wanted, joined = sum(min(stretch.end, runs) - stretch.first for stretch in stretches), rows["runs"]
        if joined != wanted:
            raise UsageError(f"the parts in {self.path} hold {many(joined, 'run')} instead of {wanted:,}; run again")
        return wanted

    def drop_parts(self) -> None:
        """Remove the parts after the tables hold all of them."""
        shutil.rmtree(self.parts, ignore_errors=True)

    def event_counts(self, first_runs: int) -> list[int]:
        """How many events each of the first runs had, as far as they are finished without a gap."""
        counts: list[int] = []
        for stretch in self.finished():
            if stretch.first != len(counts) or len(counts) >= first_runs:
                break
            for file in stretch.files("runs"):
                counts.extend(read_table(file, columns=["events"], rows=stretch.runs)["events"].to_list())
        return counts[:first_runs]


def packed(frames: Iterable[tuple[str, pl.DataFrame]]) -> list[tuple[str, bytes]]:
    """The files of a part, each with its name and its bytes; a table's further frames go to files of their own."""
    files = []
    pieces: Counter[str] = Counter()
    for name, frame in frames:
        files.append((piece_name(name, pieces[name]), passing(frame)))
        pieces[name] += 1
    return files


def _flush(path: Path) -> None:
    # Windows cannot flush a folder, and opens files for flushing only to write.
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
