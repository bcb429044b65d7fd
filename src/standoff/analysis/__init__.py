"""What many runs say: answers to questions, words of probability, scores."""

from standoff.analysis.probability import Interval, median_interval, wilson
from standoff.analysis.questions import Answer, answer
from standoff.analysis.scores import Score, brier, log_score, score
from standoff.analysis.study import Answers, answers, keep_answers, run
from standoff.analysis.words import WORDS, spans, word

__all__ = [
    "WORDS",
    "Answer",
    "Answers",
    "Interval",
    "Score",
    "answer",
    "answers",
    "brier",
    "keep_answers",
    "log_score",
    "median_interval",
    "run",
    "score",
    "spans",
    "wilson",
    "word",
]
