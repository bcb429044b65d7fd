"""Whatever is done to a session that intervenes in nothing, the run is the plain run, bit for bit, in both samplers."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.engine import Program, Sampler, Session, Trajectory, draw_parameters, prepare, run
from standoff.engine.reference import CoupledRun, DirectRun, TwinRun
from standoff.errors import RunStopped, UsageError
from standoff.model import ground, slot_of
from standoff.scenario import load
from tests.outcomes import assert_same

SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
DAYS = 25.0
RAIDS = """
standoff: 1
title: Raids, rests, dates, a trigger, memories, and a series on the days on which a session is held
starts: 2017-01-01
ends: 2017-01-25
actors: {blue: {}, red: {}}
kinds: {unit: {members: [u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16]}}
state:
  heat: {of: actor, half_life: 6 days}
  tired: {of: actor, at_least: 0, at_most: 9}
  load: {of: unit, at_least: 0}
  watch: {is: truth}
parameters: {pace: "uniform(0.1, 0.3)"}
rules:
  raid:
    for: {a: actor}
    when: tired[a] < 5
    rate: pace + 0.3 * heat[a]
    then: ["heat[a] += uniform(0, 1)", "tired[a] += 1"]
  work: {for: {a: actor, u: unit}, rate: "0.02 * tired[a] * (1 + load[u])", then: ["load[u] = poisson(0.5)"]}
  rests: {for: {a: actor}, when: "tired[a] > 0", rate: "0.3 * tired[a]", then: ["tired[a] -= 1"]}
  wakes: {when: "tired[blue] >= 3 and not watch", then: [watch = true, "heat[red] *= 0.5"]}
  sleeps: {for: {a: actor}, at: 2017-01-15, then: ["tired[a] = 0", watch = false]}
watch: {tired: {for: {a: actor}, of: "tired[a]"}, heat: {of: "heat[blue]"}}
questions: {tired-blue: {ask: Is blue tired?, when: "tired[blue] >= 1", at: 2017-01-25}}
"""


@cache
def raids() -> Program:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "raids.yaml"
        file.write_text(RAIDS, encoding="utf-8")
        return prepare(ground(load(str(file)).as_read))


BELL = """
standoff: 1
title: A bell that shuts the gate through which one shoots
starts: 2017-01-01
ends: 2017-01-25
state: {alarm: {is: truth}, open: {is: truth}}
begin: {open: true}
rules:
  bell: {rate: 3, then: [alarm = true]}
  shoot: {when: open, rate: 0.01, then: [alarm = true]}
  shut: {when: alarm, then: [open = false]}
