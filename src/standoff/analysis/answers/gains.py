"""Deals: what share of the runs of a run folder would accept which deal, party by party and over time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers.probability import median_interval, quantile, wilson
from standoff.display import Display, Displayed
from standoff.ensemble import Ensemble
from standoff.errors import UsageError
from standoff.scenario import Origin, Role
from standoff.time import date_at, from_iso, iso

if TYPE_CHECKING:
    from standoff.scenario import Document

DATES = 3
"""The number of dates on which gains are shown: the start, the middle and the end."""

METHOD = (
    "Of the runs in which the deal is not in force on the date and the gain is a finite number: the share in which the "
    "party gains by it against its outside option, and the median of that gain, on the party's own scale. Together: "
    "all that must agree gain. In force: share of all runs. Intervals are 95% and cover Monte Carlo error only."
)


@dataclass(frozen=True, slots=True)
class Portion:
    """The share of `runs` runs in which something holds, with its 95% interval; None where there is no run."""

    runs: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What a party gains by a deal on one date: the share of runs in which it gains at all, and the median gain."""

    date: date
    accepts: Portion
    median: float | None
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True, slots=True)
class PartyGains:
    """One party of a deal over time."""

    actor: str
    name: str
    must_agree: bool
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class WrittenParty:
    """A party of a deal as its author names it."""

    actor: str
    name: str
    must_agree: bool


@dataclass(frozen=True, slots=True)
class WrittenDeal:
    """A deal as its author describes it."""

    name: str
    about: str | None
    after: tuple[str, ...]
    parties: tuple[WrittenParty, ...]


@dataclass(frozen=True, slots=True)
class DealGains:
    """One deal over time: who gains, whether all do that must agree, and whether it is in force."""

    deal: str
    about: str | None
    after: tuple[str, ...]
    dates: tuple[date, ...]
    together: tuple[Portion, ...]
    in_force: tuple[Portion, ...]
    parties: tuple[PartyGains, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Deals(Displayed):
    """Who would accept what in a run folder."""

    scenario: str
    runs: int
    sampler: str
    seed: int
    deals: tuple[DealGains, ...]

    def display(self) -> Display:
        """Each deal, and who gains by it."""
        from standoff.analysis.answers.deals_display import deals_display

        return deals_display(self)

    def to_json(self) -> str:
        """The same as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False, default=iso) + "\n"


def deals(folder: Path) -> Deals:
    """Who would accept which deal in the runs of a folder; raises UsageError where the scenario has no deals."""
    from standoff.scenario import read, validate

    ensemble = Ensemble(folder)
    written = written_deals(validate(read(folder / "scenario.yaml")))
    if not written:
        raise UsageError(f"{ensemble.manifest.scenario} has no deals")
    return Deals(
        scenario=ensemble.manifest.scenario,
        runs=ensemble.series_rows // len(ensemble.manifest.grid),
        sampler=ensemble.manifest.sampler,
        seed=ensemble.manifest.seed,
        deals=gains_by(ensemble, written),
    )


def written_deals(document: Document) -> tuple[WrittenDeal, ...]:
    """The deals of a scenario as their author describes them."""
    called = {str(actor): str(one.name or actor) for actor, one in document.actors.items()}
    return tuple(
        WrittenDeal(
            name=str(name),
            about=" ".join(deal.about.split()) if deal.about is not None else None,
            after=tuple(map(str, deal.after)),
            parties=tuple(
                WrittenParty(str(actor), called[str(actor)], party.must_agree) for actor, party in deal.parties.items()
            ),
        )
        for name, deal in document.deals.items()
    )


def gains_by(ensemble: Ensemble, deals: Iterable[WrittenDeal]) -> tuple[DealGains, ...]:
    """Who gains by each deal in the runs of an ensemble."""
    series = _Series(ensemble)
    return tuple(_deal(deal, series) for deal in deals)


class _Series:
    """The recorded series of the deals, on the dates that are shown."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.column = ensemble.column
        self.manifest = ensemble.manifest
        self.grid = ensemble.manifest.grid
        self.at = np.linspace(0, len(self.grid) - 1, DATES).round().astype(int)
        starts = from_iso(str(ensemble.manifest.starts))
        # The last record is made at 24:00 of the last day, which is told where no hours are.
        early = 0.0 if isinstance(starts, datetime) else 1.0
        self.dates = tuple(date_at(starts, max(0.0, self.grid[i] - early)) for i in self.at)

    def values(self, deal: str, role: Role, actor: str = "") -> NDArray[np.float64]:
        """The values ``(runs, dates)`` of what is recorded of a deal, or of an actor's part in it."""
        shown = (one for one in self.manifest.showing("deal", role) if one.shows == Origin("deal", deal, role, actor))
        entry = next(shown, None)
        if entry is None:
            raise UsageError(f"the runs have no record of the deal '{deal}'; run them again with this version")
        return self.column(entry.name).reshape(-1, len(self.grid))[:, self.at].astype(np.float64)


def _deal(deal: WrittenDeal, series: _Series) -> DealGains:
    in_force = series.values(deal.name, "in force") > 0.5
    gains = {party.actor: series.values(deal.name, "gain", party.actor) for party in deal.parties}
    together = np.min([gains[party.actor] for party in deal.parties if party.must_agree], axis=0) > 0
    dates = range(len(series.dates))
    return DealGains(
        deal=deal.name,
        about=deal.about,
        after=deal.after,
        dates=series.dates,
        together=tuple(_portion(together[~in_force[:, i], i]) for i in dates),
        in_force=tuple(_portion(in_force[:, i]) for i in dates),
        parties=tuple(
            PartyGains(
                actor=party.actor,
                name=party.name,
                must_agree=party.must_agree,
                gains=tuple(_gain(series.dates[i], gains[party.actor][~in_force[:, i], i]) for i in dates),
            )
            for party in deal.parties
        ),
    )


def _gain(on: date, values: NDArray[np.float64]) -> Gain:
    # A worth that divides by nothing is no number; the portion says of how many runs it tells.
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return Gain(on, _portion(values > 0), None, None, None)
    ordered = np.sort(values)
    low, high = median_interval(ordered) or (None, None)
    return Gain(on, _portion(values > 0), quantile(ordered, 0.5), low, high)


def _portion(holds: NDArray[np.bool_]) -> Portion:
    runs, yes = len(holds), int(np.sum(holds))
    if runs == 0:
        return Portion(0, None, None, None)
    low, high = wilson(yes, runs)
    return Portion(runs, yes / runs, low, high)
