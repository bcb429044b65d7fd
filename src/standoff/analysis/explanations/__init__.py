"""Explanations: why runs said yes or no, by the routes they took and by what would have changed them."""

from standoff.analysis.explanations.explanation import explain
from standoff.analysis.explanations.findings import Explanation, Named, Pivotal

__all__ = ["Explanation", "Named", "Pivotal", "explain"]
