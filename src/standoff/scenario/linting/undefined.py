"""Lint of what has no finite value: a division by 0, a logarithm or root of too little, a power or exponential without
bound, and a random draw of what it cannot be drawn from.

A run in which one is written stops (SD501, SD504, SD506); a condition decides by it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from standoff.errors import Fault
from standoff.scenario.expression.syntax import Passage
from standoff.scenario.linting.finite import Amiss, Finite, Under, all_hold, went_otherwise
from standoff.scenario.linting.statements import Step, steps
from standoff.scenario.linting.unreachable import Possibilities
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, ForEach, If, Let, Rule, State
from standoff.scenario.resolving.statements import split_assignment
from standoff.scenario.schema import ChanceStatement, ForStatement, IfStatement
from standoff.scenario.tree import Node
from standoff.time import looks_like_duration

_SECTIONS = {
    "flow": "flows", "red line": "red_lines", "deal": "deals", "decision": "decisions", "order": "orders",
    "inject": "injects", "rule": "rules", "question": "questions", "goal": "goals", "corridor": "corridors",
}  # fmt: skip



_ENOUGH = 8
"""Characters by which an author's own words are known again."""


def undefined(possible: Possibilities) -> Iterator[Fault]:
    """Every expression that is sure to have no finite value when it is read, or probably can have none."""
    told: set[tuple[object, str]] = set()
    for rule in possible.resolved.rules:
        if rule.origin is not None and rule.origin.word in ("claim", "policy", "mechanism"):
            continue
        if not rule.called and possible.dead(rule) is not None:
            continue
        looking = _Looking(possible, rule)
        found = (looking.fault(amiss, passage) for amiss, passage in looking.found())
        yield from _each_once(found, told)
    yield from _each_once(_in_states(possible), told)


def _each_once(faults: Iterator[Fault], told: set[tuple[object, str]]) -> Iterator[Fault]:
    for fault in faults:
        key = (fault.location, fault.found)
        if fault.location is not None and key not in told:
            told.add(key)
            yield fault


def _in_states(possible: Possibilities) -> Iterator[Fault]:
    """What is amiss in what states begin with, and in half-lives."""
    looking = Finite(possible, None)
    for name, state in possible.resolved.states.items():
        for node, words in _of_state(possible, name, state):
            for amiss in looking.amiss(node, Under((), {})):
                yield _placed(amiss, Passage.whole(words))


def _of_state(possible: Possibilities, name: str, state: State) -> Iterator[tuple[Node, Words]]:
    written = possible.expanded.begin.get(Words(name))
    for at, node in state.begin:
        here: object = written
        for member in at:
            here = here.get(member, here.get("every")) if isinstance(here, Mapping) else None
        if isinstance(here, Words):
            yield node, here
    every = written
    while isinstance(every, Mapping):
        every = every.get("every")
    if isinstance(every, Words):
        yield state.otherwise, every
    half_life = possible.expanded.state[Words(name)].half_life
    if state.half_life is not None and half_life is not None and not looks_like_duration(half_life):
        yield state.half_life, half_life


def _placed(amiss: Amiss, passage: Passage) -> Fault:
    """The fault where the part is written, or where the words are that a word of the language wrote."""
    fault = passage.fault("SD431", amiss.found, span=amiss.node.span, hint=amiss.hint)
    place, (start, end) = passage.words.location, amiss.node.span
    told, here = passage.text[start : min(end, start + _ENOUGH)], fault.location
    stands = here is not None and here.text[here.column - 1 : here.column - 1 + len(told)] == told
    if place is not None and not stands and passage.words[:12].strip() not in place.text:
        # A word has written it: what its author wrote stands there in other words.
        fault.location, fault.width = place, 1
    fault.severity = amiss.severity
    return fault


class _Looking:
    """The expressions of one rule, with the words in which they are written."""

    def __init__(self, possible: Possibilities, rule: Rule) -> None:
        self.possible, self.rule = possible, rule
        # The guard of what moves by itself only asks whether its speed has changed.
        self.flows = rule.origin is not None and rule.origin.word == "flow"

    def found(self) -> Iterator[tuple[Amiss, Passage | None]]:
        """What is amiss in its guard, clock and effects, with the words in which it is written."""
        finite, ranges = Finite(self.possible, self.rule), self.possible.ever.ranges(self.rule)
        written, asked = self.possible.expanded.rules[Words(self.rule.name)], all_hold(self.rule.when)
        asked = () if self.flows else asked
        clock = [(self.rule.rate, written.rate, asked), (self.rule.at, written.at, asked)]
        clock += [] if self.flows else [(self.rule.when, written.when, ())]
        for node, words, looked in clock:
            if node is not None and words is not None:
                for one in finite.amiss(node, Under(looked, ranges)):
                    yield one, Passage.whole(words)
        for step in steps(self.rule, written):
            looked = (*asked, *all_hold(*step.conditions), *went_otherwise(step.looked))
            for node, passage in _of(step):
                for one in finite.amiss(node, Under(looked, ranges, step.locals, step.written)):
                    yield one, passage

    def fault(self, amiss: Amiss, passage: Passage | None) -> Fault:
        """The fault where the part is written, or where the word is that wrote the rule."""
        fault = Fault("SD431", None, amiss.found, None, amiss.hint, amiss.severity)
        if self.flows and (rate := self._named()) is not None:
            fault.location, fault.width = rate.location, max(1, len(rate))
        elif passage is not None and passage.words.location is not None:
            return _placed(amiss, passage)
        elif (word := self._named()) is not None:
            fault.location, fault.width = word.location, max(1, len(word))
        return fault

    def _named(self) -> Words | None:
        """The words of an author that made the rule: the rate of a flow, else its name."""
        origin = self.rule.origin
        section = None if origin is None else _SECTIONS.get(origin.word)
        entries: Mapping[str, object] = {} if section is None else getattr(self.possible.document, section)
        for name, entry in entries.items():
            if origin is not None and name == origin.name:
                told = getattr(entry, "rate", None) if section == "flows" else None
                return told if isinstance(told, Words) else name if isinstance(name, Words) else None
        return None


def _of(step: Step) -> Iterator[tuple[Node, Passage | None]]:
    """The expressions of a step, each with the stretch of words that it was read from."""
    statement, words = step.statement, step.words
    if isinstance(words, Words):
        target, _, value = split_assignment(Passage.whole(words))
        if isinstance(statement, Assign):
            yield from ((node, target) for node in statement.indices)
        if isinstance(statement, Assign | Let):
            yield statement.value, value
    elif isinstance(statement, Chance) and isinstance(words, ChanceStatement):
        for (node, _), branch in zip(statement.branches, words.chance, strict=True):
            yield node, Passage.whole(branch.p)
    elif isinstance(statement, If) and isinstance(words, IfStatement):
        yield statement.condition, Passage.whole(words.if_)
    elif (
        isinstance(statement, ForEach) and isinstance(words, ForStatement)
        and statement.where is not None and words.where is not None
    ):  # fmt: skip
        yield statement.where, Passage.whole(words.where)
