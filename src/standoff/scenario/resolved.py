"""A scenario after expansion and resolution: only entities, state, parameters, rules and what to read.

This is what grounding and lint read. Nothing here knows of zones, red lines or ties any more; they
have become state and rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from standoff.errors import UsageError
from standoff.scenario.distributions import PriorKind
from standoff.scenario.origin import Origin
from standoff.scenario.tree import Domain, Level, Node, Number, OneOf, Text, Truth, Type
from standoff.units import Unit

__all__ = [
    "Assign",
    "AttributeColumn",
    "Chance",
    "EventHeader",
    "ForEach",
    "Given",
    "Group",
    "If",
    "Kind",
    "Let",
    "Level",
    "Number",
    "OneOf",
    "Parameter",
    "Play",
    "Prior",
    "Question",
    "Relation",
    "Resolved",
    "Rule",
    "Seat",
    "SeenEvents",
    "Sight",
    "State",
    "Statement",
    "Text",
    "Truth",
    "Type",
    "Variable",
    "Watch",
]


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    """One attribute of all members of a kind; a value is a float, a text, or an entity name, None where absent."""

    type: Type
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity, its members in declared order, and their attributes.

    Places have `at`: (latitude, longitude) in degrees per member, None where not given.
    """

    name: str
    members: tuple[str, ...]
    attributes: dict[str, AttributeColumn]
    at: tuple[tuple[float, float] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of entities of one kind."""

    name: str
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A fixed set of ordered pairs; `road` is the one that routes make, with `km` per pair."""

    name: str
    kinds: tuple[str, str]
    pairs: tuple[tuple[str, str], ...]
    km: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A state variable: one value for each combination of the members of the kinds in `of`.

    `begin` lists what it starts at as (names of the members, expression) in the order of writing;
    every combination not listed starts at `otherwise`. `half_life` (days) makes it a memory; it `moves_by` what another
    state of the same indices holds, each day, within its bounds.
    """

    name: str
    of: tuple[str, ...]
    type: Type
    unit: Unit | None
    at_least: float | None
    at_most: float | None
    half_life: Node | None
    begin: tuple[tuple[tuple[str, ...], Node], ...]
    otherwise: Node
    origin: Origin | None = field(default=None, compare=False)
    moves_by: str | None = None

    @property
    def moves(self) -> bool:
        """Whether it changes between events."""
        return self.half_life is not None or self.moves_by is not None


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution by name with numbers: lognormal(median, sigma); `options` for choice and for elicited quantiles.

    `of` has the arguments by name, `value` for a fixed number, and `at_least`, `at_most` where the author
    cuts it off. `options` are (value, weight) with weights that sum to 1; of quantiles, where each step of the
    distribution ends and its probability, after the lower end of the range with 0.
    """

    kind: PriorKind
    of: dict[str, float]
    options: tuple[tuple[float, float], ...] = ()


Luck = tuple[tuple[str, float], ...]
"""Whose normal numbers a parameter is drawn from, with weights whose squares add up to 1; () for its own luck."""


def drawn_together(lucks: Mapping[str, Luck]) -> list[frozenset[str]]:
    """The groups of parameters, by name with what each is drawn from, that are correlated; one by itself is a group."""
    groups: list[frozenset[str]] = []
    for name, luck in lucks.items():
        names = frozenset((name, *(other for other, _ in luck)))
        mine = [group for group in groups if group & names]
        groups = [*(group for group in groups if not group & names), names.union(*mine)]
    return groups


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named uncertain number, drawn once per run from its prior; with others together where it has their `luck`."""

    name: str
    prior: Prior
    unit: Unit | None
    origin: Origin | None = field(default=None, compare=False)
    luck: Luck = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """One entry of a rule's `for`."""

    name: str
    domain: Domain


@dataclass(frozen=True, slots=True)
class Assign:
    """`state[indices] = value`, `+=`, `-=` or `*=`."""

    state: str
    indices: tuple[Node, ...]
    op: Literal["=", "+=", "-=", "*="]
    value: Node


@dataclass(frozen=True, slots=True)
class Let:
    """`name = value`: a local value for the statements after it."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class If:
    """Statements under a condition."""

    condition: Node
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """Statements for every member of a domain that passes `where`, in declared order."""

    variable: str
    domain: Domain
    where: Node | None
    do: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Chance:
    """At most one of several branches, each with its probability; the rest of the probability goes to `otherwise`."""

    branches: tuple[tuple[Node, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...]


Statement = Assign | Let | If | ForEach | Chance


@dataclass(frozen=True, slots=True)
class EventHeader:
    """What a firing is recorded as: a PLOVER type and mode, and who, whom, where, how much, read before effects."""

    type: str
    mode: str | None
    source: Node | None
    target: Node | None
    place: Node | None
    size: Node | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A lifted rule. It has a `rate`, or a date `at` (days since the start), or is `called`; if none, it is a trigger.

    A `silent` rule leaves no event. `where` names file, line and column for the engine's messages. `decides` is the
    actor who decides whether it happens, fixed for each binding; it changes nothing in a run.
    """

    name: str
    variables: tuple[Variable, ...]
    when: Node | None
    rate: Node | None
    at: Node | None
    then: tuple[Statement, ...]
    event: EventHeader | None
    silent: bool
    where: str
    called: bool = False
    origin: Origin | None = field(default=None, compare=False)
    decides: Node | None = None

    @property
    def is_trigger(self) -> bool:
        """Whether it fires at once when its guard turns true."""
        return self.rate is None and self.at is None and not self.called


@dataclass(frozen=True, slots=True)
class Given:
    """What is publicly known of a question: the author's range of probability and the recorded outcome."""

    low: float | None
    high: float | None
    words: str | None
    outcome: Literal["yes", "no", "unclear", "void"] | None
    why: str | None
    value: float | None
    locators: tuple[str, ...]
    hindsight: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question with a date. `answer` is read from the state at the end of a run.

    binary: 0 or 1; number: the number; date: days since the start, or -1 if it never happened.
    `date` is when it resolves. `levels` says how near the state is to a yes. `forecast` is the row of the source's
    forecast, such as F01. `condition` names the question whose yes selects the runs in which this one is asked.
    """

    name: str
    ask: str
    type: Literal["binary", "number", "date"]
    answer: Node
    date: date
    unit: Unit | None
    forecast: str | None
    given: Given
    levels: Node | None = None
    origin: Origin | None = field(default=None, compare=False)
    condition: str | None = None

    def asked_in_all(self, verb: str) -> Question:
        """The question itself; raises UsageError where only some runs are asked, which a verb cannot do."""
        if self.condition is not None:
            found = f"'{self.name}' is asked only in runs in which '{self.condition}' is yes; {verb} takes all runs"
            raise UsageError(f"{found}: ask about '{self.condition}', or about a question without given")
        return self


@dataclass(frozen=True, slots=True)
class Watch:
    """A series to record on the time grid: one column per combination of its variables.

    `shows` says which part of which word it shows: of the word that made it, of the word whose state an author watches
    as it is, or of the watch itself where it shows who holds each place, or with what force.
    """

    name: str
    variables: tuple[Variable, ...]
    of: Node
    label: str
    unit: Unit | None
    shows: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who can be played by one player."""

    name: str
    actors: tuple[str, ...]
    briefing: str | None


@dataclass(frozen=True, slots=True)
class SeenEvents:
    """The events that a sight shows, by type, mode, rules and parts (groups as their members), and what it hides."""

    type: str | None
    mode: str | None
    rules: tuple[str, ...]
    parts: tuple[tuple[Literal["source", "target", "place"], tuple[str, ...]], ...]
    hides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What some seats see; `by` is the variable of whoever sees it, and then a seat sees what its own actors do.

    `what` is to be watched, each with whether it is seen, for the same combinations, where that has a condition.
    """

    seats: tuple[str, ...]
    by: str | None
    what: tuple[tuple[Watch, Watch | None], ...]
    parameters: tuple[str, ...]
    events: SeenEvents | None


@dataclass(frozen=True, slots=True)
class Play:
    """How a scenario is played: the seats, the days of a turn, the rules whose events end one early, and the sights."""

    seats: dict[str, Seat]
    every: float
    until: tuple[str, ...]
    sights: tuple[Sight, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """All of a scenario, ready to ground.

    `days` is the length of the scenario in days; day 0 begins at 00:00 UTC of `starts`.
    States, parameters, rules and questions have an `origin` where a word of the language made them.
    `grid` are the times (days) at which watches are recorded.
    """

    title: str
    starts: date
    days: float
    kinds: dict[str, Kind]
    groups: dict[str, Group]
    relations: dict[str, Relation]
    states: dict[str, State]
    parameters: dict[str, Parameter]
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]
    watches: tuple[Watch, ...]
    grid: tuple[float, ...]
    play: Play | None = None
