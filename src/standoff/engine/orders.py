"""What is ordered and asked in a run that is played, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standoff.model import Model

NOT_POSSIBLE = "not possible as things stand"
"""Why an order is refused. Who orders learns no more of what the guard read."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order to a ground rule of a called rule, in the form that a ledger keeps.

    `number` names its random numbers. `came` says whether it is still to come, and if not, whether it fired; `why` says
    why it was refused, and is empty otherwise.
    """

    number: int
    rule: str
    binding: str
    day: float
    came: Literal["waits", "fired", "refused"]
    why: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A ground rule that would fire at this instant, and waits for a yes or a no."""

    ground_rule: int
    rule: str
    binding: str
    day: float


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What a session keeps of orders and asks. It is replaced and never changed, so copies of a session share it.

    `asked`: which ground rules ask, (ground rules,), None if none do and none waits to fire. `given`: number, ground
    rule and day of each order; `declined`: the numbers of those that were refused. `asking`: the ground rules that wait
    to fire, the one that is next last, each with how many entries of the agenda come before it; `open`: whether that
    last one has no answer yet.
    """

    asked: NDArray[np.bool_] | None = None
    given: tuple[tuple[int, int, float], ...] = ()
    declined: tuple[int, ...] = ()
    asking: tuple[tuple[int, int], ...] = ()
    open: bool = False

    def asks(self, ground_rule: int, entries: int) -> Played:
        """With a ground rule more that asks, before which so many entries of the agenda come."""
        return replace(self, asking=(*self.asking, (ground_rule, entries)), open=True)

    def answered(self, *, yes: bool) -> Played:
        """With the answer to the ask that is open."""
        return replace(self, asking=self.asking if yes else self.asking[:-1], open=False)

    def without_last(self) -> Played:
        """Without the ground rule that is next, since it fires or passes now."""
        return replace(self, asking=self.asking[:-1])

    def with_order(self, number: int, ground_rule: int, day: float, *, before: bool) -> Played:
        """With an order more, which comes `before` all that wait to fire, or later."""
        asking = tuple((g, entries + before) for g, entries in self.asking)
        return replace(self, given=(*self.given, (number, ground_rule, day)), asking=asking)

    def orders(self, model: Model, waiting: set[int]) -> tuple[Order, ...]:
        """All orders as they were given; `waiting` are the numbers of those that are still to come."""
        orders = []
        for number, ground_rule, day in self.given:
            refused = number in self.declined
            came: Literal["waits", "fired", "refused"]
            came = "refused" if refused else "waits" if number in waiting else "fired"
            rule, binding = model.rules[model.rule_of[ground_rule]].name, model.binding(ground_rule)
            orders.append(Order(number, rule, binding, day, came, NOT_POSSIBLE if refused else ""))
        return tuple(orders)


NOTHING_PLAYED = Played()
