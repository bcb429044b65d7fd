"""Sums and counts that rates read are kept up to date by differences, and are to the bit what their loops give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from standoff.engine import Session, prepare, run
from standoff.engine.reference import CoupledRun, DirectRun
from standoff.model import Model, code, slot_of
from tests.outcomes import SAMPLERS, assert_kernel_is_twin, assert_same, ended

ModelOf = Callable[[str], Model]
MAP = f"places: {{{', '.join(f'p{i}: {{kind: town}}' for i in range(12))}}}\nactors: {{us: {{}}, ru: {{}}, tr: {{}}}}\n"

READS = {
    "count": "0.02 * count(p for p in place if holder[p] == a)",
    "sum": "0.01 * sum(force[a, p] for p in place)",
    "sum of some": "0.01 * sum(force[a, p] for p in place if holder[p] == a)",
    "fractions": "0.01 * sum(force[a, p] / 3 for p in place)",
    "by a parameter": "0.02 * count(p for p in place if force[a, p] > edge)",
    "of all": "0.003 * sum(sum(force[b, p] for b in actor) for p in place)",
    "a loop within": "0.001 * sum(count(r for r in place if force[a, r] > force[us, p]) for p in place)",
    "infinite": "min(1, sum(1 / force[a, p] for p in place))",
}


def border(model_of: ModelOf, rate: str) -> Model:
    return model_of(
        MAP
        + f"""
parameters: {{edge: "uniform(0, 3)"}}
state:
  force: {{of: [actor, place], at_least: 0}}
  holder: {{of: place, is: actor}}
begin: {{force: 2, holder: us}}
rules:
  grow: {{for: {{a: actor, q: place}}, rate: "0.01 * ({rate})", then: ["force[a, q] += 1", "holder[q] = a"]}}
  fall: {{for: {{a: actor, q: place}}, when: "force[a, q] >= 1", rate: 0.01, then: ["force[a, q] -= 1"]}}
  halve: {{for: {{q: place}}, rate: 0.01, then: [{{for: {{a: actor}}, do: ["force[a, q] *= 0.3"]}}]}}
watch: {{all: {{of: "sum(force[us, p] for p in place)"}}}}
"""
    )


@pytest.mark.parametrize("rate", READS.values(), ids=READS.keys())
def test_a_tally_is_to_the_bit_what_its_loop_gives(model_of: ModelOf, rate: str) -> None:
    model = border(model_of, rate)
    assert len(model.tallies) == 1
    trajectory = ended(model)
    assert trajectory.fired > 30


def test_rules_that_count_the_same_share_a_total(model_of: ModelOf) -> None:
    model = model_of(
        MAP
        + """
state: {held: {of: place, is: truth}}
rules:
  take:
    for: {q: place}
    when: not held[q]
    rate: 0.1 * (1 + count(p for p in place if held[p]))
    then: ["held[q] = true"]
  lose:
    for: {q: place}
    when: held[q]
    rate: 0.01 * count(p for p in place if held[p])
    then: ["held[q] = false"]
  talk: {for: {a: actor}, when: "count(p for p in place if held[p]) > 3", rate: 0.2, then: ["held[p0] = true"]}
"""
    )
    assert (len(model.tallies), len(model.terms_of) - 1, int(model.terms_of[-1])) == (1, 1, 12)
    assert_kernel_is_twin(model)


@pytest.mark.parametrize(
    "rate",
    [
        "0.1 * sum(grief[p] for p in place)",
        "0.01 * count(p for p in place if t > force[p])",
        "0.1 * max(force[p] for p in place)",
        "0.1 * sum(force[p] for p in few)",
    ],
)
def test_what_moves_between_events_or_is_no_long_sum_has_no_tally(model_of: ModelOf, rate: str) -> None:
    model = model_of(
        MAP
        + f"""
groups: {{few: {{of: place, members: [p1, p2, p3]}}}}
state: {{force: {{of: place, at_least: 0, at_most: 9}}, grief: {{of: place, half_life: 3 days, at_least: 0}}}}
begin: {{force: 1}}
rules:
  act: {{rate: "min(9, {rate})", then: ["grief[p1] += 1", "force[p2] = 3"]}}
"""
    )
    assert not model.tallies
    assert_kernel_is_twin(model)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_change_from_outside_reaches_the_totals(model_of: ModelOf, sampler: str) -> None:
    model = border(model_of, READS["sum of some"])
    session = Session.begin(prepare(model), seed=1, run=0, sampler=sampler)  # type: ignore[arg-type]
    rule = next(rule for rule in model.rules if rule.name == "grow")
    clock = rule.clock
    assert clock is not None and any(isinstance(part, code.Tally) for part in code.parts(clock))
    session.advance_to(3.0)
    twin = (DirectRun if sampler == "direct" else CoupledRun)(model, session.trajectory().parameters, 1, 0, False)
    twin.advance_to(3.0)
    values = {slot_of(model, "force[us, p3]"): 2.5, slot_of(model, "holder[p4]"): 1.0, slot_of(model, "edge"): 1.25}
    session.change(values)
    twin.change(values)
    session.advance_to(model.days)
    twin.advance_to(model.days)
    assert_same(session.trajectory(), twin.trajectory())


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_run_held_copied_and_packed_keeps_its_totals(model_of: ModelOf, sampler: str) -> None:
    program = prepare(border(model_of, READS["fractions"]))
    session = Session.begin(program, seed=2, run=1, sampler=sampler)  # type: ignore[arg-type]
    session.advance_to(4.0)
    other = Session.thaw(program, session.fork().freeze())
    other.advance_to(program.model.days)
    assert_same(other.trajectory(), run(program, seed=2, run=1, sampler=sampler))  # type: ignore[arg-type]


def test_a_total_of_whole_numbers_stays_exact_where_adding_would_round(model_of: ModelOf) -> None:
    # Once there is a third among the terms, differences would leave rounding behind after it is gone again.
    model = model_of(
        MAP
        + """
state: {force: {of: place, at_least: 0}, seen: {at_least: 0}}
begin: {force: 1}
rules:
  third: {for: {p: place}, rate: 0.3, then: ["force[p] = 1 / 3"]}
  whole: {for: {p: place}, rate: 0.3, then: ["force[p] = 1"]}
  sees: {when: "sum(force[p] for p in place) != floor(sum(force[p] for p in place))", then: [seen += 1]}
watch: {seen: {of: seen}}
"""
    )
    assert len(model.tallies) == 1
    assert ended(model).fired > 200
    assert np.all(np.diff(ended(model).series[:, 0]) >= 0)
