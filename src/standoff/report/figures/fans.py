"""Fan charts of the watched series, as small multiples on one sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from standoff.analysis.answers import wilson
from standoff.numerals import figure, many, percent, percent_with_interval, with_unit
from standoff.report.figures.pages import Block, Draw, note_row, on_sheets
from standoff.report.figures.sheet import ACCENT, COLUMN, FAINT, INK, Sheet, day_at, day_words, runs_of, wrapped
from standoff.report.frames import Fan
from standoff.report.scene import Question, Scene
from standoff.time import days_to_end, from_iso

ACROSS, HIGH = 2, 190
CELL = (COLUMN - 32) / ACROSS
LEFT, TOP, FOOT = 42, 60, 24


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One chart of a sheet: a fan, what it is of, a note on it, and the day up to which it is drawn."""

    fan: Fan
    label: str
    note: str
    until: float


def draw_fans(scene: Scene) -> list[str]:
    """The fans of the scene: the median, the middle half and nine runs in ten; of a truth, its share of the runs."""
    charted = list(zip(scene.stage.charts, scene.ensemble.fans, strict=True))
    shown = [(chart, fan) for chart, fan in charted if fan.true_runs is None or any(fan.true_runs)]
    notes = _never(scene, [chart.label for chart, fan in charted if (chart, fan) not in shown])
    if any(fan.finite_runs is not None for _, fan in shown):
        notes.append("A run in which a number is not finite on a date is left out on that date.")
    if any(fan.observed is not None for _, fan in shown):
        recorded = {event.place for event in scene.world.record if event.holder is not None}
        covered = f"{len(recorded)} of {len(scene.stage.places)} places"
        says = f"Black: the record, which says who came to hold {covered}"
        notes.append(f"{says}; the others are counted for whoever held them at the start.")
    return _charts(
        scene,
        [_Drawn(fan, chart.label, _at_the_end(scene, fan, chart.unit), math.inf) for chart, fan in shown],
        title=scene.head.title,
        caption="Line: median; dark band: middle half; light band: nine runs in ten. Yes or no: the share of runs, "
        "with its 95% interval.",
        notes=notes,
        about=f"{scene.head.title}: watched series through time",
    )


def draw_passages(scene: Scene, shown: Sequence[Question]) -> list[str]:
    """By when the events of some questions have happened; what happens in no run has no course and is named below."""
    never = [one for one in shown if one.probability == 0]
    seen = [one for one in shown if one not in never]
    charts = [_Drawn(one.course, one.ask, *_answer(scene, one)) for one in seen if one.course is not None]
    notes = _never(scene, [one.ask for one in never])
    return _charts(
        scene,
        charts,
        title="By when it has happened",
        caption="The share of runs in which it has happened by each date, up to the date asked for, with its 95% "
        "interval.",
        notes=notes,
        about=f"{scene.head.title}: by when it has happened",
    )


def _never(scene: Scene, names: Sequence[str]) -> list[str]:
    """A line on what is true in no run: a share of nothing needs no axis up to everything."""
    if not names:
        return []
    around = wilson(0, scene.head.runs)
    share = percent_with_interval(0.0, around.low, around.high)
    return [f"In none of {many(scene.head.runs, 'run')}, {share}: {'; '.join(names)}"]


def _answer(scene: Scene, question: Question) -> tuple[str, float]:
    """The answer to a question on its date, in words, and the day with which that date ends."""
    asked = from_iso(question.date)
    share = percent_with_interval(question.probability or 0.0, question.low or 0.0, question.high or 0.0)
    due = days_to_end(from_iso(scene.stage.starts), asked)
    return f"{share} by {day_words(asked)}", due


def _charts(
    scene: Scene, shown: list[_Drawn], *, title: str, caption: str, notes: Sequence[str], about: str
) -> list[str]:
    """So many charts in each row, and below the last what is to be said of them all."""

    def row(first: int) -> Draw:
        def draw(sheet: Sheet, y: float) -> float:
            for i, drawn in enumerate(shown[first : first + ACROSS]):
                _chart(sheet, 16 + CELL * i, y, scene, drawn)
            y += HIGH
            # Notes never stand on a sheet of their own.
            for words in notes if first + ACROSS >= len(shown) else ():
                y = note_row(words)(sheet, y)
            return y

        return draw

    rows = list(map(row, range(0, max(1, len(shown)), ACROSS)))
    return on_sheets([Block(rows)], title=title, caption=caption, foot=runs_of(scene.head), about=about)


