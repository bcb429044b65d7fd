"""From resolved expressions and statements to code with operands, for all rows of a rule at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from standoff.model import code
from standoff.model.bounds import Stored
from standoff.model.constants import Constants, source
from standoff.model.frame import Frame, IntColumn, Layout, Reads, filtered
from standoff.model.spans import Later
from standoff.model.tables import StateTable
from standoff.model.tallies import Tallies
from standoff.scenario import resolved as res
from standoff.scenario import tree, walks

UNROLL = 8
"""Loops that have the same number of rows everywhere, at most this many, are written out."""


def count_of(rule: str) -> str:
    """The name of the hidden state that counts a rule's firings."""
    return f"count({rule})"


def written_between(state: res.State) -> tuple[float, float]:
    """Between which values a state can be written: its bounds, and no infinite value where it has none."""
    most = float(np.finfo(np.float64).max)
    low = -most if state.at_least is None else state.at_least
    return float(low), float(most if state.at_most is None else state.at_most)



class Lowering:
    """Turns nodes into code; knows where each state and parameter lies."""

    def __init__(self, constants: Constants, states: dict[str, StateTable], parameters: dict[str, int]) -> None:
        self.constants = constants
        self.states = states
        self.parameters = parameters
        self.tallies = Tallies()

    def frame(self, columns: dict[str, IntColumn], rows: int) -> Frame:
        """A fresh frame for a rule with these bindings."""
        return Frame(Layout(rows), columns, np.arange(rows, dtype=np.int64), {}, None)

    def expression(self, node: tree.Node, frame: Frame) -> code.Expr:
        """The code of an expression."""
        if self.constants.is_fixed(node):
            return frame.layout.fact(self.constants.evaluate(node, frame.columns, frame.rows))
        match node:
            case tree.Now():
                return code.Now()
            case tree.ParameterValue(name=name):
                return code.Global(self.parameters[name], memory=False)
            case tree.OwnValue():
                return self._own(node, frame)
            case tree.Local(name=name):
                return code.LocalValue(frame.locals[name])
            case tree.Firings(rule=rule):
                return self._global(count_of(rule), frame)
            case tree.StateValue() if node.name not in self.constants.unwritten:
                return self._state(node, frame)
            case Stored(of=memory):
                return self._state(memory, frame, stored=True)
            case Later(of=moving):
                return code.Later(self.expression(moving, frame))
            case tree.StateValue() | tree.Attribute() | tree.Member() | tree.Related() | tree.Between():
                return self._fixed_lookup(node, frame)
            case tree.Unary(op=op, of=x):
                return code.Unary(op, self.expression(x, frame))
            case tree.Binary(op=op, left=a, right=b):
                return code.Binary(op, self.expression(a, frame), self.expression(b, frame))
            case tree.Choose(condition=c, then=a, otherwise=b):
                return code.Choose(*(self.expression(x, frame) for x in (c, a, b)))
            case tree.Fold():
                return self._fold(node, frame)
            case tree.Draw(kind=kind, of=of):
                return code.Draw(kind, tuple(self.expression(x, frame) for x in of))
            case tree.Pick():
                return self._pick(node, frame)
        raise TypeError(type(node).__name__)

    def _global(self, state: str, frame: Frame) -> code.Global:
        table = self.states[state]
        if frame.reads is not None:
            frame.reads.add(frame.root, np.full(len(frame.root), table.start), table.half_life is not None)
        return code.Global(table.start, table.half_life is not None)

    def _own(self, node: tree.OwnValue, frame: Frame) -> code.Read:
        """What an entity has of a parameter: their slots lie side by side, in the order of the kind."""
        start, column = self.parameters[node.each[0][1]], self._fixed_index(node.index, frame)
        base = np.full(frame.rows, start, dtype=np.int64)
        known = column is not None and bool(np.all(column >= 0))
        every = np.arange(len(node.each), dtype=np.int64)
        slots = (base + column)[:, None] if column is not None and known else base[:, None] + every
        if frame.reads is not None:
            # A parameter that is changed during a run is looked up here.
            frame.reads.add(np.repeat(frame.root, slots.shape[1]), slots.ravel(), memory=False)
        if known:
            return frame.layout.slot(slots[:, 0], False)
        index = self.expression(node.index, frame)
        return code.Lookup("state", frame.layout.position(base), ((index, 1),), False, 0.0)

    def _state(
        self, node: tree.StateValue, frame: Frame, *, stored: bool = False
    ) -> code.Global | code.Slot | code.Lookup:
        table = self.states[node.name]
        memory = table.half_life is not None and not stored
        base = np.full(frame.rows, table.start, dtype=np.int64)
        spans = [base[:, None]]
        indices: list[tuple[code.Expr, int]] = []
        strides: list[int] = np.cumprod([1, *table.shape[:0:-1]])[::-1].tolist() if table.shape else []
        for index, stride, size in zip(node.indices, strides, table.shape, strict=True):
            column = self._fixed_index(index, frame)
            if column is not None and bool(np.all(column >= 0)):
                base = base + column * int(stride)
                spans = [span + (column * int(stride))[:, None] for span in spans]
            else:
                indices.append((self.expression(index, frame), int(stride)))
                steps = np.arange(size, dtype=np.int64) * int(stride)
                spans = [(span[:, :, None] + steps).reshape(frame.rows, span.shape[1] * size) for span in spans]
        if frame.reads is not None:
            slots = spans[0]
            root = np.repeat(frame.root, slots.shape[1])
            frame.reads.add(root, slots.ravel(), table.half_life is not None, table.drift)
        if not indices:
            return frame.layout.slot(base, memory, table.drift)
        nothing = self.constants.nothing(node.type)
        return code.Lookup("state", frame.layout.position(base), tuple(indices), memory, nothing, table.drift)

    def _fixed_index(self, node: tree.Node, frame: Frame) -> IntColumn | None:
        if not self.constants.is_fixed(node):
            return None
        return self.constants.evaluate(node, frame.columns, frame.rows).astype(np.int64)

    def _fixed_lookup(self, node: tree.Node, frame: Frame) -> code.Lookup:
        key, of = source(node)
        shape = self.constants.array(key).shape
        strides = np.cumprod([1, *shape[:0:-1]])[::-1]
        base = np.full(frame.rows, self.constants.start(key), dtype=np.int64)
        indices = tuple((self.expression(n, frame), int(s)) for n, s in zip(of, strides, strict=True))
        return code.Lookup("fixed", frame.layout.position(base), indices, False, self.constants.nothing(node.type))

    def _inner(
        self, variable: str, domain: tree.Domain, where: tree.Node | None, frame: Frame, *, declared: bool = False
    ) -> tuple[Frame, IntColumn, list[tree.Node]]:
        """The rows of a loop: their frame, the outside row of each, and the conditions left to test while running."""
        members = self.constants.members if declared else self.constants.members_by_name
        parent, member = members(domain, frame.columns, frame.rows)
        columns = {name: column[parent] for name, column in frame.columns.items()} | {variable: member}
        left: list[tree.Node] = []
        for condition in walks.conjuncts(where):
            if self.constants.is_fixed(condition):
                keep = self.constants.evaluate(condition, columns, len(parent)) != 0
                parent, columns = parent[keep], filtered(columns, keep)
            else:
                left.append(condition)
        return Frame(Layout(len(parent)), columns, frame.root[parent], dict(frame.locals), frame.reads), parent, left

    def _loop(self, inner: Frame, parent: IntColumn, frame: Frame) -> code.Loop:
        counts = np.bincount(parent, minlength=frame.rows)
        operands = self.constants.operands
        start = operands.add_ints(np.concatenate([[0], np.cumsum(counts)]))
        return code.Loop(inner.layout.store(operands), start)

    def _condition(self, left: list[tree.Node], frame: Frame) -> code.Expr | None:
        return conjunction([self.expression(c, frame) for c in left])

    def _fold(self, node: tree.Fold, frame: Frame) -> code.Expr:
        inner, parent, left = self._inner(node.variable, node.domain, node.where, frame)
        counts = np.bincount(parent, minlength=frame.rows)
        if node.op in ("sum", "count") and frame.rows and counts.min() == counts.max() <= UNROLL:
            return self._unrolled(node, inner, int(counts[0]), left, frame)
        reads, inner.reads = inner.reads, Reads()
        root, inner.root = inner.root, np.arange(inner.rows, dtype=np.int64)
        where = self._condition(left, inner)
        body = self.expression(node.body, inner)
        if reads is not None:
            reads.add_all(inner.reads, root)
        fold = code.Fold(node.op, self._loop(inner, parent, frame), where, body)
        return self.tallies.tally(fold, inner, parent, frame, inner.reads) if frame.between else fold

    def _unrolled(self, node: tree.Fold, inner: Frame, times: int, left: list[tree.Node], frame: Frame) -> code.Expr:
        total: code.Expr | None = None
        for k in range(times):
            columns = {name: column[k::times] for name, column in inner.columns.items()}
            each = Frame(frame.layout, columns, frame.root, dict(frame.locals), frame.reads, frame.between)
            term = self.expression(node.body, each)
            where = self._condition(left, each)
            if where is not None:
                term = code.Choose(where, term, code.Num(0.0))
            total = term if total is None else code.Binary("+", total, term)
        return code.Num(0.0) if total is None else total

    def _pick(self, node: tree.Pick, frame: Frame) -> code.Pick:
        inner, parent, left = self._inner(node.variable, node.domain, node.where, frame)
        where = self._condition(left, inner)
        weight = None if node.weight is None else self.expression(node.weight, inner)
        value = inner.layout.fact(inner.columns[node.variable].astype(np.float64))
        return code.Pick(self._loop(inner, parent, frame), where, weight, value)

    def statements(self, statements: tuple[res.Statement, ...], frame: Frame) -> tuple[code.Effect, ...]:
        """The code of a rule's effects."""
        effects: list[code.Effect] = []
        for statement in statements:
            effects += self._brought_up_to_now(statement, frame)
            effects.append(self._statement(statement, frame))
        return tuple(effects)

    def _brought_up_to_now(self, statement: res.Statement, frame: Frame) -> list[code.Effect]:
        """What has to be written before a speed changes: what moves by it, as it has come to be by the old one."""
        if not isinstance(statement, res.Assign):
            return []
        still = tree.Constant(type=tree.Number(), value=0.0)
        return [
            self._statement(replace(statement, state=state.name, op="+=", value=still), frame)
            for state in self.constants.resolved.states.values() if state.moves_by == statement.state
        ]  # fmt: skip

    def _statement(self, statement: res.Statement, frame: Frame) -> code.Effect:
        match statement:
            case res.Assign(state=name, indices=indices, op=op, value=value):
                state = self.constants.resolved.states[name]
                target = self._state(tree.StateValue(type=state.type, name=name, indices=indices), frame)
                return code.Write(target, op, self.expression(value, frame), *written_between(state))
            case res.Let(name=name, value=value):
                kept = self.expression(value, frame)
                return code.Let(frame.locals.setdefault(name, len(frame.locals)), kept)
            case res.If(condition=c, then=a, otherwise=b):
                return code.If(self.expression(c, frame), self.statements(a, frame), self.statements(b, frame))
            case res.ForEach():
                inner, parent, left = self._inner(
                    statement.variable, statement.domain, statement.where, frame, declared=True
                )
                inner.locals = frame.locals
                where = self._condition(left, inner)
                do = self.statements(statement.do, inner)
                return code.ForEach(self._loop(inner, parent, frame), where, do)
            case res.Chance(branches=branches, otherwise=otherwise):
                lowered = tuple((self.expression(p, frame), self.statements(do, frame)) for p, do in branches)
                return code.Chance(lowered, self.statements(otherwise, frame))


def conjunction(conditions: list[code.Expr]) -> code.Expr | None:
    """All of these, or None if there are none."""
    joined: code.Expr | None = None
    for condition in conditions:
        joined = condition if joined is None else code.Binary("and", joined, condition)
    return joined


def conjoined(conditions: list[tree.Node]) -> tree.Node | None:
    """All of these conditions as one node, or None if there are none."""
    joined: tree.Node | None = None
    for condition in conditions:
        joined = condition if joined is None else tree.Binary(type=tree.Truth(), op="and", left=joined, right=condition)
    return joined
