"""Figures of a run as SVG for papers, and PNG and PDF through a local Chromium."""

from __future__ import annotations

from pathlib import Path

from standoff.report.build import scene
from standoff.report.figures.browser import chromium, picture, printed, sheets
from standoff.report.figures.changes import draw_pivots, draw_what_ifs
from standoff.report.figures.deals import draw_deals
from standoff.report.figures.effects import draw_claims, draw_tornado
from standoff.report.figures.fans import draw_fans, draw_passages
from standoff.report.figures.games import draw_game
from standoff.report.figures.levels import draw_ladders
from standoff.report.figures.map_figure import draw_map
from standoff.report.figures.questions import draw_questions
from standoff.report.scene import Scene

__all__ = ["printed", "sheets", "write_figures"]


def write_figures(run: Path, into: Path) -> list[Path]:
    """Draw what the run folder holds into a folder, and return the files; PNG only where there is a Chromium."""
    drawn = drawn_of(scene(run))
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in drawn.items():
        path = into / f"{name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        written.append(path)
    if chromium() is not None:
        written += [picture(path) for path in written]
    return written


def drawn_of(what: Scene) -> dict[str, str]:
    """The figures by name, numbered where they can take several sheets; none of what the folder does not hold."""
    findings = what.findings
    once = [question for question in what.questions if question.once and question.course is not None]
    drawn: dict[str, str] = {}

    def numbered(name: str, figure: list[str]) -> None:
        drawn.update({f"{name}-{i}": svg for i, svg in enumerate(figure, start=1)})

    if what.questions:
        numbered("questions", draw_questions(what))
    if what.deals:
        numbered("deals", draw_deals(what, what.deals))
    if what.stage.charts:
        numbered("fans", draw_fans(what))
    if once:
        numbered("passages", draw_passages(what, once))
    if what.ensemble.ladders:
        numbered("ladders", draw_ladders(what, what.ensemble.ladders))
    if what.stage.sheets:
        drawn["map"] = draw_map(what)
    numbered("pivots", [svg for one in findings.explain if one.pivotal for svg in draw_pivots(what, one)])
    if findings.sense is not None and findings.sense.indices:
        drawn["tornado"] = draw_tornado(what, findings.sense)
    if findings.compare is not None:
        numbered("what-ifs", draw_what_ifs(what, findings.compare))
    if findings.claims is not None and findings.claims.claims:
        numbered("claims", draw_claims(what, findings.claims))
    if findings.game is not None:
        numbered("game", draw_game(what, findings.game))
    return drawn
