"""How a policy chooses among the options of a decision, as statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from standoff.scenario.expression.written import (
    Expressed,
    Form,
    applied,
    assigned,
    called,
    chosen,
    value_in,
    written,
)
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Branch, ChanceStatement, Decision, IfStatement, Policy, Statement
from standoff.scenario.words.expansion import Expansion

Statements = tuple[Statement, ...]


class Locals:
    """The names of the local values that the rule of a decision uses: those of options end in the option's name."""

    def __init__(self, expansion: Expansion, decision: Decision) -> None:
        self.expansion, self.decision = expansion, decision
        self.names: dict[tuple[str, ...], str] = {}

    def __call__(self, *what: str) -> str:
        """The name of a local value, the same whenever it is asked for."""
        if what not in self.names:
            taken = [*self.decision.for_, *self.names.values()]
            self.names[what] = self.expansion.fresh("_".join(what), taken=taken)
        return self.names[what]

    def if_open(self, option: str, value: Expressed, otherwise: Expressed) -> Expressed:
        """A value where an option is open, and another where it is closed."""
        if self.decision.options[Words(option)].when is None:
            return value
        return chosen(value, self("open", option), otherwise)


@dataclass(frozen=True, slots=True)
class Choosing:
    """How one policy sets `target`, which is `nothing` before; `under` is the policy's name where there are several."""

    near: str
    decision: Decision
    policy: Policy
    target: Form
    nothing: str
    local: Locals
    under: tuple[str, ...] = ()

    def statements(self) -> Statements:
        """A draw, or one line after another, each if none before it did; the last is always open."""
        policy, last_resort = self.policy, self.decision.open_always
        if policy.logit is not None:
            return (*self._logit(policy.logit), *self._by_weight(list(self.decision.options)))
        if policy.mix is not None:
            weights = (self._weighs(option, share, share) for option, share in policy.mix.items())
            summed, drawn = self._by_weight([*policy.mix])
            any_open = written(applied(">", self.local("total", *self.under), 0), self.near)
            # Nothing can be drawn where all options of a mix are closed or weigh nothing.
            return (*weights, summed, IfStatement(if_=any_open, then=(drawn,), else_=self._chooses(last_resort)))
        lines: list[tuple[str, list[Expressed]]] = [(line.choose, [line.if_]) for line in policy.first or ()]
        if policy.always is not None:
            lines.append((policy.always, []))
        if policy.best is not None:
            most = self.local("most")
            lines += [(name, [applied("==", self.local("appeal", name), most)]) for name in self.decision.options]
        return tuple(self._first([*lines, (last_resort, [])]))

    def _first(self, lines: Sequence[tuple[str, list[Expressed]]]) -> Iterator[Statement]:
        """The first option whose conditions hold and which is open."""
        for number, (option, conditions) in enumerate(lines):
            if self.decision.options[Words(option)].when is not None:
                conditions = [*conditions, self.local("open", option)]
            undecided: list[Expressed] = [applied("==", self.target, self.nothing)] if number else []
            if not undecided and not conditions:
                yield from self._chooses(option)
                return
            holds = written(applied("and", *undecided, *conditions), option)
            yield IfStatement(if_=holds, then=self._chooses(option))

    def _logit(self, scale: Words) -> Iterator[Statement]:
        for option in self.decision.options:
            above = applied("-", self.local("appeal", option), self.local("most"))
            yield self._weighs(option, called("exp", applied("*", scale, above)), scale)

    def _weighs(self, option: str, weight: Expressed, near: str) -> Words:
        return assigned(self._weight(option), "=", self.local.if_open(option, weight, 0), near)

    def _weight(self, option: str) -> str:
        return self.local("weight", option, *self.under)

    def _by_weight(self, options: Sequence[str]) -> tuple[Statement, Statement]:
        """The sum of the weights of some options, and a draw in proportion to them."""
        shares, total, near = self.policy.mix or {}, self.local("total", *self.under), options[0]
        # A weight below 0 stops the run when it is drawn by; in the sum it must not make up for another.
        weights = [
            called("abs", self._weight(option))
            if option in shares and value_in(shares[Words(option)]) is None else self._weight(option)
            for option in options
        ]  # fmt: skip
        summed = assigned(total, "=", applied("+", *weights), near)
        branches = tuple(
            Branch(p=written(applied("/", self._weight(option), total), option), do=self._chooses(option))
            for option in options
        )
        # What rounding leaves of the whole falls to the last.
        return (summed, ChanceStatement(chance=branches, otherwise=self._chooses(options[-1])))

    def _chooses(self, option: str) -> Statements:
        return (assigned(self.target, "=", option, option),)
