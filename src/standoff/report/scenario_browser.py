"""Types of the scenario browser: everything that a scenario declares, as its author wrote it, and the record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a number or a rule comes from: a locator of a source, or a word such as `assumption`."""

    locator: str
    says: str
    hindsight: bool
    contradicts: bool


@dataclass(slots=True)
class Node:
    """An actor that has a tie, where the graph draws it: both numbers from 0 to 1."""

    actor: str
    x: float
    y: float


@dataclass(slots=True)
class Tie:
    """A relation of two actors; patrons and those who restrain point at the other, allies and rivals go both ways."""

    kind: str
    source: str
    target: str
    strength: str
    about: str
    mechanisms: list[str]
    evidence: list[Evidence]


@dataclass(slots=True)
class Line:
    """One part of an entry: what it says, such as `while`, and the words of its author, a statement each."""

    label: str
    texts: list[str]


@dataclass(slots=True)
class WrittenEntry:
    """Something that a scenario declares, such as a rule, as its author wrote it, with its evidence."""

    id: str
    section: str
    """By the key of the scenario that holds it, such as `rules`."""
    kind: str
    title: str
    """What readers call it: its title, or the beginning of `about`; empty where it has neither."""
    about: str
    lines: list[Line]
    mechanisms: list[str]
    evidence: list[Evidence]


@dataclass(slots=True)
class Recorded:
    """An event that was observed; days count from the start, `last` is the last day on which it can have happened."""

    id: str
    day: float
    last: float
    type: str
    mode: str
    source: str
    target: str
    place: int | None
    """By its position in `Stage.places`."""
    size: float | None
    times: int
    holder: str | None
    """Who holds the place from then on, the empty text for nobody; None where it did not change hands."""
    about: str
    evidence: list[Evidence]


@dataclass(slots=True)
class World:
    """What the scenario browser shows."""

    nodes: list[Node]
    ties: list[Tie]
    entries: list[WrittenEntry]
    """In the order of sections in which they are read: what happens, who chooses what, and what it happens to."""
    record: list[Recorded]
    """In the order of days."""
