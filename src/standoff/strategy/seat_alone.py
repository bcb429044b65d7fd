"""One seat of a scenario as a Gymnasium environment, for what learns alone; all other actors do as the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from standoff.errors import UsageError
from standoff.strategy.environment import Environment, Observation

try:
    from gymnasium import Env
except ImportError:
    raise UsageError("Gymnasium is not here: pip install 'standoff[environment]'") from None


class SingleSeat(Env):  # type: ignore[misc]  # gymnasium may be missing, so mypy does not look at it
    """An environment of one agent, without the names of agents."""

    def __init__(self, environment: Environment) -> None:
        """Raises UsageError where more than one seat is played."""
        if len(environment.possible_agents) != 1:
            seats = ", ".join(environment.seats.values())
            raise UsageError(f"one seat can be played alone, not {seats}: name it under goals")
        self.environment, self.metadata = environment, environment.metadata
        (self.agent,) = environment.possible_agents
        self.observation_space = environment.observation_space(self.agent)
        self.action_space = environment.action_space(self.agent)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin the first run of a seed, or the next run of the one before."""
        super().reset(seed=seed)
        observations, infos = self.environment.reset(seed=seed, options=options)
        return observations[self.agent], infos[self.agent]

    def step(self, action: int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Play a turn."""
        observations, rewards, ended, over, infos = self.environment.step({self.agent: action})
        agent = self.agent
        return observations[agent], rewards[agent], ended[agent], over[agent], infos[agent]
