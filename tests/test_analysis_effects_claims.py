"""Claims under test: effects that are known exactly, verdicts that err as rarely as stated."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import try_claims
from standoff.analysis.effects import ClaimFinding, Claims
from standoff.analysis.effects.claims import selection
from standoff.analysis.effects.verdicts import judge, looks_of
from standoff.calibration import run
from standoff.cli.app import app
from standoff.errors import Faults, RunStopped, UsageError
from standoff.scenario import check, claim_plans, load

TIMES = int(os.environ.get("STANDOFF_VERIFY", "1"))
ERROR = 0.05
EXPERIMENTS = 1000

POSTS = """
standoff: 1
title: Steps and their answers
starts: 2017-01-01
ends: 2017-04-10
actors: {us: {}, ru: {}}
state: {steps: {of: actor}, tense: {is: truth}, answers: {}, drawn: {}, fixed: {}}
parameters: {pace: {prior: "uniform(0.5, 1.5)"}, chance_of: {prior: 0.4}}
rules:
  step: {for: {a: actor}, rate: pace, then: ["steps[a] += 1"], event: MOBILIZE by a}
  answer: {when: tense, rate: 0.02, then: [answers += 1], event: COERCE (strike) by us on ru}
  tension: {when: "steps[ru] >= 60 and not tense", then: [tense = true]}
  notes_twice: {rate: 0.5, then: []}
  notes: {at: 1, then: [drawn = pace, fixed = chance_of]}
injects:
  war: {at: 2017-02-01, on: false, then: [tense = true], event: ASSAULT by ru on us}
  talks: {at: 2017-01-05, then: ["steps[us] -= 5"], event: CONSULT by us}
questions:
  struck: {ask: Is there an answer?, happens: {mode: strike}, by: 2017-04-10}
