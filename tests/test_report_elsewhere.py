"""A scenario anywhere in the world gets a map of its places, and a report that follows what its author changes."""

from __future__ import annotations

import errno
import os
import re
import shlex
import shutil
from html import unescape
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from standoff import calibration, report
from standoff.cli.app import app
from standoff.report.build import scene
from standoff.report.map_windows import frame
from standoff.scenario import load
from tests.browsing import Opened
from tests.pages import Elements, drawn_by_a_browser, figures_of, said_of
from tests.proofs import first_of

STRAIT = """
standoff: 1
title: Two posts across the date line
starts: 2020-01-01
ends: 2020-01-31
actors: {us: {kind: state}, rus: {kind: state}}
places: {west: {at: [65.78, 179.9]}, east: {at: [65.75, -179.9]}, south: {at: [65.5, 179.95]}}
routes: [{between: [west, east]}]
zones: {strait: {centre: west, radius: 25, holder: us, excludes: [rus]}}
state: {holder: {of: place, is: actor}}
begin: {holder: {west: rus, east: us}}
rules: {flip: {rate: 0.05, then: ['holder[west] = us'], event: ASSAULT by us on rus at west, evidence: assumption}}
questions: {q: {ask: "Is it us?", when: 'holder[west] == us', at: 2020-01-31}}
watch: {control: {for: {p: place}, of: 'holder[p]', shows: holder}}
"""
ISLAND = """
standoff: 1
title: An island, and a place far away
starts: 1962-10-16
ends: 1962-11-28
actors: {us: {}, constructor: {name: Builders}}
places:
  banes: {at: [20.97, -75.71]}
  mariel: {at: [22.99, -82.75]}
  line: {at: [24.0, -67.5]}
  incirlik: {at: [37.0, 35.4]}
routes: [{between: [line, mariel]}, {between: [mariel, banes]}]
parameters: {run: {prior: 'uniform(100, 500)', unit: km, evidence: assumption}}
zones: {ring: {centre: banes, radius: run, holder: us, excludes: [constructor]}}
corridors: {lane: {from: line, to: banes, friendly: [constructor, none]}}
state: {holder: {of: place, is: actor}}
begin: {holder: {banes: constructor}}
rules: {take: {for: {p: place}, when: p in ring, rate: 0.02, then: ['holder[p] = us'], event: ASSAULT by us at p}}
questions: {q: {ask: Does it fall?, when: 'holder[banes] == us', by: 1962-11-28, recorded: {outcome: no}}}
record: {seen: {at: 1962-10-20, event: ASSAULT by us at banes, holder: us}}
watch: {control: {for: {p: place}, of: 'holder[p]', shows: holder}, open: {of: open_lane}}
claims: {c: {says: First wording, raise: take, expect: 'holder[banes] == us comes sooner', evidence: assumption}}
"""
END = "1962-11-28"
HOLDER = "constructor"
"""The id of an actor, and of what every object of JavaScript has."""


def _run(text: str, place: Path, name: str = "it.yaml") -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    calibration.run(load(place / name), runs=12, seed=7, out=place / "run")
    report.write_report(place / "run")
    return place / "run"


@pytest.fixture(scope="module")
def strait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two posts on both sides of the date line."""
    return _run(STRAIT, tmp_path_factory.mktemp("strait"))


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run around an island, and one place on the other side of an ocean."""
    return _run(ISLAND, tmp_path_factory.mktemp("island"))


def _svg(run: Path, into: Path) -> ElementTree.Element:
    drawn = next(path for path in figures_of(run, into) if path.name == "map.svg")
    return ElementTree.fromstring(drawn.read_text(encoding="utf-8"))


def test_a_frame_goes_by_way_of_the_date_line_where_that_is_shorter() -> None:
    assert frame([(179.9, 65.78), (-179.9, 65.75)]) == (179.9, 65.75, 180.1, 65.78)
    assert frame([(-179.5, 0), (-175, 1), (170, 2)]) == (170, 0, 185, 2)
    assert frame([(-75.71, 20.97), (35.4, 37.0)]) == (-75.71, 20.97, 35.4, 37.0)
    assert frame([(40.0, 34.0)]) == (40.0, 34.0, 40.0, 34.0)


