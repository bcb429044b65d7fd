"""The part of the variance that the choice of a model has, on models whose means are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import sense
from standoff.analysis.spread import Sensitivity, Variant
from standoff.analysis.spread.variance import Three, split
from standoff.cli.app import app
from standoff.errors import UsageError
from standoff.scenario import Scenario, load

MODELS = """
standoff: 1
title: Two models and one that is the same
starts: 2017-01-01
ends: 2017-01-10
sources: {paper: {title: A paper, publisher: A house, date: 2016-01-01, paragraphs: 9}}
state: {whole: {}}
parameters:
  unknown: {prior: "uniform(-1, 1)", evidence: paper#p1}
  shift: 0
rules:
  settle: {at: 1, then: ["whole = unknown + uniform(-1, 1) + shift"]}
watch: {sure: {of: shift}}
questions:
  sum: {ask: How much?, number: whole, at: 2017-01-10}
  above: {ask: Above?, when: whole > 9, at: 2017-01-10}
variants:
  same: {about: Changes nothing., parameters: {shift: 0}}
  higher: {about: All is higher by two., parameters: {shift: 2}}
"""
EARLIER = MODELS.replace("  sum: {ask: How much?, number: whole, at: 2017-01-10}\n", "")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("models") / "models.yaml"
    file.write_text(MODELS, encoding="utf-8")
    (file.parent / "earlier.yaml").write_text(EARLIER, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def plain(path: Path) -> Scenario:
    return load(str(path))


def among(path: Path, plain: Scenario, **weights: float) -> list[Variant]:
    return [
        Variant(name, plain if name == "base" else load(str(path), variant=name), weight)
        for name, weight in weights.items()
    ]


def sum_of(made: Sensitivity) -> dict[str, float]:
    one = made.questions[0]
    shares = {name: getattr(one, name) for name in ("chance", "parameters", "interplay", "structure")}
    for share in shares.values():
        assert share is None or share.low <= share.value <= share.high
    return {name: share.value for name, share in shares.items() if share is not None}


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_variance_of_the_means_of_models_is_the_structural_part(path: Path, plain: Scenario) -> None:
    """Means 0 and 2 with weights 3 to 1: variance 3/4; within, 1/3 of parameters and 1/3 of luck."""
    made = sense(plain, runs=100, variants=among(path, plain, base=3, higher=1))
    shares = sum_of(made)
    # The shift is the same in every run, so that its part of the variance is known without any error.
    assert shares["structure"] * made.questions[0].variance == pytest.approx(0.75)
    assert shares["structure"] == pytest.approx(9 / 17, abs=0.08)
    assert shares["chance"] == pytest.approx(4 / 17, abs=0.1)
    assert shares["parameters"] == pytest.approx(4 / 17, abs=0.1)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert made.questions[0].mean == pytest.approx(0.5, abs=0.15)
    assert [(one.name, one.share) for one in made.variants] == [("base", 0.75), ("higher", 0.25)]
    means = {one.name: one for one in made.questions[0].variants}
    assert means["higher"].mean - means["base"].mean == pytest.approx(2.0)
    assert means["base"].low < 0 < means["base"].high


def test_models_that_change_nothing_have_a_structural_part_of_exactly_nothing(path: Path, plain: Scenario) -> None:
    made = sense(plain, runs=20, variants=among(path, plain, base=1, same=0.3))
    structure = made.questions[0].structure
    assert structure is not None
    assert (structure.value, structure.low, structure.high) == (0.0, 0.0, 0.0)
    alone = sense(plain, runs=20)
    assert made.questions[0].chance == pytest.approx(alone.questions[0].chance)
    assert alone.questions[0].structure is None and alone.questions[0].variants == () and alone.variants == ()


@pytest.mark.statistical(false_alarm=1e-6)
def test_the_structural_part_has_no_bias_where_models_differ_by_luck_alone() -> None:
    """300 experiments of 40 rows on three models of one law: their mean lies within 5 standard errors of 0."""
    random = np.random.default_rng(1)
    found, covered = [], 0
    for _ in range(300):
        made = {name: Three(*random.normal(size=(3, 40))) for name in "abc"}
        samples = random.multinomial(40, np.full(40, 1 / 40), size=100).astype(float)
        one = split(("q", "?", "number"), made, dict.fromkeys("abc", 1.0), [samples]).structure
        assert one is not None
        found.append(one.value)
        covered += one.low <= 0 <= one.high
    error = float(np.std(found)) / np.sqrt(len(found))
    assert abs(float(np.mean(found))) < 5 * error
    # Without the correction each would be too large by 2/3 of a mean's squared error, 1/180.
    assert error < 1 / 180 / 10
    assert covered >= 270


def test_a_question_that_never_varies_within_models_hangs_on_the_model_alone() -> None:
    made = {"a": Three(*np.zeros((3, 20))), "b": Three(*np.ones((3, 20)))}
    one = split(("q", "?", "binary"), made, {"a": 1.0, "b": 1.0, "c": 1.0}, [np.ones((5, 20))])
    assert one.structure is not None and one.structure.value == 1.0 and one.variance == 0.25
    assert one.lacking == ("c",)
    assert [(each.name, each.mean) for each in one.variants] == [("a", 0.0), ("b", 1.0)]
    assert one.variants[0].low == 0.0 < one.variants[0].high


def test_a_model_that_does_not_ask_is_left_out_and_named(path: Path, plain: Scenario) -> None:
    earlier = Variant("earlier", load(str(path.parent / "earlier.yaml")))
    made = sense(plain, runs=10, variants=[*among(path, plain, base=1, higher=1), earlier])
    asked, never = made.questions
    assert asked.lacking == ("earlier",) and [one.name for one in asked.variants] == ["base", "higher"]
    assert asked.structure is not None
    assert never.lacking == () and len(never.variants) == 3
    assert [one.question for one in sense(plain, runs=10, variants=[earlier]).questions] == ["above"]


def test_weights_and_names_that_say_nothing_are_refused(path: Path, plain: Scenario) -> None:
    with pytest.raises(UsageError, match="weight of 'same' must be a number above 0"):
        sense(plain, runs=10, variants=among(path, plain, base=1, same=0))
    with pytest.raises(UsageError, match="'base' is named twice"):
        sense(plain, runs=10, variants=[Variant("base", plain), Variant("base", plain)])


def test_the_verb_counts_variants_as_unknown(path: Path) -> None:
    line = ["sense", str(path), "--runs", "20", "--quiet"]
    shown = CliRunner().invoke(app, [*line, "--variants"])
    assert shown.exit_code == 0, shown.output
    assert "structure" in shown.stdout and "higher" in shown.stdout and "0.33" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*line, "--among", "base", "--among", "higher=3", "--json"]).stdout)
    assert told["variants"] == [{"name": "base", "share": 0.25}, {"name": "higher", "share": 0.75}]
    assert told["questions"][0]["structure"]["value"] == pytest.approx(9 / 17, abs=0.2)
    for wrong in (["--variants", "--variant", "same"], ["--among", "base", "--among", "hihger"], ["--among", "base=x"]):
        assert CliRunner().invoke(app, [*line, *wrong]).exit_code in (1, 2)
