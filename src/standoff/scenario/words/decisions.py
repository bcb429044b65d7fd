"""Decisions: what was chosen becomes a state, the choosing a silent rule, and each option a trigger that does it.

So every choice is a firing of a rule, with an event of its own, and a policy is data. One number is drawn whenever a
choice is left to chance: two policies that share luck choose alike wherever it falls into the same option.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from standoff.scenario.expression.names import DRAWS
from standoff.scenario.expression.written import (
    Expressed,
    applied,
    assigned,
    called,
    chosen,
    indexed,
    phrase,
    syntax_of,
    value_in,
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
from standoff.scenario.words.deciders import kinds_of
from standoff.scenario.words.expansion import Expansion

TRUTH = Words("truth")
NOTHING = "nothing"
"""The level of what was chosen last, once it is done."""

Statements = tuple[Statement, ...]


def expand_decisions(expansion: Expansion) -> None:
    """Writes out every decision of the document."""
    for name, decision in expansion.document.decisions.items():
        kinds = kinds_of(expansion, "decision", decision.of, decision.for_)
        _refuse_draws(expansion, decision)
        if not set(decision.policy.named()) <= set(decision.options):
            # A fault is told elsewhere; the rules are there all the same, so that no other fault follows from it.
            decision = decision.model_copy(update={"policy": Policy(always=decision.open_always)})
        if kinds is not None:
            _Deciding(expansion, name, decision, kinds).write()


def _refuse_draws(expansion: Expansion, decision: Decision) -> None:
    """Notes a fault for each random draw in what a policy reads: a choice takes one number and no more."""
    policy, options = decision.policy, decision.options.values()
    read = [decision.when, decision.comes.once, policy.logit, *(policy.mix or {}).values()]
    read += [line.if_ for line in policy.first or ()]
    read += [words for option in options for words in (option.when, option.appeal)]
    for words in read:
        syntax = None if words is None else syntax_of(words)
        for node in ast.walk(syntax.body) if syntax is not None else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in (*DRAWS, "choice"):
                hint = "draw in `then`, into a state, or leave the choice to a policy such as mix"
                expansion.fault("SD308", words or "", f"{node.func.id} is a random draw", hint=hint)
                break


class _Deciding:
    """One decision while it is written out."""

    def __init__(self, expansion: Expansion, name: str, decision: Decision, kinds: tuple[Words, ...]) -> None:
        self.expansion, self.name, self.decision, self.kinds = expansion, name, decision, kinds
        self.nothing = expansion.fresh(NOTHING)
        self.chosen = indexed(f"chosen_{name}", *map(str, decision.for_))
        self.asked = indexed(f"asked_{name}", *map(str, decision.for_))
        self.locals: dict[tuple[str, str], str] = {}

    def write(self) -> None:
        """The state, a trigger for each option, and the rule by which the decision comes up.

        The triggers come first: what one combination of variables chooses is done before the next one chooses.
        """
        name, decision = self.name, self.decision
        levels = (phrase(self.nothing, name), *decision.options)
        about = decision.about or phrase(f"what {decision.of} has chosen and not done yet", name)
        state = State(of=self.kinds, is_=levels, about=about, evidence=decision.evidence)
        self.expansion.add_state(f"chosen_{name}", state, self._origin("chosen"), near=name)
        for option, words in decision.options.items():
            self._done(option, words)
        for option, words in decision.options.items():
            self._taken(option, words)
        self._comes_up((*self._considered(), *self._choice()))

    def _origin(self, role: Role, of: str = "") -> Origin:
        return Origin("decision", str(self.name), role, of)

    # -- coming up ---------------------------------------------------------------------------------------------------

    def _comes_up(self, then: Statements) -> None:
        decision, comes = self.decision, self.decision.comes
        for_, at, guards = dict(decision.for_), comes.at, [decision.when] if decision.when is not None else []
        if comes.every is not None:
            dates = f"{self.name}_dates"
            until = self.expansion.document.ends
            if not self.expansion.add_dates(dates, comes.every, until=until, near=self.name):
                return
            turn = phrase(self.expansion.fresh(f"{self.name}_date", taken=for_), comes.every)
            for_[turn], at = phrase(dates, comes.every), phrase(f"{turn}.day", comes.every)
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

    def _asked_once(self, guards: Sequence[Words]) -> None:
        """What remembers that the decision has come up for a condition that still holds."""
        near = guards[-1]
        about = phrase(f"{self.name} has come up, and what it came up for has not ceased to hold", near)
        state = State(of=self.kinds, is_=TRUTH, about=about)
        self.expansion.add_state(f"asked_{self.name}", state, self._origin("asked"), near=self.name)
        over = applied("and", self.asked, applied("not", applied("and", *guards)))
        forgotten = (assigned(self.asked, "=", False, near),)
        rule = Rule(for_=self.decision.for_, when=written(over, near), then=forgotten, silent=True)
        # Before all other rules, so that a condition that ceases and begins anew within an instant is not missed.
        self.expansion.add_timed(f"{self.name}_rests", rule, self._origin("rests"), near=self.name)

    # -- considering -------------------------------------------------------------------------------------------------

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
        # Appeals are written out under any policy: a fault in one must not wait for the policy that reads it.
        if any(option.appeal is not None for option in self.decision.options.values()):
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

    def _appeals(self) -> Iterator[Words]:
        # A closed option is given the appeal of one that is always open: nothing asks for its own, which may make no
        # sense then, and the greatest appeal stays that of an open one.
        always = self.decision.open_always
        options = {str(name): option for name, option in self.decision.options.items()}
        for name in dict.fromkeys((always, *options)):
            appeal = options[name].appeal or Words("0")
            value = self._if_open(name, appeal, self._local("appeal", always))
            yield assigned(self._local("appeal", name), "=", value, appeal)
        if self.decision.policy.logit is not None or self.decision.policy.best is not None:
            most = called("max", *(self._local("appeal", name) for name in options))
            yield assigned(self._local("most"), "=", most, self.name)

    # -- choosing ----------------------------------------------------------------------------------------------------

    def _choice(self) -> Statements:
        """What chooses: a draw, or one line after another, each if none before it did; the last is always open."""
        policy, last_resort = self.decision.policy, self.decision.open_always
        if policy.logit is not None:
            return self._by_weight(list(self.decision.options))
        if policy.mix is not None:
            drawn = self._by_weight([*policy.mix])
            any_open = written(applied(">", self._local("total"), 0), self.name)
            # Nothing can be drawn where all options of a mix are closed or weigh nothing.
            return (drawn[0], IfStatement(if_=any_open, then=drawn[1:], else_=self._chooses(last_resort)))
        lines: list[tuple[str, list[Expressed]]] = [(line.choose, [line.if_]) for line in policy.first or ()]
        if policy.always is not None:
            lines.append((policy.always, []))
        if policy.best is not None:
            most = self._local("most")
            lines += [(name, [applied("==", self._local("appeal", name), most)]) for name in self.decision.options]
        return tuple(self._chosen_first([*lines, (last_resort, [])]))

    def _chosen_first(self, lines: Sequence[tuple[str, list[Expressed]]]) -> Iterator[Statement]:
        """The first option whose conditions hold and which is open."""
        for number, (option, conditions) in enumerate(lines):
            if self.decision.options[Words(option)].when is not None:
                conditions = [*conditions, self._local("open", option)]
            undecided: list[Expressed] = [applied("==", self.chosen, self.nothing)] if number else []
            if not undecided and not conditions:
                yield from self._chooses(option)
                return
            holds = written(applied("and", *undecided, *conditions), option)
            yield IfStatement(if_=holds, then=self._chooses(option))

    def _by_weight(self, options: Sequence[str]) -> Statements:
        """The sum of the weights of some options, and a draw in proportion to them."""
        shares, total, near = self.decision.policy.mix or {}, self._local("total"), options[0]
        # A weight below 0 stops the run when it is drawn by; in the sum it must not make up for another.
        weights = [
            called("abs", self._local("weight", option))
            if option in shares and value_in(shares[Words(option)]) is None else self._local("weight", option)
            for option in options
        ]  # fmt: skip
        summed = assigned(total, "=", applied("+", *weights), near)
        branches = tuple(
            Branch(p=written(applied("/", self._local("weight", option), total), option), do=self._chooses(option))
            for option in options
        )
        # What rounding leaves of the whole falls to the last.
        return (summed, ChanceStatement(chance=branches, otherwise=self._chooses(options[-1])))

    def _chooses(self, option: str) -> Statements:
        return (assigned(self.chosen, "=", option, option),)

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

    def _taken(self, option: str, words: Option) -> None:
        """The rule by which somebody outside chooses the option; it fires only when it is ordered."""
        guards = [guard for guard in (self.decision.when, words.when) if guard is not None]
        rule = Rule(
            for_=self.decision.for_,
            when=written(applied("and", *guards), option) if guards else None,
            called=True,
            then=self._chooses(option),
            silent=True,
            decides=phrase(self.decision.of, self.decision.of),
        )
        origin = self._origin("takes", str(option))
        self.expansion.add_rule(f"{self.name}_takes_{option}", rule, origin, near=option)
