"""The runs of a scenario with switches: whatever they say, run r has the same luck and the same parameters."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.engine import draw_parameters
from standoff.ensemble import Batch, Progress, Way, Where, answers_of
from standoff.errors import RunStopped, UsageError, naming, random_seed, refusal
from standoff.model import ground, grounded
from standoff.numerals import exact, many
from standoff.scenario import PolicyPlan, check_free, policy_plans

if TYPE_CHECKING:
    from standoff.scenario import Resolved, Scenario

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Profile = Mapping[str, str]
"""The policy that each of some actors follows; any other actor does what is written."""

MOST_NAMED = 8
"""Up to how many parameters that are set are named where a run stops."""


@dataclass(frozen=True, slots=True)
class Move:
    """A policy that an actor follows, and the values to which it tunes the parameters that it can tune."""

    policy: str
    tuned: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """The policy with what it tunes: `firm, threshold 4.25`."""
        return ", ".join([self.policy, *(f"{parameter} {value:.4g}" for parameter, value in self.tuned)])


class SwitchedRuns:
    """What makes runs of a scenario in one of its other forms, which has switches among its parameters."""

    def __init__(self, scenario: Scenario, form: Resolved, *, seed: int = 1, where: Where | None = None) -> None:
        self.scenario, self.seed, self.where = scenario, random_seed(seed), where or Where()
        # Drawn from the priors of the scenario itself: some are wider here, to reach what can be set.
        self._own = grounded(scenario)
        self._written = [info.name for info in self._own.parameters]
        self.way = Way(ground(form), self.seed, "coupled")
        self.columns = {info.name: i for i, info in enumerate(self.way.model.parameters)}
        self._questions = {info.name: i for i, info in enumerate(self.way.model.questions)}
        self._goals = {str(actor): name for name, (actor, _) in scenario.document.goal_questions.items()}

    @property
    def with_goals(self) -> tuple[str, ...]:
        """The actors that have a goal."""
        return tuple(self._goals)

    def unit(self, actor: str) -> str | None:
        """The unit of an actor's goal; raises UsageError for an actor without one."""
        self.goal(actor)
        unit = {str(name): goal.unit for name, goal in self.scenario.document.goals.items()}[actor]
        return None if unit is None else str(unit)

    def goal(self, actor: str) -> int:
        """The question that says how well an actor does; raises UsageError for an actor without a goal."""
        if actor not in self._goals:
            if not self._goals:
                raise UsageError(f"{self.scenario.name} has no goals; write them under goals:")
            raise refusal(f"'{actor}' has no goal", actor, self._goals, what="actors with goals")
        return self._questions[self._goals[actor]]

    def question(self, name: str) -> int:
        """The number of a question by its name."""
        return self._questions[name]

    def worlds(self, numbers: Numbers) -> Floats:
        """The parameters of some runs as they are written: (runs, parameters), with every switch at 0."""
        drawn = np.zeros((len(numbers), len(self.columns)))
        own = [self.columns[name] for name in self._written]
        drawn[:, own] = draw_parameters(self._own, seed=self.seed, runs=numbers)
        return drawn

    def with_values(self, worlds: Floats, values: Mapping[str, float]) -> Floats:
        """The same worlds with some parameters set."""
        parameters = worlds.copy()
        for name, value in values.items():
            parameters[:, self.columns[name]] = value
        return parameters

    def answers(
        self, numbers: Numbers, worlds: Iterable[Floats], *, sets: int, progress: Progress | None = None
    ) -> Iterator[Floats]:
        """The answers to all questions, (runs, questions), for each of so many sets of worlds; raises RunStopped."""
        total, made = sets * len(numbers), 0

        def more(count: int) -> None:
            nonlocal made
            made += count
            if progress is not None:
                progress(made, total)

        begun = deque[Floats]()

        def batches() -> Iterator[Batch]:
            for parameters in worlds:
                begun.append(parameters)
                yield Batch(self.way, numbers, parameters)

        try:
            for answers in answers_of(self.way, batches(), self.where, runs=total, made=more):
                begun.popleft()
                yield answers
        except RunStopped as error:
            if error.run is None:
                raise
            # Sets come in order, so that the one that stopped is the first that has not come.
            row = begun[0][int(np.flatnonzero(numbers == error.run)[0])]
            with naming(self.what_is_set(error.run, row)):
                raise

    def what_is_set(self, run: int, parameters: Floats) -> str:
        """What is not as it is written in a run with these parameters, for who wants to repeat it."""
        values = self._values(run, parameters, self.columns)
        return f"runs with {values}" if values else "runs as written"

    def _values(self, run: int, parameters: Floats, names: Iterable[str]) -> str:
        """Those of some parameters that somebody set, with their values."""
        written = self.worlds(np.array([run]))[0]
        values = {name: float(parameters[self.columns[name]]) for name in names}
        changed = [name for name, value in values.items() if value != written[self.columns[name]]]
        if len(changed) > MOST_NAMED:
            return f"{many(len(changed), 'parameter')} of another run"
        return ", ".join(f"{name} = {exact(values[name])}" for name in changed)


