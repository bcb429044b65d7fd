"""The page: a built HTML file with a mark in it, and the scene put in the place of the mark."""

from __future__ import annotations

import base64
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.ensemble import Answers, Ensemble, RunFolder
from standoff.errors import UsageError, plain_path
from standoff.garbage import uncollected
from standoff.report.build import scene_of
from standoff.report.packing import packed

if TYPE_CHECKING:
    from standoff.report.scene import Scene
    from standoff.scenario import Scenario

MARK = "/*STANDOFF-DATA*/"
NAME = "report.html"


def page() -> str:
    """The built page without a scene; raises UsageError where it has not been built."""
    built = files("standoff.report").joinpath("static/index.html")
    if not built.is_file():
        raise UsageError("the report's page has not been built; in a checkout: cd viewer && npm ci && npm run build")
    html = built.read_text(encoding="utf-8")
    if html.count(MARK) != 1:
        raise UsageError(f"the built report page should hold {MARK} once, found {html.count(MARK)}; build it again")
    return html


def filled_page(what: Scene) -> str:
    """The page with a scene inside, packed: base 64 has no letter that could end the script around it, and no point."""
    return page().replace(MARK, ".".join(base64.b64encode(part).decode("ascii") for part in packed(what)))


def write_report(folder: Path | str) -> Path:
    """Write report.html into a run folder and return its path: one file that needs no network.

    Many may write the report of one folder at once; it is there whole at any time.
    """
    return report_of(Ensemble(plain_path(folder, "a run folder")))


@uncollected()
def report_of(ensemble: Ensemble, *, scenario: Scenario | None = None, answered: Answers | None = None) -> Path:
    """As `write_report`, of runs that were just made: what is known of them already is not worked out again."""
    what = scene_of(ensemble, scenario=scenario, answered=answered)
    RunFolder(ensemble.folder).write_text(NAME, filled_page(what))
    return ensemble.folder / NAME