def _chart(sheet: Sheet, x0: float, y0: float, scene: Scene, drawn: _Drawn) -> None:
    fan, times = drawn.fan, scene.stage.times
    below = sheet.lines(x0, y0 + 14, wrapped(drawn.label, CELL - 24, 11.5, most=2), size=11.5, weight=700)
    sheet.note(x0, below, drawn.note, size=10)
    if fan.quantiles is not None:
        seen = [v for values in fan.observed or () for v in values if v is not None]
        low = min([0.0, *seen, *(v for v in fan.quantiles[0] if v is not None)])
        high = max([low, *seen, *(v for v in fan.quantiles[4] if v is not None)])
        high = high + 0.05 * (high - low) if high > low else low + 1
        middle = fan.quantiles[2]
        bands = [(fan.quantiles[0], fan.quantiles[4]), (fan.quantiles[1], fan.quantiles[3])]
    else:
        counts, runs = fan.true_runs or [], scene.head.runs
        intervals = [wilson(count, runs) for count in counts]
        low, high, middle = 0.0, 1.0, [count / runs for count in counts]
        bands = [([one.low for one in intervals], [one.high for one in intervals])]
    # The time ends where the question does.
    last = min(times[-1], drawn.until) or 1.0
    wide, tall = CELL - LEFT - 22, HIGH - TOP - FOOT - 12

    def x(day: float) -> float:
        return x0 + LEFT + wide * day / last

    def y(value: float) -> float:
        return y0 + TOP + tall * (1 - (value - low) / (high - low))

    for tick in _ticks(low, high):
        sheet.path(f"M{x(0):.1f} {y(tick):.1f}H{x(last):.1f}", stroke=FAINT)
        label = percent(tick) if fan.quantiles is None else figure(tick)
        sheet.note(x(0) - 5, y(tick) + 3.5, label, size=10, anchor="end")
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        # The last day is the one that ends there.
        day = day_at(scene.stage.starts, share * last, last)
        sheet.note(x(share * last), y0 + TOP + tall + 15, day_words(day), size=10, anchor=anchor)

    def points(values: Sequence[float | None], steps: list[int]) -> list[str]:
        return [f"{x(times[i]):.1f} {y(v):.1f}" for i in steps if (v := values[i]) is not None]

    for steps in _stretches([v if at <= drawn.until else None for v, at in zip(middle, times, strict=True)]):
        for under, over in bands:
            there, back = points(over, steps), points(under, steps)
            sheet.path(f"M{'L'.join(there)}L{'L'.join(reversed(back))}Z", fill=ACCENT, opacity=0.22)
        sheet.path(f"M{'L'.join(points(middle, steps))}", stroke=ACCENT, width=1.8)
    for values in fan.observed or ():
        for steps in _stretches(values):
            sheet.path(f"M{'L'.join(points(values, steps))}", stroke=INK, width=1.2)


def _at_the_end(scene: Scene, fan: Fan, unit: str) -> str:
    runs = scene.head.runs
    if fan.true_runs is not None:
        around = wilson(fan.true_runs[-1], runs)
        return f"at the end {percent_with_interval(fan.true_runs[-1] / runs, around.low, around.high)}"
    last = [values[-1] for values in fan.quantiles or []]
    known = [value for value in last if value is not None]
    if len(known) < 5:
        return "at the end not a finite number"
    low, middle, high = figure(known[0]), figure(known[2]), figure(known[4])
    return f"at the end {with_unit(middle, unit)}; nine runs in ten {low} to {high}"


def _stretches(values: Sequence[float | None]) -> list[list[int]]:
    """The steps between the gaps in which no run has a number."""
    known = groupby(range(len(values)), key=lambda i: values[i] is not None)
    return [list(steps) for there, steps in known if there]


def _ticks(low: float, high: float) -> list[float]:
    """A few round numbers between two."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)]
