"""Standoff turns written analysis of a geopolitical standoff into a model that runs.

    import standoff as so
    scenario = so.load("eastern-syria-2017")
    ensemble = so.run(scenario, runs=1000, seed=1)
    ensemble.questions

The names load what they need when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

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

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "calibration": ("run",),
            "engine": ("reference_run",),
            "ensemble": ("Ensemble", "Incomplete"),
            "errors": ("Fault", "Faults", "RunStopped", "StandoffError", "UsageError"),
            "model": ("Model", "ground"),
            "report": ("write_report",),
            "scenario": ("Scenario", "bundled", "check", "load"),
        },
    )
