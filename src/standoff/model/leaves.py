"""The layout of the array of rates that the next event is drawn from: leaves, blocks of leaves, chunks of blocks.

Each rated ground rule has one leaf. Leaves that share a factor fill chunks of their own, and a chunk weighs
its factor times the sum of its leaves. The order of summation is part of what repeats, so all of this
follows from the model alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.model.frame import IntColumn

Ints = NDArray[np.int32]

SMALL = 4096
"""Up to so many ground rules a block holds 16 leaves, above that 32."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The layout of all leaves; a block holds 2 ** shift of them.

    `leaf_of`: (ground rules,) leaf of each, -1 for a rule without a rate; `ground_of`: (leaves,) the other way,
    -1 for a leaf that only fills a block; `chunk_of`: (blocks,) chunk of each block; `block_start`: (chunks + 1,)
    first block of each chunk; `factor_start`: (factors + 1,) first chunk of each shared factor; chunks before
    the first of these have the factor 1.
    """

    shift: int
    leaf_of: Ints
    ground_of: Ints
    chunk_of: Ints
    block_start: Ints
    factor_start: Ints


def lay_out(plain: list[IntColumn], clusters: list[IntColumn], ground_rules: int) -> Leaves:
    """Leaves for the ground rules in `plain`, one after another, then for each cluster of `clusters` in chunks."""
    shift = 4 if ground_rules <= SMALL else 5
    width = 1 << shift
    together = np.concatenate([*plain, np.zeros(0, np.int64)])
    filled: list[IntColumn] = []
    sizes: list[int] = []
    factor_start = [0]
    for part in (together, *clusters):
        blocks = max(1, -(-len(part) // width))
        room = np.full(blocks * width, -1, dtype=np.int64)
        room[: len(part)] = part
        filled.append(room)
        sizes += [min(width, blocks - at) for at in range(0, blocks, width)]
        factor_start.append(len(sizes))
    ground_of = np.concatenate(filled)
    leaf_of = np.full(ground_rules, -1, dtype=np.int32)
    used = np.flatnonzero(ground_of >= 0)
    leaf_of[ground_of[used]] = used
    return Leaves(
        shift=shift,
        leaf_of=leaf_of,
        ground_of=ground_of.astype(np.int32),
        chunk_of=np.repeat(np.arange(len(sizes)), sizes).astype(np.int32),
        block_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        factor_start=np.array(factor_start[1:], dtype=np.int32),
    )
