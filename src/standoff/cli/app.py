"""The verbs of the command line, in the order in which an analyst meets them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from standoff.cli.output import legible
from standoff.cli.refusals import check_arguments
from standoff.cli.streams import orderly
from standoff.cli.verbs import Verbs
from standoff.garbage import lasting, leave_to_the_system, one_store


class Verb(NamedTuple):
    """Where a verb is: a file of this room, its function there or its group of verbs, and an example of its use."""

    file: str
    name: str
    example: str


VERBS = {
    "list": Verb("scenarios", "list_bundled", "standoff list"),
    "new": Verb("starting", "new", "standoff new my-crisis --like blockade --side 'United States' --side Cuba"),
    "copy": Verb("starting", "copy", "standoff copy eastern-syria-2017 my-syria"),
    "check": Verb("scenarios", "check", "standoff check my-scenario.yaml --strict"),
    "show": Verb("scenarios", "show", "standoff show eastern-syria-2017 --expanded > explicit.yaml"),
    "schema": Verb("scenarios", "schema", "standoff schema > standoff.schema.json"),
    "run": Verb("runs", "run", "standoff run eastern-syria-2017 --runs 2000 --seed 1"),
    "ask": Verb("runs", "ask", "standoff ask runs/eastern-syria-2017-v2-seed1 tanf-crossing"),
    "report": Verb("runs", "report", "standoff report runs/eastern-syria-2017-v2-seed1 --open"),
    "compare": Verb(
        "whatifs", "compare", "standoff compare eastern-syria-2017 --what 'less retaliation: tit_for_tat=0.1'"
    ),
    "claims": Verb("claims", "claims", "standoff claims eastern-syria-2017 --runs 800"),
    "sense": Verb("sensing", "sense", "standoff sense eastern-syria-2017 --by paragraph --runs 100"),
    "explain": Verb(
        "explanations", "explain", "standoff explain eastern-syria-2017 --question tanf-crossing --stories 2"
    ),
    "branch": Verb(
        "whatifs", "branch", "standoff branch eastern-syria-2017 --run 3 --at 2017-09-01 --change us_will=0"
    ),
    "rare": Verb("rare", "rare", "standoff rare eastern-syria-2017 --question missile-at-coalition"),
    "play": Verb("play", "play", "standoff play eastern-syria-2017 --seat washington"),
    "deals": Verb("deals", "deals", "standoff deals runs/eastern-syria-2018-v2-seed1"),
    "solve": Verb("solving", "app", "standoff solve game eastern-syria-2018 --tolerance 0.5"),
    "score": Verb("forecasts", "score", "standoff score --figure reliability.svg"),
    "records": Verb("records", "records", "standoff records eastern-syria-2017 --csv events.csv"),
    "evidence": Verb("evidence", "app", "standoff evidence coverage eastern-syria-2017"),
    "sheet": Verb("sheets", "sheet", "standoff sheet my-scenario.yaml --out book.xlsx"),
    "merge": Verb("sheets", "merge", "standoff merge book.xlsx --yes"),
    "elicit": Verb("elicitation", "elicit", "standoff elicit my-scenario.yaml --to experts --experts 'Ann, Bo'"),
    "draft": Verb("draft", "app", "standoff draft article.txt --into my-crisis"),
    "diff": Verb("differences", "diff", "standoff diff eastern-syria-2017 my-copy --runs 400"),
    "watch": Verb("watching", "watch", "standoff watch my-scenario.yaml --open"),
    "lsp": Verb("editors", "lsp", "standoff lsp, as the language server of an editor for YAML files (docs/editor.md)"),
    "doctor": Verb("machine", "doctor", "standoff doctor --warm"),
}


def application(verbs: Iterable[str]) -> typer.Typer:
    """The command line with some of the verbs: only their files are loaded."""
    app = Verbs(
        name="standoff",
        help="Turn written analysis of a geopolitical standoff into a model that runs.",
        epilog="Begin with: standoff run eastern-syria-2017",
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_all)
    for verb in verbs:
        file, name, example = VERBS[verb]
        what = getattr(importlib.import_module(f"standoff.cli.{file}"), name)
        if isinstance(what, typer.Typer):
            app.add_typer(what, name=verb, epilog=f"Example: {example}")
        else:
            app.command(verb, epilog=f"Example: {example}")(what)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from standoff import __version__

        print(f"standoff {__version__}")
        raise typer.Exit


def _all(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    pass


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (a fault in scenario or data) or 2 (used wrongly)."""
    with orderly(), legible():
        check_arguments(sys.argv[1:])
        asked = [verb for verb in sys.argv[1:2] if verb in VERBS]
        if asked:
            one_store()
        with lasting():
            app = application(asked or VERBS)
        try:
            app(prog_name="standoff")
        finally:
            leave_to_the_system()


if TYPE_CHECKING:
    app: typer.Typer

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:  # Any: as of any module
        if name != "app":
            raise AttributeError(f"module 'standoff.cli.app' has no attribute '{name}'")
        return globals().setdefault("app", application(VERBS))
