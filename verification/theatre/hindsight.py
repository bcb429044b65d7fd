"""Hindsight: what is flagged, what locators say, which way the answers lean, and the scores beside `blind`."""

from __future__ import annotations

from standoff.calibration import Leaning, Standing, by_kind, score_forecasts
from standoff.evidence import paraphrases
from standoff.scenario import Scenario, hindsight_by_section, load
from verification.theatre.asked import Asked
from verification.theatre.table import Row, Section, absent, met

BLIND = "blind"
ALL = "all"

TITLE = "Hindsight: flags, paraphrases, direction and scores"
HOW = (
    "The authors knew the outcomes, so no score here is evidence of skill. Direction: of the answers off the middle of "
    "the source's range, how many lean toward what happened (one-sided sign test). Scores: Brier's mean over resolved "
    "forecasts, lower is better; `blind` is the variant in which what carries hindsight goes back to a wide prior. "
    "Neither has a bar."
)


def section(asked: Asked) -> Section:
    """The section of the table."""
    scenarios = asked.scenarios
    rows = [Row(f"flagged in {one.name}", _flags(one)) for one in scenarios]
    rows.append(_said(scenarios))
    blind = [load(one.path, variant=BLIND) for one in scenarios if BLIND in one.document.variants]
    missing = [one.name for one in scenarios if BLIND not in one.document.variants]
    beside = [] if missing else blind
    made = score_forecasts(scenarios, runs=asked.runs, seed=asked.seed, jobs=asked.jobs, beside=beside)
    rows += [_direction(one) for one in made.direction]
    rows += [_score(one) for one in made.scores if one.source == ALL]
    if missing:
        rows.append(absent(f"variant {BLIND}", "in every scenario", f"not in {', '.join(missing)}"))
    return Section("hindsight", TITLE, tuple(rows), (HOW,))


def _flags(scenario: Scenario) -> str:
    return by_kind(hindsight_by_section(scenario.document)) or "nothing"


def _said(scenarios: list[Scenario]) -> Row:
    """How many locators on rules, parameters, decisions and goals say what they support there."""
    made = paraphrases({one.name: one.document for one in scenarios})
    share = made.say / max(1, made.locators)
    measured = f"{made.say} of {made.locators} ({share:.0%})"
    what = "locators on rules, parameters, decisions and goals that say what they support"
    values = {"say": made.say, "locators": made.locators}
    return Row(what, measured, "all", met(holds=made.say == made.locators), values)


def _direction(one: Leaning) -> Row:
    values = {"who": one.who, "over": one.over, "toward": one.toward, "away": one.away, "p": one.p}
    measured = f"{one.toward} toward, {one.away} away, p = {one.p:.2g}"
    return Row(f"direction, {one.who}, {one.over}", measured, values=values)


def _score(one: Standing) -> Row:
    around = "" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})"
    values = {"who": one.who, "n": one.n, "brier": one.brier, "log": one.log}
    return Row(f"score, {one.who}", f"Brier {one.brier:.3f}{around}, log {one.log:.3f}, n {one.n}", values=values)
