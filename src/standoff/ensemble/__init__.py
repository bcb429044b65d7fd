"""Many runs of one scenario, kept so that nothing finished is lost."""

from standoff.ensemble.answers import (
    FEWEST_FOR_A_MEDIAN,
    Answer,
    Answers,
    Chance,
    DateAnswer,
    NumberAnswer,
    Score,
    Spread,
    YesNoAnswer,
    median_is_bounded,
    to_record,
)
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
from standoff.ensemble.run import MOST_RUNS, Incomplete, Progress, run_many
from standoff.ensemble.store import RunFolder

__all__ = [
    "FEWEST_FOR_A_MEDIAN",
    "MOST_RUNS",
    "Answer",
    "Answers",
    "Chance",
    "DateAnswer",
    "Ensemble",
    "EventsEntry",
    "ForecastEntry",
    "Incomplete",
    "Manifest",
    "NumberAnswer",
    "ParameterEntry",
    "Persistence",
    "Progress",
    "QuestionEntry",
    "RunFolder",
    "Score",
    "SeriesEntry",
    "Spread",
    "YesNoAnswer",
    "free_folder",
    "median_is_bounded",
    "others_beside",
    "plain_text",
    "run_many",
    "to_record",
    "write_csv",
]
