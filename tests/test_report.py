"""The report says what the run folder holds, and nothing of a scenario can act inside it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml

from standoff import calibration, report
from standoff.engine.parameters import draw_parameter
from standoff.errors import UsageError
from standoff.model import ground
from standoff.report import fans, frames, map_windows, run_tables
from standoff.report import scene as shapes
from standoff.report.build import scene
from standoff.report.prior_text import prior_words
from standoff.report.render import filled_page
from standoff.scenario import load, parse_prior
from tests.front import PLACES, Texts, front
from tests.pages import RUNS, Elements, drawn_by_a_browser, figures_of, run_of_front
from tools import write_types

ROOT = Path(__file__).parents[1]
HOSTILE = Texts(
    title="</script><script>document.title='owned'</script>",
    about='"><img src=x onerror="document.title=\'owned\'">',
    ask="<b onmouseover=alert(1)>‮Will</b> {it} &amp; ${it}?",
    says="<!--<script>javascript:alert(1)// ' \" ` \\u003c",
    label="<svg/onload=document.title='owned'>" + "x" * 10_000,
    kind="</style><style>*{display:none}</style>",
    name="<img src=x onerror=\"document.title='owned'\">" + "‮" + "name" * 2_500,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front, and its report."""
    return run_of_front(tmp_path_factory.mktemp("front"), Texts())


@pytest.fixture(scope="module")
def drawn(folder: Path) -> shapes.Scene:
    return scene(folder)


