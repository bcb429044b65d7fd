"""Made scenarios with policies: switched off nothing changes, switched on the twin does what the kernel does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest

from standoff.engine import Trajectory, draw_parameters, prepare
from standoff.model import ground, grounded
from standoff.scenario import load, policy_plans
from tests import made_world
from tests.made_scenarios import RULES, Maker
from tests.outcomes import assert_same, by_kernel, by_twin, unchecked
from tests.proofs import first_of
from tests.test_engine_laws import TIMES

WORDS = ("decisions", "stances", "deals", "red_lines")
pytestmark = pytest.mark.usefixtures("no_code_kept")


@pytest.fixture(autouse=True, scope="module")
def _runaways_are_stopped_early() -> Iterator[None]:
    """The twin needs minutes for what the kernel counts as a runaway."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("standoff.engine.stepping.EVENT_LIMIT", 1_000)
        patch.setattr("standoff.engine.reference.EVENT_LIMIT", 1_000)
        yield


@pytest.mark.parametrize("seed", first_of(range(2 * TIMES)))
def test_a_made_scenario_with_policies_runs_alike_in_kernel_and_twin(tmp_path: Path, seed: int) -> None:
    luck = Random(seed)
    maker = Maker(seed, wild=False, crowd=False, words=frozenset(luck.sample(WORDS, 2)))
    maker.rule("raise", 0, 0)
    for number in range(1, 3):
        maker.rule(luck.choice(RULES), luck.randrange(10**9), number)
    maker.document["rules"]["raise_0"] |= {"event": "MOBILIZE by a at p"}
    maker.document["policies"] = made_world.policies(luck, maker.document)
    path = tmp_path / "made.yaml"
    path.write_text(maker.made().text, encoding="utf-8")
    scenario = unchecked(load(path))
    plans = policy_plans(scenario)
    own, model = grounded(scenario), ground(plans.resolved)
    drawn = draw_parameters(own, seed=1, runs=np.array([seed]))[0]
    values = dict(zip([info.name for info in own.parameters], drawn, strict=True))

    def made(switches: dict[str, float]) -> Trajectory:
        parameters = np.array([(values | switches).get(info.name, 0.0) for info in model.parameters])
        by_both = by_kernel(prepare(model, hurry=True), 1, seed, "coupled", parameters=parameters)
        assert_same(by_both, by_twin(model, 1, seed, "coupled", parameters=parameters))
        assert isinstance(by_both, Trajectory) or switches
        return by_both  # type: ignore[return-value]

    as_written = by_kernel(prepare(own, hurry=True), 1, seed, "coupled")
    if isinstance(as_written, Trajectory):
        switched_off = made({})
        assert switched_off.time.tolist() == as_written.time.tolist()
        assert switched_off.answers.tolist() == as_written.answers.tolist()
    for plan in (plan for each in plans.each.values() for plan in each):
        made({plan.switch: float(plan.number), **plan.values})
