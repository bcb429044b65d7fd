"""The compiled scenario: what the engine runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.model import code, elementwise
    from standoff.model.content import content_digest
    from standoff.model.deciders import deciders_of
    from standoff.model.graph import everything, readers
    from standoff.model.grounding import ground
    from standoff.model.holders import HolderReading
    from standoff.model.keeping import grounded
    from standoff.model.leaves import Leaves
    from standoff.model.slots import check_value, name_at, named_in, read_value, slot_of, unproved
    from standoff.model.tables import (
        EVENT_COLUMNS,
        SERIES_COLUMNS,
        Dependents,
        Floats,
        Model,
        ParameterInfo,
        QuestionInfo,
        RuleTable,
        SeriesColumn,
        Share,
    )

__all__ = [
    "EVENT_COLUMNS",
    "SERIES_COLUMNS",
    "Dependents",
    "Floats",
    "HolderReading",
    "Leaves",
    "Model",
    "ParameterInfo",
    "QuestionInfo",
    "RuleTable",
    "SeriesColumn",
    "Share",
    "check_value",
    "code",
    "content_digest",
    "deciders_of",
    "elementwise",
    "everything",
    "ground",
    "grounded",
    "name_at",
    "named_in",
    "read_value",
    "readers",
    "slot_of",
    "unproved",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "code": ("code",),
            "content": ("content_digest",),
            "deciders": ("deciders_of",),
            "elementwise": ("elementwise",),
            "graph": ("everything", "readers"),
            "grounding": ("ground",),
            "holders": ("HolderReading",),
            "keeping": ("grounded",),
            "leaves": ("Leaves",),
            "slots": ("check_value", "name_at", "named_in", "read_value", "slot_of", "unproved"),
            "tables": (
                "EVENT_COLUMNS",
                "SERIES_COLUMNS",
                "Dependents",
                "Floats",
                "Model",
                "ParameterInfo",
                "QuestionInfo",
                "RuleTable",
                "SeriesColumn",
                "Share",
            ),
        },
    )
