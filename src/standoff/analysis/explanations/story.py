"""Which events of one run were necessary: each is removed, all other random numbers stay, and the answer is read again.

The counterfactual test of Lewis (1973, J. Philos. 70:556, doi:10.2307/2025310) and of Pearl (2009, Causality, chapter
10) where it is exact: a run's random numbers are fixed by ground rule (common reaction paths), so the world without an
event is one world and not a guess. Removing an event means that its rule's clock rings without effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.explanations.history import History, after, before, start
from standoff.analysis.explanations.target import Target
from standoff.engine import Program, Session, prepare
from standoff.ensemble import Where, each
from standoff.model import Model

Roots = list[tuple[int, float, int]]
"""Events that no other set off: (place in the run, day, ground rule) of each, in order."""

STRETCHES_A_WORKER = 4
"""Into how many stretches for each worker a single run is cut, so that none waits long for the last one."""
MOST_TOGETHER = 3
"""How many events are removed together at most."""


@dataclass(frozen=True, slots=True)
class Removed:
    """An event, and whether a run without it has another answer: then the event was necessary.

    `told` is the ground rule that tells it: of a decision, that of the option which was chosen.
    """

    at: int
    day: float
    ground_rule: int
    undoes: bool
    told: int


@dataclass(frozen=True, slots=True)
class Tested:
    """What the removal of events says of one run.

    `events` counts the run's events before its answer was settled, `tested` those whose removal was tried: the others
    change nothing that can reach the answer. Where no single event was necessary, `together` has the one that settled
    the answer, then the one that settles it if that is removed, and so on, a few; `undone` says whether removing all of
    these undoes it.
    """

    history: History
    events: int
    tested: int
    necessary: tuple[Removed, ...]
    together: tuple[tuple[float, int], ...]
    undone: bool


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment of a run at which something fires: the run just before and just after it, and its root events.

    A root is an event that no other set off: not a trigger. `roots` are (place in the run, ground rule). Both sessions
    go on with the next instant: what is to stay is forked.
    """

    day: float
    before: Session
    after: Session
    roots: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """The job of removing events one at a time; the item is a run with those of its root events that are removed."""

    target: Target
    reach: NDArray[np.bool_]
    seed: int

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.target.model

    def __call__(self, program: Program, item: tuple[History, Roots]) -> tuple[int, tuple[Removed, ...]]:
        """How many events can have mattered, and those that were necessary; raises RunStopped."""
        seen, roots = item
        necessary: list[Removed] = []
        tested = 0
        session = start(program, self.seed, seen.run, seen.parameters)
        missing = session.fork()
        for instant in instants(session, self.target, roots):
            if not (instant.before.differs(instant.after) & self.reach).any():
                continue
            for place, rule in instant.roots:
                missing.take_over(instant.before)
                missing.skip(rule)
                tested += 1
                if not _answers_as(missing, self.target, seen):
                    told = self.target.kinds.tells(seen.time, seen.rule, place)
                    necessary.append(Removed(place, instant.day, rule, True, told))
        return tested, tuple(necessary)


@dataclass(frozen=True, slots=True, eq=False)
class Examining:
    """The job of testing every event of a run that can have mattered; the item is the run."""

    removals: Removals

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.removals.model

    def __call__(self, program: Program, seen: History) -> Tested:
        """What the removal of its events says of a run; raises RunStopped if a run without an event stops."""
        return _tested(self.removals, program, seen, [self.removals(program, (seen, _roots(self.removals, seen)))])


def examine(target: Target, reach: NDArray[np.bool_], seen: History, *, seed: int, where: Where) -> Tested:
    """Test every event of one run that can have mattered, its stretches side by side; raises RunStopped."""
    removals = Removals(target, reach, seed)
    cut = list(_stretches(_roots(removals, seen), where.jobs * STRETCHES_A_WORKER))
    stretches = list(each(removals, ((seen, roots) for roots in cut), where))
    return _tested(removals, prepare(target.model, hurry=True), seen, stretches)


def _roots(removals: Removals, seen: History) -> Roots:
    return root_events(removals.target, seen.time, seen.rule, seen.time <= seen.settled)


