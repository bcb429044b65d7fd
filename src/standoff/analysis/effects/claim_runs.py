"""The runs in which claims are tested: those without any cause, which all claims share, and those with each cause.

All of one look are one row of work, so that no worker waits for another before the last few runs. A run goes as far as
what is read of it, which often lies long before the end of the scenario.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import horizon
from standoff.engine import Program, draw_parameters
from standoff.ensemble import Batch, Piece, Way, Where, each, piece_size
from standoff.errors import naming
from standoff.model import Model, ground, grounded
from standoff.scenario import ClaimPlan, claim_plans

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Some runs and what is read of them: the answers to some of the model's questions on day `until`.

    `claim` is the claim whose cause is at work, None where none is.
    """

    piece: Piece
    questions: tuple[int, ...]
    until: float
    claim: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ReadAnswers:
    """The job of making runs as far as their answers are read."""

    way: Way

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.way.model

    def __call__(self, program: Program, reading: Reading) -> Floats:
        """The answers read: (runs, questions)."""
        asked = [program.model.questions[i] for i in reading.questions]
        answers = np.empty((len(reading.piece.numbers), len(asked)))
        with naming(f"claim '{reading.claim}'") if reading.claim is not None else nullcontext():
            for row, session in zip(answers, self.way.sessions(program, reading.piece, record=False), strict=True):
                session.advance_to(reading.until)
                row[:] = [session.value(one.answer, one.table, 0) for one in asked]
                if not np.isfinite(row).all():
                    session.advance_to(program.model.days)
                    row[:] = session.answers()[list(reading.questions)]
        return answers


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is read of pairs of runs for one claim, (runs,) each; `given` is whether the run shows the cause by itself.

    `given` is of the runs without the cause, None where the claim does not ask.
    """

    without: Floats
    with_cause: Floats
    given: Floats | None


class ClaimRuns:
    """The runs of all claims of a scenario."""

    def __init__(self, scenario: Scenario, seed: int, where: Where) -> None:
        self.form = plans = claim_plans(scenario)
        self.plans, self.asked, self.seed, self.where = plans.each, plans.resolved.questions, seed, where
        self.columns = {question.name: i for i, question in enumerate(self.asked)}
        # Drawn from the priors of the scenario itself: some are wider here, to reach what claims set.
        self.plain = grounded(scenario)
        model = ground(plans.resolved)
        self.job = ReadAnswers(Way(model, seed, "coupled"))
        self.parameters = {info.name: i for i, info in enumerate(model.parameters)}
        self.until = [horizon(scenario, model, question) for question in model.questions]

    def pairs(self, plans: Sequence[ClaimPlan], numbers: Numbers) -> Generator[Pairs, None, None]:
        """The runs of these numbers for each of some claims, in their order."""
        drawn = self._draw(numbers)
        size = piece_size((1 + len(plans)) * len(numbers), self.where)
        pieces = -(-len(numbers) // size)
        shared = tuple(sorted({column for plan in plans for column in self._read(plan)}))
        made = each(self.job, self._readings(plans, shared, numbers, drawn, size), self.where)
        without = dict(zip(shared, np.concatenate(list(islice(made, pieces))).T, strict=True))
        for plan in plans:
            own = without[self.columns[plan.effect]]
            with_cause = own if changes_nothing(plan) else np.concatenate(list(islice(made, pieces)))[:, 0]
            yield Pairs(own, with_cause, None if plan.given is None else without[self.columns[plan.given]])

    def _read(self, plan: ClaimPlan) -> tuple[int, ...]:
        """The questions that are read of the runs without the cause."""
        return tuple(self.columns[name] for name in (plan.effect, plan.given) if name is not None)

    def _readings(
        self, plans: Sequence[ClaimPlan], shared: tuple[int, ...], numbers: Numbers, drawn: Floats, size: int
    ) -> Iterator[Reading]:
        until = max(self.until[column] for column in shared)
        for piece in Batch(self.job.way, numbers, drawn).pieces(size):
            yield Reading(piece, shared, until, None)
        for plan in plans:
            if not changes_nothing(plan):
                column = self.columns[plan.effect]
                for piece in Batch(self.job.way, numbers, self._caused(plan, drawn)).pieces(size):
                    yield Reading(piece, (column,), self.until[column], plan.claim)

    def _caused(self, plan: ClaimPlan, drawn: Floats) -> Floats:
        """The parameters of runs with the cause of a plan at work."""
        parameters = drawn.copy()
        for name, factor in plan.factors.items():
            column, (low, high) = self.parameters[name], plan.limits[name]
            parameters[:, column] = np.clip(parameters[:, column] * factor, low, high)
        for name, value in plan.values.items():
            parameters[:, self.parameters[name]] = value
        if plan.switch is not None:
            parameters[:, self.parameters[plan.switch]] = 1.0
        return parameters

    def _draw(self, numbers: Numbers) -> Floats:
        """The parameters of runs with no cause at work: all switches are off."""
        drawn = np.zeros((len(numbers), len(self.parameters)))
        own = [self.parameters[info.name] for info in self.plain.parameters]
        drawn[:, own] = draw_parameters(self.plain, seed=self.seed, runs=numbers)
        return drawn


def changes_nothing(plan: ClaimPlan) -> bool:
    """Whether the cause changes nothing in any run, because there is nothing that it could change."""
    return plan.switch is None and not plan.factors and not plan.values
