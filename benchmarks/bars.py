"""The bars that this program is held to, and whether what was measured keeps them.

A bar is met only by a figure that was measured: what is missing is absent, with the reason, and never met.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from benchmarks import ensemble, memory, verbs, what_ifs
from benchmarks.before import COMMIT
from benchmarks.kept import Results
from benchmarks.measuring import Document
from benchmarks.waits import WAITS
from benchmarks.workloads import BUNDLED
from standoff.scenario import bundled

MET, MISSED, ABSENT = "met", "MISSED", "absent"


@dataclass(frozen=True)
class Bar:
    """One promise: what is measured, in which piece of which part, where in its figures, and the limit."""

    what: str
    part: str
    piece: str
    where: tuple[str, ...]
    limit: float
    at_least: bool = False

    def held(self, results: Results) -> Document:
        """The bar with what was measured, at which commit, and how it stands; what is shown beside it, if anything."""
        row: Document = {
            "bar": self.what,
            "limit": self.limit,
            "at_least": self.at_least,
            "measured_in": f"{self.part}/{self.piece}",
            "commit": None,
            "measured": None,
            "beside": "",
            "why": "",
        }
        made = results.get(self.part, {}).get(self.piece)
        if made is None:
            return {**row, "status": ABSENT, "why": f"{self.part}/{self.piece} was not measured"}
        row["commit"] = made["commit"]
        if "figures" not in made:
            return {**row, "status": ABSENT, "why": made["absent"]}
        figure, around = at(made["figures"], self.where), at(made["figures"], self.where[:-1])
        spread = figure if isinstance(figure, dict) else {"median": figure, "low": figure, "high": figure}
        if not isinstance(spread["median"], int | float):
            return {**row, "status": ABSENT, "why": self.excuse(made["figures"])}
        kept = spread["median"] >= self.limit if self.at_least else spread["median"] <= self.limit
        beside = around.get("beside", "") if isinstance(around, dict) else ""
        return {**row, "measured": spread, "beside": beside, "status": MET if kept else MISSED}

    def excuse(self, figures: Document) -> str:
        """Why a piece that was measured does not hold this figure: what its rival says, if it is about a rival."""
        rival = at(figures, ("rivals", self.where[-1]))
        return str(rival["why"]) if isinstance(rival, dict) and "why" in rival else f"no {'/'.join(self.where)} there"


def at(figures: Document, where: tuple[str, ...]) -> object:
    """What stands at a place of some figures, or None."""
    found: object = figures
    for step in where:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def bars() -> Iterator[Bar]:
    """All of them."""
    for piece, wait in WAITS.items():
        for when, limit, words in (("again", wait.again, "run before"), ("first_ever", wait.first_ever, "first ever")):
            if limit is not None:
                yield Bar(f"`{wait.what}`, {words}: times I", "waits", piece, (when, "ratio"), limit)
    yield from of_ensembles()
    limit = verbs.SHARE_OF_BEFORE
    yield Bar(f"`standoff claims {BUNDLED}`: share of {COMMIT}'s time", "verbs", "claims", ("share_of_before",), limit)
    yield from of_the_loop()
    for what in what_ifs.SMALL:
        where = ("median_ratios", what)
        yield Bar(f"what if {what}: runs saved by pairs", "what-ifs", BUNDLED, where, what_ifs.AIM, at_least=True)


def of_ensembles() -> Iterator[Bar]:
    """Time, workers and memory of many runs."""
    for name in bundled("theatre"):
        what = f"{ensemble.RUNS:,} runs of {name}: time over 2.5 kernel / cores + 3 I"
        yield Bar(what, "ensemble", name, ("of_what_is_allowed",), 1.0)
    for key in ensemble.SHARED:
        two = partial(Bar, part="ensemble", piece=f"workers-{key}", at_least=True)
        what = f"{ensemble.RUNS:,} runs of {key}, two workers"
        yield two(f"{what}: times as fast as one", where=("times_as_fast",), limit=ensemble.TIMES_AS_FAST)
        yield two(f"{what}: same bytes (1 is yes)", where=("same_bytes",), limit=1.0)
    few, many = str(memory.FEW), str(memory.LARGE_RUNS)
    for whose, key in (("the command", "command_megabytes"), ("with its workers", "together_megabytes")):
        what = f"{memory.FEW:,} runs of {BUNDLED}: megabytes, {whose}"
        yield Bar(what, "memory", BUNDLED, ("peaks", few, key), memory.LIMIT)
    for number in (memory.MANY, memory.VERY_MANY):
        what = f"the README's scenario: memory of {number:,} runs over that of {memory.FEW:,}"
        yield Bar(what, "memory", "small", ("growth", str(number)), memory.FLAT)
    of, where = "28,816 ground rules, a full year", ("peaks", many, "command_megabytes")
    yield Bar(f"{of}: megabytes of 200 runs", "memory", memory.LARGE, where, memory.LARGE_LIMIT)
    yield Bar(f"{of}: memory of 200 runs over that of 10", "memory", memory.LARGE, ("growth", many), memory.FLAT)


def of_the_loop() -> Iterator[Bar]:
    """Ratios to the floors in C and to rivals, growth with the network, and loading."""
    ratios = (
        ("w1-60", "direct", 0.75), ("w2-60", "direct", 0.75), ("w1-600", "direct", 0.25), ("w2-600", "direct", 0.25),
        ("w1-60-guarded", "direct", 1.3), ("w1-60-tangled", "direct", 1.3),
        ("w1-60", "coupled", 3.0), ("w2-60", "coupled", 3.0),
    )  # fmt: skip
    for key, sampler, limit in ratios:
        what, where = f"{sampler}, {key}: time over the floor's in C", ("samplers", sampler, "ratio_to_floor")
        yield Bar(what, "loop", key, where, limit)
    rivals = (("sir", "gillespy2", 1.5), ("h1", "tick", 1.3), ("h12", "tick", 4.0), ("w1-60", "gillespy2", 12.0),
              ("w1-60", "run_network", 40.0))  # fmt: skip
    for key, rival, times in rivals:
        ahead = ("samplers", "direct", "times_ahead_of", rival)
        yield Bar(f"direct, {key}: times as fast as {rival}", "loop", key, ahead, times, at_least=True)
    yield Bar("direct: growth of ns per event, 304 to 28,816 rules", "scaling", "w1", ("direct", "growth"), 2.1)
    for key, seconds in (("w1-60", 0.5), ("w1-600", 3.0)):
        steps = ("nothing_kept", "total_seconds")
        yield Bar(f"load and compile {key}, nothing kept: seconds", "loading", key, steps, seconds)


def judged(results: Results) -> list[Document]:
    """Every bar with what was measured."""
    return [bar.held(results) for bar in bars()]
