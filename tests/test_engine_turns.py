"""Time alone turns guards: at the exact instant, in a documented order, and to the same bits however a run is held."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine import Sampler, Session, Trajectory, prepare, run, turns
from standoff.engine.begin import begin
from standoff.errors import Faults, RunStopped
from standoff.model import Model, ground
from standoff.scenario import load
from tests.conftest import HEAD
from tests.outcomes import Outcome, assert_same, by_kernel, by_twin

ModelOf = Callable[[str], Model]
SAMPLERS: tuple[Sampler, ...] = ("direct", "coupled")
DAYS = 100.0


def outcome(model: Model, number: int = 0) -> Outcome:
    """How a run ends, by every sampler and its twin alike, in code that was compiled fast."""
    program = prepare(model, hurry=True)
    made = [by_kernel(program, 1, number, sampler) for sampler in SAMPLERS]
    for sampler, one in zip(SAMPLERS, made, strict=True):
        assert_same(one, by_twin(model, 1, number, sampler))
    return made[0]


def ended(model: Model) -> Trajectory:
    """A run that must come to its end."""
    made = outcome(model)
    assert isinstance(made, Trajectory), str(made)
    return made


def stopped(model: Model) -> RunStopped:
    """A run that must not."""
    made = outcome(model)
    assert isinstance(made, RunStopped), "the run came to its end"
    return made


def fired(model: Model, made: Trajectory, rule: str) -> list[float]:
    """When a rule fired."""
    names = [model.rules[model.rule_of[g]].name for g in made.rule]
    return [float(t) for t, name in zip(made.time, names, strict=True) if name == rule]


def turning(guard: str, *, state: str = "", begins: str = "{}", rules: str = "") -> str:
    """A scenario with one trigger, `seen`, on a guard."""
    return f"""
