"""Whether an expression has a finite value wherever it is read, as far as interval analysis tells.

What is always without one is an error. A warning is given where uncertain parameters alone can make it so, or the start
does, and nothing that is asked before keeps it from being read then. A question keeps from nothing where it comes out
the same way as if all were well: `1 / n if n >= 0 else 0` is read at 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from standoff.errors import Severity
from standoff.intervals import FALSE, TRUE, Interval
from standoff.numerals import exact
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.linting.needs import Need, needs
from standoff.scenario.linting.possible_values import Binding, Options, PossibleValues
from standoff.scenario.linting.unreachable import Possibilities
from standoff.scenario.resolved import Let, Rule
from standoff.scenario.tree import Binary, Choose, Draw, Fold, Local, Node, Pick, Truth, children
from standoff.scenario.walks import Reads, conjuncts, reads

CLOSED = ("uniform", "triangular", "fixed")
"""Priors that reach the ends of their range; the others come near them at most."""


@dataclass(frozen=True, slots=True)
class Amiss:
    """What has no value: which part of an expression, since when it is certain, and the cure."""

    node: Node
    found: str
    hint: str
    severity: Severity


@dataclass(frozen=True)
class Looked:
    """What is asked before an expression is read: a condition that `holds` then, or fails; None: something else."""

    node: Node
    holds: bool | None

    @cached_property
    def reads(self) -> Reads:
        """What it reads."""
        return reads(self.node)

    def keeps_from(self, values: PossibleValues, binding: Binding) -> bool:
        """Whether what follows may not be read where these are the values."""
        if self.holds is None:
            return True
        return values.of(self.node, binding) != (TRUE if self.holds else FALSE)


def all_hold(*conditions: Node | None) -> tuple[Looked, ...]:
    """Conditions that hold, part by part."""
    return tuple(Looked(part, True) for whole in conditions for part in conjuncts(whole))


def went_otherwise(nodes: Iterable[Node]) -> tuple[Looked, ...]:
    """Conditions that fail, and shares of what was drawn."""
    return tuple(Looked(node, False if isinstance(node.type, Truth) else None) for node in nodes)


@dataclass(frozen=True, slots=True)
class Under:
    """Where an expression is read: what was asked, what variables can stand for, local values, states just written."""

    looked: tuple[Looked, ...]
    ranges: Mapping[str, Options]
    given: tuple[Let, ...] = ()
    written: frozenset[str] = frozenset()

    def asked(self, *more: Looked) -> Under:
        """The same where more was asked."""
        return replace(self, looked=(*self.looked, *more))


class Finite:
    """Looks for what has no finite value in the expressions of a rule; `rule` is None for what states begin with."""

    def __init__(self, possible: Possibilities, rule: Rule | None) -> None:
        self.possible, self.rule = possible, rule

    def amiss(self, node: Node, under: Under) -> Iterator[Amiss]:
        """All that is amiss in an expression."""
        if isinstance(node, Local):
            return  # It is looked at where it is given.
        for need, what, cure in needs(node):
            yield from self._of_need(node, need, (what, cure), under)
        if isinstance(node, Draw) and node.kind == "uniform":
            yield from self._turned(node, under)
        match node:
            case Choose(condition=condition, then=then, otherwise=otherwise):
                yield from self.amiss(condition, under)
                yield from self.amiss(then, under.asked(*all_hold(condition)))
                yield from self.amiss(otherwise, under.asked(Looked(condition, False)))
                return
            case Binary(op="and" | "or" as op, left=left, right=right):
                yield from self.amiss(left, under)
                yield from self.amiss(right, under.asked(*(all_hold(left) if op == "and" else (Looked(left, False),))))
                return
            case Fold(variable=variable, domain=domain, where=where) | Pick(
                variable=variable, domain=domain, where=where
            ):
                ranges = {**under.ranges, variable: self.possible.ever.members(domain, under.ranges)}
                under = replace(under.asked(*all_hold(where)), ranges=ranges)
        for part in children(node):
            yield from self.amiss(part, under)

    # -- what is asked of an operand -----------------------------------------------------------------------------------

    def _of_need(self, whole: Node, need: Need, told: tuple[str, str], under: Under) -> Iterator[Amiss]:
        node = _without_locals(need.of, under.given)
        read = reads(node)
        found = self.possible.ever.of(node, under.ranges)
        if read.locals or read.draws or not need.at_times(found, closed=True):
            return
        severity = self._severity(need, node, read, under, found)
        at: Binding = under.ranges
        where, (what, cure) = "", told
        if severity is None and read.variables:
            at = next((one for one in self._choices(read, under) if self._fails_at(need, node, read, under, one)), {})
            severity = "warning" if at else None
            names = sorted(name for name in read.variables if len(at.get(name, ())) == 1)
            where = ", where " + " and ".join(f"{name} is {next(iter(at[name]))}" for name in names) if names else ""
        if severity is None:
            return
        within = _between(self.possible.ever.of(node, at))
        if severity == "warning" and read.states:
            within += f", and {_between(self.possible.start.of(node, at))} at first"
        asked = spelled(need.of)
        yield Amiss(whole, (what if asked == within else f"{what}: {asked} is {within}") + where, cure, severity)

    def _severity(self, need: Need, node: Node, read: Reads, under: Under, found: Interval) -> Severity | None:
        """How sure it is for all that variables can stand for together; `found` are all values then."""
        ever, start, ranges = self.possible.ever, self.possible.start, under.ranges
        if need.never(found):
            return None if self._kept_from(read, under, ever, ranges) else "error"
        if read.states or read.firings:
            # A stock that is 0 until something happens: nobody divides by it on purpose.
            begins = start.of(node, ranges)
            if read.time or read.states & under.written or begins[0] != begins[1] or not need.never(begins):
                return None
            return None if self._kept_from(read, under, start, ranges) else "warning"
        if read.variables:
            return None  # They are looked at one by one.
        return "warning" if self._can_fail(need, node, read, under, ranges) else None

    def _can_fail(self, need: Need, node: Node, read: Reads, under: Under, at: Binding) -> bool:
        """Whether uncertain parameters alone make it fail at times, and nothing that is asked keeps from that."""
        found = self.possible.ever.of(node, at)
        if read.time or not read.parameters or (math.isinf(found[0]) and math.isinf(found[1])):
            return False
        if not need.at_times(found, closed=self._closed(read)):
            return False
        worst = need.worst(found)
        return not self._kept_from(read, under, self.possible.ever.given({node: (worst, worst)}), at)

    def _fails_at(self, need: Need, node: Node, read: Reads, under: Under, at: Binding) -> bool:
        """Whether it fails, at the start or at times, for one choice of the variables."""
        ever, start = self.possible.ever, self.possible.start
        if not (read.states or read.firings):
            if read.parameters:
                return self._can_fail(need, node, read, under, at)
            return not read.time and need.never(ever.of(node, at)) and not self._kept_from(read, under, ever, at)
        begins = start.of(node, at)
        if read.time or read.states & under.written or begins[0] != begins[1] or not need.never(begins):
            return False
        # Who is not there at first is not meant, whatever is asked of it.
        if any(one.holds is not None and one.keeps_from(start, at) and not _meet(one.reads, read)
               and start.of(one.node, at) == (FALSE if one.holds else TRUE) for one in under.looked):  # fmt: skip
            return False
        return not self._kept_from(read, under, start, at)

    def _choices(self, read: Reads, under: Under) -> Iterator[Binding]:
        """Every choice of the rule's variables that are read, if it can be made; none where they are too many."""
        if self.rule is None:
            return
        asked = frozenset[str]().union(*(one.reads.variables for one in under.looked))
        own = frozenset(variable.name for variable in self.rule.variables)
        names = (read.variables | asked) & own
        if not names or not read.variables <= own:
            return
        for one in self.possible.ever.bindings(self.rule, names):
            if any(len(one[name]) != 1 for name in names):
                return
            at = {**under.ranges, **{name: one[name] for name in names}}
            if not all(at[each.name] <= self.possible.ever.members(each.domain, at) for each in self.rule.variables
                       if each.name in names):  # fmt: skip
                continue  # Such as two places that no road joins.
            sure = (looked.holds is not None and self.possible.ever.of(looked.node, at)
                    == (FALSE if looked.holds else TRUE) for looked in under.looked)  # fmt: skip
            if not any(sure):
                yield at

    def _kept_from(self, read: Reads, under: Under, values: PossibleValues, at: Binding) -> bool:
        return any(_meet(one.reads, read) and one.keeps_from(values, at) for one in under.looked)

    def _turned(self, node: Draw, under: Under) -> Iterator[Amiss]:
        """A uniform draw whose lower end can lie above its upper one."""
        low, high = (_without_locals(end, under.given) for end in node.of)
        read, ever = (reads(low), reads(high)), self.possible.ever
        ends = ever.of(low, under.ranges), ever.of(high, under.ranges)
        if any(one.locals or one.draws for one in read):
            return
        certain = ends[0][0] > ends[1][1]
        known = {low: (ends[0][1], ends[0][1]), high: (ends[1][0], ends[1][0])}
        if any(self._kept_from(one, under, ever if certain else ever.given(known), under.ranges) for one in read):
            return
        alone = not any(one.states or one.firings or one.time for one in read) and not _meet(*read)
        if certain or (alone and math.isfinite(ends[0][1]) and math.isfinite(ends[1][0]) and ends[0][1] > ends[1][0]):
            told = " and ".join(f"{spelled(end)} is {_between(one)}" for end, one in zip(node.of, ends, strict=True))
            what = "is" if certain else "can be"
            found = f"the lower end of a uniform draw {what} above the upper: {told}"
            hint = f"write the smaller first, or max({spelled(node.of[0])}, {spelled(node.of[1])}) as the upper end"
            yield Amiss(node, found, hint, "error" if certain else "warning")

    def _closed(self, read: Reads) -> bool:
        kinds = {self.possible.resolved.parameters[name].prior.kind for name in read.parameters}
        return kinds <= set(CLOSED)


def _meet(one: Reads, other: Reads) -> bool:
    return bool(one.states & other.states or one.parameters & other.parameters or one.firings & other.firings)


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
