"""Tempo: weekly counts of the file, June 2017 to March 2018, against the band that nine runs in ten lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from standoff.ensemble import Ensemble
from standoff.scenario import Scenario
from verification.theatre.asked import Asked
from verification.theatre.ged import Dyad, Mapping, mapping, records, shared_file, weekly
from verification.theatre.table import Row, Section, met

YEAR = 2017
BAND = (0.05, 0.95)
SHARE = 0.9
"""The share of weeks that are to lie in the band."""
BUSY = 1.0
"""Records a week from which a dyad is counted among the busy ones."""

TITLE = "Tempo: weekly counts of UCDP GED in the model's 90 % band"
HOW = (
    "Weeks in the band: of the 43 weeks from 1 June 2017. Total: the records of all weeks beside the band of the runs' "
    "totals. A wide band covers much, so its width is given, as the mean over the weeks; a dyad that hardly fights is "
    "covered by almost anything, so those with a record a week or more are also counted apart. Below and above: weeks "
    "in which fewer or more was recorded than nine runs in ten have. No noise of counting is added to the runs. "
    "verification/theatre/dyads.yaml says what is counted. The rates were read from events before 31 May 2017 alone."
)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A dyad's weeks: what was recorded, (weeks,), and what the runs have, (runs, weeks)."""

    dyad: Dyad
    recorded: NDArray[np.int64]
    runs: NDArray[np.int64]

    @property
    def low(self) -> NDArray[np.float64]:
        """The lower edge of the band, by week."""
        return np.quantile(self.runs, BAND[0], axis=0, method="inverted_cdf").astype(np.float64)

    @property
    def high(self) -> NDArray[np.float64]:
        """The upper edge of the band, by week."""
        return np.quantile(self.runs, BAND[1], axis=0, method="inverted_cdf").astype(np.float64)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether what was recorded lies in the band, by week."""
        within: NDArray[np.bool_] = (self.low <= self.recorded) & (self.recorded <= self.high)
        return within

    @property
    def total_band(self) -> tuple[int, int]:
        """The band of the runs' totals over all weeks."""
        low, high = (int(np.quantile(self.runs.sum(axis=1), at, method="inverted_cdf")) for at in BAND)
        return low, high


def compared(scenario: Scenario, ensemble: Ensemble, about: Mapping) -> list[Compared]:
    """Each dyad's weeks in the file and in the runs."""
    known = records(shared_file())
    return [
        Compared(dyad, np.array(weekly(known, dyad, about)), counted(scenario, ensemble, dyad, about))
        for dyad in about.dyads
    ]


def counted(scenario: Scenario, ensemble: Ensemble, dyad: Dyad, about: Mapping) -> NDArray[np.int64]:
    """The records that the events of each run stand for, (runs, weeks)."""
    places = [
        name
        for name, place in scenario.document.places.items()
        if place.at is not None
        and about.region.has_place(country=place.country, province=place.province, lat=place.at[0], lon=place.at[1])
    ]
    first = (about.first - scenario.document.starts).days
    version = scenario.name.rpartition("-")[2]
    week = ((pl.col("time") - first) / 7).floor().cast(pl.Int64)
    some = (
        ensemble.events.lazy()
        .filter(pl.col("type") == "ASSAULT", pl.col("place").is_in(places))
        .with_columns(week=week)
        .filter(pl.col("week").is_between(0, about.weeks - 1))
        .group_by("run", "week", "source", "target", "mode")
        .len()
        .collect()
    )
    counts = np.zeros((ensemble.runs, about.weeks), dtype=np.int64)
    for run, at, source, target, mode, events in some.iter_rows():
        if dyad.fought_by(source, target):
            counts[run, at] += events * about.records(version, source, target, mode)
    return counts


def rows_of(weeks: Sequence[Compared]) -> list[Row]:
    """Two rows for each dyad, one for all, and one for those that fight every week."""
    rows = [row for one in weeks for row in _rows_of_dyad(one)]
    busy = [one for one in weeks if one.recorded.mean() >= BUSY]
    for label, some in (("All dyads", weeks), (f"Those with {BUSY:g} record a week or more", busy)):
        if some:
            rows.append(_coverage(label, np.concatenate([one.inside for one in some])))
    return rows


def _coverage(label: str, inside: NDArray[np.bool_], more: str = "", **values: object) -> Row:
    share = float(inside.mean())
    measured = f"{int(inside.sum())} of {len(inside)} weeks ({share:.0%}){more}"
    values |= {"weeks": len(inside), "inside": int(inside.sum())}
    return Row(label, measured, f"{SHARE:.0%} of weeks", met(holds=share >= SHARE), values)


def _rows_of_dyad(one: Compared) -> list[Row]:
    low, high = one.total_band
    recorded, mean = int(one.recorded.sum()), float(one.runs.sum(axis=1).mean())
    below, above = int((one.recorded < one.low).sum()), int((one.recorded > one.high).sum())
    width = float((one.high - one.low).mean())
    more = f"; {below} below, {above} above; width {width:.1f}"
    total = {"recorded": recorded, "mean": round(mean, 1), "low": low, "high": high}
    said = f"{recorded} recorded; runs {mean:.0f}, nine in ten {low} to {high}"
    return [
        _coverage(one.dyad.title, one.inside, more, below=below, above=above, width=round(width, 2)),
        Row("  total", said, "in the band", met(holds=low <= recorded <= high), total),
    ]


def section(asked: Asked) -> Section:
    """The section of the table."""
    if not shared_file().is_file():
        return Section("tempo", TITLE, skipped=f"{shared_file().name} is not in the shared folder (STANDOFF_SHARED)")
    if YEAR not in asked.years:
        return Section("tempo", TITLE, skipped=f"there is no scenario {asked.name(YEAR)}")
    weeks = compared(asked.scenario(YEAR), asked.ensemble(YEAR), mapping())
    return Section("tempo", TITLE, tuple(rows_of(weeks)), (HOW,))
