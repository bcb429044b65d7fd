"""The unchanged case of what-ifs: its coupled runs, made once for all verbs of a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble.key import run_key
from standoff.ensemble.results import Ensemble
from standoff.ensemble.run import Progress, run_many

if TYPE_CHECKING:
    from standoff.scenario import Scenario

HELD = 2
"""How many cases are held; each lies in a temporary folder until the process ends."""
WITHOUT_EVENTS = "0"

_held: OrderedDict[tuple[str, int], Ensemble] = OrderedDict()
_holding = threading.Lock()


def unchanged_runs(
    scenario: Scenario,
    *,
    runs: int,
    seed: int,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """The first runs of a case under the coupled sampler; those that were made before in this process, if any were.

    Raises RunStopped if a run stops.
    """
    known = known_runs(scenario, runs=runs, seed=seed)
    if known is not None:
        if progress is not None:
            progress(runs, runs)
        return known
    made = run_many(
        scenario, runs=runs, seed=seed, jobs=jobs, executor=executor, events=WITHOUT_EVENTS, sampler="coupled",
        progress=progress,
    )  # fmt: skip
    with _holding:
        _held[_name(scenario, runs, seed)] = made
        while len(_held) > HELD:
            _held.popitem(last=False)
    return made


def known_runs(scenario: Scenario, *, runs: int, seed: int) -> Ensemble | None:
    """These runs if they were made before in this process."""
    with _holding:
        return _held.get(_name(scenario, runs, seed))


def runs_in(folder: Path, scenario: Scenario, *, runs: int, seed: int) -> Ensemble | None:
    """These runs if a run folder holds exactly them: then they are what a what-if is measured from."""
    made = Ensemble(folder)
    wanted = {_key(scenario, seed, events) for events in ("auto", "all", WITHOUT_EVENTS)}
    if made.manifest.partial or made.runs != runs or made.manifest.key not in wanted:
        return None
    with _holding:
        _held[_name(scenario, runs, seed)] = made
    return made


def _name(scenario: Scenario, runs: int, seed: int) -> tuple[str, int]:
    return _key(scenario, seed, WITHOUT_EVENTS), runs


def _key(scenario: Scenario, seed: int, events: str) -> str:
    from standoff import __version__ as version

    return run_key(scenario, version=version, seed=seed, events=events, sampler="coupled")
