"""What the audit is asked to measure: which scenarios, how many runs, and the runs that its sections share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from standoff.analysis import knock_out, try_claims
from standoff.analysis.effects import Claims, KnockOuts
from standoff.calibration import run
from standoff.ensemble import Ensemble
from standoff.errors import UsageError
from standoff.scenario import Scenario, bundled, knock_out_plans, load

YEARS = (2015, 2017, 2018, 2021, 2023)
NAMED = "eastern-syria-{year}"


@dataclass
class Asked:
    """The scenarios by their years, of one version or of the newest, and the runs made of them.

    `pairs` is the most pairs of runs that a claim is tested on.
    """

    version: str = ""
    runs: int = 300
    pairs: int = 400
    seed: int = 1
    jobs: int = 2
    folder: Path = field(default_factory=Path)
    _loaded: dict[int, Scenario] = field(default_factory=dict, repr=False)
    _made: dict[int, Ensemble] = field(default_factory=dict, repr=False)

    def name(self, year: int) -> str:
        """The name of the scenario of a year."""
        return NAMED.format(year=year) + (f"-{self.version}" if self.version else "")

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that have a scenario; raises UsageError if none has."""
        known = set(bundled())
        if not self.version:
            known |= {name.rsplit("-v", 1)[0] for name in known}
        there = tuple(year for year in YEARS if self.name(year) in known)
        if not there:
            raise UsageError(f"there is no scenario named like {self.name(YEARS[1])}")
        return there

    def scenario(self, year: int) -> Scenario:
        """The scenario of a year, loaded once; raises Faults."""
        if year not in self._loaded:
            self._loaded[year] = load(self.name(year))
        return self._loaded[year]

    @property
    def scenarios(self) -> list[Scenario]:
        """All scenarios, in the order of their years."""
        return [self.scenario(year) for year in self.years]

    def ensemble(self, year: int) -> Ensemble:
        """Runs of a year's scenario with all their events, made once."""
        if year not in self._made:
            out = self.folder / self.name(year)
            self._made[year] = run(
                self.scenario(year), runs=self.runs, seed=self.seed, jobs=self.jobs, events="all", out=out,
                name=self.name(year),
            )  # fmt: skip
        return self._made[year]

    @cached_property
    def tried(self) -> tuple[Claims, ...]:
        """The claims of each scenario that has any, tested."""
        claiming = [one for one in self.scenarios if one.document.claims]
        return tuple(try_claims(one, seed=self.seed, jobs=self.jobs, at_most=self.pairs) for one in claiming)

    @cached_property
    def knocked(self) -> tuple[KnockOuts, ...]:
        """The mechanisms of each scenario that names any, knocked out one at a time."""
        naming = [one for one in self.scenarios if knock_out_plans(one).each]
        return tuple(knock_out(one, seed=self.seed, runs=self.runs, jobs=self.jobs) for one in naming)
