"""The compiled scenario: frozen tables that the engine runs, and the schema of what it records."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError
from standoff.intervals import EVERYTHING, Interval
from standoff.model.code import Choose, Drift, Effect, Expr, Num, Table
from standoff.model.leaves import Leaves
from standoff.model.tallies import TallyTable
from standoff.scenario import Origin, PriorKind

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

EVENT_COLUMNS = {
    "run": "Int32",
    "time": "Float64",
    "rule": "String",
    "binding": "String",
    "type": "String",
    "mode": "String",
    "source": "String",
    "target": "String",
    "place": "String",
    "size": "Float64",
}
"""Columns of every table of events, simulated or observed; `time` in days since the start, the rest may be null."""

SERIES_COLUMNS = {"run": "Int32", "time": "Float64"}
"""The first columns of a table of series; one column per watched value follows."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a firing is recorded as; each expression is read before the effects, kinds name what the numbers index."""

    type: str
    mode: str | None
    source: Expr | None
    target: Expr | None
    place: Expr | None
    size: Expr | None
    kinds: tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Share:
    """A rule's proposals as a factor for each cluster of rows times a leaf for each row; see `shares.py`.

    `first`: number of the first cluster among all factors of the model; `cluster`: (rows,) from 0;
    `row`: (clusters,) one row of each, by which the factor is evaluated.
    """

    factor: Expr
    leaf: Expr
    first: int
    cluster: Ints
    row: Ints


