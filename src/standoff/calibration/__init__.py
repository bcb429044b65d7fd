"""How right a model and the sources are: answers kept with their scores, and forecasts held against what happened."""

from standoff.calibration.forecasts import Bin, Forecasts, Judged, Standing, score_forecasts
from standoff.calibration.scores import Score, brier, log_score, score
from standoff.calibration.study import Answers, answers, keep_answers, kept, run

__all__ = [
    "Answers",
    "Bin",
    "Forecasts",
    "Judged",
    "Score",
    "Standing",
    "answers",
    "brier",
    "keep_answers",
    "kept",
    "log_score",
    "run",
    "score",
    "score_forecasts",
]
