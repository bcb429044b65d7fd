"""The tempo of the theatre beside the file of events: what is counted, and that a band covers what it should."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import standoff as so
from tests.proofs import dated
from verification.theatre.ged import Dyad, Record, mapping, records, shared_file, weekly
from verification.theatre.tempo import BAND, Compared, counted, rows_of

ABOUT = mapping()
DYADS = {dyad.name: dyad for dyad in ABOUT.dyads}


def test_a_dyad_is_fought_by_either_side_and_by_nobody_else() -> None:
    regime = DYADS["regime-isis"]
    assert regime.fought_by("saa", "isis")
    assert regime.fought_by("isis", "hezb")
    assert not regime.fought_by("saa", "sdf")
    assert not regime.fought_by("coal", "isis")
    assert not regime.fought_by("isis", None)


def test_no_event_belongs_to_two_dyads() -> None:
    actors = {actor for dyad in ABOUT.dyads for side in dyad.sides for actor in side}
    for source in actors:
        for target in actors:
            assert sum(dyad.fought_by(source, target) for dyad in ABOUT.dyads) <= 1, (source, target)


def theatre() -> so.Scenario:
    return dated(2017)


def test_nobody_of_the_scenario_s_own_sides_is_left_out() -> None:
    document = theatre().document
    sides = {"pro_regime": DYADS["regime-isis"].sides[0], "rebels": DYADS["regime-rebels"].sides[1]}
    for group, side in sides.items():
        assert set(document.groups[group].members) <= side, group
    for dyad in ABOUT.dyads:
        assert all(side & set(document.actors) for side in dyad.sides), dyad.name


def test_an_offensive_of_the_sdf_stands_for_four_records_where_it_is_on_isis() -> None:
    for version in ("v1", "v2"):
        assert ABOUT.records(version, "sdf", "isis", "offensive") == 4
        assert ABOUT.records(version, "sdf", "syr", "offensive") == 1
        assert ABOUT.records(version, "saa", "isis", "offensive") == 1


@pytest.mark.parametrize(
    ("place", "inside"),
    [("raqqa", True), ("palmyra", True), ("tanf", True), ("badia_south", True), ("uqayribat", False), ("qaim", False)],
)
def test_the_region_is_the_east_and_the_desert_of_tanf_in_syria_alone(place: str, inside: bool) -> None:
    one = theatre().document.places[place]
    assert one.at is not None
    assert ABOUT.region.has_place(country=one.country, province=one.province, lat=one.at[0], lon=one.at[1]) == inside


def _record(day: date, dyad: Dyad, **changes: object) -> Record:
    return replace(Record(day, next(iter(dyad.ged)), True, 35.9, 39.0, 1), **changes)


def test_a_record_is_counted_in_the_week_of_its_day_and_in_the_region_alone() -> None:
    dyad, first = DYADS["isis-sdf"], ABOUT.first
    known = [
        _record(first, dyad),
        _record(first + timedelta(6), dyad),
        _record(first + timedelta(7), dyad),
        _record(first - timedelta(1), dyad),
        _record(first + timedelta(7 * ABOUT.weeks), dyad),
        _record(first, dyad, east=False),
        _record(first, DYADS["regime-sdf"]),
    ]
    assert weekly(known, dyad, ABOUT) == [2, 1] + [0] * (ABOUT.weeks - 2)


def test_in_the_desert_only_what_is_known_to_its_place_counts() -> None:
    dyad, desert = DYADS["regime-rebels"], {"east": False, "lat": 33.5, "lon": 37.4}
    known = [_record(ABOUT.first, dyad, precision=p, **desert) for p in (1, 3, 4, 5)]
    assert weekly(known, dyad, ABOUT)[0] == 2


def test_summaries_and_duplicates_are_left_out_and_a_row_is_dated_by_its_last_day(tmp_path: Path) -> None:
    columns = "date_start,date_end,side_a,side_b,east,lat,lon,where_prec,q_summary,q_dup"
    rows = [
        f"2017-06-01,2017-06-0{day},IS,SDF,1,35.9,39.0,1,{flags}" for day, flags in ((2, "0,0"), (3, "1,0"), (4, "0,1"))
    ]
    file = tmp_path / "file.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write("\n".join([columns, *rows]))
    assert [one.day for one in records(file)] == [date(2017, 6, 2)]


def test_the_file_is_read_as_the_audit_read_it() -> None:
    """The audit's counts of June to December 2017, by month."""
    if not shared_file().is_file():
        pytest.skip(f"{shared_file().name} is not there")
    known = [one for one in records(shared_file()) if one.east and one.day.year == 2017 and one.day.month >= 6]

    def months(name: str) -> list[int]:
        return [sum(one.sides in DYADS[name].ged and one.day.month == month for one in known) for month in range(6, 13)]

    assert months("isis-sdf") == [148, 142, 118, 105, 50, 62, 62]
    assert months("regime-isis") == [67, 53, 65, 118, 129, 79, 23]


