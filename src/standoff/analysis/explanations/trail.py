"""How a run came to its answer: the event that settled it, the event that enabled that one, and so back.

An event is enabled by the one at which its guard last turned true (or its rate from nothing to something) before it
came. So each run that says yes has one trail, whatever else happened meanwhile and however long it took.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.explanations.history import History, after, before, start
from standoff.analysis.explanations.influence import read_by
from standoff.analysis.explanations.story import lead, root_events
from standoff.analysis.explanations.target import Target
from standoff.engine import Program, Session
from standoff.model import Model, code

MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a trail: its place in the run, its day, its ground rule and the one that tells it (an option's)."""

    at: int
    day: float
    ground_rule: int
    told: int


@dataclass(frozen=True, slots=True)
class _Log:
    """All changes of a run: in which instant, of which slot, to what value and when it was written.

    `days` (instants,), `roots` the last root event of each; `session` stands just before the first instant.
    """

    session: Session
    days: list[float]
    roots: list[tuple[int, float, int]]
    instant: NDArray[np.int64]
    slot: NDArray[np.int64]
    x: NDArray[np.float64]
    last: NDArray[np.float64]


def trail(program: Program, target: Target, seen: History, *, seed: int) -> tuple[Step, ...]:
    """The trail of a run, first event first; empty where nothing that happened settled the answer."""
    log = _log(program, target, seen, seed)
    if log is None:
        return ()
    date = target.model.questions[target.index].type == "date"
    steps: list[Step] = []
    at = _turned(log, target.condition, target.table, 0, len(log.days), date=date)
    while at is not None and len(steps) < MOST_STEPS:
        place, day, ground_rule = log.roots[at]
        steps.append(Step(place, day, ground_rule, target.kinds.tells(seen.time, seen.rule, place)))
        rule = target.model.rules[target.model.rule_of[steps[-1].ground_rule]]
        at = _turned(log, rule.exact, rule.table, steps[-1].ground_rule - rule.first, at, date=False)
    return tuple(reversed(steps))


@dataclass(frozen=True, slots=True, eq=False)
class Trails:
    """The job of following what led to the answers of runs; the item is the run."""

    target: Target
    seed: int

    @property
    def model(self) -> Model:
        """The model whose runs are followed."""
        return self.target.model

    def __call__(self, program: Program, seen: History) -> tuple[Step, ...]:
        """The trail of one run."""
        return trail(program, self.target, seen, seed=self.seed)


def _log(program: Program, target: Target, seen: History, seed: int) -> _Log | None:
    events = root_events(target, seen.time, seen.rule, seen.time <= seen.settled)
    if not events:
        return None
    session = start(program, seed, seen.run, seen.parameters)
    lead(session, before(events[0][1]))
    first = session.fork()
    # Of several events at one moment the last stands for all.
    roots = list({day: (place, day, rule) for place, day, rule in events}.values())
    instants, slots, values, written = [], [], [], []
    then = first.snapshot()
    for i, (_, day, _) in enumerate(roots):
        session.advance_to(min(after(day), target.horizon))
        now = session.snapshot()
        changed = np.flatnonzero(now.differs(then))
        instants.append(np.full(len(changed), i))
        slots.append(changed)
        values.append(now.written[changed])
        written.append(now.when[changed])
        then = now
    columns = (np.concatenate(one) for one in (instants, slots, values, written))
    return _Log(first, [day for _, day, _ in roots], roots, *columns)


def _turned(log: _Log, expression: code.Expr, table: code.Table, row: int, until: int, *, date: bool) -> int | None:
    """The last instant before `until` at which an expression turned from nothing (of a date: no day) to something."""
    reads = read_by(log.session.program.model, expression, table, row)
    state = log.session.snapshot()

    def holds() -> bool:
        value = state.value(expression, table, row)
        return value >= 0 if date else value != 0

    mine = np.flatnonzero(reads[log.slot] & (log.instant < until))
    turn, held = None, holds()
    for i in np.unique(log.instant[mine]).tolist():
        these = mine[log.instant[mine] == i]
        state.written[log.slot[these]], state.when[log.slot[these]] = log.x[these], log.last[these]
        state.day = after(log.days[i])
        held, held_before = holds(), held
        if held and not held_before:
            turn = i
    return turn