claims:
  pace-adds: {says: A higher pace means more steps., raise: pace, by: 1.2, expect: "steps[us] rises", hedge: likely,
    mechanism: [M01, M02], evidence: assumption, against: pace-takes}
  pace-takes: {says: A higher pace means fewer steps., raise: pace, by: 1.2, expect: "steps[us] falls"}
  one-sided: {says: Only theirs., lower: step, where: a == ru, by: 4, expect: "steps[us] falls"}
  theirs: {says: Theirs fall., lower: step, where: a == ru, by: 4, expect: "steps[ru] falls"}
  war-answers: {says: War draws answers., force: war, expect: rises, events: {mode: strike}}
  war-sooner: {says: War makes answers come sooner., force: war, expect: come sooner, events: {mode: strike}}
  war-chance: {says: War makes an answer likelier., force: war, on: 2017-01-11, expect: rises, question: struck,
    given: "steps[ru] >= 70"}
  talks-cost: {says: Without talks more steps are left., remove: talks, expect: "steps[us] rises"}
  a-step: {says: One more step., force: step, where: a == us, on: 2017-04-01, expect: "steps[us] rises"}
  start-ahead: {says: Ahead., set: {"steps[ru]": 60, pace: 3}, expect: tense rises, until: 2017-01-01}
  war-counts: {says: What is forced counts., force: war, expect: rises, events: {type: ASSAULT}}
  faster: {says: No faster than the prior., raise: pace, by: 4, expect: drawn rises}
  fixed: {says: A fixed number is raised., raise: chance_of, by: 3, expect: fixed rises}
  by-rule: {says: Forced under its name., force: step, where: a == us, expect: rises, events: {rule: step, source: us}}
  war-by-rule: {says: So is an inject., force: war, expect: rises, events: {rule: war}}
  talks-again: {says: Once., force: talks, on: 2017-03-01, expect: rises, events: {rule: talks}}
  once: {says: Named twice and raised once., raise: [notes_twice, notes_twice], by: 3, expect: count(notes_twice) rises}
  nothing: {says: Nothing., remove: war, expect: "steps[us] rises"}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("claims") / "posts.yaml"
    file.write_text(POSTS, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def made(path: str) -> Claims:
    return try_claims(load(path), seed=3, at_most=400)


def one(made: Claims, name: str) -> ClaimFinding:
    return next(tested for tested in made.claims if tested.id == name)


def test_every_claim_gets_the_verdict_that_its_effect_deserves(made: Claims) -> None:
    verdicts = {tested.id: tested.verdict for tested in made.claims}
    assert verdicts == {
        "pace-adds": "holds", "pace-takes": "reversed", "one-sided": "not distinguishable", "theirs": "holds",
        "war-answers": "holds", "war-sooner": "holds", "war-chance": "holds", "talks-cost": "holds",
        "a-step": "holds", "start-ahead": "holds", "war-counts": "holds", "faster": "holds", "fixed": "holds",
        "by-rule": "holds", "war-by-rule": "holds", "talks-again": "not distinguishable", "once": "holds",
        "nothing": "not distinguishable",
    }  # fmt: skip


def test_claims_that_contradict_each_other_are_both_there(made: Claims) -> None:
    ours, theirs = one(made, "pace-adds"), one(made, "pace-takes")
    assert (ours.effect, ours.low, ours.high, ours.runs) == (theirs.effect, theirs.low, theirs.high, theirs.runs)
    assert ours.against == ("pace-takes",)
    assert (ours.mechanism, ours.hedge, ours.evidence) == (("M01", "M02"), "likely", ("assumption",))


def test_an_effect_without_luck_is_exact(made: Claims) -> None:
    assert (one(made, "talks-cost").effect, one(made, "talks-cost").changed) == (5.0, 100)
    assert (one(made, "a-step").effect, one(made, "a-step").base) == (1.0, one(made, "talks-cost").base)
    assert one(made, "start-ahead").effect == 1.0
    assert (one(made, "war-counts").base, one(made, "war-counts").effect) == (0.0, 1.0)


def test_what_is_forced_counts_under_its_own_name_and_an_inject_comes_once(made: Claims) -> None:
    assert (one(made, "by-rule").effect, one(made, "war-by-rule").effect) == (1.0, 1.0)
    assert (one(made, "war-by-rule").base, one(made, "talks-again").base, one(made, "talks-again").effect) == (0, 1, 0)
    # Raised to three times, not to nine: 0.5 a day for 100 days.
    assert 50.0 < one(made, "once").effect < 200.0


def test_a_drawn_number_is_raised_within_its_prior_and_a_fixed_one_beyond_it(made: Claims) -> None:
    faster, fixed = one(made, "faster"), one(made, "fixed")
    assert faster.base + faster.effect == pytest.approx(1.5)
    assert (fixed.base, fixed.effect) == (pytest.approx(0.4), pytest.approx(0.8))


def test_what_a_cause_cannot_reach_does_not_move_at_all(made: Claims) -> None:
    for name in ("one-sided", "nothing"):
        tested = one(made, name)
        assert (tested.effect, tested.low, tested.high, tested.changed, tested.runs) == (0.0, 0.0, 0.0, 0, 400)


@pytest.mark.statistical(false_alarm=3e-6)
def test_effects_are_those_that_theory_gives(path: str) -> None:
    """E (1.2 pace, capped, - pace) T over a uniform prior in its interval; 1 - exp(-0.02 90) after a war, 5 sigma."""
    made = try_claims(load(path), seed=5, at_most=3200, only=["pace-adds", "war-chance"], error=2e-6)
    values = np.linspace(0.5, 1.5, 200_001)
    adds, chance = one(made, "pace-adds"), one(made, "war-chance")
    assert adds.low < float((np.minimum(1.2 * values, 1.5) - values).mean()) * 100.0 < adds.high
    warred = 1 - np.exp(-0.02 * 90)
    assert abs(chance.base + chance.effect - warred) < 5 * np.sqrt(warred * (1 - warred) / chance.runs)


def test_with_every_switch_off_the_runs_are_the_scenarios_own(path: str) -> None:
    from standoff.engine import draw_parameters, prepare
    from standoff.engine import run as run_once
    from standoff.model import ground

    scenario = load(path)
    plain, tested = ground(scenario.resolved), ground(claim_plans(scenario).resolved)
    for number in range(5):
        own = run_once(prepare(plain), seed=2, run=number, sampler="coupled")
        parameters = np.zeros(len(tested.parameters))
        drawn = dict(zip([p.name for p in plain.parameters], draw_parameters(plain, seed=2, runs=np.array([number]))[0],
                         strict=True))  # fmt: skip
        for i, info in enumerate(tested.parameters):
            parameters[i] = drawn.get(info.name, 0.0)
        other = run_once(prepare(tested), seed=2, run=number, parameters=parameters, sampler="coupled")
        assert np.array_equal(own.time, other.time)
        assert [plain.rules[plain.rule_of[g]].name for g in own.rule] == [
            tested.rules[tested.rule_of[g]].name for g in other.rule
        ]


def test_a_claim_takes_only_the_runs_it_needs(made: Claims) -> None:
    assert one(made, "pace-adds").runs == 100
    assert one(made, "one-sided").runs == 400
    assert looks_of(100) == [100]
    assert looks_of(1000) == [100, 200, 400, 800, 1000]


def test_all_looks_share_the_total_error(path: str) -> None:
    """One look at error 0.01 has the interval of the first of three looks at 0.03 in all."""
    alone, shared = (
        one(try_claims(load(path), seed=3, at_most=runs, error=error, only=["pace-adds"]), "pace-adds")
        for runs, error in ((100, 0.01), (400, 0.03))
    )
    assert (alone.runs, alone.low, alone.high) == (shared.runs, shared.low, shared.high)


def test_fewer_than_ten_pairs_that_differ_settle_nothing() -> None:
    base = np.zeros(100)
    for changed, verdict in ((9, "not distinguishable"), (10, "holds")):
        caused = np.where(np.arange(100) < changed, 5.0, 0.0)
        found, said, *_ = judge(base, caused, "rises", error=0.05, share=False)
        assert found.low > 0.0
        assert said == verdict


def test_claims_do_not_change_what_scenario_it_is(path: str, tmp_path: Path) -> None:
    file = tmp_path / "posts.yaml"
    file.write_text(POSTS[: POSTS.index("claims:")], encoding="utf-8")
    assert load(str(file)).digest == load(path).digest


def test_results_hang_neither_on_jobs_nor_on_the_other_claims(path: str, made: Claims) -> None:
    again = try_claims(load(path), seed=3, at_most=400, jobs=3, only=["war-sooner", "theirs"])
    assert [one(made, name) for name in ("theirs", "war-sooner")] == list(again.claims)


def experiments(draw: str, effect: float) -> list[str]:
    """The verdicts of repeated small experiments, each looked at as `try_claims` does."""
    generator = np.random.default_rng(7)
    looks = looks_of(400)
    verdicts = []
    for _ in range(EXPERIMENTS * TIMES):
        base = generator.poisson(2.0, 400).astype(float)
        kicks = generator.poisson(1.0, 400)
        if draw == "skewed":
            moved = 10.0 * generator.binomial(kicks, 0.1) - kicks + effect
        elif draw == "rare":
            moved = np.where(generator.random(400) < 0.05, generator.choice([-1.0, 1.0], 400), 0.0)
        else:
            base = (generator.random(400) < 0.5).astype(float)
            moved = np.where(generator.random(400) < 0.3, (generator.random(400) < 0.5) - base, 0.0)
        for runs in looks:
            _, verdict, *_ = judge(
                base[:runs], (base + moved)[:runs], "rises", error=ERROR / len(looks), share=draw == "share"
            )
            if verdict != "not distinguishable":
                break
        verdicts.append(verdict)
    return verdicts


@pytest.mark.statistical(false_alarm=3e-6)
@pytest.mark.parametrize("draw", ["skewed", "rare", "share"])
def test_a_claim_without_effect_gets_a_verdict_no_more_often_than_stated(draw: str) -> None:
    """1,000 experiments whose true mean difference is 0; the share of verdicts is below its bound by 5 sigma."""
    verdicts = experiments(draw, 0.0)
    wrong = sum(verdict != "not distinguishable" for verdict in verdicts)
    count = len(verdicts)
    assert wrong <= count * ERROR + 5 * np.sqrt(count * ERROR * (1 - ERROR))
    # A rule that never spoke would pass as well.
    assert set(experiments("skewed", 1.5)[:100]) == {"holds"}


@pytest.mark.slow  # One scenario of each verdict: test_every_claim_gets_the_verdict_…
@pytest.mark.statistical(false_alarm=3e-7)
@pytest.mark.timeout(400)
def test_the_engines_own_experiments_err_no_more_often_than_stated(tmp_path: Path) -> None:
    """Kicks of mean 0, raised: 40 claims in one scenario, whose causes draw luck of their own; 5 sigma."""
    kicks = [f"kick_{i}" for i in range(40)]
    rule = "{rate: 0.5, then: [{chance: [{p: 0.2, do: ['x_I += 4']}], otherwise: ['x_I -= 1']}]}"
    lines = ["standoff: 1", "title: Kicks", "starts: 2020-01-01", "ends: 2020-01-02", "state:"]
    lines += [f"  x_{i}: {{}}" for i in range(40)]
    lines += ["rules:", *(f"  {kick}: {rule.replace('I', str(i))}" for i, kick in enumerate(kicks)), "claims:"]
    lines += [f"  c{i}: {{says: None., raise: {kick}, by: 3, expect: x_{i} rises}}" for i, kick in enumerate(kicks)]
    file = tmp_path / "kicks.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    seeds = 25 if TIMES > 1 else 1
    tested = [claim for seed in range(seeds) for claim in try_claims(load(str(file)), seed=seed, at_most=200).claims]
    wrong = sum(claim.verdict != "not distinguishable" for claim in tested)
    assert wrong <= len(tested) * 0.01 + 5 * np.sqrt(len(tested) * 0.01 * 0.99)


CONFOUNDED = """
standoff: 1
title: A storm makes both flags and floods
starts: 2017-01-01
ends: 2017-01-31
state: {storm: {is: truth}, flags: {at_least: 0}, flood: {is: truth}}
parameters: {weather: {prior: "uniform(0, 1)"}}
rules:
  begins: {at: 1, when: weather < 0.5, then: [storm = true]}
  flag: {when: storm and flags < 1, rate: 1, then: [flags += 1]}
  floods: {when: storm and not flood, rate: 0.1, then: [flood = true]}
claims:
  flags-bring-floods: {says: A flag brings a flood., force: flag, given: flags >= 1, expect: flood rises}
"""


def test_what_goes_together_by_selection_need_not_be_a_cause(tmp_path: Path) -> None:
    file = tmp_path / "storm.yaml"
    file.write_text(CONFOUNDED, encoding="utf-8")
    (claim,) = try_claims(load(str(file)), seed=1, at_most=800).claims
    assert (claim.verdict, claim.effect, claim.changed) == ("not distinguishable", 0.0, 0)
    assert claim.selection is not None and claim.selection.low is not None
    assert claim.selection.low > 0.8
    assert claim.selection.with_runs + claim.selection.without_runs == claim.runs


def test_too_few_selected_runs_say_nothing() -> None:
    found = selection("x", np.ones(5), np.zeros(500), share=True)
    assert (found.effect, found.low, found.high, found.with_runs) == (None, None, None, 5)


def test_a_selected_difference_of_probabilities_has_newcombes_interval() -> None:
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    found = selection("x", np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32]), share=True)
    assert found.effect == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_a_value_outside_the_prior_is_reached_by_set(path: str) -> None:
    info = next(p for p in claim_plans(load(path)).resolved.parameters.values() if p.name == "pace")
    assert info.prior.of == {"low": 0.5, "high": 3.0}


