"""The questions as a forest plot: what the model says with its interval, what the source said, what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from standoff.numerals import figure, percent, percents, with_unit
from standoff.report.figures.pages import Block, Draw, on_sheets
from standoff.report.figures.sheet import ACCENT, BAND, COLUMN, FAINT, INK, LINE, Sheet, runs_of, wrapped
from standoff.report.scene import Question, Scene

ASK, LEFT, RIGHT = 264, 300, 452
SHARE, AROUND = RIGHT + 14, RIGHT + 68
"""Where an answer is printed, and where its interval: `>99.99%` stands before that."""
Item = TypeVar("Item")
WORDS = (0.05, 0.2, 0.45, 0.55, 0.8, 0.95)
"""Where one ICD 203 word gives way to the next."""


def draw_questions(scene: Scene) -> list[str]:
    """All questions, those that matter most first; numbers stand below, each on an axis of its own."""
    asked = key_first(scene, scene.questions, lambda one: one.id)
    shares = [one for one in asked if one.probability is not None]
    numbers = [one for one in asked if one.probability is None and one.quantiles is not None]

    def share(one: Question) -> Draw:
        return lambda sheet, y: _share(sheet, y, one)

    def number(one: Question) -> Draw:
        return lambda sheet, y: _number(sheet, y, one)

    return on_sheets(
        [Block(list(map(share, shares)), _axis), Block(list(map(number, numbers)), _numbers)],
        title=scene.head.title,
        caption="Dot and line: the model with its 95% interval; grey: the source’s range; diamond: the record. "
        "Dates: whether it happens in time.",
        foot=runs_of(scene.head),
        about=f"{scene.head.title}: the questions",
    )


def key_first(scene: Scene, items: Sequence[Item], question: Callable[[Item], str]) -> list[Item]:
    """What is about questions, with the headline and the key questions first and the others as they stand."""
    first = [*([scene.brief.headline] if scene.brief.headline is not None else []), *scene.brief.key_questions]
    rank = {one.question: at for at, one in reversed(list(enumerate(first)))}
    return sorted(items, key=lambda item: rank.get(question(item), len(rank) + 1))


def _axis(sheet: Sheet, y: float) -> float:
    for share in (0.0, 0.2, 0.5, 0.8, 1.0):
        sheet.note(_x(share), y + 14, percent(share), size=10, anchor="middle")
    return y + 22


def _numbers(sheet: Sheet, y: float) -> float:
    sheet.note(16, y + 26, "Numbers: median, half of the runs, nine runs in ten", size=11)
    return y + 34


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share


def _asked(sheet: Sheet, y: float, question: Question, least: int = 1) -> tuple[float, float]:
    """Writes the question; returns the middle and the foot of its row."""
    lines = wrapped(question.ask, ASK, 11.5)
    foot = y + 12 + 14.7 * max(least, len(lines))
    sheet.lines(16, y + 16, lines, size=11.5)
    sheet.path(f"M16 {foot:.1f}H{COLUMN - 16}", stroke=FAINT)
    return (y + foot) / 2, foot


def _share(sheet: Sheet, y: float, question: Question) -> float:
    middle, foot = _asked(sheet, y, question)
    low, high, share = question.low or 0.0, question.high or 0.0, question.probability or 0.0
    for edge in WORDS:
        sheet.path(f"M{_x(edge):.1f} {y + 4:.1f}V{foot - 4:.1f}", stroke=FAINT)
    sheet.path(f"M{LEFT} {middle:.1f}H{RIGHT}", stroke=LINE)
    source = question.forecast
    if source is not None and source.low is not None and source.high is not None:
        wide = max(3.0, _x(source.high) - _x(source.low))
        sheet.rect(_x(source.low), middle - 7, wide, 14, BAND)
    if question.outcome in {"yes", "no"}:
        sheet.diamond(_x(1 if question.outcome == "yes" else 0), middle, 6)
    sheet.path(f"M{_x(low):.1f} {middle:.1f}H{max(_x(high), _x(low) + 1):.1f}", stroke=ACCENT, width=3)
    sheet.dot(_x(share), middle, 4.6, ACCENT)
    sheet.text(SHARE, middle + 4, percent(share), size=12.5, weight=700)
    sheet.note(AROUND, middle + 4, percents(low, high, like=share), size=10.5)
    recorded = {"yes": "yes", "no": "no", "unclear": "unclear", "void": "void"}.get(question.outcome, "")
    sheet.text(COLUMN - 16, middle + 4, recorded, size=11, fill=INK, anchor="end")
    return foot


def _number(sheet: Sheet, y: float, question: Question) -> float:
    middle, foot = _asked(sheet, y, question, least=2)
    levels = [value for value in question.quantiles or [] if value is not None]
    if len(levels) < 5:
        return foot
    known = [*levels, *([question.value] if question.value is not None else [])]
    begin, end = min(0.0, *known), max(*known, 0.0) or 1.0

    def at(value: float) -> float:
        return _x((value - begin) / (end - begin))

    sheet.path(f"M{LEFT} {middle:.1f}H{RIGHT}", stroke=LINE)
    sheet.path(f"M{at(levels[0]):.1f} {middle:.1f}H{at(levels[4]):.1f}", stroke=ACCENT, width=2)
    sheet.rect(at(levels[1]), middle - 5, max(1.5, at(levels[3]) - at(levels[1])), 10, ACCENT, opacity=0.45)
    sheet.dot(at(levels[2]), middle, 4.6, ACCENT)
    if question.value is not None:
        sheet.diamond(at(question.value), middle, 6)
    for place, value, anchor in ((LEFT, begin, "start"), (RIGHT, end, "end")):
        sheet.note(place, middle + 17, figure(value), size=10, anchor=anchor)
    sheet.text(SHARE, middle + 4, figure(levels[2]), size=12.5, weight=700)
    sheet.note(AROUND, middle + 4, f"{figure(levels[0])} to {with_unit(figure(levels[4]), question.unit)}", size=10.5)
    return foot
