"""What a deal does: it is struck at a rate that grows with the smallest gain, and never while somebody loses by it."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import prepare, reference_run
from standoff.errors import Faults
from standoff.model import Model
from standoff.scenario import load
from tests.outcomes import one_after_another

ModelOf = Callable[[str], Model]

DAYS = 100.0
HEAD = "actors: {blue: {}, red: {}, green: {}}\nstate: {posts: {at_least: 0}}\nbegin: {posts: 3}\n"


def deal(parties: str, more: str = "", rate: str = "0.05") -> str:
    """A deal `truce` between some parties, and the questions whether it is in force at the end and what it did."""
    return (
        f"{HEAD}deals:\n  truce:\n    rate: {rate}\n    terms: [posts -= 1]\n    parties: {parties}\n{more}"
        "questions:\n"
        "  struck: {ask: a?, type: number, answer: count(truce_struck), date: 2020-04-09}\n"
        "  posts: {ask: b?, type: number, answer: posts, date: 2020-04-09}\n"
        "  in_force: {ask: c?, type: binary, answer: in_force_truce, date: 2020-04-09}\n"
    )


def written(folder: Path, body: str) -> Path:
    """A scenario in a file."""
    path = folder / "scenario.yaml"
    path.write_text(f"standoff: 1\ntitle: a test\nstarts: 2020-01-01\nends: 2020-04-09\n{body}", encoding="utf-8")
    return path


def share(model: Model, answer: int = 0, runs: int = 2000) -> float:
    """The mean of an answer over many runs."""
    program = prepare(model)
    made = one_after_another(program, runs, seed=2, record=False)
    return float(np.mean([one.answers[answer] for one in made]))


def test_a_deal_by_which_a_party_loses_is_never_struck(model_of: ModelOf) -> None:
    model = model_of(deal("{blue: {deal: 9, no_deal: 0}, red: {deal: 0.3, no_deal: 0.1 * posts}}", rate="100"))
    assert list(reference_run(model, seed=1, run=0).answers) == [0, 3, 0]


def test_one_over_whose_head_a_deal_is_made_cannot_stop_it(model_of: ModelOf) -> None:
    over = "green: {deal: 0, no_deal: 9, must_agree: false}"
    parties = f"{{blue: {{deal: 1, no_deal: 0}}, red: {{deal: 1, no_deal: 0}}, {over}}}"
    assert list(reference_run(model_of(deal(parties, rate="100")), seed=1, run=0).answers) == [1, 2, 1]


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_rate_is_the_given_one_times_the_gain_of_the_one_that_gains_least(model_of: ModelOf) -> None:
    model = model_of(deal("{blue: {deal: 5, no_deal: 1}, red: {deal: 0.5, no_deal: 0.1 * posts}}"))
    expected = 1 - exp(-0.05 * 0.2 * DAYS)
    # 5 standard errors: a false alarm in less than 10^-6 of seeds.
    assert abs(share(model) - expected) < 5 * sqrt(expected * (1 - expected) / 2000)


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_deal_that_ends_can_be_struck_again_and_one_that_does_not_cannot(model_of: ModelOf) -> None:
    parties = "{blue: {deal: 1, no_deal: 0}, red: {deal: 1, no_deal: 0}}"
    assert reference_run(model_of(deal(parties, rate="100")), seed=1, run=0).answers[0] == 1
    both = deal(parties, "    ends: {rate: 0.15, then: [posts += 1], event: REJECT by red on blue}\n", rate="0.05")
    # Two states, in and out of force: 0.05 and 0.15 a day leave a quarter of the time in force after 20 days' mixing.
    assert abs(share(model_of(both), answer=2) - 0.25) < 5 * sqrt(0.25 * 0.75 / 2000)


def test_a_deal_waits_for_the_one_it_comes_after(model_of: ModelOf) -> None:
    parties = "{blue: {deal: 1, no_deal: 0}, red: {deal: 1, no_deal: 0}}"
    first = f"  armistice: {{rate: 100, when: t >= 50, parties: {parties}}}\n"
    later = deal(parties, f"    after: armistice\n{first}", rate="100")
    model = model_of(later)
    made = reference_run(model, seed=1, run=0)
    names = [model.rules[model.rule_of[rule]].name for rule in made.rule]
    assert names == ["armistice_struck", "truce_struck"]
    assert made.time[0] >= 50


def test_what_each_party_gains_is_a_series_with_its_outside_option_taken_off(tmp_path: Path) -> None:
    body = deal("{blue: {deal: 5, no_deal: 1}, red: {deal: 0.5, no_deal: 0.1 * posts}}")
    expanded = load(written(tmp_path, body)).expanded
    assert [str(name) for name in expanded.watch] == ["deal-truce", "surplus-truce-blue", "surplus-truce-red"]
    assert str(expanded.define["surplus_truce_red"].is_) == "worth_truce_red - outside_truce_red"
    assert str(expanded.define["outside_truce_red"].is_) == "0.1 * posts"


def test_a_fault_in_an_outside_option_points_at_the_words_of_the_author(tmp_path: Path) -> None:
    path = written(tmp_path, deal("{blue: {deal: 5, no_deal: 1}, red: {deal: 0.5, no_deal: 0.1 * post}}"))
    with pytest.raises(Faults) as told:
        load(path)
    (fault,) = told.value.faults
    assert fault.code == "SD303"
    assert fault.location is not None
    line = path.read_text(encoding="utf-8").splitlines()[fault.location.line - 1]
    assert line[fault.location.column - 1 :].startswith("post}}")
