"""The library of the page: every shelf by its address, and all that is behind the answers on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff import numerals
from standoff.report.scenario_browser import WrittenEntry
from standoff.report.scene import Scene
from standoff.scenario import shortened
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import RUNS, keep_findings, run_of_front

SHELVES = ("scenario", "assumptions", "claims", "deals", "log", "scores", "sources", "method", "glossary")
AXE = Path(__file__).parents[1] / "viewer/node_modules/axe-core/axe.min.js"
HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><svg/onload=alert(1)>\u202e" + "x" * 10_000
FITS = """() => {
  const main = document.querySelector('main')
  return [main.scrollHeight, main.clientHeight, document.documentElement.scrollWidth]
}"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((one) => one.tabIndex >= 0 && one.getClientRects().length > 0).length"""
ALONE = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('@media print { main > :not(.library) { display: none !important } }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with every shelf."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)

    def of_the_front(name: str, content: dict[str, Any]) -> dict[str, Any]:
        for index in content["indices"] if name == "sense" else []:
            index["name"] = {"us_will": "patience", "mass_rate": "daring"}.get(index["name"], index["name"])
        return content

    findings = ("compare", "claims", "sense", "explain-land-link", "game", "levers", "deciders")
    keep_findings(made, *findings, change=of_the_front)
    return made


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


def test_every_shelf_has_an_address_and_fits_one_screen(opened: Opened) -> None:
    for width, height in ((1920, 1080), (1280, 720)):
        opened.page.set_viewport_size({"width": width, "height": height})
        for shelf in SHELVES:
            opened.go("library", part=shelf)
            opened.page.wait_for_selector(f"section#{shelf} h2")
            assert opened.page.locator("section.shelf").count() == 1
            tall, room, wide = opened.page.evaluate(FITS)
            assert (tall <= room, wide) == (True, width), shelf
            assert opened.page.evaluate(STOPS) < 60, shelf
    assert opened.complaints == []


def test_a_shelf_that_is_not_there_is_told(opened: Opened) -> None:
    opened.go("library", part="attic")
    assert "no shelf “attic”" in opened.page.locator("main").inner_text()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_on_any_shelf_and_nothing_sticks_out(
    browser: Any, folder: Path, width: int, scheme: str
) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    made = Opened(browser, folder / "report.html", width, scheme)
    made.page.evaluate(AXE.read_text(encoding="utf-8"))
    for shelf in (*SHELVES, "rules/advance"):
        made.go("library", part=shelf.replace("/", "%2F"))
        made.page.wait_for_selector("section.shelf h2")
        assert made.page.evaluate("document.documentElement.scrollWidth") == width, shelf
        found = made.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], shelf
    made.close()


def test_all_that_is_declared_is_found_by_words_locator_and_mechanism(opened: Opened, said: Scene) -> None:
    opened.go("library", part="scenario")
    panel = opened.page.locator("#scenario")
    number = sum(one.declared for one in said.parameters)
    total = len(said.world.entries) + len(said.world.ties) + len(said.world.record) + number
    for words in ("assault", "M01", "paper-2017#p3", "no_deal", "is a rival of", "zone", "no such word"):
        panel.get_by_label("Find").fill(words)
        status = panel.get_by_role("status").inner_text()
        fits = [one for one in said.world.entries if _holds(one, words)]
        assert int(status.split()[0]) >= len(fits) and status.endswith(f"of {total} entries")
        assert (status.startswith("0")) == (words == "no such word")
    for mechanism in ("m01", "m02"):
        panel.get_by_label("Find").fill(mechanism)
        assert panel.get_by_role("navigation", name="Entries").get_by_role("link").count() == 1, mechanism
    panel.get_by_label("Find").fill("")
    panel.get_by_label("Kind").select_option("deals")
    assert panel.get_by_role("navigation", name="Entries").get_by_role("link").count() == 1


def _holds(entry: WrittenEntry, words: str) -> bool:
    texts = [entry.id, entry.kind, entry.title, entry.about, *entry.mechanisms]
    texts += [text for line in entry.lines for text in line.texts] + [one.locator for one in entry.evidence]
    return all(word in " ".join(texts).lower() for word in words.lower().split())


def test_each_entry_is_told_in_its_authors_words_and_its_names_lead_on(opened: Opened, said: Scene) -> None:
    for entry in said.world.entries:
        opened.page.evaluate("part => { location.hash = `view=library&part=${encodeURIComponent(part)}` }",
                             f"{entry.section}/{entry.id}")  # fmt: skip
        opened.page.wait_for_selector(f".entry h3 + p code:text-is('{entry.id}')")
        text = " ".join(opened.page.locator(".entry").text_content().split())
        assert entry.kind in text and " ".join(entry.about.split()).rstrip(".").lower() in text.lower()
        assert all(line.label in text and " ".join(one.split()) in text for line in entry.lines for one in line.texts)
        assert all(one.locator in text and one.says in text for one in entry.evidence)
    opened.go("library", part="rules%2Fadvance")
    opened.page.locator(".entry dd").get_by_role("link", name="holder").first.click()
    opened.page.wait_for_selector(".entry h3 + p code:text-is('holder')")
    opened.page.go_back()
    opened.page.wait_for_selector(".entry h3 + p code:text-is('advance')")


