"""The verb `draft`: texts to candidates, the review, how it stands, and what was accepted as files of a scenario."""

from __future__ import annotations

import json
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson
from standoff.cli.verbs import Verbs
from standoff.errors import Fault, UsageError, each_of, visible
from standoff.time import parse_date

if TYPE_CHECKING:
    from standoff.drafting import Draft, Written

READ = "read"
"""The command that `standoff draft FILE …` means."""


class _FilesFirst(TyperGroup):
    """A group whose first word may be a file: then its command is `read`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # Any: click's context
        """Puts the command `read` before files and options."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [READ, *args]
        return super().parse_args(ctx, args)


app = Verbs(cls=_FilesFirst, help="Propose parts of a scenario from written texts.")
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the draft.")]


@app.command(READ, epilog="Example: standoff draft article.txt --into my-crisis --dated 2024-08-03")
def from_texts(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Texts: .txt, .html, .pdf, .docx.")
    ] = None,
    into: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the draft.")] = Path("draft"),
    dated: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]DATE", help="When the texts, or one of them, were written; else the latest date in each."
        ),
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="What the one new text is called in locators.")
    ] = None,
    places: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Places of your own: name, latitude, longitude.")
    ] = None,
    words: Annotated[
        str | None, typer.Option(metavar="TABLE", help="Words of doubt: icd-203, phia, or a file.")
    ] = None,
    theatre: Annotated[
        str | None, typer.Option(metavar="NAME", help="A bundled theatre: its actors and places are known.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="URL", help="A language model to ask as well; it is sent the paragraphs, and a key from "
                     "STANDOFF_MODEL_KEY. Without this nothing leaves the machine."),
    ] = None,
    model_name: Annotated[str, typer.Option(metavar="NAME", help="What the model is called there.")] = "default",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Read texts into paragraphs and propose actors, places, events, forecasts, claims and contradictions.

    What was decided is kept: run it again after a text has changed, or with another text.
    """
    from standoff.drafting import Endpoint, draft

    with errors_reported(as_json=as_json):
        endpoint = Endpoint(model, model_name) if model else None
        made = draft(
            files or [], into=into, dated=_dates(dated or []), name=as_, words=words, places=places, theatre=theatre,
            endpoint=endpoint,
            tell=lambda what: print(f"Sending {what}", file=sys.stderr),
        )  # fmt: skip
        _tell(made, as_json=as_json)


def _dates(given: list[str]) -> dict[str, date]:
    def read(one: str) -> tuple[str, date]:
        name, mark, day = one.rpartition("=")
        try:
            return (name if mark else "", parse_date(day))
        except Fault as mistake:
            raise UsageError(f"--dated {one}: {mistake.found}; such as 2024-08-03 or isw-2024=2024-08-03") from None

    return dict(each_of(given, read))


@app.command(epilog="Example: standoff draft status my-crisis")
def status(folder: Folder, as_json: AsJson = False) -> None:
    """Say how many candidates of each kind are open, accepted, rejected, merged, put off or stale."""
    from standoff.drafting import opened

    with errors_reported(as_json=as_json):
        _tell(opened(folder), as_json=as_json)


def _tell(made: Draft, *, as_json: bool) -> None:
    from standoff.cli.layout import show
    from standoff.display import Display, Note, Row, Table, columns
    from standoff.drafting import STATES, counts
    from standoff.numerals import many

    counted = counts(made.standings())
    if as_json:
        content = {
            "folder": str(made.folder),
            "notes": list(made.notes),
            "counts": {kind: dict(one) for kind, one in counted.items()},
        }
        print_json(json.dumps(content, ensure_ascii=False, indent=1))
        return
    every = sum(one.total() for one in counted.values())
    found = f"{many(every, 'candidate')} in {many(len(made.sources), 'text')}"
    sentence = f"{found}; nothing is in the scenario until you accept it"
    used = [state for state in STATES if any(one[state] for one in counted.values())]
    rows = [Row((kind, *(str(one[state] or "") for state in used))) for kind, one in counted.items()]
    notes = [*(f"{note}." for note in made.notes), f"Next: standoff draft review {shlex.quote(str(made.folder))}"]
    show(Display(f"{sentence}.", str(made.folder), (Table(columns("kind", *used), tuple(rows)), *map(Note, notes))))


@app.command(epilog="Example: standoff draft review my-crisis --kind actor")
def review(
    folder: Folder,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Only candidates of this kind.")] = None,
) -> None:
    """Accept, change or refuse candidates, one by one: y, n, e, m, l, u; s shows more, / finds, ? helps, q leaves."""
    from standoff.cli.desk import Talk
    from standoff.drafting import Desk, opened

    with errors_reported():
        made = opened(folder)
        Talk(Desk(made, kind=kind)).hold()
        print(f"Next: standoff draft write {shlex.quote(str(folder))}")


@app.command(epilog="Example: standoff draft merge my-crisis their-crisis")
def merge(
    folder: Folder,
    other: Annotated[Path, typer.Argument(metavar="OTHER", help="Another person's folder of the draft, or their log.")],
    as_json: AsJson = False,
) -> None:
    """Take over what another person decided on the same texts: both logs are read by time, the later decision holds."""
    from standoff.drafting import opened

    with errors_reported(as_json=as_json):
        merged = opened(folder).merge(other)
        if as_json:
            print_json(json.dumps({"new": merged.new, "differing": [list(one) for one in merged.differing]}, indent=1))
            return
        from standoff.numerals import many

        print(f"{many(merged.new, 'new decision')}; on {many(len(merged.differing), 'candidate')} the two differed.")
        for name, here, there, now in merged.differing:
            print(f"  {visible(name)}: here {here}, there {there}; {now} holds")
        print(f"Next: standoff draft review {folder}")


@app.command(epilog="Example: standoff draft write my-crisis")
def write(
    folder: Folder,
    starts: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day, where there is no scenario yet.")
    ] = None,
    ends: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day, where there is no scenario yet.")
    ] = None,
    over: Annotated[bool, typer.Option("--over", help="Write over files that somebody has edited.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write what was accepted as files of a scenario, and check it."""
    from standoff.drafting import opened, write

    with errors_reported(as_json=as_json):
        days = [_dates([day])[""] if day else None for day in (starts, ends)]
        written = write(opened(folder), starts=days[0], ends=days[1], over=over)
        _told(written, as_json=as_json)
    if any(fault.severity == "error" for fault in written.faults):
        raise typer.Exit(1)


def _told(written: Written, *, as_json: bool) -> None:
    errors = [fault for fault in written.faults if fault.severity == "error"]
    if as_json:
        content = {"files": [str(file) for file in written.files], "entries": written.entries, "left": written.left,
                   "faults": [fault.as_dict() for fault in written.faults]}  # fmt: skip
        print_json(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for title, counted in (("Written", written.entries), ("Left for you to write", written.left)):
        print(f"{title}: " + (", ".join(f"{section} {count}" for section, count in counted.items()) or "nothing"))
    for fault in errors:
        print(fault)
    from standoff.numerals import many

    found = f"{many(len(errors), 'error')}, {many(len(written.faults) - len(errors), 'warning')}"
    print(f"{found}. Check it: standoff check {shlex.quote(str(written.files[0]))}")
