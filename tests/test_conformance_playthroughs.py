"""Each scenario of the theatre does at seed 1, event by event and to the last bit, what its stored logs say."""

from __future__ import annotations

import pytest

from conformance.playthroughs.log import FOLDER, logs_of
from tests.proofs import THEATRE, each_bundled


@pytest.mark.parametrize("name", each_bundled())
def test_a_scenario_of_the_theatre_plays_through_as_it_did(name: str) -> None:
    for path, text in logs_of(name).items():
        stored = path.read_text(encoding="utf-8").splitlines()
        assert text.splitlines() == stored, f"{path.name}: if this is meant, run `make golden` and say what moved"


def test_every_log_belongs_to_a_scenario_of_the_theatre_and_a_sampler() -> None:
    names = {f"{name}.{sampler}.log" for name in THEATRE for sampler in ("direct", "coupled")}
    assert {path.name for path in FOLDER.glob("*.log")} == names
