"""What can reach an answer: which state slots rules read and write, followed back from the question.

Every rule counts with all of its ground rules, and a slot that is found only while running counts as every slot that
it may be. So more may be said to reach the answer than does, and nothing that does is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.explanations.target import Target
from standoff.model import Model, RuleTable, code

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


def influence(target: Target) -> Mask:
    """The slots that the answer depends on, directly or through rules: (slots,) bool."""
    model = target.model
    question = model.questions[target.index]
    reach = np.zeros(model.slots, np.bool_)
    for expression, table in ((question.answer, question.table), (target.condition, target.table)):
        _read(model, expression, table, np.arange(table.rows), reach)
    left = [_touched(model, rule) for rule in model.rules]
    while True:
        joined = [one for one in left if (one[1] & reach).any()]
        if not joined:
            return reach
        left = [one for one in left if not (one[1] & reach).any()]
        for reads, _ in joined:
            reach |= reads


def read_by_effects(model: Model, ground_rule: int) -> Mask:
    """The slots that the effects of one ground rule may read: (slots,) bool."""
    rule = model.rules[model.rule_of[ground_rule]]
    reads, writes = np.zeros(model.slots, np.bool_), np.zeros(model.slots, np.bool_)
    _effects(model, rule.effects, rule.table, np.array([ground_rule - rule.first]), reads, writes)
    return reads


def read_by(model: Model, expression: code.Expr, table: code.Table, row: int) -> Mask:
    """The slots that an expression may read for one row: (slots,) bool."""
    reads = np.zeros(model.slots, np.bool_)
    _read(model, expression, table, np.array([row]), reads)
    return reads


def _touched(model: Model, rule: RuleTable) -> tuple[Mask, Mask]:
    """What any ground rule of a rule reads (in guard, clock or effects) and writes."""
    reads, writes = np.zeros(model.slots, np.bool_), np.zeros(model.slots, np.bool_)
    rows = np.arange(rule.rows)
    for expression in (rule.guard, rule.clock):
        if expression is not None:
            _read(model, expression, rule.table, rows, reads)
    _effects(model, rule.effects, rule.table, rows, reads, writes)
    return reads, writes


def _effects(
    model: Model, effects: Iterable[code.Effect], table: code.Table, rows: Rows, reads: Mask, writes: Mask
) -> None:
    for effect in effects:
        match effect:
            case code.Write(target=target, value=value):
                # What `+=` adds to depends on nothing that the target holds, and the target counts as written anyway.
                _mark(model, target, table, rows, writes)
                if isinstance(target, code.Lookup):
                    for index, _ in target.indices:
                        _read(model, index, table, rows, reads)
                _read(model, value, table, rows, reads)
            case code.Let(value=value):
                _read(model, value, table, rows, reads)
            case code.If(condition=condition, then=then, otherwise=otherwise):
                _read(model, condition, table, rows, reads)
                _effects(model, (*then, *otherwise), table, rows, reads, writes)
            case code.ForEach(loop=loop, where=where, do=do):
                inner = _inside(model, loop, rows)
                if where is not None:
                    _read(model, where, loop.table, inner, reads)
                _effects(model, do, loop.table, inner, reads, writes)
            case code.Chance(branches=branches, otherwise=otherwise):
                for probability, do in branches:
                    _read(model, probability, table, rows, reads)
                    _effects(model, do, table, rows, reads, writes)
                _effects(model, otherwise, table, rows, reads, writes)


def _read(model: Model, node: code.Expr, table: code.Table, rows: Rows, reads: Mask) -> None:
    below: tuple[code.Expr | None, ...] = ()
    match node:
        case code.Global() | code.Slot():
            _read_slots(model, node, table, rows, reads)
        case code.Lookup(indices=indices):
            _read_slots(model, node, table, rows, reads)
            below = tuple(index for index, _ in indices)
        case code.Unary(of=x):
            below = (x,)
        case code.Binary(left=a, right=b):
            below = (a, b)
        case code.Choose(condition=c, then=a, otherwise=b):
            below = (c, a, b)
        case code.Draw(of=of):
            below = of
        case code.Tally(fold=fold):
            below = (fold,)
        case code.Fold(loop=loop, where=where, body=body):
            below, table, rows = (where, body), loop.table, _inside(model, loop, rows)
        case code.Pick(loop=loop, where=where, weight=weight, value=value):
            below, table, rows = (where, weight, value), loop.table, _inside(model, loop, rows)
    for part in below:
        if part is not None:
            _read(model, part, table, rows, reads)


def _read_slots(
    model: Model, node: code.Global | code.Slot | code.Lookup, table: code.Table, rows: Rows, reads: Mask
) -> None:
    here = np.zeros(model.slots, np.bool_)
    _mark(model, node, table, rows, here)
    reads |= here
    if node.drift is not None:
        # What drifts is read with what it moves by.
        reads[np.flatnonzero(here) + node.drift.speed] = True


def _inside(model: Model, loop: code.Loop, rows: Rows) -> Rows:
    """The rows of a loop that belong to rows outside."""
    starts, ends = model.ints[loop.range_start + rows], model.ints[loop.range_start + rows + 1]
    spans = [np.arange(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return np.concatenate([*spans, np.zeros(0, np.int64)]).astype(np.int64)


def _mark(
    model: Model, target: code.Global | code.Slot | code.Lookup, table: code.Table, rows: Rows, mask: Mask
) -> None:
    if isinstance(target, code.Global):
        mask[target.slot] = True
        return
    slots = model.ints[table.int_start + rows * table.ints + target.operand].astype(np.int64)
    if isinstance(target, code.Slot):
        mask[slots] = True
    elif target.space == "state":
        for slot in np.unique(slots).tolist():
            _mark_around(model, slot, {stride for _, stride in target.indices}, mask)


def _mark_around(model: Model, slot: int, strides: set[int], mask: Mask) -> None:
    """All slots that moving along indices of these strides from a slot may give."""
    state = next(s for s in model.states if s.start <= slot < s.start + s.size)
    where = np.unravel_index(slot - state.start, state.shape) if state.shape else ()
    steps = [int(np.prod(state.shape[i + 1 :])) for i in range(len(state.shape))]
    along = [slice(None) if step in strides else int(at) for step, at in zip(steps, where, strict=True)]
    mask[state.start : state.start + state.size].reshape(state.shape)[tuple(along)] = True
