"""The acceptance tests of deterrence: each a comparison by name, with its effect, its interval and its bar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from standoff.analysis.effects import Difference, compare, difference
from standoff.engine import Session, prepare
from standoff.model import Model, ground
from standoff.model.slots import slot_of
from standoff.scenario import Scenario, load
from verification.theatre.asked import Asked
from verification.theatre.moments import on_day
from verification.theatre.table import Row, Section, absent, met

Floats = NDArray[np.float64]

RACE, EXCHANGE = 2017, 2021
"""The years whose scenarios have the ring at Tanf, and the exchange of fire with Iran's militias."""

# The names that the comparisons go by. A scenario that lacks one is told so; it never counts as met.
UNDEFENDED, CROSSING = "zone-not-defended", "tanf-crossing"
RING, CREDIBILITY, AIRCRAFT, WILL, WAR = "zone_entry", "credibility_zone_entry", "us_air", "us_will", "war"
PARTNER = "partner_defence"
LOST = (CREDIBILITY, AIRCRAFT)
AMERICANS = ("us", "coal", "ussof")
AIRCRAFT_SHOT_DOWN = "shoot down aircraft"

POINTS, STRIKES = 0.30, 60
AT_ONCE, LATER = 30.0, 180.0
"""Days in which probing is to rise, and in which a called bluff is to have cost."""
ALIKE = 0.05
"""How far a bluff that nobody has called may be from a ring that is meant."""
SOME = 0.02
"""A share of runs from which a thing happens in some, and up to the rest of which it does not in all."""

TITLE = "Acceptance: does deterrence deter?"
HOW = (
    "Pairs of runs share their random numbers; intervals are 95 % and cover Monte Carlo error only. Crossings are the "
    f"firings that cross the red line {RING}. What is lost is lost on the first day: credibility is set to 0, or the "
    f"state {AIRCRAFT}. A bluff is a ring that is declared and believed as at the start, and never meant ({WILL} 0): "
    "until it is first crossed it must deter as the ring does, and after that be crossed more often."
)


@dataclass(frozen=True, slots=True)
class Crossings:
    """The days on which a red line is crossed, by run, up to a day."""

    days: tuple[Floats, ...]

    def until(self, day: float) -> Floats:
        """How often in each run by a day, (runs,)."""
        return np.array([float((one <= day).sum()) for one in self.days])

    def none_until(self, day: float) -> Floats:
        """Whether it was not crossed by a day, 0 or 1 by run."""
        return np.where(self.until(day) == 0.0, 1.0, 0.0)


def crossings(
    scenario: Scenario, line: str, *, lost: Mapping[str, float], until: float, runs: int, seed: int
) -> Crossings:
    """The crossings of a red line in runs in which some states are set to other values on the first day."""
    rules = {crossing.rule for crossing in scenario.document.red_lines[line].crossed_by}
    # A state that nothing in the scenario writes would be a constant, and setting it would change nothing.
    # All cases of a comparison are of one program, for their random numbers go by its rules.
    model = ground(scenario.resolved, changeable=[name for name in LOST if _has(scenario, name)])
    program = prepare(model)
    values = {slot_of(model, name): value for name, value in lost.items()}
    made = []
    for run in range(runs):
        session = Session.begin(program, seed=seed, run=run, sampler="coupled", all_events=True)
        session.change(values)
        session.advance_to(until)
        made.append(_days_of(session, model, rules))
    return Crossings(tuple(made))


def _days_of(session: Session, model: Model, rules: Collection[str]) -> Floats:
    events = session.trajectory()
    named = np.array([rule.name in rules for rule in model.rules], dtype=np.bool_)
    days: Floats = events.time[named[model.rule_of[events.rule]]]
    return days


def _has(scenario: Scenario, state: str) -> bool:
    return state in scenario.resolved.states


def _undefended(asked: Asked, scenario: Scenario) -> Row:
    what, bar = "a ring undefended: the regime's side holds Tanf at the end of 2017", f"+{POINTS * 100:.0f} points"
    if UNDEFENDED not in scenario.document.variants or CROSSING not in scenario.document.questions:
        return absent(what, bar, f"no variant {UNDEFENDED} or no question {CROSSING}")
    other = load(scenario.path, variant=UNDEFENDED)
    made = compare(scenario, {"undefended": other}, runs=asked.runs, seed=asked.seed, jobs=asked.jobs)
    paired = next(one.paired for one in made.questions if one.question == CROSSING)
    return Row(what, _points(paired), bar, met(holds=paired.difference >= POINTS), _values(paired))


