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


def _for_arrays(plain: Callable[..., float], careful: Callable[..., float]) -> Callable[..., Floats]:
    """A function of arrays from Python's own, which raises, and from one that gives what C gives where that raises."""

    def apply(*of: ArrayLike) -> Floats:
        arrays = np.broadcast_arrays(*of) if len(of) > 1 else [np.asarray(of[0])]
        numbers = [array.ravel().tolist() for array in arrays]
        try:
            values = list(map(plain, *numbers))
        except (ValueError, OverflowError):
            values = list(map(careful, *numbers))
        return np.array(values, dtype=np.float64).reshape(arrays[0].shape)

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


exp, expm1 = _for_arrays(math.exp, _exp), _for_arrays(math.expm1, _expm1)
log, log1p = _for_arrays(math.log, _log), _for_arrays(math.log1p, _log1p)
sin, cos, arcsin = _for_arrays(math.sin, _sin), _for_arrays(math.cos, _cos), _for_arrays(math.asin, _arcsin)
power = _for_arrays(math.pow, _power)
