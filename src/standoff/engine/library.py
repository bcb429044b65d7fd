"""The C library, called directly: its mathematics, so that the kernel and its twin round alike, and its clock.

Python's own functions raise where C returns an infinity; NumPy's differ in the last digit.
"""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable


def _mathematics() -> ctypes.CDLL:
    try:
        # By the name that it has on every Linux with glibc: to look a library up starts other programs.
        return ctypes.CDLL("libm.so.6")
    except OSError:
        from ctypes.util import find_library

        return ctypes.CDLL(find_library("m") or None)


_library = _mathematics()


def _function(name: str, arguments: int) -> Callable[..., float]:
    function = getattr(_library, name)
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double] * arguments
    compiled: Callable[..., float] = function
    return compiled


exp = _function("exp", 1)
log = _function("log", 1)
power = _function("pow", 2)
sine = _function("sin", 1)
_fmod = _function("fmod", 2)

_library.time.restype, _library.time.argtypes = ctypes.c_int64, [ctypes.c_void_p]


def addresses() -> dict[str, int]:
    """Where each function lies in this process, by the name that compiled code calls it."""
    return {f"standoff_{name}": _address(name) for name in ("exp", "log", "pow", "sin", "fmod")}


def clock_address() -> int:
    """Where the function lies that tells the second of the system's clock; a call of it takes some 3 ns."""
    return _address("time")


def give_back_memory() -> None:
    """Give the system what was freed and is kept for later, where the C library can be asked to (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(ctypes.c_size_t(0))


def second() -> int:
    """The second that the system's clock shows."""
    return int(_library.time(None))


def _address(name: str) -> int:
    return int(ctypes.cast(getattr(_library, name), ctypes.c_void_p).value or 0)


def invalid() -> float:
    """What the processor makes of an invalid operation; its sign is not everywhere that of math.nan."""
    return math.inf - math.inf


def root(x: float) -> float:
    """The square root, not a number below 0."""
    if math.isnan(x):
        return x
    return math.sqrt(x) if x >= 0.0 else invalid()


def quotient(x: float, y: float) -> float:
    """X / y as IEEE 754 has it, also for y = 0."""
    if y != 0.0:
        return x / y
    if math.isnan(x):
        return x
    if x == 0.0:
        return invalid()
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def remainder(x: float, y: float) -> float:
    """What is left of x over the greatest whole multiple of y below it; it has the sign of y, also where it is 0."""
    rest = _fmod(x, y)
    if rest == 0.0:
        return math.copysign(0.0, y)
    return rest + y if (rest < 0.0) != (y < 0.0) else rest


def whole(x: float) -> float:
    """The greatest whole number not above x."""
    return float(math.floor(x)) if math.isfinite(x) and x != 0.0 else x
