"""Flows: states that move between events, exactly, in kernel and twin alike; rates follow them exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine import Sampler, Session, Trajectory, prepare, reference_run, run
from standoff.model import Model, ground
from standoff.scenario import load
from tests.outcomes import assert_same, by_kernel, by_twin, one_after_another

ModelOf = Callable[[str], Model]
SAMPLERS: tuple[Sampler, ...] = ("direct", "coupled")


def ended(model: Model, number: int = 0) -> Trajectory:
    """A run that comes to its end, by every sampler and its twin alike."""
    program = prepare(model, hurry=True)
    made = [by_kernel(program, 1, number, sampler) for sampler in SAMPLERS]
    for sampler, one in zip(SAMPLERS, made, strict=True):
        assert_same(one, by_twin(model, 1, number, sampler))
    assert isinstance(made[0], Trajectory), str(made[0])
    return made[0]


def test_a_stock_of_100_at_04_a_day_is_60_after_100_days_and_50_at_day_125(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("""
standoff: 1
title: a stock
starts: 2020-01-01
ends: 2020-07-18
every: 25 days
state: {stores: {unit: ton, at_least: 0}, people: {unit: person}}
begin: {stores: 100, people: 1}
flows: {stores: {rate: -0.4 * people, unit: ton/day}}
rules: {half: {when: stores <= 50, event: REQUEST}}
watch: {stores: {of: stores}}
questions:
  at: {ask: What is left on day 100?, number: stores, at: 2020-04-09}
  half: {ask: When is half left?, first: stores <= 50, by: 2020-07-18}
""")
    made = ended(ground(load(path).resolved))
    to_the_last_bit = math.ulp(125.0)
    assert made.time.tolist() == [pytest.approx(125.0, abs=to_the_last_bit, rel=0)]
    assert made.answers.tolist() == [60.0, made.time[0]]
    assert made.series[:, 0].tolist() == [100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0]


CHANGES = st.lists(st.tuples(st.integers(1, 24), st.integers(-12, 12)), min_size=1, max_size=5)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 40), changes=CHANGES, second=st.integers(-6, 6), level=st.integers(1, 39))
def test_a_stock_is_what_its_slopes_add_up_to_and_passes_a_level_when_they_say(
    model_of: ModelOf, start: int, changes: list[tuple[int, int]], second: int, level: int
) -> None:
    """Two flows into one stock from 0 to 40, one of which changes at whole multiples of 4 days."""
    days = [4 * day for day in np.cumsum([day % 6 + 1 for day, _ in changes]).tolist()]
    dated = [f"  c{i}: {{at: {day}, then: [pace = {rate / 8}]}}" for i, (day, (_, rate)) in
             enumerate(zip(days, changes, strict=True)) if day <= 100]  # fmt: skip
    model = model_of(f"""
state: {{stock: {{at_least: 0, at_most: 40}}, pace: {{}}, n: {{}}}}
begin: {{stock: {start}}}
flows:
  stock: {{rate: pace}}
  other: {{into: stock, rate: {second / 16}}}
rules:
{chr(10).join(dated)}
  above: {{when: stock >= {level}, event: AID}}
  below: {{when: stock < {level}, event: REJECT}}
watch: {{stock: {{of: stock}}}}
""")
    made = ended(model)
    now, value, slope, expected = Fraction(0), Fraction(start), Fraction(second, 16), []
    turns = [0.0]
    for day, rate in [*((d, r) for d, (_, r) in zip(days, changes, strict=True) if d <= 100), (100, 0)]:
        if slope and (reach := now + (level - value) / slope) > now and reach <= day:
            turns.append(float(reach))
        for t in model.grid:
            if now <= Fraction(t) < day or day == t == 100:
                expected.append(float(min(max(value + slope * (Fraction(t) - now), 0), 40)))
        value, now = min(max(value + slope * (day - now), Fraction(0)), Fraction(40)), Fraction(day)
        slope = Fraction(rate, 8) + Fraction(second, 16)
    np.testing.assert_allclose(made.series[:, 0], expected, rtol=0, atol=1e-9)
    # At a change of slope on the level itself, and on the last day, nothing is sure to the last bit.
    close = [t for t in turns if any(abs(t - day) < 1e-6 for day in (*days, 100))]
    if not close and start != level:
        names = [model.rules[model.rule_of[g]].name for g in made.rule]
        np.testing.assert_allclose(sorted(t for t, n in zip(made.time, names, strict=True) if n in ("above", "below")),
                                   turns, rtol=1e-12, atol=1e-9)  # fmt: skip


def test_a_stock_stops_at_its_bounds_and_leaves_them_when_its_flow_turns(model_of: ModelOf) -> None:
    model = model_of("""
