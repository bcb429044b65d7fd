"""The state of a scenario on a day, over many runs: every declared state by its entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Session, prepare
from standoff.model import Model, ground
from standoff.model.tables import StateTable
from standoff.scenario import Scenario, load

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """A scenario's runs on a day: of each state the values, (runs, members of its kinds …)."""

    model: Model
    runs: int
    values: Mapping[str, Floats]

    @cached_property
    def states(self) -> Mapping[str, StateTable]:
        """The states by their names."""
        return {state.name: state for state in self.model.states if state.name in self.values}

    def members(self, name: str) -> list[tuple[str, ...]]:
        """The names of a state's entities, in the order of its values."""
        state = self.states[name]
        names = [self.model.kinds[kind] for kind in state.kinds]
        return [tuple(names[i][at] for i, at in enumerate(where)) for where in np.ndindex(state.shape)]

    def column(self, name: str, *members: str) -> Floats:
        """The values of one component, (runs,)."""
        state = self.states[name]
        column = self.values[name]
        for kind, one in zip(state.kinds, members, strict=True):
            column = column[:, self.model.kinds[kind].index(one)]
        return column

    def words(self, name: str, *members: str) -> list[str]:
        """What a component holds in each run, where it holds entities, levels or truths; `none` for no entity."""
        labels = self.states[name].labels or ("false", "true")
        return ["none" if value < 0 else labels[int(value)] for value in self.column(name, *members)]


def on_day(scenario: Scenario, day: float, *, runs: int, seed: int) -> Moments:
    """The states after so many days."""
    program = prepare(ground(scenario.resolved))
    names = [state.name for state in program.model.states if not state.hidden]
    sessions = (Session.begin(program, seed=seed, run=run, record=False) for run in range(runs))
    taken = [_states(session, names, day) for session in sessions]
    return Moments(program.model, runs, {name: np.array([one[name] for one in taken]) for name in names})


def _states(session: Session, names: list[str], day: float) -> dict[str, Floats]:
    session.advance_to(day)
    return {name: session.state(name) for name in names}


def reaching(scenario: Scenario, day: date) -> Scenario:
    """The scenario, made to last to a day if it ends before."""
    if scenario.document.ends >= day:
        return scenario
    with TemporaryDirectory() as folder:
        longer = Path(folder) / "longer.yaml"
        longer.write_text(f"ends: {day}\n", encoding="utf-8")
        return load(scenario.path, overlays=[longer])
