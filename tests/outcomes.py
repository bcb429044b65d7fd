"""Two runs side by side: how each ended, and whether they ended in the same bits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from standoff.engine import Program, Sampler, Session, Trajectory, draw_parameters, prepare, reference_run, run
from standoff.errors import RunStopped
from standoff.model import Model, ground
from standoff.scenario import Scenario, load

ARRAYS = ("time", "rule", "source", "target", "place", "size", "series", "answers", "parameters")
SAMPLERS = ("direct", "coupled") if "sampler" in inspect.signature(run).parameters else ("direct",)
"""The samplers that the engine has."""

Outcome = Trajectory | RunStopped


def model_from(text: str, folder: Path, name: str = "made") -> tuple[Model, str]:
    """The model of a text, and the text of its expanded form."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    scenario = load(path)
    return ground(scenario.as_read), scenario.expanded_text()


def unchecked(scenario: Scenario) -> Scenario:
    """The same, to be run whatever `check` says: chance writes what no author would, and laws hold all the same."""
    return replace(scenario, _is_sound=True)


def by_kernel(program: Program, seed: int, number: int, sampler: str = "direct", **options: Any) -> Outcome:
    """How a run of the compiled kernel ends."""
    if len(SAMPLERS) > 1:
        options["sampler"] = sampler
    try:
        return run(program, seed=seed, run=number, **options)
    except RunStopped as stop:
        return stop


def one_after_another(
    program: Program, runs: int, *, seed: int, sampler: Sampler = "direct", record: bool = True
) -> Iterator[Trajectory]:
    """The first runs, each in the arrays of the one before, as ensembles make them: five times as fast as `run`.

    Series last until the next run. That a run is the same in whatever arrays, tests/test_engine_session.py says.
    """
    model = program.model
    drawn = draw_parameters(model, seed=seed, runs=np.arange(runs))
    session: Session | None = None
    for number in range(runs):
        if session is None:
            first = drawn[number]
            session = Session.begin(program, seed=seed, run=number, parameters=first, record=record, sampler=sampler)
        else:
            session.begin_again(run=number, parameters=drawn[number])
        session.advance_to(model.days)
        yield session.trajectory()


def by_twin(model: Model, seed: int, number: int, sampler: str = "direct", **options: Any) -> Outcome:
    """How the same run of the reference twin ends."""
    if len(SAMPLERS) > 1:
        options["sampler"] = sampler
    try:
        return reference_run(model, seed=seed, run=number, **options)
    except RunStopped as stop:
        return stop


def assert_kernel_is_twin(model: Model, seed: int = 1, number: int = 0, **options: Any) -> Outcome:
    """Both make the same run by every sampler; the outcome of the first sampler."""
    made = [by_kernel(prepare(model), seed, number, sampler, **options) for sampler in SAMPLERS]
    for sampler, outcome in zip(SAMPLERS, made, strict=True):
        assert_same(outcome, by_twin(model, seed, number, sampler, **options))
    return made[0]


def bits(column: np.ndarray) -> bytes:
    """The bytes of an array, every not-a-number the same; -0 and 0 differ."""
    return np.where(np.isnan(column), np.nan, column).tobytes()


def assert_same(one: Outcome, two: Outcome) -> None:
    """Two outcomes are the same to the bit, or the same stop with the same values."""
    if isinstance(one, RunStopped) or isinstance(two, RunStopped):
        assert isinstance(one, RunStopped) and isinstance(two, RunStopped), f"one ended, one stopped: {one!s} / {two!s}"
        for part in ("code", "rule", "binding", "time_days", "run", "seed"):
            assert getattr(one, part) == getattr(two, part), f"{part}: {one} / {two}"
        assert list(one.values) == list(two.values), (one.values, two.values)
        assert np.array_equal([*one.values.values()], [*two.values.values()], equal_nan=True), f"{one} / {two}"
        return
    for name in ARRAYS:
        left, right = getattr(one, name), getattr(two, name)
        assert left.shape == right.shape, f"{name}: {left.shape} and {right.shape}"
        assert bits(left) == bits(right), f"{name} differs"
    assert (one.fired, one.rejected) == (two.fired, two.rejected)


def ended(model: Model, number: int = 0) -> Trajectory:
    """A run that must come to its end, by every sampler and its twin alike."""
    outcome = assert_kernel_is_twin(model, number=number)
    assert isinstance(outcome, Trajectory), str(outcome)
    return outcome


def stopped(model: Model) -> RunStopped:
    """A run that must not."""
    outcome = assert_kernel_is_twin(model)
    assert isinstance(outcome, RunStopped), "the run came to its end"
    return outcome


def last(model: Model, trajectory: Trajectory, watch: str) -> float:
    """What a watch shows at the end."""
    return float(trajectory.series[-1, [c.name for c in model.series].index(watch)])
