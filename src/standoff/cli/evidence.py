"""The verbs about sources: evidence check, coverage, hindsight, paraphrases, digests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson, Variant
from standoff.cli.verbs import Verbs
from standoff.errors import each_of

if TYPE_CHECKING:
    from standoff.evidence import Paraphrases
    from standoff.scenario import Scenario, Support

app = Verbs(help="Check and list the sources that a scenario rests on.")
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; those of the theatre if none is named.")
]


def _loaded(names: Sequence[str] | None, variant: str | None = None) -> list[Scenario]:
    from standoff.scenario import bundled, load

    return each_of(names or bundled("theatre"), partial(load, variant=variant))


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
    from standoff.cli.layout import show

    show(found.display())


@app.command(epilog="Example: standoff evidence hindsight eastern-syria-2017")
def hindsight(names: Names = None, variant: Variant = None, as_json: AsJson = False) -> None:
    """List whatever can move an answer and was set in the light of later events."""
    from standoff.scenario import hindsight, hindsight_by_section

    with errors_reported(as_json=as_json):
        documents = {one.name: one.document for one in _loaded(names, variant)}
    if as_json:
        content = {name: [_plain(one) for one in hindsight(document)] for name, document in documents.items()}
        print_json(json.dumps({"scenarios": content}, ensure_ascii=False, indent=1))
        return
    from standoff.calibration import by_kind

    for name, document in documents.items():
        print(f"{name}: {by_kind(hindsight_by_section(document)) or 'nothing'}")
        for one in hindsight(document):
            print(f"  {_line(one)}")


@app.command(epilog="Example: standoff evidence paraphrases eastern-syria-2017")
def paraphrases(
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="List those of other things too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count the locators that say what they support (`says:`), and list those that do not.

    Every locator on a rule, a parameter, a decision or a goal should say it.
    """
    from standoff import evidence

    with errors_reported(as_json=as_json):
        found = evidence.paraphrases({scenario.name: scenario.document for scenario in _loaded(names)})
    if as_json:
        content = {
            "scenarios": found.scenarios, "locators": found.locators, "say": found.say,
            "sections": [asdict(one) for one in found.sections], "silent": [_plain(one) for one in found.silent],
        }  # fmt: skip
        print_json(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for one in found.silent:
        if everything or one.section in evidence.SAYS:
            print(_line(one))
    print(_counts(found))


def _counts(found: Paraphrases) -> str:
    each = ", ".join(f"{one.section} {one.say} of {one.locators}" for one in found.sections)
    heading = f"{', '.join(found.scenarios)}: {found.say} of {found.locators} locators on rules, parameters, decisions "
    return heading + "and goals say what they support" + (f" ({each})" if each else "")


def _plain(one: Support) -> dict[str, object]:
    at = one.where
    return {
        "of": one.of, "at": one.at, "says": one.says, "contradicts": one.contradicts,
        "file": at.file if at else None, "line": at.line if at else None,
    }  # fmt: skip


def _line(one: Support) -> str:
    from standoff.cli.layout import one_line

    place = f"{one.where.file}:{one.where.line}  " if one.where else ""
    return one_line(f"{place}{one.of}  {one.at}" + (f": {one.says}" if one.says else ""))


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
