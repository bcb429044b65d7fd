"""A model as it is read: quantities, reactions, rules and events, with function definitions put in place."""

from __future__ import annotations

from dataclasses import dataclass, field

from verification.formula import Formula


@dataclass(frozen=True)
class Quantity:
    """A species, parameter, compartment or stoichiometry.

    `start` is its number as the model counts it: of a species the amount; None where none is given. A species with
    `in_compartment` is a concentration wherever formulas read or set it. `factor` converts extents to amounts.
    """

    id: str
    kind: str
    start: float | None
    constant: bool
    compartment: str = ""
    in_compartment: bool = False
    starts_as_concentration: bool = False
    boundary: bool = False
    factor: Formula | None = None


@dataclass(frozen=True)
class Reaction:
    """A reaction: its rate in extents per time, and what one extent adds to each species."""

    id: str
    law: Formula
    changes: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True)
class Event:
    """An event: when it is triggered, how long it then waits, and what it sets."""

    id: str
    trigger: Formula
    delay: Formula | None
    priority: Formula | None
    true_before: bool
    persistent: bool
    from_trigger_time: bool
    sets: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True)
class Network:
    """A whole model."""

    name: str
    quantities: dict[str, Quantity] = field(default_factory=dict)
    reactions: tuple[Reaction, ...] = ()
    assigned: dict[str, Formula] = field(default_factory=dict)
    slopes: dict[str, Formula] = field(default_factory=dict)
    initials: dict[str, Formula] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
