"""How strong whoever holds a place is, through time: the map draws it as symbols of units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.report.control import Held, holder_name
from standoff.report.frames import Force

QUARTERS = (0.25, 0.5, 0.75)


def force(place: int, held: Held, labels: tuple[str, ...], recorded: NDArray[np.floating]) -> Force:
    """The force of the most frequent holder of a place, over the runs in which it is the holder, in whole numbers.

    `held` and `recorded` are ``(runs, times)``; what is no finite number counts as unknown.
    """
    strengths = np.round(recorded)
    # Few of all actors ever hold the place.
    codes = np.flatnonzero(np.bincount(held.ravel() + 1)) - 1
    counts = np.array([np.sum(held == code, axis=0) for code in codes])
    most = codes[np.argmax(counts, axis=0)]
    known = (held == most) & np.isfinite(strengths)
    # What does not count sorts behind what does, so that order statistics are read by their place in the column.
    columns = np.sort(np.where(known, strengths, np.inf), axis=0)
    size = known.sum(axis=0)
    at = [np.maximum(np.ceil(share * size).astype(int) - 1, 0) for share in QUARTERS]
    quarters = [np.take_along_axis(columns, rows[np.newaxis], axis=0)[0] for rows in at]
    holders = sorted({code for code in most.tolist() if code >= 0})
    return Force(
        place=place,
        holders=[holder_name(code, labels) for code in holders],
        stretches=_stretches([holders.index(code) if code >= 0 else -1 for code in most.tolist()], size > 0, quarters),
    )


def _stretches(holders: list[int], known: NDArray[np.bool_], quarters: list[NDArray[np.floating]]) -> list[list[int]]:
    """A row for each time at which something differs from the time before."""
    rows: list[list[int]] = []
    levels = [np.where(known, level, 0).astype(int).tolist() for level in quarters]
    for step, row in enumerate(zip(holders, *levels, strict=True)):
        if not rows or rows[-1][1:] != list(row):
            rows.append([step, *row])
    return rows
