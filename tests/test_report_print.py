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
from standoff.report.build import scene
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


    def longer(name: str, content: dict[str, Any]) -> dict[str, Any]:
        if name == "claims":  # more than the screen shows at first
            content["claims"] += [one | {"id": f"{one['id']}-again"} for one in content["claims"]]
        return content

    keep_findings(
        made, "compare", "claims", "sense", "explain-land-link", "branch", "rare", "game", "levers", "deciders",
        change=longer,
    )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def said(folder: Path) -> Scene:
    return scene(folder)


def _opened(browser: Any, folder: Path, width: int, scheme: str) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 720}, color_scheme=scheme)
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("footer")
    return page


@pytest.fixture(scope="module")
def printed(browser: Any, folder: Path) -> Iterator[Any]:
    """The page as it is laid out for A4, after all that can hide something was chosen on a dark screen."""
    page = _opened(browser, folder, SHEET, "dark")
    page.locator("#claims").get_by_role("button", name="reversed").click()
    page.locator("#what-if select").select_option("what")
    page.locator("#log").get_by_label("Words").fill("no such word")
    page.locator("#scenario").get_by_label("Find").fill("no such word")
    page.locator("#scenario").get_by_label("Ties of").select_option("isis")
    page.locator("#assumptions").get_by_label("Show").select_option("hindsight")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    yield page
    page.close()


def test_paper_has_every_claim_rule_tie_number_and_recorded_event(printed: Any, said: Scene) -> None:
    assert said.findings.claims is not None and said.findings.branch is not None
    counts = {
        "#claims li[id^=claim-]": len(said.findings.claims.claims),
        "#from-a-moment [role=row]:not(.head)": len(said.findings.branch.questions),
        "#scenario section > ul > li, #scenario .rules ~ ul > li": len(said.world.entries),
        "#scenario ul[aria-label=Ties] li": len(said.world.ties),
        "#assumptions tbody tr": len(said.parameters),
        "#map ul[aria-label='Recorded events'] li": len(said.world.record),
        "#map .maps svg[role=application]": 4,
        "#map ul[aria-label='Control of every place'] li": len(said.ensemble.control),
        "#fans .charts > figure": len(said.ensemble.fans)
        + sum(one.once and one.course is not None for one in said.questions),
    }
    assert {what: printed.locator(what).count() for what in counts} == counts


def test_paper_has_every_event_of_the_chosen_run(printed: Any, said: Scene) -> None:
    events = printed.locator("#log .event")
    frames = said.sampled[0].frames
    told = [event for frame in frames for event in frame.events]
    assert events.count() == len(told) == said.sampled[0].total
    rule = [word for frame in frames for word in frame.words][int(told[-1][1] or 0)]
    assert events.last.inner_text().endswith(rule.replace("_", " "))
    assert f"Run {said.sampled[0].run}" in printed.locator("#log").inner_text()


def test_paper_tells_of_every_question_what_it_depends_on(printed: Any, said: Scene) -> None:
    sense = said.findings.sense
    assert sense is not None
    told = {one.locator("h3").inner_text(): one for one in printed.locator("#depends-on article").all()}
    assert set(told) == {one.ask for one in sense.questions if one.chance is not None}
    for question in sense.questions:
        if question.chance is None:
            continue
        text = told[question.ask].inner_text()
        of = [one for one in sense.indices if one.question == question.question]
        assert all(one.name.replace("_", " ") in text for one in of if one.total.value > 0)
        assert all(one.name in text for one in question.variants)
        boxes = [one for one in sense.boxes if one.box.question == question.question]
        assert ("When it happens" in text) == bool(boxes)
    assert printed.locator("#depends-on article svg circle.yes").count() > 0


def test_paper_has_every_story_and_every_difference(printed: Any, said: Scene) -> None:
    stories = [one for explained in said.findings.explain for one in explained.stories]
    text = printed.locator("#why").inner_text()
    named = [f"Run {one.run} of the 300 runs made for this panel: {one.answer}" for one in stories]
    assert len(stories) > 1 and all(name in text for name in named)
    assert printed.locator("#why ol > li.outcome").count() == len(stories)
    compared = said.findings.compare
    assert compared is not None
    drawn = printed.locator("#what-if [role=row]:not(.head)").count()
    changed = [one for one in [*compared.questions, *compared.series] if one.what not in compared.unchanged]
    unmoved = [one for one in changed if hasattr(one, "series") and one.paired.low <= 0 <= one.paired.high]
    assert drawn == len(changed) - len(unmoved)
    assert printed.locator("#what-if").inner_text().count("; ") >= len(unmoved) - len(compared.whats)


def test_paper_has_every_gain_by_leaving_every_policy_and_note_of_a_game(printed: Any, said: Scene) -> None:
    game, panel = said.findings.game, printed.locator("#who-decides")
    assert game is not None
    assert panel.locator("article [role=row]:not(.head)").count() == sum(len(one.gains) for one in game.equilibria)
    assert panel.locator("dt").count() == sum(len(one.policies) for one in game.players)
    assert panel.locator("details:not([open])").count() == 0
    assert all(note in panel.inner_text() for note in game.notes)


def test_paper_has_every_choice_and_every_answer_that_hangs_on_who_decides(printed: Any, said: Scene) -> None:
    levers, decided, text = said.findings.levers, said.findings.deciders, printed.locator("#who-decides").inner_text()
    assert levers is not None and decided is not None
    assert all(value.lever in text for value in levers.values)
    assert all(one.ask in text for one in decided.questions)


def test_paper_is_light_with_letters_of_7_pt_or_more_and_nothing_beyond_its_edge(printed: Any) -> None:
    assert printed.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert printed.evaluate("document.documentElement.scrollWidth") == SHEET
    letters = printed.evaluate(LETTERS)
    assert len(letters) > 500
    assert [one for one in letters if one[0] < 6.95 or one[1] > SHEET + 1] == []


def test_any_screen_prints_the_same_sheets_and_shows_afterwards_what_was_chosen(browser: Any, folder: Path) -> None:
    sheets = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = _opened(browser, folder, width, scheme)
        if width > 1000:
            page.locator("#claims").get_by_role("button", name="reversed").click()
        before = page.locator("body").text_content()
        sheets.append(len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))))
        assert page.locator("body").text_content() == before
        page.close()
    assert sheets[0] == sheets[1] and 8 <= sheets[0] <= 20


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
