"""What actors want and choose: goals, decisions with their options, and the policies that choose among these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from standoff.numerals import read_number
from standoff.scenario.schema.entities import Part, Titled
from standoff.scenario.schema.rules import EventText, Statements
from standoff.scenario.schema.scalars import (
    DateExpression,
    Entries,
    Expression,
    Name,
    NotEmpty,
    NotNegativeExpression,
    PeriodText,
    PositiveExpression,
    Text,
    UnitText,
    When,
    fault,
)
from standoff.time import is_date


class Goal(Titled):
    """What an actor wants, as a number on a scale of its own, which is never compared with another actor's."""

    is_: Expression | None = Field(default=None, alias="is")
    """What the state at the date is worth to it."""
    over_time: Expression | None = None
    """What each day is worth to it, per day, summed up to the date."""
    every: PeriodText | None = None
    """How often `over_time` is read, by default each day: it counts for the time since it was read last."""
    at: When | None = None
    """The date at whose end the goal is read; by default the end."""
    unit: UnitText | None = None
    """The unit of its scale, such as `point`."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """A value by itself is that of the state at the date."""
        return f"is: {value}"

    @model_validator(mode="after")
    def _sense(self) -> Goal:
        if self.is_ is None and self.over_time is None:
            raise fault("SD202", "a goal needs is or over_time", expected="give at least one of them")
        if self.every is not None and self.over_time is None:
            raise fault("SD203", "every belongs to over_time")
        return self


class ComesUp(Part):
    """When a decision comes up; exactly one of these."""

    rate: NotNegativeExpression | None = None
    """How often, per day, at random."""
    every: PeriodText | None = None
    """Again and again after so long, counted from the start."""
    at: DateExpression | None = None
    """At one date, or so many days after the start."""
    once: Expression | None = None
    """As soon as this holds; and again when it holds anew after it did not."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """A date, a duration, a number that is a rate, or else a condition."""
        if is_date(value):
            return f"at: {value}"
        key = "rate" if read_number(value) is not None else "every" if value[:1].isdigit() else "once"
        return f"{key}: {value}"

    @model_validator(mode="after")
    def _sense(self) -> ComesUp:
        _exactly_one(self, "comes")
        return self


class Option(Titled):
    """One thing that can be chosen; each choice is a firing of the rule `DECISION_OPTION`."""

    when: Expression | None = None
    """It is open only while this holds; without it, always. One option at least is always open."""
    appeal: Expression | None = None
    """How much it appeals to the actor when the decision comes up, on a scale of its own."""
    then: Statements = ()
    """What it changes."""
    event: EventText | None = None
    """The event that is recorded."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""


class ConditionalChoice(Part):
    """One line of a policy that takes the first option whose condition holds."""

    if_: Expression = Field(alias="if")
    """The condition."""
    choose: Name
    """The option that is chosen if it holds and the option is open."""


class Policy(Part):
    """How an actor chooses; exactly one of these. Where it names no open option, it takes the first always open one."""

    always: Name | None = None
    """This option, whenever it is open."""
    mix: Annotated[Entries[NotNegativeExpression], NotEmpty] | None = None
    """One of these at random, in proportion to their weights, among those that are open."""
    first: Annotated[tuple[ConditionalChoice, ...], NotEmpty] | None = None
    """The first of these whose condition holds and whose option is open."""
    logit: PositiveExpression | None = None
    """At random, an option's weight being e to the power of this number times its appeal (McFadden 1974)."""
    best: Literal["appeal"] | None = None
    """The open option of the greatest appeal; of equal ones, the first."""

    @classmethod
    def meant_by(cls, value: str) -> str:
        """One of the ways to choose, with the simplest that it takes, or an option."""
        simplest = {"logit": "logit: 2", "best": "best: appeal", "mix": "mix: {OPTION: 1, OTHER: 2}"}
        simplest["first"] = "first: [{if: CONDITION, choose: OPTION}]"
        return simplest.get(value, f"always: {value}")

    @model_validator(mode="after")
    def _sense(self) -> Policy:
        _exactly_one(self, "a policy")
        return self

    @property
    def weighs_appeals(self) -> bool:
        """Whether it reads how much the options appeal."""
        return self.logit is not None or self.best is not None

    def named(self) -> tuple[str, ...]:
        """The options that it names."""
        chosen = tuple(line.choose for line in self.first or ())
        return (*((self.always,) if self.always is not None else ()), *(self.mix or ()), *chosen)


class Decision(Titled):
    """A point at which an actor chooses among options; what it chose last and has not done yet is `chosen_DECISION`."""

    of: Name
    """The actor that decides, or a variable of `for`."""
    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """The variables and their domains, as a rule has them; each combination decides by itself."""
    when: Expression | None = None
    """It comes up only while this holds."""
    comes: ComesUp
    """When it comes up."""
    options: Entries[Option]
    """What can be chosen, by name."""
    policy: Policy
    """How the actor chooses."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @property
    def open_always(self) -> str:
        """The first option without a condition, which is taken where a policy leaves no other."""
        return next(name for name, option in self.options.items() if option.when is None)

    @model_validator(mode="after")
    def _sense(self) -> Decision:
        if len(self.options) < 2:
            raise fault("SD202", "a decision with fewer than two options", expected="at least two options")
        if all(option.when is not None for option in self.options.values()):
            hint = "leave out its when, or add an option such as `wait: {}`"
            raise fault("SD607", "a decision none of whose options is always open", hint=hint)
        without = self.without_appeal(self.policy)
        if without is not None:
            found = f"a policy that weighs appeals, and the option '{without}' has none"
            raise fault("SD202", found, expected="give each option an appeal")
        return self

    def without_appeal(self, policy: Policy) -> str | None:
        """The first option without an appeal, where a policy weighs appeals."""
        if not policy.weighs_appeals:
            return None
        return next((str(name) for name, option in self.options.items() if option.appeal is None), None)


def _exactly_one(part: Part, what: str) -> None:
    keys = type(part).model_fields
    given = [key for key in keys if getattr(part, key) is not None]
    if len(given) != 1:
        found = " and ".join(given) if given else "none"
        raise fault("SD202", f"{what} needs exactly one of {', '.join(keys)}; found {found}")
