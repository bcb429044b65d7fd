"""Doors of rooms that open what they offer when it is first asked for, so that a verb loads only what it needs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

# Any: each name has its own type.
Opened = Callable[[str], Any]
Listed = Callable[[], list[str]]


def door(room: str, files: Mapping[str, Iterable[str]]) -> tuple[Opened, Listed]:
    """The `__getattr__` and `__dir__` of a room's `__init__`: `files` are those of the room, each with what it gives.

    A file that gives its own name is offered as a whole. Type checkers read the imports below `TYPE_CHECKING` instead,
    and must not see this: a module with a `__getattr__` has every name for them, the misspelt ones too.
    """
    file_of = {name: file for file, names in files.items() for name in names}

    def opened(name: str) -> Any:  # Any: as above
        file = file_of.get(name)
        if file is None:
            raise AttributeError(f"module '{room}' has no attribute '{name}'")
        module = importlib.import_module(f"{room}.{file}")
        return module if file.split(".")[-1] == name else getattr(module, name)

    def listed() -> list[str]:
        return list(sys.modules[room].__all__)

    return opened, listed
