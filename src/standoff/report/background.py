"""What a report says of its scenario whatever the runs say: types of it, worked out in `scenario_text.py`."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.analysis.answers import WrittenDeal
from standoff.report.scenario_browser import Evidence, World
from standoff.report.scene import Source
from standoff.report.stage import Actor, Corridor, Place, Route, Zone


@dataclass(slots=True)
class WrittenWatch:
    """What its author calls a watched number; both empty where nothing is said."""

    label: str
    unit: str


@dataclass(slots=True)
class WrittenParameter:
    """A prior in words, and what it rests on; `declared` is False for one that a word of the scenario draws."""

    words: str
    kind: str
    declared: bool
    evidence: list[Evidence]


@dataclass(slots=True)
class WrittenQuestion:
    """What an author says of a question; `once`: whether it asks if something has happened by a date."""

    about: str
    evidence: list[Evidence]
    once: bool
    places: list[int]
    """The places that it names, by their position."""
    rewrite: list[str]
    """The variants that rewrite what makes the very event that it asks for."""


@dataclass(slots=True)
class WrittenZone:
    """A zone without its rings, which the runs draw, and its radius as it is written."""

    zone: Zone
    radius: str | None


@dataclass(slots=True)
class WrittenClaim:
    """What a claim says, its cause and its effect in words."""

    says: str
    cause: str
    effect: str
    question: str
    """The question whose answer is its effect; empty for an effect on anything else."""


@dataclass(slots=True)
class Curve:
    """The least and the most that a watched number was by the record, which tells of `covered` of its `of` places."""

    least: list[float]
    most: list[float]
    covered: int
    of: int


@dataclass(slots=True)
class Background:
    """Everything that the page of a run folder needs of its scenario.

    Names are those of the language; `called` are the readable ones.
    """

    about: str
    called: dict[str, str]
    actors: list[Actor]
    places: list[Place]
    routes: list[Route]
    zones: list[WrittenZone]
    corridors: list[Corridor]
    watches: dict[str, WrittenWatch]
    force_unit: str
    parameters: dict[str, WrittenParameter]
    questions: dict[str, WrittenQuestion]
    claims: dict[str, WrittenClaim]
    deals: tuple[WrittenDeal, ...]
    deal_names: dict[str, str]
    sources: list[Source]
    notes: list[str]
    leaves_out: list[str]
    world: World
    happens_at: dict[str, int]
    """By the name of a rule the one place that it names itself, by its position."""
    meanings: dict[str, str]
    """What readers are told of each thing of the scenario, by its identifier."""
    observed: dict[str, Curve]