def _stretches(roots: Roots, count: int) -> Iterator[Roots]:
    """Root events in up to so many stretches, cut between days."""
    size = max(1, -(-len(roots) // count))
    first = 0
    while first < len(roots):
        end = min(first + size, len(roots))
        while end < len(roots) and roots[end][1] == roots[end - 1][1]:
            end += 1
        yield roots[first:end]
        first = end


def _tested(
    removals: Removals, program: Program, seen: History, stretches: Sequence[tuple[int, tuple[Removed, ...]]]
) -> Tested:
    roots = _roots(removals, seen)
    necessary = tuple(removed for _, some in stretches for removed in some)
    together, undone = ((), False) if necessary else _together(program, removals.target, seen, roots, removals.seed)
    return Tested(seen, len(roots), sum(tested for tested, _ in stretches), necessary, together, undone)


def root_events(target: Target, time: NDArray[np.float64], rule: NDArray[np.int32], wanted: NDArray[np.bool_]) -> Roots:
    """The wanted events that no other event set off."""
    kinds = np.array([one.kind != "trigger" for one in target.model.rules], dtype=np.bool_) & ~target.own
    places = np.flatnonzero(wanted & kinds[target.model.rule_of[rule]])
    return [(int(place), float(time[place]), int(rule[place])) for place in places]


def instants(session: Session, target: Target, roots: Roots) -> Iterator[Instant]:
    """Lead a run from root event to root event."""
    target.holds(session)  # what evaluating needs is made once here, and every fork has it
    at, held = 0, session.fork()
    while at < len(roots):
        day = roots[at][1]
        end = at
        while end < len(roots) and roots[end][1] == day:
            end += 1
        lead(session, before(day))
        held.take_over(session)
        session.advance_to(min(after(day), target.horizon))
        yield Instant(day, held, session, tuple((place, rule) for place, _, rule in roots[at:end]))
        at = end


def lead(session: Session, day: float) -> None:
    """Let a run go on to a day if it is not there; a run that has not begun is left alone on day 0."""
    if day > session.day:
        session.advance_to(day)


def without(instant: Instant, ground_rule: int) -> Session:
    """The run just before an instant, from which an event of that instant will be missing."""
    session = instant.before.fork()
    session.skip(ground_rule)
    return session


def _answers_as(session: Session, target: Target, seen: History) -> bool:
    """Whether a run comes to the same answer, and let it go on to the horizon if not."""
    if seen.yes and target.stays:
        session.advance_to(min(after(seen.settled), target.horizon))
        if target.yes(session):
            return True
    session.advance_to(target.horizon)
    return target.yes(session) == seen.yes


def _together(
    program: Program, target: Target, seen: History, roots: Roots, seed: int
) -> tuple[tuple[tuple[float, int], ...], bool]:
    """The event that settled the answer, the one that settles it without that, and so on; whether all undo it."""
    chain: list[tuple[float, int]] = []
    time, rule = seen.time, seen.rule
    session = start(program, seed, seen.run, seen.parameters, events=True)
    while len(chain) < MOST_TOGETHER and (settling := _settling(session, target, roots)) is not None:
        instant, (place, ground_rule) = settling
        chain.append((instant.day, target.kinds.tells(time, rule, place)))
        session = without(instant, ground_rule)
        missing = session.fork()
        missing.advance_to(target.horizon)
        if target.yes(missing) != seen.yes:
            return tuple(chain), True
        course = missing.trajectory()
        time, rule = course.time, course.rule
        roots = root_events(target, time, rule, time > session.day)
    return tuple(chain), False


def _settling(session: Session, target: Target, roots: Roots) -> tuple[Instant, tuple[int, int]] | None:
    """The last root event at which what decides came to its final value; the first if it is a yes that stays."""
    settling: tuple[Instant, tuple[int, int]] | None = None
    for instant in instants(session, target, roots):
        if target.holds(instant.before) != target.holds(instant.after):
            held = instant.before.fork()
            settling = Instant(instant.day, held, held, instant.roots), instant.roots[-1]
            if target.stays:
                break
    return settling
