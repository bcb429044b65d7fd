"""Who decides, beside luck and numbers: indices that are known exactly, and what the verb says and keeps."""

from __future__ import annotations

import json
from itertools import product
from math import exp
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import standoff as so
from standoff.analysis.spread import Resamples, first_indices, indices_of_levels
from standoff.cli.app import app
from standoff.strategy import DecidedQuestion, sense_deciders
from standoff.strategy.deciders import _possible, _swing
from standoff.strategy.runs import PolicyRuns

SCENARIO = """\
standoff: 1
title: A strike that is answered or not
starts: 2020-01-01
ends: 2020-04-10
actors: {blue: {kind: state}, red: {kind: state}}
state: {answered: {is: truth}}
stances: {red: {options: [loud, modest], begin: loud, evidence: assumption}}
parameters: {pitch: {prior: "uniform(0, 12)", evidence: assumption}}
rules:
  answers:
    when: not answered
    rate: 0.02
    decides: blue
    then: [answered = true]
    event: ASSAULT (answer) by blue on red
    evidence: assumption
policies:
  half: {of: blue, acts: {answers: 0.5}, evidence: assumption}
  never: {of: blue, acts: {answers: never}, evidence: assumption}
  modest: {of: red, stance: modest, evidence: assumption}
questions:
  answered: {ask: Is it answered?, when: answered, by: 2020-04-10}
  bluster: {ask: How loud is red?, number: pitch if stance_red == loud else 0, at: 2020-04-10}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deciders") / "strike.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def questions(written: Path) -> dict[str, DecidedQuestion]:
    made = sense_deciders(so.load(written), runs=1500, seed=2)
    assert made.policies == {"blue": ("as_written", "half", "never"), "red": ("as_written", "modest")}
    return {one.question: one for one in made.questions}


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_indices_of_who_answers_a_strike_are_known(questions: dict[str, DecidedQuestion]) -> None:
    """S11: P = 1 - exp(-r p T) for p = 1, 1/2, 0, on one clock for all; 5.5 standard errors, as the intervals say."""
    one = questions["answered"]
    shares = [1 - exp(-0.02 * p * 100) for p in (1, 0.5, 0)]
    mean = sum(shares) / 3
    whole = mean * (1 - mean)
    first = sum((share - mean) ** 2 for share in shares) / 3 / whole
    # Of the runs that any policy answers, one or two of three do: a variance of 2/9.
    total = 2 / 9 * shares[0] / whole
    blue, red = one.actors
    assert one.luck is not None and one.deciders is not None and one.parameters is not None and blue.indices is not None
    for index, true in (
        (one.luck.first, 1 - total), (one.luck.total, 1 - first), (one.deciders.first, first),
        (one.deciders.total, total), (blue.indices.first, first), (blue.indices.total, total),
    ):  # fmt: skip
        assert abs(index.value - true) < 5.5 * (index.high - index.low) / (2 * 1.96)
        assert index.high - index.low < 0.12
    assert [(each.policy, each.low < true < each.high) for each, true in zip(blue.means, shares[:2], strict=False)] == [
        ("as_written", True), ("half", True)
    ]  # fmt: skip
    assert (blue.swing.least, blue.swing.most) == ("never", "as_written")
    assert blue.swing.low < shares[0] < blue.swing.high
    # What does nothing has no share, to the bit, and moves nothing.
    assert (one.parameters.first.value, one.parameters.total.value) == (0, 0)
    assert red.indices is not None and red.indices.total.value == red.indices.first.value == red.swing.difference == 0


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_number_that_counts_only_if_somebody_acts_is_split_exactly(questions: dict[str, DecidedQuestion]) -> None:
    """Y = pitch or 0, each as likely, pitch on (0, 12): variance 24 - 9 = 15, of the means 9 by red and 3 by pitch."""
    one = questions["bluster"]
    _, red = one.actors
    assert one.luck is not None and one.parameters is not None and one.deciders is not None and red.indices is not None
    assert one.mean == pytest.approx(3, abs=0.5) and one.variance == pytest.approx(15, rel=0.1)
    assert one.luck.total.value == 0
    for index, true in (
        (one.parameters.first, 3 / 15), (one.parameters.total, 6 / 15), (one.deciders.first, 9 / 15),
        (red.indices.first, 9 / 15), (red.indices.total, 12 / 15),
    ):  # fmt: skip
        assert abs(index.value - true) < 5.5 * (index.high - index.low) / (2 * 1.96)
    assert red.swing.low < 6 < red.swing.high


@pytest.mark.statistical(false_alarm=1e-6)
def test_equal_policies_explain_nothing_though_their_means_differ() -> None:
    """400 factors with three values that do nothing but make luck: the first-order index is 0 on average."""
    generator = np.random.default_rng(1)
    found = [
        indices_of_levels(generator.normal(size=(3, 40)), Resamples(40, seed).counts(), 1.0, share=False).first
        for seed in range(100)
    ]
    # Without taking off the error of the means it would be 2/3/40 = 0.0167.
    assert np.mean([one.value for one in found]) == pytest.approx(0, abs=0.009)
    assert sum(one.low <= 0 <= one.high for one in found) >= 80


def test_samples_of_the_rows_say_on_average_what_all_rows_say() -> None:
    """All 256 samples of four rows: half the policies' difference is 1, 2, 2, 3, with mean square 4.5 and mean 2.

    A sample's mean has the error of the rows and its own, 1/8 each; were only one taken off, samples would say 4.
    """
    levels = np.array([[1.0, 2.0, 2.0, 3.0], [-1.0, -2.0, -2.0, -3.0]])
    said = []
    for picked in product(range(4), repeat=4):
        counts = np.bincount(picked, minlength=4)[None].astype(float)
        found = indices_of_levels(levels, [counts], 1.0, share=False)
        assert found.first.value == pytest.approx(4 - 0.5 / 3) and found.total.value == 4.5
        said.append(found.first.low + found.first.high - found.first.value)
    assert np.mean(said) == pytest.approx(4 - 1 / 8)


@pytest.mark.statistical(false_alarm=1e-6)
def test_equal_policies_have_no_swing_though_the_largest_of_their_means_is_large() -> None:
    """100 repeats of six policies with an error of 0.16 each: the range of six means alone would be 0.4."""
    generator = np.random.default_rng(3)
    found = [_swing(generator.normal(size=(6, 40)), "abcdef") for _ in range(100)]
    assert np.mean([one.difference for one in found]) == pytest.approx(0, abs=0.17)
    assert sum(one.low <= 0 <= one.high for one in found) >= 78
    # What is told of them is possible: the highest mean is not below the lowest.
    told = [_possible(one) for one in found]
    assert all(0 <= one.low <= one.difference <= one.high for one in told)


def test_each_run_follows_policies_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "strike.yaml"
    shrill = "  shrill: {of: red, parameters: {pitch: 6}, evidence: assumption}\n"
    path.write_text(SCENARIO.replace("  modest:", shrill + "  modest:"), encoding="utf-8")
    runs = PolicyRuns(so.load(path))
    worlds = runs.worlds(np.arange(6))
    each = runs.under_each(worlds, {"blue": np.array([0, 0, 1, 1, 2, 2]), "red": np.array([0, 1, 2, 0, 1, 2])})
    for row, (blue, red) in enumerate(zip("aahhnn", "asmasm", strict=True)):
        names = {"a": "as_written", "h": "half", "n": "never", "s": "shrill", "m": "modest"}
        whole = runs.under(worlds, {"blue": names[blue], "red": names[red]})
        assert each[row].tolist() == whole[row].tolist()


def test_the_first_order_index_is_that_of_a_sum() -> None:
    """Y = a + 2 b + 3 c with variances of 1: 1/14, 4/14, 9/14."""
    generator = np.random.default_rng(2)
    one, two = generator.normal(size=(2, 4000, 3))
    weights = np.array([1, 2, 3])
    changed = {}
    for at, name in enumerate("abc"):
        mixed = one.copy()
        mixed[:, at] = two[:, at]
        changed[name] = mixed @ weights
    found = first_indices(one @ weights, two @ weights, changed, Resamples(4000, 1).counts(), 14.0)
    for name, true in (("a", 1 / 14), ("b", 4 / 14), ("c", 9 / 14)):
        assert abs(found[name].value - true) < 5 * (found[name].high - found[name].low) / (2 * 1.96)
        assert found[name].high - found[name].low < 0.1


def test_the_verb_prints_the_split_and_keeps_it(written: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    run = tmp_path / "run"
    assert runner.invoke(app, ["run", str(written), "--runs", "10", "--out", str(run), "--quiet"]).exit_code == 0
    asked = ["sense", str(written), "--deciders", "--runs", "10", "--quiet", "--into", str(run)]
    told = runner.invoke(app, asked, env={"COLUMNS": "150"})
    assert told.exit_code == 0, told.output
    for words in ("What the variance comes from", "who decides", "How who decides moves the answer", "modest"):
        assert words in told.output
    kept = json.loads((run / "deciders.json").read_text(encoding="utf-8"))
    as_json = runner.invoke(app, ["sense", str(written), "--deciders", "--runs", "10", "--json"])
    assert json.loads(as_json.output) == kept
    assert kept["policies"]["red"] == ["as_written", "modest"] and kept["runs"] == 50


def test_what_no_policy_moves_goes_from_nothing_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / "still.yaml"
    file.write_text(SCENARIO.replace("number: pitch if stance_red == loud else 0", "number: 7"), encoding="utf-8")
    told = CliRunner().invoke(app, ["sense", str(file), "--deciders", "--question", "bluster", "--runs", "10", "-q"])
    assert "– How loud is red?: the answer never varied" in told.output


@pytest.mark.parametrize("more", ["--variants", "--among base", "--boxes answered", "--by paragraph"])
def test_who_decides_is_asked_by_itself(written: Path, more: str) -> None:
    told = CliRunner().invoke(app, ["sense", str(written), "--deciders", "--quiet", *more.split()])
    assert told.exit_code == 2 and "--deciders cannot be combined" in told.output


def test_a_scenario_without_policies_and_too_few_runs_are_refused(written: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    start, end = SCENARIO.index("policies:"), SCENARIO.index("questions:")
    bare.write_text(SCENARIO[:start] + SCENARIO[end:], encoding="utf-8")
    with pytest.raises(so.UsageError, match="has no policies"):
        sense_deciders(so.load(bare))
    with pytest.raises(so.UsageError, match="at least 20 runs"):
        sense_deciders(so.load(written), runs=19)
