"""Lint of what has no finite value: a division by 0, a logarithm or root of too little, a power or exponential without
bound, and a random draw of what it cannot be drawn from.

A run in which one is read stops (SD501, SD504, SD506). What interval analysis finds always to be so is an error. A
warning is given where uncertain parameters alone can make it so, or the start does, and nothing on the way looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from standoff.errors import Fault, Severity
from standoff.intervals import Interval
from standoff.numerals import exact
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.expression.syntax import Passage
from standoff.scenario.linting.possible_values import Options
from standoff.scenario.linting.statements import Step, steps
from standoff.scenario.linting.unreachable import Possibilities
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, Let, Rule
from standoff.scenario.resolving.statements import split_assignment
from standoff.scenario.tree import Binary, Choose, Domain, Draw, Fold, Local, Node, Pick, Unary, children
from standoff.scenario.walks import Reads, reads

MOST_EXPONENT = math.log(1.7976931348623157e308)
"""The largest number whose exponential is finite."""
CLOSED = ("uniform", "triangular", "fixed")
"""Priors that reach the ends of their range; the others come near them at most."""
_SECTIONS = {
    "flow": "flows", "red line": "red_lines", "deal": "deals", "decision": "decisions", "order": "orders",
    "inject": "injects", "rule": "rules", "question": "questions", "goal": "goals", "corridor": "corridors",
}  # fmt: skip


def undefined(possible: Possibilities) -> Iterator[Fault]:
    """Every expression of a rule that is sure to have no finite value when it is read, or probably can have none."""
    told: set[tuple[object, str]] = set()
    for rule in possible.resolved.rules:
        if rule.origin is not None and rule.origin.word in ("claim", "policy", "mechanism"):
            continue
        if not rule.called and possible.dead(rule) is not None:
            continue
        looking = _Looking(possible, rule)
        for amiss, passage in looking.found():
            fault = looking.fault(amiss, passage)
            key = (fault.location, fault.found)
            if fault.location is not None and key not in told:
                told.add(key)
                yield fault


@dataclass(frozen=True, slots=True)
class Amiss:
    """What has no value: which part of an expression, since when it is certain, and the cure."""

    node: Node
    found: str
    hint: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class _Need:
    """Between which values a part of an expression must lie: `above` the least, or anywhere but at 0 (`not_zero`)."""

    of: Node
    least: float = -math.inf
    most: float = math.inf
    not_zero: bool = False
    above: bool = False

    def never(self, found: Interval) -> bool:
        """Whether no value of an interval will do."""
        if self.not_zero:
            return found == (0.0, 0.0)
        return found[1] < self.least or found[0] > self.most or (self.above and found[1] <= self.least)

    def at_times(self, found: Interval, *, closed: bool) -> bool:
        """Whether some values of an interval will not do; the ends count where they are reached (`closed`)."""
        if self.not_zero:
            return found[0] < 0.0 < found[1] or (closed and 0.0 in found)
        if found[0] < self.least or found[1] > self.most:
            return True
        return self.above and closed and found[0] <= self.least


class _Looking:
    """The expressions of one rule, and what is known of values in them."""

    def __init__(self, possible: Possibilities, rule: Rule) -> None:
        self.possible, self.rule = possible, rule
        self.ranges = possible.ever.ranges(rule)
        # The guard of what moves by itself only asks whether its speed has changed.
        flows = rule.origin is not None and rule.origin.word == "flow"
        self.asked = () if flows else (reads(rule.when),)

    def found(self) -> Iterator[tuple[Amiss, Passage | None]]:
        """What is amiss in its clock and effects, with the words in which it is written."""
        written = self.possible.expanded.rules[Words(self.rule.name)]
        for node, words in ((self.rule.rate, written.rate), (self.rule.at, written.at)):
            if node is not None and words is not None:
                for one in self._amiss(node, self.asked, self.ranges, ()):
                    yield one, Passage.whole(words)
        for step in steps(self.rule, written):
            looked = (*self.asked, reads(*step.conditions, *step.looked))
            for node, passage in _of(step):
                for one in self._amiss(node, looked, self.ranges, step.locals):
                    yield one, passage

    def fault(self, amiss: Amiss, passage: Passage | None) -> Fault:
        """The fault where the part is written, or where the word is that wrote the rule."""
        fault = Fault("SD431", None, amiss.found, None, amiss.hint, amiss.severity)
        if self.rule.origin is not None and self.rule.origin.word == "flow" and (rate := self._named()) is not None:
            fault.location, fault.width = rate.location, max(1, len(rate))
        elif passage is not None and (place := passage.words.location) is not None:
            fault = passage.fault("SD431", amiss.found, span=amiss.node.span, hint=amiss.hint)
            if passage.words[:12].strip() not in place.text:
                # A word has written it: what its author wrote stands there in other words.
                fault.location, fault.width = place, 1
        elif (word := self._named()) is not None:
            fault.location, fault.width = word.location, max(1, len(word))
        fault.severity = amiss.severity
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

    def _amiss(
        self, node: Node, looked: tuple[Reads, ...], ranges: Mapping[str, Options], given: tuple[Let, ...]
    ) -> Iterator[Amiss]:
        if isinstance(node, Local):
            return  # It is looked at where it is given.
        for need, what, cure in _needs(node):
            severity = self._severity(need, looked, ranges, given)
            if severity is not None:
                of, told = _without_locals(need.of, given), spelled(need.of)
                within = _between(self.possible.ever.of(of, ranges))
                if severity == "warning" and reads(of).states:
                    within += f", and {_between(self.possible.start.of(of, ranges))} at first"
                yield Amiss(node, what if told == within else f"{what}: {told} is {within}", cure, severity)
        if isinstance(node, Draw) and node.kind == "uniform":
            yield from self._turned(node, looked, ranges, given)
        if isinstance(node, Choose):
            yield from self._amiss(node.condition, looked, ranges, given)
            looked = (*looked, reads(node.condition))
            for part in (node.then, node.otherwise):
                yield from self._amiss(part, looked, ranges, given)
            return
        domain: Domain | None = getattr(node, "domain", None) if isinstance(node, Fold | Pick) else None
        if domain is not None and isinstance(node, Fold | Pick):
            ranges = {**ranges, node.variable: self.possible.ever.members(domain, ranges)}
            looked = (*looked, reads(node.where))
        for part in children(node):
            yield from self._amiss(part, looked, ranges, given)

    def _severity(
        self, need: _Need, looked: tuple[Reads, ...], ranges: Mapping[str, Options], given: tuple[Let, ...]
    ) -> Severity | None:
        node = _without_locals(need.of, given)
        read = reads(node)
        if read.locals or read.draws or any(self._meet(read, one) for one in looked):
            return None
        found = self.possible.ever.of(node, ranges)
        if need.never(found):
            return "error"
        if read.states or read.firings:
            # A stock that is 0 until something happens: nobody divides by it on purpose.
            begins = self.possible.start.of(node, ranges)
            return "warning" if not read.time and begins[0] == begins[1] and need.never(begins) else None
        # Between places, who is meant is looked at one by one in the run: what two of them have in common tells little.
        if read.time or read.variables or not read.parameters or (math.isinf(found[0]) and math.isinf(found[1])):
            return None
        return "warning" if need.at_times(found, closed=self._closed(read)) else None

    def _turned(
        self, node: Draw, looked: tuple[Reads, ...], ranges: Mapping[str, Options], given: tuple[Let, ...]
    ) -> Iterator[Amiss]:
        """A uniform draw whose lower end can lie above its upper one."""
        low, high = (_without_locals(end, given) for end in node.of)
        read = reads(low), reads(high)
        ends = self.possible.ever.of(low, ranges), self.possible.ever.of(high, ranges)
        if any(one.locals or one.draws or any(self._meet(one, other) for other in looked) for one in read):
            return
        certain = ends[0][0] > ends[1][1]
        alone = not any(one.states or one.firings or one.time for one in read) and not self._meet(*read)
        if certain or (alone and math.isfinite(ends[0][1]) and math.isfinite(ends[1][0]) and ends[0][1] > ends[1][0]):
            told = " and ".join(f"{spelled(end)} is {_between(one)}" for end, one in zip(node.of, ends, strict=True))
            what = "is" if certain else "can be"
            found = f"the lower end of a uniform draw {what} above the upper: {told}"
            hint = f"write the smaller first, or max({spelled(node.of[0])}, {spelled(node.of[1])}) as the upper end"
            yield Amiss(node, found, hint, "error" if certain else "warning")

    def _closed(self, read: Reads) -> bool:
        kinds = {self.possible.resolved.parameters[name].prior.kind for name in read.parameters}
        return kinds <= set(CLOSED)

    @staticmethod
    def _meet(one: Reads, other: Reads) -> bool:
        return bool(one.states & other.states or one.parameters & other.parameters or one.firings & other.firings)


def _needs(node: Node) -> Iterator[tuple[_Need, str, str]]:
    """What an operator or function asks of its operands, in words, with the cure."""
    match node:
        case Binary(op="/" | "%", right=right):
            what = "division by 0" if node.op == "/" else "remainder of a division by 0"
            told = spelled(right)
            yield _Need(right, not_zero=True), what, f"keep it away from 0: max(0.01, {told}), or ask first: {told} > 0"
        case Binary(op="**", left=left, right=right):
            power = right.value if hasattr(right, "value") else None
            if isinstance(power, float) and power < 0.0:
                yield (
                    _Need(left, not_zero=True),
                    "a negative power of 0",
                    f"keep it away from 0: max(0.01, {spelled(left)})",
                )
            elif isinstance(power, float) and power % 1.0 != 0.0:
                yield _Need(left, least=0.0), "a root of a negative number", f"bound it: max(0, {spelled(left)})"
        case Unary(op="log", of=of):
            told = spelled(of)
            yield _Need(of, least=0.0, above=True), "logarithm of 0 or less", f"keep it above 0: log(max(0.01, {told}))"
        case Unary(op="sqrt", of=of):
            yield _Need(of, least=0.0), "a root of a negative number", f"bound it: sqrt(max(0, {spelled(of)}))"
        case Unary(op="exp", of=of):
            yield (
                _Need(of, most=MOST_EXPONENT),
                "an exponential beyond all numbers",
                f"bound it: exp(min(700, {spelled(of)}))",
            )
        case Draw(kind="poisson" | "exponential" | "binomial" as kind, of=of):
            yield _Need(of[0], least=0.0), f"{kind} of a negative number", f"bound it: max(0, {spelled(of[0])})"
            if kind == "binomial":
                yield from _of_a_share(of[1])
        case Draw(kind="chance", of=(share,)):
            yield from _of_a_share(share)


def _of_a_share(share: Node) -> Iterator[tuple[_Need, str, str]]:
    bounded = f"bound it: max(0, min(1, {spelled(share)})); in percent, divide it by 100"
    yield _Need(share, least=0.0, most=1.0), "a probability outside 0 to 1", bounded


def _of(step: Step) -> Iterator[tuple[Node, Passage | None]]:
    """The expressions of a step, each with the stretch of words that it was read from."""
    statement, words = step.statement, step.words
    if isinstance(words, Words):
        target, _, value = split_assignment(Passage.whole(words))
        if isinstance(statement, Assign):
            yield from ((node, target) for node in statement.indices)
        if isinstance(statement, Assign | Let):
            yield statement.value, value
    elif isinstance(statement, Chance):
        for (node, _), branch in zip(statement.branches, words.chance, strict=True):
            yield node, Passage.whole(branch.p)


def _without_locals(node: Node, given: tuple[Let, ...]) -> Node:
    known = {let.name: let.value for let in given}
    return known.get(node.name, node) if isinstance(node, Local) else node


def _between(interval: Interval) -> str:
    low, high = interval
    if low == high:
        return exact(low)
    if math.isfinite(low) and math.isfinite(high):
        return f"{exact(low)} to {exact(high)}"
    return f"{exact(low)} or more" if math.isfinite(low) else f"{exact(high)} or less"
