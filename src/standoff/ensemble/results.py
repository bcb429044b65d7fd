"""An ensemble as its reader holds it: the tables of a run folder, opened when they are asked for."""

from __future__ import annotations

import shlex
import shutil
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.display import Display, Displayed
from standoff.ensemble.answers import Answers, DateAnswer, NumberAnswer, to_record
from standoff.ensemble.answers_display import ensemble_display
from standoff.ensemble.commands import again as command_again
from standoff.ensemble.commands import command
from standoff.ensemble.files import read_schema, read_table, scan_tables
from standoff.ensemble.manifest import Manifest
from standoff.ensemble.parts import check_tiling, digest_of, is_sound, parts_in
from standoff.ensemble.store import RunFolder
from standoff.ensemble.tables import TABLES, as_told
from standoff.errors import UsageError, plain_path, refusal, shown
from standoff.numerals import many, with_seed

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

VALUES_AT_ONCE = 2_000_000
"""Columns of series that are read together: each column alone would take longer, all of them much memory."""
BATCHES_HELD = 2


def _instead(folder: Path) -> str:
    """What to give in place of what is no run folder: one that lies near it, or what makes one."""
    if folder.suffix in (".yaml", ".yml"):
        return f"; make runs of a scenario with: standoff run {shlex.quote(str(folder))}"
    near = sorted({*folder.parent.glob("*/manifest.json"), *folder.glob("*/manifest.json")})[:_MOST_NEAR]
    return f"; run folders there: {', '.join(str(path.parent) for path in near)}" if near else ""


_MOST_NEAR = 5
"""Run folders that a message names."""


