"""A model made ready to run many times, and one run of it through the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.begin import EVENT_LIMIT, answers, begin, dated, read_by, stop_of, stopped
from standoff.engine.clocks import clock_keys, clock_names
from standoff.engine.compiled_clocks import start_clocks
from standoff.engine.compiled_sums import CHUNK, rebuild
from standoff.engine.emit import FAULT_SLOT, FAULT_VALUE, FAULTS
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.native import Native
from standoff.engine.parameters import draw_parameters
from standoff.engine.streams import stream_key
from standoff.engine.sums import ROW
from standoff.engine.trajectory import Sampler, Trajectory
from standoff.model import Model, Share

_KINDS = {"rate": kernel.RATE, "trigger": kernel.TRIGGER, "timed": kernel.TIMED}
_EVENTS_AT_FIRST = 4096

# The kernel's many arrays are passed on in groups; it alone knows their types.
Arrays = tuple[Any, ...]


class Program:
    """A compiled model: tables as the kernel wants them, and the addresses of its functions."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.native = Native(model)
        rules = model.rules
        self.silent = np.array([r.silent for r in rules], dtype=np.bool_)
        triggers = [np.arange(r.first, r.first + r.rows) for r in rules if r.kind == "trigger"]
        self.triggers = np.concatenate([*triggers, np.zeros(0, np.int64)]).astype(np.int64)
        graphs = (model.dependents, model.dependents_alone)
        widths = (np.diff(graph.row_start).max(initial=1) for graph in graphs)
        sizes = [r.rows for r in rules] + [w.table.rows for w in model.watches]
        self.every_row = np.arange(max([*widths, *sizes]), dtype=np.int32)
        self.watches = (
            self.native.watches,
            np.array([w.first for w in model.watches], dtype=np.int64),
            np.array([w.table.rows for w in model.watches], dtype=np.int64),
        )
        self.memories = max(1, int(np.diff(model.memories_of[0]).max(initial=1)))

    @cached_property
    def direct(self) -> Walk:
        """What the kernel walks under the direct sampler."""
        return Walk(self, coupled=False)

    @cached_property
    def coupled(self) -> Walk:
        """What the kernel walks under the coupled sampler."""
        return Walk(self, coupled=True)

    @cached_property
    def clock_names(self) -> NDArray[np.uint64]:
        """What names each ground rule's stream under the coupled sampler."""
        return clock_names(self.model)


class Walk:
    """The tables of one sampler: rule tables first, then, for `direct`, their shared factors."""

    def __init__(self, program: Program, *, coupled: bool) -> None:
        model, native = program.model, program.native
        rules, layout = model.rules, model.leaves
        every = program.every_row
        self.shares = [None if coupled else rule.share for rule in rules]
        kinds = [_KINDS[rule.kind] for rule in rules] + [kernel.FACTOR] * len(rules)
        firsts = [rule.first for rule in rules] * 2
        bounded = [rule.bound is not None for rule in rules] * 2
        self.values = np.concatenate([native.values_alone if coupled else native.values, native.factors])
        self.tables = (
            np.array(kinds, dtype=np.int32), np.array(firsts, dtype=np.int32), np.array(bounded, dtype=np.bool_)
        )  # fmt: skip
        graph = model.dependents_alone if coupled else model.dependents
        self.graph = (graph.start, graph.template, graph.row_start, graph.rows, graph.target)
        self.shift = np.uint64(layout.shift)
        self.layout: Arrays = (
            layout.leaf_of, layout.ground_of, layout.chunk_of, layout.block_start, layout.factor_start
        )
        if coupled:
            self.layout = (None,) * 5
        first_targets = [self._targets(rule.first, rule.rows, rule.kind, coupled, layout.leaf_of) for rule in rules]
        first_targets += [_factors(share) for share in self.shares]
        sizes = np.array([len(t) for t in first_targets], dtype=np.int64)
        rows = [every] * len(rules) + [every if share is None else share.row for share in self.shares]
        self.first = (
            sizes, self.values, np.array([r.ctypes.data for r in rows], dtype=np.int64),
            np.concatenate([*first_targets, np.zeros(1, np.int64)]).astype(np.int64), np.cumsum(sizes) - sizes,
        )  # fmt: skip

    @staticmethod
    def _targets(first: int, rows: int, kind: str, coupled: bool, leaf_of: NDArray[np.int32]) -> NDArray[Any]:
        ground = np.arange(first, first + rows)
        return leaf_of[ground] if kind == "rate" and not coupled else ground


def _factors(share: Share | None) -> NDArray[np.int64]:
    return np.zeros(0, np.int64) if share is None else share.first + np.arange(len(share.row), dtype=np.int64)


_KEPT = 4
_prepared: list[Program] = []


def prepare(model: Model) -> Program:
    """Compile a model; the last few are kept, so that asking again costs nothing."""
    for program in _prepared:
        if program.model is model:
            return program
    program = Program(model)
    _prepared.append(program)
    del _prepared[:-_KEPT]
    return program


