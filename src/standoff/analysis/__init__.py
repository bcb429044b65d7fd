"""What many runs say: the verbs of analysis; what they find is typed in the wing of each.

`answers` (questions, probabilities, deals), `effects` (what-ifs, branches, claims), `spread` (where the spread of an
answer comes from), `rarity` (answers that hardly a run gives), `explanations` (why runs said what they said).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.answers import answer, deals, deep_check, run_until
    from standoff.analysis.effects import branch, compare, knock_out, try_claims, what_if
    from standoff.analysis.explanations import explain
    from standoff.analysis.rarity import rare
    from standoff.analysis.spread import boxes, sense

__all__ = [
    "answer",
    "boxes",
    "branch",
    "compare",
    "deals",
    "deep_check",
    "explain",
    "knock_out",
    "rare",
    "run_until",
    "sense",
    "try_claims",
    "what_if",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "answers": ("answer", "deals", "deep_check", "run_until"),
            "effects": ("branch", "compare", "knock_out", "try_claims", "what_if"),
            "explanations": ("explain",),
            "rarity": ("rare",),
            "spread": ("boxes", "sense"),
        },
    )
