"""Chaining: whether a run of one date's scenario may end where the next date's begins, quantity by quantity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from standoff.model import Model, ground
from standoff.model.tables import StateTable
from standoff.scenario import Document, Scenario
from verification.theatre.asked import Asked
from verification.theatre.moments import Floats, Moments, on_day, reaching
from verification.theatre.table import Row, Section, met

LOW, HIGH = 0.05, 0.95
LEAST_SHARE = 0.05
"""The share of runs that must have what the next scenario begins with, where that is a name and no number."""
LEAST_FORCE = 0.5
"""Companies, or cells, below which a region has none."""
STARTS = 50
"""Starts of the next scenario: what it begins with may be drawn, and then its median counts."""
BOOKKEEPING = ("question", "goal", "claim")
"""Words whose states keep answers, and are no part of the world."""
ROLES = ("reach", "chosen", "awaited answers")
"""The roles of states that follow from others, or note what was last chosen or is under way."""
NOT_THE_WORLD = ("told", "worn", "drawn_to")
"""What is noted for the rules alone: who was last reported to hold a place, how far it is carried, how it tempted."""
COUNTED_ANEW = (
    "conceded", "us_dead", "us_hurt", "dead_answered", "strikes_without_death", "local_dead", "fired_before",
    "fired_in_syria", "first_attack", "first_answer", "fight_began",
)  # fmt: skip
"""Counts and days since a scenario's own start, which each scenario begins anew."""
SLACK = 0.01
"""The part of the band's width by which a start may miss it: what fades never quite reaches nought."""