@dataclass
class State:
    """The arrays of one run that kernel and compiled functions share."""

    machine: Machine
    program: Program
    walk: Walk
    keys: NDArray[np.uint64] | None

    def __post_init__(self) -> None:
        model = self.program.model
        self.x, self.last, self.decay = self.machine.x, self.machine.last, self.machine.decay
        self.stream = np.zeros(5, np.uint64)
        self.stream[0] = self.machine.stream.key
        self.touched = np.zeros(model.slots + 2, np.int64)
        self.mark = np.zeros(model.slots, np.int64)
        self.head = np.zeros(8)
        self.kept = np.zeros(self.program.memories)
        self.out = np.zeros(len(self.program.every_row))
        shared = (
            self.x, self.last, self.decay, model.ints, model.floats, self.stream, self.touched, self.mark, self.head,
        )  # fmt: skip
        self.context = np.array([a.ctypes.data for a in shared], dtype=np.int64)
        self.sums, self.clocks = self._sums(), self._clocks()
        self.flags = (np.zeros(model.ground_rules, np.bool_), np.zeros(model.ground_rules, np.bool_))
        self.clock = np.zeros(4)
        self.counts = np.zeros(9, np.int64)
        pointed = (self.out, self.context, self.walk.graph[3], self.program.every_row)
        self.addresses = np.array([a.ctypes.data for a in pointed], dtype=np.int64)

    def _sums(self) -> Arrays:
        layout = self.program.model.leaves
        if self.keys is not None:
            return np.zeros(len(self.keys)), None, None, None
        chunks = len(layout.block_start) - 1
        rows = ((chunks - 1) >> ROW) + 1
        numbers = np.zeros(CHUNK * chunks)
        numbers[:: CHUNK] = 1.0
        return np.zeros(len(layout.ground_of)), np.zeros(len(layout.chunk_of)), numbers, np.zeros(rows)

    def _clocks(self) -> Arrays:
        keys = self.keys
        if keys is None:
            return (None,) * 7
        shift = int(self.walk.shift)
        tops = (len(keys) >> (2 * shift)) + 1
        times, soonest, top = (np.full(tops << level, np.inf) for level in (2 * shift, shift, 0))
        floats = np.zeros(len(keys)), np.zeros(len(keys))
        return keys, np.zeros(len(keys), np.int64), *floats, times, soonest, top


def run(
    program: Program,
    *,
    seed: int,
    run: int,
    parameters: NDArray[np.float64] | None = None,
    record: bool = True,
    frozen: bool = False,
    sampler: Sampler = "direct",
) -> Trajectory:
    """Make one run; raises RunStopped. Without `record` no events are kept."""
    model, coupled = program.model, sampler == "coupled"
    if parameters is None:
        parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
    machine = begin(model, parameters, stream_key(seed, run, sampler), seed=seed, run=run)
    keys = clock_keys(program.clock_names, seed, run) if coupled else None
    state = State(machine, program, program.coupled if coupled else program.direct, keys)
    pairs = dated(model, machine, frozen=frozen)
    timed = (np.array([d for d, _ in pairs], dtype=np.float64), np.array([g for _, g in pairs], dtype=np.int64))
    _first_look(state, frozen, seed, run)
    series = np.zeros((len(model.grid), len(model.series)))
    walk, native = state.walk, program.native
    events = _room(_EVENTS_AT_FIRST if record else 1)
    while True:
        status = kernel.advance(
            model.days, *walk.graph, walk.values, native.exacts, native.fires, *walk.tables, model.rule_of,
            program.silent, *model.memories_of, program.triggers, *timed, model.grid, series, *program.watches,
            state.addresses, state.out, state.touched, state.head, state.kept, state.x, state.last, state.decay,
            state.stream, *events, *walk.layout, *state.sums, *state.clocks, *state.flags, state.clock, state.counts,
            walk.shift, EVENT_LIMIT, frozen, record,
        )  # fmt: skip
        if status != kernel.NEEDS_SPACE:
            break
        events = tuple(np.concatenate([a, np.zeros_like(a)]) for a in events)  # type: ignore[assignment]
    if status != kernel.DONE:
        _raise(state, int(status), seed, run)
    machine.t = model.days
    n = int(state.counts[kernel.EVENTS])
    head = events[2][:n]
    return Trajectory(
        time=events[0][:n].copy(),
        rule=events[1][:n].astype(np.int32),
        source=head[:, 0].astype(np.int32),
        target=head[:, 1].astype(np.int32),
        place=head[:, 2].astype(np.int32),
        size=head[:, 3].copy(),
        series=series,
        answers=answers(model, machine),
        parameters=np.asarray(parameters, dtype=np.float64),
        fired=int(state.counts[kernel.FIRED]),
        rejected=int(state.counts[kernel.REJECTED]),
    )


def _room(size: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    return np.zeros(size), np.zeros(size, np.int64), np.zeros((size, 4))


def _first_look(state: State, frozen: bool, seed: int, run: int) -> None:
    walk, sums = state.walk, state.sums
    chunks = np.zeros(0) if sums[2] is None else sums[2]
    fault = kernel.first_look(
        *walk.first, state.out, state.addresses, *walk.tables, state.program.model.leaves.factor_start, sums[0], chunks,
        *state.flags, state.clock, state.counts, frozen,
    )  # fmt: skip
    if fault:
        _raise(state, int(fault), seed, run)
    if state.keys is None:
        state.clock[kernel.TOTAL] = rebuild(*sums, walk.layout[2], walk.shift)
        state.clock[kernel.PEAK] = state.clock[kernel.TOTAL]
    else:
        keys, _, left, _, *times = state.clocks
        start_clocks(keys, sums[0], left, *times, walk.shift)


def _raise(state: State, status: int, seed: int, run: int) -> None:
    model, day = state.program.model, float(state.clock[kernel.T])
    ground_rule = int(state.counts[kernel.FAULT_RULE]) if status != 507 else -1
    if status in FAULTS:
        stop = Stop(FAULTS[status], int(state.head[FAULT_SLOT]), float(state.head[FAULT_VALUE]))
        raise stop_of(model, stop, ground_rule, day, seed, run)
    values = {} if status in (503, 507) else {"rate": float(state.clock[kernel.VALUE])}
    state.machine.t = day
    values |= read_by(model, state.machine, ground_rule)
    raise stopped(model, f"SD{status}", ground_rule, day, seed, run, values)
