"""Spread: how much of an answer's spread comes from chance, from each parameter and from the structure of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.spread.discovery import Box, DrawnTogether, Limit, boxes
    from standoff.analysis.spread.factors import Indices, first_indices, indices_of_levels
    from standoff.analysis.spread.resampling import Resamples
    from standoff.analysis.spread.sensitivity import Index, Sensitivity, Variant, Weight, coming, sense
    from standoff.analysis.spread.spread_display import share_words
    from standoff.analysis.spread.thirds import Contrast, Contrasts, by_thirds
    from standoff.analysis.spread.variance import Share, Split, Three, VariantMean, too_few, total_indices, variance_of

__all__ = [
    "Box",
    "Contrast",
    "Contrasts",
    "DrawnTogether",
    "Index",
    "Indices",
    "Limit",
    "Resamples",
    "Sensitivity",
    "Share",
    "Split",
    "Three",
    "Variant",
    "VariantMean",
    "Weight",
    "boxes",
    "by_thirds",
    "coming",
    "first_indices",
    "indices_of_levels",
    "sense",
    "share_words",
    "too_few",
    "total_indices",
    "variance_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "discovery": ("Box", "DrawnTogether", "Limit", "boxes"),
            "factors": ("Indices", "first_indices", "indices_of_levels"),
            "resampling": ("Resamples",),
            "sensitivity": ("Index", "Sensitivity", "Variant", "Weight", "coming", "sense"),
            "spread_display": ("share_words",),
            "thirds": ("Contrast", "Contrasts", "by_thirds"),
            "variance": ("Share", "Split", "Three", "VariantMean", "too_few", "total_indices", "variance_of"),
        },
    )
