"""The layout of the array of rates that the next event is drawn from: leaves, blocks of leaves, chunks of blocks.

Ground rules whose rates are always equal but for shared factors have one leaf together: a unit that may move to any of
four places has one rate, not four. What is drawn at a leaf falls on one of its members, each by its own factor. Leaves
whose members have the same factors make a group and fill chunks of their own; a chunk weighs the sum of these factors
times the sum of its leaves. The order of summation is part of what repeats, so all of this follows from the model
alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from standoff.model.frame import IntColumn

Ints = NDArray[np.int32]

FEW = 192
"""So many leaves of a rule stay in the order of its rows; of more, those that change together lie side by side."""

SMALL = 4096
"""Up to so many ground rules a block holds 16 leaves, above that 32."""

MANY = 16
"""A factor is shared only by so many leaves on average, and leaves are joined only where that saves so many."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """The layout of all leaves; a block holds 2 ** shift of them.

    `leaf_of`: (ground rules,) leaf of each, -1 for a rule without a rate; `member`: ground rules, those of a leaf are
    member[member_start[leaf] .. member_start[leaf + 1]], none for a leaf that only fills a block; `chunk_of`: (blocks,)
    chunk of each block; `block_start`: (chunks + 1,) first block of each chunk; `chunk_start`: (groups + 1,) first
    chunk of each group of leaves; `members`: (groups,) how many members each of its leaves has; `factors`: the shared
    factors, by number, of the members of a group's leaves in order: factors[factors_start[group] ..
    factors_start[group + 1]], none where all are 1; `groups`: the groups that have a factor: groups[groups_start[f] ..
    groups_start[f + 1]]; `factor_of`: (ground rules,) its factor, -1 for 1.
    """

    shift: int
    leaf_of: Ints
    member_start: Ints
    member: Ints
    chunk_of: Ints
    block_start: Ints
    chunk_start: Ints
    members: Ints
    factors_start: Ints
    factors: Ints
    groups_start: Ints
    groups: Ints
    factor_of: Ints

    @property
    def begin_weights(self) -> NDArray[np.float64]:
        """(chunks,) by what the sum of each chunk's leaves is weighed at first: how many members each leaf has."""
        return np.repeat(self.members, np.diff(self.chunk_start)).astype(np.float64)

    @property
    def evaluated(self) -> NDArray[np.bool_]:
        """(ground rules,) whether a rated ground rule is the first of its leaf: it is evaluated for all of them."""
        first = np.zeros(len(self.leaf_of), np.bool_)
        starts = self.member_start[:-1]
        first[self.member[starts[starts < self.member_start[1:]]]] = True
        return first


@dataclass(frozen=True, slots=True)
class Rated:
    """The ground rules of a rated rule.

    `alike`: (rows,) a number that two of them share if their rates are always equal but for shared factors; `place`:
    (rows,) a number that those share which mostly change together; `factor`: (rows,) the number of the shared factor
    of each, -1 for none.
    """

    ground: IntColumn
    alike: IntColumn
    place: IntColumn
    factor: IntColumn


# The factors of a leaf's members; a leaf whose members have none is known by how many they are.
Key = tuple[int, ...] | int


def lay_out(rated: list[Rated], ground_rules: int, factors: int) -> Leaves:
    """Leaves for rated rules: first those of one member without factor, then of several, then those with factors."""
    groups: dict[Key, list[NDArray[np.int64]]] = {1: [np.zeros((0, 1), np.int64)]}
    for rule in rated:
        for key, members in _joined(rule):
            groups.setdefault(key, []).append(members)
    counted = sorted(key for key in groups if isinstance(key, int))
    listed = [key for key in groups if isinstance(key, tuple)]
    order: list[Key] = [*counted, *listed]
    return _placed(order, [np.concatenate(groups[key]) for key in order], ground_rules, factors)


def _joined(rule: Rated) -> Iterator[tuple[Key, NDArray[np.int64]]]:
    """The leaves of a rule by key, each a row of members: as many joined in one leaf as are worth it."""
    each = np.arange(len(rule.ground))
    within = np.unique(np.stack([rule.alike, rule.factor]), axis=1, return_inverse=True)[1].ravel()
    for classes in (rule.alike, within):
        if len(each) - len(np.unique(classes)) >= MANY:
            leaves = _by_key(rule, classes)
            saved = len(each) - sum(len(members) for members in leaves.values())
            if saved >= MANY and all(isinstance(key, int) or len(members) >= MANY for key, members in leaves.items()):
                yield from leaves.items()
                return
    yield from _by_key(rule, each).items()


def _by_key(rule: Rated, classes: IntColumn) -> dict[Key, NDArray[np.int64]]:
    """The leaves if each class of rows is one: members by row, in the order of the first of them."""
    order = np.lexsort((np.arange(len(classes)), rule.factor, classes))
    starts = np.flatnonzero(np.diff(classes[order], prepend=-1))
    leaves: dict[Key, list[NDArray[np.int64]]] = {}
    place = rule.place if len(starts) > FEW else np.zeros_like(rule.place)
    for members in sorted(np.split(order, starts[1:]), key=lambda rows: _first(rows, place)) if len(order) else ():
        factors = tuple(rule.factor[members].tolist())
        leaves.setdefault(len(members) if factors[0] < 0 else factors, []).append(rule.ground[members])
    return {key: np.stack(rows) for key, rows in leaves.items()}


def _first(rows: IntColumn, place: IntColumn) -> tuple[int, int]:
    """Where a leaf stands among those of its rule: by where its first member is, then by that."""
    row = int(rows.min())
    return int(place[row]), row


def _placed(order: list[Key], leaves: list[NDArray[np.int64]], ground_rules: int, factors: int) -> Leaves:
    """Blocks and chunks for groups of leaves, in order."""
    shift = 4 if ground_rules <= SMALL else 5
    width = 1 << shift
    sizes: list[int] = []
    chunk_start, counts = [0], []
    leaf_of = np.full(ground_rules, -1, dtype=np.int32)
    factor_of = np.full(ground_rules, -1, dtype=np.int32)
    at = 0
    for key, members in zip(order, leaves, strict=True):
        count, each = members.shape
        blocks = max(1, -(-count // width))
        counts.append(np.repeat([each, 0], [count, blocks * width - count]))
        leaf_of[members.ravel()] = np.repeat(np.arange(at, at + count), each)
        if isinstance(key, tuple):
            factor_of[members.ravel()] = np.tile(key, count)
        sizes += [min(width, blocks - block) for block in range(0, blocks, width)]
        chunk_start.append(len(sizes))
        at += blocks * width
    lists: list[tuple[int, ...]] = [key if isinstance(key, tuple) else () for key in order]
    has = np.unique([(f, g) for g, key in enumerate(lists) for f in key] or np.zeros((0, 2), np.int64), axis=0)
    columns = (
        leaf_of, np.concatenate([[0], np.cumsum(np.concatenate(counts))]),
        np.concatenate([members.ravel() for members in leaves]),
        np.repeat(np.arange(len(sizes)), sizes), np.concatenate([[0], np.cumsum(sizes)]), chunk_start,
        [members.shape[1] for members in leaves], np.cumsum([0, *map(len, lists)]), [f for key in lists for f in key],
        np.searchsorted(has[:, 0], np.arange(factors + 1)), has[:, 1], factor_of,
    )  # fmt: skip
    return Leaves(shift, *(np.array(column, dtype=np.int32) for column in columns))
