"""What happens before the first event: parameters are set, starting values worked out, dates fixed."""

from __future__ import annotations

import math
from bisect import insort

import numpy as np
from numpy.typing import NDArray

from standoff.engine.evaluate import Machine, Operands, Stop
from standoff.engine.streams import Stream
from standoff.errors import CODES, RunStopped
from standoff.model import Model, code

EVENT_LIMIT = 20_000_000
"""A run of more firings and refused proposals than this is stopped as a runaway."""

MOST_AT_ONCE = 10_000
"""More triggers than this at one instant are a loop without delay."""

BOUND_SLACK = 1.0 + 1e-9
"""By how much a rate may exceed its bound: both are rounded."""

_MOST_VALUES = 8

_ROW = code.Table(rows=1, int_start=0, ints=0, float_start=0, floats=0)


def begin(
    model: Model, parameters: NDArray[np.float64], key: int, *, seed: int, run: int, operands: Operands | None = None
) -> Machine:
    """The state at day 0, before any trigger; raises RunStopped where a starting value is impossible."""
    x, last, decay = (np.zeros(model.slots) for _ in range(3))
    machine = Machine(operands or Operands(model), x, last, decay, Stream(key))
    begin_in(machine, model, parameters, key, seed=seed, run=run)
    return machine


def begin_in(
    machine: Machine, model: Model, parameters: NDArray[np.float64], key: int, *, seed: int, run: int
) -> None:
    """As `begin`, in the arrays of another run of the same model."""
    x = machine.x
    x[:], machine.last[:], machine.t, machine.stream = model.begin, 0.0, 0.0, Stream(key)
    slots = machine.operands.parameter_slots
    x[slots] = parameters.reshape(len(slots))
    for slot, expression, low, high in model.begin_writes:
        value = machine.value(expression, _ROW, 0)
        if not low <= value <= high:
            raise stopped(model, "SD504", -1, 0.0, seed, run, {model.slot_name(slot): value})
        x[slot] = value
    for name, half_life, fading in machine.operands.fading:
        days = machine.value(half_life, _ROW, 0)
        if not 0.0 < days < math.inf:
            raise stopped(model, "SD504", -1, 0.0, seed, run, {f"half_life of {name}": days})
        machine.decay[fading] = math.log(2.0) / days


def dated(model: Model, machine: Machine, *, frozen: bool) -> list[tuple[float, int]]:
    """When each timed ground rule happens: (day, ground rule) in order; a frozen run keeps only silent ones."""
    moments = machine.operands.dates[frozen].copy()
    for rule in machine.operands.movable:
        if rule.clock is not None and (rule.silent or not frozen):
            for row in range(rule.rows):
                day = machine.value(rule.clock, rule.table, row)
                if 0.0 <= day <= model.days:
                    insort(moments, (day, rule.first + row))
    return moments


def answers(model: Model, machine: Machine, *, seed: int, run: int, frozen: bool) -> NDArray[np.float64]:
    """The answers to all questions as they are now; raises RunStopped for one that is not finite at the end.

    On the way, and where nothing happens (frozen), an answer may have no number yet.
    """
    values_now = np.array([machine.value(q.answer, q.table, 0) for q in model.questions], dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(values_now))
    if machine.t >= model.days and not frozen and len(wrong):
        name, values = model.questions[wrong[0]].name, {model.questions[i].name: float(values_now[i]) for i in wrong}
        raise RunStopped(
            "SD504", found=CODES["SD504"], rule=name, binding="", time_days=machine.t, values=values, run=run, seed=seed
        )
    return values_now


def stopped(
    model: Model, fault: str, ground_rule: int, day: float, seed: int, run: int, values: dict[str, float]
) -> RunStopped:
    """The message of a run that must not go on."""
    nobody = "begin" if fault == "SD504" else "all rules together"
    name = model.rules[model.rule_of[ground_rule]].name if ground_rule >= 0 else nobody
    binding = model.binding(ground_rule) if ground_rule >= 0 else ""
    return RunStopped(
        fault, found=CODES[fault], rule=name, binding=binding, time_days=day, values=values, run=run, seed=seed
    )  # fmt: skip


def read_by(model: Model, machine: Machine, ground_rule: int) -> dict[str, float]:
    """The values at this moment that a ground rule's rate or guard reads, the first few, by the author's names."""
    if ground_rule < 0:
        return {}
    graph = model.dependents_alone
    segments = np.searchsorted(graph.row_start, np.flatnonzero(graph.target == ground_rule), side="right") - 1
    rated = model.rules[model.rule_of[ground_rule]]
    mine = [int(i) for i in segments if model.rules[graph.template[i]] is rated]
    slots = sorted({int(np.searchsorted(graph.start, i, side="right")) - 1 for i in mine})
    slots += [info.slot for info in model.parameters if rated.clock is not None and code.reads(rated.clock, info.slot)]
    return {model.slot_name(slot): machine.now(slot) for slot in slots[:_MOST_VALUES]}


def stop_of(model: Model, stop: Stop, ground_rule: int, day: float, seed: int, run: int) -> RunStopped:
    """The message of an effect that did what must not be."""
    name = model.slot_name(stop.slot) if stop.slot >= 0 else "value"
    return stopped(model, stop.fault, ground_rule, day, seed, run, {name: stop.value})