@dataclass(frozen=True, slots=True)
class Turns:
    """What a guard that time alone can turn may be, and surely is, at every moment of a span: see `spans.py`."""

    may: Expr
    must: Expr


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One lifted rule: its code and one row per ground rule.

    `clock` is the rate per day (rate), the day it happens (timed), or None (trigger, or timed where it is called).
    `bound` is what a rate that moves between events never exceeds until a state changes, None for the others.
    `turns` bounds the guard of a trigger where time alone can turn it, None for the others.
    `share` is the split of the rate (or bound) that the direct sampler keeps sums of, None where nothing is shared.
    `bindings`: (rows, variables) int32, position of each bound entity in its kind.
    """

    name: str
    kind: Literal["rate", "trigger", "timed"]
    first: int
    table: Table
    guard: Expr | None
    clock: Expr | None
    bound: Expr | None
    share: Share | None
    effects: tuple[Effect, ...]
    locals: int
    header: Header | None
    silent: bool
    where: str
    variables: tuple[tuple[str, str], ...]
    bindings: Ints
    origin: Origin | None = None
    turns: Turns | None = None

    @property
    def rows(self) -> int:
        """How many ground rules it has."""
        return self.table.rows

    @property
    def is_called(self) -> bool:
        """Whether it fires only when it is ordered."""
        return self.kind == "timed" and self.clock is None

    @property
    def exact(self) -> Expr:
        """The rate, 0 where the guard does not hold; for the others whether the guard holds."""
        guard = Num(1.0) if self.guard is None else self.guard
        if self.kind != "rate":
            return guard
        clock = Num(0.0) if self.clock is None else self.clock
        return clock if self.guard is None else Choose(guard, clock, Num(0.0))

    @property
    def proposal(self) -> Expr:
        """What proposals are made under: the bound of a rate that moves between events, else the exact value."""
        return self.exact if self.bound is None else self.bound


@dataclass(frozen=True, slots=True)
class StateTable:
    """One state variable: its slots are start .. start + size, the last kind fastest.

    `half_life` is an expression of parameters, in days, or None; `drift` says how a state moves that is no memory. A
    value that `holds` entities or levels is a position in `labels`. `low` and `high` bound what effects may write. A
    `hidden` state is none that an author declared.
    """

    name: str
    start: int
    shape: tuple[int, ...]
    kinds: tuple[str, ...]
    labels: tuple[str, ...] | None
    half_life: Expr | None
    holds: Literal["number", "truth", "entity", "level"] = "number"
    low: float = -math.inf
    high: float = math.inf
    hidden: bool = False
    origin: Origin | None = None
    drift: Drift | None = None

    @property
    def size(self) -> int:
        """How many slots it has."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """A parameter: its prior by name with numbers; its value sits in state slot `slot`.

    The bounds of rates are `proved` for values in this interval: all of the line if no proof reads the parameter.
    `luck` names the parameters whose normal numbers it is drawn from, with their weights; () for its own luck.
    """

    name: str
    kind: PriorKind
    of: tuple[tuple[str, float], ...]
    options: tuple[tuple[float, float], ...]
    slot: int
    proved: Interval = EVERYTHING
    origin: Origin | None = None
    luck: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """A question: `answer` is read from the final state; `days` is when it resolves."""

    name: str
    type: Literal["binary", "number", "date"]
    table: Table
    answer: Expr
    days: float
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class SeriesColumn:
    """One recorded series; a value with labels is a position in them, -1 for none, and a `truth` is 0 or 1.

    `shows` says which part of which word it shows, None where it shows something else.
    """

    name: str
    watch: str
    index: tuple[str, ...]
    labels: tuple[str, ...] | None
    shows: Origin | None = None
    truth: bool = False


@dataclass(frozen=True, slots=True)
class WatchTable:
    """One watch: its code, one row per series; columns first .. first + rows of the series."""

    name: str
    first: int
    table: Table
    of: Expr


@dataclass(frozen=True, slots=True)
class Dependents:
    """What to evaluate again when a slot changes.

    slot s has the segments start[s] .. start[s + 1]; segment i means rows[row_start[i] .. row_start[i + 1]] of
    rule table template[i], or of the factor of rule table template[i] - (number of rule tables). `target` says
    where each value goes: the leaf of a rate, the number of a factor, the ground rule of a trigger.
    """

    start: Ints
    template: Ints
    row_start: Ints
    rows: Ints
    target: Ints


@dataclass(frozen=True, slots=True)
class Model:
    """A scenario ready to run. Ground rules are numbered through all rule tables in declared order.

    `dependents` is the graph of the direct sampler, with shared factors; in `dependents_alone` every ground rule
    stands for itself and is its own target. `tallied` says in the same way which terms of `tallies` read a slot: its
    templates are their numbers, its targets the numbers of terms; those of total c are terms_of[c] .. terms_of[c + 1].
    `memories_of` gives for ground rule g the memories that its rate under a bound, or its guard that time can turn,
    reads: memories_of[1][memories_of[0][g] .. memories_of[0][g + 1]].
    """

    title: str
    starts: date
    days: float
    kinds: dict[str, tuple[str, ...]]
    states: tuple[StateTable, ...]
    slots: int
    begin: Floats
    begin_writes: tuple[tuple[int, Expr, float, float], ...]
    ints: Ints
    floats: Floats
    rules: tuple[RuleTable, ...]
    rule_of: Ints
    leaves: Leaves
    dependents: Dependents
    dependents_alone: Dependents
    tallies: tuple[TallyTable, ...]
    terms_of: Ints
    tallied: Dependents
    memories_of: tuple[Ints, Ints]
    parameters: tuple[ParameterInfo, ...]
    questions: tuple[QuestionInfo, ...]
    watches: tuple[WatchTable, ...]
    series: tuple[SeriesColumn, ...]
    grid: Floats

    @property
    def ground_rules(self) -> int:
        """How many ground rules there are."""
        return len(self.rule_of)

    def binding(self, ground_rule: int) -> str:
        """The binding of a ground rule in the author's words, such as `a=us, p=tanf`."""
        if not 0 <= ground_rule < self.ground_rules:
            raise UsageError(f"ground rules are numbered from 0 to {self.ground_rules - 1}, there is no {ground_rule}")
        rule = self.rules[self.rule_of[ground_rule]]
        row = rule.bindings[ground_rule - rule.first]
        return ", ".join(
            f"{name}={self.kinds[kind][int(i)]}" for (name, kind), i in zip(rule.variables, row, strict=True)
        )

    def bindings(self) -> Iterator[str]:
        """The bindings of all ground rules, in their order."""
        for rule in self.rules:
            parts = [[f"{name}={member}" for member in self.kinds[kind]] for name, kind in rule.variables]
            for row in rule.bindings.tolist():
                yield ", ".join([part[i] for part, i in zip(parts, row, strict=True)])

    def slot_name(self, slot: int) -> str:
        """A slot in the author's words, such as `force[us, tanf]`."""
        for state in self.states:
            if state.start <= slot < state.start + state.size:
                where = np.unravel_index(slot - state.start, state.shape) if state.shape else ()
                names = ", ".join(self.kinds[k][int(i)] for k, i in zip(state.kinds, where, strict=True))
                return f"{state.name}[{names}]" if names else state.name
        return next((p.name for p in self.parameters if p.slot == slot), f"slot {slot}")
