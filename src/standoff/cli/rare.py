"""The verb that asks how likely a rare outcome is: rare."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of


def rare(
    name: Name,
    question: Annotated[str, typer.Option(help="The question to estimate.")],
    replicates: Annotated[int, whole(2, "Number of independent estimates; the answer is their mean.")] = 10,
    particles: Annotated[int, whole(2, "Number of runs that each estimate carries at a time.")] = 200,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    into: Into = None,
    quiet: Quiet = False,
) -> None:
    """Estimate how likely a rare outcome is.

    Runs that come close to a yes are continued several times, each with a smaller weight.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, replicates)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = analysis.rare(
                scenario, question, replicates=replicates, particles=particles, seed=seed, progress=tell, **workers
            )
        keep_in(into, "rare.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display())
