"""From a run folder to one HTML page that opens offline, and figures for papers."""

from standoff.report.figures import printed, write_figures
from standoff.report.reliability import reliability_diagram
from standoff.report.render import page, write_report

__all__ = ["page", "printed", "reliability_diagram", "write_figures", "write_report"]
