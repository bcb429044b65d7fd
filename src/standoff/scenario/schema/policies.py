"""What an actor could do instead of what is written: policies by name, and the levers that are in its hand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from standoff.scenario.reading.source import Words
from standoff.scenario.schema.decisions import Policy
from standoff.scenario.schema.entities import Part, Titled
from standoff.scenario.schema.scalars import (
    Entries,
    Expression,
    Name,
    NotEmpty,
    Number,
    ParameterEntries,
    ParameterName,
    Text,
    expression,
    fault,
    shown,
)

AS_WRITTEN = "as_written"
"""The policy that every actor has: what the scenario says without any other."""


def _share(value: object) -> Words:
    words = expression(value)
    if words == "never":
        return words
    try:
        number = float(words)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        hint = None
        if number > 1.0:
            hint = "how often it can act is what the rule says; a policy may only leave some of it out"
        raise fault("SD203", f"{shown(value)} as the share of an act", expected="never, or 0 to 1", hint=hint)
    return words


Share = Annotated[
    Words,
    PlainValidator(_share),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"const": "never"}]}),
]
"""Which share of its occasions an act is done on: `never`, or a number from 0 to 1."""


class Agreement(Part):
    """When an actor agrees to a deal under a policy."""

    accept: Expression
    """It agrees where this holds, instead of where it gains."""


class NamedPolicy(Titled):
    """What an actor does under a policy of that name, where it differs from what is written."""

    of: Name
    """The actor whose policy it is."""
    decisions: Entries[Policy] = Field(default_factory=dict)
    """How it chooses, by decision."""
    acts: Entries[Share] = Field(default_factory=dict)
    """On which share of its occasions it does what a rule of its own says, or answers at a red line of its own."""
    stance: Name | None = None
    """The stance that it takes on the first day; the changes of its stance do not come about."""
    deals: Entries[Agreement] = Field(default_factory=dict)
    """When it agrees, by deal."""
    parameters: ParameterEntries[Number] = Field(default_factory=dict)
    """The values that parameters have."""
    tunes: ParameterEntries[tuple[Number, Number]] = Field(default_factory=dict)
    """Parameters that the actor can tune, each with the least and the greatest value that it can give them."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> NamedPolicy:
        if not (self.decisions or self.acts or self.stance or self.deals or self.parameters or self.tunes):
            expected = "decisions, acts, stance, deals, parameters or tunes"
            raise fault("SD202", "a policy that changes nothing", expected=expected)
        for name, (low, high) in self.tunes.items():
            if name in self.parameters:
                raise fault("SD203", f"'{name}' is set and tuned", expected="either parameters or tunes")
            if not low < high:
                raise fault("SD203", f"'{name}' tuned from {low:g} to {high:g}", expected="the lower value first")
        return self


class Lever(Titled):
    """Something that an actor can set: a parameter, or which policy it follows."""

    of: Name
    """The actor that can set it."""
    parameter: ParameterName | None = None
    """The parameter that it sets."""
    values: Annotated[tuple[Number, ...], NotEmpty] | None = None
    """The values between which it can choose."""
    policies: Annotated[tuple[Name, ...], NotEmpty] | None = None
    """The policies between which it can choose; `as_written` may be one of them."""

    @model_validator(mode="after")
    def _sense(self) -> Lever:
        if (self.policies is None) == (self.parameter is None):
            raise fault("SD202", "a lever needs either a parameter with its values or policies")
        if (self.parameter is None) != (self.values is None):
            raise fault("SD202", "a lever on a parameter needs parameter and values")
        choices: tuple[object, ...] = self.policies or self.values or ()
        if len(set(choices)) < 2 or len(set(choices)) < len(choices):
            raise fault("SD203", "a lever without a choice", expected="at least two, each once")
        return self
