"""Runs on a Dask cluster: the bytes of one process, whoever dies, and one sentence for each thing that can be wrong."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

from standoff.analysis import compare, rare, sense, try_claims
from standoff.calibration import run
from standoff.cli.app import app
from standoff.ensemble import Ensemble, Incomplete, Way, Where, cluster, each, unchanged
from standoff.ensemble.batch import AnswersOf, ChunkOf, Piece
from standoff.ensemble.store import RunFolder
from standoff.ensemble.workers import NoMoreWork
from standoff.ensemble.written import Texts, at_work, own_ways
from standoff.errors import RunStopped, UsageError
from standoff.model import ground
from standoff.scenario import Scenario, claim_plans, load
from tests.ensemble_cases import POST, RAIDS, STOPPING, tables_of
from tests.proofs import first_of

RUNS = 300
OWN = {"python": ".".join(map(str, sys.version_info[:3]))}
POSTS = f"""{POST}watch: {{raids: {{of: raids}}}}
questions:
  falls:
    ask: Does the post fall?
    when: fallen
    at: 2017-03-01
{RAIDS}"""


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("posts") / "posts.yaml"
    file.write_text(POSTS, encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module")
def alone(posts: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables that one process makes."""
    folder = tmp_path_factory.mktemp("alone") / "run"
    run(posts, runs=RUNS, seed=5, out=folder)
    return tables_of(folder)


@pytest.fixture(scope="module")
def workers(posts: Scenario) -> Iterator[cluster.Cluster]:
    """Two workers that are processes of their own."""
    with cluster.Cluster("local:2", posts) as two:
        yield two


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 0.3)
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.3)
    monkeypatch.setattr(cluster, "LOOK_S", 0.1)


def partial_of(folder: Path) -> bool:
    return Ensemble(folder).manifest.partial


def test_a_killed_worker_changes_no_byte(
    posts: Scenario, alone: dict[str, str], workers: cluster.Cluster, tmp_path: Path
) -> None:
    """It is killed while it works; the pieces it had are made by others."""
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done > 10 and not killed:
            killed.append(workers.submit(os.getpid).result())
            os.kill(killed[0], signal.SIGKILL)

    made = run(posts, runs=RUNS, seed=5, executor=workers, out=tmp_path / "run", progress=kill)
    assert killed and made.runs == RUNS
    assert tables_of(tmp_path / "run") == alone


@pytest.mark.slow  # test_ensemble_run.py kills one without a cluster
@pytest.mark.timeout(60)
def test_a_killed_client_is_resumed_by_the_same_call(
    posts: Scenario, alone: dict[str, str], workers: cluster.Cluster, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "standoff", "run", str(posts.path), "--runs", str(RUNS), "--seed", "5", "--quiet"]
    slow = f"import time, sys; from standoff.ensemble.store import RunFolder as R; w = R.write_part; {SLOWLY}"
    command = [sys.executable, "-c", f"{slow}; from standoff.cli import main; main()", *command[3:]]
    client = subprocess.Popen([*command, "--on", workers.address, "--out", str(folder)], stdout=subprocess.DEVNULL)
    while client.poll() is None and len(list((folder / "parts").glob("[0-9]*"))) < 4:
        time.sleep(0.01)
    client.kill()
    assert client.wait() == -signal.SIGKILL, "it finished before it could be killed"
    assert partial_of(folder)
    begun: list[int] = []
    run(posts, runs=RUNS, seed=5, executor=workers, out=folder, progress=lambda done, total: begun.append(done))
    assert begun[0] > 10
    assert tables_of(folder) == alone


STARTED = "has no worker: start some with `dask worker tcp://127.0.0.1"
SLOWLY = "R.write_part = lambda *all: (time.sleep(0.2), w(*all))"

VERBS: dict[str, Callable[..., Any]] = {
    "compare": lambda case, **where: compare(
        case, {"faster": load(case.path, settings={"pace": 0.3})}, runs=40, **where
    ),
    "claims": lambda case, **where: try_claims(case, at_most=100, **where),
    "sense": lambda case, **where: sense(case, runs=10, **where),
    "rare": lambda case, **where: rare(case, "falls", replicates=3, particles=10, **where),
}


@pytest.mark.parametrize("verb", first_of(VERBS))  # On any executor, each: test_analysis_executors.py
def test_a_verb_answers_on_a_cluster_as_it_does_here(posts: Scenario, workers: cluster.Cluster, verb: str) -> None:
    unchanged._held.clear()
    here = VERBS[verb](posts)
    unchanged._held.clear()
    assert VERBS[verb](posts, executor=workers) == here


