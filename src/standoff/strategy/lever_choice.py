"""Which of the levers in an actor's hand does well in many worlds: draws of the numbers, and what others do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from itertools import product
from math import prod, sqrt
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import student
from standoff.display import Display, Displayed
from standoff.ensemble import Progress, Where
from standoff.errors import UsageError, refusal, refuse_unknown, whole_number
from standoff.numerals import exact, many
from standoff.scenario import check_scenario
from standoff.strategy.levers import (
    REPLICATES_THAT_TELL,
    Best,
    Estimate,
    LeverValue,
    Trials,
    possible_values,
    weigh_levers,
)
from standoff.strategy.payoffs import Floats, not_seen
from standoff.strategy.runs import PolicyRuns

if TYPE_CHECKING:
    from standoff.scenario import Lever, Scenario

MOST_CHOICES = 64
"""The most choices that are weighed together."""
FEWEST_WORLDS = 4
"""With fewer worlds there are no two halves in which a lever's swing could be seen and valued."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting of the levers of an actor: its name, the policy that it follows, and the parameters that it sets."""

    name: str
    policy: str | None
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class LeverSwing:
    """How far one lever moves the mean: between the best and the worst of its settings, over those of the others.

    Which settings these are is seen in one half of the worlds, and how far they lie apart in the other.
    """

    lever: str
    swing: Estimate


