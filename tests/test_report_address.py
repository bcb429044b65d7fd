"""The address of the page: it says what is shown and shows what it says, every view, place, question and run."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from standoff.report.scene import Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import run_of_front

VISIT = """(address) => new Promise((drawn) => {
  if (location.hash === address) return drawn()
  const later = () => requestAnimationFrame(() => requestAnimationFrame(drawn))
  addEventListener('hashchange', later, { once: true })
  location.hash = address
})"""
NAMES = {"brief": "Brief", "map": "Map", "question": "Question", "whatif": "What if", "library": "Library"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)


def _shown(opened: Opened) -> str:
    """The view that the list of views marks as the one that is shown."""
    return str(opened.page.locator("nav[aria-label='Views'] a[aria-current]").inner_text())


def _link(opened: Opened, name: str) -> str:
    """Where the list of views leads: the address of another view with all else that is shown."""
    link = opened.page.get_by_role("navigation", name="Views").get_by_role("link", name=name, exact=True)
    return str(link.get_attribute("href"))


def _visit(opened: Opened, address: str) -> None:
    """Go to an address and wait until the page has drawn what it says."""
    opened.page.evaluate(VISIT, address)


def _warnings(opened: Opened) -> str:
    return " ".join(one.inner_text() for one in opened.page.locator("p.warning").all())


@pytest.mark.parametrize("view", NAMES)
def test_every_view_has_an_address_and_its_link_leads_there(opened: Opened, view: str) -> None:
    other = "library" if view != "library" else "map"
    opened.go(other)
    assert f"view={view}" in _link(opened, NAMES[view])
    opened.page.get_by_role("navigation", name="Views").get_by_role("link", name=NAMES[view], exact=True).click()
    opened.page.wait_for_function("view => location.hash.includes(`view=${view}`)", arg=view)
    assert _shown(opened) == NAMES[view]
    assert opened.page.locator("main > *").count() >= 1
    assert _warnings(opened) == ""


def test_without_an_address_the_brief_is_shown(browser: Any, folder: Path) -> None:
    made = Opened(browser, folder / "report.html")
    assert made.page.evaluate("location.hash") == ""
    assert _shown(made) == "Brief"
    made.close()


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("#at=2017-06-12", "Map"), ("#place=raqqa", "Map"), ("#at=2017-06-12&place=raqqa&run={run}", "Map"),
        ("#question=when-raqqa", "Question"), ("#question=when-raqqa&place=raqqa", "Question"),
        ("#view=library&part=sources", "Library"),
    ],
)  # fmt: skip
def test_an_address_without_a_view_shows_what_it_is_about(
    opened: Opened, said: Scene, address: str, view: str
) -> None:
    """So do the links of reports that were one long page."""
    _visit(opened, "")
    _visit(opened, address.format(run=said.sampled[0].run))
    assert _shown(opened) == view
    assert _warnings(opened) == ""


def test_what_is_shown_goes_along_from_view_to_view(opened: Opened, said: Scene) -> None:
    run = said.sampled[2].run
    assert said.stage.times[3] == 12
    _visit(opened, f"#at=2017-06-12&place=raqqa&run={run}&question=when-raqqa&view=map")
    for name, view in (("Library", "library"), ("Map", "map"), ("Question", "question")):
        assert _link(opened, name) == f"#view={view}&at=2017-06-12&place=raqqa&question=when-raqqa&run={run}"


@pytest.mark.parametrize("question", ["town", "town-never", "how-many", "when-raqqa"])
def test_every_question_has_an_address(opened: Opened, said: Scene, question: str) -> None:
    asked = next(one for one in said.questions if one.id == question)
    opened.go("question", question=question)
    assert asked.ask in opened.page.locator("main").inner_text()
    assert f"question={question}" in _link(opened, "Question")


def test_every_place_and_run_has_an_address(opened: Opened, said: Scene) -> None:
    for place in said.stage.places:
        _visit(opened, f"#view=map&place={place.id}")
        assert f"place={place.id}" in _link(opened, "Brief")
    for sampled in said.sampled:
        _visit(opened, f"#view=map&run={sampled.run}")
        assert f"run={sampled.run}" in _link(opened, "Brief")
    assert _warnings(opened) == ""


def test_the_last_reading_has_the_last_day_for_its_address(opened: Opened, said: Scene) -> None:
    """The main question is due on that day, so its date need not be said."""
    _visit(opened, "#view=map&at=2017-06-12")
    _visit(opened, f"#view=map&at={said.stage.ends}")
    assert _link(opened, "Map") == "#view=map"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("#view=atlas", "a view “atlas” (there are brief, map, question, whatif, library)"),
        ("#view=map&place=atlantis", "a place “atlantis”"),
        ("#question=nobody-asked", "a question “nobody-asked”"),
        ("#view=map&at=next-week", "a date such as 2017-09-05"),
        ("#view=map&run=999999", "run 999999 (those it can show: {runs})"),
    ],
)
def test_what_an_address_asks_for_in_vain_is_told(opened: Opened, said: Scene, address: str, told: str) -> None:
    _visit(opened, address)
    assert told.format(runs=", ".join(str(one.run) for one in said.sampled)) in _warnings(opened)
    _visit(opened, "#view=brief")
    assert _warnings(opened) == ""


def test_no_letter_of_an_address_becomes_part_of_the_page(opened: Opened) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    _visit(opened, f"#view=map&place={quote(hostile)}")
    assert opened.page.locator("p.warning img").count() == 0
    assert hostile in _warnings(opened)
    assert opened.complaints == []


def test_back_and_forward_go_through_the_views_that_were_looked_at(browser: Any, folder: Path) -> None:
    made = Opened(browser, folder / "report.html")
    views = made.page.get_by_role("navigation", name="Views")
    for name in ("Map", "Library", "What if"):
        views.get_by_role("link", name=name, exact=True).click()
        made.page.wait_for_selector(f"nav[aria-label='Views'] a[aria-current]:text-is('{name}')")
    for name in ("Library", "Map", "Brief"):
        made.page.go_back()
        made.page.wait_for_selector(f"nav[aria-label='Views'] a[aria-current]:text-is('{name}')")
    for name in ("Map", "Library"):
        made.page.go_forward()
        made.page.wait_for_selector(f"nav[aria-label='Views'] a[aria-current]:text-is('{name}')")
    assert made.complaints == []
    made.close()


@pytest.mark.slow  # test_every_view_has_an_address_…, of each view
def test_an_address_that_is_opened_afresh_shows_the_same(browser: Any, folder: Path, said: Scene) -> None:
    run = said.sampled[1].run
    address = f"#view=map&at=2017-06-12&place=raqqa&run={run}"
    made = Opened(browser, folder / "report.html")
    made.page.goto("about:blank")
    made.page.goto(made.address + address)
    made.page.wait_for_selector("main > *")
    assert _shown(made) == "Map"
    assert _link(made, "Map") == address
    made.close()
