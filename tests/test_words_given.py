"""Questions with a condition: which runs answer them, when they are refused, and what verbs make of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import standoff as so
from standoff.analysis import boxes, compare, explain, rare
from standoff.analysis.effects.differences import difference_among
from standoff.cli.app import app
from standoff.ensemble import Answers, NoAnswer, NumberAnswer, QuestionEntry, YesNoAnswer, labelled, selected
from standoff.errors import Faults, UsageError
from standoff.scenario import Scenario

BODY = """\
standoff: 1
title: War after incidents
starts: 2026-01-01
ends: 2026-03-31
actors: {a: {kind: state}, b: {kind: state}}
parameters: {hazard: {prior: "uniform(0.02, 0.1)", unit: 1/day}}
state: {n: {at_least: 0}, war: {is: truth}}
rules:
  incident: {rate: hazard, then: [n += 1], event: ASSAULT by a on b}
  escalate: {when: n > 3, rate: 0.02, then: [war = true], event: COERCE by a on b}
questions:
  war: {ask: War?, when: war, by: 2026-03-31}
  war-if-many: {ask: War if many?, when: war, by: 2026-03-31, given: {when: n > 3, at: 2026-02-15}%s}
  incidents-if-war: {ask: How many?, number: n, at: 2026-03-31, given: war}
  eighth-if-early: {ask: When?, first: n >= 8, by: 2026-03-31,
    given: {happens: {rule: incident}, at_least: 3, by: 2026-01-31}}
  never: {ask: If fifty?, when: war, at: 2026-03-31, given: {when: n > 50, at: 2026-03-31, ask: Fifty?}}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path: Path = tmp_path_factory.mktemp("given") / "c.yaml"
    path.write_text(BODY % "", encoding="utf-8")
    return so.load(path)


@pytest.fixture(scope="module")
def made(scenario: Scenario) -> so.Ensemble:
    return so.run(scenario, runs=300, seed=4)


def test_a_conditional_question_is_answered_by_the_runs_that_meet_its_condition(made: so.Ensemble) -> None:
    answers = {one.question.id: one for one in made.answered.questions}
    table = made.answers
    many = table["war-if-many-given"].to_numpy() > 0.5
    war = table["war"].to_numpy() > 0.5
    assert 20 <= many.sum() < 300
    found = answers["war-if-many"]
    assert isinstance(found, YesNoAnswer)
    assert (found.runs, found.chance.yes) == (many.sum(), (war & many).sum())
    assert found.given is not None
    assert (found.given.runs, found.given.of) == (many.sum(), 300)
    condition = answers["war-if-many-given"]
    assert isinstance(condition, YesNoAnswer)
    # The share of the condition is one number, wherever it is told.
    assert (found.given.low, found.given.high) == (condition.chance.low, condition.chance.high)
    assert f"{many.sum()} of 300 runs" in found.sentence
    numbers = answers["incidents-if-war"]
    assert isinstance(numbers, NumberAnswer)
    assert numbers.spread.mean == pytest.approx(table["incidents-if-war"].to_numpy()[war].mean())


def test_a_date_meets_a_condition_from_the_very_start_on() -> None:
    blank = QuestionEntry(
        id="came", ask="When?", type="date", date="2026-03-31", unit=None, forecast=None, outcome=None, why=None,
        value=None, hindsight=False,
    )  # fmt: skip
    asked = [blank, replace(blank, id="after", condition="came"), replace(blank, id="yes", type="binary")]
    answers = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.25, 0.0, 0.0], [40.0, 1.0, 0.0]])
    assert selected(asked, asked[1], answers).tolist() == [False, True, True, True]  # type: ignore[union-attr]
    assert selected(asked, replace(asked[1], condition="yes"), answers).tolist() == [True, True, False, False]  # type: ignore[union-attr]
    assert selected(asked, blank, answers) is None


def test_fewer_than_twenty_runs_are_no_answer_and_the_words_say_so(made: so.Ensemble) -> None:
    (refused,) = (one for one in made.answered.questions if isinstance(one, NoAnswer))
    assert refused.question.id == "never"
    assert "fewer than 20 of 300 runs meet its condition “Fifty?”" in refused.sentence
    assert Answers.from_json(made.answered.to_json()) == made.answered
    row = made.questions.filter(made.questions["id"] == "never")
    assert row["probability"].to_list() == [None]


