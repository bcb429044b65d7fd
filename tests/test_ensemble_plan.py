"""What may be asked of runs: numbers that are whole, seeds that name random streams, whoever asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from standoff.analysis import boxes, branch, compare, explain, knock_out, rare, run_until, sense, try_claims
from standoff.calibration import run, score_forecasts
from standoff.engine import Session, prepare, reference_run
from standoff.ensemble import Plan, Where, run_many
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import Scenario, load
from tests.ensemble_cases import border, tables_of


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(border(tmp_path_factory.mktemp("scenario"), busy=0.2))


VERBS: dict[str, Callable[..., Any]] = {
    "boxes": lambda scenario, **more: boxes(scenario, ["blue-holds"], **more),
    "branch": lambda scenario, **more: branch(scenario, **({"seed": 1, "run": 0, "event": 0} | more)),
    "compare": lambda scenario, **more: compare(scenario, {"other": scenario}, **more),
    "explain": lambda scenario, **more: explain(scenario, "blue-holds", **more),
    "knock_out": knock_out,
    "rare": lambda scenario, **more: rare(scenario, "blue-holds", **more),
    "run": run,
    "run_many": run_many,
    "run_until": lambda scenario, **more: run_until(scenario, 0.4, **more),
    "score": lambda scenario, **more: score_forecasts([scenario], **more),
    "sense": sense,
    "try_claims": try_claims,
    "session": lambda scenario, **more: Session.begin(prepare(ground(scenario.resolved)), **({"run": 0} | more)),
    "reference_run": lambda scenario, **more: reference_run(ground(scenario.resolved), **({"run": 0} | more)),
}
NOW = {"created": "", "seconds": 0}
NUMBERS = {
    "branch": ("run", "continuations", "jobs"),
    "compare": ("runs", "jobs"),
    "explain": ("runs", "run", "stories", "jobs"),
    "rare": ("replicates", "particles", "jobs"),
    "run_until": ("at_most", "jobs"),
    "try_claims": ("at_most",),
    "session": ("run",),
    "reference_run": ("run",),
}


@pytest.mark.parametrize("seed", [1.0, True, "1", -1, 1 << 63, None])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_a_seed_that_would_name_other_random_numbers(
    scenario: Scenario, verb: str, seed: object
) -> None:
    with pytest.raises(UsageError, match=r"^a seed must be a whole number"):
        VERBS[verb](scenario, seed=seed)


@pytest.mark.parametrize("wrong", [12.5, 300.0, True, "300"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_numbers_that_are_not_whole(scenario: Scenario, verb: str, wrong: object) -> None:
    for name in NUMBERS.get(verb, ("runs", "jobs")):
        with pytest.raises(UsageError, match=r"must be a whole number"):
            VERBS[verb](scenario, **({"seed": 1} | {name: wrong}))


def test_whole_numbers_of_any_type_make_the_same_runs(scenario: Scenario, tmp_path: Path) -> None:
    plain = run(scenario, runs=12, seed=2, events="5", out=tmp_path / "plain")
    numpy = run(
        scenario, runs=np.int64(12), seed=np.uint8(2), jobs=np.int32(1), events=np.int16(5), out=tmp_path / "numpy"
    )  # type: ignore[call-overload, unused-ignore]
    assert tables_of(plain.folder) == tables_of(numpy.folder)
    manifests = [json.loads((made.folder / "manifest.json").read_text()) | NOW for made in (plain, numpy)]
    assert manifests[0] == manifests[1]
    assert manifests[0]["events"]["runs"] == 5


@pytest.mark.parametrize("wrong", [
    {"runs": 0}, {"seed": -1}, {"events": "9" * 5000}, {"events": "²"}, {"events": -1}, {"events": 2.5},
    {"events": True}, {"events": None}, {"sampler": "other"}, {"sampler": 3},
])  # fmt: skip
def test_a_plan_that_cannot_be_made_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Plan(**wrong)
    with pytest.raises(UsageError):
        Where(0)


def test_explanations_and_sensitivities_refuse_what_they_would_read_otherwise(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="stories must be at least 0, not -1"):
        explain(scenario, "blue-holds", runs=2, stories=-1)
    with pytest.raises(UsageError, match="by parameter or by paragraph, not by 'params'"):
        sense(scenario, runs=10, by="params")  # type: ignore[arg-type]
