"""What people can do in a game: orders, and who sits where, takes turns and sees what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from standoff.scenario.schema.entities import Part, Titled
from standoff.scenario.schema.questions import Happens
from standoff.scenario.schema.rules import EventText, Statements
from standoff.scenario.schema.scalars import (
    DelayExpression,
    Duration,
    Entries,
    Expression,
    Name,
    NotEmpty,
    NotNegativeExpression,
    Number,
    OneOrMoreNames,
    OneOrMoreParameters,
    OneOrMoreTexts,
    Text,
    fault,
    one_or_list,
)

EVERYONE = "everyone"
"""Whoever plays, in a sight."""

EVERYTHING = "everything"
"""All states, in a sight."""


class Otherwise(Part):
    """What the model does with an order while nobody gives it: the same, at a rate."""

    rate: NotNegativeExpression
    """How often, per day, while the order is possible."""
    choose: Expression | None = None
    """Only for the combinations of its variables and amounts for which this holds."""


class Order(Titled):
    """Something that its actor can be told to do, at any time that it is possible."""

    of: Name
    """The actor that gives it, or a variable of `for`."""
    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """The variables and their domains, as a rule has them; each combination is an order of its own."""
    amounts: Entries[Annotated[tuple[Number, ...], NotEmpty]] = Field(default_factory=dict)
    """Numbers to choose from, such as `{n: [1, 2, 3]}`; each is a rule of its own, `ORDER_1` and so on."""
    when: Expression | None = None
    """It is possible only while this holds; it should read nothing that the one who gives it cannot see."""
    every: Duration | None = None
    """At least this long between one and the next."""
    takes: DelayExpression | None = None
    """How long it takes: `3 days`, `uniform(1 day, 3 days)`, `exponential(3 days)` or
    `gamma(2, 10 days)`; by default it is done at once."""
    commits: Statements = ()
    """What it changes at once, where it `takes` time."""
    then: Statements = ()
    """What it changes when it is done."""
    event: EventText | None = None
    """The event that is recorded when it is done."""
    otherwise: Otherwise | None = None
    """What the model does where nobody is asked; without it, nothing."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> Order:
        if self.commits and self.takes is None:
            raise fault("SD203", "commits belongs to takes", hint="write it under then, which happens at once")
        return self


class Seat(Titled):
    """A place at the table: the actors that whoever sits there plays."""

    plays: Annotated[OneOrMoreNames, NotEmpty]
    """The actors, or groups of actors, that it decides for; each belongs to one seat at most."""
    briefing: Text | None = None
    """What its player reads at the start."""


class Turns(Part):
    """How a game is cut into turns."""

    every: Duration
    """How much time of the scenario a turn takes."""
    until: OneOrMoreNames = ()
    """Rules whose event ends a turn early; a decision, a red line or a deal stands for all of its rules."""


Hidden = Annotated[
    tuple[Literal["rule", "source", "target", "place", "size"], ...],
    BeforeValidator(one_or_list, json_schema_input_type=str | tuple[str, ...]),
]


class SeenEvents(Happens):
    """Which events are seen; every key narrows the selection, without any all are."""

    @model_validator(mode="after")
    def _something(self) -> SeenEvents:
        return self


class Sight(Part):
    """What somebody sees in a game; nothing is seen that is not declared."""

    who: OneOrMoreNames
    """Seats, actors, groups of actors, `everyone`, or a variable of `for`: whoever plays them sees it."""
    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """The variables of what is seen, and their domains."""
    what: OneOrMoreTexts = ()
    """Expressions; the name of a state or of a define stands for all of its values, `everything` for all states."""
    when: Expression | None = None
    """It is seen only while this holds."""
    parameters: OneOrMoreParameters = ()
    """Parameters whose drawn values are seen."""
    events: SeenEvents | None = None
    """The events that are seen; `{}` for all."""
    hides: Hidden = ()
    """Parts of these events that stay dark: `rule`, `source`, `target`, `place`, `size`."""

    @model_validator(mode="after")
    def _sense(self) -> Sight:
        if not self.what and not self.parameters and self.events is None:
            raise fault("SD202", "a sight of nothing", expected="give what, parameters or events")
        if self.hides and self.events is None:
            raise fault("SD203", "hides belongs to events")
        if self.when is not None and not self.what:
            raise fault("SD203", "when belongs to what", hint="say which events under events")
        return self
