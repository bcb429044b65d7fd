"""Figures of a run as SVG for papers, and PNG and PDF through a local Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from standoff.report.figures.browser import chromium, picture, printed
from standoff.report.figures.changes import pivots, what_ifs
from standoff.report.figures.deals import ON_A_SHEET as DEALS
from standoff.report.figures.deals import deals
from standoff.report.figures.fans import ON_A_SHEET as CHARTS
from standoff.report.figures.fans import fans, passages
from standoff.report.figures.found import claims, tornado
from standoff.report.figures.ground import ground
from standoff.report.figures.levels import ON_A_SHEET as LADDERS
from standoff.report.figures.levels import ladders
from standoff.report.figures.questions import questions
from standoff.report.gather import scene
from standoff.report.scene import Scene

__all__ = ["printed", "write_figures"]

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
    found = what.findings
    once = [question for question in what.questions if question.once and question.course is not None]
    drawn = {}
    if what.questions:
        drawn["questions"] = questions(what)
    drawn |= _sheets("deals", deals, what, what.deals, DEALS)
    drawn |= _sheets("fans", fans, what, what.fans, CHARTS)
    drawn |= _sheets("passages", passages, what, once, CHARTS)
    drawn |= _sheets("ladders", ladders, what, what.ladders, LADDERS)
    if any(place.at is not None for place in what.places):
        drawn["map"] = ground(what)
    explained = [one for one in found.explain if one.pivotal]
    drawn |= {f"pivots-{i + 1}": pivots(what, one) for i, one in enumerate(explained)}
    if found.sense is not None and found.sense.indices:
        drawn["tornado"] = tornado(what, found.sense)
    if found.compare is not None:
        drawn["what-ifs"] = what_ifs(what, found.compare)
    if found.claims is not None and found.claims.claims:
        drawn["claims"] = claims(what, found.claims)
    return drawn


def _sheets(
    name: str, draw: Callable[[Scene, list[Part]], str], what: Scene, parts: list[Part], most: int
) -> dict[str, str]:
    """Figures of so many parts each."""
    return {f"{name}-{i // most + 1}": draw(what, parts[i : i + most]) for i in range(0, len(parts), most)}
