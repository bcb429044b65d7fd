"""A deep check: what leads nowhere in a scenario, and which of its rules never fire in many runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from standoff.ensemble import Batch, Way, Where
from standoff.errors import random_seed, whole_number
from standoff.model import ground
from standoff.scenario import LooseEnds, check_scenario, loose_ends, never_fired, tree
from standoff.scenario import resolved as res

if TYPE_CHECKING:
    from standoff.scenario import Scenario

_NOTHING = res.Given(None, None, None, None, None, None, (), hindsight=False)


def deep_check(
    scenario: Scenario,
    *,
    runs: int = 300,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LooseEnds:
    """What leads nowhere in a scenario, and which rules never fired in so many runs; with 0 none is made.

    `progress` is called with the runs finished and the runs asked for. Raises RunStopped.
    """
    check_scenario(scenario)
    runs, seed = whole_number(runs, "the number of runs"), random_seed(seed)
    found = loose_ends(scenario.expanded, scenario.resolved)
    if runs <= 0:
        return found
    fired = rules_fired(scenario, runs=runs, seed=seed, where=Where(jobs, executor), progress=progress)
    never = never_fired(scenario.expanded, scenario.resolved, fired, runs)
    return replace(found, findings=(*found.findings, *never), runs=runs, seed=seed)


def rules_fired(
    scenario: Scenario, *, runs: int, seed: int, where: Where, progress: Callable[[int, int], None] | None = None
) -> frozenset[str]:
    """The rules that fired in any of so many runs, silent ones too; raises RunStopped."""
    resolved = scenario.resolved
    # How often a rule fired is asked for as a number, in place of what the scenario asks.
    counts = tuple(
        res.Question(
            name=rule.name, ask=rule.name, type="number", answer=tree.Firings(type=tree.Number(), rule=rule.name),
            date=scenario.document.ends, unit=None, forecast=None, given=_NOTHING,
        )
        for rule in resolved.rules
    )  # fmt: skip
    model = ground(replace(resolved, questions=counts, watches=()))
    done = 0

    def made(some: int) -> None:
        nonlocal done
        done += some
        if progress is not None:
            progress(done, runs)

    fired = Batch(Way(model, seed), np.arange(runs)).answers(where, made=made).sum(axis=0)
    return frozenset(rule.name for rule, times in zip(resolved.rules, fired.tolist(), strict=True) if times)
