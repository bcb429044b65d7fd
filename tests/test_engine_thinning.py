"""An act that a policy leaves out at random, and a seat that says no as often: one law; and what a no cannot reach."""

from __future__ import annotations

import math
import os
from pathlib import Path
from random import Random
from typing import get_args

import numpy as np
import pytest

from standoff.engine import Program, Sampler, Session, draw_parameters, prepare, run
from standoff.model import Floats, ground
from standoff.scenario import Resolved, load, policy_plans
from standoff.scenario.walks import reads as read_in
from standoff.scenario.walks import rule_nodes, statement_nodes, writes
from tests.made_scenarios import Maker
from tests.outcomes import assert_same

TIMES = int(os.environ.get("STANDOFF_VERIFY", "1"))
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
KEPT = 0.4
"""With what probability an act is kept, by the policy or by the seat."""

FITTING = (2, 29, 31, 35)
"""Made scenarios in which a rule that happens cannot reach another that happens."""

PROBES = """
standoff: 1
title: Probes that breed probes, and an answer
starts: 2017-01-01
ends: 2017-03-31
actors: {red: {}, blue: {}}
state: {heat: {half_life: 6 days}, probed: {}, answered: {}}
rules:
  probes: {rate: 0.3 + 0.5 * heat, then: [heat += 0.4, probed += 1], event: COERCE by red on blue, decides: red}
  calms: {when: heat > 0.5, rate: 0.2, then: [heat *= 0.3], event: YIELD by red}
  answers: {when: probed >= 5, then: [probed = 0, answered += 1, heat += 0.5], event: ASSAULT by blue on red}
policies:
  shy: {of: red, acts: {probes: 0.4}}
  willing: {of: red, acts: {probes: 1}}
questions: {answered: {ask: How many answers?, number: answered, at: 2017-03-31}}
"""


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("probes") / "probes.yaml"
    file.write_text(PROBES, encoding="utf-8")
    return prepare(ground(policy_plans(load(str(file))).resolved))


def drawn(program: Program, policy: str, runs: int) -> Floats:
    """The parameters of runs in which red follows a policy."""
    names = [parameter.name for parameter in program.model.parameters]
    number = {"as_written": 0.0, "shy": 1.0, "willing": 2.0}[policy]
    values = draw_parameters(program.model, seed=8, runs=np.arange(runs))
    values[:, names.index("policy_red")] = number
    return values


def ask(program: Program, sampler: Sampler, policy: str, yes: float, runs: int, seed: int) -> Floats:
    """Number of probes, day of the first answer and answers of each run whose probes are agreed to that often."""
    luck, found = Random(seed), []
    probe, answer = (next(r.first for r in program.model.rules if r.name == name) for name in ("probes", "answers"))
    parameters = drawn(program, policy, runs)
    for number in range(runs):
        session = Session.begin(program, seed=seed, run=number, parameters=parameters[number], sampler=sampler)
        session.ask_for([probe] if yes < 1.0 else [])
        while session.advance_to(program.model.days) is not None:
            session.answer(yes=luck.random() < yes)
        made = session.trajectory()
        first = made.time[made.rule == answer]
        found.append((np.sum(made.rule == probe), first[0] if len(first) else 999.0, made.answers[0]))
    return np.array(found, dtype=np.float64)


def distances(one: Floats, other: Floats) -> list[float]:
    """The largest difference of the distributions of each column (Kolmogorov and Smirnov)."""
    found = []
    for left, right in zip(one.T, other.T, strict=True):
        at = np.union1d(left, right)
        parts = [np.searchsorted(np.sort(side), at, side="right") / len(side) for side in (left, right)]
        found.append(float(np.abs(parts[0] - parts[1]).max()))
    return found


