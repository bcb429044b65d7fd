"""The floors in C: compiled when they are first asked for, run on the tables of a workload."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.floor.tables import GroundRule, Law, layout

__all__ = ["Floor", "GroundRule", "Law", "RunsInC", "StructuredFloor", "compiler"]

HERE = Path(__file__).parent
BUILD = HERE.parent / "build"
FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]
SMALL, LARGE = 4, 5
LARGE_FROM = 4096


class RunsInC(Protocol):
    """What both floors do: `run` makes one run and leaves its snapshots in `snapshots` (time, slot)."""

    snapshots: NDArray[np.float32]
    rejected: int

    def run(self, seed: int, run: int) -> int:
        """One run; the number of its events."""


class Floor:
    """Any law on the generic direct method, its rate formulas compiled in."""

    def __init__(self, law: Law, shift: int | None = None) -> None:
        self.law = law
        self.library = compiled("direct.c", FORMULAS_IN=f'"{law.formulas}"', MEMORIES=law.memories)
        self.tables = layout(law, shift or (LARGE if len(law.rules) >= LARGE_FROM else SMALL))
        self.snapshots = np.zeros((law.times, len(law.begin)), np.float32)
        self.refusals = ctypes.c_double()
        self.rejected = 0

    def run(self, seed: int, run: int) -> int:
        """One run; the number of its events."""
        events = self.library.run_floor(
            ctypes.byref(self.tables), ctypes.c_double(self.law.days), self.law.times, ctypes.c_uint64(seed),
            ctypes.c_uint64(run), pointer(self.snapshots), ctypes.byref(self.refusals),
        )  # fmt: skip
        self.rejected = int(self.refusals.value)
        return int(events)


class StructuredFloor:
    """The contested border written by hand, on sums by place and pair: what only knowledge of this one model allows."""

    def __init__(self, law: Law, places: int, near: NDArray[np.int32]) -> None:
        self.law, self.places = law, places
        self.library = compiled("structured.c", MEMORIES=law.memories, GROUP=8 if places <= 64 else 32)
        self.near = np.ascontiguousarray(near, np.int32)
        self.begin = np.array(law.begin)
        self.constants = np.array(law.constants)
        self.snapshots = np.zeros((law.times, len(law.begin)), np.float32)
        self.refusals = ctypes.c_double()
        self.rejected = 0

    def run(self, seed: int, run: int) -> int:
        """One run; the number of its events."""
        events = self.library.run_floor(
            self.places, pointer(self.near), pointer(self.constants), pointer(self.begin),
            ctypes.c_double(self.law.days), self.law.times, ctypes.c_uint64(seed), ctypes.c_uint64(run),
            pointer(self.snapshots), ctypes.byref(self.refusals),
        )  # fmt: skip
        self.rejected = int(self.refusals.value)
        return int(events)


def compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("gcc") or shutil.which("cc")


def compiled(source: str, **defines: object) -> ctypes.CDLL:
    """A floor's library, built anew whenever anything that it is made from has changed."""
    chosen = compiler()
    if chosen is None:
        raise SystemExit("the floor needs a C compiler: apt install gcc")
    told = [f"-D{name}={value}" for name, value in defines.items()]
    parts = [*(path.read_bytes() for path in sorted(HERE.glob("*.[ch]"))), " ".join([chosen, *FLAGS, *told]).encode()]
    library = BUILD / f"{Path(source).stem}-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}.so"
    if not library.exists():
        BUILD.mkdir(exist_ok=True)
        subprocess.run([chosen, *FLAGS, *told, str(HERE / source), "-o", str(library), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.run_floor.restype = ctypes.c_long
    return loaded


def pointer(array: NDArray[np.generic]) -> ctypes.c_void_p:
    """An array as C sees it; the caller keeps the array alive."""
    return ctypes.c_void_p(array.ctypes.data)