state: {tank: {at_least: 0, at_most: 10}, pace: {}}
begin: {tank: 4, pace: -1}
flows: {tank: {rate: pace}}
rules:
  fill: {at: 10, then: [pace = 2]}
  drain: {at: 30, then: [pace = -0.5]}
  empty: {when: tank <= 0, event: REQUEST}
  full: {when: tank >= 10, event: AID}
  sip: {at: 40, then: [tank -= 1]}
  poured: {at: 42, then: [tank = 8]}
watch: {tank: {of: tank}}
""")
    made = ended(model)
    names = [model.rules[model.rule_of[g]].name for g in made.rule]
    assert list(zip(made.time.tolist(), names, strict=True)) == [
        (4.0, "empty"), (10.0, "fill"), (15.0, "full"), (30.0, "drain"), (40.0, "sip"), (42.0, "poured"),
        (58.0, "empty"),
    ]  # fmt: skip
    at = dict(zip(model.grid.tolist(), made.series[:, 0].tolist(), strict=True))
    assert [at[day] for day in (2.0, 7.0, 12.0, 20.0, 36.0, 41.0, 50.0, 99.0)] == [2.0, 0, 4, 10, 7, 3.5, 4, 0]


def test_a_flow_over_a_group_moves_its_members_alone_and_several_add_up(model_of: ModelOf) -> None:
    model = model_of("""
actors: {blue: {}, red: {}, green: {}}
groups: {allies: {of: actor, members: [red, green]}}
state: {food: {of: actor}}
flows:
  aid: {into: food, for: {friend: allies}, rate: 3}
  eaten: {into: food, for: {a: actor}, rate: (-1 if a == green else -2), when: t < 20}
questions:
  left: {ask: a?, type: number, answer: "food[blue] + 1000 * food[red] + 1e6 * food[green]", date: 2020-04-09}
""")
    assert ended(model).answers.tolist() == [-40 + 1000 * 260 + 1e6 * 280]


LIVELY = """
actors: {blue: {}, red: {}}
state:
  food: {of: actor, at_least: 0, at_most: 30}
  mouths: {of: actor, at_least: 0}
  fear: {half_life: 8 days, at_least: 0}
  n: {}
begin: {food: 12, mouths: 3, fear: 2}
flows:
  eaten: {into: food, for: {a: actor}, rate: "-0.2 * mouths[a]"}
  traded: {into: food, for: {a: actor}, rate: 0.9 if fear < 1 else 0.1, when: "mouths[a] > 1"}
rules:
  scare: {rate: "0.05 + 0.01 * food[red]", then: [fear += 1], event: THREATEN by red}
  flee: {for: {a: actor}, when: "mouths[a] > 0 and food[a] < 6", rate: "0.3 * (6 - food[a])", then: ["mouths[a] -= 1"],
    event: RETREAT by a}
  born: {for: {a: actor}, rate: "0.01 * food[a]", then: ["mouths[a] += 1"], event: AID by a}
  hungry: {for: {a: actor}, when: "food[a] <= 2", then: ["fear += 0.5"], event: PROTEST by a}
questions:
  out: {ask: When is a larder empty?, first: any(food[a] <= 0 for a in actor), by: 2020-04-09}