@dataclass(frozen=True, slots=True, repr=False)
class SolvedLevers(Displayed):
    """What each choice of an actor does, in the unit of its goal, over `worlds` worlds of `replicates` runs each.

    `swings` is there where several levers are set. `others` are the actors that follow one of their policies in each
    world, by chance. `best` has the choice that each criterion names; `threshold` is what counts as good enough, where
    somebody said so.
    """

    scenario: str
    seed: int
    actor: str
    unit: str | None
    worlds: int
    replicates: int
    others: dict[str, tuple[str, ...]]
    threshold: float | None
    choices: tuple[Choice, ...]
    values: tuple[LeverValue, ...]
    best: tuple[Best, ...]
    swings: tuple[LeverSwing, ...] = ()
    notes: tuple[str, ...] = ()

    def display(self) -> Display:
        """What each criterion chooses, then what each choice does."""
        from standoff.strategy.choice_display import levers_display

        return levers_display(self)

    def to_json(self) -> str:
        """The levers as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "A world is a draw of the parameters and of what the other actors do; in each, every choice has the same runs with "
    "the same luck. Mean: over worlds. Worst: in the world that is worst for the choice. Regret: how far it falls "
    "short of the best choice, in the world where it falls short most (Savage 1951). Worst and regret are picked on "
    "one half of the runs and valued on the other, since the largest of noisy means is too large. Intervals are 95%."
)


def solve_levers(
    scenario: Scenario,
    *,
    actor: str,
    levers: Sequence[str] = (),
    worlds: int = 200,
    replicates: int = 20,
    threshold: float | None = None,
    vary_others: bool = True,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolvedLevers:
    """Weigh every combination of the levers of an actor (those named, or all) by four criteria.

    Those in which a lever gives a parameter another value than the policy that is followed are left out.
    With `vary_others`, each other actor with policies follows one of them in each world. Raises UsageError for an actor
    without levers or a goal, for more than 64 choices and for too few replicates; Faults; RunStopped.
    """
    check_scenario(scenario)
    count, each = whole_number(worlds, "worlds"), whole_number(replicates, "replicates")
    if count < 1 or each < 1:
        raise UsageError(f"levers need a world and a replicate at least, not {count} and {each}")
    own, combined = choices_of(scenario, actor, levers)
    runs = PolicyRuns(scenario, seed=seed, where=Where(jobs, executor))
    goal = runs.goal(actor)
    choices = _possible(runs, actor, combined)
    others = [other for other in runs.plans if other != actor] if vary_others else []
    drawn = np.arange(count)
    parameters = np.repeat(runs.varied(runs.worlds(drawn), drawn, others), each, axis=0)
    under = (
        runs.with_values(runs.under(parameters, {} if choice.policy is None else {actor: choice.policy}), choice.values)
        for choice in choices
    )
    payoff = np.empty((len(choices), count, each))
    made = runs.answers(np.arange(count * each), under, sets=len(choices), progress=progress)
    for at, answers in enumerate(made):
        payoff[at] = answers[:, goal].reshape(count, each)
    trials = Trials(tuple(choice.name for choice in choices), tuple(map(str, drawn.tolist())), payoff)
    weighed = weigh_levers(trials, threshold=threshold)
    values = possible_values(weighed, trials)
    return SolvedLevers(
        scenario=scenario.name,
        seed=runs.seed,
        actor=actor,
        unit=runs.unit(actor),
        worlds=count,
        replicates=each,
        others={other: tuple(runs.plans[other]) for other in others},
        threshold=threshold,
        choices=tuple(choices),
        values=values,
        best=weighed.best,
        # Where some combinations contradict themselves, no lever moves by itself.
        swings=tuple(_swings(own, payoff.mean(axis=2))) if len(choices) == len(combined) else (),
        notes=tuple(_notes(values, each)),
    )


def _notes(values: Sequence[LeverValue], replicates: int) -> Iterator[str]:
    if replicates < REPLICATES_THAT_TELL:
        yield f"{many(replicates, 'run')} of each world hardly tell how bad the worst one is; make more replicates"
    estimates = [one for value in values for one in (value.mean, value.worst, value.regret) if one is not None]
    if any(one.low == one.high for one in estimates):
        yield f"an interval of one number: no run differed, {not_seen(replicates)}"


def _swings(own: Mapping[str, int], means: Floats) -> Iterator[LeverSwing]:
    """How far each of some levers moves the mean; `means` is that of each choice in each world."""
    shaped = means.reshape(*own.values(), means.shape[-1])
    if len(own) < 2 or means.shape[-1] < FEWEST_WORLDS:
        return
    for at, lever in enumerate(own):
        settings = np.moveaxis(shaped, at, 0).reshape(own[lever], -1, means.shape[-1]).mean(axis=1)
        halves = settings[:, ::2], settings[:, 1::2]
        apart = []
        for seen, valued in (halves, halves[::-1]):
            mean = seen.mean(axis=1)
            apart.append(valued[int(mean.argmax())] - valued[int(mean.argmin())])
        each = np.concatenate(apart)
        half = student(0.975, len(each) - 1) * float(each.std(ddof=1)) / sqrt(len(each))
        # The best setting is never below the worst; what was seen in one half may be in the other.
        low, value, high = (max(0.0, float(each.mean()) + by) for by in (-half, 0.0, half))
        yield LeverSwing(lever, Estimate(value, low, high))


def choices_of(scenario: Scenario, actor: str, named: Sequence[str] = ()) -> tuple[dict[str, int], list[Choice]]:
    """The levers of an actor with the number of their settings, and every combination of these.

    Raises UsageError where it has none, and for more than 64 combinations.
    """
    all_of_them = {str(name): lever for name, lever in scenario.document.levers.items()}
    own = {name: lever for name, lever in all_of_them.items() if lever.of == actor}
    if not own:
        owners = dict.fromkeys(str(lever.of) for lever in all_of_them.values())
        if not owners:
            raise UsageError(f"{scenario.name} has no levers; write them under levers:")
        raise refusal(f"'{actor}' has no levers", actor, owners, what="actors with levers")
    refuse_unknown(named, own, found=f"'{actor}' has no lever '{{}}'", what=f"levers of {actor}")
    own = {name: own[name] for name in named} if named else own
    following = [name for name, lever in own.items() if lever.policies is not None]
    if len(following) > 1:
        raise UsageError(f"{' and '.join(following)} both say which policy '{actor}' follows; name one of them")
    many = prod(len(lever.policies or lever.values or ()) for lever in own.values())
    if many > MOST_CHOICES:
        found = f"the levers of '{actor}' have {many:,} combinations, and {MOST_CHOICES} is the most"
        raise UsageError(f"{found}; name some of: {', '.join(own)}")
    return {name: len(lever.policies or lever.values or ()) for name, lever in own.items()}, list(_combined(own))


def _combined(own: dict[str, Lever]) -> Iterator[Choice]:
    settings: list[tuple[str | float, ...]] = [lever.policies or lever.values or () for lever in own.values()]
    for chosen in product(*settings):
        parts: list[str] = []
        policy: str | None = None
        values: dict[str, float] = {}
        for (name, lever), value in zip(own.items(), chosen, strict=True):
            if isinstance(value, float):
                values[str(lever.parameter)] = value
                parts.append(f"{name} {exact(value)}")
            else:
                policy = str(value)
                parts.append(policy)
        yield Choice(", ".join(parts), policy, values)


def _possible(runs: PolicyRuns, actor: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices but for those in which a lever gives a parameter another value than the policy that is followed.

    Raises UsageError where none is left with a policy.
    """
    left = []
    for choice in choices:
        values = {} if choice.policy is None else runs.plan(actor, choice.policy).values
        if all(choice.values.get(name, value) == value for name, value in values.items()):
            left.append(choice)
    for choice in choices:
        if choice.policy not in {one.policy for one in left}:
            values = runs.plan(actor, str(choice.policy)).values
            both = next(name for name in values if name in choice.values)
            told = f"the policy '{choice.policy}' sets '{both}' to {values[both]:g}, and no lever of '{actor}' does"
            raise UsageError(f"{told}: give the lever that value, or name the levers that you mean")
    return left
