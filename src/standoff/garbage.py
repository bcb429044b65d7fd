"""What becomes of freed memory: what Python's garbage collector leaves alone, and where the C library keeps it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within this, or within a function that it decorates, nobody looks for garbage in cycles.

    For what builds trees that stay: looking for garbage in them takes a tenth to a half of the time.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def lasting() -> Iterator[None]:
    """As `uncollected`, for a command alone: what is there afterwards stays until the process ends."""
    with uncollected():
        yield
        leave_to_the_system()


def leave_to_the_system() -> None:
    """Nobody looks for garbage in what is there now, not even Python as it ends.

    That last look takes a twentieth of the time of a short command. What is to be removed at the end still is.
    """
    gc.freeze()


def one_store() -> None:
    """Have what is freed kept for all threads together, not by each: to be said before polars is loaded.

    Each thread that keeps its own costs tens of megabytes, and the few that we have do not wait for each other. The C
    library of Linux (glibc) is told by a call, that of polars (jemalloc) by its variable.
    """
    import ctypes

    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1")
    choose = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if choose is not None:
        choose(_MOST_ARENAS, 1)


_MOST_ARENAS = -8
"""M_ARENA_MAX of glibc's malloc.h."""
