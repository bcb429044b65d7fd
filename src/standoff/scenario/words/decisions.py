"""Decisions: what was chosen becomes a state, the choosing a silent rule, and each option a trigger that does it.

So every choice is a firing of a rule, with an event of its own, and a policy is data. One number is drawn whenever a
choice is left to chance: two policies that share luck choose alike wherever it falls into the same option.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from standoff.numerals import plural
from standoff.scenario.expression.written import (
    Expressed,
    Form,
    applied,
    assigned,
    called,
    chosen,
    indexed,
    phrase,
    written,
)
from standoff.scenario.origin import Origin, Role
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import (
    Branch,
    ChanceStatement,
    Decision,
    IfStatement,
    Option,
    Policy,
    Rule,
    State,
    Statement,
)
from standoff.scenario.words.expansion import Expansion

TRUTH = Words("truth")
NOTHING = "nothing"
"""The level of what was chosen last, once it is done."""

Statements = tuple[Statement, ...]


def expand_decisions(expansion: Expansion) -> None:
    """Writes out every decision of the document."""
    for name, decision in expansion.document.decisions.items():
        kinds = _kinds(expansion, decision)
        if not set(decision.policy.named()) <= set(decision.options):
            # A fault is told elsewhere; the rules are there all the same, so that no other fault follows from it.
            decision = decision.model_copy(update={"policy": Policy(always=decision.open_always)})
        if kinds is not None:
            _Deciding(expansion, name, decision, kinds).write()


def _kinds(expansion: Expansion, decision: Decision) -> tuple[Words, ...] | None:
    """The kind of each variable of `for`; None, with a fault noted, where the form of a domain does not tell.

    Notes a fault as well where the variable that decides ranges over what is no actor.
    """
    kinds = {domain: expansion.kind_of_domain(domain) for domain in decision.for_.values()}
    for domain, kind in kinds.items():
        if kind is None:
            expected = "a kind, a group, a zone, a define of one argument, road(p) or a relation"
            expansion.fault("SD203", domain, f"'{domain}' is no domain for a decision", expected=expected)
            return None
    deciders = decision.for_.get(decision.of)
    if deciders is not None and kinds[deciders] != "actor":
        found = f"'{decision.of}' decides, but ranges over {plural(kinds[deciders] or '')}"
        expansion.fault("SD603", decision.of, found, expected="an actor, or a variable that ranges over actors")
        return None
    return tuple(Words(kinds[domain] or "") for domain in decision.for_.values())


class _Deciding:
    """One decision while it is written out."""

    def __init__(self, expansion: Expansion, name: str, decision: Decision, kinds: tuple[Words, ...]) -> None:
        self.expansion, self.name, self.decision, self.kinds = expansion, name, decision, kinds
        self.nothing = expansion.fresh(NOTHING)
        self.chosen = indexed(f"chosen_{name}", *map(str, decision.for_))
        self.asked = indexed(f"asked_{name}", *map(str, decision.for_))
        self.locals: dict[tuple[str, str], str] = {}

    def write(self) -> None:
        """The state, the rule by which the decision comes up, and a trigger for each option."""
        name, decision = self.name, self.decision
        levels = (phrase(self.nothing, name), *decision.options)
        about = decision.about or phrase(f"what {decision.of} has chosen and not done yet", name)
        state = State(of=self.kinds, is_=levels, about=about, evidence=decision.evidence)
        self.expansion.add_state(f"chosen_{name}", state, self._origin("chosen"), near=name)
        self._comes_up((*self._considered(), *self._choice()))
        for option, words in decision.options.items():
            self._done(option, words)

    def _origin(self, role: Role, of: str = "") -> Origin:
        return Origin("decision", str(self.name), role, of)

    # -- coming up ---------------------------------------------------------------------------------------------------

    def _comes_up(self, then: Statements) -> None:
        decision, comes = self.decision, self.decision.comes
        for_, at, guards = dict(decision.for_), comes.at, [decision.when] if decision.when is not None else []
        if comes.every is not None:
            turn = phrase(self.expansion.fresh("turn", taken=for_), comes.every)
            for_[turn] = phrase(self._dates(comes.every), comes.every)
            at = phrase(f"{turn}.day", comes.every)
        if comes.once is not None:
            guards.append(comes.once)
            self._asked_once(guards)
            guards.insert(0, written(applied("not", self.asked), comes.once))
            then = (assigned(self.asked, "=", True, comes.once), *then)
        when = written(applied("and", *guards), self.name) if guards else None
        rule = Rule(
            for_=for_, when=when, rate=comes.rate, at=at, then=then, silent=True, about=decision.about,
            evidence=decision.evidence, mechanism=decision.mechanism,
        )  # fmt: skip
        self.expansion.add_rule(self.name, rule, self._origin("comes up"), near=self.name)

    def _dates(self, every: Words) -> str:
        """The kind whose members are the dates at which a decision comes up again and again."""
        document, dates = self.expansion.document, f"{self.name}_dates"
        until = float((document.ends - document.starts).days + 1)
        self.expansion.add_dates(dates, every, until=until, near=self.name)
        return dates

    def _asked_once(self, guards: Sequence[Words]) -> None:
        """What remembers that the decision has come up for a condition that still holds."""
        near = guards[-1]
        about = phrase(f"{self.name} has come up, and what it came up for has not ceased to hold", near)
        state = State(of=self.kinds, is_=TRUTH, about=about)
        self.expansion.add_state(f"asked_{self.name}", state, self._origin("asked"), near=self.name)
        over = applied("and", self.asked, applied("not", applied("and", *guards)))
        forgotten = (assigned(self.asked, "=", False, near),)
        rule = Rule(for_=self.decision.for_, when=written(over, near), then=forgotten, silent=True)
        self.expansion.add_rule(f"{self.name}_rests", rule, self._origin("rests"), near=self.name)

    # -- choosing ----------------------------------------------------------------------------------------------------

    def _local(self, what: str, option: str = "") -> str:
        """The name of a local value, the same whenever it is asked for."""
        if (what, option) not in self.locals:
            wanted = f"{what}_{option}" if option else what
            taken = [*self.decision.for_, *self.locals.values()]
            self.locals[what, option] = self.expansion.fresh(wanted, taken=taken)
        return self.locals[what, option]

    def _if_open(self, option: str, value: Expressed, otherwise: Expressed) -> Expressed:
        if self.decision.options[Words(option)].when is None:
            return value
        return chosen(value, self._local("open", option), otherwise)

    def _considered(self) -> Statements:
        """Which options are open, how much each appeals, and what weight it has, as far as the policy asks for it."""
        policy, steps = self.decision.policy, []
        for option, words in self.decision.options.items():
            if words.when is not None:
                steps.append(assigned(self._local("open", option), "=", words.when, words.when))
        if policy.logit is not None or policy.best is not None:
            steps += self._appeals()
        if policy.logit is not None:
            for option in self.decision.options:
                above = applied("-", self._local("appeal", option), self._local("most"))
                weight = called("exp", applied("*", policy.logit, above))
                steps.append(self._weighs(option, weight, policy.logit))
        for option, share in (policy.mix or {}).items():
            steps.append(self._weighs(option, share, share))
        return tuple(steps)

    def _weighs(self, option: str, weight: Expressed, near: str) -> Words:
        return assigned(self._local("weight", option), "=", self._if_open(option, weight, 0), near)

    def _appeals(self) -> Iterable[Words]:
        # A closed option is given the appeal of one that is always open: nothing asks for its own, which may make no
        # sense then, and the greatest appeal stays that of an open one.
        always = self.decision.open_always
        options = {str(name): option for name, option in self.decision.options.items()}
        for name in dict.fromkeys((always, *options)):
            appeal = options[name].appeal or Words("0")
            value = self._if_open(name, appeal, self._local("appeal", always))
            yield assigned(self._local("appeal", name), "=", value, appeal)
        most = called("max", *(self._local("appeal", name) for name in options))
        yield assigned(self._local("most"), "=", most, self.name)

    def _choice(self) -> Statements:
        policy, options = self.decision.policy, [str(name) for name in self.decision.options]
        last_resort = self._chooses(self.decision.open_always)
        if policy.always is not None:
            return self._provided(policy.always, (), self._chooses(policy.always), last_resort)
        if policy.first is not None:
            lines = reversed(policy.first)
            return reduce(
                lambda rest, line: self._provided(line.choose, (line.if_,), self._chooses(line.choose), rest),
                lines, last_resort,
            )  # fmt: skip
        if policy.best is not None:
            *earlier, last = options
            return reduce(
                lambda rest, option: self._provided(option, (self._is_best(option),), self._chooses(option), rest),
                reversed(earlier), self._chooses(last),
            )  # fmt: skip
        return self._by_weight([str(name) for name in policy.mix or options], last_resort)

    def _is_best(self, option: str) -> Form:
        return applied("==", self._local("appeal", option), self._local("most"))

    def _provided(
        self, option: str, conditions: Iterable[Expressed], then: Statements, otherwise: Statements
    ) -> Statements:
        """Some statements if conditions hold and an option is open, else others."""
        closes = self.decision.options[Words(option)].when is not None
        needed = [*conditions, *([self._local("open", option)] if closes else [])]
        if not needed:
            return then
        return (IfStatement(if_=written(applied("and", *needed), self.name), then=then, else_=otherwise),)

    def _by_weight(self, options: Sequence[str], last_resort: Statements) -> Statements:
        total = self._local("total")
        summed = assigned(total, "=", applied("+", *(self._local("weight", option) for option in options)), self.name)
        *earlier, last = options
        branches = tuple(
            Branch(p=written(applied("/", self._local("weight", option), total), self.name), do=self._chooses(option))
            for option in earlier
        )
        if not branches:
            return self._provided(last, (), self._chooses(last), last_resort)
        drawn = (ChanceStatement(chance=branches, otherwise=self._chooses(last)),)
        if self.decision.policy.logit is not None:
            return (summed, *drawn)
        # A mix of options that are all closed leaves nothing to draw from.
        any_open = written(applied(">", total, 0), self.name)
        return (summed, IfStatement(if_=any_open, then=drawn, else_=last_resort))

    def _chooses(self, option: str) -> Statements:
        return (assigned(self.chosen, "=", option, self.name),)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _done(self, option: str, words: Option) -> None:
        rule = Rule(
            for_=self.decision.for_,
            when=written(applied("==", self.chosen, str(option)), option),
            then=(assigned(self.chosen, "=", self.nothing, option), *words.then),
            event=words.event,
            mechanism=words.mechanism or self.decision.mechanism,
            about=words.about,
            evidence=words.evidence or self.decision.evidence,
        )
        self.expansion.add_rule(f"{self.name}_{option}", rule, self._origin("option", str(option)), near=option)
