"""Which colour and which mark an actor has in figures, and the patterns of the marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from standoff.report.marks import luminance
from standoff.report.scene import Scene

NOBODY = "nobody"
LINES = {
    "rising": "M-1 5L5 -1M-1 1L1 -1M3 5L5 3", "falling": "M-1 -1L5 5M3 -1L5 1M-1 3L1 5", "level": "M0 2H4",
    "upright": "M2 0V4", "crossed": "M0 0L4 4M0 4L4 0", "grid": "M0 2H4M2 0V4",
}  # fmt: skip
"""Each within a square of a millimetre; `Marks.svelte` draws the same on the page."""
DOTS = "M0.75 2a1.25 1.25 0 1 0 2.5 0a1.25 1.25 0 1 0 -2.5 0Z"
EVEN = 0.18
"""The relative luminance at which black and white contrast alike."""


class Look(NamedTuple):
    """A colour, and the id of the pattern over it; empty where there is none."""

    colour: str
    mark: str


def looks(scene: Scene) -> Callable[[str], Look]:
    """The look of each actor; the empty id is nobody, and has its own."""
    known = {actor.id: Look(actor.colour, _pattern_id(actor.mark, actor.colour)) for actor in scene.stage.actors}
    return lambda who: known.get(who, Look("#ffffff", NOBODY))


def _pattern_id(mark: str, colour: str) -> str:
    return f"{mark}-{'dark' if luminance(colour) > EVEN else 'pale'}" if mark else ""


def _pattern(name: str, drawn: str, ink: str, filled: bool = False) -> str:
    style = f'fill="{ink}"' if filled else f'fill="none" stroke="{ink}" stroke-width="0.9"'
    size = 'width="4" height="4" patternUnits="userSpaceOnUse"'
    return f'<pattern id="{name}" {size}><path d="{drawn}" {style}/></pattern>'


PATTERNS = {NOBODY: _pattern(NOBODY, LINES["rising"], "#58626c")} | {
    name: _pattern(name, drawn, ink, mark == "dots")
    for mark, drawn in (LINES | {"dots": DOTS}).items()
    for name, ink in ((f"{mark}-dark", "#000"), (f"{mark}-pale", "#fff"))
}
"""Of each mark, in dark and in pale ink, its pattern as SVG."""
