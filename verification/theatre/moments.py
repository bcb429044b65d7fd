"""The state of a scenario on a day, over many runs: every declared state by its entities."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Session, prepare
from standoff.model import Model
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


def on_day(model: Model, day: float, names: Collection[str], *, runs: int, seed: int) -> Moments:
    """Some states after so many days."""
    program = prepare(model)
    tables = [state for state in model.states if state.name in names]
    taken = []
    for run in range(runs):
        session = Session.begin(program, seed=seed, run=run, record=False)
        session.advance_to(day)
        taken.append(_values(session, tables))
    return Moments(model, runs, {one.name: np.array([v[i] for v in taken]) for i, one in enumerate(tables)})


def _values(session: Session, tables: list[StateTable]) -> list[Floats]:
    # A copy of all slots is quick; only what fades since it was written must be asked for one by one.
    written = session.snapshot().written
    return [
        session.state(one.name)
        if one.half_life is not None
        else written[one.start : one.start + one.size].reshape(one.shape)
        for one in tables
    ]


def reaching(scenario: Scenario, day: date) -> Scenario:
    """The scenario, made to last to a day if it ends before."""
    if scenario.document.ends >= day:
        return scenario
    with TemporaryDirectory() as folder:
        longer = Path(folder) / "longer.yaml"
        longer.write_text(f"ends: {day}\n", encoding="utf-8")
        return load(scenario.path, overlays=[longer])
