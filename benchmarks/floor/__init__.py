"""The floor in C: builds it with gcc, lays out its tables and runs it."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.contested_border import DAYS, SNAPSHOTS, Border

SOURCE = Path(__file__).with_name("flat.c")
BUILD = Path(__file__).resolve().parent.parent / "build"
FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]


class Floor:
    """The contested border in C; `run` makes one run and leaves its snapshots in `snapshots` (time, slot)."""

    def __init__(self, border: Border) -> None:
        self.library = compiled(memory=border.memory)
        self.tables = tables_of(border, shift=5 if border.places > 200 else 4)
        self.snapshots = np.zeros((SNAPSHOTS, border.slots()), np.float32)
        self.rejections = np.zeros(1)

    def run(self, seed: int, run: int) -> int:
        """One run of 365 days; the number of its events."""
        return int(
            self.library.run_floor(
                *(pointer(table) if isinstance(table, np.ndarray) else table for table in self.tables),
                ctypes.c_double(DAYS),
                SNAPSHOTS,
                ctypes.c_uint64(seed),
                ctypes.c_uint64(run),
                pointer(self.snapshots),
                pointer(self.rejections),
            )
        )


def compiled(*, memory: bool) -> ctypes.CDLL:
    """The floor's library for W1 or W2, built once."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise SystemExit("the floor needs a C compiler: apt install gcc")
    BUILD.mkdir(exist_ok=True)
    library = BUILD / f"flat_w{2 if memory else 1}.so"
    if not library.exists() or library.stat().st_mtime < SOURCE.stat().st_mtime:
        subprocess.run([compiler, *FLAGS, f"-DW2={int(memory)}", str(SOURCE), "-o", str(library), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.run_floor.restype = ctypes.c_long
    return loaded


def pointer(array: NDArray[np.generic]) -> ctypes.c_void_p:
    """An array as C sees it; the caller keeps the array alive."""
    return ctypes.c_void_p(array.ctypes.data)


def tables_of(border: Border, shift: int) -> list[NDArray[np.generic] | int]:
    """The arguments of `run_floor` up to the starting state, in its order."""
    rules, slots = border.ground_rules(), border.slots()
    template = np.array([rule.template for rule in rules], np.int32)
    reads = np.zeros((len(rules), 4), np.int32)
    for row, rule in zip(reads, rules, strict=True):
        row[: len(rule.reads)] = rule.reads
    effect_at = np.cumsum([0, *(len(rule.adds) for rule in rules)]).astype(np.int32)
    effect_slot = np.array([slot for rule in rules for slot, _ in rule.adds], np.int32)
    effect_by = np.array([by for rule in rules for _, by in rule.adds], np.float64)

    readers: list[list[int]] = [[] for _ in range(slots)]
    for number, rule in enumerate(rules):
        for slot in rule.reads:
            readers[slot].append(number)
    woken: list[int] = []
    segment_at, segments, runs = [0], [], []
    for numbers in readers:
        for kind, group in groupby(numbers, key=lambda number: rules[number].template):
            members = list(group)
            segments.append((kind, len(woken), len(members), len(runs)))
            runs.extend((block, len(list(part))) for block, part in groupby(members, key=lambda n: n >> shift))
            woken.extend(members)
        segment_at.append(len(segments))
    number = border.numbers
    constants = [number.move, number.reinforce, number.replenish, number.attrition]
    constants += [number.capture, number.strike, number.excite, number.cool]
    return [
        len(rules), slots, shift, template, reads, effect_at, effect_slot, effect_by,
        np.array(woken, np.int32), np.array(segment_at, np.int32), np.array(segments, np.int32),
        np.array(runs, np.int32), np.ascontiguousarray(reads[woken].T), len(woken), np.array(constants),
        max(segment[2] for segment in segments), np.array(border.begin()),
    ]  # fmt: skip
