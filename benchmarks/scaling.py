"""Nanoseconds per event as the network grows, its three sizes taking turns."""

from __future__ import annotations

from statistics import median

from benchmarks.floor import Floor
from benchmarks.measuring import Document, round_to, spread, tell
from benchmarks.sides import EngineSide, FloorSide, Opened, Side, samplers
from benchmarks.workloads import workloads

SIZES = ("w1-6", "w1-60", "w1-600")


def scaling(rounds: int, seconds: float) -> Document:
    """The floor and every sampler on W1 from 304 to 28,816 ground rules."""
    chosen = [workloads()[key] for key in SIZES]
    opened = [Opened(workload) for workload in chosen]
    laws = [workload.law for workload in chosen if workload.law is not None]
    sides: dict[str, list[Side]] = {
        "floor": [FloorSide(Floor(law), workload, seconds) for law, workload in zip(laws, chosen, strict=True)],
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
