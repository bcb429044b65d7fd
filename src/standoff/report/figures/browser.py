"""A browser of this machine as a printer: SVG to PNG, the report to PDF; no network is used."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from standoff.errors import UsageError
from standoff.report.figures.sheet import TO_A_MM

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SECONDS = 120
DOTS = 300
"""To the inch, of a picture for print."""
PIXELS_OF_A_MM = 96 / 25.4
"""A browser's pixels."""


def chromium() -> str | None:
    """The path of a Chromium, or of a browser made of it; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name)) is not None), None)


def picture(svg: Path) -> Path:
    """The PNG of an SVG file, beside it, as a printer wants it."""
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg.read_text(encoding="utf-8"))
    if size is None:
        raise UsageError(f"{svg} does not state its size")
    png = svg.with_suffix(".png")
    wide, high = (math.floor(int(side) / TO_A_MM * PIXELS_OF_A_MM) for side in size.groups())
    options = [f"--window-size={wide},{high}", f"--force-device-scale-factor={DOTS / 96}", "--hide-scrollbars"]
    return _print(svg, png, [f"--screenshot={png.resolve()}", *options])


def printed(page: Path, *, everything: bool = False) -> Path:
    """The report as PDF, beside it, short or with all that it has; raises UsageError where there is no Chromium."""
    pdf = page.with_suffix(".pdf")
    # What stands in the margins the page says itself; headings become the outline that readers show.
    options = ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
    return _print(page, pdf, [f"--print-to-pdf={pdf.resolve()}", *options], "#paper=all" if everything else "")


def sheets(pdf: Path) -> int | None:
    """How many sheets a PDF of Chromium's has; None where it is written in a way that does not show it.

    Chromium leaves the tree of pages uncompressed, and the number that its root tells is that of the pages there are.
    """
    content = pdf.read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    told = (re.search(rb"/Count\s+(\d+)", node) for node in re.findall(rb"<<[^<>]*/Type\s*/Pages\b[^<>]*", content))
    return pages if pages > 0 and max((int(one[1]) for one in told if one), default=0) == pages else None


def _print(what: Path, file: Path, options: list[str], asked: str = "") -> Path:
    browser = chromium()
    if browser is None:
        raise UsageError(
            f"a PDF needs a Chromium, and none of these is on this machine: {', '.join(NAMES)}; "
            "install one, or open report.html in any browser and print it"
        )
    usual = ["--headless", "--disable-gpu", "--disable-background-networking", "--virtual-time-budget=3000"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # As root, as in a container, Chromium refuses to start with its sandbox.
        usual.append("--no-sandbox")
    file.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *usual, f"--user-data-dir={profile}", *options, what.resolve().as_uri() + asked]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"{browser} did not print {what} within {SECONDS} s") from error
    if not file.is_file():
        last = done.stderr.strip().splitlines()[-1:] or ["it printed nothing"]
        raise UsageError(f"{browser} did not print {what}: {last[0][:300]}")
    return file
