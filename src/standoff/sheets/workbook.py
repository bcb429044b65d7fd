"""A book as an Excel workbook (openpyxl): frozen heads, right words to choose from; no formula is written or read."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from standoff.errors import Fault, Faults, Location, UsageError, visible
from standoff.numerals import exact, read_number
from standoff.sheets.book import (
    ACTIVE,
    BASE,
    GUIDE,
    LONGEST,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Grid,
    Head,
    kept_rows,
    kept_tables,
    letters,
)

SPARE = 200
"""Rows below a table that choices reach to, for new ones."""
_MOST_MERGED = 50
_DAMAGED = (
    OSError, EOFError, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, RuntimeError,
    NotImplementedError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What openpyxl and the libraries below it raise for a file that is no workbook."""


def excel() -> Any:
    """The library, if it is installed; raises UsageError with the cure."""
    try:
        import openpyxl
    except ImportError:
        cure = "install it with: pip install 'standoff[sheets]'; a folder of CSV files needs nothing: --out FOLDER/"
        raise UsageError(f"Excel files need openpyxl; {cure}") from None
    return openpyxl


def write_xlsx(path: Path, book: Book) -> None:
    """Write a book as one workbook; raises UsageError without openpyxl."""
    openpyxl = excel()
    workbook = openpyxl.Workbook()
    guide = workbook.active
    guide.title = GUIDE
    guide.column_dimensions["A"].width = 110
    for number, line in enumerate(book.guide, 1):
        _put(guide.cell(number, 1), line)
        guide.cell(number, 1).alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")
    guide["A1"].font = openpyxl.styles.Font(bold=True, size=14)
    for grid in book.grids.values():
        _sheet(openpyxl, workbook.create_sheet(grid.title), grid, book)
    base = workbook.create_sheet(BASE)
    base.sheet_state = "veryHidden"
    for number, row in enumerate(kept_rows(book.facts, book.base), 1):
        for column, text in enumerate(row, 1):
            _put(base.cell(number, column), text, as_text=True)
    whole = io.BytesIO()
    workbook.save(whole)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(whole.getvalue())


def _sheet(openpyxl: Any, sheet: Any, grid: Grid, book: Book) -> None:
    styles = openpyxl.styles
    sheet.freeze_panes = "B2"
    for column, head in enumerate(grid.heads, 1):
        cell = sheet.cell(1, column)
        _put(cell, head.name, as_text=True)
        cell.font = styles.Font(bold=True, color="FFFFFF")
        cell.fill = styles.PatternFill("solid", fgColor="6B7280" if head.fixed else "1F3A5F")
        if head.about:
            cell.comment = openpyxl.comments.Comment(head.about, "Standoff", width=320, height=120)
        sheet.column_dimensions[letters(column - 1)].width = head.wide
        _validate(openpyxl, sheet, grid, head, letters(column - 1), book)
    for number, row in enumerate(grid.rows, 2):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column)
                _put(cell, text)
                fixed = grid.heads[column - 1].fixed
                cell.alignment = styles.Alignment(wrap_text=grid.heads[column - 1].wide > 30, vertical="top")
                cell.font = styles.Font(color="6B7280" if fixed else "000000")


def _validate(openpyxl: Any, sheet: Any, grid: Grid, head: Head, letter: str, book: Book) -> None:
    """What a column may hold: others are warned of and not refused, since an expression may stand for a number."""
    validation = openpyxl.worksheet.datavalidation.DataValidation
    last = len(grid.rows) + 1 + SPARE
    if head.choices:
        rule = validation(type="list", formula1='"' + ",".join(head.choices) + '"', allow_blank=True)
    elif head.refers in book.grids:
        rows = len(book.grids[head.refers].rows) + 1 + SPARE
        rule = validation(type="list", formula1=f"='{head.refers}'!$A$2:$A${rows}", allow_blank=True)
    elif head.number and head.low is not None and head.high is not None:
        rule = validation(
            type="decimal", operator="between", formula1=exact(head.low), formula2=exact(head.high), allow_blank=True
        )
    else:
        return
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.error = head.about[:200]
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{last}")


def _put(cell: Any, text: str, *, as_text: bool = False) -> None:
    """A number as a number, anything else as a text, also what begins as a formula does."""
    number = None if as_text else read_number(text)
    if number is not None and len(text) < 16:
        cell.value = int(number) if number == int(number) and abs(number) < 1e15 else number
        return
    shown = visible(text)[:LONGEST]
    cell.value = shown
    cell.data_type = "s"
    if shown[:1] in ACTIVE:
        cell.quotePrefix = True


