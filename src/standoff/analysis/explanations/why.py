"""Why an answer is as it is, in at most three sentences: the usual way to a yes, and the event that matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from standoff.analysis.explanations.findings import Pivotal, Route, foremost
from standoff.numerals import percent, percent_with_interval

MARKS_TOLD = 2
"""So many events that mark a route stand in its sentence."""


def usual_way(routes: Sequence[Route]) -> str:
    """The route by which most yeses come about, by the events that tell it from the others; empty where none does."""
    usual = max(routes, key=lambda one: one.share, default=None)
    marks = [f"“{one.event}”" for one in usual.marks if one.here > one.elsewhere] if usual is not None else []
    if usual is None or not marks:
        return ""
    often = percent_with_interval(usual.share, usual.low, usual.high)
    through = " and ".join(marks[:MARKS_TOLD])
    return f"The usual way to a yes, taken by {often} of the runs that say yes, leads through {through}."


def turning_point(pivotal: Sequence[Pivotal]) -> str:
    """The event without which most yeses would be lost, and how often it comes; that none is, where none was found."""
    most = foremost(pivotal)
    return "No single event decides it." if most is None else " ".join(_of(most))


def _of(most: Pivotal) -> Iterator[str]:
    lost = percent_with_interval(most.share, most.low, most.high)
    undone = f"take it away, and {lost} of the runs that say yes would say no."
    if most.decisive:
        yield f"It turns on “{most.event}”: {undone}"
    else:
        yield f"No single event decides it; “{most.event}” matters most: {undone}"
    if most.tells and most.with_it is not None and most.without_it is not None:
        comes = percent(most.with_runs / (most.with_runs + most.without_runs))
        with_it, without = percent(most.with_it), percent(most.without_it)
        yield f"It comes in {comes} of all runs; {with_it} of these say yes, and {without} of the others."
