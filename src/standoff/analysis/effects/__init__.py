"""Effects: what a change does to the answers, in a what-if, in a branch, and in the claims of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.effects.branching import Branched, Branching, branch
    from standoff.analysis.effects.claims import ClaimFinding, Claims, RivalFinding, Selection, try_claims
    from standoff.analysis.effects.comparison import Comparison, QuestionDifference, SeriesDifference, compare, what_if
    from standoff.analysis.effects.differences import Difference, difference
    from standoff.analysis.effects.mechanisms import KnockOut, KnockOuts, Moved, knock_out

__all__ = [
    "Branched",
    "Branching",
    "ClaimFinding",
    "Claims",
    "Comparison",
    "Difference",
    "KnockOut",
    "KnockOuts",
    "Moved",
    "QuestionDifference",
    "RivalFinding",
    "Selection",
    "SeriesDifference",
    "branch",
    "compare",
    "difference",
    "knock_out",
    "try_claims",
    "what_if",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "branching": ("Branched", "Branching", "branch"),
            "claims": ("ClaimFinding", "Claims", "RivalFinding", "Selection", "try_claims"),
            "comparison": ("Comparison", "QuestionDifference", "SeriesDifference", "compare", "what_if"),
            "differences": ("Difference", "difference"),
            "mechanisms": ("KnockOut", "KnockOuts", "Moved", "knock_out"),
        },
    )
