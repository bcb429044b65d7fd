"""The seats of a scenario as a PettingZoo environment, for whoever lets programs learn to play it.

This file needs the extra `environment`, and is imported only by who asks for one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Session
from standoff.errors import UsageError, each_of, random_seed, refuse_unknown
from standoff.game import Table, turn_order
from standoff.scenario import Scenario

try:
    from gymnasium import spaces
    from pettingzoo import ParallelEnv
except ImportError:
    raise UsageError("PettingZoo is not here: pip install 'standoff[environment]'") from None

Observation = dict[str, NDArray[Any]]
"""`observation`: what a seat sees or saw last, which of it it sees now, and the day; `action_mask`: what it can do."""

TURN = 20
"""The orders of a turn have numbers from turn * 2 ** TURN on, so that no order moves the luck of a later turn."""
ANSWERS = 1 << TURN - 1
"""Those that answer a decision that comes up begin this much later."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something that a seat can do in a turn: give an order, or say from now on what is done with what it decides.

    A `choose` is an option whenever that decision comes up; `let` and `never` are said of all ground rules of a rule.
    """

    does: Literal["wait", "order", "choose", "let", "never"]
    rule: str
    binding: str
    ground_rule: int

    def __str__(self) -> str:
        told = f"{self.does} {self.rule}".strip()
        return f"{told} ({self.binding})" if self.binding else told


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """The columns of what is watched that a seat sees, and of the conditions under which, -1 for always."""

    value: NDArray[np.int64]
    when: NDArray[np.int64]


class Environment(ParallelEnv):  # type: ignore[misc]  # pettingzoo may be missing, so mypy does not look at it
    """One game of a scenario, turn by turn; each reset without a seed is the next run of the same seed.

    Agents are `seat_0` and so on, in the order of the scenario; `infos` tell their seats. A step is a turn: each agent
    waits (0) or makes one of its `moves`; one that its mask forbids is a wait, which `infos` count as `illegal`. The
    reward is what the goal has gained since the step before, so that rewards sum up to the goal. It ends by truncation.
    A fault of the model raises RunStopped.
    """

    def __init__(self, table: Table, seats: Mapping[str, str], turn: float) -> None:
        """For `make_environment`; `seats` are those that are played, each with the actor whose goal is its own."""
        self.table, self.turn_days, self.render_mode = table, turn, None
        self.metadata = {"render_modes": [], "name": f"standoff/{table.scenario.name}_v1"}
        self.possible_agents = [f"seat_{i}" for i in range(len(seats))]
        self.agents: list[str] = []
        self.seats = dict(zip(self.possible_agents, seats, strict=True))
        self.moves = {agent: _moves(table, seat) for agent, seat in self.seats.items()}
        self.sights = {agent: _sights(table, seat) for agent, seat in self.seats.items()}
        self._goals = [_goal(table, actor) for actor in seats.values()]
        self._spaces = {
            agent: spaces.Dict(
                {
                    "observation": spaces.Box(-np.inf, np.inf, (2 * len(self.sights[agent].value) + 1,), np.float64),
                    "action_mask": spaces.Box(0, 1, (len(self.moves[agent]),), np.int8),
                }
            )
            for agent in self.possible_agents
        }
        self._choices = {agent: spaces.Discrete(len(self.moves[agent])) for agent in self.possible_agents}
        self._seed, self._run = 0, -1

    def observation_space(self, agent: str) -> spaces.Dict:
        """What an agent sees: see `Observation`."""
        return self._spaces[agent]

    def action_space(self, agent: str) -> spaces.Discrete:
        """Which of its moves an agent makes."""
        return self._choices[agent]

    def reset(
        self, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """Begin the first run of a seed, or the next run of the one before."""
        self._seed, self._run = (self._seed, self._run + 1) if seed is None else (random_seed(seed), 0)
        self.session: Session = self.table.begin(seed=self._seed, run=self._run)
        self.agents, self.turn = list(self.possible_agents), 0
        acts = [one for seat in self.seats.values() for one in self.table.decided(seat, "act")]
        self._never = {one for one in acts if self.table.usual(one) == "never"}
        self._chosen: dict[int, int] = {}
        self._worth = [0.0] * len(self.agents)
        self._illegal = dict.fromkeys(self.agents, 0)
        self._seen = {agent: np.zeros(len(self.sights[agent].value)) for agent in self.agents}
        self._lead(0.0)
        return self._observations(), self._infos()

    def step(
        self, actions: Mapping[str, int]
    ) -> tuple[
        dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]
    ]:  # fmt: skip
        """Play a turn: orders come just after its beginning, seat after seat in an order that the turn draws."""
        at, agents = math.nextafter(self.session.day, math.inf), self.agents
        possible = self.session.possible()
        self.turn += 1
        turn = turn_order(self.seats.values(), seed=self._seed, run=self._run, turn=self.turn)
        for agent in sorted(agents, key=lambda one: turn.index(self.seats[one])):
            action = int(actions.get(agent, 0))
            if action and not self._mask(agent, possible)[action]:
                self._illegal[agent] += 1
            elif action:
                number = (self.turn << TURN) + self.possible_agents.index(agent)
                self._carry_out(self.moves[agent][action], at, number)
        last = self.table.model.days
        self._lead(min(self.session.day + self.turn_days, last))
        over = self.session.day >= last
        worth = [self._worth_of(goal) for goal in self._goals]
        rewards = {agent: new - old for agent, new, old in zip(agents, worth, self._worth, strict=True)}
        self._worth = worth
        made = self._observations(), rewards, dict.fromkeys(agents, False), dict.fromkeys(agents, over), self._infos()
        if over:
            self.agents = []
        return made

    def observed(self, agent: str, session: Session) -> NDArray[np.float64]:
        """What an agent would observe in a session, after what it has seen so far; remembers nothing."""
        value, now = self._sighted(agent, session)
        return np.concatenate([value, now, [session.day]])

    def _sighted(self, agent: str, session: Session) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        sights, watched = self.sights[agent], session.watched()
        # -1 is read as the last column, which does not count there.
        now = (sights.when < 0) | (watched[sights.when] != 0.0)
        return np.where(now, watched[sights.value], self._seen[agent]), now

    def _observations(self) -> dict[str, Observation]:
        possible, made = self.session.possible(), dict[str, Observation]()
        for agent in self.agents:
            made[agent] = {
                "observation": self.observed(agent, self.session), "action_mask": self._mask(agent, possible),
            }  # fmt: skip
            self._seen[agent] = self._sighted(agent, self.session)[0]
        return made

    def _infos(self) -> dict[str, dict[str, Any]]:
        return {agent: {"seat": self.seats[agent], "illegal": self._illegal[agent]} for agent in self.agents}

    def _mask(self, agent: str, possible: NDArray[np.bool_]) -> NDArray[np.int8]:
        moves = self.moves[agent]
        return np.array([move.does != "order" or possible[move.ground_rule] for move in moves], dtype=np.int8)

    def _carry_out(self, move: Move, at: float, number: int) -> None:
        model = self.table.model
        table = model.rules[model.rule_of[move.ground_rule]]
        same = range(table.first, table.first + table.rows)
        match move.does:
            case "order":
                self.session.order(move.ground_rule, at, number=number)
            case "choose":
                for decision in self._decisions(move.ground_rule):
                    self._chosen[decision] = move.ground_rule
            case "let":
                self._never.difference_update(same)
            case "never":
                self._never.update(same)

    def _decisions(self, option: int) -> list[int]:
        """The decisions that an option answers: one, or one for each date on which it comes up."""
        seat = self.table.seat_of(option)
        if seat is None:
            return []
        return [one for one in self.table.decided(seat, "decision") if option in self.table.options(one).values()]

    def _lead(self, day: float) -> None:
        """Go on to a day, and do with what asks as its seat has said."""
        session, answers = self.session, 0
        session.ask_for((*self._never, *self._chosen))
        while (ask := session.advance_to(day)) is not None:
            option = self._chosen.get(ask.ground_rule)
            open_ = option is not None and bool(session.possible()[option])
            if option is not None and open_:
                session.order(option, ask.day, number=(self.turn << TURN) + ANSWERS + answers)
                answers += 1
            # An option that is not open leaves the choice to the policy that is written.
            session.answer(yes=option is not None and not open_)

    def _worth_of(self, goal: tuple[int, int, float]) -> float:
        column, question, until = goal
        session = self.session
        return float(session.answers()[question] if session.day >= until else session.watched()[column])


def make_environment(
    scenario: Scenario, *, goals: Mapping[str, str] | None = None, turn: float | None = None
) -> Environment:
    """The environment in which these seats are played (all that have an actor with a goal), each for an actor's goal.

    `turn` is in days, by default what the scenario says. Seats that are not played do as the model. Raises UsageError.
    """
    table = Table(scenario)
    known = _goals(scenario)
    if goals is None:
        goals = {
            name: next(actor for actor in seat.actors if actor in known)
            for name, seat in table.seats.items()
            if any(actor in known for actor in seat.actors)
        }
    if not goals:
        raise UsageError(f"no seat of {scenario.name} has an actor with a goal: nothing would be rewarded")
    each_of(goals, table.seat)
    refuse_unknown(goals.values(), known, found="'{}' has no goal", what="actors with goals")
    days = table.play.every if turn is None else turn
    if not 0.0 < days < math.inf:
        raise UsageError(f"a turn takes some days, not {days:g}")
    return Environment(table, {seat: goals[seat] for seat in table.seats if seat in goals}, days)


def _moves(table: Table, seat: str) -> list[Move]:
    """All that a seat can do, waiting first."""
    moves = [Move("wait", "", "", -1)]
    for ground_rule in table.decided(seat, "order"):
        choice = table.choice(ground_rule)
        moves.append(Move("order", choice.rule, choice.binding, ground_rule))
    for ground_rule in table.decided(seat, "option"):
        choice = table.choice(ground_rule)
        moves.append(Move("choose", choice.rule, choice.binding, ground_rule))
    acts = {table.choice(one).rule: one for one in reversed(table.decided(seat, "act"))}
    for rule, ground_rule in reversed(acts.items()):
        moves += [Move("let", rule, "", ground_rule), Move("never", rule, "", ground_rule)]
    return moves


def _sights(table: Table, seat: str) -> Sights:
    """Where what a seat sees stands in what is watched."""
    first: dict[str, int] = {}
    rows: dict[str, int] = {}
    for number, column in enumerate(table.model.series):
        first.setdefault(column.watch, number)
        rows[column.watch] = rows.get(column.watch, 0) + 1
    value, when_ = [], []
    for sight in table.play.sights:
        if seat not in sight.seats:
            continue
        for watch, when in sight.what:
            by = [variable.name for variable in watch.variables].index(sight.by) if sight.by is not None else None
            for row in range(rows.get(watch.name, 0)):
                column = table.model.series[first[watch.name] + row]
                if by is None or column.index[by] in table.seats[seat].actors:
                    value.append(first[watch.name] + row)
                    when_.append(-1 if when is None else first[when.name] + row)
    return Sights(np.array(value, dtype=np.int64), np.array(when_, dtype=np.int64))


def _goals(scenario: Scenario) -> dict[str, str]:
    """The question that each actor's goal has become."""
    return {str(actor): name for name, (actor, _) in scenario.document.goal_questions.items()}


def _goal(table: Table, actor: str) -> tuple[int, int, float]:
    """The column and the question that say how well an actor does, and from which day on the question does."""
    name = _goals(table.scenario)[actor]
    question = next(i for i, one in enumerate(table.model.questions) if one.name == name)
    column = next(i for i, one in enumerate(table.model.series) if one.watch == f"question-{name}")
    return column, question, table.model.questions[question].days
