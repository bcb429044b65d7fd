"""Effects: what a change does to the answers, in a what-if, in a branch, and in the claims of sources."""

from standoff.analysis.effects.branching import Branched, Branching, branch
from standoff.analysis.effects.claims import ClaimFinding, Claims, Selection, try_claims
from standoff.analysis.effects.comparison import Comparison, QuestionDifference, SeriesDifference, compare, what_if
from standoff.analysis.effects.differences import Difference, difference

__all__ = [
    "Branched",
    "Branching",
    "ClaimFinding",
    "Claims",
    "Comparison",
    "Difference",
    "QuestionDifference",
    "Selection",
    "SeriesDifference",
    "branch",
    "compare",
    "difference",
    "try_claims",
    "what_if",
]
