"""The graph of who reads what is complete: after any event, what the twin holds is what the state gives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.engine import draw_parameters
from standoff.engine.reference import CoupledRun, DirectRun
from standoff.errors import RunStopped
from standoff.model import Model
from standoff.model.constants import Constants
from standoff.model.frame import Operands
from standoff.scenario import tree, walks
from tests.made_scenarios import Made, scenarios
from tests.outcomes import model_from
from tests.proofs import dated

TIMES = int(os.environ.get("STANDOFF_VERIFY", "1"))
EXAMPLES = 4 if TIMES == 1 else 30 * TIMES
STEPS = 60
SLACK = 1.0 + 1e-9
"""By how much a bound may lie below a rate for rounding; the engine allows itself the same."""

Twin = DirectRun | CoupledRun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ground")


def begun(kind: type[Twin], model: Model, seed: int) -> Twin:
    """A twin that has looked at everything once."""
    twin = kind(model, draw_parameters(model, seed=seed, runs=np.array([0]))[0], seed, 0, False)
    twin.first_look()
    return twin


def held(twin: Twin, ground_rule: int) -> float:
    """The rate, or bound of a rate, under which the twin proposes a ground rule."""
    if isinstance(twin, CoupledRun):
        return twin.clocks.rates[ground_rule]
    return twin.sums.rate(ground_rule)


def moments(twin: Twin) -> Iterator[float]:
    """Now, and times at which memories will have decayed if nothing happens until then."""
    now, end = twin.machine.t, twin.model.days
    yield now
    for share in (1e-6, 0.01, 0.1, 0.5, 1.0):
        yield now + share * (end - now)


def assert_nothing_is_stale(twin: Twin) -> None:
    """Each guard and rate from scratch: exact ones are what is held, bounds are not passed until the end."""
    model, machine, now = twin.model, twin.machine, twin.machine.t
    for rule in model.rules:
        for row in range(rule.rows):
            ground_rule = rule.first + row
            where = f"{rule.name} ({model.binding(ground_rule)}) on day {now}"
            if rule.kind == "trigger":
                holds = machine.value(rule.exact, rule.table, row) != 0
                assert twin.holds[ground_rule] == holds, f"{where}: the guard is {holds}"
            elif rule.kind == "rate" and rule.bound is None:
                assert_exact(twin, ground_rule, machine.value(rule.exact, rule.table, row), where)
            elif rule.kind == "rate":
                for machine.t in moments(twin):
                    rate = machine.value(rule.exact, rule.table, row)
                    if rate >= 0:
                        assert rate <= held(twin, ground_rule) * SLACK, f"{where}: {rate} on day {machine.t}"
                machine.t = now


def assert_exact(twin: Twin, ground_rule: int, rate: float, where: str) -> None:
    """A rate that stands still is held to the bit; one in two factors may round once more."""
    shared = twin.model.rules[twin.model.rule_of[ground_rule]].share is not None and isinstance(twin, DirectRun)
    if shared:
        assert held(twin, ground_rule) == pytest.approx(rate, rel=1e-12, abs=1e-290), where
    else:
        assert held(twin, ground_rule) == rate, where


def assert_sums_follow(twin: Twin) -> None:
    """The running sums are those of what is held."""
    if isinstance(twin, DirectRun):
        rated = (rule for rule in twin.model.rules if rule.kind == "rate")
        total = sum(twin.sums.rate(rule.first + row) for rule in rated for row in range(rule.rows))
        assert abs(twin.sums.total - total) <= 1e-9 * max(total, twin.sums.peak * 1e-3)


@pytest.mark.timeout(600, method="thread")
@pytest.mark.parametrize("kind", [DirectRun, CoupledRun])
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(made=st.one_of(scenarios(most=4), scenarios(most=2, crowd=True)), seed=st.integers(0, 5))
def test_after_any_event_each_rule_is_held_at_what_the_state_gives(
    made: Made, seed: int, folder: Path, kind: type[Twin]
) -> None:
    model, _ = model_from(made.text, folder)
    try:
        twin = begun(kind, model, seed)
        assert_nothing_is_stale(twin)
        for _ in range(STEPS):
            more = twin.step()
            assert_nothing_is_stale(twin)
            assert_sums_follow(twin)
            if not more:
                break
    except RunStopped:
        # In a wild scenario the impossible happens; up to then everything was held to the law.
        assert made.wild


LOOKED_UP = {
    "a state at an entity that changes": "1 + x[who]",
    "at one that is found at another": "1 + x[boss[mate]]",
    "two indices": "1 + y[boss[u], mate]",
    "one index fixed": "1 + y[who, u] + y[boss[u], u]",
    "in a sum": "1 + sum(x[boss[v]] for v in unit if v != mate)",
    "an attribute": "1 + who.weight + boss[u].weight",
    "a group": "2 if who in bloc and boss[u] in bloc else 1",
    "a relation": "2 if serves(boss[u], mate) else 1",
    "relatives of one that changes": "1 + sum(x[a] + 1 for a in hosts(who))",
    "the rule's own count": "1 + count(turn) + count(change)",
    "a memory": "1 + fading[boss[u]]",
}


@pytest.mark.parametrize("kind", [DirectRun, CoupledRun])
@pytest.mark.parametrize("rate", LOOKED_UP.values(), ids=LOOKED_UP.keys())
def test_what_is_looked_up_while_running_is_looked_at_again(
    model_of: Callable[[str], Model], rate: str, kind: type[Twin]
) -> None:
    actor, unit = "choice(a for a in actor)", "choice(v for v in unit)"
    model = model_of(f"""
actors: {{us: {{attributes: {{weight: 1}}}}, ru: {{attributes: {{weight: 2}}}}, ir: {{attributes: {{weight: 4}}}}}}
kinds: {{unit: {{members: [u0, u1, u2]}}}}
groups: {{bloc: {{of: actor, members: [us, ir]}}}}
relations:
  serves: {{of: [actor, unit], pairs: [[us, u0], [ru, u2], [ir, u2]]}}
  hosts: {{of: [actor, actor], pairs: [[us, ru], [us, ir], [ir, us]]}}
state:
  x: {{of: actor, at_least: 0}}
  y: {{of: [actor, unit], at_least: 0}}
  who: {{is: actor}}
  mate: {{is: unit}}
  boss: {{of: unit, is: actor}}
  fading: {{of: actor, half_life: 9 days, at_least: 0}}
  seen: {{}}
rules:
  change: {{for: {{u: unit}}, rate: "{rate}", then: []}}
  turn:
    rate: 1
    then:
      - one = {actor}
      - other = {unit}
      - who = {actor}
      - mate = {unit}
      - boss[other] = {actor}
      - x[one] = uniform(0, 3)
      - y[one, other] = uniform(0, 3)
      - fading[one] += 1
  watcher: {{for: {{a: actor, u: unit}}, when: "boss[mate] == a and y[boss[u], u] > 1", then: [seen += 1]}}
""")
    twin = begun(kind, model, 1)
    for _ in range(120):
        assert_nothing_is_stale(twin)
        if not twin.step():
            break


def test_each_node_is_asked_once_whether_it_is_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tree.Node] = []
    judge = Constants._moves

    def noted(constants: Constants, node: tree.Node) -> bool:
        asked.append(node)
        return judge(constants, node)

    monkeypatch.setattr(Constants, "_moves", noted)
    resolved = dated(2017).resolved
    constants = Constants(resolved, Operands())
    asked.clear()
    for node in (node for rule in resolved.rules for node in walks.rule_nodes(rule)):
        for _ in range(3):
            constants.is_fixed(node)
    assert len(asked) == len({id(node) for node in asked})