@pytest.mark.statistical(false_alarm=2e-6)
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_policy_that_keeps_an_act_so_often_and_a_seat_that_says_yes_as_often_are_one_law(
    probes: Program, sampler: Sampler
) -> None:
    """False alarms: at most 1 in a million, by 2 exp(-n d^2) for each of three columns; ties make it less."""
    runs = 200 * TIMES
    most = math.sqrt(math.log(6e6) / runs)
    by_policy = ask(probes, sampler, "shy", 1.0, runs, 21)
    assert max(distances(by_policy, ask(probes, sampler, "willing", KEPT, runs, 22))) < most
    assert max(distances(by_policy, ask(probes, sampler, "willing", 0.7, runs, 23))) > most, "it sees no difference"


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_seat_that_always_says_yes_and_a_policy_that_keeps_all_are_the_run_as_written_to_the_bit(
    probes: Program, sampler: Sampler
) -> None:
    plain = run(probes, seed=4, run=0, parameters=drawn(probes, "as_written", 1)[0], sampler=sampler)
    assert len(plain.time) > 30
    for policy in ("as_written", "willing"):
        parameters = drawn(probes, policy, 1)[0]
        session = Session.begin(probes, seed=4, run=0, parameters=parameters, sampler=sampler)
        session.ask_for(range(probes.model.ground_rules))
        while session.advance_to(probes.model.days) is not None:
            session.answer(yes=True)
        made = session.trajectory()
        for column in ("time", "rule", "size", "answers"):
            assert getattr(made, column).tobytes() == getattr(plain, column).tobytes()
    assert_same(made, run(probes, seed=4, run=0, parameters=parameters, sampler=sampler))


def reached(resolved: Resolved, rule: str) -> set[str]:
    """A rule and all those that read what it or one of them writes."""
    touched, states, before = {rule}, set[str](), -1
    while before != len(touched) + len(states):
        before = len(touched) + len(states)
        for one in resolved.rules:
            found = read_in(*rule_nodes(one), *statement_nodes(one.then))
            if not states.isdisjoint(found.states) or not touched.isdisjoint(found.firings):
                touched.add(one.name)
            if one.name in touched:
                states |= writes(one.then)
    return touched


def test_a_rule_that_never_may_moves_nothing_of_what_it_does_not_reach_in_any_scenario(tmp_path: Path) -> None:
    compared = refused = 0
    for luck in FITTING if TIMES == 1 else range(60):
        chance = Random(luck)
        maker = Maker(luck, wild=False, crowd=False, words=frozenset())
        maker.rule("raise", 0, 0)
        for number in range(1, 5):
            maker.rule(chance.choice(["raise", "lose", "timed", "memory", "take"]), chance.randrange(10**9), number)
        path = tmp_path / "made.yaml"
        path.write_text(maker.made().text, encoding="utf-8")
        resolved = load(str(path)).as_read
        rated = [rule.name for rule in resolved.rules if rule.rate is not None]
        never = chance.choice(rated)
        apart = [rule.name for rule in resolved.rules if rule.name not in reached(resolved, never)]
        if not apart:
            continue
        program = prepare(ground(resolved), hurry=True)
        plain = run(program, seed=2, run=0, sampler="coupled")
        session = Session.begin(program, seed=2, run=0, sampler="coupled")
        table = next(rule for rule in program.model.rules if rule.name == never)
        session.ask_for(range(table.first, table.first + table.rows))
        while session.advance_to(program.model.days) is not None:
            session.answer(yes=False)
        names = np.array([rule.name for rule in program.model.rules])[program.model.rule_of]
        played = session.trajectory()
        assert not np.any(names[played.rule] == never)
        refused += bool(np.any(names[plain.rule] == never))
        (times, rules), others = (
            (side.time[kept], side.rule[kept])
            for side, kept in ((s, np.isin(names[s.rule], apart)) for s in (plain, played))
        )
        assert (times.tobytes(), rules.tobytes()) == tuple(part.tobytes() for part in others)
        compared += len(times)
    assert compared > 30 and refused > 1, (compared, refused)
