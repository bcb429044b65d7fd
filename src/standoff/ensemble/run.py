"""Many runs of one scenario: here or on many processors, always with the same results."""

from __future__ import annotations

import errno
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from standoff.engine import Sampler
from standoff.ensemble.chunk import Chunk, Task, install, make
from standoff.ensemble.describe import command_line, new_manifest
from standoff.ensemble.key import run_key
from standoff.ensemble.manifest import EventsEntry, Manifest, ParameterEntry, Persistence
from standoff.ensemble.parts import Stretch, check_tiling
from standoff.ensemble.results import Ensemble
from standoff.ensemble.store import RunFolder
from standoff.ensemble.tables import frames
from standoff.ensemble.work import Kept, make_and_keep
from standoff.errors import RunStopped, StandoffError, UsageError
from standoff.model import Model, ground

if TYPE_CHECKING:
    from standoff.scenario import Scenario

MAX_EVENT_ROWS = 2_000_000
"""An ensemble that is expected to have more events than this keeps those of its first runs only."""
PILOT_RUNS = 10
"""Runs that are made first, in this process: they compile the kernel once and tell how many events to expect."""
EVENTS_AT_ONCE = 250_000
"""Stretches whose events are kept have no more events than this, unless a single run has."""
STILL_RUNS = 100
"""Runs of the persistence baseline, which differ only by their parameters."""
CHUNK_RUNS = (50, 1000)
"""The most runs that are made and kept together: the hundredth part of all, but not fewer or more than these."""
CHUNK_S = 2.0
"""The most work in seconds that is made and kept together: no more than this is lost by a kill."""
WORKER_STARTS_S = 1.0
"""What a worker process takes to be there, before it prepares the model."""
MOST_RUNS = 10_000_000
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.ENOENT, errno.EEXIST}
"""What says that a folder can never be written to, and not that a disk is full."""

Progress = Callable[[int, int], None]
"""Is called with the runs finished and the runs asked for."""


class Incomplete(StandoffError):
    """An ensemble was cut short; the folder holds the `finished` runs, and the same call goes on from there."""

    def __init__(self, why: str, *, folder: Path, finished: int, runs: int) -> None:
        self.why = why
        self.folder = folder
        self.finished = finished
        self.runs = runs
        super().__init__(f"{why}; {finished} of {runs} runs are kept in {folder}; the same command makes the rest")


