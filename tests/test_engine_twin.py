"""The compiled kernel and its plain-Python twin make the same run, bit for bit, on every scenario there is."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from standoff.engine import Program, Sampler, Trajectory, prepare, reference_run, run
from standoff.model import Model, ground
from standoff.scenario import bundled, load
from tests.proofs import THEATRE, first_of

ROOT = Path(__file__).resolve().parent.parent
SMALL = sorted(
    path
    for folder in ("exact", "valid")
    for path in (ROOT / "conformance" / folder).glob("*.yaml")
    if not path.name.endswith(".expanded.yaml")
)
SEEDS = (1, 2, 2017)
QUICK = (1, (0, 1))
"""The seed and the runs for whenever tests run."""
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
COLUMNS = ("time", "rule", "source", "target", "place", "size", "series", "answers", "parameters")


BEST = {str(path) for path in SMALL[::4]}
"""Whose best code is held against the twin whenever tests run; that of all others is by slow proofs."""


@cache
def model_of_file(path: str) -> Model:
    return ground(load(path).as_read)


@cache
def program_of(path: str, *, best: bool = False) -> tuple[Model, Program]:
    """The model and its program: compiled in a hurry, in a quarter of the time, unless the best is asked for."""
    model = model_of_file(path)
    return model, prepare(model, hurry=not best)


def assert_same(kernel: Trajectory, twin: Trajectory) -> None:
    """Every array has the same bytes, and every count is the same."""
    for column in COLUMNS:
        left, right = np.asarray(getattr(kernel, column)), np.asarray(getattr(twin, column))
        assert left.shape == right.shape, f"{column}: {left.shape} and {right.shape}"
        differ = np.flatnonzero((left != right).ravel() & ~(np.isnan(left) & np.isnan(right)).ravel())
        first = [(int(i), left.ravel()[i], right.ravel()[i]) for i in differ[:1]]
        assert not first, f"{column} differs first at (index, kernel, twin) {first[0]}"
        assert left.astype(right.dtype).tobytes() == right.tobytes(), f"{column} differs in the sign of a zero"
    assert (kernel.fired, kernel.rejected) == (twin.fired, twin.rejected)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(("seed", "runs"), first_of([QUICK, (1, (2,)), (2, (0, 1, 2)), (2017, (0, 1, 2))]))
@pytest.mark.parametrize("path", SMALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_kernel_and_its_twin_make_the_same_run(
    path: Path, seed: int, runs: tuple[int, ...], sampler: Sampler
) -> None:
    model, program = program_of(str(path), best=str(path) in BEST or (seed, runs) != QUICK)
    for number in runs:
        kernel = run(program, seed=seed, run=number, sampler=sampler)
        assert_same(kernel, reference_run(model, seed=seed, run=number, sampler=sampler))


BUNDLED = [
    (name, sampler, seed)
    for number, name in enumerate(THEATRE)
    for place, (sampler, seed) in enumerate(zip(SAMPLERS, SEEDS, strict=False))
    if "STANDOFF_VERIFY" in os.environ or number % len(SAMPLERS) == place
]
"""Bundled scenarios with a sampler in turn: the twin takes up to half a minute for a run. Both where we verify."""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize(("name", "sampler", "seed"), BUNDLED)
def test_the_kernel_and_its_twin_make_the_same_run_of_a_bundled_scenario(
    name: str, sampler: Sampler, seed: int
) -> None:
    model, program = program_of(name)
    kernel = run(program, seed=seed, run=0, sampler=sampler)
    assert_same(kernel, reference_run(model, seed=seed, run=0, sampler=sampler))


@pytest.mark.parametrize("name", [*first_of(bundled("gallery")), *bundled("classroom")])
def test_the_kernel_and_its_twin_make_the_same_run_of_a_scenario_of_the_gallery(name: str) -> None:
    model, program = program_of(name)
    for number, sampler in enumerate(SAMPLERS):
        kernel = run(program, seed=3, run=number, sampler=sampler)
        assert_same(kernel, reference_run(model, seed=3, run=number, sampler=sampler))


@pytest.mark.parametrize("path", SMALL[:3], ids=lambda path: path.stem)
def test_another_seed_or_another_run_makes_another_run(path: Path) -> None:
    _, program = program_of(str(path))
    runs = [run(program, seed=seed, run=number).time.tobytes() for seed in (1, 2) for number in (0, 1)]
    assert len(set(runs)) == len(runs)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_run_does_not_depend_on_the_runs_before_it(path: Path) -> None:
    model, program = program_of(str(path))
    for number in range(4):
        run(program, seed=9, run=number)
    assert_same(run(program, seed=1, run=5), run(Program(model, hurry=True), seed=1, run=5))


@pytest.mark.parametrize("path", SMALL, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_run_that_keeps_no_events_has_the_same_series_and_answers(path: Path) -> None:
    _, program = program_of(str(path))
    full, spare = run(program, seed=4, run=1), run(program, seed=4, run=1, record=False)
    assert full.series.tobytes() == spare.series.tobytes()
    assert full.answers.tobytes() == spare.answers.tobytes()
    assert full.fired == spare.fired


# That a form is what it expands to, tests/test_conformance_valid.py says of each.
@pytest.mark.parametrize(
    "path",
    [path if number % 4 == 0 else pytest.param(path, marks=pytest.mark.slow) for number, path in enumerate(SMALL)],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_the_expanded_form_runs_to_the_same_bytes(path: Path, tmp_path: Path) -> None:
    expanded = tmp_path / "expanded.yaml"
    expanded.write_text(load(str(path)).expanded_text(), encoding="utf-8")
    _, program = program_of(str(path))
    again = prepare(ground(load(str(expanded)).as_read), hurry=True)
    assert_same(run(program, seed=3, run=0), run(again, seed=3, run=0))


def test_what_is_not_a_number_has_the_same_sign_in_the_twin(model_of: Callable[[str], Model]) -> None:
    model = model_of("""
state: {y: {}, n: {at_least: 0}}
actors: {blue: {}}
rules: {s: {rate: 0.5, then: [n += 1, y = 0], event: AID by blue size y / y}}
watch: {w: {of: "y / y"}, more: {of: "y / y + n"}, root: {of: "sqrt(y - 1)"}}
""")
    kernel, twin = run(prepare(model), seed=1, run=0), reference_run(model, seed=1, run=0)
    assert np.isnan(kernel.series).any() and np.isnan(kernel.size).all() and len(kernel.size)
    assert kernel.size.tobytes() == twin.size.tobytes()
    assert kernel.series.tobytes() == twin.series.tobytes()


SEARCHED = sorted((Path(__file__).parent / "searched").glob("*.yaml"))
"""Made scenarios in which a search once saw kernel and twin differ."""


@pytest.mark.parametrize("path", SEARCHED, ids=lambda path: path.stem)
def test_what_a_search_once_saw_differ_is_the_same_again(path: Path) -> None:
    """`refused-by-time`: a refused rule that reads memories was not looked at anew, though time had lowered it."""
    model = ground(load(path).as_read)
    for sampler in SAMPLERS:
        for number in range(2):
            kernel = run(prepare(model), seed=0, run=number, sampler=sampler)
            assert_same(kernel, reference_run(model, seed=0, run=number, sampler=sampler))