class PolicyRuns(SwitchedRuns):
    """What makes runs of a scenario under any policies.

    `plans` has the policies of each actor that has some, `as_written` first. Raises Faults for what is wrong in
    policies.
    """

    def __init__(self, scenario: Scenario, *, seed: int = 1, where: Where | None = None) -> None:
        form = policy_plans(scenario)
        super().__init__(scenario, form.resolved, seed=seed, where=where)
        self.plans: dict[str, dict[str, PolicyPlan]] = {
            actor: {plan.name: plan for plan in plans} for actor, plans in form.each.items()
        }

    def what_is_set(self, run: int, parameters: Floats) -> str:
        """Which policy each actor follows in a run with these parameters, and what else is not as it is written."""
        each = (
            f"{actor}={plan.name}"
            for actor, plans in self.plans.items()
            for plan in plans.values()
            if parameters[self.columns[plan.switch]] == plan.number
        )
        switches = {plan.switch for plans in self.plans.values() for plan in plans.values()}
        values = self._values(run, parameters, [name for name in self.columns if name not in switches])
        return f"policies {', '.join(each)}{f' with {values}' if values else ''}"

    def plan(self, actor: str, policy: str) -> PolicyPlan:
        """How an actor follows a policy; raises UsageError where the actor has none of that name."""
        if actor not in self.plans:
            raise refusal(f"'{actor}' has no policies", actor, self.plans, what="actors with policies")
        if policy not in self.plans[actor]:
            what = f"policies of {actor}"
            raise refusal(f"'{actor}' has no policy '{policy}'", policy, self.plans[actor], what=what)
        plan = self.plans[actor][policy]
        check_free(plan, self.scenario.settings)
        return plan

    def under(self, worlds: Floats, profile: Profile) -> Floats:
        """The same worlds under a profile of policies."""
        values: dict[str, float] = {}
        for actor, policy in profile.items():
            plan = self.plan(actor, policy)
            values |= {plan.switch: float(plan.number), **plan.values}
        return self.with_values(worlds, values)

    def moves(self, worlds: Floats, actor: str, moves: Sequence[Move], which: Numbers | Floats) -> Floats:
        """The same worlds, in each of which an actor makes one of its moves: `which` has its number, (runs,)."""
        parameters = worlds.copy()
        for number, move in enumerate(moves):
            plan, rows = self.plan(actor, move.policy), which == number
            for name, value in {plan.switch: float(plan.number), **plan.values, **dict(move.tuned)}.items():
                parameters[rows, self.columns[name]] = value
        return parameters

    def varied(self, worlds: Floats, numbers: Numbers, actors: Sequence[str]) -> Floats:
        """The same worlds, in each of which some actors follow one of their policies, all with the same chance."""
        drawn = draw_parameters(self.way.model, seed=self.seed, runs=numbers)
        switches = {actor: next(iter(self.plans[actor].values())).switch for actor in actors}
        return self.under_each(worlds, {actor: drawn[:, self.columns[name]] for actor, name in switches.items()})

    def under_each(self, worlds: Floats, followed: Mapping[str, Numbers | Floats]) -> Floats:
        """The same worlds, each under policies of its own: (runs,) numbers of an actor's, in the order of `plans`."""
        parameters = worlds
        for actor, numbers in followed.items():
            parameters = self.moves(parameters, actor, [Move(name) for name in self.plans[actor]], numbers)
        return parameters
