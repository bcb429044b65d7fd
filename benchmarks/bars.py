"""The bars that this engine is held to, and whether a document of figures meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measuring import Document
from benchmarks.workloads import BUNDLED

FLAT = 1.05
"""A peak of memory that grows by less from 10 runs to 200 is called flat."""


@dataclass(frozen=True)
class Bar:
    """One promise: what is measured, where it stands in the document, its limit, and what is aimed at."""

    what: str
    where: tuple[str, ...]
    limit: float
    aim: float | None = None
    at_least: bool = False

    def held(self, document: Document) -> Document:
        """The bar with what was measured; `met` is null where nothing was."""
        measured = found(document, self.where)
        row = {**asdict(self), "where": "/".join(self.where), "measured": measured}
        return {**row, "met": self.passed(measured, self.limit), "aim_met": self.passed(measured, self.aim)}

    def passed(self, measured: float | None, limit: float | None) -> bool | None:
        """Whether a figure keeps a limit."""
        if measured is None or limit is None:
            return None
        return measured >= limit if self.at_least else measured <= limit


def found(document: Document, where: tuple[str, ...]) -> float | None:
    """The number at a place of the document; of a spread its median; None where there is none."""
    at: Any = document
    for step in where:
        if isinstance(at, list):
            at = next((one for one in at if one.get("workload") == step), None)
        elif isinstance(at, dict):
            at = at.get(step)
        else:
            return None
    if isinstance(at, dict):
        at = at.get("median")
    return float(at) if isinstance(at, int | float) else None


def sampled(key: str, sampler: str, *rest: str) -> tuple[str, ...]:
    """Where the document holds a figure of a sampler on a workload."""
    return ("workloads", key, "samplers", sampler, *rest)


def bars() -> Iterator[Bar]:
    """All of them."""
    for key in ("w1-60", "w2-60"):
        yield Bar(f"direct, {key}: ratio to the floor", sampled(key, "direct", "ratio_to_floor"), 1.5, 1.0)
    for key in ("w1-600", "w2-600"):
        yield Bar(f"direct, {key}: ratio to the floor", sampled(key, "direct", "ratio_to_floor"), 1.0, 0.5)
    yield Bar("direct: growth of ns per event, 304 to 28,816 rules", ("scaling", "direct", "growth"), 4.0, 2.1)
    for way, floor in (("guarded", "the floor of plain ones"), ("tangled", "the same rates in C")):
        where = sampled(f"w1-60-{way}", "direct", "ratio_to_floor")
        yield Bar(f"direct, {way} rates: ratio to {floor}", where, 2.5)
    for key in ("w1-60", "w2-60"):
        yield Bar(f"coupled, {key}: ratio to the floor", sampled(key, "coupled", "ratio_to_floor"), 8.0, 4.0)
    rivals = (("w1-60", "gillespy2", 12.0), ("w1-60", "run_network", 40.0), ("h12", "tick", 4.0))
    for key, rival, times in rivals:
        where = sampled(key, "direct", "times_ahead_of", rival)
        yield Bar(f"direct, {key}: times ahead of {rival}", where, times, at_least=True)
    yield Bar("two workers: times as fast as one", ("workers", "times_as_fast"), 1.8, at_least=True)
    yield Bar("two workers: same bytes (1 is yes)", ("workers", "same_bytes"), 1.0, at_least=True)
    yield Bar("load and compile w1-60, nothing kept: seconds", ("loading", "w1-60", "cold", "total_seconds"), 0.5)
    yield Bar("load and compile w1-600, nothing kept: seconds", ("loading", "w1-600", "cold", "total_seconds"), 3.0)
    starts = {"one_run_of_w1_60": "one run of w1-60", f"standoff_run_{BUNDLED}": f"the command on {BUNDLED}"}
    for name, what in starts.items():
        yield Bar(f"{what}, first ever on a machine: seconds", ("start_up", name, "first_ever_seconds"), 10.0)
        yield Bar(f"{what}, later: seconds from process start", ("start_up", name, "later_seconds"), 1.5)
    yield Bar("28,816 rules: peak memory of many runs, megabytes", ("memory", "many_runs"), 400.0)
    yield Bar("28,816 rules: peak of many runs over that of 10", ("memory", "growth"), FLAT)


def judged(document: Document) -> list[Document]:
    """Every bar with what the document shows."""
    return [bar.held(document) for bar in bars()]
