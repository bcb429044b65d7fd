"""A run that skips an event: no other random number moves, as in the twin when the event passes without effect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from standoff.engine import Program, Session, draw_parameters, prepare
from standoff.engine.reference import CoupledRun
from standoff.errors import UsageError
from standoff.model import ground
from standoff.scenario import load

RAIDS = """
standoff: 1
title: Raids that breed raids, dates, and a guard that wakes
starts: 2017-01-01
ends: 2017-01-25
actors: {blue: {}, red: {}}
state: {heat: {of: actor, half_life: 6 days}, tired: {of: actor}, watch: {is: truth}}
parameters: {pace: "uniform(0.1, 0.3)"}
rules:
  raid:
    for: {a: actor}
    when: tired[a] < 5
    rate: pace + 0.3 * heat[a]
    then:
      - heat[a] += 1
      - {for: {b: actor}, where: b != a, do: ["heat[b] += uniform(0, 0.8)"]}
      - tired[a] += 1
  rests: {for: {a: actor}, when: "tired[a] > 0", rate: "0.3 * tired[a]", then: ["tired[a] -= 1"]}
  wakes: {when: "tired[blue] >= 3 and not watch", then: [watch = true, "heat[red] *= 0.5"]}
  sleeps: {for: {a: actor}, at: 2017-01-15, then: ["tired[a] = 0", watch = false]}
questions: {tired-blue: {ask: Is blue tired?, when: "tired[blue] >= 1", at: 2017-01-25}}
"""


@pytest.fixture(scope="module")
def raids(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("raids") / "raids.yaml"
    file.write_text(RAIDS, encoding="utf-8")
    return prepare(ground(load(str(file)).as_read))


class Forgetful(CoupledRun):
    """The twin, in which one event passes without effect."""

    missing: tuple[float, int] = (-1.0, -1)

    def fire(self, ground_rule: int, call: int = -1) -> None:
        """As the twin, but for the missing one."""
        if (self.machine.t, ground_rule) != self.missing:
            super().fire(ground_rule, call)


def test_a_skipped_event_is_one_that_passes_without_effect_in_the_twin(raids: Program) -> None:
    model = raids.model
    skipped, kinds, refused = 0, set(), 0
    for run in range(2):
        parameters = draw_parameters(model, seed=2, runs=np.array([run]))[0]
        parent = Session.begin(raids, seed=2, run=run, sampler="coupled")
        whole = Session.begin(raids, seed=2, run=run, sampler="coupled")
        whole.advance_to(model.days)
        events = whole.trajectory()
        roots = [model.rules[k].kind != "trigger" for k in model.rule_of[events.rule]]
        # The twin is slow: every fourth event, and all dates.
        tried = [i for i in np.flatnonzero(roots).tolist() if i % 4 == 0 or events.time[i] == 14.0]
        for day, rule in zip(events.time[tried].tolist(), events.rule[tried].tolist(), strict=True):
            parent.advance_to(max(float(np.nextafter(day, -np.inf)), parent.day))
            session = parent.fork()
            session.skip(rule)
            session.advance_to(model.days)
            twin = Forgetful(model, parameters, 2, run, False)
            twin.missing = (day, rule)
            made, expected = session.trajectory(), twin.go()
            assert made.time.tobytes() == expected.time.tobytes()
            assert made.rule.tobytes() == expected.rule.tobytes()
            assert made.answers.tolist() == expected.answers.tolist()
            skipped, refused = skipped + 1, refused + made.rejected
            kinds.add(model.rules[model.rule_of[rule]].name)
    assert kinds == {"raid", "rests", "sleeps"}
    assert skipped > 50 and refused > 50


def test_a_run_held_before_an_event_and_not_made_to_skip_it_is_the_same_run(raids: Program) -> None:
    whole = Session.begin(raids, seed=2, run=0, sampler="coupled", all_events=True)
    whole.advance_to(raids.model.days)
    made = whole.trajectory()
    parent = Session.begin(raids, seed=2, run=0, sampler="coupled", all_events=True)
    for day in np.unique(made.time).tolist():
        parent.advance_to(max(float(np.nextafter(day, -np.inf)), parent.day))
        session = parent.fork()
        session.advance_to(raids.model.days)
        again = session.trajectory()
        for name in ("time", "rule", "size", "series", "answers"):
            assert np.asarray(getattr(again, name)).tobytes() == np.asarray(getattr(made, name)).tobytes()


def test_of_two_dates_on_one_day_only_the_skipped_one_is_passed_over(raids: Program) -> None:
    sleeps = next(rule for rule in raids.model.rules if rule.name == "sleeps")
    session = Session.begin(raids, seed=2, run=0, sampler="coupled")
    session.advance_to(13.9)
    session.skip(sleeps.first)
    session.advance_to(14.1)
    made = session.trajectory()
    assert sorted(set(made.rule[made.time == 14.0].tolist()) & {sleeps.first, sleeps.first + 1}) == [sleeps.first + 1]
    with pytest.raises(ValueError, match="no date left"):
        session.skip(sleeps.first + 1)


def test_only_a_coupled_run_can_skip_and_only_what_can_come(raids: Program) -> None:
    with pytest.raises(UsageError, match="coupled"):
        Session.begin(raids, seed=1, run=0).skip(0)
    rests = next(rule for rule in raids.model.rules if rule.name == "rests")
    with pytest.raises(ValueError, match="does not run"):
        Session.begin(raids, seed=1, run=0, sampler="coupled").skip(rests.first)


def test_a_run_that_tells_all_keeps_the_events_of_silent_rules(tmp_path: Path) -> None:
    file = tmp_path / "silent.yaml"
    file.write_text(RAIDS.replace("rests: {for", "rests: {silent: true, for"), encoding="utf-8")
    program = prepare(ground(load(str(file)).as_read))
    names = [rule.name for rule in program.model.rules]
    told = []
    for tell_all in (False, True):
        session = Session.begin(program, seed=2, run=0, sampler="coupled", all_events=tell_all)
        session.advance_to(program.model.days)
        made = session.trajectory()
        told.append((names.index("rests") in program.model.rule_of[made.rule], made.fired))
    assert [kept for kept, _ in told] == [False, True]
    assert told[0][1] == told[1][1]
