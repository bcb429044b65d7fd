"""What a worker does: some runs in a row, and their results as arrays."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Program, Sampler, Trajectory, draw_parameters, prepare, run
from standoff.errors import RunStopped
from standoff.model import Model

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Task:
    """Runs `first` to `first + runs` of a seed; the events of runs below `events_until` are kept.

    `key` names the model; `model` is None where the worker got it when it started. `still` runs the world in which
    no rated rule and no inject ever fires.
    """

    key: str
    model: Model | None
    seed: int
    first: int
    runs: int
    events_until: int
    sampler: Sampler
    still: bool = False


@dataclass(frozen=True, slots=True)
class Events:
    """The events of consecutive runs, one after another.

    `counts`: (run,) how many each run has; the others: (event,), entities as positions in their kind, -1 for none.
    """

    counts: NDArray[np.int64]
    time: Floats
    rule: Ints
    source: Ints
    target: Ints
    place: Ints
    size: Floats


@dataclass(frozen=True, slots=True)
class Chunk:
    """The results of consecutive runs.

    `parameters`: (run, parameter); `answers`: (run, question); `series`: (run, time, column) float32; `fired`,
    `rejected`, `recorded`: (run,), firings, thinned proposals, events. `pace`: seconds per run, without the first;
    `preparing`: seconds until the first.
    """

    first: int
    runs: int
    parameters: Floats
    answers: Floats
    series: NDArray[np.float32]
    fired: NDArray[np.int64]
    rejected: NDArray[np.int64]
    recorded: NDArray[np.int64]
    events: Events
    pace: float
    preparing: float


# A process keeps the program of one model, so that its chunks do not prepare it again.
_program: tuple[str, Program] | None = None
_installed: tuple[str, Model] | None = None


def install(key: str, model: Model) -> None:
    """Make a fresh worker process ready: it holds the model, leaves Ctrl-C to its parent and ends with it."""
    global _installed
    _installed = (key, model)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def make(task: Task) -> Chunk | RunStopped:
    """Make the runs of a task; a run that stops is handed back as the reason."""
    asked = time.perf_counter()
    program, model = _prepared(task)
    preparing = time.perf_counter() - asked
    runs = np.arange(task.first, task.first + task.runs, dtype=np.int64)
    parameters = draw_parameters(model, seed=task.seed, runs=runs)
    done: list[Trajectory] = []
    series = np.empty((task.runs, len(model.grid), len(model.series)), dtype=np.float32)
    answers = np.empty((task.runs, len(model.questions)))
    counts = np.empty((3, task.runs), dtype=np.int64)
    began = time.perf_counter()
    for i, number in enumerate(runs):
        if i == 1:
            began = time.perf_counter()
        try:
            trajectory = run(
                program, seed=task.seed, run=int(number), parameters=parameters[i], frozen=task.still,
                sampler=task.sampler,
            )  # fmt: skip
        except RunStopped as stopped:
            return stopped
        series[i], answers[i] = trajectory.series, trajectory.answers
        counts[:, i] = trajectory.fired, trajectory.rejected, len(trajectory.time)
        if number < task.events_until:
            done.append(replace(trajectory, series=series[i]))
    pace = (time.perf_counter() - began) / max(1, task.runs - 1)
    return Chunk(
        first=task.first,
        runs=task.runs,
        parameters=parameters,
        answers=answers,
        series=series,
        fired=counts[0],
        rejected=counts[1],
        recorded=counts[2],
        events=_events(done),
        pace=pace,
        preparing=preparing,
    )


def first_events(chunk: Chunk, events_until: int) -> Events:
    """The events of those runs of a chunk that are below `events_until`."""
    kept = chunk.events.counts[: max(0, events_until - chunk.first)]
    rows = int(kept.sum())
    every = chunk.events
    return Events(
        counts=kept,
        time=every.time[:rows],
        rule=every.rule[:rows],
        source=every.source[:rows],
        target=every.target[:rows],
        place=every.place[:rows],
        size=every.size[:rows],
    )


def _events(done: list[Trajectory]) -> Events:
    none, nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64)
    return Events(
        counts=np.array([len(one.time) for one in done], dtype=np.int64),
        time=np.concatenate([nothing, *(one.time for one in done)]),
        rule=np.concatenate([none, *(one.rule for one in done)]),
        source=np.concatenate([none, *(one.source for one in done)]),
        target=np.concatenate([none, *(one.target for one in done)]),
        place=np.concatenate([none, *(one.place for one in done)]),
        size=np.concatenate([nothing, *(one.size for one in done)]),
    )


def model_of(task: Task) -> Model:
    """The model of a task, which the worker may have been given when it started."""
    if task.model is not None:
        return task.model
    if _installed is not None and _installed[0] == task.key:
        return _installed[1]
    raise RuntimeError(f"this worker was not given the model {task.key}")


def _prepared(task: Task) -> tuple[Program, Model]:
    global _program
    model = model_of(task)
    if _program is None or _program[0] != task.key:
        _program = (task.key, prepare(model))
    return _program[1], model


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
