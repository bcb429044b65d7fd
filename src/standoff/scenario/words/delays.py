"""Delays between what is decided and what is done.

One that is exponential, or has stages, is kept in state and rated rules: nobody knows when it is over. One of a fixed
or an evenly drawn time is over at a moment that is known as soon as it begins, and that a state keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from standoff.errors import Fault
from standoff.numerals import read_number
from standoff.scenario.expression.syntax import Passage, by_name, call_parts
from standoff.scenario.expression.written import (
    Form,
    applied,
    assigned,
    called,
    form,
    indexed,
    part_of,
    phrase,
    syntax_of,
    value_in,
    written,
)
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Entity, ForStatement, Kind, Rule, State, Statement
from standoff.scenario.words.expansion import Expansion
from standoff.time import looks_like_duration, parse_duration

MOST_STAGES = 20
MOST_UNDER_WAY = 8
"""So many things that take a fixed or an evenly drawn time are under way at once, for one choice of the variables."""
NEVER = -1
"""What the state holds that says when something is due, where nothing is."""
ARGUMENTS = {"exponential": ("mean",), "gamma": ("stages", "mean"), "uniform": ("low", "high")}
"""The distributions that a delay can be drawn from, with their arguments."""
_EXPECTED = "48 hours, uniform(1 day, 3 days), exponential(3 days) or gamma(2, 10 days)"


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something takes: `stages` steps (0: none) of `mean` days together, or a time of its own, `lasts`."""

    stages: int
    mean: Form = field(default_factory=lambda: form(0))
    lasts: Form | None = None

    @property
    def at_once(self) -> bool:
        """Whether it takes no time at all."""
        return self.stages == 0 and self.lasts is None

    def drawn(self) -> Form:
        """How many days it takes, drawn anew wherever it is read."""
        if self.lasts is not None:
            return self.lasts
        # A gamma of whole shape is a sum of so many exponentials (Erlang 1917).
        each = self.mean if self.stages == 1 else applied("/", self.mean, self.stages)
        return applied("+", *[called("exponential", each)] * self.stages)


def until_due(due: Form) -> Form:
    """The guard of what is due at the moment that a state says."""
    return applied("and", applied(">=", due, 0), applied(">=", "t", due))


def read_delay(expansion: Expansion, words: Words | None) -> Delay | None:
    """The delay that is written; None, with a fault noted, for what is none."""
    try:
        return parse_delay(words)
    except Fault as fault:
        expansion.faults.append(fault)
        return None


def parse_delay(words: Words | None) -> Delay:
    """The delay that is written, at once where none is; raises a Fault for what is none."""
    if words is None:
        return Delay(0)
    call = call_parts(Passage.whole(words))
    if call is None or call[0] not in ARGUMENTS:
        return _fixed(words)
    order = ARGUMENTS[call[0]]
    parts = by_name(call[1], order)
    if set(parts) != set(order) or not all(part.text for part in parts.values()):
        raise _fault("SD203", words, f"'{words}' is not a delay", _EXPECTED)
    if "low" in parts:
        bare = [end.text for end in parts.values() if not looks_like_duration(end.text)]
        if len(bare) == 1 and read_number(bare[0]) not in (None, 0):
            hint = f"write {bare[0]} days, or {bare[0]} hours"
            raise _fault("SD211", words, f"'{bare[0]}' in '{words}' has no unit", None, hint)
        low, high = (_time(words, parts[end], least=0.0) for end in order)
        ends = value_in(written(low, words)), value_in(written(high, words))
        if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
            raise _fault("SD203", words, f"'{words}' is not a delay", "the shorter time first")
        return Delay(0, lasts=called("uniform", low, high))
    stages = parts["stages"].text if "stages" in parts else "1"
    if not (stages.isascii() and stages.isdecimal()) or not 1 <= int(stages) <= MOST_STAGES:
        expected = f"expected a whole number from 1 to {MOST_STAGES}"
        raise _fault("SD203", words, f"'{stages}' is not a number of stages", expected)
    return Delay(int(stages), _time(words, parts["mean"]))


def _fixed(words: Words) -> Delay:
    """A delay of always the same time: a duration, or an expression in days, of which less than nothing is nothing."""
    if looks_like_duration(words):
        return Delay(0, lasts=_time(words, Passage.whole(words)))
    if read_number(words.strip()) is not None:
        raise _fault("SD211", words, f"'{words}' has no unit", f"write {words.strip()} days, or {words.strip()} hours")
    if syntax_of(words) is None:
        raise _fault("SD203", words, f"'{words}' is not a delay", _EXPECTED)
    return Delay(0, lasts=called("max", words, 0))


def _time(words: Words, time: Passage, *, least: float | None = None) -> Form:
    """A time in days, above 0 or from `least` on where it is written as such; raises a Fault for none."""
    days, lasts = read_number(time.text), looks_like_duration(time.text)
    if lasts:
        try:
            days = parse_duration(time.text)
        except Fault as fault:
            raise _fault(fault.code, words, fault.found, fault.expected, fault.hint) from None
    if days is not None and not (days > 0 or days == least):
        hint = "leave it out for what happens at once"
        raise _fault("SD211", words, f"'{time.text}' is not a valid delay: it must be above 0", None, hint)
    return form(days) if lasts and days is not None else form(part_of(time))


def _fault(code: str, words: Words, found: str, expected: str | None, hint: str | None = None) -> Fault:
    return Fault(code, words.location, found, expected=expected, hint=hint, width=max(1, len(words)))