def test_lists_say_what_an_identifier_means_and_have_it_on_hover(opened: Opened, said: Scene) -> None:
    opened.go("library", part="scenario")
    entries = opened.page.get_by_role("navigation", name="Entries").get_by_role("link")
    told = {one.get_attribute("title"): one.inner_text() for one in entries.all()}
    meant = {one.id: shortened(one.about) for one in said.world.entries if one.about and one.section == "rules"}
    assert meant and all(told[name].startswith(means) for name, means in meant.items())
    opened.go("library", part="assumptions")
    for head in opened.page.locator("#assumptions tbody th").all():
        name = head.get_attribute("title") or ""
        means = said.meanings.get(name, name.replace("_", " "))
        assert head.inner_text().lower().startswith(means.lower())
        assert name not in head.inner_text() or "_" not in name


def test_a_locator_leads_to_its_source_and_to_all_that_rests_on_it(opened: Opened, said: Scene) -> None:
    (first, *_) = (one for one in said.world.entries if any(by.locator == "paper-2017#p3" for by in one.evidence))
    opened.go("library", part=f"{first.section}%2F{first.id}")
    opened.page.locator(".entry").get_by_role("link", name="paper-2017#p3").first.click()
    resting = opened.page.get_by_role("region", name="What rests on paper-2017")
    resting.wait_for()
    cited = [one for one in said.world.entries for by in one.evidence if by.locator.split("#")[0] == "paper-2017"]
    numbers = [by for one in said.parameters for by in one.evidence if by.locator.split("#")[0] == "paper-2017"]
    ties = [by for one in said.world.ties for by in one.evidence if by.locator.split("#")[0] == "paper-2017"]
    assert resting.get_by_role("listitem").count() == len(cited) + len(numbers) + len(ties)
    resting.locator("a[href*='radius']").first.click()
    opened.page.wait_for_selector("#assumptions tr.chosen")
    assert opened.page.locator("#assumptions tr.chosen th").get_attribute("title") == "radius"


def test_the_ledger_says_what_was_drawn_of_each_number(opened: Opened, folder: Path, said: Scene) -> None:
    opened.go("library", part="assumptions")
    drawn = pl.read_parquet(folder / "parameters.parquet")
    panel = opened.page.locator("#assumptions tbody")
    for parameter in said.parameters:
        row = panel.locator("tr", has=opened.page.locator(f"th[title='{parameter.name}']"))
        shown = row.locator(".drawn").inner_text().split()[0].replace(",", "")
        # To the digits that are shown, of which there are no more than the spread allows.
        least = 0.5 * 10 ** -len(shown.partition(".")[2])
        assert float(shown) == pytest.approx(drawn[parameter.name].mean(), abs=1.001 * least), parameter.name
        assert all(one.locator in row.inner_text() for one in parameter.evidence)
        assert sum(parameter.drawn) == (RUNS if drawn[parameter.name].n_unique() > 1 else 0)
        assert row.locator("svg rect").count() == sum(runs > 0 for runs in parameter.drawn)
    opened.page.get_by_label("Show").select_option("hindsight")
    assert [one.get_attribute("title") for one in panel.locator("th").all()] == ["patience"]
    opened.page.get_by_label("Show").select_option("all")
    # By weight, not in the order in which they are written.
    assert [one.name for one in said.parameters][:3] == ["radius", "daring", "patience"]
    assert [one.get_attribute("title") for one in panel.locator("th").all()][:2] == ["patience", "daring"]


def test_claims_begin_with_what_holds_and_share_a_scale_within_a_unit(opened: Opened, said: Scene) -> None:
    opened.go("library", part="claims")
    assert said.findings.claims is not None
    claims = opened.page.locator("#claims")
    assert "Of 14 claims, 9 hold, 2 are reversed and 3 are undecided." in claims.inner_text()
    units = {one.unit for one in said.findings.claims.claims}
    assert claims.locator("h3").count() == len(units)
    assert claims.locator("h3").first.inner_text() == "Effects in percentage points of a probability"
    shares = [one for one in said.findings.claims.claims if one.unit == "probability"]
    signs = "".join(claims.locator(".head + ol").first.locator("li[id^=claim-]").all_inner_texts())
    assert re.fullmatch("✓+<*✗*≈*", re.sub("[^✓<✗≈]", "", signs))
    assert claims.locator(".head + ol").first.locator("li[id^=claim-]").count() == len(shares)
    claims.locator("select").select_option("bi-2017")
    assert "Of 4 claims of bi-2017, 4 hold." in claims.inner_text()
    assert "Thesis, at least 1 event. Tested: column_probes" in claims.inner_text()
    assert "fails, as it must, under 1 rival: zone-not-defended (not distinguishable" in claims.inner_text()
    claims.get_by_role("button", name="reversed").click()
    assert "No claim matches" in claims.inner_text()
    # A link to a claim that the choice leaves out has to find it.
    opened.go("library", part="claims%2Fratchet")
    opened.page.wait_for_selector("#claim-ratchet.chosen")


