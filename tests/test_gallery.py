"""The gallery and the classroom models: each is checked, runs, and has a page that says what it teaches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from standoff import calibration
from standoff.display import Table
from standoff.ensemble import DateAnswer, YesNoAnswer
from standoff.report import write_report
from standoff.scenario import bundled, catalogue, check, entry_of, find, load
from tests.browsing import Opened
from tests.proofs import first_of

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = {entry.name: entry for entry in catalogue()}
GALLERY = bundled("gallery")
CLASSROOM = bundled("classroom")
SMALL = [*GALLERY, *CLASSROOM]
FITS = "() => { const main = document.querySelector('main'); return main.scrollHeight <= main.clientHeight }"
INDEX = ROOT / "docs" / "gallery.md"


def lines_of(name: str) -> int:
    return len(find(name)[1].read_text(encoding="utf-8").splitlines())


def test_every_bundled_scenario_is_on_one_shelf() -> None:
    assert sorted(ENTRIES) == sorted(bundled())
    assert sorted(ENTRIES) == sorted([*bundled("theatre"), *SMALL])
    assert all(ENTRIES[name].theatre for name in bundled("theatre"))


def test_a_scenario_is_of_a_theatre_by_what_it_builds_on_and_not_by_its_name(tmp_path: Path) -> None:
    text = "standoff: 1\ntitle: Two posts\nteaches: >\n  That posts\n  stay.\nstarts: 2017-01-01\nends: 2017-12-31\n"
    path = tmp_path / "eastern-syria-2017-v2.yaml"
    path.write_text(text, encoding="utf-8")
    entry = entry_of("posts", path, "posts.yaml")
    assert (entry.shelf, entry.title, entry.teaches) == ("gallery", "Two posts", "That posts stay.")
    path.write_text(f"{text}theatre: eastern-syria\n", encoding="utf-8")
    assert entry_of("posts", path, "posts.yaml").shelf == "theatre"


@pytest.mark.parametrize("name", SMALL)
def test_a_scenario_of_the_gallery_has_no_fault_and_no_warning(name: str) -> None:
    # Its variants, its claims and its record are checked with it.
    assert [fault.render() for fault in check(name)] == []


@pytest.mark.parametrize("name", SMALL)
def test_a_scenario_of_the_gallery_says_in_a_line_what_it_teaches(name: str) -> None:
    said = ENTRIES[name].teaches
    assert said.endswith(".") and 20 <= len(said) <= 120
    assert len(ENTRIES[name].title) <= 70


@pytest.mark.parametrize("name", SMALL)
def test_a_scenario_of_the_gallery_has_a_page_and_a_row(name: str) -> None:
    page = (ROOT / "docs" / "gallery" / f"{name}.md").read_text(encoding="utf-8")
    for words in (f"standoff run {name}", f"standoff copy {name}", "## What it teaches", "## What it cannot say"):
        assert words in page, words
    assert f"](gallery/{name}.md)" in INDEX.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GALLERY)
def test_a_scenario_of_the_gallery_is_small_sourced_and_claims_something(name: str) -> None:
    assert 60 <= lines_of(name) <= 250
    document = load(name).document
    assert len(document.claims) >= 2
    silent = [one for one, given in document.parameters.items() if not given.about or not given.evidence]
    assert silent == []


@pytest.mark.parametrize("name", CLASSROOM)
def test_a_classroom_model_is_read_at_one_sitting(name: str) -> None:
    assert 10 <= lines_of(name) <= 30


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize("name", first_of(GALLERY))
def test_a_scenario_of_the_gallery_leaves_something_open(name: str, tmp_path: Path) -> None:
    made = calibration.run(load(name), runs=60, seed=1, out=tmp_path / "runs", name=name)
    answered = calibration.answers(made).questions
    shares = [one.chance.probability for one in answered if isinstance(one, YesNoAnswer | DateAnswer)]
    assert any(0.0 < share < 1.0 for share in shares)


TOLD = re.compile(r"([0-9.]+)(?:%| [A-Za-z ]+?) \(([0-9.]+)-([0-9.]+)\)")
"""An answer with its interval in a table of a page: `47% (44-51)`, `median 25.5 Mt (24.5-26.5)`."""


@pytest.mark.statistical(false_alarm=0)
@pytest.mark.parametrize("name", first_of(GALLERY))
def test_the_answers_of_a_page_of_the_gallery_are_what_the_product_prints(name: str) -> None:
    page = (ROOT / "docs" / "gallery" / f"{name}.md").read_text(encoding="utf-8")
    part = page.partition("## What it answers")[2].partition("\n## ")[0]
    assert "1,000 runs, `direct`, seed 1" in " ".join(part.split())
    printed = set()
    for table in calibration.run(load(name), runs=1000, seed=1).display().parts:
        if isinstance(table, Table):
            at = [[column.head for column in table.columns].index(head) for head in ("answer", "95% interval")]
            for row in table.rows:
                answer, interval = (re.findall(r"[0-9.]+", str(row.cells[i])) for i in at)
                printed.add((answer[0], *interval))
    told = [found for line in part.splitlines() if line.startswith("|") for found in TOLD.findall(line)]
    assert len(told) >= 4
    assert set(told) <= printed, set(told) - printed


@pytest.mark.slow
@pytest.mark.parametrize("name", GALLERY)
def test_the_brief_of_a_scenario_of_the_gallery_is_one_screen(browser: Any, name: str, tmp_path: Path) -> None:
    calibration.run(load(name), runs=100, seed=1, out=tmp_path / "runs", name=name)
    opened = Opened(browser, write_report(tmp_path / "runs"))
    for width, height in ((1280, 720), (1920, 1080), (1000, 1300)):
        opened.page.set_viewport_size({"width": width, "height": height})
        opened.page.wait_for_function(FITS)
    # Maps that are all alike would tell nothing: each of what stands there differs from another.
    told = opened.page.locator("#brief .twelve li svg").evaluate_all("all => all.map((one) => one.innerHTML)")
    columns = opened.page.locator("#brief .heads .runs a").count()
    assert len(set(told)) > 1 or (not told and columns == 12)
    opened.close()
