"""What many runs say: answers to questions, words of probability, scores."""

from standoff.analysis.branch import Branched, Branching, branch
from standoff.analysis.compare import Comparison, QuestionDifference, SeriesDifference, compare, what_if
from standoff.analysis.differences import Difference, difference
from standoff.analysis.explain.explanation import explain
from standoff.analysis.explain.findings import Explanation, Pivotal
from standoff.analysis.probability import Interval, median_interval, wilson
from standoff.analysis.questions import Answer, answer
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
    "Explanation",
    "Index",
    "Interval",
    "Pivotal",
    "QuestionDifference",
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
    "explain",
    "keep_answers",
    "log_score",
    "median_interval",
    "run",
    "run_until",
    "score",
    "sense",
    "spans",
    "what_if",
    "wilson",
    "word",
]
