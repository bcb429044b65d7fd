"""Words of estimative probability, as analysts of the United States must use them (ICD 203, 2015, section 6e).

The directive gives ranges that share their ends and leave out what is below 1% and above 99%. Here a shared end
belongs to the word further from even, except that `roughly even chance` has both of its own ends; so the word for
1 - p always mirrors the word for p. The outermost words reach to 0 and 1: a model that says 0.002 says so in figures,
and the figures always stand beside the word.
"""

from __future__ import annotations

WORDS = (
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
)
"""From the lowest probability to the highest."""

BOUNDS = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95)
"""Where one word ends and the next begins."""


def word(probability: float) -> str:
    """The word for a probability."""
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    if probability <= BOUNDS[0]:
        return WORDS[0]
    if probability <= BOUNDS[1]:
        return WORDS[1]
    if probability < BOUNDS[2]:
        return WORDS[2]
    if probability <= BOUNDS[3]:
        return WORDS[3]
    if probability < BOUNDS[4]:
        return WORDS[4]
    if probability < BOUNDS[5]:
        return WORDS[5]
    return WORDS[6]


def spans(low: float, high: float) -> bool:
    """Whether an interval reaches over more than one word, so that more runs could change the word."""
    return word(low) != word(high)
