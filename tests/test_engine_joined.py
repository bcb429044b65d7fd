"""Ground rules whose rates are always equal are drawn as one, and each of them happens as often as it should."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from standoff.engine import draw_parameters, prepare, run
from standoff.engine.reference import DirectRun
from standoff.model import Model
from tests.outcomes import assert_kernel_is_twin, ended

ModelOf = Callable[[str], Model]
RING = (
    "places: {" + ", ".join(f"p{i}: {{kind: town}}" for i in range(18)) + "}\n"
    "actors: {us: {}, ru: {}, tr: {}}\n"
    "relations: {near: {of: [place, place], pairs: ["
    + ", ".join(f"[p{i}, p{(i + by) % 18}]" for i in range(18) for by in (1, 2, 17))
    + "]}}\n"
)
BORDER = """
state:
  force: {of: [actor, place], at_least: 0}
  grief: {of: [actor, actor], at_least: 0, half_life: 20 days}
begin: {force: 2}
rules:
  move:
    for: {a: actor, p: place, q: near(p)}
    rate: 0.05 * force[a, p]
    then: ["force[a, p] -= 1", "force[a, q] += 1"]
  strike:
    for: {a: actor, b: actor, p: place}
    when: a != b
    rate: "0.02 * force[b, p] * (1 + grief[a, b]) if force[b, p] > 0 else 0"
    then: ["force[b, p] -= 1", "grief[b, a] += 1"]
  arrive: {for: {a: actor}, rate: 0.3, then: ["force[a, p0] += 1"]}
watch: {all: {of: "sum(sum(force[a, p] for p in place) for a in actor)"}}
"""


def leaves_of(model: Model, rule: str) -> list[list[int]]:
    """The members of each leaf of a rule, as rows of it."""
    table = next(table for table in model.rules if table.name == rule)
    layout = model.leaves
    leaves = np.unique(layout.leaf_of[table.first : table.first + table.rows])
    spans = [slice(layout.member_start[leaf], layout.member_start[leaf + 1]) for leaf in leaves]
    return [(layout.member[span] - table.first).tolist() for span in spans]


def test_a_unit_that_may_move_to_several_places_has_one_rate(model_of: ModelOf) -> None:
    model = model_of(RING + BORDER)
    moves, strikes = leaves_of(model, "move"), leaves_of(model, "strike")
    assert (len(moves), {len(leaf) for leaf in moves}) == (54, {3})
    assert (len(strikes), {len(leaf) for leaf in strikes}) == (54, {2})
    outcome = assert_kernel_is_twin(model)
    assert outcome.fired > 300  # type: ignore[union-attr]


@pytest.mark.statistical(false_alarm=1e-6)
def test_members_of_a_leaf_happen_as_often_as_their_factors_say(model_of: ModelOf) -> None:
    # Three actors with forces 1, 2 and 6 act on 20 units with loads 1 to 20, some 9,450 times in a hundred days:
    # chi-square over the 60 pairs has 59 degrees of freedom: above 127 with a probability below 1e-6. Fixed seed.
    units = [f"u{i}" for i in range(20)]
    model = model_of(
        f"""
actors: {{us: {{}}, ru: {{}}, tr: {{}}}}
kinds: {{unit: {{members: [{", ".join(units)}]}}}}
state: {{force: {{of: actor, at_least: 0}}, load: {{of: unit, at_least: 0}}, n: {{at_least: 0}}}}
begin: {{force: {{us: 1, ru: 2, tr: 6}}, load: {{{", ".join(f"{unit}: {i + 1}" for i, unit in enumerate(units))}}}}}
rules:
  act: {{for: {{a: actor, u: unit}}, rate: "0.05 * force[a] * load[u]", then: [n += 1]}}
  touch: {{at: 1, then: ["force[us] = 1", {{for: {{u: unit}}, do: ["load[u] *= 1"]}}]}}
"""
    )
    assert {len(leaf) for leaf in leaves_of(model, "act")} == {3}
    trajectory = run(prepare(model), seed=1, run=0)
    act = next(table for table in model.rules if table.name == "act")
    fired = np.bincount(trajectory.rule[trajectory.rule < act.first + act.rows] - act.first, minlength=act.rows)
    weights, loads = np.array([1.0, 2.0, 6.0]), np.arange(1.0, 21.0)
    share = (weights[act.bindings[:, 0]] * loads[act.bindings[:, 1]]) / (weights.sum() * loads.sum())
    expected = share * fired.sum()
    assert fired.sum() > 5_000
    assert float((((fired - expected) ** 2) / expected).sum()) < 127.0


@pytest.mark.usefixtures("no_code_kept")
@pytest.mark.parametrize("u", [0.0, 1.0, 1e-10, 1e300])
def test_a_search_that_rounding_leads_past_a_leaf_ends_at_its_last_member(model_of: ModelOf, u: float) -> None:
    model = model_of(RING + BORDER)
    twin = DirectRun(model, draw_parameters(model, seed=1, runs=np.array([0]))[0], 1, 0, False)
    twin.first_look()
    leaf = int(np.flatnonzero(np.diff(model.leaves.member_start) == 3)[0])
    twin.sums.leaves[leaf] = 5e-324
    start = model.leaves.member_start
    members = model.leaves.member[start[leaf] : start[leaf + 1]]
    assert twin.sums._member(leaf, u) == members[0 if u == 0.0 else -1]


def test_rates_that_a_condition_keeps_apart_are_not_joined(model_of: ModelOf) -> None:
    model = model_of(
        RING
        + """
state: {force: {of: [actor, place], at_least: 0}}
begin: {force: 3}
rules:
  move:
    for: {a: actor, p: place, q: near(p)}
    when: force[a, q] < 5
    rate: 0.05 * force[a, p]
    then: ["force[a, p] -= 1", "force[a, q] += 1"]
"""
    )
    assert {len(leaf) for leaf in leaves_of(model, "move")} == {1}
    assert ended(model).fired > 100
