"""Delays between what is decided and what is done: exponential, or in stages, kept in state and rated rules."""

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
    form,
    indexed,
    part_of,
    phrase,
    written,
)
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Rule, State
from standoff.scenario.words.expansion import Expansion
from standoff.time import looks_like_duration, parse_duration

MOST_STAGES = 20
_ARGUMENTS = {"exponential": ("mean",), "gamma": ("stages", "mean")}


@dataclass(frozen=True, slots=True)
class Delay:
    """How long something takes: `stages` steps (0: none, at once) of `mean` days together."""

    stages: int
    mean: Form = field(default_factory=lambda: form(0))


def read_delay(expansion: Expansion, words: Words | None) -> Delay | None:
    """The delay that is written; None, with a fault noted, for what is none."""
    if words is None:
        return Delay(0)
    passage = Passage.whole(words)
    call = call_parts(passage)
    order = _ARGUMENTS.get(call[0], ()) if call is not None else ()
    parts = {} if call is None else by_name(call[1], order)
    if not order or set(parts) != set(order) or not all(part.text for part in parts.values()):
        expected = "exponential(3 days) or gamma(2, 10 days); leave it out for what happens at once"
        expansion.fault("SD203", words, f"'{words}' is not a delay", expected=expected)
        return None
    stages = parts["stages"].text if "stages" in parts else "1"
    if not (stages.isascii() and stages.isdecimal()) or not 1 <= int(stages) <= MOST_STAGES:
        expected = f"expected a whole number from 1 to {MOST_STAGES}"
        expansion.fault("SD203", words, f"'{stages}' is not a number of stages", expected=expected)
        return None
    mean = _mean(expansion, words, parts["mean"])
    return None if mean is None else Delay(int(stages), mean)


def _mean(expansion: Expansion, words: Words, mean: Passage) -> Form | None:
    if not looks_like_duration(mean.text):
        number = read_number(mean.text)
        if number is not None and number <= 0.0:
            _not_a_delay(expansion, words, mean.text)
            return None
        return form(part_of(mean))
    try:
        days = parse_duration(mean.text)
    except Fault as fault:
        expansion.fault(fault.code, words, fault.found, expected=fault.expected, hint=fault.hint)
        return None
    if days <= 0:
        _not_a_delay(expansion, words, mean.text)
        return None
    return form(days)


def _not_a_delay(expansion: Expansion, words: Words, mean: str) -> None:
    hint = "leave it out for what happens at once"
    expansion.fault("SD211", words, f"'{mean}' is not a valid delay: it must be above 0", hint=hint)


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
