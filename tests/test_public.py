"""The public names are the ones that were promised: no more, no fewer, and each is there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from importlib.metadata import entry_points, version

import pytest

import standoff

PROMISED = {
    "Ensemble",
    "Fault",
    "Faults",
    "Incomplete",
    "Model",
    "RunStopped",
    "Scenario",
    "StandoffError",
    "UsageError",
    "__version__",
    "bundled",
    "check",
    "ground",
    "load",
    "reference_run",
    "run",
    "write_report",
}
DOORS = {
    "standoff.scenario": {"Document", "Resolved", "Scenario", "bundled", "check", "load"},
    "standoff.model": {"EVENT_COLUMNS", "SERIES_COLUMNS", "Model", "ground"},
    "standoff.engine": {"Program", "Trajectory", "draw_parameters", "prepare", "reference_run", "run"},
    "standoff.ensemble": {"Ensemble"},
    "standoff.analysis": {"answer", "boxes", "branch", "compare", "deals", "explain", "rare", "sense", "try_claims"},
    "standoff.analysis.answers": {"Interval", "wilson", "word"},
    "standoff.calibration": {"Forecasts", "answers", "run", "score"},
    "standoff.report": {"write_report"},
    "standoff.strategy": {"Blocks", "Candidate", "judge", "mean_payoffs", "regret_of", "settle"},
}


def test_the_package_offers_exactly_what_it_promises() -> None:
    assert set(standoff.__all__) == PROMISED
    assert set(dir(standoff)) >= PROMISED


@pytest.mark.parametrize("name", sorted(PROMISED - {"__version__"}))
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    thing = getattr(standoff, name)
    assert inspect.getdoc(thing), f"standoff.{name} has no docstring"


def test_a_name_that_was_not_promised_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="utils"):
        standoff.utils  # noqa: B018  (the access is what is tested)


@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_door_offers_what_other_rooms_need(door: str) -> None:
    module = importlib.import_module(door)
    assert set(module.__all__) >= DOORS[door]
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_every_module_is_reached_by_its_own_name() -> None:
    """A function that a door offers under the name of a module of its room would hide the module."""
    for found in pkgutil.walk_packages(standoff.__path__, "standoff."):
        if found.name == "standoff.__main__":
            continue
        module = importlib.import_module(found.name)
        thing: object = standoff
        for part in found.name.split(".")[1:]:
            thing = getattr(thing, part)
        assert thing is module, f"{found.name} is hidden by {thing!r}"


def test_the_version_is_the_same_everywhere() -> None:
    assert standoff.__version__ == version("standoff")


def test_the_command_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="standoff")
    assert script.value == "standoff.cli:main"
    assert callable(script.load())


def test_every_error_is_of_one_family() -> None:
    for name in ("Fault", "Faults", "RunStopped", "UsageError"):
        assert issubclass(getattr(standoff, name), standoff.StandoffError)
    assert issubclass(standoff.StandoffError, Exception)
