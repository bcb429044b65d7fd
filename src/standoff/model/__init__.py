"""The compiled scenario: what the engine runs."""

from standoff.model import code
from standoff.model.ground import ground
from standoff.model.tables import (
    EVENT_COLUMNS,
    SERIES_COLUMNS,
    Floats,
    Model,
    ParameterInfo,
    RuleTable,
    SeriesColumn,
)

__all__ = [
    "EVENT_COLUMNS",
    "SERIES_COLUMNS",
    "Floats",
    "Model",
    "ParameterInfo",
    "RuleTable",
    "SeriesColumn",
    "code",
    "ground",
]
