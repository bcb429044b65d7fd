"""Whether an environment keeps to what it promises: PettingZoo's own tests let noise from the second step on pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from standoff.errors import UsageError
from standoff.strategy.environment import Environment

SEED, PERTURBED = 7, 40


def check_environment(environment: Environment, *, luck: int = 0) -> tuple[str, ...]:
    """What is wrong with an environment, in sentences; none if all is well.

    Whole episodes: the same seed gives the same; what a mask forbids does nothing; it forbids what the model refuses
    and no more; and nothing that a seat does not see moves what it observes. `luck` chooses the moves.
    """
    return tuple(dict.fromkeys((*_by_seed(environment, luck), *_by_mask(environment, luck))))


def _by_seed(environment: Environment, luck: int) -> Iterator[str]:
    one, two = (_episode(environment, random.Random(luck), seed=SEED) for _ in range(2))
    for step, (left, right) in enumerate(zip(one, two, strict=False)):
        if left != right:
            yield f"the same seed gives another game from step {step} on"
            return
    if len(one) != len(two):
        yield "the same seed gives a game of another length"


def _by_mask(environment: Environment, luck: int) -> Iterator[str]:
    chance = random.Random(luck + 1)
    observations, _ = environment.reset(seed=SEED)
    while environment.agents:
        possible = environment.session.possible()
        for agent in environment.agents:
            mask = observations[agent]["action_mask"]
            for move, allowed in zip(environment.moves[agent], mask.tolist(), strict=True):
                expected = move.does != "order" or bool(possible[move.ground_rule])
                if bool(allowed) != expected:
                    yield f"the mask of {agent} {'allows' if allowed else 'forbids'} '{move}', and the model does not"
            yield from _hidden(environment, agent, chance)
        observations = environment.step(_drawn(environment, observations, chance))[0]
    refused = [order.rule for order in environment.session.orders if order.came == "refused"]
    if refused and len(environment.possible_agents) == 1:
        yield f"the mask allowed '{refused[0]}', and the model refused it"
    yield from _forbidden(environment, luck)


def _forbidden(environment: Environment, luck: int) -> Iterator[str]:
    """Twice the same moves, but for those that the mask forbids in place of waiting."""
    played = []
    for illegal in (False, True):
        chance, other, steps = random.Random(luck), random.Random(luck + 2), []
        observations, _ = environment.reset(seed=SEED)
        while environment.agents:
            actions = _drawn(environment, observations, chance)
            for agent, action in actions.items() if illegal else ():
                forbidden = np.flatnonzero(observations[agent]["action_mask"] == 0).tolist()
                if action == 0 and forbidden:
                    actions[agent] = other.choice(forbidden)
            observations, rewards, *_ = environment.step(actions)
            steps.append(_told(observations, rewards))
        played.append(steps)
    if played[0] != played[1]:
        yield "a move that the mask forbids is not a wait"


def _hidden(environment: Environment, agent: str, chance: random.Random) -> Iterator[str]:
    """Change slots of the state one by one: where all that the seat's sights show stays, so must what it observes."""
    session, model = environment.session, environment.table.model
    seen, before = environment.sights[agent], environment.observed(agent, session)
    for slot in chance.sample(range(model.slots), min(model.slots, PERTURBED)):
        fork = session.fork()
        try:
            fork.change({slot: session.slot(slot) + 1.0})
        except UsageError:
            continue
        columns = np.concatenate([seen.value, seen.when[seen.when >= 0]])
        told = fork.watched()[columns].tobytes() == session.watched()[columns].tobytes()
        if told and environment.observed(agent, fork).tobytes() != before.tobytes():
            yield f"{agent} observes {model.slot_name(slot)}, which it does not see"


def _episode(environment: Environment, chance: random.Random, seed: int) -> list[tuple[Any, ...]]:
    observations, infos = environment.reset(seed=seed)
    steps: list[tuple[Any, ...]] = [(*_told(observations, {}), repr(infos))]
    while environment.agents:
        observations, rewards, _, over, infos = environment.step(_drawn(environment, observations, chance))
        steps.append((*_told(observations, rewards), repr(over), repr(infos)))
    return steps


def _told(observations: dict[str, Any], rewards: dict[str, float]) -> tuple[Any, ...]:
    parts = ("observation", "action_mask")
    return {agent: [seen[part].tobytes() for part in parts] for agent, seen in observations.items()}, repr(rewards)


def _drawn(environment: Environment, observations: dict[str, Any], chance: random.Random) -> dict[str, int]:
    """A move that its mask allows, for each agent; orders more often, so that some run out."""
    drawn = {}
    for agent in environment.agents:
        allowed = np.flatnonzero(observations[agent]["action_mask"]).tolist()
        orders = [number for number in allowed if environment.moves[agent][number].does == "order"]
        drawn[agent] = chance.choice(orders if orders and chance.random() < 0.7 else allowed)
    return drawn
