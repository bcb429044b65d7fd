"""Functions of numbers for whole arrays, with the bits that the C library gives for each number.

NumPy's own differ in the last digit from one processor to the next: with AVX-512, 5 % of exponentials and 8 % of
arcsines do. What decides the bytes of runs therefore takes these. NumPy rounds sums, products, quotients and square
roots alike everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def _for_arrays(function: Callable[..., float], arguments: int) -> Callable[..., Floats]:
    each = np.frompyfunc(function, arguments, 1)

    def apply(*of: ArrayLike) -> Floats:
        with np.errstate(all="ignore"):
            return np.asarray(each(*of), dtype=np.float64)

    return apply


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _expm1(x: float) -> float:
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


def _log1p(x: float) -> float:
    if x > -1.0:
        return math.log1p(x)
    return -math.inf if x == -1.0 else math.nan


def _sin(x: float) -> float:
    return math.sin(x) if math.isfinite(x) else math.nan


def _cos(x: float) -> float:
    return math.cos(x) if math.isfinite(x) else math.nan


def _arcsin(x: float) -> float:
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan


def _power(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        # Infinite or not a number: there is no last digit to differ in.
        with np.errstate(all="ignore"):
            return float(np.power(np.float64(x), np.float64(y)))


exp, expm1, log, log1p = (_for_arrays(function, 1) for function in (_exp, _expm1, _log, _log1p))
sin, cos, arcsin = (_for_arrays(function, 1) for function in (_sin, _cos, _arcsin))
power = _for_arrays(_power, 2)
