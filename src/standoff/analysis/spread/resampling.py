"""Bootstrap samples of the rows of a table, drawn some at a time: all together may not fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAMPLES = 500
"""How many samples the interval of a share rests on."""
AT_ONCE = 4_000_000
"""The most rows, over all samples, that are in memory together."""


@dataclass(frozen=True, slots=True)
class Resamples:
    """Samples of as many rows as the table has, drawn with replacement; the same ones whatever is drawn at once."""

    rows: int
    seed: int

    def picked(self) -> Iterator[NDArray[np.int64]]:
        """The rows that each sample holds, for some samples after the others: (samples, rows)."""
        generator = np.random.default_rng(self.seed)
        size = max(1, AT_ONCE // self.rows)
        for first in range(0, SAMPLES, size):
            yield generator.integers(0, self.rows, (min(size, SAMPLES - first), self.rows))

    def counts(self) -> Iterator[Floats]:
        """How often each sample holds each row, in the same way."""
        for picked in self.picked():
            yield np.array([np.bincount(rows, minlength=self.rows) for rows in picked], dtype=np.float64)
