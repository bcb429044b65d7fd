"""Rare outcomes by splitting, on processes whose probabilities are known to the last digit."""

from __future__ import annotations

import json
import os
from math import exp, factorial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import rare
from standoff.analysis.answers.probability import student
from standoff.analysis.rarity import Rare
from standoff.analysis.rarity.importance import importance, with_bar
from standoff.analysis.rarity.splitting import split
from standoff.cli.app import app
from standoff.engine import prepare
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import Scenario, load
from tests.proofs import first_of

LADDER = """
standoff: 1
title: A ladder on which one step down is likelier than one up
starts: 2017-01-01
ends: 2018-12-31
state: {rung: {}, bustle: {}, fading: {half_life: 5 days}}
begin: {rung: 1, fading: 1}
parameters: {up: 1, down: 2, {{more}}}
rules:
  climb: {when: 0 < rung < {{top}}, rate: up, then: [rung += 1]}
  slip: {when: 0 < rung < {{top}}, rate: down, then: [rung -= 1]}
  stir: {when: 0 < rung < {{top}}, rate: 3, then: ["bustle += 1 if bustle < 6 else 0"]}
questions:
  top: {ask: Does it come to the top?, when: "rung >= {{top}}", by: 2018-12-31}
  top-date: {ask: When does it come to the top?, first: "rung >= {{top}}", by: 2018-12-31}
  stands: {ask: Is it on top at the end?, when: "rung == {{top}}", at: 2018-12-31}
  climbs: {ask: Is there that many a step up?, happens: {rule: climb}, at_least: 3, by: 2018-12-31}
  away: {ask: Does it by what tells nothing of it?, when: "rung >= {{top}}", by: 2018-12-31, levels: bustle}
  down: {ask: Does it by going down?, when: "rung >= {{top}}", by: 2018-12-31, levels: -rung}
  never: {ask: Does it go through the floor?, when: rung < 0, by: 2018-12-31, levels: rung}
  always: {ask: Is it on a rung?, when: rung >= 0, by: 2018-12-31}
  faded: {ask: Is it on top when all has faded?, type: binary, answer: "fading < 0.5 and rung >= {{top}}",
    date: 2018-12-31, levels: -rung}
  how-high: {ask: How high?, number: rung, at: 2018-12-31}
"""
CROWD = """
standoff: 1
title: People come, and each goes after a while
starts: 2017-01-01
ends: 2017-01-10
state: {crowd: {}}
rules:
  come: {rate: 1, then: [crowd += 1]}
  go: {rate: 0.5 * crowd, then: [crowd -= 1]}
questions:
  full: {ask: Are there many at the end?, when: crowd >= 8, at: 2017-01-10}
  full-before: {ask: Are there many on the third evening?, when: crowd >= 8, at: 2017-01-03}
"""


def ruin(top: int, up: float = 1.0, down: float = 2.0) -> float:
    """The probability of coming from the first rung to the top before the floor (Feller 1968, XIV.2)."""
    rates = np.zeros((top + 1, top + 1))
    for rung in range(1, top):
        rates[rung, [rung - 1, rung, rung + 1]] = down, -(up + down), up
    rates[0, 0] = rates[top, top] = 1.0
    ends = np.zeros(top + 1)
    ends[top] = 1.0
    return float(np.linalg.solve(rates, ends)[1])


def written(folder: Path, text: str, **words: object) -> Scenario:
    for name, value in words.items():
        text = text.replace("{{" + name + "}}", str(value))
    file = folder / f"{'-'.join(str(value) for value in words.values()).replace(' ', '')[:20]}.yaml"
    file.write_text(text, encoding="utf-8")
    return load(str(file))


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return written(tmp_path_factory.mktemp("ladder"), LADDER, top=5, more="")


def mean_within(scenario: Scenario, question: str, exact: float, *, replicates: int = 300, particles: int = 10) -> None:
    """The mean of many small replicates is the probability, within five of its standard errors."""
    made = rare(scenario, question, replicates=replicates, particles=particles, seed=3)
    estimates = np.array(made.estimates)
    error = estimates.std(ddof=1) / np.sqrt(replicates)
    assert abs(estimates.mean() - exact) < 5 * error, (made.estimate, exact, error)


