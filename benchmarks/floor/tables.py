"""The tables of `direct.c`: ground rules laid out so that what a slot wakes is worked out segment by segment."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class GroundRule:
    """One ground rule of the floor: which rate formula, the slots it reads, what it adds to which slot."""

    template: int
    reads: tuple[int, ...]
    adds: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Law:
    """A workload as the floor runs it; the last `memories` slots fade between events.

    The state is recorded `times` times, from day 0 to the last day.
    """

    formulas: str
    constants: tuple[float, ...]
    begin: tuple[float, ...]
    rules: tuple[GroundRule, ...]
    memories: int
    days: float
    times: int


class Layout(ctypes.Structure):
    """`tables_t` of direct.c; `kept` holds the arrays that its pointers point into."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("rules", "slots", "shift", "woken_count", "longest")),
        *(
            (name, ctypes.c_void_p)
            for name in (
                "formula", "reads", "effect_at", "effect_slot", "effect_by", "woken", "segment_at", "segments", "runs",
                "operands", "constants", "begin",
            )
        ),
    )  # fmt: skip
    kept: dict[str, NDArray[np.generic]]


def layout(law: Law, shift: int) -> Layout:
    """A law's tables, with sums over 2**shift rates, and over 2**shift of such sums."""
    reads = np.zeros((len(law.rules), 4), np.int32)
    for row, rule in zip(reads, law.rules, strict=True):
        row[: len(rule.reads)] = rule.reads
    readers: list[list[int]] = [[] for _ in law.begin]
    for number, rule in enumerate(law.rules):
        for slot in rule.reads:
            readers[slot].append(number)
    woken: list[int] = []
    segment_at, segments, runs = [0], [], []
    for numbers in readers:
        for formula, group in groupby(numbers, key=lambda number: law.rules[number].template):
            members = list(group)
            segments.append((formula, len(woken), len(members), len(runs)))
            runs.extend((block, len(list(part))) for block, part in groupby(members, key=lambda n: n >> shift))
            woken.extend(members)
        segment_at.append(len(segments))
    arrays: dict[str, NDArray[np.generic]] = {
        "formula": np.array([rule.template for rule in law.rules], np.int32),
        "reads": reads,
        "effect_at": np.cumsum([0, *(len(rule.adds) for rule in law.rules)]).astype(np.int32),
        "effect_slot": np.array([slot for rule in law.rules for slot, _ in rule.adds], np.int32),
        "effect_by": np.array([by for rule in law.rules for _, by in rule.adds], np.float64),
        "woken": np.array(woken, np.int32),
        "segment_at": np.array(segment_at, np.int32),
        "segments": np.array(segments, np.int32),
        "runs": np.array(runs, np.int32),
        "operands": np.ascontiguousarray(reads[woken].T),
        "constants": np.array(law.constants),
        "begin": np.array(law.begin),
    }
    longest = max((segment[2] for segment in segments), default=0)
    laid = Layout(len(law.rules), len(law.begin), shift, len(woken), longest)
    for name, array in arrays.items():
        setattr(laid, name, array.ctypes.data)
    laid.kept = arrays
    return laid
