"""Adaptive multilevel splitting: runs that come far are continued several times.

The generalised algorithm of Brehier, Gazeau, Goudenege, Lelievre and Rousset (2016, Ann. Appl. Probab. 26:3559,
doi:10.1214/16-AAP1185). Each particle is a run; its score is the greatest height it ever came to. In each step the
level is the score of the `SHARE_KILLED` lowest particles; all at or below it are killed, ties together, and replaced by
copies of others from the moment when those first came above the level, with fresh random numbers. The weight of the
particles falls by the share that was left. The estimate is the weighted share of yes among the last particles and among
the killed ones, each with the weight of its time: its mean is the probability whatever the height measures, because
what is killed, copied and weighed is decided by what happened up to the level alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.rarity.importance import BAR, YES
from standoff.engine import Program, Session, draw_parameters
from standoff.model import Model

Floats = NDArray[np.float64]

SHARE_KILLED = 0.1
"""The share of particles that each step kills at least; small ones make the estimate only a little better."""

LEAST_WEIGHT = 1e-18
"""A weight at which splitting ends: what is rarer is told as 0 or nearly so."""


@dataclass(frozen=True, slots=True)
class Step:
    """The particles before a step (or at the end): their weight all together, and their scores."""

    above: float
    weight: float
    scores: Floats


@dataclass(frozen=True, slots=True)
class Replicate:
    """One estimate of a probability, and the steps that led to it.

    `yes` is how many of the first particles, which are plain runs, said yes.
    """

    estimate: float
    yes: int
    steps: tuple[Step, ...]
    firings: int

    def reached(self, level: float) -> float:
        """The estimated probability that a run comes above a level; unbiased for a level fixed beforehand."""
        step = [one for one in self.steps if one.above <= level][-1]
        return step.weight * float((step.scores > level).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """The job of making replicates, each with `particles` runs up to a day; the item is the replicate's number."""

    model: Model
    seed: int
    particles: int
    until: float

    def __call__(self, program: Program, number: int) -> Replicate:
        """One replicate, with the runs `number * particles` and those that follow."""
        return split(program, seed=self.seed, number=number, particles=self.particles, until=self.until)


def split(program: Program, *, seed: int, number: int, particles: int, until: float) -> Replicate:
    """One replicate, with the runs `number * particles` and those that follow, each up to a day."""
    return _Splitting(program, seed, number, particles, until).replicate()


class _Splitting:
    """The particles of one replicate: where each began or was copied, its score, and whether it says yes."""

    def __init__(self, program: Program, seed: int, number: int, particles: int, until: float) -> None:
        self.until = until
        self.bar = next(state.start for state in program.model.states if state.name == BAR)
        self.date = program.model.questions[0].type == "date"
        runs = np.arange(number * particles, (number + 1) * particles)
        parameters = draw_parameters(program.model, seed=seed, runs=runs)
        self.particles = [
            Session.begin(program, seed=seed, run=int(run), parameters=parameters[i], record=False, sampler="coupled")
            for i, run in enumerate(runs)
        ]
        for session in self.particles:
            session.stop_recording()
        self.generator = np.random.default_rng([seed, number])
        self.scores, self.yes = np.zeros(particles), np.zeros(particles, np.bool_)
        self.firings = 0
        # Particles wait where they began, so that they can be copied from any later moment; this one runs for them.
        self.runner = self.particles[0].fork()

    def replicate(self) -> Replicate:
        """Run, kill and copy until all that is left says yes, or nothing is left."""
        n = len(self.particles)
        for i in range(n):
            self._run(i)
        first, weight, estimate, level = int(self.yes.sum()), 1.0, 0.0, -np.inf
        steps = [Step(level, weight, self.scores.copy())]
        while weight > LEAST_WEIGHT:
            level = float(np.sort(self.scores)[max(round(n * SHARE_KILLED), 1) - 1])
            if level >= YES:
                break
            dead = self.scores <= level
            estimate += weight * float(self.yes[dead].sum()) / n
            weight *= 1.0 - float(dead.mean())
            if weight == 0.0:
                break
            self._replace(np.flatnonzero(dead), np.flatnonzero(~dead), level, len(steps))
            steps.append(Step(level, weight, self.scores.copy()))
        estimate += weight * float(self.yes.mean())
        return Replicate(estimate, first, tuple(steps), self.firings)

    def _replace(self, dead: NDArray[np.int64], alive: NDArray[np.int64], level: float, step: int) -> None:
        # In an order of chance, each that is left is copied as often as any other, or once more.
        parents = np.resize(self.generator.permutation(alive), len(dead))
        for i, parent in zip(dead.tolist(), parents.tolist(), strict=True):
            self._climb(parent, level)
            self.particles[i].take_over(self.particles[parent], f"{step}/{i}")
            self._run(i)

    def _climb(self, i: int, level: float) -> None:
        """Bring a particle to the moment when it first comes above a level."""
        session = self.particles[i]
        before = session.fired
        while session.slot(self.bar) <= level and session.advance_to_next_event(self.until):
            pass
        self.firings += session.fired - before

    def _run(self, i: int) -> None:
        """Run a particle as far as its answer goes, for that and its score; the particle itself stays where it is."""
        self.runner.take_over(self.particles[i])
        self.runner.advance_to(self.until)
        self.scores[i] = self.runner.slot(self.bar)
        answer = self.runner.answers()[0]
        self.yes[i] = answer >= 0.0 if self.date else answer > 0.5
        self.firings += self.runner.fired - self.particles[i].fired
