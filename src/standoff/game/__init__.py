"""A game: one run that people decide in, kept as a ledger of what they said and replayed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.game.knowledge import Knowledge, SeenEvent, SeenValue, View
    from standoff.game.ledger import Header, Ledger, Row
    from standoff.game.luck import Chance, odds
    from standoff.game.playing import Asked, Game, Outcome
    from standoff.game.table import Choice, Table, turn_order

__all__ = [
    "Asked", "Chance", "Choice", "Game", "Header", "Knowledge", "Ledger", "Outcome", "Row", "SeenEvent", "SeenValue",
    "Table", "View", "odds", "turn_order",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "knowledge": ("Knowledge", "SeenEvent", "SeenValue", "View"),
            "ledger": ("Header", "Ledger", "Row"),
            "luck": ("Chance", "odds"),
            "playing": ("Asked", "Game", "Outcome"),
            "table": ("Choice", "Table", "turn_order"),
        },
    )