FIGHT = """
standoff: 1
title: A fight
starts: 2017-05-31
ends: 2018-06-30
actors: {sdf: {name: SDF}, isis: {name: ISIS}, coal: {name: Coalition}}
places:
  raqqa: {name: Raqqa, at: [35.95, 39.01], country: SYR, province: Raqqa}
  qaim: {name: Qaim, at: [34.37, 41.09], country: IRQ, province: Anbar}
rules:
  assaults: {at: 2017-06-03, then: [], event: ASSAULT (offensive) by sdf on isis at raqqa, evidence: assumption}
  answers: {at: 2017-06-08, then: [], event: ASSAULT (counterattack) by isis on sdf at raqqa, evidence: assumption}
  raids: {at: 2017-06-08, then: [], event: ASSAULT (raid) by isis on sdf at qaim, evidence: assumption}
  strikes: {at: 2017-06-09, then: [], event: ASSAULT (air raid) by coal on isis at raqqa, evidence: assumption}
  talks: {at: 2017-06-10, then: [], event: CONSULT by sdf on isis at raqqa, evidence: assumption}
questions:
  q: {ask: Is it over, type: binary, date: 2018-06-30, answer: "true"}
"""


def test_events_of_runs_are_counted_by_week_side_place_and_scale(tmp_path: Path) -> None:
    path = tmp_path / "fight-v1.yaml"
    path.write_text(FIGHT, encoding="utf-8")
    scenario = so.load(path)
    counts = counted(scenario, so.run(scenario, runs=2, seed=1, events="all"), DYADS["isis-sdf"], ABOUT)
    assert counts.shape == (2, ABOUT.weeks)
    # An offensive of version 1 stands for four records; the counterattack is a week later.
    assert counts.tolist() == [[4, 1] + [0] * (ABOUT.weeks - 2)] * 2


@pytest.mark.parametrize(("mean", "covered"), [(20.0, True), (35.0, False)])
def test_a_band_covers_its_own_process_and_not_one_that_is_busier(mean: float, covered: bool) -> None:
    """Of Poisson counts of mean 20 a band of 0.05 to 0.95 holds 92 %; fewer than 34 of 43 have a chance of 1e-3.

    Of mean 35, a week lies in the band of mean 20 (13 to 27) with 0.10; 34 of 43 have a chance below 1e-20.
    """
    draw = np.random.default_rng(5)
    runs = draw.poisson(20.0, (4000, ABOUT.weeks))
    one = Compared(DYADS["isis-sdf"], draw.poisson(mean, ABOUT.weeks), runs)
    assert (int(one.inside.sum()) >= 34) == covered
    assert (runs >= one.low).mean() >= 1 - BAND[0]
    assert (runs <= one.high).mean() >= BAND[1]


def test_a_dyad_that_hardly_fights_does_not_carry_the_busy_ones() -> None:
    weeks = np.zeros(ABOUT.weeks, dtype=np.int64)
    quiet = [
        Compared(DYADS[name], weeks, np.zeros((5, ABOUT.weeks), dtype=np.int64)) for name in ("regime-sdf", "iraq-isis")
    ]
    busy = Compared(DYADS["isis-sdf"], weeks + 30, np.zeros((5, ABOUT.weeks), dtype=np.int64))
    rows = {row.what: row for row in rows_of([*quiet, busy])}
    assert rows["All dyads"].measured.startswith("86 of 129")
    assert rows["Those with 1 record a week or more"].measured.startswith("0 of 43")
    assert rows["Those with 1 record a week or more"].verdict == "misses"
