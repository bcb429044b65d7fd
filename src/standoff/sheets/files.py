"""Where a book lies: an Excel workbook, or a folder of CSV files."""

from __future__ import annotations

from pathlib import Path

from standoff.errors import Fault, Faults, UsageError
from standoff.sheets.book import Book, Grid
from standoff.sheets.csv_folder import CSV_END, as_grid, read_csv, read_table, write_csv
from standoff.sheets.workbook import load, read_grid, read_xlsx, write_xlsx

XLSX = ".xlsx"


def write_book(path: Path, book: Book) -> None:
    """Write a book: a workbook for a name that ends in .xlsx, else a folder of CSV files.

    Raises UsageError for the name of any other file, and where openpyxl is missing.
    """
    if path.suffix.lower() == XLSX:
        write_xlsx(path, book)
    elif path.suffix and not path.is_dir():
        raise UsageError(f"'{path}' is neither an Excel file (.xlsx) nor a folder for CSV files")
    else:
        write_csv(path, book)


def read_book(path: Path) -> Book:
    """The book at a path; raises Faults SD701 and SD703, and UsageError where there is none."""
    if path.is_dir():
        return read_csv(path)
    if not path.exists():
        raise UsageError(f"there is no file '{path}'")
    if path.suffix.lower() == CSV_END:
        return read_csv(path.parent)
    return read_xlsx(path)


def read_single(path: Path, title: str) -> Grid:
    """One table of a workbook, or a CSV file; raises Faults SD701, SD702 and SD703."""
    if path.suffix.lower() == CSV_END:
        return as_grid(title, read_table(path), str(path))
    workbook = load(path)
    faults: list[Fault] = []
    if title not in workbook.sheetnames:
        raise Faults([Fault("SD702", Grid(title, (), [], file=str(path)).place(-1, 0), f"there is no sheet '{title}'")])
    grid = read_grid(workbook[title], str(path), faults)
    if faults:
        raise Faults(faults)
    return grid
