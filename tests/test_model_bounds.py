"""The bound of a decaying rate is never exceeded until a state changes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine.begin import begin
from standoff.model import ground
from standoff.scenario import load

LEAVES = st.sampled_from(["m", "n", "(t * speed)", "0.5", "2.0", "x", "(m - 1)", "(3 - t * speed / 50)"])
CONDITIONS = st.sampled_from(["m > 1", "n < 0.5", "not (m > 0.5)", "t > 30 and m > 0.2", "m < n or x > 2", "x > 1"])


def _wider(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda p, op: f"({p[0]} {op} {p[1]})", pair, st.sampled_from(["+", "-", "*", "/"])),
        st.builds(lambda p, f: f"{f}({p[0]}, {p[1]})", pair, st.sampled_from(["min", "max"])),
        st.builds(lambda a, f: f"{f}({a})", inner, st.sampled_from(["exp", "abs", "logistic", "sqrt", "floor"])),
        st.builds(lambda p, c: f"({p[0]} if {c} else {p[1]})", pair, CONDITIONS),
        st.builds(lambda a, n: f"({a} ** {n})", inner, st.sampled_from(["0", "1", "2", "3"])),
        st.builds(lambda a, c: f"sum({a} * e[a] for a in actor if {c})", LEAVES, CONDITIONS),
    )


EXPRESSIONS = st.recursive(LEAVES, _wider, max_leaves=6)

SCENARIO = """\
standoff: 1
title: bounds
starts: 2020-01-01
ends: 2020-04-09
actors: {{a1: {{}}, a2: {{}}}}
state: {{m: {{half_life: 7 days, at_least: 0}}, n: {{half_life: 20 days}}, x: {{}}, e: {{of: actor}}}}
parameters: {{speed: {{prior: 1, unit: 1/day}}}}
begin: {{m: {m}, n: {n}, x: {x}, e: {{a1: 2, a2: -1}}}}
rules:
  touch: {{rate: 1, then: [m += 0, n += 0, x += 0, "e[a1] += 0", "e[a2] += 0"]}}
  r: {{when: "{guard}", rate: "({rate}) * speed", then: [x += 1]}}
"""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=EXPRESSIONS,
    guard=CONDITIONS,
    m=st.floats(0, 5),
    n=st.floats(-4, 4),
    x=st.floats(-3, 3),
)
def test_no_later_rate_exceeds_the_bound(tmp_path: Path, rate, guard, m, n, x):
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.format(rate=rate, guard=guard, m=repr(m), n=repr(n), x=repr(x)))
    model = ground(load(path).resolved)
    rule = next((r for r in model.rules if r.name == "r"), None)
    if rule is None or rule.rows == 0 or rule.bound is None:
        return
    machine = begin(model, np.ones(1), 1, seed=1, run=0)
    bound = machine.value(rule.bound, rule.table, 0)
    for machine.t in np.linspace(0.0, 100.0, 60).tolist():
        if rule.guard is not None and machine.value(rule.guard, rule.table, 0) == 0:
            continue
        now = machine.value(rule.clock, rule.table, 0)
        assert not now > bound + 1e-9 * abs(bound), (machine.t, now, bound)


def test_a_rate_that_rises_with_its_memory_is_bounded_by_its_present_value(model_of):
    rule = "r: {rate: 0.1 + 2 * m, then: [m += 1]}"
    model = model_of(f"state: {{m: {{half_life: 5 days}}}}\nbegin: {{m: 3}}\nrules:\n  {rule}\n")
    machine = begin(model, np.zeros(0), 1, seed=1, run=0)
    assert machine.value(model.rules[0].bound, model.rules[0].table, 0) == pytest.approx(6.1)


def test_a_rate_of_states_alone_needs_no_bound(model_of):
    model = model_of("state: {x: {}}\nrules:\n  r: {rate: 1 + abs(x), then: [x += 1]}\n")
    assert model.rules[0].bound is None


@pytest.mark.parametrize(
    "level",
    [
        "min(9, ({}) * 0.999)", "1 - ({}) * 2", "({}) / -3 + x", "2 - abs(x) * ({})", "abs(min(-1, {})) - 3",
        "(x if n > 2 else 2 + {})", "(1 - {} if n > 2 else x)",
    ],
)  # fmt: skip
def test_a_bound_grows_with_the_depth_of_its_rate_and_does_not_double(model_of, level):
    def size(depth):
        rate = "n"
        for _ in range(depth):
            rate = level.format(rate)
        rules = f"r: {{rate: '{rate}', then: [n += 1]}}\n  move: {{rate: 1, then: [x += 1]}}"
        model = model_of(f"state: {{n: {{half_life: 5 days}}, x: {{}}}}\nrules:\n  {rules}\n")
        return repr(model.rules[0].bound).count("(")

    first, second, third = map(size, (4, 8, 12))
    assert third - second == second - first > 0
