"""Public functions refuse arguments that make no sense in one sentence, and take numbers of numpy as numbers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import standoff as so
from standoff import analysis, strategy
from standoff.errors import plain_path, real_number, whole_number
from standoff.scenario.loading import load_text
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


GAME = """\
standoff: 1
title: Two sides
starts: 2020-01-01
ends: 2020-02-01
actors: {us: {}, them: {}}
state: {n: {at_least: 0}, alert: {is: truth}}
decisions: {opens: {of: us, comes: {at: 1}, options: {wait: {}, go: {then: [n += 1]}}, policy: {always: wait}}}
rules: {r: {rate: 1 if alert else 0.1, then: [n += 0.1], decides: them, event: ASSAULT by them}}
goals: {us: {is: n}, them: {is: 0 - n}}
policies: {hawk: {of: us, decisions: {opens: {always: go}}}, dove: {of: them, acts: {r: 0.5}}}
levers: {posture: {of: us, policies: [as_written, hawk]}}
deals: {truce: {parties: {us: {deal: 1, no_deal: 0}, them: {deal: 1, no_deal: 0}}, rate: 0.1, terms: [n += 1]}}
seats: {chooser: {plays: us}}
questions: {q: {ask: Q?, when: n > 3, by: 2020-02-01}}
"""


@pytest.fixture(scope="module")
def game() -> so.Scenario:
    return load_text(GAME, "game")


def played(game: so.Scenario, **given: Any) -> object:
    return strategy.solve_game(game, **{"tolerance": 0.1, "blocks": 2, "at_most": 2} | given)


def bargained(game: so.Scenario, **given: Any) -> object:
    patience = {"us": 0.1, "them": 0.1}
    return strategy.solve_bargain(game, "truce", **{"blocks": 2, "impatience": patience} | given)


def branched(game: so.Scenario, **given: Any) -> object:
    return analysis.branch(game, **{"seed": 1, "run": 0, "at": date(2020, 1, 3), "continuations": 2} | given)


@pytest.mark.parametrize("wrong", ["x", None, True])
def test_what_is_no_number_is_refused_wherever_a_number_is_asked_for(game: so.Scenario, wrong: Any) -> None:
    for call in (
        lambda: played(game, tolerance=wrong), lambda: played(game, tolerance={"us": 1, "them": wrong}),
        lambda: played(game, error=wrong), lambda: played(game, precision={"us": 1, "them": wrong}),
        lambda: strategy.grow_game(game, tolerance=wrong), lambda: bargained(game, every=wrong),
        lambda: bargained(game, hazard=wrong), lambda: bargained(game, impatience={"us": 1, "them": wrong}),
        lambda: bargained(game, error=wrong), lambda: analysis.run_until(game, wrong),
        lambda: analysis.try_claims(game, error=wrong),
    ):  # fmt: skip
        refused(call, "must be a number, not")
    if wrong is None:
        refused(lambda: branched(game, changes={"n": wrong}), "n must be a number, not")
    if wrong is not None:
        weighed = {"actor": "us", "worlds": 2, "replicates": 4, "threshold": wrong}
        refused(lambda: strategy.solve_levers(game, **weighed), "the threshold must be a number, not")


def test_a_truth_of_python_is_one_of_the_language_where_a_truth_is_changed(game: so.Scenario) -> None:
    refused(lambda: branched(game, changes={"n": True}), "n takes a number, not 'true'")
    by_truth, by_word = (branched(game, changes={"alert": value}) for value in (np.True_, "true"))
    assert by_truth == by_word != branched(game, changes={"alert": False})


def test_a_number_beyond_all_floats_is_out_of_range_and_no_fault_of_python(game: so.Scenario) -> None:
    huge = 10**400
    refused(lambda: played(game, tolerance=huge), "must be a number above 0")
    refused(lambda: analysis.run_until(game, huge), "a half-width must lie between")
    refused(lambda: analysis.try_claims(game, error=huge), "claims need an error between 0 and 0.5")
    refused(lambda: played(game, precision=huge), "a precision is a number from 0 up")
    refused(lambda: branched(game, changes={"n": huge}), "n takes a finite number, not inf")
    refused(lambda: branched(game, changes={"n": -huge}), "n takes a finite number, not -inf")


def test_names_dates_and_lists_of_another_kind_are_refused(game: so.Scenario) -> None:
    refused(lambda: played(game, actors=["us"]), "actors must be given by name")
    refused(lambda: played(game, actors={"us": "hawk", "them": []}), "the policies of us must be a list of names")
    refused(lambda: bargained(game, impatience=3), "a number for each party by name, not 3")
    refused(lambda: bargained(game, day="2020-01-02"), r"the day must be a datetime\.date, not '2020-01-02'")
    refused(lambda: branched(game, at="2020-01-02"), r"a branch point must be a datetime\.date")
    refused(lambda: branched(game, changes=["n"]), "changes must be given by name")
    refused(lambda: analysis.explain(game, None, runs=5), "there is no question 'None'")  # type: ignore[arg-type]
    refused(lambda: analysis.rare(game, None), "there is no question 'None'")  # type: ignore[arg-type]
    decides = strategy.Lookahead(2)
    refused(lambda: strategy.decide(game, seat=None, by=decides), "there is no seat 'None'")  # type: ignore[arg-type]
    refused(lambda: strategy.solve_levers(game, actor=None), "'None' has no levers")  # type: ignore[arg-type]


def test_a_number_or_a_path_that_is_one_is_taken_as_it_is() -> None:
    assert (whole_number(np.int16(3), "n"), plain_path("a/b", "it")) == (3, Path("a/b"))
    assert (real_number(np.float32(0.5), "n"), real_number(3, "n"), real_number(np.int64(2), "n")) == (0.5, 3.0, 2.0)
