"""The words that expand into state and rules: zones, flows, red lines, ties, corridors, stances, deals."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema

from standoff.scenario.reading.source import Words
from standoff.scenario.schema.entities import Part, Titled
from standoff.scenario.schema.rules import EventText, Statements
from standoff.scenario.schema.scalars import (
    DelayExpression,
    Duration,
    DurationExpression,
    Entries,
    Expression,
    Name,
    NotEmpty,
    NotNegativeExpression,
    Number,
    OneOrMoreNames,
    ParameterEntries,
    PositiveExpression,
    ShareExpression,
    Text,
    Truth,
    UnitText,
    fault,
)
from standoff.time import is_date, looks_like_duration

Corner = tuple[Number, Number]
Outline = tuple[tuple[tuple[Corner, ...], ...], ...]


class Zone(Titled):
    """An area that a holder declares closed to some."""

    centre: Name | None = None
    """The place at its centre; needs `radius`."""
    radius: NotNegativeExpression | None = None
    """Its radius in km: a number or a parameter. Every place within it belongs to the zone."""
    places: tuple[Name, ...] | None = None
    """The places that belong to it, instead of a centre and a radius."""
    area: Outline | None = None
    """The outline that maps draw of a zone with `places`: polygons, each with its outer ring first and then its holes.

    A ring is a list of `[latitude, longitude]`; longitudes go on beyond 180 where it crosses the date line."""
    holder: Name
    """The actor that declares it."""
    excludes: OneOrMoreNames = ()
    """The actors (or groups) that must stay out."""
    recognised_by: OneOrMoreNames = ()
    """The actors (or groups) that accept it at the start."""

    @model_validator(mode="after")
    def _sense(self) -> Zone:
        if (self.centre is None) != (self.radius is None) or (self.centre is None) == (self.places is None):
            raise fault("SD202", "a zone needs centre and radius, or places instead of both")
        if self.area is not None and self.places is None:
            raise fault("SD202", "an area is drawn of a zone with places", hint="name the places in it", key="area")
        for ring in (ring for polygon in self.area or () for ring in polygon):
            if len(ring) < 3:
                raise fault("SD203", f"a ring of {len(ring)} corners", expected="three or more", key="area")
            for lat, lon in ring:
                if not (-90 <= lat <= 90 and -540 <= lon <= 540):
                    found = f"the area has a corner at [{lat:g}, {lon:g}]"
                    raise fault("SD203", found, expected="[latitude -90..90, longitude]", key="area")
        return self


class Flow(Titled):
    """What fills a state, or drains it, continuously between events; several into one state add up."""

    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """A variable for each index of the state, in its order, with its kind, or with a group of it: `{p: place}`."""
    into: Name | None = None
    """The state that it fills, or drains where the rate is negative; by default the one of the flow's name."""
    rate: Expression
    """How much each day. Its value may change at events only: it reads states that stand still, and parameters.

    Conditions in it may read memories, `t` and other flowing states."""
    when: Expression | None = None
    """It flows while this holds."""
    unit: UnitText | None = None
    """The unit of the rate, such as `ton/day`."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""


class Crossing(Part):
    """A way to cross a red line: a firing of a rule."""

    rule: Name
    """The rule whose firing crosses it."""
    by: Expression
    """The crosser, in the variables of that rule."""
    at: Expression
    """The place where it is crossed, in the variables of that rule."""
    if_: Expression | None = Field(default=None, alias="if")
    """It counts only if this holds after the effects of the rule."""
    size: PositiveExpression | None = None
    """How much it adds to the crosser's breaches; by default 1."""


class Threshold(Part):
    """How many breaches a red line tolerates."""

    declared: NotNegativeExpression | None = None
    """The number of breaches at which the holder says it will respond; by default 1."""
    true: NotNegativeExpression | None = None
    """The number of breaches at which it does respond; by default the declared number."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """A number by itself is the declared one."""
        return f"declared: {value}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping, whose key `true` is no text where a reader of YAML follows YAML 1.2 to the letter."""
        schema = handler.resolve_ref_schema(handler(core))
        schema["propertyNames"] = {"enum": [*schema["properties"], True]}
        schema["additionalProperties"] = schema["properties"]["true"]
        return schema


