"""Figures of a run as SVG for papers, and PNG and PDF through a local Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from standoff.report.build import scene
from standoff.report.figures.browser import chromium, picture, printed, sheets
from standoff.report.figures.changes import draw_pivots, draw_what_ifs
from standoff.report.figures.deals import ON_A_SHEET as DEALS
from standoff.report.figures.deals import draw_deals
from standoff.report.figures.effects import draw_claims, draw_tornado
from standoff.report.figures.fans import ON_A_SHEET as CHARTS
from standoff.report.figures.fans import draw_fans, draw_passages
from standoff.report.figures.games import draw_game
from standoff.report.figures.levels import ON_A_SHEET as LADDERS
from standoff.report.figures.levels import draw_ladders
from standoff.report.figures.map_figure import draw_map
from standoff.report.figures.questions import draw_questions
from standoff.report.scene import Scene

__all__ = ["printed", "sheets", "write_figures"]

Part = TypeVar("Part")


def write_figures(run: Path, into: Path) -> list[Path]:
    """Draw what the run folder holds into a folder, and return the files; PNG only where there is a Chromium."""
    drawn = _drawn(scene(run))
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in drawn.items():
        path = into / f"{name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        written.append(path)
    if chromium() is not None:
        written += [picture(path) for path in written]
    return written


def _drawn(what: Scene) -> dict[str, str]:
    """The figures by name; of what the folder does not hold there is none."""
    findings = what.findings
    once = [question for question in what.questions if question.once and question.course is not None]
    drawn = {}
    if what.questions:
        drawn["questions"] = draw_questions(what)
    drawn |= _sheets("deals", draw_deals, what, list(what.deals), DEALS)
    drawn |= _sheets("fans", draw_fans, what, list(zip(what.stage.charts, what.ensemble.fans, strict=True)), CHARTS)
    drawn |= _sheets("passages", draw_passages, what, once, CHARTS)
    drawn |= _sheets("ladders", draw_ladders, what, what.ensemble.ladders, LADDERS)
    if what.stage.sheets:
        drawn["map"] = draw_map(what)
    explained = [one for one in findings.explain if one.pivotal]
    drawn |= {f"pivots-{i + 1}": draw_pivots(what, one) for i, one in enumerate(explained)}
    if findings.sense is not None and findings.sense.indices:
        drawn["tornado"] = draw_tornado(what, findings.sense)
    if findings.compare is not None:
        drawn["what-ifs"] = draw_what_ifs(what, findings.compare)
    if findings.claims is not None and findings.claims.claims:
        drawn["claims"] = draw_claims(what, findings.claims)
    if findings.game is not None:
        drawn["game"] = draw_game(what, findings.game)
    return drawn


def _sheets(
    name: str, draw: Callable[[Scene, list[Part]], str], what: Scene, parts: list[Part], most: int
) -> dict[str, str]:
    """Figures of so many parts each."""
    return {f"{name}-{i // most + 1}": draw(what, parts[i : i + most]) for i in range(0, len(parts), most)}
