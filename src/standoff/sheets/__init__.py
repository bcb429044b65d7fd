"""A scenario's actors, places, routes, ties, numbers and questions as tables to edit, and back into its files."""

from standoff.sheets.book import BASE, GUIDE, Book, CellPlace, Grid, Head, same
from standoff.sheets.csv_folder import write_table
from standoff.sheets.files import read_book, read_single, write_book
from standoff.sheets.merging import Merge, Told, merge
from standoff.sheets.tables import book_of

__all__ = [
    "BASE", "GUIDE", "Book", "CellPlace", "Grid", "Head", "Merge", "Told", "book_of", "merge", "read_book",
    "read_single", "same", "write_book", "write_table",
]  # fmt: skip
