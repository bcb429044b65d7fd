"""Mesa: agents that act once a day. A different law, whose error is the length of the day; said so in the tables."""

from __future__ import annotations

import math
import time

import mesa
import numpy as np

from benchmarks import epidemic
from benchmarks.contested_border import ACTORS, DAYS, Border
from benchmarks.rivals import ALL_DAY, Absent
from benchmarks.sides import SEED, Seen, Turn
from benchmarks.workloads import Workload

FAILURES = (ValueError,)


def cannot(workload: Workload, patience: int) -> str | None:
    """Why this rival does not run a workload, if it does not."""
    border = workload.border
    if workload.key == "sir":
        return None
    if border is None or border.written != "plain":
        return "measured on the contested border and the epidemic only"
    if border.places > 100 and patience < ALL_DAY:
        return "slow: minutes; --slow-rivals"
    return None


class Made:
    """The rival on one workload."""

    exact = False
    ready_seconds = 0.0
    how = "agents step in random order once a day; time for the same days over the exact number of events"

    def __init__(self, workload: Workload) -> None:
        self.version = mesa.__version__
        self.workload = workload
        self.seen = Seen()
        if workload.key != "sir" and workload.border is None:
            raise Absent("measured on the contested border and the epidemic only", status="unable")

    def turn(self) -> Turn:
        """One run."""
        seed = 1000 * SEED + self.seen.runs + 1
        border = self.workload.border
        model: Epidemic | Frontier = Epidemic(seed) if border is None else Frontier(border, seed)
        days = epidemic.DAYS if border is None else DAYS
        collector = mesa.DataCollector(model_reporters={"now": lambda one: one.now()})
        before = time.process_time()
        for day in range(days):
            if day % 5 == 0:
                collector.collect(model)
            model.step()
        collector.collect(model)
        spent = time.process_time() - before
        self.seen.runs += 1
        self.seen.finals.append((math.nan, *model.now()))
        return Turn(spent)


class Person(mesa.Agent):
    """Somebody who meets everybody."""

    state = 0

    def step(self) -> None:
        """Catch it or recover."""
        model = self.model
        if self.state == 0 and self.random.random() < model.risk:
            self.state = 1
        elif self.state == 1 and self.random.random() < model.recovery:
            self.state = 2


class Epidemic(mesa.Model):
    """The epidemic, day by day."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed=seed)
        people = Person.create_agents(self, epidemic.PEOPLE)
        people[0].state = 1
        self.recovery = 1 - math.exp(-epidemic.GAMMA)
        self.risk = 0.0

    def step(self) -> None:
        """One day, at the risk that its morning shows."""
        self.risk = 1 - math.exp(-epidemic.BETA * self.now()[1])
        self.agents.shuffle_do("step")

    def now(self) -> tuple[float, float, float]:
        """How many are in each state."""
        states = [person.state for person in self.agents]
        return float(states.count(0)), float(states.count(1)), float(states.count(2))


class Place(mesa.Agent):
    """A place with everyone's units; one day of what happens in it."""

    def __init__(self, model: Frontier, force: list[int], owner: int) -> None:
        super().__init__(model)
        self.force, self.owner = force, owner
        self.near: list[Place] = []

    def step(self) -> None:
        """Units leave, fall, take the place; each at the rates of the morning, once a day at most for one unit."""
        model: Frontier = self.model
        luck, n = model.rng, model.border.numbers
        units = sum(self.force)
        for a in range(ACTORS):
            if self.force[a]:
                for place in self.near:
                    leaving = min(int(luck.binomial(self.force[a], 1 - math.exp(-n.move))), self.force[a])
                    self.force[a] -= leaving
                    place.force[a] += leaving
                others = units - self.force[a]
                if others > 0 and self.force[a]:
                    self.force[a] -= int(luck.binomial(self.force[a], 1 - math.exp(-n.attrition * others)))
        b, guards = self.owner, self.force[self.owner]
        arriving = min(int(luck.poisson(n.reinforce * model.reserve[b])), model.reserve[b])
        model.reserve[b] -= arriving
        self.force[b] += arriving
        for a in range(ACTORS):
            if a == b:
                continue
            if guards and self.force[b]:
                lost = int(luck.poisson(n.strike * guards * (1 + n.excite * model.grievance[a, b])))
                lost = min(lost, self.force[b])
                self.force[b] -= lost
                model.grievance[b, a] += lost
            if self.force[a] and luck.random() < 1 - math.exp(-n.capture * self.force[a] / (1 + self.force[b])):
                self.owner = a
                break


class Frontier(mesa.Model):
    """The contested border, day by day."""

    def __init__(self, border: Border, seed: int) -> None:
        super().__init__(seed=seed)
        self.border = border
        self.places = [
            Place(self, [border.begin_force(a, p) for a in range(ACTORS)], border.owner(p))
            for p in range(border.places)
        ]
        for number, place in enumerate(self.places):
            place.near = [self.places[other] for other in border.near(number)]
        self.reserve = [20] * ACTORS
        self.grievance = np.zeros((ACTORS, ACTORS))

    def step(self) -> None:
        """One day: places in random order, then supply arrives and grievance cools."""
        n = self.border.numbers
        self.agents.shuffle_do("step")
        for a in range(ACTORS):
            self.reserve[a] += 5 * int(self.rng.poisson(n.replenish))
        if self.border.memory:
            self.grievance *= math.exp(-n.cool)
        else:
            self.grievance -= self.rng.binomial(self.grievance.astype(int), 1 - math.exp(-n.cool))

    def now(self) -> tuple[float, float, float]:
        """Force, reserve and grievance in all."""
        force = float(sum(sum(place.force) for place in self.places))
        return force, float(sum(self.reserve)), float(self.grievance.sum())
