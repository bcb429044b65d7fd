"""Branching: from a moment of one run, an ensemble of ways it could go on, with or without a change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import check_reach
from standoff.analysis.effects.differences import Difference, difference, interval_of
from standoff.display import Display, Displayed
from standoff.engine import Session, prepare
from standoff.ensemble import MOST_RUNS, Batch, Way, Where
from standoff.errors import UsageError, each_of, plain_date, random_seed, real_number, shown, whole_number
from standoff.model import Model, check_value, ground, name_at, named_in, read_value, slot_of, unproved
from standoff.scenario import check_scenario, walks
from standoff.time import date_at, days_between, iso

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


@dataclass(frozen=True, slots=True, repr=False)
class Branching(Displayed):
    """A branch point with its continuations; `event` says after which event it lies, if after one.

    `changes` are numbers, `written` the same in the author's words (`holder[ford]`: `blue`). `notes` are sentences that
    a reader of the numbers should know.
    """

    scenario: str
    seed: int
    run: int
    event: str | None
    at: str
    days: float
    continuations: int
    changes: dict[str, float]
    questions: tuple[Branched, ...]
    written: dict[str, str]
    notes: tuple[str, ...]

    def display(self) -> Display:
        """The run beside its continuations, what is still open first."""
        from standoff.analysis.effects.what_if_display import branching_display

        return branching_display(self)

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
    executor: Executor | None = None,
    changes: Mapping[str, float | str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Branching:
    """Continue one run in many ways from the start of a date, or from just after one of its events (the first is 0).

    `changes` sets parameters or states (`force[us, tanf]`) at that date, to numbers or to the names of entities and
    levels; changed and unchanged continuations draw the same random numbers in pairs. Raises UsageError for a date
    outside the scenario, an event that the run does not have, a run that cannot be made, an unknown name, or a value
    that what it names cannot have.
    """
    check_scenario(scenario)
    seed, run, continuations = random_seed(seed), whole_number(run, "run"), whole_number(continuations, "continuations")
    if not 0 <= run < MOST_RUNS:
        raise UsageError(f"runs are numbered from 0 to {MOST_RUNS - 1:,}: there is no run {run}")
    if not isinstance(changes or {}, Mapping):
        raise UsageError(f"changes must be given by name, each with its value, not {shown(changes)}")
    given = dict(changes or {})
    # A state that no rule writes is a constant of the model unless it is named here.
    states = {named_in(name) for name in given} & scenario.resolved.states.keys()
    model = ground(scenario.resolved, changeable=states)
    days, after = _point(model, seed, run, at, event)
    if continuations < 2:
        raise UsageError(f"a branch needs at least 2 continuations, not {continuations}")
    slots, written = _slots(model, given)
    parent = Session.begin(prepare(model, hurry=True), seed=seed, run=run, sampler="coupled")
    parent.advance_to(days)
    notes = (*_idle(scenario, model, slots), *([] if at is None else _dated_then(model, parent)))
    reach = unproved(model, slots)
    # The run itself is made as it always is; only what follows is proposed under bounds that hold for the change too.
    wider = ground(scenario.resolved, changeable=states, reach=reach) if reach else model
    start = parent.moved_to(prepare(wider, hurry=True)) if reach else parent
    unchanged = Way(wider, seed, "coupled", start=start.freeze())
    parent.advance_to(model.days)
    own = parent.answers()
    ways = [unchanged, replace(unchanged, cause=slots)] if slots else [unchanged]
    where, done = Where(jobs, executor), 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done // len(ways), continuations)

    plain, *changed = (Batch(way, np.arange(continuations)).answers(where, made=count) for way in ways)
    return Branching(
        scenario.name, seed, run, after, iso(date_at(model.starts, days)), days, continuations,
        {model.slot_name(slot): value for slot, value in slots.items()},
        _questions(scenario, model, own, plain, changed[0] if changed else None), written, notes,
    )  # fmt: skip


def _point(model: Model, seed: int, run: int, at: date | None, event: int | None) -> tuple[float, str | None]:
    """The day of the branch point, and the event after which it lies."""
    if (at is None) == (event is None):
        raise UsageError("a branch point is a date or an event: give exactly one of them")
    if at is not None:
        days = days_between(model.starts, plain_date(at, "a branch point"))
        if not 0.0 <= days < model.days:
            least = 1 / 1440 if isinstance(model.starts, datetime) else 1.0
            last = date_at(model.starts, model.days - least)
            raise UsageError(f"a branch point must lie between {iso(model.starts)} and {iso(last)}; got {iso(at)}")
        return days, None
    whole = Session.begin(prepare(model, hurry=True), seed=seed, run=run, sampler="coupled")
    whole.advance_to(model.days)
    course = whole.trajectory()
    if event is None or not 0 <= event < len(course.time):
        raise UsageError(f"run {run} has {_events(len(course.time))}; there is no event {event}")
    rule = int(course.rule[event])
    binding = model.binding(rule)
    after = f"{model.rules[model.rule_of[rule]].name}" + (f" ({binding})" if binding else "")
    # All that happens at the event's instant belongs to what was.
    return float(np.nextafter(course.time[event], np.inf)), after


def _questions(
    scenario: Scenario, model: Model, own: Floats, unchanged: Floats, changed: Floats | None
) -> tuple[Branched, ...]:
    branched = []
    for i, one in enumerate(scenario.resolved.questions):
        if one.condition is not None:
            # A continuation is asked whatever it meets: the question of the condition stands beside it.
            continue
        share = one.type != "number"
        values = _said(one.type, unchanged[:, i])
        low, high = interval_of(values, share=share)
        change = None
        if changed is not None:
            theirs = _said(one.type, changed[:, i])
            change = difference(values, theirs, same=False, share=share)
        mine = float(_said(one.type, own[i : i + 1])[0])
        came = iso(date_at(model.starts, float(own[i]))) if one.type == "date" and own[i] >= 0 else None
        about = str(one.name), str(one.ask), one.type, mine, came
        branched.append(Branched(*about, float(values.mean()), low, high, change))
    return tuple(branched)


def _said(kind: str, answers: Floats) -> Floats:
    """The numbers that are compared: the answers, and of a date whether it comes; raises UsageError."""
    check_reach(answers)
    return (answers >= 0).astype(np.float64) if kind == "date" else answers


def _events(count: int) -> str:
    return f"events 0 to {count - 1}" if count > 1 else "event 0 alone" if count else "no events"


def _slots(model: Model, changes: Mapping[str, float | str]) -> tuple[dict[int, float], dict[str, str]]:
    """The slots that change and their values, and the same in words; raises UsageError."""
    slots: dict[int, float] = {}
    written: dict[str, str] = {}

    def change(name: str) -> None:
        slot, value = slot_of(model, name), changes[name]
        if slot in slots:
            raise UsageError(f"{model.slot_name(slot)} is changed twice")
        if isinstance(value, bool | np.bool_):
            value = "true" if value else "false"
        if isinstance(value, str):
            slots[slot] = read_value(model, slot, value)
        else:
            slots[slot] = real_number(value, model.slot_name(slot))
            check_value(model, slot, slots[slot])
        written[model.slot_name(slot)] = value.strip() if isinstance(value, str) else f"{slots[slot]:g}"

    each_of(changes, change)
    return slots, written


def _idle(scenario: Scenario, model: Model, slots: Iterable[int]) -> list[str]:
    """Notes on changes that nothing still to come reads."""
    resolved = scenario.resolved
    nodes = chain(
        *(walks.rule_nodes(rule) for rule in resolved.rules),
        *(walks.watch_nodes(watch) for watch in resolved.watches),
        (node for one in resolved.questions for node in (one.answer, one.levels) if node is not None),
    )
    found = walks.reads(*nodes)
    # What moves between events is read with what it moves by.
    speeds = {state.moves_by for name, state in resolved.states.items() if name in found.states}
    names = {name_at(model, slot) for slot in slots} - found.states - found.parameters - speeds
    return [f"no rule, question or series reads {name}: to change it changes nothing" for name in sorted(names)]


def _dated_then(model: Model, parent: Session) -> list[str]:
    """What is dated on the very day of the branch point: it belongs to what was."""
    course = parent.trajectory()
    fired = set(course.rule[course.time == parent.day].tolist())
    notes = []
    for rule in model.rules:
        if rule.kind != "timed" or rule.silent or rule.clock is None:
            continue
        due = [row for row in range(rule.rows) if parent.value(rule.clock, rule.table, row) == parent.day]
        if due:
            came = any(rule.first + row in fired for row in due)
            happened = "it has happened before the branch" if came else "its condition did not hold"
            notes.append(f"{rule.name} is dated on the day of the branch: {happened}")
    return notes
