"""Branching: from a moment of one run, an ensemble of ways it could go on, with or without a change."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.effects.differences import Difference, difference, interval_of
from standoff.engine import Session, prepare
from standoff.ensemble import Batch, Way, Where
from standoff.errors import UsageError, refusal
from standoff.model import Model, ground
from standoff.time import date_at, days_between

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Branched:
    """One question from a branch point on: what the run itself says, and what its continuations say.

    `value` is the share of continuations that say yes (or see the date come), or the mean of a number; `low` to `high`
    its 95% Monte Carlo interval. `own_date` is when a date came in the run itself, None where none did. `change` is the
    paired difference that the change makes, None where there is none.
    """

    question: str
    ask: str
    type: str
    own: float
    own_date: str | None
    value: float
    low: float
    high: float
    change: Difference | None


@dataclass(frozen=True, slots=True)
class Branching:
    """A branch point with its continuations; `event` says after which event it lies, if after one."""

    scenario: str
    seed: int
    run: int
    event: str | None
    at: str
    days: float
    continuations: int
    changes: dict[str, float]
    questions: tuple[Branched, ...]

    def to_json(self) -> str:
        """The branching as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def branch(
    scenario: Scenario,
    *,
    seed: int,
    run: int,
    at: date | None = None,
    event: int | None = None,
    continuations: int = 500,
    jobs: int = 1,
    changes: Mapping[str, float] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Branching:
    """Let a run go up to the start of a date, or through one of its events (the first is 0), and then in many ways.

    `changes` sets parameters or states (`force[us, tanf]`) at that date; changed and unchanged continuations share
    their random numbers in pairs. Raises UsageError for a date outside the scenario, an event that the run
    does not have, or an unknown name.
    """
    model = ground(scenario.resolved)
    days, after = _point(model, seed, run, at, event)
    if continuations < 2:
        raise UsageError(f"a branch takes at least 2 continuations, not {continuations}")
    slots = {_slot(model, name): value for name, value in (changes or {}).items()}
    parent = Session.begin(prepare(model), seed=seed, run=run, record=False, sampler="coupled")
    parent.advance_to(days)
    unchanged = Way(model, seed, "coupled", start=parent.freeze())
    parent.advance_to(model.days)
    own = parent.answers()
    ways = [unchanged, replace(unchanged, cause=slots)] if slots else [unchanged]
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done // len(ways), continuations)

    kept, *changed = (Batch(way, np.arange(continuations)).answers(Where(jobs), made=count) for way in ways)
    return Branching(
        scenario.name, seed, run, after, date_at(model.starts, days).isoformat(), days, continuations,
        dict(changes or {}),
        _questions(scenario, model, own, kept, changed[0] if changed else None),
    )  # fmt: skip


def _point(model: Model, seed: int, run: int, at: date | None, event: int | None) -> tuple[float, str | None]:
    """The day of the branch point, and the event after which it lies."""
    if (at is None) == (event is None):
        raise UsageError("a branch point is a date or an event: give one of the two")
    if at is not None:
        days = float(days_between(model.starts, at))
        if not 0.0 <= days < model.days:
            last = date_at(model.starts, model.days - 1.0)
            raise UsageError(f"a branch point lies between {model.starts} and {last}, not on {at}")
        return days, None
    whole = Session.begin(prepare(model), seed=seed, run=run, sampler="coupled")
    whole.advance_to(model.days)
    made = whole.trajectory()
    if event is None or not 0 <= event < len(made.time):
        raise UsageError(f"run {run} has {len(made.time)} events, from 0 on, and no event {event}")
    rule = int(made.rule[event])
    binding = model.binding(rule)
    after = f"{model.rules[model.rule_of[rule]].name}" + (f" ({binding})" if binding else "")
    # All that happens at the event's instant belongs to what was.
    return float(np.nextafter(made.time[event], np.inf)), after


def _questions(
    scenario: Scenario, model: Model, own: Floats, kept: Floats, changed: Floats | None
) -> tuple[Branched, ...]:
    found = []
    for i, one in enumerate(scenario.resolved.questions):
        share = one.type != "number"
        values = _said(one.type, kept[:, i])
        low, high = interval_of(values, share=share)
        change = None
        if changed is not None:
            theirs = _said(one.type, changed[:, i])
            change = difference(values, theirs, same=False, share=share)
        mine = float(_said(one.type, own[i : i + 1])[0])
        came = date_at(model.starts, float(own[i])).isoformat() if one.type == "date" and own[i] >= 0 else None
        about = str(one.name), str(one.ask), one.type, mine, came
        found.append(Branched(*about, float(values.mean()), low, high, change))
    return tuple(found)


def _said(kind: str, answers: Floats) -> Floats:
    """What is told of answers: of a date, whether it comes."""
    return (answers >= 0).astype(np.float64) if kind == "date" else answers


def _slot(model: Model, name: str) -> int:
    wanted = " ".join(name.replace(",", ", ").split()).replace("[ ", "[").replace(" ]", "]")
    names = {model.slot_name(slot): slot for slot in range(model.slots)}
    if wanted not in names:
        raise refusal(f"there is no state or parameter '{wanted}'", wanted, names, what="states and parameters")
    return names[wanted]
