"""What is measured: each workload as a scenario in the language, as tables for the floor, and what it should show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmarks import epidemic
from benchmarks.contested_border import Border
from benchmarks.floor import Floor, Law, RunsInC, StructuredFloor
from benchmarks.hawkes import Hawkes

BUNDLED = "eastern-syria-2017"


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    `text` is the scenario, or `bundled` names it; `law` is the same for the floor, and `plain_law`, where given, the
    same law put more simply. `totals` are the sums over the final state by which two sides are seen to run one law.
    """

    key: str
    title: str
    text: str = ""
    bundled: str = ""
    law: Law | None = None
    plain_law: Law | None = None
    totals: dict[str, slice] = field(default_factory=dict)
    border: Border | None = None
    hawkes: Hawkes | None = None

    def floors(self) -> dict[str, RunsInC]:
        """The floors of this workload: the generic one, and others that are quoted beside it."""
        found: dict[str, RunsInC] = {}
        if self.law is not None:
            found["floor"] = Floor(self.law)
        if self.plain_law is not None:
            found["plain"] = Floor(self.plain_law)
        if self.border is not None and self.border.written == "plain":
            near = np.array([self.border.near(place) for place in range(self.border.places)], np.int32)
            found["structured"] = StructuredFloor(self.border.law(), self.border.places, near)
        return found


def border(places: int, *, memory: bool = False, written: str = "plain") -> Workload:
    """The contested border as a workload."""
    made = Border(places, memory, written)
    key = f"w{2 if memory else 1}-{places}" + ("" if written == "plain" else f"-{written}")
    plain = Border(places, memory).law() if written == "tangled" else None
    return Workload(
        key, made.name, made.scenario(), law=made.law(), plain_law=plain, totals=made.totals(), border=made
    )  # fmt: skip


def hawkes(made: Hawkes, key: str, title: str) -> Workload:
    """A Hawkes process as a workload."""
    return Workload(key, title, made.scenario(), law=made.law(), totals=made.totals(), hawkes=made)


WORKLOADS: dict[str, Callable[[], Workload]] = {
    **{f"w1-{places}": partial(border, places) for places in (6, 60, 600)},
    **{f"w2-{places}": partial(border, places, memory=True) for places in (6, 60, 600)},
    **{f"w1-60-{written}": partial(border, 60, written=written) for written in ("guarded", "tangled")},
    "sir": partial(
        Workload, "sir", "SIR, 1000 people", epidemic.SCENARIO, law=epidemic.law(), totals=epidemic.TOTALS
    ),
    "h12": partial(hawkes, Hawkes(), "h12", "H12, pure Hawkes"),
    "h1": partial(hawkes, Hawkes(alone=True), "h1", "H1, branching 0.9"),
    BUNDLED: partial(Workload, BUNDLED, BUNDLED, bundled=BUNDLED),
}
"""What makes each of them, by key; a large one takes a second to make."""


def workload(key: str) -> Workload:
    """One of them."""
    return WORKLOADS[key]()
