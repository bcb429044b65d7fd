"""Who decides as a source of spread: luck, numbers, and the policy that each actor follows, side by side.

Every actor with policies follows one of them, each as likely, and what is written is one. Each is a factor beside the
parameters and the random numbers, so that an answer's variance is split among them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import student, wilson
from standoff.analysis.spread import (
    Indices,
    Resamples,
    Three,
    coming,
    first_indices,
    indices_of_levels,
    too_few,
    total_indices,
    variance_of,
)
from standoff.display import Display, Displayed
from standoff.ensemble import Progress, Where
from standoff.errors import UsageError, whole_number
from standoff.scenario import check_scenario
from standoff.strategy.bounds import largest_mean
from standoff.strategy.runs import PolicyRuns

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LUCK, PARAMETERS, DECIDERS = "luck", "parameters", "deciders"


@dataclass(frozen=True, slots=True)
class PolicyMean:
    """The mean answer where an actor follows a policy and the others any of theirs, with its 95% interval."""

    policy: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Swing:
    """By how much the answer differs, in pairs of runs, between the policies of an actor that move it most.

    The two are picked on one half of the runs and the difference is that of the other half, both ways, so that luck
    does not make it larger; `least` and `most` are those of all runs.
    """

    least: str
    most: str
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ActorShare:
    """What the policy of one actor explains of an answer, and how it moves it."""

    actor: str
    indices: Indices | None
    swing: Swing
    means: tuple[PolicyMean, ...]


@dataclass(frozen=True, slots=True)
class DecidedQuestion:
    """What an answer depends on: chance, numbers, who decides, and each actor.

    `mean` is over all policies, each as likely. Indices are shares of the variance; None where it hardly varied, as
    `note` says.
    """

    question: str
    ask: str
    type: str
    mean: float
    variance: float
    luck: Indices | None
    parameters: Indices | None
    deciders: Indices | None
    actors: tuple[ActorShare, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Decided(Displayed):
    """What the answers of a scenario depend on if its actors follow any of their policies."""

    scenario: str
    seed: int
    runs: int
    policies: dict[str, tuple[str, ...]]
    questions: tuple[DecidedQuestion, ...]

    def display(self, questions: Sequence[str] = ()) -> Display:
        """What hangs on who decides; `questions` are those to show, all where none is named."""
        from standoff.strategy.choice_display import decided_display

        return decided_display(self, questions)

    def to_json(self) -> str:
        """The split as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def sense_deciders(
    scenario: Scenario,
    *,
    runs: int = 500,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Decided:
    """Split the variance of each answer among luck, parameters and the policies that the actors follow.

    Makes `runs` runs five times over, and once more for each policy beyond the first of each actor. Raises UsageError
    for a scenario without policies and for fewer than 20 runs, Faults, and RunStopped if a run stops.
    """
    check_scenario(scenario)
    count = whole_number(runs, "the number of runs")
    if count < 20:
        raise UsageError(f"who decides needs at least 20 runs to be told from luck, not {count}")
    made = PolicyRuns(scenario, seed=seed, where=Where(jobs, executor))
    if not made.plans:
        raise UsageError(f"{scenario.name} has no policies; write them under policies:")
    answers = _Answers(made, count, progress)
    samples = Resamples(count, made.seed)
    questions = tuple(
        _question(answers, samples, i, (str(one.name), str(one.ask), one.type))
        for i, one in enumerate(scenario.resolved.questions)
        if one.condition is None
    )
    policies = {actor: tuple(plans) for actor, plans in made.plans.items()}
    return Decided(scenario.name, made.seed, count, policies, questions)


class _Answers:
    """The answers, (runs, questions) each: of two kinds of runs that share nothing, and of what lies between them."""

    def __init__(self, runs: PolicyRuns, count: int, progress: Progress | None) -> None:
        self.policies = {actor: tuple(plans) for actor, plans in runs.plans.items()}
        generator = np.random.default_rng([runs.seed, count])
        sizes = {actor: len(names) for actor, names in self.policies.items()}
        own, its = ({actor: generator.integers(0, size, count) for actor, size in sizes.items()} for _ in range(2))
        numbers = np.arange(count)
        known, other = runs.worlds(numbers), runs.worlds(numbers + count)
        # Of each actor all its policies, from its own on: the first step is the runs that are there already.
        steps = [(actor, step) for actor, size in sizes.items() for step in range(1, size)]
        sets = 5 + len(steps)

        def worlds() -> Iterator[Floats]:
            yield runs.under_each(known, own)
            yield runs.under_each(other, own)
            yield runs.under_each(known, its)
            for actor, step in steps:
                yield runs.under_each(known, own | {actor: (own[actor] + step) % sizes[actor]})

        kinds = [info.type for info in runs.way.model.questions]
        done = 0

        def tell(more: int, _: int) -> None:
            if progress is not None:
                progress(done + more, sets * count)

        made = [coming(one, kinds) for one in runs.answers(numbers, worlds(), sets=sets - 2, progress=tell)]
        done = (sets - 2) * count
        beyond = iter([runs.under_each(other, its), runs.under_each(known, own)])
        far = [coming(one, kinds) for one in runs.answers(numbers + count, beyond, sets=2, progress=tell)]
        self.base, self.other = made[0], far[0]
        self.changed = {LUCK: far[1], PARAMETERS: made[1], DECIDERS: made[2]}
        self.levels = {actor: np.empty((size, *self.base.shape)) for actor, size in sizes.items()}
        for actor, level in self.levels.items():
            level[own[actor], numbers] = self.base
        for (actor, step), answers in zip(steps, made[3:], strict=True):
            self.levels[actor][(own[actor] + step) % sizes[actor], numbers] = answers


def _question(answers: _Answers, samples: Resamples, i: int, question: tuple[str, str, str]) -> DecidedQuestion:
    base, other = answers.base[:, i], answers.other[:, i]
    changed = {name: one[:, i] for name, one in answers.changed.items()}
    levels = {actor: level[:, :, i] for actor, level in answers.levels.items()}
    three = Three(base, other, changed[LUCK])
    whole, mean = float(variance_of(*three)), float(base.mean())
    share = question[2] != "number"
    note = "the answer never varied" if whole == 0 else too_few(float(three.means.mean()), 3 * len(base), question[2])
    indices: dict[str, Indices] = {}
    of_actors: dict[str, Indices] = {}
    if note is None:
        totals = total_indices(three, changed, samples.picked(), question[2])
        first = first_indices(base, other, changed, samples.counts(), whole)
        indices = {name: Indices(first[name], totals[name]) for name in changed}
        of_actors = {
            actor: indices_of_levels(level, samples.counts(), whole, share=share) for actor, level in levels.items()
        }
    actors = tuple(
        ActorShare(actor, of_actors.get(actor), _possible(_swing(level, names)), _means(level, names, share=share))
        for (actor, level), names in zip(levels.items(), answers.policies.values(), strict=True)
    )
    luck, parameters, deciders = (indices.get(name) for name in (LUCK, PARAMETERS, DECIDERS))
    return DecidedQuestion(*question, mean, whole, luck, parameters, deciders, actors, note)


def _means(level: Floats, names: Sequence[str], *, share: bool) -> tuple[PolicyMean, ...]:
    reach = student(0.975, level.shape[1] - 1) / sqrt(level.shape[1])
    means = []
    for name, own in zip(names, level, strict=True):
        middle, half = float(own.mean()), reach * float(own.std(ddof=1))
        if share:
            around = wilson(round(middle * len(own)), len(own))
            means.append(PolicyMean(name, middle, *around))
        else:
            means.append(PolicyMean(name, middle, middle - half, middle + half))
    return tuple(means)


def _swing(level: Floats, names: Sequence[str]) -> Swing:
    """The largest difference between two policies in pairs of runs, cross-fitted."""
    means = level.mean(axis=1)
    pairs = np.concatenate([np.delete(level - own, at, axis=0) for at, own in enumerate(level)])
    return Swing(names[int(means.argmin())], names[int(means.argmax())], *largest_mean(pairs))


def _possible(swing: Swing) -> Swing:
    """The same without what cannot be: the highest mean is not below the lowest."""
    difference, low, high = (max(0.0, number) for number in (swing.difference, swing.low, swing.high))
    return replace(swing, difference=difference, low=low, high=high)
