"""Rarity: the probability of an answer that hardly any run gives, by splitting runs on their way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.rarity.estimation import Passed, Rare, rare

__all__ = ["Passed", "Rare", "rare"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "estimation": ("Passed", "Rare", "rare"),
        },
    )
