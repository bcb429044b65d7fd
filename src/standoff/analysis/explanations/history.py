"""Runs with all their events, and the moment at which each settled its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.explanations.target import Target
from standoff.engine import Program, Session, draw_parameters
from standoff.ensemble import Where, each
from standoff.model import Model


@dataclass(frozen=True, slots=True)
class History:
    """One run up to the horizon of a question.

    `settled` is the day from which nothing changes the answer: the first day of a yes that stays, else the horizon.
    `time` and `rule` (events,): day and ground rule of every firing, those of silent rules too.
    """

    run: int
    yes: bool
    settled: float
    time: NDArray[np.float64]
    rule: NDArray[np.int32]
    parameters: NDArray[np.float64]


def before(day: float) -> float:
    """The last moment before a day."""
    return float(np.nextafter(day, -np.inf))


def after(day: float) -> float:
    """The first moment after a day."""
    return float(np.nextafter(day, np.inf))


def history(program: Program, target: Target, *, seed: int, run: int, parameters: NDArray[np.float64]) -> History:
    """Make a run up to the horizon."""
    session = start(program, seed, run, parameters, events=True)
    session.advance_to(target.horizon)
    course = session.trajectory()
    yes = target.yes(session)
    settled = target.horizon
    if yes and target.stays:
        settled = _first_yes(start(program, seed, run, parameters), target, np.unique(course.time))
    return History(run, yes, settled, course.time, course.rule, parameters)


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """The job of making runs up to the horizon of a question; the item is a run's number with its parameters."""

    target: Target
    seed: int

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.target.model

    def __call__(self, program: Program, run: tuple[int, NDArray[np.float64]]) -> History:
        """The history of one run."""
        number, parameters = run
        return history(program, self.target, seed=self.seed, run=number, parameters=parameters)


def histories(target: Target, *, seed: int, runs: int, where: Where, tell: Callable[[], None]) -> list[History]:
    """Make the first runs of a seed."""
    parameters = draw_parameters(target.model, seed=seed, runs=np.arange(runs))
    finished: list[History] = []
    for seen in each(Histories(target, seed), enumerate(parameters), where):
        finished.append(seen)
        tell()
    return finished


def start(program: Program, seed: int, run: int, parameters: NDArray[np.float64], *, events: bool = False) -> Session:
    """A coupled run at its start that keeps no series, and every event or none."""
    session = Session.begin(
        program, seed=seed, run=run, parameters=parameters, sampler="coupled", record=events, all_events=True
    )
    session.stop_recording(events=events)
    return session


def _first_yes(low: Session, target: Target, times: NDArray[np.float64]) -> float:
    """The event time at which the answer turns to a yes that stays, by halving."""
    no, yes, session = -1, len(times) - 1, low.fork()
    while yes - no > 1:
        middle = (yes + no) // 2
        session.take_over(low)
        session.advance_to(min(after(times[middle]), target.horizon))
        if target.yes(session):
            yes = middle
        else:
            no, low, session = middle, session, low
    return float(times[yes]) if len(times) else 0.0
