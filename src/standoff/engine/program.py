"""A model with its compiled functions and arrays, prepared once, so that many runs can be made of it."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.clocks import clock_names
from standoff.engine.evaluate import Operands, fading
from standoff.engine.native import Native
from standoff.engine.structures import StartTables, WalkTables
from standoff.engine.sums import ROW
from standoff.model import Leaves, Model, code, content_digest, everything, readers

_KINDS = {"rate": kernel.RATE, "trigger": kernel.TRIGGER, "timed": kernel.TIMED}

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RuleColumns:
    """What the kernel knows of each rule, and of each factor behind them: (2 x rules,).

    `kind`: one of the kernel's; `first`: its first ground rule; `bounded`: whether it is proposed under a bound.
    """

    kind: NDArray[np.int32]
    first: NDArray[np.int32]
    bounded: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class WatchColumns:
    """For each watch the address of its code, its first column and its number of columns."""

    code: Longs
    first: Longs
    rows: Longs


@dataclass(frozen=True, slots=True, eq=False)
class StartColumns:
    """What each value that is worked out at the start is written to, and where states with a half-life lie.

    `slot`, `low`, `high`: (begin_writes,); `first`, `end`: (fading states,).
    """

    slot: Longs
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    first: Longs
    end: Longs

    @classmethod
    def of(cls, model: Model) -> StartColumns:
        """The columns of a model."""
        writes, lie = model.begin_writes, [slots for _, _, slots in fading(model)]
        return cls(
            np.array([slot for slot, _, _, _ in writes], dtype=np.int64),
            np.array([low for _, _, low, _ in writes], dtype=np.float64),
            np.array([high for _, _, _, high in writes], dtype=np.float64),
            np.array([slots.start for slots in lie], dtype=np.int64),
            np.array([slots.stop for slots in lie], dtype=np.int64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class TallyColumns:
    """For each tally table its first term, with one number more; for each term its row and its total."""

    first: NDArray[np.int32]
    row: NDArray[np.int32]
    total: NDArray[np.int32]

    @classmethod
    def of(cls, model: Model) -> TallyColumns:
        """The columns of a model."""
        none = np.zeros(0, np.int32)
        rows = np.concatenate([none, *(table.rows for table in model.tallies)])
        firsts = np.array([*(table.first for table in model.tallies), len(rows)], dtype=np.int32)
        return cls(firsts, rows, np.concatenate([none, *(table.total_of for table in model.tallies)]))


@dataclass(frozen=True, slots=True, eq=False)
class TurnColumns:
    """The guards that time alone can turn, numbered one rule after another.

    `first`: (rules,) the number of each rule's first one, -1 for none; `timely`: (rules,) whether its guard reads the
    time; `rule`: (guards,) the ground rule of each.
    """

    first: NDArray[np.int32]
    timely: NDArray[np.bool_]
    rule: NDArray[np.int32]

    @classmethod
    def of(cls, model: Model) -> TurnColumns:
        """The columns of a model."""
        count, firsts, ground = 0, [], [np.zeros(0, np.int32)]
        for rule in model.rules:
            firsts.append(-1 if rule.turns is None else count)
            if rule.turns is not None:
                ground.append(np.arange(rule.first, rule.first + rule.rows, dtype=np.int32))
                count += rule.rows
        timely = np.array([rule.turns is not None and code.timely(rule.exact) for rule in model.rules], dtype=np.bool_)
        return cls(np.array(firsts, dtype=np.int32), timely, np.concatenate(ground))


class Program:
    """A compiled model: tables as the kernel wants them, and the addresses of its functions.

    Any number of threads may use one program: what only one sampler needs is made once, by the first that asks.
    """

    def __init__(self, model: Model, *, hurry: bool = False) -> None:
        self._lock = RLock()
        self._walks: dict[bool, Walk] = {}
        self._fingerprint = ""
        self._clock_names: NDArray[np.uint64] | None = None
        self.model = model
        self.native = Native(model, hurry=hurry)
        rules = model.rules
        self.silent = np.array([r.silent for r in rules], dtype=np.bool_)
        self.trigger_end = max((r.first + r.rows for r in rules if r.kind == "trigger"), default=0)
        graphs = (model.dependents, model.dependents_alone, model.tallied)
        widths = (np.diff(graph.row_start).max(initial=1) for graph in graphs)
        sizes = [r.rows for r in rules] + [w.table.rows for w in model.watches]
        self.every_row = np.arange(max([*widths, *sizes]), dtype=np.int32)
        self.watches = WatchColumns(
            self.native.watches,
            np.array([w.first for w in model.watches], dtype=np.int64),
            np.array([w.table.rows for w in model.watches], dtype=np.int64),
        )
        self.turning = TurnColumns.of(model)
        called = [(k, rule.rows) for k, rule in enumerate(rules) if rule.is_called]
        self.called, self.called_rows = np.array(called, np.int64).reshape(-1, 2).T.copy()
        self.operands = Operands(model)
        self.memories = max(1, int(np.diff(model.memories_of[0]).max(initial=1)))

    @property
    def direct(self) -> Walk:
        """What the kernel walks under the direct sampler."""
        return self._walk(coupled=False)

    @property
    def coupled(self) -> Walk:
        """What the kernel walks under the coupled sampler."""
        return self._walk(coupled=True)

    def _walk(self, *, coupled: bool) -> Walk:
        # Under a lock, and never made anew: a second thread would free the machine code that the first one runs.
        with self._lock:
            if coupled not in self._walks:
                self._walks[coupled] = Walk(self, coupled=coupled)
            return self._walks[coupled]

    @property
    def fingerprint(self) -> str:
        """A digest of the model: a held run can go on only where it is the same."""
        with self._lock:
            if not self._fingerprint:
                self._fingerprint = content_digest(self.model)
            return self._fingerprint

    @property
    def clock_names(self) -> NDArray[np.uint64]:
        """What names each ground rule's stream under the coupled sampler."""
        with self._lock:
            if self._clock_names is None:
                self._clock_names = clock_names(self.model)
            return self._clock_names


