"""Policies: each actor that has some gets a switch, and what its policies change reads that switch.

They are written out only where policies are compared. All of them share one set of rules, so that one compiled model
can run every profile: with every switch at 0 it is the scenario itself, and the names of its rules, from which they
draw their random numbers, stay what they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from standoff.errors import suggestion
from standoff.scenario.expression.headers import header_of
from standoff.scenario.expression.written import Form, applied, assigned, chosen, phrase, written
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import AS_WRITTEN, NamedPolicy, Parameter, Rule
from standoff.scenario.words.expansion import Expansion, Switched
from standoff.scenario.words.questions import fits
from standoff.time import iso


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """How a policy is followed in a run: the parameter `switch` is `number`, and `values` replace parameters.

    `as_written` is number 0 of every actor. `tunes` are the parameters that it can tune, within these bounds; until
    somebody does, they are what was drawn.
    """

    name: str
    of: str
    switch: str
    number: int
    values: dict[str, float] = field(default_factory=dict)
    tunes: dict[str, tuple[float, float]] = field(default_factory=dict)


def expand_switches(expansion: Expansion) -> tuple[PolicyPlan, ...]:
    """Adds a switch for each actor that has policies, before any other word is written out; the plans by actor."""
    plans: list[PolicyPlan] = []
    by_actor: dict[str, list[str]] = {}
    for name, policy in expansion.document.policies.items():
        by_actor.setdefault(str(policy.of), []).append(name)
    for actor, names in by_actor.items():
        switch = f"policy_{actor}"
        numbers = ", ".join(map(str, range(len(names) + 1)))
        about = phrase(f"which policy {actor} follows: {', '.join([AS_WRITTEN, *names])}, from 0 on", names[0])
        given = Parameter(prior=Words(f"choice({numbers})"), about=about)
        expansion.add_parameter(switch, given, Origin("policy", actor, "switch"), near=names[0])
        plans.append(PolicyPlan(AS_WRITTEN, actor, switch, 0))
        for number, name in enumerate(names, start=1):
            policy = expansion.document.policies[Words(name)]
            for parameter, value in policy.parameters.items():
                expansion.reach(parameter, value)
            for parameter, ends in policy.tunes.items():
                for value in ends:
                    expansion.reach(parameter, value)
            values = {str(parameter): value for parameter, value in policy.parameters.items()}
            tunes = {str(parameter): ends for parameter, ends in policy.tunes.items()}
            plans.append(PolicyPlan(str(name), actor, switch, number, values, tunes))
            expansion.switched.append(Switched(name, policy, applied("==", switch, number)))
    for lever in expansion.document.levers.values():
        for value in lever.values or ():
            expansion.reach(str(lever.parameter), value)
    _set_by_one(expansion)
    return tuple(plans)


def _set_by_one(expansion: Expansion) -> None:
    """Notes a fault where policies or levers of two actors set a parameter: a profile could not follow both."""
    setter: dict[str, Words] = {}
    for policy in expansion.document.policies.values():
        for parameter in [*policy.parameters, *policy.tunes]:
            other = setter.setdefault(parameter, policy.of)
            if other != policy.of:
                found = f"policies of '{other}' and of '{policy.of}' set the parameter '{parameter}'"
                expansion.fault("SD203", parameter, found, hint="give each actor a parameter of its own")
    for lever in expansion.document.levers.values():
        if lever.parameter is not None and setter.setdefault(lever.parameter, lever.of) != lever.of:
            found = f"'{setter[lever.parameter]}' and a lever of '{lever.of}' set the parameter '{lever.parameter}'"
            expansion.fault("SD203", lever.parameter, found, hint="give each actor a parameter of its own")


def expand_acts(expansion: Expansion) -> None:
    """Works policies on acts and stances, once all rules are there."""
    for each in expansion.switched:
        for name, share in each.policy.acts.items():
            if name not in expansion.document.red_lines:
                _act(expansion, each, name, share)
            elif expansion.document.red_lines[Words(name)].of != each.policy.of:
                whose = expansion.document.red_lines[Words(name)].of
                found = f"the red line '{name}' is of '{whose}', and the policy is of '{each.policy.of}'"
                expansion.fault("SD603", name, found)
        if each.policy.stance is not None:
            _takes(expansion, each, each.policy.stance)


def _act(expansion: Expansion, each: Switched, name: str, share: Words) -> None:
    if name not in expansion.rules:
        if name not in expansion.dropped:
            known = [*expansion.document.rules, *expansion.document.red_lines]
            hint, expected = suggestion(name, known, what="rules and red lines")
            expansion.fault("SD204", name, f"unknown rule or red line '{name}'", expected=expected, hint=hint)
        return
    own = _own(expansion, each.policy, name)
    if own is None:
        return
    rule = expansion.rules[name]
    on = applied("and", each.on, *own)
    if share == "never":
        guard = applied("and", *([rule.when] if rule.when is not None else []), applied("not", on))
        rule = rule.model_copy(update={"when": written(guard, name)})
    elif rule.rate is not None:
        rate = applied("*", rule.rate, chosen(float(share), on, 1))
        rule = rule.model_copy(update={"rate": written(rate, name)})
    else:
        found = f"'{name}' has no rate of which a share could be left out"
        expansion.fault("SD203", share, found, expected="never, or a rule with a rate")
    expansion.rules[name] = rule


_INSTEAD = {"decision": "decisions: {NAME: …}", "deal": "deals: {NAME: {accept: …}}", "red line": "acts: {NAME: …}"}
"""How a policy changes what words have made."""


def _own(expansion: Expansion, policy: NamedPolicy, name: str) -> list[Form] | None:
    """Under which conditions a firing is an act of the policy's actor; None, with a fault noted, if it never is."""
    rule, origin = expansion.rules[name], origin_of(_key(expansion, name))
    if origin is not None:
        if origin.word == "stance" and origin.name == policy.of:
            return []
        instead = _INSTEAD.get(origin.word, "").replace("NAME", origin.name)
        found = f"the rule '{name}' belongs to the {origin.word} '{origin.name}'"
        expansion.fault("SD203", name, found, hint=f"write {instead}" if instead else None)
        return None
    header = header_of(rule.event) if rule.event is not None else None
    doer = rule.decides or (header.part("by") if header is not None else None)
    own = None if doer is None else fits(expansion, rule, doer, [str(policy.of)])
    if own is None:
        whose = f"an act of '{doer}'" if doer is not None else "nobody's act"
        found = f"the rule '{name}' is {whose}, and the policy is of '{policy.of}'"
        expansion.fault("SD603", name, found, hint=f"if {policy.of} decides it, write decides: {policy.of} in the rule")
    return own


def _key(expansion: Expansion, name: str) -> str:
    return next(rule for rule in expansion.rules if rule == name)


def _takes(expansion: Expansion, each: Switched, level: Words) -> None:
    """Lets an actor take a stance on the first day and keep it."""
    actor, name = str(each.policy.of), each.name
    for rule_name, rule in _changes(expansion, actor):
        guard = applied("and", *([rule.when] if rule.when is not None else []), applied("not", each.on))
        expansion.rules[rule_name] = rule.model_copy(update={"when": written(guard, name)})
    taken = Rule(
        when=written(each.on, name), at=phrase(iso(expansion.document.starts), name), silent=True,
        then=(assigned(f"stance_{actor}", "=", str(level), level),),
    )  # fmt: skip
    expansion.add_rule(f"policy_{name}_takes", taken, Origin("policy", actor, "takes", str(name)), near=name)


def _changes(expansion: Expansion, actor: str) -> Iterator[tuple[str, Rule]]:
    for name, rule in list(expansion.rules.items()):
        origin = origin_of(name)
        if origin is not None and (origin.word, origin.name, origin.role) == ("stance", actor, "change"):
            yield name, rule
