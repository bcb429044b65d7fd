"""What words draw has the law that they say: how late, how long, on which day, to the whole of the distribution.

False alarms: distances between distributions are held to a bound that is exact at any size (Massart 1990,
doi:10.1214/aop/1176990746), and products of neighbours, which are martingale differences of at most a quarter, to
Azuma's. Each comparison errs with LEVEL at most.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from standoff.engine import Program, Sampler, prepare
from tests.outcomes import SAMPLERS, model_from, one_after_another
from tests.rescaling import farthest, too_far

Floats = NDArray[np.float64]
LEVEL = 5e-8
RUNS = 150
PLACES = 30
NEWS = 30
DRAWN = f"""
standoff: 1
title: Everything that takes a while
starts: 2019-01-01
ends: 2019-03-31
actors: {{red: {{}}, blue: {{}}}}
places: {{{", ".join(f"q{i}: {{}}" for i in range(PLACES))}}}
rules:
  convoy: {{every: 1 day, jitter: 18 hours}}
  rings: {{for: {{q: place}}, at: 1}}
  evenly: {{for: {{q: place}}, since: rings, after: "uniform(6 hours, 3 days)"}}
  without_memory: {{for: {{q: place}}, since: rings, after: exponential(36 hours)}}
  in_stages: {{for: {{q: place}}, since: rings, after: "gamma(3, 2 days)"}}
  enters: {{for: {{q: place}}, at: 1}}
red_lines:
  entry:
    of: blue
    crossed_by: [{{rule: enters, by: red, at: q}}]
    response: {{delay: "uniform(12 hours, 5 days)", event: ASSAULT by blue on intruder at spot}}
injects:
"""
DRAWN += "".join(f"  news_{i}: {{between: [2019-01-11, 2019-01-20], chance: 0.4}}\n" for i in range(NEWS))


def evenly(low: float, high: float) -> Callable[[Floats], Floats]:
    return lambda x: np.clip((x - low) / (high - low), 0.0, 1.0)


def in_stages(stages: int, mean: float) -> Callable[[Floats], Floats]:
    """The law of a sum of so many exponentials with that mean in all (Erlang)."""

    def below(x: Floats) -> Floats:
        of = np.maximum(x, 0.0) * stages / mean
        return np.asarray(1.0 - np.exp(-of) * sum(of**k / math.factorial(k) for k in range(stages)))

    return below


LAWS = {
    "convoy": evenly(0.0, 0.75),
    "evenly": evenly(0.25, 3.0),
    "without_memory": in_stages(1, 1.5),
    "in_stages": in_stages(3, 2.0),
    "entry_response": evenly(0.5, 5.0),
    "news": evenly(10.0, 20.0),
}
"""Of each rule, the law of the time since what it counts from, in days."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return prepare(model_from(DRAWN, tmp_path_factory.mktemp("drawn"))[0], hurry=True)


def fired(program: Program, sampler: Sampler) -> dict[str, list[list[float]]]:
    """By rule, when it fired in each run."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    model = program.model
    of = {f"news_{i}": "news" for i in range(NEWS)}
    names = [of.get(model.rules[rule].name, model.rules[rule].name) for rule in model.rule_of.tolist()]
    for made in one_after_another(program, RUNS, seed=7, sampler=sampler):
        times: dict[str, list[float]] = {name: [] for name in LAWS}
        for day, rule in zip(made.time.tolist(), made.rule.tolist(), strict=True):
            if names[rule] in times:
                times[names[rule]].append(day)
        for name, days in times.items():
            found[name].append(days)
    return found


@pytest.mark.statistical(false_alarm=8e-7)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_what_is_drawn_has_the_law_that_is_written(program: Program, sampler: Sampler) -> None:
    """Six distances, a share and a product, for each sampler. A jitter that is 7% too short is noticed."""
    times = fired(program, sampler)
    late = np.array([np.sort(days)[:88] - np.arange(1, 89) for days in times.pop("convoy")])
    assert late.min() >= 0 and late.max() <= 0.75, "each of the dates has its own"
    assert farthest(late.ravel(), LAWS["convoy"]) <= too_far(late.size, LEVEL)
    u = late / 0.75 - 0.5
    products = (u[:, 1:] * u[:, :-1]).ravel()
    assert abs(products.sum()) <= 0.25 * math.sqrt(2 * len(products) * math.log(2 / LEVEL))
    came = sum(map(len, times["news"]))
    assert abs(came - 0.4 * RUNS * NEWS) <= math.sqrt(RUNS * NEWS / 2 * math.log(2 / LEVEL))
    for name, runs in times.items():
        since = 0.0 if name == "news" else 1.0
        took = np.array([day - since for days in runs for day in days])
        assert farthest(took, LAWS[name]) <= too_far(len(took), LEVEL), name
        # Each has luck of its own, though all wait at once.
        assert len(set(took.tolist())) == len(took) == (came if name == "news" else RUNS * PLACES), name
