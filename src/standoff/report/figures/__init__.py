"""Figures of a run as SVG for papers, and PNG and PDF through a local Chromium."""

from __future__ import annotations

from pathlib import Path

from standoff.report.figures.browser import chromium, picture, printed
from standoff.report.figures.fans import ON_A_SHEET, fans
from standoff.report.figures.found import claims, tornado
from standoff.report.figures.ground import ground
from standoff.report.figures.questions import questions
from standoff.report.gather import scene

__all__ = ["printed", "write_figures"]


def write_figures(run: Path, into: Path) -> list[Path]:
    """Draw what the run folder holds into a folder, and return the files; PNG only where there is a Chromium."""
    what = scene(run)
    drawn = {}
    if what.questions:
        drawn["questions"] = questions(what)
    for i in range(0, len(what.fans), ON_A_SHEET):
        drawn[f"fans-{i // ON_A_SHEET + 1}"] = fans(what, what.fans[i : i + ON_A_SHEET])
    if any(place.at is not None for place in what.places):
        drawn["map"] = ground(what)
    if what.findings.claims is not None and what.findings.claims.claims:
        drawn["claims"] = claims(what, what.findings.claims)
    if what.findings.sense is not None and what.findings.sense.indices:
        drawn["tornado"] = tornado(what, what.findings.sense)
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in drawn.items():
        path = into / f"{name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        written.append(path)
    if chromium() is not None:
        written += [picture(path) for path in written]
    return written
