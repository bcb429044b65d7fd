"""Games that grow: policies whose numbers an actor can tune, and better and better answers to what the others do.

Policy-space response oracles (McMahan, Gordon and Blum 2003; Lanctot et al. 2017, arXiv 1711.00832): solve the game of
the moves there are; look in each actor's policies for a better answer to that mix; value the best one found on fresh
runs, and add it if it gains. That none is found says something of this search in these policies, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.display import Display, Displayed
from standoff.ensemble import Progress, Where
from standoff.errors import UsageError, real_number, whole_number
from standoff.scenario import check_scenario
from standoff.strategy.bounds import simultaneous
from standoff.strategy.equilibria import find_equilibria
from standoff.strategy.game import Policies, players
from standoff.strategy.payoffs import ROUNDING, Blocks, Mix
from standoff.strategy.responses import best_response
from standoff.strategy.runs import Move, PolicyRuns

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
ROUNDS_WITHOUT = 2
"""Rounds in a row in which nobody finds a better answer, after which the game has grown."""


@dataclass(frozen=True, slots=True)
class Response:
    """The best answer of an actor that was found in a round, what it gains on fresh runs, and whether it was added.

    `gain` is against the actor's own mix of that round, in the unit of its goal; the bounds are one-sided ones.
    """

    actor: str
    move: str
    gain: float
    low: float
    high: float
    added: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A round of growing: the equilibrium of the moves there were, as shares by name, and the answers to it."""

    shares: dict[str, dict[str, float]]
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True, repr=False)
class GrownGame(Displayed):
    """A game whose actors tuned their policies round by round.

    `grown` says that in two rounds in a row nobody gained more than the tolerance by the best answer that was found:
    no better policy in these classes with this search, which is a lower bound of what there is.
    """

    scenario: str
    seed: int
    tolerance: float
    error: float
    rounds: tuple[Round, ...]
    grown: bool

    @property
    def shares(self) -> dict[str, dict[str, float]]:
        """The equilibrium of the last round."""
        return self.rounds[-1].shares

    def display(self) -> Display:
        """Whether the game is grown, then its rounds."""
        from standoff.strategy.game_display import grown_display

        return grown_display(self)

    def to_json(self) -> str:
        """The game as JSON text."""
        return json.dumps(asdict(self) | {"method": METHOD}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "Each round solves the game of the moves there are, searches the policies that each actor can tune for a better "
    "answer to that mix, values the best one found on fresh runs and adds it where it surely gains. Grown: twice in a "
    "row no answer found gains more than the tolerance. It is about these policies and this search: others might gain "
    "more."
)


