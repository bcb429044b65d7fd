"""What a change changes: what-ifs as paired differences, and events without which the answer changes."""

from __future__ import annotations

from standoff.analysis.effects import Comparison, QuestionDifference
from standoff.analysis.explanations import Explanation, Pivotal
from standoff.numerals import (
    figure,
    many,
    percent,
    percent_with_interval,
    points,
    signed,
    with_interval,
    with_seed,
    with_unit,
)
from standoff.report.figures.meaning import meaning
from standoff.report.figures.pages import Block, Draw, note_row, on_sheets
from standoff.report.figures.sheet import COLUMN, FAINT, LINE, Sheet, wrapped
from standoff.report.scene import Scene

LABEL, LEFT, RIGHT, NUMBER = 270, 302.0, 462.0, 478.0
MOST = 12
"""So many answers of a what-if are drawn; the others are counted."""


def draw_what_ifs(scene: Scene, comparison: Comparison) -> list[str]:
    """For each what-if the answers that it moves by more than their interval, the largest differences first."""
    pairs = many(comparison.runs, "pair of runs", "pairs of runs")
    moved = [one for one in comparison.questions if not _could_be_nothing(one.paired.low, one.paired.high)]
    return on_sheets(
        [_what_if(scene, comparison, what, [one for one in moved if one.what == what]) for what in comparison.whats],
        title="What if",
        caption="Dot and line: what-if minus base, on the same random numbers, with its 95% interval. "
        "Shares on one axis, in percentage points.",
        foot=f"{scene.head.name}, {with_seed(pairs, 'coupled', comparison.seed)}",
        about=f"{scene.head.title}: what if",
    )


def _what_if(scene: Scene, comparison: Comparison, what: str, moved: list[QuestionDifference]) -> Block:
    def head(sheet: Sheet, y: float) -> float:
        return sheet.lines(16, y + 22, wrapped(meaning(scene, what), COLUMN - 40, 12), size=12, weight=700) - 4

    if what in comparison.unchanged:
        says = f"Changes nothing: in all {comparison.runs:,} pairs the runs are identical, event for event."
        return Block([note_row(says)], head)
    units = {question.id: question.unit for question in scene.questions}
    shown = sorted(moved, key=_weight)[:MOST]
    shares = [one for one in shown if one.type != "number"]
    most = max((max(abs(one.paired.low), abs(one.paired.high)) for one in shares), default=1.0)

    def axis(sheet: Sheet, y: float) -> float:
        for share, anchor in ((-most, "start"), (0.0, "middle"), (most, "end")):
            sheet.note(_at(share, most), y + 8, signed(100 * share, digits=2), size=10, anchor=anchor)
        sheet.note(NUMBER, y + 8, "points", size=10)
        return y + 12

    def row(one: QuestionDifference) -> Draw:
        return lambda sheet, y: _difference(sheet, y, one, most, units.get(one.question, ""))

    rows = [axis, *map(row, shares)] if shares else []
    if numbers := [one for one in shown if one.type == "number"]:
        rows += [note_row("Numbers, each on an axis of its own"), *map(row, numbers)]
    said = sum(1 for one in comparison.questions if one.what == what)
    rest = [f"{many(len(moved) - len(shown), 'more answer')} change less." if len(moved) > len(shown) else ""]
    rest.append(f"{many(said - len(moved), 'answer')} without a clear change." if said > len(moved) else "")
    return Block([*rows, note_row(" ".join(filter(None, rest)))] if any(rest) else rows, head)


