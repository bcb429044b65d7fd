"""Rarity: the probability of an answer that hardly any run gives, by splitting runs on their way to it."""

from standoff.analysis.rarity.estimation import Passed, Rare, rare

__all__ = ["Passed", "Rare", "rare"]
