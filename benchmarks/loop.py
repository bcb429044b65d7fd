"""The engine's loop beside floors in C and beside rivals, a piece for each workload."""

from __future__ import annotations

from functools import partial

from benchmarks.measuring import Document, Effort, Pieces, measure
from benchmarks.workloads import WORKLOADS, workload


def pieces(effort: Effort) -> Pieces:
    """One for each workload."""
    return {key: partial(loop, key, effort) for key in WORKLOADS}


def loop(key: str, effort: Effort) -> Document:
    """One of them."""
    return measure(workload(key), effort)