def _spans(layout: Leaves) -> NDArray[np.int32]:
    """(chunks, 3): the first member of each, how many its leaves have, and the first of their factors, -1 for none."""
    has = layout.factors_start[:-1] < layout.factors_start[1:]
    chunks = np.diff(layout.chunk_start)
    spans = np.empty((len(layout.block_start) - 1, kernel.SPAN), dtype=np.int32)
    spans[:, kernel.FIRST] = layout.member_start[layout.block_start[:-1] << layout.shift]
    spans[:, kernel.EACH] = np.repeat(layout.members, chunks)
    spans[:, kernel.FACTORS] = np.repeat(np.where(has, layout.factors_start[:-1], -1), chunks)
    return spans


class Walk:
    """The tables of one sampler: rule tables first, then, for `direct`, their shared factors."""

    def __init__(self, program: Program, *, coupled: bool) -> None:
        model, native = program.model, program.native
        self._model = model
        rules, layout = model.rules, model.leaves
        kinds = [_KINDS[rule.kind] for rule in rules] + [kernel.FACTOR] * len(rules)
        firsts = [rule.first for rule in rules] * 2
        bounded = [rule.bound is not None for rule in rules] * 2
        # What `values` point at lives as long as this.
        self.code: Any
        values, self.code = native.whole() if coupled else (native.values, native)
        self.values = np.concatenate([values, native.factors])
        self.rules = RuleColumns(
            np.array(kinds, dtype=np.int32), np.array(firsts, dtype=np.int32), np.array(bounded, dtype=np.bool_)
        )
        self.graph = model.dependents_alone if coupled else model.dependents
        self.shift = layout.shift
        # Clocks stand for themselves and have no sums, so they need no layout of leaves.
        self.leaves: Leaves | None = None if coupled else layout
        self.chunks = 0 if coupled else len(layout.block_start) - 1
        self.sum_rows = 0 if coupled else ((self.chunks - 1) >> ROW) + 1
        self.spans = _spans(layout)
        # The rule of each member beside it, so that one look-up gives both.
        self.members = np.stack([layout.member, model.rule_of[layout.member]], axis=1)
        # How many numbers each array of a state's sums has.
        sums = (layout.member_start[1:], layout.groups_start[1:], layout.chunk_of)
        self.sums = (*map(len, sums), kernel.CHUNK * self.chunks, self.sum_rows)
        self.tops = (model.ground_rules >> 2 * self.shift) + 1
        self.tallies = TallyColumns.of(model)
        self.tables = self._tables(program)
        self.whole = everything(model, shared=not coupled)
        # What tables point at has to live as long as they do.
        self.begins, self.weights = StartColumns.of(model), None if coupled else layout.begin_weights
        self.start = self._start(program)
        self._readers: dict[int, tuple[int, ...]] = {}

    def readers(self, slot: int) -> tuple[int, ...]:
        """Which segments of `whole` read a parameter, by its slot."""
        if slot not in self._readers:
            shared = self.leaves is not None
            self._readers[slot] = tuple(readers(self._model, self.whole, slot, shared=shared))
        return self._readers[slot]

    def _tables(self, program: Program) -> WalkTables:
        model, graph, rules, leaves, watches = program.model, self.graph, self.rules, self.leaves, program.watches
        tables = WalkTables()
        tables.fill(
            slot_start=graph.start, dep_rule=graph.template, dep_start=graph.row_start, dep_rows=graph.rows,
            dep_target=graph.target, values=self.values, exacts=program.native.exacts, fires=program.native.fires,
            tallies=program.native.tallies, tally_count=len(model.tallies), tally_firsts=self.tallies.first,
            term_rows=self.tallies.row, total_of=self.tallies.total, terms_of=model.terms_of,
            total_count=len(model.terms_of) - 1, tally_start=model.tallied.start, tally_of=model.tallied.template,
            tally_row_start=model.tallied.row_start, tally_rows=model.tallied.rows, tally_terms=model.tallied.target,
            kinds=rules.kind, firsts=rules.first, bounded=rules.bounded, rule_of=model.rule_of,
            memory_start=model.memories_of[0], memory_slots=model.memories_of[1], trigger_end=program.trigger_end,
            mays=program.native.mays, musts=program.native.musts, turning=program.turning.first,
            timely=program.turning.timely, turn_count=len(program.turning.rule), turn_rules=program.turning.rule,
            every_row=program.every_row, grid=model.grid, grid_count=len(model.grid),
            watches=watches.code, watch_firsts=watches.first, watch_sizes=watches.rows,
            watch_count=len(watches.code), columns=len(model.series),
            answers=program.native.answers, answer_count=len(model.questions), leaf_of=leaves and leaves.leaf_of,
            member_start=leaves and leaves.member_start, member=leaves and self.members,
            chunk_of=leaves and leaves.chunk_of, block_start=leaves and leaves.block_start,
            chunk_start=leaves and leaves.chunk_start, spans=leaves and self.spans,
            factors_start=leaves and leaves.factors_start,
            factors=leaves and leaves.factors, groups_start=leaves and leaves.groups_start,
            groups=leaves and leaves.groups,
            leaf_count=len(leaves.member_start) - 1 if leaves else 0,
            group_count=len(leaves.members) if leaves else 0, block_count=len(leaves.chunk_of) if leaves else 0,
            chunk_count=self.chunks, row_count=self.sum_rows, clock_count=0 if leaves else model.ground_rules,
            top_count=0 if leaves else self.tops, shift=self.shift, last_day=model.days,
        )  # fmt: skip
        return tables

    def _start(self, program: Program) -> StartTables:
        model, native, whole, begins, slots = self._model, program.native, self.whole, self.begins, program.operands
        start = StartTables()
        start.fill(
            begin=model.begin, slot_count=model.slots, parameters=slots.parameter_slots,
            parameter_count=len(model.parameters), values=native.begins, value_slots=begins.slot,
            value_lows=begins.low, value_highs=begins.high, value_count=len(begins.slot), half_lives=native.half_lives,
            fading_starts=begins.first, fading_ends=begins.end, fading_count=len(begins.first),
            weights=self.weights, templates=whole.template, row_start=whole.row_start,
            rows=whole.rows, targets=whole.target, segment_count=len(whole.template),
        )  # fmt: skip
        return start


_KEPT = 4
_prepared: list[Program] = []
_preparing = RLock()


def prepare(model: Model, *, hurry: bool = False) -> Program:
    """Compile a model; the last few are kept, so that asking again costs nothing.

    In a `hurry`, for a few runs, code that is not kept from earlier is compiled in a third of the time and runs at half
    the speed. It makes the same runs.
    """
    with _preparing:
        # The newest first: who is in a hurry too gets code that runs fast where somebody waited for it.
        for program in reversed(_prepared):
            if program.model is model and (hurry or not program.native.hurried):
                return program
        program = Program(model, hurry=hurry)
        _prepared.append(program)
        del _prepared[:-_KEPT]
        return program
