"""Policies: one model in which each actor follows any of its own, the same as if it had been written so."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import draw_parameters, prepare, reference_run, run
from standoff.errors import Faults, UsageError
from standoff.model import Model, ground, grounded
from standoff.scenario import Scenario, Words, check, claim_plans, following, load, policy_plans
from tests.conftest import HEAD
from tests.proofs import THEATRE

TEXT = """\
actors: {red: {}, blue: {}, grey: {}}
places: {town: {}, ford: {}}
groups: {both: {of: actor, members: [red, grey]}}
state: {losses: {of: actor, at_least: 0}, gain: {}}
parameters: {tempo: "uniform(0.1, 0.3)", threshold: 2}
stances:
  blue:
    options: [calm, tense]
    begin: calm
    changes: [{from: calm, to: tense, rate: 0.03, event: MOBILIZE by blue}, {from: tense, to: calm, rate: 0.05}]
red_lines:
  town_line:
    of: blue
    crossed_by: [{rule: probes, by: a, at: town}]
    threshold: {declared: 1}
    willing: 0.5
    response: {then: ["losses[intruder] += 1"], event: ASSAULT (answer) by blue on intruder at spot}
    credibility: {lost: 0.3}
decisions:
  leader:
    of: red
    comes: {rate: 0.2}
    options:
      wait: {appeal: 0}
      strike: {appeal: 0.2, when: "losses[red] < threshold", then: ["losses[blue] += 1"], event: ASSAULT by red on blue}
    policy: {mix: {wait: 0.7, strike: 0.3}}
  each:
    of: a
    for: {a: actor}
    comes: {every: 10 days}
    options: {stay: {}, build: {then: ["losses[a] += 0.25"]}}
    policy: {mix: {stay: 0.5, build: 0.5}}
deals:
  truce:
    parties:
      red: {deal: "0.5 - 0.1 * losses[red]", no_deal: 0.2}
      blue: {deal: 0.4, no_deal: "0.1 + 0.05 * losses[blue]"}
    rate: 0.1
    terms: [gain += 1]
rules:
  probes: {for: {a: both}, rate: tempo, event: ASSAULT (probe) by a on blue at town}
  strikes_back: {rate: 0.05, decides: blue, then: ["losses[red] += 1"], event: ASSAULT (strike) by grey on red}
  sulks: {when: "losses[blue] > 3", then: ["losses[blue] -= 1"], event: YIELD by blue on red}
questions:
  tension: {ask: Is blue tense?, when: stance_blue == tense, at: 2020-04-09}
"""
POLICIES = """\
policies:
  hawk: {of: red, decisions: {leader: {always: strike}, each: {always: build}}, acts: {probes: 1}}
  dove: {of: red, decisions: {leader: {first: [{if: "losses[red] > 5", choose: strike}]}}, acts: {probes: never}}
  cool: {of: red, decisions: {leader: {logit: 2}}, parameters: {threshold: 4}}
  firm: {of: blue, stance: tense, acts: {town_line: 1, strikes_back: 0.5}, deals: {truce: {accept: "gain < 1"}}}
  lax:
    of: blue
    acts: {town_line: never, strikes_back: never, stance_blue_calm_to_tense: never, sulks: never}
    decisions: {each: {best: appeal}}
"""
APPEALS = ("stay: {}, build: {then", "stay: {appeal: 1}, build: {appeal: 0, then")
Seen = list[tuple[float, str, str]]


def scenario(folder: Path, text: str = TEXT, policies: str = POLICIES) -> Scenario:
    """A scenario with the policies."""
    file = folder / "scenario.yaml"
    file.write_text(HEAD + text.replace(*APPEALS) + policies)
    return load(file)


def events(own: Model, run_number: int, *, by: Model | None = None, **given: float) -> Seen:
    """What happened in a run of a scenario, silent rules included: when, by which rule, and for which entities.

    `by` makes the run, where it is not the scenario's own model: parameters are drawn from the priors of the scenario,
    and switches are 0 but for what is given.
    """
    values = draw_parameters(own, seed=3, runs=np.array([run_number]))[0]
    drawn = dict(zip([info.name for info in own.parameters], values, strict=True))
    model = by or own
    parameters = np.array([given.get(info.name, drawn.get(info.name, 0.0)) for info in model.parameters])
    made = run(prepare(model, hurry=True), seed=3, run=run_number, sampler="coupled", parameters=parameters)
    return [
        (float(time), str(model.rules[model.rule_of[rule]].name), model.binding(int(rule)))
        for time, rule in zip(made.time, made.rule, strict=True)
    ]


def switched(made: Scenario) -> Model:
    """The model in which the actors of a scenario follow any of their policies."""
    return ground(policy_plans(made).resolved)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Model]:
    """A scenario's own model and the switched one."""
    made = scenario(tmp_path_factory.mktemp("both"))
    return grounded(made), switched(made)