def draw_pivots(scene: Scene, explanation: Explanation) -> list[str]:
    """Events that were taken out of runs that say yes: in which share of them that undoes the yes."""

    def head(sheet: Sheet, y: float) -> float:
        y = sheet.lines(16, y + 16, wrapped(explanation.ask, COLUMN - 40, 12), size=12, weight=700) - 8
        for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
            sheet.note(LEFT + (RIGHT - LEFT) * share, y + 12, percent(share), size=10, anchor=anchor)
        return y + 18

    def row(one: Pivotal) -> Draw:
        return lambda sheet, y: _pivot(sheet, y, scene, one)

    tested = [one for one in explanation.pivotal if one.share is not None]
    rows = [row(one) for one in tested]
    rest = len(explanation.pivotal) - len(tested)
    if rest > 0:
        rows.append(note_row(f"{rest} more {'was' if rest == 1 else 'were'} not tested in enough runs."))
    return on_sheets(
        [Block(rows, head)],
        title="Pivotal events",
        caption="Runs that say yes, repeated without the event: how often the yes becomes a no, with its 95% interval; "
        "hollow: could be zero. Grey: selection.",
        foot=f"{scene.head.name}, {with_seed(many(explanation.runs, 'run'), 'coupled', explanation.seed)}",
        about=f"{scene.head.title}: pivotal events",
    )


def _could_be_nothing(low: float, high: float) -> bool:
    return low <= 0 <= high


def _weight(one: QuestionDifference) -> tuple[bool, float]:
    """Shares first, the largest first; a number counts in widths of its interval."""
    if one.type != "number":
        return False, -abs(one.paired.difference)
    return True, -abs(one.paired.difference) / ((one.paired.high - one.paired.low) or 1.0)


def _at(value: float, most: float) -> float:
    return (LEFT + RIGHT) / 2 + (RIGHT - LEFT) / 2 * value / most


def _labelled(sheet: Sheet, y: float, words: str, note: str = "") -> tuple[float, float]:
    """Writes what a row is of, and a note on it; returns the middle and the foot of the row."""
    lines = wrapped(words, LABEL, 11)
    count = len(lines) + bool(note)
    foot = y + 11 + 14.1 * max(2, count)
    sheet.lines(16, y + (21 if count == 1 else 15), lines, size=11)
    if note:
        sheet.note(16, foot - 9, note, size=9.5)
    sheet.path(f"M16 {foot:.1f}H{COLUMN - 16}", stroke=FAINT)
    return (y + foot) / 2, foot


def _difference(sheet: Sheet, y: float, one: QuestionDifference, most: float, unit: str) -> float:
    middle, foot = _labelled(sheet, y, one.ask)
    share = one.type != "number"
    reach = most if share else max(abs(one.paired.low), abs(one.paired.high))
    sheet.path(f"M{_at(0, reach):.1f} {y + 3:.1f}V{foot - 3:.1f}", stroke=LINE)
    sheet.whisker(_at(one.paired.low, reach), _at(one.paired.difference, reach), _at(one.paired.high, reach), middle)
    ends = one.paired.difference, one.paired.low, one.paired.high
    whole = points(*ends) if share else with_interval(*ends, plus=True)
    sheet.text(NUMBER, middle - 2, whole, size=10.5, weight=700)
    value = percent if share else figure
    after = value(one.paired.variant) if share else with_unit(value(one.paired.variant), unit)
    sheet.note(NUMBER, middle + 11, f"{value(one.paired.base)} → {after}", size=10)
    return foot


def _pivot(sheet: Sheet, y: float, scene: Scene, one: Pivotal) -> float:
    seen = f"yes in {one.with_yes:,} of {one.with_runs:,} runs with it"
    seen += f", {one.without_yes:,} of {one.without_runs:,} without" if one.without_runs else ", none without"
    middle, foot = _labelled(sheet, y, meaning(scene, one.event), seen)
    share, low, high = one.share or 0.0, one.low or 0.0, one.high or 0.0
    wide = RIGHT - LEFT
    for edge in (0.0, 0.5, 1.0):
        sheet.path(f"M{LEFT + wide * edge:.1f} {y + 3:.1f}V{foot - 3:.1f}", stroke=FAINT if edge else LINE)
    sheet.whisker(LEFT + wide * low, LEFT + wide * share, LEFT + wide * high, middle, sure=low > 0)
    undone = f"{percent_with_interval(share, low, high)}, {one.undone} of {one.tested}"
    sheet.text(NUMBER, middle - 2, undone, size=10.5)
    if one.difference is not None and one.difference_low is not None and one.difference_high is not None:
        difference = points(one.difference, one.difference_low, one.difference_high)
        sheet.note(NUMBER, middle + 11, f"selection {difference}", size=9.5)
    return foot
