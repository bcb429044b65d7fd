"""What the marks and lines of the map mean: holders, corridors and how often they are open, zones and their radii."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from standoff.analysis.answers import wilson
from standoff.numerals import figure, many, percent, percent_with_interval
from standoff.report.figures.look import Look, looks
from standoff.report.figures.pages import note_row
from standoff.report.figures.sheet import COLUMN, INK, SOFT, Sheet, wrapped
from standoff.report.scene import Scene
from standoff.report.stage import Zone

CORRIDORS = ("#8e5bb5", "#0b6f6a", "#a3542c")
HOLDERS_BESIDE, LINES_BESIDE = 3, 2
MOST_HOLDERS, MOST_LINES = 18, 12
"""So many are explained; the others are counted."""
ROW = 17.0


class Stroke(NamedTuple):
    """How a corridor is drawn."""

    stroke: str
    width: float
    opacity: float
    dash: str


def corridor_strokes(scene: Scene, step: int) -> list[Stroke]:
    """Of each corridor, on a date: the wider, the more often it is open, and dashed where it mostly is not."""
    opened = _open_runs(scene, step)
    strokes = []
    for i in range(len(scene.stage.corridors)):
        share = opened[i] / scene.head.runs if i in opened else None
        dash = "" if share is None or share >= 0.5 else "10 7"
        width = 3.0 if share is None else 1.5 + 5 * share
        strokes.append(Stroke(CORRIDORS[i % len(CORRIDORS)], round(width, 2), 0.4 if share is None else 0.85, dash))
    return strokes


def zone_colour(look: Callable[[str], Look], holder: str) -> str:
    """The colour of the rings of whoever holds a zone."""
    return look(holder).colour if holder else SOFT


def draw_legend(sheet: Sheet, y: float, scene: Scene, step: int) -> float:
    """Holders, then lines, from this height on; returns where it ends."""
    look = looks(scene)
    total: Counter[str] = Counter()
    for holding in scene.ensemble.control:
        total.update({holder.id: holder.runs[step] for holder in holding.holders})
    holders = [(who, runs) for who, runs in total.most_common() if runs > 0]
    if holders:
        sheet.text(16, y + 12, "Holders", size=11.5, weight=700)
        sheet.note(66, y + 12, "and how many places each holds on average")
        y += 14
    wide = (COLUMN - 32) / HOLDERS_BESIDE
    for i, (who, runs) in enumerate(holders[:MOST_HOLDERS]):
        x, row = 16 + wide * (i % HOLDERS_BESIDE), y + ROW * (i // HOLDERS_BESIDE) + 14
        sheet.dot(x + 5, row - 4, 5.5, look(who).colour, stroke=INK, width=0.7, mark=look(who).mark)
        name = scene.stage.names.get(who, who) if who else "nobody"
        sheet.text(x + 16, row, wrapped(name, wide - 54, 10.5, most=1)[0], size=10.5)
        sheet.note(x + wide - 14, row, figure(runs / scene.head.runs), anchor="end")
    shown = min(len(holders), MOST_HOLDERS)
    y += ROW * -(-shown // HOLDERS_BESIDE) + 6
    if len(holders) > shown:
        y = note_row(f"{many(len(holders) - shown, 'other holder')} of few places.")(sheet, y - 4) + 6
    return _lines(sheet, y, scene, step, look)


def _lines(sheet: Sheet, y: float, scene: Scene, step: int, look: Callable[[str], Look]) -> float:
    lines = [
        (f"{corridor.name}{', by any road' if corridor.any_path else ''}: {opened}", stroke)
        for corridor, opened, stroke in zip(
            scene.stage.corridors, _openings(scene, step), corridor_strokes(scene, step), strict=True
        )
    ]
    lines += [
        (f"{zone.name}: {_reach(zone, scene.head.runs)}", Stroke(zone_colour(look, zone.holder), 1.4, 1.0, "4 3"))
        for zone in scene.stage.zones
        if zone.rings or zone.area
    ]
    wide = (COLUMN - 32) / LINES_BESIDE
    for i, (words, stroke) in enumerate(lines[:MOST_LINES]):
        x, row = 16 + wide * (i % LINES_BESIDE), y + ROW * (i // LINES_BESIDE) + 12
        sheet.path(f"M{x:.1f} {row - 4:.1f}h22", **stroke._asdict())
        sheet.text(x + 28, row, wrapped(words, wide - 36, 10.5, most=1)[0], size=10.5)
    y += ROW * -(-min(len(lines), MOST_LINES) // LINES_BESIDE) + 4
    if len(lines) > MOST_LINES:
        y = note_row(f"{many(len(lines) - MOST_LINES, 'other line')} on the map.")(sheet, y - 4) + 6
    return y


def _open_runs(scene: Scene, step: int) -> dict[int, int]:
    return {one.corridor: one.runs[step] for one in scene.ensemble.open}


def _openings(scene: Scene, step: int) -> list[str]:
    """Of each corridor in what share of the runs it is open, with its interval."""
    opened, runs = _open_runs(scene, step), scene.head.runs
    words = []
    for i in range(len(scene.stage.corridors)):
        if i in opened:
            around = wilson(opened[i], runs)
            words.append(f"open in {percent_with_interval(opened[i] / runs, around.low, around.high)}")
        else:
            words.append("whether it is open is not recorded")
    return words


def _reach(zone: Zone, runs: int) -> str:
    """The radii that a zone can have, each with its share of the runs."""
    if not zone.rings:
        return "its outline"
    if len(zone.rings) == 1:
        return f"{figure(zone.rings[0].km)} km"
    shares = (ring.says if ring.runs is None else f"in {percent(ring.runs / runs)}" for ring in zone.rings)
    return ", ".join(f"{figure(ring.km)} km {share}" for ring, share in zip(zone.rings, shares, strict=True))