def step(waiting: Form, delay: Delay) -> Form:
    """The rate of one step: a k-th of the mean for each of k stages, for each of those that wait there."""
    many = applied("*", delay.stages, waiting) if delay.stages > 1 else waiting
    return applied("/", many, delay.mean)


def last_stage(delay: Delay, name: str, variables: Mapping[Words, Words] | Mapping[str, str]) -> Form:
    """How many wait before the last step."""
    return _stage(name, variables, delay.stages if delay.stages > 1 else 1)


def stages(
    expansion: Expansion, delay: Delay, origin: Origin, name: str, for_: Mapping[str, Words], kinds: tuple[Words, ...]
) -> None:
    """Adds the stages before the last: what waits in `awaiting_NAME` is moved on, one step after another.

    `origin` is that of what is done in the end; the stages are parts of the same word.
    """
    # A gamma delay of k stages is k exponential steps, each with a k-th of the mean (Erlang 1917); each of those
    # under way takes its own steps, so the states count how many stand before each step.
    for number in range(2, delay.stages + 1):
        about = phrase(f"those of them that are in stage {number} of {delay.stages}", name)
        waiting = State(of=kinds, at_least=0, about=about)
        stage = replace(origin, role="stage", of=f"{origin.of} {number}".strip())
        expansion.add_state(f"awaiting_{name}_{number}", waiting, stage, near=name)
    for number in range(1, delay.stages):
        here, after = _stage(name, for_, number), _stage(name, for_, number + 1)
        then = [assigned(here, "-=", 1, name), assigned(after, "+=", 1, name)]
        if number == 1:
            # Those in the first stage are those that wait at all and are in no later one.
            later = [_stage(name, for_, behind) for behind in range(2, delay.stages + 1)]
            here, then = applied("-", here, *later), then[1:]
        rule = Rule(
            for_=dict(for_), when=written(applied(">", here, 0), name), rate=written(step(here, delay), name),
            then=tuple(then), silent=True,
        )  # fmt: skip
        expansion.add_rule(f"{name}_prepares_{number}", rule, replace(origin, role="preparation"), near=name)


def _stage(name: str, variables: Mapping[Words, Words] | Mapping[str, str], number: int) -> Form:
    waiting = f"awaiting_{name}" if number == 1 else f"awaiting_{name}_{number}"
    return indexed(waiting, *map(str, variables))


class Queue:
    """What takes a fixed or an evenly drawn time and can be under way several times: each has a place in a ring.

    `sent_NAME` counts what was begun; the n-th takes the place n % MOST_UNDER_WAY, so that none is looked for. What is
    due is `ready_NAME` at that instant.
    """

    def __init__(self, name: str, for_: Mapping[Words, Words] | Mapping[str, Words], near: str) -> None:
        self.name, self.for_, self.near = name, for_, near
        self.places, self.spot = f"{name}_places", phrase(f"{name}_place", near)
        self.ready = indexed(f"ready_{name}", *map(str, for_))

    def begin(self, delay: Delay, *at: str | Form) -> tuple[Statement, ...]:
        """What begins one, at the entities of the variables: nothing where the eighth before it is still under way."""
        near, due, sent = self.near, indexed(f"due_{self.name}", *at, str(self.spot)), indexed(f"sent_{self.name}", *at)
        free = applied("and", applied("==", f"{self.spot}.number", applied("%", sent, MOST_UNDER_WAY)),
                       applied("<", due, 0))  # fmt: skip
        begun = (
            assigned(due, "=", applied("+", "t", delay.drawn()), near),
            assigned(indexed(f"awaiting_{self.name}", *at), "+=", 1, near),
        )
        each = ForStatement(for_={self.spot: phrase(self.places, near)}, where=written(free, near), do=begun)
        return each, assigned(sent, "+=", 1, near)

    def declare(self, expansion: Expansion, origin: Origin, kinds: tuple[Words, ...]) -> None:
        """Adds the places and the states; `origin` is that of what is done when it is due."""
        name, near = self.name, self.near
        members = {
            phrase(f"{name}_place_{number + 1}", near): Entity(attributes={Words("number"): float(number)})
            for number in range(MOST_UNDER_WAY)
        }
        expansion.add_kind(self.places, Kind(members=members), near=near, origin=replace(origin, role="places"))
        tells = {
            "due": f"the day on which it is done, {NEVER} where nothing is under way",
            "sent": "how many have begun",
            "ready": "how many are due now",
        }
        about = {key: phrase(f"{name}: {told}", near) for key, told in tells.items()}
        due = State(of=(*kinds, phrase(self.places, near)), unit=Words("day"), about=about["due"])
        expansion.add_state(f"due_{name}", due, replace(origin, role="due"), near=near, begin=Words(str(NEVER)))
        for role in ("sent", "ready"):
            state = State(of=kinds, at_least=0, about=about[role])
            expansion.add_state(f"{role}_{name}", state, replace(origin, role=role), near=near)

    def come(self, expansion: Expansion, origin: Origin) -> None:
        """Adds the rule by which what is due becomes ready, behind the one that does it: one is done after another."""
        here = indexed(f"due_{self.name}", *map(str, self.for_), str(self.spot))
        rule = Rule(
            for_={**dict(self.for_), self.spot: phrase(self.places, self.near)},
            when=written(until_due(here), self.near),
            then=(assigned(here, "=", NEVER, self.near), assigned(self.ready, "+=", 1, self.near)),
            silent=True,
        )  # fmt: skip
        expansion.add_rule(f"{self.name}_comes", rule, replace(origin, role="is due"), near=self.near)
