"""What a scenario offers to players: seats, the ground rules that each of them decides, and what each of them sees."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from standoff.engine import Program, Session, prepare
from standoff.errors import UsageError, refusal
from standoff.model import Model, deciders_of, ground
from standoff.scenario import Scenario, check_scenario, kept, resolved
from standoff.sources import machine, made_with

Role = Literal["order", "act", "decision", "option"]
How = Literal["model", "never", "ask"]

HOWS: tuple[How, ...] = ("model", "never", "ask")
"""What a seat can say of its acts and decisions: as the model does, never, or ask me."""

_WITHHELD = {"change", "otherwise", "opens", "replies", "withdraws"}
"""Parts of words that do by themselves what the player of the actor orders: these rest while somebody sits there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A ground rule that can be ordered, in the author's words."""

    ground_rule: int
    rule: str
    binding: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.binding})" if self.binding else self.rule


class Table:
    """A scenario as it is played: compiled with what its seats see."""

    def __init__(self, scenario: Scenario) -> None:
        """Raises UsageError where nobody can play it."""
        check_scenario(scenario)
        play = scenario.resolved.play
        if play is None:
            hint = "say under `seats` who can be played, such as seats: {washington: {plays: us}}"
            raise UsageError(f"{scenario.name} has no seats: {hint}")
        self.scenario, self.play, self.seats = scenario, play, play.seats
        # What is seen is watched: the tables by which it is read come with the model, and change no run.
        seen = [watch for sight in play.sights for pair in sight.what for watch in pair if watch is not None]
        self.resolved = replace(scenario.resolved, watches=(*scenario.resolved.watches, *seen))
        self.program: Program = prepare(self._grounded(), hurry=True)
        actors = self.model.kinds["actor"]
        number = {actor: i for i, seat in enumerate(self.seats.values()) for actor in seat.actors}
        seat_of_actor = np.array([number.get(actor, -1) for actor in actors] + [-1])
        self._seat = seat_of_actor[deciders_of(self.resolved, self.model)]

    def _grounded(self) -> Model:
        """The tables, kept between processes: a game is gone on with at once."""
        if not self.scenario.key:
            return ground(self.resolved)
        return kept(Model, lambda: ground(self.resolved), "seats", self.scenario.key, made_with("numpy"), machine())

    @property
    def model(self) -> Model:
        """The tables of the scenario and of what is seen."""
        return self.program.model

    def begin(self, *, seed: int, run: int) -> Session:
        """The run of the game at its start; the coupled sampler gives each ground rule luck of its own."""
        return Session.begin(self.program, seed=seed, run=run, sampler="coupled")

    def seat(self, name: str) -> resolved.Seat:
        """A seat by its name; raises UsageError with the nearest names if there is none."""
        if name not in self.seats:
            raise refusal(f"there is no seat '{name}'", name, self.seats, what="seats")
        return self.seats[name]

    def seat_of(self, ground_rule: int) -> str | None:
        """The seat that decides a ground rule, whether or not anybody sits there."""
        number = int(self._seat[ground_rule])
        return None if number < 0 else list(self.seats)[number]

    def role(self, ground_rule: int) -> Role:
        """What a ground rule that a seat decides is to it."""
        table = self.model.rules[self.model.rule_of[ground_rule]]
        part = None if table.origin is None else table.origin.role
        if part == "takes":
            return "option"
        if part == "comes up":
            return "decision"
        return "order" if table.is_called else "act"

    def usual(self, ground_rule: int) -> How:
        """What is done with an act or a decision of which its seat has said nothing."""
        table = self.model.rules[self.model.rule_of[ground_rule]]
        if self.role(ground_rule) == "decision":
            return "ask"
        return "never" if table.origin is not None and table.origin.role in _WITHHELD else "model"

    @cached_property
    def _decided(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {seat: [] for seat in self.seats}
        names = list(self.seats)
        for ground_rule in np.flatnonzero(self._seat >= 0).tolist():
            found[names[self._seat[ground_rule]]].append(ground_rule)
        return found

    def decided(self, seat: str, *roles: Role) -> list[int]:
        """The ground rules of these roles that a seat decides, in their order."""
        return [ground_rule for ground_rule in self._decided[seat] if self.role(ground_rule) in roles]

    def choice(self, ground_rule: int) -> Choice:
        """A ground rule in the author's words."""
        name = self.model.rules[self.model.rule_of[ground_rule]].name
        return Choice(ground_rule, name, self.model.binding(ground_rule))

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], int]:
        each = (self.choice(ground_rule) for those in self._decided.values() for ground_rule in those)
        return {(choice.rule, choice.binding): choice.ground_rule for choice in each}

    def named(self, rule: str, binding: str) -> int:
        """The ground rule of these words; raises UsageError if no seat decides such a rule."""
        if (rule, binding) not in self._by_name:
            known = [name for name, _ in self._by_name]
            raise refusal(f"no seat decides '{rule}' ({binding})", rule, known, what="rules")
        return self._by_name[rule, binding]

    def options(self, decision: int) -> dict[str, int]:
        """The options of a decision that comes up, by name, as the ground rules that choose them."""
        model = self.model
        table = model.rules[model.rule_of[decision]]
        bound = dict(zip((name for name, _ in table.variables), table.bindings[decision - table.first], strict=True))
        found: dict[str, int] = {}
        for other in model.rules:
            of = other.origin
            if of is None or of.role != "takes" or of.word != "decision" or of.name != table.name:
                continue
            # A decision that comes up on dates has one variable more than its options.
            wanted = np.array([bound[name] for name, _ in other.variables], dtype=np.int32)
            rows = np.flatnonzero((other.bindings == wanted).all(axis=1)).tolist()
            found.update((of.of, other.first + row) for row in rows)
        return found


def turn_order(seats: Iterable[str], *, seed: int, run: int, turn: int) -> list[str]:
    """Seats in the order in which their orders of a turn come: fair, and the same in every replay."""

    def place(seat: str) -> bytes:
        word = f"standoff/1/{seed}/{run}/turn/{turn}/{seat}"
        return hashlib.blake2b(word.encode(), digest_size=8).digest()

    return sorted(seats, key=place)
