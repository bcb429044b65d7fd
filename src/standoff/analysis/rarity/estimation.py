"""How likely a rare outcome is, by splitting: many small unbiased estimates, their mean and its interval."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import horizon, student, wilson
from standoff.analysis.rarity.importance import Importance, importance, with_bar
from standoff.analysis.rarity.splitting import Replicate, Replicates
from standoff.display import Display, Displayed
from standoff.ensemble import Where, each
from standoff.errors import UsageError, random_seed, refusal, whole_number
from standoff.model import ground
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from standoff.scenario import Scenario, resolved

SHOWN_SHARE = 1 / 3
"""Of the many levels of all replicates, those are told that at most this share of runs pass who passed the last."""

METHOD = (
    "Adaptive multilevel splitting in its unbiased form (Brehier et al. 2016); every replicate is an estimate of its "
    "own. Estimate: their mean. Interval: 95%, by Student's t on that mean; where the replicates scatter by more than "
    "their mean they are skewed, and it is rough. Where all replicates agree, which happens at 0 and 1, it is Wilson's "
    "for the first particles alone, which are plain runs. runs_if_plain: plain runs for the same error. levels: "
    "heights of the importance, and the share of runs that pass each of those that passed the one before."
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A level, and the share of runs that come above it among those that came above the level before."""

    level: float
    share: float


@dataclass(frozen=True, slots=True, repr=False)
class Rare(Displayed):
    """The probability of a yes by splitting, with its 95% interval.

    `zero` counts replicates whose estimate is 0. `importance` is the expression that was climbed. `runs_if_plain` is
    how many plain runs would give as narrow an interval, None where the replicates do not differ.
    """

    scenario: str
    seed: int
    question: str
    ask: str
    estimate: float
    low: float
    high: float
    replicates: int
    particles: int
    estimates: tuple[float, ...]
    zero: int
    levels: tuple[Passed, ...]
    importance: str
    declared: bool
    runs_if_plain: int | None
    firings: int

    def display(self) -> Display:
        """The probability and how it was reached."""
        from standoff.analysis.rarity.rare_display import rare_display

        return rare_display(self)

    def to_json(self) -> str:
        """What was found as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def rare(
    scenario: Scenario,
    question: str,
    *,
    replicates: int = 10,
    particles: int = 200,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Rare:
    """Estimate the probability that a question is answered yes (or that its date comes), however small it is.

    Raises UsageError for a question that has no probability, for fewer than 2 replicates or particles, and RunStopped
    if a run stops.
    """
    check_scenario(scenario)
    seed, replicates = random_seed(seed), whole_number(replicates, "the number of replicates")
    particles = whole_number(particles, "the number of particles")
    if replicates < 2 or particles < 2:
        raise UsageError(f"splitting needs at least 2 replicates of 2 particles, not {replicates} of {particles}")
    asked = _asked(scenario, question)
    climbed = importance(scenario.resolved, asked)
    model = ground(with_bar(scenario.resolved, asked, climbed))
    job = Replicates(model, seed, particles, horizon(scenario, model, model.questions[0]))
    drawn: list[Replicate] = []
    for replicate in each(job, range(replicates), Where(jobs, executor)):
        drawn.append(replicate)
        if progress is not None:
            progress(len(drawn), replicates)
    return _rare(scenario.name, seed, asked, particles, drawn, climbed)


def _asked(scenario: Scenario, name: str) -> resolved.Question:
    asked = {str(one.name): one for one in scenario.resolved.questions}
    if name not in asked:
        likely = [known for known, one in asked.items() if one.type != "number"]
        raise refusal(f"there is no question '{name}'", name, likely, what="questions with a probability")
    if asked[name].type == "number":
        raise UsageError(f"'{name}' asks for a number, but splitting estimates the probability of a yes")
    return asked[name].asked_in_all("rare")


def _rare(
    name: str, seed: int, asked: resolved.Question, particles: int, replicates: Sequence[Replicate], climbed: Importance
) -> Rare:
    estimates = np.array([one.estimate for one in replicates])
    mean, error = float(estimates.mean()), float(estimates.std(ddof=1)) / sqrt(len(replicates))
    if error > 0.0:
        half = student(0.975, len(replicates) - 1) * error
        low, high = max(mean - half, 0.0), min(mean + half, 1.0)
        # The square of an error below 1e-162 is 0 to a computer.
        plain = round(mean * (1.0 - mean) / error**2) if mean < 1.0 and error**2 > 0.0 else None
    else:
        low, high = wilson(sum(one.yes for one in replicates), len(replicates) * particles)
        plain = None
    return Rare(
        scenario=name,
        seed=seed,
        question=str(asked.name),
        ask=str(asked.ask),
        estimate=mean,
        low=low,
        high=high,
        replicates=len(replicates),
        particles=particles,
        estimates=tuple(float(one) for one in estimates),
        zero=int((estimates == 0.0).sum()),
        levels=_levels(replicates),
        importance=climbed.words,
        declared=climbed.declared,
        runs_if_plain=plain,
        firings=sum(one.firings for one in replicates),
    )


def _levels(replicates: Sequence[Replicate]) -> tuple[Passed, ...]:
    passed, last = [], 1.0
    for level in sorted({step.above for one in replicates for step in one.steps[1:]}):
        reached = float(np.mean([one.reached(level) for one in replicates]))
        if reached <= SHOWN_SHARE * last:
            passed.append(Passed(level, reached / last))
            last = reached
    return tuple(passed)
