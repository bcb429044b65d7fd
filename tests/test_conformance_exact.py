"""The engine agrees with processes whose answers are known exactly: means, variances, probabilities, first passages.

False alarms. Every comparison is a two-sided z-test. The level of one comparison is 1e-7 divided by the number of
comparisons in this file, so that the chance that any right engine fails any of them is at most 1e-6, with a factor of
ten in hand for what the normal approximation leaves out; comparisons of variances, whose error is itself estimated
from the runs, and those on few runs get a threshold half as wide again. Seeds are fixed: a test that passes once
passes always, until the law or the luck of the engine changes.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from conformance.exact.processes import LAWS
from standoff.engine import Trajectory, prepare, reference_run
from standoff.model import Model, ground
from tests.outcomes import one_after_another
from tests.proofs import first_of, scenario_at

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "exact"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SEED = 20170531
SCALE = int(os.environ.get("STANDOFF_VERIFY", "1"))
TWIN_RUNS = 100 * SCALE
SIZES = pytest.mark.parametrize("runs", first_of([4_000 * SCALE, 10_000 * SCALE]))
"""Of the kernel's runs; the fewest with which every answer that is a tenth off is seen, and more as a slow proof."""
COMPARISONS = 4 * sum(len(json.loads(path.read_text())["answers"]) for path in FOLDER.glob("*.answers.json"))
THRESHOLD = NormalDist().inv_cdf(1 - 1e-7 / COMPARISONS / 2)
WIDER = 1.5
FALSE_ALARM = 1e-6  # of the kernel's comparisons together, and of the twin's
EXACTLY = 1e-9  # relative; what has no variance must come out right to rounding


@cache
def model_of(name: str) -> Model:
    return ground(scenario_at(FOLDER / f"{name}.yaml").resolved)


def stated(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.answers.json").read_text(encoding="utf-8"))
    return found


def reader(model: Model, answer: dict[str, Any]) -> Callable[[Trajectory], float]:
    """How an answer is read from a trajectory."""
    if "question" in answer:
        question = [question.name for question in model.questions].index(answer["question"])
        return lambda trajectory: float(trajectory.answers[question])
    column = [series.name for series in model.series].index(answer["watch"])
    row = int(np.flatnonzero(np.isclose(model.grid, answer["at"]))[0])
    return lambda trajectory: float(trajectory.series[row, column])


def sample(name: str, made: Iterable[Trajectory]) -> np.ndarray:
    """The answers of many runs: (run, answer) float64."""
    readers = [reader(model_of(name), answer) for answer in stated(name)["answers"]]
    return np.array([[read(trajectory) for read in readers] for trajectory in made])


def differences(name: str, found: np.ndarray, *, variances: bool, threshold: float) -> list[str]:
    """Every answer that the runs contradict, as a sentence."""
    wrong = []
    for answer, values in zip(stated(name)["answers"], found.T, strict=True):
        where = " ".join(f"{key} {answer[key]}" for key in ("question", "watch", "at") if key in answer)
        mean, variance, n = answer["mean"], answer["variance"], len(values)
        if variance == 0:
            if not np.allclose(values, mean, rtol=EXACTLY, atol=EXACTLY):
                wrong.append(f"{where}: always {mean}, but the runs give {values.min()}..{values.max()}")
            continue
        z = (values.mean() - mean) / math.sqrt(variance / n)
        if not abs(z) <= threshold:
            wrong.append(f"{where}: mean {mean:.6g}, but the runs give {values.mean():.6g} (z = {z:.1f})")
        if variances and not set(values) <= {0.0, 1.0}:
            fourth = float(((values - mean) ** 4).mean())
            z = (float(((values - mean) ** 2).mean()) - variance) / math.sqrt((fourth - variance**2) / n)
            if not abs(z) <= threshold * WIDER:
                wrong.append(f"{where}: variance {variance:.6g}, but the runs give {values.var():.6g} (z = {z:.1f})")
    return wrong


@cache
def kernel_sample(name: str, runs: int) -> np.ndarray:
    return sample(name, one_after_another(prepare(model_of(name)), runs, seed=SEED, record=False))


def test_each_scenario_has_a_law_and_stated_answers() -> None:
    assert len(NAMES) >= 6
    assert sorted(LAWS) == NAMES
    assert sorted(path.name.removesuffix(".answers.json") for path in FOLDER.glob("*.answers.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_stated_answers_follow_from_the_law(name: str) -> None:
    law, file = LAWS[name](), stated(name)
    assert file["source"] == law.source
    assert len(file["answers"]) == len(law.answers)
    for said, right in zip(file["answers"], law.answers, strict=True):
        assert {key: said[key] for key in said if isinstance(said[key], str)} == {
            key: right[key] for key in right if isinstance(right[key], str)
        }
        for key in ("mean", "variance"):
            assert said[key] == pytest.approx(right[key], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in NAMES if LAWS[name]().chain])
def test_a_stated_generator_gives_a_distribution_that_its_own_equation_keeps(name: str) -> None:
    """Kolmogorov's forward equation, by central differences, on the distribution that uniformisation gives."""
    chain = LAWS[name]().chain
    assert chain is not None
    assert [[here, there, rate] for (here, there), rate in chain.rates.items()] == stated(name)["chain"]
    step = 1e-4
    slope = (chain.distribution(5 + step) - chain.distribution(5 - step)) / (2 * step)
    assert chain.distribution(5).sum() == pytest.approx(1, abs=1e-12)
    assert slope == pytest.approx(chain.distribution(5) @ chain.generator(), abs=1e-8)


@pytest.mark.statistical(false_alarm=FALSE_ALARM)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", NAMES)
@SIZES
def test_the_kernel_agrees_with_theory(name: str, runs: int) -> None:
    assert differences(name, kernel_sample(name, runs), variances=True, threshold=THRESHOLD) == []


@pytest.mark.statistical(false_alarm=FALSE_ALARM)
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if i % 3 else name for i, name in enumerate(NAMES)]
)
def test_the_reference_twin_agrees_with_theory(name: str) -> None:
    """One in three whenever tests run: all are held, bit by bit, to the kernel, which is held to theory above."""
    model = model_of(name)
    found = sample(name, (reference_run(model, seed=SEED, run=i) for i in range(TWIN_RUNS)))
    assert differences(name, found, variances=False, threshold=THRESHOLD * WIDER) == []


@pytest.mark.statistical(false_alarm=1e-7)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", NAMES)
@SIZES
def test_these_tests_would_notice_a_law_that_is_a_tenth_off(name: str, runs: int) -> None:
    """The spread of the counts is scaled with their mean, as a rate that is a tenth too high would do."""
    assert differences(name, kernel_sample(name, runs) * 1.1, variances=True, threshold=THRESHOLD) != []