def test_with_every_switch_at_zero_the_runs_are_those_of_the_scenario(both: tuple[Model, Model]) -> None:
    own, model = both
    for number in range(5):
        assert events(own, number, by=model) == events(own, number)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name in THEATRE if "2018" in name or "STANDOFF_VERIFY" in os.environ])
@pytest.mark.statistical(false_alarm=0)
def test_with_every_switch_at_zero_the_runs_of_a_bundled_scenario_are_its_own(name: str) -> None:
    made = load(name)
    assert made.document.policies
    assert events(grounded(made), 0, by=switched(made)) == events(grounded(made), 0)


WRITTEN = {
    "hawk": [
        ("{mix: {wait: 0.7, strike: 0.3}}", "{always: strike}"),
        ("{stay: 0.5, build: 0.5}", '{stay: "0 if a == red else 0.5", build: 0.5}'),
    ],
    "dove": [
        ("{mix: {wait: 0.7, strike: 0.3}}", '{first: [{if: "losses[red] > 5", choose: strike}]}'),
        ("{for: {a: both}, rate", "{for: {a: both}, when: a != red, rate"),
    ],
    "cool": [("{mix: {wait: 0.7, strike: 0.3}}", "{logit: 2}"), ("threshold: 2", "threshold: 4")],
    "firm": [
        ("begin: calm", "begin: tense"), ("from: calm, to: tense", "from: calm, to: tense, when: false"),
        ("from: tense, to: calm", "from: tense, to: calm, when: false"),
        ("willing: 0.5", "willing: 0.5 * 1"),
        ("rate: 0.05, decides", "rate: 0.05 * 0.5, decides"),
        ("no_deal: \"0.1 + 0.05 * losses[blue]\"", "no_deal: \"-100 if gain < 1 else 100\""),
    ],
    "lax": [
        ("willing: 0.5", "willing: 0"), ("rate: 0.05, decides", "when: false, rate: 0.05, decides"),
        ("from: calm, to: tense", "from: calm, to: tense, when: false"), ("losses[blue] > 3", "false"),
        ("{stay: 0.5, build: 0.5}", '{stay: 0.5, build: "0 if a == blue else 0.5"}'),
    ],
}  # fmt: skip
"""What each policy amounts to, written into the scenario itself."""


@pytest.mark.parametrize("policy", WRITTEN)
def test_a_policy_that_is_followed_does_what_it_would_do_if_it_were_written(
    tmp_path: Path, both: tuple[Model, Model], policy: str
) -> None:
    text = TEXT
    for old, new in WRITTEN[policy]:
        assert old in text
        text = text.replace(old, new)
    own = grounded(scenario(tmp_path, text, ""))
    plans = policy_plans(scenario(tmp_path))
    plan = next(plan for plans_of in plans.each.values() for plan in plans_of if plan.name == policy)
    given = {plan.switch: plan.number, **plan.values}
    seen = [events(both[0], number, by=both[1], **given) for number in range(6)]
    assert seen == [events(own, number) for number in range(6)]
    assert seen != [events(both[0], number) for number in range(6)]


@pytest.mark.parametrize("policy", WRITTEN)
def test_the_twin_follows_a_policy_as_the_kernel_does(both: tuple[Model, Model], policy: str) -> None:
    model = both[1]
    switches = {"hawk": (1, 0), "dove": (2, 1), "cool": (3, 2), "firm": (0, 1), "lax": (1, 2)}[policy]
    names = [info.name for info in model.parameters]
    for number in range(2):
        parameters = draw_parameters(model, seed=5, runs=np.array([number]))[0]
        parameters[names.index("policy_red")], parameters[names.index("policy_blue")] = switches
        compiled = run(prepare(model, hurry=True), seed=5, run=number, parameters=parameters)
        plain = reference_run(model, seed=5, run=number, parameters=parameters)
        assert compiled.time.tolist() == plain.time.tolist() and compiled.rule.tolist() == plain.rule.tolist()
        assert compiled.answers.tolist() == plain.answers.tolist()


