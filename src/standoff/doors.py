"""Doors of rooms that open what they offer when it is first asked for, so that a verb loads only what it needs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def door(room: str, files: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:  # Any: each name has its own type
    """The `__getattr__` of a room's `__init__`: `files` are those of the room, each with the names it gives.

    A file that gives its own name is offered as a whole. Type checkers read the imports below `TYPE_CHECKING` instead.
    """
    file_of = {name: file for file, names in files.items() for name in names}

    def opened(name: str) -> Any:  # Any: each name has its own type
        file = file_of.get(name)
        if file is None:
            raise AttributeError(f"module '{room}' has no attribute '{name}'")
        module = importlib.import_module(f"{room}.{file}")
        return module if file.split(".")[-1] == name else getattr(module, name)

    return opened
