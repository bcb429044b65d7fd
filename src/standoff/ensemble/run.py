"""Many runs of one scenario, kept in a run folder: on any number of workers the same, and nothing finished is lost."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standoff.engine import Program, Sampler, give_back_memory, prepare
from standoff.ensemble.batch import AnswersOf, ChunkOf, Piece, Way
from standoff.ensemble.chunk import Chunk
from standoff.ensemble.cut_short import Incomplete, folder_or_temporary
from standoff.ensemble.describe import address_of, command_line, new_manifest
from standoff.ensemble.files import read_table
from standoff.ensemble.given import GivenParameters, ParameterTable, read_given
from standoff.ensemble.key import run_key
from standoff.ensemble.manifest import EventsEntry, Manifest, ParameterEntry, Persistence
from standoff.ensemble.parts import Stretch, check_tiling
from standoff.ensemble.plan import Crew, Plan, Where
from standoff.ensemble.results import Ensemble
from standoff.ensemble.store import RunFolder, packed
from standoff.ensemble.tables import frames
from standoff.ensemble.tiered import MANY_RUNS
from standoff.ensemble.workers import Kind, NoMoreWork, each
from standoff.errors import RunStopped, UsageError, shown
from standoff.model import Model, grounded

if TYPE_CHECKING:
    from standoff.scenario import Scenario

MAX_EVENT_ROWS = 2_000_000
"""An ensemble that is expected to have more events than this keeps those of its first runs only."""
PILOT_RUNS = 10
"""Runs that are made first, in this process: they compile the kernel once and show how many events to expect."""
EVENTS_AT_ONCE = 250_000
"""Stretches whose events are kept have no more events than this, unless a single run has."""
SERIES_AT_ONCE = 20_000_000
"""Stretches have no more values of series than this, unless a single run has."""
STILL_RUNS = 100
"""Runs of the persistence baseline, which differ only by their parameters."""
CHUNK_RUNS = (100, 1000)
"""The most runs that are made and kept together: the hundredth part of all, but not fewer or more than these."""
FEWEST_RUNS = 40
"""The fewest of the last pieces, which grow smaller so that no worker waits long for another at the end."""
CHUNK_S = 2.0
"""The most work in seconds that is made and kept together: no more than this is lost by a kill."""
PIECES_A_SECOND = 50
"""How many pieces a cluster's scheduler is asked to handle in a second; docs/scale.md says how many it can."""
WORKER_STARTS_S = 1.0
"""What a worker process takes to be there, before it prepares the model."""
LOCKED_S = 0.0004
"""For about how long a run needs Python to itself: as many threads can work side by side as this fits into a run."""
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.ENOENT, errno.EEXIST}
"""What says that a folder can never be written to, and not that a disk is full."""

Progress = Callable[[int, int], None]
"""Is called with the runs finished and the runs asked for."""


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """The job of making runs for their part of a run folder, which the worker need not see: the files come back."""

    chunks: ChunkOf

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.chunks.model

    def __call__(self, program: Program, piece: Piece) -> tuple[int, int, list[tuple[str, bytes]]]:
        """The first of the runs, how many they are, and their files with their names."""
        made = self.chunks(program, piece)
        return made.first, made.runs, packed(frames(program.model, made, events_until=self.chunks.events_until))


