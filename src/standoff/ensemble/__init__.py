"""Many runs of one scenario, made in one way for every verb, and kept so that nothing finished is lost."""

from standoff.ensemble.batch import Batch, Way
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
from standoff.ensemble.plan import Plan, Where
from standoff.ensemble.results import Ensemble
from standoff.ensemble.run import Incomplete, Progress, run_many
from standoff.ensemble.store import RunFolder
from standoff.ensemble.workers import Job, each

__all__ = [
    "Batch",
    "Ensemble",
    "EventsEntry",
    "ForecastEntry",
    "Incomplete",
    "Job",
    "Manifest",
    "ParameterEntry",
    "Persistence",
    "Plan",
    "Progress",
    "QuestionEntry",
    "RunFolder",
    "SeriesEntry",
    "Way",
    "Where",
    "each",
    "free_folder",
    "others_beside",
    "plain_text",
    "run_many",
    "write_csv",
]