def test_a_scenario_without_claims_and_an_unknown_claim_are_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'pace-adds'"):
        try_claims(load(path), only=["pace-add"])
    file = tmp_path / "empty.yaml"
    file.write_text("standoff: 1\ntitle: A\nstarts: 2020-01-01\nends: 2020-01-02\n", encoding="utf-8")
    with pytest.raises(UsageError, match="has no claims"):
        try_claims(load(str(file)))


COUNTED = "  counted: {ask: How many steps?, number: count(step), at: 2017-04-10}\n"


def test_a_forced_rule_may_be_counted_by_what_neither_moves_a_run_nor_is_the_effect(tmp_path: Path) -> None:
    file = tmp_path / "counted.yaml"
    file.write_text(POSTS.replace("questions:\n", "questions:\n" + COUNTED), encoding="utf-8")
    assert "a-step" in [plan.claim for plan in claim_plans(load(str(file))).each]


@pytest.mark.parametrize(("claim", "question"), [("pace-adds", "claim-pace-adds"), ("war-chance", "given-war-chance"),
                                                 ("war-answers", "claim-war-answers")])  # fmt: skip
def test_a_claim_takes_no_question_of_the_author(tmp_path: Path, claim: str, question: str) -> None:
    file = tmp_path / "taken.yaml"
    asked = f"questions:\n  {question}: {{ask: Is it tense?, type: binary, answer: tense, date: 2017-04-10}}\n"
    file.write_text(POSTS.replace("questions:\n", asked), encoding="utf-8")
    with pytest.raises(Faults) as refused:
        claim_plans(load(str(file)))
    told = [(fault.code, fault.found) for fault in refused.value.faults]
    found = f"'{claim}' makes a question '{question}', but that is already the name of a question"
    assert told == [("SD209", found)]
    assert [fault.code for fault in check(file) if fault.severity == "error"] == ["SD209"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('force: step, where: a == us, expect: count(step) rises', "does not count what a claim forces"),
        ('force: step, where: a == us, question: counted, expect: rises', "does not count what a claim forces"),
        ('force: answer, expect: drawn rises', "does not count what a claim forces"),
        ('set: {pace: .nan}, expect: "steps[us] falls"', "is not a number, and a parameter needs one"),
    ],
)
def test_claims_that_cannot_be_tested_are_refused(tmp_path: Path, words: str, told: str) -> None:
    file = tmp_path / "wrong.yaml"
    text = POSTS.replace('raise: pace, by: 1.2, expect: "steps[us] falls"', words)
    text = text.replace("fixed = chance_of]", "fixed = chance_of + count(answer)]")
    file.write_text(text.replace("questions:\n", "questions:\n" + COUNTED), encoding="utf-8")
    with pytest.raises(Faults, match=told):
        try_claims(load(str(file)))


