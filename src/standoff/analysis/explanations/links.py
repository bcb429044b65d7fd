"""What an event did: to which later events, and what it prevented.

Everything is read from the same moment of two runs: the one with the event and what it set off at once, and the one
without it. Rates and guards are the model's own, evaluated in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from standoff.analysis.effects import Difference, difference
from standoff.analysis.explanations.history import History, start
from standoff.analysis.explanations.influence import read_by_effects
from standoff.analysis.explanations.story import Removed, Tested, instants, without
from standoff.analysis.explanations.target import Target
from standoff.analysis.explanations.trail import Step
from standoff.engine import Program, Session
from standoff.ensemble import Where, each
from standoff.model import Model

LEAST_FACTOR = 1.01
"""A rate that changes by less is not told of."""
MOST_EVENTS = 12
"""How many events of a run are told at most."""
CONTINUATIONS = 40
"""How often a run goes on with other random numbers, with and without an event, to weigh it."""
ROUGHLY = 10
"""How often it does so where there are too many events to weigh all of them well."""
LOOKS = 8
"""How often it is asked on the way whether a yes that stays has come."""
MOST_INSTEAD = 3
"""How many events that come only where one is removed are told."""


@dataclass(frozen=True, slots=True)
class Link:
    """What an event did to a later one (`to`: its position among those told) or, where `to` is None, to the answer.

    `how`: enabled, raised, lowered or blocked it (its rate per day, or its guard, is `without` without the event and
    `with_it` with it), shaped it (the event changed what its effects read), or led to it through other events. For
    the answer the two numbers are whether what decides holds, or the number that is compared with a bound. `via` is
    the first event on the way that does not come without this one, as day and ground rule: an answer at once, or what
    comes after a time.
    """

    to: int | None
    how: str
    without: float | None
    with_it: float | None
    via: tuple[float, int] | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """An event that mattered: what it did, what came instead where it is removed, and what it weighs.

    `instead` are (day, ground rule, whether the event had blocked it). `weight` is the paired difference that the
    event makes to the probability of a yes when the run goes on from there with other random numbers.
    """

    event: Removed
    does: tuple[Link, ...]
    instead: tuple[tuple[float, int, bool], ...]
    weight: Difference = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """The job of weighing events; the item is an event with its run, the name of the random numbers, and how often."""

    target: Target
    seed: int

    @property
    def model(self) -> Model:
        """The model whose runs are made."""
        return self.target.model

    def __call__(self, program: Program, item: tuple[History, Removed, str, int]) -> Difference:
        """What the event weighs in so many continuations of its run."""
        seen, event, which, count = item
        ((with_it, missing),) = _side_by_side(program, self.target, seen, [event], self.seed, record=False)
        other, answers = with_it.fork(), np.zeros((2, count))
        for i in range(count):
            for side, session in enumerate((missing, with_it)):
                other.take_over(session, f"{which}/{event.day!r}/{event.ground_rule}/{i}")
                answers[side, i] = _comes_to_yes(self.target, other)
        return difference(answers[0], answers[1], same=False, share=True)


def causes(
    program: Program, target: Target, told: Sequence[tuple[Tested, Sequence[Step]]], *, seed: int, where: Where
) -> list[tuple[Cause, ...]]:
    """Of some runs with their trails: the events that are told, and how they hang together.

    They are the events of the trail and the necessary events, those that weigh most.
    """
    every = [_events_of(tested, steps) for tested, steps in told]
    # Chosen by other random numbers than they are weighed by, so that being chosen does not make them weigh more.
    many = [events if len(events) > MOST_EVENTS else [] for events in every]
    rough = _weights(target, told, many, seed, where, "rough", ROUGHLY)
    chosen = [
        _weightiest(events, weights, steps) if weights else events
        for (_, steps), events, weights in zip(told, every, rough, strict=True)
    ]
    well = _weights(target, told, chosen, seed, where, "", CONTINUATIONS)
    return [
        _linked(program, target, tested.history, events, weights, seed)
        for (tested, _), events, weights in zip(told, chosen, well, strict=True)
    ]


def _weights(
    target: Target, told: Sequence[tuple[Tested, Sequence[Step]]], events: Sequence[Sequence[Removed]], seed: int,
    where: Where, which: str, count: int,
) -> list[list[Difference]]:  # fmt: skip
    """What some events of each run weigh; all of them are one row of work."""
    runs = [tested.history for tested, _ in told]
    items = [(seen, one, which, count) for seen, some in zip(runs, events, strict=True) for one in some]
    weights = iter(list(each(Weighing(target, seed), items, where)))
    return [list(islice(weights, len(some))) for some in events]


def _weightiest(events: Sequence[Removed], weights: Sequence[Difference], steps: Sequence[Step]) -> list[Removed]:
    """The events that are told, in their order: those of the trail, then those that weigh most."""
    on_trail = {one.at for one in steps}
    order = sorted(range(len(events)), key=lambda i: (events[i].at not in on_trail, -abs(weights[i].difference)))
    return [events[i] for i in sorted(order[:MOST_EVENTS])]


def _events_of(tested: Tested, steps: Sequence[Step]) -> list[Removed]:
    """The events of a run's trail and its necessary events."""
    known = {one.at for one in tested.necessary}
    others = (Removed(one.at, one.day, one.ground_rule, False, one.told) for one in steps if one.at not in known)
    return sorted([*tested.necessary, *others], key=lambda one: one.at)


