"""Twelve runs side by side: who holds what in each on the date of the main question, and what else each answers.

Which twelve is settled by the runs alone, without chance: they are put in order, and every twelfth part of the order
sends its middle one (systematic sampling). The order is by the answer first (yes before no, early before late, much
before little), so answers are among the twelve in proportion, the unlikely ones too; and among equal answers by how
usual it is who holds what, so what is shown reaches from the common to the rare.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.report.stage import Sheet

MOST = 12

Holders = tuple[NDArray[np.int16], Sequence[str]]
"""Of one place: its holder in each run by the position in the names beside it, -1 for nobody."""


@dataclass(slots=True)
class OneOfTwelve:
    """One of the runs: what it answers, and for each of `Twelve.places` its holder."""

    run: int
    answer: float | None
    """1 or 0, a number, or days since the start; -1 for a date that does not come."""
    held: list[int]
    """Positions in `Twelve.holders`, -1 for nobody."""
    answers: list[bool | None]
    """To each of `Twelve.asked` whether it is a yes, for a date whether it comes; None where this run is not asked."""


@dataclass(slots=True)
class Twelve:
    """Twelve runs, or all where there are fewer, in the order of their answers."""

    question: str
    step: int
    """The reading that is shown, by its position in `Stage.times`: the nearest to the end of the question's date."""
    places: list[int]
    sheet: Sheet | None
    """The small map of them; None where none has coordinates."""
    holders: list[str]
    """Ids of actors."""
    asked: list[str]
    """The key questions of yes or no and of a date."""
    runs: list[OneOfTwelve]


def chosen(
    answers: NDArray[np.float64], kind: str, held: Sequence[NDArray[np.int16]], frames: Collection[int] = ()
) -> list[int]:
    """The positions of the runs that are shown; `kind` is that of the question.

    The runs are put in order and cut into as many equal parts. Each part is shown by the run in its middle, or by one
    of its own that answers the same and that the page has in `frames`: such a run can be followed on the map.
    """
    first = np.where(answers < 0, np.inf, answers) if kind == "date" else -answers
    usual = sum((_as_many(holders) for holders in held), start=np.zeros(len(answers), dtype=np.int64))
    order = np.lexsort((-usual, first))
    some = min(MOST, len(order))

    def of_part(i: int) -> int:
        middle = int(order[(2 * i + 1) * len(order) // (2 * some)])
        part = order[i * len(order) // some : (i + 1) * len(order) // some].tolist()
        alike = (row for row in part if row in frames and answers[row] == answers[middle])
        return next(alike, middle)

    return [of_part(i) for i in range(some)]


def _as_many(holders: NDArray[np.int16]) -> NDArray[np.int64]:
    """For each run, in how many runs the place has the same holder."""
    counts: NDArray[np.int64] = np.bincount(holders + 1)
    return counts[holders + 1]


def twelve(
    question: str, kind: str, answers: NDArray[np.float64], numbers: NDArray[np.int64], step: int,
    held: Mapping[int, Holders], sheet: Sheet | None, also: Mapping[str, NDArray[np.int16]],
    frames: Collection[int] = (),
) -> Twelve:  # fmt: skip
    """The twelve runs of a question; `numbers` are those of the runs, `held` the holders of places at the reading.

    `frames` are the numbers of the runs that the page has reading by reading. `also` has what all answer to the key
    questions of yes or no and of a date: 1, 0, or -1 where they are not asked.
    """
    there = set(np.flatnonzero(np.isin(numbers, list(frames))).tolist())
    rows = chosen(answers, kind, [codes for codes, _ in held.values()] or list(also.values()), there)
    at: dict[str, int] = {}

    def holder(code: int, names: Sequence[str]) -> int:
        return -1 if code < 0 else at.setdefault(names[code], len(at))

    return Twelve(
        question=question,
        step=step,
        places=list(held),
        sheet=sheet,
        asked=list(also),
        runs=[
            OneOfTwelve(
                run=int(numbers[row]),
                answer=float(answers[row]) if np.isfinite(answers[row]) else None,
                held=[holder(int(codes[row]), names) for codes, names in held.values()],
                answers=[None if codes[row] < 0 else bool(codes[row]) for codes in also.values()],
            )
            for row in rows
        ],
        holders=list(at),
    )
