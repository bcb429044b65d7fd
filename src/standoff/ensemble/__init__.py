"""Many runs of one scenario, kept so that nothing finished is lost."""

from standoff.ensemble.export import plain_text, write_csv
from standoff.ensemble.manifest import (
    EventsEntry,
    ForecastEntry,
    Manifest,
    ParameterEntry,
    Persistence,
    QuestionEntry,
    SeriesEntry,
)
from standoff.ensemble.places import free_folder, others_beside
from standoff.ensemble.results import Ensemble
from standoff.ensemble.run import Incomplete, Progress, run_many
from standoff.ensemble.store import RunFolder

__all__ = [
    "Ensemble",
    "EventsEntry",
    "ForecastEntry",
    "Incomplete",
    "Manifest",
    "ParameterEntry",
    "Persistence",
    "Progress",
    "QuestionEntry",
    "RunFolder",
    "SeriesEntry",
    "free_folder",
    "others_beside",
    "plain_text",
    "run_many",
    "write_csv",
]