def test_posts_across_the_date_line_stand_side_by_side_on_the_map(strait: Path, tmp_path: Path) -> None:
    """They are 9.7 km apart, and 31 km from the third post."""
    circles = _svg(strait, tmp_path).iter("{http://www.w3.org/2000/svg}circle")
    spots = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in circles if one.attrib["r"] == "8.7"]
    (west, east, south) = [complex(*spot) for spot in dict.fromkeys(spots)]
    assert abs(west - east) / abs(west - south) == pytest.approx(9.7 / 31.2, rel=0.03)


def test_the_page_shows_the_same_and_the_zone_around_them(browser: Any, strait: Path) -> None:
    dom = drawn_by_a_browser(browser, strait / "report.html", "#view=map")
    pies = re.findall(r'<g class="pie[^>]* transform="translate\(([\d.]+),([\d.]+)\)"', dom)
    west, east, south = (complex(float(x), float(y)) for x, y in pies)
    (ring,) = re.findall(r'<path class="zone[^"]*" d="([^"]+)"', dom)
    across = [float(x) for x in re.findall(r"[ML](-?[\d.]+),", ring)]
    assert abs(west - east) / abs(west - south) == pytest.approx(9.7 / 31.2, rel=0.05)
    assert (max(across) - min(across)) / abs(west - south) == pytest.approx(50 / 31.2, rel=0.05)
    assert re.search(r'<path class="country[^"]*" d="M', dom) or re.search(r'd="M[^"]*" class="country', dom)


def test_the_map_of_an_island_shows_the_island_and_a_wider_one_what_is_far_away(island: Path, tmp_path: Path) -> None:
    """The map of Cuba was that of Turkey."""
    near, wide = said_of(island).stage.sheets
    assert near.places == [0, 1, 2] and near.frame == (-82.75, 20.97, -67.5, 24.0)
    assert wide.places == [0, 1, 2, 3] and wide.frame == (-82.75, 20.97, 35.4, 37.0)
    named = {land.name for land in near.ground.lands if land.label is not None}
    assert "Cuba" in named and "Turkey" not in {land.name for land in near.ground.lands}
    assert "Turkey" in {land.name for land in wide.ground.lands}
    texts = [one.text for one in _svg(island, tmp_path).iter("{http://www.w3.org/2000/svg}text")]
    assert "Banes" in texts and "Incirlik" not in texts
    assert any("Outside this map: Incirlik" in (text or "") for text in texts)


def test_a_radius_by_a_parameter_called_run_has_its_ring(island: Path) -> None:
    (zone,) = said_of(island).stage.zones
    assert len(zone.rings) == 3 and 100 < zone.rings[1].km < 500
    assert all(run.radii[0] is not None for run in said_of(island).sampled)


def test_an_actor_called_constructor_holds_what_it_holds_in_the_runs(browser: Any, island: Path) -> None:
    told = Elements(drawn_by_a_browser(browser, island / "report.html", f"#view=map&at={END}")).sections["map"]
    holders = [holder for one in said_of(island).ensemble.control for holder in one.holders]
    held = sum(holder.runs[-1] for holder in holders if holder.id == HOLDER)
    assert f"Builders {held / 12:.1f}" in told
    assert "NaN" not in told and "function" not in told and "undefined" not in told