TITLE = "Chaining: does the run from one date contain the start of the next?"
HOW = (
    "Each start quantity of the next scenario against the runs of the one before on that day. A number is in if it "
    "lies within the central 90 % of the runs, or misses it by 1 % of its width at most; a name (a holder, a stance, a "
    "truth) if 5 % of the runs have it. 'Moving' leaves out what no run changes: it agrees for it is written twice. "
    "Forces and cells are summed by province, where there are any. Where a start is drawn its median counts. Only "
    "states that both scenarios have are compared; how many is said. Counts since a scenario's own start are left out. "
    "A scenario that ends before the next begins is made longer."
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One start quantity: what the next scenario begins with, what the runs have, and whether they contain it."""

    kind: str
    name: str
    start: str
    runs: str
    inside: bool
    moves: bool


def number(kind: str, name: str, start: float, runs: Floats) -> Quantity:
    """A number, which is in if it lies in the central 90 % of the runs."""
    low, high = (float(np.quantile(runs, at, method="inverted_cdf")) for at in (LOW, HIGH))
    # A start is written with few figures, a run ends with many.
    slack = max(SLACK * (high - low), 1e-9 * max(1.0, abs(start)))
    inside = low - slack <= start <= high + slack
    moves = bool(np.ptp(runs) > 0.0)
    return Quantity(kind, name, f"{start:.3g}", f"{low:.3g} to {high:.3g}", inside, moves)


def word(kind: str, name: str, start: str, runs: list[str]) -> Quantity:
    """A name, which is in if enough runs have it."""
    share = runs.count(start) / len(runs)
    most = max(sorted(set(runs)), key=runs.count)
    said = f"{share:.0%} of runs; mostly {most}"
    return Quantity(kind, name, start, said, share >= LEAST_SHARE, len(set(runs)) > 1)


def quantities(before: Moments, start: Moments, document: Document) -> list[Quantity]:
    """What the next scenario (`document`) begins with beside the runs of the one before."""
    region = {name: place.province or f"rest of {place.country}" for name, place in document.places.items()}
    made: list[Quantity] = []
    for name in start.values:
        kinds, holds = before.states[name].kinds, before.states[name].holds
        if name in ("force", "cells") and kinds[-1] == "place" and holds == "number":
            made += _by_region(name, before, start, region)
        else:
            made += _by_member(name, before, start)
    return [*made, *_places_of_sides(before, start)]


def _of_the_world(state: StateTable) -> bool:
    origin = state.origin
    return state.name not in NOT_THE_WORLD and (
        origin is None or not (origin.word in BOOKKEEPING or origin.role in ROLES)
    )


def _shared(one: Model, other: Model) -> list[str]:
    """The states of the world that both models have in the same form."""
    forms = {state.name: (state.kinds, state.holds) for state in one.states if not state.hidden}
    there = (state for state in other.states if not state.hidden and _of_the_world(state))
    return [state.name for state in there if forms.get(state.name) == (state.kinds, state.holds)]


def _in_both(name: str, before: Moments, start: Moments) -> list[tuple[str, ...]]:
    theirs = set(start.members(name))
    return [members for members in before.members(name) if members in theirs]


def _by_member(name: str, before: Moments, start: Moments) -> Iterator[Quantity]:
    state = before.states[name]
    origin = state.origin
    kind = "holders" if name == "holder" else f"{origin.word}s" if origin is not None else "numbers"
    seen: dict[tuple[str, ...], tuple[str, str]] = {}
    for members in _in_both(name, before, start):
        label = f"{name}[{', '.join(members)}]" if members else name
        if state.labels is not None or state.holds == "truth":
            words = start.words(name, *members)
            yield word(kind, label, max(sorted(set(words)), key=words.count), before.words(name, *members))
            continue
        begins, runs = float(np.median(start.column(name, *members))), before.column(name, *members)
        if members and begins == 0.0 and not runs.any():
            continue
        made = number(kind, label, begins, runs)
        # A tie that holds both ways is one quantity.
        if seen.get(members[::-1]) != (made.start, made.runs):
            yield made
        seen[members] = (made.start, made.runs)


def _by_region(name: str, before: Moments, start: Moments, region: Mapping[str, str]) -> Iterator[Quantity]:
    sums: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for members in _in_both(name, before, start):
        sums.setdefault((*members[:-1], region[members[-1]]), []).append(members)
    for of, parts in sums.items():
        begins = float(np.median(_sum(start, name, parts)))
        runs = _sum(before, name, parts)
        if max(begins, float(np.quantile(runs, HIGH))) >= LEAST_FORCE:
            yield number("forces" if name == "force" else name, f"{name}[{', '.join(of)}]", begins, runs)


def _sum(moments: Moments, name: str, parts: Iterable[tuple[str, ...]]) -> Floats:
    total: Floats = np.sum([moments.column(name, *members) for members in parts], axis=0)
    return total


def _places_of_sides(before: Moments, start: Moments) -> Iterator[Quantity]:
    """How many places each holder has: the holders place by place may each be likely and together be unheard of."""
    if "holder" not in before.states or "holder" not in start.states:
        return
    places = _in_both("holder", before, start)
    begins, runs = (np.array([m.words("holder", *one) for one in places]) for m in (start, before))
    for side in sorted({*begins[:, 0], *runs.ravel()}):
        yield number("places of a side", str(side), float((begins[:, 0] == side).sum()), _count(runs, str(side)))


def _count(holders: NDArray[np.str_], side: str) -> Floats:
    counts: Floats = (holders == side).sum(axis=0).astype(np.float64)
    return counts


@dataclass(frozen=True, slots=True)
class Link:
    """Two scenarios, one after the other: their quantities, how many states the later has, and how many both have.

    `alike` is, for each run of the earlier, the share of places that have the holder they begin with in the later.
    """

    quantities: tuple[Quantity, ...]
    states: int
    shared: int
    alike: Floats


def linked(earlier: Scenario, later: Scenario, *, runs: int, seed: int) -> Link:
    """Compare the runs of one scenario with the start of the next."""
    begins = later.document.starts
    days = (begins - earlier.document.starts).days
    one, other = ground(reaching(earlier, begins + timedelta(days=1)).resolved), ground(later.resolved)
    shared = _shared(one, other)
    before = on_day(one, days, shared, runs=runs, seed=seed)
    start = on_day(other, 0.0, shared, runs=min(runs, STARTS), seed=seed)
    world = [state for state in other.states if not state.hidden and _of_the_world(state)]
    made = tuple(quantities(before, start, later.document))
    return Link(made, len(world), len(shared), _alike(before, start))


def _alike(before: Moments, start: Moments) -> Floats:
    if "holder" not in before.states or "holder" not in start.states:
        return np.zeros(0)
    places = _in_both("holder", before, start)
    same = [np.array(before.words("holder", *one)) == start.words("holder", *one)[0] for one in places]
    shares: Floats = np.mean(same, axis=0)
    return shares


def rows_of(name: str, link: Link) -> list[Row]:
    """A row for each kind of quantity, with what lies outside, one for all, and two that say what was compared."""
    made = link.quantities
    rows = []
    for kind in dict.fromkeys(one.kind for one in made):
        some = [one for one in made if one.kind == kind]
        rows.append(_counted(f"{name}: {kind}", some))
        rows += [Row(f"  {one.name}", f"starts {one.start}; runs {one.runs}") for one in some if not one.inside]
    rows.append(_counted(f"{name}: all", list(made)))
    rows.append(Row(f"{name}: states in both", f"{link.shared} of {link.states} states of the later scenario"))
    if len(link.alike):
        joint = f"mean {link.alike.mean():.0%}, most {link.alike.max():.0%} of places held as at the next start"
        rows.append(Row(f"{name}: holders together", joint))
    return rows


def _counted(label: str, some: list[Quantity]) -> Row:
    inside, moving = [one for one in some if one.inside], [one for one in some if one.moves]
    moved = sum(one.inside for one in moving)
    measured = (
        f"{len(inside)} of {len(some)} in ({len(inside) / max(1, len(some)):.0%}); moving: {moved} of {len(moving)}"
    )
    values = {"inside": len(inside), "of": len(some), "moving": len(moving), "moving_inside": moved}
    return Row(label, measured, "all in", met(holds=len(inside) == len(some)), values)


def section(asked: Asked) -> Section:
    """The section of the table."""
    rows: list[Row] = []
    for one, other in pairwise(asked.years):
        link = linked(asked.scenario(one), asked.scenario(other), runs=asked.runs, seed=asked.seed)
        rows += rows_of(f"{one} to {other}", link)
    if not rows:
        return Section("chaining", TITLE, skipped="fewer than two scenarios")
    return Section("chaining", TITLE, tuple(rows), (HOW,))
