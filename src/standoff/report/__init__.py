"""From a run folder to one HTML page that opens offline, and figures for papers."""

from standoff.report.fill import page, write_report
from standoff.report.reliability import reliability_diagram

__all__ = ["page", "reliability_diagram", "write_report"]
