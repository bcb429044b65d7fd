"""Laws of every run, over scenarios made at random: kernel and twin alike, nothing lost, no loop unstopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine import Trajectory, prepare
from standoff.errors import RunStopped
from standoff.model import Model
from standoff.scenario import load
from tests.forms import forms_of, forms_there_are
from tests.made_scenarios import RULES, Made, Maker, ring, scenarios
from tests.made_world import WORDS
from tests.outcomes import SAMPLERS, assert_same, by_kernel, by_twin, model_from

TIMES = int(os.environ.get("STANDOFF_VERIFY", "1"))
QUICK = TIMES == 1
"""Code that is compiled in a hurry takes a fifth of the time; slow proofs and `make verify` take the best."""
RUNS = (0, 1)
pytestmark = pytest.mark.usefixtures("no_code_kept")
LONG = pytest.mark.timeout(600, method="thread")


def examples(number: int) -> settings:
    """So many examples, ten times as many when `make verify` asks for it."""
    return settings(
        max_examples=number * TIMES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example]
    )


@pytest.fixture(autouse=True, scope="module")
def _runaways_are_stopped_early() -> Iterator[None]:
    """The twin needs minutes for what the kernel counts as a runaway."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.engine.stepping.EVENT_LIMIT", 1_000)
        patch.setattr("standoff.engine.reference.EVENT_LIMIT", 1_000)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


def names_fired(model: Model, ended: Trajectory) -> list[str]:
    """The rules of the recorded events."""
    return [model.rules[model.rule_of[g]].name for g in ended.rule]


def assert_lawful(made: Made, model: Model, ended: Trajectory) -> None:
    """Time runs forwards, every law of the scenario holds at every grid time, and numbers are numbers."""
    assert np.all(np.diff(ended.time) >= 0.0)
    assert np.all((ended.time >= 0.0) & (ended.time <= model.days))
    column = {c.name: ended.series[:, i] for i, c in enumerate(model.series)}
    for law, value in made.laws.items():
        assert np.all(column[law] == value), f"{law} is {column[law]}, not {value}"
    assert ended.fired >= len(ended.time)
    for question, answer in zip(model.questions, ended.answers, strict=True):
        assert question.type != "binary" or answer in (0.0, 1.0), question.name
        assert question.type != "date" or answer == -1.0 or 0.0 <= answer <= model.days, question.name
    if not made.wild:
        assert np.all(np.isfinite(ended.series)) and np.all(np.isfinite(ended.answers))


def assert_the_laws_hold(made: Made, seed: int, folder: Path, *, hurry: bool = False) -> None:
    """Everything that must be so of a scenario's runs."""
    model, _ = model_from(made.text, folder)
    program = prepare(model, hurry=hurry)
    for sampler in SAMPLERS:
        for number in RUNS:
            ended = by_kernel(program, seed, number, sampler)
            assert_same(ended, by_twin(model, seed, number, sampler))
            if isinstance(ended, Trajectory):
                assert_lawful(made, model, ended)
            else:
                assert made.wild or ended.code == "SD507", f"a scenario without anything impossible stopped: {ended}"
        assert_same(ended, by_kernel(program, seed, RUNS[-1], sampler))
        assert_unrecorded_is_the_same(ended, by_kernel(program, seed, RUNS[-1], sampler, record=False))
        frozen = by_kernel(program, seed, 0, sampler, frozen=True)
        assert_same(frozen, by_twin(model, seed, 0, sampler, frozen=True))
        if isinstance(frozen, Trajectory):
            assert frozen.rejected == 0
            assert {model.rules[model.rule_of[g]].kind for g in frozen.rule} <= {"trigger", "timed"}


def assert_unrecorded_is_the_same(full: Trajectory | RunStopped, spare: Trajectory | RunStopped) -> None:
    """A run that keeps no events has the same series, answers and counts."""
    if isinstance(full, Trajectory) and isinstance(spare, Trajectory):
        assert len(spare.time) == 0
        assert full.series.tobytes() == spare.series.tobytes()
        assert full.answers.tobytes() == spare.answers.tobytes()
        assert (full.fired, full.rejected) == (spare.fired, spare.rejected)
    else:
        assert_same(full, spare)


