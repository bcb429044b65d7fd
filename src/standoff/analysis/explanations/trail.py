"""How a run came to its answer: the event that settled it, the event that enabled that one, and so back.

An event is enabled by the one at which its guard last turned true (or its rate from nothing to something) before it
came. Where the guard turned true as time passed, it is the event since which it was due to: the ultimatum and not
whatever happened to come next. So each run that says yes has one trail, whatever else happened meanwhile and however
long it took.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.explanations.history import History, after, before, start
from standoff.analysis.explanations.influence import read_by
from standoff.analysis.explanations.story import lead, root_events
from standoff.analysis.explanations.target import Target
from standoff.engine import Program, Session, Snapshot
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
class Trail:
    """The steps that led to a yes, first event first; none where nothing that happened led to it.

    `day` is the day on which the answer turned to yes for good, inf where no event of the run came then. `at_once` says
    that the last step turned it; else time did, after that step.
    """

    steps: tuple[Step, ...] = ()
    day: float = inf
    at_once: bool = False

    @property
    def settling(self) -> Step | None:
        """The event that settled the answer, None where time did."""
        return self.steps[-1] if self.steps and self.at_once else None


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant at which something comes that no event sets off: a root event or (`by_time`) what time turned."""

    at: int
    day: float
    ground_rule: int
    by_time: bool


@dataclass(frozen=True, slots=True)
class _Log:
    """All changes of a run: in which moment, of which slot, to what value and when it was written.

    `session` stands just before the first moment.
    """

    session: Session
    moments: list[_Moment]
    instant: NDArray[np.int64]
    slot: NDArray[np.int64]
    x: NDArray[np.float64]
    last: NDArray[np.float64]


def trail(program: Program, target: Target, seen: History, *, seed: int) -> Trail:
    """The trail of a run that says yes."""
    log = _log(program, target, seen, seed)
    if log is None:
        return Trail()
    model, steps = target.model, list[Step]()
    date = model.questions[target.index].type == "date"
    answer = _Read(log, target.condition, target.table, 0, date=date)
    turned, by_time = answer.turned(len(log.moments), target.horizon)
    at = turned
    while at is not None and len(steps) < MOST_STEPS:
        moment = log.moments[at]
        rule = model.rules[model.rule_of[moment.ground_rule]]
        guard = _Read(log, rule.exact, rule.table, moment.ground_rule - rule.first, date=False)
        if moment.by_time:
            at = guard.due(at, moment.day)
            continue
        told = target.kinds.tells(seen.time, seen.rule, moment.at)
        steps.append(Step(moment.at, moment.day, moment.ground_rule, told))
        at, _ = guard.turned(at, before(moment.day))
    found = tuple(reversed(steps))
    if turned is None or by_time:
        return Trail(found)
    moment = log.moments[turned]
    return Trail(found, moment.day, not moment.by_time)


@dataclass(frozen=True, slots=True, eq=False)
class Trails:
    """The job of following what led to the answers of runs; the item is the run."""

    target: Target
    seed: int

    @property
    def model(self) -> Model:
        """The model whose runs are followed."""
        return self.target.model

    def __call__(self, program: Program, seen: History) -> Trail:
        """The trail of one run."""
        return trail(program, self.target, seen, seed=self.seed)


def _log(program: Program, target: Target, seen: History, seed: int) -> _Log | None:
    moments = _moments(target, seen)
    if not moments:
        return None
    session = start(program, seed, seen.run, seen.parameters)
    lead(session, before(moments[0].day))
    first = session.fork()
    instants, slots, values, written = [], [], [], []
    then = first.snapshot()
    for i, moment in enumerate(moments):
        session.advance_to(min(after(moment.day), target.horizon))
        now = session.snapshot()
        changed = np.flatnonzero(now.differs(then))
        instants.append(np.full(len(changed), i))
        slots.append(changed)
        values.append(now.written[changed])
        written.append(now.when[changed])
        then = now
    return _Log(first, moments, *(np.concatenate(one) for one in (instants, slots, values, written)))


def _moments(target: Target, seen: History) -> list[_Moment]:
    """The moments until the answer is settled; of several events at one moment the last stands for all.

    Where no root event comes at a moment, time has turned the guard of the first trigger there.
    """
    roots = root_events(target, seen.time, seen.rule, seen.time <= seen.settled)
    found = {day: _Moment(place, day, rule, by_time=False) for place, day, rule in roots}
    # On the first day, the start did.
    late = (seen.time > 0.0) & (seen.time <= seen.settled) & ~np.isin(seen.time, list(found))
    own = target.own[target.model.rule_of[seen.rule]]
    for place in (*np.flatnonzero(late & ~own).tolist(), *np.flatnonzero(late & own).tolist()):
        day = float(seen.time[place])
        found.setdefault(day, _Moment(place, day, int(seen.rule[place]), by_time=True))
    return sorted(found.values(), key=lambda one: one.day)


class _Read:
    """An expression for a row of its table, followed through the writes of a run that it reads."""

    def __init__(self, log: _Log, expression: code.Expr, table: code.Table, row: int, *, date: bool) -> None:
        self.log, self.date, self._what = log, date, (expression, table, row)
        self._reads = read_by(log.session.program.model, expression, table, row)

    def turned(self, until: int, day: float) -> tuple[int | None, bool]:
        """The last moment before `until` at which it turned from nothing (of a date: no day) to something.

        Where time did that, between moments or after the last of them up to `day`, it is the one since which it was
        due, and the second is true.
        """
        state = self.log.session.snapshot()
        turn: int | None = None
        by_time, held = 0.0, self._holds(state)
        for i, these in self._writes(until):
            state.day = max(before(self.log.moments[i].day), state.day)
            held, held_before = self._holds(state), held
            if held and not held_before:
                turn, by_time = i, state.day
            self._write(state, these)
            state.day = after(self.log.moments[i].day)
            held, held_before = self._holds(state), held
            if held and not held_before:
                turn, by_time = i, 0.0
        state.day = max(day, state.day)
        if not held and self._holds(state):
            turn, by_time = until, state.day
        return (self.due(turn, by_time), True) if by_time and turn is not None else (turn, False)

    def due(self, until: int, day: float) -> int | None:
        """The last moment before `until` since which it holds on `day` if nothing more is written: not so without."""
        state = self.log.session.snapshot()
        state.day = day
        turn, held = None, self._holds(state)
        for i, these in self._writes(until):
            self._write(state, these)
            held, held_before = self._holds(state), held
            if held and not held_before:
                turn = i
        return turn

    def _writes(self, until: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """What is written that is read, moment by moment: places in the log."""
        mine = np.flatnonzero(self._reads[self.log.slot] & (self.log.instant < until))
        for i in np.unique(self.log.instant[mine]).tolist():
            yield i, mine[self.log.instant[mine] == i]

    def _write(self, state: Snapshot, these: NDArray[np.int64]) -> None:
        slots = self.log.slot[these]
        state.written[slots], state.when[slots] = self.log.x[these], self.log.last[these]

    def _holds(self, state: Snapshot) -> bool:
        value = state.value(*self._what)
        return value >= 0 if self.date else value != 0
