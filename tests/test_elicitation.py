"""Experts: what is asked, what comes back, and how it becomes one; numbers worked out by hand or from tables."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.elicitation import (
    Scale,
    Seed,
    Steps,
    calibration,
    chi_square_tail,
    intrinsic_range,
    linear_pool,
    logarithmic_pool,
)
from standoff.elicitation.performance import performance
from standoff.errors import UsageError
from standoff.scenario import load

PLAIN = Scale(log=False)
SHARES = (0.05, 0.5, 0.95)
SCENARIO = """\
standoff: 1
title: Two <b>posts</b> & "more"</script>
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {kind: state}, red: {kind: state}}
state: {force: {of: actor, at_least: 0}}
begin: {force: {blue: 3, red: 4}}
parameters:
  daring: {title: How often it raids, prior: "lognormal(median=0.004, sigma=0.5)", unit: 1/day, evidence: assumption}
  nerve:  # of the men
    prior: uniform(0, 2)
    evidence: [assumption, {from: public-record, says: seen before}]
  known: {prior: 3, evidence: public-record}
rules:
  strike: {for: {a: actor}, rate: 'daring * nerve * known', when: 'force[a] > 0', then: ['force[a] -= 1']}
"""
SEEDS = """\
raid: {ask: How long did the raid last?, unit: day, answer: 11.5, at_least: 0}
convoy: {ask: How many trucks were there?, answer: 42, at_least: 0, scale: log}
"""


def steps(values: tuple[float, ...], within: tuple[float, float]) -> Steps:
    return Steps.of(values, SHARES, PLAIN, within)


@pytest.mark.parametrize(
    ("x", "degrees", "tail"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (7.814728, 3, 0.05), (9.487729, 4, 0.05), (11.070498, 5, 0.05),
     (16.811894, 6, 0.01), (0.584374, 3, 0.9), (0.0, 3, 1.0)],
)  # fmt: skip
def test_the_tail_of_chi_square_is_that_of_the_tables(x: float, degrees: int, tail: float) -> None:
    assert chi_square_tail(x, degrees) == pytest.approx(tail, abs=1e-6)


def test_calibration_is_what_the_formula_gives_by_hand() -> None:
    expected = (0.05, 0.45, 0.45, 0.05)
    # s = p: nothing to be surprised of.
    assert calibration((1, 9, 9, 1), expected) == pytest.approx(1.0)
    # s = (.1 .4 .4 .1): I = .2 ln 2 + .8 ln(8/9) = 0.0444031, 2 N I = 0.888062; with 3 degrees the tail of x is
    # erfc(sqrt(x/2)) + sqrt(2x/pi) exp(-x/2) = 0.346017 + 0.482303.
    assert calibration((1, 4, 4, 1), expected) == pytest.approx(0.82832, abs=5e-5)
    # s = (0 .5 .5 0): I = ln(10/9), 2 N I = 2.107210; 0.146612 + 0.403827.
    assert calibration((0, 5, 5, 0), expected) == pytest.approx(0.550439, abs=5e-5)
    # Everything above the highest quantile: I = ln 20, 2 N I = 59.9146.
    assert calibration((0, 0, 0, 10), expected) < 1e-12


def test_information_is_what_the_formula_gives_by_hand() -> None:
    within = intrinsic_range((10.0, 50.0, 90.0), PLAIN)
    assert within == (2.0, 98.0)
    # Steps of 8, 40, 40, 8 of 96: .1 ln(.05 / (1/12)) + .9 ln(.45 / (5/12)).
    by_hand = 0.1 * math.log(0.6) + 0.9 * math.log(1.08)
    assert steps((10.0, 50.0, 90.0), within).information() == pytest.approx(by_hand, rel=1e-12)
    assert intrinsic_range((1.0, 10.0), Scale(log=True)) == pytest.approx((-0.230259, 2.532844), abs=1e-6)
    assert intrinsic_range((1.0, 9.0), PLAIN, low=0.5, high=9.4) == (0.5, 9.4)


def test_the_pools_are_what_they_are_by_hand() -> None:
    one = Steps(np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.5]))
    other = Steps(np.array([0.0, 1.5, 2.0]), np.array([0.5, 0.5]))
    # Linear: 5/12 lie below 1 and 5/8 below 1.5, so that one half lies at 1.2.
    assert linear_pool([one, other], [0.5, 0.5]).quantile(0.5) == pytest.approx(1.2)
    # Logarithmic: densities as sqrt(1/6) below 1.5 and sqrt(1/2) above; the median is at half the mass.
    below, above = 1.5 * math.sqrt(1 / 6), 0.5 * math.sqrt(1 / 2)
    median = (below + above) / 2.0 / math.sqrt(1 / 6)
    assert logarithmic_pool([one, other], [0.5, 0.5]).quantile(0.5) == pytest.approx(median)
    for pool in (linear_pool, logarithmic_pool):
        assert pool([one, other], [1.0, 0.0]).quantile(0.3) == pytest.approx(one.quantile(0.3))
        assert pool([one, one], [0.5, 0.5]).quantile(0.3) == pytest.approx(one.quantile(0.3))


def seeds_of(answers: list[float], **experts: tuple[float, ...]) -> list[Seed]:
    found = []
    for answer in answers:
        within = intrinsic_range([value for one in experts.values() for value in one] + [answer], PLAIN)
        found.append(Seed(PLAIN, answer, {name: steps(values, within) for name, values in experts.items()}))
    return found


def test_weights_are_calibration_times_information_above_the_cut_off() -> None:
    experts = {"wide": (3.0, 10.0, 20.0), "sure": (9.0, 10.0, 11.0), "off": (30.0, 40.0, 50.0)}
    seeds = seeds_of([4.0, 6, 9, 11, 14, 16, 2, 8, 12, 22], **experts)
    found = performance(seeds, SHARES, cut_off=0.01)
    # 4, 6, 9, 8 lie between 3 and 10; 11, 14, 16, 12 between 10 and 20; 2 below and 22 above.
    assert found.scores["wide"].hits == (1, 4, 4, 1)
    assert found.scores["off"].hits == (10, 0, 0, 0)
    assert found.weights["off"] == 0.0 and sum(found.weights.values()) == pytest.approx(1.0)
    assert found.scores["sure"].information > found.scores["wide"].information > 0.0
    both = performance(seeds, SHARES, cut_off=0.0)
    score = both.scores
    assert both.weights["wide"] / both.weights["sure"] == pytest.approx(score["wide"].combined / score["sure"].combined)
    assert all(one.combined == pytest.approx(one.calibration * one.information) for one in score.values())
    best = performance(seeds, SHARES)
    levels = [performance(seeds, SHARES, cut_off=one.calibration) for one in score.values()]
    assert best.pooled.combined == max(one.pooled.combined for one in levels)
    with pytest.raises(UsageError, match="no expert has a calibration above the cut-off"):
        performance(seeds, SHARES, cut_off=0.99)


@pytest.fixture(scope="module")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scenario, the seeds and what is asked, which nobody changes."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "posts.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "seeds.yaml").write_text(SEEDS, encoding="utf-8")
    with contextlib.chdir(folder):
        done = elicit("--to", "experts", "--experts", "Ann Lee,Bo Yi", "--seeds", "seeds.yaml")
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def asked(asked_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is asked, for a test to change."""
    shutil.copytree(asked_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "experts"


def elicit(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["elicit", "posts.yaml", *arguments])


GIVEN = {"q1": [3, 9, 30], "q2": [10, 45, 200], "q3": [0.002, 0.004, 0.02], "q4": [0.5, 1, 1.5]}
OTHER = {"q1": [10, 12, 14], "q2": [20, 30, 90], "q3": [0.03, 0.06, 0.09], "q4": [0.4, 1, 1.6]}


def answer(folder: Path, expert: str, given: dict[str, Any], **changes: Any) -> None:
    page = (folder / f"{expert}.html").read_text(encoding="utf-8")
    token = json.loads(page.split('id="asked">')[1].split("</script>")[0])
    content = {
        "standoff_elicitation": 1, "expert": expert, "token": token["token"],
        "answers": {name: {"quantiles": values, "why": "since"} for name, values in given.items()}, **changes,
    }  # fmt: skip
    (folder / f"{expert}.json").write_text(json.dumps(content), encoding="utf-8")


def on_sheet(folder: Path, expert: str, given: dict[str, Any], **other: Any) -> None:
    path = folder / f"{expert}.xlsx"
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["answers"]
    for row in sheet.iter_rows(min_row=2):
        for cell, value in zip(row[4:7], given.get(row[0].value, []), strict=False):
            cell.value = value
    for address, value in other.items():
        sheet[address] = value
    workbook.save(path)


def test_what_goes_out_holds_neither_names_nor_known_answers_nor_markup(asked: Path) -> None:
    for expert in ("A", "B"):
        page = (asked / f"{expert}.html").read_text(encoding="utf-8")
        assert "Ann" not in page and "11.5" not in page and "daring" not in page
        assert "<b>" not in page and page.count("</script>") == 2
        cells = [str(c.value) for s in openpyxl.load_workbook(asked / f"{expert}.xlsx") for row in s for c in row]
        assert not any("Ann" in text or "11.5" in text for text in cells)
    plan = json.loads((asked / "plan.json").read_text(encoding="utf-8"))
    assert plan["experts"] == {"A": "Ann Lee", "B": "Bo Yi"}
    assert [one["of"] for one in plan["questions"]] == ["raid", "convoy", "daring"]


def test_form_excel_and_csv_say_the_same(asked: Path) -> None:
    given = {name: GIVEN[name] for name in ("q1", "q2", "q3")}
    answer(asked, "A", given)
    answer(asked, "B", {name: OTHER[name] for name in given})
    by_form = json.loads(elicit("--from", "experts", "--json").stdout)
    (asked / "B.json").unlink()
    on_sheet(asked, "B", OTHER)
    assert json.loads(elicit("--from", "experts", "--json").stdout) == by_form
    rows = [[str(cell.value or "") for cell in row] for row in openpyxl.load_workbook(asked / "B.xlsx")["answers"]]
    (asked / "B.xlsx").unlink()
    (asked / "B.csv").write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    assert json.loads(elicit("--from", "experts", "--json").stdout) == by_form
    assert by_form["parameters"][0]["apart"] == [["A", "B"]]


def test_priors_go_into_the_scenario_with_letters_only(asked: Path) -> None:
    answer(asked, "A", {k: GIVEN[k] for k in ("q1", "q2", "q3")})
    answer(asked, "B", {k: OTHER[k] for k in ("q1", "q2", "q3")})
    done = elicit("--from", "experts", "--weights", "performance", "--into", "posts.yaml", "--yes", "--figure", "e.svg")
    assert done.exit_code == 0, done.stderr
    text = Path("posts.yaml").read_text(encoding="utf-8")
    parameter = load("posts.yaml").document.parameters["daring"]
    assert parameter.prior.startswith("logquantiles(5%: ")
    assert [str(one.from_) for one in parameter.evidence] == ["elicited"]
    assert "Ann" not in text and "performance on seed questions" in str(parameter.evidence[0].says)
    assert [line for line in text.splitlines() if "daring: {" not in line] == [
        line for line in SCENARIO.splitlines() if "daring: {" not in line
    ]
    svg = Path("e.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg") and "Ann" not in svg and "<b>" not in svg


@pytest.mark.parametrize(
    ("given", "changes", "words"),
    [
        ({"q3": [0.004, 0.002, 0.02]}, {}, "SD711 experts/A.json answers.q3.quantiles[1]:1:1  the 50% of q3 is 0.002"),
        ({"q3": [0.002, 0.002, 0.02]}, {}, "the 50% of q3 is 0.002, but the 5% is 0.002"),
        ({"q3": [-1, 0.002, 0.02]}, {}, "out of range"),
        ({"q3": [0.001, 0.02]}, {}, "SD711 experts/A.json answers.q3:1:1  expected 3 quantiles"),
        ({"q3": ["x", 1, 2]}, {}, "no number: 'x'"),
        ({"q3": [float("nan"), 1, 2]}, {}, "no number"),
        ({"q33": [0.1, 1, 2]}, {}, "nobody asked 'q33'"),
        (GIVEN, {"token": "0"}, "SD712 experts/A.json:1:1  answers to other questions"),
        (GIVEN, {"expert": "Z"}, "nobody here is expert 'Z'"),
        (GIVEN, {"answers": [1]}, "SD701 experts/A.json"),
        ({"q3": [0.002, 0.004, 10**400]}, {}, "the 95% of q3 is no number"),
    ],
)  # fmt: skip
def test_a_damaged_answer_is_told_with_file_and_field(asked: Path, given: Any, changes: Any, words: str) -> None:
    answer(asked, "A", given)
    path = asked / "A.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), encoding="utf-8")
    done = elicit("--from", "experts")
    assert done.exit_code == 1 and words in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"E4": "0,004"}, "SD711 experts/B.xlsx answers!E4  the 5% of q3 is no number: '0,004'"),
        ({"F4": None}, "SD711 experts/B.xlsx answers!F4  the 50% of q3 is missing"),
        ({"C4": "1/year"}, "SD712 experts/B.xlsx answers!C4  the unit was changed"),
        ({"B4": "What?"}, "SD712 experts/B.xlsx answers!B4  the question was changed"),
        ({"E4": "=1+1"}, "SD703 experts/B.xlsx answers!E4"),
        ({"A4": "q9"}, "SD712 experts/B.xlsx answers!A4"),
        ({"F1": "fifty"}, "SD702 experts/B.xlsx answers!A1  the column '50%' is missing"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_an_answer_is_told_with_its_place(asked: Path, cells: Any, words: str) -> None:
    on_sheet(asked, "B", OTHER, **cells)
    done = elicit("--from", "experts")
    assert done.exit_code == 1 and words in done.stderr, done.stderr


def test_two_answers_of_one_expert_that_differ_are_refused(asked: Path) -> None:
    answer(asked, "A", {"q3": GIVEN["q3"]})
    on_sheet(asked, "A", {"q3": OTHER["q3"]})
    done = elicit("--from", "experts")
    assert done.exit_code == 1 and "SD713 experts/A.xlsx" in done.stderr


def test_what_is_missing_is_said_in_a_sentence(asked: Path) -> None:
    assert "no answers have come back" in elicit("--from", "experts").stderr
    answer(asked, "A", {"q3": GIVEN["q3"]})
    told = elicit("--from", "experts").stdout
    assert "Nothing has come from B." in told and 'prior: "logquantiles(5%: 0.002, 50%: 0.004, 95%: 0.02)"' in told
    refused = elicit("--from", "experts", "--weights", "performance")
    assert "expert A has not answered the seed question 'raid'" in refused.stderr
    assert elicit("--to", "experts").exit_code == 2
    assert "there is no parameter 'darring'" in elicit("--to", "more", "--parameters", "darring").stderr


def test_other_evidence_and_comments_stay(asked: Path) -> None:
    done = elicit("--to", "more", "--parameters", "nerve", "--experts", "1", "--quantiles", "10,50,90")
    assert done.exit_code == 0, done.stderr
    answer(asked.parent / "more", "A", {"q1": [1, 2, 4]})
    assert elicit("--from", "more", "--into", "posts.yaml", "--yes").exit_code == 0
    text = Path("posts.yaml").read_text(encoding="utf-8")
    assert '  nerve:  # of the men\n    prior: "quantiles(10%: 1, 50%: 2, 90%: 4)"\n' in text
    assert "{from: public-record, says: seen before}" in text
    assert 'says: "1 expert (A), linear pool, equal weights"' in text


def test_seed_questions_with_mistakes_are_told_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts.yaml").write_text(SCENARIO, encoding="utf-8")
    Path("s.yaml").write_text("a: {ask: x}\nb: {ask: y, answr: 2, answer: 1}\nc: {ask: z, answer: 5, at_most: 3}\n")
    done = elicit("--to", "e", "--seeds", "s.yaml")
    assert done.exit_code == 1
    for words in ("s.yaml:1:1  the seed question 'a' has no answer", "s.yaml:2:", "no 'answr'", "s.yaml:3:1  the"):
        assert words in done.stderr, done.stderr


def test_an_answer_that_was_edited_into_two_is_told(asked: Path) -> None:
    answer(asked, "A", {"q3": GIVEN["q3"]})
    path = asked / "A.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"q3": {', '"q3": {"quantiles": [1, 2, 3]}, "q3": {'), encoding="utf-8")
    done = elicit("--from", "experts")
    assert done.exit_code == 1 and "'q3' is there twice" in done.stderr


def test_a_file_that_is_nobodys_is_told_and_those_of_office_programs_are_not(asked: Path) -> None:
    answer(asked, "A", {"q3": GIVEN["q3"]})
    (asked / "Ann Lee.csv").write_text("id\n", encoding="utf-8")
    (asked / "~$A.xlsx").write_bytes(b"lock")
    done = elicit("--from", "experts")
    assert done.exit_code == 0, done.stderr
    assert "Ann Lee.csv: not read, since its name is not an expert's letter (A, B)" in done.stderr
    assert "~$" not in done.stderr


def test_experts_are_told_apart_and_answers_belong_to_their_scenario(asked: Path) -> None:
    assert "two experts are called 'Ann'" in elicit("--to", "more", "--experts", "Ann,Bo,Ann").stderr
    (asked.parent / "site").mkdir()
    (asked.parent / "site" / "B.html").write_text("mine", encoding="utf-8")
    assert "B.html' is there already" in elicit("--to", "site", "--experts", "2").stderr
    assert "no number of experts" in elicit("--to", "more", "--experts", "2.5").stderr
    answer(asked, "A", {"q3": GIVEN["q3"]})
    other = CliRunner().invoke(app, ["elicit", "cuba-1962", "--from", "experts"])
    assert other.exit_code == 2 and "are about posts.yaml, not about cuba-1962" in other.stderr
    same = CliRunner().invoke(app, ["elicit", str(asked.parent / "posts.yaml"), "--from", "experts"])
    assert same.exit_code == 0, same.stderr


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("quantiles", [0.5, 0.05, 0.95], "do not rise"), ("experts", ["A"], "no letters"),
        ("questions", [{"id": "q1", "of": "raid", "ask": "x", "low": "far"}], "of q1 is no number"),
    ],
)  # fmt: skip
def test_a_damaged_plan_is_told(asked: Path, key: str, value: Any, words: str) -> None:
    path = asked / "plan.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    done = elicit("--from", "experts")
    assert done.exit_code == 1 and "SD701 experts/plan.json" in done.stderr and words in done.stderr, done.stderr
