"""What many runs say: answers to questions, words of probability, scores."""

from standoff.analysis.branch import Branched, Branching, branch
from standoff.analysis.compare import Comparison, QuestionDifference, SeriesDifference, compare, what_if
from standoff.analysis.differences import Difference, difference
from standoff.analysis.probability import Interval, median_interval, wilson
from standoff.analysis.questions import Answer, answer
from standoff.analysis.rare import Passed, Rare, rare
from standoff.analysis.scores import Score, brier, log_score, score
from standoff.analysis.sensitivity import Index, Sensitivity, Share, Split, sense
from standoff.analysis.study import Answers, answers, keep_answers, run
from standoff.analysis.until import run_until
from standoff.analysis.words import WORDS, spans, word

__all__ = [
    "WORDS",
    "Answer",
    "Answers",
    "Branched",
    "Branching",
    "Comparison",
    "Difference",
    "Index",
    "Interval",
    "Passed",
    "QuestionDifference",
    "Rare",
    "Score",
    "Sensitivity",
    "SeriesDifference",
    "Share",
    "Split",
    "answer",
    "answers",
    "branch",
    "brier",
    "compare",
    "difference",
    "keep_answers",
    "log_score",
    "median_interval",
    "rare",
    "run",
    "run_until",
    "score",
    "sense",
    "spans",
    "what_if",
    "wilson",
    "word",
]
