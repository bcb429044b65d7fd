"""Many runs of one scenario, made in one way for every verb, and kept so that nothing finished is lost."""

from typing import TYPE_CHECKING

from standoff.doors import door
from standoff.ensemble.answers import (
    FEWEST_FOR_A_MEDIAN,
    FEWEST_SELECTED,
    Answer,
    Answers,
    Chance,
    DateAnswer,
    NoAnswer,
    NumberAnswer,
    Score,
    Selection,
    Spread,
    YesNoAnswer,
    labelled,
    median_is_bounded,
    selected,
    to_record,
)
from standoff.ensemble.answers_display import answer_tables, key_table, score_cell, source_range
from standoff.ensemble.batch import Batch, Piece, Way, answers_of, piece_size
from standoff.ensemble.commands import again, case_of, case_words, command
from standoff.ensemble.cut_short import Incomplete, folder_or_temporary
from standoff.ensemble.export import plain_text, write_csv
from standoff.ensemble.files import read_table, scan_tables
from standoff.ensemble.given import ParameterTable
from standoff.ensemble.manifest import (
    EventsEntry,
    ForecastEntry,
    GivenEntry,
    Manifest,
    ParameterEntry,
    Persistence,
    QuestionEntry,
    SeriesEntry,
)
from standoff.ensemble.places import free_folder, others_beside
from standoff.ensemble.plan import MOST_RUNS, Plan, Where
from standoff.ensemble.results import Ensemble
from standoff.ensemble.run import Progress, run_many
from standoff.ensemble.store import RunFolder
from standoff.ensemble.unchanged import known_runs, runs_in, unchanged_runs
from standoff.ensemble.workers import Job, each, on_threads

if TYPE_CHECKING:
    from standoff.ensemble import cluster

__all__ = [
    "FEWEST_FOR_A_MEDIAN",
    "FEWEST_SELECTED",
    "MOST_RUNS",
    "Answer",
    "Answers",
    "Batch",
    "Chance",
    "DateAnswer",
    "Ensemble",
    "EventsEntry",
    "ForecastEntry",
    "GivenEntry",
    "Incomplete",
    "Job",
    "Manifest",
    "NoAnswer",
    "NumberAnswer",
    "ParameterEntry",
    "ParameterTable",
    "Persistence",
    "Piece",
    "Plan",
    "Progress",
    "QuestionEntry",
    "RunFolder",
    "Score",
    "Selection",
    "SeriesEntry",
    "Spread",
    "Way",
    "Where",
    "YesNoAnswer",
    "again",
    "answer_tables",
    "answers_of",
    "case_of",
    "case_words",
    "cluster",
    "command",
    "each",
    "folder_or_temporary",
    "free_folder",
    "key_table",
    "known_runs",
    "labelled",
    "median_is_bounded",
    "on_threads",
    "others_beside",
    "piece_size",
    "plain_text",
    "read_table",
    "run_many",
    "runs_in",
    "scan_tables",
    "score_cell",
    "selected",
    "source_range",
    "to_record",
    "unchanged_runs",
    "write_csv",
]

if not TYPE_CHECKING:
    # Loaded only where runs are made elsewhere.
    __getattr__, __dir__ = door(__name__, {"cluster": ("cluster",)})