def test_a_claim_whose_runs_stop_is_named(tmp_path: Path) -> None:
    file = tmp_path / "stops.yaml"
    text = POSTS.replace("steps: {of: actor}", "steps: {of: actor, at_most: 220}")
    file.write_text(text.replace(", until: 2017-01-01", ""), encoding="utf-8")
    with pytest.raises(RunStopped, match="claim 'start-ahead'"):
        try_claims(load(str(file)), only=["theirs", "start-ahead"], at_most=400)


def test_a_run_goes_no_further_than_its_effect_is_read(path: str, made: Claims, tmp_path: Path) -> None:
    """Past 220 steps a run stops: the effect on 1 January is read before that."""
    file = tmp_path / "stops.yaml"
    file.write_text(POSTS.replace("steps: {of: actor}", "steps: {of: actor, at_most: 220}"), encoding="utf-8")
    (claim,) = try_claims(load(str(file)), seed=3, only=["start-ahead"], at_most=400).claims
    assert claim == one(made, "start-ahead")


def test_an_answer_that_is_spelled_out_is_read_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "spelled.yaml"
    spelled = "questions:\n  own: {ask: How many?, type: number, answer: 'steps[us]', date: 2017-01-02}\n"
    claim = "  early: {says: Early., raise: pace, by: 1.2, question: own, expect: rises}\n"
    file.write_text(POSTS.replace("questions:\n", spelled) + claim, encoding="utf-8")
    own, whole = try_claims(load(str(file)), seed=3, only=["early", "pace-adds"]).claims[::-1]
    assert (own.effect, own.base, own.runs) == (whole.effect, whole.base, whole.runs)


def test_faults_in_claims_are_told_by_claims_and_by_check(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(POSTS.replace("raise: pace, by: 1.2, expect: \"steps[us] falls\"", "raise: pase, expect: x falls"))
    with pytest.raises(Faults, match="did you mean 'pace'"):
        try_claims(load(str(file)))


def test_the_verb_prints_claims_and_keeps_them_in_a_run_folder(path: str, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(load(path), runs=20, out=folder)
    words = ["claims", path, "pace-adds", "war-chance", "--runs", "200", "--seed", "3", "--quiet"]
    said = CliRunner().invoke(app, [*words, "--into", str(folder)])
    assert said.exit_code == 0, said.output
    assert "Of 2 tests of wiring, 2 hold." in said.output
    assert "by selection" in said.output
    printed = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert json.loads((folder / "claims.json").read_text(encoding="utf-8")) == printed
    assert {"id", "verdict", "effect", "low", "high", "runs"} <= set(printed["claims"][0])
