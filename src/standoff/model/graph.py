"""Who depends on what: for each state slot, the rates, shared factors and triggers that read it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.model.code import Expr, reads
from standoff.model.frame import IntColumn, Reads
from standoff.model.leaves import Leaves, Rated, lay_out
from standoff.model.tables import Dependents, Ints, Model, RuleTable
from standoff.model.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Grounded:
    """A rule's table, what its rows read, and, where it is split, what its leaves and its factors read.

    `alike`: (rows,) a number that two rows share if what they have of their own is always equal; `place`: (rows,) one
    that rows share which read much the same.
    """

    table: RuleTable
    alike: IntColumn
    place: IntColumn
    reads: Reads
    own: Reads
    shared: Reads


def leaves(grounded: list[Grounded]) -> Leaves:
    """The layout of the rates."""
    rated: list[Rated] = []
    for part in grounded:
        rule, share = part.table, part.table.share
        if rule.kind == "rate":
            ground = np.arange(rule.first, rule.first + rule.rows, dtype=np.int64)
            factor = np.full(rule.rows, -1) if share is None else share.first + share.cluster
            rated.append(Rated(ground, part.alike, part.place, factor.astype(np.int64)))
    shares = [part.table.share for part in grounded if part.table.share is not None]
    return lay_out(rated, sum(part.table.rows for part in grounded), sum(len(share.row) for share in shares))


def dependents(grounded: list[Grounded], layout: Leaves, slots: int) -> Dependents:
    """The graph for sums with shared factors."""
    edges: list[IntColumn] = []
    evaluated = layout.evaluated
    for k, part in enumerate(grounded):
        rule = part.table
        ground: IntColumn = np.arange(rule.first, rule.first + rule.rows, dtype=np.int64)
        if rule.kind == "rate":
            own = part.reads if rule.share is None else part.own
            edges.append(_edges(k, own, layout.leaf_of[ground].astype(np.int64), evaluated[ground]))
        else:
            edges.append(_edges(k, part.reads, ground))
        if rule.share is not None and part.shared.rows:
            share, read = rule.share, part.shared
            row = share.row.astype(np.int64)[share.cluster[np.concatenate(read.rows)]]
            by_cluster = Reads([row], [np.concatenate(read.slots)])
            factors = np.zeros(rule.rows, np.int64)
            factors[share.row] = share.first + np.arange(len(share.row))
            edges.append(_edges(len(grounded) + k, by_cluster, factors))
    return _graph(edges, slots)


def dependents_alone(grounded: list[Grounded], slots: int) -> Dependents:
    """The graph in which each ground rule is evaluated whole and by itself."""
    each = [
        _edges(k, part.reads, np.arange(part.table.first, part.table.first + part.table.rows))
        for k, part in enumerate(grounded)
    ]
    return _graph(each, slots)


def tallied(tallies: Tallies, slots: int) -> Dependents:
    """Which terms of tallies read a slot."""
    edges: list[IntColumn] = []
    for k, (table, read) in enumerate(zip(tallies.tables, tallies.reads, strict=True)):
        targets = np.full(table.table.rows, -1, dtype=np.int64)
        targets[table.rows] = table.first + np.arange(len(table.rows))
        edges.append(_edges(k, read, targets, targets >= 0))
    return _graph(edges, slots)


def everything(model: Model, *, shared: bool) -> Dependents:
    """What is evaluated when everything is, with or without shared factors, as if all of it read one slot."""
    parts: list[tuple[int, NDArray[np.signedinteger], NDArray[np.signedinteger]]] = []
    evaluated = model.leaves.evaluated
    for k, rule in enumerate(model.rules):
        ground = np.arange(rule.first, rule.first + rule.rows)
        if shared and rule.kind == "rate":
            ground = ground[evaluated[ground]]
            parts.append((k, ground - rule.first, model.leaves.leaf_of[ground]))
        elif rule.kind != "timed":
            parts.append((k, ground - rule.first, ground))
    for k, rule in enumerate(model.rules):
        if shared and rule.share is not None:
            row = rule.share.row
            parts.append((len(model.rules) + k, row, rule.share.first + np.arange(len(row))))
    # Code of a rule without rows may be missing.
    parts = [part for part in parts if len(part[1])]
    none = np.zeros(0, np.int32)
    columns = (
        [0, len(parts)], [k for k, _, _ in parts], np.cumsum([0, *(len(rows) for _, rows, _ in parts)]),
        np.concatenate([none, *(rows for _, rows, _ in parts)]),
        np.concatenate([none, *(targets for _, _, targets in parts)]),
    )  # fmt: skip
    return Dependents(*(np.array(column, dtype=np.int32) for column in columns))


def readers(model: Model, whole: Dependents, slot: int, *, shared: bool) -> list[int]:
    """The segments of `everything` whose code reads a parameter: the other graphs leave out what no effect writes."""
    return [i for i, template in enumerate(whole.template.tolist()) if reads(_code(model, template, shared), slot)]


def _code(model: Model, template: int, shared: bool) -> Expr:
    share = model.rules[template % len(model.rules)].share
    if share is None or not shared:
        return model.rules[template].proposal
    return share.leaf if template < len(model.rules) else share.factor


def memories(grounded: list[Grounded]) -> tuple[Ints, Ints]:
    """For each ground rule that is thinned, or that time can set off, the memories that it reads.

    Where time can set it off, also the speeds of what it reads that drifts: nothing moves while all of these are 0.

    Those of g are slots[start[g] .. start[g + 1]].
    """
    pairs = [np.zeros((0, 2), np.int64)]
    for part in grounded:
        rule, read = part.table, part.reads
        moving_rows, moving_slots = read.memory_rows, read.memory_slots
        if rule.turns is not None:
            moving_rows, moving_slots = moving_rows + read.speed_rows, moving_slots + read.speed_slots
        if (rule.bound is not None or rule.turns is not None) and moving_rows:
            rows, slots = np.concatenate(moving_rows) + rule.first, np.concatenate(moving_slots)
            pairs.append(np.unique(np.stack([rows, slots], axis=1), axis=0))
    table = np.concatenate(pairs)
    start = np.searchsorted(table[:, 0], np.arange(sum(part.table.rows for part in grounded) + 1))
    return start.astype(np.int32), table[:, 1].astype(np.int32)


def _edges(template: int, reads: Reads, targets: IntColumn, evaluated: NDArray[np.bool_] | None = None) -> IntColumn:
    """One line for each (slot, template, target, row) of some reads, none twice, of the rows that are evaluated."""
    if not reads.rows:
        return np.zeros((0, 4), np.int64)
    slots, rows = np.concatenate(reads.slots), np.concatenate(reads.rows).astype(np.int64)
    if evaluated is not None:
        slots, rows = slots[evaluated[rows]], rows[evaluated[rows]]
    pairs = np.unique(slots * (len(targets) + 1) + rows)
    slots, rows = pairs // (len(targets) + 1), pairs % (len(targets) + 1)
    return np.stack([slots, np.full(len(slots), template), targets[rows], rows], axis=1)


def _graph(edges: list[IntColumn], slots: int) -> Dependents:
    table = np.concatenate([*edges, np.zeros((0, 4), np.int64)])
    table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
    slot, template = table[:, 0], table[:, 1]
    change = np.ones(len(slot), dtype=bool)
    change[1:] = (slot[1:] != slot[:-1]) | (template[1:] != template[:-1])
    starts = np.flatnonzero(change)
    return Dependents(
        start=np.searchsorted(slot[starts], np.arange(slots + 1)).astype(np.int32),
        template=template[starts].astype(np.int32),
        row_start=np.append(starts, len(slot)).astype(np.int32),
        rows=table[:, 3].astype(np.int32),
        target=table[:, 2].astype(np.int32),
    )
