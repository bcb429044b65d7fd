"""What code means, in the plainest Python: the oracle that the compiled engine is held against."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from standoff.engine.library import exp, log, power, quotient, remainder, root, sine, whole
from standoff.engine.streams import Stream
from standoff.model import Floats, Model, RuleTable, code


class Stop(Exception):
    """An effect did what must not be: `code` is SD504, SD505 or SD506, `slot` what was to be written."""

    def __init__(self, fault: str, slot: int, value: float) -> None:
        super().__init__(fault)
        self.fault = fault
        self.slot = slot
        self.value = value


ONE_ROW = code.Table(rows=1, int_start=0, ints=0, float_start=0, floats=0)
"""The table of what no rule stands behind: the values that a run starts from."""


def fading(model: Model) -> list[tuple[str, code.Expr, slice]]:
    """The states with a half-life: name, half-life and slots of each."""
    return [
        (state.name, state.half_life, slice(state.start, state.start + state.size))
        for state in model.states if state.half_life is not None
    ]  # fmt: skip


class Operands:
    """The operands of a model as lists, which plain Python reads faster than arrays.

    Made when first asked for, since many runs in the kernel never ask; two threads that ask at once make the same.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._ints: list[int] | None = None
        self._floats: list[float] | None = None

    @property
    def ints(self) -> list[int]:
        """The integer operands."""
        if self._ints is None:
            self._ints = self._model.ints.tolist()
        return self._ints

    @property
    def floats(self) -> list[float]:
        """The float operands."""
        if self._floats is None:
            self._floats = self._model.floats.tolist()
        return self._floats

    @cached_property
    def parameter_slots(self) -> NDArray[np.int64]:
        """The slot of each parameter."""
        return np.array([info.slot for info in self._model.parameters], np.int64)

    @cached_property
    def drifts(self) -> dict[int, code.Drift]:
        """How each slot moves that drifts."""
        return {
            slot: state.drift
            for state in self._model.states if state.drift is not None
            for slot in range(state.start, state.start + state.size)
        }  # fmt: skip

    @cached_property
    def moved_by(self) -> dict[int, list[int]]:
        """The slots that move by what a slot holds."""
        found: dict[int, list[int]] = {}
        for slot, drift in self.drifts.items():
            found.setdefault(slot + drift.speed, []).append(slot)
        return found

    @cached_property
    def dates(self) -> dict[bool, list[tuple[float, int]]]:
        """The days of dated rules that no run can move, in order: (day, ground rule); in frozen runs and in others."""
        days: dict[bool, list[tuple[float, int]]] = {False: [], True: []}
        for rule in self._model.rules:
            for row in range(rule.rows) if rule.kind == "timed" else ():
                match rule.clock:
                    case code.Num(value=day):
                        pass
                    case code.Fact(operand=operand):
                        day = self.floats[rule.table.float_start + row * rule.table.floats + operand]
                    case _:
                        continue
                if 0.0 <= day <= self._model.days:
                    for frozen in (False, True) if rule.silent else (False,):
                        days[frozen].append((day, rule.first + row))
        return {frozen: sorted(some) for frozen, some in days.items()}

    @cached_property
    def movable(self) -> list[RuleTable]:
        """The dated rules whose days are worked out anew for every run."""
        fixed = code.Num | code.Fact
        return [rule for rule in self._model.rules if rule.kind == "timed" and not isinstance(rule.clock, fixed)]


