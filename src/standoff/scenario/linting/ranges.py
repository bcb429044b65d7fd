"""Lint of what can leave its range: stocks that fall below at_least or rise above at_most, chances beyond 0 to 1.

A run that does so stops (SD504, SD506). What interval analysis finds always to be outside is an error. Where it cannot
decide, a warning is given only where nothing that comes before the change looks at what is changed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from standoff.errors import Fault, Severity
from standoff.intervals import EVERYTHING, Interval
from standoff.numerals import exact
from standoff.scenario.expression.bounds import constant
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.linting.possible_values import PossibleValues
from standoff.scenario.linting.statements import Step, steps
from standoff.scenario.linting.unreachable import Possibilities, demanded
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, Rule, State
from standoff.scenario.schema import ChanceStatement
from standoff.scenario.tree import Binary, Draw, Local, Node, Number, StateValue
from standoff.scenario.walks import conjuncts, reads, walk


def out_of_range(possible: Possibilities) -> Iterator[Fault]:
    """Every change of a stock and every chance that leaves its range, or probably does."""
    authored = {str(name): name for name in possible.document.state}
    # What fires after something else fires as often as that, which is not looked into.
    following = {str(name) for name, rule in possible.document.rules.items() if rule.after is not None}
    told: set[object] = set()
    for rule in possible.resolved.rules:
        waits = (rule.name if rule.origin is None or rule.origin.word != "rule" else rule.origin.name) in following
        if rule.called or waits or not _by_an_author(rule) or possible.dead(rule) is not None:
            continue
        for step in steps(rule, possible.expanded.rules[Words(rule.name)]):
            one = _Change(possible, rule, step)
            found = _of_step(one, authored)
            if found is not None and found.location is not None and found.location not in told:
                told.add(found.location)
                yield found


_WITH_GUARDS = ("stance", "deal", "inject", "red line", "rule")
"""Words whose rules hold the guards that an author gave them. When an option of a decision is open, and an order is
under way, is asked elsewhere."""


def _by_an_author(rule: Rule) -> bool:
    return rule.origin is None or rule.origin.word in _WITH_GUARDS


def _of_step(one: _Change, authored: Mapping[str, str]) -> Fault | None:
    statement, words = one.step.statement, one.step.words
    if isinstance(statement, Chance):
        return one.of_chance()
    if isinstance(statement, Assign) and isinstance(words, Words) and statement.state in authored:
        return one.of_stock(statement, words)
    return None


class _Change:
    """One step of a rule, and what is known of values where it is reached."""

    def __init__(self, possible: Possibilities, rule: Rule, step: Step) -> None:
        self.possible, self.rule, self.step = possible, rule, step
        self.ranges = possible.ever.ranges(rule)
        self.conditions = [part for whole in (rule.when, *step.conditions) for part in conjuncts(whole)]
        # What held when the rule fired tells nothing of what it has written since.
        self.facts = [part for part in self.conditions if not reads(part).states & step.written]

    # -- stocks ----------------------------------------------------------------------------------------------------

    def of_stock(self, effect: Assign, words: Words) -> Fault | None:
        """The fault of a change that leaves the bounds of its state."""
        state = self.possible.resolved.states[effect.state]
        if not isinstance(state.type, Number) or (state.at_least is None and state.at_most is None):
            return None
        cell = StateValue(type=state.type, name=effect.state, indices=effect.indices)
        op, value = effect.op, effect.value
        if op == "=" and isinstance(value, Binary) and value.op in ("+", "-") and value.left == cell:
            op, value = ("+=" if value.op == "+" else "-="), value.right
        if op not in ("+=", "-="):
            return self._of_value(state, op, value, words)
        values, low, high = self._values(), *self._now(cell)
        by = values.of(self._without_locals(value), self.ranges)
        change = by if op == "+=" else (-by[1], -by[0])
        least, most = _bounds(state)
        if high + change[1] < least or low + change[0] > most:
            return self._told(words, cell, state, change, "error", below=high + change[1] < least)
        if change[0] < 0.0 and low + change[0] < least and not self._minded(cell, value, change[0], low, below=True):
            return self._told(words, cell, state, change, "warning", below=True)
        if change[1] > 0.0 and high + change[1] > most and not self._minded(cell, value, change[1], high, below=False):
            return self._told(words, cell, state, change, "warning", below=False)
        return None

    def _of_value(self, state: State, op: str, value: Node, words: Words) -> Fault | None:
        if op != "=":
            return None
        found = self._values().of(self._without_locals(value), self.ranges)
        least, most = _bounds(state)
        if found[1] < least or found[0] > most:
            told = f"'{state.name}' is set to {_between(found)}, outside its bounds: {_bounds_in_words(state)}"
            return Fault("SD416", words.location, told, None, "change the value, or the bounds", "error", len(words))
        return None

    def _minded(self, cell: StateValue, value: Node, change: float, reach: float, *, below: bool) -> bool:
        """Whether anything before a change looks at the stock, or can be seen to keep it within its bounds."""
        value = self._without_locals(value)
        state = self.possible.resolved.states[cell.name]
        if not math.isfinite(change) and (reads(value).states or reads(value).locals or reads(value).draws):
            return True
        if cell.name in reads(value).states:
            return True
        if self._mentions(cell.name):
            # A guard of numbers alone can be too weak: `when: n > 0`, `n -= 5`.
            if not self._simple(cell) or not math.isfinite(reach) or not math.isfinite(change):
                return True
            bound = state.at_least if below else state.at_most
            return bound is None or not self._counted_so(state) or abs(change) <= 1.0
        return self._once(cell, change, below=below)

    def _mentions(self, name: str) -> bool:
        looked = reads(*self.conditions, *self.step.looked, self.rule.rate)
        return name in looked.states or any(name in reads(let.value).states for let in self.step.locals)

    def _simple(self, cell: StateValue) -> bool:
        """Whether all that looks at the stock are comparisons of this very cell with numbers, in conditions."""
        parts = [part for part in self.conditions if cell.name in reads(part).states]
        if self.rule.rate is not None and cell.name in reads(self.rule.rate).states:
            return False
        return bool(parts) and all(
            isinstance(part, Binary)
            and part.op in ("<", "<=", ">", ">=", "==")
            and ((part.left == cell and constant(part.right) is not None)
                 or (part.right == cell and constant(part.left) is not None))
            for part in parts
        )  # fmt: skip

    def _counted_so(self, state: State) -> bool:
        """Whether a state is only ever changed by whole numbers."""
        values = [effect.value for _, effect in self.possible.ever.effects.get(state.name, ())]
        numbers = [constant(node) for node in (*values, state.otherwise, *(node for _, node in state.begin))]
        return not state.moves and all(number is not None and number % 1.0 == 0.0 for number in numbers)

    def _once(self, cell: StateValue, change: float, *, below: bool) -> bool:
        """Whether the rule fires once at most (for each of its choices), and one change stays within the bounds."""
        if self.rule.at is None and not self._ends_itself():
            return False
        start = self.possible.start.of(cell, self.ranges)
        least, most = _bounds(self.possible.resolved.states[cell.name])
        return start[0] + change >= least if below else start[1] + change <= most

    def _ends_itself(self) -> bool:
        """Whether the rule makes its own guard false for good."""
        for statement in self.rule.then:
            if not isinstance(statement, Assign) or statement.op != "=":
                continue
            written = [one for one, _ in self.possible.ever.effects.get(statement.state, ())]
            if any(one.name != self.rule.name for one in written):
                continue
            if any(statement.state in reads(part).states for part in conjuncts(self.rule.when)):
                return True
        return False

    def _now(self, cell: StateValue) -> Interval:
        low, high = self._values().of(cell, self.ranges)
        state = self.possible.resolved.states[cell.name]
        if self._counted_so(state):
            # Of whole numbers, more than 5 is at least 6.
            for part in self.facts:
                if isinstance(part, Binary) and part.op in ("<", ">") and cell in (part.left, part.right):
                    number = constant(part.right if part.left == cell else part.left)
                    above = (part.op == ">") == (part.left == cell)
                    if number is not None and number % 1.0 == 0.0:
                        low, high = (max(low, number + 1.0), high) if above else (low, min(high, number - 1.0))
        return low, max(low, high)

    def _values(self) -> PossibleValues:
        known: dict[Node, Interval] = {}
        for part in self.facts:
            if isinstance(part, Binary) and part.op == "==" and isinstance(part.left.type, Number):
                for node, other in ((part.left, part.right), (part.right, part.left)):
                    known[node] = self.possible.ever.of(other, self.ranges)
            for node, (least, most) in demanded(part, self.possible.ever):
                low, high = known.get(node, EVERYTHING)
                known[node] = (max(low, least), min(high, most))
        return self.possible.ever.given(known)

    def _without_locals(self, node: Node) -> Node:
        given = {let.name: let.value for let in self.step.locals}
        return given.get(node.name, node) if isinstance(node, Local) else node

    def _told(
        self, words: Words, cell: StateValue, state: State, change: Interval, severity: Severity, *, below: bool
    ) -> Fault:
        name, by = spelled(cell), abs(change[0] if below else change[1])
        bound, limit = ("at_least", state.at_least) if below else ("at_most", state.at_most)
        edge = limit or 0.0
        can = "can" if severity == "warning" else "does"
        way = "fall below" if below else "rise above"
        found = f"{name} {can} {way} its {bound} of {exact(edge)} here, which stops a run"
        if not math.isfinite(by):
            cure = f"bound it, as in {'max' if below else 'min'}({exact(edge)}, …), or guard it"
        elif self.rule.origin is not None and self.rule.origin.word == "inject":
            # It comes whatever holds: it has no guard.
            held, sign = ("max", "-") if below else ("min", "+")
            cure = f"an inject comes whatever holds: write {name} = {held}({exact(edge)}, {name} {sign} {exact(by)})"
        elif below:
            cure = f"let the rule ask first: when: {name} >= {exact(edge + by)}"
        elif by == 1.0:
            cure = f"let the rule ask first: when: {name} < {exact(edge)}"
        else:
            cure = (
                f"let the rule ask first: when: {name} <= {exact(edge - by)}, or {name} < {exact(edge)} for steps of 1"
            )
        return Fault("SD416", words.location, found, None, cure, severity, max(1, len(words.strip())))

    # -- chances ---------------------------------------------------------------------------------------------------

    def of_chance(self) -> Fault | None:
        """The fault of a chance whose probabilities leave 0 to 1, each or together."""
        statement, written = self.step.statement, self.step.words
        decided = self.rule.origin is not None and self.rule.origin.word == "decision"
        if not isinstance(statement, Chance) or not isinstance(written, ChanceStatement) or decided:
            return None
        values = self._values()
        total_low = total_high = 0.0
        words = [branch.p for branch in written.chance]
        for (probability, _), said in zip(statement.branches, words, strict=True):
            node = self._without_locals(probability)
            low, high = values.of(node, self.ranges)
            if low > 1.0 or high < 0.0:
                return _chance(said, (low, high), "error")
            if (high > 1.0 or low < 0.0) and self._likely_out(node, low, high):
                return _chance(said, (low, high), "warning")
            total_low, total_high = total_low + max(0.0, low), total_high + min(1.0, high)
        read = reads(*(self._without_locals(node) for node, _ in statement.branches))
        if read.states or read.locals or read.firings:
            return None
        if len(words) > 1 and (total_low > 1.0 + 1e-12 or total_low + total_high > 2.0 + 1e-9):
            certain = total_low > 1.0 + 1e-12
            found = f"the probabilities sum to {_between((total_low, total_high))}, and their sum must not exceed 1"
            hint = "let what follows take its share of the rest: (1 - first) * second"
            return Fault("SD417", words[-1].location, found, None, hint, "error" if certain else "warning",
                         max(1, len(words[-1].strip())))  # fmt: skip
        return None

    def _likely_out(self, node: Node, low: float, high: float) -> bool:
        """Whether a probability that can leave its range probably does: nothing holds it, and nothing looks at it."""
        if any(isinstance(part, Draw) for part in walk(node)):
            return False
        read = reads(node)
        if not read.states and not read.firings and not read.time:
            return math.isfinite(high) and math.isfinite(low)
        looked = reads(*self.conditions)
        return not read.states & looked.states and math.isfinite(high)


def _chance(words: Words, found: Interval, severity: Severity) -> Fault:
    whole = found[0] >= 1.0
    told = f"the probability '{words.strip()}' lies in {_between(found)}, and one goes from 0 to 1"
    hint = "if it is meant in percent, divide it by 100" if whole and found[1] <= 100.0 and found[0] > 1.0 else (
        f"bound it: min(1, {words.strip()})" if found[1] > 1.0 else f"bound it: max(0, {words.strip()})"
    )  # fmt: skip
    return Fault("SD417", words.location, told, None, hint, severity, max(1, len(words.strip())))


def _bounds(state: State) -> Interval:
    return (
        -math.inf if state.at_least is None else state.at_least,
        math.inf if state.at_most is None else state.at_most,
    )


def _bounds_in_words(state: State) -> str:
    told = [
        f"{name} {exact(value)}"
        for name, value in (("at_least", state.at_least), ("at_most", state.at_most))
        if value is not None
    ]
    return ", ".join(told)


def _between(interval: Interval) -> str:
    low, high = (
        exact(end) if math.isfinite(end) else ("any number" if end > 0 else "any negative number") for end in interval
    )
    return low if interval[0] == interval[1] else f"{low} to {high}"
