"""An ensemble as its reader holds it: the tables of a run folder, opened when they are asked for."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.answers import Answers, YesNoAnswer, to_record
from standoff.ensemble.manifest import Manifest
from standoff.ensemble.notebook import table
from standoff.ensemble.store import RunFolder
from standoff.errors import UsageError

if TYPE_CHECKING:
    import polars as pl


class Ensemble:
    """Many runs of one scenario.

    `folder` is where they lie; an ensemble made without a folder lies in a temporary one, which goes with this object.
    `found` says that all its runs were there already when they were asked for.
    """

    def __init__(self, folder: Path | str, *, temporary: bool = False, found: bool = False) -> None:
        self.folder = Path(folder)
        self.found = found
        if temporary:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        manifest = RunFolder(self.folder).manifest()
        if manifest is None:
            raise UsageError(f"{self.folder} is not a run folder: it has no manifest.json")
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
        return self._table("series")

    @cached_property
    def events(self) -> pl.DataFrame:
        """The events, in the order of runs and times; of which runs, `manifest.events` says."""
        return self._table("events")

    @cached_property
    def parameters(self) -> pl.DataFrame:
        """The values drawn for the parameters: one row per run."""
        return self._table("parameters")

    @cached_property
    def answers(self) -> pl.DataFrame:
        """What each run answers to each question: 0 or 1, a number, or days since the start (-1: never)."""
        return self._table("answers")

    @cached_property
    def runs_made(self) -> pl.DataFrame:
        """How many firings, refused proposals and events each run had."""
        return self._table("runs")

    @property
    def questions(self) -> pl.DataFrame:
        """The questions with their probabilities: one row per question."""
        import polars as pl

        rows = []
        for one in self.answered.questions:
            record = to_record(one)
            row = {name: record[name] for name in ("id", "ask", "type", "date", "probability", "low", "high", "word")}
            row |= {name: record[name] for name in ("spans", "yes", "runs", "mean", "outcome")}
            source = one.question.forecast
            row |= {"source_low": source.low if source else None, "source_high": source.high if source else None}
            quantiles = {} if isinstance(one, YesNoAnswer) else one.spread.quantiles
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
        return f"<Ensemble of {made.finished_runs} runs of {made.scenario}, seed {made.seed}, in {self.folder}>"

    def _repr_html_(self) -> str:
        answered = self.answered.questions if (self.folder / "questions.json").exists() else ()
        return table(self.manifest, answered)

    def _table(self, name: str) -> pl.DataFrame:
        import polars as pl

        file = self.folder / f"{name}.parquet"
        if not file.exists():
            raise UsageError(f"{self.folder} has no {file.name}: no run of it was finished")
        return pl.read_parquet(file)

    @property
    def answered(self) -> Answers:
        """What questions.json says: the answers, the scores and the warning that belongs to them."""
        file = self.folder / "questions.json"
        if not file.exists():
            raise UsageError(f"{self.folder} has no questions.json; `standoff ask {self.folder}` makes it")
        return Answers.from_json(file.read_text(encoding="utf-8"))
