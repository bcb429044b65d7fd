"""From a run folder to one HTML page that opens offline, and figures for papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.report.figures import printed, sheets, write_figures
    from standoff.report.following import LivePage
    from standoff.report.reliability import reliability_diagram
    from standoff.report.render import page, report_of, write_report

__all__ = ["LivePage", "page", "printed", "reliability_diagram", "report_of", "sheets", "write_figures", "write_report"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "following": ("LivePage",),
            "figures": ("printed", "sheets", "write_figures"),
            "reliability": ("reliability_diagram",),
            "render": ("page", "report_of", "write_report"),
        },
    )
