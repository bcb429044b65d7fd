"""The printed page: whatever a choice, a fold or a scroll hides on the screen is on paper, light, legible and on A4."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standoff import report
from standoff.report.scene import Scene
from tests.front import Texts
from tests.pages import keep_findings, run_of_front

SHEET = 703
"""The width of an A4 sheet between its margins, in pixels."""
LETTERS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
  while (walker.nextNode()) {
    const text = walker.currentNode, around = text.parentElement
    if (!text.data.trim() || !around.getClientRects().length || around.closest('.unseen')) continue
    const scale = around instanceof SVGElement ? around.getScreenCTM() : { a: 1, b: 0 }
    const range = document.createRange()
    range.selectNodeContents(text)
    const size = 0.75 * parseFloat(getComputedStyle(around).fontSize) * Math.hypot(scale.a, scale.b)
    found.push([size, range.getBoundingClientRect().right, text.data.trim().slice(0, 40)])
  }
  return found
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with every panel."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    written = (made / "scenario.yaml").read_text(encoding="utf-8")
    for place in ("sukhnah", "deir_ez_zor", "albukamal", "t2"):
        name = f"name: {place} side"
        assert name in written
        written = written.replace(name, f"{name} and the besieged quarters of its airfield")  # wider than its chart
    (made / "scenario.yaml").write_text(written, encoding="utf-8")

    def longer(name: str, content: dict[str, Any]) -> dict[str, Any]:
        if name == "claims":  # more than the screen shows at first
            content["claims"] += [one | {"id": f"{one['id']}-again"} for one in content["claims"]]
        if name.startswith("explain"):  # of a question that the front asks
            content["question"] = "town"
        return content

    keep_findings(
        made, "compare", "claims", "sense", "explain-land-link", "branch", "rare", "game", "levers", "deciders",
        change=longer,
    )  # fmt: skip
    return made


def _opened(browser: Any, folder: Path, width: int, scheme: str, address: str = "") -> Any:
    page = browser.new_page(viewport={"width": width, "height": 720}, color_scheme=scheme)
    page.goto((folder / "report.html").as_uri() + address)
    page.wait_for_selector("main > *")
    return page


def _laid_out(page: Any) -> Any:
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    return page


@pytest.fixture(scope="module")
def short(browser: Any, folder: Path) -> Iterator[Any]:
    """The page as it is laid out for A4, from a dark screen that shows another view."""
    page = _laid_out(_opened(browser, folder, SHEET, "dark", "#view=library&part=claims"))
    yield page
    page.close()


@pytest.fixture(scope="module")
def whole(browser: Any, folder: Path) -> Iterator[Any]:
    """The same with all that a page can print."""
    page = _laid_out(_opened(browser, folder, SHEET, "dark", "#view=whatif&paper=all"))
    yield page
    page.close()


def test_paper_has_the_views_in_their_order(short: Any) -> None:
    titles = short.locator("main h2").all_inner_texts()
    order = ["Who holds what", "Questions", "What if", "The scenario as written", "Glossary"]
    assert [title for title in titles if title in order] == order
    assert short.locator("main > *").first.get_attribute("id") == "brief"


def test_what_is_left_out_is_counted_and_the_whole_leaves_out_nothing(short: Any, whole: Any) -> None:
    assert len(re.findall(r"--all", short.locator("main").inner_text())) >= 3
    assert not re.search(r"print with --all|with --all", whole.locator("main").inner_text())
    # What stands in brackets beside a name on the screen is not on paper.
    assert "()" not in short.locator("main").inner_text() + whole.locator("main").inner_text()


def test_all_of_it_has_every_claim_entry_tie_number_question_and_event(whole: Any, said: Scene) -> None:
    assert said.findings.claims is not None
    text = re.sub(r"\s+", " ", whole.locator("main").inner_text())
    assert whole.locator("#claims li[id^=claim-]").count() == len(said.findings.claims.claims)
    assert all(question.ask in text for question in said.questions)
    assert whole.locator("#assumptions tbody tr").count() == len(said.parameters)
    assert whole.locator("#map svg[role=application]").count() == 5
    events = sum(len(frame.events) for frame in said.sampled[0].frames)
    assert whole.locator("#log .event").count() == events == said.sampled[0].total
    assert f"Run {said.sampled[0].run}" in whole.locator("#log").inner_text()


def test_all_of_it_has_every_story_game_lever_and_who_decides(whole: Any, said: Scene) -> None:
    text = re.sub(r"\s+", " ", whole.locator("main").inner_text())
    game, levers, decided = said.findings.game, said.findings.levers, said.findings.deciders
    assert game is not None and levers is not None and decided is not None
    assert whole.locator("article .mark[title^=equilibrium]").count() == len(game.equilibria)
    assert all(note in text for note in game.notes) and all(value.lever in text for value in levers.values)
    stories = [story for explained in said.findings.explain for story in explained.stories]
    assert len(stories) > 1 and all(f"Run {story.run}" in text for story in stories)


@pytest.mark.parametrize("form", ["short", "whole"])
def test_paper_is_light_with_letters_of_7_pt_or_more_and_nothing_beyond_its_edge(
    form: str, request: pytest.FixtureRequest
) -> None:
    printed = request.getfixturevalue(form)
    assert printed.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert printed.evaluate("document.documentElement.scrollWidth") == SHEET
    letters = printed.evaluate(LETTERS)
    assert len(letters) > 500
    assert [one for one in letters if one[0] < 6.95 or one[1] > SHEET + 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("address", ["", "#paper=all"], ids=["short", "all"])
def test_any_screen_prints_the_same_sheets_and_shows_afterwards_what_it_did(
    browser: Any, folder: Path, address: str
) -> None:
    sheets = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = _opened(browser, folder, width, scheme, address)
        # The brief alone is there at first, and the rest once it is painted; an address of more waits for all.
        page.wait_for_timeout(0 if address else 1500)
        before = page.locator("body").text_content()
        sheets.append(len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))))
        assert page.locator("body").text_content() == before
        page.close()
    assert sheets[0] == sheets[1] and 8 <= sheets[0] <= 30


def test_the_margin_names_the_run_and_no_name_can_end_its_rule(browser: Any, folder: Path, tmp_path: Path) -> None:
    hostile = 'front"} } body { display: none } /* \\ </style>\u202e'
    made = Path(shutil.copytree(folder, tmp_path / "run"))
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8")) | {"scenario": hostile}
    (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    report.write_report(made)
    page = _opened(browser, made, 390, "light")
    rules = page.evaluate("document.adoptedStyleSheets.map(one => [...one.cssRules].map(rule => rule.cssText))")
    assert len(rules) == 1 and len(rules[0]) == 1
    assert manifest["digest"][:16] in rules[0][0] and f"seed {manifest['seed']}" in rules[0][0]
    assert page.evaluate("getComputedStyle(document.body).display") == "block" and "\u202e" not in rules[0][0]
    page.close()