@dataclass(slots=True)
class _Job:
    """One ensemble on its way; `done` counts the finished runs, `until` is below which run events are kept."""

    model: Model
    folder: RunFolder
    key: str
    seed: int
    runs: int
    events: str
    sampler: Sampler
    progress: Progress | None
    done: int = 0
    until: int = 0

    def task(self, first: int, runs: int, *, events_until: int, model: Model | None, still: bool = False) -> Task:
        return Task(self.key, model, self.seed, first, runs, events_until, self.sampler, still)

    def tell(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress(self.done, self.runs)

    def keep(self, result: Chunk | Kept) -> None:
        if isinstance(result, Chunk):
            rows = frames(self.model, result, events_until=self.until)
            self.folder.write_part(self.key, result.first, result.runs, rows)
        self.tell(result.runs)


def run_many(
    scenario: Scenario,
    *,
    runs: int = 1000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    out: Path | None = None,
    events: str = "auto",
    sampler: Sampler = "direct",
    progress: Progress | None = None,
    name: str | None = None,
) -> Ensemble:
    """Run a scenario many times and return the ensemble; with `out`, keep it in that folder.

    `jobs` is the number of processes; any `concurrent.futures` executor can be given instead. `events` says of which
    runs the events are kept: `all`, a number of first runs, or `auto` (all, if about two million rows hold them).
    `sampler` is `direct`, or `coupled` for runs that share their luck with those of another variant (docs/engine.md).
    A folder that holds a part of this very ensemble is completed, and what is damaged in it is made anew; `name` is how
    its command line names the scenario.
    Raises RunStopped if a run meets something impossible, and Incomplete if the ensemble is cut short.
    """
    from standoff import __version__ as version
    from standoff.scenario import dump

    _check(runs, seed, jobs, events, sampler)
    key = run_key(scenario, version=version, seed=seed, events=events, sampler=sampler)
    folder = RunFolder(out if out is not None else Path(tempfile.mkdtemp(prefix="standoff-")))
    reason = folder.usable_for(key, runs)
    if reason is not None:
        raise UsageError(f"{reason}; give another folder")
    before = folder.manifest()
    damaged = folder.damaged(before) if before is not None else []
    if before is not None and not before.partial and before.runs == runs and not damaged:
        folder.follow(dump(scenario.document))
        return Ensemble(folder.path, found=True)
    began = time.monotonic()
    written = dump(scenario.document)
    job = _Job(ground(scenario.resolved), folder, key, seed, runs, events, sampler, progress)
    line = command_line(scenario, name=name, runs=runs, seed=seed, events=events, sampler=sampler)
    manifest = new_manifest(
        scenario, job.model, key=key, version=version, seed=seed, runs=runs, jobs=jobs if executor is None else None,
        sampler=sampler, command=line,
    )  # fmt: skip
    if before is not None and not any(name.endswith(".parquet") for name in damaged):
        manifest = replace(
            manifest, merged_runs=before.merged_runs, finished_runs=before.finished_runs, tables=before.tables,
            joining=before.joining,
        )  # fmt: skip
    try:
        with _writable(folder):
            folder.drop(damaged)
            _make(job, manifest, written, executor, jobs, began)
        return Ensemble(folder.path, temporary=out is None, anew=damaged)
    except BaseException:
        if out is None:
            shutil.rmtree(folder.path, ignore_errors=True)
        raise


def _check(runs: int, seed: int, jobs: int, events: str, sampler: str) -> None:
    if not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"runs must be 1 to {MOST_RUNS:,}, not {runs}")
    if not 0 <= seed < 1 << 63:
        raise UsageError(f"a seed is a whole number from 0 to 2**63 - 1, not {seed}")
    if jobs < 1:
        raise UsageError(f"jobs must be at least 1, not {jobs}")
    if events not in ("auto", "all") and not events.isdecimal():
        raise UsageError(f"events is all, auto or a number of runs, not {events!r}")
    if sampler not in get_args(Sampler):
        raise UsageError(f"the sampler is direct or coupled, not {sampler!r}")


@contextmanager
def _writable(folder: RunFolder) -> Iterator[None]:
    fresh = not folder.path.exists()
    try:
        with folder.held():
            yield
    except OSError as error:
        raise UsageError(f"cannot write to {folder.path}: {error.strerror or error}") from error
    except RunStopped:
        if fresh and not folder.finished():
            _forget(folder)
        raise


def _forget(folder: RunFolder) -> None:
    for file in folder.path.iterdir():
        if file.is_file():
            file.unlink()
    folder.drop_parts()
    folder.path.rmdir()


def _make(job: _Job, manifest: Manifest, written: str, executor: Executor | None, jobs: int, began: float) -> None:
    folder = job.folder
    try:
        folder.clear_rough()
        folder.write_text("manifest.json", manifest.to_json())
        folder.write_text("scenario.yaml", written)
        _simulate(job, executor, jobs)
        manifest = folder.merge(manifest, runs=job.runs, events_until=job.until)
        folder.write_text("manifest.json", _complete(job, manifest, began).to_json())
        folder.drop_parts()
    except RunStopped:
        # What was finished before a run met something impossible can still be asked.
        _keep_finished(job, manifest, began)
        raise
    except (KeyboardInterrupt, BrokenExecutor, OSError) as error:
        if isinstance(error, OSError) and error.errno in REFUSED and not folder.finished():
            raise
        finished = _keep_finished(job, manifest, began)
        raise Incomplete(_why(error), folder=folder.path, finished=finished, runs=job.runs) from error


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"stopped by {str(error) or 'Ctrl-C'}"
    if isinstance(error, BrokenExecutor):
        return "a worker process was killed (out of memory?)"
    if isinstance(error, OSError):
        return f"could not write: {error.strerror or error}"
    return str(error)


