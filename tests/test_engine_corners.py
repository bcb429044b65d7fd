"""Corners where a number could go wrong in silence: rates of nothing or of everything, no rows, shared factors."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest

from standoff.engine import Trajectory, prepare, run
from standoff.errors import RunStopped
from standoff.model import Model
from tests.outcomes import assert_kernel_is_twin, ended, last, stopped

ModelOf = Callable[[str], Model]
pytestmark = pytest.mark.usefixtures("no_code_kept")


# -- rates of nothing and of everything ------------------------------------------------------------------------------


def test_a_rate_of_exactly_nothing_never_fires(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {}, y: {at_least: 0}}
rules:
  never: {rate: 0 * x, then: [y += 1]}
  minus_nothing: {rate: -0.0 * (1 + x), then: [y += 1]}
  always: {rate: 0.2, then: [x += 1]}
watch: {y: {of: y}}
""")
    trajectory = ended(model)
    assert set(trajectory.rule.tolist()) == {2}
    assert last(model, trajectory, "y") == 0.0


def test_rates_too_small_to_matter_do_nothing_and_hide_nothing(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {}, y: {}}
rules:
  hardly: {rate: 1e-300 * (1 + x), then: [y += 1]}
  less: {rate: 5e-324 * (1 + x), then: [y += 1]}
  always: {rate: 0.5, then: [x += 1]}
""")
    assert set(ended(model).rule.tolist()) == {2}
    alone = model_of("state: {x: {}}\nrules:\n  hardly: {rate: 1e-300 * (1 + x), then: [x += 1]}\n")
    assert ended(alone).fired == 0


@pytest.mark.parametrize("guard", ["", ", when: y == 1"])
def test_a_negative_rate_that_fades_stops_the_run_where_it_arises(model_of: ModelOf, guard: str) -> None:
    """Its bound is 0, so it was never proposed, and the rule was silently still."""
    text = """
state: {x: {half_life: 40 days}, y: {}}
begin: {x: 1}
rules:
  more: {at: 7, then: [y = 1]}
  below: {rate: x * (0.5 - y)GUARD, then: [x += 1]}
"""
    stop = stopped(model_of(text.replace("GUARD", guard)))
    assert (stop.code, stop.rule, stop.time_days) == ("SD501", "below", 7.0)


def test_where_its_guard_does_not_hold_a_negative_rate_is_none(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {half_life: 40 days}, y: {}}
begin: {x: 1, y: 1}
rules:
  more: {rate: 0.2, then: [y += 1]}
  below: {rate: x * (0.5 - y), when: y < 1, then: [x += 1]}
""")
    assert set(ended(model).rule.tolist()) == {0}


def test_an_infinite_rate_stops_the_run_where_it_arises(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {}}
begin: {x: 2}
rules:
  down: {at: 7, then: [x -= 2]}
  over: {rate: 1 / (1 + x) if x > 1 else 1 / x, then: [x = 2]}
""")
    stop = stopped(model)
    assert (stop.code, stop.rule, stop.time_days) == ("SD501", "over", 7.0)


def test_rates_whose_sum_is_beyond_all_numbers_stop_the_run(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {}}
rules:
  one: {rate: 1.5e308 * (1 if x == 0 else 0), then: [x += 1]}
  two: {rate: 1.5e308 * (1 if x == 0 else 0), then: [x += 1]}
  calm: {rate: 0.1, then: [x += 1]}
""")
    stop = stopped(model)
    assert stop.code == "SD501"
    assert stop.time_days == 0.0