@pytest.mark.parametrize("module", write_types.TYPES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_types_of_the_page_are_those_of_the_report(module: ModuleType) -> None:
    path = write_types.FOLDER / f"{module.__name__.rpartition('.')[2]}.ts"
    assert path.read_text(encoding="utf-8") == write_types.typescript(module), "run make types"


def test_a_field_of_another_type_gives_another_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    before = write_types.typescript(frames)
    monkeypatch.setitem(frames.Frame.__annotations__, "day", "str | None")
    assert "  day: number\n" in before
    assert write_types.typescript(frames) == before.replace("  day: number\n", "  day: string | null\n")


def test_the_pies_count_the_runs_in_which_each_actor_holds_each_place(folder: Path, drawn: shapes.Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    labels = json.loads((folder / "manifest.json").read_text())["series"][0]["labels"]
    assert len(drawn.ensemble.control) == len(PLACES)
    for holding in drawn.ensemble.control:
        column = f"control[{drawn.stage.places[holding.place].id}]"
        for step in (0, 7, len(drawn.stage.times) - 1):
            at = series.filter(pl.col("time") == drawn.stage.times[step])[column].to_list()
            expected = {who: at.count(code) for code, who in enumerate(labels)} | {"": at.count(-1)}
            said = {holder.id: holder.runs[step] for holder in holding.holders}
            assert {who: n for who, n in said.items() if n} == {who: n for who, n in expected.items() if n}
            assert sum(said.values()) == RUNS == drawn.head.runs


def test_the_order_of_change_is_that_of_the_series(folder: Path, drawn: shapes.Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    move = next(move for move in drawn.ensemble.moves if drawn.stage.places[move.place].id == "sukhnah")
    before, days, heirs = [], [], []
    for _, rows in series.group_by("run", maintain_order=True):
        held = rows["control[sukhnah]"].to_list()
        step = next((i for i, now in enumerate(held) if now != held[0]), None)
        if step is not None:
            before.append(rows["time"][step - 1])
            days.append(rows["time"][step])
            heirs.append(held[step])
    assert move.begins == "isis"
    assert move.changed == len(days) > 10
    expected = [np.quantile(bound, [0.25, 0.5, 0.75]).tolist() for bound in (before, days)]
    assert move.quartiles == list(zip(*expected, strict=True))
    assert move.next_runs == max(heirs.count(heir) for heir in set(heirs))
    assert sum(story.runs for story in move.successions) <= RUNS
    still = next(move for move in drawn.ensemble.moves if drawn.stage.places[move.place].id == "hamadan")
    assert (still.changed, still.quartiles, still.successions[0].runs) == (0, [], RUNS)


RATIOS = """
standoff: 1
title: Watches that divide
starts: 2017-01-01
ends: 2017-01-31
every: 10 days
state: {a: {}, c: {}, z: {}}
rules:
  step: {rate: 0.5, then: ["a += 1"]}
  other: {rate: 0.05, then: ["c += 1"]}
questions:
  many: {ask: Many?, when: "a > 15", by: 2017-01-31}
watch: {ratio: {of: "a / c"}, never: {of: "a / z"}}
"""


def test_a_watch_that_is_no_finite_number_in_some_runs_is_drawn_from_the_others(tmp_path: Path) -> None:
    (tmp_path / "ratios.yaml").write_text(RATIOS, encoding="utf-8")
    made = tmp_path / "run"
    calibration.run(load(str(tmp_path / "ratios.yaml")), runs=40, seed=7, out=made)
    assert ":NaN" not in (data := Elements(report.write_report(made).read_text(encoding="utf-8")).data)
    assert ",NaN" not in data and "[NaN" not in data
    ratio, never = scene(made).ensemble.fans
    last = pl.read_parquet(made / "series.parquet").filter(pl.col("time") == pl.col("time").max())["ratio"].to_numpy()
    known = last[np.isfinite(last)]
    assert ratio.finite_runs is not None and ratio.quantiles is not None
    assert 0 < ratio.finite_runs[-1] == len(known) < 40
    assert [level[-1] for level in ratio.quantiles] == pytest.approx(np.quantile(known, fans.LEVELS).tolist(), rel=1e-4)
    assert ratio.finite_runs[0] == 0 and [level[0] for level in ratio.quantiles] == [None] * 5
    assert never.finite_runs == [0] * len(scene(made).stage.times)
    drawn = next(path for path in figures_of(made, tmp_path) if path.name == "fans-1.svg")
    words = " ".join(re.sub(r"<[^>]*>", " ", text := drawn.read_text(encoding="utf-8")).split())
    assert "not finite" in words and "nan" not in text


def test_fans_are_quantiles_and_truths_are_counts(folder: Path, drawn: shapes.Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    charts = list(zip(drawn.stage.charts, drawn.ensemble.fans, strict=True))
    fan = next(fan for chart, fan in charts if chart.index == ["regime"])
    assert fan.quantiles is not None
    for step in (0, 11):
        values = series.filter(pl.col("time") == drawn.stage.times[step])["held[regime]"].to_numpy()
        said = [level[step] for level in fan.quantiles]
        assert said == pytest.approx(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(), rel=1e-4)
    link = next(fan for chart, fan in charts if chart.watch == "link")
    counts = [series.filter(pl.col("time") == t)["link"].sum() for t in drawn.stage.times]
    assert link.true_runs == counts == drawn.ensemble.open[0].runs
    assert 0 < max(counts) <= RUNS


def test_questions_and_scores_are_those_of_questions_json(folder: Path, drawn: shapes.Scene) -> None:
    kept = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    assert [one.id for one in drawn.questions] == [one["id"] for one in kept["questions"]]
    for said, one in zip(drawn.questions, kept["questions"], strict=True):
        names = ("probability", "low", "high", "runs", "spans", "type", "median_low")
        assert [getattr(said, name) for name in names] == [one[name] for name in names]
    assert [asdict(score) for score in drawn.scores] == kept["scores"]
    assert drawn.warning == kept["warning"] != ""
    forecast = drawn.questions[0].forecast
    assert forecast is not None
    assert (forecast.low, forecast.high, forecast.locators) == (0.55, 0.8, ("paper-2017#p3",))


def test_a_radius_with_several_values_is_drawn_once_for_each_with_its_runs(folder: Path, drawn: shapes.Scene) -> None:
    values = pl.read_parquet(folder / "parameters.parquet")["radius"].to_list()
    rings = drawn.stage.zones[0].rings
    assert {ring.km: ring.runs for ring in rings} == {25.0: values.count(25), 55.0: values.count(55)}


def test_parameters_show_what_was_drawn_and_what_it_rests_on(folder: Path, drawn: shapes.Scene) -> None:
    table = pl.read_parquet(folder / "parameters.parquet")
    by_name = {one.name: one for one in drawn.parameters}
    daring = table["daring"].to_numpy()
    assert (by_name["daring"].mean, by_name["daring"].low) == pytest.approx((daring.mean(), np.quantile(daring, 0.05)))
    assert (by_name["daring"].assumption, by_name["radius"].assumption) == (True, False)
    assert (by_name["patience"].hindsight, by_name["daring"].hindsight) == (True, False)
    assert by_name["radius"].evidence[0].locator == "paper-2017#p3"


def test_sampled_runs_are_those_of_the_event_table(folder: Path, drawn: shapes.Scene) -> None:
    events = pl.read_parquet(folder / "events.parquet")
    columns = [field.name for field in fields(frames.Happening)]
    assert 1 < len(drawn.sampled) <= 5
    for sample in drawn.sampled:
        rows = events.filter(pl.col("run") == sample.run)
        told = [event for frame in sample.frames for event in frame.events]
        words = [word for frame in sample.frames for word in frame.words]
        assert sample.total == rows.height == len(told)
        for name in ("rule", "source", "target", "place"):
            at = columns.index(name)
            said = [None if event[at] == -1 else words[int(event[at] or 0)] for event in told]
            assert said == rows[name].to_list()


def test_a_frame_stands_on_those_before_it_alone(folder: Path, drawn: shapes.Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    labels = json.loads((folder / "manifest.json").read_text())["series"][0]["labels"]
    sample = drawn.sampled[0]
    own = series.filter(pl.col("run") == sample.run)
    assert [frame.day for frame in sample.frames] == drawn.stage.times == own["time"].to_list()
    words: list[str] = []
    held: dict[int, str] = {}
    begin = -1.0
    for step, frame in enumerate(sample.frames):
        words += frame.words
        held |= {place: words[word] if word >= 0 else "" for place, word in frame.held}
        assert all(begin < float(event[0] or 0) <= frame.day for event in frame.events)
        assert all(-1 <= int(event[at] or 0) < len(words) for event in frame.events for at in range(1, 8))
        begin = frame.day
        for place, who in held.items():
            code = own[f"control[{drawn.stage.places[place].id}]"][step]
            assert who == (labels[code] if code >= 0 else "")
    assert len(held) == len(PLACES) > len(sample.frames[1].held)


def test_a_corridor_names_its_ends_and_whose_hands_are_friendly(drawn: shapes.Scene) -> None:
    corridor = drawn.stage.corridors[0]
    assert [drawn.stage.places[i].id for i in corridor.ends] == ["baghdad", "damascus"]
    assert (corridor.any_path, corridor.paths) == (True, [])
    assert corridor.friendly == ["regime", "militia", "iraq", ""]


def test_a_second_sheet_is_there_where_a_place_lies_beyond_the_first(drawn: shapes.Scene) -> None:
    first, second = drawn.stage.sheets
    assert first.ground.known and second.ground.known
    assert {"Iran", "Lebanon"} <= {land.name for land in second.ground.lands}
    ids = {place.id for place in drawn.stage.places}
    assert {drawn.stage.places[i].id for i in second.places} == ids
    beyond = {"hamadan", "damascus", "baghdad"}
    assert {drawn.stage.places[i].id for i in first.places} == ids - beyond
    near = [place for place in drawn.stage.places if place.id not in beyond]
    assert [len(sheet.places) for sheet in map_windows.sheets(near)] == [len(near)]


def test_actors_without_a_colour_get_one_that_no_other_has(drawn: shapes.Scene) -> None:
    colours = [actor.colour for actor in drawn.stage.actors]
    assert len({colour.upper() for colour in colours}) == len(colours)
    assert all(re.fullmatch("#[0-9a-fA-F]{6}", colour) for colour in colours)


def _said(prior: str, **cuts: float) -> str:
    return prior_words(parse_prior(prior, **cuts))


def test_a_prior_is_told_in_words() -> None:
    assert _said("choice(25, 55, weights=[0.3, 0.7])") == "either 25 (30%) or 55 (70%)"
    assert _said("3") == "fixed at 3"
    assert _said("uniform(5, 40)") == "anything from 5 to 40, all equally likely"
    assert "between 0.00879 and 0.0455" in _said("lognormal(median=0.02, sigma=0.5)")


CUT = ("normal(-1, 1, at_least=0)", "normal(2, 1, at_most=1)", "lognormal(0.02, 0.5, at_least=0.02, at_most=0.06)",
       "normal(0, 1, at_least=-0.5, at_most=2)", "exponential(3, at_least=1, at_most=10)")  # fmt: skip


@pytest.mark.parametrize("prior", CUT)
def test_the_range_of_a_cut_prior_is_that_of_its_draws(prior: str, tmp_path: Path) -> None:
    plain = front() | {"parameters": front()["parameters"] | {"cut": {"prior": prior}}}
    (tmp_path / "cut.yaml").write_text(yaml.safe_dump(plain), encoding="utf-8")
    model = ground(load(tmp_path / "cut.yaml").resolved)
    (parameter,) = [one for one in model.parameters if one.name == "cut"]
    drawn = draw_parameter(parameter, seed=5, runs=np.arange(20_000, dtype=np.int64))
    words = re.match(r"about (\S+), nine in ten between (\S+) and (\S+) ", _said(prior))
    assert words is not None
    middle, low, high = map(float, words.groups())
    shares = [float(np.mean(drawn <= value)) for value in (low, middle, high)]
    assert shares == pytest.approx([0.05, 0.5, 0.95], abs=0.012)  # seven standard errors and the rounding of the words


def test_a_cut_beside_the_prior_counts_as_one_inside_it() -> None:
    assert _said("normal(-1, 1)", at_least=0) == _said("normal(-1, 1, at_least=0)")
    assert _said("normal(-1, 1)", at_least=0).endswith(", cut off below 0")
    assert "-" not in _said("normal(-1, 1)", at_least=0).partition(" (")[0]


def test_the_page_points_at_nothing_outside_itself(folder: Path) -> None:
    html = (folder / "report.html").read_text(encoding="utf-8")
    page = Elements(html)
    assert all(target.startswith(("#", "data:,")) for target in page.targets)
    assert "default-src 'none'" in html
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\s*\(", report.page())
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", report.page())


def test_the_page_is_small(folder: Path) -> None:
    assert len(report.page()) < 400_000
    assert (folder / "report.html").stat().st_size < 2_400_000


@pytest.mark.parametrize("long", [0, 10**9], ids=["on threads", "on one"])
def test_the_same_folder_gives_the_same_page(folder: Path, long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tables, "LONG", long)
    before = (folder / "report.html").read_bytes()
    assert report.write_report(folder).read_bytes() == before


def test_no_part_of_the_page_takes_text_as_markup() -> None:
    for source in (file for file in (ROOT / "viewer/src").rglob("*") if file.is_file()):
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"@html|innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a scenario whose every text tries to break out."""
    return run_of_front(tmp_path_factory.mktemp("hostile"), HOSTILE) / "report.html"


def test_hostile_texts_stay_texts(hostile: Path) -> None:
    html = hostile.read_text(encoding="utf-8")
    page, empty = Elements(html), Elements(report.page())
    assert page.tags == empty.tags
    data: dict[str, Any] = json.loads(page.data)
    assert data["head"]["title"] == HOSTILE.title
    assert data["questions"][0]["ask"] == HOSTILE.ask
    assert "<" not in page.packed
    assert all(len(name) <= 60 and "‮" not in name for name in data["stage"]["names"].values())


def test_hostile_texts_do_nothing_in_a_browser(browser: Any, hostile: Path) -> None:
    dom = drawn_by_a_browser(browser, hostile)
    drawn = Elements(dom)
    assert "<main" in dom
    assert "<title>owned" not in dom
    assert "img" not in drawn.tags
    assert drawn.tags.count("script") == Elements(report.page()).tags.count("script")
    # The page's own styles, which it carries packed.
    assert drawn.tags.count("style") == 1 and "style" not in Elements(report.page()).tags


def test_a_page_that_was_not_built_says_how_to_build_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("standoff.report.render.files", lambda package: tmp_path)
    with pytest.raises(UsageError, match="npm run build"):
        report.page()


def test_a_folder_that_is_no_run_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a run folder"):
        report.write_report(tmp_path)


def test_data_that_holds_the_mark_is_not_filled_twice(drawn: shapes.Scene) -> None:
    assert filled_page(drawn).count("/*STANDOFF-DATA*/") == 0
