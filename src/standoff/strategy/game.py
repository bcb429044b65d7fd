"""The empirical game of a scenario: what its actors gain when each follows one of its policies, and what is stable.

Run r of every profile is one block: it has the same luck and the same parameters. Candidates for equilibria are worked
out from some blocks, and their regret is measured on fresh ones (Wellman, Tuyls and Greenwald 2025, JAIR 82:1017).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.display import Display, Displayed
from standoff.ensemble import Progress, Where
from standoff.errors import Refusals, UsageError, each_of, real_number, refuse_unknown, shown, whole_number
from standoff.numerals import many
from standoff.scenario import check_scenario
from standoff.strategy.bounds import check_error
from standoff.strategy.equilibria import Equilibria, find_equilibria, stability_of
from standoff.strategy.payoffs import Blocks, MeanPayoff, Mix, mean_payoffs, not_seen, profiles_needed
from standoff.strategy.qre import precision_of, quantal_responses
from standoff.strategy.reduction import Dropped
from standoff.strategy.regret import Candidate, Gain, Standing, Verdict, settle
from standoff.strategy.runs import PolicyRuns

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
Policies = Mapping[str, Sequence[str]]
"""The policies of each actor of a game, by the actor's name."""

MOST_PROFILES = 32
"""Up to how many profiles a game has whose actors nobody named."""
ROUNDED = 1e-15
"""By how much a payoff is rounded, relative to its size: no tolerance can be finer."""


