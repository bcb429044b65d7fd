"""explain-QUESTION.json: routes to an outcome, pivotal events and the stories of runs, as the page draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from standoff.report.untrusted import MOST_ITEMS, Count, Name, Names, Number, Text, Texts


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that tells a route from the others: the share of runs that have it here, and elsewhere."""

    event: Text
    rule: Name
    binding: Name
    evidence: Names
    here: Number
    elsewhere: Number


@dataclass(frozen=True, slots=True)
class Way:
    """A route to the outcome."""

    runs: Count
    share: Number
    low: Number
    high: Number
    marks: Annotated[list[Mark], Field(max_length=MOST_ITEMS)]
    sentence: Text


@dataclass(frozen=True, slots=True)
class Pivot:
    """An event without which the outcome often does not come, in runs made again without it and with the same luck."""

    event: Text
    rule: Name
    binding: Name
    evidence: Names
    tested: Count
    undone: Count
    share: Number | None
    low: Number | None
    high: Number | None
    with_yes: Count
    """The runs with this event in which the outcome comes, of `with_runs`: selection alone."""
    with_runs: Count
    without_yes: Count
    without_runs: Count
    with_it: Number | None
    """These shares, and their difference, are None where they would be of too few runs."""
    without_it: Number | None
    difference: Number | None
    difference_low: Number | None
    difference_high: Number | None


@dataclass(frozen=True, slots=True)
class Part:
    """The earliest event by which runs of different kinds can be told apart."""

    days: Number
    date: Name
    event: Text


@dataclass(frozen=True, slots=True)
class Parting:
    """When the routes part, and when the runs that end in yes part from the others."""

    routes: Part | None
    answers: Part | None


@dataclass(frozen=True, slots=True)
class Doing:
    """What an event did to a later one, by its place in the story; None is the outcome itself.

    Rates are per day; of the outcome, they are what it counts.
    """

    to: Count | None
    how: Name
    from_rate: Annotated[Number | None, Field(validation_alias="from")]
    to_rate: Number | None


@dataclass(frozen=True, slots=True)
class Weight:
    """By how much an event raises the probability of the outcome, whatever the luck from then on."""

    difference: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event of a causal story, and what would have happened instead."""

    days: Number
    date: Name
    event: Text
    rule: Name
    binding: Name
    evidence: Names
    does: Annotated[list[Doing], Field(max_length=MOST_ITEMS)]
    instead: Texts
    necessary: bool | None = None
    """Whether the outcome would not have come without it, all other luck kept."""
    weight: Weight | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The causal story of one run."""

    run: Count
    answer: Name
    days: Number | None
    date: Name | None
    tested: Count
    events: Annotated[list[StoryEvent], Field(max_length=MOST_ITEMS)]
    sentences: Texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """explain-QUESTION.json: how the answer to one question comes about."""

    scenario: Name
    seed: Count
    runs: Count
    question: Name
    ask: Text
    probability: Number | None
    """None where a single run is explained."""
    low: Number | None
    high: Number | None
    routes: Annotated[list[Way], Field(max_length=MOST_ITEMS)]
    pivotal: Annotated[list[Pivot], Field(max_length=MOST_ITEMS)]
    parting: Parting | None
    stories: Annotated[list[Story], Field(max_length=20)]
