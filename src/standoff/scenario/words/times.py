"""When rules fire: `every` becomes a kind of dates, `after` a state that says when what waits is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from standoff.scenario.expression.written import applied, assigned, indexed, phrase, written
from standoff.scenario.origin import Origin, Role, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import ForStatement, IfStatement, Rule, State, Statement
from standoff.scenario.words.delays import NEVER, Delay, read_delay, until_due
from standoff.scenario.words.expansion import Expansion
from standoff.time import parse_duration

Statements = tuple[Statement, ...]


def expand_times(expansion: Expansion) -> None:
    """Writes out `every` and `after` of all rules, those that other words have made among them."""
    if not any(rule.every is not None or rule.after is not None for rule in expansion.rules.values()):
        return
    rules = dict(expansion.rules)
    expansion.rules.clear()
    waiting: list[_Waiting] = []
    for name, rule in rules.items():
        if rule.every is not None:
            rule = _recurring(expansion, name, rule, rule.every)
        delay = None if rule.after is None else read_delay(expansion, rule.after)
        if delay is not None:
            waiting.append(_Waiting(expansion, name, rule, delay))
            rule = waiting[-1].write()
        expansion.rules[name] = rule if delay is not None else rule.model_copy(update={"after": None, "since": ()})
    for one in waiting:
        one.begin_with_others()


def _recurring(expansion: Expansion, name: str, rule: Rule, every: Words) -> Rule:
    """The rule with a variable for its dates; with jitter, one that comes a while after a silent one on these dates."""
    dates = f"{name}_dates"
    plain = {"every": None, "from_": None, "jitter": None}
    until, origin = expansion.document.ends, _origin(name, "dates")
    days = expansion.add_dates(dates, every, origin, until=until, first=rule.from_, near=name)
    if not days or (rule.jitter is not None and not _fits_between(expansion, rule.jitter, days)):
        return rule.model_copy(update={**plain, "at": phrase("0", name)})
    turn = phrase(expansion.fresh(f"{name}_date", taken=rule.for_), name)
    on_each = {turn: phrase(dates, name)}, phrase(f"{turn}.day", every)
    if rule.jitter is None:
        return rule.model_copy(update={**plain, "for_": {**rule.for_, **on_each[0]}, "at": on_each[1]})
    comes = Rule(for_=on_each[0], at=on_each[1], silent=True)
    expansion.add_rule(f"{name}_comes", comes, _origin(name, "comes up"), near=name)
    late = phrase(f"uniform(0 days, {rule.jitter})", rule.jitter)
    return rule.model_copy(update={**plain, "after": late, "since": (phrase(f"{name}_comes", name),)})


def _fits_between(expansion: Expansion, jitter: Words, days: Sequence[Fraction]) -> bool:
    """Whether what is late on one date has come by the next, which begins the wait anew; notes a fault if not."""
    most = parse_duration(jitter)
    gap = min((float(after - before) for before, after in pairwise(days)), default=most)
    if most <= 0.0:
        expansion.fault("SD203", jitter, f"'{jitter}' is no time to be late", hint="leave out jitter")
    elif most > gap:
        found = f"'{jitter}' is longer than the {gap:.6g} days from one date to the next, so that dates would be missed"
        expansion.fault("SD203", jitter, found, hint="shorten jitter, or lengthen every")
    return 0.0 < most <= gap


def _origin(name: str, role: Role) -> Origin:
    """The origin of a part: it belongs to the word that has made the rule, or to the author's rule itself."""
    made = origin_of(name)
    return Origin("rule", str(name), role) if made is None else replace(made, role=role)


class _Waiting:
    """A rule that fires so long after something, while it is written out."""

    def __init__(self, expansion: Expansion, name: str, rule: Rule, delay: Delay) -> None:
        self.expansion, self.name, self.rule, self.delay = expansion, name, rule, delay
        self.due = indexed(f"due_{name}", *map(str, rule.for_))
        self.kinds: dict[str, str] = {}

    def write(self) -> Rule:
        """The state and the rules with which the wait begins and is given up; the rule itself, a trigger."""
        expansion, name, rule = self.expansion, self.name, self.rule
        for variable, domain in rule.for_.items():
            kind = expansion.kind_of_domain(domain)
            if kind is None:
                expected = "a kind, a group, road(p) or a relation"
                expansion.fault("SD203", domain, f"'{domain}' is no domain for a rule that waits", expected=expected)
                return rule.model_copy(update={"after": None, "since": (), "at": phrase("0", name)})
            self.kinds[str(variable)] = kind
        about = phrase(f"the day on which {name} is due, {NEVER} where it is not", name)
        state = State(of=tuple(map(Words, self.kinds.values())), unit=Words("day"), about=about)
        expansion.add_state(f"due_{name}", state, _origin(name, "due"), near=name, begin=Words(str(NEVER)))
        over: Statements = (assigned(self.due, "=", NEVER, name),)
        if rule.when is not None:
            if not rule.since:
                self._add("waits", rule.when, (self._begun(),))
            left = applied("and", applied(">=", self.due, 0), applied("not", rule.when))
            self._add("rests", written(left, rule.when), over)
        update = {"when": written(until_due(self.due), name), "then": (*over, *rule.then), "after": None, "since": ()}
        return rule.model_copy(update=update)

    def begin_with_others(self) -> None:
        """Lets the wait begin anew whenever one of the rules of `since` fires, for the entities that both name."""
        for near in self.rule.since:
            if not self.expansion.known_rule(near):
                continue
            other = self.expansion.rules[near]
            step: Statement = self._begun()
            if self.rule.when is not None:
                step = IfStatement(if_=self.rule.when, then=(step,))
            for variable, domain in reversed(self.rule.for_.items()):
                if variable not in other.for_:
                    step = ForStatement(for_={variable: domain}, do=(step,))
                elif self.expansion.kind_of_domain(other.for_[variable]) != self.kinds.get(str(variable)):
                    found = f"'{variable}' ranges over other things in '{near}' than in '{self.name}'"
                    self.expansion.fault("SD203", near, found, hint="give one of the two variables another name")
            self.expansion.rules[near] = other.model_copy(update={"then": (*other.then, step)})

    def _begun(self) -> Words:
        return assigned(self.due, "=", applied("+", "t", self.delay.drawn()), self.rule.after or self.name)

    def _add(self, role: Role, when: Words, then: Statements) -> None:
        made = Rule(for_=self.rule.for_, when=when, then=then, silent=True)
        self.expansion.add_rule(f"{self.name}_{role}", made, _origin(self.name, role), near=self.name)
