"""Lint of what can happen: red lines never crossed, guards that never hold, loops without delay, decided questions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import isfinite

from standoff.errors import Fault, suggestion
from standoff.intervals import EVERYTHING, FALSE, TRUE, Interval
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.expression.syntax import names_in
from standoff.scenario.expression.written import name_in
from standoff.scenario.linting.loops import certain_loops
from standoff.scenario.linting.possible_values import PossibleValues
from standoff.scenario.linting.warned import key, passage, warning
from standoff.scenario.linting.zones import held_by
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.resolved import Assign, Chance, ForEach, If, Resolved, Rule, Statement
from standoff.scenario.schema import Crossing, Document, Question
from standoff.scenario.tree import Binary, Node, Number, StateValue
from standoff.scenario.walks import conjuncts, reads, writes


@dataclass
class Possibilities:
    """A scenario in its three forms, and what can be foreseen of it."""

    document: Document
    expanded: Document
    resolved: Resolved

    def __post_init__(self) -> None:
        self.ever = PossibleValues(self.resolved)
        self.start = PossibleValues(self.resolved, at_start=True)
        self.rules = {rule.name: rule for rule in self.resolved.rules}
        self.made = {rule.origin: rule for rule in self.resolved.rules if rule.origin is not None}
        self.asked = {question.name: question for question in self.resolved.questions}
        self.states = {state.origin: state.name for state in self.resolved.states.values() if state.origin is not None}
        self._impossible: dict[str, Node | None] = {}

    def warnings(self) -> Iterator[Fault]:
        """Everything that cannot happen as it was meant."""
        yield from self._lines_never_crossed()
        yield from self._lines_of_the_crosser()
        yield from self._guards_that_never_hold()
        yield from self._options_never_open()
        yield from self._loops_without_delay()
        yield from self._decided_questions()
        yield from self._negative_rates()

    # -- red lines -------------------------------------------------------------------------------------------------

    def _lines_never_crossed(self) -> Iterator[Fault]:
        for name, line in self.document.red_lines.items():
            breaches = self.states[Origin("red line", str(name), "breaches")]
            reasons = [self._why_not(crossing.rule, breaches) for crossing in line.crossed_by]
            if all(reasons):
                told = "; ".join(dict.fromkeys(reason for reason in reasons if reason))
                found = f"the red line '{name}' can never be crossed: {told}"
                zones = [*dict.fromkeys(zone for crossing in line.crossed_by for zone in self._asked_zones(crossing))]
                held = "; ".join(filter(None, (held_by(self.document, self.resolved, zone) for zone in zones)))
                near = held or "change the condition, or name another rule under crossed_by"
                # In the crossing itself: what is written there is what can never be.
                place = getattr(line.crossed_by[0].rule, "location", None) if len(line.crossed_by) == 1 else None
                where = name if place is None else line.crossed_by[0].rule
                yield warning("SD401", where, found, near)

    def _lines_of_the_crosser(self) -> Iterator[Fault]:
        for name, line in self.document.red_lines.items():
            for crossing in line.crossed_by:
                if name_in(crossing.by) == line.of:
                    found = f"'{line.of}' crosses its own red line '{name}', and answers itself"
                    near = "by names who crosses; of names whose line it is"
                    yield warning("SD430", crossing.by, found, near)

    def _asked_zones(self, crossing: Crossing) -> list[str]:
        """The zones of which the condition of a crossing asks."""
        names = names_in(crossing.if_) if crossing.if_ is not None else frozenset()
        return [str(zone) for zone in self.document.zones if zone in names]

    def _why_not(self, name: str, state: str) -> str | None:
        # Why no firing of a rule ever writes a state; None if one can.
        rule = self.rules[name]
        dead = self.dead(rule)
        if dead is not None:
            return dead
        reason = None
        for conditions in _ways_to(rule.then, state):
            dead_part = next((part for part in conditions if not self.ever.can_hold(part, rule)), None)
            if dead_part is None and self.ever.can_hold_together(conditions, rule):
                return None
            reason = f"its condition is never true after '{name}'"
        return reason or f"'{name}' never leads to it"

    def dead(self, rule: Rule) -> str | None:
        """Why a rule can never fire; None if it can."""
        ranges = self.ever.ranges(rule)
        empty = next((name for name, options in ranges.items() if not options), None)
        if empty is not None:
            return f"there is no possible value for '{empty}' of '{rule.name}'"
        if self._impossible_part(rule) is not None:
            return f"the guard of '{rule.name}' is never true"
        return None

    def _impossible_part(self, rule: Rule) -> Node | None:
        # The first part of a rule's guard that can never hold.
        if rule.name not in self._impossible:
            part = self.ever.impossible_part(rule.when, rule) if rule.when is not None else None
            self._impossible[rule.name] = part
        return self._impossible[rule.name]

    # -- guards ----------------------------------------------------------------------------------------------------

    def _guards_that_never_hold(self) -> Iterator[Fault]:
        for name in self._authored():
            rule, words = self.rules[name], self.expanded.rules[Words(name)].when
            part = self._impossible_part(rule)
            if part is not None and words is not None:
                place, told, width = passage(words, part)
                found = f"the rule '{name}' can never fire: '{told}' is never true"
                loser = self._who_never_gains(rule)
                if loser is not None:
                    gain = f"'{loser}' never gains by '{rule.origin.name if rule.origin else name}'"
                    hint = "raise its deal above its no_deal, or leave it out"
                    yield warning("SD402", loser, f"{found}: {gain}", hint)
                    continue
                yield Fault("SD402", place, found, None, "nothing ever makes it true", "warning", width)
            elif self.dead(rule):
                found = f"the rule '{name}' can never fire: {self.dead(rule)}"
                hint = "add members to the group or relation that it ranges over"
                yield warning("SD402", key(self.expanded.rules, name), found, hint)

    def _options_never_open(self) -> Iterator[Fault]:
        for name, decision in self.document.decisions.items():
            comes = self.made.get(Origin("decision", str(name), "comes up"))
            if comes is None or self.dead(comes):
                continue
            for option, words in decision.options.items():
                taken = self.made.get(Origin("decision", str(name), "takes", str(option)))
                part = None if taken is None else self._impossible_part(taken)
                if part is not None and words.when is not None:
                    place, told, width = passage(words.when, part)
                    found = f"the option '{option}' of '{name}' is never open: '{told}' is never true"
                    yield Fault("SD402", place, found, None, "nothing ever makes it true", "warning", width)

    def _authored(self) -> list[str]:
        # The rules an author wrote, also under stances, deals, decisions, orders and injects; not those that keep
        # books. An option that the policy as written never takes may be taken under another; who always gains by a
        # deal never withdraws its offer.
        return [
            name
            for name, rule in self.rules.items()
            if rule.origin is None
            or (rule.origin.word in ("stance", "deal", "inject") and rule.origin.role != "withdraws")
            or (rule.origin.word, rule.origin.role) in (("decision", "comes up"), ("order", "order"))
        ]

    def _who_never_gains(self, rule: Rule) -> Words | None:
        """The party of a deal for which agreement is never worth more than none, as its deal names it."""
        if rule.origin is None or rule.origin.word != "deal" or Words(rule.origin.name) not in self.document.deals:
            return None
        deal = self.document.deals[Words(rule.origin.name)]
        shown = [(watch.shows, watch.of) for watch in self.resolved.watches if watch.shows is not None]
        gains = {one.of: of for one, of in shown if one == Origin("deal", rule.origin.name, "gain", one.of)}
        for actor, party in deal.parties.items():
            gain = gains.get(str(actor))
            if party.must_agree and gain is not None and self.ever.of(gain, {})[1] <= 0.0:
                return actor if isinstance(actor, Words) else Words(actor)
        return None

    # -- loops -----------------------------------------------------------------------------------------------------

    def _loops_without_delay(self) -> Iterator[Fault]:
        triggers = {name: rule for name, rule in self.rules.items() if rule.is_trigger}
        position = {name: place for place, name in enumerate(triggers)}
        readers: dict[str, list[str]] = {}
        for name, rule in triggers.items():
            for state in reads(rule.when).states:
                readers.setdefault(state, []).append(name)

        def next_(name: str) -> list[str]:
            after = {other for state in writes(triggers[name].then) for other in readers.get(state, ())}
            return sorted(after - {name}, key=position.__getitem__)

        answers = {
            name: rule.origin.name
            for name, rule in triggers.items()
            if rule.origin is not None and (rule.origin.word, rule.origin.role) == ("red line", "response")
        }
        told: set[str] = set()
        for name in triggers:
            loop = _way_round(next_, name) if name in answers and name not in told else []
            if loop:
                told.update(loop)
                line = answers[name]
                way = " -> ".join([*loop, name])
                found = f"the response to '{line}' can set itself off again at the same instant: {way}"
                hint = "give one of the responses a delay, such as exponential(2 days)"
                yield warning("SD404", key(self.document.red_lines, line), found, hint)
        for ring in certain_loops(self.ever, [rule for rule in triggers.values() if rule.origin is None]):
            first = ring[0].name
            way = " -> ".join([*(rule.name for rule in ring), first])
            found = f"these rules set each other off at the same instant, without end: {way}"
            hint = "give one of them a rate or after: a delay, or let its guard ask for what the others leave alone"
            yield warning("SD404", key(self.expanded.rules, first), found, hint)

    # -- questions -------------------------------------------------------------------------------------------------

    def _decided_questions(self) -> Iterator[Fault]:
        for name, question in self.document.questions.items():
            found = self._decided(str(name), question)
            if found is not None:
                near = self._nearest_event(question) if question.happens is not None else None
                hint = near or "ask about something that can go either way"
                words = self._asked_in(question)
                told = f"the question '{name}' {found}{self._compared_with(str(name), question)}"
                where = name if words is None or words.location is None else words
                yield replace(warning("SD405", where, told, hint), width=max(1, len(where.strip())))

    def _asked_in(self, question: Question) -> Words | None:
        """The words that decide a question: its condition, or what its events are picked by."""
        if question.happens is None:
            return question.when or question.first
        picked = (question.happens.mode, question.happens.type, question.happens.rule)
        return next((words[0] if isinstance(words, tuple) else words for words in picked if words), None)

    def _compared_with(self, name: str, question: Question) -> str:
        """What the values that a condition compares with numbers can be."""
        rule = self.made.get(Origin("question", name, "resolves"))
        node = rule.when if rule is not None and question.by is not None else None
        told: dict[str, None] = {}
        for part in conjuncts(node):
            if not isinstance(part, Binary) or part.op not in ("<", "<=", ">", ">=", "=="):
                continue
            for value in (part.left, part.right):
                if isinstance(value, StateValue) and isinstance(value.type, Number):
                    low, high = self.ever.of(value, {})
                    ends = [f"at least {low:g}"] if isfinite(low) else []
                    ends += [f"at most {high:g}"] if isfinite(high) else []
                    told |= {f"{spelled(value)} is {' and '.join(ends)}": None} if ends else {}
        return f" ({', '.join(told)})" if told else ""

    def _nearest_event(self, question: Question) -> str | None:
        """The mode of an event that some rule makes and that is written like the one asked for."""
        modes = dict.fromkeys(rule.event.mode for rule in self.resolved.rules if rule.event and rule.event.mode)
        asked = question.happens.mode if question.happens is not None else None
        for mode in asked if isinstance(asked, tuple) else (asked,):
            if mode is not None and mode not in modes:
                near, known = suggestion(mode, [str(one) for one in modes], what="modes")
                return "  ".join(part for part in (near, known) if part) or None
        return None

    def _decided(self, name: str, question: Question) -> str | None:
        if question.happens is not None:
            tally = self.states[Origin("question", name, "tally")]
            if any(self._writes(rule, tally) for rule, _ in self.ever.effects.get(tally, ())):
                return None
            return "cannot come true: no rule that can fire makes such an event"
        if question.by is not None:
            rule = self.made[Origin("question", name, "resolves")]
            if self._impossible_part(rule) is not None:
                return "cannot come true: nothing ever makes its condition true"
            if rule.when is not None and self.start.of(rule.when, {}) == TRUE:
                return "is decided before it begins: its condition is true at the start"
            return None
        if question.when is None and question.type != "binary":
            return None
        certain = self._certain(name, question)
        return None if certain is None else f"can only go one way: the answer is always {'yes' if certain else 'no'}"

    def _certain(self, name: str, question: Question) -> bool | None:
        if question.answer is not None:
            node = self.asked[name].answer
        else:
            effect = self.made[Origin("question", name, "resolves")].then[0]
            if not isinstance(effect, Assign):
                return None
            node = effect.value
        value = self.ever.of(node, {})
        return None if value not in (TRUE, FALSE) else value == TRUE

    def _writes(self, rule: Rule, state: str) -> bool:
        if self.dead(rule) is not None:
            return False
        return any(all(self.ever.can_hold(part, rule) for part in way) for way in _ways_to(rule.then, state))

    # -- rates -----------------------------------------------------------------------------------------------------

    def _negative_rates(self) -> Iterator[Fault]:
        for name in self._authored():
            rule, words = self.rules[name], self.expanded.rules[Words(name)].rate
            if rule.rate is None or words is None:
                continue
            low = self._lowest(rule, rule.rate)
            if low < 0.0:
                place, _, width = passage(words, rule.rate)
                reach = f" (as low as {low:g})" if low > float("-inf") else ""
                found = f"the rate of '{name}' can become negative{reach}, which stops a run"
                hint = "bound what it reads (at_least), guard against it, or write max(0, …)"
                yield Fault("SD408", place, found, None, hint, "warning", width)

    def _lowest(self, rule: Rule, rate: Node) -> float:
        ranges = self.ever.ranges(rule)
        low = self.ever.of(rate, ranges)[0]
        if low >= 0.0:
            return low
        known: dict[Node, Interval] = {}
        for part in conjuncts(rule.when):
            for node, (least, most) in demanded(part, self.ever):
                low, high = known.get(node, EVERYTHING)
                known[node] = (max(low, least), min(high, most))
        return self.ever.given(known).of(rate, ranges)[0]


# -- statements and expressions ------------------------------------------------------------------------------------


def _ways_to(statements: Iterable[Statement], state: str) -> Iterator[tuple[Node, ...]]:
    # For every assignment to a state, the conditions under which effects come to it.
    for statement in statements:
        match statement:
            case Assign():
                if statement.state == state:
                    yield ()
            case If(condition=condition, then=then, otherwise=otherwise):
                yield from ((condition, *way) for way in _ways_to(then, state))
                yield from _ways_to(otherwise, state)
            case ForEach(where=where, do=do):
                yield from ((*((where,) if where is not None else ()), *way) for way in _ways_to(do, state))
            case Chance(branches=branches, otherwise=otherwise):
                for probability, do in branches:
                    yield from ((probability, *way) for way in _ways_to(do, state))
                yield from _ways_to(otherwise, state)


def demanded(part: Node, values: PossibleValues) -> Iterator[tuple[Node, Interval]]:
    """What a comparison in a guard tells of values: x >= 2 bounds x, and x > y bounds x - y."""
    if not isinstance(part, Binary) or not isinstance(part.left.type, Number):
        return
    smaller, larger = (part.left, part.right) if part.op in ("<", "<=") else (part.right, part.left)
    if part.op in ("<", "<=", ">", ">="):
        infinity = float("inf")
        yield larger, (values.of(smaller, {})[0], infinity)
        yield smaller, (-infinity, values.of(larger, {})[1])
        yield Binary(type=Number(), op="-", left=larger, right=smaller), (0.0, infinity)


def _way_round(next_: Callable[[str], list[str]], start: str) -> list[str]:
    # A shortest way from a trigger back to itself, without its end.
    before: dict[str, str] = {}
    pending = deque([start])
    while pending:
        name = pending.popleft()
        for after in next_(name):
            if after == start:
                way = [name]
                while way[0] != start:
                    way.insert(0, before[way[0]])
                return way
            if after not in before:
                before[after] = name
                pending.append(after)
    return []