state: {{n: {{}}, {state}}}
begin: {begins}
rules:
  seen: {{when: "{guard}", then: [n += 1]}}
{rules}
"""


@pytest.mark.parametrize(
    ("guard", "state", "begins", "moments"),
    [
        ("heat < 1", "heat: {half_life: 10 days}", "{heat: 8}", [30.0]),
        ("heat <= 3", "heat: {half_life: 7 days}", "{heat: 5}", [7 * math.log2(5 / 3)]),
        ("heat > -1", "heat: {half_life: 7 days}", "{heat: -5}", [7 * math.log2(5)]),
        ("heat < slow", "heat: {half_life: 10 days}, slow: {half_life: 20 days}", "{heat: 8, slow: 4}", [20.0]),
        ("heat + 2 * grief < 1", "heat: {half_life: 9 days}, grief: {half_life: 9 days}", "{heat: 4, grief: 2}",
         [27.0]),
        ("heat * slow < 1", "heat: {half_life: 10 days}, slow: {half_life: 20 days}", "{heat: 8, slow: 8}", [40.0]),
        ("heat ** 2 < 4", "heat: {half_life: 10 days}", "{heat: 8}", [20.0]),
        ("20 / heat > 5", "heat: {half_life: 10 days}", "{heat: 8}", [10.0]),
        ("exp(-heat) > exp(-2)", "heat: {half_life: 10 days}", "{heat: 8}", [20.0]),
        ("abs(heat - 2) < 1", "heat: {half_life: 10 days}", "{heat: 8}", [10 * math.log2(8 / 3)]),
        ("t >= 12.5", "", "{}", [12.5]),
        ("2 * t - 30 > t", "", "{}", [30.0]),
        ("t % 30 < 5", "", "{}", [0.0, 30.0, 60.0, 90.0]),
        ("floor(t / 40) == 1", "", "{}", [40.0]),
        ("t == 17", "", "{}", [17.0]),
        ("sin(t) > 0.5", "", "{}", [math.pi / 6 + 2 * math.pi * k for k in range(16)]),
        ("sin(t) >= 0.99 and t < 3", "", "{}", [math.asin(0.99)]),
        ("sin(t) < -0.99", "", "{}", [1.5 * math.pi - math.acos(0.99) + 2 * math.pi * k for k in range(16)]),
        ("t > 20 and heat > 1 or t > 70", "heat: {half_life: 10 days}", "{heat: 8}", [20.0, 70.0]),
        ("any(grief[a] < 1 for a in actor if grief[a] > 0)", "grief: {of: actor, half_life: 5 days}",
         "{grief: {blue: 4, red: 8}}", [10.0]),
        ("count(a for a in actor if grief[a] < 1) == 2", "grief: {of: actor, half_life: 5 days}",
         "{grief: {blue: 4, red: 8}}", [15.0]),
        ("min(grief[a] for a in actor if grief[a] > 1) > 3 and t > 3", "grief: {of: actor, half_life: 5 days}",
         "{grief: {blue: 4, red: 16}}", [10.0]),
        ("sum(grief[a] for a in actor) < 3", "grief: {of: actor, half_life: 5 days}",
         "{grief: {blue: 4, red: 8}}", [10.0]),
        ("(1 if t > 10 else 0) + (1 if t > 20 else 0) == 2", "", "{}", [20.0]),
    ],
)  # fmt: skip
def test_a_guard_turns_at_the_instant_that_its_formula_gives(
    model_of: ModelOf, guard: str, state: str, begins: str, moments: list[float]
) -> None:
    model = model_of("actors: {blue: {}, red: {}}" + turning(guard, state=state, begins=begins))
    found = fired(model, ended(model), "seen")
    assert len(found) == len(moments)
    np.testing.assert_allclose(found, moments, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(
    "guard",
    ["heat[blue] > heat[red]", "heat[blue] > 2 * heat[red] + heat[red]", "heat[blue] / (heat[blue] + heat[red]) > 0.5",
     "heat[blue] > 0", "heat[blue] * heat[red] < heat[blue] ** 2", "max(heat[a] for a in actor) > heat[red]",
     "sqrt(heat[blue] * heat[red]) != heat[red]", "n > 3"],
)  # fmt: skip
def test_what_fades_alike_turns_no_guard(model_of: ModelOf, guard: str) -> None:
    """It is told beforehand, so that rounding cannot set it off: no trigger of these is looked at as time passes."""
    state, rules = "heat: {of: actor, half_life: 10 days}", '  stir: {rate: 1, then: ["heat[blue] += 1"]}'
    model = model_of("actors: {blue: {}, red: {}}" + turning(guard, state=state, rules=rules))
    assert [rule.turns for rule in model.rules] == [None, None]


MOVING = st.sampled_from(["m", "n", "t / 10", "(m - 1)", "(3 - t / 20)", "x", "0.5", "2", "sin(t)", "(1 * t % 9)"])
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda p, op: f"({p[0]} {op} {p[1]})", pair, st.sampled_from(["+", "-", "*", "/"])),
        st.builds(lambda p, f: f"{f}({p[0]}, {p[1]})", pair, st.sampled_from(["min", "max"])),
        st.builds(lambda a, f: f"{f}({a})", inner, st.sampled_from(["exp", "abs", "logistic", "sqrt", "floor", "log"])),
        st.builds(lambda p, c: f"({p[0]} if {c} > 1 else {p[1]})", pair, inner),
        st.builds(lambda a, n: f"({a} ** {n})", inner, st.sampled_from(["-1", "0.5", "1", "2", "3"])),
        st.builds(lambda a, c: f"sum({a} * e[a] for a in actor if {c} > e[a])", MOVING, MOVING),
        st.builds(lambda a, c: f"min({a} + e[a] for a in actor if {c} > e[a])", MOVING, MOVING),
    )


NUMBERS = st.recursive(MOVING, _wider, max_leaves=4)
COMPARED = st.builds(lambda a, op, b: f"({a} {op} {b})", NUMBERS, SIGNS, MOVING)
JOINED = st.builds(lambda a, op, b: f"({a} {op} {b})", COMPARED, st.sampled_from(["and", "or"]), COMPARED)
GUARDS = st.one_of(COMPARED, JOINED)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    guard=GUARDS, m=st.floats(0, 5), n=st.floats(-4, 4), x=st.floats(-3, 3),
    spans=st.lists(st.tuples(st.floats(0, 99), st.floats(-40, 0)), min_size=4, max_size=4),
)  # fmt: skip
def test_what_surely_stays_over_a_span_stays_and_a_turn_is_the_first(
    tmp_path: Path, guard: str, m: float, n: float, x: float, spans: list[tuple[float, float]]
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"""{HEAD}
actors: {{a1: {{}}, a2: {{}}}}
state: {{m: {{half_life: 7 days, at_least: 0}}, n: {{half_life: 20 days}}, x: {{}}, e: {{of: actor}}}}
begin: {{m: {m!r}, n: {n!r}, x: {x!r}, e: {{a1: 2, a2: -1}}}}
rules:
  touch: {{rate: 1, then: [m += 0, n += 0, x += 0, "e[a1] += 0", "e[a2] += 0"]}}
  seen: {{when: "{guard}", then: [x += 1]}}