def grow_game(
    scenario: Scenario,
    *,
    tolerance: float,
    actors: Policies | None = None,
    seed: int = 1,
    blocks: int = 400,
    rounds: int = 10,
    error: float = 0.05,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> GrownGame:
    """Let actors tune their policies round by round, until nobody finds a better answer or `rounds` are over.

    Each round's game has `blocks` runs of each profile, and each best answer is valued on eight times as many. Raises
    UsageError where no policy can be tuned; Faults; RunStopped.
    """
    check_scenario(scenario)
    if not 0 < real_number(tolerance, "the tolerance") < float("inf"):
        raise UsageError(f"the tolerance must be a number above 0, in the unit of the goals, not {tolerance!r}")
    count, most = whole_number(blocks, "blocks"), whole_number(rounds, "rounds")
    if count < 2 or most < 1:
        raise UsageError(f"a game that grows needs two blocks and a round at least, not {count} and {most}")
    runs = PolicyRuns(scenario, seed=seed, where=Where(jobs, executor))
    game = _Growing(runs, players(runs, actors), count, tolerance, error, progress)
    done: list[Round] = []
    quiet = 0
    while len(done) < most and quiet < ROUNDS_WITHOUT:
        done.append(game.round(len(done)))
        quiet = quiet + 1 if all(one.high <= tolerance for one in done[-1].responses) else 0
    return GrownGame(scenario.name, runs.seed, tolerance, error, tuple(done), quiet >= ROUNDS_WITHOUT)


class _Growing:
    """A game in the course of growing; every number of a run is used once."""

    def __init__(
        self, runs: PolicyRuns, policies: Policies, blocks: int, tolerance: float, error: float,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.runs, self.count, self.tolerance, self.error = runs, blocks, tolerance, error
        self.progress = progress
        self.goals = {actor: runs.goal(actor) for actor in policies}
        plans = {actor: [runs.plan(actor, name) for name in names] for actor, names in policies.items()}
        self.tunable = {actor: [plan for plan in own if plan.tunes] for actor, own in plans.items()}
        if not any(self.tunable.values()):
            raise UsageError(f"{runs.scenario.name} has no policy that can be tuned; write tunes: in one of them")
        self.moves = {
            actor: [Move(plan.name) for plan in own if not plan.tunes] or [Move(next(iter(runs.plans[actor])))]
            for actor, own in plans.items()
        }
        self.first = self.made = 0
        self.generator = np.random.default_rng(runs.seed)

    def round(self, number: int) -> Round:
        """Solve the game of the moves there are, and look for better answers to its equilibrium."""
        blocks = self._blocks()
        candidates = find_equilibria(blocks).candidates
        if not candidates:
            raise UsageError(f"round {number + 1}: no equilibrium of the moves was found; use more blocks")
        mix = candidates[0].mix
        shares = {
            actor: {move.name: share for move, share in zip(self.moves[actor], own, strict=True) if share > 0}
            for actor, own in zip(self.moves, mix, strict=True)
        }
        before = {actor: list(moves) for actor, moves in self.moves.items()}
        responses = tuple(self._response(actor, before, mix) for actor in before if self.tunable[actor])
        return Round(shares, responses)

    def _numbers(self, count: int) -> NDArray[np.int64]:
        self.first += count
        return np.arange(self.first - count, self.first)

    def _answers(self, numbers: NDArray[np.int64], sets: Sequence[Floats]) -> list[Floats]:
        def tell(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(self.made + done, self.made + total)

        made = list(self.runs.answers(numbers, sets, sets=len(sets), progress=tell))
        self.made += len(sets) * len(numbers)
        return made

    def _blocks(self) -> Blocks:
        """The payoffs of all profiles of the moves there are, on fresh runs."""
        numbers = self._numbers(self.count)
        worlds = self.runs.worlds(numbers)
        shape = tuple(len(moves) for moves in self.moves.values())
        sets = []
        for at in np.ndindex(shape):
            parameters = worlds
            for (actor, moves), move in zip(self.moves.items(), at, strict=True):
                parameters = self.runs.moves(parameters, actor, moves, np.full(len(numbers), move))
            sets.append(parameters)
        columns = list(self.goals.values())
        payoff = np.stack([answers[:, columns] for answers in self._answers(numbers, sets)], axis=1)
        names = tuple(tuple(move.name for move in moves) for moves in self.moves.values())
        payoff = payoff.reshape(len(numbers), *shape, len(columns))
        return Blocks(tuple(self.moves), names, payoff, self.runs.seed, int(numbers[0]))

    def _response(self, actor: str, before: dict[str, list[Move]], mix: Mix) -> Response:
        """The best answer that is found to the others' mix, valued on runs that did not find it."""

        def values(moves: Sequence[Move], count: int) -> Floats:
            """What moves yield against the others' mix in so many fresh runs: (runs, moves), then the own mix."""
            numbers = self._numbers(count)
            worlds, own = self.runs.worlds(numbers), np.zeros(count, dtype=np.int64)
            for other, shares in zip(before, mix, strict=True):
                which = self.generator.choice(len(shares), size=count, p=np.array(shares) / sum(shares))
                if other == actor:
                    own = which
                else:
                    worlds = self.runs.moves(worlds, other, before[other], which)
            # Each move begins with what is written: nothing that another move of the actor sets may be left.
            sets = [self.runs.moves(worlds, actor, [move], np.zeros(count, dtype=np.int64)) for move in moves]
            sets.append(self.runs.moves(worlds, actor, before[actor], own))
            goal = self.goals[actor]
            return np.stack([answers[:, goal] for answers in self._answers(numbers, sets)], axis=1)

        def search(moves: Sequence[Move], count: int) -> Floats:
            return np.asarray(values(moves, count)[:, :-1].mean(axis=0))

        found = max(
            (best_response(plan, search, self.generator) for plan in self.tunable[actor]), key=lambda one: one[1]
        )[0]
        fresh = values([found], 8 * self.count)
        samples = fresh[:, :1] - fresh[:, 1:]
        span = float(np.ptp(fresh))
        moved = (np.abs(samples - np.median(samples, axis=0)) > ROUNDING * span).sum(axis=0)
        known = simultaneous(samples, error=self.error, moved=moved, span=np.array([span]))
        gain, low, high = float(known.mean[0]), float(known.low[0]), float(known.high[0])
        added = low > 0 and found not in self.moves[actor]
        if added:
            self.moves[actor].append(found)
        return Response(actor, found.name, gain, low, high, added)