def test_a_name_that_only_a_policy_uses_is_used(tmp_path: Path) -> None:
    text = TEXT.replace("threshold: 2}", "threshold: 2, nerve: 3, unused: 1}")
    policies = POLICIES.replace("losses[red] > 5", "losses[red] > nerve")
    told = [fault.found for fault in check(scenario(tmp_path, text, policies).path) if fault.code == "SD411"]
    assert told == ["nothing uses the parameter 'unused'"]


def test_a_variant_replaces_how_a_policy_chooses_as_a_whole(tmp_path: Path) -> None:
    variants = "variants: {meek: {policies: {hawk: {decisions: {leader: {mix: {strike: 1, wait: 4}}}}}}}\n"
    made = scenario(tmp_path, TEXT, POLICIES + variants)
    leader = load(made.path, variant="meek").document.policies["hawk"].decisions["leader"]
    assert leader.always is None and dict(leader.mix or {}) == {"strike": "1", "wait": "4"}


def test_a_fault_in_a_policy_is_told_at_its_place(tmp_path: Path) -> None:
    made = scenario(tmp_path, TEXT, POLICIES.replace("gain < 1", "gain < wealth"))
    with pytest.raises(Faults, match="unknown name 'wealth'") as error:
        policy_plans(made)
    line = made.path.read_text().splitlines().index(POLICIES.splitlines()[4].replace("gain < 1", "gain < wealth")) + 1
    assert [fault.location.line for fault in error.value.faults if fault.location] == [line]


@pytest.mark.parametrize("policy", ["cool", "firm"])
def test_a_scenario_that_follows_a_policy_is_a_scenario_of_its_own(
    tmp_path: Path, both: tuple[Model, Model], policy: str
) -> None:
    made = scenario(tmp_path)
    plan = next(plan for plans_of in policy_plans(made).each.values() for plan in plans_of if plan.name == policy)
    followed = following(made, [policy])
    again = tmp_path / "followed.yaml"
    again.write_text(followed.text, encoding="utf-8")
    expected = events(both[0], 1, by=both[1], **{plan.switch: plan.number}, **plan.values)
    assert events(grounded(followed), 1) == expected == events(grounded(load(again)), 1)


def test_a_policy_that_is_not_there_and_two_of_one_actor_are_refused(tmp_path: Path) -> None:
    made = scenario(tmp_path)
    with pytest.raises(UsageError, match="there is no policy 'firn'; did you mean 'firm'"):
        following(made, ["firn"])
    with pytest.raises(UsageError, match="firm and lax are both of 'blue'"):
        following(made, ["firm", "lax"])
    with pytest.raises(UsageError, match="there is no policy 'as_written'"):
        following(made, ["as_written"])


def test_a_claim_that_lets_a_policy_be_followed_has_the_effect_of_that_policy(tmp_path: Path) -> None:
    claims = (
        "claims:\n  firm: {says: Less., follow: firm, expect: \"losses[red] falls\"}\n"
        "  again: {says: More., follow: firm, expect: \"losses[blue] rises\"}\n"
        "  cool: {says: More., follow: cool, expect: \"losses[blue] rises\"}\n"
    )
    made = scenario(tmp_path, TEXT, POLICIES + claims)
    own, tested = grounded(made), ground(claim_plans(made).resolved)
    by_policy = switched(made)
    for policy, plan in (("firm", {"policy_blue": 1.0}), ("cool", {"policy_red": 3.0, "threshold": 4.0})):
        for number in range(3):
            values = {name: value for name, value in plan.items() if name == "threshold"}
            claimed = events(own, number, by=tested, **{f"claim_{policy}": 1.0}, **values)
            assert without_switches(claimed) == without_switches(events(own, number, by=by_policy, **plan))
            assert events(own, number, by=tested) == events(own, number)


def without_switches(seen: Seen) -> Seen:
    """What happened but for the taking of a stance, whose rule has a name of its own."""
    return [event for event in seen if "takes" not in event[1]]


def test_a_number_that_is_fixed_is_not_set_by_a_policy_without_a_word(tmp_path: Path) -> None:
    made = load(scenario(tmp_path).path, settings={"threshold": 3})
    with pytest.raises(UsageError, match="the policy 'cool' sets 'threshold', which is fixed at 3: leave one out"):
        following(made, ["cool"])
    assert following(made, ["hawk"]).document.parameters[Words("threshold")].prior == "3.0"
