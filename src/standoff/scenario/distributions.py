"""The distributions that an uncertain number can be drawn from."""

from __future__ import annotations

from typing import Literal

PriorKind = Literal[
    "fixed",
    "uniform",
    "loguniform",
    "normal",
    "lognormal",
    "triangular",
    "beta",
    "gamma",
    "exponential",
    "choice",
    "quantiles",
    "logquantiles",
]
