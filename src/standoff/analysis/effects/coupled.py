"""Runs of the coupled sampler with given parameters and given luck: what pairs of runs are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Program, run

Floats = NDArray[np.float64]


def coupled_answers(
    program: Program,
    parameters: Floats,
    numbers: NDArray[np.int64],
    *,
    seed: int,
    jobs: int,
    made: Callable[[], None] | None = None,
) -> Floats:
    """The answers, (runs, questions), of the runs with these numbers and a row of parameters each; raises RunStopped.

    On threads: the kernel works without Python's lock. `made` is called after each run.
    """
    # Looked at here, so that threads do not make them twice.
    _ = program.coupled, program.clock_names

    def one(i: int) -> Floats:
        number, of = int(numbers[i]), parameters[i]
        return run(program, seed=seed, run=number, parameters=of, record=False, sampler="coupled").answers

    def told(rows: Iterator[Floats]) -> Iterator[Floats]:
        for row in rows:
            if made is not None:
                made()
            yield row

    with ThreadPoolExecutor(jobs) as pool:
        found = list(told(pool.map(one, range(len(numbers)))))
    return np.array(found).reshape(len(numbers), len(program.model.questions))
