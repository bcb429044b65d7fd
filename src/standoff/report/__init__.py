"""From a run folder to one HTML page that opens offline."""

from standoff.report.fill import page, write_report

__all__ = ["page", "write_report"]
