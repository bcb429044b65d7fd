"""The three-level sums of the direct method, in plain Python; the kernel holds the same numbers."""

from __future__ import annotations

REBUILD_EVERY = 16384
REBUILD_BELOW = 1e-3


def shift_for(ground_rules: int) -> int:
    """Blocks hold 16 leaves, 32 in large models: part of what repeats, so it depends on the model alone."""
    return 4 if ground_rules <= 4096 else 5


class Sums:
    """Rates of all ground rules (leaves) with sums of blocks, and of blocks of blocks."""

    def __init__(self, ground_rules: int) -> None:
        self.shift = shift_for(ground_rules)
        tops = (ground_rules >> (2 * self.shift)) + 1
        self.leaves = [0.0] * (tops << (2 * self.shift))
        self.blocks = [0.0] * (tops << self.shift)
        self.tops = [0.0] * tops
        self.total = self.peak = 0.0
        self.positive = 0
        self.proposals = 0

    def put(self, leaf: int, value: float) -> None:
        """Change a rate and add the difference to the sums."""
        old = self.leaves[leaf]
        self.positive += (value > 0) - (old > 0)
        self.leaves[leaf] = value
        change = value - old
        self.blocks[leaf >> self.shift] += change
        self.tops[leaf >> (2 * self.shift)] += change
        self.total += change

    def rebuild(self) -> None:
        """Make all sums anew from the leaves, left to right, so that rounding does not build up."""
        self.blocks = [0.0] * len(self.blocks)
        self.tops = [0.0] * len(self.tops)
        for leaf, value in enumerate(self.leaves):
            self.blocks[leaf >> self.shift] += value
        for block, value in enumerate(self.blocks):
            self.tops[block >> self.shift] += value
        total = 0.0
        for value in self.tops:
            total += value
        self.total = self.peak = total
        self.proposals = 0

    def refresh(self) -> None:
        """Rebuild when it is time."""
        if self.proposals >= REBUILD_EVERY or self.total < REBUILD_BELOW * self.peak:
            self.rebuild()
        self.peak = max(self.peak, self.total)

    def find(self, u: float) -> int | None:
        """The leaf at the running sum u; None if rounding led to an empty leaf."""
        i = 0
        for level in (self.tops, self.blocks, self.leaves):
            most = len(level) - 1 if level is self.tops else i + (1 << self.shift) - 1
            while i < most and u >= level[i]:
                u -= level[i]
                i += 1
            if level is not self.leaves:
                i <<= self.shift
        if self.leaves[i] <= 0.0:
            self.proposals = REBUILD_EVERY
            return None
        return i