""")
    model = ground(load(path).as_read)
    rule = model.rules[1]
    if rule.turns is None:
        return
    machine = begin(model, np.zeros(0), 1, seed=1, run=0)

    def holds(day: float) -> bool:
        machine.t = day
        return machine.value(rule.exact, rule.table, 0) != 0

    for low, width in spans:
        machine.t, machine.until = low, min(DAYS, low + 2.0**width)
        high = machine.until
        may, must = (machine.value(code, rule.table, 0) != 0 for code in (rule.turns.may, rule.turns.must))
        assert may or not must
        for day in np.linspace(low, high, 7).tolist():
            assert (must or not holds(day)) if not may else (holds(day) or not must), day
    before = holds(0.0)
    try:
        # Few guards of random numbers are told at all by more, and the twin is slow.
        with patch.object(turns, "MOST_SPANS", 400):
            turn = turns.next_turn(machine, rule, 0, before, 0.0, DAYS)
    except turns.Untold:
        return
    for day in (np.linspace(0.0, 1.0 - 1e-12, 100) * min(turn, DAYS) if turn > 1e-9 else np.zeros(0)).tolist():
        assert holds(day) == before, (day, turn)
    assert turn == math.inf or holds(turn) != before


def test_a_turn_comes_before_what_is_dated_at_its_instant_and_after_what_happened_before(model_of: ModelOf) -> None:
    model = model_of("""
state: {n: {}, order: {}}
rules:
  dated: {at: 5, then: [n += 1]}
  later: {when: t >= 5, then: ["order = 10 * order + n"]}
  both: {when: n == 1 and t >= 5, then: ["order = 10 * order + 7"]}
watch: {order: {of: order}}
""")
    made = ended(model)
    assert [(t, model.rules[g].name) for t, g in zip(made.time, made.rule, strict=True)] == [
        (5.0, "later"), (5.0, "dated"), (5.0, "both"),
    ]  # fmt: skip


@pytest.mark.parametrize(("half_life", "yes"), [("12.5", 1.0), ("12.6", 0.0), ("12.4", 1.0)])
def test_a_question_by_a_date_counts_the_last_instant_of_that_day(
    model_of: ModelOf, half_life: str, yes: float
) -> None:
    """Day 50 is the end of 19 February: four half-lives of 12.5 days lead from 16 to 1."""
    model = model_of(f"""
state: {{heat: {{half_life: {half_life} days}}}}
begin: {{heat: 16}}
questions:
  q: {{ask: Is it cold?, when: heat <= 1, by: 2020-02-19}}
  f: {{ask: When is it cold?, first: heat <= 1, by: 2020-02-19}}
""")
    found = ended(model).answers
    assert found[0] == yes
    assert found[1] == (pytest.approx(4 * float(half_life), rel=1e-14) if yes else -1.0)


def test_a_turn_on_the_last_instant_of_the_scenario_is_seen(model_of: ModelOf) -> None:
    model = model_of(turning("t >= 100"))
    assert fired(model, ended(model), "seen") == [100.0]


BUSY = """
actors: {blue: {}, red: {}}
state:
  heat: {half_life: 10 days, at_least: 0}
  worry: {of: actor, half_life: 25 days, at_least: 0}
  n: {at_least: 0}
begin: {heat: 3, worry: 1}
rules:
  stir: {rate: 0.3, then: ["heat += exponential(1)"]}
  fret: {for: {a: actor}, rate: "0.1 + 0.05 * heat", then: ["worry[a] += 1"]}
  cools: {when: heat < 1.5 and n < 50, then: [n += 1, "worry[blue] += 0.1"], event: AID by blue}
  calm: {for: {a: actor}, when: "worry[a] < 0.8 * heat", then: [n += 1, "heat *= 0.95"], event: AID by a}
  sunday: {when: t % 7 < 1, then: ["worry[red] += chance(0.5) * 1" ], event: CONSULT by red}
