"""Figures as people read them, in the cells of tables."""

from __future__ import annotations

from typing import Any

from benchmarks.measuring import Document

Row = list[str]


def line(cells: Row) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def number(value: Any) -> str:
    """A figure, the median of a spread, or a dash."""
    if isinstance(value, dict):
        value = value["median"]
    return "–" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def both(value: Document | None) -> Row:
    """Median and spread as two cells."""
    if value is None:
        return ["–", ""]
    low, high = number(value["low"]), number(value["high"])
    return [number(value), low if low == high else f"{low} to {high}"]
