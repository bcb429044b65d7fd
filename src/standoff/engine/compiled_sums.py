"""The sums that the direct method draws from, compiled; `sums.py` says the same in plain Python."""

from __future__ import annotations

import numpy as np

from standoff.engine.compiled import Compiled, jit
from standoff.engine.sums import ROW

CHUNK, SUM, WEIGHT, MOST = 4, np.uint64(1), np.uint64(2), np.uint64(3)
"""A chunk is four numbers: its factor, the sum of its leaves, its weight, the largest sum since it was made anew."""

_U = np.uint64


@jit
def rebuild(
    leaves: Compiled, blocks: Compiled, chunks: Compiled, rows: Compiled, chunk_of: Compiled, shift: Compiled
) -> Compiled:
    """Make all sums anew, left to right; the total."""
    two = _U(2)
    blocks[:] = 0.0
    chunks[SUM::CHUNK] = 0.0
    rows[:] = 0.0
    for leaf in range(_U(len(leaves))):
        blocks[leaf >> shift] += leaves[leaf]
    for b in range(_U(len(blocks))):
        chunks[_U(chunk_of[b]) << two | SUM] += blocks[b]
    total = 0.0
    for c in range(_U(len(chunks)) >> two):
        weight = chunks[c << two] * chunks[c << two | SUM]
        chunks[c << two | WEIGHT] = weight
        chunks[c << two | MOST] = chunks[c << two | SUM]
        rows[c >> _U(ROW)] += weight
    for row in rows:
        total += row
    return total


@jit
def sum_anew(
    c: Compiled, leaves: Compiled, blocks: Compiled, chunks: Compiled, block_start: Compiled, shift: Compiled
) -> None:
    """Make the sum of one chunk anew: it fell unseen under a small factor, and the rounding shows as that rises."""
    one, two = _U(1), _U(2)
    chunk = 0.0
    for b in range(_U(block_start[c]), _U(block_start[c + one])):
        block = 0.0
        for leaf in range(b << shift, (b + one) << shift):
            block += leaves[leaf]
        blocks[b] = block
        chunk += block
    chunks[c << two | SUM] = chunk
    chunks[c << two | MOST] = chunk


@jit
def find(
    u: Compiled, leaves: Compiled, blocks: Compiled, chunks: Compiled, rows: Compiled,
    block_start: Compiled, shift: Compiled,
) -> Compiled:  # fmt: skip
    """The leaf at the running sum u."""
    i, one, two = _U(0), _U(1), _U(2)
    most = _U(len(rows)) - one
    while i < most and u >= rows[i]:
        u -= rows[i]
        i += one
    i <<= _U(ROW)
    most = min(i + _U(1 << ROW), _U(len(chunks)) >> two) - one
    while i < most and u >= chunks[i << two | WEIGHT]:
        u -= chunks[i << two | WEIGHT]
        i += one
    if chunks[i << two] > 0.0:
        u /= chunks[i << two]
    most = _U(block_start[i + one]) - one
    i = _U(block_start[i])
    while i < most and u >= blocks[i]:
        u -= blocks[i]
        i += one
    i <<= shift
    most = i + (one << shift) - one
    while i < most and u >= leaves[i]:
        u -= leaves[i]
        i += one
    return i
