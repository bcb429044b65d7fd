"""The verbs that take a scenario to a spreadsheet and back: sheet, merge."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson, Name
from standoff.numerals import many

if TYPE_CHECKING:
    from standoff.scenario import Revision

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]


def sheet(
    name: Name,
    out: Annotated[
        Path, typer.Option(metavar="FILE.xlsx|FOLDER", help="An Excel workbook, or a folder for CSV files.")
    ] = Path("sheets"),
    over: Annotated[bool, typer.Option("--over", help="Write over a workbook or tables that are there.")] = False,
) -> None:
    """Write a scenario as tables to edit, for Excel or as CSV.

    Actors, places, routes, ties, parameters and questions, a sheet each. The first sheet
    says what may be changed; `standoff merge` takes the changes back.
    """
    with errors_reported():
        from standoff.errors import UsageError
        from standoff.scenario import Manuscript
        from standoff.sheets import BASE, book_of, write_book

        book = book_of(Manuscript.of(name))
        tables = [out / f"{title}.csv" for title in (BASE, *book.grids)] if out.is_dir() else [out]
        there = next((path for path in tables if path.exists()), None)
        if there is not None and not over:
            raise UsageError(f"'{there}' is there already; choose another name, or write over it with --over")
        write_book(out, book)
    rows = ", ".join(many(len(grid.rows), title.removesuffix("s"), title) for title, grid in book.grids.items())
    print(f"{out}: {rows}")
    print(f"Back into the scenario: standoff merge {out}")


def merge(
    book: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FOLDER", help="What `standoff sheet` wrote.")],
    into: Annotated[
        str | None, typer.Option(metavar="NAME", help="The scenario; by default the one that the sheet was made from.")
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take what was changed in a sheet into the scenario.

    Shows the changed lines first, and asks. Comments, order and all other lines stay as they are.
    """
    with errors_reported(as_json=as_json):
        from standoff import sheets
        from standoff.errors import Faults
        from standoff.scenario import Manuscript

        read = sheets.read_book(book)
        asked = sheets.merge(read, Manuscript.of(into or _named_in(read.facts, book)))
        faults = asked.faults()
        if faults:
            raise Faults(faults)
        done = bool(asked.told) and written(
            asked.revision, yes=yes, quiet=as_json, told=[one.words for one in asked.told]
        )
    if as_json:
        changes = [{"cell": str(one.place), "change": one.words} for one in asked.told]
        files = [file.shown for file in asked.revision.texts]
        print_json(json.dumps({"changes": changes, "files": files, "written": done}, ensure_ascii=False, indent=1))
    else:
        for title in asked.left:
            print(f"'{title}' is not in the sheet any more: left as it is", file=sys.stderr)
        if not asked.told:
            print(f"{asked.revision.of.shown}: nothing was changed")
    if asked.told and not done:
        raise typer.Exit(1)


def _named_in(facts: dict[str, str], book: Path) -> str:
    """The scenario that a book was made from: as it was named then, or beside the book."""
    name = facts.get("scenario", "")
    beside = book.parent / name
    return name if Path(name).exists() or not beside.exists() else str(beside)


def written(revision: Revision, *, yes: bool, told: list[str], quiet: bool = False) -> bool:
    """Show what would change in the author's files, and write it where that is wished; whether it was written."""
    if not quiet:
        for line in told:
            print(line)
        print(revision.diff(), end="")
    files = [file.shown for file in revision.texts]
    if not files:
        return True
    if not yes:
        if quiet or not sys.stdin.isatty():
            print("nothing is written: add --yes to write", file=sys.stderr)
            return False
        if not typer.confirm(f"Write {many(len(told), 'change')} into {', '.join(files)}?"):
            print("nothing is written")
            return False
    revision.write()
    if not quiet:
        print(f"written: {', '.join(files)}")
    return True
