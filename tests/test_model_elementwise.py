"""What decides the bytes of runs is the same on every processor, whatever vector instructions NumPy finds on it."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from standoff.geography import great_circle_km
from standoff.model import Model, elementwise

PRIORS = """
actors: {blue: {}}
parameters:
  a: {prior: "lognormal(median=2, sigma=0.7)"}
  b: {prior: "gamma(shape=0.4, mean=3)"}
  c: {prior: "beta(a=2, b=0.6)"}
  d: {prior: "loguniform(0.01, 20)"}
  e: {prior: "exponential(mean=4)"}
  f: {prior: "normal(mean=0, sd=1)", at_least: 3.5}
state: {n: {}}
rules: {go: {rate: a + b + c + d + e + f, then: [n += 1]}}
"""

DIGEST = """
import hashlib, pathlib, sys
import numpy as np
from standoff.engine import draw_parameters
from standoff.model import ground
from standoff.scenario import load
from standoff.engine import parameters
parameters._TRIES = 50  # What is left after these is drawn from the tail.
model = ground(load(sys.argv[1]).resolved)
print(hashlib.sha256(draw_parameters(model, seed=1, runs=np.arange(400)).tobytes()).hexdigest())
"""
NOT_EVERYWHERE = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4"


def test_each_function_gives_what_the_c_library_gives() -> None:
    random = Random(3)
    x = np.array([random.uniform(-0.99, 6.0) for _ in range(4_000)])
    for name, function in (("exp", math.exp), ("expm1", math.expm1), ("log1p", math.log1p), ("sin", math.sin)):
        assert getattr(elementwise, name)(x).tolist() == [function(number) for number in x.tolist()], name
    positive = np.abs(x) + 1e-9
    assert elementwise.log(positive).tolist() == [math.log(number) for number in positive.tolist()]
    assert elementwise.power(positive, x).tolist() == [
        math.pow(base, number) for base, number in zip(positive.tolist(), x.tolist(), strict=True)
    ]


def test_what_is_not_finite_is_as_in_ieee_754() -> None:
    assert elementwise.exp([710.0, -math.inf]).tolist() == [math.inf, 0.0]
    assert elementwise.log([0.0, math.inf]).tolist() == [-math.inf, math.inf] and np.isnan(elementwise.log(-1.0))
    assert elementwise.power(0.0, -1.0) == math.inf and np.isnan(elementwise.power(-8.0, 1 / 3))
    assert np.isnan(elementwise.sin(math.inf)) and np.isnan(elementwise.arcsin(1.5)) and elementwise.log1p(-1.0) < 0.0


def test_distances_are_those_of_the_sphere_to_the_bit(model_of: Callable[[str], Model]) -> None:
    random = Random(4)
    points = {f"p{i}": (random.uniform(-90, 90), random.uniform(-180, 180)) for i in range(30)}
    places = ", ".join(f"{name}: {{at: [{north!r}, {east!r}]}}" for name, (north, east) in points.items())
    model = model_of(f"""
actors: {{blue: {{}}}}
places: {{{places}}}
state: {{reach: {{unit: km}}}}
rules: {{go: {{for: {{p: place, q: place}}, when: "distance(p, q) < reach", rate: 0.001, then: [reach += 1]}}}}
""")
    wanted = {great_circle_km(one, other) for one in points.values() for other in points.values()}
    assert wanted <= set(model.floats.tolist())


def test_draws_are_the_same_without_the_newest_instructions(
    tmp_path: Path,
) -> None:
    file = tmp_path / "priors.yaml"
    file.write_text("standoff: 1\ntitle: Priors\nstarts: 2020-01-01\nends: 2020-03-01\n" + PRIORS, encoding="utf-8")

    def digest(**disabled: str) -> str:
        made = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", DIGEST, str(file)],
            env=os.environ | disabled, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return made.stdout

    assert digest() == digest(NPY_DISABLE_CPU_FEATURES=NOT_EVERYWHERE)
