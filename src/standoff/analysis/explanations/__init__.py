"""Explanations: why runs said yes or no, by the routes they took and by what would have changed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.explanations.because import turns, weight, why
    from standoff.analysis.explanations.explanation import explain
    from standoff.analysis.explanations.findings import Explanation, Named, Pivotal, foremost

__all__ = ["Explanation", "Named", "Pivotal", "explain", "foremost", "turns", "weight", "why"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "explanation": ("explain",),
            "findings": ("Explanation", "Named", "Pivotal", "foremost"),
            "because": ("turns", "weight", "why"),
        },
    )
