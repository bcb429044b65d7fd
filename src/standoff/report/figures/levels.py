"""Stances and levels through time, as strips: each level is as full as the share of runs that are on it."""

from __future__ import annotations

from standoff.analysis.answers import wilson
from standoff.numerals import percent_with_interval
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, LINE, Sheet, day_at, day_words, runs_of, wrapped
from standoff.report.frames import Ladder
from standoff.report.scene import Scene

LEFT, RIGHT, ROW = 190.0, 470.0, 30.0
ON_A_SHEET = 6
"""As many as stand on a page."""


def draw_ladders(scene: Scene, shown: list[Ladder]) -> str:
    """Some watched stances and states with named levels, the highest level on top."""
    sheet = Sheet(COLUMN)
    y = sheet.heading(
        "Stances and levels through time",
        f"{runs_of(scene.head)}. Each row is one level, the lowest at the bottom, filled to the "
        "share of runs at that level; pale: its 95% interval. Percentages: the share at the end.",
    )
    for ladder in shown:
        y = sheet.lines(16, y + 18, wrapped(ladder.label, COLUMN - 40, 12), size=12, weight=700) - 8
        for rung, runs in reversed(list(zip(ladder.rungs, ladder.runs, strict=True))):
            _rung(sheet, y, scene, rung, runs)
            y += ROW
        y = _dates(sheet, y, scene)
    return sheet.svg(y + 14, f"{scene.head.title}: stances and levels")


def _rung(sheet: Sheet, y: float, scene: Scene, rung: str, runs: list[int]) -> None:
    last, foot, tall = scene.stage.times[-1] or 1.0, y + ROW - 2, ROW - 7
    around = [wilson(count, scene.head.runs) for count in runs]

    def along(shares: list[float]) -> list[str]:
        xs = [LEFT + (RIGHT - LEFT) * day / last for day in scene.stage.times]
        return [f"{x:.1f} {foot - tall * share:.1f}" for x, share in zip(xs, shares, strict=True)]

    full = along([count / scene.head.runs for count in runs])
    low, high = along([one.low for one in around]), along([one.high for one in around])
    sheet.path(f"M{LEFT} {foot - tall:.1f}H{RIGHT}", stroke=FAINT, dash="2 3")
    sheet.path(f"M{LEFT} {foot:.1f}L{'L'.join(full)}L{RIGHT} {foot:.1f}Z", fill=ACCENT, opacity=0.45)
    sheet.path(f"M{'L'.join(high)}L{'L'.join(reversed(low))}Z", fill=ACCENT, opacity=0.25)
    sheet.path(f"M{LEFT} {foot:.1f}H{RIGHT}", stroke=LINE)
    sheet.text(LEFT - 10, foot - 6, wrapped(rung, LEFT - 30, 11, most=1)[0], size=11, anchor="end")
    at_end = percent_with_interval(runs[-1] / scene.head.runs, around[-1].low, around[-1].high)
    sheet.text(RIGHT + 12, foot - 6, at_end, size=11)


def _dates(sheet: Sheet, y: float, scene: Scene) -> float:
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        day = day_at(scene.stage.starts, min(share * scene.stage.times[-1], max(0.0, scene.stage.days - 1)))
        sheet.note(LEFT + share * (RIGHT - LEFT), y + 13, day_words(day), size=10, anchor=anchor)
    return y + 20
