"""The verbs about sources: evidence check, evidence coverage, evidence digests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson

if TYPE_CHECKING:
    from standoff.evidence import Coverage
    from standoff.scenario import Scenario

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check and list the sources that a scenario rests on."
)
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; all bundled ones if none is named.")
]


def _loaded(names: Sequence[str] | None) -> list[Scenario]:
    from standoff.scenario import bundled, load

    return [load(name) for name in names or bundled()]


@app.command(epilog="Example: standoff evidence check --sources ../shared/seeds")
def check(
    names: Names = None,
    sources: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of the texts, with NAME.txt for each source.")
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Check that each cited text is unchanged: every paragraph against its digest."""
    from standoff import evidence

    with errors_reported(as_json=as_json):
        found = {one for scenario in _loaded(names) for one in evidence.check(scenario.document, sources)}
    ordered = sorted(found, key=lambda one: one.source)
    if as_json:
        print_json(json.dumps({"sources": [asdict(one) for one in ordered]}, ensure_ascii=False, indent=1))
    else:
        for one in ordered:
            print(f"{one.source}: {one.same} of {one.paragraphs} paragraphs are unchanged")
            for problem in one.problems:
                print(f"  {problem}")
        if not ordered:
            print("no source has digests; make them with: standoff evidence digests FILE")
    if any(one.problems for one in ordered):
        raise typer.Exit(1)


@app.command(epilog="Example: standoff evidence coverage eastern-syria-2017")
def coverage(names: Names = None, as_json: AsJson = False) -> None:
    """List what each paragraph supports, which are unused and why, and which numbers are assumptions."""
    from standoff import evidence

    with errors_reported(as_json=as_json):
        found = evidence.coverage({scenario.name: scenario.document for scenario in _loaded(names)})
    if as_json:
        print_json(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    _print(found)


@app.command(epilog="Example: standoff evidence digests my-source.txt")
def digests(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The text file of a source.", exists=True, dir_okay=False)
    ],
) -> None:
    """Print the digests of a text's paragraphs in the form of a scenario's sources."""
    from standoff import evidence

    with errors_reported():
        found = [evidence.digest(one) for one in evidence.read_paragraphs(file)]
    print(f"    paragraphs: {len(found)}")
    print("    digests:")
    for one in found:
        print(f"      - {one}")


def _print(found: Coverage) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    listed = [one for one in found.paragraphs if one.at.partition("#")[0] not in found.uncounted]
    used = sum(bool(one.supports or one.contradicts) for one in listed)
    heading = f"{', '.join(found.scenarios)}: {used} of {len(listed)} paragraphs support something"
    if found.uncounted:
        more = len(found.paragraphs) - len(listed)
        heading += f"; {more} more in {', '.join(found.uncounted)}, which do not say how many they have (paragraphs:)"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    table = new_table("", ("paragraph", "supports", "speaks against", "remark"), whole=("paragraph",))
    for one in found.paragraphs:
        cells = (one.at, ", ".join(one.supports), ", ".join(one.contradicts), "; ".join(one.remarks))
        table.add_row(*map(one_line, cells))
    console.print(table)
    for told_of, names in (
        ("Unused, without a remark that says why", found.unexplained),
        ("Numbers that rest on assumption alone", found.assumed),
        ("Set in the light of later events", found.hindsight),
    ):  # fmt: skip
        console.print(f"[bold]{told_of} ({len(names)}).[/bold] {one_line(', '.join(names) or 'none')}", soft_wrap=True)
