"""Names and values of the numbers in a model's state: reads and checks what a user sets, such as `us_will=0`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from standoff.errors import UsageError, refusal
from standoff.model.tables import Model, ParameterInfo, StateTable
from standoff.numerals import read_number

_TRUTHS = {"false": 0.0, "true": 1.0}


def slot_of(model: Model, name: str) -> int:
    """The slot of a state or parameter in the author's words; raises UsageError with the nearest right word."""
    states = {state.name: state for state in model.states if not state.hidden}
    slots = {parameter.name: parameter.slot for parameter in model.parameters}
    if "".join(name.split()) in slots:
        return slots["".join(name.split())]
    word, bracket, rest = _parts(name)
    if word in slots:
        if bracket:
            raise UsageError(f"'{name.strip()}': the parameter '{word}' has a single value: write {word}")
        return slots[word]
    if word not in states:
        raise refusal(f"there is no state or parameter '{word}'", word, [*states, *slots], what="states and parameters")
    state = states[word]
    given = [part.strip() for part in rest.removesuffix("]").split(",")] if bracket else []
    if len(given) != len(state.kinds) or (bracket and not rest.endswith("]")):
        if not state.kinds:
            raise UsageError(f"'{name.strip()}': the state '{word}' has a single value: write {word}")
        form = f"{word}[{', '.join(state.kinds)}]"
        raise UsageError(f"'{name.strip()}' is not a single value of the state '{word}': write {form}")
    for member, kind in zip(given, state.kinds, strict=True):
        if member not in model.kinds[kind]:
            raise refusal(f"there is no {kind} '{member}'", member, model.kinds[kind], what=f"of kind {kind}")
    where = [model.kinds[kind].index(member) for member, kind in zip(given, state.kinds, strict=True)]
    return state.start + (int(np.ravel_multi_index(where, state.shape)) if where else 0)


def named_in(name: str) -> str:
    """The state or parameter that is meant in `force[us, tanf]`, whether or not there is one of that name."""
    return _parts(name)[0]


def _parts(name: str) -> tuple[str, str, str]:
    word, bracket, rest = (part.strip() for part in name.partition("["))
    return word, bracket, rest


def name_at(model: Model, slot: int) -> str:
    """The state, without its indices, or the parameter in a slot."""
    thing = _thing_at(model, slot)
    return model.slot_name(slot) if thing is None else thing.name


def read_value(model: Model, slot: int, text: str) -> float:
    """A value written as a number, or as the name of an entity or a level, or as true or false; raises UsageError."""
    word, names = text.strip(), _names(_thing_at(model, slot))
    if word in names:
        return names[word]
    value = read_number(word)
    if value is None:
        if names:
            raise refusal(f"{model.slot_name(slot)} cannot be '{word}'", word, names, what="it can be")
        raise UsageError(f"{model.slot_name(slot)} takes a number, not '{word}'")
    check_value(model, slot, value)
    return value


def check_value(model: Model, slot: int, value: float) -> None:
    """Raise UsageError for a number that a slot cannot hold."""
    thing, named = _thing_at(model, slot), model.slot_name(slot)
    names = _names(thing)
    if names:
        if value not in names.values():
            raise UsageError(f"{named} cannot be {value:g}; it can be {', '.join(names)}")
        return
    if not math.isfinite(value):
        raise UsageError(f"{named} takes a finite number, not {value:g}")
    low, high = _range(thing)
    if isinstance(thing, ParameterInfo) and not low <= value <= high:
        raise UsageError(f"{named} cannot be {value:g}: its prior goes from {low:g} to {high:g}")
    if value < low:
        raise UsageError(f"{named} is at least {low:g}, and cannot be {value:g}")
    if value > high:
        raise UsageError(f"{named} is at most {high:g}, and cannot be {value:g}")


def unproved(model: Model, values: Mapping[int, float]) -> dict[str, float]:
    """The parameters among some slots for whose values the bounds of the model's rates are not proved."""
    return {
        info.name: values[info.slot] for info in model.parameters
        if info.slot in values and not info.proved[0] <= values[info.slot] <= info.proved[1]
    }  # fmt: skip


def _thing_at(model: Model, slot: int) -> StateTable | ParameterInfo | None:
    for state in model.states:
        if state.start <= slot < state.start + state.size:
            return state
    return next((parameter for parameter in model.parameters if parameter.slot == slot), None)


def _names(thing: StateTable | ParameterInfo | None) -> dict[str, float]:
    """The words for the values that a thing can have, empty where it takes numbers."""
    if not isinstance(thing, StateTable) or thing.holds == "number":
        return {}
    if thing.holds == "truth":
        return dict(_TRUTHS)
    positions = {name: float(i) for i, name in enumerate(thing.labels or ())}
    return {"none": -1.0} | positions if thing.holds == "entity" else positions


def _range(thing: StateTable | ParameterInfo | None) -> tuple[float, float]:
    if isinstance(thing, StateTable):
        return thing.low, thing.high
    # A fixed number is no range: any other may be tried in its place.
    if thing is None or thing.kind == "fixed":
        return -math.inf, math.inf
    # Rarely asked, and it brings the parser of priors along.
    from standoff.scenario import Prior, support

    return support(Prior(thing.kind, dict(thing.of), thing.options))
