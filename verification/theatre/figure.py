"""Draws the weeks of each dyad: what was recorded over the band that nine runs in ten lie in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, INK, Sheet, day_words
from verification.theatre.tempo import Compared

HIGH, LEFT, TOP, FOOT = 150, 46, 34, 26
TICKS = 4
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw(weeks: Sequence[Compared], *, first: date, caption: str) -> str:
    """The figure as SVG, a chart below the other."""
    sheet = Sheet(COLUMN)
    top = sheet.heading("Fighting by week: the file and the model", caption)
    for i, one in enumerate(weeks):
        _chart(sheet, top + HIGH * i, one, first)
    return sheet.svg(top + 10 + HIGH * len(weeks), "Weekly counts of five dyads, UCDP GED and the model")


def _chart(sheet: Sheet, y0: float, one: Compared, first: date) -> None:
    count = len(one.recorded)
    inside, total = int(one.inside.sum()), int(one.recorded.sum())
    sheet.text(16, y0 + 14, one.dyad.title, size=11.5, weight=700)
    said = f"{inside} of {count} weeks in the band; {total} recorded, runs {one.runs.sum(axis=1).mean():.0f} on average"
    sheet.note(COLUMN - 16, y0 + 14, said, anchor="end")
    low, high, middle = one.low, one.high, np.quantile(one.runs, 0.5, axis=0, method="inverted_cdf")
    most = max(1.0, float(max(high.max(), one.recorded.max())))
    wide, tall = COLUMN - LEFT - 16, HIGH - TOP - FOOT

    def x(week: float) -> float:
        return LEFT + wide * week / count

    def y(value: float) -> float:
        return y0 + TOP + tall * (1 - value / most)

    step = next((step for step in STEPS if most <= TICKS * step), STEPS[-1])
    for tick in range(0, int(most) + 1, step):
        sheet.path(f"M{x(0):.1f} {y(tick):.1f}H{x(count):.1f}", stroke=FAINT)
        sheet.note(x(0) - 5, y(tick) + 3.5, str(tick), anchor="end")
    for week in (0, count // 2, count):
        anchor = "start" if week == 0 else "end" if week == count else "middle"
        sheet.note(x(week), y0 + TOP + tall + 15, day_words(first + timedelta(weeks=week)), anchor=anchor)

    def stairs(values: NDArray[np.float64]) -> list[str]:
        return [f"{x(at):.1f} {y(float(v)):.1f}" for week, v in enumerate(values) for at in (week, week + 1)]

    sheet.path(f"M{'L'.join(stairs(high))}L{'L'.join(reversed(stairs(low)))}Z", fill=ACCENT, opacity=0.22)
    sheet.path(f"M{'L'.join(stairs(middle))}", stroke=ACCENT, width=1.4)
    for week, value in enumerate(one.recorded.tolist()):
        within = bool(one.inside[week])
        sheet.dot(x(week + 0.5), y(value), 2.6, INK if within else "#fff", stroke="#fff" if within else INK, width=1.2)
