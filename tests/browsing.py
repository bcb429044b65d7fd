"""A page that is open in a Chromium, for the tests of the report; the fixture `browser` is in conftest.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HEIGHT = 720
"""Pixels of a page's window."""


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


_at_rest: dict[tuple[Any, ...], list[Any]] = {}
"""Pages that a test has closed, by their browser and how they are opened."""


class Opened:
    """A page that is open, what it complained of and what it asked for."""

    def __init__(self, browser: Any, file: Path, width: int = 1280, scheme: str = "light", scale: int = 1) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._as_opened = (browser, width, scheme, scale)
        at_rest = _at_rest.setdefault(self._as_opened, [])
        self.page = at_rest.pop() if at_rest else _new_page(*self._as_opened)
        self.context = self.page.context
        self._heard = {
            "pageerror": lambda error: self.complaints.append(str(error)),
            "console": lambda line: self.complaints.append(line.text) if line.type == "error" else None,
            "dialog": lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()),
            "request": lambda request: self.asked.append(request.url),
        }
        for event, hear in self._heard.items():
            self.page.on(event, hear)
        self.address = file.as_uri()
        self.page.goto(self.address)
        self.page.wait_for_selector("main > *")

    def go(self, view: str, **words: str) -> None:
        """Show a view by its address, such as `go("library", part="claims")`."""
        address = "&".join([f"view={view}", *(f"{name}={value}" for name, value in words.items())])
        self.page.evaluate("address => { location.hash = address }", address)
        self.page.wait_for_selector(f'nav[aria-label="Views"] a[href*="view={view}"][aria-current]')

    def close(self) -> None:
        """Close the report, and leave the page empty, as it was opened first, to who opens the next one.

        A new page costs half a second of processor time, more than a report in it does. Whoever changes more of a page
        than its size, its medium and its colours closes its `context`, so that nobody else gets it.
        """
        _, width, scheme, _ = self._as_opened
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        self.page.emulate_media(media="null", color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        _at_rest[self._as_opened].append(self.page)


def _new_page(browser: Any, width: int, scheme: str, scale: int) -> Any:
    # Only the tests put a script into the page, for which its own policy is lifted.
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        bypass_csp=True,
        reduced_motion="reduce",
        device_scale_factor=scale,
    )
    context.set_default_timeout(8_000)
    return context.new_page()
