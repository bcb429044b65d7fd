"""What many runs say: answers to questions, words of probability, scores."""

from standoff.analysis.boxes import Box, Limit, boxes
from standoff.analysis.branch import Branched, Branching, branch
from standoff.analysis.claims import ClaimFinding, Claims, Selection, try_claims
from standoff.analysis.compare import Comparison, QuestionDifference, SeriesDifference, compare, what_if
from standoff.analysis.deals import DealGains, Deals, Gain, PartyGains, Portion, deals
from standoff.analysis.differences import Difference, difference
from standoff.analysis.explain.explanation import explain
from standoff.analysis.explain.findings import Explanation, Pivotal
from standoff.analysis.forecasts import Bin, Forecasts, Judged, Standing, score_forecasts
from standoff.analysis.probability import Interval, median_interval, wilson
from standoff.analysis.questions import Answer, answer
from standoff.analysis.rare import Passed, Rare, rare
from standoff.analysis.scores import Score, brier, log_score, score
from standoff.analysis.sensitivity import Index, Sensitivity, Variant, Weight, sense
from standoff.analysis.study import Answers, answers, keep_answers, run
from standoff.analysis.until import Widest, run_until
from standoff.analysis.variance import Share, Split, VariantMean
from standoff.analysis.words import WORDS, spans, word

__all__ = [
    "WORDS",
    "Answer",
    "Answers",
    "Bin",
    "Box",
    "Branched",
    "Branching",
    "ClaimFinding",
    "Claims",
    "Comparison",
    "DealGains",
    "Deals",
    "Difference",
    "Explanation",
    "Forecasts",
    "Gain",
    "Index",
    "Interval",
    "Judged",
    "Limit",
    "PartyGains",
    "Passed",
    "Pivotal",
    "Portion",
    "QuestionDifference",
    "Rare",
    "Score",
    "Selection",
    "Sensitivity",
    "SeriesDifference",
    "Share",
    "Split",
    "Standing",
    "Variant",
    "VariantMean",
    "Weight",
    "Widest",
    "answer",
    "answers",
    "boxes",
    "branch",
    "brier",
    "compare",
    "deals",
    "difference",
    "explain",
    "keep_answers",
    "log_score",
    "median_interval",
    "rare",
    "run",
    "run_until",
    "score",
    "score_forecasts",
    "sense",
    "spans",
    "try_claims",
    "what_if",
    "wilson",
    "word",
]
