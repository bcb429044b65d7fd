"""The routes to an outcome: classes of runs that saw different events before it.

Latent class analysis (Goodman 1974, Biometrika 61:215, doi:10.1093/biomet/61.2.215): a mixture of
independent yes-or-no marks, fitted by expectation and maximisation (Dempster, Laird and Rubin 1977,
doi:10.1111/j.2517-6161.1977.tb01600.x), with the number of classes that has the least Bayesian information criterion
(Schwarz 1978, doi:10.1214/aos/1176344136). Where events come independently of each other there is one class.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

MOST_ROUTES = 3
STARTS = 8
ROUNDS = 200
EDGE = 1e-6
"""Shares are kept this far from 0 and 1, so that one run cannot rule a class out for ever."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of each run, (runs,), the largest class being 0; and how many classes there are."""

    of: NDArray[np.int64]
    count: int


def classes(marks: NDArray[np.bool_], *, seed: int) -> Classes:
    """Sort runs into at most three classes by their marks; `marks`: (runs, marks) bool."""
    runs, count = marks.shape
    one = Classes(np.zeros(runs, np.int64), 1)
    if count == 0 or runs < 2:
        return one
    x = marks.astype(np.float64)
    best, least = one, np.inf
    for k in range(1, MOST_ROUTES + 1):
        belief, likelihood = _fit(x, k, seed)
        criterion = (k * count + k - 1) * log(runs) - 2 * likelihood
        if criterion < least:
            of = belief.argmax(axis=1)
            sizes = np.bincount(of, minlength=k)
            order = np.argsort(-sizes, kind="stable")
            best, least = Classes(np.argsort(order, kind="stable")[of], int((sizes > 0).sum())), criterion
    return best


def _fit(x: Floats, k: int, seed: int) -> tuple[Floats, float]:
    """The best of several starts: how much each run belongs to each class, and the log likelihood."""
    generator = np.random.default_rng([seed, k])
    best, most = np.ones((len(x), k)) / k, -np.inf
    for _ in range(STARTS if k > 1 else 1):
        belief = generator.dirichlet(np.ones(k), len(x))
        likelihood = -np.inf
        for _ in range(ROUNDS):
            share = belief.mean(axis=0)
            each = np.clip(belief.T @ x / np.maximum(belief.sum(axis=0), EDGE)[:, None], EDGE, 1 - EDGE)
            joint = x @ np.log(each).T + (1 - x) @ np.log(1 - each).T + np.log(np.maximum(share, EDGE))
            top = joint.max(axis=1, keepdims=True)
            whole = top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True))
            belief = np.exp(joint - whole)
            before, likelihood = likelihood, float(whole.sum())
            if likelihood - before < 1e-8 * len(x):
                break
        if likelihood > most:
            best, most = belief, likelihood
    return best, most
