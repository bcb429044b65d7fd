"""What makes things happen: rules, their statements, and injects from outside."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from standoff.errors import Cure, suggestion
from standoff.scenario.schema.entities import Part, Titled
from standoff.scenario.schema.scalars import (
    DateExpression,
    DelayExpression,
    Duration,
    Entries,
    Expression,
    NotEmpty,
    NotNegativeExpression,
    OneOrMoreNames,
    PeriodText,
    Text,
    Truth,
    When,
    fault,
)
from standoff.time import begins_at, ends_at

PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
"""The types of events (PLOVER 2021)."""

_LIKE = {
    "ATTACK": "ASSAULT", "FIGHT": "ASSAULT", "STRIKE": "ASSAULT", "BOMB": "ASSAULT", "KILL": "ASSAULT",
    "INVADE": "ASSAULT", "SHOOT": "ASSAULT", "SHELL": "ASSAULT", "RAID": "ASSAULT", "CLASH": "ASSAULT",
    "MOVE": "MOBILIZE", "DEPLOY": "MOBILIZE", "MOBILISE": "MOBILIZE", "POSTURE": "MOBILIZE", "EXERCISE": "MOBILIZE",
    "REINFORCE": "MOBILIZE", "DEMONSTRATE": "PROTEST", "RIOT": "PROTEST", "STRIKE_ACTION": "PROTEST",
    "THREAT": "THREATEN", "WARN": "THREATEN", "ULTIMATUM": "THREATEN", "NEGOTIATE": "CONSULT", "MEET": "CONSULT",
    "TALK": "CONSULT", "VISIT": "CONSULT", "WITHDRAW": "RETREAT", "LEAVE": "RETREAT", "CONCEDE": "YIELD",
    "SURRENDER": "YIELD", "RELEASE": "YIELD", "DEMAND": "REQUEST", "APPEAL": "REQUEST", "ASK": "REQUEST",
    "BLAME": "ACCUSE", "CONDEMN": "ACCUSE", "DISAPPROVE": "ACCUSE", "CRITICIZE": "ACCUSE", "REFUSE": "REJECT",
    "DENY": "REJECT", "BLOCKADE": "COERCE", "ARREST": "COERCE", "SEIZE": "COERCE", "EXPEL": "COERCE",
    "DETAIN": "COERCE", "EMBARGO": "SANCTION", "BOYCOTT": "SANCTION", "CUT": "SANCTION", "HELP": "AID",
    "SUPPLY": "AID", "DONATE": "AID", "PRAISE": "SUPPORT", "ENDORSE": "SUPPORT", "SIGN": "AGREE", "PROMISE": "AGREE",
    "MEDIATE": "CONSULT", "BREAK": "SANCTION",
    "COMMIT": "AGREE", "CEASEFIRE": "AGREE", "TRADE": "COOPERATE", "ALLY": "COOPERATE", "ENGAGE": "COOPERATE",
}  # fmt: skip
"""What people, and other ontologies of events (CAMEO, IDEA), call them."""


def like_plover(word: str) -> tuple[str | None, str | None]:
    """The hint and the list of types for a word that is no type of event."""
    hint, expected = suggestion(word, PLOVER, what="types")
    meant = _LIKE.get(word.strip().upper())
    return (Cure(f"did you mean '{meant}'?", meant) if meant else hint), expected


class IfStatement(Part):
    """Statements under a condition."""

    if_: Expression = Field(alias="if")
    """The condition."""
    then: Statements
    """What happens if it holds."""
    else_: Statements = Field(default=(), alias="else")
    """What happens if it does not."""


class ForStatement(Part):
    """Statements for every member of a domain, in declared order."""

    for_: Entries[Expression] = Field(alias="for")
    """The variable and its domain, such as `{b: actor}`; exactly one."""
    where: Expression | None = None
    """Only for members for which this holds."""
    do: Statements
    """What happens for each."""

    @model_validator(mode="after")
    def _one_variable(self) -> ForStatement:
        if len(self.for_) != 1:
            raise fault("SD203", f"a for statement with {len(self.for_)} variables", expected="exactly one")
        return self


class Branch(Part):
    """One branch of a chance."""

    p: Expression
    """Its probability, 0 to 1."""
    do: Statements = ()
    """What happens then."""


class ChanceStatement(Part):
    """At most one of several branches, chosen by one draw."""

    chance: Annotated[tuple[Branch, ...], NotEmpty]
    """The branches; their probabilities sum to at most 1."""
    otherwise: Statements = ()
    """What happens if none of them is chosen."""


def _which(value: Any) -> str | None:
    if isinstance(value, IfStatement):
        return "if statement"
    if isinstance(value, ForStatement):
        return "for statement"
    if isinstance(value, ChanceStatement):
        return "chance statement"
    if isinstance(value, dict):
        for key in ("if", "for", "chance"):
            if key in value:
                return f"{key} statement"
        return None
    return "assignment"


Statement = Annotated[
    Annotated[Expression, Tag("assignment")]
    | Annotated[IfStatement, Tag("if statement")]
    | Annotated[ForStatement, Tag("for statement")]
    | Annotated[ChanceStatement, Tag("chance statement")],
    Discriminator(
        _which,
        custom_error_type="SD203",
        custom_error_message="expected an assignment, or a statement with one of if, for, chance",
    ),
]
"""One step of an effect: `target = expression` (also `+=`, `-=`, `*=`), or if, for, chance."""

Statements = tuple[Statement, ...]
"""A list of statements, from top to bottom."""


EventText = Annotated[Text, WithJsonSchema({"type": "string", "pattern": rf"^\s*({'|'.join(PLOVER)})(\s|\(|$)"})]
"""`TYPE (mode) by A on B at P size N`, each part but the type optional."""


class Rule(Titled):
    """Something that can happen: for each combination of its variables, while its guard holds."""

    for_: Entries[Expression] = Field(default_factory=dict, alias="for")
    """The variables and their domains, such as `{a: actor, p: place, q: road(p)}`; without them, one ground rule."""
    when: Expression | None = None
    """The guard; without it the rule is always enabled."""
    rate: NotNegativeExpression | None = None
    """How often it fires while it is enabled, per day."""
    at: DateExpression | None = None
    """The date, or the days since the start, at which it fires, instead of a rate."""
    every: PeriodText | None = None
    """Again and again after so long, such as `30 days` or `1 month`, if the guard holds then, instead of a rate."""
    from_: When | None = Field(default=None, alias="from")
    """The first date of `every`; without it, the first comes one such time after the start."""
    jitter: Duration | None = None
    """How much later than each date of `every` it may fire at most, drawn anew each time, evenly; no longer than the
    time to the next date."""
    after: DelayExpression | None = None
    """So long after the guard has turned true, if it holds all that time, instead of at once."""
    since: OneOrMoreNames = ()
    """The rules after whose firing `after` is counted, anew from each; `when` must hold from then on, if given."""
    called: Truth = False
    """Whether it fires only when it is ordered from outside, if its guard holds then, instead of by rate or date."""
    then: Statements = ()
    """What it changes, from top to bottom."""
    event: EventText | None = None
    """The event that is recorded, such as `ASSAULT (air strike) by a on b at p size 1`."""
    silent: Truth = False
    """Whether it leaves no event in the record."""
    decides: Expression | None = None
    """The actor who decides whether it happens: a name, a variable of `for`, or an attribute of one."""
    mechanism: tuple[Text, ...] = ()
    """The cause-and-effect statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> Rule:
        if self.rate is not None and self.at is not None:
            raise fault("SD203", "a rule with both rate and at", expected="one of them, or neither for a trigger")
        self._times()
        if self.called and (self.rate is not None or self.at is not None):
            raise fault("SD203", "a called rule with a rate or a date", expected="one of called, rate and at")
        timed = self.every is not None or self.after is not None
        if self.rate is None and self.at is None and self.when is None and not self.called and not timed:
            raise fault("SD202", "a rule with none of when, rate, at and called", expected="give at least one of them")
        if self.silent and self.event is not None:
            raise fault("SD203", "a silent rule with an event", expected="one of them")
        return self

    def _times(self) -> None:
        """Refuses what says twice, or not at all, when the rule fires."""
        clocks = {"rate": self.rate, "at": self.at, "every": self.every, "after": self.after}
        given = [name for name, value in clocks.items() if value is not None] + ["called"] * self.called
        if len(given) > 1 and not {"every", "after"}.isdisjoint(given):
            expected = f"one of {', '.join(given[:-1])} and {given[-1]}"
            raise fault("SD203", f"a rule with both {given[0]} and {given[1]}", expected=expected)
        if self.every is None and (self.from_ is not None or self.jitter is not None):
            raise fault("SD203", f"{'from' if self.from_ is not None else 'jitter'} belongs to every")
        if self.since and self.after is None:
            raise fault("SD203", "since belongs to after", hint="say how long after, such as after: 48 hours")
        if self.after is not None and self.when is None and not self.since:
            expected = "when, since, or at: a number of days for what is due so long after the start"
            raise fault("SD202", "after what? the rule has neither when nor since", expected=expected)


class Inject(Titled):
    """An event from outside the model, at a date."""

    at: When | None = None
    """The day at whose beginning it happens."""
    between: tuple[When, When] | None = None
    """The first and the last day between which it happens, with all moments equally likely."""
    chance: Expression | None = None
    """The probability that it happens at all; by default 1."""
    on: Truth = True
    """Whether it is used; `false` switches it off."""
    when: Expression | None = None
    """It happens only if this holds at that time."""
    then: Statements = ()
    """What it changes."""
    event: EventText | None = None
    """The event that is recorded."""
    mechanism: tuple[Text, ...] = ()
    """The statements of the sources that it carries, by their ids."""

    @model_validator(mode="after")
    def _sense(self) -> Inject:
        if (self.at is None) == (self.between is None):
            raise fault("SD202", "an inject needs exactly one of at and between")
        if self.between is not None and begins_at(self.between[0]) >= ends_at(self.between[1]):
            raise fault("SD203", "the first date of between is after the second")
        return self
