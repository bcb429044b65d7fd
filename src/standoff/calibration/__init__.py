"""How right a model and the sources are: answers kept with their scores, and forecasts held against what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.calibration.briefing import Brief, Told, brief_of
    from standoff.calibration.direction import Leaning, in_words, sign_test
    from standoff.calibration.forecasts import Bin, Forecasts, Judged, Standing, Unscored, score_forecasts
    from standoff.calibration.hindsight import by_kind
    from standoff.calibration.reasons import Range, Reasons, WhatIf, contrasts_of, reasons_of
    from standoff.calibration.scores import brier, log_score, score, source
    from standoff.calibration.study import answers, keep_answers, kept, run

__all__ = [
    "Bin",
    "Brief",
    "Forecasts",
    "Judged",
    "Leaning",
    "Range",
    "Reasons",
    "Standing",
    "Told",
    "Unscored",
    "WhatIf",
    "answers",
    "brief_of",
    "brier",
    "by_kind",
    "contrasts_of",
    "in_words",
    "keep_answers",
    "kept",
    "log_score",
    "reasons_of",
    "run",
    "score",
    "score_forecasts",
    "sign_test",
    "source",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "briefing": ("Brief", "Told", "brief_of"),
            "direction": ("Leaning", "in_words", "sign_test"),
            "forecasts": ("Bin", "Forecasts", "Judged", "Standing", "Unscored", "score_forecasts"),
            "hindsight": ("by_kind",),
            "reasons": ("Range", "Reasons", "WhatIf", "contrasts_of", "reasons_of"),
            "scores": ("brier", "log_score", "score", "source"),
            "study": ("answers", "keep_answers", "kept", "run"),
        },
    )
