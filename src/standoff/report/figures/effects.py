"""Findings drawn: the claims of the sources, and what the answers depend on most."""

from __future__ import annotations

import math

from standoff.analysis.effects import ClaimFinding, Claims
from standoff.analysis.spread import Index, Split
from standoff.numerals import figure, many, points, signed, with_interval, with_seed, with_unit
from standoff.report.figures.meaning import meaning
from standoff.report.figures.pages import LOWEST, Block, Draw, note_row, on_sheets
from standoff.report.figures.questions import key_first
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, INK, LINE, Sheet, wrapped
from standoff.report.findings import Sense
from standoff.report.scene import Scene

LEFT, RIGHT, NUMBER = 318, 478, 490
NAMES = 276
"""Where names of numbers end."""
MARKS = {
    "holds": "✓ holds", "weaker than claimed": "< weaker", "reversed": "✗ reversed", "not distinguishable": "≈ open",
}  # fmt: skip
ANYWHERE, BARS = 8, 4
"""So many numbers count most over all questions, and for one of them."""


def draw_claims(scene: Scene, tested: Claims) -> list[str]:
    """The effects that the claims expect: a panel for probabilities and one for each unit, each with its own axis."""
    units = dict.fromkeys(one.unit for one in tested.claims)
    panels = sorted(units, key=lambda unit: (unit is None, unit != "probability"))
    pairs = f"up to {many(tested.at_most, 'pair of runs', 'pairs of runs')} for each claim"
    return on_sheets(
        [_panel(unit, [one for one in tested.claims if one.unit == unit]) for unit in panels],
        title="Claims of the sources, tested on the model",
        caption="Dot and line: the effect of the cause with its interval; hollow: could be zero. Each panel has an "
        "axis of its own.",
        foot=f"{scene.head.name}, {with_seed(pairs, 'coupled', tested.seed)}",
        about=f"{scene.head.title}: claims",
    )


def _panel(unit: str | None, claims: list[ClaimFinding]) -> Block:
    """Claims whose effects have the same unit, on one axis; those without a unit have one each."""
    share = unit == "probability"
    common = max(map(_reach, claims))

    def head(sheet: Sheet, y: float) -> float:
        if unit is None:
            title = "No unit given, each on an axis of its own"
        else:
            title = "Probability, in percentage points" if share else f"In{with_unit('', unit)}"
        sheet.text(16, y + 18, title, size=12, weight=700)
        for value, anchor in ((-common, "start"), (0.0, "middle"), (common, "end")) if unit is not None else ():
            x = (LEFT + RIGHT) / 2 + (RIGHT - LEFT) / 2 * value / common
            sheet.note(x, y + 18, signed(100 * value if share else value, digits=2), size=10, anchor=anchor)
        return y + 24

    def row(one: ClaimFinding) -> Draw:
        return lambda sheet, y: _claim(sheet, y, one, _reach(one) if unit is None else common)

    return Block(list(map(row, claims)), head)


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
    if one.unit == "probability":
        return f"{points(one.effect, one.low, one.high)} points"
    return with_unit(with_interval(one.effect, one.low, one.high, plus=True), one.unit)


def draw_tornado(scene: Scene, sense: Sense) -> str:
    """The numbers that weigh most on any answer, then those of as many questions as a sheet has room for."""
    asks = {split.question: split.ask for split in sense.questions}
    pairs = f"{many(sense.runs, 'pair of runs', 'pairs of runs')} for each {sense.by}"
    splits = key_first(scene, sense.questions, lambda one: one.question)
    weighing = [split for split in splits if _heaviest(sense, split.question)]
    each = (len(sense.indices) + sense.indices_left_out) // max(1, len({one.question for one in sense.indices}))
    anywhere = [_bar(scene, one, asks.get(one.question, "")) for one in _surest(sense)[:ANYWHERE]]
    blocks = [Block(anywhere, _titled("The numbers that weigh most on any answer"))]
    blocks += [_question(scene, sense, split, each) for split in weighing]
    sheet = Sheet(COLUMN, f"{scene.head.name}, {with_seed(pairs, 'coupled', sense.seed)}")
    y = sheet.heading(
        "What the answers depend on",
        "Bar: the share of an answer’s variance that remains when everything else, chance included, is known; "
        "line: its 95% interval.",
    )
    for drawn, block in enumerate(blocks):
        trial, foot = sheet.trial(), y
        for draw in (block.head, *block.rows):
            foot = draw(trial, foot)
        if foot > LOWEST - 20:
            rest = f"{many(len(blocks) - drawn, 'more question')} in the report."
            y = note_row(rest)(sheet, y)
            break
        sheet.take(trial)
        y = foot
    return sheet.svg(y + 14, f"{scene.head.title}: what the answers depend on")


def _surest(sense: Sense) -> list[Index]:
    """Of each number the index that is surely the largest: of few runs many an estimate is large by luck."""
    surest: dict[str, Index] = {}
    for one in sorted(sense.indices, key=lambda one: -one.total.low):
        surest.setdefault(one.name, one)
    return list(surest.values())


def _heaviest(sense: Sense, question: str) -> list[Index]:
    return [one for one in sense.indices if one.question == question and one.total.value > 0]


def _question(scene: Scene, sense: Sense, split: Split, each: int) -> Block:
    """What weighs most on one answer, and in a line what is left."""
    weighing = _heaviest(sense, split.question)
    rows = [_bar(scene, one) for one in weighing[:BARS]]
    left = weighing[BARS:]
    if each > BARS and left:
        most = math.ceil(100 * left[0].total.value) / 100
        rows.append(note_row(f"{many(each - BARS, 'other')}, each {figure(most)} or less."))
    return Block(rows, _titled(split.ask))


def _titled(words: str) -> Draw:
    return lambda sheet, y: sheet.lines(16, y + 22, wrapped(words, COLUMN - 40, 12), size=12, weight=700) - 6


def _named(scene: Scene, one: Index) -> str:
    """What an index is of; numbers that are correlated have one together."""
    if not one.members:
        return meaning(scene, one.name)
    *first, last = (f"“{meaning(scene, name)}”" for name in one.members)
    return f"{', '.join(first)} and {last} together"


def _bar(scene: Scene, one: Index, of: str = "") -> Draw:
    """One number with its index; `of` is the question that it is about where the bars are of several."""
    names = wrapped(_named(scene, one), NAMES - 16, 11, most=2)
    about = wrapped(of, NAMES - 16, 10, most=1) if of else []

    def draw(sheet: Sheet, y: float) -> float:
        foot = y + 6 + 13 * len(names) + (12 if about else 0)
        sheet.lines(16, y + 14, names, size=11)
        for line in about:
            sheet.note(16, foot - 4, line)
        middle, wide = (y + foot) / 2 + 1, NUMBER - 12 - NAMES - 10
        low, high = max(0.0, one.total.low), min(1.0, one.total.high)
        sheet.rect(NAMES + 10, middle - 6, wide * min(1.0, one.total.value), 12, ACCENT, opacity=0.55)
        sheet.path(f"M{NAMES + 10 + wide * low:.1f} {middle:.1f}H{NAMES + 10 + wide * high:.1f}", stroke=INK, width=1.4)
        sheet.note(NUMBER, middle + 4, with_interval(one.total.value, one.total.low, one.total.high))
        return foot

    return draw