def test_a_condition_moves_no_other_answer(scenario: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    text = (BODY % "").replace(", given: {when: n > 3, at: 2026-02-15}", "").replace(", given: war", "")
    path.write_text(text, encoding="utf-8")
    with_given, without = (so.run(one, runs=20, seed=2, sampler="coupled") for one in (scenario, so.load(path)))
    for name in ("war", "war-if-many", "incidents-if-war", "eighth-if-early"):
        assert with_given.answers[name].to_list() == without.answers[name].to_list()


def test_the_report_says_the_condition_and_shows_no_refused_answer_as_a_number(made: so.Ensemble) -> None:
    from standoff.report.build import scene_of

    scene = scene_of(made)
    shown = {one.id: one for one in scene.questions}
    assert "never" not in shown
    assert any("fewer than 20 of 300 runs" in note for note in scene.notes)
    assert "Asked only where" in shown["war-if-many"].statement
    assert shown["war-if-many"].course is None
    assert shown["war"].course is not None


def test_a_condition_may_name_the_hour_at_which_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "hours.yaml"
    text = (BODY % "").replace("given: {when: n > 3, at: 2026-02-15}", "given: {when: n > 3, at: 2026-02-15T06:30}")
    path.write_text(text.replace("given: war", "given: {when: war, by: 2026-03-31T12:00}"), encoding="utf-8")
    scenario = so.load(path)
    asked = {str(one.name): str(one.ask) for one in scenario.resolved.questions}
    assert asked["war-if-many-given"] == "n > 3 on 2026-02-15T06:30?"
    assert asked["incidents-if-war-given"] == "war by 2026-03-31T12:00?"
    made = so.run(scenario, runs=40, seed=4)
    assert "“n > 3 on 2026-02-15T06:30?”" in made.answered.questions[1].sentence
    late = text.replace("2026-02-15T06:30", "2026-04-01T00:30")
    path.write_text(late, encoding="utf-8")
    with pytest.raises(Faults, match="2026-04-01T00:30 is outside the scenario"):
        so.load(path)


def test_the_twelve_runs_of_the_page_are_among_those_that_are_asked(tmp_path: Path) -> None:
    from standoff.report.build import scene_of

    path = tmp_path / "held.yaml"
    text = BODY.replace("state: {", "state: {control: {of: place, is: actor}, ").replace(
        "n += 1]", "{if: n > 3, then: ['control[hill] = b'], else: ['control[hill] = a']}, n += 1]"
    )
    extra = (
        "places: {hill: {at: [34, 38]}}\nheadline: war-if-many\nwatch: {control: {for: {p: place}, of: 'control[p]'}}\n"
    )
    path.write_text(text % "" + extra, encoding="utf-8")
    made = so.run(so.load(path), runs=150, seed=4)
    met = set(made.answers.filter(made.answers["war-if-many-given"] > 0.5)["run"].to_list())
    twelve = scene_of(made).twelve
    assert twelve is not None and twelve.question == "war-if-many"
    assert len(twelve.runs) == 12 and {one.run for one in twelve.runs} <= met < set(range(150))


@pytest.mark.parametrize("verb", ["explain", "rare", "boxes"])
def test_verbs_that_take_all_runs_refuse_a_conditional_question_in_words(scenario: Scenario, verb: str) -> None:
    asks = {
        "explain": lambda: explain(scenario, "war-if-many", runs=10),
        "rare": lambda: rare(scenario, "war-if-many"),
        "boxes": lambda: boxes(scenario, ["war-if-many"], runs=200),
    }
    with pytest.raises(UsageError, match="asked only in runs in which 'war-if-many-given' is yes"):
        asks[verb]()


def test_what_ifs_compare_the_runs_that_meet_the_condition_in_each_case(scenario: Scenario) -> None:
    hot = so.load(scenario.path, settings={"hazard": 0.09})
    found = compare(scenario, {"hot": hot, "same": scenario}, runs=200, seed=3)
    told = {(one.what, one.question): one.paired for one in found.questions}
    base = so.run(scenario, runs=200, seed=3, sampler="coupled").answers
    changed = so.run(hot, runs=200, seed=3, sampler="coupled").answers
    shares = [
        one["war-if-many"].to_numpy()[one["war-if-many-given"].to_numpy() > 0.5].mean() for one in (base, changed)
    ]
    assert told["hot", "war-if-many"].difference == pytest.approx(shares[1] - shares[0])
    assert told["same", "war-if-many"].difference == told["same", "war-if-many"].low == 0.0
    assert ("hot", "never") in {(one.what, one.question) for one in found.refused}
    assert "fewer than 20 of 200 runs meet its condition: 0 and 0" in found.refused[0].why


@pytest.mark.statistical(false_alarm=1e-7)
def test_intervals_of_conditional_differences_hold_the_truth_as_often_as_they_say() -> None:
    # 600 intervals of pairs that share their luck; coverage 0.95 by a binomial z test at 5.5 standard errors.
    generator = np.random.Generator(np.random.Philox(key=17))
    held, widths, runs = 0, [], 400
    for _ in range(600):
        luck, noise = generator.random(runs), generator.random(runs)
        among = luck < 0.5, luck < 0.6
        # Where asked, the base says yes with probability 0.3, the variant with 0.3 + 0.1.
        base, variant = (noise < 0.3).astype(float), (noise < 0.4).astype(float)
        found = difference_among(base, variant, among, same=False, share=True)
        held += found.low <= 0.1 <= found.high
        widths.append(found.high - found.low)
    assert abs(held / 600 - 0.95) < 5.5 * np.sqrt(0.95 * 0.05 / 600)
    # Pairs that share their luck are worth more than two samples.
    assert np.mean(widths) < 0.75 * 2 * 1.96 * np.sqrt(0.3 * 0.7 / 200 + 0.4 * 0.6 / 240)


KNOWN = """\
standoff: 1
title: A war after an incident
starts: 2026-01-01
ends: 2026-01-20
actors: {a: {kind: state}, b: {kind: state}}
state: {tense: {is: truth}, war: {is: truth}}
rules:
  incident: {when: not tense, rate: 0.08, then: [tense = true], event: ASSAULT by a on b}
  escalate: {when: tense and not war, rate: 0.05, then: [war = true], event: COERCE by a on b}
questions:
  if-early: {ask: War?, when: war, by: 2026-01-20, given: {when: tense, at: 2026-01-10}}
  if-late: {ask: War?, when: war, by: 2026-01-20, given: {when: not tense, at: 2026-01-10}}
  early-if-war: {ask: Was it early?, when: tense, at: 2026-01-10, given: {when: war, at: 2026-01-20}}
"""
RUNS, INCIDENT, WAR, MIDDLE, END = 4000, 0.08, 0.05, 10.0, 20.0


def _war_after_an_incident_between(first: float, last: float) -> float:
    """The probability of an incident then and of war by the end: an exponential time after an exponential time."""

    def primitive(x: float) -> float:
        # Of a exp(-a x) (1 - exp(-b (T - x))) over x.
        return -np.exp(-INCIDENT * x) - INCIDENT * np.exp(-WAR * END + (WAR - INCIDENT) * x) / (WAR - INCIDENT)

    return float(primitive(last) - primitive(first))


@pytest.mark.statistical(false_alarm=5e-8)
def test_conditional_probabilities_are_those_of_two_exponential_times(tmp_path: Path) -> None:
    # Six binomial z tests at 6 standard errors: 2e-9 each by the normal law, with room for that of 1,300 runs.
    path = tmp_path / "known.yaml"
    path.write_text(KNOWN, encoding="utf-8")
    answers = {one.question.id: one for one in so.run(so.load(path), runs=RUNS, seed=11).answered.questions}
    tense = 1.0 - np.exp(-INCIDENT * MIDDLE)
    early, late = _war_after_an_incident_between(0.0, MIDDLE), _war_after_an_incident_between(MIDDLE, END)
    known = {"if-early": (early, tense), "if-late": (late, 1.0 - tense), "early-if-war": (early, early + late)}
    for name, (both, condition) in known.items():
        found = answers[name]
        assert isinstance(found, YesNoAnswer)
        truth, runs = both / condition, found.runs
        assert abs(runs - RUNS * condition) < 6 * np.sqrt(RUNS * condition * (1.0 - condition))
        assert abs(found.chance.yes / runs - truth) < 6 * np.sqrt(truth * (1.0 - truth) / runs), name
        # An answer of all runs would be told apart.
        assert abs(both - truth) > 8 * np.sqrt(truth * (1.0 - truth) / runs)


def test_a_conditional_question_is_called_with_its_condition_and_a_written_condition_is_no_question_of_a_table(
    scenario: Scenario,
) -> None:
    from standoff.calibration import brief_of
    from standoff.ensemble import answer_tables
    from standoff.report.build import scene_of

    made = so.run(scenario, runs=300, seed=3)
    label = "War if many? (given: n > 3 on 2026-02-15?)"
    written = {f"{name}-given" for name in ("war-if-many", "eighth-if-early", "never")}
    assert made.manifest.conditions == written
    page = {one.id: one.ask for one in scene_of(made).questions}
    assert page["war-if-many"] == label and not set(page) & written
    assert page["war"] == "War?" and page["incidents-if-war"] == "How many? (given: War?)"
    # The verb hides them from its tables; the notebook's table is the whole of the display.
    asked = [one for one in made.answered.questions if one.question.id not in written]
    assert label in "".join(str(row.cells[0]) for table in answer_tables(asked, "2026-01-01") for row in table.rows)
    notebook = made.display()
    assert "War if many? (given:" in repr(notebook) and "-given" not in repr(notebook)
    assert not {one.question for one in brief_of(made.manifest, made.answered).key_questions} & written
    hot = so.load(scenario.path, settings={"hazard": 0.09})
    found = compare(scenario, {"hot": hot}, runs=100, seed=3)
    asks = {one.question: one.ask for one in found.questions}
    assert not set(asks) & written and asks["war-if-many"] == label


def test_words_that_hold_their_condition_are_left_as_they_are() -> None:
    assert labelled("If war comes, how many?", "War comes?") == "If war comes, how many?"
    assert labelled("How many?", None) == "How many?"


def test_the_terminal_lists_no_condition_that_is_written_in_place(scenario: Scenario, tmp_path: Path) -> None:
    command = ["run", str(scenario.path), "--runs", "150", "--out", str(tmp_path / "out"), "--all"]
    words = " ".join(CliRunner().invoke(app, command).output.split())
    assert "war-if-many" in words and "war-if-many-given" not in words
    assert "(given: n > 3" in words
