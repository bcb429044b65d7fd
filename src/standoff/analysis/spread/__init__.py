"""Spread: how much of an answer's spread comes from chance, from each parameter and from the structure of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.spread.discovery import Box, Limit, boxes
    from standoff.analysis.spread.sensitivity import Index, Sensitivity, Variant, Weight, sense
    from standoff.analysis.spread.variance import Share, Split, VariantMean

__all__ = [
    "Box",
    "Index",
    "Limit",
    "Sensitivity",
    "Share",
    "Split",
    "Variant",
    "VariantMean",
    "Weight",
    "boxes",
    "sense",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "discovery": ("Box", "Limit", "boxes"),
            "sensitivity": ("Index", "Sensitivity", "Variant", "Weight", "sense"),
            "variance": ("Share", "Split", "VariantMean"),
        },
    )
