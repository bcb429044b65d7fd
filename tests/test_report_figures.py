"""Figures say the numbers of the run folder, are plain SVG, and need no browser; a PDF without one is refused."""

from __future__ import annotations

import json
import re
import shutil
import struct
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from standoff import report
from standoff.analysis.answers import wilson
from standoff.analysis.spread import Share
from standoff.calibration import Told
from standoff.cli import main
from standoff.errors import UsageError
from standoff.numerals import figure, percent, percent_with_interval, percents, points, typeset, with_interval
from standoff.report.figures import browser, drawn_of
from standoff.report.figures.map_legend import CORRIDORS
from standoff.report.figures.sheet import day_at, day_words
from standoff.report.frames import Holder
from standoff.report.scene import Scene
from tests.front import Texts
from tests.pages import FINDINGS, RUNS, figures_of, run_of_front, said_of

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = [
    "questions-1", "deals-1", "fans-1", "fans-2", "passages-1", "ladders-1", "map", "pivots-1", "tornado",
    "what-ifs-1", "claims-1", "game-1",
]  # fmt: skip
HOSTILE = "</text><script>alert(1)</script>\u202e\"'" + "x" * 10_000


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.report.figures.browser.shutil.which", lambda name: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front, with a deal and levels, and with what verbs could keep in it."""
    made = run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)
    scenario = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    for name in ("claims", "compare", "explain-land-link", "sense", "game"):
        content = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8")) | {"scenario": scenario}
        (made / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def drawn(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ElementTree.Element]:
    """The figures by name; they are read as XML, so they are well formed."""
    written = figures_of(folder, tmp_path_factory.mktemp("figures"))
    return {path.stem: ElementTree.fromstring(path.read_text(encoding="utf-8")) for path in written}


def _share(runs: int) -> str:
    around = wilson(runs, RUNS)
    return percent_with_interval(runs / RUNS, around.low, around.high)


def _texts(of: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in of.iter(f"{SVG}text")]


def test_every_kind_of_figure_is_drawn_from_what_the_folder_holds(drawn: dict[str, ElementTree.Element]) -> None:
    assert list(drawn) == DRAWN
    tags = {element.tag.removeprefix(SVG) for one in drawn.values() for element in one.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "text", "g", "clipPath"}


def test_the_forest_plot_says_the_probabilities_and_intervals_of_the_run(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    texts = _texts(drawn["questions-1"])
    for question in said_of(folder).questions:
        if question.probability is not None:
            assert percent(question.probability) in texts
            assert percents(question.low or 0, question.high or 0, like=question.probability) in texts
    assert texts.count("yes") == texts.count("no") == 1
    # The dot of the first question stands at its share of the axis.
    share = said_of(folder).questions[0].probability
    dot = next(drawn["questions-1"].iter(f"{SVG}circle"))
    assert share is not None and float(dot.attrib["cx"]) == pytest.approx(300 + 152 * share, abs=0.06)


def test_the_questions_that_come_first_stand_first(folder: Path) -> None:
    made = said_of(folder)
    shares = [one for one in made.questions if one.probability is not None]
    made.brief = replace(made.brief, headline=Told(shares[-1].id, ""), key_questions=(Told(shares[-2].id, ""),))
    said = " ".join(_texts(ElementTree.fromstring(drawn_of(made)["questions-1"])))
    asks = [" ".join(one.ask.split()[:4]) for one in (shares[-1], shares[-2], shares[0])]
    assert [said.index(ask) for ask in asks] == sorted(said.index(ask) for ask in asks)


def test_the_map_has_a_pie_or_a_mark_for_each_place_on_the_sheet(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    stage = said_of(folder).stage
    on_sheet = [stage.places[i].name for i in stage.sheets[0].places]
    rims = [one for one in drawn["map"].iter(f"{SVG}circle") if one.attrib["r"] == "8.7"]
    assert len(rims) == len(on_sheet) == 9
    texts = _texts(drawn["map"])
    assert "50 km" in texts and set(on_sheet) & set(texts)
    made = said_of(folder)
    step = _reading_by(made, made.questions[0].date)
    holders = [holder for holding in made.ensemble.control for holder in holding.holders if holder.id == "regime"]
    assert figure(sum(holder.runs[step] for holder in holders) / made.head.runs) in texts


def _reading_by(made: Scene, day: str) -> int:
    """The last reading by a date, which may not be the last of all."""
    until = (date.fromisoformat(day) - date.fromisoformat(made.stage.starts)).days + 1
    return max(i for i, time in enumerate(made.stage.times) if min(time, made.stage.days - 1) < until)


def test_the_map_shows_every_corridor_by_how_often_it_is_open_on_the_date_of_the_main_question(folder: Path) -> None:
    made = said_of(folder)
    made.brief = replace(made.brief, headline=Told(made.questions[1].id, ""))
    made.questions[1].date = "2017-07-15"
    step = _reading_by(made, "2017-07-15")
    assert 0 < step < len(made.stage.times) - 1
    opened = {made.stage.corridors[one.corridor].name: one.runs[step] for one in made.ensemble.open}
    assert len(opened) == len(made.stage.corridors) > 0 and any(one.any_path for one in made.stage.corridors)
    drawn = ElementTree.fromstring(drawn_of(made)["map"])
    texts = _texts(drawn)
    for one in made.stage.corridors:
        assert f"{one.name}{', by any road' if one.any_path else ''}: open in {_share(opened[one.name])}" in texts
    day = day_words(day_at(made.stage.starts, made.stage.times[step], made.stage.days))
    assert any(text.endswith(f"who holds what on {day}") for text in texts)
    for i, one in enumerate(made.stage.corridors):
        paths = [path for path in drawn.iter(f"{SVG}path") if path.get("stroke") == CORRIDORS[i]]
        assert {float(path.attrib["stroke-width"]) for path in paths} == {round(1.5 + 5 * opened[one.name] / RUNS, 2)}


def test_holders_have_their_marks_in_pies_and_legend(folder: Path) -> None:
    made = said_of(folder)
    drawn = ElementTree.fromstring(drawn_of(made)["map"])
    patterns = {one.attrib["id"].split("-")[0] for one in drawn.iter(f"{SVG}pattern")}
    assert patterns - {"nobody"} == {one.mark for one in made.stage.actors} - {""} != set()
    # Swatches are circles, slices of pies are paths.
    for kind in ("circle", "path"):
        assert any(one.get("fill", "").startswith("url(#") for one in drawn.iter(f"{SVG}{kind}")), kind


def test_claims_and_indices_stand_with_their_intervals(drawn: dict[str, ElementTree.Element]) -> None:
    texts = _texts(drawn["claims-1"])
    assert {"+1.42 (+1.18 to +1.66) events", "+6 (+2 to +10) points", "✓ holds", "✗ reversed", "≈ open"} <= set(texts)
    panels = [one for one in texts if one.startswith(("Probability, in", "In "))]
    assert panels == ["Probability, in percentage points", "In events", "In companies", "In fields", "In days"]
    texts = _texts(drawn["tornado"])
    assert {"us will", "0.42 (0.31 to 0.54)"} <= set(texts)
    assert "share of an answer’s variance that remains when everything else" in " ".join(texts)


def test_figures_say_what_an_identifier_means(folder: Path) -> None:
    made = said_of(folder)
    assert made.findings.sense is not None and made.findings.compare is not None
    what, event = made.findings.compare.whats[0], made.findings.explain[0].pivotal[0].event
    made.meanings |= {"us_will": "How long Washington stays", what: "Nobody defends the zone", event: "The assault"}
    drawn = {name: _texts(ElementTree.fromstring(svg)) for name, svg in drawn_of(made).items()}
    assert "How long Washington stays" in drawn["tornado"] and "us will" not in drawn["tornado"]
    assert "Nobody defends the zone" in drawn["what-ifs-1"] and "The assault" in drawn["pivots-1"]


def test_what_weighs_less_is_counted_and_bounded(folder: Path) -> None:
    made = said_of(folder)
    sense = made.findings.sense
    assert sense is not None
    first = sense.questions[0]
    indices = [
        replace(sense.indices[0], question=first.question, name=f"n{i}", total=Share(0.5 - 0.0414 * i, 0.0, 0.6))
        for i in range(9)
    ]
    made.findings.sense = replace(sense, questions=(first,), indices=indices, indices_left_out=25)
    assert "30 others, each 0.34 or less." in _texts(ElementTree.fromstring(drawn_of(made)["tornado"]))


def test_a_game_is_a_matrix_with_its_equilibria_and_the_gains_by_leaving_them(
    drawn: dict[str, ElementTree.Element],
) -> None:
    texts = _texts(drawn["game-1"])
    assert {"3.41 (3.20–3.62)", "25.3 (23.7–26.9)", "[1]", "[2] 15%, [3]", "[2] 45%"} <= set(texts)
    assert {"+13.1 (+10.7 to +15.5) days", typeset("-2.9 (-3.3 to -2.5) points")} <= set(texts)
    told = " ".join(texts)
    assert "[1] ✓ settled: regime side as written; rebels side stand ready" in told
    assert "[2] ≈ not distinguishable: regime side hold 75%, press 25%; rebels side as written 60%, stand ready" in told
    dashes = [one for one in drawn["game-1"].iter(f"{SVG}path") if one.get("stroke-dasharray") == "3 2"]
    assert len(dashes) == 3 + 5 + 3  # a tolerance beside each gain


def test_passages_and_ladders_say_the_shares_at_the_end_with_their_intervals(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    made, passages, ladders = said_of(folder), _texts(drawn["passages-1"]), _texts(drawn["ladders-1"])
    once = [one for one in made.questions if one.once]
    assert once and made.ensemble.ladders
    for question in once:
        assert f"{_share(round((question.probability or 0) * RUNS))} by 31 Aug 2017" in passages
    for ladder in made.ensemble.ladders:
        assert set(ladder.rungs) <= set(ladders)
        assert all(_share(runs[-1]) in ladders for runs in ladder.runs)
        assert sum(runs[-1] for runs in ladder.runs) == RUNS


def test_the_strip_of_a_level_is_as_full_as_its_share(folder: Path, drawn: dict[str, ElementTree.Element]) -> None:
    runs = said_of(folder).ensemble.ladders[0].runs[-1]
    strip = next(
        one.attrib["d"] for one in drawn["ladders-1"].iter(f"{SVG}path") if one.attrib.get("opacity") == "0.45"
    )
    heights = [float(point.split()[1]) for point in re.split("[ML]", strip.rstrip("Z")) if point]
    foot, tops = heights[0], heights[1:-1]
    assert [round((foot - top) / 23, 2) for top in tops] == pytest.approx([n / RUNS for n in runs], abs=0.006)


def test_deals_say_who_gains_with_the_interval_and_the_median(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    texts = _texts(drawn["deals-1"])
    (deal,) = said_of(folder).deals
    for party in deal.parties:
        for gain in party.gains:
            assert gain.accepts.share is not None and gain.median is not None
            assert percent_with_interval(gain.accepts.share, gain.accepts.low or 0, gain.accepts.high or 0) in texts
            median = with_interval(gain.median, gain.median_low or 0, gain.median_high or 0, plus=True)
            assert typeset(median) in texts
    portions = [*deal.together, *deal.in_force]
    assert {percent_with_interval(one.share or 0, one.low or 0, one.high or 0) for one in portions} <= set(texts)


def test_what_ifs_say_the_differences_that_are_clear_of_zero_and_count_the_others(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    made, texts = said_of(folder).findings.compare, _texts(drawn["what-ifs-1"])
    assert made is not None
    shares = [one for one in made.questions if one.type != "number"]
    clear = [one for one in shares if one.paired.low > 0 or one.paired.high < 0]
    said = {one: typeset(points(one.paired.difference, one.paired.low, one.paired.high)) for one in shares}
    assert clear and all(said[one] in texts for one in clear)
    assert not any(said[one] in texts for one in shares if one not in clear)
    assert "−47.0 (−50.1 to −43.9)" in texts and "1 answer without a clear change." in texts
    assert "Changes nothing: in all 1,000 pairs the runs are identical, event for event." in texts


def test_pivots_stand_at_the_share_in_which_their_loss_undoes_the_yes(
    folder: Path, drawn: dict[str, ElementTree.Element]
) -> None:
    (made,) = said_of(folder).findings.explain
    dots = [float(one.attrib["cx"]) for one in drawn["pivots-1"].iter(f"{SVG}circle")]
    tested = [one for one in made.pivotal if one.share is not None]
    assert dots == pytest.approx([302 + 160 * (one.share or 0) for one in tested], abs=0.06)
    texts = _texts(drawn["pivots-1"])
    seen = [one for one in texts if one.startswith("yes in ")]
    assert seen[0] == "yes in 231 of 233 runs with it, 54 of 67 without" and len(seen) == len(tested)
    assert "yes in 284 of 299 runs with it, 1 of 1 without" in seen
    assert sum(one.startswith("selection ") for one in texts) == len(tested) - 1
    for one in tested:
        share = percent_with_interval(one.share or 0, one.low or 0, one.high or 0)
        assert f"{share}, {one.undone} of {one.tested}" in texts


def test_every_figure_fits_a_page_and_its_letters_are_legible(
    drawn: dict[str, ElementTree.Element], folder: Path
) -> None:
    """At most 160 by 220 mm and 6.5 pt at least, captions of 25 words; a letter is estimated at half of its size."""
    big = {name: ElementTree.fromstring(svg) for name, svg in drawn_of(_crowded(said_of(folder))).items()}
    assert len(big) > 2 * len(drawn)
    for name, one in [*drawn.items(), *big.items()]:
        wide, high = (float(one.attrib[side].removesuffix("mm")) for side in ("width", "height"))
        assert wide <= 160 and high <= 220, (name, wide, high)
        box = [float(side) for side in one.attrib["viewBox"].split()]
        assert box == [0, 0, 4 * wide, 4 * high], name
        assert 0 < len((one.findtext(f"{SVG}desc") or "").split()) <= 25, name
        for text in one.iter(f"{SVG}text"):
            size, x, y = (float(text.attrib[at]) for at in ("font-size", "x", "y"))
            assert size / 4 / 25.4 * 72 >= 6.5, (name, text.text)
            long = 0.5 * size * len(text.text or "")
            left = x - {"end": long, "middle": long / 2}.get(text.attrib.get("text-anchor", ""), 0)
            assert left > 0 and left + long < box[2] and size < y < box[3], (name, text.text)


def _crowded(made: Scene) -> Scene:
    """The same with far more of everything, and long names."""
    findings, ensemble, stage = made.findings, made.ensemble, made.stage
    assert findings.sense and findings.claims and findings.compare and findings.game
    long = "a name that goes on and on " * 8
    made.questions = [replace(one, ask=f"{i} {long}") for i in range(40) for one in made.questions]
    made.deals = tuple(replace(one, parties=one.parties * 9) for one in made.deals * 4)
    stage.charts, ensemble.fans = stage.charts * 3, ensemble.fans * 3
    ensemble.ladders = [replace(one, rungs=one.rungs * 9, runs=one.runs * 9) for one in ensemble.ladders * 3]
    stage.corridors = [replace(one, name=f"{long} {i}") for i in range(30) for one in stage.corridors]
    ensemble.control = [
        replace(one, holders=[*one.holders, *(Holder(f"{long} {i}", [1] * len(stage.times)) for i in range(50))])
        for one in ensemble.control
    ]
    findings.explain = [replace(one, pivotal=one.pivotal * 20) for one in findings.explain]
    splits = tuple(replace(one, question=f"q{i}", ask=long) for i in range(60) for one in findings.sense.questions[:1])
    indices = [replace(one, question=split.question) for split in splits for one in findings.sense.indices[:15]]
    findings.sense = replace(findings.sense, questions=splits, indices=indices)
    differences = tuple(replace(one, ask=long) for one in findings.compare.questions * 30)
    whats = tuple(f"{long} {i}" for i in range(9)) + findings.compare.whats
    findings.compare = replace(findings.compare, whats=whats, questions=differences)
    findings.claims = replace(findings.claims, claims=findings.claims.claims * 10)
    across, down = findings.game.players
    more = tuple(f"policy {i}" for i in range(40))
    findings.game = replace(
        findings.game,
        players=(across, replace(down, policies=more)),
        equilibria=tuple(replace(one, gains=one.gains * 9) for one in findings.game.equilibria * 9),
    )
    return made


def test_time_ends_where_the_question_does_and_what_never_happens_has_no_axis(folder: Path) -> None:
    made = said_of(folder)
    once = next(one for one in made.questions if one.once)
    assert once.course is not None
    once.date, other = "2017-07-15", replace(once, id="never", ask="Does it rain?", probability=0.0)
    other.course = replace(once.course, true_runs=[0] * len(made.stage.times))
    made.questions = [once, other]
    texts = _texts(ElementTree.fromstring(drawn_of(made)["passages-1"]))
    dates = [one for one in texts if re.fullmatch(r"\d+ \w{3} 2017", one)]
    assert len(dates) == 3 and dates[-1] == "15 Jul 2017"
    assert f"In none of {RUNS} runs, {_share(0)}: Does it rain?" in texts and texts.count("100%") == 1


def test_the_same_folder_gives_the_same_figures(folder: Path, tmp_path: Path) -> None:
    one, other = (report.write_figures(folder, tmp_path / name) for name in ("one", "other"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_hostile_texts_stay_texts_in_figures(tmp_path: Path) -> None:
    texts = Texts(*[HOSTILE] * 7)
    for path in report.write_figures(run_of_front(tmp_path, texts, full=True), tmp_path / "figures"):
        svg = path.read_text(encoding="utf-8")
        assert {one.tag for one in ElementTree.fromstring(svg).iter()}.isdisjoint({"script", f"{SVG}script"})
        assert "\u202e" not in svg and "x" * 2_000 not in svg


def test_a_pdf_without_a_browser_is_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"needs a Chromium.*print it"):
        report.printed(folder / "report.html")


def test_the_command_names_what_it_drew_and_refuses_a_pdf_without_a_browser(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def called(*arguments: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["standoff", "report", str(folder), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out.split(), said.err

    code, told, _ = called("--figures", str(tmp_path))
    assert code == 0 and told[0] == str(folder / "report.html")
    assert told[1:] == [str(tmp_path / f"{name}.svg") for name in DRAWN]
    code, _, error = called("--pdf")
    assert code == 2 and "needs a Chromium" in error
    code, _, error = called("--all")
    assert code == 2 and "give --pdf as well" in error


def test_sheets_are_counted_only_where_the_tree_of_pages_is_told(tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    page, root = b"<</Type /Page\n/Parent 3 0 R>>", b"<</Type /Pages\n/Count %d\n/Kids [1 0 R 2 0 R]>>"
    for content, count in ((page * 2 + root % 2, 2), (page * 2 + root % 7, None), (b"%PDF-1.7 /ObjStm", None)):
        pdf.write_bytes(content)
        assert report.sheets(pdf) == count


@pytest.mark.skipif(not any(map(shutil.which, browser.NAMES)), reason="no Chromium on this machine")
def test_a_browser_makes_png_and_pdf_and_says_on_how_many_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    page = tmp_path / "report.html"
    page.write_text(
        "<script>for (let i = 0; i < (location.hash === '#paper=all' ? 20 : 3); i++)"
        "document.write('<p style=\"break-after: page\">leaf')</script>",
        encoding="utf-8",
    )
    pdf = report.printed(page, everything=True)
    assert pdf.read_bytes().startswith(b"%PDF-") and report.sheets(pdf) == 20
    svg = tmp_path / "small.svg"
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320"/>', encoding="utf-8")
    png = browser.picture(svg).read_bytes()
    # 160 by 80 mm at 300 dots to the inch, to whole pixels of the window
    wide, high = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and abs(wide - 1890) <= 4 and abs(high - 945) <= 4