@pytest.mark.skipif("STANDOFF_VERIFY" not in os.environ, reason="takes a quarter of a minute: make verify runs it")
@pytest.mark.timeout(120)
@pytest.mark.statistical(false_alarm=1e-5)
def test_a_ladder_that_is_climbed_once_in_a_million_is_known_within_a_fifth(tmp_path: Path) -> None:
    """The sum of (1 - p) / p over the 15 steps is 24.0, and over 13,000 particles the standard error 0.0429.

    A fifth is 4.7 of them: 2e-6 of a normal law, and at most five times as much where the skewness is 0.12, as here.
    """
    scenario = written(tmp_path, LADDER.replace("down: 2", "down: 2.5").replace("rate: 3", "rate: 0"), top=16, more="")
    exact = ruin(16, down=2.5)
    assert 6e-7 < exact < 7e-7
    made = rare(scenario, "top", replicates=10, particles=1300, seed=1)
    assert abs(made.estimate / exact - 1.0) < 0.2
    assert 0.5 * exact < made.low < made.estimate < made.high < 2 * exact
    assert made.runs_if_plain is not None and made.runs_if_plain > 1e8


@pytest.mark.statistical(false_alarm=5e-6)
@pytest.mark.parametrize("question", first_of(["down", "stands", "top-date", "away", "faded"]))
def test_the_mean_of_small_replicates_is_the_probability_whatever_the_height(ladder: Scenario, question: str) -> None:
    """Good heights, heights that tell nothing, heights that mislead, and answers that no height shows."""
    mean_within(ladder, question, ruin(5))


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(("question", "days"), first_of([("full-before", 3), ("full", 10)]))
def test_a_question_read_at_a_date_is_not_answered_by_having_been_near_before(
    tmp_path: Path, question: str, days: int
) -> None:
    """People in the room are Poisson with mean rate / leaving * (1 - exp(-leaving * days)) (M/M/infinity)."""
    mean = 1.0 / 0.5 * (1.0 - exp(-0.5 * days))
    exact = 1.0 - sum(exp(-mean) * mean**n / factorial(n) for n in range(8))
    mean_within(written(tmp_path, CROWD, any="crowd"), question, exact, replicates=150, particles=20)


@pytest.mark.statistical(false_alarm=1e-6)
def test_parameters_are_drawn_from_their_priors_and_copies_keep_them(tmp_path: Path) -> None:
    text = LADDER.replace("up: 1,", 'up: {prior: "choice(0.5, 1.5)", evidence: assumption},')
    exact = (ruin(5, up=0.5) + ruin(5, up=1.5)) / 2
    mean_within(written(tmp_path, text, top=5, more=""), "top", exact)


def test_what_cannot_be_is_0_and_what_must_be_is_1(ladder: Scenario) -> None:
    never, always = (rare(ladder, name, replicates=4, particles=50) for name in ("never", "always"))
    assert (never.estimate, never.low, never.zero, never.runs_if_plain) == (0.0, 0.0, 4, None)
    assert 0.0 < never.high < 0.02
    assert (always.estimate, always.high, always.zero, always.runs_if_plain) == (1.0, 1.0, 0, None)
    assert 0.98 < always.low < 1.0


def test_a_replicate_of_one_level_is_a_share_of_plain_runs(ladder: Scenario) -> None:
    question = next(one for one in ladder.resolved.questions if one.name == "top")
    climbed = importance(ladder.resolved, question)
    assert climbed.words == "min(rung - 5, 0)"
    program = prepare(ground(with_bar(ladder.resolved, question, climbed)))
    made = split(program, seed=1, number=0, particles=400, until=program.model.days)
    assert made.reached(-4.0) == pytest.approx((made.steps[0].scores > -4.0).mean(), rel=1e-12)
    assert made.reached(-4.0) == pytest.approx(1 / 3, abs=0.12)
    assert made.yes / 400 == pytest.approx(ruin(5), abs=0.05)
    assert made.reached(-5.0) == 1.0 and made.reached(-0.5) == pytest.approx(made.estimate)


def test_threads_and_repetition_change_no_byte_and_another_seed_does(ladder: Scenario) -> None:
    texts = [rare(ladder, "top", replicates=5, particles=20, seed=seed, jobs=jobs).to_json()
             for seed, jobs in ((1, 1), (1, 3), (1, 1), (2, 1))]  # fmt: skip
    assert texts[0] == texts[1] == texts[2] != texts[3]


def test_more_replicates_leave_the_first_as_they_were(ladder: Scenario) -> None:
    few, many = (rare(ladder, "top", replicates=number, particles=20) for number in (2, 4))
    assert many.estimates[:2] == few.estimates