@dataclass(slots=True)
class _Study:
    """One ensemble on its way; `done` counts the finished runs, `events_until` is below which run events are kept."""

    way: Way
    plan: Plan
    where: Where
    folder: RunFolder
    key: str
    progress: Progress | None
    given: GivenParameters | None = None
    done: int = 0
    events_until: int = 0

    @property
    def chunks(self) -> ChunkOf:
        return ChunkOf(self.way, self.events_until)

    def piece(self, first: int, runs: int) -> Piece:
        numbers = np.arange(first, first + runs, dtype=np.int64)
        if self.given is None:
            return Piece(numbers)
        return Piece(numbers, self.given.rows(self.way.model, seed=self.way.seed, runs=numbers))

    def count(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress(self.done, self.plan.runs)

    def keep(self, made: Chunk) -> None:
        rows = frames(self.way.model, made, events_until=self.events_until)
        self.keep_packed(made.first, made.runs, packed(rows))

    def keep_packed(self, first: int, runs: int, files: list[tuple[str, bytes]]) -> None:
        self.folder.write_part(self.key, first, runs, files)
        self.count(runs)


def run_many(
    scenario: Scenario,
    *,
    runs: int = 1000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    out: Path | None = None,
    events: str | int = "auto",
    sampler: Sampler = "direct",
    progress: Progress | None = None,
    name: str | None = None,
    parameters: ParameterTable | None = None,
) -> Ensemble:
    """Run a scenario many times and return the ensemble; with `out`, keep it in that folder.

    `runs`, `seed`, `events` and `sampler` are those of `Plan`; `jobs` (threads or processes) and `executor` those of
    `Where`. A folder that holds a part of this very ensemble is completed, and what is damaged in it is made anew;
    `name` is how its command line names the scenario. `parameters` gives the runs their parameters, in place of draws
    from the priors: an array (runs, parameters), or columns by name, where those left out are drawn.
    Raises RunStopped if a run meets something impossible, and Incomplete if the ensemble is cut short.
    """
    _check(scenario, name, progress)
    plan, where = Plan(runs, seed, sampler, events), Where(jobs, executor)
    given = None if parameters is None else read_given(parameters, scenario, runs=plan.runs)
    with folder_or_temporary(out) as path:
        return _in_folder(RunFolder(path), scenario, plan, where, given, progress, name=name, temporary=out is None)


def _in_folder(
    folder: RunFolder,
    scenario: Scenario,
    plan: Plan,
    where: Where,
    given: GivenParameters | None,
    progress: Progress | None,
    *,
    name: str | None,
    temporary: bool,
) -> Ensemble:
    """The ensemble in a folder, made as far as it is not there."""
    from standoff import __version__ as version

    runs, seed, sampler, events = plan.runs, plan.seed, plan.sampler, str(plan.events)
    table = None if given is None else given.entry
    key = run_key(scenario, version=version, seed=seed, events=events, sampler=sampler, given=table)
    reason = folder.usable_for(key, runs)
    if reason is not None:
        raise UsageError(f"{reason}; give another folder")
    before = folder.manifest()
    damaged = folder.damaged(before) if before is not None else []
    if before is not None and not before.partial and before.runs == runs and not damaged:
        folder.follow(scenario.text)
        return Ensemble(folder.path, reused=True)
    began = time.monotonic()
    study = _Study(Way(grounded(scenario), seed, sampler), plan, where, folder, key, progress, given)
    address = name or address_of(scenario)
    line = command_line(scenario, address=address, runs=runs, seed=seed, events=events, sampler=sampler)
    manifest = new_manifest(
        scenario, study.way.model, key=key, version=version, seed=seed, runs=runs,
        jobs=where.jobs if where.executor is None else None, sampler=sampler, address=address, command=line,
        given=table,
    )  # fmt: skip
    if before is not None and not any(name.endswith(".parquet") for name in damaged):
        manifest = replace(
            manifest, merged_runs=before.merged_runs, finished_runs=before.finished_runs, tables=before.tables,
            joining=before.joining,
        )  # fmt: skip
    with _writable(folder):
        folder.drop(damaged)
        _make(study, manifest, scenario.text, began)
    return Ensemble(folder.path, temporary=temporary, rebuilt=damaged, just_joined=True)


def _check(scenario: object, name: object, progress: object) -> None:
    from standoff.scenario import check_scenario

    check_scenario(scenario)
    if name is not None and not isinstance(name, str):
        raise UsageError(f"name must be text, not {shown(name)}")
    if progress is not None and not callable(progress):
        raise UsageError(f"progress must be a function of two numbers, not {shown(progress)}")


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


def _make(study: _Study, manifest: Manifest, written: str, began: float) -> None:
    folder = study.folder
    try:
        folder.clear_rough()
        folder.write_text("manifest.json", manifest.to_json())
        folder.write_text("scenario.yaml", written)
        _simulate(study)
        give_back_memory()
        manifest = folder.merge(manifest, runs=study.plan.runs, events_until=study.events_until)
        folder.write_text("manifest.json", _complete(study, manifest, began).to_json())
        folder.drop_parts()
    except RunStopped:
        # What was finished before a run met something impossible can still be asked.
        _keep_finished(study, manifest, began)
        raise
    except (KeyboardInterrupt, BrokenExecutor, OSError) as error:
        if isinstance(error, OSError) and error.errno in REFUSED and not study.done:
            raise
        finished = _keep_finished(study, manifest, began)
        raise Incomplete(_why(error), folder=folder.path, finished=finished, runs=study.plan.runs) from error


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"stopped by {str(error) or 'Ctrl-C'}"
    if isinstance(error, NoMoreWork):
        return str(error)
    if isinstance(error, BrokenExecutor):
        return "a worker process was killed (out of memory?)"
    if isinstance(error, OSError):
        return f"could not write: {error.strerror or error}"
    return str(error)


def _keep_finished(study: _Study, manifest: Manifest, began: float) -> int:
    """Join what is finished, as far as the disk allows; the parts stay for the next attempt."""
    partial = replace(manifest, finished_runs=study.done, seconds=round(time.monotonic() - began, 3))
    # If the disk is still full, the first manifest, which says partial, and the parts stand.
    with suppress(OSError):
        study.folder.flush()
    with suppress(OSError):
        # Workers may have finished more since they were last heard of.
        partial = study.folder.merge(partial, runs=study.plan.runs, events_until=study.events_until)
        study.folder.write_text("manifest.json", replace(partial, events=_kept(study, partial)).to_json())
    return partial.finished_runs


def _kept(study: _Study, manifest: Manifest) -> EventsEntry:
    runs = min(study.events_until, manifest.finished_runs)
    return EventsEntry(runs=runs, all=study.events_until >= study.plan.runs)


def _simulate(study: _Study) -> None:
    runs = study.plan.runs
    finished = [one for one in study.folder.finished() if one.first < runs]
    check_tiling(finished)
    study.count(sum(min(one.end, runs) - one.first for one in finished))
    study.events_until = _events_until(study.plan, study.folder.event_counts(PILOT_RUNS))
    began = time.perf_counter()
    program = _prepared(study)
    preparing = time.perf_counter() - began
    pilot = _pilot(study, program, finished)
    left = runs - study.done
    if not left:
        return
    most = min(max(CHUNK_RUNS[0], runs // 100), CHUNK_RUNS[1])
    executor, seconds = study.where.executor, CHUNK_S
    if isinstance(executor, Crew):
        seconds, most = max(CHUNK_S, executor.workers / PIECES_A_SECOND), runs
    size = int(min(most, max(1, seconds / max(pilot.pace, 1e-9)), _recordable(study.way.model)))
    if executor is not None:
        size = max(1, min(size, left // study.where.ahead))
    pieces = _pieces(study, finished, size, min(size, pilot.fitting))
    gain_s = pilot.pace * left * (1 - 1 / study.where.jobs)
    apart = pilot.pace < study.where.jobs * LOCKED_S and gain_s >= WORKER_STARTS_S + preparing
    kind: Kind = "processes" if apart and study.where.jobs > 1 else "threads"
    many = runs > MANY_RUNS
    with closing(each(PackedChunk(study.chunks), pieces, study.where, kind=kind, in_order=False, many=many)) as parts:
        for first, count, files in parts:
            study.keep_packed(first, count, files)


def _pieces(study: _Study, finished: list[Stretch], size: int, with_events: int) -> Iterator[Piece]:
    """What is left to do, one piece after another: they may be many, and hold a row of parameters for each run."""
    runs, left = study.plan.runs, study.plan.runs - study.done
    # Stretches whose events are kept are cut by events as well, so that memory does not grow with them.
    until = min(study.events_until, runs)
    behind = [Stretch(0, until, study.folder.parts)] if until else []
    behind += [one for one in finished if one.end > until]
    shares = 2 * study.where.jobs if study.where.executor is None and study.where.jobs > 1 else 1
    for end, done, most in ((until, finished, with_events), (runs, behind, size)):
        for first, count in _pending(end, done, runs):
            at = first
            while at < first + count:
                some = min(most, first + count - at, max(FEWEST_RUNS, left // shares))
                yield study.piece(at, some)
                at += some
                left -= some


@dataclass(slots=True)
class _Pilot:
    """What the first runs showed: `pace`, seconds a run, and `fitting`, how many runs are held in memory at once."""

    pace: float = 0.0
    fitting: int = 1


def _prepared(study: _Study) -> Program:
    """The program of a study; a few runs do not wait for code that runs faster."""
    return prepare(study.way.model, hurry=study.plan.runs <= MANY_RUNS)


def _pilot(study: _Study, program: Program, finished: list[Stretch]) -> _Pilot:
    """Make the first runs here, one and then the rest: the first compiles, and its time is not counted."""
    pilot, made, seconds = _Pilot(), 0, 0.0
    while made < PILOT_RUNS:
        stretch = next(_pending(study.plan.runs, finished, min(pilot.fitting, PILOT_RUNS - made)), None)
        if stretch is None:
            break
        began = time.perf_counter()
        chunk = study.chunks(program, study.piece(*stretch))
        if made:
            seconds += time.perf_counter() - began
        study.keep(chunk)
        finished.append(Stretch(chunk.first, chunk.runs, study.folder.parts))
        made += chunk.runs
        pilot = _Pilot(seconds / max(1, made - 1), min(_fitting(chunk), _recordable(study.way.model)))
    study.events_until = _events_until(study.plan, study.folder.event_counts(PILOT_RUNS))
    return pilot


def _recordable(model: Model) -> int:
    """How many runs have as many values of series as are held in memory at once."""
    return max(1, SERIES_AT_ONCE // max(1, len(model.grid) * len(model.series)))


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


def _events_until(plan: Plan, counts: list[int]) -> int:
    """Below which run events are kept; from the first runs alone, so that it is the same in any order of work."""
    if plan.events == "all":
        return plan.runs
    if plan.events != "auto":
        return min(int(plan.events), plan.runs)
    mean = sum(counts[:PILOT_RUNS]) / max(1, len(counts[:PILOT_RUNS]))
    return plan.runs if mean * plan.runs <= MAX_EVENT_ROWS else max(1, int(MAX_EVENT_ROWS / mean))


def _complete(study: _Study, manifest: Manifest, began: float) -> Manifest:
    return replace(
        manifest,
        finished_runs=study.plan.runs,
        merged_runs=study.plan.runs,
        partial=False,
        seconds=round(time.monotonic() - began, 3),
        events=_kept(study, manifest),
        parameters=_drawn(study, manifest.parameters),
        persistence=_still(study),
    )


def _drawn(study: _Study, parameters: tuple[ParameterEntry, ...]) -> tuple[ParameterEntry, ...]:
    if not parameters:
        return ()
    table = read_table(study.folder.path / "parameters.parquet")
    # The columns stand in the order of the parameters, after the run.
    drawn = np.stack([values.to_numpy() for values in table.get_columns()[1:]])
    spans = np.quantile(drawn, [0.05, 0.95], axis=1).T.tolist()
    return tuple(
        replace(entry, mean=float(values.mean()), low=low, high=high)
        for entry, values, (low, high) in zip(parameters, drawn, spans, strict=True)
    )


def _still(study: _Study) -> Persistence | None:
    runs = min(study.plan.runs, STILL_RUNS)
    model = study.way.model
    try:
        answers = AnswersOf(replace(study.way, still=True))(_prepared(study), study.piece(0, runs))
    except RunStopped:
        return None
    # A date is a day, or -1 if it never comes.
    yes = {q.name: values >= 0 if q.type == "date" else values
           for q, values in zip(model.questions, answers.T, strict=True) if q.type != "number"}  # fmt: skip
    return Persistence(runs=runs, answers={name: float(values.mean()) for name, values in yes.items()})
