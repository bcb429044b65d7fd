"""Runs that are made alike: of one model and seed, from the priors or from given numbers, from the start or a moment.

This is the one way in which runs are made, for every verb: an ensemble keeps their tables, pairs of runs and samples of
parameters take their answers alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Moment, Program, Sampler, Session, draw_parameters
from standoff.ensemble.chunk import Chunk, chunk_of
from standoff.ensemble.plan import Where
from standoff.ensemble.tiered import MANY_RUNS
from standoff.ensemble.workers import each
from standoff.errors import UsageError, random_seed
from standoff.model import Model

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

PIECE = 25
"""The most runs of one piece of work whose answers alone are wanted."""
PIECE_ELSEWHERE = 5000
"""The same for an executor, whose scheduler handles so many pieces a second and no more (docs/scale.md)."""
PIECES_A_WORKER = 8
"""Pieces that each worker gets at least, so that none waits long for the last one."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some runs of a batch: their numbers, (runs,), and, where given, their parameters and the moments they start at.

    `parameters`: (runs, parameters), None where they are drawn from the priors.
    """

    numbers: Numbers
    parameters: Floats | None = None
    starts: tuple[Moment, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """How the runs of a batch are made, whichever they are.

    `start` is the moment at which all of them start; each goes on with random numbers of its own, which its number
    names. `cause` sets slots of the model where they start. `still` is the world in which no rated rule and no inject
    ever fires.
    """

    model: Model
    seed: int
    sampler: Sampler = "direct"
    start: Moment | None = None
    cause: Mapping[int, float] = field(default_factory=dict)
    still: bool = False

    def __post_init__(self) -> None:
        """Raises UsageError for what is no random seed."""
        object.__setattr__(self, "seed", random_seed(self.seed))

    def draws(self, piece: Piece) -> Floats:
        """The parameters of the runs of a piece."""
        if piece.parameters is not None:
            return piece.parameters
        return draw_parameters(self.model, seed=self.seed, runs=piece.numbers)

    def sessions(self, program: Program, piece: Piece, *, record: bool) -> Iterator[Session]:
        """The runs of a piece, each where it starts; without `record` they keep neither events nor series.

        The next may be made in the arrays of the one before, which must be done with by then.
        """
        starts = piece.starts or (self.start,) * len(piece.numbers)
        parameters = None if starts[:1] != (None,) and piece.parameters is None else self.draws(piece)
        held: tuple[Moment, Session] | None = None
        session: Session | None = None
        for row, (number, start) in enumerate(zip(piece.numbers.tolist(), starts, strict=True)):
            if start is None and session is not None and parameters is not None:
                session.begin_again(run=number, parameters=parameters[row])
            elif start is None:
                session = Session.begin(
                    program, seed=self.seed, run=number, sampler=self.sampler, frozen=self.still,
                    parameters=None if parameters is None else parameters[row], record=record,
                )  # fmt: skip
                if not record:
                    session.stop_recording()
            else:
                if held is None or held[0] is not start:
                    held = start, Session.thaw(program, start)
                    if not record:
                        held[1].stop_recording()
                session = held[1].fork(f"{start.day!r}/{number}")
            if self.cause:
                session.change(self.cause)
            yield session


@dataclass(frozen=True, slots=True, eq=False)
class AnswersOf:
    """The job of making runs for their answers alone."""

    way: Way

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.way.model

    def __call__(self, program: Program, piece: Piece) -> Floats:
        """The answers of the runs of a piece: (runs, questions)."""
        answers = np.empty((len(piece.numbers), len(program.model.questions)))
        for row, session in zip(answers, self.way.sessions(program, piece, record=False), strict=True):
            session.advance_to(program.model.days)
            row[:] = session.answers()
        return answers


@dataclass(frozen=True, slots=True, eq=False)
class ChunkOf:
    """The job of making runs for all their tables; of runs below `events_until` with their events."""

    way: Way
    events_until: int = 0

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.way.model

    def __call__(self, program: Program, piece: Piece) -> Chunk:
        """The runs of a piece as arrays."""
        parameters = self.way.draws(piece)
        sessions = self.way.sessions(program, Piece(piece.numbers, parameters, piece.starts), record=True)
        return chunk_of(program.model, piece.numbers, parameters, sessions, events_until=self.events_until)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Runs made one way, by their numbers; `parameters` and `starts`, where given, have a row or a moment for each."""

    way: Way
    numbers: Numbers
    parameters: Floats | None = None
    starts: tuple[Moment, ...] | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for parameters of runs that have drawn theirs already."""
        if self.parameters is not None and (self.starts is not None or self.way.start is not None):
            raise UsageError("runs that start at a moment have their parameters: change them there")

    def pieces(self, size: int) -> Iterator[Piece]:
        """The runs, cut into pieces of at most `size`; how they are cut changes no result."""
        for first in range(0, len(self.numbers), size):
            rows = slice(first, first + size)
            yield Piece(
                self.numbers[rows],
                None if self.parameters is None else self.parameters[rows],
                None if self.starts is None else self.starts[rows],
            )

    def answers(self, where: Where, *, made: Callable[[int], None] | None = None) -> Floats:
        """The answers, (runs, questions); raises RunStopped. `made` is called with the number of each few runs made."""
        every = list(answers_of(self.way, [self], where, runs=len(self.numbers), made=made))
        return every[0] if every else np.empty((0, len(self.way.model.questions)))


def answers_of(
    way: Way, batches: Iterable[Batch], where: Where, *, runs: int, made: Callable[[int], None] | None = None
) -> Iterator[Floats]:
    """The answers, (runs, questions), of each of some batches of one way, of `runs` runs in all; raises RunStopped.

    They are one row of work: no worker waits while another makes the last runs of a batch. Each has a run at least.
    `made` is called with the number of each few runs made.
    """
    size, begun = piece_size(runs, where), deque[int]()

    def pieces() -> Iterator[Piece]:
        for batch in batches:
            begun.append(len(batch.numbers))
            yield from batch.pieces(size)

    with closing(each(AnswersOf(way), pieces(), where, many=runs > MANY_RUNS)) as parts:
        answers, at = np.empty((0, len(way.model.questions))), 0
        for some in parts:
            if at == len(answers):
                answers, at = np.empty((begun.popleft(), answers.shape[1])), 0
            answers[at : at + len(some)] = some
            at += len(some)
            if made is not None:
                made(len(some))
            if at == len(answers):
                yield answers


def piece_size(runs: int, where: Where) -> int:
    """How many runs whose answers alone are wanted make a piece of work, so that all workers are busy to the end."""
    if where.executor is None:
        return max(1, min(PIECE, runs // (PIECES_A_WORKER * where.jobs)))
    # An executor may have any number of workers, and each piece is a message to it.
    return max(1, min(PIECE_ELSEWHERE, runs // where.ahead))
