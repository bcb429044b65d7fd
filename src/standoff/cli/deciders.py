"""Who decides, as `sense --deciders` asks: what hangs on luck, on numbers, and on each actor's policy."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from standoff.cli.elsewhere import workers_of

if TYPE_CHECKING:
    from standoff.scenario import Scenario
    from standoff.strategy import Decided

ROWS = 5
"""How many runs of each kind there are for each of --runs, as many as the split of `sense` rests on."""


def split_by_deciders(
    scenario: Scenario, *, runs: int, seed: int, jobs: int | None, on: str | None, shown: bool
) -> Decided:
    """The split of the variance among luck, parameters and who decides, with a bar of progress if it is shown."""
    from standoff import strategy
    from standoff.cli.progress import progress

    with (
        workers_of(on, jobs, scenario) as workers,
        progress(scenario.name, ROWS * runs) if shown else nullcontext() as tell,
    ):
        return strategy.sense_deciders(scenario, runs=ROWS * runs, seed=seed, progress=tell, **workers)