class ScenarioGame:
    """The game of some actors of a scenario; run r of each profile makes block r, whoever asks for it.

    Raises UsageError for actors without policies or goals, and Faults.
    """

    def __init__(self, runs: PolicyRuns, policies: Policies, progress: Progress | None = None) -> None:
        self.runs, self.progress, self.made = runs, progress, 0
        self.actors = tuple(policies)
        self.policies = tuple(tuple(policies[actor]) for actor in self.actors)
        self.shape = tuple(len(names) for names in self.policies)
        refused = Refusals()
        with refused:
            self.goals = each_of(self.actors, runs.goal)
        with refused:
            each_of([(actor, name) for actor, names in policies.items() for name in names], lambda one: runs.plan(*one))
        refused.tell()

    def blocks(self, first: int, count: int, wanted: NDArray[np.bool_] | None = None) -> Blocks:
        """The blocks of runs `first` to `first + count - 1`; those of profiles that are not wanted are NaN."""
        numbers = np.arange(first, first + count)
        worlds = self.runs.worlds(numbers)
        profiles = [at for at in np.ndindex(self.shape) if wanted is None or wanted[at]]
        payoff = np.full((count, *self.shape, len(self.actors)), np.nan)
        under = (self.runs.under(worlds, self._profile(at)) for at in profiles)
        made = self.runs.answers(numbers, under, sets=len(profiles), progress=self._tell)
        for at, answers in zip(profiles, made, strict=True):
            payoff[(slice(None), *at)] = answers[:, self.goals]
        self.made += count * len(profiles)
        return Blocks(self.actors, self.policies, payoff, seed=self.runs.seed, first=first)

    def _tell(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(self.made + done, self.made + total)

    def _profile(self, at: tuple[int, ...]) -> dict[str, str]:
        return {actor: names[i] for actor, names, i in zip(self.actors, self.policies, at, strict=True)}


class _Fresh:
    """Blocks behind those that found the candidates, made as they are asked for and no profile that nobody needs."""

    def __init__(self, game: ScenarioGame, first: int, candidates: Sequence[Candidate]) -> None:
        self.game, self.first = game, first
        self.wanted = np.any([profiles_needed(candidate.mix) for candidate in candidates], axis=0)
        self.parts: list[Blocks] = []

    def __call__(self, count: int) -> Blocks:
        made = sum(map(len, self.parts))
        if count > made:
            self.parts.append(self.game.blocks(self.first + made, count - made, self.wanted))
        payoff = np.concatenate([part.payoff for part in self.parts])[:count]
        return Blocks(self.game.actors, self.game.policies, payoff, seed=self.game.runs.seed, first=self.first)


def players(runs: PolicyRuns, named: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """The actors of a game with their policies: those that are named, or those that have policies and a goal.

    An actor that is named without policies has all of its own. Where nobody is named and there are many, the first ones
    are taken whose profiles are not more than 32.
    """
    if named:
        if not isinstance(named, Mapping):
            raise UsageError(f"actors must be given by name, each with a list of policies, not {shown(named)}")
        for actor, names in named.items():
            if isinstance(names, str) or not isinstance(names, Sequence):
                raise UsageError(f"the policies of {actor} must be a list of names, not {shown(names)}")
        return {actor: tuple(names) or tuple(runs.plans.get(actor, ())) for actor, names in named.items()}
    goals = {str(actor) for actor in runs.scenario.document.goals}
    chosen: dict[str, tuple[str, ...]] = {}
    for actor, plans in runs.plans.items():
        sizes = [len(names) for names in (*chosen.values(), plans)]
        if actor in goals and (len(chosen) < 2 or prod(sizes) <= MOST_PROFILES):
            chosen[actor] = tuple(plans)
    if len(chosen) < 2:
        has = f"{runs.scenario.name} has {many(len(chosen), 'actor')} with both policies and a goal"
        cure = "".join(f"; to see what {actor} gains by each of its own, name it with --actor" for actor in chosen)
        raise UsageError(f"{has}, and a game needs two: write policies: and goals:{cure}")
    return chosen


@dataclass(frozen=True, slots=True)
class Player:
    """An actor of a game: the policies that it chooses among, and the unit of its goal, in which its payoffs are."""

    actor: str
    unit: str | None
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GainByLeaving:
    """What an actor gains by following another policy while the others keep to theirs, in the unit of its goal.

    All upper ends of an equilibrium hold together, and all lower ends, at the error of its last look.
    """

    actor: str
    policy: str
    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """A profile that the first blocks take for an equilibrium, and what fresh blocks say to it.

    `shares`: for each actor the share of each policy that it follows. `standing`: *settled*, nobody gains more than the
    tolerance by leaving; *refuted*, somebody does (`broken_by`); *not distinguishable*, `more` is about how many more
    blocks it would take. `stability` is the share of resampled games in which the same policies are an equilibrium.
    """

    shares: dict[str, dict[str, float]]
    standing: Standing
    gains: tuple[GainByLeaving, ...]
    broken_by: GainByLeaving | None
    blocks: int
    more: int | None
    stability: float
    method: str


@dataclass(frozen=True, slots=True)
class Shares:
    """With which share an actor follows a policy, and the 95% interval over resampled games."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class QuantalResponse:
    """How often each policy is followed where actors mostly take what is better, at the precision `precision`.

    `shares` lie on the principal branch, which starts where all mix evenly: a convention, not a forecast. `others` are
    further solutions; `turns` says at which share of the precision the branch turned back or was crossed on its way.
    """

    precision: dict[str, float]
    shares: dict[str, dict[str, Shares]]
    others: tuple[dict[str, dict[str, float]], ...]
    turns: tuple[float, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SolvedGame(Displayed):
    """The empirical game of some actors of a scenario.

    Payoffs are of `blocks` runs of each profile, each with its 95% interval; equilibria are judged on fresh ones.
    `tolerance` is the gain that does not matter to each actor, and `error` the chance that any verdict is wrong.
    """

    scenario: str
    seed: int
    blocks: int
    tolerance: dict[str, float]
    error: float
    players: tuple[Player, ...]
    payoffs: tuple[MeanPayoff, ...]
    equilibria: tuple[Equilibrium, ...]
    quantal: QuantalResponse | None
    notes: tuple[str, ...]

    def display(self) -> Display:
        """What is stable, then the payoffs."""
        from standoff.strategy.game_display import game_display

        return game_display(self)

    def to_json(self) -> str:
        """The game as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "Run r of every profile is one block: the same random numbers and the same parameters. Equilibria are worked out "
    "from the mean payoffs of the first blocks; what an actor gains by leaving is measured on fresh blocks, for those "
    "that found an equilibrium say zero by construction. Settled: no gain is above the tolerance; refuted: one is; "
    "each wrong with at most the stated error over all candidates and looks. The game is among the policies that are "
    "named and no others, and each payoff is on its actor's own scale."
)


def solve_game(
    scenario: Scenario,
    *,
    tolerance: float | Mapping[str, float],
    actors: Policies | None = None,
    seed: int = 1,
    blocks: int = 400,
    at_most: int = 3200,
    error: float = 0.05,
    gambit: bool = False,
    precision: float | Mapping[str, float] | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolvedGame:
    """What some actors of a scenario gain under each profile of their policies, and which profiles are stable.

    `tolerance` is the gain that does not matter, in the unit of the goals, or one for each actor. Equilibria are worked
    out from `blocks` runs of each profile and judged on up to `at_most` fresh ones. `actors` names them with their
    policies (an empty sequence stands for all); `gambit` asks the solvers of Gambit too; `precision` (λ, in 1 / unit)
    asks for the logit quantal response.

    Raises UsageError for actors without policies or goals, and for numbers that do not fit; Faults; RunStopped.
    """
    check_scenario(scenario)
    count, most = whole_number(blocks, "blocks"), whole_number(at_most, "at_most")
    if count < 2 or most < 2:
        raise UsageError(f"a game needs two blocks at least, not {count} and {most}")
    check_error(error)
    runs = PolicyRuns(scenario, seed=seed, where=Where(jobs, executor))
    policies = players(runs, actors)
    game, within, precisions = _entered(runs, policies, tolerance, precision, progress)
    first = game.blocks(0, count)
    # In units of what does not matter to each actor, so that one tolerance, 1, is that of all of them.
    scaled = _scaled(first, within)
    found = find_equilibria(scaled, gambit=gambit)
    fresh = _Fresh(game, count, found.candidates)
    verdicts = settle(
        found.candidates, lambda wanted: _scaled(fresh(wanted), within), tolerance=1.0, error=error, most=most
    )
    told = tuple(_equilibrium(verdict, game, within, stability_of(verdict.candidate, scaled)) for verdict in verdicts)
    payoffs = mean_payoffs(first)
    return SolvedGame(
        scenario=scenario.name,
        seed=runs.seed,
        blocks=count,
        tolerance=dict(zip(game.actors, within.tolist(), strict=True)),
        error=error,
        players=tuple(Player(actor, runs.unit(actor), names) for actor, names in policies.items()),
        payoffs=payoffs,
        equilibria=told,
        quantal=None if precisions is None else _quantal(first, dict(zip(game.actors, precisions, strict=True))),
        notes=(*_of_intervals(payoffs), *_notes(found, runs, policies)),
    )


def _entered(
    runs: PolicyRuns, policies: Policies, tolerance: float | Mapping[str, float],
    precision: float | Mapping[str, float] | None, progress: Progress | None,
) -> tuple[ScenarioGame, Floats, tuple[float, ...] | None]:  # fmt: skip
    """The game, and the tolerance and precision of each actor; one UsageError tells all that does not fit."""
    refused = Refusals()
    with refused:
        game = ScenarioGame(runs, policies, progress)
    if refused:
        # Who plays is not known; who could is.
        for what, each in (("tolerance", tolerance), ("precision", precision)):
            with refused:
                named = each if isinstance(each, Mapping) else ()
                refuse_unknown(named, runs.with_goals, found=f"there is a {what} for '{{}}'", what="actors with goals")
        refused.tell()
    with refused:
        within = _tolerances(tolerance, game.actors)
    with refused:
        precisions = None if precision is None else precision_of(game.actors, precision)
    refused.tell()
    return game, within, precisions


def _tolerances(tolerance: float | Mapping[str, float], actors: Sequence[str]) -> Floats:
    """The tolerance of each actor; raises UsageError where one is missing or is not above 0."""
    if isinstance(tolerance, Mapping):
        refuse_unknown(tolerance, actors, found="there is a tolerance for '{}'", what="actors of this game")
        missing = [f"'{actor}'" for actor in actors if actor not in tolerance]
        if missing:
            raise UsageError(f"there is no tolerance for {' and '.join(missing)}: which gain does not matter?")
        each = [real_number(tolerance[actor], f"the tolerance for {actor}") for actor in actors]
    else:
        each = [real_number(tolerance, "a tolerance")] * len(actors)
    if not all(0 < one < float("inf") for one in each):
        raise UsageError(f"a tolerance must be a number above 0, in the unit of the goals, not {shown(tolerance)}")
    return np.array(each)


def _scaled(blocks: Blocks, within: Floats) -> Blocks:
    largest = np.nanmax(np.abs(blocks.payoff), axis=tuple(range(blocks.payoff.ndim - 1)))
    for actor, payoff, tolerance in zip(blocks.actors, largest.tolist(), within.tolist(), strict=True):
        if tolerance < ROUNDED * payoff:
            told = f"{actor} gains up to {payoff:g}, and rounding alone is more than {tolerance:g} of that"
            raise UsageError(f"{told}; give a larger tolerance")
    return replace(blocks, payoff=blocks.payoff / within)


def _equilibrium(verdict: Verdict, game: ScenarioGame, within: Floats, stability: float) -> Equilibrium:
    scale = dict(zip(game.actors, within.tolist(), strict=True))

    def told(gain: Gain) -> GainByLeaving:
        by = scale[gain.actor]
        return GainByLeaving(gain.actor, gain.policy, gain.mean * by, gain.low * by, gain.high * by)

    shares = {
        actor: {name: share for name, share in zip(names, own, strict=True) if share > 0}
        for actor, names, own in zip(game.actors, game.policies, verdict.candidate.mix, strict=True)
    }
    return Equilibrium(
        shares=shares,
        standing=verdict.standing,
        gains=tuple(told(gain) for gain in verdict.regret.gains),
        broken_by=None if verdict.deviation is None else told(verdict.deviation),
        blocks=verdict.regret.blocks,
        more=verdict.more,
        stability=stability,
        method=verdict.candidate.method,
    )


def _quantal(blocks: Blocks, precision: Mapping[str, float]) -> QuantalResponse:
    found = quantal_responses(blocks, precision)

    def named(mix: Mix) -> dict[str, dict[str, float]]:
        each = zip(blocks.actors, blocks.policies, mix, strict=True)
        return {actor: dict(zip(names, own, strict=True)) for actor, names, own in each}

    middle, low, high = named(found.principal), named(found.low), named(found.high)
    shares = {
        actor: {name: Shares(share, low[actor][name], high[actor][name]) for name, share in own.items()}
        for actor, own in middle.items()
    }
    return QuantalResponse(
        precision=dict(zip(blocks.actors, found.precision, strict=True)),
        shares=shares,
        others=tuple(named(mix) for mix in found.others),
        turns=tuple(sorted((*found.folds, *found.bifurcations))),
    )


def _of_intervals(payoffs: Sequence[MeanPayoff]) -> Iterator[str]:
    if any(one.low == one.high for one in payoffs):
        yield f"an interval of one number: no run differed, {not_seen(payoffs[0].blocks)}"


def _notes(found: Equilibria, runs: PolicyRuns, policies: Policies) -> Iterator[str]:
    others = [actor for actor in runs.plans if actor not in policies]
    goals = {str(actor) for actor in runs.scenario.document.goals}
    if able := [actor for actor in others if actor in goals]:
        yield f"{', '.join(able)}: as written; to let them choose as well, name them with --actor"
    if unable := [actor for actor in others if actor not in goals]:
        yield f"{', '.join(unable)}: as written; there are policies but no goal by which to choose among them"
    for actor in dict.fromkeys(left.actor for left in found.dropped):
        yield f"{actor}: left out by mean payoffs: {_left_out([one for one in found.dropped if one.actor == actor])}"
    yield from found.notes
    if not found.complete:
        yield "a game of this size may have equilibria that were not found"


def _left_out(dropped: Sequence[Dropped]) -> str:
    """The policies of an actor that were left out, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for one in dropped:
        why = f"{one.because} {'is always better' if one.dominated else 'yields the same'}"
        others = dict.fromkeys(actor for actor, _ in one.once)
        without = (f"{other} does without {_listed([name for actor, name in one.once if actor == other])}"
                   for other in others)  # fmt: skip
        reasons.setdefault(f"{why} once {' and '.join(without)}" if others else why, []).append(one.policy)
    return "; ".join(f"{_listed(policies)}, for {why}" for why, policies in reasons.items())


def _listed(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]])