@dataclass
class Machine:
    """The state of a run: `x` (slots) as last written, `last` when, `decay` per day, and the time.

    `until` is the end of the span that is looked at for a turn of a guard.
    """

    operands: Operands
    x: Floats
    last: Floats
    decay: Floats
    stream: Stream
    t: float = 0.0
    until: float = 0.0
    locals: list[float] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)

    def now(self, slot: int) -> float:
        """The value of a slot at the present time: a memory fades, what drifts moves."""
        drift = self.operands.drifts.get(slot)
        if drift is not None:
            return self._drifted(slot, drift)
        return float(self.x[slot]) * exp(-self.decay[slot] * (self.t - self.last[slot]))

    def bring_up_to_now(self, speeds: Iterable[int]) -> list[int]:
        """Store what moves by some slots as it has come to be, before they change; which slots these are."""
        moved = [slot for speed in speeds for slot in self.operands.moved_by.get(speed, ())]
        for slot in moved:
            self.x[slot] = self.now(slot)
            self.last[slot] = self.t
        return moved

    def _drifted(self, slot: int, drift: code.Drift) -> float:
        value = float(self.x[slot]) + float(self.x[slot + drift.speed]) * (self.t - float(self.last[slot]))
        value = drift.low if value < drift.low else value
        return drift.high if value > drift.high else value

    def _slot(self, target: code.Global | code.Slot | code.Lookup, table: code.Table, row: int) -> int:
        match target:
            case code.Global(slot=slot):
                return slot
            case code.Slot(operand=operand):
                return self.operands.ints[table.int_start + row * table.ints + operand]
        slot = self.operands.ints[table.int_start + row * table.ints + target.operand]
        for index, stride in target.indices:
            position = self.value(index, table, row)
            if position < 0:
                return -1
            slot += int(position) * stride
        return slot

    def value(self, node: code.Expr, table: code.Table, row: int) -> float:
        """The value of an expression for a row of a table.

        The way is found by the node's class: a `match` over all classes took two thirds of the time of a run.
        """
        return VALUE_OF[type(node)](self, node, table, row)

    def _constant(self, node: code.Num, table: code.Table, row: int) -> float:
        return node.value

    def _fact(self, node: code.Fact, table: code.Table, row: int) -> float:
        return self.operands.floats[table.float_start + row * table.floats + node.operand]

    def _held(self, node: code.Global | code.Slot, table: code.Table, row: int) -> float:
        slot = self._slot(node, table, row)
        return self.now(slot) if node.memory or node.drift else float(self.x[slot])

    def _looked_up(self, node: code.Lookup, table: code.Table, row: int) -> float:
        slot = self._slot(node, table, row)
        if slot < 0:
            return node.nothing
        if node.space == "fixed":
            return self.operands.floats[slot]
        return self.now(slot) if node.memory or node.drift else float(self.x[slot])

    def _present(self, node: code.Now, table: code.Table, row: int) -> float:
        return self.t

    def _later(self, node: code.Later, table: code.Table, row: int) -> float:
        now, self.t = self.t, self.until
        later = self.value(node.of, table, row)
        self.t = now
        return later

    def _local(self, node: code.LocalValue, table: code.Table, row: int) -> float:
        return self.locals[node.position]

    def _unary(self, node: code.Unary, table: code.Table, row: int) -> float:
        return PLAIN[node.op](self.value(node.of, table, row))

    def _binary(self, node: code.Binary, table: code.Table, row: int) -> float:
        left = self.value(node.left, table, row)
        if node.op == "and":
            return float(left != 0 and self.value(node.right, table, row) != 0)
        if node.op == "or":
            return float(left != 0 or self.value(node.right, table, row) != 0)
        return PLAIN[node.op](left, self.value(node.right, table, row))

    def _choose(self, node: code.Choose, table: code.Table, row: int) -> float:
        holds = self.value(node.condition, table, row) != 0
        return self.value(node.then if holds else node.otherwise, table, row)

    def _tally(self, node: code.Tally, table: code.Table, row: int) -> float:
        return self._fold(node.fold, table, row)

    def _draw(self, node: code.Draw, table: code.Table, row: int) -> float:
        given = [self.value(x, table, row) for x in node.of]
        drawn = self._drawn(node.kind, given)
        if self.stream.broken:
            raise Stop("SD506", -1, given[0])
        return drawn

    def _rows(self, loop: code.Loop, where: code.Expr | None, row: int) -> Iterator[int]:
        ints = self.operands.ints
        start, end = ints[loop.range_start + row], ints[loop.range_start + row + 1]
        for inner in range(start, end):
            if where is None or self.value(where, loop.table, inner) != 0:
                yield inner

    def _fold(self, node: code.Fold, table: code.Table, row: int) -> float:
        total = 1.0 if node.op == "all" else 0.0
        first = True
        for inner in self._rows(node.loop, node.where, row):
            value = self.value(node.body, node.loop.table, inner)
            match node.op:
                case "sum" | "count":
                    total += value
                case "min" | "max":
                    total = value if first else PLAIN[node.op](total, value)
                case "any" if value != 0:
                    return 1.0
                case "all" if value == 0:
                    return 0.0
            first = False
        return total

    def _drawn(self, kind: str, of: list[float]) -> float:
        match kind:
            case "poisson":
                return self.stream.poisson(of[0])
            case "binomial":
                return self.stream.binomial(of[0], of[1])
            case "exponential":
                return self.stream.exponential(of[0])
            case "uniform":
                return self.stream.between(of[0], of[1])
        return self.stream.chance(of[0])

    def _pick(self, node: code.Pick, table: code.Table, row: int) -> float:
        def weight(inner: int) -> float:
            return 1.0 if node.weight is None else self.value(node.weight, node.loop.table, inner)

        total = 0.0
        for inner in self._rows(node.loop, node.where, row):
            each = weight(inner)
            if not 0.0 <= each < math.inf:
                raise Stop("SD506", -1, each)
            total += each
        if total <= 0.0:
            return -1.0
        aim, reached, chosen = self.stream.uniform() * total, 0.0, -1.0
        for inner in self._rows(node.loop, node.where, row):
            each = weight(inner)
            if each > 0.0:
                reached += each
                chosen = self.value(node.value, node.loop.table, inner)
                if reached > aim:
                    break
        return chosen

    def perform(self, effects: tuple[code.Effect, ...], table: code.Table, row: int) -> None:
        """Carry out effects; raises Stop."""
        for effect in effects:
            match effect:
                case code.Write():
                    self._write(effect, table, row)
                case code.Let(position=position, value=value):
                    self.locals[position] = self.value(value, table, row)
                case code.If(condition=c, then=a, otherwise=b):
                    self.perform(a if self.value(c, table, row) != 0 else b, table, row)
                case code.ForEach(loop=loop, where=where, do=do):
                    for inner in self._rows(loop, where, row):
                        self.perform(do, loop.table, inner)
                case code.Chance(branches=branches, otherwise=otherwise):
                    self._chance(branches, otherwise, table, row)

    def _chance(
        self,
        branches: tuple[tuple[code.Expr, tuple[code.Effect, ...]], ...],
        otherwise: tuple[code.Effect, ...],
        table: code.Table,
        row: int,
    ) -> None:
        aim, reached = self.stream.uniform(), 0.0
        chosen: tuple[code.Effect, ...] | None = None
        # All are read, also those after the one that is chosen: a fault must not depend on luck.
        for probability, do in branches:
            each = self.value(probability, table, row)
            if not 0.0 <= each <= 1.0:
                raise Stop("SD506", -1, each)
            reached += each
            if reached > code.MOST_CHANCE:
                raise Stop("SD506", -1, reached)
            if chosen is None and aim < reached:
                chosen = do
        self.perform(otherwise if chosen is None else chosen, table, row)

    def _write(self, effect: code.Write, table: code.Table, row: int) -> None:
        value = self.value(effect.value, table, row)
        slot = self._slot(effect.target, table, row)
        if slot < 0:
            raise Stop("SD505", -1, value)
        if effect.op != "=":
            old = self.now(slot) if effect.target.memory or effect.target.drift else float(self.x[slot])
            value = {"+=": old + value, "-=": old - value, "*=": old * value}[effect.op]
        if not effect.low <= value <= effect.high:
            raise Stop("SD504", slot, value)
        self.x[slot] = value
        self.last[slot] = self.t
        if slot not in self.touched:
            self.touched.append(slot)


PLAIN: dict[str, Callable[..., float]] = {
    "neg": operator.neg,
    "not": lambda x: float(x == 0),
    "abs": abs,
    "exp": exp,
    "log": log,
    "sqrt": root,
    "logistic": lambda x: 1.0 / (1.0 + exp(-x)),
    "floor": whole,
    "sin": sine,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "%": remainder,
    "**": power,
    "min": lambda a, b: a if a < b else b,
    "max": lambda a, b: a if a > b else b,
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
}
"""What each operator and function gives; `and` and `or` do not evaluate their right side needlessly and stand apart."""

VALUE_OF: dict[type, Callable[..., float]] = {
    code.Num: Machine._constant,
    code.Fact: Machine._fact,
    code.Global: Machine._held,
    code.Slot: Machine._held,
    code.Lookup: Machine._looked_up,
    code.Now: Machine._present,
    code.Later: Machine._later,
    code.LocalValue: Machine._local,
    code.Unary: Machine._unary,
    code.Binary: Machine._binary,
    code.Choose: Machine._choose,
    code.Fold: Machine._fold,
    code.Tally: Machine._tally,
    code.Draw: Machine._draw,
    code.Pick: Machine._pick,
}
"""How each kind of expression gets its value."""
