"""The verbs that read scenarios: list, check, show, schema."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.verbs import read_each
from standoff.errors import Fault, Severity, UsageError
from standoff.numerals import many, read_number

Name = Annotated[str, typer.Argument(metavar="NAME", help="A file, or the name of a bundled scenario.")]
Variant = Annotated[str | None, typer.Option(metavar="NAME", help="Use this variant of the scenario.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", callback=lambda given: _are_settings(given),
        help="Fix a parameter, in place of its prior; may be repeated.",
    ),
]  # fmt: skip
Seed = Annotated[int, whole(0, "Random seed.")]
Threads = Annotated[int | None, whole(1, "Number of threads; by default one for each processor.")]
Processes = Annotated[int | None, whole(1, "Number of workers; by default one for each processor.")]
All = Annotated[bool, typer.Option("--all", help="Show everything, and not only what is read first.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def settings_of(given: list[str] | None) -> dict[str, float]:
    """The parameters that `--set` fixes."""
    settings: dict[str, float] = {}

    def read(text: str) -> None:
        name, equals, value = (part.strip() for part in text.partition("="))
        number = read_number(value)
        if not equals or not name or number is None:
            hint = f"; write {value.replace(',', '.')}" if read_number(value.replace(",", ".")) is not None else ""
            raise UsageError(f"'{text}' is not NAME=NUMBER{hint}")
        if name in settings:
            raise UsageError(f"'{name}' is set twice")
        settings[name] = number

    read_each("--set", given, read)
    return settings


def _are_settings(given: list[str] | None) -> list[str] | None:
    settings_of(given)
    return given


SHELVES = {
    "theatre": "Theatre {theatre}: one theatre at several dates",
    "gallery": "Gallery: other standoffs, each read in a quarter of an hour",
    "classroom": "Classroom: models of a page whose answers theory knows",
}


def list_bundled(as_json: AsJson = False) -> None:
    """List the bundled scenarios."""
    from standoff.scenario import Sizes, catalogue, load

    with errors_reported(as_json=as_json):
        entries = catalogue()
        if as_json:
            rows = [asdict(entry) | asdict(Sizes.of(load(entry.name))) for entry in entries]
            print_json(json.dumps(rows, ensure_ascii=False, indent=1))
            return
    from standoff.cli.layout import show
    from standoff.display import Cell, Display, Note, Row, Table, columns

    shelves: dict[str, list[Row]] = {}
    for one in entries:
        title = SHELVES[one.shelf].format(theatre=one.theatre.rsplit("-v", 1)[0])
        what = Cell(f"{one.title}." if one.teaches else one.title, one.teaches)
        row = Row((one.name, what, "" if one.shelf == "classroom" else one.starts[:10]))
        shelves.setdefault(title, []).append(row)
    heads = columns("name", "what it is", "starts", name=("name", "starts"))
    tables = [Table(heads, tuple(rows), title) for title, rows in shelves.items()]
    sentence = f"{many(len(entries), 'scenario is', 'scenarios are')} bundled."
    last = entries[-1].name
    ways = {"To run one": f"run {last}", "To make it yours": f"copy {last}", "To begin your own": "new my-crisis"}
    notes = [Note(f"{what}: standoff {words}", whole=True) for what, words in ways.items()]
    show(Display(sentence, "", (*tables, *notes)))


def check(
    path: Name,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option(help="Treat warnings as errors.")] = False,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also list what leads nowhere: states, rules and parameters; makes runs."),
    ] = False,
    runs: Annotated[int, whole(0, "Number of runs in which --deep counts how often each rule fires.")] = 300,
    seed: Seed = 1,
    jobs: Threads = None,
    quiet: Quiet = False,
) -> None:
    """Check a scenario and list its errors, warnings and notes."""
    from standoff import scenario

    with errors_reported(as_json=as_json):
        faults = scenario.check(path)
        errors = sum(fault.severity == "error" for fault in faults)
        found, stopped = None, None
        if deep and not errors:
            from standoff.cli.deep import checked_deeply

            found, stopped = checked_deeply(path, runs=runs, seed=seed, jobs=jobs, quiet=quiet or as_json)
            faults = (*faults, *(one.fault for one in found.findings))
    counts = count_faults(faults)
    warnings, notes = counts["warning"], counts["note"]
    if as_json:
        told_of = [fault.as_dict() for fault in faults]
        content = {"scenario": path, "errors": errors, "warnings": warnings, "notes": notes, "faults": told_of}
        if found is not None:
            from standoff.cli.deep import plain

            content["deep"] = plain(found, stopped)
        print_json(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            print(fault.render(), file=sys.stderr)
        if found is not None:
            from standoff.cli.deep import print_counts

            print_counts(found)
        if stopped is not None:
            print(f"{stopped}\n      so it is not known which rules never fire", file=sys.stderr)
        print(f"{path}: {counted(counts)}")
        if deep and errors:
            print("what leads nowhere is not looked for in a scenario with errors")
    if errors or stopped is not None or (strict and warnings):
        raise typer.Exit(1)


def show(
    name: Name,
    expanded: Annotated[bool, typer.Option(help="Print the explicit form: plain state and rules, as YAML.")] = False,
    claims: Annotated[
        bool, typer.Option("--claims", help="Print the explicit form used to test claims, as YAML.")
    ] = False,
    variant: Variant = None,
    setting: Settings = None,
    everything: All = False,
) -> None:
    """Show a scenario, or its explicit form."""
    from standoff.scenario import dump, expand_to_test, load

    settings = settings_of(setting)
    with errors_reported():
        scenario = load(name, variant=variant, settings=settings)
        text = dump(expand_to_test(scenario.document)[0]) if claims else scenario.expanded_text() if expanded else None
    if text is not None:
        sys.stdout.write(text)
        return
    from standoff.cli.layout import show as print_out

    print_out(scenario.display(), everything=everything)
    for warning in scenario.warnings:
        print(warning.render(), file=sys.stderr)


def schema(
    part: Annotated[
        bool, typer.Option("--part", help="The schema of files that are included in a scenario or merged over it.")
    ] = False,
) -> None:
    """Print the JSON Schema of the language.

    Editors use it to complete and check scenarios.
    """
    from standoff.scenario import json_schema

    print_json(json.dumps(json_schema(part=part), ensure_ascii=False, indent=2))


def count_faults(faults: Sequence[Fault]) -> Counter[Severity]:
    """How many errors, warnings and notes there are."""
    return Counter(fault.severity for fault in faults)


def counted(counts: Counter[Severity]) -> str:
    """The numbers of errors and warnings in words, and that of notes where there are some."""
    told = [many(counts["error"], "error"), many(counts["warning"], "warning")]
    return ", ".join([*told, many(counts["note"], "note")] if counts["note"] else told)
