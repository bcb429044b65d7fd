"""Claims: each becomes a switch that works its cause on the rules, and a question that reads its effect.

They are written out only where claims are tested. All claims share one set of rules, so that one compiled model can
test them all: with every switch off it is the scenario itself, and the names of its rules, from which they draw
their random numbers, stay what they were.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from math import isfinite, nan
from typing import Literal

from standoff.errors import suggestion
from standoff.intervals import Interval
from standoff.scenario.expression.syntax import counts_in
from standoff.scenario.expression.written import (
    Form,
    applied,
    assigned,
    called,
    chosen,
    form,
    phrase,
    syntax_of,
    written,
)
from standoff.scenario.origin import Made, Origin, for_authors
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Claim, Direction, Inject, NamedPolicy, Parameter, Question, Rule
from standoff.scenario.words.expansion import Expansion, Switched, limits_of, place
from standoff.scenario.words.flows import change_flow
from standoff.scenario.words.questions import count_events, expand_question, identifier, is_truth
from standoff.scenario.words.theses import check_thesis
from standoff.scenario.words.ties import begins_as_tie, change_tie, named_tie, parts_of, ties_of
from standoff.time import is_date, iso

_MOVING = {"for_", "when", "rate", "at", "event", "then"}
_ASKED = {"when", "number", "first", "answer"}
"""The keys of a rule, and of a question, in which an expression can count firings."""


@dataclass
class ClaimPlan:
    """How a claim is tested: what is set for the runs of its cause, and which questions tell the effect.

    `switch` is the parameter that is 1 for the runs of the cause and 0 for the others, None where parameters alone are
    changed: `factors` multiply them, within `limits`, which are those of their priors; `values` replace them.
    `effect` is the question whose answer should move in `direction`, `given` the one that says whether a run shows
    the cause by itself.
    """

    claim: str
    direction: Direction
    effect: str
    given: str | None = None
    switch: str | None = None
    factors: dict[str, float] = field(default_factory=dict)
    limits: dict[str, Interval] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)


def expand_claims(expansion: Expansion) -> tuple[ClaimPlan, ...]:
    """Writes out the switches and questions of all claims; rules are all there, questions are not yet written out.

    Causes come first, so that the events that they force are counted by all effects.
    """
    read = counted(expansion)
    writings = [_Writing(expansion, name, claim, read) for name, claim in expansion.document.claims.items()]
    for name, claim in expansion.document.claims.items():
        if claim.kind == "thesis":
            of = claim.expectation.of
            check_thesis(expansion, name, claim, truth=of is not None and is_truth(expansion, of))
    plans = [one.caused() for one in writings]
    for one in writings:
        one.read()
    return tuple(plans)


def let_follow(expansion: Expansion) -> None:
    """Lets the switches of claims about policies decide whether these are followed, before rules are written out."""
    for name, claim in expansion.document.claims.items():
        policy = None if claim.follow is None else expansion.document.policies.get(claim.follow)
        if policy is not None:
            own = f"{claim.follow}_by_{identifier(name)}"
            expansion.switched.append(Switched(own, policy, applied(">", switch_of(name), 0.5)))


def switch_of(claim: str) -> str:
    """The parameter that lets the cause of a claim work."""
    return f"claim_{identifier(claim)}"


def counted(expansion: Expansion) -> Set[str]:
    """The rules whose counts move a run, before claims add theirs."""
    read: list[object] = [define.is_ for define in expansion.define.values()]
    read += [rule.model_dump(include=_MOVING) for rule in expansion.rules.values()]
    return {name for words in _texts(read) for name in counts_in(words)}


class _Writing:
    """One claim that is being written out."""

    def __init__(self, expansion: Expansion, name: str, claim: Claim, counted: Set[str]) -> None:
        self.expansion, self.name, self.claim, self.counted = expansion, name, claim, counted
        self.switch = switch_of(name)
        self.on = applied(">", self.switch, 0.5)
        effect = str(claim.question or f"claim-{name}")
        given = f"given-{name}" if claim.given is not None else None
        self.plan = ClaimPlan(str(name), claim.expectation.direction, effect, given)

    def caused(self) -> ClaimPlan:
        """Works the cause on the rules; faults are noted with the expansion."""
        claim, cause = self.claim, self.claim.cause
        if cause in ("raise", "lower"):
            by = claim.by or 2.0
            self._rates(claim.raise_ or claim.lower, by if cause == "raise" else 1.0 / by)
        elif cause == "set":
            self._set()
        elif cause == "remove":
            self._remove(claim.remove)
        elif claim.force is not None:
            self._force(claim.force)
        elif claim.follow is not None:
            self._follow(self.expansion.document.policies[claim.follow])
        if self.plan.switch is not None:
            origin = Origin("claim", str(self.name), "switch")
            self.expansion.add_parameter(self.switch, Parameter(prior=Words("choice(0, 1)")), origin, near=self.name)
        return self.plan

    def read(self) -> None:
        """Asks for the effect, and for what a run shows of the cause."""
        labels = [self.plan.effect] if self.claim.question is None else []
        labels += [self.plan.given] if self.plan.given is not None else []
        taken = [label for label in labels if label in self.expansion.document.questions]
        for label in taken:
            found = f"'{self.name}' makes a question '{label}', but that is already the name of a question"
            self.expansion.fault("SD209", self.name, found, hint="rename one of them")
        if taken:
            return
        if self.claim.question is None:
            self._effect(self._asks(self.plan.effect, "effect", self.claim.expect))
        if self.plan.given is not None and self.claim.given is not None:
            asked = Question(ask=self.claim.says, when=self.claim.given, by=self.until)
            expand_question(self.expansion, self._asks(self.plan.given, "given", self.claim.given), asked)

    # -- causes ------------------------------------------------------------------------------------------------------

    def _rates(self, names: Iterable[str], factor: float) -> None:
        rated: dict[str, None] = {}
        for name in dict.fromkeys(names):
            if name in self.expansion.document.parameters:
                if self.claim.where is not None:
                    self._fault("SD203", name, f"where with the parameter '{name}'", "where belongs to rules")
                self._scale(name, factor)
                continue
            if self._flow(name, factor) or self._tie(name, factor):
                continue
            rules = self._rules(name)
            found = [one for one in rules if self.expansion.rules[one].rate is not None]
            if rules and not found:
                self._fault("SD203", name, f"'{name}' has no rate", "a rule with a rate, or remove, set or force")
            rated |= dict.fromkeys(found)
        # Each once, also where a word and a rule that it made are both named.
        for one in rated:
            self._multiply(one, factor)

    def _flow(self, name: str, factor: float) -> bool:
        """Multiplies what flows each day, where the name is that of a flow."""
        if name not in self.expansion.document.flows:
            return False
        change_flow(self.expansion, name, chosen(_times(factor), self._when_on(), 1))
        self.plan.switch = self.switch
        return True

    def _tie(self, name: str, factor: float) -> bool:
        """Multiplies what a tie is at the start, where the name is of the form of one; without it, all that it is."""
        tie, ties = named_tie(name), ties_of(self.expansion)
        if tie is None and not (ties and begins_as_tie(name) and name not in self.expansion.rules):
            return False
        if tie is None or tie not in ties:
            hint, expected = suggestion(name, ties.values(), what="ties")
            self.expansion.fault("SD204", name, f"unknown tie '{name}'", expected=expected, hint=hint)
            return True
        if self.claim.where is not None:
            self._fault("SD203", name, f"where with the tie '{name}'", "where belongs to rules")
        for part in parts_of(tie) if factor == 0.0 else (tie,):
            if part in ties:
                change_tie(self.expansion, part, chosen(_times(factor), self.on, 1), grows=factor > 1.0)
        self.plan.switch = self.switch
        return True

    def _multiply(self, name: str, factor: float) -> None:
        rule = self.expansion.rules[name]
        changed = applied("*", rule.rate or Words("0"), chosen(_times(factor), self._when_on(), 1))
        self._replace(name, rule.model_copy(update={"rate": written(changed, self.name)}))

    def _set(self) -> None:
        then = []
        for target, value in self.claim.set_.items():
            if target not in self.expansion.document.parameters:
                if self._is_state(target):
                    then.append(assigned(Words(target, place(target)), "=", value, self.name))
                continue
            try:
                wanted = float(value)
            except ValueError:
                wanted = nan
            if isfinite(wanted):
                self._fix(target, wanted)
            else:
                self._fault("SD203", value, f"'{value}' is not a number, and a parameter needs one", None)
        if then:
            rule = Rule(when=written(self.on, self.name), at=self._date(), then=tuple(then), silent=True)
            self._happens(f"{self.switch}_happens", rule)

    def _is_state(self, target: str) -> bool:
        """Whether a target of `set` is a state with or without indices; notes SD204 where its name is none."""
        syntax = syntax_of(target)
        match syntax.body if syntax is not None else None:
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name not in self.expansion.state:
                # As a target of effects it would be a local value, and change nothing.
                known = chain(self.expansion.state, self.expansion.document.parameters)
                hint, expected = suggestion(name, known, what="states and parameters")
                found = f"unknown state or parameter '{name}'"
                self.expansion.fault("SD204", target, found, expected=expected, hint=hint)
                return False
        return True

    def _scale(self, name: str, factor: float) -> None:
        """Multiplies a parameter, up to the ends of its prior; a fixed number has no room there and is multiplied."""
        # As the author wrote it: other claims may have made it wider.
        low, high = limits_of(self.expansion.document.parameters[Words(name)])
        if low == high:
            self._fix(name, low * factor)
        else:
            self.plan.factors[str(name)] = factor
            self.plan.limits[str(name)] = (low, high)

    def _fix(self, name: str, value: float) -> None:
        """Sets a parameter."""
        self.plan.values[str(name)] = value
        self.expansion.reach(name, value)

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            if self._flow(name, 0.0) or self._tie(name, 0.0):
                continue
            for one in self._rules(name):
                self._never(one)

    def _never(self, name: str) -> None:
        rule = self.expansion.rules[name]
        changed = applied("and", rule.when or Words("true"), applied("not", self._when_on()))
        self._replace(name, rule.model_copy(update={"when": written(changed, self.name)}))

    def _follow(self, policy: NamedPolicy) -> None:
        self.plan.switch = self.switch
        for name, value in policy.parameters.items():
            self._fix(name, value)

    def _force(self, name: Words) -> None:
        document, where = self.expansion.document, self.claim.where
        inject = document.injects.get(name)
        if inject is not None:
            self._come(name, inject)
            return
        if name not in self.expansion.rules:
            known = chain(for_authors(self.expansion.rules), document.injects)
            hint, expected = suggestion(name, known, what="rules and injects")
            self.expansion.fault("SD204", name, f"unknown rule or inject '{name}'", expected=expected, hint=hint)
            return
        rule = self.expansion.rules[name]
        own = document.rules.get(name)
        if own is not None:
            # Without the dates by which it comes again and again.
            kept = {variable: domain for variable, domain in rule.for_.items() if variable in own.for_}
            rule = rule.model_copy(update={"for_": kept})
        if rule.for_ and where is None:
            told = f"the rule '{name}' has variables: say for which values it happens"
            self._fault("SD202", name, told, "where: a condition on " + ", ".join(rule.for_))
        if self._is_counted(name):
            told = f"count({name}) is read, but it does not count what a claim forces"
            self._fault("SD203", name, told, "events: {rule: " + name + "}, or a state")
        guard = written(self._when_on(), self.name)
        happens = f"{self.switch}_happens"
        self.expansion.stands_for[happens] = str(name)
        self._happens(happens, rule.model_copy(update={"when": guard, "rate": None, "at": self._date()}))

    def _is_counted(self, name: str) -> bool:
        """Whether the count of a rule moves a run, or is what this claim reads."""
        read: list[object] = [self.claim.expectation.of, self.claim.given]
        asked = self.expansion.document.questions.get(self.claim.question or Words(""))
        read += [asked.model_dump(include=_ASKED)] if asked is not None else []
        return name in self.counted or any(name in counts_in(words) for words in _texts(read))

    def _come(self, name: str, inject: Inject) -> None:
        """Lets an inject come, under its own name, so that whatever counts it counts this."""
        day = self.claim.on or inject.at or (inject.between[0] if inject.between is not None else None)
        own = self.expansion.rules.get(name)
        if own is None:
            comes = Rule(when=written(self.on, name), at=phrase(str(day), name), then=inject.then, event=inject.event)
            self._happens(name, comes, Origin("inject", str(name), "event"))
            return
        at = _day(own.at.strip()) if own.at is not None and is_date(own.at) else form(own.at or Words("0"))
        guard = applied("or", self.on, own.when or Words("true"))
        moment = chosen(_day(str(day)), self.on, at)
        self._replace(name, own.model_copy(update={"when": written(guard, name), "at": written(moment, name)}))

    # -- effects -----------------------------------------------------------------------------------------------------

    def _effect(self, label: Words) -> None:
        claim, until = self.claim, self.until
        of, direction = claim.expectation
        timed = direction in ("sooner", "later")
        if claim.events is not None:
            counted = Question(ask=claim.says, happens=claim.events, by=until)
            of = Words(count_events(self.expansion, label, counted, claim.events), label.location)
            if not timed:
                self.expansion.questions[label] = Question(ask=claim.says, type="number", answer=of, date=until)
                return
            of = written(applied(">=", of, 1), label)
        if timed:
            asked = Question(ask=claim.says, first=of, by=until)
        elif of is not None and is_truth(self.expansion, of):
            asked = Question(ask=claim.says, when=of, at=until)
        else:
            asked = Question(ask=claim.says, number=of, at=until)
        expand_question(self.expansion, label, asked)

    # -- what both need ----------------------------------------------------------------------------------------------

    @property
    def until(self) -> date:
        """The date at whose end the effect is read."""
        return self.claim.until or self.expansion.document.ends

    def _asks(self, label: str, role: Literal["effect", "given"], near: Words) -> Words:
        return Made(label, Origin("claim", str(self.name), role), near.location)

    def _when_on(self) -> Form:
        """The switch is on, and the bindings are those that the claim means."""
        return self.on if self.claim.where is None else applied("and", self.on, self.claim.where)

    def _date(self) -> Words:
        return phrase(iso(self.claim.on or self.expansion.document.starts), self.name)

    def _rules(self, name: str) -> list[str]:
        """The rules that a name in a cause means."""
        expansion = self.expansion
        if name in expansion.rules:
            return [str(name)]
        made = expansion.made_by(name)
        if not made and name not in expansion.dropped:
            document = expansion.document
            known = chain(for_authors(expansion.rules), expansion.makers(), document.flows, document.parameters)
            hint, expected = suggestion(name, known, what="rules, words and parameters")
            expansion.fault("SD204", name, f"unknown rule, word or parameter '{name}'", expected=expected, hint=hint)
        return made

    def _replace(self, name: str, rule: Rule) -> None:
        self.plan.switch = self.switch
        self.expansion.rules[name] = rule

    def _happens(self, name: str, rule: Rule, origin: Origin | None = None) -> None:
        self.plan.switch = self.switch
        origin = origin or Origin("claim", str(self.name), "happens")
        self.expansion.add_rule(name, rule, origin, near=self.name)

    def _fault(self, code: str, word: str, found: str, expected: str | None) -> None:
        self.expansion.fault(code, word, found, expected=expected)


def _times(factor: float) -> Form:
    return form(factor) if factor >= 1.0 or factor == 0.0 else applied("/", 1, 1.0 / factor)


def _day(day: str) -> Form:
    return called("date", f"'{day}'")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _texts(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _texts(below)
