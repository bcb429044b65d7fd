"""The page shows what verbs kept in a run folder: those numbers and no others, and no file of any kind can break it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from standoff import analysis, report
from standoff.report import read_findings
from standoff.report.build import scene
from standoff.report.findings import Findings
from standoff.scenario import load
from tests.browsing import Opened
from tests.front import Texts, write_front
from tests.pages import FINDINGS, Elements, run_of_front

EXPLAIN = "explain-land-link"
NAMES = ("compare", "claims", "sense", EXPLAIN, "branch", "rare", "game", "levers", "deciders")
SCENARIO = "eastern-syria-2017-v2"
BROKEN = "cannot be drawn"
SHOWN: list[tuple[str, dict[str, str]]] = [
    ("brief", {}), ("map", {}), ("question", {}), ("library", {"part": "claims"}),
    *(("whatif", {"part": part}) for part in ("", "by-question", "boxes", "who-decides", "rare", "moment")),
]  # fmt: skip
"""Where what the files hold is shown, by view and part."""


def _content(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FINDINGS / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _keep(folder: Path, scenario: str, change: Callable[[Any], Any] = lambda one: one) -> None:
    for name in NAMES:
        content = change(_content(name)) | {"scenario": scenario}
        if name == "rare":
            content["question"] = "town-never"
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def _agrees(said: Any, written: Any) -> None:
    """Every field of the scene has the value that the file has, at any depth; a file may say more."""
    if isinstance(said, dict):
        for key, value in said.items():
            if key == "paired":  # the rows of a comparison hold their difference in a part of its own
                _agrees(value, written)
            elif value is not None or key.rstrip("_") in written:
                _agrees(value, written["differences" if key == "questions" and key not in written else key.rstrip("_")])
    elif isinstance(said, list | tuple):
        assert len(said) == len(written)
        for one, other in zip(said, written, strict=True):
            _agrees(one, other)
    else:
        assert said == written


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front without any findings."""
    return run_of_front(tmp_path_factory.mktemp("front"), Texts())


@pytest.fixture
def folder(front: Path, tmp_path: Path) -> Path:
    """A copy of it, for one test to add to."""
    return Path(shutil.copytree(front, tmp_path / "run"))


def _scenario(folder: Path) -> str:
    name: str = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["scenario"]
    return name


@pytest.fixture(scope="module")
def found() -> Findings:
    return read_findings.findings(FINDINGS, SCENARIO)


@pytest.mark.parametrize("name", ["compare", "claims", "branch", "rare", "game", "levers"])
def test_the_scene_holds_the_numbers_of_the_files_and_no_others(found: Findings, name: str) -> None:
    assert found.told == []
    _agrees(asdict(found)[name], _content(name))


def test_the_scene_holds_what_explains_each_question_that_was_asked(tmp_path: Path) -> None:
    asked = ("albukamal", "land-link")
    for question in asked:
        content = _content(EXPLAIN) | {"question": question}
        (tmp_path / f"explain-{question}.json").write_text(json.dumps(content), encoding="utf-8")
    found = read_findings.findings(tmp_path, SCENARIO)
    assert (found.told, [one.question for one in found.explain]) == ([], list(asked))
    for one in found.explain:
        _agrees(asdict(one), _content(EXPLAIN) | {"question": one.question})


def test_the_scene_holds_the_shares_indices_and_boxes_of_sense(found: Findings) -> None:
    written = _content("sense")
    assert found.sense is not None
    for said, one in zip(found.sense.questions, written["questions"], strict=True):
        _agrees(asdict(said), {"structure": None, "variants": [], "lacking": []} | one)
    largest = sorted((one | {"members": []} for one in written["indices"]), key=lambda index: -index["total"]["value"])
    _agrees([asdict(index) for index in found.sense.indices], largest)
    box, none = found.sense.boxes
    assert (box.across, box.up) == ("us_will", "mass_rate")  # the surest limit first
    rows = [(one["values"], one["yes"]) for one in written["boxes"][0]["points"]]
    points = [(values["us_will"], values["mass_rate"], yes) for values, yes in rows]
    assert box.points == points
    _agrees([asdict(limit) for limit in box.box.limits], written["boxes"][0]["limits"])
    names = ("coverage", "coverage_low", "coverage_high", "density", "density_low", "density_high", "mass", "base_rate")
    for plot, one in zip(found.sense.boxes, written["boxes"], strict=True):
        assert [getattr(plot.box, name) for name in names] == [one[name] for name in names]
    assert (none.box.limits, none.points, none.box.coverage) == ((), [], None)


def test_what_stands_inside_a_table_is_of_the_type_that_the_verb_writes(found: Findings) -> None:
    assert found.game is not None and found.game.quantal is not None
    assert type(found.game.quantal.shares["regime"]["press"]).__module__ == "standoff.strategy.game"


def test_the_scene_holds_what_hangs_on_who_decides_with_the_ends_of_each_swing(found: Findings) -> None:
    written = _content("deciders")
    assert found.deciders is not None
    assert [one.policy for one in found.deciders.questions[0].actors[1].means] == ["press", "hold"]
    for question in written["questions"]:
        for one in question["actors"]:
            ends = {one["swing"]["least"], one["swing"]["most"]}
            one["means"] = [mean for mean in one["means"] if mean["policy"] in ends]
    _agrees(asdict(found.deciders), written)


