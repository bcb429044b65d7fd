"""The library of the page: every shelf by its address, and all that is behind the answers on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Opened
from tests.front import Texts
from tests.pages import keep_findings, run_of_front


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with every shelf."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", "claims", "sense", "explain-land-link", "game", "levers", "deciders")
    return made


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Opened]:
    made = Opened(browser, folder / "report.html")
    yield made
    made.context.close()


def _focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_a_list_is_one_tab_stop_and_the_arrow_keys_move_within_it(opened: Opened) -> None:
    opened.go("library", part="scenario")
    shelves = opened.page.get_by_role("navigation", name="Shelves")
    names = [one.inner_text() for one in shelves.get_by_role("link").all()]
    stops = [one.get_attribute("tabindex") for one in shelves.get_by_role("link").all()]
    assert stops == ["0"] + ["-1"] * (len(names) - 1)
    shelves.get_by_role("link").first.focus()
    for key, at in (("ArrowDown", 1), ("End", -1), ("ArrowUp", -2), ("Home", 0), ("ArrowLeft", 0)):
        opened.page.keyboard.press(key)
        assert _focused(opened.page) == names[at]
    opened.page.keyboard.press("m")
    assert _focused(opened.page) == "Method"
    assert shelves.locator("[tabindex='0']").inner_text() == "Method"
