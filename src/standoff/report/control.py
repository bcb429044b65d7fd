"""Who holds each place through time, and in which order places change hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from standoff.report.scene import Holding, Move, Sequence

TOLD_SEQUENCES = 3

Held = NDArray[np.int16]
"""``(runs, times)`` positions in the labels of the series, -1 for nobody."""


def holding(place: int, held: Held, labels: tuple[str, ...]) -> Holding:
    """In how many runs each actor holds the place, along time."""
    return Holding(
        place=place,
        runs={holder_name(code, labels): np.sum(held == code, axis=0).tolist() for code in np.unique(held).tolist()},
    )


def move(place: int, held: Held, labels: tuple[str, ...], times: tuple[float, ...]) -> Move:
    """When the place first changes hands, to whom, and what its whole stories are."""
    at_start = Counter(held[:, 0].tolist()).most_common(1)[0][0]
    changes = held[:, 1:] != held[:, :-1]
    moved = np.flatnonzero(changes.any(axis=1))
    first = np.argmax(changes[moved], axis=1) + 1
    days = np.asarray(times)[first]
    taken = Counter(held[moved, first].tolist()).most_common(1)
    stories = Counter(_stories(held, changes))
    quantiles = np.quantile(days, [0.25, 0.5, 0.75]).tolist() if len(moved) else [None, None, None]
    return Move(
        place=place,
        begins=holder_name(at_start, labels),
        changed=len(moved),
        day_25=quantiles[0],
        day_50=quantiles[1],
        day_75=quantiles[2],
        next_holder=holder_name(taken[0][0], labels) if taken else "",
        next_runs=taken[0][1] if taken else 0,
        sequences=[
            Sequence(holders=[holder_name(code, labels) for code in story], runs=count)
            for story, count in stories.most_common(TOLD_SEQUENCES)
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
