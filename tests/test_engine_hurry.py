"""Code that is compiled in a hurry, for a few runs, makes the runs that other code makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff import cache
from standoff.engine import prepare, run
from standoff.engine.native import Native
from standoff.model import Model
from tests.outcomes import SAMPLERS, assert_same, by_twin

ModelOf = Callable[[str], Model]
FIGHT = """
actors: {us: {}, ru: {}}
kinds: {unit: {members: [u1, u2, u3, u4, u5, u6, u7, u8, u9, u10, u11, u12, u13, u14, u15, u16]}}
state:
  grief: {of: actor, half_life: 4 days, at_least: 0}
  load: {of: unit, at_least: 0}
begin: {load: 1}
rules:
  act:
    for: {a: actor, u: unit}
    rate: 0.01 * (1 + grief[a]) * exp(-load[u]) * (1 + sum(load[v] for v in unit))
    then: ["load[u] = exponential(0.5)", "grief[a] += uniform(0, 0.02)"]
  calm: {when: "load[u1] > 2", then: ["grief[us] *= 0.5"]}
watch: {all: {of: "sum(load[u] for u in unit) + grief[ru]"}}
"""


@pytest.mark.usefixtures("no_code_kept")
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_code_compiled_in_a_hurry_makes_the_same_runs(model_of: ModelOf, sampler: str) -> None:
    model = model_of(FIGHT)
    assert_same(run(prepare(model, hurry=True), seed=3, run=0, sampler=sampler), by_twin(model, 3, 0, sampler))  # type: ignore[arg-type]


@pytest.mark.usefixtures("no_code_kept")
def test_a_program_made_in_a_hurry_is_no_answer_to_who_has_time(model_of: ModelOf) -> None:
    model = model_of(FIGHT)
    hurried = prepare(model, hurry=True)
    assert prepare(model, hurry=True) is hurried
    patient = prepare(model)
    assert patient is not hurried and not patient.native.hurry
    assert prepare(model) is patient


def test_who_is_in_a_hurry_takes_fast_code_if_it_is_kept(
    model_of: ModelOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / "cache"))
    model = model_of(FIGHT)
    asked: list[str] = []
    recall = cache.recall

    def noted(key: str) -> bytes | None:
        asked.append(key)
        return recall(key)

    monkeypatch.setattr(cache, "recall", noted)
    Native(model, hurry=True)
    quick = set(asked)
    asked.clear()
    Native(model)
    fast = set(asked)
    asked.clear()
    Native(model, hurry=True)
    assert len(quick) == 2 * len(fast) and fast < quick
    assert set(asked) == fast