@LONG
@examples(5)
@given(made=scenarios(most=4), seed=st.integers(0, 5))
def test_kernel_and_twin_make_the_same_lawful_run_of_any_scenario(made: Made, seed: int, folder: Path) -> None:
    assert_the_laws_hold(made, seed, folder, hurry=QUICK)


@pytest.mark.slow
@LONG
@examples(20)
@given(made=scenarios(most=4), seed=st.integers(0, 5))
def test_so_they_do_of_more_scenarios(made: Made, seed: int, folder: Path) -> None:
    assert_the_laws_hold(made, seed, folder)


@LONG
def test_so_they_do_where_many_rules_share_what_they_read(folder: Path) -> None:
    for seed in range(3):
        maker = Maker(seed, wild=False, crowd=True, words=frozenset())
        for number, kind in enumerate(("raise", "shared", "draw_down", "haul")):
            maker.rule(kind, seed + number, number)
        assert_the_laws_hold(maker.made(), 1, folder, hurry=QUICK)


@pytest.mark.slow
@LONG
@examples(8)
@given(made=scenarios(most=2, crowd=True), seed=st.integers(0, 5))
def test_so_they_do_where_more_rules_share_what_they_read(made: Made, seed: int, folder: Path) -> None:
    assert_the_laws_hold(made, seed, folder)


@LONG
@examples(2)
@given(made=scenarios(most=3), seed=st.integers(0, 5))
def test_the_expanded_text_of_any_scenario_loads_and_runs_to_the_same_bits(made: Made, seed: int, folder: Path) -> None:
    model, expanded = model_from(made.text, folder)
    again, twice = model_from(expanded, folder)
    assert twice == expanded
    for sampler in SAMPLERS:
        one, two = (by_kernel(prepare(each, hurry=QUICK), seed, 0, sampler) for each in (model, again))
        assert_same(one, two)


@LONG
@examples(4)
@given(luck=st.integers(0, 10**9), size=st.integers(2, 6), seed=st.integers(0, 5))
def test_a_ring_of_triggers_is_stopped_with_a_fault(luck: int, size: int, seed: int, folder: Path) -> None:
    model, _ = model_from(ring(Random(luck), size), folder)
    for sampler in SAMPLERS:
        stopped = by_kernel(prepare(model, hurry=QUICK), seed, 0, sampler)
        if size == 2:
            # 10,000 firings are slow in plain Python.
            assert_same(stopped, by_twin(model, seed, 0, sampler))
        assert isinstance(stopped, RunStopped) and stopped.code == "SD503"
        assert stopped.rule is not None and stopped.rule.startswith("step_")


def test_made_scenarios_use_every_form_of_the_language(folder: Path) -> None:
    luck, found = Random(1), set()
    for seed in range(24):
        maker = Maker(seed, wild=True, crowd=False, words=frozenset(luck.sample(WORDS, 2)))
        maker.rule("raise", 0, 0)
        for number in range(1, 6):
            maker.rule(luck.choice(RULES), luck.randrange(10**9), number)
        path = folder / "forms.yaml"
        path.write_text(maker.made().text, encoding="utf-8")
        found |= forms_of(load(path).as_read)
        if forms_there_are() <= found:
            break
    assert forms_there_are() <= found, sorted(forms_there_are() - found)


def test_what_the_words_of_made_scenarios_mean_happens_in_their_runs(folder: Path) -> None:
    fired = set()
    for seed in range(5, 8):
        maker = Maker(seed, wild=False, crowd=False, words=frozenset(WORDS))
        maker.rule("raise", 0, 0)
        model, _ = model_from(maker.made().text, folder)
        ended = by_twin(model, seed, 0)
        assert isinstance(ended, Trajectory)
        origins = {rule.name: rule.origin for rule in model.rules if rule.origin is not None}
        fired |= {(origins[name].word, origins[name].role) for name in names_fired(model, ended) if name in origins}
    assert fired >= {
        ("stance", "change"), ("red line", "response"), ("inject", "event"), ("deal", "struck"), ("deal", "ends"),
        ("decision", "option"),
    }, fired  # fmt: skip
