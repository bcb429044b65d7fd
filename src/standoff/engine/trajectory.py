"""The result of one run, a trajectory, and the samplers that can make it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError, shown

Sampler = Literal["direct", "coupled"]
"""Two exact ways to choose the next event: the fast one for ensembles, and one whose random numbers what-ifs share.

`standoff.cli.runs` writes them out again, because help must not load the engine; a test holds the two equal.
"""


def check_sampler(sampler: str) -> None:
    """Raises UsageError for a sampler that there is not."""
    if sampler not in get_args(Sampler):
        raise UsageError(f"the sampler must be direct or coupled, not {shown(sampler)}")


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One run. Events in order of time; entities as positions in their kinds, -1 for none.

    `time` (events,) days; `rule` (events,) ground rule; `source`, `target`, `place` (events,);
    `size` (events,), not a number where none; `series` (grid, series); `answers` (questions,);
    `parameters` (parameters,); `fired` counts all firings, `rejected` the proposals that thinning refused.
    """

    time: NDArray[np.float64]
    rule: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    place: NDArray[np.int32]
    size: NDArray[np.float64]
    series: NDArray[np.float64]
    answers: NDArray[np.float64]
    parameters: NDArray[np.float64]
    fired: int
    rejected: int
