"""What Python's garbage collector is kept from looking through: large trees, and all that a command leaves behind."""

from __future__ import annotations

import gc
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