def test_the_corridors_of_the_figure_are_drawn_and_told(island: Path, tmp_path: Path) -> None:
    svg = _svg(island, tmp_path)
    texts = [one.text or "" for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert any(text.startswith("Lane, by any road: open in ") for text in texts)
    thick = [one for one in svg.iter("{http://www.w3.org/2000/svg}path") if one.attrib.get("stroke") == "#8e5bb5"]
    lines = [one.attrib["d"] for one in thick if one.attrib["d"].count("L") == 2]
    assert len(lines) == 1  # by way of mariel, where no path is named


SMALL = {
    "compare": ["--runs", "5"], "claims": ["--runs", "100"], "sense": ["--runs", "10"],
    "explain": ["--runs", "20", "--stories", "0"], "branch": ["--runs", "5"],
    "rare": ["--replicates", "2", "--particles", "10"],
}  # fmt: skip


@pytest.mark.parametrize("some", first_of([["compare"], [*SMALL]]), ids=["one", "all"])
def test_the_commands_that_the_report_prints_run_as_they_are(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, some: list[str]
) -> None:
    given = "a folder; it's mine/it.yaml"
    (tmp_path / given).parent.mkdir()
    (tmp_path / given).write_text(ISLAND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--quiet"])
        assert result.exit_code == 0, result.output
        return result.output

    called("run", given, "--runs", "12", "--jobs", "1", "--out", "made")
    dom = drawn_by_a_browser(browser, tmp_path / "made" / "report.html", "#view=library&part=method")
    lines = [unescape(one) for one in re.findall(r"<code[^>]*>(standoff [^<]* --into RUN)</code>", dom)]
    verbs = {shlex.split(line)[1]: shlex.split(line)[1:] for line in lines}
    assert set(verbs) == set(SMALL)
    for verb in some:
        called(*("made" if word == "RUN" else word for word in verbs[verb]), *SMALL[verb])
    made = scene(tmp_path / "made")
    assert made.head.given == given and made.findings.told == []
    assert [verb for verb in SMALL if getattr(made.findings, verb)] == [verb for verb in SMALL if verb in some]
    assert len(made.findings.explain) == ("explain" in some)


def test_a_scenario_that_was_loaded_from_a_file_is_named_by_its_path(island: Path) -> None:
    assert Path(said_of(island).head.given) == island.parent / "it.yaml"


def test_places_on_one_spot_are_drawn_there(browser: Any, tmp_path: Path) -> None:
    """The map had nothing to fit, and drew everything at NaN."""
    one_spot = STRAIT.replace("[65.75, -179.9]", "[65.78, 179.9]").replace("[65.5, 179.95]", "[65.78, 179.9]")
    dom = drawn_by_a_browser(browser, _run(one_spot, tmp_path) / "report.html", "#view=map")
    assert "translate(" in dom
    assert "translate(NaN" not in dom


def test_a_figure_is_xml_whatever_stands_in_a_text(tmp_path: Path) -> None:
    made = _run(ISLAND.replace("Does it fall?", '"Does \\uFFFE it fall?"'), tmp_path)
    drawn = [file for file in figures_of(made, tmp_path / "figures") if file.suffix == ".svg"]
    assert [ElementTree.fromstring(file.read_text(encoding="utf-8")).tag[-3:] for file in drawn] == ["svg"] * len(drawn)
    assert len(drawn) > 2


@pytest.mark.parametrize(
    ("was", "becomes"), first_of([("First wording", "Second wording"), ("raise: take", "raise: take, by: 3")])
)
def test_a_corrected_record_or_claim_reaches_the_report(tmp_path: Path, was: str, becomes: str) -> None:
    made = _run(ISLAND, tmp_path)
    (tmp_path / "run" / "claims.json").write_text(
        '{"scenario": "it", "seed": 1, "error": 0.01, "at_most": 10, "claims": [{"id": "c", "says": "First wording", '
        '"mechanism": [], "hedge": null, "cause": "raise take times 2", "expect": '
        '"holder[banes] == us comes sooner", "verdict": "holds", "effect": 1, "low": 1, '
        '"high": 1, "unit": null, "base": 0, "changed": 1, "runs": 10, "evidence": [], "against": [], '
        '"selection": null}]}'
    )
    assert scene(made).findings.told == []
    before = (made / "series.parquet").stat().st_mtime_ns
    _run(ISLAND.replace("1962-10-20", "1962-10-25").replace(was, becomes), tmp_path)
    after = scene(made)
    assert (made / "series.parquet").stat().st_mtime_ns == before
    assert [one.day for one in after.world.record] == [9]
    assert after.findings.told == [
        "claims.json tests claims that have changed in the scenario since; run 'standoff claims' again."
    ]


def _told(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["report", str(folder)])
    assert "Traceback" not in result.output and result.exception.__class__ in (SystemExit, type(None))
    return result.exit_code, result.output


@pytest.mark.parametrize("table", ["series", "events", "parameters", "answers"])
def test_a_damaged_table_is_named_in_one_sentence(strait: Path, tmp_path: Path, table: str) -> None:
    made = Path(shutil.copytree(strait, tmp_path / "run"))
    whole = (made / f"{table}.parquet").read_bytes()
    (made / f"{table}.parquet").write_bytes(whole[: len(whole) // 2])
    code, said = _told(made)
    assert code == 2 and f"{table}.parquet is damaged" in said and said.count("\n") == 1


def test_a_report_that_cannot_be_written_is_told_in_one_sentence(strait: Path, tmp_path: Path) -> None:
    made = Path(shutil.copytree(strait, tmp_path / "run"))
    (made / "report.html").unlink()
    (made / "report.html").mkdir()
    code, said = _told(made)
    assert code != 0 and "report.html" in said and said.count("\n") == 1
    assert not list(made.glob(".report*"))


def test_a_disk_that_fills_while_a_report_is_written_leaves_the_one_before(
    strait: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Path(shutil.copytree(strait, tmp_path / "run"))
    (made / "report.html").write_text("the one before", encoding="utf-8")

    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("standoff.ensemble.store._flush", full)
    with pytest.raises(OSError, match="No space left on device"):
        report.write_report(made)
    assert (made / "report.html").read_text(encoding="utf-8") == "the one before"
    assert not list(made.glob(".report*"))


def _write(folder: str) -> int:
    return len(report.write_report(Path(folder)).read_bytes())


@pytest.mark.slow
def test_many_reports_of_one_folder_at_once_are_all_whole(strait: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        sizes = pool.map(_write, [str(strait)] * 12, chunksize=1)
    assert len(set(sizes)) == 1 and not list(strait.glob(".report*"))


def test_what_is_kept_of_a_scenario_is_made_of_the_text_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another process writes between two looks at a file would be kept under the name of the text before."""
    file = tmp_path / "strait.yaml"
    file.write_text(STRAIT, encoding="utf-8")
    folder = calibration.run(load(file), runs=5, seed=1, out=tmp_path / "run").folder

    def changed(path: Path) -> str:
        path.write_text(STRAIT.replace("title:", "about: Another.\ntitle:", 1), encoding="utf-8")
        return STRAIT + "# as it was\n"

    monkeypatch.setattr("standoff.report.build._read", changed)
    assert scene(folder).head.about == ""


DRAINED = """
standoff: 1
title: A store that drains
starts: 1962-10-16T09:00
ends: 1962-10-29
actors: {us: {}}
state: {fuel: {at_least: 0, unit: ton}, patrols: {at_least: 0}}
begin: {fuel: 100}
flows: {fuel: {rate: -6, unit: ton/day, evidence: assumption}}
rules: {patrol: {every: 8 hours, then: ['patrols += 1'], event: MOBILIZE by us, evidence: assumption}}
questions: {half: {ask: When is half of it gone?, first: 'fuel < 50', by: 1962-10-28}}
watch: {fuel: {of: fuel}}
"""


def test_the_page_tells_a_moment_by_the_minute_as_the_terminal_does(browser: Any, tmp_path: Path) -> None:
    """100 tons are half gone after 50/6 days: eight days and eight hours. A patrol leaves every eight hours."""
    run = _run(DRAINED, tmp_path / "it")
    told = CliRunner().invoke(app, ["ask", str(run)]).output
    assert "1962-10-24T17:00" in told
    opened = Opened(browser, run / "report.html")
    opened.go("question")
    assert "24 October 1962, 17:00" in opened.page.locator("#main").inner_text()
    events = [event for frame in scene(run).sampled[0].frames for event in frame.events]
    minutes = [float(event[0] or 0) * 1440 for event in events]
    assert minutes[:4] == pytest.approx([480, 960, 1440, 1920], abs=1e-6)
    opened.go("library", part="log")
    log = opened.page.locator("#main").inner_text()
    assert "16 October 1962, 17:00" in log and "17 October 1962, 01:00" in log and ":59" not in log
    assert opened.complaints == []
    opened.close()


NOBODYS = """
standoff: 1
title: A pipe that is shut
starts: 2020-01-01
ends: 2020-01-31
actors: {us: {}, rus: {}}
places: {source: {at: [51.2, 35.3]}, sink: {at: [48.6, 22.3]}}
routes: [{from: source, to: sink}]
state: {shut: {is: truth}}
rules: {shuts: {when: not shut, rate: 0.05, then: [shut = true], event: COERCE by rus on us at source}}
questions: {q: {ask: Is it shut?, when: shut, by: 2020-01-31}}
"""


def test_a_map_of_places_that_nobody_holds_does_not_speak_of_holders(browser: Any, tmp_path: Path) -> None:
    run = _run(NOBODYS, tmp_path / "it")
    figure = " ".join("".join(one.itertext()) for one in _svg(run, tmp_path / "figures").iter())
    assert "where it happens" in figure and "who holds what" not in figure and "Pies" not in figure
    opened = Opened(browser, run / "report.html")
    assert "who holds what" not in opened.page.inner_text("main")
    opened.go("map")
    assert opened.page.inner_text("#map-title") == "Where it happens"
    legend = opened.page.inner_text(".legend")
    assert "does not say who holds them" in legend and "Holders" not in legend
    assert "Control" not in opened.page.inner_text("#map .bar")
    assert opened.complaints == []
    opened.close()


CLASSROOM = resources.files("standoff") / "scenarios" / "classroom"
VIEWS = "nav[aria-label='Views'] a"


def _classroom(browser: Any, model: str, folder: Path) -> Opened:
    text = (CLASSROOM / f"{model}.yaml").read_text(encoding="utf-8")
    return Opened(browser, _run(text, folder, f"{model}.yaml") / "report.html")


def _at(opened: Opened, address: str) -> tuple[str, str]:
    """What the list of views marks at an address, and what the page warns of."""
    opened.page.goto("about:blank")
    opened.page.goto(opened.address + address)
    opened.page.wait_for_selector("main > *")
    warned = " ".join(opened.page.locator("p.warning").all_inner_texts())
    return opened.page.locator(f"{VIEWS}[aria-current]").inner_text(), warned


def test_without_places_and_watches_no_view_is_called_a_map_nor_empty(browser: Any, tmp_path: Path) -> None:
    """Its events are told run by run, its questions have courses through time."""
    opened = _classroom(browser, "chicken", tmp_path)
    assert opened.page.locator(VIEWS).all_inner_texts() == ["Brief", "Question", "What if", "Library"]
    assert "map" not in opened.page.inner_text(".onward").lower()
    assert opened.page.locator(".onward a").count() == 3
    asked = "a map (no place of the scenario has coordinates)"
    view, warned = _at(opened, "#view=map")
    assert view == "Question" and asked in warned
    assert _at(opened, "#at=2000-01-02") == ("Question", "")
    view, warned = _at(opened, "#place=island")
    assert view == "Question" and "a place “island”" in warned
    run = scene(tmp_path / "run").shown_runs[0]
    assert _at(opened, f"#run={run}") == ("Library", "")
    assert f"Events of run {run}" in str(opened.page.locator("ol.long").get_attribute("aria-label"))
    assert opened.page.locator("a[href*='view=map']").count() == 0
    opened.page.emulate_media(media="print")
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.wait_for_selector("#brief ~ *")
    assert opened.page.locator("#map").count() == 0
    assert opened.complaints == []
    opened.close()


def test_without_places_what_is_watched_has_a_course_with_the_clock(browser: Any, tmp_path: Path) -> None:
    opened = _classroom(browser, "spiral", tmp_path)
    assert opened.page.locator(VIEWS).all_inner_texts() == ["Brief", "Course", "Question", "What if", "Library"]
    run = scene(tmp_path / "run").shown_runs[0]
    assert _at(opened, f"#view=map&run={run}") == ("Course", "")
    parts = opened.page.locator("nav[aria-label='Parts of the course'] a")
    assert parts.all_inner_texts() == ["Numbers through time"]
    assert opened.page.locator("#fans svg").count() >= 1
    assert opened.page.locator("[aria-label='Events of the run'] button").count() >= 1
    assert opened.page.locator("svg[role=application]").count() == 0
    assert "so there is no map" in opened.page.inner_text("#drawer")
    assert opened.complaints == []
    opened.close()