def test_the_weight_of_a_number_is_its_largest_index_over_the_questions(tmp_path: Path) -> None:
    content = _content("sense")
    template = content["indices"][0]
    content["indices"] = [
        template | {"question": question, "name": name, "total": {"value": value, "low": 0, "high": 1}}
        for question, name, value in [("a", "p", 0.2), ("b", "p", 0.7), ("c", "p", 0.1), ("a", "q", 0.9), ("b", "q", 0)]
    ]
    (tmp_path / "sense.json").write_text(json.dumps(content), encoding="utf-8")
    made = read_findings.findings(tmp_path, SCENARIO).sense
    assert made is not None
    assert [(one.name, one.question, one.total.value) for one in made.weights] == [("q", "a", 0.9), ("p", "b", 0.7)]


def test_of_many_indices_the_largest_of_each_question_are_held_and_the_rest_counted(tmp_path: Path) -> None:
    content = _content("sense")
    template = content["indices"][0]
    content["indices"] = [
        template | {"question": question, "name": f"p{i}", "total": {"value": i / 100, "low": 0, "high": 1}}
        for question in ("land-link", "oil-of-sdf")
        for i in range(40)
    ]
    content["boxes"][0]["points"] *= 5
    (tmp_path / "sense.json").write_text(json.dumps(content), encoding="utf-8")
    made = read_findings.findings(tmp_path, SCENARIO).sense
    assert made is not None
    of_one = [index.name for index in made.indices if index.question == "oil-of-sdf"]
    assert of_one == [f"p{i}" for i in range(39, 24, -1)]
    assert (len(made.indices), made.indices_left_out) == (30, 50)
    assert (len(made.boxes[0].points), made.boxes[0].points_left_out) == (400, 200)