def test_a_runaway_of_huge_rates_is_stopped_at_the_limit_of_events(
    model_of: ModelOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.engine.stepping.EVENT_LIMIT", 3_000)
    monkeypatch.setattr("standoff.engine.reference.EVENT_LIMIT", 3_000)
    model = model_of("state: {x: {}}\nrules:\n  r: {rate: 1e12 * (1 + x), then: [x += 1]}\n")
    stop = stopped(model)
    assert stop.code == "SD507"
    assert stop.time_days is not None and 0.0 < stop.time_days < 1e-6


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_huge_rate_that_ends_leaves_the_small_ones_as_they_were(model_of: ModelOf) -> None:
    # 0.1 a day for 100 days, 300 runs: mean 10, standard error 0.18; 5.5 of them: false alarm 4e-8. Fixed seed.
    model = model_of("""
state: {x: {}}
rules:
  burst: {when: x < 200, rate: 1e16 / 3, then: [x += 1]}
  slow: {rate: 0.1, then: []}
""")
    ended(model)
    counts = [np.sum(run(prepare(model), seed=1, run=k).rule == 1) for k in range(300)]
    assert abs(np.mean(counts) - 10.0) < 5.5 * math.sqrt(10.0 / 300)


ODD = {"nan": "log(x - 1)", "inf": "1 / x", "zero": "-0.0 * (1 + x)", "one": "1 + x"}
PAIRS = (
    "min({0}, {1})", "max({0}, {1})", "{0} + {1}", "{0} * {1}", "{0} / {1}", "{0} ** {1}", "{0} - {1}",
    "1 if {0} < {1} else 0", "1 if {0} <= {1} else 0", "1 if {0} == {1} else 0", "1 if {0} != {1} else 0",
    "1 if {0} < 1 and {1} < 1 else 0", "1 if not ({0} >= {1}) else 0", "min({0} * a.k + {1} for a in actor)",
    "max({0} + a.k * {1} for a in actor)", "sum({0} for a in actor if {1} < a.k)",
)  # fmt: skip
ALONE = (
    "exp({0})",
    "log({0})",
    "sqrt({0})",
    "logistic({0})",
    "abs({0})",
    "floor({0})",
    "-({0})",
    "({0}) ** 2",
    "0.5 ** ({0})",
)


@pytest.mark.parametrize("left", ODD.values(), ids=ODD.keys())
def test_what_is_no_number_goes_the_same_way_through_every_operator(model_of: ModelOf, left: str) -> None:
    pairs = [form.format(f"({left})", f"({right})") for form in PAIRS for right in ODD.values()]
    watches = {f"w{i}": {"of": of} for i, of in enumerate([*pairs, *(form.format(f"({left})") for form in ALONE)])}
    actors = {"us": {"attributes": {"k": 1}}, "ru": {"attributes": {"k": 3}}}
    rules = {"r": {"at": 3, "then": ["x = 0.0"]}}
    parts = {"actors": actors, "state": {"x": {}}, "rules": rules, "watch": watches, "every": "50 days"}
    trajectory = ended(model_of("".join(f"{key}: {json.dumps(part)}\n" for key, part in parts.items())))
    assert trajectory.fired == 1


# -- nobody and nothing ----------------------------------------------------------------------------------------------


def test_a_guard_that_reads_at_none_reads_nothing(model_of: ModelOf) -> None:
    model = model_of("""
actors: {us: {patron: ru}, ru: {}}
places: {ford: {}, hill: {}}
state: {force: {of: actor}, holder: {of: place, is: actor}, calm: {of: actor, is: truth}, n: {}, m: {}}
begin: {force: 3, calm: true}
rules:
  none_has_nothing: {for: {p: place}, when: "force[holder[p]] == 0 and not calm[holder[p]]", rate: 1, then: [n += 1]}
  none_has_no_patron: {for: {p: place}, when: "holder[p].patron == none", rate: 1, then: [m += 1]}
  taken: {at: 50, for: {p: place}, then: ["holder[p] = us", "force[us] += 1"]}
watch: {n: {of: n}, m: {of: m}}
""")
    trajectory = ended(model)
    late = trajectory.rule[trajectory.time > 50.0]
    assert len(late) == 0
    assert last(model, trajectory, "n") > 60 and last(model, trajectory, "m") > 60


def test_rules_of_nobody_have_no_rows_and_the_others_run(model_of: ModelOf) -> None:
    model = model_of("""
actors: {us: {}}
places: {ford: {}}
groups: {nobody: {of: actor, members: []}}
state: {x: {of: [actor, place]}, holder: {of: place, is: actor}, n: {}}
rules:
  ghost: {for: {a: nobody, p: place}, rate: "1 + x[holder[p], p] + x[a, p]", then: ["holder[p] = a", "x[a, p] += 1"]}
  ghost_trigger: {for: {a: nobody, p: place}, when: "x[a, p] >= 0 and x[holder[p], p] == 0", then: ["n += 100"]}
  ghost_date: {for: {a: nobody}, at: 3, then: ["n += 100"]}
  loops:
    rate: 0.3 + sum(n for a in nobody) + max(n for a in nobody)
    then:
      - {for: {a: nobody}, do: ["x[a, ford] = 1", "holder[ford] = a"]}
      - n += 1
      - holder[ford] = choice(a for a in nobody)
watch: {n: {of: n}, each: {for: {a: nobody}, of: "x[a, ford]"}}
""")
    trajectory = ended(model)
    assert last(model, trajectory, "n") == trajectory.fired > 0


def test_a_scenario_without_ground_rules_runs_to_its_end(model_of: ModelOf) -> None:
    model = model_of("state: {m: {half_life: 10 days}}\nbegin: {m: 8}\nwatch: {m: {of: m}}\n")
    assert model.ground_rules == 0
    trajectory = ended(model)
    assert trajectory.fired == 0
    assert last(model, trajectory, "m") == pytest.approx(8.0 / 1024)


@pytest.mark.parametrize(
    ("share", "code"), [(0.0, None), (1.0, None), (5e-324, None), (1.0 + 1e-15, "SD506"), (-1e-300, "SD506")]
)
def test_parameters_at_the_edge_of_what_is_possible(model_of: ModelOf, share: float, code: str | None) -> None:
    model = model_of("""
parameters: {share: {prior: "uniform(0, 1)"}}
state: {x: {}, y: {}}
rules:
  r: {rate: 0.5, then: [x += 1, {chance: [{p: share, do: [y += 1]}]}]}
watch: {x: {of: x}, y: {of: y}}
""")
    outcome = assert_kernel_is_twin(model, parameters=np.array([share]))
    if code is None:
        assert isinstance(outcome, Trajectory)
        assert last(model, outcome, "y") == (last(model, outcome, "x") if share == 1.0 else 0.0)
    else:
        assert isinstance(outcome, RunStopped) and outcome.code == code


# -- memories --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("half_life", ["0.000001", "1000000"])
def test_memories_may_forget_at_once_or_never(model_of: ModelOf, half_life: str) -> None:
    model = model_of(f"""
parameters: {{span: {{prior: {half_life}}}}}
state: {{m: {{half_life: span, at_least: 0}}, x: {{}}}}
begin: {{m: 3}}
rules:
  kick: {{rate: 0.3, then: [m += 1]}}
  read: {{rate: 0.2 * m, then: [x += 1]}}
watch: {{m: {{of: m}}}}
""")
    trajectory = ended(model)
    assert np.all(np.isfinite(trajectory.series))
    kicks, reads = (int(np.sum(trajectory.rule == g)) for g in (0, 1))
    assert kicks > 10
    if float(half_life) < 1:
        assert reads == 0 and last(model, trajectory, "m") == 0.0
    else:
        assert last(model, trajectory, "m") == pytest.approx(3 + kicks, rel=1e-3)
        assert reads > 100


@pytest.mark.parametrize(
    "rate",
    [
        "m * exp(1 - m)",
        "0.3 + (m - 1) ** 2",
        "abs(m - 0.7) + abs(n)",
        "1 / (1 + (m - 1) ** 2)",
        "max(m, 1 - m) * (1 + n * n)",
    ],
)
def test_a_rate_that_is_not_monotone_in_its_memory_is_never_above_its_bound(model_of: ModelOf, rate: str) -> None:
    model = model_of(f"""
state: {{m: {{half_life: 4 days, at_least: 0}}, n: {{half_life: 9 days}}}}
begin: {{m: 4}}
rules:
  hump: {{rate: "{rate}", then: ["m = min(4, m + 0.4)", "n = max(-2, n - 0.1)"]}}
  swing: {{rate: 0.5, then: ["n = uniform(-2, 1)"]}}
""")
    assert ended(model).rejected > 0


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(
    "guard", ["sqrt(m - 1) < 2", "log(m - 1) < 5", "not (sqrt(m - 1) >= 2)", "0 <= sqrt(m - 1)", "(m - 1) ** 0.5 < 9"]
)
def test_a_guard_that_will_be_no_number_later_counts_while_it_is_one(model_of: ModelOf, guard: str) -> None:
    # m falls from 2 to 1 in 50 days. In 40 runs at rate 1 the mean is 50 a run, standard error 1.2, and 100 for the
    # guard whose negation holds of what is no number; 5.5 standard errors: false alarm 4e-8. Fixed seed.
    model = model_of(
        f"""
state: {{m: {{half_life: 50 days}}, x: {{}}}}
begin: {{m: 2}}
rules:
  r: {{when: {guard}, rate: 1, then: [x += 1]}}
"""
    )
    ended(model)
    mean = float(np.mean([run(prepare(model), seed=1, run=k).fired for k in range(40)]))
    days = 100.0 if guard.startswith("not") else 50.0
    assert abs(mean - days) < 5.5 * math.sqrt(days / 40)


# -- effects ---------------------------------------------------------------------------------------------------------


def test_what_is_written_twice_counts_as_last_written(model_of: ModelOf) -> None:
    model = model_of("""
state: {x: {at_least: 0}, seen: {}, m: {half_life: 5 days}}
rules:
  twice: {rate: 0.5, then: [x = 100, x -= 99, x *= 2, m = 5, m -= 5, m += x]}
  trigger: {when: x >= 50, then: [seen += 1]}
  reader: {rate: 0.1 * x + 0.1 * m, then: []}
watch: {x: {of: x}, seen: {of: seen}}
""")
    trajectory = ended(model)
    assert last(model, trajectory, "x") == 2.0
    assert last(model, trajectory, "seen") == 0.0, "a trigger saw what stood only inside an effect"


def test_an_effect_that_breaks_a_bound_for_a_moment_stops_the_run(model_of: ModelOf) -> None:
    stop = stopped(model_of("state: {x: {at_most: 3}}\nrules:\n  r: {rate: 1, then: [x += 4, x -= 4]}\n"))
    assert (stop.code, stop.values) == ("SD504", {"x": 4.0})


@pytest.mark.parametrize("then", ["x += poisson(-1 - x)", "x += binomial(2.5 + x, 0.5)", "x += choice_of"])
def test_a_draw_that_cannot_be_made_stops_kernel_and_twin_alike(model_of: ModelOf, then: str) -> None:
    if then.endswith("choice_of"):
        then = "y = choice(a for a in actor, weight=x - 1)"
    body = """
actors: {us: {}}
parameters: {unrelated: {prior: 0.5}}
state: {x: {at_least: 0}, y: {is: actor}}
rules:
  r: {rate: 1, then: ["%s", x = unrelated - 1]}
"""
    stop = stopped(model_of(body % then))
    assert (stop.code, stop.rule) == ("SD506", "r"), "the draw comes before the write below 0"
    assert "unrelated" not in stop.values


def test_an_attribute_may_be_called_like_a_word_of_an_event_header(model_of: ModelOf) -> None:
    model = model_of("""
actors: {us: {attributes: {size: 3, by: 1}}}
state: {x: {}}
rules:
  move: {for: {a: actor}, at: 1, then: [x += a.by], event: CONSULT by a size a.size}
""")
    assert ended(model).size.tolist() == [3.0]