class Credibility(Part):
    """How much others believe that a red line will be enforced."""

    begin: Expression | None = None
    """At the start, 0 to 1."""
    lost: ShareExpression | None = None
    """The share that is lost when the declared threshold is reached without a response."""
    won: ShareExpression | None = None
    """The share of the gap to 1 that a response wins back."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """A number by itself is that of the start."""
        return f"begin: {value}"


class Response(Part):
    """How the holder of a red line responds; `intruder` and `spot` name the crosser and the place."""

    delay: DelayExpression | None = None
    """How long the response takes: `3 days`, `uniform(1 day, 3 days)`, `exponential(3 days)` or
    `gamma(2, 10 days)`; by default it comes at once."""
    then: Statements = ()
    """What it changes."""
    event: EventText | None = None
    """The event that is recorded."""


class RedLine(Titled):
    """A line that its holder declares must not be crossed, and what follows if it is."""

    of: Name
    """The actor that declares it."""
    crossed_by: Annotated[tuple[Crossing, ...], NotEmpty]
    """The firings that cross it."""
    threshold: Threshold = Field(default_factory=Threshold)
    """The declared and the true number of breaches that trigger the response."""
    forgets: DurationExpression | None = None
    """How long a crossing counts: so long after it, to the instant, it is forgotten; without it, never."""
    fades: DurationExpression | None = None
    """The half-life of breaches, instead of `forgets`: what a crossing counts halves in this time."""
    seen: Expression | None = None
    """The probability that a crossing is seen; by default 1."""
    willing: Expression | None = None
    """The probability that the holder decides to respond; by default 1."""
    decides: Truth = False
    """Whether each answer is weighed as a decision of the holder, `LINE_weighs`, which somebody else can take."""
    credibility: Credibility = Field(default_factory=Credibility)
    """How credibility starts and changes."""
    response: Response = Field(default_factory=Response)
    """The response."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that its response carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> RedLine:
        if self.forgets is not None and self.fades is not None:
            hint = "forgets: 30 days counts the crossings of 30 days, fades: 30 days weighs each by its age"
            raise fault("SD203", "breaches that are forgotten and fade", expected="either forgets or fades", hint=hint)
        return self


class Tie(Titled):
    """A directed relation of one actor to another, with a strength."""

    from_: Name = Field(alias="from")
    """The actor from which it goes: the patron, the ally, the rival, the restraining actor."""
    to: Name
    """The actor to which it goes."""
    strength: Expression | None = None
    """How strong it is, from 0 to 1; by default 1. For a patron: its control."""
    deniability: Expression | None = None
    """For a patron: how credibly it can deny what the other does, from 0 to 1."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""


class Ties(Part):
    """The ties between actors at the start."""

    patron: tuple[Tie, ...] = ()
    """From a patron to its proxy."""
    alliance: tuple[Tie, ...] = ()
    """Between allies, both ways."""
    rivalry: tuple[Tie, ...] = ()
    """Between rivals, both ways."""
    restraint: tuple[Tie, ...] = ()
    """From an actor to the one that it restrains."""


class Corridor(Titled):
    """A path that is open only while every place on it is in friendly hands."""

    from_: Name = Field(alias="from")
    """The place where it begins."""
    to: Name
    """The place where it ends."""
    friendly: Annotated[OneOrMoreNames, NotEmpty]
    """The actors (or groups, or `none` for nobody) whose holding of a place keeps it open."""
    through: Annotated[tuple[tuple[Name, ...], ...], NotEmpty] | None = None
    """The paths it can take, each from end to end; by default any path of roads."""


def _either(rate: Words | None, after: Words | None, what: str) -> None:
    if rate is not None and after is not None:
        raise fault("SD203", f"{what} with both rate and after", expected="one of rate and after")


class StanceChange(Titled):
    """A change of an actor from one stance to another."""

    from_: Name = Field(alias="from")
    """The stance before."""
    to: Name
    """The stance after."""
    when: Expression | None = None
    """The guard."""
    rate: NotNegativeExpression | None = None
    """How often it happens while the guard holds, per day; by default it happens at once."""
    after: DelayExpression | None = None
    """So long after the stance has been taken and the guard has turned true, if both last, instead of at a rate."""
    event: EventText | None = None
    """The event that is recorded."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> StanceChange:
        if self.when is None and self.rate is None and self.after is None:
            expected = "give at least one of them"
            raise fault("SD202", "a change of stance needs when, rate or after", expected=expected)
        _either(self.rate, self.after, "a change of stance")
        return self