def _keep_finished(job: _Job, manifest: Manifest, began: float) -> int:
    """Join what is finished, as far as the disk allows; the parts stay for the next attempt."""
    partial = replace(manifest, finished_runs=job.done, seconds=round(time.monotonic() - began, 3))
    # If the disk is still full, the first manifest, which says partial, and the parts stand.
    with suppress(OSError):
        # Workers may have finished more since they were last heard of.
        partial = job.folder.merge(partial, runs=job.runs, events_until=job.until)
        kept = EventsEntry(runs=min(job.until, partial.finished_runs), all=job.until >= job.runs)
        job.folder.write_text("manifest.json", replace(partial, events=kept).to_json())
    return partial.finished_runs


def _simulate(job: _Job, executor: Executor | None, jobs: int) -> None:
    finished = [one for one in job.folder.finished() if one.first < job.runs]
    check_tiling(finished)
    job.tell(sum(min(one.runs, job.runs - one.first) for one in finished))
    job.until = _events_until(job, job.folder.event_counts(PILOT_RUNS))
    first = _pilot(job, finished)
    if first is None:
        return
    most = min(max(CHUNK_RUNS[0], job.runs // 100), CHUNK_RUNS[1])
    size = int(min(most, max(1, CHUNK_S / max(first.pace, 1e-9))))
    # Stretches whose events are kept are cut by events as well, so that memory does not grow with them.
    left = list(_pending(min(job.until, job.runs), finished, min(size, _fitting(first))))
    ahead = [Stretch(at, count, job.folder.parts) for at, count in left]
    left += _pending(job.runs, [*finished, *ahead], size)
    gain_s = first.pace * sum(count for _, count in left) * (1 - 1 / jobs)
    if executor is not None:
        _spread(job, executor, left, window=32, model=job.model)
    elif jobs == 1 or not left or gain_s < WORKER_STARTS_S + first.preparing:
        _spread(job, _Here(), left, window=1, model=job.model)
    else:
        with _pool(job, min(jobs, len(left))) as pool:
            _spread(job, pool, left, window=2 * jobs + 2, model=None, kept_there=True)


def _pilot(job: _Job, finished: list[Stretch]) -> Chunk | None:
    """Make the first runs here, one and then the rest: they compile, and tell of pace and events; the last of them."""
    made: Chunk | None = None
    preparing, left, size = 0.0, PILOT_RUNS, 1
    while left and (stretch := next(_pending(job.runs, finished, min(size, left)), None)) is not None:
        got = make(job.task(*stretch, events_until=job.until, model=job.model))
        if isinstance(got, RunStopped):
            raise got
        job.keep(got)
        finished.append(Stretch(got.first, got.runs, job.folder.parts))
        preparing, left, size = preparing or got.preparing, left - got.runs, _fitting(got)
        made = replace(got, preparing=preparing)
    job.until = _events_until(job, job.folder.event_counts(PILOT_RUNS))
    return made


def _fitting(made: Chunk) -> int:
    """How many runs have as many events as are held in memory at once."""
    return max(1, int(EVENTS_AT_ONCE / max(1.0, float(made.recorded.mean()))))


def _pending(runs: int, finished: list[Stretch], size: int) -> Iterator[tuple[int, int]]:
    """The runs that are not finished, in stretches of at most `size`; how they are cut changes no result."""
    done = sorted((one.first, one.runs) for one in finished)
    at = 0
    for first, count in [*done, (runs, 0)]:
        while at < min(first, runs):
            yield at, min(size, min(first, runs) - at)
            at += size
        at = max(first + count, min(at, first))


def _spread(
    job: _Job,
    executor: Executor,
    pending: list[tuple[int, int]],
    *,
    window: int,
    model: Model | None,
    kept_there: bool = False,
) -> None:
    """Have the pending runs made, never more than `window` stretches ahead of what is kept.

    `kept_there` lets the workers, who see the same folder, keep what they make.
    """
    todo = iter(pending)
    waiting: set[Future[Chunk | Kept | RunStopped]] = set()
    stopped: RunStopped | None = None
    while True:
        while stopped is None and len(waiting) < window and (stretch := next(todo, None)) is not None:
            task = job.task(*stretch, events_until=job.until, model=model)
            if kept_there:
                waiting.add(executor.submit(make_and_keep, task, job.folder.path, job.until))
            else:
                waiting.add(executor.submit(make, task))
        if not waiting:
            break
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        # What is finished is kept before the news that a worker died is passed on.
        for future in sorted(ready, key=lambda one: one.exception() is not None):
            result = future.result()
            if isinstance(result, RunStopped):
                # Earlier stretches are still awaited, so that the run told of is the same on any number of workers.
                stopped = result if stopped is None or (result.run or 0) < (stopped.run or 0) else stopped
            else:
                job.keep(result)
    if stopped is not None:
        raise stopped


def _events_until(job: _Job, counts: list[int]) -> int:
    """Below which run events are kept; from the first runs alone, so that it is the same in any order of work."""
    if job.events == "all":
        return job.runs
    if job.events != "auto":
        return min(int(job.events), job.runs)
    mean = sum(counts[:PILOT_RUNS]) / max(1, len(counts[:PILOT_RUNS]))
    return job.runs if mean * job.runs <= MAX_EVENT_ROWS else max(1, int(MAX_EVENT_ROWS / mean))


class _Here(Executor):
    """Makes the runs in this process, one after another."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def _pool(job: _Job, workers: int) -> Iterator[Executor]:
    _start_tracker()
    # Spawned, not forked: threads of numba and polars do not survive a fork.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=install, initargs=(job.key, job.model)
    )
    done = False
    try:
        yield pool
        done = True
    finally:
        pool.shutdown(wait=done, cancel_futures=True)


def _start_tracker() -> None:
    """Start multiprocessing's tracker of resources so that a terminal that closes leaves it running.

    It ignores the other signals by itself; killed, it would be started again with a warning.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _complete(job: _Job, manifest: Manifest, began: float) -> Manifest:
    return replace(
        manifest,
        finished_runs=job.runs,
        merged_runs=job.runs,
        partial=False,
        seconds=round(time.monotonic() - began, 3),
        events=EventsEntry(runs=min(job.until, job.runs), all=job.until >= job.runs),
        parameters=_drawn(job, manifest.parameters),
        persistence=_still(job),
    )


def _drawn(job: _Job, parameters: tuple[ParameterEntry, ...]) -> tuple[ParameterEntry, ...]:
    import polars as pl

    table = pl.read_parquet(job.folder.path / "parameters.parquet")
    entries = []
    # The columns stand in the order of the parameters, after the run.
    for entry, values in zip(parameters, table.get_columns()[1:], strict=True):
        low, high = np.quantile(values.to_numpy(), [0.05, 0.95])
        entries.append(replace(entry, mean=float(values.to_numpy().mean()), low=float(low), high=float(high)))
    return tuple(entries)


def _still(job: _Job) -> Persistence | None:
    runs = min(job.runs, STILL_RUNS)
    made = make(job.task(0, runs, events_until=0, model=job.model, still=True))
    if isinstance(made, RunStopped):
        return None
    means = made.answers.mean(axis=0)
    asked = zip(job.model.questions, means, strict=True)
    return Persistence(runs=runs, answers={q.name: float(mean) for q, mean in asked if q.type == "binary"})
