"""What an editor asks while a scenario is being written: faults, meanings, completions, new names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.editor.server import serve

__all__ = ["serve"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(__name__, {"server": ("serve",)})