@pytest.fixture(scope="module")
def made_by_verbs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what compare and sense write of the front; here the kernel may have to be compiled."""
    place = tmp_path_factory.mktemp("verbs")
    written = write_front(place / "front.yaml")
    front = load(written)
    what = {"no daring": load(written, settings={"daring": 0.001}), "the same": load(written)}
    (place / "compare.json").write_text(analysis.compare(front, what, runs=12, seed=3).to_json(), encoding="utf-8")
    (place / "sense.json").write_text(analysis.sense(front, runs=10, seed=3).to_json(), encoding="utf-8")
    return place


def test_what_compare_and_sense_write_is_what_the_page_reads(made_by_verbs: Path) -> None:
    compared, sensed = (json.loads((made_by_verbs / f"{name}.json").read_text()) for name in ("compare", "sense"))
    forces = [one["series"] for one in compared["series"] if one["series"].startswith("forces[")]
    made = read_findings.findings(made_by_verbs, compared["scenario"], forces=forces)
    assert made.told == [] and forces
    compared["series"] = [one for one in compared["series"] if one["series"] not in forces]
    _agrees(asdict(made)["compare"], compared)
    assert made.compare is not None and made.compare.unchanged == ("the same",)
    assert made.sense is not None
    assert [one.mean for one in made.sense.questions] == [one["mean"] for one in sensed["questions"]]


def _deep(levels: int) -> str:
    return "[" * levels + "]" * levels


def _with(name: str, change: Callable[[dict[str, Any]], object]) -> str:
    content = _content(name)
    change(content)
    return json.dumps(content)


DAMAGED = {
    "no JSON": ("claims", "{", "claims.json"),
    "nothing": ("claims", "", "claims.json"),
    "bytes of something else": ("rare", "\x00\x01PK", "rare.json"),
    "a list": ("compare", "[1, 2]", "compare.json"),
    "very deep": (EXPLAIN, _deep(100_000), f"{EXPLAIN}.json"),
    "not a number": ("rare", _with("rare", lambda one: one.update(estimate=float("nan"))), "estimate"),
    "without end": ("compare", _with("compare", lambda one: one["differences"][0].update(high=float("inf"))), "high"),
    "a word for a number": ("sense", _with("sense", lambda one: one["questions"][0].update(mean="much")), "mean"),
    "a number for a word": ("claims", _with("claims", lambda one: one["claims"][2].update(says=7)), "claims.2.says"),
    "an unknown verdict": ("claims", _with("claims", lambda one: one["claims"][0].update(verdict="proved")), "verdict"),
    "a missing field": (EXPLAIN, _with(EXPLAIN, lambda one: one.pop("stories")), "stories"),
    "runs below zero": ("rare", _with("rare", lambda one: one.update(particles=-1)), "particles"),
    "too many names": ("compare", _with("compare", lambda one: one.update(whats=one["whats"] * 200)), "whats"),
    "an unknown standing": ("game", _with("game", lambda one: one["equilibria"][0].update(standing="?")), "standing"),
    "a share without end": (
        "game",
        _with("game", lambda one: one["equilibria"][0]["shares"]["rebels"].update(stand_ready=float("inf"))),
        "stand_ready",
    ),
    "another criterion": ("levers", _with("levers", lambda one: one["best"][0].update(criterion="luck")), "best.0"),
    "no questions": ("deciders", _with("deciders", lambda one: one.pop("questions")), "questions"),
    "another scenario": ("sense", _with("sense", lambda one: one.update(scenario="elsewhere")), "'elsewhere'"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_file_that_cannot_be_shown_is_told_of_in_one_sentence(tmp_path: Path, case: str) -> None:
    name, text, word = DAMAGED[case]
    for other in NAMES:
        shutil.copy(FINDINGS / f"{other}.json", tmp_path)
    (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    made = read_findings.findings(tmp_path, SCENARIO)
    assert len(made.told) == 1
    assert made.told[0].startswith(f"{name}.json is not shown: ") and word in made.told[0]
    assert "\n" not in made.told[0] and len(made.told[0]) < 400
    assert [one for one in NAMES if not getattr(made, one.partition("-")[0])] == [name]


def test_what_is_no_file_or_too_large_a_file_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "claims.json").mkdir()
    os.mkfifo(tmp_path / "compare.json")  # which to read would take for ever
    shutil.copy(FINDINGS / "sense.json", tmp_path)
    monkeypatch.setattr(read_findings, "LARGEST_FILE", 1000)
    told = read_findings.findings(tmp_path, SCENARIO).told
    assert sorted(one.split(".")[0] for one in told) == ["claims", "compare", "sense"]


def test_a_run_without_findings_has_none(front: Path) -> None:
    assert scene(front).findings == Findings(None, None, None, [], None, None, None, None, None, [])


CLAIMS = [
    "A pro-regime unit that enters the exclusion zone is struck from the air.", "✓ holds", "✗ reversed",
    "≈ not distinguishable", "+1.42 events", "+1.18 to +1.66", "128 of 160 pairs differ",
    "the source says “if needed”", "carnegie-2017#p6 bi-2017#p15",
    "+1.87 events", "181 runs against 119", "from 74% to 83%", "+9 points",
    "too few runs", "against ratchet", "(coupled sampler, seed 1)",
]  # fmt: skip
"""What an analyst reads of the claims of tests/findings; the tests of the other views have theirs."""


def _read(browser: Any, page: Path) -> dict[str, str]:
    """What each view says, opened one after the other, and that none complained."""
    made = Opened(browser, page)
    texts = {}
    for view, words in SHOWN:
        made.go(view, **{name: word for name, word in words.items() if word})
        made.page.wait_for_timeout(50)
        texts[" ".join([view, *words.values()])] = " ".join((made.page.locator("main").text_content() or "").split())
        assert made.page.locator("main img").count() == 0
    titles = made.page.title()
    made.close()
    assert made.complaints == []
    assert "owned" not in titles.split(" · ")[0]
    return texts


def test_the_claims_say_what_their_file_says(browser: Any, folder: Path) -> None:
    _keep(folder, _scenario(folder))
    report.write_report(folder)
    shown = _read(browser, folder / "report.html")["library claims"]
    assert [words for words in CLAIMS if words not in shown] == []


HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><svg/onload=alert(1)>\u202e\u2028" + "x" * 5_000

FIXED = {"verdict", "kind", "by", "question", "date", "standing", "criterion"}
"""Texts of a file that must be one of a few."""


def _hostile(of: Any, key: str = "") -> Any:
    """The same content with every text that may be any text replaced, and every parameter of a point."""
    if isinstance(of, dict):
        point = key == "values" and all(isinstance(one, float | int) for one in of.values())
        return {HOSTILE if point else name: _hostile(of[name], name) for name in of}
    if isinstance(of, list):
        return [_hostile(one, key) for one in of]
    return HOSTILE if isinstance(of, str) and key not in FIXED else of


def test_hostile_findings_neither_run_nor_break_the_page(browser: Any, folder: Path) -> None:
    _keep(folder, _scenario(folder), _hostile)
    page = report.write_report(folder)
    html = page.read_text(encoding="utf-8")
    empty, written = Elements(report.page()), Elements(html)
    assert written.tags == empty.tags and "<" not in written.packed
    (only,) = json.loads(written.data)["findings"]["told"]  # the scenario words none of these claims so
    assert only.startswith("claims.json tests claims that have changed in the scenario since")
    assert "\\u202e" not in written.data and "x" * 2_000 not in written.data
    assert [view for view, text in _read(browser, page).items() if BROKEN in text] == []


def test_numbers_at_the_edge_of_what_can_be_written_are_drawn(browser: Any, folder: Path) -> None:
    """A file can be right in form and empty or absurd in content."""

    def absurd(content: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(content)
        for number in ("0.47", "0.34", "0.6", "1.42", "3.1e-05", "0.045"):
            text = text.replace(f": {number},", ": -1e308,")
        changed: dict[str, Any] = json.loads(text)
        return changed | {"pivotal": [], "levels": []}

    _keep(folder, _scenario(folder), absurd)
    texts = _read(browser, report.write_report(folder))
    assert [view for view, text in texts.items() if re.search(f"{BROKEN}|NaN|Infinity|undefined", text)] == []
