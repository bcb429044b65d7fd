"""The compiled scenario: what the engine runs."""

from standoff.model.ground import ground
from standoff.model.tables import EVENT_COLUMNS, SERIES_COLUMNS, Model, RuleTable, SeriesColumn

__all__ = ["EVENT_COLUMNS", "SERIES_COLUMNS", "Model", "RuleTable", "SeriesColumn", "ground"]
