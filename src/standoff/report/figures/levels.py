"""Stances and levels through time, as strips: each level is as full as the share of runs that are on it."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.analysis.answers import wilson
from standoff.numerals import percent_with_interval
from standoff.report.figures.pages import Block, Draw, on_sheets
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, LINE, Sheet, day_at, day_words, runs_of, wrapped
from standoff.report.frames import Ladder
from standoff.report.scene import Scene

LEFT, RIGHT, ROW = 190.0, 470.0, 30.0


def draw_ladders(scene: Scene, shown: Sequence[Ladder]) -> list[str]:
    """The watched stances and states with named levels, the highest level on top."""
    return on_sheets(
        [_ladder(scene, ladder) for ladder in shown],
        title="Stances and levels through time",
        caption="Each row is one level, the highest on top, filled to the share of runs on it; pale: its 95% "
        "interval. Right: the end.",
        foot=runs_of(scene.head),
        about=f"{scene.head.title}: stances and levels",
    )


def _ladder(scene: Scene, ladder: Ladder) -> Block:
    def head(sheet: Sheet, y: float) -> float:
        return sheet.lines(16, y + 18, wrapped(ladder.label, COLUMN - 40, 12), size=12, weight=700) - 8

    def row(rung: str, runs: list[int]) -> Draw:
        def draw(sheet: Sheet, y: float) -> float:
            _rung(sheet, y, scene, rung, runs)
            return y + ROW

        return draw

    rows = [row(rung, runs) for rung, runs in zip(ladder.rungs, ladder.runs, strict=True)]
    return Block([*reversed(rows), lambda sheet, y: _dates(sheet, y, scene)], head)


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
        day = day_at(scene.stage.starts, share * scene.stage.times[-1], scene.stage.days)
        sheet.note(LEFT + share * (RIGHT - LEFT), y + 13, day_words(day), size=10, anchor=anchor)
    return y + 20
