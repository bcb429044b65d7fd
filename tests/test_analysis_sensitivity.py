"""What answers hang on, on models whose shares of the variance are known."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from standoff.analysis import Sensitivity, sense
from standoff.cli.app import app
from standoff.errors import UsageError
from standoff.scenario import Scenario, load

SUM = """
standoff: 1
title: A sum of two unknown numbers and luck
starts: 2017-01-01
ends: 2017-01-10
sources: {paper: {title: A paper, publisher: A house, date: 2016-01-01, paragraphs: 9}}
state: {whole: {}, product: {}, noise: {}}
parameters:
  large: {prior: "uniform(0, 2)", evidence: paper#p1}
  small: {prior: "uniform(0, 1)", evidence: paper#p1}
  inert: {prior: "uniform(0, 9)", evidence: paper#p2}
  sure: 3
rules:
  settle: {at: 1, then: ["noise = uniform(-1, 1)", "whole = large + small + noise", "product = (large - 1) * noise"]}
  bustle: {rate: 5, then: ["noise += uniform(-1, 1)"]}
  idle: {rate: inert, then: ["noise += 1"]}
watch: {sure: {of: sure}}
questions:
  sum: {ask: How much?, number: whole, at: 2017-01-10}
  product: {ask: How much together?, number: product, at: 2017-01-10}
  always: {ask: Always?, when: whole > -9, at: 2017-01-10}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("sum") / "sum.yaml"
    file.write_text(SUM, encoding="utf-8")
    return load(str(file))


@pytest.fixture(scope="module")
def made(scenario: Scenario) -> Sensitivity:
    return sense(scenario, runs=2000, seed=2)


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_variance_of_a_sum_is_split_as_its_terms_are(made: Sensitivity) -> None:
    """Variances 4/12, 1/12 and, of luck, 4/12: parameters 5/9, luck 4/9; 0.09 is over 5 standard errors."""
    split = made.questions[0]
    assert split.parameters is not None and split.luck is not None and split.interplay is not None
    assert split.variance == pytest.approx(9 / 12, rel=0.09)
    assert split.parameters.value == pytest.approx(5 / 9, abs=0.09)
    assert split.luck.value == pytest.approx(4 / 9, abs=0.09)
    assert split.interplay.value == pytest.approx(0.0, abs=0.15)
    for share in (split.parameters, split.luck, split.interplay):
        assert share.low <= share.value <= share.high


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_product_of_a_number_and_luck_is_all_interplay(made: Sensitivity) -> None:
    split = made.questions[1]
    assert split.interplay is not None
    assert split.interplay.value == pytest.approx(1.0, abs=0.15)


@pytest.mark.statistical(false_alarm=1e-6)
def test_total_indices_are_the_shares_of_the_terms_and_the_largest_comes_first(made: Sensitivity) -> None:
    indices = [index for index in made.indices if index.question == "sum"]
    assert [index.name for index in indices] == ["large", "small", "inert"]
    assert indices[0].total.value == pytest.approx(4 / 9, abs=0.06)
    assert indices[1].total.value == pytest.approx(1 / 9, abs=0.03)
    assert indices[0].evidence == ("paper#p1",)


def test_a_number_that_the_answer_does_not_read_has_the_index_nothing_however_noisy_the_runs(made: Sensitivity) -> None:
    for index in made.indices:
        if index.name == "inert":
            assert (index.total.value, index.total.low, index.total.high) == (0.0, 0.0, 0.0)


def test_an_answer_that_never_varies_hangs_on_nothing(made: Sensitivity) -> None:
    always = made.questions[2]
    assert (always.variance, always.luck, always.parameters, always.interplay) == (0.0, None, None, None)
    assert not [index for index in made.indices if index.question == "always"]


def test_paragraphs_are_drawn_anew_as_a_whole(scenario: Scenario) -> None:
    found = sense(scenario, runs=400, seed=2, by="paragraph")
    indices = {index.name: index.total.value for index in found.indices if index.question == "sum"}
    assert set(indices) == {"paper#p1", "paper#p2"}
    assert indices["paper#p1"] == pytest.approx(5 / 9, abs=0.2)
    assert indices["paper#p2"] == 0.0


def test_threads_do_not_change_the_figures(scenario: Scenario) -> None:
    assert sense(scenario, runs=20, jobs=1) == sense(scenario, runs=20, jobs=3)


def test_the_verb_tells_shares_and_indices(scenario: Scenario) -> None:
    line = ["sense", str(scenario.path), "--runs", "50", "--quiet"]
    shown = CliRunner().invoke(app, line)
    assert shown.exit_code == 0, shown.output
    assert "large" in shown.stdout and "interplay" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*line, "--json"]).stdout)
    assert {one["question"] for one in told["questions"]} == {"sum", "product", "always"}
    with pytest.raises(UsageError, match="at least 10 runs"):
        sense(scenario, runs=3)