questions:
  cold: {ask: When cold?, first: heat < 0.7, by: 2020-04-09}
  both: {ask: Both?, when: "min(worry[a] for a in actor) * heat < 1", by: 2020-03-01}
watch: {heat: {of: heat}, n: {of: n}}
"""
BUSY = BUSY.replace("chance(0.5) * 1", "uniform(0, 1)")


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_run_that_is_held_forked_and_packed_turns_its_guards_at_the_same_instants(
    model_of: ModelOf, sampler: Sampler
) -> None:
    program = prepare(model_of(BUSY), hurry=True)
    for number in range(3):
        whole = run(program, seed=4, run=number, sampler=sampler)
        session = Session.begin(program, seed=4, run=number, sampler=sampler)
        for day in np.linspace(0.0, DAYS, 37):
            session.advance_to(float(day))
            session = session.fork() if int(day) % 2 else Session.unpacked(program, session.packed())
        held = session.trajectory()
        assert whole.time.tobytes() == held.time.tobytes()
        assert whole.answers.tobytes() == held.answers.tobytes() and whole.series.tobytes() == held.series.tobytes()
        assert len(whole.time) > 20


def test_kernel_and_twin_turn_guards_alike(model_of: ModelOf) -> None:
    model = model_of(BUSY)
    for number in range(3):
        assert isinstance(outcome(model, number), Trajectory)


def test_questions_about_memories_move_no_event_under_coupled(model_of: ModelOf) -> None:
    asked = model_of(BUSY)
    plain = model_of(BUSY[: BUSY.index("questions:")] + BUSY[BUSY.index("watch:") :])
    for number in range(3):
        one, two = (run(prepare(model, hurry=True), seed=1, run=number, sampler="coupled") for model in (asked, plain))
        assert one.time.tobytes() == two.time.tobytes()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_memory_that_is_changed_from_outside_turns_its_guards_anew(model_of: ModelOf, sampler: Sampler) -> None:
    model = model_of(turning("heat < 1", state="heat: {half_life: 10 days}", begins="{heat: 8}"))
    session = Session.begin(prepare(model, hurry=True), seed=1, run=0, sampler=sampler)
    session.advance_to(20.0)
    heat = next(state.start for state in model.states if state.name == "heat")
    session.change({heat: 4.0})
    session.advance_to(DAYS)
    assert fired(model, session.trajectory(), "seen") == [pytest.approx(40.0, rel=1e-14)]


def test_a_turn_that_cannot_be_told_stops_the_run_with_its_rule(model_of: ModelOf) -> None:
    """A root of what is below 0 is no number, over which nothing is known."""
    stop = stopped(model_of(turning("sqrt(heat - 9) < 1", state="heat: {half_life: 10 days}", begins="{heat: 8}")))
    assert (stop.code, stop.rule, stop.time_days) == ("SD550", "seen", 0.0)
    assert list(stop.values) == ["heat"]


def test_triggers_that_turn_each_other_back_and_forth_are_stopped(model_of: ModelOf) -> None:
    """Pumped at once whenever it falls below 1, a memory is at 1 for ever: that is a loop without delay."""
    text = turning("heat < 1", state="heat: {half_life: 10 days}", begins="{heat: 8}")
    model = model_of(text.replace("[n += 1]", "[n += 1, heat = 1]"))
    with pytest.raises(RunStopped, match="SD503"):
        run(prepare(model, hurry=True), seed=1, run=0)


def test_a_refused_guard_names_the_memory_and_the_line(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"""{HEAD}
actors: {{blue: {{}}, red: {{}}}}
state: {{heat: {{half_life: 5 days}}, force: {{of: actor}}}}
rules:
  seen: {{when: "force[blue if heat > 1 else red] > 2", then: ["force[blue] = 0"]}}
""")
    with pytest.raises(Faults) as refused:
        load(path)
    (fault,) = refused.value.faults
    assert fault.code == "SD351" and "the memory heat" in fault.found
