"""Each scenario of the theatre and the gallery does at seed 1, to the last bit, what its stored logs say."""

from __future__ import annotations

import pytest

from conformance.playthroughs.log import FOLDER, SAMPLERS, logs_of
from standoff.scenario import bundled

GALLERY = bundled("gallery")
QUICK = [name for name in ("cuba-1962", "gulf-1987", "kargil-1999") if name in GALLERY]
LOGGED = sorted([*GALLERY, *bundled("theatre")], key=lambda name: name not in QUICK)
"""Every scenario that has logs, those first that take a thirtieth of the time of the theatre."""


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in LOGGED[3:])])
def test_a_bundled_scenario_plays_through_as_it_did(name: str) -> None:
    for path, text in logs_of(name).items():
        stored = path.read_text(encoding="utf-8").splitlines()
        assert text.splitlines() == stored, f"{path.name}: if this is meant, run `make golden` and say what moved"


def test_every_log_belongs_to_a_scenario_and_a_sampler() -> None:
    names = {f"{name}.{sampler}.log" for name in LOGGED for sampler in SAMPLERS}
    assert {path.name for path in FOLDER.glob("*.log")} == names and len(QUICK) == 3
