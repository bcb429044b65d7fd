"""Nanoseconds per event as the network grows, its three sizes taking turns."""

from __future__ import annotations

from functools import partial
from statistics import median

from benchmarks.floor import Floor
from benchmarks.measuring import Document, Effort, Pieces, round_to, spread, tell
from benchmarks.sides import EngineSide, FloorSide, Opened, Side, samplers
from benchmarks.workloads import workload

SIZES = ("w1-6", "w1-60", "w1-600")


def pieces(effort: Effort) -> Pieces:
    """The only one."""
    return {"w1": partial(scaling, effort.turns, effort.seconds)}


def scaling(rounds: int, seconds: float) -> Document:
    """The floor and every sampler on W1 from 304 to 28,816 ground rules."""
    chosen = [workload(key) for key in SIZES]
    opened = [Opened(one) for one in chosen]
    laws = [one.law for one in chosen if one.law is not None]
    sides: dict[str, list[Side]] = {
        "floor": [FloorSide(Floor(law), one, seconds) for law, one in zip(laws, chosen, strict=True)],
        **{name: [EngineSide(one, name, seconds) for one in opened] for name in samplers()},
    }
    found: dict[str, list[list[float]]] = {name: [] for name in sides}
    for number in range(rounds):
        tell(f"scaling: round {number + 1} of {rounds}")
        for name, sizes in sides.items():
            found[name].append([1e9 * (side.turn().seconds_an_event or 0.0) for side in sizes])
    return {
        "ground_rules": [one.model.ground_rules for one in opened],
        **{
            name: {
                "ns_an_event": [round_to(median(size)) for size in zip(*turns, strict=True)],
                "growth": spread([turn[-1] / turn[0] for turn in turns]),
            }
            for name, turns in found.items()
        },
    }