class Ensemble(Displayed):
    """Many runs of one scenario.

    `folder` is where they lie; an ensemble made without a folder lies in a temporary one, which goes with this object.
    `reused` says that all its runs were there already when they were asked for; `rebuilt` names the tables and parts
    that were damaged, and whose runs were therefore made again.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        temporary: bool = False,
        reused: bool = False,
        rebuilt: Sequence[str] = (),
        just_joined: bool = False,
    ) -> None:
        self.folder = plain_path(folder, "a run folder")
        self.reused = reused
        if temporary:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.rebuilt = tuple(rebuilt)
        # Tables that this process has just written with their digests are not read for them again.
        self._sound = {self._file(name) for name in TABLES} if just_joined else set[Path]()
        self._columns: OrderedDict[int, pl.DataFrame] = OrderedDict()
        self._reading = threading.Lock()
        manifest = RunFolder(self.folder).manifest()
        if manifest is None:
            raise UsageError(f"{self.folder} is not a run folder: it has no manifest.json{_instead(self.folder)}")
        # A process that was killed had no time to join its parts: they are read as they lie. Once tables hold the first
        # runs, parts have only later ones.
        unjoined = manifest.partial and manifest.merged_runs == 0 and not self._file("answers").exists()
        self._parts = parts_in(self.folder / "parts") if unjoined else []
        check_tiling(self._parts)
        if self._parts:
            manifest = replace(manifest, finished_runs=sum(part.runs for part in self._parts))
        self.manifest: Manifest = manifest

    @property
    def runs(self) -> int:
        """How many runs are finished."""
        return self.manifest.finished_runs

    @property
    def seed(self) -> int:
        """The seed of all runs."""
        return self.manifest.seed

    @cached_property
    def series(self) -> pl.DataFrame:
        """The recorded series: one row per run and time (days since the start), one column per series."""
        return self.table("series")

    @cached_property
    def events(self) -> pl.DataFrame:
        """The events, in the order of runs and times; of which runs, `manifest.events` says."""
        return self.table("events")

    @cached_property
    def parameters(self) -> pl.DataFrame:
        """The values drawn for the parameters: one row per run."""
        return self.table("parameters")

    @cached_property
    def answers(self) -> pl.DataFrame:
        """What each run answers to each question: 0 or 1, a number, or days since the start (-1: never)."""
        return self.table("answers")

    @cached_property
    def runs_made(self) -> pl.DataFrame:
        """How many firings, refused proposals and events each run had."""
        return self.table("runs")

    @property
    def questions(self) -> pl.DataFrame:
        """The questions with their probabilities: one row per question."""
        import polars as pl

        rows = []
        for one in self.answered.questions:
            record = to_record(one)
            row = {name: record[name] for name in ("id", "ask", "type", "date", "probability", "low", "high", "word")}
            row |= {name: record[name] for name in ("spans", "yes", "runs", "mean", "outcome", "condition")}
            source = one.question.forecast
            row |= {"source_low": source.low if source else None, "source_high": source.high if source else None}
            quantiles = one.spread.quantiles if isinstance(one, NumberAnswer | DateAnswer) else {}
            row |= {f"q{name}": quantiles.get(name) for name in ("5", "25", "50", "75", "95")}
            rows.append(row)
        numbers = ("probability", "low", "high", "mean", "source_low", "source_high", "q5", "q25", "q50", "q75", "q95")
        return pl.DataFrame(rows, schema_overrides=dict.fromkeys(numbers, pl.Float64), infer_schema_length=None)

    @property
    def scores(self) -> pl.DataFrame:
        """The scores over resolved questions: one row per forecaster and group of questions."""
        import polars as pl

        return pl.DataFrame([asdict(one) for one in self.answered.scores], infer_schema_length=None)

    def __repr__(self) -> str:
        made = self.manifest
        runs = with_seed(many(made.finished_runs, "run"), made.sampler, made.seed)
        return f"<Ensemble of {runs} of {made.scenario} in {self.folder}>"

    def display(self) -> Display:
        """Its answers, as questions.json has them."""
        answered = self.answered.questions if (self.folder / "questions.json").exists() else ()
        return ensemble_display(self.manifest, answered)

    def check(self) -> None:
        """Raises UsageError if a table of the folder is missing or is not as it was written."""
        for name in TABLES:
            self.sources(name)

    def sources(self, name: str) -> list[Path]:
        """The Parquet files that hold a table's rows; raises UsageError if one is missing or damaged."""
        if name not in TABLES:
            raise refusal(f"a run folder has no table {shown(name)}", str(name), TABLES, what="tables")
        file = self._file(name)
        if not file.exists() and not self._parts:
            if self.manifest.partial and not self.manifest.tables:
                raise UsageError(f"{self.folder} has no {file.name}: no run was finished")
            raise self._damaged(file)
        if not self._parts:
            known = self.manifest.digests(file.name)
            if not file.is_file() or (known and file not in self._sound and digest_of(file) not in known):
                raise self._damaged(file)
            self._sound.add(file)
            return [file]
        damaged = [part.folder for part in self._parts if not is_sound(part, self.manifest.key)]
        if damaged:
            raise self._damaged(damaged[0])
        return [piece for part in self._parts for piece in part.files(name)]

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _damaged(self, file: Path) -> UsageError:
        line = command_again(self.manifest, self.folder) + f" --out {shlex.quote(str(self.folder))}"
        if self.manifest.given is not None:
            line = f"standoff.run(..., parameters=..., out={str(self.folder)!r}), given the same table of parameters"
        return UsageError(f"{file} is damaged or missing; to run it again: {line}")

    def table(self, name: str) -> pl.DataFrame:
        """A table by its name; raises UsageError if it is missing or damaged."""
        return self._read(self.sources(name))

    def column(self, name: str) -> NDArray[Any]:
        """One column of the table of series, of which no more than a few columns are read into memory at once.

        Several threads may ask.
        """
        with self._reading:
            files = self.sources("series")
            names, at = self._names
            size = max(1, VALUES_AT_ONCE // max(1, self.runs * len(self.manifest.grid)))
            batch = at[name] // size
            if batch not in self._columns:
                self._columns[batch] = self._read(files, names[batch * size : (batch + 1) * size])
                while len(self._columns) > BATCHES_HELD:
                    self._columns.popitem(last=False)
            self._columns.move_to_end(batch)
            values: NDArray[Any] = self._columns[batch][name].to_numpy()
            return values

    @cached_property
    def series_rows(self) -> int:
        """How many rows the table of series has; a wide table takes long to say it."""
        import polars as pl

        return int(self._some(scan_tables(self.sources("series")).select(pl.len())).item())

    def batches(self, name: str, *, rows: int) -> Iterator[NDArray[Any]]:
        """One column of the table of series, so many rows at a time; of a short table all at once."""
        if self.series_rows <= VALUES_AT_ONCE:
            yield self.column(name)
            return
        column = scan_tables(self.sources("series")).select(name)
        for at in range(0, self.series_rows, rows):
            yield as_told(self._some(column.slice(at, rows)))[name].to_numpy()

    def at_times(self, name: str, *, runs: int) -> Iterator[NDArray[Any]]:
        """One column of the table of series, (run, time), for so many `runs` some times after another."""
        import polars as pl

        grid = self.manifest.grid
        if runs * len(grid) <= VALUES_AT_ONCE:
            yield self.column(name).reshape(runs, len(grid))
            return
        column, some = scan_tables(self.sources("series")), max(1, VALUES_AT_ONCE // runs)
        for at in range(0, len(grid), some):
            times = grid[at : at + some]
            there = column.filter(pl.col("time").is_between(times[0], times[-1])).select(name)
            yield as_told(self._some(there))[name].to_numpy().reshape(runs, len(times))

    def _some(self, rows: pl.LazyFrame) -> pl.DataFrame:
        import polars as pl

        try:
            return rows.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._damaged(self._file("series")) from error

    @cached_property
    def _names(self) -> tuple[list[str], dict[str, int]]:
        """The columns of the table of series, and where each stands: a wide table takes long to say it."""
        names = list(read_schema(self.sources("series")[0]))
        return names, {name: i for i, name in enumerate(names)}

    def _read(self, files: Sequence[Path], columns: list[str] | None = None) -> pl.DataFrame:
        import polars as pl

        try:
            return pl.concat([as_told(read_table(file, columns=columns)) for file in files])
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._damaged(files[0]) from error

    @property
    def answered(self) -> Answers:
        """What questions.json says: the answers, the scores and the warning that belongs to them."""
        file = self.folder / "questions.json"
        if not file.exists():
            raise UsageError(f"{self.folder} has no questions.json; `{command('ask', [str(self.folder)])}` writes it")
        try:
            return Answers.from_json(file.read_text(encoding="utf-8"))
        except (OSError, UsageError, ValueError) as error:
            raise UsageError(f"{file} is damaged; `{command('ask', [str(self.folder)])}` writes it again") from error
