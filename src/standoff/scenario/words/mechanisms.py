"""Mechanisms: each can be knocked out by a switch, so that what carries it never happens.

They are written out only where mechanisms are knocked out. One compiled model can knock out any of them: with the
switch at 0 it is the scenario itself, and the names of its rules, from which they draw their random numbers, stay what
they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from standoff.scenario.expression.written import Form, applied, chosen, phrase, written
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Decision, Document, Option, Parameter
from standoff.scenario.words.expansion import Expansion
from standoff.scenario.words.flows import change_flow
from standoff.scenario.words.ties import STATE_OF, TieName, change_tie, parts_of, ties_of

KNOCKED_OUT = "knocked_out"
"""The parameter that is the number of the mechanism that is knocked out, 0 for none."""


@dataclass(frozen=True, slots=True)
class KnockOutPlan:
    """How a mechanism is knocked out: KNOCKED_OUT is `number`, or, where there are `values`, these replace parameters.

    `rules` never fire then; `shared` are those of them that carry other mechanisms too. `flows` add nothing then (each
    with the rule by which its state moves), and `ties` are not there at the start. A mechanism with none of these and
    no values cannot be knocked out.
    """

    mechanism: str
    number: int
    rules: tuple[str, ...]
    shared: tuple[str, ...]
    values: dict[str, float] = field(default_factory=dict)
    flows: dict[str, str] = field(default_factory=dict)
    ties: tuple[TieName, ...] = ()

    @property
    def switches(self) -> bool:
        """Whether it is knocked out by its number."""
        return bool(self.rules or self.flows or self.ties)

    @property
    def removes(self) -> bool:
        """Whether knocking it out changes anything."""
        return bool(self.values) or self.switches


def numbered(document: Document) -> dict[str, int]:
    """Every mechanism that a scenario names, with its number from 1 on, in the order of their names."""
    named = {str(name) for name in document.mechanisms}
    parts: list[object] = [
        *document.rules.values(), *document.injects.values(), *document.orders.values(), *document.deals.values(),
        *document.red_lines.values(), *document.claims.values(), *document.decisions.values(),
        *(option for decision in document.decisions.values() for option in decision.options.values()),
        *(change for stance in document.stances.values() for change in stance.changes),
        *document.flows.values(), *(tie for kind in STATE_OF for tie in getattr(document.ties, kind)),
    ]  # fmt: skip
    for part in parts:
        named |= {str(name) for name in getattr(part, "mechanism", ())}
    return {name: number for number, name in enumerate(sorted(named), start=1)}


def without_options(document: Document, numbers: Mapping[str, int]) -> Document:
    """The document in which the options that carry a mechanism are closed while it is knocked out.

    A decision keeps an option that is always open: where only those are left that a mechanism carries, the decision
    does not come up while the last of them is knocked out.
    """
    decisions = {name: _closing(decision, numbers) for name, decision in document.decisions.items()}
    return document.model_copy(update={"decisions": decisions})


def _closing(decision: Decision, numbers: Mapping[str, int]) -> Decision:
    open_always = sum(option.when is None for option in decision.options.values())
    options: dict[str, Option] = {}
    when = decision.when
    for name, option in decision.options.items():
        options[name] = option
        if not option.mechanism:
            continue
        if option.when is None and open_always == 1:
            when = _also(when, option.mechanism, numbers, name)
            continue
        open_always -= option.when is None
        options[name] = option.model_copy(update={"when": _also(option.when, option.mechanism, numbers, name)})
    return decision.model_copy(update={"options": options, "when": when})


def expand_knock_outs(expansion: Expansion, numbers: Mapping[str, int]) -> tuple[KnockOutPlan, ...]:
    """Adds the switch and works it on the rules, once all are there; the plans in the order of their numbers."""
    rules: dict[str, list[str]] = {name: [] for name in numbers}
    shared: set[str] = set()
    for name, rule in list(expansion.rules.items()):
        carried = dict.fromkeys(map(str, rule.mechanism))
        if not carried:
            continue
        shared |= {str(name)} if len(carried) > 1 else set()
        for mechanism in carried:
            rules[mechanism].append(str(name))
        origin = origin_of(name)
        # What an option does is done if it was chosen before; while it is knocked out it is not chosen.
        if origin is None or (origin.word, origin.role) != ("decision", "option"):
            when = _also(rule.when, rule.mechanism, numbers, name)
            expansion.rules[name] = rule.model_copy(update={"when": when})
    flows, ties = _flows_off(expansion, numbers), _ties_off(expansion, numbers)
    plans = []
    for name, number in numbers.items():
        given = expansion.document.mechanisms.get(Words(name))
        values = {} if given is None else {str(parameter): value for parameter, value in given.off.items()}
        for parameter, value in values.items():
            expansion.reach(parameter, value)
        # Coefficients in rules of others carry it: these rules stay, and only what the author names is switched off.
        own = () if values else tuple(rules[name])
        plan = KnockOutPlan(name, number, own, tuple(one for one in own if one in shared), values)
        plans.append(plan if values else replace(plan, flows=flows.get(name, {}), ties=tuple(ties.get(name, ()))))
    if numbers:
        near = next(iter(expansion.document.rules), Words(KNOCKED_OUT))
        choices = ", ".join(map(str, range(len(numbers) + 1)))
        about = phrase("which mechanism is knocked out; 0: none", near)
        given_switch = Parameter(prior=Words(f"choice({choices})"), about=about)
        expansion.add_parameter(KNOCKED_OUT, given_switch, Origin("mechanism", KNOCKED_OUT, "switch"), near=near)
    return tuple(plans)


def _flows_off(expansion: Expansion, numbers: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Lets flows that carry mechanisms add nothing while one of these is knocked out; the flows by mechanism."""
    found: dict[str, dict[str, str]] = {}
    for name, flow in expansion.document.flows.items():
        if flow.mechanism:
            moves = change_flow(expansion, name, chosen(1, _none_of(flow.mechanism, numbers), 0))
            for mechanism in map(str, flow.mechanism):
                found.setdefault(mechanism, {}).update({} if moves is None else {str(name): moves})
    return found


def _ties_off(expansion: Expansion, numbers: Mapping[str, int]) -> dict[str, list[TieName]]:
    """Lets ties that carry mechanisms be nothing at the start while one of these is knocked out; by mechanism."""
    found: dict[str, list[TieName]] = {}
    known = ties_of(expansion)
    for kind, state in STATE_OF.items():
        for tie in getattr(expansion.document.ties, kind):
            whole = (state, str(tie.from_), str(tie.to))
            if not tie.mechanism or whole not in known:
                continue
            for part in parts_of(whole):
                if part in known:
                    change_tie(expansion, part, chosen(1, _none_of(tie.mechanism, numbers), 0))
            for mechanism in dict.fromkeys(map(str, tie.mechanism)):
                found.setdefault(mechanism, []).append(whole)
    return found


def _none_of(mechanisms: Iterable[str], numbers: Mapping[str, int]) -> Form:
    """That none of some mechanisms is knocked out."""
    return applied("and", *(applied("!=", KNOCKED_OUT, numbers[name]) for name in dict.fromkeys(map(str, mechanisms))))


def _also(when: Words | None, mechanisms: Iterable[str], numbers: Mapping[str, int], near: str) -> Words:
    """A guard that holds only while none of some mechanisms is knocked out."""
    none = _none_of(mechanisms, numbers)
    return written(none if when is None else applied("and", when, none), near)