def test_the_log_keeps_the_events_that_the_filters_name(opened: Opened, folder: Path, said: Scene) -> None:
    opened.go("library", part="log")
    events = pl.read_parquet(folder / "events.parquet").filter(pl.col("run") == said.sampled[0].run)
    log = opened.page.locator("#log")
    log.get_by_label("Place").select_option("deir_ez_zor")
    assert f"{events.filter(pl.col('place') == 'deir_ez_zor').height} of {events.height} events" in log.inner_text()
    log.get_by_label("Place").select_option("")
    log.get_by_label("Actor").select_option("isis")
    of_actor = events.filter((pl.col("source") == "isis") | (pl.col("target") == "isis")).height
    assert f"{of_actor} of {events.height} events" in log.inner_text()
    log.get_by_label("Actor").select_option("")
    log.get_by_label("Words").fill("ADVANCE")
    assert f"{events.filter(pl.col('rule') == 'advance').height} of {events.height} events" in log.inner_text()
    log.get_by_label("Words").fill("")
    stops = log.get_by_role("list", name="Events of run").get_by_role("link")
    assert [one.get_attribute("tabindex") for one in stops.all()].count("0") == 1
    stops.nth(3).click()
    opened.page.wait_for_selector('nav[aria-label="Views"] a[href*="view=map"][aria-current]')
    assert f"run={said.sampled[0].run}" in opened.page.url


def test_scores_deals_and_method_say_what_the_scene_says(opened: Opened, said: Scene) -> None:
    opened.go("library", part="scores")
    scores = opened.page.locator("#scores")
    for one in said.scores:
        assert numerals.figure(one.brier)[:4] in scores.inner_text()
    assert all(word in scores.inner_text() for word in ("Persistence", "One half", "0.693"))
    opened.go("library", part="deals")
    opened.page.locator("#deals").get_by_role("link", name="terms").first.click()
    opened.page.wait_for_selector(".entry dt:text-is('worth')")
    opened.go("library", part="method")
    method = opened.page.locator("#method").inner_text()
    assert said.head.digest in method and said.head.command in method and f"{RUNS} runs" in method
    assert all(note in method for note in said.notes)


def test_the_glossary_is_one_list_of_plain_sentences(opened: Opened) -> None:
    opened.go("library", part="glossary%2Frun")
    terms = opened.page.locator("#glossary dt").all_inner_texts()
    assert 20 <= len(terms) <= 30 and terms == sorted(terms, key=str.lower)
    assert "One possible course of events" in opened.page.locator("#glossary .chosen").inner_text()
    assert max(len(one.split()) for one in opened.page.locator("#glossary dd").all_inner_texts()) <= 45


@pytest.mark.slow
def test_paper_has_the_heaviest_numbers_and_the_clear_claims_on_few_sheets(browser: Any, folder: Path) -> None:
    for all_of, most, log, entries in (("", 8, 0, 0), ("all", 40, 1, 1)):
        made = Opened(browser, folder / "report.html")
        made.go("library", paper=all_of)
        made.page.evaluate(ALONE)
        sheets = re.findall(rb"/Type\s*/Page\b(?!s)", made.page.pdf(prefer_css_page_size=True))
        assert 1 < len(sheets) <= most
        made.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert min(1, made.page.locator("#log .event").count()) == log
        assert min(1, made.page.locator("#scenario article").count()) == entries
        assert made.page.locator("#claims li[id^=claim-]").count() == (14 if all_of else 11)
        made.close()


@pytest.mark.slow
def test_hostile_texts_do_nothing_on_any_shelf(browser: Any, tmp_path: Path) -> None:
    made = Opened(browser, run_of_front(tmp_path, Texts(*[HOSTILE] * 7), full=True) / "report.html", 390)
    for shelf in ("scenario", "assumptions", "deals", "log", "scores", "sources", "method"):
        made.go("library", part=shelf)
        made.page.wait_for_selector(f"section#{shelf} h2")
        assert made.page.evaluate("document.documentElement.scrollWidth") == 390, shelf
    # Nothing was asked of this run but its questions: the page tells how to.
    left = made.page.locator("#method").inner_text()
    assert all(f"standoff {verb} " in left for verb in ("compare", "claims", "sense", "explain", "rare"))
    assert made.page.locator("img").count() == 0 and "owned" not in made.page.title()[:20]
    assert made.complaints == []
    made.close()
