"""The verb that scores the sources' forecasts and the model's: score."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import All, AsJson, Processes, Quiet, Seed
from standoff.cli.whatifs import Teller
from standoff.errors import each_of


def score(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; those of the theatre if none is named.")
    ] = None,
    runs: Annotated[int, whole(1, "Number of runs of each scenario.")] = 2000,
    seed: Seed = 1,
    jobs: Processes = None,
    beside: Annotated[
        str | None,
        typer.Option(metavar="VARIANT", help="Score this variant too, beside the scenarios as written; such as blind."),
    ] = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the reliability diagram.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Score the forecasts of the sources, the model and naive methods.

    Compares each forecast of a source with the model's answer and with what happened.
    """
    with errors_reported(as_json=as_json):
        from standoff import calibration
        from standoff.scenario import bundled, load_to_run

        names = names or list(bundled("theatre"))
        scenarios = each_of(names, load_to_run)
        others = each_of(names, partial(load_to_run, variant=beside)) if beside is not None else []
        with ExitStack() as shown:
            tell = None if as_json or quiet else Teller(shown, runs)
            made = calibration.score_forecasts(
                scenarios, runs=runs, seed=seed, jobs=jobs or processors(), progress=tell, beside=others
            )
        if figure is not None:
            from standoff.report import reliability_diagram

            figure.write_text(reliability_diagram(made.reliability), encoding="utf-8")
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(), everything=everything)
