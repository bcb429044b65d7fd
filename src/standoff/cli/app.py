"""The verbs of the command line, in the order in which an analyst meets them."""

from __future__ import annotations

import sys

import typer

from standoff.cli import (
    claims,
    deals,
    evidence,
    explanations,
    forecasts,
    machine,
    rare,
    records,
    runs,
    scenarios,
    sensing,
    whatifs,
)
from standoff.cli.output import legible
from standoff.cli.refusals import check_arguments
from standoff.cli.streams import orderly

app = typer.Typer(
    name="standoff",
    help="Turn written analysis of a geopolitical standoff into a model that runs.",
    epilog="Begin with: standoff run eastern-syria-2017",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: loading rich for it would take longer than printing it.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from standoff import __version__

        print(f"standoff {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    pass


app.command("list", epilog="Example: standoff list")(scenarios.list_bundled)
app.command("check", epilog="Example: standoff check my-scenario.yaml --strict")(scenarios.check)
app.command("show", epilog="Example: standoff show eastern-syria-2017 --expanded > explicit.yaml")(scenarios.show)
app.command("schema", epilog="Example: standoff schema > standoff.schema.json")(scenarios.schema)
app.command("run", epilog="Example: standoff run eastern-syria-2017 --runs 2000 --seed 1")(runs.run)
app.command("ask", epilog="Example: standoff ask runs/eastern-syria-2017-v1-seed1 mill-falls")(runs.ask)
app.command("report", epilog="Example: standoff report runs/eastern-syria-2017-v1-seed1 --open")(runs.report)
app.command("compare", epilog="Example: standoff compare eastern-syria-2017 --what 'no heat: heat=0'")(whatifs.compare)
app.command("claims", epilog="Example: standoff claims eastern-syria-2017 --runs 800")(claims.claims)
app.command("sense", epilog="Example: standoff sense eastern-syria-2017 --by paragraph --runs 100")(sensing.sense)
app.command("explain", epilog="Example: standoff explain eastern-syria-2017 --question tanf-crossing --stories 2")(
    explanations.explain
)
app.command("branch", epilog="Example: standoff branch eastern-syria-2017 --run 3 --at 2017-09-01 --change us_will=0")(
    whatifs.branch
)
app.command("rare", epilog="Example: standoff rare eastern-syria-2017 --question missile-at-coalition")(rare.rare)
app.command("deals", epilog="Example: standoff deals runs/eastern-syria-2018-v1-seed1")(deals.deals)
app.command("score", epilog="Example: standoff score --figure reliability.svg")(forecasts.score)
app.command("records", epilog="Example: standoff records eastern-syria-2017 --csv events.csv")(records.records)
app.add_typer(evidence.app, name="evidence", epilog="Example: standoff evidence coverage eastern-syria-2017")
app.command("doctor", epilog="Example: standoff doctor --warm")(machine.doctor)


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (a fault in scenario or data) or 2 (used wrongly)."""
    with orderly(), legible():
        check_arguments(sys.argv[1:])
        app(prog_name="standoff")
