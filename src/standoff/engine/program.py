"""A model made ready to run many times, and one run of it through the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.engine import kernel
from standoff.engine.begin import EVENT_LIMIT, answers, begin, dated, stop_of, stopped
from standoff.engine.emit import FAULT_SLOT, FAULT_VALUE, FAULTS
from standoff.engine.evaluate import Machine, Stop
from standoff.engine.native import Native
from standoff.engine.parameters import draw_parameters
from standoff.engine.streams import stream_key
from standoff.engine.sums import shift_for
from standoff.engine.trajectory import Trajectory
from standoff.model import Model

_KINDS = {"rate": kernel.RATE, "trigger": kernel.TRIGGER, "timed": kernel.TIMED}
_EVENTS_AT_FIRST = 4096


class Program:
    """A compiled model: tables as the kernel wants them, and the addresses of its functions."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.native = Native(model)
        rules = model.rules
        self.tables = (
            np.array([_KINDS[r.kind] for r in rules], dtype=np.int32),
            np.array([r.first for r in rules], dtype=np.int32),
            np.array([r.bound is not None for r in rules], dtype=np.bool_),
        )
        self.silent = np.array([r.silent for r in rules], dtype=np.bool_)
        triggers = [np.arange(r.first, r.first + r.rows) for r in rules if r.kind == "trigger"]
        self.triggers = np.concatenate([*triggers, np.zeros(0, np.int64)]).astype(np.int64)
        graph = model.dependents
        widest = max([1, *np.diff(graph.row_start), *(r.rows for r in rules), *(w.table.rows for w in model.watches)])
        self.every_row = np.arange(widest, dtype=np.int32)
        self.graph = (graph.start, graph.template, graph.row_start, graph.rows)
        self.watches = (
            self.native.watches,
            np.array([w.first for w in model.watches], dtype=np.int64),
            np.array([w.table.rows for w in model.watches], dtype=np.int64),
        )
        self.sizes = np.array([r.rows for r in rules], dtype=np.int64)


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

    def __post_init__(self) -> None:
        model = self.program.model
        self.x, self.last, self.decay = self.machine.x, self.machine.last, self.machine.decay
        self.stream = np.zeros(5, np.uint64)
        self.stream[0] = self.machine.stream.key
        self.touched = np.zeros(model.slots + 2, np.int64)
        self.mark = np.zeros(model.slots, np.int64)
        self.head = np.zeros(8)
        self.out = np.zeros(len(self.program.every_row))
        shared = (
            self.x, self.last, self.decay, model.ints, model.floats, self.stream, self.touched, self.mark, self.head,
        )  # fmt: skip
        self.context = np.array([a.ctypes.data for a in shared], dtype=np.int64)
        shift = shift_for(model.ground_rules)
        tops = (model.ground_rules >> (2 * shift)) + 1
        self.sums = (np.zeros(tops << (2 * shift)), np.zeros(tops << shift), np.zeros(tops))
        self.flags = (np.zeros(model.ground_rules, np.bool_), np.zeros(model.ground_rules, np.bool_))
        self.clock = np.zeros(4)
        self.counts = np.zeros(10, np.int64)
        self.shift = np.uint64(shift)
        pointed = (self.out, self.context, model.dependents.rows, self.program.every_row)
        self.addresses = np.array([a.ctypes.data for a in pointed], dtype=np.int64)


def run(
    program: Program,
    *,
    seed: int,
    run: int,
    parameters: NDArray[np.float64] | None = None,
    record: bool = True,
    frozen: bool = False,
) -> Trajectory:
    """Make one run; raises RunStopped. Without `record` no events are kept."""
    model = program.model
    if parameters is None:
        parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
    machine = begin(model, parameters, stream_key(seed, run, "direct"), seed=seed, run=run)
    state = State(machine, program)
    pairs = dated(model, machine, frozen=frozen)
    timed = (np.array([d for d, _ in pairs], dtype=np.float64), np.array([g for _, g in pairs], dtype=np.int64))
    _first_look(program, state, frozen, seed, run)
    series = np.zeros((len(model.grid), len(model.series)))
    events = _room(_EVENTS_AT_FIRST if record else 1)
    while True:
        status = kernel.advance(
            model.days, *program.graph, program.native.values, program.native.exacts, program.native.fires,
            *program.tables, model.rule_of, program.silent, *model.memories_of, program.triggers, *timed, model.grid,
            series, *program.watches, state.addresses, state.out, state.touched, state.head, state.x, state.last,
            state.decay, state.stream, *events, *state.sums, *state.flags, state.clock, state.counts, state.shift,
            EVENT_LIMIT, frozen, record,
        )  # fmt: skip
        if status != kernel.NEEDS_SPACE:
            break
        events = tuple(np.concatenate([a, np.zeros_like(a)]) for a in events)  # type: ignore[assignment]
    if status != kernel.DONE:
        _raise(program, state, int(status), seed, run)
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


def _first_look(program: Program, state: State, frozen: bool, seed: int, run: int) -> None:
    fault = kernel.first_look(
        program.sizes, program.native.values, state.out, state.addresses, *program.tables, *state.sums, *state.flags,
        state.clock, state.counts, state.shift, frozen,
    )  # fmt: skip
    if fault:
        _raise(program, state, int(fault), seed, run)


def _raise(program: Program, state: State, status: int, seed: int, run: int) -> None:
    model, day = program.model, float(state.clock[kernel.T])
    ground_rule = int(state.counts[kernel.FAULT_RULE]) if status != 507 else -1
    if status in FAULTS:
        stop = Stop(FAULTS[status], int(state.head[FAULT_SLOT]), float(state.head[FAULT_VALUE]))
        raise stop_of(model, stop, ground_rule, day, seed, run)
    values = {} if status in (503, 507) else {"rate": float(state.clock[kernel.VALUE])}
    raise stopped(model, f"SD{status}", ground_rule, day, seed, run, values)