def _ring(asked: Asked, scenario: Scenario) -> Iterator[Row]:
    credibility = "b credibility lost: crossings in the first 30 days"
    aircraft = "c aircraft out of the area: crossings in the first 30 days"
    deters = "d a bluff deters until it is called: no crossing in the first 30 days"
    called = "d a bluff once it is called: crossings in the first 180 days"
    more = "more, the interval above 0"
    if RING not in scenario.document.red_lines:
        why = f"no red line {RING}"
        yield from (absent(what, more, why) for what in (credibility, aircraft, deters, called))
        return

    def made(one: Scenario, until: float, **lost: float) -> Crossings:
        return crossings(one, RING, lost=lost, until=until, runs=asked.runs, seed=asked.seed)

    base = made(scenario, LATER)
    unbelieved = made(scenario, AT_ONCE, **{CREDIBILITY: 0.0})
    yield _rises(credibility, base.until(AT_ONCE), unbelieved.until(AT_ONCE))
    if _has(scenario, AIRCRAFT):
        yield _rises(aircraft, base.until(AT_ONCE), made(scenario, AT_ONCE, **{AIRCRAFT: 0.0}).until(AT_ONCE))
    else:
        yield absent(aircraft, more, f"no state {AIRCRAFT}")
    if WILL not in scenario.resolved.parameters:
        yield from (absent(what, more, f"no parameter {WILL}") for what in (deters, called))
        return
    bluff = made(load(scenario.path, settings={WILL: 0.0}), LATER)
    quiet, meant, open_ = (one.none_until(AT_ONCE) for one in (bluff, base, unbelieved))
    beside, known = (difference(one, quiet, same=False, share=True) for one in (open_, meant))
    said = f"{_points(beside)} beside an unbelieved one; beside one that is meant {_points(known)}"
    holds = beside.low > 0.0 and abs(known.difference) <= ALIKE
    bar = f"more than an unbelieved ring, and within {ALIKE * 100:.0f} points of one that is meant"
    yield Row(deters, said, bar, met(holds=holds), _values(beside))
    yield _rises(called, base.until(LATER), bluff.until(LATER))


def _rises(what: str, base: Floats, variant: Floats) -> Row:
    paired = difference(base, variant, same=False, share=False)
    said = (
        f"{paired.base:.2f} to {paired.variant:.2f}, {paired.difference:+.2f} ({paired.low:+.2f} to {paired.high:+.2f})"
    )
    return Row(what, said, "more, the interval above 0", met(holds=paired.low > 0.0), _values(paired))


def _points(paired: Difference) -> str:
    low, high = 100 * paired.low, 100 * paired.high
    return (
        f"{paired.base:.0%} to {paired.variant:.0%}, {100 * paired.difference:+.0f} points ({low:+.0f} to {high:+.0f})"
    )


def _values(paired: Difference) -> dict[str, float]:
    numbers = ("base", "variant", "difference", "low", "high", "runs")
    return {name: round(float(getattr(paired, name)), 4) for name in numbers}


def _bounded(asked: Asked, scenario: Scenario) -> Row:
    what = f"e {EXCHANGE}: American strikes in a run, unless a war was decided on"
    strikes = (
        asked.ensemble(EXCHANGE)
        .events.filter(
            pl.col("type") == "ASSAULT",
            pl.col("source").is_in(AMERICANS),
            pl.col("target") != "isis",
            pl.col("mode") != AIRCRAFT_SHOT_DOWN,
        )
        .group_by("run")
        .len()
    )
    counts = np.zeros(asked.runs, dtype=np.int64)
    counts[strikes["run"].to_numpy()] = strikes["len"].to_numpy()
    at_war = _at_war(asked, scenario)
    peace = counts[~at_war]
    most = int(peace.max()) if len(peace) else 0
    over = int((peace > STRIKES).sum())
    said = f"at most {most}, over {STRIKES} in {over} of {len(peace)} runs; median {np.median(counts):.0f}"
    said += f"; a war in {at_war.sum()}"
    values = {"most": most, "over": over, "runs_without_war": len(peace), "wars": int(at_war.sum())}
    return Row(what, said, f"none over {STRIKES}", met(holds=len(peace) > 0 and over == 0), values)


def _at_war(asked: Asked, scenario: Scenario) -> NDArray[np.bool_]:
    """The runs at whose end there is open war; none where the scenario knows no war."""
    if not _has(scenario, WAR):
        return np.zeros(asked.runs, dtype=np.bool_)
    last = float((scenario.document.ends - scenario.document.starts).days)
    ended = on_day(ground(scenario.resolved), last, [WAR], runs=asked.runs, seed=asked.seed)
    return np.array([one == "true" for one in ended.words(WAR)], dtype=np.bool_)


def _khasham(asked: Asked, scenario: Scenario) -> Row:
    what = "f Khasham: Americans answer a ground attack on their partner east of the river"
    bar = "in some runs and not in all"
    bank = [name for name, place in scenario.document.places.items() if place.attributes.get("left_bank") == 1]
    if PARTNER not in scenario.document.red_lines or not bank:
        return absent(what, bar, f"no red line {PARTNER}, or no place with the attribute left_bank")
    answers = asked.ensemble(RACE).events.filter(pl.col("rule") == f"{PARTNER}_response", pl.col("place").is_in(bank))
    share = answers["run"].n_unique() / asked.runs
    said = f"in {share:.1%} of {asked.runs} runs, {len(answers) / asked.runs:.2f} times a run"
    return Row(what, said, bar, met(holds=SOME <= share <= 1.0 - SOME), {"share": round(share, 4)})


def section(asked: Asked) -> Section:
    """The section of the table."""
    rows: list[Row] = []
    for year in (RACE, EXCHANGE):
        if year not in asked.years:
            rows.append(absent(f"the tests of {year}", "all", f"no scenario {asked.name(year)}"))
    if RACE in asked.years:
        race = asked.scenario(RACE)
        rows += [_undefended(asked, race), *_ring(asked, race), _khasham(asked, race)]
    if EXCHANGE in asked.years:
        rows.append(_bounded(asked, asked.scenario(EXCHANGE)))
    return Section("acceptance", TITLE, tuple(rows), (HOW,))
