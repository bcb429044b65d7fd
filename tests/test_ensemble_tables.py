"""The tables of a run folder: narrow while runs are made, and what every reader expects once they are joined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from standoff.engine import prepare
from standoff.ensemble import Ensemble, Way, joining, read_table, results, run_many, tables
from standoff.ensemble.batch import ChunkOf, Piece
from standoff.ensemble.files import read_schema, scan_tables
from standoff.ensemble.parquet import ParquetFile
from standoff.ensemble.tables import TABLES, as_told, frames
from standoff.model import EVENT_COLUMNS, ground
from standoff.scenario import load
from tests.ensemble_cases import border

RUNS = 6


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The rows of some runs as a part keeps them."""
    model = ground(load(border(tmp_path_factory.mktemp("scenario"))).resolved)
    chunk = ChunkOf(Way(model, 5), events_until=RUNS)(prepare(model), Piece(np.arange(RUNS)))
    return dict(frames(model, chunk, events_until=RUNS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same runs."""
    return run_many(load(border(tmp_path_factory.mktemp("scenario"))), runs=RUNS, seed=5,
                    out=tmp_path_factory.mktemp("made") / "run").folder  # fmt: skip


def test_the_course_of_a_truth_takes_a_byte_and_a_word_no_text(parts: dict[str, pl.DataFrame]) -> None:
    series, events = parts["series"].schema, parts["events"].schema
    assert series["question-blue-holds"] == series["question-when-taken"] == pl.Int8
    assert series["question-how-many"] == series["force[blue]"] == pl.Float32
    texts = [name for name, kind in EVENT_COLUMNS.items() if kind == "String"]
    assert len(texts) == 7 and all(isinstance(events[name], pl.Enum) for name in texts)


def test_a_long_list_of_words_is_no_part_of_a_file(
    parts: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_LISTED", 2)
    model = ground(load(border(tmp_path)).resolved)
    chunk = ChunkOf(Way(model, 5), events_until=RUNS)(prepare(model), Piece(np.arange(RUNS)))
    events = dict(frames(model, chunk, events_until=RUNS))["events"]
    assert pl.String in {events.schema[name] for name in ("rule", "binding")}
    assert as_told(events).equals(as_told(parts["events"]))


def test_more_events_than_a_frame_takes_are_cut_into_several_that_hold_all(
    parts: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROWS", 50)
    model = ground(load(border(tmp_path)).resolved)
    chunk = ChunkOf(Way(model, 5), events_until=RUNS)(prepare(model, hurry=True), Piece(np.arange(RUNS)))
    several = [rows for name, rows in frames(model, chunk, events_until=RUNS) if name == "events"]
    assert len(several) > 9 and {rows.height for rows in several[:-1]} == {50}
    assert pl.concat(several).equals(parts["events"])


@pytest.mark.parametrize("name", TABLES)
def test_parts_read_as_the_joined_tables_do(parts: dict[str, pl.DataFrame], folder: Path, name: str) -> None:
    joined = pl.read_parquet(folder / f"{name}.parquet")
    read = as_told(parts[name])
    assert read.schema == joined.schema
    assert read.equals(joined)


def test_no_reader_learns_that_texts_were_written_from_lists(folder: Path) -> None:
    """Pandas and others would make categories of them."""
    assert b"ARROW:schema" not in (folder / "events.parquet").read_bytes()


@pytest.mark.parametrize(("columns", "rows"), [(4, 65536), (160, 26214), (5000, 8192)])
def test_the_wider_a_table_the_fewer_rows_its_row_groups_have(columns: int, rows: int) -> None:
    assert joining.rows_of_group(columns) == rows


def test_a_column_is_read_with_a_few_beside_it_and_the_names_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wide table takes as long to say its columns as to hand over some; all of them at once take much memory."""
    made, whole = Ensemble(folder), Ensemble(folder).series
    read, named, scanned = [], [], []
    monkeypatch.setattr(results, "VALUES_AT_ONCE", 2 * whole.height)
    monkeypatch.setattr(
        results, "read_table", lambda file, columns: (read.append(columns), read_table(file, columns=columns))[1]
    )
    monkeypatch.setattr(results, "read_schema", lambda file: (named.append(file), read_schema(file))[1])
    monkeypatch.setattr(results, "scan_tables", lambda files: (scanned.append(files), scan_tables(files))[1])
    for name in whole.columns:
        assert made.column(name).tolist() == whole[name].to_list()
        assert [some.tolist() for some in made.batches(name, rows=1)] == [whole[name].to_list()]
    assert [len(some) for some in read] == [2] * (len(whole.columns) // 2) + [1] * (len(whole.columns) % 2)
    assert len(named) == len(scanned) == 1


@pytest.mark.parametrize("columns", [2, 14, 15, 16, 300])
@pytest.mark.parametrize("sizes", [(0,), (5,), (5, 1, 3)])
def test_a_file_that_is_strung_together_reads_as_a_table(tmp_path: Path, columns: int, sizes: tuple[int, ...]) -> None:
    names = [*(f"c{i}" for i in range(columns - 1)), "long" * 40]
    kinds = {name: (pl.Float32, pl.Int16, pl.Enum(["a", "b"]))[i % 3] for i, name in enumerate(names)}
    values = {name: ["b", None, "a"] if kinds[name] == pl.Enum else [2, -1, 300] for name in names}
    row = pl.DataFrame(values, schema_overrides=kinds)
    table = pl.concat([row, row, row])
    with ParquetFile(tmp_path / "x.parquet") as file:
        at = 0
        for size in sizes:
            some = table.slice(at, size)
            file.add(some.select(names[first : first + 7]) for first in range(0, columns, 7))
            at += size
    told = table.head(at).cast({pl.Enum: pl.String})
    read = pl.read_parquet(tmp_path / "x.parquet")
    assert read.schema == told.schema and read.equals(told)
    asked = pl.scan_parquet(tmp_path / "x.parquet").filter(pl.col(names[0]) > 100).select(names[-1]).collect()
    assert asked.equals(told.filter(pl.col(names[0]) > 100).select(names[-1]))
