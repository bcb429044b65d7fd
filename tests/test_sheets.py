"""A scenario in a spreadsheet and back: without a change the same bytes, with one the line that it is about."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from standoff.cli.app import app
from standoff.errors import Faults
from standoff.scenario import Manuscript, bundled, find
from standoff.sheets import book_of, merge, read_book, write_book
from standoff.sheets.book import Grid, Head
from standoff.sheets.csv_folder import as_grid, read_table, write_table
from tests.proofs import THEATRE, first_of

SCENARIO = """\
# A standoff on a road.
standoff: 1
title: Two posts
starts: 2017-06-01
ends: 2017-06-30
actors:
  blue: {kind: state, about: "=not a formula"}   # us
  red: {kind: state}
  militia: {kind: armed group, patron: red, control: 0.7}
places:
  ford: {at: [34.10, 40.20], attributes: {oil: 2}}
  mill: {at: [34.40, 40.60]}
routes:
  - {between: [ford, mill], km: 46}
ties:
  restraint: [{from: red, to: militia, strength: 0.50}]
parameters:
  daring:
    prior: lognormal(median=0.004, sigma=0.5)
    unit: 1/day
    evidence: assumption
state: {force: {of: actor, at_least: 0}}
rules:
  strike: {for: {a: actor, b: actor}, when: 'a != b and force[b] > 0', rate: daring, then: ['force[b] -= 1']}
