"""Findings drawn: the claims of the sources, and what the answers depend on most."""

from __future__ import annotations

from standoff.analysis.effects import ClaimFinding, Claims
from standoff.numerals import many, signed, with_interval, with_seed, with_unit
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, LINE, Sheet, wrapped
from standoff.report.findings import Sense
from standoff.report.scene import Scene

LEFT, RIGHT, NUMBER = 318, 478, 490
NAMES = 206
"""Where names of numbers end."""
MARKS = {
    "holds": "✓ holds", "weaker than claimed": "< weaker", "reversed": "✗ reversed", "not distinguishable": "≈ open",
}  # fmt: skip
BARS = 8
"""Of each question, the numbers that count most."""


def draw_claims(scene: Scene, tested: Claims) -> str:
    """The effects that the claims expect, with their intervals; probabilities share an axis."""
    sheet = Sheet(COLUMN)
    pairs = f"up to {many(tested.at_most, 'pair of runs', 'pairs of runs')}"
    y = sheet.heading(
        "Claims of the sources, tested on the model",
        f"{scene.head.name}, each claim with {with_seed(pairs, 'coupled', tested.seed)}. Dot and line: effect of the "
        "cause with its interval, left and right of zero; hollow: could be zero. Probabilities come first, on one "
        "axis; every other number has its own axis.",
    )
    shares = [one for one in tested.claims if one.unit == "probability"]
    most = max((_reach(one) for one in shares), default=1.0)
    if shares:
        for value, anchor in ((-most, "start"), (0.0, "middle"), (most, "end")):
            x = (LEFT + RIGHT) / 2 + (RIGHT - LEFT) / 2 * value / most
            sheet.note(x, y + 12, signed(value), size=10, anchor=anchor)
        y += 18
    for one in shares:
        y = _claim(sheet, y, one, most)
    y += 12
    for one in tested.claims:
        if one.unit != "probability":
            y = _claim(sheet, y, one, _reach(one))
    return sheet.svg(y + 8, f"{scene.head.title}: claims")


def _reach(one: ClaimFinding) -> float:
    return max(abs(one.low), abs(one.high), abs(one.effect)) or 1.0


def _claim(sheet: Sheet, y: float, one: ClaimFinding, most: float) -> float:
    lines = wrapped(one.says, LEFT - 44, 11.5)
    foot = y + 12 + 14.7 * max(2, len(lines))
    sheet.lines(16, y + (23 if len(lines) == 1 else 16), lines, size=11.5)
    sheet.path(f"M16 {foot:.1f}H{COLUMN - 16}", stroke=FAINT)
    middle, zero = (y + foot) / 2, (LEFT + RIGHT) / 2

    def at(value: float) -> float:
        return zero + (RIGHT - LEFT) / 2 * value / most

    open_ = one.verdict == "not distinguishable"
    sheet.path(f"M{zero} {y + 3:.1f}V{foot - 3:.1f}", stroke=LINE)
    sheet.whisker(at(one.low), at(one.effect), at(one.high), middle, sure=not open_)
    sheet.text(NUMBER, middle, MARKS[one.verdict], size=11.5, weight=700)
    sheet.note(NUMBER, middle + 13, _effect(one), size=10)
    return foot


def _effect(one: ClaimFinding) -> str:
    effect = with_interval(one.effect, one.low, one.high)
    return effect if one.unit in {None, "probability"} else with_unit(effect, one.unit or "")


def draw_tornado(scene: Scene, sense: Sense) -> str:
    """For each question the largest total indices, with their intervals."""
    sheet = Sheet(COLUMN)
    pairs = f"{many(sense.runs, 'pair of runs', 'pairs of runs')} for each {sense.by}"
    y = sheet.heading(
        "What the answers depend on",
        f"{scene.head.name}, {with_seed(pairs, 'coupled', sense.seed)}. Bar: the share of an answer's "
        f"variance that remains when all else, chance included, is known and only this {sense.by} is not; line: 95% "
        "interval.",
    )
    for question in sense.questions:
        indices = [one for one in sense.indices if one.question == question.question and one.total.value > 0][:BARS]
        if not indices:
            continue
        y = sheet.lines(16, y + 22, wrapped(question.ask, COLUMN - 40, 12), size=12, weight=700) - 4
        most = max(1.0, *(one.total.high for one in indices))
        for one in indices:
            name = wrapped(one.name.replace("_", " "), NAMES - 24, 11, most=1)[0]
            sheet.text(NAMES, y + 12, name, size=11, anchor="end")
            wide = (RIGHT - NAMES - 10) / most
            sheet.rect(NAMES + 10, y + 3, wide * one.total.value, 12, ACCENT, opacity=0.55)
            low = max(0.0, one.total.low)
            sheet.path(
                f"M{NAMES + 10 + wide * low:.1f} {y + 9:.1f}H{NAMES + 10 + wide * one.total.high:.1f}",
                stroke="#1c2126",
                width=1.4,
            )
            sheet.note(
                NUMBER, y + 13, with_interval(one.total.value, one.total.low, one.total.high), size=10
            )
            y += 18
        y += 6
    return sheet.svg(y + 14, f"{scene.head.title}: what the answers depend on")
