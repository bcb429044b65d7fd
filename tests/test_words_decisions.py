"""What decisions do in a run: when they come up, what each policy chooses, and what two policies share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

import pytest

from standoff.engine import Trajectory, prepare, reference_run, run
from standoff.errors import RunStopped
from standoff.model import Model
from standoff.scenario import check, load
from standoff.scenario.reading.text import Words

ModelOf = Callable[[str], Model]

HEAD = """\
actors: {blue: {}, red: {}, green: {}}
groups: {others: {of: actor, members: [red, green]}}
state: {tension: {}, warned: {of: actor, is: truth}, calm: {is: truth}}
rules:
  rises: {at: 5, then: [tension = 3]}
  falls: {at: 11, then: [tension = 0]}
  rises_again: {at: 20, then: [tension = 3]}
decisions:
  choose:
"""
OPTIONS = "    options: {bide: {appeal: 1}, press: {when: tension > 2, appeal: 3}, ease: {appeal: tension}}\n"


def choices(model: Model, made: Trajectory) -> list[tuple[float, str]]:
    """What was chosen in a run, and when."""
    rules = [model.rules[model.rule_of[rule]] for rule in made.rule]
    origins = [(float(time), rule.origin) for time, rule in zip(made.time, rules, strict=True)]
    return [(time, origin.of) for time, origin in origins if origin is not None and origin.word == "decision"]


def chosen(model_of: ModelOf, keys: str, options: str = OPTIONS) -> list[tuple[float, str]]:
    """What a decision of blue chooses in a run."""
    model = model_of(HEAD + "    of: blue\n" + "".join(f"    {line}\n" for line in keys.splitlines()) + options)
    return choices(model, reference_run(model, seed=1, run=0))


def test_a_decision_that_comes_up_every_so_often_counts_from_the_start(model_of: ModelOf) -> None:
    made = chosen(model_of, "comes: {every: 4 days}\npolicy: {always: bide}")
    assert made == [(4.0 * i, "bide") for i in range(1, 26)]


def test_a_decision_comes_up_once_each_time_its_condition_begins_to_hold(model_of: ModelOf) -> None:
    once = "comes: {once: tension > 2}\npolicy: {always: press}"
    assert chosen(model_of, once) == [(5.0, "press"), (20.0, "press")]
    assert chosen(model_of, f"when: warned[red]\n{once}") == []


def test_a_decision_at_a_date_comes_up_only_while_its_guard_holds(model_of: ModelOf) -> None:
    at = "comes: {at: 7}\npolicy: {always: ease}"
    assert chosen(model_of, at) == [(7.0, "ease")]
    assert chosen(model_of, f"when: tension < 2\n{at}") == []


def test_a_closed_option_gives_way_to_the_first_that_is_always_open(model_of: ModelOf) -> None:
    every = "comes: {every: 6 days}\n"
    before_and_after = [(6.0, "press"), (12.0, "bide"), (18.0, "bide"), (24.0, "press")]
    assert chosen(model_of, f"{every}policy: {{always: press}}")[:4] == before_and_after
    assert chosen(model_of, f"{every}policy: {{mix: {{press: 2}}}}")[:4] == before_and_after
    lines = "{if: tension > 100, choose: ease}, {if: true, choose: press}, {if: tension > 100, choose: ease}"
    assert chosen(model_of, f"{every}policy: {{first: [{lines}]}}")[:4] == before_and_after


def test_the_best_option_is_the_open_one_of_the_greatest_appeal_and_of_equal_ones_the_first(model_of: ModelOf) -> None:
    best = "comes: {every: 6 days}\npolicy: {best: appeal}"
    assert chosen(model_of, best)[:4] == [(6.0, "press"), (12.0, "bide"), (18.0, "bide"), (24.0, "press")]
    senseless = OPTIONS.replace("tension > 2, appeal: 3", "tension > 9, appeal: 1 / (tension - tension)")
    assert chosen(model_of, best, senseless)[:2] == [(6.0, "ease"), (12.0, "bide")]


def test_dates_that_come_again_and_again_do_not_drift(model_of: ModelOf) -> None:
    """Each third multiple of 5 hours, and each tenth of 1.1 days, is a whole number of days, to the bit."""
    hours = chosen(model_of, "comes: {every: 5 hours}\npolicy: {always: bide}")
    assert len(hours) == 480
    assert [time for time, _ in hours][23::24] == [5.0 * i for i in range(1, 21)]
    tenths = chosen(model_of, "comes: {every: 1.1 days}\npolicy: {always: bide}")
    assert [time for time, _ in tenths][9::10] == [11.0 * i for i in range(1, 10)]


def test_what_one_combination_chooses_is_done_before_the_next_one_chooses(model_of: ModelOf) -> None:
    model = model_of(
        HEAD.replace("calm: {is: truth}", "calm: {is: truth}, troops: {at_least: 0}").replace(
            "rules:", "begin: {troops: 1}\nrules:"
        )
        + "    of: a\n    for: {a: others}\n    comes: {once: tension > 2}\n    policy: {always: take}\n"
        "    options: {bide: {}, take: {when: troops > 0, then: [troops -= 1]}}\n"
    )
    assert choices(model, reference_run(model, seed=1, run=0)) == [
        (5.0, "take"), (5.0, "bide"), (20.0, "bide"), (20.0, "bide")
    ]  # fmt: skip


def test_a_condition_that_ceases_and_holds_again_within_an_instant_is_not_missed(model_of: ModelOf) -> None:
    model = model_of(
        "actors: {blue: {}}\nstate: {mobilised: {is: truth}, times: {}}\n"
        "rules:\n  mobilises: {at: 5, then: [mobilised = true]}\n"
        "  again: {when: not mobilised and 0 < times < 3, then: [mobilised = true]}\n"
        "decisions:\n  stand_down:\n    of: blue\n    comes: {once: mobilised}\n    policy: {always: agree}\n"
        "    options: {agree: {then: [mobilised = false, times += 1]}, refuse: {}}\n"
    )
    assert choices(model, reference_run(model, seed=1, run=0)) == [(5.0, "agree")] * 3


def test_a_condition_that_still_holds_counts_anew_once_the_guard_has_ceased_and_holds_again(model_of: ModelOf) -> None:
    model = model_of(
        "actors: {blue: {}}\nstate: {alarm: {is: truth}, able: {is: truth}}\n"
        "rules:\n  rings: {at: 2, then: [alarm = true]}\n  can: {at: 3, then: [able = true]}\n"
        "  cannot: {at: 6, then: [able = false]}\n  can_again: {at: 9, then: [able = true]}\n"
        "decisions:\n  answers:\n    of: blue\n    when: able\n    comes: {once: alarm}\n"
        "    policy: {always: wait}\n    options: {wait: {}, act: {}}\n"
    )
    assert choices(model, reference_run(model, seed=1, run=0)) == [(3.0, "wait"), (9.0, "wait")]


def test_weights_of_nothing_leave_the_option_that_is_always_open(model_of: ModelOf) -> None:
    every = "comes: {every: 50 days}\n"
    assert chosen(model_of, f"{every}policy: {{mix: {{ease: 0}}}}") == [(50.0, "bide"), (100.0, "bide")]
    assert chosen(model_of, f"{every}policy: {{mix: {{ease: 0 * tension, press: 0}}}}")[0] == (50.0, "bide")


@pytest.mark.parametrize("mix", ["{ease: 0 - tension}", "{ease: 1, bide: 0 - tension}", "{ease: 0 - 1, bide: 1}"])
def test_a_weight_below_zero_stops_the_run(model_of: ModelOf, mix: str) -> None:
    with pytest.raises(RunStopped) as stopped:
        chosen(model_of, f"comes: {{every: 50 days}}\npolicy: {{mix: {mix}}}")
    assert stopped.value.code == "SD506"


def test_an_appeal_that_is_no_number_is_never_the_greatest_and_cannot_be_drawn_by(model_of: ModelOf) -> None:
    no_number = "(tension - tension) / (tension - tension)"
    closed = "press: {when: tension > 9, appeal: 5}"
    options = f"    options: {{bide: {{appeal: {no_number}}}, ease: {{appeal: 1}}, {closed}}}\n"
    best = chosen(model_of, "comes: {every: 50 days}\npolicy: {best: appeal}", options)
    assert best == [(50.0, "bide"), (100.0, "bide")]
    with pytest.raises(RunStopped):
        chosen(model_of, "comes: {every: 50 days}\npolicy: {logit: 1}", options)


def test_every_combination_of_variables_decides_by_itself(model_of: ModelOf) -> None:
    model = model_of(
        HEAD + "    of: blue\n    for: {a: others}\n    comes: {rate: 0.02}\n    policy: {mix: {warn: 1, bide: 3}}\n"
        '    options: {bide: {}, warn: {when: "not warned[a]", then: ["warned[a] = true"]}}\n'
        'watch: {red: {of: "warned[red]"}, green: {of: "warned[green]"}}\n'
    )
    ends = [run(prepare(model, hurry=True), seed=3, run=i).series[-1] for i in range(60)]
    assert {tuple(end) for end in ends} == {(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)}


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(
    ("policy", "weights"),
    [
        ("{mix: {bide: 1, ease: 0.5, press: 2.5}}", {"bide": 1, "ease": 0.5, "press": 2.5}),
        ("{logit: 0.5}", {"bide": exp(0.5), "press": exp(1.5), "ease": exp(1.5)}),
        ("{logit: 400}", {"press": 1, "ease": 1}),
    ],
)
def test_options_are_chosen_in_proportion_to_their_weights(
    model_of: ModelOf, policy: str, weights: dict[str, float]
) -> None:
    """False alarms: three comparisons at most, each two-sided at 5.2 standard errors, 2e-7 for each."""
    keys = f"    of: blue\n    when: tension > 2\n    comes: {{rate: 5}}\n    policy: {policy}\n"
    model = model_of(HEAD + keys + OPTIONS)
    program = prepare(model)
    seen = Counter(option for i in range(100) for _, option in choices(model, run(program, seed=5, run=i)))
    total, weight = sum(seen.values()), sum(weights.values())
    assert total > 5_000 and set(seen) == set(weights)
    for option, count in seen.items():
        p = weights[option] / weight
        assert abs(count - total * p) < 5.2 * sqrt(total * p * (1 - p)), option


def test_two_policies_choose_alike_wherever_the_same_luck_falls_into_the_same_option(model_of: ModelOf) -> None:
    """A little more of one option changes only the choices that it takes over."""

    def made(press: float) -> list[tuple[float, str]]:
        mix = f"{{mix: {{press: {press}, bide: {1 - press}}}}}"
        options = "    options: {press: {}, bide: {}}\n"
        model = model_of(f"{HEAD}    of: blue\n    comes: {{rate: 5}}\n    policy: {mix}\n{options}")
        return choices(model, run(prepare(model, hurry=True), seed=2, run=0, sampler="coupled"))

    less, more = made(0.5), made(0.6)
    assert [time for time, _ in less] == [time for time, _ in more]
    pairs = Counter((one, other) for (_, one), (_, other) in zip(less, more, strict=True))
    assert pairs["press", "bide"] == 0
    assert 0 < pairs["bide", "press"] < 0.2 * len(less)


def test_choices_are_rules_that_questions_count_and_red_lines_see(model_of: ModelOf) -> None:
    model = model_of(
        HEAD.replace("decisions:", "places: {ford: {}}\nred_lines:\n  line:\n    of: green\n"
        "    crossed_by: [{rule: choose_press, by: blue, at: ford}]\n    response: {then: [calm = true]}\ndecisions:")
        + "    of: blue\n    comes: {every: 6 days}\n    policy: {always: press}\n" + OPTIONS
        + "questions:\n  pressed: {ask: p?, happens: {rule: choose_press}, at_least: 2, by: 2020-04-09}\n"
        "  answered: {ask: a?, when: calm, at: 2020-04-09}\n  asked: {ask: n?, number: count(choose), at: 2020-04-09}\n"
    )  # fmt: skip
    pressed, answered, asked = reference_run(model, seed=1, run=0).answers
    assert (pressed, answered) == (1, 1)
    assert asked == 16


def test_a_goal_adds_up_what_each_day_is_worth_and_what_the_state_is_at_its_date(model_of: ModelOf) -> None:
    """Tension is 3 on the days from 5 to 11 and from 20 on."""
    model = model_of(
        HEAD.removesuffix("decisions:\n  choose:\n")
        + "goals:\n  red: {is: 100 * tension, at: 2020-01-15}\n"
        "  blue: {over_time: tension, every: 4 days, at: 2020-01-22}\n"
        "  green: {is: tension, over_time: -1 if tension > 1 else 0, every: 6 hours}\n"
    )
    names = [question.name for question in model.questions]
    assert names == ["goal-red", "goal-blue", "goal-green"]
    by_name = dict(zip(names, reference_run(model, seed=1, run=0).answers, strict=True))
    # Read on day 8 for the four days before, on day 20 just before tension rises, and on day 22 for the two days left.
    assert by_name["goal-blue"] == 3 * (4 + 0 + 2)
    assert by_name["goal-red"] == 0
    assert by_name["goal-green"] == 3 - (6 + 80)


def test_a_variant_replaces_a_policy_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "choice.yaml"
    file.write_text(
        f"standoff: 1\ntitle: T\nstarts: 2020-01-01\nends: 2020-02-01\n{HEAD}    of: blue\n    comes: {{rate: 1}}\n"
        f"    policy: {{logit: 2}}\n{OPTIONS}"
        "variants:\n  firm: {decisions: {choose: {policy: {always: press}, comes: {every: 2 days}}}}\n",
        encoding="utf-8",
    )
    decision = load(file, variant="firm").document.decisions[Words("choose")]
    assert (decision.policy.always, decision.policy.logit) == ("press", None)
    assert (decision.comes.every, decision.comes.rate) == ("2 days", None)
    assert list(decision.options) == ["bide", "press", "ease"]


def test_a_variant_in_the_main_file_replaces_the_policy_that_its_include_gives_it(tmp_path: Path) -> None:
    firm = "variants:\n  firm: {decisions: {choose: {policy: POLICY}}}\n"
    (tmp_path / "part.yaml").write_text(
        f"{HEAD}    of: blue\n    comes: {{rate: 1}}\n    policy: {{logit: 2}}\n{OPTIONS}"
        + firm.replace("POLICY", "{always: press}"),
        encoding="utf-8",
    )
    file = tmp_path / "choice.yaml"
    top = "standoff: 1\ntitle: T\nstarts: 2020-01-01\nends: 2020-02-01\ninclude: part.yaml\n"
    file.write_text(top + firm.replace("POLICY", "{mix: {ease: 1}}"), encoding="utf-8")
    policy = load(file, variant="firm").document.decisions[Words("choose")].policy
    assert (policy.always, policy.logit, list(policy.mix or ())) == (None, None, ["ease"])


def test_what_a_decision_names_for_itself_gives_way_to_a_decision_of_that_name(model_of: ModelOf) -> None:
    keys = "    of: blue\n    comes: {every: 5 days}\n    policy: {mix: {bide: 1}}\n" + OPTIONS
    others = "".join(f"  {name}:\n{keys}" for name in ("total", "choose_date"))
    model = model_of(HEAD + keys + others)
    made = choices(model, reference_run(model, seed=1, run=0))
    assert made == [(5.0 * i, "bide") for i in range(1, 21) for _ in range(3)]


def test_an_actor_that_decides_or_wants_something_is_not_idle(tmp_path: Path) -> None:
    file = tmp_path / "choice.yaml"
    file.write_text(
        "standoff: 1\ntitle: T\nstarts: 2020-01-01\nends: 2020-02-01\nactors: {blue: {}, red: {}, green: {}}\n"
        "state: {calm: {is: truth}}\ngoals: {red: {is: 1 if calm else 0, evidence: assumption}}\n"
        "decisions:\n  rest:\n    of: blue\n    comes: {rate: 1}\n    policy: {always: wait}\n"
        "    evidence: assumption\n"
        "    options: {wait: {}, act: {then: [calm = true]}}\n",
        encoding="utf-8",
    )
    assert [fault.found for fault in check(file)] == ["no rule can involve the actor 'green'"]
