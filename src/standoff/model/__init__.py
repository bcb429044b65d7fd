"""The compiled scenario: what the engine runs."""

from standoff.model import code, elementwise
from standoff.model.content import content_digest
from standoff.model.graph import everything, readers
from standoff.model.grounding import ground
from standoff.model.holders import HolderReading
from standoff.model.leaves import Leaves
from standoff.model.slots import check_value, read_value, slot_of, unproved
from standoff.model.tables import (
    EVENT_COLUMNS,
    SERIES_COLUMNS,
    Dependents,
    Floats,
    Model,
    ParameterInfo,
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
    "RuleTable",
    "SeriesColumn",
    "Share",
    "check_value",
    "code",
    "content_digest",
    "elementwise",
    "everything",
    "ground",
    "read_value",
    "readers",
    "slot_of",
    "unproved",
]
