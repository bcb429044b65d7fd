"""A page that is open in a Chromium, for the tests of the report; the fixture `browser` is in conftest.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def chromium() -> Iterator[Any]:
    """A Chromium that Playwright drives, closed afterwards; skips where there is none of the two."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here: pip install playwright")
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        # As root, as in a container, Chromium refuses to start with its sandbox.
        opened = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


class Opened:
    """A page that is open, what it complained of and what it asked for."""

    def __init__(self, browser: Any, file: Path, width: int = 1280, scheme: str = "light", scale: int = 1) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        # Only the tests put a script into the page, for which its own policy is lifted.
        self.context = browser.new_context(
            viewport={"width": width, "height": 720},
            color_scheme=scheme,
            bypass_csp=True,
            reduced_motion="reduce",
            device_scale_factor=scale,
        )
        self.context.set_default_timeout(8_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = file.as_uri()
        self.page.goto(self.address)
        self.page.wait_for_selector("main > *")

    def go(self, view: str, **words: str) -> None:
        """Show a view by its address, such as `go("library", part="claims")`."""
        address = "&".join([f"view={view}", *(f"{name}={value}" for name, value in words.items())])
        self.page.evaluate("address => { location.hash = address }", address)
        self.page.wait_for_selector(f'nav[aria-label="Views"] a[href*="view={view}"][aria-current]')
