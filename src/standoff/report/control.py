"""Who holds each place through time, and in which order places change hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from standoff.report.frames import Holder, Holding, Move, Succession

SUCCESSIONS = 3

Held = NDArray[np.int16]
"""``(runs, times)`` positions in the labels of the series, -1 for nobody."""


def holding(place: int, held: Held, labels: tuple[str, ...]) -> Holding:
    """In how many runs each actor holds the place, along time."""
    codes = (np.flatnonzero(np.bincount(held.ravel() + 1)) - 1).tolist()
    return Holding(
        place=place,
        holders=[Holder(holder_name(code, labels), np.sum(held == code, axis=0).tolist()) for code in codes],
    )


def move(place: int, held: Held, labels: tuple[str, ...], times: tuple[float, ...]) -> Move:
    """Between which readings the place first changes hands, to whom, and what its whole stories are.

    The reading before a change and the one after it bound the day of the change, so their quartiles bound its quartile.
    """
    at_start = Counter(held[:, 0].tolist()).most_common(1)[0][0]
    changes = held[:, 1:] != held[:, :-1]
    moved = np.flatnonzero(changes.any(axis=1))
    first = np.argmax(changes[moved], axis=1) + 1
    days = np.asarray(times)
    quarters = [0.25, 0.5, 0.75]
    after, by = (np.quantile(days[at], quarters).tolist() if len(moved) else [] for at in (first - 1, first))
    taken = Counter(held[moved, first].tolist()).most_common(1)
    stories = Counter(_stories(held, changes))
    return Move(
        place=place,
        begins=holder_name(at_start, labels),
        changed=len(moved),
        quartiles=list(zip(after, by, strict=True)),
        next_holder=holder_name(taken[0][0], labels) if taken else "",
        next_runs=taken[0][1] if taken else 0,
        successions=[
            Succession(holders=[holder_name(code, labels) for code in story], runs=count)
            for story, count in stories.most_common(SUCCESSIONS)
        ],
    )


def _stories(held: Held, changes: NDArray[np.bool_]) -> Iterator[tuple[int, ...]]:
    """The holders of each run in their order, without repetition."""
    turns = np.cumsum(np.count_nonzero(changes, axis=1)).tolist()
    taken = held[:, 1:][changes].tolist()
    for first, start, end in zip(held[:, 0].tolist(), [0, *turns], turns, strict=False):
        yield (first, *taken[start:end])


def holder_name(code: int, labels: tuple[str, ...]) -> str:
    """The name of the holder with this position in the labels; the empty text for nobody."""
    return labels[code] if code >= 0 else ""