def _linked(
    program: Program, target: Target, seen: History, events: list[Removed], weights: Sequence[Difference], seed: int
) -> tuple[Cause, ...]:
    explained = []
    sides = _side_by_side(program, target, seen, events, seed, record=True)
    for mine, pair, weight in zip(events, sides, weights, strict=True):
        ahead = _ahead(target, pair[1])
        does = _links(target, mine, events, *pair) or (
            _through(target, seen, mine, events, ahead) if mine.undoes else ()
        )
        explained.append(Cause(mine, does, _instead(target, seen, mine, ahead, *pair), weight))
    return tuple(explained)


def _ahead(target: Target, missing: Session) -> list[tuple[float, int]]:
    """What comes in a run from which an event is missing: (day, ground rule) of each event from the start on."""
    session = missing.fork()
    session.advance_to(target.horizon)
    came = session.trajectory()
    return list(zip(came.time.tolist(), came.rule.tolist(), strict=True))


def _side_by_side(
    program: Program, target: Target, seen: History, events: Sequence[Removed], seed: int, *, record: bool
) -> list[tuple[Session, Session]]:
    """The run just after each event, with it and without it; with what happens from then on, if they `record`."""
    roots = [(one.at, one.day, one.ground_rule) for one in events]
    sides = []
    for instant in instants(start(program, seed, seen.run, seen.parameters, events=record), target, roots):
        for _, rule in instant.roots:
            missing = without(instant, rule)
            missing.advance_to(instant.after.day)
            sides.append((instant.after.fork(), missing))
    return sides


def _comes_to_yes(target: Target, session: Session) -> bool:
    """Whether a run says yes at the horizon; a yes that stays is not waited out."""
    days = np.linspace(session.day, target.horizon, LOOKS + 1)[1:].tolist() if target.stays else [target.horizon]
    for day in days:
        session.advance_to(day)
        if target.yes(session):
            return True
    return False


def _links(
    target: Target, mine: Removed, events: list[Removed], with_it: Session, missing: Session
) -> tuple[Link, ...]:
    differs = with_it.differs(missing)
    links = []
    for to, other in enumerate(events):
        if other.day <= mine.day:
            continue
        rates = missing.rate(other.ground_rule), with_it.rate(other.ground_rule)
        how = _how(*rates)
        if how is not None:
            links.append(Link(to, how, *rates))
        elif (differs & read_by_effects(target.model, other.ground_rule)).any():
            links.append(Link(to, "shaped", None, None))
    answer = _to_answer(target, with_it, missing)
    return (*links, answer) if answer is not None else tuple(links)


def _how(without_it: float, with_it: float) -> str | None:
    if without_it == with_it:
        return None
    if without_it == 0.0:
        return "enabled"
    if with_it == 0.0:
        return "blocked"
    factor = with_it / without_it
    if factor >= LEAST_FACTOR:
        return "raised"
    return "lowered" if factor <= 1 / LEAST_FACTOR else None


def _to_answer(target: Target, with_it: Session, missing: Session) -> Link | None:
    holds = float(target.holds(missing)), float(target.holds(with_it))
    if holds[0] != holds[1]:
        return Link(None, "enabled" if holds[1] else "blocked", *holds)
    numbers = target.measured(missing), target.measured(with_it)
    if numbers[0] is None or numbers[1] is None or numbers[0] == numbers[1]:
        return None
    return Link(None, "raised" if numbers[1] > numbers[0] else "lowered", numbers[0], numbers[1])


def _through(
    target: Target, seen: History, mine: Removed, events: list[Removed], ahead: list[tuple[float, int]]
) -> tuple[Link, ...]:
    """The first later event that does not come without this one, or else the answer, by way of other events."""
    came = {rule for day, rule in ahead if day > mine.day}
    told = [(one.day, rule) for one in events for rule in (one.ground_rule, one.told)]
    model = target.model
    via = next(
        (
            (float(day), int(rule))
            for day, rule in zip(seen.time.tolist(), seen.rule.tolist(), strict=True)
            if day > mine.day and rule not in came and not model.rules[model.rule_of[rule]].silent
        ),
        None,
    )
    for to, other in enumerate(events):
        if other.day > mine.day and other.ground_rule not in came:
            early = via if via is not None and via[0] <= other.day and via not in told else None
            return (Link(to, "led to", None, None, early),)
    return (Link(None, "led to", None, None, via if via not in told else None),)


def _instead(
    target: Target,
    seen: History,
    mine: Removed,
    ahead: list[tuple[float, int]],
    with_it: Session,
    missing: Session,
) -> tuple[tuple[float, int, bool], ...]:
    """The first events after this one's removal of kinds that the run itself does not see any more."""
    model = target.model
    mute = np.array([rule.silent for rule in model.rules], dtype=np.bool_)
    ours = set(seen.rule[seen.time > mine.day].tolist())
    instead: list[tuple[float, int, bool]] = []
    for day, rule in ahead:
        known = rule in ours or mute[model.rule_of[rule]] or any(rule == other for _, other, _ in instead)
        if day > mine.day and not known:
            blocked = with_it.rate(rule) == 0.0 and missing.rate(rule) > 0.0
            instead.append((day, rule, blocked))
        if len(instead) == MOST_INSTEAD:
            break
    return tuple(instead)
