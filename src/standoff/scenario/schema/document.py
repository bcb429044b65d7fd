"""The whole of a scenario as its author writes it."""

from __future__ import annotations

from typing import get_args, get_origin

from pydantic import Field

from standoff.scenario.schema.claims import Claim, Mechanism
from standoff.scenario.schema.decisions import Decision, Goal
from standoff.scenario.schema.entities import (
    Actor,
    BeginValue,
    Define,
    Group,
    Kind,
    Parameter,
    Part,
    Place,
    Relation,
    Route,
    SourceText,
    State,
)
from standoff.scenario.schema.orders import Order, Seat, Sight, Turns
from standoff.scenario.schema.policies import Lever, NamedPolicy
from standoff.scenario.schema.questions import Condition, Question, Watch
from standoff.scenario.schema.records import Observed
from standoff.scenario.schema.rules import Inject, Rule
from standoff.scenario.schema.scalars import (
    Duration,
    Entries,
    Label,
    Labelled,
    Marked,
    OneOrMoreLabels,
    OneOrMoreTexts,
    ParameterEntries,
    PartialScenario,
    Text,
    When,
    Whole,
)
from standoff.scenario.schema.words import Corridor, Deal, Flow, RedLine, Stance, Ties, Zone


class Document(Part):
    """A scenario: who acts, what can happen, what is asked."""

    standoff: Whole
    """The version of the language: 1."""
    title: Text
    """Its title for readers."""
    about: Text | None = None
    """What it is about."""
    teaches: Text | None = None
    """What a reader can learn from it, in a sentence; `standoff list` tells it."""
    starts: When
    """The day at whose beginning (00:00 UTC) it starts."""
    ends: When
    """The day at whose end (24:00 UTC) it ends."""
    every: Duration | None = None
    """The time between records of the watches; by default about a hundredth of the scenario."""
    headline: Label | None = None
    """The question that it is about first of all; by default the first of `key_questions`, else of `questions`."""
    key_questions: OneOrMoreLabels = ()
    """The questions that matter most, at most six, in this order; by default those that are least settled."""
    theatre: Label | None = None
    """A bundled theatre that this scenario builds on."""
    include: OneOrMoreTexts = ()
    """Files in or below this file's folder that are merged into it; one in `.geojson` gives places and zones."""
    sources: Labelled[SourceText] = Field(default_factory=dict)
    """The published texts that it draws on, by a short name."""
    kinds: Entries[Kind] = Field(default_factory=dict)
    """Kinds of entities of the author's own."""
    actors: Entries[Actor] = Field(default_factory=dict)
    """Who acts."""
    places: Entries[Place] = Field(default_factory=dict)
    """Where it happens."""
    routes: tuple[Route, ...] = ()
    """The direct connections between places."""
    groups: Entries[Group] = Field(default_factory=dict)
    """Named sets of entities."""
    relations: Entries[Relation] = Field(default_factory=dict)
    """Fixed relations between entities."""
    state: Entries[State] = Field(default_factory=dict)
    """The variables that events change."""
    begin: Entries[BeginValue] = Field(default_factory=dict)
    """What state starts at."""
    flows: Entries[Flow] = Field(default_factory=dict)
    """What fills and drains state as time passes."""
    define: Entries[Define] = Field(default_factory=dict)
    """Named expressions."""
    parameters: ParameterEntries[Parameter] = Field(default_factory=dict)
    """Uncertain numbers, drawn once per run; `resolve[blue]` is what one entity has of `resolve`."""
    zones: Entries[Zone] = Field(default_factory=dict)
    """Areas that an actor declares closed."""
    red_lines: Entries[RedLine] = Field(default_factory=dict)
    """Lines that must not be crossed, and the responses."""
    ties: Ties = Field(default_factory=Ties)
    """Patrons, alliances, rivalries, restraints."""
    corridors: Entries[Corridor] = Field(default_factory=dict)
    """Paths that must be in friendly hands to be open."""
    stances: Entries[Stance] = Field(default_factory=dict)
    """The postures actors can take, by actor."""
    deals: Entries[Deal] = Field(default_factory=dict)
    """What actors can agree on, and whether each gains by it."""
    goals: Entries[Goal] = Field(default_factory=dict)
    """What actors want, by actor."""
    decisions: Entries[Decision] = Field(default_factory=dict)
    """What actors choose, and how."""
    policies: Entries[NamedPolicy] = Field(default_factory=dict)
    """What actors could do instead of what is written."""
    levers: Entries[Lever] = Field(default_factory=dict)
    """What actors can set."""
    orders: Entries[Order] = Field(default_factory=dict)
    """What actors can be told to do."""
    injects: Entries[Inject] = Field(default_factory=dict)
    """Events from outside the model."""
    rules: Entries[Rule] = Field(default_factory=dict)
    """What can happen."""
    questions: Labelled[Question] = Field(default_factory=dict)
    """What is asked."""
    claims: Labelled[Claim] = Field(default_factory=dict)
    """What the sources say causes what, as tests of the model."""
    mechanisms: Marked[Mechanism] = Field(default_factory=dict)
    """What switches a mechanism off that coefficients carry, by its id."""
    record: Marked[Observed] = Field(default_factory=dict)
    """What was observed while it lasts, event by event."""
    seats: Entries[Seat] = Field(default_factory=dict)
    """Who can be played by people."""
    turns: Turns | None = None
    """How a game is cut into turns."""
    sees: tuple[Sight, ...] = ()
    """What the seats see in a game."""
    watch: Labelled[Watch] = Field(default_factory=dict)
    """The series that are recorded."""
    variants: Labelled[PartialScenario] = Field(default_factory=dict)
    """Partial scenarios, each merged over this one when it is chosen by name."""
    notes: OneOrMoreTexts = ()
    """What a reader should know, such as how numbers without a source were chosen."""
    leaves_out: OneOrMoreTexts = ()
    """What the model does not know, to be read after `Left out:`, such as `elections on either side, and any war`."""

    @property
    def condition_questions(self) -> dict[str, Condition]:
        """The conditions that are written under given, by the name of the question that each becomes."""
        return {
            f"{name}-given": asked.given
            for name, asked in self.questions.items()
            if asked.given is not None and asked.given.question is None
        }

    @property
    def goal_questions(self) -> dict[str, tuple[str, Goal]]:
        """The goals with their actors, by the names of the questions that they become."""
        return {f"goal-{actor.replace('_', '-')}": (actor, goal) for actor, goal in self.goals.items()}


def named_sections(key: str | None = None) -> tuple[str, ...]:
    """The sections that map names to entries with keys, in the document's order; with `key`, those that can have it."""
    found = []
    for section, field in Document.model_fields.items():
        entry = get_args(field.annotation)[-1] if get_origin(field.annotation) is dict else None
        if isinstance(entry, type) and issubclass(entry, Part) and (key is None or key in entry.model_fields):
            found.append(section)
    return tuple(found)