CONDITIONS = {
    "a >= 3": "min(a - 3, 0)",
    "a < b": "min(b - a, 0)",
    "a == 3": "-abs(a - 3)",
    "a >= 3 and b > 2": "min(a - 3, 0) + min(b - 2, 0)",
    "a >= 3 or flag": "max(min(a - 3, 0), 0 if flag else -1)",
    "not (a >= 3 or flag)": "min(3 - a, 0) + (0 if not flag else -1)",
    "count(go) >= 7": "min(count(go) - 7, 0)",
    "any(n[p] >= 2 for p in place if p.big == 1)": "max(min(n[p] - 2, 0) for p in place if p.big == 1)",
    "any(p.big == 1 and flag and n[p] > 0 for p in place)":
        "max((0 if flag else -1) + min(n[p], 0) for p in place if p.big == 1)",
    "all(n[p] > 0 for p in place)": "sum(min(n[p], 0) for p in place)",
    "not any(n[p] > 0 for p in place)": "sum(min(0 - n[p], 0) for p in place)",
    "all(flag for p in place if n[p] > 1)": "sum(max(min(1 - n[p], 0), 0 if flag else -1) for p in place)",
}  # fmt: skip
PLAIN = """
standoff: 1
title: Conditions
starts: 2017-01-01
ends: 2017-01-10
places: {ford: {attributes: {big: 1}}, mill: {attributes: {big: 0}}}
state: {a: {}, b: {}, flag: {is: truth}, n: {of: place}}
rules: {go: {rate: 1, then: [a += 1]}}
questions:
"""


def test_heights_are_what_a_condition_lacks(tmp_path: Path) -> None:
    asked = [f'  q{i}: {{ask: Is it?, when: "{condition}", by: 2017-01-10}}' for i, condition in enumerate(CONDITIONS)]
    asked += [f'  e{i}: {{ask: Is it?, when: "{condition}", at: 2017-01-05}}' for i, condition in enumerate(CONDITIONS)]
    resolved = written(tmp_path, PLAIN + "\n".join(asked), any="conditions").resolved
    found = [importance(resolved, question).words for question in resolved.questions]
    assert found == list(CONDITIONS.values()) * 2


def test_events_that_are_counted_and_dates_have_heights_and_declared_ones_win(ladder: Scenario) -> None:
    found = {str(one.name): importance(ladder.resolved, one) for one in ladder.resolved.questions}
    assert found["climbs"].words == "min(tally_climbs - 3, 0)"
    assert found["top-date"].words == "min(rung - 5, 0)"
    assert (found["down"].words, found["down"].declared, found["top"].declared) == ("-rung", True, False)


def test_questions_that_have_no_probability_are_refused(ladder: Scenario) -> None:
    with pytest.raises(UsageError, match="asks for a number"):
        rare(ladder, "how-high")
    with pytest.raises(UsageError, match="did you mean 'top'"):
        rare(ladder, "topp")
    with pytest.raises(UsageError, match="at least 2 replicates"):
        rare(ladder, "top", replicates=1)


def test_students_quantiles_are_those_of_the_tables() -> None:
    known = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 10: 2.228, 29: 2.045, 120: 1.980}
    assert {n: round(student(0.975, n), 3) for n in known} == known


def test_the_verb_tells_the_estimate_and_keeps_it_in_a_run_folder(ladder: Scenario, tmp_path: Path) -> None:
    runner, out = CliRunner(), str(tmp_path / "run")
    shown = runner.invoke(app, ["run", str(ladder.path), "--runs", "20", "--out", out, "--quiet", "--all"])
    assert "never: yes in none of 20 runs; standoff rare estimates how rare." in " ".join(shown.stdout.split())
    line = ["rare", str(ladder.path), "--question", "top", "--replicates", "3", "--particles", "20", "--quiet"]
    shown = runner.invoke(app, [*line, "--into", out])
    assert shown.exit_code == 0, shown.output
    assert "close a run is to a yes (taken from its condition): min(rung - 5, 0)" in shown.stdout
    assert "Levels passed" in shown.stdout
    told = json.loads(runner.invoke(app, [*line, "--json"]).stdout)
    assert told == json.loads((tmp_path / "run" / "rare.json").read_text(encoding="utf-8"))
    assert set(told) == {*Rare.__dataclass_fields__, "method"}
    assert told["estimate"] == pytest.approx(np.mean(told["estimates"]))


def test_what_comes_after_the_date_neither_counts_nor_costs(tmp_path: Path) -> None:
    """The same scenario, once with a year after the date of the question: the same estimates from the same firings."""
    year = CROWD.replace("ends: 2017-01-10", "ends: 2018-01-10")
    short, long = (
        rare(written(tmp_path, text, ends=ends), "full-before", replicates=3, particles=30)
        for text, ends in ((CROWD, "soon"), (year, "late"))
    )
    assert (short.estimates, short.firings, short.levels) == (long.estimates, long.firings, long.levels)
