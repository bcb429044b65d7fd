"""Ensembles: the same bytes on any number of workers, nothing finished is lost, nothing different is overwritten."""

from __future__ import annotations

import errno
import gc
import itertools
import json
import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from standoff.analysis import run_until
from standoff.calibration import run
from standoff.engine import draw_parameters, reference_run
from standoff.ensemble import Ensemble, Incomplete, Where, each, run_many
from standoff.ensemble import run as many
from standoff.ensemble.batch import ChunkOf, Piece
from standoff.ensemble.store import RunFolder
from standoff.ensemble.tables import TABLES
from standoff.errors import RunStopped, UsageError
from standoff.model import EVENT_COLUMNS, ground
from standoff.scenario import Scenario, load
from tests.ensemble_cases import STOPPING, border, tables_of

RUNS = 60


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(border(tmp_path_factory.mktemp("scenario")))


@pytest.fixture(scope="module")
def alone(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables of an undisturbed ensemble in one process."""
    folder = tmp_path_factory.mktemp("alone") / "run"
    run(scenario, runs=RUNS, seed=5, out=folder)
    return tables_of(folder)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "CHUNK_RUNS", (7, 7))


@pytest.fixture
def pool_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "WORKER_STARTS_S", -1e9)
    monkeypatch.setattr(many, "LOCKED_S", 1e9)


@pytest.mark.timeout(60)
def test_two_processes_write_the_same_bytes_as_one(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, pool_always: None
) -> None:
    workers = set()

    def watch(done: int, total: int) -> None:
        workers.update(child.pid for child in multiprocessing.active_children())

    run(scenario, runs=RUNS, seed=5, jobs=2, out=tmp_path / "run", progress=watch)
    assert workers
    assert tables_of(tmp_path / "run") == alone


def test_two_threads_write_the_same_bytes_as_one(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_chunks: None
) -> None:
    monkeypatch.setattr(many, "LOCKED_S", 0.0)
    makers = set()
    chunks = ChunkOf.__call__

    def watched(*of: Any) -> Any:
        makers.add(threading.get_ident())
        return chunks(*of)

    monkeypatch.setattr(ChunkOf, "__call__", watched)
    run(scenario, runs=RUNS, seed=5, jobs=2, out=tmp_path / "run")
    assert len(makers - {threading.get_ident()}) == 2
    assert tables_of(tmp_path / "run") == alone


def test_the_last_pieces_are_small_so_that_no_worker_waits_long(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "FEWEST_RUNS", 2)
    asked: list[int] = []

    def watched(job: Any, items: Iterable[Any], where: Where, **more: Any) -> Iterator[Any]:
        pieces = list(items)
        asked.extend(len(piece.numbers) for piece in pieces)
        yield from each(job, pieces, Where())

    monkeypatch.setattr(many, "each", watched)
    run_many(scenario, runs=210, seed=5, jobs=2)
    assert sum(asked) == 200
    assert asked[0] == 50 and asked[-1] <= 2 and sorted(asked, reverse=True)[:5] == asked[:5]


def test_how_runs_are_cut_into_chunks_changes_no_byte(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, small_chunks: None
) -> None:
    run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


@pytest.mark.slow  # test_parts_that_are_joined_a_few_rows_…
def test_parts_in_many_pieces_give_the_same_bytes(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.ensemble.tables.ROWS", 50)
    run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


def test_parts_that_are_joined_a_few_rows_and_columns_at_a_time_hold_the_same_rows(
    scenario: Scenario, tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(scenario, runs=RUNS, seed=5, out=tmp_path / "whole")
    for name, most in (("MOST_ROWS", 999), ("FEWEST_ROWS", 999), ("AT_ONCE", 1), ("FEWEST_COLUMNS", 1)):
        monkeypatch.setattr(f"standoff.ensemble.joining.{name}", most)
    # The second call goes on from tables that are joined.
    run(scenario, runs=RUNS // 2, seed=5, out=tmp_path / "run")
    made = run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert all(made.table(name).equals(whole.table(name)) for name in TABLES)


def test_any_executor_gives_the_same_bytes(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, small_chunks: None
) -> None:
    with ThreadPoolExecutor(3) as executor:
        run(scenario, runs=RUNS, seed=5, executor=executor, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


def test_another_seed_gives_other_bytes(scenario: Scenario, alone: dict[str, str], tmp_path: Path) -> None:
    run(scenario, runs=RUNS, seed=6, out=tmp_path / "run")
    assert tables_of(tmp_path / "run")["events.parquet"] != alone["events.parquet"]


def test_an_ensemble_that_is_extended_equals_one_made_at_once(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path
) -> None:
    run(scenario, runs=23, seed=5, out=tmp_path / "run")
    made = run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert made.runs == RUNS
    assert tables_of(tmp_path / "run") == alone
    assert not (tmp_path / "run" / "parts").exists()


def test_an_ensemble_that_is_there_is_not_made_again(scenario: Scenario, tmp_path: Path) -> None:
    first = run(scenario, runs=20, seed=5, out=tmp_path / "run")
    again = run(scenario, runs=20, seed=5, out=tmp_path / "run")
    assert (first.reused, again.reused) == (False, True)
    assert first.manifest == again.manifest


@pytest.mark.timeout(90)
def test_a_kill_in_the_middle_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    file = border(tmp_path, busy=15)
    command = [sys.executable, "-m", "standoff", "run", str(file), "--runs", "400", "--jobs", "2", "--quiet"]
    killed = subprocess.Popen([*command, "--out", str(tmp_path / "killed")], stdout=subprocess.DEVNULL)
    parts = tmp_path / "killed" / "parts"
    while killed.poll() is None and len(list(parts.glob("[0-9]*"))) < 3:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "it finished before it could be killed"
    left = sorted(part.name for part in parts.glob("[0-9]*"))
    assert json.loads((tmp_path / "killed" / "manifest.json").read_text())["partial"] is True

    kept: list[int] = []
    scenario = load(file)
    run(scenario, runs=400, seed=1, out=tmp_path / "killed", progress=lambda done, total: kept.append(done))
    assert kept[0] == sum(int(name.partition("-")[2]) for name in left) > 0
    run(scenario, runs=400, seed=1, out=tmp_path / "whole")
    assert tables_of(tmp_path / "killed") == tables_of(tmp_path / "whole")


def test_an_interrupted_ensemble_says_so_and_goes_on_later(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, small_chunks: None
) -> None:
    def interrupt(done: int, total: int) -> None:
        if done >= 24:
            raise KeyboardInterrupt

    with pytest.raises(Incomplete, match="Ctrl-C; 24 of 60 runs are kept") as cut:
        run(scenario, runs=RUNS, seed=5, out=tmp_path / "run", progress=interrupt)
    assert (cut.value.finished, cut.value.runs) == (24, RUNS)
    partial = Ensemble(tmp_path / "run")
    assert partial.manifest.partial
    assert partial.answers["run"].to_list() == list(range(24))
    assert partial.questions["runs"].to_list() == [24] * 4
    run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


def test_without_a_folder_an_interrupted_ensemble_says_that_nothing_is_kept(
    scenario: Scenario, tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def interrupt(done: int, total: int) -> None:
        assert list(tmp_path.iterdir())
        if done >= 24:
            raise KeyboardInterrupt

    for make in (
        lambda: run(scenario, runs=RUNS, progress=interrupt),
        lambda: run_until(scenario, 0.1, progress=interrupt),
    ):
        with pytest.raises(Incomplete, match=r"^stopped by Ctrl-C; 24 of \d+ runs are made, and none is kept$") as cut:
            make()
        assert cut.value.folder is None
        assert not list(tmp_path.iterdir())


def test_a_full_disk_while_a_chunk_is_written_keeps_the_chunks_before(
    scenario: Scenario, alone: dict[str, str], tmp_path: Path, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pl.DataFrame.write_ipc_stream
    written = []

    def full(frame: pl.DataFrame, file: Path, **options: object) -> None:
        written.append(file)
        if len(written) > 17:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(frame, file, **options)

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_ipc_stream", full)
        with pytest.raises(Incomplete, match="No space left on device; 17 of 60 runs are kept"):
            run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert not list(tmp_path.rglob("*.new"))
    assert Ensemble(tmp_path / "run").manifest.partial
    run(scenario, runs=RUNS, seed=5, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


@pytest.mark.timeout(60)
def test_a_disk_that_truly_refuses_to_write_leaves_what_was_finished(tmp_path: Path) -> None:
    file = border(tmp_path, busy=20)
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "standoff", "run", str(file), "--runs", "100", "--out", str(folder)]

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    refused = subprocess.run(command, preexec_fn=small_files_only, capture_output=True, text=True, check=False)
    assert refused.returncode == 1, refused.stderr
    kept = re.search(r"could not write: File too large; (\d+) of 100 runs (?:is|are) kept", refused.stderr)
    assert kept is not None and 1 <= int(kept[1]) < 100, refused.stderr
    assert json.loads((folder / "manifest.json").read_text())["partial"] is True
    assert run(load(file), runs=100, seed=1, out=folder).runs == 100


@pytest.mark.timeout(60)
def test_a_killed_worker_leaves_what_was_finished(
    scenario: Scenario, tmp_path: Path, pool_always: None, small_chunks: None
) -> None:
    def kill(done: int, total: int) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(Incomplete, match="a worker process was killed"):
        run(scenario, runs=400, seed=5, jobs=2, out=tmp_path / "run", progress=kill)
    partial = Ensemble(tmp_path / "run")
    assert partial.manifest.partial
    assert 0 < partial.runs < 400
    assert partial.answers.height == partial.runs


@pytest.mark.timeout(60)
def test_a_stopped_run_is_the_same_one_on_any_number_of_workers(
    tmp_path: Path, pool_always: None, small_chunks: None
) -> None:
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING, encoding="utf-8")
    told = []
    for jobs in (1, 2):
        with pytest.raises(RunStopped) as stopped:
            run(load(file), runs=400, seed=1, jobs=jobs, out=tmp_path / f"run{jobs}")
        told.append(str(stopped.value))
    assert told[0] == told[1]
    assert "SD504" in told[0]
    assert "rule tick" in told[0]


def test_a_run_that_stops_at_once_leaves_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING.replace("0.04", "40"), encoding="utf-8")
    with pytest.raises(RunStopped):
        run(load(file), runs=400, seed=1, out=tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stopping.yaml"]


def test_answers_are_those_of_the_runs_that_are_kept_when_a_run_stops_or_nobody_asks(tmp_path: Path) -> None:
    file, folder = tmp_path / "stopping.yaml", tmp_path / "run"
    question = "questions: {many: {ask: Many?, when: ticks > 3, at: 2017-08-29}}\n"
    file.write_text(STOPPING + question, encoding="utf-8")
    run(load(file), runs=100, out=folder)
    with pytest.raises(RunStopped):
        run(load(file), runs=1000, out=folder)
    cut = Ensemble(folder)
    assert 100 < cut.runs == cut.answered.questions[0].runs
    with pytest.raises(RunStopped):
        run_many(load(file), runs=1000, out=folder)
    run(load(file), runs=100, out=tmp_path / "other")
    run_many(load(file), runs=120, out=tmp_path / "other")
    with pytest.raises(UsageError, match=r"has no questions\.json"):
        Ensemble(tmp_path / "other").answered  # noqa: B018 - a property that reads


def test_a_run_that_stops_leaves_no_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING.replace("0.04", "0.1"), encoding="utf-8")
    for make in (lambda: run(load(file), runs=400), lambda: run_until(load(file), 0.1, at_most=400)):
        with pytest.raises(RunStopped):
            make()
    assert [path.name for path in tmp_path.iterdir()] == ["stopping.yaml"]


def test_a_folder_with_another_ensemble_is_refused_and_untouched(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario, runs=12, seed=5, out=tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    with pytest.raises(UsageError, match="another scenario, seed"):
        run(scenario, runs=12, seed=6, out=tmp_path / "run")
    with pytest.raises(UsageError, match="already holds 12 runs"):
        run(scenario, runs=11, seed=5, out=tmp_path / "run")
    assert {path: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


def test_a_folder_with_other_files_is_refused(scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="not a run folder"):
        run(scenario, runs=12, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_two_processes_cannot_write_one_folder_at_once(scenario: Scenario, tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run").held(), pytest.raises(UsageError, match="another process is writing"):
        run(scenario, runs=12, out=tmp_path / "run")


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"seed": -1}, {"jobs": 0}, {"events": "some"}])
def test_senseless_arguments_are_refused_before_anything_is_written(
    scenario: Scenario, tmp_path: Path, wrong: dict[str, int | str]
) -> None:
    with pytest.raises(UsageError):
        run_many(scenario, out=tmp_path / "run", **wrong)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_tables_say_what_the_reference_twin_says(scenario: Scenario, tmp_path: Path) -> None:
    ensemble = run_many(scenario, runs=3, seed=5)
    model = ground(scenario.resolved)
    twin = reference_run(model, seed=5, run=2)
    events = ensemble.events.filter(pl.col("run") == 2)
    assert events.schema == pl.Schema({name: getattr(pl, kind) for name, kind in EVENT_COLUMNS.items()})
    assert events["time"].to_list() == twin.time.tolist()
    assert events["rule"].to_list() == [model.rules[model.rule_of[g]].name for g in twin.rule]
    assert events["binding"].to_list() == [model.binding(int(g)) for g in twin.rule]
    actors = [None if i < 0 else model.kinds["actor"][i] for i in twin.target]
    assert events["target"].to_list() == actors
    assert set(events["target"]) > {None}
    assert set(events["place"]) == {"ford"}
    assert events["mode"].to_list() == ["ground" if r == "arrive" else None for r in events["rule"]]
    assert [x for x in events["size"] if x is not None] == [x for x in twin.size.tolist() if not np.isnan(x)]
    assert ensemble.answers.row(2)[1:] == tuple(twin.answers)
    assert ensemble.parameters.row(2)[1:] == tuple(draw_parameters(model, seed=5, runs=np.array([2]))[0])
    series = ensemble.series.filter(pl.col("run") == 2)
    assert series["time"].to_list() == model.grid.tolist()
    np.testing.assert_array_equal(series.drop("run", "time").to_numpy(), twin.series.astype(np.float32))
    assert series.schema["holder[ford]"] == pl.Int16


def test_events_of_the_first_runs_only_when_so_asked(scenario: Scenario) -> None:
    ensemble = run_many(scenario, runs=30, seed=5, events="4")
    assert set(ensemble.events["run"]) == {0, 1, 2, 3}
    assert (ensemble.manifest.events.runs, ensemble.manifest.events.all) == (4, False)


def test_a_large_ensemble_keeps_the_events_of_its_first_runs(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_chunks: None
) -> None:
    monkeypatch.setattr(many, "MAX_EVENT_ROWS", 8000)
    ensemble = run_many(scenario, runs=RUNS, seed=5, out=tmp_path / "once")
    kept = ensemble.manifest.events.runs
    assert 10 < kept < RUNS
    assert set(ensemble.events["run"]) == set(range(kept))
    run_many(scenario, runs=30, seed=5, out=tmp_path / "twice")
    run_many(scenario, runs=RUNS, seed=5, out=tmp_path / "twice")
    both = [(tmp_path / name / "events.parquet").read_bytes() for name in ("once", "twice")]
    assert both[0] == both[1]


def test_pieces_of_work_are_cut_as_they_are_needed(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, small_chunks: None
) -> None:
    """Each holds a row of parameters for every run: all at once would be a second table of them."""
    cut: list[int] = []
    ahead: list[int] = []

    def counted(numbers: Any, *rows: Any) -> Piece:
        cut.append(len(numbers))
        return Piece(numbers, *rows)

    monkeypatch.setattr(many, "Piece", counted)
    run_many(scenario, runs=RUNS, progress=lambda *_: ahead.append(len(cut) - len(ahead)))
    assert len(ahead) > 5 and max(ahead) <= 1


@pytest.mark.parametrize("events", ["all", "0"])
def test_jobs_are_used_where_one_run_fills_a_piece(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, events: str
) -> None:
    """Runs of a second each, by a clock that goes on a second at every look, with more events than are held at once."""
    looks = itertools.count()
    monkeypatch.setattr(many, "EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(many, "time", SimpleNamespace(perf_counter=lambda: float(next(looks)), monotonic=lambda: 0.0))
    asked: list[tuple[str, list[int]]] = []

    def watched(job: Any, items: Iterable[Any], where: Where, *, kind: str = "threads", **more: Any) -> Iterator[Any]:
        pieces = list(items)
        asked.append((kind, [len(piece.numbers) for piece in pieces]))
        yield from each(job, pieces, Where())

    monkeypatch.setattr(many, "each", watched)
    run_many(scenario, runs=20, seed=5, jobs=4, events=events)
    assert asked == [("threads", [1] * 10 if events == "all" else [2] * 5)]


def test_an_ensemble_without_a_folder_takes_its_files_with_it(scenario: Scenario) -> None:
    ensemble = run(scenario, runs=12)
    folder = ensemble.folder
    assert ensemble.questions["id"].to_list() == ["blue-holds", "red-took", "when-taken", "how-many"]
    assert ensemble.scores["who"].to_list()[:3] == ["model", "persistence", "one half"]
    assert folder.is_dir()
    del ensemble
    gc.collect()
    assert not folder.exists()


def test_a_notebook_shows_an_ensemble_without_trusting_its_texts(scenario: Scenario) -> None:
    shown = run(scenario, runs=12)._repr_html_()
    assert "A busy &lt;border&gt;" in shown
    assert "<border>" not in shown


def test_the_kept_scenario_is_the_one_that_ran(scenario: Scenario, tmp_path: Path) -> None:
    run_many(scenario, runs=12, out=tmp_path / "run")
    assert load(tmp_path / "run" / "scenario.yaml").digest == scenario.digest


def test_persistence_is_the_world_in_which_nothing_happens(scenario: Scenario) -> None:
    still = run_many(scenario, runs=12).manifest.persistence
    assert still is not None
    assert still.answers == {"blue-holds": 1.0, "red-took": 0.0, "when-taken": 0.0}


def test_the_manifest_tells_of_parameters_and_hindsight(scenario: Scenario) -> None:
    manifest = run_many(scenario, runs=40).manifest
    pace, stay = manifest.parameters
    assert (pace.name, pace.unit, pace.evidence, pace.assumption, pace.hindsight) == (
        "pace", "1/day", ("assumption",), True, False,
    )  # fmt: skip
    assert pace.low is not None
    assert pace.mean is not None
    assert pace.high is not None
    assert 0.4 < pace.low < pace.mean < pace.high < 2.5
    assert stay.hindsight
    assert (stay.mean, stay.low, stay.high) == (1.0, 1.0, 1.0)
    assert manifest.hindsight == {"parameters": ("stay",)}


def test_a_scenario_that_asks_and_records_nothing_runs_too(tmp_path: Path) -> None:
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING.replace("0.04", "0.0001"), encoding="utf-8")
    ensemble = run(load(file), runs=12, out=tmp_path / "run")
    assert ensemble.questions.height == 0
    assert ensemble.scores.height == 0
    assert ensemble.answers.columns == ["run"]
    assert ensemble.parameters.height == 12
    assert ensemble.events.columns == list(EVENT_COLUMNS)
    assert ensemble._repr_html_().startswith("<div")
