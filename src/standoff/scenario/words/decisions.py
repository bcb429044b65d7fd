"""Decisions: what was chosen becomes a state, the choosing a silent rule, and each option a trigger that does it.

So every choice is a firing of a rule, with an event of its own, and a policy is data. One number is drawn whenever a
choice is left to chance: two policies that share luck choose alike wherever it falls into the same option.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from standoff.scenario.expression.names import DRAWS
from standoff.scenario.expression.written import (
    Form,
    applied,
    assigned,
    called,
    indexed,
    phrase,
    syntax_of,
    written,
)
from standoff.scenario.origin import Origin, Role
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import (
    Decision,
    IfStatement,
    Option,
    Policy,
    Rule,
    State,
    Statement,
)
from standoff.scenario.words.choosing import Choosing, Locals
from standoff.scenario.words.deciders import kinds_of
from standoff.scenario.words.expansion import Expansion
from standoff.scenario.words.red_lines import weighed_lines

TRUTH = Words("truth")
NOTHING = "nothing"
"""The level of what was chosen last, once it is done."""

Statements = tuple[Statement, ...]


def expand_decisions(expansion: Expansion) -> None:
    """Writes out every decision of the document."""
    for name, decision in expansion.document.decisions.items():
        kinds = kinds_of(expansion, "decision", decision.of, decision.for_)
        switched = _switched(expansion, name, decision)
        _refuse_draws(expansion, decision, [policy for _, _, policy in switched])
        if not set(decision.policy.named()) <= set(decision.options):
            # A fault is told elsewhere; the rules are there all the same, so that no other fault follows from it.
            decision = decision.model_copy(update={"policy": Policy(always=decision.open_always)})
        if kinds is not None:
            _Deciding(expansion, name, decision, kinds, switched).write()
    for name, decision, switched in weighed_lines(expansion):
        _Deciding(expansion, name, decision, (Words("actor"), Words("place")), switched).write()


def _switched(expansion: Expansion, name: str, decision: Decision) -> list[tuple[str, Form, Policy]]:
    """The policies that a switch can put in the place of the written one: name, condition and how they choose.

    Notes a fault where a policy is for a decision of another actor.
    """
    policies: list[tuple[str, Form, Policy]] = []
    for each in expansion.switched:
        policy = each.policy.decisions.get(Words(name))
        if policy is None:
            continue
        if decision.of in decision.for_:
            on = applied("and", each.on, applied("==", decision.of, each.policy.of))
        elif decision.of == each.policy.of:
            on = each.on
        else:
            key = next(key for key in each.policy.decisions if key == name)
            found = f"a policy of '{each.policy.of}' for a decision of '{decision.of}'"
            expansion.fault("SD603", key, found, hint=f"put it into a policy of {decision.of}")
            continue
        policies.append((str(each.name), on, policy))
    return policies


def _refuse_draws(expansion: Expansion, decision: Decision, policies: list[Policy]) -> None:
    """Notes a fault for each random draw in what a policy reads: a choice takes one number and no more."""
    options = decision.options.values()
    read = [decision.when, decision.comes.once]
    for policy in (decision.policy, *policies):
        read += [policy.logit, *(policy.mix or {}).values(), *(line.if_ for line in policy.first or ())]
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

    def __init__(
        self, expansion: Expansion, name: str, decision: Decision, kinds: tuple[Words, ...],
        switched: list[tuple[str, Form, Policy]],
    ) -> None:  # fmt: skip
        self.expansion, self.name, self.decision, self.kinds = expansion, name, decision, kinds
        self.switched = switched
        self.nothing = expansion.fresh(NOTHING)
        self.chosen = indexed(f"chosen_{name}", *map(str, decision.for_))
        self.asked = indexed(f"asked_{name}", *map(str, decision.for_))
        self.local = Locals(expansion, decision)

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
        self._comes_up((*self._considered(), *self._by_policy()))

    def _origin(self, role: Role, of: str = "") -> Origin:
        return Origin("decision", str(self.name), role, of)

    # -- coming up ---------------------------------------------------------------------------------------------------

    def _comes_up(self, then: Statements) -> None:
        decision, comes = self.decision, self.decision.comes
        for_, at, guards = dict(decision.for_), comes.at, [decision.when] if decision.when is not None else []
        if comes.every is not None:
            dates = f"{self.name}_dates"
            until = self.expansion.document.ends
            if not self.expansion.add_dates(dates, comes.every, self._origin("dates"), until=until, near=self.name):
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
            for_=for_, when=when, rate=comes.rate, at=at, then=then, silent=True,
            decides=phrase(decision.of, decision.of), title=decision.title, about=decision.about,
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

    def _considered(self) -> Statements:
        """Which options are open, and how much each appeals."""
        steps = []
        for option, words in self.decision.options.items():
            if words.when is not None:
                steps.append(assigned(self.local("open", option), "=", words.when, words.when))
        # Appeals are written out under any policy: a fault in one must not wait for the policy that reads it.
        if any(option.appeal is not None for option in self.decision.options.values()):
            steps += self._appeals()
        return tuple(steps)

    def _by_policy(self) -> Statements:
        """What chooses: the policy that is switched on, if any, or else the written one."""
        parts = (self.chosen, self.nothing, self.local)
        choice = Choosing(self.name, self.decision, self.decision.policy, *parts).statements()
        for name, on, policy in reversed(self.switched):
            other = Choosing(self.name, self.decision, policy, *parts, (name,)).statements()
            choice = (IfStatement(if_=written(on, self.name), then=other, else_=choice),)
        return choice

    def _appeals(self) -> Iterator[Words]:
        # A closed option is given the appeal of one that is always open: nothing asks for its own, which may make no
        # sense then, and the greatest appeal stays that of an open one.
        always = self.decision.open_always
        options = {str(name): option for name, option in self.decision.options.items()}
        for name in dict.fromkeys((always, *options)):
            appeal = options[name].appeal or Words("0")
            value = self.local.if_open(name, appeal, self.local("appeal", always))
            yield assigned(self.local("appeal", name), "=", value, appeal)
        if any(policy.weighs_appeals for policy in (self.decision.policy, *(policy for _, _, policy in self.switched))):
            most = called("max", *(self.local("appeal", name) for name in options))
            yield assigned(self.local("most"), "=", most, self.name)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _done(self, option: str, words: Option) -> None:
        rule = Rule(
            for_=self.decision.for_,
            when=written(applied("==", self.chosen, str(option)), option),
            then=(assigned(self.chosen, "=", self.nothing, option), *words.then),
            event=words.event,
            mechanism=words.mechanism or self.decision.mechanism,
            title=words.title,
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
            then=(assigned(self.chosen, "=", option, option),),
            silent=True,
            decides=phrase(self.decision.of, self.decision.of),
        )
        origin = self._origin("takes", str(option))
        self.expansion.add_rule(f"{self.name}_takes_{option}", rule, origin, near=option)
