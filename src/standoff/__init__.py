"""Standoff turns written analysis of a geopolitical standoff into a model that runs.

    import standoff as so
    scenario = so.load("eastern-syria-2017")
    ensemble = so.run(scenario, runs=1000, seed=1)
    ensemble.questions

The names load what they need when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.calibration import run
    from standoff.engine import reference_run
    from standoff.ensemble import Ensemble, Incomplete
    from standoff.errors import Fault, Faults, RunStopped, StandoffError, UsageError
    from standoff.model import Model, ground
    from standoff.report import write_report
    from standoff.scenario import Scenario, bundled, check, load

__version__ = "0.1.0"

__all__ = [
    "Ensemble", "Fault", "Faults", "Incomplete", "Model", "RunStopped", "Scenario", "StandoffError", "UsageError",
    "__version__", "bundled", "check", "ground", "load", "reference_run", "run", "write_report",
]  # fmt: skip

_ROOM_OF = {
    "Ensemble": "ensemble", "Incomplete": "ensemble",
    "Fault": "errors", "Faults": "errors", "RunStopped": "errors", "StandoffError": "errors", "UsageError": "errors",
    "Model": "model", "ground": "model",
    "Scenario": "scenario", "bundled": "scenario", "check": "scenario", "load": "scenario",
    "reference_run": "engine", "run": "calibration", "write_report": "report",
}  # fmt: skip


def __getattr__(name: str) -> Any:  # Any: each name has a type of its own, which type checkers read above
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'standoff' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"standoff.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