watch: {food: {for: {a: actor}, of: "food[a]"}, fear: {of: fear}}
""".replace("first: any(food[a] <= 0 for a in actor),", 'first: "any(food[a] <= 0 for a in actor)",')


def test_kernel_and_twin_let_states_flow_alike(model_of: ModelOf) -> None:
    model = model_of(LIVELY)
    for number in range(3):
        assert len(ended(model, number).time) > 10


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_run_with_flows_that_is_held_forked_and_packed_is_the_same(model_of: ModelOf, sampler: Sampler) -> None:
    program = prepare(model_of(LIVELY), hurry=True)
    whole = run(program, seed=3, run=1, sampler=sampler)
    session = Session.begin(program, seed=3, run=1, sampler=sampler)
    for day in np.linspace(0.0, 100.0, 31):
        session.advance_to(float(day))
        session = session.fork() if int(day) % 2 else Session.unpacked(program, session.packed())
    held = session.trajectory()
    for column in ("time", "rule", "series", "answers"):
        assert getattr(whole, column).tobytes() == getattr(held, column).tobytes(), column


def test_what_moves_by_a_number_that_is_changed_from_outside_keeps_what_it_has(model_of: ModelOf) -> None:
    model = model_of("state: {front: {moves_by: pace}, pace: {}}\nbegin: {pace: 2}\n"
                     "rules: {stop: {at: 90, then: [pace = 0]}, there: {when: front >= 25, event: AID}}\n")  # fmt: skip
    slots = {state.name: state.start for state in model.states}
    session = Session.begin(prepare(model, hurry=True), seed=1, run=0)
    session.advance_to(10.0)
    session.change({slots["pace"]: 0.5})
    assert session.slot(slots["front"]) == 20.0
    session.advance_to(100.0)
    assert session.trajectory().time.tolist() == [pytest.approx(20.0, abs=math.ulp(20.0), rel=0), 90.0]
    assert session.slot(slots["front"]) == 60.0
    branch = Session.begin(prepare(model, hurry=True), seed=1, run=0)
    branch.advance_to(5.0)
    other = branch.fork("other")
    branch.change({slots["front"]: 24.0})
    branch.advance_to(10.0)
    other.advance_to(10.0)
    assert (branch.slot(slots["front"]), other.slot(slots["front"])) == (34.0, 20.0)
    assert branch.trajectory().time.tolist() == [pytest.approx(5.5, abs=math.ulp(5.5), rel=0)]


RUNS = 3000


@pytest.mark.statistical(false_alarm=4e-7)
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(("begins", "pace"), [(40.0, -0.8), (2.0, 0.4)])
def test_a_rate_that_reads_a_flow_has_the_law_of_a_linear_rate(
    model_of: ModelOf, sampler: Sampler, begins: float, pace: float
) -> None:
    """The count by day 40 is Poisson with mean 0.05 times the integral; 1e-7 for each of four cases, two-sided."""
    model = model_of(f"state: {{stock: {{at_least: 0}}, n: {{}}}}\nbegin: {{stock: {begins}}}\n"
                     f"flows: {{stock: {{rate: {pace}}}}}\n"
                     "rules: {goes: {rate: 0.05 * stock, then: [n += 1]}}\n")  # fmt: skip
    program = prepare(model, hurry=True)
    made = one_after_another(program, RUNS, seed=11, sampler=sampler)
    counts = [int((one.time <= 40.0).sum()) for one in made]
    mean = 0.05 * (begins * 40 + pace * 800)
    z = (np.mean(counts) - mean) / math.sqrt(mean / RUNS)
    assert abs(z) < 5.33, z


def test_the_twin_needs_no_flow_of_its_own_text(model_of: ModelOf, tmp_path: Path) -> None:
    """The expanded form, in which flows are states and triggers, runs to the same bits."""
    model = model_of(LIVELY)
    path = tmp_path / "expanded.yaml"
    source = tmp_path / "source.yaml"
    source.write_text("standoff: 1\ntitle: a test\nstarts: 2020-01-01\nends: 2020-04-09\n" + LIVELY)
    path.write_text(load(source).expanded_text())
    again = reference_run(ground(load(path).resolved), seed=1, run=0)
    assert_same(by_kernel(prepare(model, hurry=True), 1, 0), again)
