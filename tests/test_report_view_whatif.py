"""The view What if: what moves the answers of the run; boxes, who decides, rare outcomes, branches."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from standoff.report.build import scene
from standoff.report.packing import LATER
from standoff.report.scene import Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import FINDINGS, Elements, keep_findings, run_of_front

AXE = Path(__file__).parents[1] / "viewer/node_modules/axe-core/axe.min.js"
PARTS = ("", "by-question", "number:us_will", "setting:regime", "boxes", "who-decides", "rare", "moment")
NAMES = ("compare", "sense", "branch", "rare", "game", "levers", "deciders")


def _changed(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """The front asks two of the questions that were compared: one of yes or no, and one that asks for a number."""
    if name == "compare":
        content["differences"][1] |= {"question": "town", "ask": "Will the regime hold the town?"}
        content["differences"][2] |= {"question": "weight", "ask": "Which weight?"}
    if name == "sense":
        none, some = content["boxes"][1], content["boxes"][0]
        # The same box as one of no: its points keep what each run says.
        content["boxes"] = [none | {"question": "town"}, some, some | {"yes": False, "density": 0.45}]
        for one in content["boxes"][1:]:
            one["question"] = "town-never"
    if name == "deciders":
        content["questions"][0]["question"] = "town"
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    keep_findings(made, *NAMES, change=_changed)
    return made


def _packed(said: dict[str, Any]) -> str:
    later = {name: said[name] for name in LATER}
    first = {name: one for name, one in said.items() if name not in later}
    return ".".join(base64.b64encode(gzip.compress(json.dumps(part).encode())).decode() for part in (first, later))


def _shown(opened: Opened, part: str = "", **words: str) -> Any:
    opened.go("whatif", **({"part": part} if part else {}), **words)
    opened.page.wait_for_timeout(50)
    return opened.page.locator("main")


def _row(shown: Any, name: str) -> Any:
    return shown.locator("[role=row]", has=shown.page.locator("[role=rowheader]", has_text=name)).first


def _left(row: Any, mark: str) -> float:
    return float(row.locator(f".{mark}").evaluate("one => one.style.left").removesuffix("%"))


def test_a_change_is_drawn_beside_the_answer_of_the_run_itself(opened: Opened, folder: Path) -> None:
    shown = _shown(opened)
    (town,) = (one for one in scene(folder).questions if one.id == "town")
    assert town.probability is not None
    row = _row(shown, "hold the town")
    assert _left(row, "base") == pytest.approx(100 * town.probability, abs=0.01)
    assert _left(row, "dot") == pytest.approx(100 * max(0, town.probability - 0.47), abs=0.01)
    assert "−47.0 points −50.1 to −43.9" in row.inner_text()
    # No share of other runs stands beside it.
    assert "47%" not in row.inner_text().replace("−47", "") or round(100 * town.probability) == 47
    ask = row.locator("[role=rowheader]").inner_text()
    assert f"moves 2 of 3 answers clearly; most of all “{ask}”, −47.0 points (−50.1 to −43.9)." in shown.inner_text()


def test_numbers_stand_in_a_panel_of_their_own_and_what_does_not_move_is_counted(opened: Opened) -> None:
    shown = _shown(opened)
    numbers = shown.get_by_role("table", name=re.compile("numbers$"))
    assert "each on its own scale" in numbers.inner_text() and "how far its mean moves" in numbers.inner_text()
    assert "−0.13" in numbers.inner_text() and _left(numbers.locator("[role=row]").last, "base") == 50
    fold = shown.get_by_text("No clear change in 1 other answer")
    fold.click()
    fold.locator("xpath=..").locator("[role=rowheader]").first.wait_for()
    assert "+0.7 points" in fold.locator("xpath=..").inner_text()


def test_a_change_that_changes_nothing_is_told_in_one_line(opened: Opened) -> None:
    shown = _shown(opened, "what:the ring as it is").locator(".told")
    assert "Changes nothing: in all 1,000 pairs the two runs are identical, event for event." in shown.inner_text()
    assert shown.locator("[role=row]").count() == 0


def test_changes_are_listed_by_what_was_compared_by_actor_and_by_number_in_one_tab_stop(opened: Opened) -> None:
    shown = _shown(opened)
    heads = [one.inner_text() for one in shown.locator(".list h3").all()]
    assert heads == ["Changes compared", "Actors", "Uncertain numbers"]
    rows = shown.locator(".list a")
    assert shown.locator(".list [tabindex='0']").count() == 1
    names = rows.all_inner_texts()
    assert [one.split() for one in names[:3]] == [
        ["Zone", "not", "defended", "2", "answers"], ["Less", "retaliation", "1", "answer"],
        ["The", "ring", "as", "it", "is", "nothing"],
    ]  # fmt: skip
    rows.first.focus()
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector(".told h3:has-text('Less retaliation')")


def test_of_a_question_all_that_moves_it_is_shown_the_most_first(opened: Opened) -> None:
    shown = _shown(opened, "by-question", question="town")
    told = shown.locator(".told").inner_text()
    assert "2 of 3 changes move it clearly; most of all “regime side: another policy”, +61 points (+54 to +68)." in told
    names = shown.locator(".told [role=rowheader]").all_inner_texts()
    assert names[:2] == ["regime side: another policy\n“hold” → “press”", "Zone not defended"]
    assert "“hold” → “press”" in _row(shown, "regime side: another policy").inner_text()


def test_a_number_says_what_is_known_of_it_and_whose_spread_it_explains(opened: Opened) -> None:
    shown = _shown(opened, "number:us_will").locator(".told")
    assert "42% 31 to 54%" in shown.inner_text() and "assumption" in shown.inner_text()


def test_marks_legend_and_words_of_a_box_agree_also_of_a_box_of_no(opened: Opened) -> None:
    shown = _shown(opened, "boxes", question="town-never").locator(".told")
    written = json.loads((FINDINGS / "sense.json").read_text(encoding="utf-8"))["boxes"][0]["points"]
    yes, no = shown.locator("figure").all()
    for figure in (yes, no):
        marks = figure.locator("svg[role=img]")
        assert marks.locator("circle.yes").count() == sum(one["yes"] for one in written)
        assert marks.locator("path.no").count() == sum(not one["yes"] for one in written)
        legend = figure.locator(".legend")
        assert legend.locator("svg").first.locator("circle.yes").count() == 1
        assert re.search("says yes.*says no", " ".join(legend.inner_text().split()))
    assert "Mostly “yes” where mass rate is above 0.045 a day and us will is above 0.55" in yes.inner_text()
    held = "These ranges hold 32% of all runs and 67% (56–78%) of those that say yes."
    assert held in " ".join(yes.inner_text().split())
    assert "“No” is likelier than usual where" in no.inner_text() and "Mostly" not in no.inner_text()
    nothing = _shown(opened, "boxes", question="town").locator(".told").inner_text()
    assert "No range of the numbers was found in which “no” is clearly more likely." in nothing


def test_a_chart_is_taken_along_as_a_drawing_that_needs_no_page(opened: Opened) -> None:
    figure = _shown(opened, "boxes", question="town-never").locator("figure").first
    figure.locator("summary").click()
    with opened.page.expect_download() as waited:
        figure.get_by_role("button", name="SVG").click()
    drawn = Path(waited.value.path()).read_text(encoding="utf-8")
    assert waited.value.suggested_filename.endswith("-box-town-never-yes.svg")
    assert drawn.startswith("<svg") and "var(" not in drawn and "class=" not in drawn
    assert 'fill="rgb(31, 95, 153)"' in drawn and 'width="360"' in drawn


def test_a_rare_outcome_is_told_in_runs_and_plain_runs_that_do_not_see_it_are_counted(opened: Opened) -> None:
    shown = " ".join(_shown(opened, "rare").inner_text().split())
    assert "Yes in about 3.1 in 100,000 runs (1.4 to 4.8)" in shown
    assert "Too rare for this report’s own runs to count: 0 of 60 say yes." in shown
    assert "an interval this narrow would take about 1,700,000 runs" in shown


def test_what_plain_runs_can_count_is_not_called_too_rare(browser: Any, folder: Path, tmp_path: Path) -> None:
    html = (folder / "report.html").read_text(encoding="utf-8")
    said = json.loads(Elements(html).data)
    said["findings"]["rare"] |= {"question": "town", "estimate": 0.0, "low": 0.0, "high": 2e-4}
    (tmp_path / "page.html").write_text(html.replace(Elements(html).packed, _packed(said)), encoding="utf-8")
    made = Opened(browser, tmp_path / "page.html")
    shown = " ".join(_shown(made, "rare").inner_text().split())
    (town,) = (one for one in said["questions"] if one["id"] == "town")
    yes = round(town["probability"] * town["runs"])
    assert yes >= 10
    assert f"This report’s own runs are enough to count it: {yes} of 60 say yes." in shown
    assert "Yes in none of the continued runs, so in at most 2 of 10,000" in shown
    made.close()


def test_a_moment_says_what_was_changed_and_leads_to_the_map_of_that_date_and_run(opened: Opened) -> None:
    shown = _shown(opened, "moment")
    text = " ".join(shown.inner_text().split())
    assert (
        "Run 3 from 1 September 2017, with us will = 0, holder (tanf side) = rebels side: this moves 1 of 7 answers"
        in text
    )
    assert "relief is dated on the day of the branch: it has not happened yet" in text
    link = shown.get_by_role("link", name=re.compile("The map on 1 September 2017")).get_attribute("href")
    assert "view=map" in link and "run=3" in link


def test_no_identifier_of_the_scenario_is_to_be_seen_outside_the_library(opened: Opened, said: Scene) -> None:
    shown = """() => { const found = [], page = document.querySelector('#app')
      const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT)
      for (let at = walker.nextNode(); at; at = walker.nextNode())
        if (!at.parentElement.closest('code') && at.parentElement.checkVisibility()) found.push(at.data)
      return found }"""
    ids = {one.id for one in (*said.world.entries, *said.questions)} | {one.name for one in said.parameters}
    called = {word for name in said.stage.names.values() for word in name.split()}
    told = {one for one in ids if re.search("[_-]", one)} - called
    assert len(told) > 5
    run = said.shown_runs[0]
    views = [("brief", {}), *(("map", {"run": str(run), "part": part}) for part in ("", "places", "time", "order"))]
    views += [("question", {"question": one.id}) for one in said.questions[:3]]
    views += [("whatif", {"part": part}) for part in ("", "boxes", "by-question", "who-decides", "rare", "moment")]
    for view, words in views:
        opened.go(view, **words)
        seen = {word for text in opened.page.evaluate(shown) for word in re.findall(r"[\w-]+", text)}
        assert seen & told == set(), (view, words)


def test_what_the_moment_moves_comes_first_in_counts_and_settled_answers_are_folded(opened: Opened) -> None:
    shown = _shown(opened, "moment")
    row = _row(shown, "Tanf crossing")
    assert "this run: no" in row.inner_text() and "2 → 2 of 60" in row.inner_text()
    assert "%" not in row.inner_text()
    numbers = shown.get_by_role("table", name=re.compile("numbers$")).locator("[role=rowheader]").all_inner_texts()
    assert numbers[0].startswith("How many times does the coalition answer")
    assert "this run: 14 October 2017" in shown.inner_text()
    fold = shown.get_by_text("3 answers the same in every continuation")
    fold.click()
    fold.locator("xpath=..").locator("[role=rowheader]").first.wait_for()
    folded = fold.locator("xpath=..").locator("[role=rowheader]").all_inner_texts()
    assert [one.rpartition("this run: ")[2] for one in folded] == ["yes", "yes", "20 August 2017"]


def test_who_decides_names_the_furthest_move_and_the_share_that_hangs_on_it(opened: Opened) -> None:
    shown = _shown(opened, "who-decides")
    text = " ".join(shown.inner_text().split())
    assert "+61 points (+54 to +68) between regime side following “hold” and following “press”." in text
    assert "60% 51 to 70%" in text
    assert "Will ISIS hold Hamadan? (the answer never varied)" in text


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.slow)])
def test_every_part_fits_one_screen_with_few_tab_stops(opened: Opened, size: tuple[int, int]) -> None:
    opened.page.set_viewport_size({"width": size[0], "height": size[1]})
    for part in PARTS:
        shown = _shown(opened, part)
        assert shown.evaluate("one => one.scrollHeight <= one.clientHeight"), part
        stops = opened.page.evaluate(
            "[...document.querySelectorAll('a, button, summary, input, select, [tabindex]')]"
            ".filter(one => one.tabIndex >= 0 && one.checkVisibility()).length"
        )
        assert stops < 60, (part, stops)
    opened.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_in_any_part_and_nothing_sticks_out(
    browser: Any, folder: Path, width: int, scheme: str
) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    made = Opened(browser, folder / "report.html", width, scheme)
    made.page.add_script_tag(path=AXE)
    for part in PARTS:
        _shown(made, part)
        assert made.page.evaluate("document.documentElement.scrollWidth") == width, part
        found = made.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], part
    made.close()


@pytest.mark.slow
def test_it_prints_on_six_sheets_at_most_and_counts_what_it_leaves_out(browser: Any, folder: Path) -> None:
    made = Opened(browser, folder / "report.html")
    made.go("whatif")
    made.page.add_style_tag(content="@media print { main > :not(.whatif) { display: none !important } }")
    assert len(re.findall(rb"/Type\s*/Page\b", made.page.pdf(prefer_css_page_size=True))) <= 6
    made.close()