class Ordered(Part):
    """How an actor can be told to take another stance."""

    every: Duration | None = None
    """At least this long between one such order and the next."""


class Stance(Titled):
    """The postures an actor can take; its key is the actor, its state is `stance_ACTOR`."""

    options: Annotated[tuple[Name, ...], NotEmpty]
    """The stances it can choose from."""
    begin: Name | None = None
    """The stance at the start; by default the first option."""
    changes: tuple[StanceChange, ...] = ()
    """How it changes from one to another."""
    ordered: Ordered | None = None
    """Lets whoever plays the actor choose its stance: rules `stance_ACTOR_to_STANCE` that fire only when ordered."""


class Party(Part):
    """What a deal is worth to a party, and what it has without the deal."""

    deal: Expression
    """Its value if the deal is struck, on any scale of its own."""
    no_deal: Expression
    """Its outside option: its value without the deal, on the same scale."""
    must_agree: Truth = True
    """Whether its agreement is needed; `false` for a party that is not asked."""


class Ending(Part):
    """How a deal in force ends: it lapses, or a party breaks it."""

    when: Expression | None = None
    """The guard."""
    rate: NotNegativeExpression | None = None
    """How often it ends while the guard holds, per day; by default the deal ends at once."""
    after: DelayExpression | None = None
    """So long after the deal was struck and the guard has turned true, if both last, instead of at a rate."""
    then: Statements = ()
    """What the ending changes."""
    event: EventText | None = None
    """The event that is recorded."""

    @classmethod
    def meant_by(cls, value: str) -> str | None:
        """A date by itself is that of the ending, a duration is how long the deal lasts."""
        if is_date(value):
            return f"when: t >= date('{value.strip()}')"
        return f"after: {value.strip()}" if looks_like_duration(value) else None

    @model_validator(mode="after")
    def _sense(self) -> Ending:
        if self.when is None and self.rate is None and self.after is None:
            raise fault("SD202", "an ending needs when, rate or after", expected="give at least one of them")
        _either(self.rate, self.after, "an ending")
        return self


class Offers(Part):
    """How a deal is made by offers: it is struck when all whose agreement is needed have offered it."""

    opens: NotNegativeExpression
    """How often a party that gains offers it first, per day."""
    reply: NotNegativeExpression
    """How often a party that gains replies to an offer, or withdraws its own when it gains no more, per day."""


class Deal(Titled):
    """Terms that are agreed when every party that must agree gains by them; its state is `in_force_DEAL`."""

    parties: Entries[Party]
    """What it is worth to whom, by actor."""
    rate: NotNegativeExpression | None = None
    """How often it is struck, per day, for each unit of gain of the party that gains least."""
    offers: Offers | None = None
    """How it is offered and accepted, party by party, instead of a rate."""
    when: Expression | None = None
    """The guard."""
    after: OneOrMoreNames = ()
    """The deals that must be in force before this one can be struck."""
    terms: Statements = ()
    """What it changes when it is struck."""
    issues: ParameterEntries[Annotated[tuple[Number, ...], NotEmpty]] = Field(default_factory=dict)
    """What can be bargained over: parameters, each with the values that it can take."""
    event: EventText | None = None
    """What is recorded of it; `AGREE (deal) by A on B` of the first two that must agree by default."""
    ends: Ending | None = None
    """How it ends; without it, never."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> Deal:
        for name, values in self.issues.items():
            if len(set(values)) < len(values):
                raise fault("SD203", f"the issue '{name}' has a value twice", expected="each value once")
        if sum(party.must_agree for party in self.parties.values()) < 2:
            raise fault("SD202", "a deal on which fewer than two parties must agree", expected="at least two parties")
        if (self.rate is None) == (self.offers is None):
            raise fault("SD202", "a deal needs exactly one of rate and offers")
        return self
