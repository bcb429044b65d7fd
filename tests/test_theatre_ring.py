"""The ring at Tanf deters: a column that reckons with an answer keeps out of it, and one that does not comes in."""

from __future__ import annotations

import pytest

from standoff.scenario import load
from verification.theatre.acceptance import AIRCRAFT, CREDIBILITY, RING, crossings

RUNS, DAYS, SEED = 40, 12.0, 7
WILLING = {"us_will": 1.0, "tripwire_true": 1.0, "zone_believed": 1.0, "doubt": 0.0, "answer_delay": 0.2}
EAGER = {"zone_radius": 55.0, "push_tempo": 0.4, "push_cost": 0.05, "russian_restraint": 0.0}
"""The large ring, and a column that hardly anything but the answer it expects holds back."""


@pytest.mark.slow
def test_a_ring_without_word_or_aircraft_is_crossed_more_than_twice_as_often() -> None:
    """40 pairs of a fixed seed: 1.8 crossings against 8.4; both bounds lie six standard errors or more away."""
    ring = load("eastern-syria-2017", settings=WILLING | EAGER)
    defended, open_ = (
        crossings(ring, RING, lost=lost, until=DAYS, runs=RUNS, seed=SEED).until(DAYS)
        for lost in ({}, {CREDIBILITY: 0.0, AIRCRAFT: 0.0})
    )
    assert (open_ - defended).mean() > 3.3
    assert (open_ - 2.0 * defended).mean() > 0.0
