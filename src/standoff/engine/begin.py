"""What happens before the first event: parameters are set, starting values worked out, dates fixed."""

from __future__ import annotations

import math
from bisect import insort

import numpy as np
from numpy.typing import NDArray

from standoff.engine.evaluate import ONE_ROW, Machine, Operands, Stop, fading
from standoff.engine.parameters import draw_parameters
from standoff.engine.streams import Stream
from standoff.errors import CODES, RunStopped, UsageError, random_seed, shown, whole_number
from standoff.model import Model, code

EVENT_LIMIT = 20_000_000
"""A run of more firings and refused proposals than this is stopped as a runaway."""

MOST_AT_ONCE = 10_000
"""More triggers than this at one instant are a loop without delay."""

BOUND_SLACK = 1.0 + 1e-9
"""By how much a rate may exceed its bound: both are rounded."""

_MOST_VALUES = 8


def arguments(
    model: Model, seed: int, run: int, parameters: NDArray[np.float64] | None
) -> tuple[int, int, NDArray[np.float64]]:
    """What a run is asked for by: its seed, its number, and its parameters, drawn where none are given.

    Raises UsageError for what does not fit.
    """
    if not isinstance(model, Model):
        raise UsageError(f"a run is made of a model as standoff.ground gives it, not of {shown(model)}")
    seed, run = random_seed(seed), whole_number(run, "run")
    if run < 0:
        raise UsageError(f"runs are numbered from 0: there is no run {run}")
    if parameters is None:
        return seed, run, draw_parameters(model, seed=seed, runs=np.array([run]))[0]
    if np.shape(parameters) != (len(model.parameters),):
        wanted = (len(model.parameters),)
        raise UsageError(f"the parameters of a run have the shape {wanted}, not {np.shape(parameters)}")
    return seed, run, np.asarray(parameters, dtype=np.float64)


def begin(model: Model, parameters: NDArray[np.float64], key: int, *, seed: int, run: int) -> Machine:
    """The state at day 0, before any trigger; raises RunStopped where a starting value is impossible.

    The kernel begins its runs alike (`c/start.h`).
    """
    x, last, decay = model.begin.copy(), np.zeros(model.slots), np.zeros(model.slots)
    machine = Machine(Operands(model), x, last, decay, Stream(key))
    slots = machine.operands.parameter_slots
    x[slots] = parameters.reshape(len(slots))
    for slot, expression, low, high in model.begin_writes:
        value = machine.value(expression, ONE_ROW, 0)
        if not low <= value <= high:
            raise stopped(model, "SD504", -1, 0.0, seed, run, {model.slot_name(slot): value})
        x[slot] = value
    for name, half_life, slots_of in fading(model):
        days = machine.value(half_life, ONE_ROW, 0)
        if not 0.0 < days < math.inf:
            raise stopped(model, "SD504", -1, 0.0, seed, run, {f"half_life of {name}": days})
        decay[slots_of] = math.log(2.0) / days
    return machine


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
    """The answers to all questions as they are now; raises RunStopped for one that is not finite at the end."""
    values = np.array([machine.value(q.answer, q.table, 0) for q in model.questions], dtype=np.float64)
    check_answers(model, values, machine.t, seed=seed, run=run, frozen=frozen)
    return values


def check_answers(model: Model, answers: NDArray[np.float64], day: float, *, seed: int, run: int, frozen: bool) -> None:
    """Raises RunStopped where an answer is not finite at the end.

    On the way, and where nothing happens (frozen), an answer may have no number yet.
    """
    wrong = np.flatnonzero(~np.isfinite(answers))
    if day < model.days or frozen or not len(wrong):
        return
    name, values = model.questions[wrong[0]].name, {model.questions[i].name: float(answers[i]) for i in wrong}
    raise RunStopped(
        "SD504", found=CODES["SD504"], rule=name, binding="", time_days=day, values=values, run=run, seed=seed
    )


def stopped(
    model: Model, fault: str, ground_rule: int, day: float, seed: int, run: int, values: dict[str, float]
) -> RunStopped:
    """The message of a run that must not go on."""
    nobody = "begin" if fault == "SD504" else "all rules together"
    rule = model.rules[model.rule_of[ground_rule]] if ground_rule >= 0 else None
    name, where = (nobody, None) if rule is None else (rule.name, rule.where if ":" in rule.where else None)
    binding = model.binding(ground_rule) if ground_rule >= 0 else ""
    return RunStopped(
        fault, found=CODES[fault], rule=name, binding=binding, where=where, time_days=day, values=values, run=run,
        seed=seed,
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
