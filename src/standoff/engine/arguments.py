"""The arguments of the kernel, named where they are made and handed over by position.

There are more than sixty, and numba takes 3 µs longer for names; so what stays the same is put in order once.
"""

from __future__ import annotations

from inspect import signature
from typing import Any

from standoff.engine import kernel

_NAMES = tuple(signature(kernel.advance.py_func).parameters)


def in_order(before: tuple[Any, ...], **named: Any) -> tuple[Any, ...]:
    """The arguments so far and those that the kernel takes next; raises KeyError for others."""
    return (*before, *[named[name] for name in _NAMES[len(before) : len(before) + len(named)]])
