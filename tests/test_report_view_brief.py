"""The brief of the page: the answer first, on one screen and one sheet, in the numbers of the run folder."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from standoff import numerals
from standoff.analysis.effects import QuestionDifference
from standoff.analysis.spread import Contrast, Contrasts
from standoff.calibration import Range
from standoff.report import sheets
from standoff.report.render import filled_page
from standoff.report.scene import Scene
from tests.browsing import Opened
from tests.front import Texts
from tests.pages import keep_findings, run_of_front
from tests.proofs import first_of

AXE = Path(__file__).parents[1] / "viewer/node_modules/axe-core/axe.min.js"
DOTS = 50
FITS = "() => { const main = document.querySelector('main'); return main.scrollHeight <= main.clientHeight }"
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
  .filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length"""

WIDEST_GAP = """() => {
  const PARTS = ['answer', 'sure', 'questions', 'twelve', 'movers', 'wrong', 'onward']
  const parts = PARTS.map((one) => document.querySelector(`#brief .${one}`))
  const box = (one) => one.getBoundingClientRect()
  const shown = (one) => [...one.querySelectorAll('*')].filter((each) => each.getClientRects().length > 0)
  const end = (one) => Math.max(...shown(one).map((each) => box(each).bottom))
  const tops = [...new Set(parts.map((one) => Math.round(box(one).top)))].sort((a, b) => a - b)
  const before = (top) => Math.max(...parts.filter((one) => box(one).top < top - 1).map(end))
  return Math.max(...tops.slice(1).map((top) => top - before(top)))
}"""
"""The most room, in pixels, that stands empty between the lowest thing of a row of parts and the next row."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    keep_findings(made, "compare", "deciders")
    return made


@pytest.fixture(autouse=True)
def _brief(request: pytest.FixtureRequest) -> None:
    if "opened" in request.fixturenames:
        request.getfixturevalue("opened").go("brief")


def _texts(opened: Opened, selector: str) -> list[str]:
    return [" ".join(one.inner_text().split()) for one in opened.page.locator(selector).all()]


def _opened_with(browser: Any, folder: Path, said: Scene, **changed: Any) -> Opened:
    (folder / "report.html").write_text(filled_page(dataclasses.replace(said, **changed)), encoding="utf-8")
    return Opened(browser, folder / "report.html")


def test_the_page_opens_with_the_headline_of_the_brief(browser: Any, folder: Path, said: Scene) -> None:
    made = Opened(browser, folder / "report.html")
    assert said.brief.headline is not None
    assert made.page.locator("main h2").first.inner_text() == said.brief.headline.sentence
    in_fact = made.page.locator("#brief .sure .under").first.inner_text()
    assert in_fact == "◆ In fact it happened, although most runs said otherwise."
    assert made.complaints == []
    made.close()


def test_why_and_how_sure_stand_beside_the_headline(browser: Any, said: Scene, tmp_path: Path) -> None:
    assert "Chance alone leaves 11 to 30%" in said.reasons.how_sure
    why = "It turns on “the column comes”."
    ranges = (Range("chance alone", 0.11, 0.3, "11–30%"), Range("what nobody knows", 0.05, 0.6, "5–60%"))
    reasons = dataclasses.replace(said.reasons, label="Why the model says so", why=why, ranges=ranges)
    (tmp_path / "report.html").write_text(filled_page(dataclasses.replace(said, reasons=reasons)), encoding="utf-8")
    made = Opened(browser, tmp_path / "report.html")
    beside = ["◆ In fact it happened, although most runs said otherwise.", f"How sure? {said.reasons.how_sure}"]
    assert _texts(made, "#brief .sure .under") == beside
    assert _texts(made, "#brief .answer .under") == [f"Why the model says so: {why}"]
    assert _texts(made, "#brief .sure dt") == ["chance alone", "what nobody knows"]
    assert _texts(made, "#brief .sure dd") == ["11–30%", "5–60%"]
    drawn = made.page.locator("#brief .sure .band").evaluate_all("all => all.map(one => one.getAttribute('d'))")
    assert drawn == ["M11 4H30", "M5 4H60"]
    made.close()


def test_the_brief_needs_the_first_part_of_the_scene_alone(
    browser: Any, folder: Path, said: Scene, tmp_path: Path
) -> None:
    """What is shown first does not wait for the runs that the page holds: here they cannot even be read."""
    whole = (folder / "report.html").read_text(encoding="utf-8")
    first, dot, rest = whole.partition(".".join(["", re.findall(r"[A-Za-z0-9+/=]+\.([A-Za-z0-9+/=]{40,})<", whole)[0]]))
    assert dot
    (tmp_path / "cut.html").write_text(f"{first}.AAAA{rest}", encoding="utf-8")
    made = Opened(browser, tmp_path / "cut.html")
    assert said.brief.headline is not None
    assert made.page.locator("main h2").first.inner_text() == said.brief.headline.sentence
    assert made.page.locator("#brief .twelve li svg").count() == 12
    made.close()


def test_each_key_question_has_its_share_interval_word_and_record(opened: Opened, said: Scene) -> None:
    rows = _texts(opened, "#brief .questions li")
    by = {one.id: one for one in said.questions}
    assert len(rows) == len(said.brief.key_questions)
    for row, told in zip(rows, said.brief.key_questions, strict=True):
        asked = by[told.question]
        assert asked.ask in row
        assert asked.word in row and ("≈" in row) == asked.spans
        assert {"yes": "◆ happened", "no": "◆ did not happen"}.get(asked.outcome, "nothing recorded") in row
        yes = (asked.probability or 0.0) > 0.5
        assert ("most runs said" in row) == (asked.outcome in ("yes", "no") and yes != (asked.outcome == "yes"))
    assert sum("most runs said" in row for row in rows) == 1
    assert {"≈" in row for row in rows} == {True, False}
    town = rows[[one.question for one in said.brief.key_questions].index("town")]
    assert "18% 11–30%" in town and "armed group: 55–80%, model lower" in town


def test_a_miss_that_hangs_on_which_runs_were_made_only_leaned(browser: Any, said: Scene, tmp_path: Path) -> None:
    def missed(low: float, high: float) -> list[str]:
        close = {"outcome": "yes", "probability": 0.47, "low": low, "high": high}
        asked = [dataclasses.replace(one, **close) if one.id == "town" else one for one in said.questions]
        made = _opened_with(browser, tmp_path, said, questions=asked)
        rows = [row for row in _texts(made, "#brief .questions li") if "47%" in row]
        made.close()
        return rows

    [row] = missed(0.43, 0.52)
    assert "leaned no" in row and "most runs said" not in row
    [row] = missed(0.44, 0.49)
    assert "most runs said no" in row


def test_a_share_is_as_many_of_fifty_dots_and_the_bracket_is_the_range_of_the_source(
    opened: Opened, said: Scene
) -> None:
    town = next(one for one in said.questions if one.id == "town")
    assert town.probability is not None and town.forecast is not None
    strip = opened.page.locator("#brief .questions li", has_text="55–80%").locator("svg")

    def ends(kind: str) -> list[float]:
        return [float(part) for part in re.findall(r"[MH]([\d.]+)", strip.locator(kind).get_attribute("d") or "")]

    def dots(kind: str) -> int:
        """Dots are the dashes of lines, which have one at their beginning and then at every sixteenth point."""
        drawn = ends(kind)
        return sum(1 + int((end - begin) // 16) for begin, end in zip(drawn[::2], drawn[1::2], strict=True))

    yes, no = dots(".yes"), dots(".no")
    assert (yes, yes + no) == (round(DOTS * town.probability), DOTS) and ends(".hole") == ends(".no")
    assert strip.locator(".yes").evaluate("it => getComputedStyle(it).strokeDasharray") == "0px, 16px"
    low, high = ends(".source")
    width = float((strip.get_attribute("viewBox") or "").split()[2])
    assert [low / width, high / width] == pytest.approx([town.forecast.low, town.forecast.high], abs=0.003)


def test_twelve_maps_have_the_answers_and_holders_of_their_runs(opened: Opened, said: Scene) -> None:
    assert said.twelve is not None
    captions = _texts(opened, "#brief .twelve .caption")
    assert captions == [f"{'yes' if one.answer == 1 else 'no'} run {one.run}" for one in said.twelve.runs]
    colours = {actor.id: actor.colour for actor in said.stage.actors}
    on_sheet = [i for i, place in enumerate(said.twelve.places) if place in said.stage.sheets[0].places]
    ringed = next(i for i in on_sheet if said.stage.places[said.twelve.places[i]].id == "albukamal")
    differ = [i for i in on_sheet if i == ringed or len({one.held[i] for one in said.twelve.runs}) > 1]
    for at in (0, 11):
        drawn = opened.page.locator("#brief .twelve li").nth(at).locator("path.place").all()
        dots = {one.get_attribute("fill"): (one.get_attribute("d") or "").count("M") for one in drawn}
        held = [said.twelve.runs[at].held[i] for i in differ]
        small = opened.page.locator("#brief .twelve li").nth(at).locator("path.alike").get_attribute("d") or ""
        assert small.count("M") == len(on_sheet) - len(differ)
        wanted = Counter(colours[said.twelve.holders[code]] if code >= 0 else "--nobody" for code in held)
        assert len(dots) == len(wanted)
        assert all(many == wanted[next(one for one in wanted if one in (fill or ""))] for fill, many in dots.items())
        assert opened.page.locator("#brief .twelve li").nth(at).locator("circle.ring").count() == 1
    legend = _texts(opened, "#brief .legend span")
    used = {said.twelve.holders[one.held[i]] if one.held[i] >= 0 else "" for one in said.twelve.runs for i in differ}
    assert set(legend) == {said.stage.names.get(name, "nobody") for name in used}


def test_a_map_leads_to_its_run_where_the_page_holds_it_and_else_to_all(opened: Opened, said: Scene) -> None:
    assert said.twelve is not None
    there = {one.run for one in said.sampled}
    links = [one.get_attribute("href") or "" for one in opened.page.locator("#brief .twelve a").all()]
    for one, link in zip(said.twelve.runs, links, strict=True):
        assert link.startswith("#view=map")
        assert "place=albukamal" in link
        assert (f"run={one.run}" in link) == (one.run in there)


def test_what_moves_the_answer_is_clear_and_of_this_question(opened: Opened) -> None:
    """Of the made findings one policy moves the town; no what-if is about it, and 60 runs tell of no number."""
    assert _texts(opened, "#brief .movers li p") == [
        "What regime side does: with “press” rather than “hold”, yes more often, +61 points (+54 to +68)."
    ]


def test_numbers_that_move_the_answer_are_told_in_runs_with_their_difference(
    browser: Any, said: Scene, tmp_path: Path
) -> None:
    daring = Contrast("daring", 0.02, 0.04, 4, 20, 16, 20, 0.6, 0.32, 0.78, about="How much they dare.")
    (tmp_path / "report.html").write_text(
        filled_page(dataclasses.replace(said, contrasts=Contrasts(3, (daring,)))), encoding="utf-8"
    )
    made = Opened(browser, tmp_path / "report.html")
    assert _texts(made, "#brief .movers li p")[1] == (
        "Daring: yes in 80% (58–92%) where it is high, in 20% (8–42%) where it is low."
    )
    assert made.page.get_by_role("link", name="Daring").get_attribute("title") == "How much they dare."
    made.close()


def test_the_what_if_that_moves_a_key_question_most_is_told_also_of_another_question(
    browser: Any, said: Scene, tmp_path: Path
) -> None:
    compare = said.findings.compare
    assert compare is not None
    first = next(one for one in compare.questions if one.type != "number")

    def moved(question: str, by: float) -> QuestionDifference:
        paired = dataclasses.replace(first.paired, difference=by, low=by - 0.06, high=by + 0.06)
        return dataclasses.replace(first, question=question, paired=paired)

    both = (moved("town", 0.1), moved("town-never", 0.31), moved("town-never", 0.2))
    findings = dataclasses.replace(said.findings, compare=dataclasses.replace(compare, questions=both))
    (tmp_path / "report.html").write_text(filled_page(dataclasses.replace(said, findings=findings)), encoding="utf-8")
    made = Opened(browser, tmp_path / "report.html")
    first, *others = _texts(made, "#brief .others li p")
    asked = next(one for one in said.questions if one.id == "town-never")
    assert asked.probability is not None
    shares = [min(1.0, asked.probability + by) for by in (0.31, 0.25, 0.37)]
    middle = (shares[1] + shares[2]) / 2
    told = f"{numerals.percent(shares[0], like=middle)} ({numerals.percents(*shares[1:], like=middle)})"
    assert f"yes in {told}" in first
    assert first.endswith(f" instead of {numerals.percent(asked.probability)}.") and "alters another answer: " in first
    # Each of the other questions that matter once, with where its share goes.
    rows = [one.split(": ", 1)[1].rsplit(",", 1)[0] for one in (first, *others)]
    assert len(set(rows)) == len(rows)
    ends = _texts(made, "#brief .others li:first-child .ends span")
    assert {one.split(" ")[0] for one in ends} == {"○", "●"}
    made.close()


@pytest.mark.parametrize(("by", "place"), [(0.7, 0), (0.1, 2)])
def test_a_lever_is_among_the_three_movers_and_first_where_it_moves_the_answer_most(
    browser: Any, said: Scene, tmp_path: Path, by: float, place: int
) -> None:
    compare = said.findings.compare
    assert compare is not None
    first = next(one for one in compare.questions if one.type != "number")
    paired = dataclasses.replace(first.paired, difference=by, low=by - 0.06, high=by + 0.06)
    moved = dataclasses.replace(first, question="town", paired=paired)
    numbers = [
        Contrast(name, 0.02, 0.04, 4, 20, 16, 20, size, size - 0.1, size + 0.1)
        for name, size in (("daring", 0.6), ("patience", 0.5), ("radius", 0.4))
    ]
    compared = dataclasses.replace(compare, questions=(moved,))
    findings = dataclasses.replace(said.findings, compare=compared, deciders=None)
    changed = dataclasses.replace(said, findings=findings, contrasts=Contrasts(3, tuple(numbers)))
    (tmp_path / "report.html").write_text(filled_page(changed), encoding="utf-8")
    made = Opened(browser, tmp_path / "report.html")
    told = _texts(made, "#brief .movers li p")
    made.close()
    assert len(told) == 3
    (at,) = (i for i, one in enumerate(told) if "instead of 18%" in one)
    # The answer of the run, 0.18, moved by the difference of the pairs; no share is above 1.
    assert at == place and f"yes in {round(100 * min(1, 0.18 + by))}%" in told[at]


def test_misses_hindsight_and_limits_are_told(opened: Opened, said: Scene) -> None:
    told = _texts(opened, "#brief .wrong li")
    assert told[:3] == [said.brief.record, said.brief.hindsight, said.brief.misses[0].sentence]
    assert told[3].startswith(f"Left out: {said.leaves_out[0].removesuffix('.')}.")


def test_every_other_view_is_one_link_away(opened: Opened) -> None:
    links = opened.page.get_by_role("navigation", name="Look further").locator("a").all()
    addresses = [one.get_attribute("href") for one in links]
    assert addresses == ["#view=map", "#view=question&question=town", "#view=whatif", "#view=library"]


@pytest.mark.parametrize(("width", "height"), first_of([(1280, 720), (1280, 1000), (1920, 1080), (1000, 1300)]))
def test_the_brief_is_one_screen(opened: Opened, width: int, height: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": height})
    assert opened.page.evaluate(FITS)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.page.evaluate(STOPS) < 60
    opened.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize(("width", "height"), first_of([(1280, 720), (1920, 1080), (1000, 1300)]))
def test_long_texts_are_a_little_smaller_where_that_brings_them_onto_one_screen(
    browser: Any, said: Scene, tmp_path: Path, width: int, height: int
) -> None:
    reasons = dataclasses.replace(said.reasons, label="Why", why="So it is. ")
    made = _opened_with(browser, tmp_path, said, reasons=reasons)
    made.page.set_viewport_size({"width": width, "height": height})
    # A text that is just too long, until the window tells that it has changed.
    made.page.evaluate(f"""() => {{
      const text = document.querySelector('#brief .answer .under')
      while (({FITS})()) text.append('And so on. ')
    }}""")
    made.page.set_viewport_size({"width": width - 1, "height": height})
    made.page.wait_for_function(FITS)
    fit, letters = made.page.evaluate("""() => {
      const brief = document.querySelector('#brief')
      return [parseFloat(brief.style.getPropertyValue('--fit')), parseFloat(getComputedStyle(brief).fontSize)]
    }""")
    assert fit < 1 and letters >= 11.7
    made.page.set_viewport_size({"width": 390, "height": 844})
    made.page.wait_for_function("document.querySelector('#brief').style.getPropertyValue('--fit') === '1.000'")
    made.close()


def test_where_no_map_tells_the_twelve_runs_apart_their_answers_stand_beside_the_questions(
    browser: Any, said: Scene, tmp_path: Path
) -> None:
    """As where no place changes hands, or none is watched: a mark for each run in each row."""
    assert said.twelve is not None
    runs = [dataclasses.replace(one, held=said.twelve.runs[0].held) for one in said.twelve.runs]
    made = _opened_with(browser, tmp_path, said, twelve=dataclasses.replace(said.twelve, runs=runs))
    assert made.page.locator("#brief .twelve").count() == 0
    heads = made.page.locator("#brief .heads .runs a")
    assert heads.all_inner_texts() == [str(one.run) for one in runs]
    assert heads.first.get_attribute("href") in {f"#view=map&run={runs[0].run}", "#view=map"}
    marks = {True: "●", False: "○", None: "·"}
    for i, key in enumerate(said.brief.key_questions):
        row = made.page.locator("#brief .questions li").nth(i).locator(".marks span").all_inner_texts()
        at = said.twelve.asked.index(key.question) if key.question in said.twelve.asked else None
        assert row == ([] if at is None else [marks[one.answers[at]] for one in runs])
    assert made.page.evaluate(FITS) and made.complaints == []
    made.close()


def test_a_higher_window_has_larger_maps_and_rows(opened: Opened) -> None:
    """At the same width: what was saved as white space between the parts goes to the maps and the questions."""
    sizes = []
    for height in (720, 1000):
        opened.page.set_viewport_size({"width": 1280, "height": height})
        boxes = [opened.page.locator(one).first.bounding_box() for one in ("#brief .twelve a", "#brief .questions li")]
        sizes.append([one["height"] for one in boxes if one is not None])
        gap = opened.page.evaluate(WIDEST_GAP)
        assert gap < 0.12 * height, (height, gap)
    opened.page.set_viewport_size({"width": 1280, "height": 720})
    (map_low, row_low), (map_high, row_high) = sizes
    assert map_high > 1.2 * map_low and row_high > 1.2 * row_low


@pytest.mark.parametrize(("width", "scheme"), first_of([(390, "dark"), (1280, "light")]))
def test_axe_has_nothing_to_say_and_nothing_sticks_out(browser: Any, folder: Path, width: int, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("no axe-core here: cd viewer && npm ci")
    made = Opened(browser, folder / "report.html", width, scheme)
    assert made.page.evaluate("document.documentElement.scrollWidth") == width
    made.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = made.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    made.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_texts_of_any_length_stay_texts_and_within_a_phone(browser: Any, tmp_path: Path) -> None:
    texts = Texts(*["</script><img src=x onerror=\"document.title='owned'\">(7 runs (1 to 2)" + "x" * 9_000] * 7)
    made = Opened(browser, run_of_front(tmp_path, texts, full=True) / "report.html", 390)
    assert made.page.evaluate("document.documentElement.scrollWidth") == 390
    assert made.page.locator("#brief img").count() == 0
    assert made.page.locator("#brief h2 .interval").inner_text() == "(6 to 18)"
    assert made.complaints == []
    made.close()


def test_on_paper_the_brief_is_one_sheet_of_its_own(browser: Any, folder: Path, tmp_path: Path) -> None:
    made = Opened(browser, folder / "report.html")
    made.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    made.page.wait_for_selector("#brief + *", state="attached")
    # What follows begins on a sheet of its own, whatever there is of it.
    made.page.evaluate("document.querySelectorAll('#brief + * ~ *').forEach((one) => one.remove())")
    made.page.evaluate("document.querySelector('#brief + *').replaceChildren('what follows')")
    made.page.pdf(path=tmp_path / "brief.pdf", prefer_css_page_size=True)
    made.close()
    assert sheets(tmp_path / "brief.pdf") == 2


def test_a_scenario_without_questions_or_places_has_a_brief_too(browser: Any, said: Scene, tmp_path: Path) -> None:
    brief = dataclasses.replace(said.brief, headline=None, key_questions=(), record="", misses=(), hindsight="")
    file = tmp_path / "report.html"
    file.write_text(filled_page(dataclasses.replace(said, brief=brief, questions=[], twelve=None)), encoding="utf-8")
    made = Opened(browser, file)
    assert made.page.locator("main h2").first.inner_text() == "The scenario asks no question."
    assert made.complaints == []
    made.close()
