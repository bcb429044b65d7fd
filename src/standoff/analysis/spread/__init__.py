"""Spread: how much of an answer's spread comes from chance, from each parameter and from the structure of the model."""

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
