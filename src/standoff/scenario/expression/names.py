"""What every name of a scenario means: the table of its global names, and what is visible where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from standoff.errors import Cure, Faults, article
from standoff.scenario.operators import FUNCTIONS_OF_ONE
from standoff.scenario.origin import FOR_AUTHORS, Origin, for_authors
from standoff.scenario.tree import Entity, Level, Local, Node, Number, OneOf, Text, Truth, Type
from standoff.units import Unit

FOLDS = ("sum", "min", "max", "any", "all", "count")
DRAWS: dict[str, tuple[str, ...]] = {
    "poisson": ("mean",),
    "binomial": ("n", "p"),
    "exponential": ("mean",),
    "uniform": ("low", "high"),
    "chance": ("p",),
}
MEASURES = ("distance", "road_km")
FUNCTIONS = (*FUNCTIONS_OF_ONE, *FOLDS, *MEASURES, "date", *DRAWS, "choice")
"""The names of the language's own functions."""

DAY = Unit.parse("day")
KM = Unit.parse("km")


@dataclass(frozen=True, slots=True)
class StateName:
    """What an expression must know of a state: its kinds, its type, its unit, and whether it is a memory."""

    of: tuple[str, ...]
    type: Type
    unit: Unit | None = None
    memory: bool = False
    origin: Origin | None = None


def _no_body(name: str) -> Node:
    # A define without a body was refused where it stands; what uses it has nothing to add.
    raise Faults(())


@dataclass(slots=True)
class Names:
    """All global names of a scenario.

    `attributes` are the types of the attributes of each kind. `own` are the parameters of which each entity has a value
    of its own: their kind, and each entity with the name of its parameter. `defines` gives the kinds of each define's
    arguments by name, and `body_of` its resolved body, in which the arguments are variables; it raises
    `DefinesItself` when asked for a define that is being resolved.
    """

    starts: date
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: dict[str, dict[str, Type]] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)
    states: dict[str, StateName] = field(default_factory=dict)
    parameters: dict[str, Unit | None] = field(default_factory=dict)
    own: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    defines: dict[str, Mapping[str, str]] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    levels: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    body_of: Callable[[str], Node] = _no_body

    def add_state(self, name: str, state: StateName) -> None:
        """Adds a state and the words of its levels; states that share a word are told apart by type."""
        self.states[name] = state
        if isinstance(state.type, Level):
            for word in state.type.levels:
                known = self.levels.get(word, ())
                if state.type.levels not in known:
                    self.levels[word] = (*known, state.type.levels)

    def stance_of(self, actor: str) -> str | None:
        """The state that holds an actor's stance; None if it has none."""
        made = (Origin("stance", actor, "posture"),)
        return next((name for name, state in self.states.items() if state.origin in made), None)

    def made_by(self, word: str) -> dict[str, str]:
        """The states that a word of the language made, such as a red line of this name, each with its part in it."""
        origins = ((name, state.origin) for name, state in self.states.items())
        return {
            name: one.role for name, one in origins if one is not None and one.name == word and one.role in FOR_AUTHORS
        }

    def meaning(self, name: str) -> str | None:
        """What a global name stands for, as messages say it: `the state force`; None for an unknown one."""
        if name in self.entities:
            return f"the {self.entities[name]} {name}"
        tables: tuple[tuple[str, object], ...] = (
            ("kind", self.kinds), ("group", self.groups), ("relation", self.relations), ("state", self.states),
            ("parameter", {**self.parameters, **self.own}), ("define", self.defines), ("rule", self.rules),
            ("level", self.levels),
            ("function", FUNCTIONS),
        )  # fmt: skip
        for what, table in tables:
            if name in table:  # type: ignore[operator]
                return f"the {what} {name}"
        return "the time t" if name == "t" else None


class DefinesItself(Exception):
    """A define was needed to resolve itself; `trail` are the names on the way round."""

    def __init__(self, trail: tuple[str, ...]) -> None:
        self.trail = trail
        super().__init__(" -> ".join(trail))


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see: the global names, the variables bound around it, and the rule's local values.

    `draws` is true in effects, where random draws may stand. `broken` are names whose own fault is already told.
    """

    names: Names
    variables: Mapping[str, str] = field(default_factory=dict)
    locals: Mapping[str, Local] = field(default_factory=dict)
    draws: bool = False
    broken: frozenset[str] = frozenset()

    def with_variable(self, name: str, kind: str) -> Scope:
        """The scope inside a quantifier over `name`."""
        return replace(self, variables={**self.variables, name: kind})

    def with_local(self, name: str, value: Node) -> Scope:
        """The scope after `name = value`."""
        return replace(self, locals={**self.locals, name: Local(type=value.type, unit=value.unit, name=name)})

    def with_broken(self, name: str) -> Scope:
        """The scope after a statement or a variable that could not be read."""
        return replace(self, broken=self.broken | {name})

    def clash(self, name: str) -> str | None:
        """What already has this name, or None: nothing may hide another name."""
        if name in self.variables:
            return f"the variable {name}"
        if name in self.locals:
            return f"the local value {name}"
        if name in self.broken:
            return f"the name {name}"
        return self.names.meaning(name)

    def readable(self) -> Iterator[str]:
        """The names that can stand alone or with an index, nearest first: for suggestions."""
        names = self.names
        return chain(
            self.variables, self.locals, for_authors(names.states), names.parameters, names.own, names.defines,
            names.entities, names.levels, ("true", "false", "none", "t"),
        )  # fmt: skip


def describe(type_: Type) -> str:
    """A type as messages name it: `a number`, `an actor`."""
    match type_:
        case Number():
            return "a number"
        case Truth():
            return "true or false"
        case OneOf(kind=kind):
            return article(kind)
        case Level(levels=levels):
            return f"a level ({', '.join(levels)})"
        case Text():
            return "a text"


def stance_meant(scope: Scope, *nodes: Node) -> Cure | None:
    """Where an actor stands beside a level of its own stance: the state that holds the stance."""
    actor = next((node.name for node in nodes if isinstance(node, Entity) and node.name), None)
    levels = next((node.type for node in nodes if isinstance(node.type, Level)), None)
    name = None if actor is None else scope.names.stance_of(actor)
    if name is None or (levels is not None and scope.names.states[name].type != levels):
        return None
    return Cure(f"the stance of {actor} is {name}", name)
