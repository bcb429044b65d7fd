"""Public functions refuse arguments that make no sense in one sentence, and take numbers of numpy as numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import standoff as so
from standoff.errors import plain_path, whole_number
from tests.ensemble_cases import border


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> so.Scenario:
    return so.load(border(tmp_path_factory.mktemp("scenario"), busy=0.2))


@pytest.fixture(scope="module")
def model(scenario: so.Scenario) -> so.Model:
    return so.ground(scenario.resolved)


def refused(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(so.UsageError, match=sentence) as told:
        call()
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 300


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"runs": np.arange(900)}, "the number of runs must be a whole number, not array"),
        ({"seed": "1"}, "a seed must be a whole number, not '1'"),
        ({"jobs": None}, "jobs must be a whole number, not None"),
        ({"events": None}, "events must be a whole number, not None"),
        ({"sampler": None}, "the sampler must be direct or coupled"),
        ({"progress": 1}, "progress must be a function"),
        ({"name": b"x"}, "name must be text"),
        ({"out": 1}, "out must be a path, not 1"),
        ({"out": "a\0b"}, "out cannot be a path with a NUL in it"),
        ({"executor": 1}, "an executor must be one of concurrent.futures, not 1"),
        ({"executor": ThreadPoolExecutor}, "an executor must be one of concurrent.futures"),
    ],
)
def test_an_argument_of_run_that_makes_no_sense_is_refused(
    scenario: so.Scenario, given: dict[str, Any], sentence: str
) -> None:
    refused(lambda: so.run(scenario, **given), sentence)


def test_run_wants_a_scenario_and_not_its_name() -> None:
    refused(lambda: so.run("eastern-syria-2017"), "as standoff.load gives it, not 'eastern-syria-2017'")  # type: ignore[arg-type]


def test_an_executor_that_takes_no_more_work_leaves_what_is_finished(scenario: so.Scenario, tmp_path: Path) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(so.Incomplete, match="the executor takes no more work") as cut:
        so.run(scenario, runs=30, executor=executor, out=tmp_path / "run")
    assert cut.value.finished == 10
    assert so.run(scenario, runs=30, out=tmp_path / "run").runs == 30


class Cancelling(ThreadPoolExecutor):
    """Takes work and drops it, as an executor that another thread shuts down with cancel_futures."""

    def submit(self, *_: object, **__: object) -> Future[Any]:  # type: ignore[override]
        dropped: Future[Any] = Future()
        dropped.cancel()
        dropped.set_running_or_notify_cancel()
        return dropped


def test_an_executor_that_drops_its_work_leaves_what_is_finished(scenario: so.Scenario, tmp_path: Path) -> None:
    with pytest.raises(so.Incomplete, match="the executor cancelled its work") as cut:
        so.run(scenario, runs=30, executor=Cancelling(1), out=tmp_path / "run")
    assert cut.value.finished == 10


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"variant": 1}, "a variant must be a name, not 1"),
        ({"settings": "pace=1"}, "settings must be a dict"),
        ({"settings": {"pace": "1"}}, "the parameter 'pace' must be set to a number, not '1'"),
        ({"settings": {"pace": True}}, "the parameter 'pace' must be set to a number, not True"),
        ({"settings": {"pace": 10**400}}, "the parameter 'pace' cannot be 1000"),
        ({"settings": {1: 1}}, "by the names of parameters, not by 1"),
        ({"overlays": "more.yaml"}, "overlays must be a list, not 'more.yaml'"),
        ({"overlays": [1]}, "an overlay must be a path, not 1"),
        ({"injects": "war"}, "injects must be a list, not 'war'"),
        ({"injects": [1]}, "an inject must be a name, not 1"),
    ],
)
def test_an_argument_of_load_that_makes_no_sense_is_refused(
    scenario: so.Scenario, given: dict[str, Any], sentence: str
) -> None:
    refused(lambda: so.load(scenario.path, **given), sentence)


def test_a_setting_may_be_a_number_of_numpy(scenario: so.Scenario) -> None:
    """A sweep over np.linspace was told that 0.5 is not a prior."""
    plain = so.load(scenario.path, settings={"pace": 0.5})
    same = so.load(scenario.path, settings={"pace": np.linspace(0.0, 1.0, 3)[1]})
    assert (same.digest, same.settings) == (plain.digest, plain.settings)
    assert so.load(scenario.path, settings={"pace": np.int64(1)}).settings == {"pace": 1.0}


def test_ground_wants_what_a_scenario_resolves_to_and_its_states(scenario: so.Scenario) -> None:
    refused(lambda: so.ground(scenario), "takes what a scenario holds as `resolved`")  # type: ignore[arg-type]
    refused(lambda: so.ground(scenario.resolved, changeable=["holders"]), "there is no state 'holders'; did you mean")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"run": -1}, "runs are numbered from 0: there is no run -1"),
        ({"seed": "a"}, "a seed must be a whole number, not 'a'"),
        ({"run": 1.5}, "run must be a whole number, not 1.5"),
        ({"sampler": "cuopled"}, "the sampler must be direct or coupled, not 'cuopled'"),
        ({"parameters": np.ones(1)}, r"have the shape \(2,\), not \(1,\)"),
        ({"parameters": "x"}, r"have the shape \(2,\), not \(\)"),
    ],
)
def test_an_argument_of_reference_run_that_makes_no_sense_is_refused(
    model: so.Model, given: dict[str, Any], sentence: str
) -> None:
    refused(lambda: so.reference_run(model, **({"seed": 1, "run": 0} | given)), sentence)


def test_a_ground_rule_that_is_not_there_has_no_binding(model: so.Model) -> None:
    for number in (-1, model.ground_rules):
        refused(lambda number=number: model.binding(number), "ground rules are numbered from 0")  # type: ignore[misc]


@pytest.mark.parametrize("folder", [None, 1, b"run", "a\0b"])
def test_a_folder_is_a_path(folder: Any) -> None:
    refused(lambda: so.Ensemble(folder), "a run folder (must|cannot) be a path")
    refused(lambda: so.write_report(folder), "a run folder (must|cannot) be a path")


def test_a_number_or_a_path_that_is_one_is_taken_as_it_is() -> None:
    assert (whole_number(np.int16(3), "n"), plain_path("a/b", "it")) == (3, Path("a/b"))
