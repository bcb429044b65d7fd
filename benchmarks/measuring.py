"""Lets the sides of a workload take turns and says what came of it, as ratios of neighbours in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.rivals import ALL_DAY, HURRIED, NORMAL, RIVALS, Absent, Rival, build
from benchmarks.sides import EngineSide, FloorSide, Opened, Seen, Side, Turn, samplers
from benchmarks.workloads import Workload

STANDARD_ERRORS = 4.5
"""Two sides whose means lie further apart are said to run different laws; by chance, about once in 100,000 tables."""

Document = dict[str, Any]


Pieces = dict[str, Callable[[], Document]]
"""What a part measures, piece by piece."""


@dataclass(frozen=True)
class Effort:
    """How much is measured; without `rounds` every part takes as many as it needs."""

    rounds: int | None = None
    quick: bool = False
    rivals: bool = True
    slow_rivals: bool = False

    @property
    def turns(self) -> int:
        """How often the sides of a workload take turns."""
        return self.rounds or (3 if self.quick else 7)

    @property
    def seconds(self) -> float:
        """The processor time of one turn."""
        return 0.15 if self.quick else 0.3

    @property
    def patience(self) -> int:
        """How long a rival is waited for."""
        return ALL_DAY if self.slow_rivals else HURRIED if self.quick else NORMAL


def tell(text: str) -> None:
    """Progress, for a person who waits; never on standard output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def spread(values: list[float]) -> Document:
    """Median and extremes of the rounds."""
    return {"median": round_to(median(values)), "low": round_to(min(values)), "high": round_to(max(values))}


def round_to(value: float, digits: int = 4) -> float:
    """A number without digits that mean nothing."""
    return float(f"{value:.{digits}g}")


def measure(workload: Workload, effort: Effort) -> Document:
    """One workload: this engine with every sampler, the floors and the rivals, in alternating turns."""
    tell(f"{workload.title}: opening")
    opened = Opened(workload)
    floors: dict[str, Side] = {
        name: FloorSide(floor, workload, effort.seconds) for name, floor in workload.floors().items()
    }
    engines: dict[str, Side] = {name: EngineSide(opened, name, effort.seconds) for name in samplers()}
    logged: dict[str, Side] = {"logged": EngineSide(opened, "direct", effort.seconds, record=True)}
    rivals, absent = found_rivals(workload, effort)
    sides: dict[str, Side] = {**floors, **engines, **logged, **rivals}
    turns: dict[str, list[Turn]] = {name: [] for name in sides}
    for number in range(effort.turns):
        tell(f"{workload.title}: round {number + 1} of {effort.turns}, {len(sides)} sides")
        for name, side in sides.items():
            turns[name].append(side.turn())
    return summed_up(workload, opened, sides, turns, list(engines), rivals, absent)


def found_rivals(workload: Workload, effort: Effort) -> tuple[dict[str, Rival], dict[str, Document]]:
    """The rivals that can run a workload here, and why the others cannot."""
    found: dict[str, Rival] = {}
    absent: dict[str, Document] = {}
    for name in RIVALS:
        try:
            if not effort.rivals:
                raise Absent("not asked for (--no-rivals)")
            found[name] = build(name, workload, patience=effort.patience, tell=tell)
        except Absent as why:
            absent[name] = {"status": why.status, "why": str(why)}
    return found, absent


def summed_up(
    workload: Workload,
    opened: Opened,
    sides: dict[str, Side],
    turns: dict[str, list[Turn]],
    engines: list[str],
    rivals: dict[str, Rival],
    absent: dict[str, Document],
) -> Document:
    """The figures of one workload, as they stand in the document."""
    direct = sides[engines[0]].seen
    events_a_run = direct.events / direct.runs

    def nanoseconds(name: str) -> list[float]:
        return [
            1e9 * (turn.seconds_a_run / events_a_run if turn.seconds_an_event is None else turn.seconds_an_event)
            for turn in turns[name]
        ]

    def ratio(over: str, under: str) -> Document | None:
        if over not in turns or under not in turns:
            return None
        return spread([a / b for a, b in zip(nanoseconds(over), nanoseconds(under), strict=True)])

    lawful = lawful_to(sides["floor"].seen if "floor" in sides else direct)
    return {
        "workload": workload.key,
        "title": workload.title,
        "ground_rules": opened.model.ground_rules,
        "events_a_run": round_to(events_a_run, 6),
        "seconds_to_open": {step: round_to(seconds) for step, seconds in opened.seconds.items()},
        "floors": {
            name: {
                "ns_an_event": spread(nanoseconds(name)),
                "rejected_an_event": rejected(sides[name].seen),
                "law": lawful(sides[name].seen),
            }
            for name in ("floor", "plain", "structured")
            if name in sides
        },
        "samplers": {
            name: {
                "ns_an_event": spread(nanoseconds(name)),
                "events_a_second_a_core": round_to(1e9 / median(nanoseconds(name))),
                "ratio_to_floor": ratio(name, "floor"),
                "ratio_to_plain_floor": ratio(name, "plain"),
                "ratio_to_structured_floor": ratio(name, "structured"),
                "with_every_event_recorded": ratio("logged", "floor") if name == engines[0] else None,
                "times_ahead_of": {rival: ratio(rival, name) for rival in rivals},
                "rejected_an_event": rejected(sides[name].seen),
                "law": lawful(sides[name].seen),
            }
            for name in engines
        },
        "rivals": {
            **{
                name: {
                    "status": "measured",
                    "version": rival.version,
                    "how": rival.how,
                    "law": "same" if rival.exact else "another: daily ticks",
                    "ready_seconds": round_to(rival.ready_seconds),
                    "ns_an_event": spread(nanoseconds(name)),
                    "ratio_to_floor": ratio(name, "floor"),
                    "agrees": lawful(rival.seen),
                }
                for name, rival in rivals.items()
            },
            **absent,
        },
        "rounds": len(turns[engines[0]]),
    }


def rejected(seen: Seen) -> float:
    """The refused proposals for each event."""
    return round_to(seen.rejected / max(1, seen.events))


def lawful_to(floor: Seen) -> Callable[[Seen], Document | None]:
    """A function that compares the means of a side with the floor's."""

    def compare(seen: Seen) -> Document | None:
        ours, theirs = np.array(seen.finals, float), np.array(floor.finals, float)
        if seen is floor or min(len(ours), len(theirs)) < 5:
            return None
        error = np.sqrt(ours.var(axis=0, ddof=1) / len(ours) + theirs.var(axis=0, ddof=1) / len(theirs))
        apart = np.abs(ours.mean(axis=0) - theirs.mean(axis=0))
        sure = np.isfinite(apart) & (error > 0)
        furthest = float(np.max(apart[sure] / error[sure], initial=0.0))
        same = furthest < STANDARD_ERRORS and not np.any(apart[np.isfinite(apart) & (error == 0)] > 1e-9)
        return {"same": bool(same), "standard_errors_apart": round_to(furthest), "runs": len(ours)}

    return compare
