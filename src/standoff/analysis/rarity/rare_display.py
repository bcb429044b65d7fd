"""How likely a rare outcome is, as readers see it."""

from __future__ import annotations

from statistics import stdev
from typing import TYPE_CHECKING

from standoff.display import Display, Note, Row, Table, columns
from standoff.numerals import figure, many, with_seed

if TYPE_CHECKING:
    from standoff.analysis.rarity.estimation import Rare


def rare_display(made: Rare) -> Display:
    """The probability of a rare outcome, how it was reached, and what would make the estimate better."""
    replicates = f"{many(made.replicates, 'replicate')} of {many(made.particles, 'particle')}"
    about = f"{made.scenario}: {with_seed(replicates, 'coupled', made.seed)}, {many(made.firings, 'firing')}"
    parts: list[Table | Note] = []
    if made.runs_if_plain is not None:
        parts.append(Note(f"An equally narrow interval would take {figure(made.runs_if_plain)} plain runs."))
    how = "declared" if made.declared else "taken from its condition"
    parts.append(Note(f"How close a run is to a yes ({how}): {made.importance}"))
    if made.levels:
        parts.append(_levels(made))
    advice = _advice(made)
    if advice:
        parts.append(Note(advice))
    interval = f"95% interval {figure(made.low)} to {figure(made.high)}"
    sentence = f"“{made.ask}” The probability of a yes is {figure(made.estimate)} ({interval})."
    return Display(sentence, about, tuple(parts))


def _levels(made: Rare) -> Table:
    heads = ("height above", "share that passes", "probability")
    rows, reached = [], 1.0
    for one in made.levels:
        reached *= one.share
        rows.append(Row((figure(one.level), figure(one.share), figure(reached))))
    return Table(columns(*heads, number=heads), tuple(rows), "Levels passed")


def _advice(made: Rare) -> str:
    """What would make the estimate better, where it is poor."""
    if made.estimate < 0.1 and len(made.levels) < 2:
        return "There are few heights between no and yes, so splitting gains little; add `levels` to the question."
    remedy = "try more --particles, better `levels`, or parameters fixed by --set"
    if made.zero:
        return f"{made.zero} of {many(made.replicates, 'replicate')} never reached a yes; {remedy}."
    if stdev(made.estimates) > made.estimate:
        return f"The replicates vary by more than their mean, so the interval is rough; {remedy}."
    return ""