questions: {blue-holds: {ask: Does blue hold?, when: 'force[blue] > 0', at: 2017-06-30}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "posts.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def standoff(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


def heads(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def edited(own: Path, *cells: tuple[str, int, str, Any]) -> Path:
    """A workbook of the scenario in which cells were changed: sheet, row, head, value."""
    path = own.parent / "book.xlsx"
    write_book(path, book_of(Manuscript.of(own)))
    workbook = openpyxl.load_workbook(path)
    for title, row, head, value in cells:
        sheet = workbook[title]
        cell = sheet.cell(row, heads(sheet)[head])
        cell.value = value
    workbook.save(path)
    return path


OTHERS = [name for name in bundled() if name not in THEATRE]
OF_THEATRE = first_of([*((name, "csv") for name in THEATRE), (THEATRE[0], "xlsx")])


# Excel is slow to write: one small scenario goes through it whenever tests run, all others through CSV.
@pytest.mark.parametrize(
    ("name", "kind"),
    [*OF_THEATRE, *((name, "csv") for name in OTHERS), *first_of((name, "xlsx") for name in OTHERS)],
)
def test_a_sheet_without_a_change_changes_no_byte(name: str, kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(find(name)[1].parent, folder)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    manuscript = Manuscript.of(folder / find(name)[1].name)
    out = tmp_path / ("book.xlsx" if kind == "xlsx" else "tables")
    write_book(out, book_of(manuscript))
    made = merge(read_book(out), manuscript)
    assert made.told == ()
    made.revision.write()
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*.yaml"))} == before


def test_the_command_shows_the_lines_and_writes_them_when_told(own: Path) -> None:
    path = edited(own, ("ties", 2, "strength", 0.6))
    shown = standoff("merge", path)
    assert shown.exit_code == 1 and "strength 0.50 → 0.6" in shown.stdout
    assert own.read_text(encoding="utf-8") == SCENARIO
    written = standoff("merge", path, "--yes", "--json")
    assert json.loads(written.stdout)["files"] == [str(own)]
    assert own.read_text(encoding="utf-8") == SCENARIO.replace("strength: 0.50", "strength: 0.6")
    assert "nothing was changed" in standoff("merge", path).stdout


def test_rows_are_added_and_taken_away(own: Path) -> None:
    path = edited(
        own, ("actors", 5, "id", "green"), ("actors", 5, "kind", "state"), ("places", 4, "id", "bridge"),
        ("places", 4, "latitude", 34.2), ("places", 4, "longitude", 40), ("routes", 2, "from", "mill"),
        ("routes", 2, "to", "bridge"), ("ties", 3, "tie", "rivalry"), ("ties", 3, "from", "green"),
        ("ties", 3, "to", "red"),
        ("parameters", 3, "id", "nerve"), ("parameters", 3, "prior", 0.5), ("parameters", 3, "evidence", "assumption"),
    )  # fmt: skip
    assert standoff("merge", path, "--yes").exit_code == 0
    text = own.read_text(encoding="utf-8")
    for line in ("  green: {kind: state}", "  bridge: {at: [34.2, 40]}", "  - {between: [mill, bridge], km: 46}",
                 "  rivalry: [{from: green, to: red}]",
                 "  nerve:\n    prior: 0.5\n    evidence: assumption"):  # fmt: skip
        assert line in text, text
    assert "[ford, mill]" not in text and "# us" in text


def test_a_wrong_cell_is_told_with_sheet_cell_and_the_nearest_right_word(own: Path) -> None:
    path = edited(
        own, ("actors", 4, "patron", "rde"), ("parameters", 2, "prior", "lognormall(median=1, sigma=1)"),
        ("places", 4, "id", "bridge"), ("places", 4, "latitude", 234), ("places", 4, "longitude", 1),
    )  # fmt: skip
    done = standoff("merge", path, "--yes")
    assert done.exit_code == 1
    for words in ("actors!G4  unknown actor 'rde'", "did you mean 'red'?", "parameters!D2  unknown prior 'lognormall'",
                  "did you mean 'lognormal'?", "places!A4  a place that is not on Earth"):  # fmt: skip
        assert words in done.stderr, done.stderr
    assert own.read_text(encoding="utf-8") == SCENARIO


def test_formulas_are_refused_and_what_looks_like_one_is_a_text(own: Path) -> None:
    path = edited(own)
    sheet = openpyxl.load_workbook(path)["actors"]
    cell = sheet.cell(2, heads(sheet)["about"])
    assert (cell.value, cell.data_type) == ("=not a formula", "s")
    with pytest.raises(Faults, match="SD703") as refused:
        read_book(edited(own, ("parameters", 2, "prior", "=1+1")))
    assert "parameters!D2" in str(refused.value)


def test_what_was_changed_on_both_sides_is_told_and_what_only_the_file_changed_stays(own: Path) -> None:
    path = edited(own, ("ties", 2, "strength", 0.6))
    own.write_text(SCENARIO.replace("km: 46", "km: 48"), encoding="utf-8")
    assert standoff("merge", path, "--yes").exit_code == 0
    assert "km: 48" in own.read_text(encoding="utf-8") and "strength: 0.6" in own.read_text(encoding="utf-8")
    own.write_text(SCENARIO.replace("0.50", "0.9"), encoding="utf-8")
    refused = standoff("merge", path, "--yes")
    assert refused.exit_code == 1 and "SD705" in refused.stderr and "ties!E2" in refused.stderr


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([("actors", 1, "kind", "knid")], "SD702"), ([("actors", 5, "kind", "state")], "SD704"),
        ([("actors", 5, "id", "blue")], "SD704"),
        ([("actors", 5, "id", "x"), ("actors", 5, "file", "no.yaml")], "SD706"),
    ],
)  # fmt: skip
def test_a_damaged_table_is_refused_with_its_cell(own: Path, cells: list[Any], code: str) -> None:
    done = standoff("merge", edited(own, *cells), "--yes")
    assert done.exit_code == 1 and code in done.stderr and "book.xlsx actors!" in done.stderr, done.stderr
    assert own.read_text(encoding="utf-8") == SCENARIO


def test_files_that_are_no_book_are_refused_in_a_sentence(own: Path) -> None:
    junk = own.parent / "junk.xlsx"
    for content in (b"", b"PK\x03\x04junk", SCENARIO.encode()):
        junk.write_bytes(content)
        with pytest.raises(Faults, match="SD701"):
            read_book(junk)
    (own.parent / "empty").mkdir()
    with pytest.raises(Faults, match="SD701"):
        read_book(own.parent / "empty")


def test_nothing_is_written_over_unless_told(own: Path) -> None:
    out = own.parent / "b.xlsx"
    assert standoff("sheet", own, "--out", out).exit_code == 0
    assert standoff("sheet", own, "--out", out).exit_code == 2
    assert standoff("sheet", own, "--out", out, "--over").exit_code == 0
    mine = own.parent / "tables" / "places.csv"
    mine.parent.mkdir()
    mine.write_text("my own", encoding="utf-8")
    refused = standoff("sheet", own, "--out", mine.parent)
    assert refused.exit_code == 2 and "places.csv' is there already" in refused.stderr
    assert mine.read_text(encoding="utf-8") == "my own"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12), min_size=1, max_size=5))