def test_the_scenario_travels_as_text_and_no_table_with_it(posts: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    entries: list[object] = []
    monkeypatch.setattr("standoff.scenario.keeping.Question.keep", lambda question, answer: entries.append(answer))
    texts, piece = Texts((posts,)), Piece(np.arange(3))
    for resolved in (posts.resolved, claim_plans(posts).resolved):
        job = AnswersOf(Way(ground(resolved), 7))
        written = texts.written(job)
        assert written is not None
        sent = pickle.dumps(written)
        assert b"Model" not in sent and b"RuleTable" not in sent
        there = pickle.loads(sent)  # noqa: S301 - our own job
        program = next(iter(each(Programs(there), [0], Where())))
        np.testing.assert_array_equal(there(program, piece), job(program, piece))
    # The file that a worker reads lies in a folder that is gone: to keep what it came to would help nobody.
    assert entries == []
    other = AnswersOf(Way(ground(load(posts.path, settings={"pace": 0.3}).resolved), 7))
    assert texts.written(other) is None, "tables that no text gives are not taken for others"


class Programs:
    """A job that hands back the program it is given."""

    def __init__(self, job: Any) -> None:
        self.model = job.model

    def __call__(self, program: Any, item: int) -> Any:
        return program


def test_a_run_that_stops_is_told_as_it_is_here(workers: cluster.Cluster, tmp_path: Path) -> None:
    file = tmp_path / "stopping.yaml"
    file.write_text(STOPPING, encoding="utf-8")
    case = load(file)
    with pytest.raises(RunStopped) as here:
        run(case, runs=400, seed=2)
    job = Texts((case,)).written(ChunkOf(Way(ground(case.resolved), 2)))
    with pytest.raises(RunStopped) as there:
        list(each(job, [Piece(np.arange(400))], Where(executor=workers), in_order=False))
    assert str(there.value) == str(here.value)


def test_results_wait_with_the_workers_until_they_are_taken(workers: cluster.Cluster) -> None:
    desk = workers.desk(in_order=False)
    sent = [desk.submit(os.getppid) for _ in range(3 * cluster.FETCHED)]
    assert len(wait(sent, timeout=1).done) == cluster.FETCHED
    for taken in range(len(sent)):
        wait([one for one in sent if not one.done()], timeout=0.01)
        assert sum(one.done() for one in sent) <= cluster.FETCHED + taken
        desk.taken()
    assert len(wait(sent, timeout=10).done) == len(sent)


def test_a_full_disk_leaves_a_folder_that_the_same_call_completes(
    posts: Scenario, alone: dict[str, str], workers: cluster.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = RunFolder.write_part, []

    def full(folder: RunFolder, *part: Any) -> None:
        written.append(part)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(folder, *part)

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "write_part", full)
        with pytest.raises(Incomplete, match=r"could not write: No space left on device; \d+ of 300 runs are kept"):
            run(posts, runs=RUNS, seed=5, executor=workers, out=tmp_path / "run")
    assert partial_of(tmp_path / "run")
    run(posts, runs=RUNS, seed=5, executor=workers, out=tmp_path / "run")
    assert tables_of(tmp_path / "run") == alone


def test_an_address_where_nobody_listens_is_told_in_a_sentence(
    posts: Scenario, tmp_path: Path, impatient: None
) -> None:
    folder = tmp_path / "run"
    command = ["run", str(posts.path), "--runs", "40", "--quiet", "--on", "tcp://127.0.0.1:1", "--out", str(folder)]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1
    assert told.stderr == (
        "no Dask scheduler answers at tcp://127.0.0.1:1: start one with `dask scheduler`, or correct the address; 10 "
        f"of 40 runs are kept in {folder}; the same command makes the rest\n"
    )
    assert partial_of(folder)
    told = CliRunner().invoke(app, ["claims", str(posts.path), "--quiet", "--on", "tcp://127.0.0.1:1"])
    assert (told.exit_code, told.stderr.count("\n"), told.stdout) == (1, 1, "")


@pytest.mark.parametrize(
    ("package", "ours", "sentence"),
    [
        ("standoff", "99.0", r"the worker tcp://\S+ has standoff 0\.\S+, this machine 99\.0: install the same there: "),
        ("no-such-package", "1.0", r"has no no-such-package, this machine 1\.0: install .*'no-such-package==1.0'"),
    ],
)
def test_workers_of_another_version_are_refused_with_the_cure(
    posts: Scenario, workers: cluster.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    package: str, ours: str, sentence: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(cluster, "COMPARED", (package,))
    monkeypatch.setattr(cluster, "_version", lambda package: ours)
    # A scheduler of this very environment has what its workers have, and would be named first.
    asked = cluster.Cluster._compare
    monkeypatch.setattr(
        cluster.Cluster, "_compare", lambda self, those: asked(self, {**those, "scheduler": {"packages": OWN}})
    )
    with cluster.Cluster(workers.address) as other, pytest.raises(Incomplete, match=f"{sentence}.*10 of 40 runs"):
        run(posts, runs=40, executor=other, out=tmp_path / "run")
    assert partial_of(tmp_path / "run")


def test_another_python_and_other_code_are_refused_too(workers: cluster.Cluster) -> None:
    old = {"packages": {"python": "3.9.1.final.0"}}
    with pytest.raises(
        NoMoreWork, match=r"the scheduler runs Python 3\.9, this machine 3\.\d+: start it with the same"
    ):
        workers._compare({"scheduler": old, "workers": {}})
    for other, told in (
        (
            replace(own_ways(), code="other"),
            "runs other code of Standoff than this machine, of the same version: install",
        ),
        (replace(own_ways(), rounding="other"), "rounds otherwise than this machine's, so runs would differ: use the"),
    ):
        with pytest.raises(NoMoreWork, match=told):
            workers.submit(at_work, other, bool, os.getpid, ()).result()


def scheduled(*, workers: int) -> LocalCluster:
    """A scheduler that others reach, and its workers, all in this process: quickly there, and quickly gone."""
    return LocalCluster(n_workers=workers, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0")


ENDS: dict[str, Callable[[LocalCluster], object]] = {
    "has lost its last worker: start workers again": lambda scheduler: scheduler.scale(0),
    "the Dask scheduler at .* is gone: start it and its workers again": lambda scheduler: scheduler.close(),
}


@pytest.mark.parametrize("told", ENDS)
def test_a_cluster_that_ends_ends_the_run(posts: Scenario, tmp_path: Path, impatient: None, told: str) -> None:
    kept = rf"{told}.*of 300 runs are kept in .*; the same command makes the rest"
    with scheduled(workers=1) as scheduler, cluster.Cluster(scheduler.scheduler_address, posts) as lone:

        def end(done: int, total: int) -> None:
            if done > 10:
                ENDS[told](scheduler)

        with pytest.raises(Incomplete, match=kept):
            run(posts, runs=RUNS, executor=lone, out=tmp_path / "run", progress=end)
    assert partial_of(tmp_path / "run")


def test_a_client_that_has_lost_its_scheduler_says_so_where_work_is_handed_in(impatient: None) -> None:
    with scheduled(workers=1) as scheduler, cluster.Cluster(scheduler.scheduler_address) as lone:
        opened = lone.desk(in_order=True)
        opened.submit(os.getpid).result(timeout=30)
        lone._soon(lone._client._close(fast=True)).result(timeout=30)
        with pytest.raises(NoMoreWork, match="is gone: start it and its workers again"):
            opened.submit(os.getpid).result(timeout=30)
        end = time.monotonic() + 30
        while not lone._lost.done() and time.monotonic() < end:
            time.sleep(0.05)
        assert "is gone" in lone._lost.result()


def test_a_cluster_without_workers_is_told_in_a_sentence(impatient: None) -> None:
    with scheduled(workers=0) as scheduler, cluster.Cluster(scheduler.scheduler_address) as nobody:
        opened = nobody.desk(in_order=True)
        with pytest.raises(NoMoreWork, match=STARTED):
            opened.submit(os.getpid)


def test_what_is_no_address_is_refused_at_once(posts: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("local:0", "local:x", "local", "127.0.0.1:8786", "tcp://nowhere", ""):
        with pytest.raises(UsageError, match="is neither the address of a Dask scheduler"):
            cluster.Cluster(wrong)
    told = CliRunner().invoke(app, ["run", str(posts.path), "--on", "local:2", "--jobs", "2"])
    assert told.exit_code == 2 and "with --on the cluster says how many workers there are" in told.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = CliRunner().invoke(app, ["run", str(posts.path), "--on", "local:2"])
    assert (told.exit_code, told.stderr) == (2, "other machines are reached by Dask: pip install 'standoff[cluster]'\n")


def test_a_cluster_that_is_left_while_it_starts_leaves_no_worker_behind() -> None:
    before = set(multiprocessing.active_children())
    cluster.Cluster("local:1").shutdown()
    assert set(multiprocessing.active_children()) <= before