def read_xlsx(path: Path) -> Book:
    """The book that a workbook holds; raises Faults SD701 for what is none, SD703 for formulas."""
    workbook = load(path)
    if BASE not in workbook.sheetnames:
        found = f"the workbook has no table '{BASE}', so that it cannot be told what was changed"
        raise Faults([Fault("SD701", Location(str(path), 1, 1), found, hint="write the sheet anew")])
    faults: list[Fault] = []
    try:
        facts, base = kept_tables(_texts(workbook[BASE], str(path), faults, most=50 * MOST_ROWS)[1], str(path))
    except Fault as fault:
        raise Faults([fault]) from None
    grids = {}
    for title in base:
        if title in workbook.sheetnames:
            grids[title] = read_grid(workbook[title], str(path), faults)
    if faults:
        raise Faults(faults)
    return Book([], grids, facts, base)


def load(path: Path) -> Any:
    """A workbook; raises Faults SD701 for what is none, is too large, or holds what no workbook needs."""
    openpyxl = excel()
    if path.suffix.lower() != ".xlsx":
        found = f"'{path}' is neither an Excel file (.xlsx) nor a folder of CSV files"
        raise UsageError(f"{found}; write one with: standoff sheet SCENARIO")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unread(path, f"larger than {MOST_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(part.file_size for part in parts.infolist()) > 8 * MOST_BYTES:
                raise _unread(path, "one that unpacks to more than it should")
            for part in parts.infolist():
                with parts.open(part) as opened:
                    # Workbooks declare no entities; what does may grow without end.
                    if _declares_type(opened):
                        raise _unread(path, "one with a document type")
        return openpyxl.load_workbook(io.BytesIO(raw), keep_links=False)
    except Faults:
        raise
    except _DAMAGED as error:
        raise _unread(path, f"damaged ({error})" if str(error) else "damaged") from None


def _declares_type(part: IO[bytes]) -> bool:
    """Whether a part of a workbook declares a document type, however much stands before it."""
    before = b""
    while piece := part.read(1 << 20).replace(b"\0", b""):
        if b"<!DOCTYPE" in before + piece:
            return True
        before = piece[-len(b"<!DOCTYPE") :]
    return False


def read_grid(sheet: Any, file: str, faults: list[Fault]) -> Grid:
    """A sheet as a table; formulas, errors and merged cells are added to `faults`."""
    title = str(sheet.title)
    for merged in list(sheet.merged_cells.ranges)[:_MOST_MERGED]:
        place = Grid(title, (), [], file=file).place(merged.min_row - 2, merged.min_col - 1, str(merged))
        hint = "unmerge them (Merge & Center, Unmerge Cells) and fill in each"
        faults.append(Fault("SD703", place, f"the cells {merged} are merged, so that only one of them says something",
                            hint=hint))  # fmt: skip
    numbers, table = _texts(sheet, file, faults)
    heads = [text.strip() for text in table[0]] if table and numbers[0] == 1 else []
    while heads and not heads[-1]:
        heads.pop()
    wide = len(heads)
    rows = [[*row[:wide], *[""] * (wide - len(row))] for row in table[1:]]
    return Grid(title, tuple(map(Head, heads)), rows, numbers[1:], file)


def _texts(sheet: Any, file: str, faults: list[Fault], *, most: int = MOST_ROWS) -> tuple[list[int], list[list[str]]]:
    """The rows of a sheet that say something, with their numbers."""
    if sheet.max_row > most or sheet.max_column > MOST_COLUMNS:
        found = f"'{sheet.title}' has more than {most:,} rows or {MOST_COLUMNS} columns"
        raise Faults([Fault("SD701", Location(file, 1, 1), found)])
    numbers, table = [], []
    for number, row in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell, sheet, file, faults) for cell in row]
        if any(text.strip() for text in texts):
            numbers.append(number)
            table.append(texts)
    return numbers, table


def _text(cell: Any, sheet: Any, file: str, faults: list[Fault]) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e") or not isinstance(value, str | int | float | date):
        of_time = isinstance(value, time | timedelta)
        what = "an error" if cell.data_type == "e" else "a time without a date" if of_time else "a formula"
        grid = Grid(str(sheet.title), (), [], file=file)
        place = grid.place(cell.row - 2, cell.column - 1, str(value) if isinstance(value, str) else what)
        paste = "paste its value in its place (Paste Special, Values)"
        hint = "format the cell as text, and write it anew" if of_time else paste
        faults.append(Fault("SD703", place, f"{what} in a cell", hint=hint))
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return exact(float(value)) if abs(value) < 1e15 else str(value)
    if isinstance(value, datetime):
        # Spreadsheets count days, whose fractions are not quite the seconds that were meant.
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        at_midnight = not (value.hour or value.minute or value.second)
        least = "seconds" if value.second else "minutes"
        return value.date().isoformat() if at_midnight else value.isoformat(timespec=least)
    return value if isinstance(value, str) else value.isoformat()


def _unread(path: Path, found: str) -> Faults:
    return Faults([Fault("SD701", Location(str(path), 1, 1), f"the workbook is {found}", hint="write the sheet anew")])
