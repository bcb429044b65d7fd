"""The sums that the direct method draws from, in plain Python; the kernel holds the same numbers.

Leaves are rates, or what is left of them without a shared factor. Sums of leaves are kept by block and by
chunk; a chunk weighs the factors of its leaves' members, added up, times its sum, and weights are summed by row of
16 chunks and in all.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff.model import Leaves

MOST_RATE = 1e300
"""A rate above this counts as infinite; so a test needs two comparisons, and sums of rates stay finite."""

REBUILD_EVERY = 16384
REBUILD_BELOW = 1e-3
ROW = 4
"""Chunks are summed in rows of 2 ** ROW."""


class Sums:
    """Leaves, factors and their sums."""

    def __init__(self, layout: Leaves) -> None:
        self.shift = layout.shift
        self.chunk_of: list[int] = layout.chunk_of.tolist()
        self.block_start: list[int] = layout.block_start.tolist()
        self.layout = layout
        chunks = len(self.block_start) - 1
        self.leaves = [0.0] * (len(layout.member_start) - 1)
        self.blocks = [0.0] * len(self.chunk_of)
        self.sums = [0.0] * chunks
        self.most = [0.0] * chunks
        self.factors = [0.0] * (len(layout.groups_start) - 1)
        self.weighed: list[float] = layout.begin_weights.tolist()
        self.weights = [0.0] * chunks
        self.rows = [0.0] * (((chunks - 1) >> ROW) + 1)
        self.total = self.peak = 0.0
        self.proposals = 0

    def put(self, values: Iterable[tuple[int, float]]) -> None:
        """Change leaves one after another; neighbours in a block change its sums together."""
        block, change = -1, 0.0
        for leaf, value in values:
            if leaf >> self.shift != block:
                self._add(block, change)
                block, change = leaf >> self.shift, 0.0
            change += value - self.leaves[leaf]
            self.leaves[leaf] = value
        self._add(block, change)

    def _add(self, block: int, change: float) -> None:
        if block < 0:
            return
        chunk = self.chunk_of[block]
        self.blocks[block] += change
        self.sums[chunk] += change
        self.most[chunk] = max(self.most[chunk], self.sums[chunk])
        weight = self.weighed[chunk] * change
        self.weights[chunk] += weight
        self.rows[chunk >> ROW] += weight
        self.total += weight

    def put_factor(self, factor: int, value: float) -> None:
        """Change a shared factor."""
        layout = self.layout
        self.factors[factor] = value
        for group in layout.groups[layout.groups_start[factor] : layout.groups_start[factor + 1]].tolist():
            together = 0.0
            for f in layout.factors[layout.factors_start[group] : layout.factors_start[group + 1]].tolist():
                together += self.factors[f]
            for chunk in range(layout.chunk_start[group], layout.chunk_start[group + 1]):
                self._weigh(chunk, together)

    def _weigh(self, chunk: int, factor: float) -> None:
        """Let a chunk have another factor."""
        if factor > self.weighed[chunk] and self.sums[chunk] < REBUILD_BELOW * self.most[chunk]:
            self._sum_anew(chunk)
        self.weighed[chunk] = factor
        weight = factor * self.sums[chunk]
        change = weight - self.weights[chunk]
        self.weights[chunk] = weight
        self.rows[chunk >> ROW] += change
        self.total += change

    def _sum_anew(self, chunk: int) -> None:
        """A sum that fell unseen under a small factor is made anew, or its rounding would show as that rises."""
        self.sums[chunk] = 0.0
        for block in range(self.block_start[chunk], self.block_start[chunk + 1]):
            self.blocks[block] = 0.0
            for leaf in range(block << self.shift, (block + 1) << self.shift):
                self.blocks[block] += self.leaves[leaf]
            self.sums[chunk] += self.blocks[block]
        self.most[chunk] = self.sums[chunk]

    def rate(self, ground_rule: int) -> float:
        """The rate of a ground rule, or its bound, as it was last evaluated."""
        factor = int(self.layout.factor_of[ground_rule])
        leaf = self.leaves[int(self.layout.leaf_of[ground_rule])]
        return leaf if factor < 0 else leaf * self.factors[factor]

    def rebuild(self) -> None:
        """Make all sums anew, left to right, so that rounding does not build up."""
        self.blocks = [0.0] * len(self.blocks)
        self.sums = [0.0] * len(self.sums)
        self.rows = [0.0] * len(self.rows)
        for leaf, value in enumerate(self.leaves):
            self.blocks[leaf >> self.shift] += value
        for block, value in enumerate(self.blocks):
            self.sums[self.chunk_of[block]] += value
        total = 0.0
        for chunk, value in enumerate(self.sums):
            self.weights[chunk] = self.weighed[chunk] * value
            self.rows[chunk >> ROW] += self.weights[chunk]
        self.most = self.sums.copy()
        for value in self.rows:
            total += value
        self.total = self.peak = total
        self.proposals = 0

    def refresh(self) -> None:
        """Rebuild when it is time."""
        if self.proposals >= REBUILD_EVERY or self.total < REBUILD_BELOW * self.peak:
            self.rebuild()
        self.peak = max(self.peak, self.total)

    def find(self, u: float) -> int | None:
        """The ground rule at the running sum u; None if rounding led to one that cannot happen."""
        row, u = _step(self.rows, 0, len(self.rows), u)
        chunk, u = _step(self.weights, row << ROW, min((row + 1) << ROW, len(self.weights)), u)
        factor = self.weighed[chunk]
        block, u = _step(self.blocks, self.block_start[chunk], self.block_start[chunk + 1], u, factor)
        leaf, u = _step(self.leaves, block << self.shift, (block + 1) << self.shift, u, factor)
        if self.leaves[leaf] > 0.0:
            ground_rule = self._member(leaf, u)
            if self.rate(ground_rule) > 0.0:
                return ground_rule
        self.proposals = REBUILD_EVERY
        return None

    def _member(self, leaf: int, u: float) -> int:
        """The member of a leaf at the running sum u; each has the leaf's value times its factor."""
        start = self.layout.member_start
        members: list[int] = self.layout.member[start[leaf] : start[leaf + 1]].tolist()
        if int(self.layout.factor_of[members[0]]) < 0:
            which = u / self.leaves[leaf]
            return members[int(which) if which < len(members) - 1 else -1]
        position, _ = _step([self.rate(ground_rule) for ground_rule in members], 0, len(members), u)
        return members[position]


def _step(level: list[float], first: int, end: int, u: float, factor: float = 1.0) -> tuple[int, float]:
    """The entry, times a factor, in which the running sum reaches u, and what is left of u there."""
    i = first
    while i < end - 1 and u >= level[i] * factor:
        u -= level[i] * factor
        i += 1
    return i, u
