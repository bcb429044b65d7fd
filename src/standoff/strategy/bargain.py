"""The bargain over a deal of a scenario: what each party gains by it in many runs, and what they would agree on.

Two sets of runs are compared, with the same luck: in one the deal is struck on a day, in the other it never is. What
a party gains is the difference in its own goal; so both the deal and the outside option are simulated, not assumed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from standoff.display import Display, Displayed
from standoff.ensemble import Progress, Where
from standoff.errors import UsageError, plain_date, real_number, refuse_unknown, shown, whole_number
from standoff.numerals import exact
from standoff.scenario import BargainForm, bargain_form, check_scenario
from standoff.strategy.bargaining import (
    Offers,
    Settlement,
    Terms,
    ZoneOfAgreement,
    alternating_offers,
    settlement,
    zone_of_agreement,
)
from standoff.strategy.runs import SwitchedRuns
from standoff.time import begins_at, ends_at, iso

if TYPE_CHECKING:
    from standoff.scenario import Scenario

MOST_TERMS = 64
"""The most terms that are compared."""
AS_WRITTEN = "as written"


@dataclass(frozen=True, slots=True)
class BargainParty:
    """A party that must agree, with the unit of its goal, in which its gains are."""

    actor: str
    unit: str | None


@dataclass(frozen=True, slots=True, repr=False)
class SolvedBargain(Displayed):
    """A deal that is struck on `day`, over `blocks` pairs of runs: who gains by which terms, and what comes of it.

    `possible` is the share of the runs in which the deal could be struck on that day; in the others nothing changes.
    `settlements` are those of Nash and of Kalai and Smorodinsky; `offers` those of alternating offers, None where
    nobody said how much waiting costs.
    """

    scenario: str
    seed: int
    deal: str
    day: date
    blocks: int
    possible: float
    parties: tuple[BargainParty, ...]
    terms: tuple[str, ...]
    zone: ZoneOfAgreement
    settlements: tuple[Settlement, ...]
    offers: Offers | None

    def display(self) -> Display:
        """Whether all can gain, and by which terms."""
        from standoff.strategy.choice_display import bargain_display

        return bargain_display(self)

    def to_json(self) -> str:
        """The bargain as JSON text."""
        content = asdict(self) | {"day": iso(self.day), "method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "Pairs of runs with the same luck: in one the deal is struck on the day, in the other never. A party's gain is the "
    "difference in its own goal. A zone of agreement exists where by some terms all gain beyond the error; settlements "
    "are those of the mean gains, with 95% intervals from resampled runs. Gains of two parties are never compared."
)


def solve_bargain(
    scenario: Scenario,
    deal: str,
    *,
    day: date | None = None,
    blocks: int = 400,
    impatience: Mapping[str, float] | None = None,
    every: float = 7.0,
    hazard: float = 0.0,
    error: float = 0.05,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolvedBargain:
    """Whether the parties to a deal have anything to agree on, and on which terms they would.

    The deal is struck on `day` (by default the first). Terms are the combinations of the deal's issues. `impatience` is
    the share of its gain that each party loses per day of talks; offers are made `every` so many days, and the talks
    end at `hazard` per day. Raises UsageError for numbers that do not fit and for parties without goals; Faults for an
    unknown deal; RunStopped.
    """
    check_scenario(scenario)
    count = whole_number(blocks, "blocks")
    starts, ends = scenario.document.starts, scenario.document.ends
    when = starts if day is None else plain_date(day, "the day")
    if not begins_at(starts) <= begins_at(when) < ends_at(ends):
        raise UsageError(f"{iso(when)} is outside the scenario: {iso(starts)} to {iso(ends)}")
    if count < 2:
        raise UsageError(f"a bargain needs two runs at least, not {count}")
    form = bargain_form(scenario, deal, when)
    parties = form.plan.parties
    rates = _rates(impatience, parties)
    runs = SwitchedRuns(scenario, form.resolved, seed=seed, where=Where(jobs, executor))
    terms, possible = _simulated(form, runs, count, progress)
    if possible == 0:
        told = f"'{deal}' cannot be struck on {iso(when)} in any of {count:,} runs"
        raise UsageError(f"{told}: it is in force, or its when or after does not hold then; give another day with --at")
    offers = None
    if rates is not None:
        offers = alternating_offers(terms, rates=rates, days=every, hazard=hazard)
    return SolvedBargain(
        scenario=scenario.name,
        seed=runs.seed,
        deal=deal,
        day=when,
        blocks=count,
        possible=possible,
        parties=tuple(BargainParty(actor, runs.unit(actor)) for actor in parties),
        terms=terms.terms,
        zone=zone_of_agreement(terms, error=error),
        settlements=(settlement(terms, "nash"), settlement(terms, "kalai-smorodinsky")),
        offers=offers,
    )


def _simulated(form: BargainForm, runs: SwitchedRuns, count: int, progress: Progress | None) -> tuple[Terms, float]:
    """The payoffs of all parties with each of the terms, and without the deal, in runs 0 to `count` - 1.

    With them the share of these runs in which the deal could be struck, under some of the terms.
    """
    plan = form.plan
    goals = [runs.goal(actor) for actor in plan.parties]
    values = dict(_terms(plan.issues))
    numbers = np.arange(count)
    worlds = runs.worlds(numbers)
    sets = [{plan.switch: plan.never}, *({plan.switch: plan.struck, **each} for each in values.values())]
    under = (runs.with_values(worlds, each) for each in sets)
    struck = runs.question(plan.question)
    made, possible = [], np.zeros(count, np.bool_)
    for answers in runs.answers(numbers, under, sets=len(sets), progress=progress):
        made.append(answers[:, goals])
        possible |= answers[:, struck] > 0
    return Terms(plan.parties, tuple(values), np.stack(made[1:], axis=1), made[0]), float(possible.mean())


def _terms(issues: Mapping[str, tuple[float, ...]]) -> Iterator[tuple[str, dict[str, float]]]:
    """Every combination of the values of the issues, by name; raises UsageError for more than 64."""
    many = prod(len(values) for values in issues.values())
    if many > MOST_TERMS:
        raise UsageError(f"the issues have {many:,} combinations, and {MOST_TERMS} is the most; give fewer values")
    for chosen in product(*issues.values()):
        each = dict(zip(issues, chosen, strict=True))
        yield ", ".join(f"{issue} {exact(value)}" for issue, value in each.items()) or AS_WRITTEN, each


def _rates(impatience: Mapping[str, float] | None, parties: tuple[str, ...]) -> list[float] | None:
    if impatience is None:
        return None
    if not isinstance(impatience, Mapping):
        raise UsageError(f"impatience is a number for each party by name, not {shown(impatience)}")
    refuse_unknown(impatience, parties, found="'{}' is no party that must agree", what="parties")
    missing = [f"'{party}'" for party in parties if party not in impatience]
    if missing:
        raise UsageError(f"how impatient is {' and '.join(missing)}? give a number for each party")
    return [real_number(impatience[party], f"the impatience of {party}") for party in parties]