questions: {shut: {ask: Is it shut?, when: not open, at: 2017-01-25}}
"""


# Whole days too: those are grid times and the day of a dated rule.
DAY = st.one_of(st.floats(0.0, DAYS), st.integers(0, int(DAYS)).map(float))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), DAY),
        st.tuples(st.just("next event"), DAY),
        st.tuples(st.sampled_from(["fork", "pack", "take over", "ask"]), st.just(0.0)),
    ),
    max_size=12,
)


def step(session: Session, what: str, day: float) -> Session:
    program = session.program
    match what:
        case "advance":
            session.advance_to(max(day, session.day))
        case "next event":
            session.advance_to_next_event(max(day, session.day))
        case "fork":
            other = session.fork()
            session.advance_to(DAYS)
            return other
        case "pack":
            moment = pickle.loads(pickle.dumps(session.freeze()))  # noqa: S301
            session.advance_to(DAYS)
            return Session.thaw(program, moment)
        case "ask":
            session.trajectory()
            session.state("heat")
            assert session.rate(0) >= 0.0
            assert not session.snapshot().differs(session.snapshot()).any()
    return session


@pytest.mark.parametrize("sampler", SAMPLERS)
@settings(max_examples=150)
@given(number=st.integers(0, 30), steps=STEPS)
def test_any_sequence_of_holding_copying_and_packing_makes_the_plain_run(
    sampler: Sampler, number: int, steps: list[tuple[str, float]]
) -> None:
    program = raids()
    assert any(rule.share is not None for rule in program.model.rules)
    session = Session.begin(program, seed=4, run=number, sampler=sampler)
    for what, day in steps:
        session = step(session, what, day)
    session.advance_to(DAYS)
    assert_same(session.trajectory(), run(program, seed=4, run=number, sampler=sampler))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_session_taken_over_goes_on_as_the_other_does(sampler: Sampler) -> None:
    program = raids()
    parent, taker = (Session.begin(program, seed=4, run=number, sampler=sampler) for number in (1, 2))
    parent.advance_to(9.3)
    taker.advance_to(20.0)
    taker.take_over(parent)
    for session in (parent, taker):
        session.advance_to(DAYS)
    assert not parent.differs(taker).any()
    assert parent.trajectory().series.tobytes() == taker.trajectory().series.tobytes()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_series_is_whole_up_to_the_day_on_which_a_session_is_held(sampler: Sampler) -> None:
    program = raids()
    session = Session.begin(program, seed=4, run=1, sampler=sampler)
    session.advance_to(10.0)
    whole = run(program, seed=4, run=1, sampler=sampler).series
    held = session.trajectory().series
    until = int(np.searchsorted(program.model.grid, 10.0, side="right"))
    assert program.model.grid[until - 1] == 10.0
    assert held[:until].tobytes() == whole[:until].tobytes()
    assert not held[until:].any()


def twin(sampler: Sampler, number: int) -> TwinRun:
    model = raids().model
    parameters = draw_parameters(model, seed=4, runs=np.array([number]))[0]
    kind = DirectRun if sampler == "direct" else CoupledRun
    return kind(model, parameters, 4, number, False)


SOON = 14.9
"""A day by which all kinds of rules have fired: the twin is slow."""
CHANGES = {"tired[blue]": (0.0, 9.0), "heat[red]": (0.0, 2.0), "load[u3]": (0.0, 3.0), "pace": (0.1, 0.3)}
INTERVENTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["advance", "next event"]), DAY.filter(lambda day: day <= SOON)),
        st.tuples(st.just("call"), st.integers(0, raids().model.ground_rules - 1)),
        *(st.tuples(st.just(name), st.floats(low, high)) for name, (low, high) in CHANGES.items()),
    ),
    max_size=12,
)


def intervened(run: Session | TwinRun, steps: list[tuple[str, float]]) -> tuple[list[object], Trajectory | RunStopped]:
    """What each step gave, and how the run ended."""
    given: list[object] = []
    try:
        for at, (what, value) in enumerate(steps):
            now = run.day if isinstance(run, Session) else run.machine.t
            match what:
                case "advance":
                    given.append(run.advance_to(max(value, now)))
                case "next event":
                    given.append(run.advance_to_next_event(max(value, now)))
                case "call" if isinstance(run, Session):
                    given.append(run.fire(int(value), number=at))
                case "call":
                    given.append(run.call(int(value), at))
                case name:
                    run.change({slot_of(raids().model, name): value})
        run.advance_to(SOON)
        return given, run.trajectory()
    except RunStopped as stop:
        return given, stop


@pytest.mark.parametrize("sampler", SAMPLERS)
@settings(max_examples=60)
@given(number=st.integers(0, 30), steps=INTERVENTIONS)
def test_kernel_and_twin_are_alike_after_whatever_is_called_and_changed(
    sampler: Sampler, number: int, steps: list[tuple[str, float]]
) -> None:
    session = Session.begin(raids(), seed=4, run=number, sampler=sampler)
    (given, made), (expected, twins) = intervened(session, steps), intervened(twin(sampler, number), steps)
    assert given == expected
    assert_same(made, twins)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_rule_is_called_after_the_triggers_that_wait(tmp_path: Path, sampler: Sampler) -> None:
    """Shut turns the guard of shoot false at the very instant at which it is called."""
    file = tmp_path / "bell.yaml"
    file.write_text(BELL, encoding="utf-8")
    model = ground(load(str(file)).as_read)
    names = [rule.name for rule in model.rules]
    session = Session.begin(prepare(model), seed=1, run=0, sampler=sampler)
    other = (DirectRun if sampler == "direct" else CoupledRun)(model, np.zeros(0), 1, 0, False)
    for made, call in ((session, session.fire), (other, lambda rule: other.call(rule, 0))):
        assert made.advance_to_next_event(20.0)
        assert not call(names.index("shoot"))
        assert call(names.index("bell"))
        assert [names[rule] for rule in made.trajectory().rule] == ["bell", "shut", "bell"]


def test_calls_have_numbers_from_0() -> None:
    session = Session.begin(raids(), seed=4, run=3)
    for number in (-1, 1 << 38):
        with pytest.raises(UsageError, match=f"there is no call {number}"):
            session.fire(0, number=number)
    assert session.fired == 0


def test_a_call_moves_no_clock_and_no_draw_of_rules_that_it_does_not_reach() -> None:
    program = raids()
    names = [rule.name for rule in program.model.rules]
    work = program.model.rules[names.index("work")]
    session = Session.begin(program, seed=4, run=3, sampler="coupled")
    session.advance_to(5.0)
    reached = [g for g in range(work.first, work.first + work.rows) if session.rate(g) > 0]
    assert session.fire(reached[0])
    session.advance_to(DAYS)
    made, plain = session.trajectory(), run(program, seed=4, run=3, sampler="coupled")
    others = [names.index(name) for name in ("raid", "rests", "wakes", "sleeps")]
    mine, theirs = (np.isin(program.model.rule_of[one.rule], others) for one in (made, plain))
    assert made.time[mine].tobytes() == plain.time[theirs].tobytes()
    assert (5.0, reached[0]) in zip(made.time.tolist(), made.rule.tolist(), strict=True)


def test_a_rule_whose_guard_does_not_hold_cannot_be_fired() -> None:
    program = raids()
    rests = next(rule for rule in program.model.rules if rule.name == "rests")
    session = Session.begin(program, seed=4, run=3)
    assert not session.fire(rests.first)
    assert session.fired == 0


def test_a_call_beyond_the_bounds_stops_the_run_as_any_firing_does() -> None:
    program = raids()
    raid = next(rule for rule in program.model.rules if rule.name == "raid")
    session = Session.begin(program, seed=4, run=3)
    session.change({slot_of(program.model, "tired[blue]"): 4.0})
    assert session.fire(raid.first)
    assert not session.fire(raid.first)
    with pytest.raises(UsageError, match=r"tired\[blue\] is at most 9, and cannot be 10"):
        session.change({slot_of(program.model, "tired[blue]"): 10.0})
    with pytest.raises(UsageError, match="watch cannot be 3; it can be false, true"):
        session.change({slot_of(program.model, "watch"): 3.0})


def test_a_session_goes_neither_back_nor_beyond_the_end() -> None:
    session = Session.begin(raids(), seed=4, run=0)
    session.advance_to(10.0)
    for day in (9.0, 26.0, float("nan")):
        with pytest.raises(UsageError, match="it cannot go on to"):
            session.advance_to(day)


def test_a_moment_of_another_scenario_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(RAIDS.replace("0.3 * tired[a]", "0.4 * tired[a]"), encoding="utf-8")
    other = prepare(ground(load(str(file)).as_read))
    with pytest.raises(UsageError, match="another scenario"):
        Session.thaw(other, Session.begin(raids(), seed=4, run=0).freeze())


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_fork_on_another_stream_goes_on_otherwise_and_its_copy_alike(sampler: Sampler) -> None:
    parent = Session.begin(raids(), seed=4, run=0, sampler=sampler)
    parent.advance_to(3.0)
    one, two, same = parent.fork("a"), parent.fork("b"), parent.fork("a")
    thawed = Session.thaw(raids(), pickle.loads(pickle.dumps(one.freeze())))  # noqa: S301
    for session in (one, two, same, thawed):
        session.advance_to(DAYS)
    assert one.differs(two).any()
    assert not one.differs(same).any()
    assert not one.differs(thawed).any()
