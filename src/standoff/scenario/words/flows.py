"""Flows: what fills or drains a state as time passes. The state gets a speed, and a trigger that keeps it right.

The stocks and flows of system dynamics (Forrester 1961), piecewise linear: a speed changes at events only.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff.errors import suggestion
from standoff.scenario.expression.written import (
    Form,
    applied,
    assigned,
    belongs,
    called,
    chosen,
    form,
    indexed,
    phrase,
    written,
)
from standoff.scenario.origin import Origin, origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Define, Flow, Rule, State
from standoff.scenario.words.expansion import Expansion
from standoff.units import Unit

Flows = list[tuple[str, Flow]]
"""The flows into one state, by name."""


def expand_flows(expansion: Expansion) -> None:
    """Writes out every flow of the document, those into one state together."""
    into: dict[str, Flows] = {}
    for name, flow in expansion.document.flows.items():
        target = flow.into or name
        if _fits(expansion, name, flow, target):
            into.setdefault(target, []).append((name, flow))
    for target, flows in into.items():
        _moved(expansion, target, flows)


def change_flow(expansion: Expansion, name: str, factor: Form) -> str | None:
    """Multiplies what a flow adds each day, in its define; gives the rule that moves its state by it."""
    for made, define in expansion.define.items():
        if origin_of(made) == Origin("flow", str(name), "rate"):
            changed = applied("*", define.is_, factor)
            expansion.define[made] = define.model_copy(update={"is_": written(changed, name)})
    target = str(expansion.document.flows[name].into or name)
    return next((str(rule) for rule in expansion.rules if origin_of(rule) == Origin("flow", target, "moves")), None)


def _fits(expansion: Expansion, name: str, flow: Flow, target: str) -> bool:
    """Whether a state can have this flow; notes what speaks against it."""
    state = expansion.state.get(target)
    if state is None:
        hint, expected = suggestion(target, expansion.state, what="states")
        found = f"unknown state '{target}'" if flow.into else f"'{target}' is no state, and this flow has no into"
        hint = hint or "into: the state that it fills or drains"
        expansion.fault("SD204", target, found, expected=expected, hint=hint)
        return False
    unlike = "is no number" if state.is_ is not None else "fades by itself" if state.half_life is not None else None
    unlike = "moves by another state" if state.moves_by is not None else unlike
    if unlike is not None:
        hint = "a memory takes what rules add; leave out its half_life to let it flow" if state.half_life else None
        expansion.fault("SD352", target, f"'{target}' {unlike}: nothing can flow into it", hint=hint)
        return False
    kinds = [expansion.kind_of_domain(domain) for domain in flow.for_.values()]
    if kinds != list(map(str, state.of)):
        wanted = ", ".join(f"{kind[0]}: {kind}" for kind in map(str, state.of))
        ranges = _listed(flow.for_.values())
        found = f"'{target}' is indexed by {_listed(state.of)}, but the variables of this flow range over {ranges}"
        hint = f"for: {{{wanted}}}, in that order" if wanted else "leave out for: there is one value"
        expansion.fault("SD352", name, found, hint=hint)
        return False
    partial = next((d for d in flow.for_.values() if d not in expansion.groups and d not in expansion.kind_names), None)
    if partial is not None:
        found = f"a flow ranges over a kind or a group, not over '{partial}'"
        expansion.fault("SD352", partial, found, hint="write what it depends on into its rate or its when")
        return False
    return _has_unit(expansion, flow, state, target)


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(map(str, kinds)) or "nothing"


def _has_unit(expansion: Expansion, flow: Flow, state: State, target: str) -> bool:
    if flow.unit is None or state.unit is None:
        return True
    given, wanted = Unit.parse(flow.unit), Unit.parse(state.unit) / Unit.parse("day")
    if given != wanted:
        found = f"'{target}' is in {state.unit}, so what flows into it is in {wanted}, not in {given}"
        expansion.fault("SD306", flow.unit, found, hint=f"unit: {wanted}")
    return given == wanted


def _moved(expansion: Expansion, target: str, flows: Flows) -> None:
    """A state that moves: its speed, the define of each flow, and the trigger that keeps the speed what they sum to."""
    state, near = expansion.state[target], flows[0][0]
    speed, variables = f"speed_{target}", [str(variable) for variable in flows[0][1].for_]
    unit = None if state.unit is None else phrase(str(Unit.parse(state.unit) / Unit.parse("day")), near)
    about = phrase(f"by how much {target} moves each day", near)
    held = State(of=state.of, unit=unit, about=about)
    expansion.add_state(speed, held, Origin("flow", str(target), "speed"), near=near)
    expansion.state[target] = state.model_copy(update={"moves_by": phrase(speed, near)})
    total = applied("+", *(_term(expansion, name, flow, variables, unit) for name, flow in flows))
    now = indexed(speed, *variables)
    rule = Rule(
        for_={phrase(variable, near): phrase(kind, near) for variable, kind in zip(variables, state.of, strict=True)},
        when=written(applied("!=", now, total), near),
        then=(assigned(now, "=", total, near),),
        silent=True,
    )
    expansion.add_rule(f"moves_{target}", rule, Origin("flow", str(target), "moves"), near=near)


def _term(expansion: Expansion, name: str, flow: Flow, variables: list[str], unit: Words | None) -> Form:
    """What a flow adds each day, where it flows: a define of its own, so that it can be read and watched."""
    rate = form(flow.rate) if flow.when is None else chosen(flow.rate, flow.when, 0)
    of = {variable: phrase(kind, name) for variable, kind in zip(flow.for_, _kinds(expansion, flow), strict=True)}
    define = Define(
        of=of, is_=written(rate, name), unit=flow.unit or unit, title=flow.title, about=flow.about,
        evidence=flow.evidence,
    )  # fmt: skip
    expansion.add_define(f"flow_{name}", define, near=name, origin=Origin("flow", str(name), "rate"))
    term = called(f"flow_{name}", *variables) if variables else indexed(f"flow_{name}")
    for variable, domain in zip(variables, flow.for_.values(), strict=True):
        if domain in expansion.groups:
            term = chosen(term, belongs(variable, str(domain)), 0)
    return term


def _kinds(expansion: Expansion, flow: Flow) -> list[str]:
    return [str(expansion.kind_of_domain(domain)) for domain in flow.for_.values()]
