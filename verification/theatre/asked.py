"""What the audit is asked to measure: which scenarios, how many runs, and the runs that its sections share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from standoff.calibration import run
from standoff.ensemble import Ensemble
from standoff.errors import UsageError
from standoff.scenario import Scenario, bundled, load

YEARS = (2015, 2017, 2018, 2021, 2023)
NAMED = "eastern-syria-{year}"


@dataclass
class Asked:
    """The scenarios by their years, of one version or of none, and the runs made of them."""

    version: str = ""
    runs: int = 300
    seed: int = 1
    jobs: int = 2
    folder: Path = field(default_factory=Path)
    _made: dict[int, Ensemble] = field(default_factory=dict, repr=False)

    def name(self, year: int) -> str:
        """The name of the scenario of a year."""
        return NAMED.format(year=year) + (f"-{self.version}" if self.version else "")

    @cached_property
    def scenarios(self) -> Mapping[int, Scenario]:
        """The scenarios that there are; raises UsageError if there is none."""
        known = set(bundled())
        if not self.version:
            known |= {name.rsplit("-v", 1)[0] for name in known}
        there = {year: load(self.name(year)) for year in YEARS if self.name(year) in known}
        if not there:
            raise UsageError(f"there is no scenario named like {self.name(YEARS[1])}")
        return there

    def ensemble(self, year: int) -> Ensemble:
        """Runs of a year's scenario with all their events, made once."""
        if year not in self._made:
            out = self.folder / self.name(year)
            self._made[year] = run(
                self.scenarios[year], runs=self.runs, seed=self.seed, jobs=self.jobs, events="all", out=out,
                name=self.name(year),
            )  # fmt: skip
        return self._made[year]