def test_a_text_in_csv_comes_back_whatever_it_begins_with(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "t.csv"
    rows = [[f"k{number}", text] for number, text in enumerate(texts)]
    write_table(path, Grid("t", (Head("id"), Head("text")), rows))
    assert as_grid("t", read_table(path), "t").rows == rows
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        assert not line.partition(",")[2].startswith(("=", "@"))


CELLS = st.sampled_from(["kind", "about", "name"])
SIGNS = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7f\x85\xad")
WORDS = st.text(SIGNS, min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["blue", "red", "militia"]), CELLS, WORDS.map(str.strip).filter(bool))
def test_a_change_of_one_cell_changes_one_line(own: Path, who: str, what: str, words: str) -> None:
    own.write_text(SCENARIO, encoding="utf-8")
    manuscript = Manuscript.of(own)
    book = book_of(manuscript)
    grid = book.grids["actors"]
    changed = Grid(grid.title, grid.heads, [list(row) for row in grid.rows], file="x")
    changed.rows[[row[0] for row in grid.rows].index(who)][changed.column(what) or 0] = words
    book.base, book.grids = book.grids, {**book.grids, "actors": changed}
    made = merge(book, manuscript)
    (new,) = made.revision.texts.values() or [SCENARIO]
    old_lines, new_lines = SCENARIO.splitlines(), new.split("\n")[:-1]
    assert len(old_lines) == len(new_lines)
    assert sum(a != b for a, b in zip(old_lines, new_lines, strict=True)) == len(made.told) <= 1


def workbook_with(own: Path, change: Callable[[Any], None]) -> Path:
    """A workbook of the scenario after something was done to it."""
    path = edited(own)
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def test_merged_cells_and_times_are_told_and_dates_are_dates(own: Path) -> None:
    with pytest.raises(Faults, match="merged") as refused:
        read_book(workbook_with(own, lambda book: book["actors"].merge_cells("C2:C4")))
    assert "book.xlsx actors!C2" in str(refused.value) and "unmerge" in str(refused.value)
    with pytest.raises(Faults, match="a time without a date in a cell"):
        read_book(edited(own, ("questions", 2, "when", time(12, 30))))
    for meant, read in (
        ("1962-10-22 19:00", "1962-10-22T19:00"), ("2017-05-31", "2017-05-31"),
        ("2017-05-30 23:59:59.999999", "2017-05-31"),
    ):  # fmt: skip
        when = datetime.fromisoformat(meant)
        grid = read_book(edited(own, ("questions", 2, "at", when))).grids["questions"]
        assert grid.rows[0][grid.column("at") or 0] == read


def test_a_folder_of_tables_cannot_name_files_beyond_it(own: Path) -> None:
    secret = own.parent / "secret.csv"
    secret.write_text("id\nx\n", encoding="utf-8")
    folder = own.parent / "tables"
    write_book(folder, book_of(Manuscript.of(own)))
    base = folder / "base.csv"
    base.write_text(base.read_text(encoding="utf-8-sig") + "../secret,0,id,\n", encoding="utf-8")
    with pytest.raises(Faults, match="no file of this folder"):
        read_book(folder)


def test_a_table_in_other_letters_or_with_an_open_quote_is_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_bytes("id,about\nblue,ok\nred,Türkei\n".encode("cp1252"))
    with pytest.raises(Faults, match="not UTF-8") as refused:
        read_table(path)
    assert "actors.csv:3" in str(refused.value)
    path.write_text('id,about\nblue,ok\nred,"open\n', encoding="utf-8")
    with pytest.raises(Faults, match="cannot be read") as refused:
        read_table(path)
    assert "actors.csv:3" in str(refused.value)
    path.write_bytes("\ufeffid;about\nblue;eins, zwei\n".encode())
    assert read_table(path) == [["id", "about"], ["blue", "eins, zwei"]]


def test_a_document_type_is_found_however_late_it_comes(own: Path) -> None:
    path = edited(own)
    made = own.parent / "late.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/workbook.xml":
                head, mark, rest = content.partition(b"<workbook")
                padding = b"<!--" + b"x" * ((1 << 20) - len(head) - 9) + b"-->"
                content = head + padding + b"<!DOCTYPE w [<!ENTITY a 'b'>]>" + mark + rest
            new.writestr(part, content)
    with pytest.raises(Faults, match="document type"):
        read_book(made)


def test_a_row_that_a_comma_cut_is_told_and_nothing_moves_to_the_next_column(own: Path, tmp_path: Path) -> None:
    sheets = tmp_path / "sheets"
    write_book(sheets, book_of(Manuscript.of(own)))
    places = sheets / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("40.20", "40,20"), encoding="utf-8")
    with pytest.raises(Faults, match=r"places\.csv:2:1  the file has 13 cells in a row, and 12 columns"):
        read_book(sheets)
