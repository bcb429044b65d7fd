"""A run that is held, changed and continued: the same bits where nothing changed, else the right law."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from standoff.engine import Program, Sampler, Session, Trajectory, draw_parameters, prepare, reference_run, run
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import load, load_text
from tests.proofs import THEATRE

ROOT = Path(__file__).resolve().parent.parent
EXACT = sorted(path for path in (ROOT / "conformance" / "exact").glob("*.yaml") if ".expanded" not in path.name)
POST = """
standoff: 1
title: Convoys, and a guard that wakes
starts: 2017-01-01
ends: 2017-04-10
state: {convoys: {}, woken: {}, heat: {half_life: 3 days}, unread: {}}
begin: {heat: 2}
parameters: {pace: 0.6, lull: 0.2}
rules:
  convoy: {rate: "pace if woken == 0 else lull", then: [convoys += 1]}
  answer: {rate: 0.1 + heat, then: [heat += 0.1]}
  wake: {when: convoys >= 1000, then: [woken = 1]}
questions: {many: {ask: How many convoys?, number: convoys, at: 2017-04-10}}
"""


LARGE = [pytest.param(name, marks=pytest.mark.slow) for name in THEATRE]


@cache
def program_of(path: str) -> Program:
    # In a hurry, what is bundled is compiled five times as fast, for the same bits.
    return prepare(ground(load(path).as_read), hurry=True)


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("post") / "post.yaml"
    file.write_text(POST, encoding="utf-8")
    return program_of(str(file))


def slot_of(program: Program, name: str) -> int:
    return next(slot for slot in range(program.model.slots) if program.model.slot_name(slot) == name)


def assert_same(one: Trajectory, two: Trajectory) -> None:
    for name in ("time", "rule", "source", "target", "place", "size", "series", "answers"):
        assert np.asarray(getattr(one, name)).tobytes() == np.asarray(getattr(two, name)).tobytes(), name
    assert (one.fired, one.rejected) == (two.fired, two.rejected)


@pytest.mark.parametrize("sampler", get_args(Sampler))
@pytest.mark.parametrize("path", [*map(str, EXACT), *LARGE], ids=lambda path: Path(path).stem)
def test_a_run_in_the_arrays_of_another_is_the_same_run(path: str, sampler: Sampler) -> None:
    """The first is left at its end, the second half way."""
    program = program_of(path)
    days, drawn = program.model.days, draw_parameters(program.model, seed=3, runs=np.arange(3))
    session = Session.begin(program, seed=3, run=0, parameters=drawn[0], sampler=sampler)
    for number, until in ((0, days), (1, days / 2), (2, days)):
        if number:
            session.begin_again(run=number, parameters=drawn[number])
        session.advance_to(until)
    assert session.run == 2
    assert_same(session.trajectory(), run(program, seed=3, run=2, sampler=sampler))


@pytest.mark.parametrize("sampler", get_args(Sampler))
def test_a_changed_run_leaves_nothing_to_the_next_in_its_arrays(post: Program, sampler: Sampler) -> None:
    drawn = draw_parameters(post.model, seed=3, runs=np.arange(2))
    session = Session.begin(post, seed=3, run=0, parameters=drawn[0], sampler=sampler)
    session.advance_to(40.0)
    session.change({slot_of(post, "convoys"): 2_000.0, slot_of(post, "heat"): 7.0, slot_of(post, "lull"): 0.1})
    session.fire(0)
    session.stop_recording()
    session.advance_to(60.0)
    session.begin_again(run=1, parameters=drawn[1])
    session.advance_to(post.model.days)
    made, alone = session.trajectory(), run(post, seed=3, run=1, sampler=sampler)
    assert (made.answers.tolist(), made.fired) == (alone.answers.tolist(), alone.fired)
    assert len(made.time) == 0 and made.series.shape == (0, len(post.model.series))


def test_events_that_are_counted_take_no_room(post: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.engine.session._EVENTS_AT_FIRST", 4)
    session, alone = Session.begin(post, seed=3, run=0), run(post, seed=3, run=0)
    session.keep_events(keep=False)
    session.advance_to(post.model.days)
    assert session.recorded == len(alone.time) > 40
    assert len(session._events.time) == 4
    made = session.trajectory()
    assert len(made.time) == 0
    assert (made.answers.tolist(), made.series.tolist()) == (alone.answers.tolist(), alone.series.tolist())


@pytest.mark.parametrize("sampler", get_args(Sampler))
@pytest.mark.parametrize("path", [*map(str, EXACT), *LARGE], ids=lambda path: Path(path).stem)
def test_a_run_that_is_held_on_its_way_is_the_same_run(path: str, sampler: Sampler) -> None:
    program = program_of(path)
    days = program.model.days
    whole = run(program, seed=7, run=3, sampler=sampler)
    session = Session.begin(program, seed=7, run=3, sampler=sampler)
    for share in (0.1, 0.5, 0.77):
        session.advance_to(share * days)
        session = session.fork()
    session.advance_to(days)
    assert_same(session.trajectory(), whole)


@pytest.mark.parametrize("sampler", get_args(Sampler))
@pytest.mark.parametrize("path", [*map(str, EXACT[:6]), *LARGE], ids=lambda path: Path(path).stem)
def test_a_branch_leaves_its_parent_alone_and_shares_its_past(path: str, sampler: Sampler) -> None:
    program = program_of(path)
    days = program.model.days
    whole = run(program, seed=7, run=3, sampler=sampler)
    parent = Session.begin(program, seed=7, run=3, sampler=sampler)
    parent.advance_to(0.5 * days)
    branches = [parent.fork(f"branch {i}") for i in range(3)]
    for branch in branches:
        branch.advance_to(days)
    parent.advance_to(days)
    assert_same(parent.trajectory(), whole)
    past = whole.time <= 0.5 * days
    for branch in branches:
        made = branch.trajectory()
        assert made.time[: past.sum()].tobytes() == whole.time[past].tobytes()
        assert not (made.time[past.sum() :] <= 0.5 * days).any()


@pytest.mark.statistical(false_alarm=3e-6)
def test_what_follows_a_branch_point_has_the_law_of_the_process(post: Program) -> None:
    """Convoys in 60 days after day 40, at 0.6 a day: Poisson; mean and variance within five standard errors."""
    session = Session.begin(post, seed=1, run=0, sampler="coupled")
    session.advance_to(40.0)
    before = session.slot(slot_of(post, "convoys"))
    counts = []
    for i in range(3000):
        branch = session.fork(f"{i}")
        branch.advance_to(100.0)
        counts.append(branch.trajectory().answers[0] - before)
    mean = 36.0
    assert abs(np.mean(counts) - mean) < 5 * np.sqrt(mean / 3000)
    assert abs(np.var(counts) - mean) < 5 * np.sqrt((2 * mean**2 + mean) / 3000)


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_changed_parameter_changes_the_rate_from_then_on_and_not_before(post: Program) -> None:
    """At 1.2 a day instead of 0.6 for the last 50 of 100 days: 90 convoys on average over 1,000 runs."""
    counts = []
    for number in range(1000):
        session = Session.begin(post, seed=5, run=number, sampler="coupled")
        session.advance_to(50.0)
        session.change({slot_of(post, "pace"): 1.2})
        session.advance_to(100.0)
        counts.append(session.trajectory().answers[0])
    assert abs(np.mean(counts) - 90.0) < 5 * np.sqrt(90.0 / 1000)


@pytest.mark.parametrize("sampler", get_args(Sampler))
def test_a_change_to_nothing_else_moves_no_bit(post: Program, sampler: Sampler) -> None:
    """Nor does an empty one: the bound of `answer` has sunk since it was last written, and stays as it is."""
    whole = run(post, seed=5, run=1, sampler=sampler)
    session = Session.begin(post, seed=5, run=1, sampler=sampler)
    for day in (20.0, 50.0):
        session.advance_to(day)
        session.change({})
        session.change({slot: session.slot(slot) for slot in range(post.model.slots)})
    session.advance_to(100.0)
    assert whole.rejected > 2
    assert_same(session.trajectory(), whole)


def test_a_change_moves_no_clock_of_a_rule_that_does_not_read_it(post: Program) -> None:
    plain = run(post, seed=5, run=1, sampler="coupled")
    session = Session.begin(post, seed=5, run=1, sampler="coupled")
    for day in range(1, 100):  # on some of these days the bound of `answer` has just been refused and made anew
        session.advance_to(day)
        session.change({slot_of(post, "pace"): 1.2, slot_of(post, "unread"): float(day)})
    session.advance_to(100.0)
    made = session.trajectory()
    answer = next(rule for rule in post.model.rules if rule.name == "answer").first
    assert (plain.rule == answer).sum() > 10
    assert made.time[made.rule == answer].tobytes() == plain.time[plain.rule == answer].tobytes()
    assert made.answers[0] > plain.answers[0]


def test_a_change_that_makes_a_guard_true_fires_its_trigger_once(post: Program) -> None:
    session = Session.begin(post, seed=5, run=1, sampler="coupled")
    session.advance_to(50.0)
    session.change({slot_of(post, "convoys"): 2000.0})
    session.advance_to(60.0)
    session.change({slot_of(post, "pace"): 0.7})
    session.advance_to(100.0)
    names = [post.model.rules[post.model.rule_of[g]].name for g in session.trajectory().rule]
    assert names.count("wake") == 1


def test_a_memory_that_is_set_fades_from_that_moment(post: Program) -> None:
    session = Session.begin(post, seed=5, run=1, sampler="coupled")
    session.advance_to(50.0)
    slot = slot_of(post, "heat")
    session.change({slot: 3.0})
    assert session.slot(slot) == 3.0
    ahead = session.fork()
    assert ahead.advance_to_next_event(100.0)
    session.advance_to(0.5 * (50.0 + ahead.day))
    assert session.slot(slot) == pytest.approx(3.0 * 2.0 ** (-(session.day - 50.0) / 3.0), rel=1e-12)


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_direct_run_that_is_changed_goes_on_by_the_new_law(post: Program) -> None:
    """At 1.2 a day instead of 0.6 for the last 50 of 100 days: 90 convoys on average over 1,000 runs."""
    counts = []
    for number in range(1000):
        session = Session.begin(post, seed=5, run=number)
        session.advance_to(50.0)
        session.change({slot_of(post, "pace"): 1.2})
        session.advance_to(100.0)
        counts.append(session.answers()[0])
    assert abs(np.mean(counts) - 90.0) < 5 * np.sqrt(90.0 / 1000)


def test_a_session_that_stops_at_each_event_makes_the_same_events(post: Program) -> None:
    whole = run(post, seed=5, run=1, sampler="coupled")
    session = Session.begin(post, seed=5, run=1, record=False, sampler="coupled")
    found = []
    while session.advance_to_next_event(100.0):
        found.append((session.day, session.trajectory().rule[0]))
        assert session.trajectory().time.tolist() == [session.day]
    assert session.day == 100.0
    assert found == list(zip(whole.time.tolist(), whole.rule.tolist(), strict=True))


@pytest.mark.parametrize("sampler", get_args(Sampler))
def test_a_session_that_records_no_more_goes_on_as_it_would(post: Program, sampler: Sampler) -> None:
    session = Session.begin(post, seed=5, run=1, sampler=sampler)
    session.advance_to(30.5)
    whole, silent = session.fork(), session.fork()
    silent.stop_recording()
    for other in (whole, silent, fork := silent.fork()):
        other.advance_to(100.0)
    for other in (silent, fork):
        made, full = other.trajectory(), whole.trajectory()
        assert (len(made.time), len(made.series)) == (0, 0) and len(full.time) > 0
        assert (made.answers.tolist(), made.fired) == (full.answers.tolist(), full.fired)
        assert not silent.differs(whole).any()

    session.stop_recording(events=True)
    session.advance_to(100.0)
    made, full = session.trajectory(), whole.trajectory()
    assert len(made.series) == 0
    assert (made.time.tolist(), made.rule.tolist()) == (full.time.tolist(), full.rule.tolist())


@pytest.mark.parametrize("luck", ["", "other"])
def test_a_session_that_takes_over_another_is_a_fork_of_it(post: Program, luck: str) -> None:
    parent, taker = (Session.begin(post, seed=5, run=number, sampler="coupled") for number in (1, 2))
    parent.advance_to_next_event(50.0)
    taker.advance_to(80.0)
    fork = parent.fork(luck)
    taker.take_over(parent, luck)
    for one in (fork, taker):
        one.advance_to(100.0)
    assert fork.trajectory().time.tolist()[0] == parent.day
    assert fork.trajectory().time.tolist()[1:] == taker.trajectory().time.tolist()
    assert not fork.differs(taker).any()
    assert (fork.run, fork.fired, fork.day) == (taker.run, taker.fired, taker.day)
    assert fork.answers().tobytes() == taker.answers().tobytes()


def test_a_sampler_that_there_is_not_is_refused(post: Program) -> None:
    for make in (
        lambda: Session.begin(post, seed=1, run=0, sampler="cuopled"),  # type: ignore[arg-type]
        lambda: reference_run(post.model, seed=1, run=0, sampler="cuopled"),  # type: ignore[arg-type]
    ):
        with pytest.raises(UsageError, match="the sampler must be direct or coupled, not 'cuopled'"):
            make()


def test_how_numbers_are_printed_and_where_rules_stand_changes_no_fingerprint_and_no_code(tmp_path: Path) -> None:
    file = tmp_path / "post.yaml"
    file.write_text(POST, encoding="utf-8")
    program = Program(ground(load(str(file)).as_read))
    with np.printoptions(linewidth=200, precision=2, threshold=2):
        again = Program(ground(load(str(file)).as_read))
        assert again.fingerprint == program.fingerprint
        assert again.native.code_of == program.native.code_of
    file.write_text("# A line above all others.\n" + POST, encoding="utf-8")
    assert Program(ground(load(str(file)).as_read)).native.code_of == program.native.code_of
    file.write_text(POST.replace("convoys >= 1000", "convoys >= 999"), encoding="utf-8")
    assert Program(ground(load(str(file)).as_read)).native.code_of != program.native.code_of


def test_a_number_that_names_nothing_in_a_run_is_refused() -> None:
    """-1 named the last rule or slot, and one too many ended in an IndexError."""
    model = ground(load_text(POST, "post").resolved)
    session = Session.begin(prepare(model, hurry=True), seed=1, run=0, sampler="coupled")
    before = session.packed()
    for number in (-1, 10**6, 1.0, True):
        for ask in (
            session.rate, session.fire, session.skip, session.slot, lambda n: session.order(n, 5.0, number=0),
            lambda n: session.ask_for([n]), lambda n: session.change({n: 1.0}),
        ):  # fmt: skip
            with pytest.raises(UsageError, match=r"numbered from 0 to|must be a whole number"):
                ask(number)
    assert session.packed() == before


@pytest.mark.parametrize("parameters", [np.zeros(1), np.zeros(3), np.zeros((1, 2)), np.float64(1.0)])
def test_a_run_takes_one_value_for_each_parameter(parameters: Any) -> None:
    model = ground(load_text(POST, "post").resolved)
    with pytest.raises(UsageError, match="the parameters of a run have the shape \\(2,\\), not"):
        run(prepare(model, hurry=True), seed=1, run=0, parameters=parameters)
    with pytest.raises(UsageError, match="the parameters of a run have the shape \\(2,\\), not"):
        reference_run(model, seed=1, run=0, parameters=parameters)
