"""The sources' forecasts beside the model's: every figure from answers that are certain."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import standoff as so
from standoff.calibration import Forecasts, score_forecasts, sign_test
from standoff.calibration.direction import leans
from standoff.cli.app import app
from standoff.report import reliability_diagram
from standoff.scenario import load

EARLY = """
standoff: 1
title: Early
starts: 2017-01-01
ends: 2017-01-10
sources: {one: {title: One}, other: {title: Other}}
state: {moved: {is: truth}, later: {is: truth}}
parameters: {known: {prior: 1, evidence: [{from: public-record, hindsight: true}]}}
rules: {move: {at: 2017-01-05, then: [moved = true]}}
questions:
  moves:
    ask: Will it move?
    when: moved
    at: 2017-01-10
    forecast: {id: F2, low: 0.6, high: 0.8, words: likely, evidence: one#p1}
    recorded: {outcome: yes}
  late:
    ask: Later?
    when: later
    at: 2017-01-10
    forecast: {id: F10, low: 0.1, high: 0.3, evidence: other#p2}
    recorded: {outcome: yes}
  open: {ask: Open?, when: later, at: 2017-01-10, forecast: {id: F11, low: 0.1, high: 0.3, evidence: other#p2}}
  own: {ask: Ours?, when: moved, at: 2017-01-10, recorded: {outcome: no}}
"""
LATE = EARLY.replace("2017", "2018").replace("Early", "Late").replace("F10", "F3").replace("[moved = true]", "[]")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("forecasts")
    for name, text in (("late", LATE), ("early", EARLY)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [str(folder / "late.yaml"), str(folder / "early.yaml")]


@pytest.fixture(scope="module")
def made(paths: list[str]) -> Forecasts:
    return score_forecasts([load(path) for path in paths], runs=10)


def test_each_forecast_counts_once_as_the_earliest_scenario_asks_it(made: Forecasts) -> None:
    assert [(one.id, one.scenario, one.model, one.persistence, one.outcome) for one in made.questions] == [
        ("F2", "early", 1.0, 0.0, "yes"), ("F3", "late", 0.0, 0.0, "yes"), ("F10", "early", 0.0, 0.0, "yes"),
        ("F11", "early", 0.0, 0.0, None),
    ]  # fmt: skip
    assert [(one.author_low, one.author_high, one.source) for one in made.questions[:2]] == [
        (0.6, 0.8, "one"), (0.1, 0.3, "other"),
    ]  # fmt: skip


def test_scores_are_those_worked_out_by_hand(made: Forecasts) -> None:
    brier = {(one.source, one.who): (one.n, pytest.approx(one.brier)) for one in made.scores}
    assert brier["all", "model"] == (3, 2 / 3)
    assert brier["all", "author"] == (3, (0.09 + 0.64 + 0.64) / 3)
    assert brier["all", "persistence"] == (3, 1.0)
    assert brier["one", "model"] == (1, 0.0)
    assert brier["other", "one half"] == (2, 0.25)


def test_a_forecast_without_an_id_is_scored_under_its_scenario_and_question(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text(EARLY.replace("id: F2, ", "").replace("id: F10, ", ""), encoding="utf-8")
    made = score_forecasts([load(tmp_path / "plain.yaml")], runs=10)
    assert [one.id for one in made.questions] == ["F11", "plain/late", "plain/moves"]
    log = {(one.source, one.who): (one.n, pytest.approx(one.log)) for one in made.scores}
    # The author said 0.7 and 0.2 of what came both times; the model 1 and 0, read as 0.995 and 0.005.
    assert log["all", "author"] == (2, -(math.log(0.7) + math.log(0.2)) / 2)
    assert log["all", "model"] == (2, -(math.log(0.995) + math.log(0.005)) / 2)


@pytest.mark.parametrize("as_json", [False, True])
def test_where_no_source_forecast_anything_the_verb_says_so_and_prints_no_table(tmp_path: Path, as_json: bool) -> None:
    bare = EARLY[: EARLY.index("questions:")] + "questions: {own: {ask: Ours?, when: moved, at: 2017-01-10}}\n"
    (tmp_path / "bare.yaml").write_text(bare, encoding="utf-8")
    words = ["score", str(tmp_path / "bare.yaml"), "--runs", "5", "--quiet", *(["--json"] if as_json else [])]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0
    if as_json:
        assert json.loads(said.stdout)["questions"] == []
    else:
        assert "no forecast to score" in said.output and "Reliability" not in said.output


def test_the_diagram_holds_what_was_said_and_what_came_true(made: Forecasts) -> None:
    bars = {(one.who, one.begin): (one.n, round(one.said, 9), one.came) for one in made.reliability}
    assert bars == {
        ("author", 0.2): (2, 0.2, 1.0), ("author", 0.6): (1, 0.7, 1.0), ("model", 0.0): (2, 0.0, 1.0),
        ("model", 0.8): (1, 1.0, 1.0),
    }  # fmt: skip
    drawn = ElementTree.fromstring(reliability_diagram(made.reliability))
    marks = [one for one in drawn.iter() if one.tag.endswith(("circle", "rect"))]
    assert len(marks) == len(bars) + 3


def test_scores_are_told_with_the_warning_that_outcomes_were_known(made: Forecasts) -> None:
    assert "in early 1 parameter; in late 1 parameter." in made.warning
    assert json.loads(made.to_json())["warning"] == made.warning


def test_answers_that_lean_toward_what_happened_are_counted_with_the_exact_sign_test(made: Forecasts) -> None:
    assert [sign_test(3, 0), sign_test(2, 1), sign_test(0, 3), sign_test(0, 0)] == [1 / 8, 4 / 8, 1.0, 1.0]
    assert sign_test(41, 13) == pytest.approx(0.000087, abs=1e-6)
    # 0.12 is 0.02 off 0.1, although the floats are not.
    assert [leans(0.12, 0.1, happened=True), leans(0.12, 0.1, happened=False)] == [True, False]
    assert (leans(0.05, 0.1, happened=False), leans(0.119, 0.1, happened=True)) == (True, None)
    # The model is certain: of what came, it left 0.7 for 1 once, and 0.2 for 0 twice.
    assert [(one.who, one.over, one.toward, one.away, one.p) for one in made.direction] == [
        ("model", "early", 1, 1, 3 / 4), ("model", "late", 0, 1, 1.0), ("model", "all", 1, 2, 7 / 8),
    ]  # fmt: skip
    assert json.loads(made.to_json())["direction"][0]["toward"] == 1


def test_a_run_warns_where_its_answers_lean_toward_what_happened(tmp_path: Path) -> None:
    text = EARLY.replace("evidence: [{from: public-record, hindsight: true}]", "evidence: assumption")
    text = text[: text.index("questions:")] + "questions:\n"
    for i in range(5):
        text += (
            f"  q{i}: {{ask: A?, when: moved, at: 2017-01-10, forecast: {{low: 0.1, high: 0.2}}, "
            "recorded: {outcome: yes}}\n"
        )
    warnings = []
    for name, text_of in (("five", text), ("four", text.replace("yes}", "no}", 1))):
        (tmp_path / f"{name}.yaml").write_text(text_of, encoding="utf-8")
        warnings.append(so.run(load(tmp_path / f"{name}.yaml"), runs=5).answered.warning)
    # Five of five is 1 in 32, four of five 6 in 32.
    assert warnings[0] is not None and "5 lean toward what happened" in warnings[0] and "p = 0.031" in warnings[0]
    assert warnings[1] is None


def test_a_variant_is_scored_beside_the_scenario_as_written(tmp_path: Path) -> None:
    (tmp_path / "early.yaml").write_text(EARLY + "variants: {blind: {rules: {move: {then: []}}}}\n", encoding="utf-8")
    path = str(tmp_path / "early.yaml")
    made = score_forecasts([load(path)], runs=5, beside=[load(path, variant="blind")])
    assert made.beside == "blind"
    assert [(one.id, one.model, one.beside) for one in made.questions[:2]] == [("F2", 1.0, 0.0), ("F10", 0.0, 0.0)]
    over = {(one.source, one.who): (one.brier, one.better) for one in made.scores}
    assert over["one", "variant blind"] == (1.0, 1.0) and over["all", "variant blind"] == (1.0, 0.5)
    leaning = {one.who: (one.toward, one.away) for one in made.direction}
    assert leaning == {"model": (1, 1), "variant blind": (0, 2)}
    said = CliRunner().invoke(app, ["score", path, "--runs", "5", "--quiet", "--beside", "blind"])
    assert said.exit_code == 0 and "variant blind" in said.output and "leans toward what happened" in said.output
    with pytest.raises(so.UsageError, match="the same scenarios"):
        score_forecasts([load(path)], runs=5, beside=[load(path, variant="blind")] * 2)
    with pytest.raises(so.UsageError, match="in a variant"):
        score_forecasts([load(path)], runs=5, beside=[load(path)])
    missing = CliRunner().invoke(app, ["score", path, "--beside", "deaf", "--runs", "5"])
    assert missing.exit_code == 1 and "deaf" in missing.output


def test_the_verb_prints_the_forecasts_and_draws_the_diagram(paths: list[str], tmp_path: Path) -> None:
    words = ["score", *paths, "--runs", "5", "--quiet"]
    said = CliRunner().invoke(app, [*words, "--figure", str(tmp_path / "figure.svg")])
    assert said.exit_code == 0, said.output
    assert "Warning." in said.output
    assert "Will it move?" in said.output
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").startswith("<svg")
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert {"id", "source", "author_low", "author_high", "model", "low", "high", "outcome"} <= set(told["questions"][0])
    assert {"who", "source", "brier", "log", "low", "high", "n"} <= set(told["scores"][0])


DATED = EARLY[: EARLY.index("questions:")] + """
questions:
  soon:
    ask: When will it move?
    first: moved
    by: 2017-01-06
    forecast: {low: 0.6, high: 0.8, evidence: one#p1}
    recorded: {date: 2017-01-06}
  never: {ask: And then?, first: later, by: 2017-01-06, forecast: {low: 0.1, high: 0.3}, recorded: {date: 2017-01-07}}
  still-open: {ask: Open?, first: moved, by: 2017-01-06, forecast: {low: 0.1, high: 0.3}}
  much: {ask: How much?, number: 3, at: 2017-01-06, forecast: {low: 0.1, high: 0.3}, recorded: {value: 3}}
  vague: {ask: Vague?, when: moved, at: 2017-01-06, forecast: {words: perhaps}, recorded: {outcome: yes}}
  lost: {ask: Lost?, when: moved, at: 2017-01-06, forecast: {low: 0.1, high: 0.3}, recorded: {outcome: void}}
"""


def test_a_forecast_of_a_date_is_scored_by_whether_it_comes_in_time_and_what_is_not_scored_is_listed(
    tmp_path: Path,
) -> None:
    (tmp_path / "dated.yaml").write_text(DATED, encoding="utf-8")
    scenario = load(tmp_path / "dated.yaml")
    made = score_forecasts([scenario], runs=10)
    given = {one.question: (one.model, one.persistence, one.outcome) for one in made.questions}
    assert given["soon"] == (1.0, 0.0, "yes") and given["never"] == (0.0, 0.0, "no")
    brier = {one.who: (one.n, pytest.approx(one.brier)) for one in made.scores if one.source == "all"}
    assert brier["author"] == (2, (0.09 + 0.04) / 2)
    assert (brier["model"], brier["persistence"], brier["one half"]) == ((2, 0.0), (2, 0.5), (2, 0.25))
    left_out = {one.question: one.why for one in made.unscored}
    assert sorted(left_out) == ["lost", "much", "still-open", "vague"]
    assert "a number is asked for" in left_out["much"] and "void" in left_out["lost"]
    # The answers of a run say the same.
    kept = so.run(scenario, runs=10, out=tmp_path / "run").answered
    assert kept.unscored == left_out
    assert {one.who: one.n for one in kept.scores if one.over == "with-forecast"} == {
        "model": 2, "source": 2, "persistence": 2, "one half": 2,
    }  # fmt: skip
    said = CliRunner().invoke(app, ["score", str(tmp_path / "dated.yaml"), "--runs", "5", "--quiet", "--all"])
    assert "Forecasts that are not scored" in said.output and "much" in said.output


def test_forecasts_stand_in_the_order_of_the_numbers_in_their_labels(tmp_path: Path) -> None:
    """Those of ASCII alone: other digits are letters; a year in a scenario's name goes before a question's number."""
    labels = ["F\u00b2", "F10", "F9", "F2", "f"]
    text = EARLY[: EARLY.index("questions:")] + "questions:\n"
    for i, label in enumerate([*labels, None, None]):
        name = f"id: {label}, " if label is not None else ""
        text += f"  q{11 - i}: {{ask: A?, when: moved, at: 2017-01-10, forecast: {{{name}low: 0.1, high: 0.2}}}}\n"
    file = tmp_path / "east-2017.yaml"
    file.write_text(text, encoding="utf-8")
    made = score_forecasts([load(str(file))], runs=2)
    assert [one.id for one in made.questions] == [
        "F2", "F9", "F10", "F\u00b2", "east-2017/q5", "east-2017/q6", "f",
    ]  # fmt: skip
