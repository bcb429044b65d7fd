"""The panels of findings on the screen: what comes first, what is folded away, and what a link or a choice shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standoff import report
from standoff.report.build import scene
from tests.front import Texts
from tests.pages import FINDINGS, Elements, run_of_front

NAMES = ("claims", "sense", "explain-land-link", "branch", "rare")


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with more claims than are shown at first, and boxes without limits before the one that has some."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts())
    kept = {name: _content(name) for name in NAMES}
    claims = kept["claims"]["claims"]
    kept["claims"]["claims"] = claims + [one | {"id": f"{one['id']}-again"} for one in claims]
    sense = kept["sense"]
    sense["questions"].insert(0, sense["questions"].pop(1))
    sense["boxes"].insert(0, sense["boxes"][1] | {"question": sense["questions"][0]["question"]})
    # Of town, which 60 plain runs of the front answer with yes often enough.
    kept["rare"]["question"] = "town"
    scenario = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    for name, content in kept.items():
        (made / f"{name}.json").write_text(json.dumps(content | {"scenario": scenario}), encoding="utf-8")
    page = report.write_report(made)
    # More numbers than the front has, as a scenario of some size has them.
    html = page.read_text(encoding="utf-8")
    written = Elements(html).data
    said = json.loads(written)
    said["parameters"] = [said["parameters"][0] | {"name": f"number_{i}"} for i in range(34)]
    page.write_text(html.replace(written, json.dumps(said)), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("footer")
    yield page
    page.close()


def test_twenty_claims_and_thirty_numbers_are_shown_until_all_are_asked_for(opened: Any) -> None:
    for section, rows, first, all_of in (
        ("#claims", "li[id^=claim-]", 20, 28),
        ("#assumptions", "tbody tr", 30, 34),
    ):
        panel = opened.locator(section)
        assert panel.locator(rows).count() == first
        panel.get_by_role("button", name=f"Show all {all_of}").click()
        assert panel.locator(rows).count() == all_of
        panel.get_by_role("button", name=f"Show the first {first}").click()
        assert panel.locator(rows).count() == first


def test_an_event_is_explained_in_the_words_of_the_scenario_where_its_rule_is_first_named(opened: Any) -> None:
    text = opened.locator("#why").inner_text()
    assert text.count("Iraqi divisions are free once Mosul has fallen.") == 1 and "It takes weeks" not in text


def test_a_branch_shows_changes_as_they_were_written_and_what_to_know_about_them(opened: Any) -> None:
    text = opened.locator("#from-a-moment").inner_text()
    assert "unchanged, and with us will = 0, holder[tanf] = rebels." in text
    assert "relief is dated on the day of the branch: it has not happened yet" in text


def test_verdicts_are_counted_in_the_chosen_source(opened: Any) -> None:
    claims = opened.locator("#claims")
    assert claims.get_by_role("button", name="reversed 4").count() == 1
    claims.locator("select").select_option("bi-2017")
    names = ["all 8", "✓ holds 8", "✗ reversed 0", "≈ not distinguishable 0"]
    assert [one.inner_text() for one in claims.locator(".choose button").all()] == names
    claims.get_by_role("button", name="reversed").click()
    assert "0 claims shown" in claims.inner_text()
    claims.get_by_role("button", name="reversed").click()
    claims.locator("select").select_option("")


def test_a_link_finds_a_claim_that_the_choice_leaves_out(opened: Any) -> None:
    claims = opened.locator("#claims")
    claims.get_by_role("button", name="not distinguishable").click()
    assert claims.locator("#claim-ratchet").count() == 0
    claims.locator("#claim-forces-drift-home a[href='#claim-ratchet']").click()
    opened.wait_for_selector("#claim-ratchet")
    opened.wait_for_function("document.getElementById('claim-ratchet').getBoundingClientRect().top < innerHeight")
    claims.get_by_role("button", name="Show the first 20").click()


def test_what_it_hangs_on_opens_at_a_question_with_a_box_and_does_not_scroll_past_those_before(opened: Any) -> None:
    panel = opened.locator("#depends-on")
    assert panel.locator("svg circle.yes").count() > 0
    assert "Will the coalition strike" in panel.locator("li.chosen button").inner_text()
    assert panel.locator("ol").first.evaluate("list => list.scrollTop") == 0
    axis = panel.locator(".labels i").all_inner_texts()
    assert axis[0] == "0%" and axis[-1] == "100%"


def test_answers_that_the_change_moves_come_first_and_settled_ones_are_folded(opened: Any) -> None:
    panel = opened.locator("#from-a-moment")
    asks = panel.locator(".ask").all_inner_texts()
    assert [ask.split()[:3] for ask in asks] == [
        ["How", "many", "times"], ["Will", "the", "regime"], ["How", "many", "of"], ["When", "is", "regime"],
    ]  # fmt: skip
    assert panel.locator(".own").all_inner_texts() == ["0", "no", "3", "14 October 2017"]
    assert "1 difference clearly not zero comes first." in panel.inner_text()
    panel.get_by_text("3 answers that are the same in every continuation").click()
    panel.locator("details .row").first.wait_for()
    assert panel.locator("details .own").all_inner_texts() == ["yes", "yes", "20 August 2017"]


def test_a_route_says_what_it_has_before_what_it_lacks_and_cites_a_rule_once(opened: Any) -> None:
    route = opened.locator("#why article").first
    heads = route.locator("thead th:first-child").all_inner_texts()
    assert heads == ["Marked by", "Marked by the absence or rarity of"]
    assert "militias mass at Zaza" in route.locator("tbody").last.inner_text()
    assert opened.locator("#why .ways").inner_text().count("carnegie-2017#p3") == 1
    assert opened.locator("#why [role=table]").inner_text().count("carnegie-2017#p3") == 1


def test_what_could_be_counted_in_plain_runs_is_not_called_too_rare_for_them(opened: Any, folder: Path) -> None:
    (town,) = (one for one in scene(folder).questions if one.id == "town")
    yes = round((town.probability or 0) * town.runs)
    assert yes >= 10
    said = opened.locator("#rare").inner_text()
    assert f"Ordinary runs would have been enough: {yes} of the 60 of this report say yes" in said
    assert "too small" not in said


def test_on_a_phone_the_ways_are_rows_below_each_other(browser: Any, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("footer")
    widths = page.locator("#from-a-moment .ask").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert min(widths) > 300
    assert page.locator("#from-a-moment").evaluate("one => one.offsetHeight") < 1000
    page.close()
